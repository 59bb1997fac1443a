"""Road networks of any size for timings: clustered towns, few crossroads, quick roads between centres, some one-ways.

How: points crowd around centres whose sizes fall as 1/rank, the rest lies anywhere; they are joined by Delaunay
triangles. A minimum spanning tree and the shortest of the other sides give an undirected degree of 2.5. Shortest paths
between neighbouring centres become quick roads of three classes, 5–8 % of the rest one-way. Only the largest strongly
connected part is kept, so slightly fewer nodes come out than were asked for. 10⁶ nodes take about half a minute.
"""

from __future__ import annotations

from typing import Any, Final

import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components, dijkstra, minimum_spanning_tree
from scipy.spatial import Delaunay, cKDTree

from lifezone.model import Floats, Ints, Longs, Network

__all__ = ["WAYS", "road_like"]

WAYS: Final = ("motorway", "primary", "secondary", "residential")
SPEEDS_KMH: Final = (90.0, 60.0, 45.0, 27.0)
WALK_MPS: Final = 3 / 3.6
DEGREE: Final = 2.5
ONE_WAY_SHARE: Final = 0.085
CLUSTERED_SHARE: Final = 0.6
NODES_PER_KM2: Final = 45.0
"""So dense that an edge has about 13 s by car in the middle, as ENGINE section 2 has it."""


def road_like(n_nodes: int, seed: int) -> Network:
    """Return a road network of about ``n_nodes`` vertices for car and walk, in shuffled order.

    Args:
        n_nodes: how many points are strewn, 1,000 or more; the part that holds together is kept.
        seed: the same number makes the same network.
    """
    rng = np.random.default_rng(seed)
    side_m = (n_nodes / NODES_PER_KM2) ** 0.5 * 1000
    n_centres = max(8, int(n_nodes**0.5 / 6))
    centres = rng.random((n_centres, 2)) * side_m
    xy = _strew(n_nodes, centres, side_m, rng)
    tail, head = _sparse_edges(xy, rng)
    metres = np.maximum(np.sqrt(((xy[tail] - xy[head]) ** 2).sum(axis=1)), 0.5)
    way = _classes(xy, centres, tail, head, metres)
    one_way = (rng.random(len(tail)) < ONE_WAY_SHARE) & (way > 0)
    return _largest_part(xy, tail, head, metres, way, one_way)


def _strew(n: int, centres: Floats, side_m: float, rng: np.random.Generator) -> Floats:
    """Return f64[n, 2] points, most of them around centres whose shares fall as 1/rank."""
    clustered = int(n * CLUSTERED_SHARE)
    size = 1 / np.arange(1, len(centres) + 1)
    owner = rng.choice(len(centres), clustered, p=size / size.sum())
    spread_m = side_m * 0.35 * (size / size.sum())[owner] ** 0.5
    near = centres[owner] + rng.normal(size=(clustered, 2)) * spread_m[:, None]
    outside = ((near < 0) | (near > side_m)).any(axis=1)
    near[outside] = rng.random((int(outside.sum()), 2)) * side_m  # a far outlier would hang on an endless edge
    xy = np.concatenate([near, rng.random((n - clustered, 2)) * side_m])
    strewn: Floats = xy[rng.permutation(n)]
    return strewn


def _sparse_edges(xy: Floats, rng: np.random.Generator) -> tuple[Longs, Longs]:
    """Return the edges of a spanning tree and of enough other short Delaunay sides for the wanted degree."""
    corners = Delaunay(xy).simplices.astype(np.int64)
    sides = np.concatenate([corners[:, [0, 1]], corners[:, [1, 2]], corners[:, [0, 2]]])
    n = len(xy)
    keys = np.unique(sides.min(axis=1) * n + sides.max(axis=1))
    tail, head = keys // n, keys % n
    length = np.sqrt(((xy[tail] - xy[head]) ** 2).sum(axis=1))
    graph: Any = csr_array((length + 1e-6, (tail, head)), shape=(n, n))
    tree = minimum_spanning_tree(graph).tocoo()
    in_tree = np.isin(keys, np.minimum(tree.row, tree.col).astype(np.int64) * n + np.maximum(tree.row, tree.col))
    least = _least(n, tail, head, length)
    local = np.minimum(least[tail], least[head])
    others = np.flatnonzero(~in_tree & (length < 6 * local))
    wanted = int(n * DEGREE / 2) - int(in_tree.sum())
    order = np.argsort(length[others] / local[others] * (0.5 + rng.random(len(others))), kind="stable")
    keep = np.sort(np.concatenate([np.flatnonzero(in_tree), others[order[:wanted]]]))
    return tail[keep], head[keep]


