"""The mesh that roads are chosen from: irregular points, close together in settlements, joined by Delaunay triangles.

Every road is a chain of mesh edges, so roads meet in vertices only and never cross unseen. Edges over water are left
out but for bridges and the ferry.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np
import shapely
from scipy.sparse import csr_array
from scipy.spatial import Delaunay, cKDTree

from lifezone.model import Bools, Floats, Ints, Longs
from lifezone.sources.synthetic import plan
from lifezone.sources.synthetic.relief import Land

__all__ = ["Mesh", "make_mesh"]

_WIDE_M: Final = 200.0
_CLOSE_M: Final = 75.0
_PATCH_M: Final = 320.0
"""Radius around a village in which the mesh is close."""
_BANK_M: Final = 55.0
"""Points keep away from water by this much, so that a smoothed road stays dry."""
_PLAIN_EDGE_M: Final = 145.0
"""Edges do not cross the flood plain either: the nearest road to the origin is the bridge."""
_LONGEST_M: Final = 650.0
_VILLAGE_GAP_M: Final = 1460.0
_BEYOND_FACTOR: Final = 2.3
"""Villages beyond the county line are fewer: they matter only as neighbours."""
_STEEP: Final = 0.055
"""Grade at which a metre of road costs twice as much as on the flat."""
_COSTLIEST: Final = 14.0
_BRIDGE_FACTOR: Final = 1.5


@dataclass(frozen=True, eq=False)
class Mesh:
    """Points and the edges that a road may take.

    Attributes:
        xy: f64[N, 2] metres from the plan's origin.
        triangles: i32[T, 3] of the Delaunay triangulation.
        neighbours: i32[T, 3] triangle across from each corner, −1 at the rim.
        ends: i32[E, 2] edges, sorted by both ends, smaller end first.
        length_m: f64[E].
        cost: f64[E] length weighted by grade.
        wet: bool[E] the edge crosses water without a bridge: closed to roads.
        special: text[E] name of the bridge, ``ferry``, or empty.
        centre: i32[N] position in ``plan.CENTRES`` of the street pattern the point belongs to, −1 = none.
        row: i32[N] street of that pattern, along; meaningless elsewhere.
        village: i32[N] position in ``villages`` when the point is in its patch, −1 = none.
        villages: i32[n] mesh point of each village's middle.
        named: mesh point of each centre, exit and landmark of the plan.
    """

    xy: Floats
    triangles: Ints
    neighbours: Ints
    ends: Ints
    length_m: Floats
    cost: Floats
    wet: Bools
    special: np.ndarray
    centre: Ints
    row: Ints
    village: Ints
    villages: Ints
    named: dict[str, int]

    def graph(self, cost: Floats, keep: Bools | None = None) -> csr_array:
        """Return the symmetric matrix of the edges kept (all dry ones by default)."""
        keep = ~self.wet if keep is None else keep
        a, b = self.ends[keep].T
        n = len(self.xy)
        return csr_array((np.r_[cost[keep], cost[keep]], (np.r_[a, b], np.r_[b, a])), shape=(n, n))

    def edges_of(self, one: np.ndarray, other: np.ndarray) -> Longs:
        """Return the positions of edges by their ends; every pair must be an edge."""
        n = np.int64(len(self.xy))
        keys = np.minimum(one, other).astype(np.int64) * n + np.maximum(one, other)
        found: Longs = np.searchsorted(self._keys, keys).astype(np.int64)
        return found

    @cached_property
    def _keys(self) -> Longs:
        """One number for each edge, ascending."""
        keys: Longs = self.ends[:, 0].astype(np.int64) * np.int64(len(self.xy)) + self.ends[:, 1]
        return keys


def make_mesh(land: Land, rng: np.random.Generator) -> Mesh:
    """Return the mesh of one seed."""
    villages = _village_sites(land, rng)
    crossings, special = _crossings(land)
    exits = _on_rim(land, np.array(list(plan.EXITS.values()), float))
    shape = _shape(land, [crossings, exits, villages], rng)
    first_exit, first_village = len(crossings), len(crossings) + len(exits)
    named = {key: first_exit + i for i, key in enumerate(plan.EXITS)}
    named |= {key: first_village + i for key, i in plan.NAMED_VILLAGES.items()}
    named |= {"pier": first_exit - 2, **_nearest_points(shape.xy, shape.centre)}
    pairs = [(2 * i, 2 * i + 1, name) for i, name in enumerate(special)]
    triangles, neighbours, ends, wet, label = _join(shape, pairs, land)
    length_m = np.sqrt(((shape.xy[ends[:, 0]] - shape.xy[ends[:, 1]]) ** 2).sum(axis=1))
    cost = _cost(land, shape.xy, ends, length_m) * np.where(label != "", _BRIDGE_FACTOR, 1.0)
    at_village = np.arange(first_village, first_village + len(villages), dtype=np.int32)
    return Mesh(
        shape.xy, triangles, neighbours, ends, length_m, cost, wet, label, shape.centre, shape.row, shape.village,
        at_village, named,
    )  # fmt: skip


@dataclass(frozen=True, eq=False)
class _Shape:
    """Mesh points with the street pattern and the village each belongs to."""

    xy: Floats
    centre: Ints
    row: Ints
    column: Ints
    village: Ints


def _shape(land: Land, fixed: list[Floats], rng: np.random.Generator) -> _Shape:
    """Return all mesh points; the fixed ones (ends of crossings, exits, villages) come first and keep their order."""
    villages = fixed[-1]
    towns, *pattern = _street_patterns(rng)
    dry = _is_dry(land, towns, 25.0)
    patches, patch = _patches(land, villages, rng)
    wide = _lattice(shapely.bounds(land.world), _WIDE_M, 0.36, rng)
    wide = wide[shapely.contains_xy(land.world, wide[:, 0], wide[:, 1])]
    wide = wide[_is_dry(land, wide, _BANK_M) & _away_from_settlements(wide, villages)]
    xy = np.concatenate([*fixed, towns[dry], patches, wide])
    n_fixed = sum(map(len, fixed))
    after_towns = n_fixed + int(dry.sum())
    columns = np.full((4, len(xy)), -1, np.int32)
    for column, values in zip(columns, pattern, strict=False):
        column[n_fixed:after_towns] = values[dry]
    columns[3, after_towns : after_towns + len(patches)] = patch
    columns[3, n_fixed - len(villages) : n_fixed] = np.arange(len(villages))
    keep = _apart(xy, n_fixed) & ~_within(xy, (0.0, 0.0), np.full(len(xy), plan.FLOOD_PLAIN_M))
    keep[:n_fixed] = True
    return _Shape(xy[keep], *columns[:, keep])


def _lattice(bounds: np.ndarray, step_m: float, jitter: float, rng: np.random.Generator) -> Floats:
    """Return a triangular lattice over west, south, east, north, its points moved by up to ``jitter`` steps."""
    west, south, east, north = bounds
    rise = step_m * 0.8660254037844386
    j, i = np.meshgrid(np.arange(int((east - west) / step_m) + 1), np.arange(int((north - south) / rise) + 1))
    xy = np.column_stack([(west + (j + 0.5 * (i % 2)) * step_m).ravel(), (south + i * rise).ravel()])
    moved: Floats = xy + (rng.random(xy.shape) * 2 - 1) * jitter * step_m
    return moved


def _is_dry(land: Land, xy: Floats, bank_m: float) -> Bools:
    """Return bool[n]: on land and at least ``bank_m`` away from the shore."""
    away_m, _ = land.shore.query(xy, distance_upper_bound=bank_m + 35.0)
    wet = shapely.contains_xy(land.water, xy[:, 0], xy[:, 1])
    dry: Bools = (away_m > bank_m) & ~wet
    return dry


def _village_sites(land: Land, rng: np.random.Generator) -> Floats:
    """Return f64[n, 2] middles of villages: the plan's, then dry and low ones that keep their distance."""
    sites = _lattice(shapely.bounds(land.world), 250.0, 0.4, rng)
    sites = sites[_is_dry(land, sites, 140.0)]
    sites = sites[shapely.contains_xy(shapely.buffer(land.world, -900, quad_segs=2), sites[:, 0], sites[:, 1])]
    sites = sites[~shapely.contains_xy(shapely.buffer(land.island, 200), sites[:, 0], sites[:, 1])]
    height = land.relief.at(sites[:, 0], sites[:, 1])
    nearby = land.relief.at(sites[:, 0] + 150, sites[:, 1]), land.relief.at(sites[:, 0], sites[:, 1] + 150)
    grade = (np.abs(nearby[0] - height) + np.abs(nearby[1] - height)) / 150
    usable = (height < 330) & (grade < 0.16)
    sites, height, grade = sites[usable], height[usable], grade[usable]
    order = np.argsort(height / 330 + grade / 0.1 + 1.5 * rng.random(len(sites)), kind="stable")
    beyond = (sites[:, 0] < -12500) | (np.abs(sites[:, 1]) > 13000) | (sites[:, 0] > 13000)
    gap_m = _VILLAGE_GAP_M * np.where(beyond, _BEYOND_FACTOR, 1.0) * (0.75 + 0.5 * np.minimum(1, height / 200))
    blocked = np.zeros(len(sites), np.bool_)
    for centre in plan.CENTRES:
        blocked |= _within(sites, (centre.x_m, centre.y_m), np.maximum(gap_m, centre.radius_m + 600))
    for village in plan.FIXED_VILLAGES:
        blocked |= _within(sites, village, np.maximum(gap_m, 900))
    chosen = [(float(x), float(y)) for x, y in plan.FIXED_VILLAGES]
    for place in order.tolist():
        if not blocked[place]:
            chosen.append((float(sites[place, 0]), float(sites[place, 1])))
            blocked |= _within(sites, chosen[-1], np.maximum(gap_m, 0.8 * gap_m[place]))
    return np.array(chosen)


