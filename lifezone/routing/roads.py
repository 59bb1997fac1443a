"""One mode's roads, ready to be searched; points are attached to them once and asked many times."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np

from lifezone.errors import SolveError
from lifezone.kernels.records import ARC, EDGE, NODE, Arcs, Edges
from lifezone.model import Access, Anchors, Bools, Floats, Ints, Legs, Longs, Metric, Network, SearchGraph
from lifezone.routing.anchors import anchor
from lifezone.routing.contract import build_graph, on_grid
from lifezone.routing.legs import arriving_legs, leaving_legs
from lifezone.routing.plain import plain

__all__ = ["Attached", "ModeRoads"]

EDGES_PER_BUCKET: Final = 4.0
"""Bucket width of the queue in median edges. Measured on 1.2 million nodes: 1/8 to 1 edge 0.33 s, 2 edges 0.26 s,
4 edges 0.19 s, 8 edges 0.20 s, 16 edges 0.30 s: a wide bucket is worked off neighbour by neighbour, in cache."""
ARCS_PER_BUCKET: Final = 8.0
"""Likewise for the lean search, which works off many entries at once: 1 edge 57 ns a node, 4 edges 57, 8 edges 53,
16 edges 56 (80,000 nodes); 108, 104, 111 and 74 (813,000)."""
MOST_BUCKETS: Final = 2.0**62
"""Bucket numbers are 64-bit integers."""


@dataclass(frozen=True, eq=False)
class Attached:
    """n points hung on one mode's roads.

    Attributes:
        anchors: the road place of each point.
        leaving: legs for trips that start at the points.
        arriving: legs for trips that end at the points.
        gap_s: f64[n] time of the access walk, ``inf`` off the network.
    """

    anchors: Anchors
    leaving: Legs
    arriving: Legs
    gap_s: Floats

    @property
    def n_points(self) -> int:
        """Number of points n."""
        return len(self.gap_s)

    @property
    def gap_m(self) -> Floats:
        """f64[n] length of the access walk, ``inf`` off the network."""
        return self.anchors.gap_m

    @cached_property
    def by_chain(self) -> tuple[Longs, Ints]:
        """The points' legs sorted by the chain they lie on: positions in ``legs.chain`` laid flat, and the chains.

        Both kinds of legs know the same chains.
        """
        order = np.argsort(self.leaving.chain, axis=None, kind="stable")
        return order, self.leaving.chain.ravel()[order]

    def take(self, rows: np.ndarray) -> Attached:
        """Return the points at ``rows`` (positions or a mask), in that order."""
        anchors = Anchors(self.anchors.segment[rows], self.anchors.part[rows], self.anchors.gap_m[rows])
        return Attached(anchors, _take_legs(self.leaving, rows), _take_legs(self.arriving, rows), self.gap_s[rows])


def _take_legs(legs: Legs, rows: np.ndarray) -> Legs:
    """Return the legs at ``rows``."""
    return Legs(
        legs.node[rows], legs.seconds[rows], legs.metres[rows],
        legs.chain[rows], legs.chain_seconds[rows], legs.chain_metres[rows],
    )  # fmt: skip


@dataclass(frozen=True, eq=False)
class ModeRoads:
    """One mode's roads: raw, contracted, and as arrays for the searches (made when first asked for, then kept).

    Attributes:
        network: raw roads.
        graph: the same roads contracted for the mode.
        access: how points get to a road, and the terminal time of every trip.
    """

    network: Network
    graph: SearchGraph
    access: Access

    @staticmethod
    def build(network: Network, mode: str, access: Access, graph: SearchGraph | None = None) -> ModeRoads:
        """Contract the network for a mode, or take the graph that a cache has kept of it."""
        return ModeRoads(network, build_graph(network, mode) if graph is None else graph, access)

    @property
    def mode(self) -> str:
        """``car`` or ``walk``."""
        return self.graph.mode

    def attach(self, x_m: Floats, y_m: Floats) -> Attached:
        """Hang points (f64[n] each, finite, in the network's CRS) on their nearest road within the access limit."""
        return self.hang(anchor(self.network, self.graph, x_m, y_m, limit_m=self.access.limit_m))

    def hang(self, anchors: Anchors) -> Attached:
        """Return anchored points with their legs."""
        return Attached(
            anchors,
            leaving_legs(self.network, self.graph, anchors),
            arriving_legs(self.network, self.graph, anchors),
            on_grid(anchors.gap_m / self.access.speed_mps),
        )

    @cached_property
    def border(self) -> Attached:
        """The vertices where this mode's roads lead out of what is known, as points without an access walk."""
        arc = np.flatnonzero(self.graph.arc_chain >= 0)
        segment = np.full(self.network.n_vertices, -1, dtype=np.int32)
        part = np.zeros(self.network.n_vertices)
        segment[self.network.head[arc // 2]] = arc // 2
        part[self.network.head[arc // 2]] = 1.0
        segment[self.network.tail[arc // 2]] = arc // 2
        part[self.network.tail[arc // 2]] = 0.0
        vertex = np.flatnonzero(self.network.ways_out & (segment >= 0))
        return self.hang(Anchors(segment[vertex], part[vertex], np.zeros(len(vertex))))

    def edges(self, metric: Metric, *, reverse: bool) -> Edges:
        """Return the search edges with costs by ``metric``, reversed for searches that start where trips end.

        Those of the other metric are dropped: questions come metric by metric, and a nation's edges are gigabytes.
        """
        by_name = self._edges
        if (metric, reverse) not in by_name:
            other: Metric = "length" if metric == "time" else "time"
            for turned in (False, True):
                by_name.pop((other, turned), None)
            by_name[metric, reverse] = self._make_edges(metric, reverse=reverse)
        return by_name[metric, reverse]

    @cached_property
    def _edges(self) -> dict[tuple[Metric, bool], Edges]:
        """Search edges made so far."""
        return {}

    def arcs(self, metric: Metric, *, reverse: bool) -> Arcs:
        """Return :meth:`edges` as the lean search reads them: cost and head alone."""
        by_name = self._arcs
        if (metric, reverse) not in by_name:
            by_name[metric, reverse] = self._make_arcs(metric, reverse=reverse)
        return by_name[metric, reverse]

    @cached_property
    def _arcs(self) -> dict[tuple[Metric, bool], Arcs]:
        """Arcs made so far."""
        return {}

    def edge_tail(self, *, reverse: bool) -> Ints:
        """Return i32[E] the node that each edge of :meth:`edges` leaves (as the search sees it)."""
        first = self._reversed[0] if reverse else self.graph.first_out
        return np.repeat(np.arange(self.graph.n_nodes, dtype=np.int32), np.diff(first))

    @cached_property
    def _reversed(self) -> tuple[Longs, Ints, Ints]:
        """Edges turned round and sorted by their new tail: first i64[N+1], head i32[E], chain i32[E]."""
        graph = self.graph
        tail = self.edge_tail(reverse=False)
        order = np.lexsort((tail, graph.head))
        first = np.zeros(graph.n_nodes + 1, dtype=np.int64)
        np.cumsum(np.bincount(graph.head, minlength=graph.n_nodes), out=first[1:])
        return first, tail[order], graph.chain[order]

    def _make_edges(self, metric: Metric, *, reverse: bool) -> Edges:
        """Lay out the search edges of one metric and direction."""
        graph = self.graph
        first, head, chain = self._reversed if reverse else (graph.first_out, graph.head, graph.chain)
        edge = np.empty(len(head), EDGE)
        cost, other = ("seconds", "metres") if metric == "time" else ("metres", "seconds")
        columns = {"seconds": graph.chain_seconds, "metres": graph.chain_metres}
        edge["head"], edge["chain"] = head, chain
        edge["cost"], edge["other"] = columns[cost][chain], columns[other][chain]
        return Edges(plain(first, np.int64), edge, _buckets_per_cost(edge["cost"], EDGES_PER_BUCKET))

    def _make_arcs(self, metric: Metric, *, reverse: bool) -> Arcs:
        """Lay out the arcs of one metric and direction, and the nodes before a search."""
        graph = self.graph
        first, head, chain = self._reversed if reverse else (graph.first_out, graph.head, graph.chain)
        blank = np.zeros(graph.n_nodes + 1, NODE)
        blank["cost"], blank["owner"], blank["first"] = np.inf, -1, first
        arc = np.empty(len(head), ARC)
        arc["head"], arc["cost"] = head, (graph.chain_seconds if metric == "time" else graph.chain_metres)[chain]
        arc["onward"] = _leads_on(np.asarray(first), np.asarray(head))
        return Arcs(blank, arc, _buckets_per_cost(arc["cost"], ARCS_PER_BUCKET))


def _leads_on(first: Longs, head: Ints) -> Bools:
    """Return bool[E] whether an edge's head has an edge that does not lead straight back to its tail."""
    n = len(first) - 1
    tail = np.repeat(np.arange(n, dtype=np.int32), np.diff(first))
    beside = np.full(n, -1, dtype=np.int32)  # one neighbour of each node, −1 = it has none
    beside[tail] = head
    several = np.zeros(n, dtype=np.bool_)
    several[tail[head != beside[tail]]] = True
    onward: Bools = several[head] | ((beside[head] >= 0) & (beside[head] != tail))
    return onward


def _buckets_per_cost(cost: Floats, edges_per_bucket: float) -> float:
    """Return one over the bucket width: robust against a few huge weights (ferries) and many tiny ones.

    Raises:
        SolveError: The weights are so large that bucket numbers could overflow.
    """
    if not len(cost):
        return 1.0
    middle, large = np.quantile(cost, [0.5, 0.9])
    width = max(middle, large / 16) * edges_per_bucket
    per_cost = 1.0 / float(width) if width > 0 else 1.0
    if float(cost.sum()) * per_cost > MOST_BUCKETS:
        raise SolveError(
            f"roads: edge weights up to {cost.max():g} are too large to search; look for wrong speeds or lengths"
        )
    return per_cost
