"""Everybody uses the nearest centre that stands.

Rows of choices are walked from the front: when a centre falls, only those whose zone it was look for their next one,
and only the centres that take them are counted again. Where rows hold the nearest few centres alone, those who run out
(and those who are about to) are asked for again among what still stands, and nobody else.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from typing import Final

import numpy as np

from lifezone.model import Bools, Floats, Ints
from lifezone.zoning.assign import Assigned, Moved, nearest_centre, summed
from lifezone.zoning.choices import Choices

__all__ = ["NearestCourse", "NearestUse", "Refill"]

Refill = Callable[[Ints, Bools], Choices]
"""From i32[n] demand points and bool[C] centres that stand to what these points may choose among, n rows."""

_FEW_LEFT: Final = 2
"""Rows that can fall back on so few centres, all of them weak, are asked for again together with those that ran out."""


class NearestUse:
    """The users of the nearest centre."""

    def __init__(self, choices: Choices, weight: Floats, refill: Refill | None = None) -> None:
        """Take what each point may choose among.

        Args:
            choices: rows ascending by cost.
            weight: f64[P] people.
            refill: gives more choices; needed where rows are cut.
        """
        self._choices = choices
        self._weight = weight
        self._refill = refill
        self._all = nearest_centre(choices, weight)

    def assign(self, alive: Bools) -> Assigned:
        """Return the users of the centres that stand."""
        if alive.all():
            return self._all
        course = self.course()
        course.drop(np.flatnonzero(~alive).astype(np.int32), np.zeros(len(alive), np.bool_))
        return course.now()

    def course(self) -> NearestCourse:
        """Return a course of drops that begins with every centre standing."""
        return NearestCourse(self._choices, self._weight, self._refill, self._all)


class NearestCourse:
    """The users of the nearest centre while centres fall one after another."""

    def __init__(self, choices: Choices, weight: Floats, refill: Refill | None, start: Assigned) -> None:
        """Begin with every centre standing; arguments as those of :class:`NearestUse`, and its answer for all."""
        self._weight, self._refill, self._n = weight, refill, choices.n_centres
        self._centre, self._costs, self._facilities = choices.centre, choices.cost, choices.facility
        self._at, self._end = choices.first[:-1].copy(), choices.first[1:].copy()  # first choice that may still stand
        self._cut = np.zeros(choices.n_points, np.bool_) if choices.cut is None else choices.cut.copy()
        self._alive = np.ones(self._n, np.bool_)
        self._label, self._cost, self._facility = start.label.copy(), start.cost.copy(), start.facility.copy()
        self.users = start.users.copy()
        order = np.argsort(start.label, kind="stable").astype(np.int32)
        ends = np.searchsorted(start.label[order], np.arange(self._n + 1))
        self._members = [order[low:high] for low, high in pairwise(ends.tolist())]

    def now(self) -> Assigned:
        """Return the users of the centres that stand."""
        served = (self._label >= 0).astype(np.float64)
        return Assigned(self._label.copy(), self._cost.copy(), self._facility.copy(), served, self.users.copy())

    def drop(self, centres: Ints, weak: Bools) -> Moved:
        """Let centres fall: their people use the next one.

        Args:
            centres: that fall, all at once.
            weak: bool[C] centres that may fall next.

        Returns:
            Those who had to move.
        """
        self._alive[centres] = False
        rows = np.sort(np.concatenate([self._members[centre] for centre in centres.tolist()]))
        before = self._cost[rows]
        entry = self._next(rows)
        ran_out = rows[entry < 0]
        if self._refill is not None and self._cut[ran_out].any():
            self._fill(ran_out[self._cut[ran_out]], weak)
            entry = self._next(rows)
        found = entry >= 0
        self._label[rows], self._cost[rows], self._facility[rows] = -1, np.inf, -1
        to, entry = rows[found], entry[found]
        self._label[to], self._cost[to] = self._centre[entry], self._costs[entry]
        self._facility[to] = self._facilities[entry]
        self._count(centres, to)
        return Moved(rows, before, self._label[rows], self._cost[rows])

    def _count(self, fallen: Ints, to: Ints) -> None:
        """Count the users of the centres that took people over, in the order of points as a count of all would."""
        for centre in fallen.tolist():
            self._members[centre], self.users[centre] = np.empty(0, np.int32), 0.0
        for centre in np.unique(self._label[to]).tolist():
            joined = np.concatenate([self._members[centre], to[self._label[to] == centre]])
            joined.sort(kind="stable")  # two sorted runs
            self._members[centre] = joined
            self.users[centre] = summed(np.zeros(len(joined), np.intp), self._weight[joined], 1)[0]

    def _next(self, rows: Ints) -> np.ndarray:
        """Return i64[n] the first entry of each row whose centre stands, −1 = none; rows are walked that far."""
        at, end = self._at[rows], self._end[rows]
        walking = np.flatnonzero(at < end)
        while len(walking):
            walking = walking[~self._alive[self._centre[at[walking]]]]
            at[walking] += 1
            walking = walking[at[walking] < end[walking]]
        self._at[rows] = at
        found: np.ndarray = np.where(at < end, at, -1)
        return found

    def _fill(self, ran_out: Ints, weak: Bools) -> None:
        """Ask again for rows that ran out, and for those that will if the weak centres fall."""
        assert self._refill is not None  # callers have looked
        asked = np.union1d(ran_out, self._at_risk(weak)).astype(np.int32)
        more = self._refill(asked, self._alive)
        begin = len(self._centre)
        self._centre = np.concatenate([self._centre, more.centre])
        self._costs = np.concatenate([self._costs, more.cost])
        self._facilities = np.concatenate([self._facilities, more.facility])
        self._at[asked], self._end[asked] = begin + more.first[:-1], begin + more.first[1:]
        self._cut[asked] = False if more.cut is None else more.cut

    def _at_risk(self, weak: Bools) -> Ints:
        """Return cut rows that have few choices left, none of which is sure to stand."""

        def left(counted: Bools) -> np.ndarray:
            so_far = np.append(0, np.cumsum(counted[self._centre]))
            still: np.ndarray = so_far[self._end] - so_far[self._at]
            return still

        sure = left(self._alive & ~weak)
        few: Ints = np.flatnonzero(self._cut & (sure == 0) & (left(self._alive) <= _FEW_LEFT)).astype(np.int32)
        return few
