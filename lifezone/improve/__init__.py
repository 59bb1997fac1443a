"""From a world and a ``siting:`` block to a plan, and to the world with that plan.

question = ask(world, siting, …)    candidates, travel times, people → Problem
plan     = answer(question)         solver → Plan, audited
later    = later_years(question, …) the same question with the people of other years
world'   = with_plan(question)      the plan's sites open (closed); candidates not chosen are left out again
"""

from lifezone.improve.later import later_years
from lifezone.improve.plans import answer, planned, with_plan, with_saved
from lifezone.improve.question import Question, ask

__all__ = ["Question", "answer", "ask", "later_years", "planned", "with_plan", "with_saved"]
