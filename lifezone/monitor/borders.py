"""Borders as they are published, made fit for maps that are bent: neighbours share one line, without gap or overlap.

Published boundaries are often simplified district by district: borders that were one line overlap here and gape there,
by up to the tolerance of the simplification. GEOS's coverage cleaner (2024) snaps and nodes them and gives every small
face to the neighbour with the longest common border; what cannot be meant (a city beside its own wards) is refused.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import shapely

from lifezone.errors import Fault, InputError, some_of
from lifezone.model import Floats

__all__ = ["Borders", "clean_borders"]

_SAME_GROUND: Final = 0.5
"""Part of the smaller of two districts from which on they are the same ground twice, not a ragged border."""
_LEAST_PART: Final = 1e-6
"""Islets smaller than this part of the map are left out; every district keeps its largest part."""
_DETAIL: Final = 5_000
"""Borders are kept as finely as the map is wide ÷ this: half a pixel on a screen."""
_DEGREES: Final = 400.0
"""Coordinates below this everywhere are degrees, not metres."""


@dataclass(frozen=True, eq=False)
class Borders:
    """Districts whose borders are shared lines.

    Attributes:
        polygons: D shapely (multi)polygons, a valid coverage.
        overlap_m2: ground that two or more districts claimed; it went to one of them.
        gap_m2: ground between districts that nobody claimed; it went to a neighbour.
        islets: parts that were too small to draw.
        islets_m2: their area.
        changed: f64[D] how much the area of a district changed, as a part of it.
    """

    polygons: np.ndarray
    overlap_m2: float
    gap_m2: float
    islets: int
    islets_m2: float
    changed: Floats


def clean_borders(
    polygons: np.ndarray, names: Sequence[str], *, gap_m: float = 300.0, detail_m: float | None = None
) -> Borders:
    """Make published borders shared lines.

    Args:
        polygons: D shapely polygons in metres; invalid ones are mended.
        names: D names for messages.
        gap_m: gaps narrower than this are closed; wider ones are lakes or foreign ground and stay.
        detail_m: how far a border may move to lose corners; None = the map's width ÷ 5,000.

    Raises:
        InputError: a district has no shape, coordinates are degrees, or two districts are the same ground.
    """
    if not len(polygons) or len(polygons) != len(names):
        raise InputError("borders: there must be a name for each district, and at least one district")
    without = shapely.is_missing(polygons) | shapely.is_empty(polygons)
    if without.any():
        raise InputError(Fault(f"borders: no shape for {_named(names, np.flatnonzero(without))}"))
    bounds = shapely.total_bounds(polygons)
    if np.abs(bounds).max() < _DEGREES:
        raise InputError("borders: coordinates are degrees; give polygons in metres")
    mended = shapely.make_valid(polygons, method="structure", keep_collapsed=False)
    flat = shapely.area(mended) == 0
    if flat.any():
        raise InputError(Fault(f"borders: no area in the shape of {_named(names, np.flatnonzero(flat))}"))
    overlap_m2 = _checked_overlap(mended, names)
    before = shapely.area(mended)
    kept, islets, islets_m2 = _without_islets(mended)
    claimed = float(shapely.union_all(kept).area)
    cleaned = shapely.coverage_clean(kept, gap_width=gap_m)
    gap_m2 = max(float(shapely.area(cleaned).sum()) - claimed, 0.0)
    if detail_m is None:
        detail_m = float(max(bounds[2] - bounds[0], bounds[3] - bounds[1])) / _DETAIL
    drawn = shapely.coverage_simplify(cleaned, detail_m) if detail_m > 0 else cleaned
    gone = shapely.is_empty(drawn)
    if gone.any():
        raise InputError(Fault(f"borders: nothing is left of {_named(names, np.flatnonzero(gone))}; they lie under "
                               "their neighbours, or are smaller than a gap"))  # fmt: skip
    if not (shapely.is_valid(drawn).all() and shapely.coverage_is_valid(drawn)):
        raise InputError("borders: overlaps and gaps cannot be mended; simplify the borders by topology first")
    changed = np.abs(shapely.area(drawn) / before - 1.0)
    return Borders(drawn, overlap_m2, gap_m2, islets, islets_m2, changed)


def _named(names: Sequence[str], which: np.ndarray) -> str:
    return some_of([names[at] for at in which.tolist()])


def _checked_overlap(polygons: np.ndarray, names: Sequence[str]) -> float:
    """Return how much ground is claimed twice; raises InputError where that cannot be meant."""
    one, other = shapely.STRtree(polygons).query(polygons, predicate="intersects")
    pairs = one < other
    one, other = one[pairs], other[pairs]
    shared = shapely.area(shapely.intersection(polygons[one], polygons[other]))
    area = shapely.area(polygons)
    same = shared > _SAME_GROUND * np.minimum(area[one], area[other])
    if same.any():
        larger = np.where(area[one] >= area[other], one, other)[same]
        smaller = np.where(area[one] >= area[other], other, one)[same]
        raise InputError([
            Fault(f"borders: {names[whole]} is the same ground as {_named(names, smaller[larger == whole])}: "
                  "leave out the whole or its parts (where: in the boundaries)")
            for whole in np.unique(larger).tolist()
        ])  # fmt: skip
    return float(shared.sum())


def _without_islets(polygons: np.ndarray) -> tuple[np.ndarray, int, float]:
    """Return districts without parts too small to draw, how many those were, and their area."""
    parts, of = shapely.get_parts(polygons, return_index=True)
    area = shapely.area(parts)
    largest = np.zeros(len(polygons))
    np.maximum.at(largest, of, area)
    kept = (area >= _LEAST_PART * area.sum()) | (area == largest[of])
    joined = shapely.multipolygons(parts[kept], indices=of[kept])
    single = shapely.get_num_geometries(joined) == 1
    joined[single] = shapely.get_geometry(joined[single], 0)
    return joined, int((~kept).sum()), float(area[~kept].sum())
