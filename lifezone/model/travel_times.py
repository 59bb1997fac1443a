"""The waist of lifezone: one sparse matrix of travel times from demand points to facilities of one kind."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Literal

import numpy as np

from lifezone.errors import InputError
from lifezone.model.arrays import Floats, Ints, Longs, check_length

__all__ = ["Metric", "TravelTimes"]

Metric = Literal["time", "length"]


@dataclass(frozen=True, eq=False)
class TravelTimes:
    """Trips between P demand points and facilities, K pairs in rows of demand points.

    Row ``p`` is ``first[p]:first[p+1]``, ascending by the metric (ties: the lower facility position first). A pair
    that is absent was not reached or not asked. All columns describe the same trip: with metric ``time`` the quickest
    door to door, with ``length`` the shortest along the road.

    Attributes:
        first: i64[P+1] row boundaries.
        facility: i32[K] position in the study's Facilities.
        seconds: f64[K] door to door: access walk, network, egress walk and terminal time.
        metres: f64[K] along the network, from anchor to anchor.
        access_m: f64[K] the access walks at both ends together.
        metric: what was minimised, ``time`` or ``length``.
        mode: ``car`` or ``walk``.
    """

    first: Longs
    facility: Ints
    seconds: Floats
    metres: Floats
    access_m: Floats
    metric: Metric
    mode: str

    def __post_init__(self) -> None:
        """Check lengths."""
        check_length(
            "travel times", len(self.facility), seconds=self.seconds, metres=self.metres, access_m=self.access_m
        )
        if len(self.first) < 1 or self.first[-1] != len(self.facility):
            raise InputError("travel times: row boundaries do not fit the pairs")

    @property
    def n_points(self) -> int:
        """Number of demand points P."""
        return len(self.first) - 1

    @property
    def point(self) -> Ints:
        """i32[K] the demand point of each pair."""
        return np.repeat(np.arange(self.n_points, dtype=np.int32), np.diff(self.first))

    @cached_property
    def by_facility(self) -> tuple[Ints, Ints, Longs]:
        """The transpose: pairs sorted by facility, then demand point.

        Returns:
            The demand point of each pair i32[K], its facility i32[K], and the pair's position in this matrix i64[K].
        """
        point = self.point
        order = np.lexsort((point, self.facility)).astype(np.int64)
        return point[order], self.facility[order], order

    def nearest(self) -> tuple[Ints, Floats, Floats, Floats]:
        """Return the first pair of every row: facility (−1 = none), seconds, metres and access metres (``inf``)."""
        has = np.diff(self.first) > 0
        at = self.first[:-1][has]
        facility = np.full(self.n_points, -1, dtype=np.int32)
        facility[has] = self.facility[at]
        columns = []
        for values in (self.seconds, self.metres, self.access_m):
            column = np.full(self.n_points, np.inf)
            column[has] = values[at]
            columns.append(column)
        return facility, columns[0], columns[1], columns[2]
