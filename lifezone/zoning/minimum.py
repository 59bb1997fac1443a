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
from lifezone.zoning.assign import Assigned, summed

__all__ = ["Use", "costs_of", "merge_small"]


class Use(Protocol):
    """A method of assignment: who uses which centre when only some of them stand."""

    def assign(self, alive: Bools) -> Assigned:
        """Return the users of the centres that stand, bool[C]; the answer depends on nothing else."""
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
    alive = np.ones(len(protected), np.bool_)
    now = use.assign(alive)
    steps: list[MergeStep] = []
    while alive.sum() > 1:
        users = now.users * capture
        weak = np.flatnonzero(alive & ~protected & (users < need))
        if not len(weak):
            break
        drop = int(weak[np.argmin(users[weak])])
        alive = alive.copy()
        alive[drop] = False
        then = use.assign(alive)
        steps.append(_step(drop, float(users[drop]), now, then, weight, ids))
        now = then
        tell(1)
    return now, alive, tuple(steps)


def _step(drop: int, users: float, now: Assigned, then: Assigned, weight: Floats, ids: Sequence[str]) -> MergeStep:
    """Return what dropping one centre does to those whose zone it was."""
    rows = np.flatnonzero(now.label == drop)
    to, people = then.label[rows], weight[rows]
    moved = to >= 0
    gained = summed(to[moved], people[moved], len(ids))
    taking = np.unique(to[moved])
    return MergeStep(
        centre=ids[drop],
        users=users,
        points=len(rows),
        people=float(people.sum()),
        added=float((people[moved] * _longer(now.cost[rows[moved]], then.cost[rows[moved]])).sum()),
        outside=float(people[~moved].sum()),
        to=tuple((ids[at], float(gained[at])) for at in taking.tolist()),
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
