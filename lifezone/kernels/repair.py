"""Mend the costs of a hierarchy after few edges changed: only what hangs on them is looked at again.

An arc's cost hangs on arcs whose lower end is lower, so dirty rows are worked off by rising rank. Inside a row no arc
hangs on another. A cost that falls is handed up at once; one that rises only where it was what an upper arc
rested on, which is then made anew from its edges and lower triangles.

Where many arcs of one row change, as at the great separators, the row is taken as a whole: all its triangles in one
pass instead of a merge an arc, and upper arcs found by walking along their row instead of by halving.
"""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from lifezone.kernels.chordal import find_arc
from lifezone.kernels.customise import UNREACHED, Arcs, Costs, Int32s, Int64s
from lifezone.kernels.jit import kernel

__all__ = ["EdgeCosts", "Mending", "cheapest_edge", "mend", "next_common"]

CLEAN: Final = 0
TOUCHED: Final = 1
"""The arc's old costs are kept; its costs may have fallen."""
STALE: Final = 2
"""What the arc rested on has risen: it must be made anew."""
FEW: Final = 4
"""So many arcs of a row are made anew, or handed up, one by one; more together."""


class EdgeCosts(NamedTuple):
    """Search edges by the arc and direction they stand for.

    Attributes:
        key: i64[E] ``2*arc + direction``, ascending.
        edge: i32[E] search edge of each, ascending for the same key.
        cost: u32[E] cost by search edge.
    """

    key: Int64s
    edge: Int32s
    cost: Costs


class Mending(NamedTuple):
    """What is being mended: new and old costs, what is dirty.

    Attributes:
        climb: u32[M] costs, mended in place.
        descend: u32[M].
        old_climb: u32[M] costs before, where ``state`` is not clean.
        old_descend: u32[M].
        state: u8[M] clean, touched or stale.
        is_dirty: bool[N] rows that wait.
        heap: i64[N + 1] the waiting rows, least first; ``heap[0]`` is how many.
        ups: u32[N] room for a row by upper end.
        downs: u32[N] likewise.
    """

    climb: Costs
    descend: Costs
    old_climb: Costs
    old_descend: Costs
    state: npt.NDArray[np.uint8]
    is_dirty: npt.NDArray[np.bool_]
    heap: Int64s
    ups: Costs
    downs: Costs


@kernel
def push_row(row: int, work: Mending) -> None:
    """Let a row wait, unless it does already."""
    if work.is_dirty[row]:
        return
    work.is_dirty[row] = True
    heap = work.heap
    heap[0] += 1
    at = heap[0]
    while at > 1 and heap[at >> 1] > row:
        heap[at] = heap[at >> 1]
        at >>= 1
    heap[at] = row


@kernel
def pop_row(work: Mending) -> int:
    """Take out the lowest row that waits; there must be one."""
    heap = work.heap
    least, row, size = heap[1], heap[heap[0]], heap[0] - 1
    heap[0] = size
    at = 1
    while 2 * at <= size:
        child = 2 * at
        if child < size and heap[child + 1] < heap[child]:
            child += 1
        if heap[child] >= row:
            break
        heap[at] = heap[child]
        at = child
    heap[at] = row
    work.is_dirty[least] = False
    return int(least)


@kernel
def touch(arc: int, row: int, state: int, work: Mending) -> None:
    """Keep an arc's old costs before the first change, raise its state and let its row wait."""
    if work.state[arc] == CLEAN:
        work.old_climb[arc] = work.climb[arc]
        work.old_descend[arc] = work.descend[arc]
        push_row(row, work)
    work.state[arc] = max(work.state[arc], np.uint8(state))


@kernel
def cheapest_edge(edges: EdgeCosts, key: int) -> int:
    """Return the cheapest search edge of an arc and direction, ties by number; −1 when there is none."""
    low, high = 0, len(edges.key)
    while low < high:
        middle = (low + high) // 2
        if edges.key[middle] < key:
            low = middle + 1
        else:
            high = middle
    best = -1
    while low < len(edges.key) and edges.key[low] == key:
        edge = edges.edge[low]
        if best < 0 or edges.cost[edge] < edges.cost[best]:
            best = int(edge)
        low += 1
    return best


@kernel
def next_common(tail: Int32s, i: int, i_end: int, j: int, j_end: int) -> tuple[int, int]:
    """Return the next places, from ``i`` and ``j`` on, where two ascending stretches of ``tail`` agree; or an end."""
    while i < i_end and j < j_end and tail[i] != tail[j]:
        if tail[i] < tail[j]:
            i += 1
        else:
            j += 1
    return i, j


@kernel
def over_edges(edges: EdgeCosts, arc: int) -> tuple[np.uint32, np.uint32]:
    """Return what an arc's own search edges cost, up and down."""
    up, down = np.uint32(UNREACHED), np.uint32(UNREACHED)
    edge = cheapest_edge(edges, 2 * arc)
    if edge >= 0:
        up = edges.cost[edge]
    edge = cheapest_edge(edges, 2 * arc + 1)
    if edge >= 0:
        down = edges.cost[edge]
    return up, down


@kernel
def make_anew(arcs: Arcs, edges: EdgeCosts, u: int, arc: int, work: Mending) -> None:
    """Set the costs of an arc with lower end ``u`` from its edges and all its lower triangles."""
    v = arcs.head[arc]
    up, down = over_edges(edges, arc)
    i_end, j_end = arcs.low_first[u + 1], arcs.low_first[v + 1]
    i, j = arcs.low_first[u], arcs.low_first[v]
    while True:
        i, j = next_common(arcs.low_tail, i, i_end, j, j_end)
        if i >= i_end or j >= j_end:
            break
        a, b = arcs.low_arc[i], arcs.low_arc[j]
        up = min(up, np.uint32(work.descend[a] + work.climb[b]))
        down = min(down, np.uint32(work.descend[b] + work.climb[a]))
        i += 1
        j += 1
    work.climb[arc], work.descend[arc] = up, down


