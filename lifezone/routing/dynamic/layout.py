"""Lay a mode's roads and points out as the records that edits work on."""

from __future__ import annotations

import numpy as np

from lifezone.kernels.edit_records import (
    BEST,
    CHAIN,
    COUNTERS,
    LEG,
    LENGTH,
    MOVED,
    NODE,
    PIECE,
    ROAD,
    SLOT,
    TO_FACILITY,
    Ground,
)  # fmt: skip
from lifezone.kernels.records import Records
from lifezone.model import Ints, Longs, Metric
from lifezone.routing.contract import on_grid
from lifezone.routing.legs import AT_END, vertex_of
from lifezone.routing.roads import Attached, ModeRoads
from lifezone.routing.sides import Direction, by_metric

__all__ = ["empty_ground", "piece_of_arc", "site_legs"]


def empty_ground(roads: ModeRoads, at_piece: Ints, demand: Attached, metric: Metric, direction: Direction) -> Ground:
    """Return a field without any open facility: every label unreached, every point without a nearest one."""
    from lifezone.kernels.edit_legs import settle_all  # noqa: PLC0415

    graph = roads.graph
    forth = direction == "from_facility"
    tail, head = (graph.chain_from, graph.chain_to) if forth else (graph.chain_to, graph.chain_from)
    out_first, out, out_at = _roads(tail, head, graph.n_nodes)
    into_first, into, into_at = _roads(head, tail, graph.n_nodes)
    leg = _legs(roads, at_piece, demand, arriving=forth)
    tally = np.zeros(COUNTERS, np.int64)
    tally[TO_FACILITY], tally[LENGTH], tally[MOVED] = int(not forth), int(metric == "length"), -1
    hook_first, hook = _index(leg["node"], graph.n_nodes)
    ride_first, ride = _index(leg["chain"], len(graph.chain_from))
    node, chain = _nodes(roads), _chains(roads, out_at, into_at)
    node["out"], node["into"], node["hook"], chain["ride"] = out_first, into_first, hook_first, ride_first
    ground = Ground(
        node=node, out=out, into=into, chain=chain, piece=_pieces(roads, at_piece, metric), site=np.zeros(0, LEG),
        leg=leg, best=_nobody(demand.n_points), hook=hook // 2, ride=ride,
        heap=np.zeros(graph.n_nodes, SLOT), touched=np.zeros(graph.n_nodes, np.int32),
        changed=np.zeros(demand.n_points, np.int32), tally=tally,
    )  # fmt: skip
    settle_all(ground)
    for edge, at in ((out, out_at), (into, into_at)):
        of = np.flatnonzero(at >= 0)
        edge["cost"][at[of]], edge["other"][at[of]] = chain["cost"][of], chain["other"][of]
    return ground


def site_legs(
    roads: ModeRoads, at_piece: Ints, sites: Attached, positions: Ints, metric: Metric, direction: Direction
) -> Records:
    """Return LEG[2n] of facilities that are not open yet; ``at_piece`` comes from :func:`piece_of_arc`."""
    leg = _legs(roads, at_piece, sites, arriving=direction == "to_facility")
    leg["gap_cost"], leg["gap_other"] = by_metric(metric, np.repeat(sites.gap_s, 2), np.zeros(len(leg)))
    leg["owner"] = np.repeat(positions, 2)
    return leg


def _nobody(n: int) -> Records:
    """Return BEST[n] without a facility."""
    best = np.zeros(n, BEST)
    best["cost"], best["other"], best["owner"], best["mark"] = np.inf, np.inf, -1, -1
    return best


def _nodes(roads: ModeRoads) -> Records:
    """Return NODE[N+1], unreached; every chain's first and last arc is open to begin with."""
    graph = roads.graph
    node = np.zeros(graph.n_nodes + 1, NODE)
    node["cost"], node["other"] = np.inf, np.inf
    for name in ("owner", "via", "sites", "mark", "slot"):
        node[name] = -1
    ends = np.concatenate([graph.chain_from, graph.chain_to])
    node["open"] = np.bincount(ends, minlength=graph.n_nodes + 1)
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


