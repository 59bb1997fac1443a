"""From a world and a ``siting:`` block to a plan, and to the world with that plan.

draft    = prepare(world, siting)   whom and what it is about; every fault that needs no travel time
question = ask(world, siting, …)    candidates, travel times, people → Problem
plan     = answer(question)         solver → Plan, audited
later    = later_years(question, …) the same question with the people of other years
world'   = with_plan(question)      the plan's sites open (closed); candidates not chosen are left out again

Decided: several kinds are one problem, a row for each demand point and kind, a site for each place and kind, pairs only
within a kind; what joins them are the number of sites, the money and the building they share. People of all groups are
summed with their weights; rules for a group (``cover``) stand beside the sum. Who must keep what they have is told in
travel costs (``must_reach``), so that a closure's harm and an equity rule are one thing. Public land and buildings come
before other known places, and these before mere points on the map: sites are in that order, and among plans that are
proved to be equally good the one with the lowest sum of ranks is taken (covers, medians, centres: ``siting.ranked``),
or the plan says that this was not settled. Robust plans and samples are not told apart so.
Refused: candidates whose travel time is guessed from a straight line; an exclusion that no file backs.
"""

from lifezone.improve.later import later_years
from lifezone.improve.plans import answer, planned, with_plan, with_saved
from lifezone.improve.portfolio import (
    PortfolioDraft,
    answer_portfolio,
    ask_portfolio,
    plan_portfolio,
    planned_portfolio,
    prepare_portfolio,
    with_saved_projects,
)
from lifezone.improve.question import Draft, Question, ask, prepare
from lifezone.improve.robust import answer_robustly

__all__ = [
    "Draft", "PortfolioDraft", "Question", "answer", "answer_portfolio", "answer_robustly", "ask", "ask_portfolio",
    "later_years",
    "plan_portfolio", "planned", "planned_portfolio", "prepare", "prepare_portfolio", "with_plan", "with_saved",
    "with_saved_projects",
]  # fmt: skip