def _within(xy: Floats, middle: tuple[float, float], reach_m: Floats) -> Bools:
    """Return bool[n]: the point is nearer to the middle than its own reach."""
    dx, dy = xy[:, 0] - middle[0], xy[:, 1] - middle[1]
    near: Bools = dx * dx + dy * dy < reach_m * reach_m
    return near


def _crossings(land: Land) -> tuple[Floats, list[str]]:
    """Return both ends of every bridge and of the ferry, pair by pair, and their names; the ferry is last."""
    ends: list[tuple[float, float]] = []
    for _, wanted in plan.BRIDGES:
        spot = shapely.points(wanted)
        course, width = min(
            ((land.river, plan.RIVER_WIDTH_M), (land.stream, plan.STREAM_WIDTH_M)), key=lambda c: c[0].distance(spot)
        )
        along = course.project(spot)
        before, at, after = (shapely.get_coordinates(course.interpolate(along + d))[0] for d in (-60, 0, 60))
        dx, dy = after - before
        norm = (dx * dx + dy * dy) ** 0.5
        out = np.array([-dy, dx]) / norm * (width / 2 + 40)
        ends += [tuple(at - out), tuple(at + out)]
    shore = land.shore.data
    for (x, y), inland in zip(plan.FERRY, ((-45.0, -25.0), (45.0, 20.0)), strict=True):
        distance = (shore[:, 0] - x) ** 2 + (shore[:, 1] - y) ** 2
        ends.append(tuple(shore[int(np.argmin(distance))] + np.array(inland)))
    return np.array(ends), [*(name for name, _ in plan.BRIDGES), "ferry"]


