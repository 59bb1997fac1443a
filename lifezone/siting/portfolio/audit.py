"""The auditor of portfolios: rules counted again project by project, and gains taken from joint runs of the engine.

It shares no code with the solver but the types of the question. What a combination of projects is worth is told to it
by ``judge``, which applies all their edits together and judges that world as every variant is judged.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np

from lifezone.model import Claim, Floats, Longs
from lifezone.siting.portfolio.problem import PortfolioProblem
from lifezone.siting.portfolio.solve import Reached

__all__ = ["Judged", "audit_portfolio"]

_CLOSE: Final = 1e-6
"""Relative difference of two sums of the same trips in another order."""
_WON: Final = 0.5
"""Won by which a sum may differ."""

Judged = Callable[[tuple[int, ...]], Mapping[str, Floats]]
"""From the projects in operation to what they are worth in a year by each measure, f64[A] by known years of people."""


@dataclass(frozen=True)
class _Plan:
    """A plan as the auditor sees it: project → first year."""

    begins: Mapping[int, int]
    ends: Mapping[int, int]

    def at_work(self, year: int) -> tuple[int, ...]:
        return tuple(p for p in sorted(self.begins) if self.ends[p] <= year)


def audit_portfolio(
    problem: PortfolioProblem, start: Longs, reached: tuple[Reached, ...], judge: Judged
) -> tuple[Claim, ...]:
    """Check a plan.

    Args:
        problem: the question.
        start: i64[n] first years of building, −1 = not carried out.
        reached: what the plan says of each objective.
        judge: tells what projects are worth together, by the engine.

    Returns:
        Claims; all ``ok`` when the plan is what it says.
    """
    begins = {p: s for p, s in enumerate(start.tolist()) if s >= 0}
    plan = _Plan(begins, {p: s + len(problem.projects.costs[p]) for p, s in begins.items()})
    return (*_rules(problem, plan), *_money(problem, plan), *_goals(problem, plan, reached, judge))


def _rules(problem: PortfolioProblem, plan: _Plan) -> list[Claim]:
    """Check years, prerequisites, exclusions and communities."""
    projects, begins = problem.projects, plan.begins
    early = sum(s < projects.earliest[p] for p, s in begins.items())
    late = sum(end > problem.n_years for end in plan.ends.values())
    unready = sum(
        later in begins and (earlier not in begins or plan.ends[earlier] > begins[later])
        for later, earlier in projects.requires
    )
    clashes = sum(all(p in begins for p in together) for together in projects.apart)
    missing = sum(p not in begins for p in projects.must)
    claims = [
        _none("projects begun before they may", early),
        _none("projects not finished in the plan's years", late),
        _none("projects begun before what they require is finished", unready),
        _none("projects that do not go together", clashes),
        _none("projects that must be carried out and are not", missing),
    ]
    if problem.per_village is not None:
        most = max(
            (sum(village in projects.villages[p] for p in begins) for village in range(projects.n_villages)), default=0
        )
        claims.append(
            Claim(
                "projects of one community", float(problem.per_village), float(most), bool(most <= problem.per_village)
            )
        )
    return claims


def _money(problem: PortfolioProblem, plan: _Plan) -> list[Claim]:
    """Check the total and every year."""
    money, projects = problem.money, problem.projects
    spent = [0.0] * problem.n_years
    for p, s in plan.begins.items():
        for year in range(problem.n_years):
            if s <= year < plan.ends[p]:
                spent[year] += projects.costs[p][year - s]
            elif year >= plan.ends[p] and money.pays_running:
                spent[year] += float(projects.running[p])
    total = sum(spent)
    claims = [Claim("money of all years", money.total, total, bool(total <= money.total + _WON))]
    left = 0.0
    for year, amount in enumerate(spent):
        may = float(money.yearly[year]) + (left if money.carry_over else 0.0)
        claims.append(Claim(f"money of year {year + 1}", may, amount, bool(amount <= may + _WON)))
        left = may - amount
    return claims


def _goals(problem: PortfolioProblem, plan: _Plan, reached: tuple[Reached, ...], judge: Judged) -> list[Claim]:
    """Check every objective, and that its bound is on the right side."""
    claims = []
    for one in reached:
        if one.name == "projects":
            value = float(len(plan.begins))
        elif one.name == "communities":
            value = float(len({village for p in plan.begins for village in problem.projects.villages[p]}))
        else:
            value = _joint(problem, plan, one.name, judge)
        near = abs(value - one.value) <= _CLOSE * max(1.0, abs(value))
        claims.append(Claim(f"{one.name}, all projects of each year judged together", one.value, value, bool(near)))
        above = one.bound >= one.value - _CLOSE * max(1.0, abs(one.value))
        claims.append(Claim(f"{one.name}: bound is no worse than the value", one.bound, one.value, bool(above)))
    return claims


def _joint(problem: PortfolioProblem, plan: _Plan, name: str, judge: Judged) -> float:
    """Return the discounted value by one measure from joint runs of the projects of each year."""
    period = problem.measures[name].frame.period
    total = 0.0
    for year in range(1, problem.n_years + 1):
        gains = judge(plan.at_work(year))[name]
        for known, weight in enumerate(np.asarray(period)[:, year - 1].tolist()):
            total += weight * float(gains[known])
    return total


def _none(what: str, found: int) -> Claim:
    """Return a claim that there is nothing of a kind."""
    return Claim(what, 0.0, float(found), bool(found == 0))
