"""Everybody uses the nearest centre that stands.

Rows of choices are walked from the front: when a centre falls, only those whose zone it was look for their next one.
Where rows hold the nearest few centres alone and one runs out, all rows are asked for again among what still stands.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from lifezone.model import Bools, Floats, Ints
from lifezone.zoning.assign import Assigned, nearest_centre, summed
from lifezone.zoning.choices import Choices

__all__ = ["NearestUse"]


class NearestUse:
    """The users of the nearest centre; keeps its last answer, from which the next one is found."""

    def __init__(self, choices: Choices, weight: Floats, refill: Callable[[Bools], Choices] | None = None) -> None:
        """Take what each point may choose among.

        Args:
            choices: rows ascending by cost.
            weight: f64[P] people.
            refill: gives the choices among bool[C] centres; needed where rows are cut.
        """
        self._choices = choices
        self._weight = weight
        self._refill = refill
        self._alive = np.ones(choices.n_centres, np.bool_)
        self._now = nearest_centre(choices, weight)

    def assign(self, alive: Bools) -> Assigned:
        """Return the users of the centres that stand."""
        if np.any(alive & ~self._alive):  # a centre stands again: from the start
            self._now, self._alive = nearest_centre(self._choices, self._weight, alive), alive
            return self._now
        fallen = np.flatnonzero(self._alive & ~alive)
        self._alive = alive
        if len(fallen):
            self._now = self._without(np.flatnonzero(np.isin(self._now.label, fallen)).astype(np.int32))
        return self._now

    def _without(self, rows: Ints) -> Assigned:
        """Return the users when the people of some rows look for another centre."""
        label, cost, facility = self._now.label.copy(), self._now.cost.copy(), self._now.facility.copy()
        entry, ran_out = self._next(rows)
        cut = self._choices.cut
        if cut is not None and self._refill is not None and cut[ran_out].any():
            self._choices = self._refill(self._alive)
            entry, ran_out = self._next(rows)
        found = entry >= 0
        label[rows], cost[rows], facility[rows] = -1, np.inf, -1
        rows, entry = rows[found], entry[found]
        label[rows], cost[rows] = self._choices.centre[entry], self._choices.cost[entry]
        facility[rows] = self._choices.facility[entry]
        served = label >= 0
        users = summed(label[served], self._weight[served], self._choices.n_centres)
        return Assigned(label, cost, facility, served.astype(np.float64), users)

    def _next(self, rows: Ints) -> tuple[np.ndarray, Ints]:
        """Return the first entry of each row whose centre stands, −1 = none, and the rows that have none."""
        first, centre = self._choices.first, self._choices.centre
        at, end = first[rows].copy(), first[rows + 1]
        open_rows = np.flatnonzero(at < end)
        while len(open_rows):
            open_rows = open_rows[~self._alive[centre[at[open_rows]]]]
            at[open_rows] += 1
            open_rows = open_rows[at[open_rows] < end[open_rows]]
        at = np.where(at < end, at, -1)
        return at, rows[at < 0]
