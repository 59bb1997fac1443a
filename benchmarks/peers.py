"""Peers that need not be installed, each made of the same contracted graph; None where one is missing.

pandana rounds every edge to a thousandth of its unit and RoutingKit counts in whole numbers, so each is compared within
its own unit. networkit, rustworkx and igraph have no search from many sources: a node more, joined to all facilities at
no cost, stands for them.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import count
from typing import Any, Final

import numpy as np

from benchmarks.course import Course
from benchmarks.measure import Timing, optional, timed
from lifezone.model import Floats, Ints

__all__ = ["PANDANA_S", "Pandana", "others", "pandana_of", "routingkit_of"]

PANDANA_S: Final = 2.0
"""pandana rounds every edge to a thousandth of its unit: a trip of 2,000 edges may be off by so much."""
REACH_SLACK: Final = 1.01
"""A bound that equals an answer in 32 bits need not let it in."""


@dataclass(frozen=True)
class Pandana:
    """pandana's network, and what building it took."""

    network: Any
    x_m: Any
    y_m: Any
    preparing: Timing

    def nearest(self, facilities: Ints, k: int, reach_s: float) -> Callable[[], Floats]:
        """Return work that gives f64[N, k] seconds to the k nearest within a reach, ``inf`` = fewer."""
        kind = f"kind {next(NUMBER)}"  # a name used again keeps its first reach
        self.network.set_pois(kind, reach_s * REACH_SLACK, k, self.x_m[facilities], self.y_m[facilities])

        def work() -> Floats:
            table = self.network.nearest_pois(reach_s, kind, num_pois=k, max_distance=np.inf)
            found = table.to_numpy(np.float64)[:, :k]
            return np.where(found >= reach_s, np.inf, found)

        return work

    def between(self, sources: Ints, targets: Ints) -> Callable[[], Floats]:
        """Return work that gives f64[n] seconds of n trips."""

        def work() -> Floats:
            return np.asarray(self.network.shortest_path_lengths(sources, targets), np.float64)

        return work


NUMBER: Final = count()


def pandana_of(course: Course) -> Pandana | None:
    """Return pandana on the search graph."""
    pandana, pandas = optional("pandana"), optional("pandas")
    if pandana is None:
        return None
    network, graph = course.roads.network, course.roads.graph
    x_m, y_m = pandas.Series(network.x_m[graph.vertex]), pandas.Series(network.y_m[graph.vertex])
    ends = pandas.Series(course.tail.astype(np.int64)), pandas.Series(graph.head.astype(np.int64))
    weight = pandas.DataFrame({"seconds": course.seconds})
    preparing, made = timed(lambda: pandana.Network(x_m, y_m, *ends, weight, twoway=False))
    return Pandana(made, x_m, y_m, preparing)


def routingkit_of(course: Course) -> Callable[[], Any] | None:
    """Return work that builds RoutingKit's contraction hierarchy of the search graph in tenths of a second."""
    module = optional("routingkit_ch")
    if module is None:
        return None
    ends = course.tail.astype(np.uint32), course.roads.graph.head.astype(np.uint32)
    cost = course.tenths.edge_cost.astype(np.uint32)
    return lambda: module.ContractionHierarchy.build(course.n_nodes, *ends, cost)


def others(course: Course, facilities: Ints) -> dict[str, Callable[[], Floats]]:
    """Return the nearest facility of one kind from everywhere, by the peers that are only shown."""
    n = course.n_nodes
    # Edges turned round; the node more has edges to all facilities.
    tail = np.r_[course.roads.graph.head, np.full(len(facilities), n)]
    head = np.r_[course.tail, facilities]
    cost = np.r_[course.seconds, np.zeros(len(facilities))]
    made = {"networkit": _networkit, "rustworkx": _rustworkx, "igraph": _igraph}
    found = {name: make(tail, head, cost, n) for name, make in made.items()}
    return {name: work for name, work in found.items() if work is not None}


def _networkit(tail: Ints, head: Ints, cost: Floats, n: int) -> Callable[[], Floats] | None:
    """Return networkit's search from node ``n``."""
    module = optional("networkit")
    if module is None:
        return None
    module.setNumberOfThreads(1)
    ends = tail.astype(np.uint64), head.astype(np.uint64)
    graph = module.GraphFromCoo((cost, ends), n + 1, weighted=True, directed=True)

    def work() -> Floats:
        search = module.distance.Dijkstra(graph, n, storePaths=False)
        search.run()
        found = np.array(search.getDistances())[:n]
        return np.where(found > 1e300, np.inf, found)

    return work


def _rustworkx(tail: Ints, head: Ints, cost: Floats, n: int) -> Callable[[], Floats] | None:
    """Return rustworkx's search from node ``n``."""
    module = optional("rustworkx")
    if module is None:
        return None
    graph = module.PyDiGraph()
    graph.add_nodes_from(range(n + 1))
    graph.add_edges_from(list(zip(tail.tolist(), head.tolist(), cost.tolist(), strict=True)))

    def work() -> Floats:
        found = np.full(n + 1, np.inf)
        lengths = module.dijkstra_shortest_path_lengths(graph, n, float)
        found[np.fromiter(lengths.keys(), np.int64)] = np.fromiter(lengths.values(), np.float64)
        return found[:n]

    return work


def _igraph(tail: Ints, head: Ints, cost: Floats, n: int) -> Callable[[], Floats] | None:
    """Return igraph's search from node ``n``."""
    module = optional("igraph")
    if module is None:
        return None
    graph = module.Graph(n=n + 1, edges=np.column_stack([tail, head]), directed=True)
    weights = cost.tolist()

    def work() -> Floats:
        return np.array(graph.distances(source=[n], weights=weights, mode="out")[0])[:n]

    return work
