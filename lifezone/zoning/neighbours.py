"""Which districts touch, and which lie on the rim of what is known."""

from __future__ import annotations

from typing import Final

import numpy as np
import shapely

from lifezone.model import Bools

__all__ = ["neighbours_of"]

_GAP_M: Final = 200.0
"""Boundaries this near to one another touch: published ones are simplified by up to 150 m."""

_STEP_M: Final = 450.0
"""Boundaries are looked at this often, and at every bend."""
_TRIFLE: Final = 0.02
"""Share of a boundary that may lie open where simplified ones do not meet."""


def neighbours_of(polygons: np.ndarray) -> tuple[Bools, Bools, tuple[int, ...]]:
    """Return bool[D, D] districts that touch, bool[D] those on the rim, and the islands.

    An island, a district that touches none, is taken for a neighbour of the district nearest across the water: people
    go there by ferry, and nothing would ever hold together with it otherwise.

    Args:
        polygons: D shapely polygons in metres; None where a district has no shape: it touches nothing, is on the rim.
    """
    count = len(polygons)
    missing = shapely.is_missing(polygons)
    touching = np.zeros((count, count), np.bool_)
    tree = shapely.STRtree(polygons)
    one, two = tree.query(polygons, predicate="dwithin", distance=_GAP_M)
    touching[one, two] = True
    np.fill_diagonal(touching, val=False)
    islands = []
    if count - missing.sum() > 1:
        for at in np.flatnonzero(~touching.any(axis=1) & ~missing).tolist():
            far = shapely.distance(polygons[at], polygons)
            far[at] = np.inf
            nearest = int(np.nanargmin(far))
            touching[at, nearest] = touching[nearest, at] = True
            islands.append(at)
    return touching, _rim(polygons, missing), tuple(islands)


def _rim(polygons: np.ndarray, missing: np.ndarray) -> Bools:
    """Return bool[D] districts with more than a trifle of boundary along which no other district is known.

    Boundaries are looked at from point to point: the outline of all together, grown and shrunk to close gaps, costs
    twenty seconds for a country.
    """
    outline = shapely.segmentize(shapely.simplify(shapely.boundary(polygons), _GAP_M / 2), _STEP_M)
    at, owner = shapely.get_coordinates(outline, return_index=True)
    points = shapely.points(at)
    one, two = shapely.STRtree(points).query(polygons, predicate="dwithin", distance=_GAP_M)
    beside = np.zeros(len(points), np.bool_)
    beside[two[owner[two] != one]] = True
    count = np.bincount(owner, minlength=len(polygons))
    open_ = np.bincount(owner[~beside], minlength=len(polygons))
    found: Bools = missing | (open_ > _TRIFLE * np.maximum(count, 1))
    return found
