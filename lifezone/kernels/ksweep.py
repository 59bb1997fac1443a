"""Sweeps that carry the k nearest distinct owners of every node, sorted, through one hierarchy.

A list entry is a u64: cost in the upper half, owner in the lower one. Entries ascend, so ties go to the lower owner,
and no owner stands twice in a list. ``FAR_64`` fills what is left over; its owner is nobody's.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt

from lifezone.kernels.jit import kernel
from lifezone.kernels.sweep import Flags, Int32s, Needed, Side

__all__ = ["list_seeds", "merge_down", "merge_up"]

Lists = npt.NDArray[np.uint64]
OWNER: Final = np.uint64(0xFFFFFFFF)
HALF: Final = np.uint64(32)


@kernel
def enter(row: Lists, key: np.uint64) -> bool:
    """Put an entry into a sorted list unless k better owners or the same owner at no more cost are there.

    Returns False when the list's last entry is no worse than this one (writes into ``row``).
    """
    k = len(row)
    if key >= row[k - 1]:
        return False
    owner = key & OWNER
    at = 0
    while row[at] < key:
        if row[at] & OWNER == owner:
            return True
        at += 1
    while at < k:
        old = row[at]
        row[at] = key
        if old & OWNER == owner:
            break
        key = old
        at += 1
    return True


@kernel
def merge(into: Lists, other: Lists, cost: np.uint32) -> None:
    """Enter a whole list, ``cost`` farther (writes into ``into``)."""
    more = np.uint64(cost) << HALF
    for i in range(len(other)):
        if not enter(into, other[i] + more):
            break


@kernel
def list_seeds(lists: Lists, flag: Flags, rank: Int32s, key: Lists) -> None:
    """Start a sweep: clear all flags, then enter every seed (writes into ``lists`` [N+1, k] and ``flag``)."""
    flag[:] = 0
    last = len(lists) - 1
    for i in range(len(rank)):
        row = rank[i]
        if flag[row] == 0:
            flag[row] = 1
            lists[row] = lists[last]
        enter(lists[row], key[i])


@kernel
def merge_up(lists: Lists, flag: Flags, side: Side) -> None:
    """Push every reached list along its arcs, in ascending rank (writes into ``lists`` and ``flag``)."""
    first, head, cost = side
    n = len(lists) - 1
    for r in range(n):
        if flag[r] == 0:
            continue
        for a in range(first[r], first[r + 1]):
            to = head[a]
            if flag[to] == 0:
                flag[to] = 1
                lists[to] = lists[n]
            merge(lists[to], lists[r], cost[a])


@kernel
def merge_down(out: Lists, base: Lists, flag: Flags, needed: Needed) -> None:
    """Pull every needed list from its higher ends, in descending rank (writes into ``out``; see ``sweep_down``)."""
    rank, side = needed
    n = len(base) - 1
    for i in range(len(rank) - 1, -1, -1):
        r = rank[i]
        out[i] = base[r if flag[r] != 0 else n]
        for a in range(side.first[i], side.first[i + 1]):
            merge(out[i], out[side.head[a]], side.cost[a])
