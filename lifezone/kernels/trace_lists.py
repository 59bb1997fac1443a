"""Follow the entries of k-lists back to the seeds, and sum what the trips truly cost; see ``kernels.trace``.

When an owner is in a node's list, it is in the list of the next node on the trip to it as well: were k others nearer
there, they would be nearer here. So the next entry is found by its key alone.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from lifezone.kernels.jit import kernel
from lifezone.kernels.ksweep import HALF, NOBODY, Lists
from lifezone.kernels.nearest import is_before
from lifezone.kernels.records import Records
from lifezone.kernels.trace import DONE, OPEN, UNSEEN, Started, Tight, Traces

__all__ = ["trace_lists"]

Int32s = npt.NDArray[np.int32]


@kernel
def find_key(lists: Lists, row: int, key: np.uint64) -> int:
    """Return where a key stands in a sorted list, −1 when it does not."""
    for i in range(lists.shape[1]):
        if lists[row, i] >= key:
            return i if lists[row, i] == key else -1
    return -1


@kernel
def settle_entry(tight: Tight, started: Started, lists: Lists, label: Records, v: int, j: int) -> None:
    """Give entry ``j`` of a node the best of its owner's seeds there and of its tight edges (writes into ``label``)."""
    k = lists.shape[1]
    key = lists[v, j]
    at = label[v * k + j]
    i = started.at[v]
    while i >= 0:
        seed = started.seed[i]
        if np.uint64(started.whole[i]) << HALF | np.uint64(seed["owner"]) == key and is_before(
            seed["cost"], seed["owner"], seed["other"], at
        ):
            at["cost"], at["other"], at["owner"], at["via"] = seed["cost"], seed["other"], seed["owner"], -1
        i = started.following[i]
    first, edge, _ = tight.edges
    for e in range(first[v], first[v + 1]):
        more = np.uint64(tight.whole[e]) << HALF
        if more > key:
            continue
        u = edge[e]["head"]
        there = find_key(lists, u, key - more)
        if there < 0 or label[u * k + there]["owner"] < 0:
            continue
        onward = label[u * k + there]
        cost, other = edge[e]["cost"] + onward["cost"], edge[e]["other"] + onward["other"]
        if is_before(cost, onward["owner"], other, at):
            at["cost"], at["other"], at["owner"], at["via"] = cost, other, onward["owner"], e


@kernel
def trace_lists(tight: Tight, started: Started, lists: Lists, asked: Int32s, traces: Traces) -> int:
    """Label the entries of the asked nodes and all entries on their trips (writes into ``traces``).

    Args:
        tight: the edges.
        started: the question's seeds, linked.
        lists: u64[N, k] the list of every node, by node.
        asked: i32[A] nodes, repeats allowed.
        traces: clear work space for N·k entries; an entry's number is ``node·k + place``.

    Returns:
        How many entries ``traces.seen`` lists.
    """
    first, edge, _ = tight.edges
    k = lists.shape[1]
    stack, state = traces.stack, traces.state
    seen = 0
    for i in range(len(asked)):
        for j in range(k):
            begin = asked[i] * k + j
            if state[begin] != UNSEEN or lists[asked[i], j] >= NOBODY:
                continue
            stack[0] = begin
            used = 1
            while used > 0:
                entry = stack[used - 1]
                v, place = entry // k, entry % k
                if state[entry] != UNSEEN:
                    used -= 1
                    if state[entry] == OPEN:
                        settle_entry(tight, started, lists, traces.label, v, place)
                        state[entry] = DONE
                    continue
                state[entry] = OPEN
                traces.seen[seen] = entry
                seen += 1
                key = lists[v, place]
                for e in range(first[v], first[v + 1]):
                    more = np.uint64(tight.whole[e]) << HALF
                    if more > key:
                        continue
                    u = edge[e]["head"]
                    there = find_key(lists, u, key - more)
                    if there >= 0 and state[u * k + there] == UNSEEN:
                        stack[used] = u * k + there
                        used += 1
    return seen