def _least(n: int, tail: Longs, head: Longs, length: Floats) -> Floats:
    """Return f64[n] the shortest edge at each point."""
    least = np.full(n, np.inf)
    np.minimum.at(least, tail, length)
    np.minimum.at(least, head, length)
    return least


def _classes(xy: Floats, centres: Floats, tail: Longs, head: Longs, metres: Floats) -> Ints:
    """Return i32[E] the class of each edge: shortest paths between neighbouring centres are quick roads."""
    n = len(xy)
    way = np.full(len(tail), len(WAYS) - 1, np.int32)
    hub = np.asarray(cKDTree(xy).query(centres)[1], np.int64)
    sides = Delaunay(centres).simplices
    pairs = np.unique(np.sort(np.concatenate([sides[:, [0, 1]], sides[:, [1, 2]], sides[:, [0, 2]]]), axis=1), axis=0)
    graph: Any = csr_array((np.r_[metres, metres], (np.r_[tail, head], np.r_[head, tail])), shape=(n, n))
    keys = tail * n + head
    _, before, source = dijkstra(graph, indices=hub, min_only=True, return_predecessors=True)
    meeting = _meetings(tail, head, metres, source, graph, hub)
    rank = {int(h): k for k, h in enumerate(hub)}
    wanted = {(min(hub[a], hub[b]), max(hub[a], hub[b])) for a, b in pairs.tolist()}
    for (one, other), edge in sorted(meeting.items(), reverse=True):
        if (one, other) not in wanted:
            continue
        importance = max(rank[one], rank[other]) / len(hub)
        level = 0 if importance < 0.25 else 1 if importance < 0.55 else 2
        path = [edge]
        for end in (int(tail[edge]), int(head[edge])):
            at = end
            while before[at] >= 0:
                onward = int(before[at])
                path.append(int(np.searchsorted(keys, min(at, onward) * n + max(at, onward))))
                at = onward
        way[path] = np.minimum(way[path], level)
    return way


def _meetings(
    tail: Longs, head: Longs, metres: Floats, source: Ints, graph: Any, hub: Longs
) -> dict[tuple[int, int], int]:
    """Return for each two neighbouring hubs the edge at which the shortest way between them meets."""
    away = dijkstra(graph, indices=hub, min_only=True)
    one, other = source[tail].astype(np.int64), source[head].astype(np.int64)
    at = np.flatnonzero((one != other) & (one >= 0) & (other >= 0))
    low, high = np.minimum(one[at], other[at]), np.maximum(one[at], other[at])
    order = np.lexsort((away[tail[at]] + metres[at] + away[head[at]], high, low))
    first = np.r_[True, (np.diff(low[order]) != 0) | (np.diff(high[order]) != 0)] if len(at) else np.empty(0, bool)
    chosen = order[first]
    return {(int(a), int(b)): int(e) for a, b, e in zip(low[chosen], high[chosen], at[chosen], strict=True)}


def _largest_part(xy: Floats, tail: Longs, head: Longs, metres: Floats, way: Ints, one_way: np.ndarray) -> Network:
    """Return the largest strongly connected part as a Network."""
    ends = np.r_[tail, head[~one_way]], np.r_[head, tail[~one_way]]
    graph: Any = csr_array((np.ones(len(ends[0]), np.int8), ends), shape=(len(xy),) * 2)
    _, part = connected_components(graph, directed=True, connection="strong")
    kept = part == np.bincount(part).argmax()
    edge = kept[tail] & kept[head]
    position = np.cumsum(kept) - 1
    start, end = position[tail[edge]].astype(np.int32), position[head[edge]].astype(np.int32)
    metres, way, one_way = metres[edge], way[edge], one_way[edge]
    drive = metres / (np.array(SPEEDS_KMH)[way] / 3.6)
    car = np.column_stack([drive, np.where(one_way, np.inf, drive)]).ravel()
    walk = np.where(way == 0, np.inf, metres / WALK_MPS)
    x_m, y_m = xy[kept].T
    return Network(
        x_m=x_m.copy(), y_m=y_m.copy(), border=np.zeros(len(x_m), np.bool_), tail=start, head=end, metres=metres,
        seconds={"car": car, "walk": np.repeat(walk, 2)}, way=way.astype(np.int16), ways=WAYS,
        name=np.zeros(len(start), np.int32), names=("",), crs="EPSG:5179", modelled="random network for timings",
    )  # fmt: skip
