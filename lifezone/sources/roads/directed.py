"""From directed edges with shapes (tables of links, GraphML) to a network.

Two edges A→B and B→A that run along the same line and are equally long are one road with both directions open, so
that a point beside it sees both; every other edge is a road of its own, open one way. The length that a source states
is spread along the line in proportion.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import shapely

from lifezone.model import Bools, Floats, Ints, Longs, Network
from lifezone.sources.crs import DEGREES, inside_clip, to_crs
from lifezone.sources.osm.segments import text_codes
from lifezone.sources.road_ids import RoadIds

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

__all__ = ["OFF_NODE_M", "DirectedEdges", "network_of_edges", "roads_of_edges"]

SAME_PLACE_M: Final = 0.01
"""Shapes are compared on a grid this fine."""
OFF_NODE_M: Final = 1.0
"""A line's end nearer than this to its node is put on it; farther ones are joined to it by a straight piece."""
SAME_LENGTH_M: Final = 1.0
SAME_LENGTH_SHARE: Final = 0.01
"""Twin directions whose lengths differ by more than both are kept apart."""


@dataclass(frozen=True, eq=False)
class DirectedEdges:
    """Roads as a source states them, N nodes and E directed edges.

    Attributes:
        x_m: f64[N] easting of each node in the study's CRS.
        y_m: f64[N] northing.
        tail: i32[E] node at which the edge starts.
        head: i32[E] node at which it ends.
        line: object[E] shapely line from tail to head in the study's CRS; the straight line where None.
        metres: f64[E] length.
        car_s: f64[E] time by car along the edge, ``inf`` = closed.
        walkable: bool[E] whether feet may use it, in both directions.
        way: E way classes.
        name: E road names, may be empty texts.
        node_id: object[N] ids of the nodes as text; None = unknown.
        link_id: object[E] ids of the edges as text; None = unknown.
    """

    x_m: Floats
    y_m: Floats
    tail: Ints
    head: Ints
    line: np.ndarray
    metres: Floats
    car_s: Floats
    walkable: Bools
    way: Sequence[str]
    name: Sequence[str]
    node_id: np.ndarray | None = None
    link_id: np.ndarray | None = None


@dataclass(frozen=True, eq=False)
class _Roads:
    """Edges joined to roads: per road the edge that runs forward and the one that runs back, −1 = none."""

    ahead: Longs
    back: Longs
    apart: int


def network_of_edges(
    edges: DirectedEdges, *, walk_mps: float, crs: str, clip: BaseGeometry | None = None, notes: Sequence[str] = ()
) -> Network:
    """Make a network of directed edges; see :func:`roads_of_edges`."""
    return roads_of_edges(edges, walk_mps=walk_mps, crs=crs, clip=clip, notes=notes)[0]


def roads_of_edges(
    edges: DirectedEdges, *, walk_mps: float, crs: str, clip: BaseGeometry | None = None, notes: Sequence[str] = ()
) -> tuple[Network, RoadIds | None]:
    """Make a network of directed edges, with the ids of nodes and links where they are known.

    Pieces with at least one end inside the clip (degrees) are kept.
    A vertex outside the clip is at the border. A source of this kind does not say where it was cut itself: told.
    """
    shapes = [_shape(edges, e) for e in range(len(edges.tail))]
    roads = _joined(edges, shapes)
    main = np.where(roads.ahead >= 0, roads.ahead, roads.back)  # every road has at least one
    # a road is drawn along the edge that it has; "ahead" is that edge's own direction
    ahead, back = main, np.where(roads.ahead >= 0, roads.back, -1)
    size = np.array([len(shapes[e]) for e in main], dtype=np.int64)
    x_m, y_m, tail, head = _vertices(edges, main, shapes, size)
    piece_m = np.hypot(x_m[head] - x_m[tail], y_m[head] - y_m[tail])
    road = np.repeat(np.arange(len(main), dtype=np.int64), size - 1)
    share = _shares(piece_m, road, size - 1)
    both = back >= 0
    metres = np.where(both, (edges.metres[main] + edges.metres[back]) / 2, edges.metres[main])
    may_walk = edges.walkable[main] | (both & edges.walkable[back])
    seconds = {"car": np.full(2 * len(road), np.inf), "walk": np.full(2 * len(road), np.inf)}
    seconds["car"][::2] = _times(share, edges.car_s[ahead][road])
    seconds["car"][1::2] = _times(share, np.where(both, edges.car_s[back], np.inf)[road])
    walk_s = np.where(may_walk, metres / walk_mps, np.inf)[road]
    seconds["walk"][::2] = seconds["walk"][1::2] = _times(share, walk_s)
    ways = tuple(sorted({edges.way[e] for e in main}))
    way = np.array([ways.index(edges.way[e]) for e in main], dtype=np.int16)
    name, names = text_codes([edges.name[e] for e in main])
    network = Network(
        x_m=x_m, y_m=y_m, border=np.zeros(len(x_m), dtype=np.bool_), tail=tail, head=head,
        metres=share * metres[road], seconds=seconds, way=way[road], ways=ways, name=name[road],
        names=names, crs=crs, notes=(*notes, *_notes(roads, int(both.sum()))),
    )  # fmt: skip
    clipped, vertex, keep = _clipped(network, clip)
    if edges.node_id is None or edges.link_id is None:
        return clipped, None
    node_id = np.full(len(x_m), "", dtype=object)
    node_id[: len(edges.x_m)] = edges.node_id
    link_id = edges.link_id[np.stack([main, np.where(both, back, main)], axis=1)[road[keep]]].ravel()
    return clipped, RoadIds(node_id[vertex], link_id)


