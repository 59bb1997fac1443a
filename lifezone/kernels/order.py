"""In which order to eliminate the nodes of a road network, so that little fill arises.

Nodes with at most two neighbours go first: they never add an edge. What is left is cut in two again and again by
small separators (``flow``), which go last; cells of at most 64 nodes are ordered by least degree on bit sets.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt

from lifezone.kernels.chordal import lower_arcs
from lifezone.kernels.flow import LOCAL, PART, SPARE, Room, cut_cell, list_cell, mark_separator
from lifezone.kernels.jit import kernel

__all__ = ["LEAF_NODES", "core_of", "dissect", "eliminate_low", "neighbours_of", "twin_arcs"]

LEAF_NODES: Final = 64
"""Largest cell that is no longer cut: one machine word of neighbours."""
BROAD_NODES: Final = 100_000
"""In cells larger than this nearly all nodes are fixed to a side: a flow through half a country costs seconds."""
MIDDLE_NODES: Final = 10_000
BROAD_SHARE: Final = 0.44
MIDDLE_SHARE: Final = 0.38
SMALL_SHARE: Final = 0.28
"""Share of a cell's nodes fixed to either side of a cut; smaller finds thinner cuts and searches longer."""

Int32s = npt.NDArray[np.int32]
Int64s = npt.NDArray[np.int64]


@kernel
def neighbours_of(first_out: Int64s, head: Int32s) -> tuple[Int64s, Int32s]:
    """Return the graph without directions, parallel edges and loops: rows i64[N+1], ascending neighbours i32.

    Turning the edges round twice sorts them in linear time; a general sort took longer than the whole order.
    """
    n = len(first_out) - 1
    in_first, in_tail, _ = lower_arcs(first_out, head)
    out_first, out_head, _ = lower_arcs(in_first, in_tail)
    first = np.zeros(n + 1, np.int64)
    beside = np.empty(2 * len(head), np.int32)
    used = first[0]
    for v in range(n):
        i, i_end = in_first[v], in_first[v + 1]
        j, j_end = out_first[v], out_first[v + 1]
        last = -1
        while i < i_end or j < j_end:
            if j == j_end or (i < i_end and in_tail[i] <= out_head[j]):
                u = in_tail[i]
                i += 1
            else:
                u = out_head[j]
                j += 1
            if u not in (last, v):
                beside[used] = u
                used += 1
                last = u
        first[v + 1] = used
    return first, beside[:used].copy()


@kernel
def swap_neighbour(first: Int64s, head: Int32s, degree: Int32s, at: int, old: int, new: int) -> None:
    """Put ``new`` in the place of neighbour ``old`` of node ``at``; −1 takes it out (writes into its row)."""
    begin = first[at]
    last = begin + degree[at] - 1
    for a in range(begin, last + 1):
        if head[a] == old:
            if new >= 0:
                head[a] = new
            else:
                head[a] = head[last]
                degree[at] -= 1
            return


@kernel
def are_joined(first: Int64s, head: Int32s, degree: Int32s, one: int, other: int) -> bool:
    """Tell whether two nodes are neighbours; looks into the shorter row."""
    if degree[one] > degree[other]:
        one, other = other, one
    joined = False
    for a in range(first[one], first[one] + degree[one]):
        joined |= head[a] == other
    return joined


@kernel
def eliminate_low(first: Int64s, head: Int32s, degree: Int32s) -> tuple[Int32s, npt.NDArray[np.bool_]]:
    """Eliminate nodes with at most two neighbours until none is left (writes into ``head`` and ``degree``).

    In rounds: a node whose neighbour went in this round waits for the next, so that a long chain becomes a shallow tree
    and not a deep one.

    Returns:
        i32[gone] nodes in the order of elimination; bool[N] True for those.
    """
    n = len(degree)
    order = np.empty(n, np.int32)
    gone = np.zeros(n, np.bool_)
    touched = np.full(n, -1, np.int32)
    queue = np.empty(n, np.int32)
    waiting = np.empty(n, np.int32)
    is_queued = np.zeros(n, np.bool_)
    used, count, turn = 0, 0, 0
    for v in range(n):
        if degree[v] <= 2:
            queue[count] = v
            is_queued[v] = True
            count += 1
    while count > 0:
        later = 0
        for i in range(count):
            v = queue[i]
            if touched[v] == turn:
                waiting[later] = v
                later += 1
                continue
            order[used] = v
            used += 1
            gone[v] = True
            row = first[v]
            joined = degree[v] == 2 and are_joined(first, head, degree, head[row], head[row + 1])
            for j in range(degree[v]):
                u = head[row + j]
                onward = head[row + 1 - j] if degree[v] == 2 and not joined else -1
                swap_neighbour(first, head, degree, u, v, onward)
                touched[u] = turn
                if degree[u] <= 2 and not is_queued[u]:
                    is_queued[u] = True
                    waiting[later] = u
                    later += 1
        queue, waiting = waiting, queue
        count = later
        turn += 1
    return order[:used], gone


@kernel
def core_of(first: Int64s, head: Int32s, degree: Int32s, gone: npt.NDArray[np.bool_]) -> tuple[Int32s, Int32s, Int32s]:
    """Return the graph that is left: ``core_first`` i32[K+1], ``core_head`` i32[B], and the node of each core node."""
    n = len(degree)
    position = np.full(n, -1, np.int32)
    k, m = 0, 0
    for v in range(n):
        if not gone[v]:
            position[v] = k
            k += 1
            m += degree[v]
    node = np.empty(k, np.int32)
    core_first = np.zeros(k + 1, np.int32)
    core_head = np.empty(m, np.int32)
    m = 0
    for v in range(n):
        if gone[v]:
            continue
        p = position[v]
        node[p] = v
        for a in range(first[v], first[v] + degree[v]):
            core_head[m] = position[head[a]]
            m += 1
        core_first[p + 1] = m
    return core_first, core_head, node


