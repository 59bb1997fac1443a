"""Which mesh edges become roads: main roads first, then what joins them, each new road glad to use those before it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from scipy.sparse.csgraph import connected_components, dijkstra
from scipy.spatial import cKDTree

from lifezone.model import Bools, Floats, Ints, Longs
from lifezone.sources.synthetic import plan
from lifezone.sources.synthetic.mesh import Mesh
from lifezone.sources.synthetic.names import STREETS
from lifezone.sources.synthetic.relief import Land

__all__ = ["WALK_ONLY", "WAYS", "Courses", "Stretch", "choose_roads"]

WAYS: Final = (
    "trunk", "primary", "secondary", "tertiary", "unclassified", "residential", "living_street", "service", "track",
    "footway", "path", "ferry", "trunk_link",
)  # fmt: skip
WALK_ONLY: Final = ("footway", "path")
_REUSE: Final = 0.3
"""What a metre of road that is there costs against a new one."""
_LANES: Final = 5
"""Lanes that a village gets off its road; some fall together."""
_LOOP_SHARE: Final = 0.45
_DETOUR: Final = 1.9
_FIELD_LANES: Final = 240
_TRACK_M: Final = 1600.0


@dataclass(frozen=True, eq=False)
class Stretch:
    """Mesh edges that are one road.

    Attributes:
        edges: positions of mesh edges.
        way: class of the road.
        name: name of the road.
        dual: the carriageways are apart.
    """

    edges: Longs
    way: str
    name: str
    dual: bool = False


@dataclass(frozen=True, eq=False)
class Courses:
    """The mesh edges that are roads, n of them.

    Attributes:
        edge: i64[n] mesh edge, ascending.
        way: i32[n] position in ``WAYS``.
        name: text[n].
        dual: bool[n].
        one_way: i32[n] 1 = only from the smaller to the larger mesh point, −1 = only back, 0 = both.
        hermitage: mesh point at which people live beside the track that nothing joins.
    """

    edge: Longs
    way: Ints
    name: np.ndarray
    dual: Bools
    one_way: Ints
    hermitage: int


def choose_roads(mesh: Mesh, land: Land, names: list[str], rng: np.random.Generator) -> Courses:
    """Return the roads of one seed; ``names`` are the villages', without endings."""
    ferry = np.flatnonzero(mesh.special == "ferry")
    stretches = [Stretch(ferry, "ferry", "달섬 뱃길")]
    for ways in (("trunk",), ("primary",), ("secondary", "tertiary")):
        stretches += _main_links(mesh, stretches, ways)
    stretches += _town_streets(mesh, rng)
    stretches += _village_roads(mesh, stretches, names, rng)
    stretches += _idle_bridges(mesh, stretches)
    stretches += _cross_links(mesh, stretches, rng)
    stretches += _village_lanes(mesh, stretches, names, rng)
    stretches += _field_lanes(mesh, land, stretches, rng)
    track = _forest_track(mesh, stretches)
    return _settle(mesh, [*stretches, track], int(mesh.ends[track.edges[-1], 1]))


def _used(mesh: Mesh, stretches: list[Stretch]) -> Bools:
    """Return bool[E]: the edge is a road that cars may use."""
    used = np.zeros(len(mesh.ends), np.bool_)
    for stretch in stretches:
        if stretch.way not in WALK_ONLY:
            used[stretch.edges] = True
    return used


def _points_of(mesh: Mesh, edges: np.ndarray) -> Longs:
    """Return the mesh points that edges (positions or a mask) touch, ascending."""
    return np.unique(mesh.ends[edges]).astype(np.int64)


def _land_graph(mesh: Mesh, used: Bools) -> Any:
    """Return the matrix of dry edges, roads that are there being cheap, without the ferry."""
    return mesh.graph(np.where(used, _REUSE, 1.0) * mesh.cost, ~mesh.wet & (mesh.special != "ferry"))


def _walk_back(mesh: Mesh, before: Ints, targets: np.ndarray) -> Longs:
    """Return the edges of the shortest-path tree that lead to ``targets``, each once, ascending."""
    tips: list[np.ndarray] = []
    tails: list[np.ndarray] = []
    seen = np.zeros(len(before), np.bool_)
    at = np.unique(targets)
    while len(at):
        seen[at] = True
        back = before[at]
        at, back = at[back >= 0], back[back >= 0]
        tips.append(at)
        tails.append(back)
        back = np.unique(back) if len(back) > 1 else back
        at = back[~seen[back]]
    return np.unique(mesh.edges_of(np.concatenate(tips), np.concatenate(tails)))