def _chains(roads: ModeRoads, out_at: Longs, into_at: Longs) -> Records:
    """Return CHAIN[C+1] with no site on any of them; their sums are still to be made."""
    graph = roads.graph
    padded = np.zeros(len(graph.chain_from) + 1, CHAIN)
    chain = padded[:-1]
    chain["start"], chain["end"] = graph.chain_from, graph.chain_to
    chain["first"], chain["stop"] = graph.chain_first[:-1], graph.chain_first[1:]
    chain["out"], chain["back"] = out_at, into_at
    chain["sites"], chain["mark"] = -1, -1
    return padded


def _pieces(roads: ModeRoads, at_piece: Ints, metric: Metric) -> Records:
    """Return PIECE[A], all open."""
    graph = roads.graph
    arc = graph.chain_arc.astype(np.int64)
    piece = np.zeros(len(arc), PIECE)
    seconds = on_grid(roads.network.seconds[graph.mode][arc])
    piece["metres"] = on_grid(roads.network.metres[arc // 2])
    piece["cost"], piece["other"] = by_metric(metric, seconds, piece["metres"])
    piece["arc"], piece["chain"] = arc, graph.arc_chain[arc]
    piece["twin"] = at_piece[arc ^ 1]
    return piece


def piece_of_arc(roads: ModeRoads) -> Ints:
    """Return i32[2*S] the piece of each raw arc, −1 where the arc is closed to the mode."""
    at = np.full(len(roads.graph.arc_chain), -1, np.int32)
    at[roads.graph.chain_arc] = np.arange(len(roads.graph.chain_arc), dtype=np.int32)
    return at


def _legs(roads: ModeRoads, at_piece: Ints, points: Attached, *, arriving: bool) -> Records:
    """Return LEG[2n] of attached points: one for a point on a node, else one for each open direction of its segment."""
    graph, anchors = roads.graph, points.anchors
    leg = np.zeros(2 * points.n_points, LEG)
    for name in ("node", "chain", "piece", "leave", "arrive", "at_node", "on_chain", "owner"):
        leg[name] = -1
    leg["cost"], leg["other"] = np.inf, np.inf
    vertex = vertex_of(roads.network, anchors)
    node = np.where(vertex >= 0, graph.node[vertex], -1) if len(graph.node) else np.full(len(vertex), -1)
    leg["node"][0::2] = node
    row = np.flatnonzero((anchors.segment >= 0) & (node < 0))
    part = anchors.part[row]
    along = np.where(part <= AT_END, 0.0, np.where(part >= 1 - AT_END, 1.0, part))
    for direction in (0, 1):
        piece = at_piece[2 * anchors.segment[row].astype(np.int64) + direction]
        has = piece >= 0
        at, piece = 2 * row[has] + direction, piece[has]
        share = (along if direction == 0 else 1.0 - along)[has]
        chain = graph.arc_chain[graph.chain_arc[piece]]
        leg["part"][at], leg["piece"][at], leg["chain"][at] = share, piece, chain
        leg["leave"][at], leg["arrive"][at] = piece + (share == 1.0), piece - (share == 0.0)
        leg["node"][at] = (graph.chain_from if arriving else graph.chain_to)[chain]
    return leg


def _index(key: Ints, n: int) -> tuple[Longs, Ints]:
    """Return which legs have each key 0 … n−1: first i64[n+1] and the legs i32, ascending; −1 is no key."""
    has = np.flatnonzero(key >= 0)
    order = has[np.argsort(key[has], kind="stable")].astype(np.int32)
    first = np.zeros(n + 1, np.int64)
    np.cumsum(np.bincount(key[has], minlength=n), out=first[1:])
    return first, order