@kernel
def make_row_anew(arcs: Arcs, edges: EdgeCosts, u: int, work: Mending) -> None:
    """Do what :func:`make_anew` does for all stale arcs of a row in one pass over its lower triangles."""
    begin, end = arcs.first[u], arcs.first[u + 1]
    ups, downs = work.ups, work.downs
    for b in range(begin, end):
        if work.state[b] == STALE:
            ups[arcs.head[b]], downs[arcs.head[b]] = over_edges(edges, b)
    for i in range(arcs.low_first[u], arcs.low_first[u + 1]):
        a, last = arcs.low_arc[i], arcs.first[arcs.low_tail[i] + 1]
        to_lower, from_lower = work.descend[a], work.climb[a]
        for b in range(a + 1, last):
            v = arcs.head[b]
            up, down = to_lower + work.climb[b], work.descend[b] + from_lower
            ups[v] = min(ups[v], up)
            downs[v] = min(downs[v], down)
    for b in range(begin, end):
        if work.state[b] == STALE:
            work.climb[b], work.descend[b] = ups[arcs.head[b]], downs[arcs.head[b]]


@kernel
def hand_over(one: int, other: int, upper: int, arcs: Arcs, work: Mending) -> None:
    """Tell the upper arc of a triangle that an arc of the row below has changed.

    Args:
        one: arc from the triangle's lowest node to the lower of both upper nodes.
        other: arc from there to the upper one.
        upper: arc between both upper nodes.
        arcs: all arcs.
        work: what is being mended (written).
    """
    up = np.uint32(work.descend[one] + work.climb[other])
    down = np.uint32(work.descend[other] + work.climb[one])
    old_one = (work.old_climb[one], work.old_descend[one]) if work.state[one] else (work.climb[one], work.descend[one])
    if work.state[other]:
        old_up, old_down = old_one[1] + work.old_climb[other], work.old_descend[other] + old_one[0]
    else:
        old_up, old_down = old_one[1] + work.climb[other], work.descend[other] + old_one[0]
    was_up, was_down = work.climb[upper], work.descend[upper]
    if work.state[upper]:
        was_up, was_down = work.old_climb[upper], work.old_descend[upper]
    if (up > old_up and old_up == was_up) or (down > old_down and old_down == was_down):
        touch(upper, arcs.head[one], STALE, work)
    if up < work.climb[upper] or down < work.descend[upper]:
        touch(upper, arcs.head[one], TOUCHED, work)
        work.climb[upper] = min(work.climb[upper], up)
        work.descend[upper] = min(work.descend[upper], down)


@kernel
def differs(a: int, work: Mending) -> bool:
    """Tell whether an arc whose row is final costs something else than before."""
    if work.state[a] == CLEAN:
        return False
    return bool(work.climb[a] != work.old_climb[a] or work.descend[a] != work.old_descend[a])


@kernel
def hand_up_few(begin: int, end: int, arcs: Arcs, work: Mending) -> None:
    """Hand the changes of a row up, one arc that changed after another."""
    first, head = arcs.first, arcs.head
    for a in range(begin, end):
        if differs(a, work):
            for b in range(begin, a):
                hand_over(b, a, find_arc(first, head, head[b], head[a]), arcs, work)
            for b in range(a + 1, end):
                hand_over(a, b, find_arc(first, head, head[a], head[b]), arcs, work)


@kernel
def hand_up_many(begin: int, end: int, arcs: Arcs, work: Mending) -> None:
    """Hand the changes of a row up: every upper end has arcs to all those above it, in the same order."""
    for one in range(begin, end - 1):
        one_differs = differs(one, work)
        upper = arcs.first[arcs.head[one]]
        for other in range(one + 1, end):
            if one_differs or differs(other, work):
                while arcs.head[upper] != arcs.head[other]:
                    upper += 1
                hand_over(one, other, upper, arcs, work)


@kernel
def mend_row(row: int, arcs: Arcs, edges: EdgeCosts, work: Mending) -> int:
    """Make a row's costs final and hand its changes up; return how many of its arcs were touched."""
    begin, end = arcs.first[row], arcs.first[row + 1]
    touched, stale = 0, 0
    for a in range(begin, end):
        touched += work.state[a] != CLEAN
        stale += work.state[a] == STALE
    if stale > FEW:
        make_row_anew(arcs, edges, row, work)
    elif stale > 0:
        for a in range(begin, end):
            if work.state[a] == STALE:
                make_anew(arcs, edges, row, a, work)
    changed = 0
    for a in range(begin, end):
        changed += differs(a, work)
    if changed > FEW:
        hand_up_many(begin, end, arcs, work)
    elif changed > 0:
        hand_up_few(begin, end, arcs, work)
    return touched


@kernel
def mend(arc: Int64s, row: Int64s, most: int, arcs: Arcs, edges: EdgeCosts, work: Mending) -> int:
    """Mend all costs after the edges of some arcs changed (writes into ``work``).

    Args:
        arc: i64[n] arcs whose edges changed.
        row: i64[n] lower end of each.
        most: give up after so many touched arcs, since making all anew is quicker then.
        arcs: all arcs.
        edges: search edges with their new costs.
        work: old costs, nothing dirty.

    Returns:
        How many arcs were touched; more than ``most`` when it gave up: the costs are worthless then.
    """
    for i in range(len(arc)):
        touch(arc[i], row[i], STALE, work)
    touched = 0
    while work.heap[0] > 0 and touched <= most:
        touched += mend_row(pop_row(work), arcs, edges, work)
    return touched
