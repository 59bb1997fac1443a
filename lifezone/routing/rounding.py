"""Whole-number costs for sweeps: how fine they can be, and how far off a trip may be by them.

A cost is ``rint(steps · seconds)`` (or metres), at least 1. A trip over some edges is then off by the sum of what each
edge is off, which no count of edges bounds, as nobody knows the count. But what the edges are off *is* known: among all
trips of a given cost none is off by more than the worst edges of that cost together, and that is a sum over the edges
sorted by how far they are off for their cost. With the finest steps it is some hundredths of a second for a
quarter of an hour, so that few points are so near a bound that their verdict needs an exact search.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import connected_components

from lifezone.errors import InputError
from lifezone.kernels.records import LABEL, SEED
from lifezone.model import Floats, Metric
from lifezone.routing.roads import ModeRoads

__all__ = ["Drift", "drift_of", "farthest", "finest_steps", "whole_costs"]

INF: Final = 0x3FFFFFFF
"""The least number that is no cost."""
MOST_STEPS: Final = 2.0**16
"""Steps a second or metre are never finer than this: 15 microseconds are far below any input's truth."""
SHORT_SUMS: Final = 2.0**-20
"""What float64 sums of costs may be off, as a share: far more than they are."""


@dataclass(frozen=True, eq=False)
class Drift:
    """How far whole-number costs may be off the true ones.

    Attributes:
        steps: steps of cost per second or metre.
        cost: f64[n] the edges' costs summed, worst edges first.
        off: f64[n] what they are off together, seconds or metres.
    """

    steps: float
    cost: Floats
    off: Floats

    def within(self, reach: float) -> float:
        """Return the most that a trip of cost ``reach`` may be off: all edges of the worst kind, and its two ends."""
        return float(self.within_each(np.array([reach]))[0])

    def within_each(self, reach: Floats) -> Floats:
        """Return :meth:`within` of every cost."""
        if not len(self.off):
            return np.full(len(reach), 1.0 / self.steps)
        last = np.searchsorted(self.cost, reach * (1.0 + SHORT_SUMS), side="left")
        most: Floats = (self.off[np.minimum(last, len(self.off) - 1)] + 1.0 / self.steps) * (1.0 + SHORT_SUMS)
        return most


def whole_costs(roads: ModeRoads, metric: Metric, steps: float) -> npt.NDArray[np.uint32]:
    """Return u32[E] each search edge's cost in steps, rounded to the nearest (half to even), 1 to ``INF`` (closed)."""
    cost = np.clip(np.rint(_edge_costs(roads, metric) * steps), 1, INF)
    whole: npt.NDArray[np.uint32] = cost.astype(np.uint32)
    return whole


def drift_of(roads: ModeRoads, metric: Metric, cost: npt.NDArray[np.uint32], steps: float) -> Drift:
    """Measure how far the whole-number costs (u32[E]) of the search edges are off."""
    true = _edge_costs(roads, metric)
    is_open = cost < INF
    true, off = true[is_open], np.abs(cost[is_open] / steps - true[is_open])
    with np.errstate(divide="ignore", invalid="ignore"):
        share = np.where(true > 0, off / true, np.inf)
    worst = np.argsort(-share, kind="stable")
    return Drift(steps, np.cumsum(true[worst]), np.cumsum(off[worst]))


def _edge_costs(roads: ModeRoads, metric: Metric) -> Floats:
    """Return f64[E] seconds or metres of each search edge, in the graph's order."""
    graph = roads.graph
    whole = graph.chain_seconds if metric == "time" else graph.chain_metres
    costs: Floats = whole[graph.chain]
    return costs


def finest_steps(roads: ModeRoads, metric: Metric, longest_leg: float = 0.0) -> float:
    """Return the finest steps per second or metre (a power of two) with which no trip can cost ``INF`` or more.

    Args:
        roads: the mode's roads.
        metric: time or length.
        longest_leg: cost of the longest leg of a facility, its access walk included.

    Raises:
        InputError: Trips are so long that even whole seconds or metres would not fit.
    """
    reach = farthest(roads, metric) + longest_leg
    # Each edge may be one step more than it costs, and no trip passes more edges than there are nodes.
    room = INF - roads.graph.n_nodes - 2
    steps = MOST_STEPS
    while steps >= 1.0 and reach * steps >= room:
        steps /= 2.0
    if steps < 1.0:
        raise InputError(f"roads: trips of up to {reach:,.0f} s or m are too long for whole-number costs")
    return steps


def farthest(roads: ModeRoads, metric: Metric) -> float:
    """Return a number that the cost of no least trip between two nodes exceeds.

    A trip within the largest strongly connected part costs no more than over any one node of it; outside, a trip
    leaves each node at most once. A trip that has left the largest part does not come back.
    """
    graph = roads.graph
    if not graph.n_edges:
        return 0.0
    cost = _edge_costs(roads, metric)
    # Not ``graph.part``, which joins what may hang together beyond the loaded area.
    arcs = csr_matrix((np.ones(graph.n_edges, np.int8), graph.head, graph.first_out), shape=(graph.n_nodes,) * 2)
    part = connected_components(arcs, connection="strong")[1]
    large = part == np.bincount(part).argmax()
    tail = roads.edge_tail(reverse=False)
    inside = large[tail] & large[graph.head]
    dearest = np.zeros(graph.n_nodes)
    np.maximum.at(dearest, tail[~inside], cost[~inside])
    outside = dearest[~large].sum() + dearest[large].max()
    middle = int(np.flatnonzero(large)[0])
    around = sum(_costs_from(roads, metric, middle, reverse=reverse)[large].max() for reverse in (False, True))
    return float((around + outside) * (1.0 + SHORT_SUMS))


def _costs_from(roads: ModeRoads, metric: Metric, node: int, *, reverse: bool) -> Floats:
    """Return f64[N] the cost from a node to every other (towards it, when reversed)."""
    from lifezone.kernels.nearest import search_nearest  # noqa: PLC0415
    from lifezone.kernels.queue import clear_labels  # noqa: PLC0415

    label = np.empty(roads.graph.n_nodes, LABEL)
    clear_labels(label)
    seed = np.zeros(1, SEED)
    seed["node"] = node
    search_nearest(roads.edges(metric, reverse=reverse), seed, label, np.inf, np.empty(0, np.int32))
    costs: Floats = label["cost"]
    return costs
