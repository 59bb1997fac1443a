"""A binary heap of nodes that knows where each node stands: never longer than the graph, no stale entries.

Searches after an edit are small, so a heap of a few dozen entries in the nearest cache beats the ring of buckets, whose
walk over empty buckets costs as much as the whole edit.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from lifezone.kernels.edit_records import HEAPED
from lifezone.kernels.jit import kernel
from lifezone.kernels.records import Records

__all__ = ["pop_least", "push"]

Int64s = npt.NDArray[np.int64]


@kernel
def push(node: Records, heap: Records, tally: Int64s, v: int) -> None:
    """Enter a node with the cost of its label, or move it up to where that cost now belongs."""
    key = node[v]["cost"]
    at = node[v]["slot"]
    if at < 0:
        at = tally[HEAPED]
        tally[HEAPED] += 1
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
def pop_least(node: Records, heap: Records, tally: Int64s) -> int:
    """Take out the node of least cost; the heap must not be empty."""
    least = heap[0]["node"]
    node[least]["slot"] = -1
    last = tally[HEAPED] - 1
    tally[HEAPED] = last
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
