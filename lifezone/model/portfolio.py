"""A portfolio of small projects: which are carried out, when, what each is worth, and what every year brings."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

__all__ = ["Goal", "PortfolioPlan", "ProjectUse", "YearUse"]


@dataclass(frozen=True)
class Goal:
    """One objective and how good the plan is in it.

    Attributes:
        name: e.g. ``person_minutes``.
        unit: what it counts.
        value: of the plan.
        bound: no plan that keeps the rules, and what the objectives before it reached, has more.
        proved: whether value and bound are the same.
    """

    name: str
    unit: str
    value: float
    bound: float
    proved: bool


@dataclass(frozen=True)
class ProjectUse:
    """One project, chosen or not.

    Attributes:
        id: the project.
        name: its name, may be empty.
        villages: communities it serves.
        chosen: whether it is carried out.
        start: year in which building begins, None = not chosen.
        opens: first year in operation, None = not chosen.
        costs: won of each year of building.
        running: won of each year in operation.
        measured: False = no measure sees what it changes: its values are not known, never 0.
        alone: measure → what it would be worth as the only one, beside what it requires, in its years; for a project
            that was not chosen, begun as early as it may. Empty where not measured.
        marginal: measure → what the plan would lose without it (and what requires it); empty where not measured or
            not chosen.
    """

    id: str
    name: str
    villages: tuple[str, ...]
    chosen: bool
    start: int | None
    opens: int | None
    costs: tuple[float, ...]
    running: float
    measured: bool
    alone: Mapping[str, float] = field(default_factory=dict)
    marginal: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True)
class YearUse:
    """One year of the horizon.

    Attributes:
        year: the year.
        building: won spent on building.
        running: won for projects in operation.
        budget: won that may be spent in it, with what is carried over; None after the plan's years.
        spent: won of it that were spent from the budget.
        in_operation: projects in operation.
        values: measure → benefit of this year, not discounted: person-minutes saved, people lifted, people covered.
        discounted: measure → the same, discounted to the first year.
    """

    year: int
    building: float
    running: float
    budget: float | None
    spent: float
    in_operation: int
    values: Mapping[str, float]
    discounted: Mapping[str, float]


@dataclass(frozen=True)
class PortfolioPlan:
    """The plan of a portfolio.

    Attributes:
        projects: all projects, in the planner's order.
        years: every year of the horizon.
        goals: the objectives, first to last.
        totals: measure → discounted value of the plan over the horizon.
        communities: communities served by the projects chosen, in the planner's order.
        budget: won in all.
        discount: rate a year.
        plan_years: how many of the years belong to the plan.
    """

    projects: tuple[ProjectUse, ...]
    years: tuple[YearUse, ...]
    goals: tuple[Goal, ...]
    totals: Mapping[str, float]
    communities: tuple[str, ...]
    budget: float
    discount: float
    plan_years: int

    @property
    def chosen(self) -> tuple[ProjectUse, ...]:
        """The projects that are carried out."""
        return tuple(one for one in self.projects if one.chosen)
