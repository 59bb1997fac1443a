"""Ready-made travel times: pairs of ids with seconds, as somebody else computed or measured them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from lifezone.model.arrays import Bools, Floats, Ints, Longs, check_length
from lifezone.model.demand import Demand
from lifezone.model.facilities import Facilities
from lifezone.model.travel_times import Metric, TravelTimes

__all__ = ["GivenTimes"]


@dataclass(frozen=True, eq=False)
class GivenTimes:
    """K trips between points and places that are known by their ids, used in place of routing.

    Ids and not positions, since an edit may reorder or add people and facilities: what a pair speaks of is found
    again in every world by :meth:`between`.

    Attributes:
        point_ids: ids of demand points, each once.
        place_ids: ids of places (``Facilities.place_ids``), each once; several facilities may stand at one place.
        point: i32[K] position in ``point_ids``.
        place: i32[K] position in ``place_ids``; no pair comes twice.
        seconds: f64[K] door to door as given, unrounded; NaN = not given.
        metres: f64[K] length of the same trip; NaN = not given.
        mode: the mode the trips are by; empty = whatever a requirement asks for.
        direction: ``to_facility`` or ``from_facility``; empty = both ways alike.
        source: what they come from, for warnings.
    """

    point_ids: np.ndarray
    place_ids: np.ndarray
    point: Ints
    place: Ints
    seconds: Floats
    metres: Floats
    mode: str = ""
    direction: Literal["", "to_facility", "from_facility"] = ""
    source: str = ""

    def __post_init__(self) -> None:
        """Check lengths."""
        check_length("given times", len(self.point), place=self.place, seconds=self.seconds, metres=self.metres)

    def answers(self, mode: str, direction: str) -> bool:
        """Say whether these are the trips that a requirement asks for."""
        return self.mode in ("", mode) and self.direction in ("", direction)

    def has(self, metric: Metric) -> bool:
        """Say whether the table gives the metric at all: seconds for ``time``, metres for ``length``."""
        values = self.seconds if metric == "time" else self.metres
        return not len(values) or not bool(np.isnan(values).all())

    def knows_points(self, demand: Demand) -> Bools:
        """bool[P] where the table has at least one row for a demand point."""
        return np.isin(demand.ids.astype(str), self.point_ids.astype(str))

    def knows_places(self, facilities: Facilities, positions: Ints) -> Bools:
        """bool[n] where the table has at least one row for a facility of ``positions``."""
        return np.isin(facilities.place_ids[positions].astype(str), self.place_ids.astype(str))

    def between(self, demand: Demand, facilities: Facilities, positions: Ints, metric: Metric = "time") -> TravelTimes:
        """Return the trips from every demand point to some facilities.

        Args:
            demand: P points.
            facilities: the study's facilities.
            positions: i32[n] which of them are asked for.
            metric: what rows ascend by; pairs that do not give it are absent.
        """
        value = self.seconds if metric == "time" else self.metres
        point = _positions(demand.ids)
        row = np.array([point.get(one, -1) for one in self.point_ids.tolist()], np.int64)[self.point]
        kept = np.flatnonzero((row >= 0) & ~np.isnan(value))
        kept = kept[np.argsort(self.place[kept], kind="stable")]
        place = {one: at for at, one in enumerate(self.place_ids.tolist())}
        asked = np.array([place.get(one, -1) for one in facilities.place_ids[positions].tolist()], np.int64)
        known = np.flatnonzero(asked >= 0)
        first = np.searchsorted(self.place[kept], np.arange(len(self.place_ids) + 1))
        pair, owner = _expanded(first, asked[known])
        pair, facility = kept[pair], positions[known][owner]
        order = np.lexsort((facility, value[pair], row[pair]))
        pair, facility = pair[order], facility[order]
        first_of_row = np.zeros(demand.n_points + 1, np.int64)
        np.cumsum(np.bincount(row[pair], minlength=demand.n_points), out=first_of_row[1:])
        return TravelTimes(
            first=first_of_row, facility=facility.astype(np.int32), seconds=self.seconds[pair],
            metres=self.metres[pair], access_m=np.zeros(len(pair)), metric=metric, mode=self.mode,
        )  # fmt: skip


def _positions(ids: np.ndarray) -> dict[str, int]:
    """Return the position of each id."""
    return {one: at for at, one in enumerate(ids.tolist())}


def _expanded(first: Longs, wanted: Longs) -> tuple[Longs, Longs]:
    """Return every member of the wanted groups, and the position in ``wanted`` it belongs to."""
    counts = (first[1:] - first[:-1])[wanted]
    owner = np.repeat(np.arange(len(wanted)), counts)
    within = np.arange(len(owner)) - np.repeat(np.cumsum(counts) - counts, counts)
    return first[:-1][wanted][owner] + within, owner