def _on_rim(land: Land, wanted: Floats) -> Floats:
    """Return the place on the edge of the world nearest each wanted one."""
    lines = shapely.shortest_line(land.world.exterior, shapely.points(wanted))
    ends: Floats = shapely.get_coordinates(shapely.get_point(lines, 0))
    return ends


def _street_patterns(rng: np.random.Generator) -> tuple[Floats, Ints, Ints, Ints]:
    """Return the crossings of every settlement's streets: a bent lattice; its centre, row and column."""
    parts = []
    for k, centre in enumerate(plan.CENTRES):
        n = int(centre.radius_m / centre.spacing_m) + 2
        j, i = (part.ravel() for part in np.meshgrid(np.arange(-n, n + 1), np.arange(-n, n + 1)))
        a, b = centre.turn
        norm = (a * a + b * b) ** 0.5
        u, v = j * centre.spacing_m, i * centre.spacing_m * 1.15
        u = u + 0.16 * v * v / centre.radius_m  # streets bend, blocks differ
        v = v - 0.12 * u * u / centre.radius_m
        x, y = centre.x_m + (a * u - b * v) / norm, centre.y_m + (b * u + a * v) / norm
        rim = centre.radius_m * (0.8 + 0.35 * rng.random(len(x)))
        inside = (x - centre.x_m) ** 2 + (y - centre.y_m) ** 2 <= rim * rim
        xy = np.column_stack([x, y]) + (rng.random((len(x), 2)) - 0.5) * centre.spacing_m * 0.26
        parts.append((xy[inside], np.full(inside.sum(), k), i[inside], j[inside]))
    xy, owner, row, column = (np.concatenate(part) for part in zip(*parts, strict=True))
    return xy, owner.astype(np.int32), row.astype(np.int32), column.astype(np.int32)


