"""Which districts touch, and which lie on the rim of what is known."""

from __future__ import annotations

from typing import Final

import numpy as np
import shapely

from lifezone.model import Bools

__all__ = ["neighbours_of"]

_GAP_M: Final = 200.0
"""Boundaries this near to one another touch: published ones are simplified by up to 150 m."""


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
    """Return bool[D] districts that touch the outer boundary of all of them together."""
    closed = shapely.buffer(shapely.union_all(shapely.buffer(polygons[~missing], _GAP_M / 2)), -_GAP_M / 2)
    found: Bools = missing | shapely.dwithin(polygons, shapely.boundary(closed), _GAP_M / 2)
    return found
