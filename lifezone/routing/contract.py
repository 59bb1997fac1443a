"""Make one mode's search graph of the raw network: contract, sum, order, find connected parts.

Times and lengths are first laid on a fixed grid of 2⁻³⁴ s and 2⁻³⁴ m (about 6·10⁻¹¹). Sums of such numbers are *exact*
in float64 up to 524,288 s and 524 km, so it does not matter in which order a search, a contraction or a reversed
trip adds them up: equal trips tie exactly, on every machine. One arc is off by at most half a step of the grid.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import connected_components

from lifezone.errors import InputError
from lifezone.model import Bools, Floats, Ints, Longs, Network, SearchGraph, Turns
from lifezone.routing.junctions import Chained, Splits, named_junctions, split, with_waits
from lifezone.routing.plain import plain

__all__ = ["GRID", "build_graph", "hilbert_key", "on_grid"]

GRID: Final = 2.0**34
"""Steps of the fixed grid per second and per metre."""
EXACT_TO: Final = 2.0**19
"""Seconds and metres below which a float64 holds every step of the grid."""
HILBERT_BITS: Final = 16
"""Bits per axis of the Hilbert curve: cells of 1/65,536 of the extent, about 10 m for a country."""


def on_grid(values: Floats) -> Floats:
    """Return seconds or metres on the fixed grid; ``inf`` stays."""
    coarse = values >= EXACT_TO  # float64 itself is no finer there
    rounded: Floats = np.where(coarse, values, np.rint(np.where(coarse, 0.0, values) * GRID) / GRID)
    return rounded


def build_graph(network: Network, mode: str, *, keep: Bools | None = None) -> SearchGraph:
    """Contract the network for one mode.

    Args:
        network: raw roads.
        mode: one of ``network.modes``.
        keep: bool[V] vertices that must stay nodes where the mode uses them at all; None = none.

    Returns:
        The search graph. A vertex without an open arc is no node; a mode without any open arc gives an empty graph.

    Raises:
        InputError: The network has no times for this mode, or ``keep`` has the wrong length.
    """
    from lifezone.kernels.contract import NODE, SWALLOWED, mark_nodes, trace_chains  # noqa: PLC0415

    if mode not in network.seconds:
        raise InputError(f"network: no times for mode {mode!r}; it has {', '.join(network.modes) or 'none'}")
    kept = np.zeros(network.n_vertices, np.bool_) if keep is None else plain(keep, np.bool_)
    if len(kept) != network.n_vertices:
        raise InputError(f"keep: expected {network.n_vertices:,} vertices, got {len(kept):,}")
    tail, head = plain(network.tail, np.int32), plain(network.head, np.int32)
    is_open = np.isfinite(network.seconds[mode])
    turns = network.turns.get(mode, Turns())
    state, beside = mark_nodes(tail, head, is_open, kept)
    ruled = named_junctions(network, turns, is_open)
    between = np.zeros(network.n_vertices, np.bool_)
    between[ruled] = state[ruled] == SWALLOWED
    state[between] = NODE
    arc, first, start, end, arc_chain = trace_chains(tail, head, is_open, state, beside)
    chains = Chained(arc, first, start, end, np.empty(0))
    splits = split(chains, network, turns, state == NODE, between)
    chains = with_waits(chains, network, turns, state == NODE)
    return _graph(network, mode, chains, splits, np.flatnonzero(state == NODE).astype(np.int32), arc_chain)


def _graph(network: Network, mode: str, chains: Chained, splits: Splits, nodes: Ints, arc_chain: Ints) -> SearchGraph:
    """Number the nodes along a Hilbert curve, copies of one side by side, and lay out the edges between them."""
    from lifezone.kernels.contract import sum_along  # noqa: PLC0415

    n_arcs = 2 * network.n_segments
    copies = np.zeros(network.n_vertices, np.int32)
    copies[nodes] = 1
    copies[splits.vertex] = splits.copies
    vertex = np.repeat(along := _along_hilbert(network, nodes), copies[along])
    base = np.full(network.n_vertices, -1, dtype=np.int32)
    base[along] = np.cumsum(copies[along]) - copies[along]
    node, arrive = base.copy(), base.copy()
    node[splits.vertex] += splits.leave
    arrive[splits.vertex] += splits.arrive
    n_turns, n_waits = len(splits.turn_s), len(chains.wait_s)
    wait_s = np.concatenate([chains.wait_s, splits.turn_s])
    chain_arc = np.concatenate([chains.arc, n_arcs + n_waits + np.arange(n_turns)]).astype(np.int32)
    chain_first = np.concatenate([chains.first, chains.first[-1] + 1 + np.arange(n_turns)]).astype(np.int64)
    arc_seconds, chain_seconds = sum_along(
        on_grid(np.concatenate([network.seconds[mode], wait_s])), chain_arc, chain_first
    )
    metres = np.concatenate([np.repeat(network.metres, 2), np.zeros(len(wait_s))])
    arc_metres, chain_metres = sum_along(on_grid(metres), chain_arc, chain_first)
    turning = base[splits.turn_vertex]
    chain_from = np.concatenate([base[chains.start] + splits.go, turning + splits.turn[:, 0]]).astype(np.int32)
    chain_to = np.concatenate([base[chains.end] + splits.come, turning + splits.turn[:, 1]]).astype(np.int32)
    edge = np.flatnonzero(chain_from != chain_to)
    edge = edge[np.lexsort((edge, chain_to[edge], chain_from[edge]))]
    first_out = np.zeros(len(vertex) + 1, dtype=np.int64)
    np.cumsum(np.bincount(chain_from[edge], minlength=len(vertex)), out=first_out[1:])
    beyond = _beyond(network, (node, arrive), arc_chain, chain_from, chain_to)
    part, part_metres = _connected_parts(first_out, chain_to[edge], chain_from, chain_to, chain_metres, beyond)
    part = _with_doors(part, chain_from, chain_to, len(chains.start))
    return SearchGraph(
        mode=mode, vertex=vertex, node=node, arrive=arrive, first_out=first_out, head=chain_to[edge],
        chain=edge.astype(np.int32), chain_from=chain_from, chain_to=chain_to, chain_seconds=chain_seconds,
        chain_metres=chain_metres, chain_first=chain_first, chain_arc=chain_arc, arc_chain=arc_chain,
        arc_seconds=arc_seconds[:n_arcs], arc_metres=arc_metres[:n_arcs], wait_s=on_grid(wait_s), part=part,
        part_metres=part_metres,
    )  # fmt: skip


def _along_hilbert(network: Network, vertex: Ints) -> Ints:
    """Return the vertices in the order of a Hilbert curve through their places; ties: the lower vertex first."""
    if not len(vertex):
        return vertex
    key = hilbert_key(network.x_m[vertex], network.y_m[vertex])
    return vertex[np.argsort(key, kind="stable")]


def hilbert_key(x_m: Floats, y_m: Floats) -> Longs:
    """Return each place's position along a Hilbert curve over their common square (not empty)."""
    side = max(np.ptp(x_m), np.ptp(y_m), 1e-9)
    last = 2**HILBERT_BITS - 1
    x = ((x_m - x_m.min()) / side * last).astype(np.int32)
    y = ((y_m - y_m.min()) / side * last).astype(np.int32)
    key = np.zeros(len(x), dtype=np.int64)
    for bit in reversed(range(HILBERT_BITS)):
        east, north = (x >> bit) & 1, (y >> bit) & 1
        key = 4 * key + ((3 * east) ^ north)
        mirrored = (north == 0) & (east == 1)
        x, y = np.where(mirrored, last - x, x), np.where(mirrored, last - y, y)
        x, y = np.where(north == 0, y, x), np.where(north == 0, x, y)
    return key