def _patches(land: Land, villages: Floats, rng: np.random.Generator) -> tuple[Floats, Ints]:
    """Return close points around every village and whose they are."""
    stamp = _lattice(np.array([-_PATCH_M, -_PATCH_M, _PATCH_M, _PATCH_M]), _CLOSE_M, 0.0, rng)
    stamp = stamp[(stamp * stamp).sum(axis=1) <= _PATCH_M * _PATCH_M]
    owner = np.repeat(np.arange(len(villages), dtype=np.int32), len(stamp))
    xy = (villages[:, None, :] + stamp[None, :, :]).reshape(-1, 2)
    xy = xy + (rng.random(xy.shape) * 2 - 1) * 0.34 * _CLOSE_M
    offset = xy - villages[owner]
    keep = ((offset * offset).sum(axis=1) > (0.6 * _CLOSE_M) ** 2) & _is_dry(land, xy, 40.0)
    return xy[keep], owner[keep]


def _away_from_settlements(xy: Floats, villages: Floats) -> Bools:
    """Return bool[n]: outside every village's patch and every street pattern."""
    away_m = np.asarray(cKDTree(villages).query(xy, distance_upper_bound=_PATCH_M + _CLOSE_M)[0])
    away: Bools = away_m > _PATCH_M + 0.5 * _CLOSE_M
    for centre in plan.CENTRES:
        reach = centre.radius_m * 1.12 + 0.6 * centre.spacing_m
        away &= (xy[:, 0] - centre.x_m) ** 2 + (xy[:, 1] - centre.y_m) ** 2 > reach * reach
    return away


def _apart(xy: Floats, n_fixed: int, least_m: float = 38.0) -> Bools:
    """Return bool[n]: keep the point; later points give way to earlier ones nearer than ``least_m``."""
    keep = np.ones(len(xy), np.bool_)
    pairs = cKDTree(xy).query_pairs(least_m, output_type="ndarray")
    later = pairs.max(axis=1)
    keep[later[later >= n_fixed]] = False
    return keep


def _nearest_points(xy: Floats, centre: Ints) -> dict[str, int]:
    """Return the point nearest the middle of each street pattern."""
    named = {}
    for k, place in enumerate(plan.CENTRES):
        own = np.flatnonzero(centre == k)
        offset = xy[own] - (place.x_m, place.y_m)
        named[place.key] = int(own[np.argmin((offset * offset).sum(axis=1))])
    return named


def _join(
    shape: _Shape, crossings: list[tuple[int, int, str]], land: Land
) -> tuple[Ints, Ints, Ints, Bools, np.ndarray]:
    """Triangulate; return triangles, their neighbours, edges, which are wet, and the names of bridges."""
    mesh = Delaunay(shape.xy)
    sides = np.concatenate([mesh.simplices[:, [0, 1]], mesh.simplices[:, [1, 2]], mesh.simplices[:, [0, 2]]])
    over = np.array([(a, b) for a, b, _ in crossings])
    sides = np.concatenate([sides, over])
    n = len(shape.xy)
    keys = np.unique(sides.min(axis=1).astype(np.int64) * n + sides.max(axis=1))
    ends = np.column_stack([keys // n, keys % n]).astype(np.int32)
    a, b = ends.T
    length_m = np.sqrt(((shape.xy[a] - shape.xy[b]) ** 2).sum(axis=1))
    wet = length_m > _LONGEST_M
    same = (shape.centre[a] >= 0) & (shape.centre[a] == shape.centre[b])
    steps = np.abs(shape.row[a] - shape.row[b]) + np.abs(shape.column[a] - shape.column[b])
    wet |= same & (steps != 1)
    near = np.flatnonzero(land.shore.query(shape.xy[a], distance_upper_bound=_LONGEST_M)[0] < length_m + 40)
    shapely.prepare(land.water)
    wet[near] |= shapely.intersects(land.water, shapely.linestrings(shape.xy[ends[near]]))
    wet |= shapely.dwithin(shapely.linestrings(shape.xy[ends]), shapely.points(0, 0), _PLAIN_EDGE_M)
    label = np.full(len(ends), "", dtype=object)
    for one, other, name in crossings:
        edge = np.searchsorted(keys, min(one, other) * n + max(one, other))
        label[edge], wet[edge] = name, False
    return mesh.simplices.astype(np.int32), mesh.neighbors.astype(np.int32), ends, wet, label


def _cost(land: Land, xy: Floats, ends: Ints, length_m: Floats) -> Floats:
    """Return f64[E] metres weighted by the square of the grade."""
    height = land.relief.at(xy[:, 0], xy[:, 1])
    grade = np.abs(height[ends[:, 0]] - height[ends[:, 1]]) / length_m / _STEEP
    return length_m * np.minimum(1 + grade * grade, _COSTLIEST)