def _main_links(mesh: Mesh, stretches: list[Stretch], ways: tuple[str, ...]) -> list[Stretch]:
    """Return the plan's links of some classes, by the cheapest courses."""
    links = [link for link in plan.LINKS if link.way in ways]
    starts = sorted({mesh.named[link.start] for link in links})
    graph = _land_graph(mesh, _used(mesh, stretches))
    _, before = dijkstra(graph, indices=starts, return_predecessors=True)
    made = []
    for link in links:
        edges = _walk_back(mesh, before[starts.index(mesh.named[link.start])], np.array([mesh.named[link.end]]))
        if {link.start, link.end} == {"hanbit", "saebit"}:
            open_road = (mesh.centre[mesh.ends[edges]] < 0).all(axis=1)
            made.append(Stretch(edges[open_road], link.way, link.name, dual=True))
            edges = edges[~open_road]
        made.append(Stretch(edges, link.way, link.name))
    return made


def _town_streets(mesh: Mesh, rng: np.random.Generator) -> list[Stretch]:
    """Return the streets of towns and seats: most sides of their blocks, a few left out or for feet only."""
    a, b = mesh.ends.T
    inside = (mesh.centre[a] >= 0) & (mesh.centre[a] == mesh.centre[b]) & ~mesh.wet
    along = mesh.row[a] == mesh.row[b]
    chance = rng.random(len(mesh.ends))
    town = np.array([centre.rank in ("eup", "city") for centre in plan.CENTRES])[mesh.centre[a]] & inside
    wide = town & (mesh.row[a] % 4 == 0) & along
    small = inside & ~town
    made = [Stretch(np.flatnonzero(wide & (chance > 0.05)), "tertiary", "중앙로")]
    street = np.abs(mesh.row[a]) % len(STREETS)
    for number, name in enumerate(STREETS):
        own = inside & ~wide & (street == number) & along
        made.append(Stretch(np.flatnonzero(own & (chance > np.where(small, 0.3, 0.12))), "residential", name))
    across = inside & ~along
    made.append(Stretch(np.flatnonzero(across & (chance > np.where(small, 0.25, 0.14))), "residential", ""))
    made.append(Stretch(np.flatnonzero(inside & (chance < 0.07)), "footway", ""))
    return made


def _village_roads(mesh: Mesh, stretches: list[Stretch], names: list[str], rng: np.random.Generator) -> list[Stretch]:
    """Return the road of every village to the nearest road."""
    used = _used(mesh, stretches)
    graph = _land_graph(mesh, used)
    _, before, _ = dijkstra(graph, indices=_points_of(mesh, used), min_only=True, return_predecessors=True)
    chance = rng.random(len(names))
    made = []
    for point, name, luck in zip(mesh.villages.tolist(), names, chance.tolist(), strict=True):
        edges = _walk_back(mesh, before, np.array([point]))
        far = mesh.length_m[edges].sum() > 2200
        made.append(Stretch(edges, "tertiary" if far or luck < 0.1 else "unclassified", f"{name}길"))
    return made


def _idle_bridges(mesh: Mesh, stretches: list[Stretch]) -> list[Stretch]:
    """Return a road over every bridge that none has used so far, from the nearest roads on both banks."""
    used = _used(mesh, stretches)
    bridge = (mesh.special != "") & (mesh.special != "ferry")
    idle = np.flatnonzero(bridge & ~used)
    if not len(idle):
        return []
    graph: Any = mesh.graph(np.where(used, _REUSE, 1.0) * mesh.cost, ~mesh.wet & (mesh.special == ""))
    _, before, _ = dijkstra(graph, indices=_points_of(mesh, used), min_only=True, return_predecessors=True)
    made = []
    for edge in idle.tolist():
        edges = np.append(_walk_back(mesh, before, mesh.ends[edge]), edge)
        made.append(Stretch(edges, "tertiary", str(mesh.special[edge])))
    return made


