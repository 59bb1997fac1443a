"""Which centres each demand point may choose among, the nearest first."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from lifezone.model import Bools, Floats, Ints, Longs, TravelTimes
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
        facility: i32[K] position in the study's Facilities of the centre's nearest one.
        n_centres: C.
        cut: bool[P] rows that may lack centres within the reach, since only the nearest were looked for; None = no row.
    """

    first: Longs
    centre: Ints
    cost: Floats
    facility: Ints
    n_centres: int
    cut: Bools | None = None

    def __post_init__(self) -> None:
        """Check lengths."""
        check_length("choices", int(self.first[-1]), centre=self.centre, cost=self.cost, facility=self.facility)

    @property
    def n_points(self) -> int:
        """Number of demand points P."""
        return len(self.first) - 1

    @property
    def row(self) -> Ints:
        """i32[K] demand point of each pair."""
        return np.repeat(np.arange(self.n_points, dtype=np.int32), np.diff(self.first))


def choices_of(times: TravelTimes, centres: Centres, reach: float, *, most: int | None = None) -> Choices:
    """Return what each point may choose among: for each centre the trip to the nearest of its facilities.

    Args:
        times: trips to the centres' facilities; rows in any order.
        centres: the centres.
        reach: farthest cost in the times' own metric, inclusive.
        most: nearest facilities that were looked for; None = all within the reach.
    """
    number = np.full(int(centres.facility.max(initial=-1)) + 1, -1, np.int32)
    number[centres.facility] = centres.of
    cost = np.asarray(times.seconds if times.metric == "time" else times.metres, np.float64)
    row = times.point
    near = np.flatnonzero(cost <= reach)
    cut = None if most is None else np.bincount(row[near], minlength=times.n_points) >= most
    row, facility, cost = row[near], times.facility[near], cost[near]
    by_id = np.zeros(len(number), np.int32)  # rank of each facility in the order of ids
    by_id[centres.facility] = np.arange(len(centres.facility), dtype=np.int32)
    centre = number[facility]
    order = np.lexsort((by_id[facility], cost, centre, row))
    again = np.zeros(len(row), np.bool_)
    again[1:] = (row[order][1:] == row[order][:-1]) & (centre[order][1:] == centre[order][:-1])
    kept = order[~again]
    order = kept[np.lexsort((centre[kept], cost[kept], row[kept]))]
    row = row[order]
    first = np.zeros(times.n_points + 1, np.int64)
    np.cumsum(np.bincount(row, minlength=times.n_points), out=first[1:])
    return Choices(first, centre[order], cost[order], facility[order], centres.n_centres, cut)
