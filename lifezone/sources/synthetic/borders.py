"""District boundaries: every place belongs to the town that is nearest over the hills; rivers and ridges divide."""

from __future__ import annotations

from typing import Final

import numpy as np
import shapely
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components, dijkstra
from scipy.spatial import cKDTree

from lifezone.model import Districts, Floats, Ints, Longs
from lifezone.sources.synthetic import plan
from lifezone.sources.synthetic.mesh import Mesh

__all__ = ["make_districts"]

_WET_FACTOR: Final = 5.0
"""Water divides: crossing it costs this much more than land."""
_LAKE_DISTRICT: Final = next(k for k, centre in enumerate(plan.CENTRES) if centre.key == "hoban")
_LAKE_SHORE_M: Final = 250.0
"""The lake with its shore and island belongs to one myeon, whole."""
_BEYOND_M: Final = 2000.0
"""The county ends at least this far from the edge of the world (from the corners of its rim)."""
_CODE: Final = "9901{:03d}"
"""Invented codes in the form of the Korean ones: 250 an eup, 310 and on myeon."""


def make_districts(mesh: Mesh) -> Districts:
    """Return the eup and the myeon, whose polygons (EPSG:5179) tile the county."""
    inside = [k for k, centre in enumerate(plan.CENTRES) if centre.rank in ("eup", "myeon")]
    owner = _without_exclaves(mesh, _owners(mesh, len(inside)), len(inside))
    faces, face_owner = _faces(mesh, owner)
    polygons = np.array([shapely.union_all(faces[face_owner == k]) for k in range(len(inside))], dtype=object)
    centres = [plan.CENTRES[k] for k in inside]
    codes = [_CODE.format(250 if centre.rank == "eup" else 300 + 10 * k) for k, centre in enumerate(centres)]
    ending = {"eup": ("읍", "-eup"), "myeon": ("면", "-myeon")}
    return Districts(
        ids=tuple(codes),
        name=tuple(centre.name + ending[centre.rank][0] for centre in centres),
        name_en=tuple(centre.name_en + ending[centre.rank][1] for centre in centres),
        polygon=polygons,
    )


def _owners(mesh: Mesh, n_districts: int) -> Ints:
    """Return i32[T] the district of every triangle, −1 beyond the county line."""
    cost = mesh.cost * np.where(mesh.wet | (mesh.special != ""), _WET_FACTOR, 1.0)
    starts = np.array([mesh.named[centre.key] for centre in plan.CENTRES])
    everything = np.ones(len(cost), np.bool_)
    away, _, source = dijkstra(mesh.graph(cost, everything), indices=starts, min_only=True, return_predecessors=True)
    centre = np.full(len(mesh.xy), -1, np.int32)
    centre[starts] = np.arange(len(starts))
    centre = centre[source]
    corners = mesh.triangles
    nearest = corners[np.arange(len(corners)), np.argmin(away[corners], axis=1)]
    owner = np.where(centre[nearest] < n_districts, centre[nearest], -1).astype(np.int32)
    lake = shapely.buffer(shapely.polygons(plan.LAKE), _LAKE_SHORE_M, quad_segs=2)
    middle = mesh.xy[corners].mean(axis=1)
    owner[shapely.contains_xy(lake, middle[:, 0], middle[:, 1])] = _LAKE_DISTRICT
    inland = shapely.buffer(shapely.polygons(plan.RIM), -_BEYOND_M, quad_segs=2)
    owner[~shapely.contains_xy(inland, middle[:, 0], middle[:, 1])] = -1
    return owner


def _without_exclaves(mesh: Mesh, owner: Ints, n_districts: int) -> Ints:
    """Return owners in which each district is one piece and the county has no hole: scraps go to a neighbour."""
    one = np.repeat(np.arange(len(owner)), 3)
    other = mesh.neighbours.ravel()
    pairs = np.column_stack([one, other])[other >= 0]
    same = pairs[owner[pairs[:, 0]] == owner[pairs[:, 1]]]
    graph = csr_array((np.ones(len(same)), (same[:, 0], same[:, 1])), shape=(len(owner),) * 2)
    _, piece = connected_components(graph, directed=False)
    size = np.bincount(piece)
    keep = np.zeros(len(owner), np.bool_)
    for k in range(-1, n_districts):
        own = np.unique(piece[owner == k])
        keep |= piece == own[np.argmax(size[own])]
    middle = mesh.xy[mesh.triangles].mean(axis=1)
    lost = ~keep
    settled = owner.copy()
    if lost.any():
        settled[lost] = owner[keep][cKDTree(middle[keep]).query(middle[lost])[1]]
    return settled


def _faces(mesh: Mesh, owner: Ints) -> tuple[np.ndarray, Ints]:
    """Return polygons between smoothed boundaries, and whose each is."""
    triangle, side = np.nonzero(mesh.neighbours >= 0)
    across = mesh.neighbours[triangle, side]
    border = (owner[triangle] != owner[across]) & (triangle < across)
    triangle, side = triangle[border], side[border]
    corners = mesh.triangles
    ends = np.column_stack([corners[triangle, (side + 1) % 3], corners[triangle, (side + 2) % 3]]).astype(np.int64)
    points, ends = np.unique(ends, return_inverse=True)
    xy, ends = _smooth(mesh.xy[points], ends.reshape(-1, 2))
    xy = np.round((xy + np.array(plan.ORIGIN)) * 10) / 10
    faces = shapely.get_parts(shapely.polygonize(shapely.get_parts(shapely.union_all(shapely.linestrings(xy[ends])))))
    inner = shapely.get_coordinates(shapely.point_on_surface(faces)) - np.array(plan.ORIGIN)
    middle = mesh.xy[mesh.triangles].mean(axis=1)
    holder = np.asarray(cKDTree(middle).query(inner, k=12)[1])
    return faces, np.array(
        [_holding(mesh, owner, near, point) for near, point in zip(holder, inner, strict=True)], np.int32
    )


def _holding(mesh: Mesh, owner: Ints, near: Longs, point: Floats) -> int:
    """Return the owner of the triangle around a point, of the nearest one when none of ``near`` holds it."""
    shapes = shapely.polygons(mesh.xy[mesh.triangles[near]])
    holds = np.flatnonzero(shapely.intersects_xy(shapes, point[0], point[1]))
    return int(owner[near[holds[0] if len(holds) else 0]])


def _smooth(xy: Floats, ends: Longs, times: int = 6) -> tuple[Floats, Longs]:
    """Return boundary lines whose points, but for those where three districts meet, lie between their neighbours."""
    n = len(xy)
    a, b = ends.T
    step = csr_array((np.ones(2 * len(a)), (np.r_[a, b], np.r_[b, a])), shape=(n, n))
    free = (np.bincount(ends.ravel(), minlength=n) == 2)[:, None]
    for _ in range(times):
        xy = np.where(free, 0.5 * xy + 0.25 * (step @ xy), xy)
    return xy, ends
