"""What polygons with people stand for: cells of a grid, or areas of any shape."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

import numpy as np
import shapely

__all__ = ["CellSize", "cell_size"]

_NEARLY_ALL: Final = 0.9
"""Share of polygons that must agree: cells cut off at a coast may differ."""
_ALIKE: Final = 0.02
"""How far areas may differ from the median and still be one size."""
_SQUARE: Final = 16.0
"""Perimeter² ÷ area of a square; a regular hexagon has 13.9, a rectangle of 2 : 1 has 18."""
_SQUARE_WITHIN: Final = 0.01


@dataclass(frozen=True)
class CellSize:
    """What was found: squares of one size, other shapes of one size, or neither.

    Attributes:
        cells: True for squares.
        cell_m: Side, or root of the area for other shapes of one size; 0 when sizes differ.
        note: What to tell, may be empty.
    """

    cells: bool
    cell_m: float
    note: str = ""


def cell_size(shapes: np.ndarray) -> CellSize:
    """Find out whether polygons are the cells of a grid.

    Args:
        shapes: n polygons in metres.
    """
    area_m2, around_m = shapely.area(shapes), shapely.length(shapes)
    seen = np.isfinite(area_m2) & (area_m2 > 0)
    if not seen.any():
        return CellSize(cells=False, cell_m=0.0)
    area_m2, around_m = area_m2[seen], around_m[seen]
    usual_m2 = float(np.median(area_m2))
    alike = np.abs(area_m2 - usual_m2) <= _ALIKE * usual_m2
    if alike.mean() < _NEARLY_ALL:
        return CellSize(False, 0.0, "polygons differ in size: how far people live from their point is not known, "
                                    "so no verdict is told as uncertain (D6)")  # fmt: skip
    square = np.abs(around_m**2 / area_m2 - _SQUARE) <= _SQUARE_WITHIN * _SQUARE
    side_m = math.sqrt(usual_m2)
    if (square & alike).mean() >= _NEARLY_ALL:
        return CellSize(True, float(round(side_m)) if abs(side_m - round(side_m)) < 0.005 * side_m else side_m)
    return CellSize(False, side_m)
