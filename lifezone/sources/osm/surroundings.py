"""Names of settlements and water areas, to call a desert by and to draw maps with."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Final

import numpy as np
import shapely

from lifezone.model import Places
from lifezone.sources.crs import DEGREES, shapes_to_crs, to_crs
from lifezone.sources.osm.file import OsmThing

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

__all__ = ["PLACE_RANK", "SURROUNDINGS", "places_and_water"]

PLACE_RANK: Final = {
    "city": 0, "town": 0, "borough": 1, "suburb": 1, "village": 1, "quarter": 2, "hamlet": 2, "neighbourhood": 3,
    "isolated_dwelling": 4, "farm": 4, "locality": 5,
}  # fmt: skip
"""``place`` values that are used as names, with their rank."""
WATER: Final = (("natural", "water"), ("waterway", "riverbank"))
SURROUNDINGS: Final = (*(("place", place) for place in PLACE_RANK), *WATER)
"""The tags to read for both."""
TOLERANCE_M: Final = 10.0
"""Water outlines are simplified to this for maps."""
LEAST_M2: Final = 5_000.0
"""Smaller ponds are left out of maps."""


def places_and_water(
    things: Iterable[OsmThing], *, crs: str, clip: BaseGeometry | None
) -> tuple[Places, BaseGeometry | None]:
    """Return settlement names (inside the clip, ordered by rank and place) and simplified water (touching it)."""
    named: list[tuple[int, float, float, str, str]] = []
    water = []
    for thing in things:
        if clip is not None and not shapely.intersects(clip, thing.shape):
            continue
        rank = PLACE_RANK.get(thing.tags.get("place", ""))
        if rank is not None and thing.tags.get("name"):
            at = shapely.centroid(thing.shape)
            named.append((rank, at.x, at.y, thing.tags["name"], thing.tags.get("name:en", "")))
        elif rank is None and shapely.get_dimensions(thing.shape) == 2:
            water.append(thing.shape)
    return _places(sorted(named), crs), _water(water, crs)


def _places(named: list[tuple[int, float, float, str, str]], crs: str) -> Places:
    """Return the settlements as arrays."""
    if not named:
        return Places.empty()
    rank, lon, lat, name, name_en = zip(*named, strict=True)
    x_m, y_m = to_crs(np.array(lon), np.array(lat), DEGREES, crs)
    texts = (np.array(name, dtype=object), np.array(name_en, dtype=object))
    return Places(x_m, y_m, *texts, np.array(rank, dtype=np.int32))


def _water(shapes: list[BaseGeometry], crs: str) -> BaseGeometry | None:
    """Return the water in the study's CRS, simplified and joined; None when there is none worth drawing."""
    if not shapes:
        return None
    projected = shapes_to_crs(np.array(shapes, dtype=object), DEGREES, crs)
    projected = projected[shapely.area(projected) >= LEAST_M2]
    if not len(projected):
        return None
    simple = shapely.make_valid(shapely.simplify(projected, TOLERANCE_M))
    joined = shapely.union_all(simple[shapely.get_dimensions(simple) == 2])
    return None if shapely.is_empty(joined) else joined
