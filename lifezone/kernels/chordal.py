"""What elimination makes of a graph: the elimination tree, its postorder and all arcs, in linear time."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from lifezone.kernels.jit import kernel

__all__ = ["arcs_of_edges", "complete", "elimination_tree", "lower_arcs", "postorder", "sort_rows"]

Int32s = npt.NDArray[np.int32]
Int64s = npt.NDArray[np.int64]


@kernel
def elimination_tree(first: Int64s, head: Int32s, node: Int32s, rank: Int32s) -> Int32s:
    """Return the parent of each rank, −1 at roots (Liu 1986, with shortened ways to the root)."""
    n = len(node)
    parent = np.full(n, -1, np.int32)
    above = np.full(n, -1, np.int32)
    for r in range(n):
        for a in range(first[node[r]], first[node[r] + 1]):
            at = rank[head[a]]
            while at < r and above[at] != r:
                onward = above[at]
                above[at] = r
                if onward < 0:
                    parent[at] = r
                    break
                at = onward
    return parent


@kernel
def postorder(parent: Int32s) -> Int32s:
    """Return each rank's place in a postorder of the tree that keeps the order of siblings."""
    n = len(parent)
    size = np.ones(n, np.int64)
    for r in range(n):
        if parent[r] >= 0:
            size[parent[r]] += size[r]
    place = np.empty(n, np.int32)
    free = np.empty(n + 1, np.int64)  # where the part of a node's subtree ends that is not given out yet; n: the roots
    free[n] = n
    for r in range(n - 1, -1, -1):  # parents come before their children
        up = parent[r] if parent[r] >= 0 else n
        end = free[up]
        free[up] = end - size[r]
        place[r] = end - 1
        free[r] = end - 1
    return place


@kernel
def complete(first: Int64s, head: Int32s, node: Int32s, rank: Int32s, parent: Int32s) -> tuple[Int64s, Int32s]:
    """Return the rows of all arcs, unsorted: a row is the node's own upper neighbours and its children's rows.

    Each row is looked at once by its parent alone, so the time goes with the number of arcs.
    """
    n = len(node)
    up_first = np.zeros(n + 1, np.int64)
    up_head = np.empty(8 * n + 64, np.int32)
    seen = np.full(n, -1, np.int32)
    child = np.full(n, -1, np.int32)
    sibling = np.full(n, -1, np.int32)
    used = up_first[0]
    for r in range(n):
        begin = used
        most = first[node[r] + 1] - first[node[r]]
        below = child[r]
        while below >= 0:
            most += up_first[below + 1] - up_first[below]
            below = sibling[below]
        most = min(most, n - r)
        if used + most > len(up_head):
            wider = np.empty(2 * len(up_head) + most, np.int32)
            for a in range(used):
                wider[a] = up_head[a]
            up_head = wider
        seen[r] = r
        for a in range(first[node[r]], first[node[r] + 1]):
            used = note(up_head, used, rank[head[a]], r, seen)
        below = child[r]
        while below >= 0:
            for a in range(up_first[below], up_first[below + 1]):
                used = note(up_head, used, up_head[a], r, seen)
            below = sibling[below]
        up_first[r + 1] = used
        if used > begin:
            sibling[r] = child[parent[r]]
            child[parent[r]] = r
    return up_first, up_head[:used].copy()


@kernel
def note(up_head: Int32s, used: int, upper: int, r: int, seen: Int32s) -> int:
    """Write an upper end into the row of ``r`` unless it is there already; return how much is written."""
    if upper > r and seen[upper] != r:
        seen[upper] = r
        up_head[used] = upper
        used += 1
    return used


@kernel
def lower_arcs(up_first: Int64s, up_head: Int32s) -> tuple[Int64s, Int32s, Int32s]:
    """Return the arcs by upper end: rows i64[N+1], lower end of each i32[M] ascending, arc i32[M].

    Turns any edges round, sorted by tail or not inside a row.
    """
    n = len(up_first) - 1
    first = np.zeros(n + 2, np.int64)
    for a in range(len(up_head)):
        first[up_head[a] + 2] += 1
    for r in range(n):
        first[r + 2] += first[r + 1]
    tail = np.empty(len(up_head), np.int32)
    arc = np.empty(len(up_head), np.int32)
    for r in range(n):
        for a in range(up_first[r], up_first[r + 1]):
            at = first[up_head[a] + 1]
            tail[at], arc[at] = r, a
            first[up_head[a] + 1] = at + 1
    return first[: n + 1].copy(), tail, arc


@kernel
def sort_rows(up_first: Int64s, up_head: Int32s) -> None:
    """Sort each row by upper end, all in linear time: list by upper end, then write back in that order."""
    first, tail, _ = lower_arcs(up_first, up_head)
    free = up_first.copy()
    for r in range(len(up_first) - 1):
        for i in range(first[r], first[r + 1]):
            up_head[free[tail[i]]] = r
            free[tail[i]] += 1


@kernel
def find_arc(up_first: Int64s, up_head: Int32s, lower: int, upper: int) -> int:
    """Return the arc between two ranks, −1 when there is none."""
    low, high = up_first[lower], up_first[lower + 1]
    while low < high:
        middle = (low + high) // 2
        if up_head[middle] < upper:
            low = middle + 1
        else:
            high = middle
    return low if low < up_first[lower + 1] and up_head[low] == upper else -1


@kernel
def arcs_of_edges(first_out: Int64s, head: Int32s, rank: Int32s, up_first: Int64s, up_head: Int32s) -> Int64s:
    """Return ``2*arc`` for each search edge that climbs, ``2*arc + 1`` for each that descends, −1 for loops, i64[E]."""
    edge_arc = np.empty(len(head), np.int64)
    for u in range(len(first_out) - 1):
        for e in range(first_out[u], first_out[u + 1]):
            one, other = rank[u], rank[head[e]]
            arc = find_arc(up_first, up_head, min(one, other), max(one, other))
            edge_arc[e] = -1 if arc < 0 else 2 * arc + (0 if one < other else 1)
    return edge_arc
