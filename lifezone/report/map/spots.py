"""Where people live, as the page draws it: a grid of cells, polygons of any shape (H3 among them), or points.

The places of all variants together, in the order in which they lie from the north-west, so that neighbours stand side
by side and pack small.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import shapely

from lifezone.model import Demand, Variant
from lifezone.report.map.lines import Origin, packed_rings
from lifezone.report.map.packing import pack_ints

__all__ = ["Spots", "hexagons", "rows_of", "spots_of"]

_ON_GRID: Final = 1e-3
"""How far a cell may lie off the common grid, in parts of a cell."""
_MOST_EMPTY: Final = 60.0
"""A grid may have so many squares for each cell with people; a study of far islands is drawn as polygons instead."""
_ROOM: Final = 4_000_000


@dataclass(frozen=True, eq=False)
class Spots:
    """S places where people live in any variant.

    Attributes:
        ids: S ids.
        x_m: f64[S] middle of each place.
        y_m: f64[S].
        district: i32[S] position among the districts.
        side_m: side of the cells, 0 where places are no grid.
        shapes: S polygons in the study's CRS where places are areas of any shape, else None.
    """

    ids: np.ndarray
    x_m: np.ndarray
    y_m: np.ndarray
    district: np.ndarray
    side_m: float
    shapes: np.ndarray | None

    def payload(self, origin: Origin) -> dict[str, Any]:
        """Return the places as plain data."""
        told: dict[str, Any] = {"n": len(self.ids), "district": pack_ints(self.district)}
        grid = _grid(self, origin)
        if grid is not None:
            return {**told, **grid}
        told |= {"x": pack_ints(origin.x(self.x_m)), "y": pack_ints(origin.y(self.y_m))}
        if self.shapes is None:
            return {"sort": "points", **told}
        return {"sort": "areas", **told, **packed_rings(self.shapes, origin)}


def spots_of(variants: Sequence[Variant], shapes: Mapping[str, Any] | None = None) -> Spots:
    """Return the places of all variants.

    Args:
        variants: of one run.
        shapes: polygon of each id, where people live in areas of any shape.
    """
    first = variants[0].world.demand
    parts = [first.take(first.inside)]
    known = set(parts[0].ids.tolist())
    for variant in variants[1:]:
        demand = variant.world.demand
        new = demand.inside & np.array([one not in known for one in demand.ids.tolist()], np.bool_)
        if new.any():
            parts.append(demand.take(new))
            known.update(parts[-1].ids.tolist())
    ids, x_m, y_m, district = (
        np.concatenate([getattr(part, name) for part in parts]) for name in ("ids", "x_m", "y_m", "district")
    )
    side_m = first.cell_m if first.cells else 0.0
    found = None
    if shapes is not None and all(one in shapes for one in ids.tolist()):
        found = np.array([shapes[one] for one in ids.tolist()], dtype=object)
    elif side_m <= 0:
        found = hexagons(ids, variants[0].world.crs)
    order = _order(x_m, y_m, side_m)
    return Spots(
        ids[order], x_m[order], y_m[order], district[order], 0.0 if found is not None else side_m,
        None if found is None else found[order],
    )  # fmt: skip


def rows_of(spots: Spots, demand: Demand) -> np.ndarray:
    """Return i64[S] the position of each place in a variant's demand, −1 where the variant has none."""
    position = {one: at for at, one in enumerate(demand.ids.tolist())}
    return np.array([position.get(one, -1) for one in spots.ids.tolist()], np.int64)


def hexagons(ids: np.ndarray, crs: str) -> np.ndarray | None:
    """Return the cells of H3 where every id is one, else None."""
    import h3  # noqa: PLC0415  (only studies with such cells need it)
    from pyproj import Transformer  # noqa: PLC0415

    texts = [str(one) for one in ids.tolist()]
    if not texts or not all(len(text) == 15 and h3.is_valid_cell(text) for text in texts):
        return None
    rings = [h3.cell_to_boundary(text) for text in texts]
    flat = np.array([corner for ring in rings for corner in ring])
    x, y = Transformer.from_crs("EPSG:4326", crs, always_xy=True).transform(flat[:, 1], flat[:, 0])
    owner = np.repeat(np.arange(len(rings)), [len(ring) for ring in rings])
    polygons: np.ndarray = shapely.polygons(shapely.linearrings(np.column_stack([x, y]), indices=owner))
    return polygons


def _order(x_m: np.ndarray, y_m: np.ndarray, side_m: float) -> np.ndarray:
    """Return the order from the north-west, row by row; rows of points are as high as they are far apart."""
    if not len(x_m):
        return np.empty(0, np.int64)
    high = side_m or max(float(np.sqrt(np.ptp(x_m) * np.ptp(y_m) / len(x_m))), 1.0)
    row = np.floor((y_m.max() - y_m) / high + 0.5 * (side_m > 0))
    return np.lexsort((y_m, x_m, row))


def _grid(spots: Spots, origin: Origin) -> dict[str, Any] | None:
    """Return the places as cells of one grid, or None where they are none."""
    side = spots.side_m
    if side <= 0 or not len(spots.ids):
        return None
    west, north = float(spots.x_m.min()), float(spots.y_m.max())
    column, row = (spots.x_m - west) / side, (north - spots.y_m) / side
    whole_column, whole_row = np.rint(column), np.rint(row)
    if max(np.abs(column - whole_column).max(), np.abs(row - whole_row).max()) > _ON_GRID:
        return None
    columns, rows = int(whole_column.max()) + 1, int(whole_row.max()) + 1
    at = (whole_row * columns + whole_column).astype(np.int64)
    if columns * rows > max(_MOST_EMPTY * len(at), 10_000) or columns * rows > _ROOM or (np.diff(at) <= 0).any():
        return None
    return {
        "sort": "grid",
        "side": side,
        "columns": columns,
        "rows": rows,
        "west": round(west - side / 2 - origin.west, 3),
        "north": round(north + side / 2 - origin.south, 3),
        "at": pack_ints(at),
    }
