"""Split junctions at which not every turn is free: as few copies of a node as its turns need.

A junction has ``r`` ways in, ``c`` ways out and the seconds of every turn from one to the other (``inf`` = banned).
Ways in with the same turns share a copy, and so do ways out; *turns* then lead from copies of ways in to copies of ways
out. A way out that can only be taken from one copy, free, needs no copy of its own, nor does a way in that leads to one
copy alone. A trip that begins or ends at the junction itself may take every way, free: it has a *door* of its own where
no copy is one.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from lifezone.kernels.jit import kernel

__all__ = ["headings", "split_junctions"]

Int32s = npt.NDArray[np.int32]
Int64s = npt.NDArray[np.int64]
Float64s = npt.NDArray[np.float64]


@kernel
def classify(cost: Float64s, begin: int, shape: tuple[int, int], along: int, label: Int32s, first: Int32s) -> int:
    """Give equal rows (``along`` 0) or columns (1) of one table one label; return how many labels there are.

    Args:
        cost: the tables, row by row.
        begin: where this one begins.
        shape: its rows and columns.
        along: 0 = rows are compared, 1 = columns.
        label: i32, gets the label of each line.
        first: i32, gets the first line of each label.
    """
    lines, length = shape[along], shape[1 - along]
    step, stride = (shape[1], 1) if along == 0 else (1, shape[1])
    found = 0
    for i in range(lines):
        label[i] = -1
        for k in range(found):
            same = True
            for j in range(length):
                if cost[begin + i * step + j * stride] != cost[begin + first[k] * step + j * stride]:
                    same = False
                    break
            if same:
                label[i] = k
                break
        if label[i] < 0:
            label[i], first[found] = found, i
            found += 1
    return found


@kernel
def merge_copies(table: Float64s, come: Int32s, go: Int32s) -> int:
    """Number the copies of one junction (writes into ``come`` and ``go``, by label); return how many there are."""
    rows, columns = table.shape
    come[:rows], go[:columns] = -1, -1
    for b in range(columns):  # a way out that one copy alone leads to, free
        count, last = 0, -1
        for a in range(rows):
            if table[a, b] < np.inf:
                count, last = count + 1, a
        if count == 1 and table[last, b] == 0.0:
            go[b] = last
    copies = 0
    for a in range(rows):
        count, last = 0, -1
        for b in range(columns):
            if table[a, b] < np.inf:
                count, last = count + 1, b
        if count == 1 and table[a, last] == 0.0 and go[last] != a:
            come[a] = -2 - last  # a way in that leads to one copy alone, free
        else:
            come[a] = copies
            copies += 1
    for b in range(columns):
        if go[b] >= 0:
            go[b] = come[go[b]]
        else:
            go[b] = copies
            copies += 1
    for a in range(rows):
        if come[a] < -1:
            come[a] = go[-2 - come[a]]
    return copies


@kernel
def find_doors(table: Float64s, come: Int32s, go: Int32s) -> tuple[int, int]:
    """Return the copy from which all ways out are free, and the one to which all ways in lead; −1 = there is none."""
    rows, columns = table.shape
    leave = go[0] if columns == 1 else -1
    arrive = come[0] if rows == 1 else -1
    for a in range(rows):
        if np.all(table[a] == 0.0):
            leave = come[a]
            break
    for b in range(columns):
        if np.all(table[:, b] == 0.0):
            arrive = go[b]
            break
    return leave, arrive


@kernel
def add_turn(turn: Int32s, seconds: Float64s, used: int, ends: tuple[int, int], cost: float) -> int:
    """Write one turn; return how many there are now."""
    turn[used, 0], turn[used, 1] = ends
    seconds[used] = cost
    return used + 1


@kernel
def split_junctions(
    first_in: Int64s, first_out: Int64s, first_pair: Int64s, cost: Float64s
) -> tuple[Int32s, Int32s, Int32s, Int32s, Int64s, Float64s]:
    """Split junctions.

    Args:
        first_in: i64[J+1] the ways in of junction ``j`` are ``first_in[j]:first_in[j+1]``.
        first_out: i64[J+1] likewise its ways out.
        first_pair: i64[J+1] where its table of turns begins.
        cost: f64[pairs] seconds of each turn, way in by way in; ``inf`` = banned.

    Returns:
        i32 copy at which each way in ends; i32 copy at which each way out starts; i32[J, 3] copies of each junction,
        the one that trips from it leave by and the one at which trips to it end; i32[T, 2] copies that each turn leads
        from and to; i64[J+1] the turns of each junction; f64[T] their seconds. Copies are numbered from 0 at each
        junction.
    """
    n = len(first_in) - 1
    widest = 1
    for j in range(n):
        widest = max(widest, first_in[j + 1] - first_in[j], first_out[j + 1] - first_out[j])
    in_copy, out_copy = np.empty(first_in[n], np.int32), np.empty(first_out[n], np.int32)
    at = np.empty((n, 3), np.int32)
    room = len(cost) + len(in_copy) + len(out_copy) + n
    turn, seconds, first_turn = np.empty((room, 2), np.int32), np.empty(room), np.zeros(n + 1, np.int64)
    row, row_first, come = np.empty(widest, np.int32), np.empty(widest, np.int32), np.empty(widest, np.int32)
    column, column_first, go = np.empty(widest, np.int32), np.empty(widest, np.int32), np.empty(widest, np.int32)
    used = 0
    for j in range(n):
        shape = (first_in[j + 1] - first_in[j], first_out[j + 1] - first_out[j])
        rows = classify(cost, first_pair[j], shape, 0, row, row_first)
        columns = classify(cost, first_pair[j], shape, 1, column, column_first)
        table = np.empty((rows, columns))
        for a in range(rows):
            for b in range(columns):
                table[a, b] = cost[first_pair[j] + row_first[a] * shape[1] + column_first[b]]
        copies = merge_copies(table, come, go)
        leave, arrive = find_doors(table, come, go)
        begin = used
        for a in range(rows):
            for b in range(columns):
                if table[a, b] < np.inf and come[a] != go[b]:
                    used = add_turn(turn, seconds, used, (come[a], go[b]), table[a, b])
        if leave < 0:
            leave, copies = copies, copies + 1
            for b in range(columns):
                used = add_turn(turn, seconds, used, (leave, go[b]), 0.0)
        if arrive < 0:
            arrive, copies = copies, copies + 1
            for a in range(rows):
                used = add_turn(turn, seconds, used, (come[a], arrive), 0.0)
        joined = leave == arrive
        for k in range(begin, used):
            joined = joined or (turn[k, 0] == leave and turn[k, 1] == arrive and seconds[k] == 0.0)
        if not joined:  # from the junction to itself is no way at all
            used = add_turn(turn, seconds, used, (leave, arrive), 0.0)
        at[j, 0], at[j, 1], at[j, 2] = copies, leave, arrive
        first_turn[j + 1] = used
        for i in range(shape[0]):
            in_copy[first_in[j] + i] = come[row[i]]
        for i in range(shape[1]):
            out_copy[first_out[j] + i] = go[column[i]]
    return in_copy, out_copy, at, turn[:used].copy(), first_turn, seconds[:used].copy()


@kernel
def headings(arc: Int32s, first: Int64s, ends: Int32s, xy: Float64s, look_m: float, forth: bool) -> Float64s:
    """Return f64[C] the direction (radians from east, anticlockwise) in which each chain leaves its first vertex.

    It is that of the place ``look_m`` along the chain, since the last metres before a junction are drawn anyhow.

    Args:
        arc: i32[A] arcs of the chains.
        first: i64[C+1].
        ends: i32[S, 2] tail and head of each segment.
        xy: f64[V, 2] places of the vertices.
        look_m: how far to look.
        forth: True = from the first vertex on; False = the direction in which a chain comes to its last vertex.
    """
    angle = np.zeros(len(first) - 1)
    for c in range(len(angle)):
        step = 1 if forth else -1
        i = first[c] if forth else first[c + 1] - 1
        start = ends[arc[i] // 2, arc[i] % 2 if forth else 1 - arc[i] % 2]
        x, y, left_m = xy[start, 0], xy[start, 1], look_m
        while first[c] <= i < first[c + 1] and left_m > 0.0:
            v = ends[arc[i] // 2, 1 - arc[i] % 2 if forth else arc[i] % 2]
            dx, dy = xy[v, 0] - x, xy[v, 1] - y
            length = np.hypot(dx, dy)
            share = min(1.0, left_m / length) if length > 0.0 else 1.0
            x, y, left_m = x + share * dx, y + share * dy, left_m - length
            i += step
        dx, dy = x - xy[start, 0], y - xy[start, 1]
        angle[c] = np.arctan2(dy, dx) if forth else np.arctan2(-dy, -dx)
    return angle
