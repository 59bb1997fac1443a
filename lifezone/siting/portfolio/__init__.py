"""Portfolios: many small projects under a total and a yearly budget, valued over a long horizon.

Decided: whatever a project changes, its worth in a combination is computed and never added up. Facilities are exact
inside the model (the nearest that then stands); every combination of road projects that there may be has travel times
of its own, so that a bridge and the clinic behind it are worth what they are worth together. Objectives are decided one
after the other, each proved before the next. A project that no measure sees counts for its community, never as 0.
Refused: adding up the worth of single projects; a benefit–cost ranking (it is not best where budgets bind by year);
bounds that rest on submodularity (a bridge makes a clinic worth more, not less). Look again when more than some nine
road projects may be combined: their states would have to be made as they are met.
"""

from lifezone.siting.portfolio.audit import Judged, audit_portfolio
from lifezone.siting.portfolio.problem import COUNTS, NEVER, Money, PortfolioProblem, Projects
from lifezone.siting.portfolio.solve import FoundPortfolio, Reached, solve_portfolio
from lifezone.siting.portfolio.value import Block, Frame, Measure

__all__ = [
    "COUNTS", "NEVER", "Block", "FoundPortfolio", "Frame", "Judged", "Measure", "Money", "PortfolioProblem", "Projects",
    "Reached", "audit_portfolio", "solve_portfolio",
]  # fmt: skip
