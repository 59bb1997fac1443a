"""What a variant opens, closes, moves or widens, and what that costs as far as anybody told.

Costs come from the tables of facilities and candidates, from the keys of a siting question (``cost``, ``close_cost``,
``yearly_cost``) and from the projects of a portfolio. What nobody told is counted, never taken as nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal

import numpy as np

from lifezone.model import Facilities
from lifezone.report.material import Material

__all__ = ["Spending", "Step", "question_of", "spending_of"]

Change = Literal["opened", "closed", "moved", "resized"]
_SAME_PLACE_M: Final = 1.0


@dataclass(frozen=True)
class Step:
    """One facility that a variant changes.

    Attributes:
        id: of the facility.
        kind: its kind.
        change: what happens to it.
        once_won: what that costs once, None where nobody told.
        yearly_won: what is added to (or saved from, negative) the costs of every year, None likewise.
    """

    id: str
    kind: str
    change: Change
    once_won: float | None
    yearly_won: float | None


@dataclass(frozen=True)
class Spending:
    """All changes of a variant with their costs.

    Attributes:
        steps: facilities opened, closed, moved and resized, in that order.
        projects_won: of a portfolio: what building all its projects costs; None = it is none.
        running_won: of a portfolio: running costs of a year once everything is open.
        goal_won: what the plan says that it costs, where cost was one of its goals.
    """

    steps: tuple[Step, ...]
    projects_won: float | None = None
    running_won: float | None = None
    goal_won: float | None = None

    @property
    def once_won(self) -> float | None:
        """All that is told of what is paid once; None where nothing is."""
        if self.projects_won is not None:
            return self.projects_won
        if self.goal_won is not None:
            return self.goal_won
        return _sum(step.once_won for step in self.steps)

    @property
    def yearly_won(self) -> float | None:
        """All that is told of what is paid every year; None where nothing is."""
        return self.running_won if self.projects_won is not None else _sum(step.yearly_won for step in self.steps)

    @property
    def untold(self) -> int:
        """Facilities opened or closed whose cost nobody told."""
        if self.projects_won is not None or self.goal_won is not None:
            return 0
        return sum(step.once_won is None for step in self.steps if step.change in ("opened", "closed"))

    @property
    def is_whole(self) -> bool:
        """Whether the cost of everything that changes is told, so that it can be divided by people."""
        return self.once_won is not None and not self.untold and not self._open_ended

    @property
    def _open_ended(self) -> bool:
        paid = self.projects_won is not None or self.goal_won is not None
        return not paid and any(step.change in ("moved", "resized") and step.once_won is None for step in self.steps)


def spending_of(material: Material, variant: str) -> Spending:
    """Return what a variant changes and costs, against the first variant of the run."""
    plan = material.plan(variant)
    question = question_of(material, variant)
    steps = _steps(material, variant, question)
    if plan is not None and "projects" in plan:
        chosen = [one for one in plan["projects"] if one["chosen"]]
        building = sum(sum(one["costs"]) for one in chosen)
        return Spending(steps, float(building), float(sum(one["running"] for one in chosen)))
    goal = None if plan is None else (plan.get("goals") or {}).get("cost")
    return Spending(steps, goal_won=goal)


def question_of(material: Material, variant: str) -> Mapping[str, Any]:
    """Return what the scenario asks of a variant's siting, empty where it asks nothing."""
    for one in material.scenario.get("variants") or ():
        if one.get("name") == variant and isinstance(one.get("siting"), dict):
            found: Mapping[str, Any] = one["siting"]
            return found
    return {}


def _steps(material: Material, variant: str, question: Mapping[str, Any]) -> tuple[Step, ...]:
    """Compare the facilities of two variants."""
    before = material.variant(material.baseline).world.facilities
    after = material.variant(variant).world.facilities
    old = {str(key): at for at, key in enumerate(before.ids.tolist())}
    new = {str(key): at for at, key in enumerate(after.ids.tolist())}
    was_open = {key for key, at in old.items() if before.open[at]}
    is_open = {key for key, at in new.items() if after.open[at]}
    opened, closed, kept = is_open - was_open, was_open - is_open, was_open & is_open
    told = _plan_costs(material, variant)
    steps = [
        Step(key, _kind(after, new[key]), "opened", told.get(key, _cost(after.cost, after, new[key], question, "cost")),
             _cost(after.told("yearly_cost"), after, new[key], question, "yearly_cost"))
        for key in new if key in opened
    ]  # fmt: skip
    for key in (key for key in old if key in closed):
        yearly = _cost(before.told("yearly_cost"), before, old[key], question, "yearly_cost")
        once = _cost(before.told("close_cost"), before, old[key], question, "close_cost")
        steps.append(Step(key, _kind(before, old[key]), "closed", once, None if yearly is None else -yearly))
    stay = [(key, old[key], new[key]) for key in old if key in kept]
    steps += [Step(key, _kind(after, to), "moved", None, 0.0) for key, at, to in stay if _moved(before, after, at, to)]
    steps += [Step(key, _kind(after, to), "resized", None, None) for key, at, to in stay
              if _resized(float(before.capacity[at]), float(after.capacity[to]))]  # fmt: skip
    return tuple(steps)


def _plan_costs(material: Material, variant: str) -> dict[str, float]:
    """Return what opening costs as the plan reckoned it."""
    plan = material.plan(variant) or {}
    return {
        site["id"]: float(site["cost"])
        for site in plan.get("sites", ()) if site["state"] == "opened" and site["cost"] is not None
    }  # fmt: skip


def _cost(column: np.ndarray, supply: Facilities, at: int, question: Mapping[str, Any], key: str) -> float | None:
    """Return a cost: the facility's own, else the question's for its kind, else None."""
    own = float(column[at])
    if np.isfinite(own):
        return own
    given = question.get(key)
    value = given.get(_kind(supply, at)) if isinstance(given, Mapping) else given
    return None if value is None else float(value)


def _kind(supply: Facilities, at: int) -> str:
    return supply.kinds[int(supply.kind[at])]


def _moved(before: Facilities, after: Facilities, at: int, to: int) -> bool:
    return bool(np.hypot(before.x_m[at] - after.x_m[to], before.y_m[at] - after.y_m[to]) > _SAME_PLACE_M)


def _resized(before: float, after: float) -> bool:
    return not (before == after or (np.isnan(before) and np.isnan(after)))


def _sum(values: Any) -> float | None:
    """Return the sum of what is told; None where nothing is."""
    told = [value for value in values if value is not None]
    return float(sum(told)) if told else None
