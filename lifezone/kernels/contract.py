"""Swallow the vertices that offer exactly two ways on, one mode at a time, in linear time.

An arc ``2*s`` runs from tail to head of segment ``s``, ``2*s + 1`` back; arc ``a`` belongs to segment ``a // 2``.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt

from lifezone.kernels.jit import kernel

__all__ = ["NODE", "SWALLOWED", "UNUSED", "mark_nodes", "sum_along", "trace_chains"]

UNUSED: Final = 0
SWALLOWED: Final = 1
NODE: Final = 2

Int32s = npt.NDArray[np.int32]


@kernel
def mark_nodes(
    tail: Int32s, head: Int32s, is_open: npt.NDArray[np.bool_], keep: npt.NDArray[np.bool_]
) -> tuple[npt.NDArray[np.uint8], Int32s]:
    """Tell which vertices are unused, swallowed or nodes, and the (first) two open segments at each.

    A vertex is swallowed when exactly two segments meet there, neither of them a loop, and they make either a two-way
    pair (both open both ways) or a one-way street that goes on (one arc in, one arc out).

    Args:
        tail: i32[S] first vertex of each segment.
        head: i32[S] last vertex.
        is_open: bool[2*S] arcs open to the mode.
        keep: bool[V] vertices that stay nodes where they are used at all.

    Returns:
        u8[V] 0 unused, 1 swallowed, 2 node; i32[V, 2] open segments at each vertex, −1 = none.
    """
    n = len(keep)
    beside = np.full((n, 2), -1, dtype=np.int32)
    degree = np.zeros((n, 3), dtype=np.int32)  # open segments, arcs in, arcs out
    loop = np.zeros(n, dtype=np.bool_)
    for s in range(len(tail)):
        forward, back = is_open[2 * s], is_open[2 * s + 1]
        if not (forward or back):
            continue
        t, h = tail[s], head[s]
        if t == h:
            loop[t] = True
        for end in range(2):
            v = t if end == 0 else h
            if degree[v, 0] < 2:
                beside[v, degree[v, 0]] = s
            degree[v, 0] += 1
        if forward:
            degree[t, 2] += 1
            degree[h, 1] += 1
        if back:
            degree[h, 2] += 1
            degree[t, 1] += 1
    state = np.zeros(n, dtype=np.uint8)
    for v in range(n):
        if degree[v, 0] == 0:
            continue
        paired = degree[v, 0] == 2 and degree[v, 1] == degree[v, 2] and not loop[v]
        state[v] = SWALLOWED if paired and not keep[v] else NODE
    return state, beside


@kernel
def follow(
    arc: int,
    tail: Int32s,
    head: Int32s,
    state: npt.NDArray[np.uint8],
    beside: Int32s,
    chain_arc: Int32s,
    used: int,
) -> tuple[int, int]:
    """Write the arcs of the chain that starts with ``arc``; return the arcs written so far and its last vertex."""
    while True:
        chain_arc[used] = arc
        used += 1
        s = arc // 2
        v = head[s] if arc % 2 == 0 else tail[s]
        if state[v] == NODE:
            return used, v
        s = beside[v, 1] if beside[v, 0] == s else beside[v, 0]
        arc = 2 * s if tail[s] == v else 2 * s + 1


@kernel
def trace_chains(
    tail: Int32s,
    head: Int32s,
    is_open: npt.NDArray[np.bool_],
    state: npt.NDArray[np.uint8],
    beside: Int32s,
) -> tuple[Int32s, npt.NDArray[np.int64], Int32s, Int32s, Int32s]:
    """Walk every chain from node to node; a ring without a node keeps its lowest vertex (writes into ``state``).

    Returns:
        ``chain_arc`` i32[A], ``chain_first`` i64[C+1], the first and last vertex of each chain i32[C], and
        ``arc_chain`` i32[2*S] with −1 for closed arcs.
    """
    n_open = 0
    for a in range(len(is_open)):
        n_open += is_open[a]
    chain_arc = np.empty(n_open, dtype=np.int32)
    first = np.zeros(n_open + 1, dtype=np.int64)
    start = np.empty(n_open, dtype=np.int32)
    end = np.empty(n_open, dtype=np.int32)
    arc_chain = np.full(len(is_open), -1, dtype=np.int32)
    used, chains = 0, 0
    for sweep in range(2):  # chains that start at nodes, then rings: all that is left over
        for s in range(len(tail)):
            for direction in range(2):
                arc = 2 * s + direction
                v = tail[s] if direction == 0 else head[s]
                if not is_open[arc] or arc_chain[arc] >= 0 or (sweep == 0 and state[v] != NODE):
                    continue
                if sweep == 1 and state[v] != NODE:
                    v, arc = lowest_of_ring(arc, tail, head, beside)
                    state[v] = NODE
                before = used
                used, last = follow(arc, tail, head, state, beside, chain_arc, used)
                for i in range(before, used):
                    arc_chain[chain_arc[i]] = chains
                start[chains], end[chains] = v, last
                chains += 1
                first[chains] = used
    return chain_arc, first[: chains + 1], start[:chains], end[:chains], arc_chain


@kernel
def lowest_of_ring(arc: int, tail: Int32s, head: Int32s, beside: Int32s) -> tuple[int, int]:
    """Return the lowest vertex of the ring that ``arc`` lies on and the ring's arc that leaves it."""
    lowest = len(beside)
    leaving = arc
    begin = arc
    while True:
        s = arc // 2
        v, on = (tail[s], head[s]) if arc % 2 == 0 else (head[s], tail[s])
        if v < lowest:
            lowest, leaving = v, arc
        s = beside[on, 1] if beside[on, 0] == s else beside[on, 0]
        arc = 2 * s if tail[s] == on else 2 * s + 1
        if arc == begin:
            return lowest, leaving


@kernel
def sum_along(
    weight: npt.NDArray[np.float64], chain_arc: Int32s, chain_first: npt.NDArray[np.int64]
) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    """Return each arc's distance from the start of its chain f64[2*S] and each chain's length f64[C]."""
    offset = np.zeros(len(weight), dtype=np.float64)
    whole = np.zeros(len(chain_first) - 1, dtype=np.float64)
    for chain in range(len(whole)):
        total = 0.0
        for i in range(chain_first[chain], chain_first[chain + 1]):
            offset[chain_arc[i]] = total
            total += weight[chain_arc[i]]
        whole[chain] = total
    return offset, whole
