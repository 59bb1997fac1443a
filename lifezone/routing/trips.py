"""One trip in full, for a person who asks how a number came about."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

import numpy as np

from lifezone.model import Floats, Ints, Metric, Network
from lifezone.routing.contract import on_grid
from lifezone.routing.legs import AT_END
from lifezone.routing.roads import Attached, ModeRoads
from lifezone.routing.sides import Direction, facility_legs, hooks_of, on_chain_of, point_legs, seeds_of
from lifezone.routing.times import DECIMALS, search

__all__ = ["Trip", "TripLeg", "trip"]

Piece = tuple[int, float, float]
"""A raw arc and the parts of it between which it is travelled."""


@dataclass(frozen=True)
class TripLeg:
    """One stretch of a trip.

    Attributes:
        kind: ``access`` = the walk at the start, ``road``, ``egress`` = the walk at the end, ``terminal`` = parking,
            ``waits`` = all turns and signals of the trip together.
        metres: its length; 0 for ``terminal``.
        seconds: its time.
        way: highway class of a road.
        name: name of a road, may be empty.
    """

    kind: Literal["access", "road", "waits", "egress", "terminal"]
    metres: float
    seconds: float
    way: str = ""
    name: str = ""


@dataclass(frozen=True, eq=False)
class Trip:
    """A trip from door to door.

    Attributes:
        legs: in the order of travel; the road is cut where its name or class changes, waits are told after it.
        seconds: door to door, as in :class:`TravelTimes`.
        metres: along the network.
        access_m: both access walks.
        x_m: f64[n] easting of the path along the network, from anchor to anchor; at least one place.
        y_m: f64[n] northing.
    """

    legs: tuple[TripLeg, ...]
    seconds: float
    metres: float
    access_m: float
    x_m: Floats
    y_m: Floats


def trip(
    roads: ModeRoads, demand: Attached, i: int, facilities: Attached, j: int,
    *, metric: Metric = "time", direction: Direction = "to_facility",
) -> Trip | None:  # fmt: skip
    """Trace the best trip between demand point ``i`` and facility ``j``; None when there is none.

    The sums are those of the pair in the travel times of the same metric and direction.
    """
    point, facility = demand.take(np.array([i])), facilities.take(np.array([j]))
    pieces = _pieces(roads, point, facility, metric, direction)
    if pieces is None:
        return None
    start, end = (point, facility) if direction == "to_facility" else (facility, point)
    road = _road_legs(roads, pieces)
    seconds = float(start.gap_s[0] + end.gap_s[0]) + sum(leg.seconds for leg in road) + roads.access.terminal_s
    legs = [
        TripLeg("access", float(start.gap_m[0]), float(start.gap_s[0])),
        *road,
        TripLeg("egress", float(end.gap_m[0]), float(end.gap_s[0])),
    ]
    if roads.access.terminal_s > 0:
        legs.append(TripLeg("terminal", 0.0, roads.access.terminal_s))
    x_m, y_m = _line(roads.network, pieces, start)
    return Trip(
        legs=tuple(legs), seconds=round(seconds, DECIMALS),
        metres=round(sum(leg.metres for leg in road), DECIMALS),
        access_m=float(start.gap_m[0] + end.gap_m[0]), x_m=x_m, y_m=y_m,
    )  # fmt: skip


def _pieces(
    roads: ModeRoads, point: Attached, facility: Attached, metric: Metric, direction: Direction
) -> list[Piece] | None:
    """Return the raw arcs of the best trip, in the order of travel."""
    from lifezone.kernels.join import join_nearest  # noqa: PLC0415

    label = search(roads, facility, metric, direction)
    on_chain = on_chain_of(facility, metric)
    best = join_nearest(hooks_of(point, metric, direction, on_chain), on_chain, label)[0]
    if best["owner"] < 0:
        return None
    forth = direction == "to_facility"
    if best["via"] >= 2:  # both on one chain
        leg = int(best["via"]) - 2
        spots = [_spot(point, leg), _spot_on(facility, int(point.leaving.chain[0, leg]))]
        begin, stop = spots if forth else spots[::-1]
        return list(_along(roads, int(point.leaving.chain[0, leg]), begin, stop))
    leg = int(best["via"])
    node = int(point_legs(point, direction).node[0, leg])
    edges, seed_node = _edges_between(roads, label, node, metric, direction)
    seed_leg = _leg_of_seed(facility, metric, direction, label[seed_node], seed_node)
    ends = [(point, leg), (facility, seed_leg)]
    (first, first_leg), (last, last_leg) = ends if forth else ends[::-1]
    pieces: list[Piece] = []
    if first.leaving.chain[0, first_leg] >= 0:
        chain = int(first.leaving.chain[0, first_leg])
        pieces += _along(roads, chain, _spot(first, first_leg), None)
    for chain in edges if forth else edges[::-1]:
        pieces += _along(roads, int(chain), None, None)
    if last.leaving.chain[0, last_leg] >= 0:
        chain = int(last.leaving.chain[0, last_leg])
        pieces += _along(roads, chain, None, _spot(last, last_leg))
    return pieces


def _edges_between(
    roads: ModeRoads, label: np.ndarray, node: int, metric: Metric, direction: Direction
) -> tuple[Ints, int]:
    """Return the chains from ``node`` back to the seed of the search, and the seed's node."""
    from lifezone.kernels.nearest import follow_back  # noqa: PLC0415

    reverse = direction == "to_facility"
    tail = roads.edge_tail(reverse=reverse)
    path = follow_back(label, tail, node)
    chains: Ints = roads.edges(metric, reverse=reverse).edge["chain"][path]
    return chains, int(tail[path[-1]]) if len(path) else node