def _cross_links(mesh: Mesh, stretches: list[Stretch], rng: np.random.Generator) -> list[Stretch]:
    """Return roads and footpaths between neighbouring villages whose way round is long."""
    used = _used(mesh, stretches)
    hubs = np.concatenate([mesh.villages, [mesh.named[centre.key] for centre in plan.CENTRES]]).astype(np.int64)
    graph = _land_graph(mesh, used)
    cost, before, source = dijkstra(graph, indices=hubs, min_only=True, return_predecessors=True)
    a, b = mesh.ends.T
    met = np.flatnonzero(
        (source[a] != source[b]) & ~mesh.wet & (mesh.special == "") & (source[a] >= 0) & (source[b] >= 0)
    )
    one, other = np.minimum(source[a[met]], source[b[met]]), np.maximum(source[a[met]], source[b[met]])
    order = np.lexsort((cost[a[met]] + cost[b[met]] + mesh.cost[met], other, one))
    first = np.r_[True, (np.diff(one[order]) != 0) | (np.diff(other[order]) != 0)]
    order = order[first]
    round_m = _way_round(mesh, used, one[order], other[order])
    apart_m = np.sqrt(((mesh.xy[one[order]] - mesh.xy[other[order]]) ** 2).sum(axis=1))
    worth = round_m > _DETOUR * apart_m
    met, round_m = met[order[worth]], round_m[worth]
    made = []
    for edge, detour_m, luck in zip(met.tolist(), round_m.tolist(), rng.random(len(met)).tolist(), strict=True):
        halves = [_walk_back(mesh, before, np.array([end])) for end in mesh.ends[edge]]
        edges = np.unique(np.concatenate([[edge], *halves]).astype(np.int64))
        length_m = mesh.length_m[edges].sum()
        if detour_m < _DETOUR * length_m or length_m > 5500:
            continue
        steep = mesh.cost[edges].sum() > 3.2 * length_m
        if not steep and luck < 0.62:
            made.append(Stretch(edges, "tertiary" if luck < 0.2 else "unclassified", ""))
        elif luck < 0.85:
            made.append(Stretch(edges[~used[edges]], "path", ""))
    return made


def _way_round(mesh: Mesh, used: Bools, one: Ints, other: Ints) -> Floats:
    """Return f64[n] metres by road between two hubs each; ``inf`` beyond 12 km."""
    points = _points_of(mesh, used)
    graph = mesh.graph(mesh.length_m, used)[points][:, points]
    starts, row = np.unique(one, return_inverse=True)
    metres = dijkstra(graph, indices=np.searchsorted(points, starts), limit=12_000.0)
    round_m: Floats = metres[row, np.searchsorted(points, other)]
    return round_m


def _village_lanes(mesh: Mesh, stretches: list[Stretch], names: list[str], rng: np.random.Generator) -> list[Stretch]:
    """Return lanes that end in villages, some of them in a loop."""
    used = _used(mesh, stretches)
    roads = _points_of(mesh, used)
    on_road = np.zeros(len(mesh.xy), np.bool_)
    on_road[roads] = True
    graph = _land_graph(mesh, used)
    _, before, _ = dijkstra(graph, indices=roads, min_only=True, return_predecessors=True, limit=6000.0)
    owner = mesh.village[mesh.triangles]
    owner = np.where((owner == owner[:, :1]).all(axis=1), owner[:, 0], -1)
    made = []
    for number, name in enumerate(names):
        patch = np.flatnonzero((mesh.village == number) & ~on_road)
        targets = patch[rng.random(len(patch)).argsort(kind="stable")[:_LANES]]
        closed = rng.random() < _LOOP_SHARE
        loop = _loop(mesh, mesh.triangles[owner == number], on_road, rng) if closed else targets[:0]
        if len(loop):
            made.append(Stretch(loop, "living_street", f"{name}1길"))
            targets = np.append(targets, mesh.ends[loop[0], 0])
        made.append(Stretch(_walk_back(mesh, before, targets), "residential", f"{name}안길"))
    return made


def _loop(mesh: Mesh, triangles: Ints, on_road: Bools, rng: np.random.Generator) -> Longs:
    """Return a ring of edges around a point whose neighbours are all off the road; empty if none is.

    Args:
        mesh: the mesh.
        triangles: i32[n, 3] triangles that lie in the village.
        on_road: bool[N] the mesh point is on a road.
        rng: chooses among the points.
    """
    middles = np.unique(triangles)
    for middle in middles[rng.random(len(middles)).argsort(kind="stable")[:12]].tolist():
        around = triangles[(triangles == middle).any(axis=1)]
        ring = np.array([[corner for corner in triangle if corner != middle] for triangle in around.tolist()])
        corners, times = np.unique(ring, return_counts=True)
        if on_road[corners].any() or (times != 2).any():
            continue
        edges = mesh.edges_of(ring[:, 0], ring[:, 1])
        if not mesh.wet[edges].any():
            return edges
    return np.empty(0, np.int64)


