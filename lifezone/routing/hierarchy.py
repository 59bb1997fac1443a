"""The contraction hierarchy of one search graph, and its weights for one metric.

A *hierarchy* knows the roads but no times: it is made once per topology and kept. Nodes get ranks; an *arc* joins a
node with one of higher rank, and there are enough arcs that every least cost is met on a way that first climbs and then
descends (Dibbelt, Strasser & Wagner 2016, "Customizable Contraction Hierarchies"). *Weights* are the costs of climbing
and descending each arc, for one metric: making them takes a tenth of the time, a few edited roads far less.

Costs are whole tenths of a second or of a metre, rounded once per search edge, at least 1. ``UNREACHED`` is
its own value; two of them still fit in 32 bits, so that no sum wraps.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, TypeAlias

import numpy as np
import numpy.typing as npt

from lifezone.errors import InputError
from lifezone.model import Ints, Longs, SearchGraph
from lifezone.routing.plain import plain

__all__ = ["STEPS", "UNREACHED", "Costs", "Hierarchy", "Weights", "from_arrays", "integer_costs", "to_arrays"]

Costs: TypeAlias = npt.NDArray[np.uint32]

UNREACHED: Final = 0x3FFFFFFF
"""The cost of what cannot be reached; every real cost is smaller."""
STEPS: Final = 10
"""Steps of integer cost per second and per metre."""
ARRAYS: Final = {
    "node": np.int32, "rank": np.int32, "up_first": np.int64, "up_head": np.int32, "parent": np.int32,
    "edge_arc": np.int64,
}  # fmt: skip


@dataclass(frozen=True, eq=False)
class Hierarchy:
    """Ranks and arcs of a search graph with N nodes and E edges, M arcs; knows no costs.

    Ranks follow a postorder of the elimination tree: what hangs below a node has the ranks just before it.

    Attributes:
        node: i32[N] search node at each rank; rank 0 matters least.
        rank: i32[N] rank of each search node.
        up_first: i64[N+1] arcs whose lower end has rank ``r`` are ``up_first[r]:up_first[r+1]``.
        up_head: i32[M] rank of each arc's upper end, ascending within a row, always above ``r``.
        parent: i32[N] the elimination tree: lowest upper end of each rank's arcs, −1 at a root.
        edge_arc: i64[E] for each search edge ``2*arc``, plus 1 where the edge descends from upper to lower end.
    """

    node: Ints
    rank: Ints
    up_first: Longs
    up_head: Ints
    parent: Ints
    edge_arc: Longs

    @property
    def n_nodes(self) -> int:
        """Number of search nodes N."""
        return len(self.node)

    @property
    def n_arcs(self) -> int:
        """Number of arcs M."""
        return len(self.up_head)


@dataclass(frozen=True, eq=False)
class Weights:
    """One metric's costs on a hierarchy, in tenths of a second or metre; ``UNREACHED`` where there is no way.

    Attributes:
        hierarchy: what the costs belong to.
        edge_cost: u32[E] the search edges' costs that everything was made of.
        climb: u32[M] cost of each arc from lower to upper end, over nodes of lower rank alone.
        descend: u32[M] likewise from upper to lower end.
        climb_first: i64[N+1] rows by lower end of the climbing arcs that sweeps need.
        climb_head: i32[K] upper end of each.
        climb_cost: u32[K] cost of each.
        descend_first: i64[N+1] likewise for descending arcs: rows are by their lower end too.
        descend_head: i32[L] upper end of each, where the arc comes from.
        descend_cost: u32[L] cost of each.
    """

    hierarchy: Hierarchy
    edge_cost: Costs
    climb: Costs
    descend: Costs
    climb_first: Longs
    climb_head: Ints
    climb_cost: Costs
    descend_first: Longs
    descend_head: Ints
    descend_cost: Costs


def integer_costs(graph: SearchGraph, metric: str) -> Costs:
    """Return each search edge's cost in tenths of a second (``time``) or metre (``length``), u32[E].

    Rounded once to the nearest step, half to even, at least 1: an edge is off by half a step, at most one where it is
    shorter than half a step. What takes longer than 100,000,000 s counts as unreached.

    Raises:
        InputError: ``metric`` is neither ``time`` nor ``length``.
    """
    if metric not in ("time", "length"):
        raise InputError(f"metric must be time or length, got {metric!r}")
    whole = graph.chain_seconds if metric == "time" else graph.chain_metres
    steps = np.clip(np.rint(whole[graph.chain] * STEPS), 1, UNREACHED)
    return steps.astype(np.uint32)


def to_arrays(hierarchy: Hierarchy) -> dict[str, np.ndarray]:
    """Return the hierarchy as plain arrays by name, to be kept on disk under the topology's hash."""
    return {name: getattr(hierarchy, name) for name in ARRAYS}


def from_arrays(arrays: Mapping[str, np.ndarray]) -> Hierarchy:
    """Make the hierarchy of the arrays that :func:`to_arrays` gave.

    Raises:
        InputError: An array is missing.
    """
    missing = [name for name in ARRAYS if name not in arrays]
    if missing:
        raise InputError(f"kept hierarchy: no array {', '.join(missing)}; prepare it again")
    return Hierarchy(**{name: plain(arrays[name], dtype) for name, dtype in ARRAYS.items()})
