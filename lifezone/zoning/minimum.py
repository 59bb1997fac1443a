"""Life zones with a minimum population (DEFINITIONS D9).

1. every point goes to its nearest centre in reach, or by the method's own rule
2. U_j = Σ people × capture of those who use centre j
3. while an unprotected U_j < N stands: drop the one with the least U_j / N (ties: the lowest id); its people use
   another centre in reach, else none. The last centre is never dropped.
4. every drop is told: the reason, who moves where, the time it costs, who reaches nothing any more
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Protocol

import numpy as np

from lifezone.model import Bools, Demand, Floats, Ints, MergeCost, MergeStep
from lifezone.zoning.assign import Assigned, Moved, summed
from lifezone.zoning.nearest import NearestUse

__all__ = ["Use", "costs_of", "merge_small"]


class Use(Protocol):
    """A method of assignment: who uses which centre when only some of them stand."""

    def assign(self, alive: Bools) -> Assigned:
        """Return the users of the centres that stand, bool[C]; the answer depends on nothing else."""
        ...


class Course(Protocol):
    """Who uses which centre while centres fall one after another."""

    @property
    def users(self) -> Floats:
        """f64[C] people who use each centre, before capture."""
        ...

    def drop(self, centres: Ints, weak: Bools) -> Moved:
        """Let centres fall; ``weak`` bool[C] may fall next. Returns those whose zone they were."""
        ...

    def now(self) -> Assigned:
        """Return the users of the centres that stand."""
        ...


def merge_small(
    use: Use, need: float, protected: Bools, weight: Floats, capture: float, ids: Sequence[str],
    tell: Callable[[float], None] = lambda _done: None,
) -> tuple[Assigned, Bools, tuple[MergeStep, ...]]:  # fmt: skip
    """Drop centres that too few people use, one at a time, the weakest first.

    Args:
        use: who uses which centre.
        need: N, the least number of users.
        protected: bool[C] centres that stay whatever their users.
        weight: f64[P] people.
        capture: share of them who use what is near.
        ids: C ids.
        tell: called with 1 for each centre dropped.

    Returns:
        The users at the end, bool[C] the centres that stand, and the drops in their order.
    """
    course: Course = use.course() if isinstance(use, NearestUse) else _Anew(use, len(protected))
    alive = np.ones(len(protected), np.bool_)
    steps: list[MergeStep] = []
    while alive.sum() > 1:
        users = course.users * capture
        weak = alive & ~protected & (users < need)
        if not weak.any():
            break
        drop = int(np.argmin(np.where(weak, users, np.inf)))
        alive[drop] = False
        moved = course.drop(np.array([drop], np.int32), weak)
        steps.append(_step(drop, float(users[drop]), moved, weight, ids))
        tell(1)
    return course.now(), alive, tuple(steps)


class _Anew:
    """A course of drops by a method that assigns everybody anew after each of them."""

    def __init__(self, use: Use, n_centres: int) -> None:
        self._use = use
        self._alive = np.ones(n_centres, np.bool_)
        self._now = use.assign(self._alive)

    @property
    def users(self) -> Floats:
        return self._now.users

    def drop(self, centres: Ints, weak: Bools) -> Moved:  # noqa: ARG002  (everybody is assigned again in any case)
        before, self._alive = self._now, self._alive.copy()
        self._alive[centres] = False
        self._now = self._use.assign(self._alive)
        rows = np.flatnonzero(np.isin(before.label, centres)).astype(np.int32)
        return Moved(rows, before.cost[rows], self._now.label[rows], self._now.cost[rows])

    def now(self) -> Assigned:
        return self._now


def _step(drop: int, users: float, moved: Moved, weight: Floats, ids: Sequence[str]) -> MergeStep:
    """Return what dropping one centre does to those whose zone it was."""
    people, finds = weight[moved.rows], moved.to >= 0
    gained = summed(moved.to[finds], people[finds], len(ids))
    return MergeStep(
        centre=ids[drop],
        users=users,
        points=len(moved.rows),
        people=float(people.sum()),
        added=float((people[finds] * _longer(moved.before[finds], moved.cost[finds])).sum()),
        outside=float(people[~finds].sum()),
        to=tuple((ids[at], float(gained[at])) for at in np.unique(moved.to[finds]).tolist()),
    )


def costs_of(before: Assigned, after: Assigned, demand: Demand, n_districts: int) -> tuple[MergeCost, ...]:
    """Return what all drops together cost whom: every group in every district, −1 = the whole study area.

    Args:
        before: users when every centre stands.
        after: users at the end.
        demand: the people, by group and district.
        n_districts: number of the study's districts.
    """
    changed = np.flatnonzero((before.label != after.label) & demand.inside)
    unit, lost = demand.district[changed], after.label[changed] < 0
    more = _longer(before.cost[changed], after.cost[changed])
    found: list[MergeCost] = []
    for group in demand.groups:
        people = demand.of(group)[changed]
        columns = [_by_unit(unit, values, n_districts) for values in (people * ~lost, people * more, people * lost)]
        for at in (-1, *np.unique(unit).tolist()):
            moved, added, outside = (float(column[at]) for column in columns)
            found.append(MergeCost(at, group, moved, added, outside))
    return tuple(found)


def _longer(before: Floats, after: Floats) -> Floats:
    """Return how much longer trips become; 0 where one of both is not known or not possible."""
    known = np.isfinite(before) & np.isfinite(after)
    return np.subtract(after, before, out=np.zeros(len(before)), where=known)


def _by_unit(unit: Ints, values: Floats, n: int) -> Floats:
    """Return f64[n + 1] sums by district, the sum of all at the end."""
    each = summed(unit, values, n)
    sums: Floats = np.append(each, values.sum())
    return sums
