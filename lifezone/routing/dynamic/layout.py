"""Lay a mode's roads and points out as the records that edits work on."""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np

from lifezone.kernels.edit_records import (
    CHAIN,
    COUNTERS,
    LEG,
    LENGTH,
    NODE,
    PIECE,
    POINT,
    ROAD,
    SLOT,
    TO_FACILITY,
    Ground,
    Hanging,
)  # fmt: skip
from lifezone.kernels.records import Records
from lifezone.model import Ints, Longs, Metric, SearchGraph
from lifezone.routing.contract import on_grid
from lifezone.routing.legs import AT_END
from lifezone.routing.plain import plain
from lifezone.routing.roads import Attached, ModeRoads
from lifezone.routing.sides import Direction, by_metric

__all__ = ["Chains", "empty_ground", "hanging_on", "order_chains"]


CACHE_LINE: Final = 64
"""Bytes."""


class Chains(NamedTuple):
    """The chains of a search graph in the order in which a search leaves their nodes, so that neighbours are near.

    Attributes:
        start: i32[C] node at which each chain starts.
        end: i32[C] node at which it ends.
        first: i64[C+1] its pieces.
        arc: i64[A] raw arc of each piece; from ``2*S`` on they are waits.
        of_piece: i32[A] chain of each piece.
        piece_of_arc: i32[2*S] piece of each raw arc, −1 where the arc is closed to the mode.
    """

    start: Ints
    end: Ints
    first: Longs
    arc: Longs
    of_piece: Ints
    piece_of_arc: Ints


def order_chains(graph: SearchGraph, direction: Direction) -> Chains:
    """Lay the chains out by the node a search leaves along them, those that are loops last."""
    tail, head = _as_searched(graph.chain_from, graph.chain_to, direction)
    order = np.lexsort((head, tail, tail == head))
    length = np.diff(graph.chain_first)[order]
    first = np.zeros(len(order) + 1, np.int64)
    np.cumsum(length, out=first[1:])
    source = np.repeat(graph.chain_first[:-1][order] - first[:-1], length) + np.arange(first[-1])
    arc = graph.chain_arc[source].astype(np.int64)
    piece_of_arc = np.full(len(graph.arc_chain), -1, np.int32)
    real = arc < len(piece_of_arc)
    piece_of_arc[arc[real]] = np.flatnonzero(real)
    of_piece = np.repeat(np.arange(len(order), dtype=np.int32), length)
    start, end = graph.chain_from[order], graph.chain_to[order]
    return Chains(start, end, first, arc, of_piece, piece_of_arc)


def _as_searched(start: Ints, end: Ints, direction: Direction) -> tuple[Ints, Ints]:
    """Return tail and head as the search, which begins at the facilities, runs along chains."""
    return (start, end) if direction == "from_facility" else (end, start)


def empty_ground(roads: ModeRoads, chains: Chains, demand: Attached, metric: Metric, direction: Direction) -> Ground:
    """Return a field without any open facility: every label unreached, every point without a nearest one."""
    from lifezone.kernels.edit_legs import settle_all  # noqa: PLC0415

    n_nodes, forth = roads.graph.n_nodes, direction == "from_facility"
    tail, head = _as_searched(chains.start, chains.end, direction)
    out_first, out, out_at = _roads(tail, head, n_nodes)
    into_first, into, into_at = _roads(head, tail, n_nodes)
    leg = _legs(demand, hanging_on(roads, chains, metric, arriving=forth))
    tally = np.zeros(COUNTERS, np.int64)
    tally[TO_FACILITY], tally[LENGTH] = int(not forth), int(metric == "length")
    hook_first, hook = _index(leg["node"], n_nodes)
    ride_first, ride = _index(leg["chain"], len(chains.start))
    node, chain = _nodes(chains, n_nodes), _chains(chains, out_at, into_at)
    node["out"], node["into"], node["hook"], chain["ride"] = out_first, into_first, hook_first, ride_first
    node["n_out"][:-1], node["n_into"][:-1] = np.diff(out_first), np.diff(into_first)
    ground = Ground(
        node=node, out=out, into=into, chain=chain, piece=_pieces(roads, chains, metric), site=np.zeros(0, LEG),
        leg=leg, point=_nobody(demand.n_points), hook=hook // 2, ride=ride,
        heap=np.zeros(n_nodes, SLOT), touched=np.zeros(n_nodes, np.int32),
        changed=np.zeros(demand.n_points, np.int32), tally=tally,
    )  # fmt: skip
    settle_all(ground)
    for edge, at in ((out, out_at), (into, into_at)):
        of = np.flatnonzero(at >= 0)
        edge["cost"][at[of]], edge["other"][at[of]] = chain["cost"][of], chain["other"][of]
    return ground