def _shape(edges: DirectedEdges, e: int) -> Floats:
    """Return f64[n, 2] the vertices of an edge from tail to head, without repeats.

    The first and the last are the nodes; an end of the line that lies off its node stays as a bend before it.
    """
    ends = np.array([[edges.x_m[i], edges.y_m[i]] for i in (edges.tail[e], edges.head[e])])
    line = edges.line[e]
    if line is None:
        return ends
    drawn = shapely.get_coordinates(line)
    off = np.hypot(*(drawn[[0, -1]] - ends).T) > OFF_NODE_M
    shape = np.concatenate([ends[:1], drawn[0 if off[0] else 1 : None if off[1] else -1], ends[1:]])
    if len(shape) > 2:
        fresh = np.concatenate([[True], np.any(np.diff(shape, axis=0) != 0, axis=1)])
        fresh[-1] = True
        shape = shape[fresh]
    return shape


def _joined(edges: DirectedEdges, shapes: Sequence[Floats]) -> _Roads:
    """Find twin directions: the same two nodes, the same line run the other way, as long within the tolerance."""
    waiting: dict[tuple[Any, ...], list[int]] = {}
    ahead: list[int] = []
    back: list[int] = []
    apart = 0
    for e, shape in enumerate(shapes):
        tail, head = int(edges.tail[e]), int(edges.head[e])
        grid = np.round(shape / SAME_PLACE_M).astype(np.int64)
        twins = waiting.get((head, tail, grid[::-1].tobytes()), [])
        twin = next((road for road in twins if _as_long(edges.metres[ahead[road]], edges.metres[e])), None)
        if twin is not None:
            twins.remove(twin)
            back[twin] = e
            continue
        apart += bool(twins)
        waiting.setdefault((tail, head, grid.tobytes()), []).append(len(ahead))
        ahead.append(e)
        back.append(-1)
    return _Roads(np.array(ahead, dtype=np.int64), np.array(back, dtype=np.int64), apart)


def _as_long(one_m: float, other_m: float) -> bool:
    """Say whether two lengths agree within the tolerance."""
    return abs(one_m - other_m) <= max(SAME_LENGTH_M, SAME_LENGTH_SHARE * max(one_m, other_m))


def _vertices(
    edges: DirectedEdges, main: Longs, shapes: Sequence[Floats], size: Longs
) -> tuple[Floats, Floats, Ints, Ints]:
    """Return vertices (the nodes first, then the bends) and the ends of each piece, road by road."""
    bends = [shapes[e][1:-1] for e in main]
    inner = np.concatenate(bends) if bends else np.empty((0, 2))
    n_nodes, n_inner = len(edges.x_m), size - 2
    first = n_nodes + np.cumsum(n_inner) - n_inner
    tail: list[Ints] = []
    head: list[Ints] = []
    for road, e in enumerate(main.tolist()):
        chain = np.empty(size[road], dtype=np.int32)
        chain[0], chain[-1] = edges.tail[e], edges.head[e]
        chain[1:-1] = np.arange(first[road], first[road] + n_inner[road])
        tail.append(chain[:-1])
        head.append(chain[1:])
    x_m = np.concatenate([edges.x_m, inner[:, 0]])
    y_m = np.concatenate([edges.y_m, inner[:, 1]])
    if not tail:
        return x_m, y_m, np.empty(0, np.int32), np.empty(0, np.int32)
    return x_m, y_m, np.concatenate(tail), np.concatenate(head)


def _shares(piece_m: Floats, road: Longs, pieces: Longs) -> Floats:
    """Return each piece's share of its road; equal shares where the line has no length."""
    total = np.bincount(road, weights=piece_m, minlength=len(pieces))[road]
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.where(total > 0, piece_m / total, 1.0 / pieces[road])


def _times(share: Floats, seconds: Floats) -> Floats:
    """Return the time of each piece; closed stays closed even where the share is 0."""
    out = np.full(len(share), np.inf)
    np.multiply(share, seconds, out=out, where=np.isfinite(seconds))
    return out


def _notes(roads: _Roads, two_way: int) -> list[str]:
    """Tell how edges were joined."""
    notes = [
        f"{len(roads.ahead):,} roads: {two_way:,} two-way (two directions along one line), "
        f"{len(roads.ahead) - two_way:,} one-way",
        "the source does not say where it was cut: times near its edge may be too long",
    ]
    if roads.apart:
        notes.insert(1, f"{roads.apart:,} edges share a line with one of another length and are kept apart")
    return notes


def _clipped(network: Network, clip: BaseGeometry | None) -> tuple[Network, Longs, Bools]:
    """Keep the pieces with an end inside the clip, and the vertices that they use; tell which these are."""
    lon, lat = to_crs(network.x_m, network.y_m, network.crs, DEGREES)
    within = inside_clip(lon, lat, DEGREES, clip)
    keep = within[network.tail] | within[network.head]
    vertex, ends = np.unique(np.concatenate([network.tail[keep], network.head[keep]]), return_inverse=True)
    tail, head = np.split(ends.astype(np.int32), 2)
    clipped = Network(
        x_m=network.x_m[vertex], y_m=network.y_m[vertex], border=~within[vertex], tail=tail, head=head,
        metres=network.metres[keep],
        seconds={mode: seconds[np.repeat(keep, 2)] for mode, seconds in network.seconds.items()},
        way=network.way[keep], ways=network.ways, name=network.name[keep], names=network.names, crs=network.crs,
        notes=network.notes,
    )  # fmt: skip
    return clipped, vertex, keep
