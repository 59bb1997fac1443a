"""Which districts touch, and how well a drawing of them keeps that."""

from __future__ import annotations

import numpy as np
import shapely

from lifezone.model import Floats, Longs

__all__ = ["directions_kept", "neighbours"]


def neighbours(polygons: np.ndarray) -> Longs:
    """Return i64[k, 2] pairs of districts that share a piece of border, the lower number first, in order.

    Districts that meet in a point alone are no neighbours.

    Args:
        polygons: D shapely polygons, a coverage (:func:`lifezone.monitor.borders.clean_borders`).
    """
    one, other = shapely.STRtree(polygons).query(polygons, predicate="intersects")
    pairs = np.column_stack([one, other])[one < other]
    common = shapely.intersection(polygons[pairs[:, 0]], polygons[pairs[:, 1]])
    pairs = pairs[shapely.length(common) > 0]
    return np.asarray(pairs[np.lexsort((pairs[:, 1], pairs[:, 0]))], np.int64)


def directions_kept(before: Floats, after: Floats, pairs: Longs) -> float:
    """Return the share of pairs whose direction turned by at most 45°; NaN without pairs.

    Args:
        before: f64[D, 2] places of districts on the ground.
        after: f64[D, 2] their places in a drawing.
        pairs: i64[k, 2] neighbours.
    """
    if not len(pairs):
        return float("nan")
    was, now = (place[pairs[:, 1]] - place[pairs[:, 0]] for place in (before, after))
    long = np.hypot(*was.T) * np.hypot(*now.T)
    cosine = (was * now).sum(axis=1) / np.where(long > 0, long, 1.0)
    return float(np.mean(cosine >= np.sqrt(0.5) - 1e-9))
