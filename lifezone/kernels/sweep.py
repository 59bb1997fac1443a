"""Sweeps: least costs of many questions at once over a contraction hierarchy, in two passes along memory.

Up: every reached row pushes its lanes to the higher ends of its arcs, in ascending rank. Down: every row pulls from
its higher ends, in descending rank. Rows that a question never reached hold garbage and are told by a flag, so that no
field is ever cleared; in their place the last row of the field is read, which is ``FAR`` for good.

The down pass may be *restricted* to what some asked nodes need: the asked rows and everything above them.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from lifezone.kernels.jit import kernel
from lifezone.kernels.lanes import Field, pull_row, push_row

__all__ = [
    "Needed", "Side", "gather", "mark_needed", "number_needed", "place_seeds", "sweep_down",
    "sweep_down_near", "sweep_up",
]  # fmt: skip

Int32s = npt.NDArray[np.int32]
Int64s = npt.NDArray[np.int64]
Flags = npt.NDArray[np.uint8]


class Side(NamedTuple):
    """The arcs of one pass, by lower end: those of rank ``r`` are ``first[r]:first[r+1]``.

    Attributes:
        first: i64[N+1].
        head: i32[M] rank of the higher end.
        cost: u32[M], or u64[M] for u64 lanes that carry no payload.
    """

    first: Int64s
    head: Int32s
    cost: npt.NDArray[np.uint32]


class Needed(NamedTuple):
    """The rows of a restricted down pass, ascending: ``side.head`` counts among them.

    Attributes:
        rank: i32[R] rank of each row.
        side: their arcs.
    """

    rank: Int32s
    side: Side


@kernel
def place_seeds(field: Field, flag: Flags, rank: Int32s, lane: Int32s, cost: Field) -> None:
    """Start a sweep: clear all flags, then put each seed's cost into its lane (writes into ``field`` and ``flag``).

    Args:
        field: [N+1, lanes], last row ``FAR``.
        flag: u8[8·k] for some 8·k ≥ N.
        rank: i32[S] row of each seed.
        lane: i32[S] its lane.
        cost: [S] of the field's type, below ``FAR``.
    """
    flag[:] = 0
    last = len(field) - 1
    for i in range(len(rank)):
        row = rank[i]
        if flag[row] == 0:
            flag[row] = 1
            field[row] = field[last]
        field[row, lane[i]] = min(field[row, lane[i]], cost[i])


@kernel
def sweep_up(field: Field, flag: Flags, side: Side) -> None:
    """Push every reached row along its arcs, in ascending rank (writes into ``field`` and ``flag``)."""
    first, head, cost = side
    n = len(field) - 1
    words = flag.view(np.uint64)
    for w in range(len(words)):
        if words[w] == 0:
            continue
        for r in range(8 * w, min(8 * w + 8, n)):
            if flag[r] == 0:
                continue
            for a in range(first[r], first[r + 1]):
                to = head[a]
                push_row(field, to, to if flag[to] != 0 else n, r, cost[a])
                flag[to] = 1


@kernel
def sweep_down(out: Field, base: Field, flag: Flags, needed: Needed) -> None:
    """Pull every needed row from its higher ends, in descending rank (writes into ``out``).

    Args:
        out: [R, lanes]; the same array as ``base`` when all rows are needed.
        base: [N+1, lanes] as the up pass left it.
        flag: its flags.
        needed: the rows.
    """
    rank, side = needed
    n = len(base) - 1
    for i in range(len(rank) - 1, -1, -1):
        r = rank[i]
        pull_row(out, i, base, r if flag[r] != 0 else n, side.head, side.cost, side.first[i], side.first[i + 1])


@kernel
def sweep_down_near(out: Field, base: Field, flag: Flags, needed: Needed, limit: np.uint32, near: Flags) -> None:
    """Pull as :func:`sweep_down` does, but right only where a lane's cost is within a limit.

    A cost within the limit comes over rows within the limit, so that rows from which none of their higher ends is near
    are passed over unread. Facilities of one block lie together: mostly few rows are near.

    Args:
        out: [R, lanes]; may be ``base``. Rows that are not near are left as they were.
        base: [N+1, lanes] as the up pass left it.
        flag: its flags.
        needed: the rows.
        limit: greatest cost, inclusive.
        near: u8[R], filled with 1 where some lane is within the limit.
    """
    rank, side = needed
    n = len(base) - 1
    for i in range(len(rank) - 1, -1, -1):
        r = rank[i]
        begin, end = side.first[i], side.first[i + 1]
        count = 0
        for a in range(begin, end):
            count += near[side.head[a]]
        near[i] = 0
        if count == 0 and flag[r] == 0:
            continue
        whole = count == end - begin
        pull_row(out, i, base, r if flag[r] != 0 else n, side.head, side.cost, begin, end if whole else begin)
        if not whole:
            for a in range(begin, end):
                if near[side.head[a]]:
                    push_row(out, i, i, side.head[a], side.cost[a])
        near[i] = any_within(out, i, limit)


@kernel
def any_within(field: Field, row: int, limit: np.uint32) -> np.uint8:
    """Return 1 when some lane of a row is within a limit."""
    least = field[row, 0]
    for lane in range(field.shape[1]):
        least = min(least, field[row, lane])
    return np.uint8(least <= limit)


@kernel
def mark_needed(asked: Int32s, side: Side) -> npt.NDArray[np.int32]:
    """Return i32[N] the place of every rank among those that the asked ones need, −1 where it is not needed."""
    first, head, _ = side
    n = len(first) - 1
    place = np.full(n, -1, np.int32)
    for i in range(len(asked)):
        place[asked[i]] = 0
    count = 0
    for r in range(n):
        if place[r] >= 0:
            place[r] = count
            count += 1
            for a in range(first[r], first[r + 1]):
                place[head[a]] = 0
    return place


@kernel
def number_needed(place: Int32s, rank: Int32s, side: Side) -> tuple[Int64s, Int32s, npt.NDArray[np.uint32]]:
    """Return the arcs of the needed rows (``rank``, ascending), heads counted among them: first, head, cost."""
    first, head, cost = side
    begin = np.zeros(len(rank) + 1, np.int64)
    for i in range(len(rank)):
        begin[i + 1] = begin[i] + first[rank[i] + 1] - first[rank[i]]
    to = np.empty(begin[-1], np.int32)
    by = np.empty(begin[-1], cost.dtype)
    for i in range(len(rank)):
        for a in range(first[rank[i]], first[rank[i] + 1]):
            at = begin[i] + a - first[rank[i]]
            to[at], by[at] = place[head[a]], cost[a]
    return begin, to, by


@kernel
def gather(field: Field, row: Int32s, out: Field) -> None:
    """Write the lanes of some rows as rows of their own: ``out[lane, i] = field[row[i], lane]``.

    ``out`` is [lanes or fewer, n].
    """
    for i in range(len(row)):
        r = row[i]
        for lane in range(len(out)):
            out[lane, i] = field[r, lane]
