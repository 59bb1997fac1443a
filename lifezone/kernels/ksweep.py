"""Sweeps that carry the k nearest distinct owners of every node, sorted, through one hierarchy.

A list entry is a u64: cost in the upper half, owner in the lower one. Entries ascend, so ties go to the lower owner,
and no owner stands twice in a list. ``FAR_64`` fills what is left over; its owner is nobody's.

Going up, few rows are reached and lists are merged arc by arc. Going down, a whole cell of rows is swept with a lane
for every owner that comes near it, and each row's list is sorted out once, eight rows at a time
(:mod:`lifezone.kernels.cells`): a quarter of the time of merging, which is left for cells that many owners come near.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt

from lifezone.kernels.cells import CELL, Cells, blank_row, pull_cell, room_of
from lifezone.kernels.cells import LANES as STEP
from lifezone.kernels.jit import kernel
from lifezone.kernels.lanes import EIGHT, FAR_64, Field, pick_rows
from lifezone.kernels.sweep import Flags, Int32s, Needed, Side

__all__ = ["list_down", "list_seeds", "merge_up", "name_owners"]

Lists = npt.NDArray[np.uint64]
OWNER: Final = np.uint64(0xFFFFFFFF)
HALF: Final = np.uint64(32)
NOBODY: Final = np.uint64(FAR_64)
WIDEST: Final = 128
"""A cell that more owners come near is not swept: its lists are merged."""


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
    words = flag.view(np.uint64)
    for w in range(len(words)):
        if words[w] == 0:
            continue
        for r in range(EIGHT * w, min(EIGHT * w + EIGHT, n)):
            if flag[r] == 0:
                continue
            for a in range(first[r], first[r + 1]):
                to = head[a]
                if flag[to] == 0:
                    flag[to] = 1
                    copy_row(lists, to, lists, n)
                merge(lists, to, lists, r, cost[a])


@kernel
def list_down(out: Lists, base: Lists, flag: Flags, needed: Needed, cells: Cells, n_owners: int) -> None:
    """Fill the lists of all needed rows, in descending rank (writes into ``out``).

    Args:
        out: [R, k]; the same array as ``base`` when all rows are needed.
        base: [N+1, k] as the up pass left it.
        flag: its flags.
        needed: the rows.
        cells: of those rows.
        n_owners: one more than the greatest owner.
    """
    lane_of = np.full(n_owners, -1, np.int32)
    owner = np.empty(n_owners, np.uint64)
    room = room_of(cells, WIDEST)
    started, own = np.empty(CELL, np.uint8), np.empty(CELL, np.int32)
    words = started.view(np.uint64)
    rank, side = needed
    for c in range(len(cells.first) - 2, -1, -1):
        begin, end = c * CELL, min(c * CELL + CELL, len(rank))
        outer = cells.outer[cells.first[c] : cells.first[c + 1]]
        count = 0
        for i in range(len(outer)):
            count = note_owners(out, outer[i], lane_of, owner, count)
        for i in range(begin, end):
            started[i - begin] = flag[rank[i]]
        started[end - begin :] = 0
        seeded = 0
        for w in range(len(words)):
            if words[w] != 0:
                for i in range(EIGHT * w, EIGHT * w + EIGHT):
                    if started[i] != 0:
                        count = note_owners(base, rank[begin + i], lane_of, owner, count)
                        own[seeded] = i
                        seeded += 1
        width = max(STEP, (count + STEP - 1) // STEP * STEP)
        if width > WIDEST:
            merge_rows(out, base, flag, needed, begin, end)
        else:
            field = room[: (CELL + 1 + len(outer)) * width].reshape((CELL + 1 + len(outer), width))
            blank_row(field, CELL)
            for i in range(len(outer)):
                spread_list(field, CELL + 1 + i, out, outer[i], lane_of)
            for i in range(seeded):
                spread_list(field, own[i], base, rank[begin + own[i]], lane_of)
            pull_cell(field, begin, end, started, side, cells.head)
            pick_lists(out, begin, end, field, owner, count)
        for i in range(count):
            lane_of[owner[i]] = -1


@kernel
def note_owners(lists: Lists, row: int, lane_of: Int32s, owner: Lists, count: int) -> int:
    """Give a lane to each owner of a list that has none yet; return how many have one."""
    for j in range(lists.shape[1]):
        key = lists[row, j]
        if key == NOBODY:
            break
        one = np.int64(key & OWNER)
        if lane_of[one] < 0:
            lane_of[one] = count
            owner[count] = key & OWNER
            count += 1
    return count


@kernel
def spread_list(field: Field, at: int, lists: Lists, row: int, lane_of: Int32s) -> None:
    """Lay a list out in the lanes of its owners (writes into ``field``)."""
    blank_row(field, at)
    for j in range(lists.shape[1]):
        key = lists[row, j]
        if key == NOBODY:
            break
        field[at, lane_of[np.int64(key & OWNER)]] = np.uint32(key >> HALF)


@kernel
def pick_lists(out: Lists, begin: int, end: int, field: Field, owner: Lists, count: int) -> None:
    """Write the lists of a cell's rows, which are swept (writes into ``out``)."""
    k = out.shape[1]
    best = np.empty((k, EIGHT), np.uint64)
    whole = begin + (end - begin) // EIGHT * EIGHT
    for i in range(begin, whole, EIGHT):
        pick_rows(out, i, field, i - begin, owner, count, best)
    if whole < end:
        last = np.empty((EIGHT, k), np.uint64)
        pick_rows(last, 0, field, whole - begin, owner, count, best)
        out[whole:end] = last[: end - whole]


@kernel
def merge_rows(out: Lists, base: Lists, flag: Flags, needed: Needed, begin: int, end: int) -> None:
    """Pull some rows' lists from their higher ends by merging, in descending rank (writes into ``out``)."""
    rank, side = needed
    n = len(base) - 1
    for i in range(end - 1, begin - 1, -1):
        r = rank[i]
        copy_row(out, i, base, r if flag[r] != 0 else n)
        for a in range(side.first[i], side.first[i + 1]):
            merge(out, i, out, side.head[a], side.cost[a])


@kernel
def name_owners(lists: Lists, names: Lists) -> None:
    """Put the owners themselves in the place of their positions in ``names`` (writes into ``lists``)."""
    for row in range(len(lists)):
        for j in range(lists.shape[1]):
            key = lists[row, j]
            at = key & OWNER
            if key < NOBODY:
                lists[row, j] = (key ^ at) | names[np.int64(at)]
