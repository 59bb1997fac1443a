"""Land and water: a smooth height field, the river with its stream, the lake with its island."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import shapely
from scipy.spatial import cKDTree
from shapely.geometry.base import BaseGeometry

from lifezone.model import Floats
from lifezone.sources.synthetic import plan

__all__ = ["Land", "Relief", "make_land"]

_STEP_M: Final = 200.0
_OCTAVES: Final = ((6500.0, 0.5), (3100.0, 0.27), (1500.0, 0.15), (700.0, 0.08))
"""Size of the hills in metres and their share of the height."""
_PLAIN_M: Final = 45.0
_HIGHEST_M: Final = 900.0
_FOOT_M: Final = 2600.0
"""Distance from water and towns at which hills reach their full height."""


@dataclass(frozen=True, eq=False)
class Relief:
    """Heights on a grid, between which a straight line is drawn.

    Attributes:
        west_m: easting of the first column, metres from the plan's origin.
        south_m: northing of the first row.
        step_m: distance of rows and columns.
        height_m: f64[rows, columns] metres above the sea.
    """

    west_m: float
    south_m: float
    step_m: float
    height_m: Floats

    def at(self, x_m: Floats, y_m: Floats) -> Floats:
        """Return f64[n] the height at points in metres from the plan's origin."""
        return _bilinear(self.height_m, (x_m - self.west_m) / self.step_m, (y_m - self.south_m) / self.step_m)

    @property
    def summary(self) -> dict[str, float]:
        """Lowest, mean and highest height in metres."""
        height = self.height_m
        return {"lowest_m": float(height.min()), "mean_m": float(height.mean()), "highest_m": float(height.max())}


@dataclass(frozen=True, eq=False)
class Land:
    """What roads must get along with. Geometry in metres from the plan's origin.

    Attributes:
        relief: heights.
        water: polygon of river, stream and lake without the island.
        river: course of the river, a line.
        stream: course of the stream, a line.
        island: polygon of the island.
        world: polygon of everything that is built.
        shore: points close together along every shore, to ask how far water is.
    """

    relief: Relief
    water: BaseGeometry
    river: BaseGeometry
    stream: BaseGeometry
    island: BaseGeometry
    world: BaseGeometry
    shore: cKDTree


def make_land(rng: np.random.Generator) -> Land:
    """Return the land of one seed."""
    river = shapely.linestrings(plan.chaikin(_moved(plan.RIVER, rng), closed=False))
    stream = shapely.linestrings(plan.chaikin(np.array(plan.STREAM, float), closed=False))
    island = shapely.polygons(plan.chaikin(_moved(plan.ISLAND, rng, most_m=40), closed=True, times=2))
    lake = shapely.polygons(plan.chaikin(_moved(plan.LAKE, rng, most_m=60), closed=True, times=2))
    world = shapely.polygons(plan.chaikin(np.array(plan.RIM, float), closed=True))
    courses = [river.buffer(plan.RIVER_WIDTH_M / 2, quad_segs=2), stream.buffer(plan.STREAM_WIDTH_M / 2, quad_segs=2)]
    water = shapely.union_all([*courses, lake]).difference(island)
    shore = cKDTree(shapely.get_coordinates(shapely.segmentize(water.boundary, 60.0)))
    return Land(_make_relief(rng, river, stream), water, river, stream, island, world, shore)


def _moved(points: tuple[tuple[int, int], ...], rng: np.random.Generator, *, most_m: float = 300.0) -> Floats:
    """Return points moved by up to ``most_m`` each way; those within 3 km of the origin stay."""
    fixed = np.array(points, float)
    move = (rng.random(fixed.shape) * 2 - 1) * most_m
    move[(np.abs(fixed) < 3000).all(axis=1)] = 0
    return fixed + move


def _make_relief(rng: np.random.Generator, river: BaseGeometry, stream: BaseGeometry) -> Relief:
    """Return hills that flatten towards water and towns."""
    west, south, east, north = -26_000.0, -20_000.0, 20_000.0, 20_000.0
    x, y = np.meshgrid(np.arange(west, east + 1, _STEP_M), np.arange(south, north + 1, _STEP_M))
    rough = np.zeros(x.shape)
    for size_m, share in _OCTAVES:
        shape = (int((north - south) / size_m) + 3, int((east - west) / size_m) + 3)
        rough += share * _bilinear(rng.random(shape), (x - west) / size_m, (y - south) / size_m, smooth=True)
    valleys = shapely.get_coordinates(shapely.segmentize(np.array([river, stream]), 150.0))
    towns = np.array([(centre.x_m, centre.y_m) for centre in plan.CENTRES])
    reach_m = np.array([centre.radius_m for centre in plan.CENTRES])
    points = np.column_stack([x.ravel(), y.ravel()])
    away_m = cKDTree(valleys).query(points)[0]
    for town, radius_m in zip(towns, reach_m, strict=True):
        offset = points - town
        away_m = np.minimum(away_m, np.maximum(0, np.sqrt((offset * offset).sum(axis=1)) - radius_m - 300))
    foot = np.minimum(1, away_m / _FOOT_M).reshape(x.shape)
    hills = np.maximum(0, rough - 0.22) / 0.6
    return Relief(west, south, _STEP_M, _PLAIN_M + _HIGHEST_M * hills * hills * (0.12 + 0.88 * foot) + 25 * foot)


def _bilinear(values: Floats, column: Floats, row: Floats, *, smooth: bool = False) -> Floats:
    """Return values between grid points; ``smooth`` flattens them at the grid points (no creases)."""
    column = np.clip(column, 0, values.shape[1] - 1.001)
    row = np.clip(row, 0, values.shape[0] - 1.001)
    j, i = column.astype(np.int64), row.astype(np.int64)
    u, v = column - j, row - i
    if smooth:
        u, v = u * u * (3 - 2 * u), v * v * (3 - 2 * v)
    low = values[i, j] * (1 - u) + values[i, j + 1] * u
    high = values[i + 1, j] * (1 - u) + values[i + 1, j + 1] * u
    result: Floats = low * (1 - v) + high * v
    return result