def hanging_on(roads: ModeRoads, chains: Chains, metric: Metric, *, arriving: bool) -> Hanging:
    """Return what it takes to hang points that trips reach (``arriving``) or leave."""
    network, graph = roads.network, roads.graph
    node, of_chain = (graph.arrive, chains.start) if arriving else (graph.node, chains.end)
    return Hanging(
        tail=plain(network.tail, np.int32), head=plain(network.head, np.int32), node=plain(node, np.int32),
        of_chain=plain(of_chain, np.int32), piece_of_arc=plain(chains.piece_of_arc, np.int32),
        of_piece=plain(chains.of_piece, np.int32), at_end=AT_END, speed_mps=float(roads.access.speed_mps),
        is_length=metric == "length",
    )  # fmt: skip


def _in_lines(n: int, dtype: np.dtype) -> Records:
    """Return n zero records that begin where a line of the processor's cache does: one line each, not parts of two."""
    room = np.zeros(n * dtype.itemsize + CACHE_LINE, np.uint8)
    start = -room.ctypes.data % CACHE_LINE
    return room[start : start + n * dtype.itemsize].view(dtype)


def _nobody(n: int) -> Records:
    """Return POINT[n] without a facility."""
    point = _in_lines(n, POINT)
    point["cost"], point["other"], point["owner"], point["mark"] = np.inf, np.inf, -1, -1
    return point


def _nodes(chains: Chains, n_nodes: int) -> Records:
    """Return NODE[N+1], unreached; every chain's first and last arc is open to begin with."""
    node = _in_lines(n_nodes + 1, NODE)
    node["cost"], node["other"] = np.inf, np.inf
    for name in ("owner", "via", "sites", "mark", "slot"):
        node[name] = -1
    ends = np.concatenate([chains.start, chains.end])
    node["open"] = np.bincount(ends, minlength=n_nodes + 1)
    return node


def _roads(tail: Ints, head: Ints, n_nodes: int) -> tuple[Longs, Records, Longs]:
    """Return the edges from ``tail`` to ``head`` of the chains that are no loops, and each chain's edge (−1 = none)."""
    chain = np.flatnonzero(tail != head)
    chain = chain[np.lexsort((chain, head[chain], tail[chain]))]
    first = np.zeros(n_nodes + 1, np.int64)
    np.cumsum(np.bincount(tail[chain], minlength=n_nodes), out=first[1:])
    road = np.zeros(len(chain), ROAD)
    road["head"], road["chain"] = head[chain], chain
    at = np.full(len(tail), -1, np.int64)
    at[chain] = np.arange(len(chain))
    return first, road, at


def _chains(chains: Chains, out_at: Longs, into_at: Longs) -> Records:
    """Return CHAIN[C+1] with no site on any of them; their sums are still to be made."""
    padded = np.zeros(len(chains.start) + 1, CHAIN)
    chain = padded[:-1]
    chain["start"], chain["end"] = chains.start, chains.end
    chain["first"], chain["stop"] = chains.first[:-1], chains.first[1:]
    chain["out"], chain["back"] = out_at, into_at
    chain["sites"], chain["mark"] = -1, -1
    return padded


def _pieces(roads: ModeRoads, chains: Chains, metric: Metric) -> Records:
    """Return PIECE[A], all open."""
    piece = np.zeros(len(chains.arc), PIECE)
    network, wait_s = roads.network, roads.graph.wait_s
    seconds = on_grid(np.concatenate([network.seconds[roads.mode], wait_s])[chains.arc])
    piece["metres"] = on_grid(np.concatenate([np.repeat(network.metres, 2), np.zeros(len(wait_s))])[chains.arc])
    piece["cost"], piece["other"] = by_metric(metric, seconds, piece["metres"])
    piece["arc"], piece["chain"] = chains.arc, chains.of_piece
    real = chains.arc < len(chains.piece_of_arc)
    piece["twin"] = -1
    piece["twin"][real] = chains.piece_of_arc[chains.arc[real] ^ 1]
    return piece


def _legs(points: Attached, hanging: Hanging) -> Records:
    """Return LEG[2n] of attached points, not settled yet."""
    from lifezone.kernels.edit_legs import hang_legs  # noqa: PLC0415

    leg = np.zeros(2 * points.n_points, LEG)
    hang_legs(leg, plain(points.anchors.segment, np.int32), plain(points.anchors.part, np.float64), hanging)
    return leg


def _index(key: Ints, n: int) -> tuple[Longs, Ints]:
    """Return which legs have each key 0 … n−1: first i64[n+1] and the legs i32, ascending; −1 is no key."""
    has = np.flatnonzero(key >= 0)
    order = has[np.argsort(key[has], kind="stable")].astype(np.int32)
    first = np.zeros(n + 1, np.int64)
    np.cumsum(np.bincount(key[has], minlength=n), out=first[1:])
    return first, order
