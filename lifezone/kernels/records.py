"""The records that searches work on, as numpy types, and the bundles of arrays that kernels take; needs no compiler."""

from __future__ import annotations

from typing import Any, Final, NamedTuple, TypeAlias

import numpy as np
import numpy.typing as npt

__all__ = [
    "ARC", "EDGE", "ENTRY", "FRONT", "HOOK", "K_ENTRY", "LABEL", "NODE", "ON_CHAIN", "PAIR", "SEED",
    "Arcs", "Edges", "Field", "Grid", "Hooks", "Lines", "Records",
]  # fmt: skip

Records: TypeAlias = Any
"""An array of records, or one record of it (numpy has no type for a named field)."""

LABEL: Final = np.dtype([("cost", "f8"), ("other", "f8"), ("owner", "i4"), ("via", "i4")])
"""What a search knows of a node: least cost, other metric of the same trip, its seed's owner, the edge it came by."""
EDGE: Final = np.dtype([("cost", "f8"), ("other", "f8"), ("head", "i4"), ("chain", "i4")])
"""A search edge with both metrics side by side: one cache line where four arrays would be four."""
NODE: Final = np.dtype([("cost", "f8"), ("owner", "i4"), ("first", "u4")])
"""What the lean search knows of a node: least cost, its owner (−1 = unreached), and where the node's edges begin."""
ARC: Final = np.dtype([("cost", "f8"), ("head", "u4"), ("onward", "u4")])
"""An edge of the lean search; ``onward`` is 0 when all edges of its head lead straight back, 1 otherwise."""
FRONT: Final = np.dtype([("cost", "f8"), ("begin", "u4"), ("end", "u4"), ("owner", "i4"), ("pad", "i4")])
"""A node whose edges are about to be followed."""
SEED: Final = np.dtype([("cost", "f8"), ("other", "f8"), ("node", "i4"), ("owner", "i4")])
"""Where a search starts: node, cost and other metric up to it, and whose seed it is."""
ENTRY: Final = np.dtype([("key", "f8"), ("node", "i4"), ("next", "i4")])
"""An entry of the queue: cost it was entered with, node, next entry of the same bucket."""
K_ENTRY: Final = np.dtype([("key", "f8"), ("node", "i4"), ("next", "i4"), ("owner", "i4"), ("pad", "i4")])
"""An entry of the queue when a node holds several owners."""
ON_CHAIN: Final = np.dtype(
    [("cost", "f8"), ("other", "f8"), ("end_cost", "f8"), ("end_other", "f8"), ("owner", "i4"), ("chain", "i4")]
)
"""Something on a chain: its place along the chain, what its own access walk costs, whose it is, which chain."""
HOOK: Final = np.dtype([("cost", "f8"), ("other", "f8"), ("end_cost", "f8"), ("point", "i4"), ("pad", "i4")])
"""A leg of a point at a node: the leg's cost, the other metric, the cost of the point's own access walk."""
PAIR: Final = np.dtype([("cost", "f8"), ("other", "f8"), ("point", "i4"), ("owner", "i4")])
"""A point within reach of a facility; the point's own access walk is not in the cost."""


class Edges(NamedTuple):
    """Search edges of one direction and metric: edges of ``u`` are ``edge[first[u]:first[u+1]]``.

    Attributes:
        first: i64[N+1].
        edge: EDGE[E].
        per_cost: buckets per unit of cost (one over the bucket width).
    """

    first: npt.NDArray[np.int64]
    edge: Records
    per_cost: float


class Arcs(NamedTuple):
    """What the lean search reads, of one direction and metric.

    Attributes:
        blank: NODE[N+1], nothing reached yet; edges of ``u`` are ``arc[blank[u].first:blank[u+1].first]``.
        arc: ARC[E].
        per_cost: buckets per unit of cost.
    """

    blank: Records
    arc: Records
    per_cost: float


class Hooks(NamedTuple):
    """Where n points meet the graph, in the metric that is searched by (``cost``) and the other one.

    Attributes:
        node: i32[n, 2] search node of each leg, −1 = none.
        cost: f64[n, 2] of the leg.
        other: f64[n, 2] of the leg.
        chain_cost: f64[n, 2] place along the chain.
        chain_other: f64[n, 2] likewise.
        low: i64[n, 2] first facility on the same chain; ``low == high`` = none.
        high: i64[n, 2] one past the last.
        sign: +1 when the facility must lie ahead of the point, −1 when behind (trips from the facility).
    """

    node: npt.NDArray[np.int32]
    cost: npt.NDArray[np.float64]
    other: npt.NDArray[np.float64]
    chain_cost: npt.NDArray[np.float64]
    chain_other: npt.NDArray[np.float64]
    low: npt.NDArray[np.int64]
    high: npt.NDArray[np.int64]
    sign: float


class Field(NamedTuple):
    """Everything that bounded searches read.

    Attributes:
        edges: search edges.
        seed: SEED sorted by owner.
        seed_first: i64[F+1] seeds of each facility.
        on_chain: ON_CHAIN places of facilities, sorted by owner.
        on_chain_first: i64[F+1].
        node_hook: HOOK legs of points, sorted by node.
        node_first: i64[N+1].
        chain_hook: ON_CHAIN places of points, sorted by chain.
        chain_first: i64[C+1].
        sign: +1 when facilities must lie ahead of points, −1 when behind.
    """

    edges: Edges
    seed: Records
    seed_first: npt.NDArray[np.int64]
    on_chain: Records
    on_chain_first: npt.NDArray[np.int64]
    node_hook: Records
    node_first: npt.NDArray[np.int64]
    chain_hook: Records
    chain_first: npt.NDArray[np.int64]
    sign: float


class Lines(NamedTuple):
    """Straight lines from (x0, y0) to (x1, y1), f64[n] each, metres, in ascending order of what they stand for."""

    x0: npt.NDArray[np.float64]
    y0: npt.NDArray[np.float64]
    x1: npt.NDArray[np.float64]
    y1: npt.NDArray[np.float64]


class Grid(NamedTuple):
    """Square cells over the lines: cell ``row * columns + column`` lists ``line[first[cell]:first[cell+1]]``."""

    west: float
    south: float
    cell_m: float
    columns: int
    rows: int
    first: npt.NDArray[np.int64]
    line: npt.NDArray[np.int32]
