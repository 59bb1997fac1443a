"""Turn rules in the search graph: waits as arcs without length, and junctions split where turns are not all free.

A junction where every turn is free stays one node; where some are banned or cost time it becomes as many nodes as its
turns need (:mod:`lifezone.kernels.junctions`), joined by edges that stand for turns. So the graph stays node-based but
for those junctions, and every search runs on it unchanged. Decided: turning round is possible at junctions and dead
ends, not between them; where a rule lets nobody on, at a barrier say, the road ends. Refused: an edge-based graph of
the whole network, three times the nodes for a handful of bans.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from lifezone.model import Bools, Floats, Ints, Longs, Network, Turns
from lifezone.routing.plain import plain

__all__ = ["Chained", "Splits", "named_junctions", "split", "with_waits"]

LOOK_M: Final = 15.0
"""How far from a junction the direction of a road is taken."""
STRAIGHT: Final = np.radians(45.0)
"""A turn by no more than this is straight on."""


@dataclass(frozen=True, eq=False)
class Chained:
    """Chains between vertices, before these become nodes; see :class:`lifezone.model.SearchGraph`.

    Attributes:
        arc: i32[A] arcs of the chains; from ``2*S`` on they are waits.
        first: i64[C+1] the arcs of each chain.
        start: i32[C] vertex at which each chain starts.
        end: i32[C] vertex at which it ends.
        wait_s: f64[J] time of each wait.
    """

    arc: Ints
    first: Longs
    start: Ints
    end: Ints
    wait_s: Floats


@dataclass(frozen=True, eq=False)
class Splits:
    """Copies of the junctions that are split.

    Attributes:
        vertex: i32[J] their vertices, ascending.
        copies: i32[J] nodes that each becomes.
        leave: i32[J] the copy that trips from the junction itself leave by.
        arrive: i32[J] the copy at which trips to it end.
        come: i32[C] copy at which each chain ends, 0 at junctions that are not split.
        go: i32[C] copy at which each chain starts.
        turn_vertex: i32[T] vertex of each turn.
        turn: i32[T, 2] copies that it leads from and to.
        turn_s: f64[T] its time.
    """

    vertex: Ints
    copies: Ints
    leave: Ints
    arrive: Ints
    come: Ints
    go: Ints
    turn_vertex: Ints
    turn: Ints
    turn_s: Floats


def _end_of(network: Network, arc: Ints) -> Ints:
    """Return the vertex at which each arc ends."""
    return np.where(arc % 2 == 0, network.head[arc // 2], network.tail[arc // 2])


def named_junctions(network: Network, turns: Turns, is_open: Bools) -> Ints:
    """Return the vertices at which rules say something about going on, ascending."""
    counts = is_open[turns.from_arc] & (is_open[turns.to_arc] | turns.only)
    counts &= turns.only | ((turns.from_arc ^ 1) != turns.to_arc)
    vertices: Ints = np.unique(_end_of(network, turns.from_arc[counts]))
    return vertices


def with_waits(chains: Chained, network: Network, turns: Turns, is_node: Bools) -> Chained:
    """Put the waits between junctions into their chains, each right after its arc; those at nodes belong to turns."""
    wait_s = _wait_of_arc(turns, 2 * network.n_segments)
    inner = wait_s[chains.arc] > 0
    inner[inner] = ~is_node[_end_of(network, chains.arc[inner])]
    at = np.flatnonzero(inner)
    arc = np.insert(chains.arc, at + 1, 2 * network.n_segments + np.arange(len(at), dtype=np.int32))
    first = chains.first + np.searchsorted(at, chains.first, side="left")
    return Chained(arc.astype(np.int32), first, chains.start, chains.end, wait_s[chains.arc[at]])


def _wait_of_arc(turns: Turns, n_arcs: int) -> Floats:
    """Return f64[arcs] the wait at the end of each."""
    return np.bincount(turns.wait_arc, weights=turns.wait_s, minlength=n_arcs).astype(np.float64)


def split(chains: Chained, network: Network, turns: Turns, nodes: Bools, between: Bools) -> Splits:
    """Split the junctions at which turns are not all free.

    Args:
        chains: the chains, waits not among them.
        network: raw roads.
        turns: the mode's rules.
        nodes: bool[V] vertices that are nodes.
        between: bool[V] those of them that are nodes for a rule's sake only: nobody turns round there.
    """
    from lifezone.kernels.junctions import split_junctions  # noqa: PLC0415

    last, first = chains.arc[chains.first[1:] - 1], chains.arc[chains.first[:-1]]
    vertex = _junctions(last, first, network, turns, nodes)
    if not len(vertex):
        return _no_splits(len(last))
    come, first_in = _by_vertex(chains.end, vertex)
    go, first_out = _by_vertex(chains.start, vertex)
    size_in, size_out = np.diff(first_in), np.diff(first_out)
    first_pair = np.concatenate([[0], np.cumsum(size_in * size_out)]).astype(np.int64)
    junction = np.repeat(np.arange(len(vertex)), size_in * size_out)
    row, column = np.divmod(np.arange(first_pair[-1]) - first_pair[junction], np.maximum(size_out[junction], 1))
    into, out = come[first_in[junction] + row], go[first_out[junction] + column]
    cost = _turn_seconds(chains, network, turns, (into, out), vertex[junction], between)
    in_copy, out_copy, at, turn, first_turn, turn_s = split_junctions(first_in, first_out, first_pair, cost)
    come_copy, go_copy = (np.zeros(len(last), np.int32) for _ in range(2))
    come_copy[come], go_copy[go] = in_copy, out_copy
    return Splits(
        vertex=vertex, copies=at[:, 0].copy(), leave=at[:, 1].copy(), arrive=at[:, 2].copy(), come=come_copy,
        go=go_copy, turn_vertex=np.repeat(vertex, np.diff(first_turn)), turn=turn, turn_s=turn_s,
    )  # fmt: skip


def _no_splits(n_chains: int) -> Splits:
    """Return no splits of the nodes that chains join."""
    none, zero = np.empty(0, np.int32), np.zeros(n_chains, np.int32)
    return Splits(none, none, none, none, zero, zero, none, np.empty((0, 2), np.int32), np.empty(0))


def _junctions(last: Ints, first: Ints, network: Network, turns: Turns, nodes: Bools) -> Ints:
    """Return the vertices whose turns may not all be free, ascending."""
    if turns.everywhere:
        return np.flatnonzero(nodes).astype(np.int32)
    open_arc = np.zeros(2 * network.n_segments, np.bool_)
    open_arc[last], open_arc[first] = True, True
    ruled = turns.from_arc[open_arc[turns.from_arc]]
    waits = turns.wait_arc[(turns.wait_s > 0) & open_arc[turns.wait_arc]]
    vertex = np.unique(_end_of(network, np.concatenate([ruled, waits])))
    return vertex[nodes[vertex]].astype(np.int32)


def _by_vertex(of_chain: Ints, vertex: Ints) -> tuple[Longs, Longs]:
    """Return the chains at the given vertices, by vertex, then chain, and where each vertex's begin."""
    place = np.searchsorted(vertex, of_chain)
    here = np.flatnonzero((place < len(vertex)) & (vertex[np.minimum(place, len(vertex) - 1)] == of_chain))
    chain = here[np.argsort(place[here], kind="stable")]
    first = np.zeros(len(vertex) + 1, np.int64)
    np.cumsum(np.bincount(place[here], minlength=len(vertex)), out=first[1:])
    return chain, first


