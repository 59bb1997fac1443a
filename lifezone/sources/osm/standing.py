"""Where an OpenStreetMap object stands: at its entrance where one is mapped, else at its middle.

A large school is entered by its gate, and a trip to its middle may end at the road behind it. Entrances are nodes of
the outline tagged ``entrance``; the main one counts, else the one of lowest number. An area whose middle lies outside
it stands at a point inside.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
import shapely

from lifezone.model import Floats
from lifezone.sources.osm.file import OsmThing

__all__ = ["ENTRANCE", "MIDDLE", "places_of"]

ENTRANCE: Final = "entrance"
MIDDLE: Final = "middle"
_NOT_FOR_VISITORS: Final = ("emergency", "exit", "fire", "garage", "no", "private", "service", "staircase", "staff")
_FIRST: Final = ("main", "yes")
"""Values of ``entrance`` in order of preference; all others come after."""
_ON_LINE_DEGREES: Final = 1e-8
"""A node of an outline has the outline's own coordinates; this is a millimetre."""


def places_of(things: Sequence[OsmThing], entrances: Sequence[OsmThing]) -> tuple[Floats, Floats, list[str]]:
    """Return longitude and latitude of each thing, and how it was found: entrance, middle, inside or point.

    Args:
        things: objects with a shape in degrees.
        entrances: nodes tagged ``entrance``; those not for visitors are left out here.
    """
    shapes = np.array([thing.shape for thing in things], dtype=object)
    if not len(shapes):
        return np.empty(0), np.empty(0), []
    points = shapely.centroid(shapes)
    area = shapely.get_dimensions(shapes) == 2
    how = np.where(area, MIDDLE, "point").astype(object)
    outside = area & ~shapely.intersects(shapes, points)
    points[outside] = shapely.point_on_surface(shapes[outside])
    how[outside] = "inside"
    for at, gate in _gates(shapes, area, entrances).items():
        points[at], how[at] = gate, ENTRANCE
    return shapely.get_x(points), shapely.get_y(points), how.tolist()


def _gates(shapes: np.ndarray, area: np.ndarray, entrances: Sequence[OsmThing]) -> dict[int, shapely.Point]:
    """Return the best entrance of each area that has one on its outline."""
    usable = sorted((one for one in entrances if _rank(one) < len(_FIRST) + 1), key=_rank_and_number)
    rows = np.flatnonzero(area)
    if not usable or not len(rows):
        return {}
    outlines = shapely.boundary(shapes[rows])
    tree = shapely.STRtree([one.shape for one in usable])
    outline, gate = tree.query(outlines, predicate="dwithin", distance=_ON_LINE_DEGREES)
    best: dict[int, int] = {}
    for at, which in zip(rows[outline].tolist(), gate.tolist(), strict=True):
        best[at] = min(best.get(at, which), which)
    return {at: usable[which].shape for at, which in best.items()}


def _rank(thing: OsmThing) -> int:
    """Return how well an entrance fits: 0 the main one, the largest number for those not for visitors."""
    value = thing.tags.get("entrance", "no")
    if value in _NOT_FOR_VISITORS or thing.tags.get("access") in ("no", "private"):
        return len(_FIRST) + 1
    return _FIRST.index(value) if value in _FIRST else len(_FIRST)


def _rank_and_number(thing: OsmThing) -> tuple[int, int]:
    return _rank(thing), int(thing.id.partition("/")[2])
