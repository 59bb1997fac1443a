"""Which centres each demand point may choose among, the nearest first."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from lifezone.model import Floats, Ints, Longs, TravelTimes
from lifezone.model.arrays import check_length
from lifezone.zoning.centres import Centres

__all__ = ["Choices", "choices_of"]


@dataclass(frozen=True, eq=False)
class Choices:
    """Trips from P demand points to C centres, K pairs in rows of demand points; every centre at most once a row.

    Attributes:
        first: i64[P+1] row boundaries.
        centre: i32[K] ascending by cost in each row, ties the lower centre.
        cost: f64[K] seconds or metres.
        n_centres: C.
        whole: whether rows hold every centre within the reach; else only the nearest ones.
    """

    first: Longs
    centre: Ints
    cost: Floats
    n_centres: int
    whole: bool = True

    def __post_init__(self) -> None:
        """Check lengths."""
        check_length("choices", int(self.first[-1]), centre=self.centre, cost=self.cost)

    @property
    def n_points(self) -> int:
        """Number of demand points P."""
        return len(self.first) - 1

    @property
    def row(self) -> Ints:
        """i32[K] demand point of each pair."""
        return np.repeat(np.arange(self.n_points, dtype=np.int32), np.diff(self.first))


def choices_of(times: TravelTimes, centres: Centres, reach: float, *, whole: bool = True) -> Choices:
    """Return what each point may choose among: for each centre the trip to the nearest of its facilities.

    Args:
        times: trips to the centres' facilities; rows in any order.
        centres: the centres.
        reach: farthest cost in the times' own metric, inclusive.
        whole: whether the times hold every trip within the reach.
    """
    number = np.full(int(centres.facility.max(initial=-1)) + 1, -1, np.int32)
    number[centres.facility] = centres.of
    cost = np.asarray(times.seconds if times.metric == "time" else times.metres, np.float64)
    row = np.repeat(np.arange(times.n_points), np.diff(times.first))
    near = np.flatnonzero(cost <= reach)
    row, centre, cost = row[near], number[times.facility[near]], cost[near]
    order = np.lexsort((cost, centre, row))
    row, centre, cost = row[order], centre[order], cost[order]
    again = np.zeros(len(row), np.bool_)
    again[1:] = (row[1:] == row[:-1]) & (centre[1:] == centre[:-1])
    row, centre, cost = row[~again], centre[~again], cost[~again]
    order = np.lexsort((centre, cost, row))
    first = np.zeros(times.n_points + 1, np.int64)
    np.cumsum(np.bincount(row, minlength=times.n_points), out=first[1:])
    return Choices(first, centre[order], cost[order], centres.n_centres, whole)