def _turn_seconds(
    chains: Chained, network: Network, turns: Turns, pair: tuple[Longs, Longs], vertex: Ints, between: Bools
) -> Floats:
    """Return f64[pairs] the seconds of each turn from a chain into a chain at a vertex; ``inf`` = banned."""
    into, out = pair
    last, first = chains.arc[chains.first[into + 1] - 1], chains.arc[chains.first[out]]
    round_ = (last ^ 1) == first
    cost = _wait_of_arc(turns, 2 * network.n_segments)[last]
    if turns.left_s > 0 or turns.right_s > 0:
        angle = _angles(chains, network, pair)
        bends = (_n_roads(last, first, vertex) >= 3) & ~round_
        cost += np.where(bends & (angle > STRAIGHT), turns.left_s, 0.0)
        cost += np.where(bends & (angle < -STRAIGHT), turns.right_s, 0.0)
    cost[round_] += turns.u_turn_s
    rule_s, is_only = _ruled(turns, last, first)
    cost += rule_s
    goes_on = np.bincount(into, weights=np.isfinite(cost) & ~round_, minlength=int(into.max(initial=-1)) + 1) > 0
    nowhere_else = between[vertex] if turns.turns_round else np.ones(len(cost), np.bool_)
    cost[round_ & nowhere_else & goes_on[into] & ~is_only] = np.inf
    return cost


def _angles(chains: Chained, network: Network, pair: tuple[Longs, Longs]) -> Floats:
    """Return f64[pairs] by how much a turn bends, −π to π, to the left above 0."""
    from lifezone.kernels.junctions import headings  # noqa: PLC0415

    ends = plain(np.stack([network.tail, network.head], axis=1), np.int32)
    xy = np.stack([network.x_m, network.y_m], axis=1)
    arc, first = plain(chains.arc, np.int32), plain(chains.first, np.int64)
    come, go = (headings(arc, first, ends, xy, LOOK_M, forth) for forth in (False, True))
    angle: Floats = (go[pair[1]] - come[pair[0]] + np.pi) % (2 * np.pi) - np.pi
    return angle


def _n_roads(last: Ints, first: Ints, vertex: Ints) -> Longs:
    """Return for each pair how many roads meet at its vertex."""
    n_segments = int(max(last.max(initial=0), first.max(initial=0))) // 2 + 1
    ends = np.unique(np.tile(vertex.astype(np.int64), 2) * n_segments + np.concatenate([last, first]) // 2)
    count = np.bincount(ends // n_segments)
    return count[vertex]


def _ruled(turns: Turns, last: Ints, first: Ints) -> tuple[Floats, Bools]:
    """Return f64[pairs] what the rules add to each turn, and bool[pairs] which are the only ones from their arc."""
    n_arcs = int(max(turns.to_arc.max(initial=0), first.max(initial=0))) + 1
    key = turns.from_arc.astype(np.int64) * n_arcs + turns.to_arc
    named, place = np.unique(key, return_inverse=True)
    seconds = np.zeros(len(named) + 1)
    np.add.at(seconds, place, turns.seconds)
    asked = last.astype(np.int64) * n_arcs + first
    added = seconds[_found(asked, named)]
    is_only = _found(asked, np.unique(key[turns.only])) >= 0
    added[np.isin(last, turns.from_arc[turns.only]) & ~is_only] = np.inf
    return added, is_only


def _found(asked: Longs, among: Longs) -> Longs:
    """Return the place of each number among others, ascending; −1 where it is not there."""
    if not len(among):
        return np.full(len(asked), -1)
    place = np.minimum(np.searchsorted(among, asked), len(among) - 1)
    return np.where(among[place] == asked, place, -1)
