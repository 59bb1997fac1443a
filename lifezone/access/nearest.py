"""The nearest facility: the trip that most standards judge.

Steps: take the first pair of every row of the travel times (rows ascend by the metric). Where a requirement needs
facilities of *several* kinds, one search per kind is made and the slowest of these trips counts, so that the
requirement is met exactly when every kind is within the bound.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from lifezone.model import Floats, Ints, Metric, TravelTimes
from lifezone.model.arrays import check_length

__all__ = ["NearestTrip", "combine", "kth_nearest", "nearest"]


@dataclass(frozen=True, eq=False)
class NearestTrip:
    """One trip per demand point, to the facility that counts.

    Attributes:
        facility: i32[P] position in the study's Facilities, −1 = none reachable.
        seconds: f64[P] door to door, ``inf`` = none reachable.
        metres: f64[P] along the network, anchor to anchor, ``inf`` likewise.
        access_m: f64[P] the access walks at both ends, ``inf`` likewise.
    """

    facility: Ints
    seconds: Floats
    metres: Floats
    access_m: Floats

    def __post_init__(self) -> None:
        """Check lengths."""
        check_length(
            "nearest trips", len(self.facility), seconds=self.seconds, metres=self.metres, access_m=self.access_m
        )

    @property
    def n_points(self) -> int:
        """Number of demand points P."""
        return len(self.facility)

    @staticmethod
    def none(n_points: int) -> NearestTrip:
        """Return trips of ``n_points`` points none of which reaches anything."""
        far = np.full(n_points, np.inf)
        return NearestTrip(np.full(n_points, -1, dtype=np.int32), far, far.copy(), far.copy())


def nearest(times: TravelTimes) -> NearestTrip:
    """Return the first trip of every row of the travel times."""
    return NearestTrip(*times.nearest())


def kth_nearest(times: TravelTimes, k: int) -> NearestTrip:
    """Return the k-th trip of every row of the travel times; rows with fewer trips reach nothing.

    Args:
        times: rows with the k nearest facilities or more, ascending by the metric.
        k: 1 = the nearest.
    """
    has = np.diff(times.first) >= k
    at = times.first[:-1][has] + k - 1
    trip = NearestTrip.none(times.n_points)
    trip.facility[has] = times.facility[at]
    trip.seconds[has], trip.metres[has], trip.access_m[has] = times.seconds[at], times.metres[at], times.access_m[at]
    return trip


def combine(trips: Sequence[NearestTrip], match: Literal["any", "all"], *, metric: Metric = "time") -> NearestTrip:
    """Make one trip per point out of one per kind.

    Args:
        trips: one per kind, all over the same P points; at least one.
        match: ``all``: the slowest (longest) trip counts and one unreachable kind makes the point unreachable;
            ``any``: the quickest (shortest) counts.
        metric: which column decides: ``time`` the seconds, ``length`` the metres. Ties: the earlier kind.

    Returns:
        The trip that counts, all columns of the same trip.
    """
    keys = np.stack([trip.seconds if metric == "time" else trip.metres for trip in trips])
    chosen = keys.argmax(axis=0) if match == "all" else keys.argmin(axis=0)

    def pick(columns: list[np.ndarray]) -> np.ndarray:
        return np.asarray(np.take_along_axis(np.stack(columns), chosen[None, :], axis=0)[0])

    return NearestTrip(
        pick([trip.facility for trip in trips]),
        pick([trip.seconds for trip in trips]),
        pick([trip.metres for trip in trips]),
        pick([trip.access_m for trip in trips]),
    )