def _leg_of_seed(facility: Attached, metric: Metric, direction: Direction, label: np.void, node: int) -> int:
    """Return the leg of the facility that started the search at this node with this very label (a loop has two)."""
    seed = seeds_of(facility, metric, direction)
    legs = np.flatnonzero(facility_legs(facility, direction).node[0] >= 0)
    same = (seed["cost"] == label["cost"]) & (seed["other"] == label["other"]) & (seed["node"] == node)
    return int(legs[np.flatnonzero(same)[0]])


def _spot(point: Attached, leg: int) -> tuple[int, float]:
    """Return the arc that a point lies on in direction ``leg``, and the part of the arc before it."""
    part = float(point.anchors.part[0])
    part = 0.0 if part <= AT_END else 1.0 if part >= 1 - AT_END else part
    return 2 * int(point.anchors.segment[0]) + leg, part if leg == 0 else 1.0 - part


def _spot_on(point: Attached, chain: int) -> tuple[int, float]:
    """Return the arc of ``chain`` that a point lies on, and the part of the arc before it."""
    return _spot(point, int(np.flatnonzero(point.leaving.chain[0] == chain)[0]))


def _along(
    roads: ModeRoads, chain: int, begin: tuple[int, float] | None, stop: tuple[int, float] | None
) -> Iterator[Piece]:
    """Yield the pieces of a chain between two spots; None = from its start, to its end."""
    graph = roads.graph
    arcs = graph.chain_arc[graph.chain_first[chain] : graph.chain_first[chain + 1]].tolist()
    low, before = (arcs.index(begin[0]), begin[1]) if begin else (0, 0.0)
    high, until = (arcs.index(stop[0]), stop[1]) if stop else (len(arcs) - 1, 1.0)
    for at in range(low, high + 1):
        piece = (arcs[at], before if at == low else 0.0, until if at == high else 1.0)
        if piece[2] > piece[1]:
            yield piece


def _road_legs(roads: ModeRoads, pieces: list[Piece]) -> list[TripLeg]:
    """Sum pieces up while name and class stay the same, and all waits into a last leg."""
    network, seconds_of = roads.network, roads.network.seconds[roads.mode]
    legs: list[TripLeg] = []
    waited_s = 0.0
    for arc, before, until in pieces:
        if arc >= len(seconds_of):
            waited_s += float(roads.graph.wait_s[arc - len(seconds_of)])
            continue
        whole = on_grid(np.array([seconds_of[arc], network.metres[arc // 2]]))
        seconds, metres = on_grid(until * whole) - on_grid(before * whole)
        way, name = network.ways[network.way[arc // 2]], network.names[network.name[arc // 2]]
        if legs and (legs[-1].way, legs[-1].name) == (way, name):
            seconds, metres = seconds + legs[-1].seconds, metres + legs[-1].metres
            legs.pop()
        legs.append(TripLeg("road", float(metres), float(seconds), way, name))
    if waited_s > 0:
        legs.append(TripLeg("waits", 0.0, waited_s))
    return legs


def _line(network: Network, pieces: list[Piece], start: Attached) -> tuple[Floats, Floats]:
    """Return the places along the pieces; the start's own anchor when there are none."""
    pieces = [piece for piece in pieces if piece[0] < 2 * network.n_segments]  # a wait is no way
    if not pieces:
        pieces = [(2 * int(start.anchors.segment[0]), float(start.anchors.part[0]), float(start.anchors.part[0]))]
    places = [_place(network, arc, part) for arc, before, until in pieces for part in (before, until)]
    kept = [places[0], *(there for here, there in pairwise(places) if there != here)]
    x_m, y_m = np.array(kept, dtype=np.float64).T
    return np.ascontiguousarray(x_m), np.ascontiguousarray(y_m)


def _place(network: Network, arc: int, part: float) -> tuple[float, float]:
    """Return the coordinates at a part of an arc; its ends exactly."""
    ends = (network.tail[arc // 2], network.head[arc // 2])
    start, end = ends if arc % 2 == 0 else ends[::-1]
    if part in (0.0, 1.0):
        at = end if part else start
        return float(network.x_m[at]), float(network.y_m[at])
    x = network.x_m[start] + part * (network.x_m[end] - network.x_m[start])
    y = network.y_m[start] + part * (network.y_m[end] - network.y_m[start])
    return float(x), float(y)
