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
from functools import cached_property
from typing import TYPE_CHECKING, Final, TypeAlias

import numpy as np
import numpy.typing as npt

from lifezone.errors import InputError
from lifezone.model import Floats, Ints, Longs, SearchGraph
from lifezone.routing.plain import plain

if TYPE_CHECKING:
    from lifezone.kernels.customise import Arcs
    from lifezone.kernels.repair import EdgeCosts

__all__ = [
    "STEPS", "UNREACHED", "Costs", "Hierarchy", "Weights", "cost_between", "customise", "from_arrays", "integer_costs",
    "order_nodes", "recustomise", "to_arrays", "unpack",
]  # fmt: skip

Costs: TypeAlias = npt.NDArray[np.uint32]

UNREACHED: Final = 0x3FFFFFFF
"""The cost of what cannot be reached; every real cost is smaller."""
LARGE_SHARE: Final = 1 / 16
"""Share of the arcs that may be touched before everything is made anew."""
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
        edge_arc: i64[E] for each search edge ``2*arc``, plus 1 where the edge descends; −1 for a loop.
    """

    node: Ints
    rank: Ints
    up_first: Longs
    up_head: Ints
    parent: Ints
    edge_arc: Longs

    @cached_property
    def arcs(self) -> Arcs:
        """The arcs by lower and by upper end, as kernels take them."""
        from lifezone.kernels.chordal import lower_arcs  # noqa: PLC0415
        from lifezone.kernels.customise import Arcs  # noqa: PLC0415

        return Arcs(self.up_first, self.up_head, *lower_arcs(self.up_first, self.up_head))

    @cached_property
    def edges_by_arc(self) -> tuple[Longs, Ints]:
        """The search edges sorted by ``edge_arc``: the sorted values and the edges."""
        edge = np.argsort(self.edge_arc, kind="stable").astype(np.int32)
        return self.edge_arc[edge], edge

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


def order_nodes(graph: SearchGraph, x_m: Floats, y_m: Floats) -> Hierarchy:
    """Prepare a search graph: rank its nodes and find all arcs; only ``first_out`` and ``head`` are looked at.

    Args:
        graph: N nodes, in an order that keeps neighbours near.
        x_m: f64[N] easting of each node, metres; places only make the cuts good, no answer hangs on them.
        y_m: f64[N] northing.
    """
    from lifezone.kernels import chordal, flow, order  # noqa: PLC0415

    first_out, head = plain(graph.first_out, np.int64), plain(graph.head, np.int32)
    first, beside = order.neighbours_of(first_out, head)
    left = beside.copy()
    degree = np.diff(first).astype(np.int32)
    early, gone = order.eliminate_low(first, left, degree)
    core_first, core_head, core_node = order.core_of(first, left, degree, gone)
    sorted_by = _along_directions(x_m[core_node], y_m[core_node])
    room = flow.make_room(len(core_node), len(core_head))
    order.dissect(core_first, core_head, order.twin_arcs(core_first, core_head), sorted_by, room)
    node = np.concatenate([early, core_node[sorted_by[-1]]])
    parent = chordal.elimination_tree(first, beside, node, _inverse(node))
    place = chordal.postorder(parent)
    node, parent = node[_inverse(place)], _moved(parent, place)
    rank = _inverse(node)
    up_first, up_head = chordal.complete(first, beside, node, rank, parent)
    chordal.sort_rows(up_first, up_head)
    edge_arc = chordal.arcs_of_edges(first_out, head, rank, up_first, up_head)
    return Hierarchy(node=node, rank=rank, up_first=up_first, up_head=up_head, parent=parent, edge_arc=edge_arc)


def _along_directions(x_m: Floats, y_m: Floats) -> Ints:
    """Return i32[5, K]: nodes sorted along east, north and both diagonals (ties: the lower first), and as they are."""
    lines = (x_m, y_m, x_m + y_m, x_m - y_m)
    return np.array([*(np.argsort(line, kind="stable") for line in lines), np.arange(len(x_m))], np.int32)


def _inverse(order: Ints) -> Ints:
    """Return the position of each number in a permutation."""
    position = np.empty(len(order), np.int32)
    position[order] = np.arange(len(order), dtype=np.int32)
    return position


def _moved(parent: Ints, place: Ints) -> Ints:
    """Return the parents after rank ``r`` has become rank ``place[r]``."""
    moved = np.full(len(parent), -1, np.int32)
    moved[place] = np.where(parent >= 0, place[parent], -1)
    return moved


def customise(hierarchy: Hierarchy, cost: Costs, *, perfect: bool = True) -> Weights:
    """Give a hierarchy the costs of one metric.

    Args:
        hierarchy: of the search graph that the costs belong to.
        cost: u32[E] of each search edge, 1 to ``UNREACHED``; that is, a closed edge.
        perfect: leave out the arcs that no cheapest way needs, so that sweeps are half as long.

    Raises:
        InputError: ``cost`` has the wrong length, or a cost is 0 or above ``UNREACHED``.
    """
    cost = _checked(cost, len(hierarchy.edge_arc)).copy()  # theirs, so that a change in place is not seen elsewhere
    climb = np.empty(hierarchy.n_arcs, np.uint32)
    descend = np.empty(hierarchy.n_arcs, np.uint32)
    _fill(hierarchy, cost, climb, descend)
    return _weights(hierarchy, cost, climb, descend, perfect)


def _fill(hierarchy: Hierarchy, cost: Costs, climb: Costs, descend: Costs) -> None:
    """Write basic costs."""
    from lifezone.kernels.customise import edge_costs, over_lower  # noqa: PLC0415

    edge_costs(hierarchy.edge_arc, cost, climb, descend)
    over_lower(hierarchy.arcs, climb, descend)


def _checked(cost: Costs, expected: int) -> Costs:
    """Return the costs as kernels want them, or raise."""
    cost = plain(cost, np.uint32)
    if len(cost) != expected:
        raise InputError(f"costs: expected {expected:,} search edges, got {len(cost):,}")
    if len(cost) and (cost.min() < 1 or cost.max() > UNREACHED):
        raise InputError(f"costs must be from 1 to {UNREACHED:,} (closed), got {cost.min():,} to {cost.max():,}")
    return cost


def _weights(hierarchy: Hierarchy, edge_cost: Costs, climb: Costs, descend: Costs, perfect: bool) -> Weights:
    """Return basic costs with the arcs for sweeps: the needed ones, or simply all."""
    from lifezone.kernels.customise import keep_needed, over_upper  # noqa: PLC0415

    first, head = hierarchy.up_first, hierarchy.up_head
    if not perfect:
        rows = (first, head, climb, first, head, descend)
        return Weights(hierarchy, edge_cost, climb, descend, *rows)
    spare = np.zeros((2, len(head)), np.bool_)
    over_upper(hierarchy.arcs, climb.copy(), descend.copy(), spare[0], spare[1])
    up, down = keep_needed(first, head, climb, spare[0]), keep_needed(first, head, descend, spare[1])
    return Weights(hierarchy, edge_cost, climb, descend, *up, *down)


def recustomise(
    weights: Weights, edges: Ints, cost: Costs, *, perfect: bool = False, in_place: bool = False
) -> Weights:
    """Return the weights after the costs of some search edges changed; equal to customising all anew.

    Only what hangs on those edges is made anew; when that is a large part, everything is, which is quicker then.

    Args:
        weights: as they were.
        edges: i32[n] search edges; of an edge named twice the last cost counts.
        cost: u32[n] their new costs, 1 to ``UNREACHED``; that is, a closed edge.
        perfect: leave out again what no cheapest way needs: a full pass over all arcs. Not worth it for few sweeps.
        in_place: write into the arrays of ``weights``, which must not be perfect then, and return them: copying takes
            longer than mending. Otherwise ``weights`` stay as they were.

    Raises:
        InputError: The lengths differ, an edge does not exist, a cost is out of range, or perfect weights are to be
            changed in place.
    """
    hierarchy = weights.hierarchy
    edges, cost = plain(edges, np.int32), _checked(cost, len(edges))
    if len(edges) and not 0 <= edges.min() <= edges.max() < len(hierarchy.edge_arc):
        raise InputError(f"costs: edges are numbered 0 to {len(hierarchy.edge_arc) - 1:,}, got another number")
    if in_place and (perfect or weights.climb_cost is not weights.climb):
        raise InputError("costs: perfect weights cannot be changed in place; customise with perfect=False")
    edge_cost, climb, descend = weights.edge_cost, weights.climb, weights.descend
    if not in_place:
        edge_cost, climb, descend = edge_cost.copy(), climb.copy(), descend.copy()
    edge_cost[edges] = cost
    changed = np.unique(hierarchy.edge_arc[edges] >> 1)
    if not _mend(hierarchy, changed[changed >= 0], edge_cost, climb, descend):
        _fill(hierarchy, edge_cost, climb, descend)
    return weights if in_place else _weights(hierarchy, edge_cost, climb, descend, perfect)


def _mend(hierarchy: Hierarchy, changed: Longs, edge_cost: Costs, climb: Costs, descend: Costs) -> bool:
    """Mend basic costs after the edges of some arcs changed; False when it gave up and they are worthless."""
    from lifezone.kernels.repair import Mending, mend  # noqa: PLC0415

    m, n = hierarchy.n_arcs, hierarchy.n_nodes
    most = int(m * LARGE_SHARE)
    if len(changed) > most:
        return False
    rows = np.searchsorted(hierarchy.up_first, changed, side="right") - 1
    heap = np.empty(n + 1, np.int64)  # clearing it, or whatever need not be clear, would take longer than the mending
    heap[0] = 0
    work = Mending(
        climb=climb, descend=descend, old_climb=np.empty(m, np.uint32), old_descend=np.empty(m, np.uint32),
        state=np.zeros(m, np.uint8), is_dirty=np.zeros(n, np.bool_), heap=heap,
        ups=np.empty(n, np.uint32), downs=np.empty(n, np.uint32),
    )  # fmt: skip
    return mend(changed, rows, most, hierarchy.arcs, _edge_costs(hierarchy, edge_cost), work) <= most


def _edge_costs(hierarchy: Hierarchy, edge_cost: Costs) -> EdgeCosts:
    """Return the search edges by arc with their costs."""
    from lifezone.kernels.repair import EdgeCosts  # noqa: PLC0415

    return EdgeCosts(*hierarchy.edges_by_arc, edge_cost)


def cost_between(weights: Weights, a: int, b: int) -> int:
    """Return the least cost from search node ``a`` to ``b``, ``UNREACHED`` when there is no way."""
    return _way(weights, a, b)[0]


def unpack(weights: Weights, a: int, b: int) -> Ints:
    """Return the search edges of a cheapest way from search node ``a`` to ``b``, in order; none if there is no way."""
    from lifezone.kernels.unpack import unpack_steps  # noqa: PLC0415

    hierarchy = weights.hierarchy
    edges = _edge_costs(hierarchy, weights.edge_cost)
    return unpack_steps(_way(weights, a, b)[1], hierarchy.arcs, weights.climb, weights.descend, edges)


def _way(weights: Weights, a: int, b: int) -> tuple[int, Longs]:
    """Return the least cost between two search nodes and the steps in the hierarchy."""
    from lifezone.kernels.unpack import cheapest_way  # noqa: PLC0415

    hierarchy = weights.hierarchy
    source, target = int(hierarchy.rank[a]), int(hierarchy.rank[b])
    cost, steps = cheapest_way(source, target, hierarchy.parent, hierarchy.arcs, weights.climb, weights.descend)
    return int(cost), steps
