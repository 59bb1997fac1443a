"""Tile maps: every district one tile of the same size, near its place and its neighbours.

Model. D districts, tiles t of a grid; c(i) the middle of district i on a map on which all districts are equally large
(a cartogram of ones, so that crowded cities have as much room as they need), p(t) the middle of a tile, s its side.
    (1) first: minimise Σ |c(i) − p(t(i))|², each district one tile, no tile twice (assignment problem, exact);
        the grid is laid in 16 positions, and the one with the most neighbours kept is taken, the first where equal;
    (2) then: while it lowers Σ over neighbours (i, j) [t(i) does not touch t(j)] + w·Σ |c(i) − p(t(i))|²/s²,
        exchange two tiles that lie at most three sides apart, or move to a free one.
Squares touch along a side or at a corner, hexagons along a side.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

import numpy as np
import shapely

from lifezone.errors import InputError
from lifezone.model import Floats, Longs
from lifezone.monitor.cartogram import cartogram
from lifezone.monitor.neighbours import directions_kept, neighbours

__all__ = ["Grid", "Tiles", "tiles"]

Grid = Literal["hexagon", "square"]
_SHIFTS: Final = 4
"""Positions of the grid along each axis."""
_FAR_COSTS: Final = 0.05
"""w: being a side away from one's place costs a twentieth of a lost neighbour."""
_SWEEPS: Final = 30
_REACH: Final = 3.01
"""Sides within which tiles are exchanged."""
_ROUGH: Final = 0.05
"""Mean error of areas that is good enough for places on the map of ones."""


@dataclass(frozen=True, eq=False)
class Tiles:
    """Districts as tiles.

    Attributes:
        polygons: D shapely polygons, all alike, in the map's metres.
        at: f64[D, 2] their middles.
        side_m: distance between the middles of tiles that share a side.
        neighbours_kept: share of neighbours whose tiles touch; NaN where there are none.
        directions_kept: share of neighbours whose direction turned by at most 45°.
        moved_sides: mean distance from a district's place on the map of ones, in sides.
    """

    polygons: np.ndarray
    at: Floats
    side_m: float
    neighbours_kept: float
    directions_kept: float
    moved_sides: float


def tiles(polygons: np.ndarray, *, grid: Grid = "hexagon") -> Tiles:
    """Place districts on tiles of equal size.

    Args:
        polygons: D shapely polygons in metres, a coverage.
        grid: hexagons, of which six touch, or squares.

    Raises:
        InputError: as :func:`lifezone.monitor.cartogram.cartogram`.
    """
    if not len(polygons):
        raise InputError("tiles: there must be at least one district")
    equal = cartogram(polygons, np.ones(len(polygons)), mean_error=_ROUGH, worst_error=0.5, rounds=12, cells=256)
    middle = shapely.get_coordinates(shapely.centroid(equal.polygons))
    pairs = neighbours(polygons)
    side_m = _side(float(shapely.area(polygons).mean()), grid)
    best: tuple[float, Floats, Floats] | None = None
    for shift in np.ndindex(_SHIFTS, _SHIFTS):
        places = _places(middle, side_m, np.array(shift) / _SHIFTS, grid)
        at = places[_assigned(middle, places)]
        kept = _touching(at, pairs, side_m, grid).sum()
        if best is None or kept > best[0]:
            best = float(kept), places, at
    assert best is not None
    at = _exchanged(best[2], best[1], middle, pairs, side_m, grid)
    ground = shapely.get_coordinates(shapely.centroid(polygons))
    kept = float(_touching(at, pairs, side_m, grid).mean()) if len(pairs) else float("nan")
    return Tiles(
        _outline(at, side_m, grid), at, side_m, kept, directions_kept(ground, at, pairs),
        float(np.hypot(*(at - middle).T).mean() / side_m),
    )  # fmt: skip


def _side(area_m2: float, grid: Grid) -> float:
    """Return the distance between middles of tiles of that area."""
    return float(np.sqrt(area_m2 if grid == "square" else area_m2 * 2 / np.sqrt(3)))


