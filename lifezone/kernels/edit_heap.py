"""A binary heap of nodes that knows where each node stands: never longer than the graph, no stale entries.

Searches after an edit are small, so a heap of a few dozen entries in the nearest cache beats the ring of buckets, whose
walk over empty buckets costs as much as the whole edit.
"""

from __future__ import annotations

from lifezone.kernels.edit_records import HEAPED, Ground
from lifezone.kernels.jit import kernel

__all__ = ["pop_least", "push"]


@kernel
def push(ground: Ground, v: int) -> None:
    """Enter a node with the cost of its label, or move it up to where that cost now belongs."""
    heap, node = ground.heap, ground.node
    key = node[v]["cost"]
    at = node[v]["slot"]
    if at < 0:
        at = ground.tally[HEAPED]
        ground.tally[HEAPED] += 1
    while at > 0:
        above = (at - 1) >> 1
        if heap[above]["key"] <= key:
            break
        heap[at]["key"], heap[at]["node"] = heap[above]["key"], heap[above]["node"]
        node[heap[at]["node"]]["slot"] = at
        at = above
    heap[at]["key"], heap[at]["node"] = key, v
    node[v]["slot"] = at


@kernel
def pop_least(ground: Ground) -> int:
    """Take out the node of least cost; the heap must not be empty."""
    heap, node = ground.heap, ground.node
    least = heap[0]["node"]
    node[least]["slot"] = -1
    last = ground.tally[HEAPED] - 1
    ground.tally[HEAPED] = last
    if last == 0:
        return int(least)
    key, v = heap[last]["key"], heap[last]["node"]
    at = 0
    while True:
        below = 2 * at + 1
        if below >= last:
            break
        if below + 1 < last and heap[below + 1]["key"] < heap[below]["key"]:
            below += 1
        if heap[below]["key"] >= key:
            break
        heap[at]["key"], heap[at]["node"] = heap[below]["key"], heap[below]["node"]
        node[heap[at]["node"]]["slot"] = at
        at = below
    heap[at]["key"], heap[at]["node"] = key, v
    node[v]["slot"] = at
    return int(least)
