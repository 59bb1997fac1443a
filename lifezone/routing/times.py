"""Travel times door to door between attached points and attached facilities.

Every answer is the exact least in float64 on the fixed grid of :mod:`lifezone.routing.contract`: no trip is rounded to
a coarser unit while it is searched, so no verdict near a bound has to be decided twice. What is handed out is rounded
to a millionth of a second and of a metre, far below any input's truth and far above the grid's sums, so that a trip
of exactly 15 minutes is exactly 900 seconds.

A trip is: access walk, network, the facility's access walk, terminal time once. Metric ``time`` minimises seconds
door to door, ``length`` the metres along the network from anchor to anchor; both columns tell of one trip. Ties go to
the lower facility position, then to the lesser other metric.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from lifezone.errors import InputError
from lifezone.kernels.records import LABEL, NODE, Hooks, Records
from lifezone.model import Floats, Ints, Metric, TravelTimes
from lifezone.routing.roads import Attached, ModeRoads
from lifezone.routing.sides import Direction, by_metric, hooks_of, on_chain_of, seeds_of

__all__ = ["border_times", "field_room", "k_nearest", "nearest", "nearest_field"]

DECIMALS: Final = 6
"""Seconds and metres are handed out to the millionth."""
POINTS_PER_NODE: Final = 0.1
"""Up to so many points a node the lean search and sums where they are asked beat the search with both metrics. Measured
on 813,000 nodes: lean 92 ms, sums for 100,000 points 62 ms, for every node 190 ms; both metrics at once 145 ms."""
LEAN_FROM_NODES: Final = 200_000
"""Below so many nodes the lean search saves less than 10 ms and would have to be compiled first, for seconds."""
HALF_STEP: Final = 0.5 * 10.0**-DECIMALS
"""What is handed out as equal to a bound may lie so far above it."""


def nearest(
    roads: ModeRoads,
    demand: Attached,
    facilities: Attached,
    positions: Ints,
    *,
    metric: Metric = "time",
    direction: Direction = "to_facility",
) -> TravelTimes:
    """Find the nearest facility of every point, however far it is.

    Args:
        roads: the mode's roads.
        demand: P points attached to them.
        facilities: n facilities attached to them.
        positions: i32[n] position of each in the study's Facilities, ascending.
        metric: what is minimised.
        direction: ``from_facility`` for trips that start at the facility (ambulances).

    Returns:
        One pair a row, none where no facility can be reached.
    """
    on_chain = on_chain_of(facilities, metric)
    hooks = hooks_of(demand, metric, direction, on_chain)
    label = search_for(roads, hooks, facilities, metric, direction)
    return nearest_from_labels(roads, demand, facilities, positions, metric, label, hooks, on_chain)


def nearest_from_labels(
    roads: ModeRoads, demand: Attached, facilities: Attached, positions: Ints, metric: Metric,
    label: Records, hooks: Hooks, on_chain: Records,
) -> TravelTimes:  # fmt: skip
    """Bring the labels of the nodes home to the points; see :func:`nearest`."""
    from lifezone.kernels.join import join_nearest  # noqa: PLC0415

    best = join_nearest(hooks, on_chain, label)
    found = best["owner"] >= 0
    first = np.concatenate([[0], np.cumsum(found)]).astype(np.int64)
    return assemble(
        roads, demand, facilities, positions, metric,
        first=first, owner=best["owner"][found], cost=best["cost"][found], other=best["other"][found],
    )  # fmt: skip


def nearest_field(
    roads: ModeRoads,
    facilities: Attached,
    *,
    metric: Metric = "time",
    direction: Direction = "to_facility",
    room: Records | None = None,
) -> tuple[Floats, Ints]:
    """Find the nearest facility of every node of the roads: the bare search, without any point or other metric.

    Args:
        roads: the mode's roads.
        facilities: n facilities attached to them.
        metric: what is minimised.
        direction: ``from_facility`` for trips that start at the facility.
        room: work space from :func:`field_room`, for callers who ask often; the answer lies in it and is gone with
            the next call that is given it.

    Returns:
        f64[N] seconds with the facility's own access walk (no terminal time), or metres, ``inf`` = none; i32[N] row of
        the facility, ties the lowest, −1 = none. Nodes are in the order of ``roads.graph``; both are columns of one
        array of records.
    """
    node = lean_search(roads, seeds_of(facilities, metric, direction), metric, direction, room)
    return node["cost"], node["owner"]


def field_room(roads: ModeRoads) -> Records:
    """Return work space for :func:`nearest_field` on these roads, one for each thread."""
    return np.zeros(roads.graph.n_nodes + 1, NODE)


def lean_search(
    roads: ModeRoads, seed: Records, metric: Metric, direction: Direction, room: Records | None = None
) -> Records:
    """Return NODE[N]: cost and owner of the nearest facility of every node."""
    from lifezone.kernels.field import search_field  # noqa: PLC0415

    arcs = roads.arcs(metric, reverse=direction == "to_facility")
    node = field_room(roads) if room is None else room
    node.view(np.uint64)[:] = arcs.blank.view(np.uint64)  # as plain numbers: five times as fast as record by record
    search_field(arcs, seed, node)
    return node[:-1]


def search_for(roads: ModeRoads, hooks: Hooks, facilities: Attached, metric: Metric, direction: Direction) -> Records:
    """Return LABEL[N] as :func:`search` does, but right only at the nodes at which points meet the graph."""
    n = roads.graph.n_nodes
    if n < LEAN_FROM_NODES or len(hooks.node) > POINTS_PER_NODE * n:
        return search(roads, facilities, metric, direction)
    return search_lean(roads, hooks, facilities, metric, direction)


def search_lean(roads: ModeRoads, hooks: Hooks, facilities: Attached, metric: Metric, direction: Direction) -> Records:
    """Return what :func:`search_for` does by the lean search, with the other metric summed where it is asked."""
    from lifezone.kernels.join import carry_over  # noqa: PLC0415
    from lifezone.kernels.other import sum_other  # noqa: PLC0415

    seed = seeds_of(facilities, metric, direction)
    node = lean_search(roads, seed, metric, direction)
    label = np.empty(len(node), LABEL)
    asked, other = np.zeros(len(node), np.bool_), np.full(len(node), np.inf)
    carry_over(hooks, node, label, asked)
    rows = np.flatnonzero(asked)
    if not sum_other(roads.edges(metric, reverse=direction == "from_facility"), seed, node, rows, other):
        return search(roads, facilities, metric, direction)
    label["other"][rows] = other[rows]
    return label


def search(roads: ModeRoads, facilities: Attached, metric: Metric, direction: Direction) -> np.ndarray:
    """Return LABEL[N]: the nearest facility of every node."""
    from lifezone.kernels.nearest import search_nearest  # noqa: PLC0415
    from lifezone.kernels.queue import clear_labels  # noqa: PLC0415

    label = np.empty(roads.graph.n_nodes, LABEL)
    clear_labels(label)
    edges = roads.edges(metric, reverse=direction == "to_facility")
    search_nearest(edges, seeds_of(facilities, metric, direction), label, np.inf, np.empty(0, np.int32))
    return label


def assemble(
    roads: ModeRoads, demand: Attached, facilities: Attached, positions: Ints, metric: Metric,
    *, first: np.ndarray, owner: np.ndarray, cost: Floats, other: Floats,
) -> TravelTimes:  # fmt: skip
    """Return pairs with the access walk of the point and the terminal time added; pairs must be in row order."""
    seconds, metres = by_metric(metric, cost, other)
    point = np.repeat(np.arange(demand.n_points), np.diff(first))
    return TravelTimes(
        first=first,
        facility=np.asarray(positions, np.int32)[owner],
        seconds=np.round(demand.gap_s[point] + seconds + roads.access.terminal_s, DECIMALS),
        metres=np.round(metres, DECIMALS),
        access_m=demand.gap_m[point] + facilities.gap_m[owner],
        metric=metric,
        mode=roads.mode,
    )


def k_nearest(
    roads: ModeRoads,
    demand: Attached,
    facilities: Attached,
    positions: Ints,
    k: int,
    *,
    metric: Metric = "time",
    direction: Direction = "to_facility",
) -> TravelTimes:
    """Find the k nearest facilities of every point, however far; see :func:`nearest`.

    Returns:
        Up to k pairs a row, fewer where fewer can be reached. Memory goes with k times nodes and points.

    Raises:
        InputError: k is below 1.
    """
    from lifezone.kernels.k_nearest import join_k_nearest, search_k_nearest  # noqa: PLC0415
    from lifezone.kernels.queue import clear_labels  # noqa: PLC0415

    if k < 1:
        raise InputError(f"k nearest: k must be 1 or more, got {k}")
    k = min(k, max(facilities.n_points, 1))
    label = np.empty(roads.graph.n_nodes * k, LABEL)
    clear_labels(label)
    edges = roads.edges(metric, reverse=direction == "to_facility")
    search_k_nearest(edges, seeds_of(facilities, metric, direction), label, k)
    on_chain = on_chain_of(facilities, metric)
    best = join_k_nearest(hooks_of(demand, metric, direction, on_chain), on_chain, label, k)
    found = best["owner"] >= 0
    first = np.concatenate([[0], np.cumsum(found.reshape(-1, k).sum(axis=1))]).astype(np.int64)
    return assemble(
        roads, demand, facilities, positions, metric,
        first=first, owner=best["owner"][found], cost=best["cost"][found], other=best["other"][found],
    )  # fmt: skip


def border_times(
    roads: ModeRoads, demand: Attached, *, metric: Metric = "time", direction: Direction = "to_facility"
) -> Floats:
    """Return f64[P] the least time or length from each point to where roads lead out of what is known (D6).

    A nearest time is certified when it is not above this. Time is the access walk, the network and the terminal time;
    length is network metres. ``inf`` where no way out can be reached. A point that hangs beyond is out already.
    """
    times = nearest(roads, demand, roads.border, np.arange(roads.border.n_points, dtype=np.int32),
                    metric=metric, direction=direction)  # fmt: skip
    _, seconds, metres, _ = times.nearest()
    least = by_metric(metric, seconds, metres)[0]
    network, segment = roads.network, demand.anchors.segment
    if network.beyond is None:
        return least
    out = segment >= 0
    out[out] = network.beyond[network.tail[segment[out]]] & network.beyond[network.head[segment[out]]]
    at_once = demand.gap_s + roads.access.terminal_s if metric == "time" else np.zeros(len(segment))
    return np.where(out, at_once, least)