def _places(middle: Floats, side_m: float, shift: Floats, grid: Grid) -> Floats:
    """Return f64[T, 2] middles of the tiles within reach of any district, at least D of them."""
    row_m = side_m if grid == "square" else side_m * np.sqrt(3) / 2
    room = side_m * (3 + np.sqrt(len(middle)) / 4)
    west, south = middle.min(axis=0) - room + shift * [side_m, row_m]
    east, north = middle.max(axis=0) + room
    columns, rows = int((east - west) // side_m) + 1, int((north - south) // row_m) + 1
    row, column = (part.ravel() for part in np.mgrid[:rows, :columns])
    bent = 0.0 if grid == "square" else 0.5 * (row % 2)
    return np.column_stack([west + (column + bent) * side_m, south + row * row_m])


def _assigned(middle: Floats, places: Floats) -> Longs:
    """Return i64[D] the tile of each district, with the least sum of squared distances."""
    from scipy.optimize import linear_sum_assignment  # noqa: PLC0415
    from scipy.spatial.distance import cdist  # noqa: PLC0415

    _district, tile = linear_sum_assignment(cdist(middle, places, "sqeuclidean"))
    return np.asarray(tile)


def _touching(at: Floats, pairs: Longs, side_m: float, grid: Grid) -> np.ndarray:
    """Return bool[k] whether the tiles of neighbours touch."""
    return _near(at[pairs[:, 0]] - at[pairs[:, 1]], side_m, grid)


def _near(way: Floats, side_m: float, grid: Grid) -> np.ndarray:
    """Return bool[…] whether tiles touch whose middles are f64[…, 2] apart."""
    away = np.abs(way).max(axis=-1, initial=0.0) if grid == "square" else np.hypot(way[..., 0], way[..., 1])
    return np.asarray(away < 1.01 * side_m)


def _exchanged(at: Floats, places: Floats, middle: Floats, pairs: Longs, side_m: float, grid: Grid) -> Floats:
    """Exchange tiles while that lowers the objective (2); returns f64[D, 2] middles of tiles."""
    from scipy.spatial import cKDTree  # noqa: PLC0415

    tree = cKDTree(places)
    tile = np.asarray(tree.query(at)[1], np.int64)
    holder = np.full(len(places), -1, np.int64)
    holder[tile] = np.arange(len(at))
    ends = np.vstack([pairs, pairs[:, ::-1]])
    beside = [ends[ends[:, 0] == one, 1] for one in range(len(at))]
    far = ((middle[:, None, :] - places[None, :, :]) ** 2).sum(axis=2) / side_m**2 * _FAR_COSTS
    touch = _near(places[:, None, :] - places[None, :, :], side_m, grid)

    def cost(*ones: int) -> float:
        return sum(float(far[one, tile[one]] + (~touch[tile[one], tile[beside[one]]]).sum()) for one in ones)

    near = tree.query_ball_point(places, _REACH * side_m, return_sorted=True)
    for _ in range(_SWEEPS):
        changed = False
        for one in range(len(at)):
            for there in near[tile[one]]:
                if there == tile[one]:
                    continue
                here, other = int(tile[one]), int(holder[there])
                both = (one,) if other < 0 else (one, other)
                before = cost(*both)
                tile[one] = there
                tile[list(both[1:])] = here
                if cost(*both) < before - 1e-9:
                    holder[here], holder[there], changed = other, one, True
                else:
                    tile[one] = here
                    tile[list(both[1:])] = there
        if not changed:
            break
    return np.asarray(places[tile])


def _outline(at: Floats, side_m: float, grid: Grid) -> np.ndarray:
    """Return D shapely polygons around middles."""
    if grid == "square":
        half = side_m / 2
        return np.asarray(shapely.box(*(at - half).T, *(at + half).T))
    angle = np.pi / 6 + np.arange(7) * np.pi / 3
    corner = np.column_stack([np.cos(angle), np.sin(angle)]) * side_m / np.sqrt(3)
    corner[-1] = corner[0]
    return np.asarray(shapely.polygons(at[:, None, :] + corner[None, :, :]))
