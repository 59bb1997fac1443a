"""One question asked of many variants of a world: each answer costs what differs, not a search over all roads."""

from __future__ import annotations

from typing import NamedTuple, TypeVar

import numpy as np

from lifezone.model import Floats, Ints, Longs, Metric, Network
from lifezone.routing.dynamic.field import Field
from lifezone.routing.roads import Attached, ModeRoads
from lifezone.routing.sides import Direction

__all__ = ["Answer", "Variants", "other_seconds"]

A = TypeVar("A", Ints, Floats)


class Answer(NamedTuple):
    """The nearest trip of every demand point in one variant.

    Attributes:
        points: i32[n] the points whose trip is another one than in the baseline, ascending.
        facility: i32[P] position in the study's Facilities, −1 = none reachable.
        seconds: f64[P] door to door, ``inf`` = none reachable.
        metres: f64[P] along the network, ``inf`` likewise.
        access_m: f64[P] the access walks at both ends, ``inf`` likewise.
    """

    points: Ints
    facility: Ints
    seconds: Floats
    metres: Floats
    access_m: Floats


class Variants:
    """Nearest trips in variants that differ from a baseline in facilities or in the speed of roads; **mutable** inside.

    Every answer equals :func:`lifezone.routing.nearest` over the variant to the last bit. Laying the baseline out takes
    as long as some ten searches, a variant as long as what differs: worth it from about ten variants on. One object is
    for one thread.
    """

    def __init__(
        self, roads: ModeRoads, demand: Attached, facilities: Attached, positions: Ints,
        *, metric: Metric = "time", direction: Direction = "to_facility",
    ) -> None:  # fmt: skip
        """Lay out the baseline; see :func:`lifezone.routing.nearest` for what is given."""
        self._field = Field(roads, demand, facilities, positions, metric=metric, direction=direction)
        self._base = self._field.nearest()

    def nearest(
        self, facilities: Attached, positions: Ints, arcs: Longs | None = None, seconds: Floats | None = None
    ) -> Answer:
        """Answer for one variant; the next one starts from the baseline again.

        Args:
            facilities: n facilities that are open in it, attached to the baseline's roads.
            positions: i32[n] position of each in the study's Facilities, ascending.
            arcs: i64[m] raw arcs with other seconds than in the baseline, as :func:`other_seconds` gives them.
            seconds: f64[m] those.
        """
        field = self._field
        made = []
        try:
            made.append(field.open_only(positions, facilities))
            if arcs is not None and seconds is not None and len(arcs):
                made.append(field.reweigh(dict(zip(arcs.tolist(), seconds.tolist(), strict=True))))
            points: Ints = np.unique(np.concatenate([change.points for change in made])).astype(np.int32)
            now = field.nearest(points)
        finally:
            for change in reversed(made):
                field.undo(change.edit)
        base = self._base
        return Answer(
            points, _with(base[0], points, now[0]), _with(base[1], points, now[1]), _with(base[2], points, now[2]),
            _with(base[3], points, now[3]),
        )  # fmt: skip


def other_seconds(before: Network, after: Network, mode: str) -> tuple[Longs, Floats] | None:
    """Return the raw arcs with other seconds and those, or None when the roads differ in more than speed.

    A road that is closed, opened or built is more than speed: points may hang elsewhere then.
    """
    one, other = before.seconds.get(mode), after.seconds.get(mode)
    if before is after and one is not None:
        return np.empty(0, np.int64), np.empty(0)
    shape = ("x_m", "y_m", "border", "beyond", "tail", "head", "metres", "way", "ways", "crs")
    if one is None or other is None or not all(_same(getattr(before, name), getattr(after, name)) for name in shape):
        return None
    if not np.array_equal(np.isfinite(one), np.isfinite(other)):
        return None
    arcs: Longs = np.flatnonzero(one != other).astype(np.int64)
    return arcs, other[arcs]


def _with(column: A, rows: Ints, values: A) -> A:
    """Return a copy of a column with other values in some rows."""
    column = column.copy()
    column[rows] = values
    return column


def _same(one: object, other: object) -> bool:
    """Tell whether two columns are the same, at no cost when they are one."""
    return one is other or bool(np.array_equal(np.asarray(one), np.asarray(other)))
