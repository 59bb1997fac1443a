"""The roads that everybody is timed on: a random network, prepared once, with the same facilities for all."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

import numpy as np
from scipy.sparse import csr_array

from benchmarks.measure import Timing, timed
from benchmarks.networks import make_synthetic, synthetic
from benchmarks.stages import ACCESS
from lifezone.model import Anchors, Floats, Ints
from lifezone.routing import (
    Asked,
    Attached,
    Hierarchy,
    ModeRoads,
    Prepared,
    Rooms,
    Seeds,
    Weights,
    ask,
    customise,
    integer_costs,
    order_nodes,
)  # fmt: skip

__all__ = ["KINDS", "Course", "at_vertices", "make_course", "quickest"]

KINDS: Final = 32
NODES_PER_FACILITY: Final = 1000
SEED: Final = 7


@dataclass(frozen=True, eq=False)
class Course:
    """Roads, what was prepared of them, and facilities of ``KINDS`` kinds that stand on search nodes.

    Attributes:
        roads: the contracted roads of one mode.
        hierarchy: order and arcs.
        prepared: costs in the finest steps.
        tenths: costs in tenths of a second, for 16-bit lanes and for peers that count in whole numbers.
        kinds: i32[F] search nodes of each kind's facilities.
        preparing: how long getting ready took, by step.
        rooms: work space kept between calls, as a session keeps it.
    """

    roads: ModeRoads
    hierarchy: Hierarchy
    prepared: Prepared
    tenths: Weights
    kinds: list[Ints]
    preparing: dict[str, Timing]
    rooms: Rooms

    @property
    def n_nodes(self) -> int:
        """Number of search nodes."""
        return self.roads.graph.n_nodes

    @cached_property
    def tail(self) -> Ints:
        """i32[E] the node that each search edge leaves."""
        return self.roads.edge_tail(reverse=False)

    @cached_property
    def seconds(self) -> Floats:
        """f64[E] of each search edge."""
        found: Floats = self.roads.graph.chain_seconds[self.roads.graph.chain]
        return found

    @cached_property
    def towards(self) -> Any:
        """The graph with its edges turned round, for searches that begin at facilities, as scipy takes it."""
        return quickest(self.roads.graph.head, self.tail, self.seconds, self.n_nodes)

    @cached_property
    def forwards(self) -> Any:
        """The graph as scipy takes it."""
        return quickest(self.tail, self.roads.graph.head, self.seconds, self.n_nodes)

    @cached_property
    def everywhere(self) -> Asked:
        """The down pass to all nodes, in the finest steps."""
        return self.prepared.asked("to_facility")

    @cached_property
    def everywhere_tenths(self) -> Asked:
        """The down pass to all nodes, in tenths."""
        return ask(self.tenths, np.arange(self.n_nodes, dtype=np.int32))

    def seeds(self, n_kinds: int) -> Seeds:
        """Return one question for each of the first kinds."""
        return Seeds.of([(nodes, np.zeros(len(nodes)), np.arange(len(nodes))) for nodes in self.kinds[:n_kinds]])

    def at_nodes(self, nodes: Ints) -> Attached:
        """Hang points on search nodes."""
        return at_vertices(self.roads, self.roads.graph.vertex[nodes])

    def same_s(self, found: Floats, expected: Floats) -> bool:
        """Tell whether seconds in the finest steps are the expected ones, within the drift that is stated for them."""
        reached = np.isfinite(expected)
        if not np.array_equal(np.isfinite(found), reached):
            return False
        off = np.abs(found[reached] - expected[reached])
        return bool((off <= self.prepared.drift.within_each(expected[reached]) + 1e-6).all())


def make_course(n_nodes: int) -> Course:
    """Open the random network from the cache (made in another process), and prepare it twice: the second is timed.

    The first time opens the kernels or compiles them.
    """
    make_synthetic(n_nodes)
    opening, network = timed(lambda: synthetic(n_nodes))
    contracting, roads = timed(lambda: ModeRoads.build(network, "car", ACCESS), 2)
    vertex = roads.graph.vertex
    x_m, y_m = network.x_m[vertex], network.y_m[vertex]
    order_nodes(roads.graph, x_m, y_m)
    ordering, hierarchy = timed(lambda: order_nodes(roads.graph, x_m, y_m))
    customise(hierarchy, integer_costs(roads.graph, "time"))
    customising, tenths = timed(lambda: customise(hierarchy, integer_costs(roads.graph, "time")), 2)
    measuring, prepared = timed(lambda: Prepared.build(roads, hierarchy, "time"))
    rng = np.random.default_rng(SEED)
    count = max(20, roads.graph.n_nodes // NODES_PER_FACILITY)
    kinds = [np.sort(rng.choice(roads.graph.n_nodes, count, replace=False)).astype(np.int32) for _ in range(KINDS)]
    preparing = {
        "open": opening, "contract": contracting, "order": ordering, "customise": customising,
        "finest steps and customise": measuring,
    }  # fmt: skip
    return Course(roads, hierarchy, prepared, tenths, kinds, preparing, Rooms())


def at_vertices(roads: ModeRoads, vertices: Ints) -> Attached:
    """Hang points on the very vertices (each an end of some road of the mode)."""
    network = roads.network
    used = np.flatnonzero((roads.graph.arc_chain[0::2] >= 0) | (roads.graph.arc_chain[1::2] >= 0)).astype(np.int32)
    segment, part = np.full(network.n_vertices, -1, np.int32), np.zeros(network.n_vertices)
    segment[network.head[used]], part[network.head[used]] = used, 1.0
    segment[network.tail[used]], part[network.tail[used]] = used, 0.0
    return roads.hang(Anchors(segment[vertices], part[vertices], np.zeros(len(vertices))))


def quickest(tail: np.ndarray, head: np.ndarray, seconds: Floats, n: int) -> Any:
    """Return a CSR graph with the quickest of parallel edges (scipy would add them up)."""
    order = np.lexsort((seconds, head, tail))
    tail, head, seconds = tail[order], head[order], seconds[order]
    first = np.r_[True, (np.diff(tail) != 0) | (np.diff(head) != 0)]
    return csr_array((seconds[first], (tail[first], head[first])), shape=(n, n))