def _field_lanes(mesh: Mesh, land: Land, stretches: list[Stretch], rng: np.random.Generator) -> list[Stretch]:
    """Return dead ends out into the fields."""
    used = _used(mesh, stretches)
    graph = _land_graph(mesh, used)
    cost, before, _ = dijkstra(graph, indices=_points_of(mesh, used), min_only=True, return_predecessors=True)
    height = land.relief.at(mesh.xy[:, 0], mesh.xy[:, 1])
    open_land = (cost > 260) & (cost < 1500) & (height < 260) & (mesh.centre < 0)
    ends = np.flatnonzero(open_land)
    ends = ends[rng.random(len(ends)).argsort(kind="stable")[:_FIELD_LANES]]
    half = len(ends) // 2
    return [
        Stretch(_walk_back(mesh, before, ends[:half]), "unclassified", ""),
        Stretch(_walk_back(mesh, before, ends[half:]), "service", ""),
    ]


def _forest_track(mesh: Mesh, stretches: list[Stretch]) -> Stretch:
    """Return a track in the hills that no road joins; its edges from one end to the other."""
    roads = _points_of(mesh, np.unique(np.concatenate([stretch.edges for stretch in stretches])))
    clear_m = np.asarray(cKDTree(mesh.xy[roads]).query(mesh.xy)[0])
    inland = (np.abs(mesh.xy) < 8_300).all(axis=1) & (clear_m > 380)
    start = int(np.flatnonzero(inland)[np.argmax(clear_m[inland])])
    keep = ~mesh.wet & inland[mesh.ends].all(axis=1)
    graph: Any = mesh.graph(mesh.length_m, keep)
    away, before = dijkstra(graph, indices=np.array(start), return_predecessors=True)
    end = int(np.argmin(np.where(np.isfinite(away), np.abs(away - _TRACK_M), np.inf)))
    return Stretch(_walk_back(mesh, before, np.array([end])), "track", "임도")


def _settle(mesh: Mesh, stretches: list[Stretch], hermitage: int) -> Courses:
    """Give every edge the first road that claims it, and drop what nothing joins."""
    way = np.full(len(mesh.ends), -1, np.int32)
    name = np.full(len(mesh.ends), "", dtype=object)
    dual = np.zeros(len(mesh.ends), np.bool_)
    for stretch in reversed(stretches):
        way[stretch.edges] = WAYS.index(stretch.way)
        name[stretch.edges] = stretch.name
        dual[stretch.edges] = stretch.dual
    bridge = (mesh.special != "") & (mesh.special != "ferry") & (way >= 0)
    name[bridge] = mesh.special[bridge]
    main = _joined(mesh, way, int(mesh.named["hanbit"]))
    edge = np.flatnonzero((way >= 0) & (main | (way == WAYS.index("track"))))
    return Courses(edge, way[edge], name[edge], dual[edge], _one_ways(mesh, edge, way[edge]), hermitage)


def _joined(mesh: Mesh, way: Ints, start: int) -> Bools:
    """Return bool[E]: a road that cars reach from ``start``, or a footpath with both ends at one."""
    walk_only = np.isin(way, [WAYS.index(each) for each in WALK_ONLY])
    driven = (way >= 0) & ~walk_only
    _, part = connected_components(mesh.graph(np.ones(len(way)), driven), directed=False)
    reached = part == part[start]
    _, part = connected_components(mesh.graph(np.ones(len(way)), way >= 0), directed=False)
    on_foot = part == part[start]
    a = mesh.ends[:, 0]
    joined: Bools = np.where(walk_only, on_foot[a], reached[a]) & (way >= 0)
    return joined


def _one_ways(mesh: Mesh, edge: Longs, way: Ints) -> Ints:
    """Return i32[n] directions: in the eup every fourth street runs one way, every fourth back."""
    a, b = mesh.ends[edge].T
    eup = (mesh.centre[a] == 0) & (mesh.centre[b] == 0) & (mesh.row[a] == mesh.row[b])
    offset = mesh.xy[a] - (plan.CENTRES[0].x_m, plan.CENTRES[0].y_m)
    core = (offset * offset).sum(axis=1) < 750.0**2
    ahead = np.where((mesh.xy[b] - mesh.xy[a]) @ np.array(plan.CENTRES[0].turn, float) > 0, 1, -1)
    small = eup & core & (way == WAYS.index("residential"))
    row = mesh.row[a] % 4
    return np.where(small & (row == 1), ahead, np.where(small & (row == 3), -ahead, 0)).astype(np.int32)
