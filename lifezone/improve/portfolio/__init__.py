"""From a world and a ``siting: {method: portfolio}`` block to a plan, and to the world with that plan.

    question = ask_portfolio(world, siting, standard)       projects, their effects, travel times → PortfolioProblem
    solved   = answer_portfolio(question)                   chosen and timed
    world', planned = planned_portfolio(question, solved)   audited by joint runs, told project by project

Decided: what a project does is seen by comparing worlds before and after its edits, so any edit can be a project.
Refused: values by the kind of edit. Look again when a project changes how many people there are.
"""

from lifezone.improve.portfolio.answer import (
    UNITS,
    SolvedPortfolio,
    answer_portfolio,
    plan_portfolio,
    planned_portfolio,
    with_saved_projects,
)
from lifezone.improve.portfolio.question import PortfolioDraft, PortfolioQuestion, ask_portfolio, prepare_portfolio

__all__ = [
    "UNITS", "PortfolioDraft", "PortfolioQuestion", "SolvedPortfolio", "answer_portfolio", "ask_portfolio",
    "plan_portfolio", "planned_portfolio", "prepare_portfolio", "with_saved_projects",
]  # fmt: skip