@kernel
def twin_arcs(first: Int32s, head: Int32s) -> Int32s:
    """Return for each arc u → v the arc v → u, i32[B]; looks into the shorter of both rows."""
    twin = np.empty(len(head), np.int32)
    for u in range(len(first) - 1):
        for a in range(first[u], first[u + 1]):
            v = head[a]
            size, other = first[u + 1] - first[u], first[v + 1] - first[v]
            if other > size or (other == size and v < u):
                continue
            for b in range(first[v], first[v + 1]):
                if head[b] == u:
                    twin[a], twin[b] = b, a
                    break
    return twin


@kernel
def count_bits(word: np.uint64) -> np.int64:
    """Return how many bits are set."""
    word = word - ((word >> np.uint64(1)) & np.uint64(0x5555555555555555))
    word = (word & np.uint64(0x3333333333333333)) + ((word >> np.uint64(2)) & np.uint64(0x3333333333333333))
    word = (word + (word >> np.uint64(4))) & np.uint64(0x0F0F0F0F0F0F0F0F)
    word = word + (word >> np.uint64(8))
    word = word + (word >> np.uint64(16))
    return np.int64((word + (word >> np.uint64(32))) & np.uint64(127))


@kernel
def order_leaf(first: Int32s, head: Int32s, local: Int32s, nodes: Int32s) -> None:
    """Order a small cell by least degree, ties by place (writes into ``nodes``; ``local`` is −1 before and after).

    Neighbours outside the cell are eliminated later, so they count. They are no bits of the word: what an eliminated
    node had outside is simply added, as if shared by none. That leaves 10 % fewer arcs than not counting them (taking
    the larger number: 8 %).
    """
    k = len(nodes)
    one = np.uint64(1)
    beside = np.zeros(k, np.uint64)
    outside = np.zeros(k, np.int64)
    degree = np.empty(k, np.int64)
    for i in range(k):
        local[nodes[i]] = i
    for i in range(k):
        for a in range(first[nodes[i]], first[nodes[i] + 1]):
            if local[head[a]] >= 0:
                beside[i] |= one << np.uint64(local[head[a]])
            else:
                outside[i] += 1
        degree[i] = first[nodes[i] + 1] - first[nodes[i]]
    cell = nodes.copy()
    for turn in range(k):
        least = -1
        for i in range(k):
            if degree[i] >= 0 and (least < 0 or degree[i] < degree[least]):
                least = i
        nodes[turn] = cell[least]
        local[cell[least]] = -1
        degree[least] = -1
        own = one << np.uint64(least)
        for i in range(k):
            if degree[i] >= 0 and beside[i] & own:
                beside[i] = (beside[i] | beside[least]) & ~(own | (one << np.uint64(i)))
                outside[i] += outside[least]
                degree[i] = outside[i] + count_bits(beside[i])


@kernel
def part_rows(sorted_by: Int32s, low: int, high: int, room: Room) -> tuple[int, int]:
    """Put each row of a cell into the order side 0, side 1, separator; return where side 1 and the separator begin.

    Writes into ``sorted_by``; inside each of the three parts the order stays.
    """
    count = np.zeros(3, np.int64)
    for i in range(high - low):
        count[room.line[PART, i]] += 1
    spare = room.line[SPARE]
    for d in range(len(sorted_by)):
        zero, one, two = 0, count[0], count[0] + count[1]
        for i in range(low, high):
            v = sorted_by[d, i]
            part = room.line[PART, room.line[LOCAL, v]]
            if part == 0:
                spare[zero] = v
                zero += 1
            elif part == 1:
                spare[one] = v
                one += 1
            else:
                spare[two] = v
                two += 1
        for i in range(high - low):
            sorted_by[d, low + i] = spare[i]
    return low + count[0], low + count[0] + count[1]


@kernel
def dissect(first: Int32s, head: Int32s, twin: Int32s, sorted_by: Int32s, room: Room) -> None:
    """Order the core by nested dissection: the result is the last row of ``sorted_by``.

    Args:
        first: i32[K+1] rows of the core graph, each edge in both directions.
        head: i32[B].
        twin: i32[B] the same edge's other direction.
        sorted_by: i32[D+1, K] the nodes sorted along each of D directions, and in an order that keeps neighbours near.
        room: for the whole core.
    """
    k = sorted_by.shape[1]
    stack = np.empty((k + 2, 2), np.int64)
    stack[0, 0], stack[0, 1] = 0, k
    depth = 1
    while depth > 0:
        depth -= 1
        low, high = stack[depth, 0], stack[depth, 1]
        if high - low <= LEAF_NODES:
            order_leaf(first, head, room.line[LOCAL], sorted_by[-1, low:high])
            continue
        list_cell(first, head, twin, sorted_by[-1, low:high], room)
        size = high - low
        share = BROAD_SHARE if size > BROAD_NODES else MIDDLE_SHARE if size > MIDDLE_NODES else SMALL_SHARE
        cut_cell(sorted_by, low, high, int(size * share), room)
        mark_separator(size, room)
        middle, end = part_rows(sorted_by, low, high, room)
        for i in range(low, high):
            room.line[LOCAL, sorted_by[-1, i]] = -1
        stack[depth, 0], stack[depth, 1] = low, middle
        stack[depth + 1, 0], stack[depth + 1, 1] = middle, end
        depth += 2
