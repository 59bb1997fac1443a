"""A portfolio question as numbers: projects, money, and the measures that a plan is valued by."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

import numpy as np

from lifezone.errors import InputError
from lifezone.model import Bools, Floats, Longs
from lifezone.siting.portfolio.value import Measure

__all__ = ["COUNTS", "NEVER", "Money", "PortfolioProblem", "Projects"]

COUNTS: Final = ("communities", "projects")
"""Objectives that count what is chosen, without any measure of access."""
NEVER: Final = -1
"""Start of a project that is not carried out."""


@dataclass(frozen=True, eq=False)
class Projects:
    """n projects; years are counted from 0, the first year of the plan.

    Attributes:
        ids: n ids.
        costs: per project the won of each year of building; as many entries as it takes years.
        running: f64[n] won of every year in operation.
        earliest: i64[n] first year in which it may begin.
        villages: per project the positions of the communities it serves.
        n_villages: communities in all.
        requires: (later, earlier): the earlier one is finished before the later one begins.
        apart: sets of projects that are not all carried out.
        must: projects that are carried out in any case.
    """

    ids: tuple[str, ...]
    costs: tuple[tuple[float, ...], ...]
    running: Floats
    earliest: Longs
    villages: tuple[tuple[int, ...], ...]
    n_villages: int
    requires: tuple[tuple[int, int], ...] = ()
    apart: tuple[tuple[int, ...], ...] = ()
    must: tuple[int, ...] = ()

    @property
    def n(self) -> int:
        """Number of projects."""
        return len(self.ids)

    @property
    def years(self) -> Longs:
        """i64[n] years of building."""
        return np.array([len(cost) for cost in self.costs], np.int64)


@dataclass(frozen=True, eq=False)
class Money:
    """What may be spent.

    Attributes:
        total: won in all.
        yearly: f64[T] won of each year of the plan.
        carry_over: what a year leaves may be spent later.
        pays_running: running costs within the plan's years are paid from it.
    """

    total: float
    yearly: Floats
    carry_over: bool = True
    pays_running: bool = True


@dataclass(frozen=True, eq=False)
class PortfolioProblem:
    """Which projects, begun in which year.

    Attributes:
        projects: the projects.
        money: total and yearly budget; its length is the number of years T.
        measures: name → measure of access, for every objective that is one.
        objective: names of measures and :data:`COUNTS`, first to last.
        per_village: projects that one community gets at most.
        give_up: share of each objective that may be given up for later ones.
    """

    projects: Projects
    money: Money
    measures: Mapping[str, Measure]
    objective: tuple[str, ...]
    per_village: int | None = None
    give_up: float = 0.0
    village_names: Sequence[str] = field(default=(), repr=False)

    def __post_init__(self) -> None:
        """Check what the solver trusts."""
        unknown = [name for name in self.objective if name not in self.measures and name not in COUNTS]
        if unknown or not self.objective:
            raise InputError(f"portfolio: there is no measure for {', '.join(unknown) or 'an empty objective'}")

    @property
    def n_years(self) -> int:
        """Years of the plan T."""
        return len(self.money.yearly)

    def latest(self, project: int) -> int:
        """Return the last year in which a project may begin so that it is finished in the plan's years."""
        return self.n_years - len(self.projects.costs[project])

    def operating(self, start: Longs, year: int) -> Bools:
        """Return bool[n] the projects in operation in a year (0 = the first of the plan)."""
        return np.asarray((start >= 0) & (start + self.projects.years <= year))

    def spending(self, start: Longs) -> tuple[Floats, Floats]:
        """Return f64[T] won for building, and f64[T] won for running, of each year of the plan."""
        building, running = np.zeros(self.n_years), np.zeros(self.n_years)
        for p in np.flatnonzero(start >= 0).tolist():
            begin, costs = int(start[p]), self.projects.costs[p]
            building[begin : begin + len(costs)] += costs
            running[begin + len(costs) :] += self.projects.running[p]
        return building, running

    def served(self, start: Longs) -> tuple[int, ...]:
        """Return the communities that a plan serves, ascending."""
        chosen = np.flatnonzero(start >= 0).tolist()
        return tuple(sorted({village for p in chosen for village in self.projects.villages[p]}))

    def goal(self, name: str, start: Longs) -> float:
        """Return the value of a plan by one objective."""
        if name == "communities":
            return float(len(self.served(start)))
        if name == "projects":
            return float((start >= 0).sum())
        measure = self.measures[name]
        at = [self.operating(start, year) for year in range(1, self.n_years + 1)]
        return float(sum(measure.gain(operating, period) for period, operating in enumerate(at)))