def _beyond(
    network: Network, at_vertex: tuple[Ints, Ints], arc_chain: Ints, chain_from: Ints, chain_to: Ints
) -> tuple[Ints, Ints]:
    """Return the nodes from which roads lead on beyond the loaded area, and those at which they come back."""
    back, out = (node[network.border & (node >= 0)] for node in at_vertex)
    hidden = network.border & (at_vertex[0] < 0)
    cut = np.repeat(hidden[network.tail] | hidden[network.head], 2) & (arc_chain >= 0)
    chain = np.unique(arc_chain[cut])
    return np.concatenate([out, chain_from[chain]]), np.concatenate([back, chain_to[chain]])


def _connected_parts(
    first_out: Longs, head: Ints, chain_from: Ints, chain_to: Ints, chain_metres: Floats, beyond: tuple[Ints, Ints]
) -> tuple[Ints, Floats]:
    """Return each node's strongly connected part and each part's length, longest part first (ties: lowest node).

    Roads that lead on beyond the loaded area are taken to meet there: what was only cut off is no islet.
    """
    n = len(first_out) - 1
    if n == 0:
        return np.empty(0, np.int32), np.empty(0)
    leave, come = beyond
    tails = np.concatenate([np.repeat(np.arange(n), np.diff(first_out)), leave, np.full(len(come), n)])
    heads = np.concatenate([head, np.full(len(leave), n), come])
    matrix = csr_matrix((np.ones(len(tails), np.int8), (tails, heads)), shape=(n + 1, n + 1))
    label = np.unique(connected_components(matrix, connection="strong")[1][:n], return_inverse=True)[1].ravel()
    count = int(label.max()) + 1
    inside = label[chain_from] == label[chain_to]
    metres = np.zeros(count)
    np.add.at(metres, label[chain_from[inside]], chain_metres[inside])
    lowest = np.full(count, n)
    np.minimum.at(lowest, label, np.arange(n))
    order = np.lexsort((lowest, -metres))
    rank = np.empty(count, dtype=np.int32)
    rank[order] = np.arange(count, dtype=np.int32)
    return rank[label], metres[order]


def _with_doors(part: Ints, chain_from: Ints, chain_to: Ints, n_roads: int) -> Ints:
    """Put the doors of split junctions, nodes that turns alone join, into the longest part that they lead to or from.

    Nothing passes through a door, so each would be a part of its own, with people on it.
    """
    is_door = np.ones(len(part), np.bool_)
    is_door[chain_from[:n_roads]] = False
    is_door[chain_to[:n_roads]] = False
    best = part.copy()
    best[is_door] = np.iinfo(np.int32).max
    for door, beside in ((chain_from[n_roads:], chain_to[n_roads:]), (chain_to[n_roads:], chain_from[n_roads:])):
        joined = is_door[door] & ~is_door[beside]
        np.minimum.at(best, door[joined], part[beside[joined]])
    return best
