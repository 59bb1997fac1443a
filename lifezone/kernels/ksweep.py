"""Sweeps that carry the k nearest distinct owners of every node, sorted, through one hierarchy.

A list entry is a u64: cost in the upper half, owner in the lower one. Entries ascend, so ties go to the lower owner,
and no owner stands twice in a list. ``FAR_64`` fills what is left over; its owner is nobody's.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt

from lifezone.kernels.jit import kernel
from lifezone.kernels.lanes import FAR_64
from lifezone.kernels.sweep import Flags, Int32s, Needed, Side

__all__ = ["list_seeds", "merge_down", "merge_up"]

Lists = npt.NDArray[np.uint64]
OWNER: Final = np.uint64(0xFFFFFFFF)
HALF: Final = np.uint64(32)
NOBODY: Final = np.uint64(FAR_64)


@kernel
def enter(lists: Lists, row: int, key: np.uint64) -> None:
    """Put an entry into a sorted list (writes into ``lists``).

    It must be less than the list's last one. Nothing happens when the same owner is there at no more cost.
    """
    owner = key & OWNER
    at = 0
    while lists[row, at] < key:
        if lists[row, at] & OWNER == owner:
            return
        at += 1
    for i in range(at, lists.shape[1]):
        old = lists[row, i]
        lists[row, i] = key
        if old & OWNER == owner:
            return
        key = old


@kernel
def merge(lists: Lists, row: int, other: Lists, at: int, cost: np.uint32) -> None:
    """Enter a whole list, ``cost`` farther, until no entry of it can come in (writes into ``lists``).

    Rows are told by number, not cut out: with slices the whole sweep takes five times as long.
    """
    more = np.uint64(cost) << HALF
    last = lists.shape[1] - 1
    if lists[row, 0] == NOBODY:  # the first list that comes in: no owner can stand twice
        for i in range(last + 1):
            lists[row, i] = min(other[at, i] + more, NOBODY)
        return
    for i in range(last + 1):
        key = other[at, i] + more
        if key >= lists[row, last]:
            return
        enter(lists, row, key)


@kernel
def copy_row(lists: Lists, row: int, other: Lists, at: int) -> None:
    """Copy a list (writes into ``lists``)."""
    for i in range(lists.shape[1]):
        lists[row, i] = other[at, i]


@kernel
def list_seeds(lists: Lists, flag: Flags, rank: Int32s, key: Lists) -> None:
    """Start a sweep: clear all flags, then enter every seed (writes into ``lists`` [N+1, k] and ``flag``)."""
    flag[:] = 0
    end = len(lists) - 1
    for i in range(len(rank)):
        row = rank[i]
        if flag[row] == 0:
            flag[row] = 1
            copy_row(lists, row, lists, end)
        if key[i] < lists[row, lists.shape[1] - 1]:
            enter(lists, row, key[i])


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
                copy_row(lists, to, lists, n)
            merge(lists, to, lists, r, cost[a])


@kernel
def merge_down(out: Lists, base: Lists, flag: Flags, needed: Needed) -> None:
    """Pull every needed list from its higher ends, in descending rank (writes into ``out``; see ``sweep_down``)."""
    rank, side = needed
    n = len(base) - 1
    for i in range(len(rank) - 1, -1, -1):
        r = rank[i]
        copy_row(out, i, base, r if flag[r] != 0 else n)
        for a in range(side.first[i], side.first[i + 1]):
            merge(out, i, out, side.head[a], side.cost[a])
