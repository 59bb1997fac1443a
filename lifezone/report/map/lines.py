"""Lines and areas as whole metres from the study's south-west corner, packed."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely

from lifezone.report.map.packing import pack_ints

__all__ = ["Origin", "packed_lines", "packed_rings"]


@dataclass(frozen=True)
class Origin:
    """The corner that coordinates of the page count from, metres in the study's CRS."""

    west: float
    south: float

    def x(self, x_m: np.ndarray) -> np.ndarray:
        """Return whole metres east of the corner."""
        return np.rint(np.asarray(x_m) - self.west).astype(np.int64)

    def y(self, y_m: np.ndarray) -> np.ndarray:
        """Return whole metres north of the corner."""
        return np.rint(np.asarray(y_m) - self.south).astype(np.int64)


def packed_lines(lines: np.ndarray, origin: Origin) -> dict[str, str]:
    """Pack lines: how many vertices each has, and where these are; lines shorter than a metre vanish."""
    parts = shapely.get_parts(np.asarray(lines, dtype=object))
    parts = parts[(shapely.get_type_id(parts) == 1) | (shapely.get_type_id(parts) == 2)]
    return _packed(parts, origin)


def packed_rings(areas: np.ndarray, origin: Origin) -> dict[str, str]:
    """Pack (multi)polygons: how many rings each has, then their vertices; holes are rings like others (even–odd)."""
    areas = np.asarray(areas, dtype=object)
    polygons, owner = shapely.get_parts(areas, return_index=True)
    flat = shapely.get_type_id(polygons) == 3
    rings, ring_owner = shapely.get_rings(polygons[flat], return_index=True)
    of = owner[flat][ring_owner]
    return {"rings": pack_ints(np.bincount(of, minlength=len(areas))), **_packed(rings, origin)}


def _packed(parts: np.ndarray, origin: Origin) -> dict[str, str]:
    xy, owner = shapely.get_coordinates(parts, return_index=True)
    x, y = origin.x(xy[:, 0]), origin.y(xy[:, 1])
    return {
        "sizes": pack_ints(np.bincount(owner, minlength=len(parts))),
        "px": pack_ints(x),
        "py": pack_ints(y),
    }
