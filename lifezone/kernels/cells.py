"""Down passes by cells: ranges of rows that lie together, each swept with those questions alone that come near it.

Rows ascend in an order that keeps neighbours together, so a few hundred of them pull from some twenty rows outside,
and the k nearest of all of them are among a dozen owners (measured on 98,503 nodes with 98 facilities, k = 5: 18 rows,
10 owners, at most 16 in 94 of 100 cells of 256 rows). So a cell gives every owner that its outer rows or its own seeds
name a lane, sweeps a small field that stays in the nearest cache, and only then sorts or lists what it found. Merging
sorted lists arc by arc, as :mod:`lifezone.kernels.ksweep` does, spends its time on branches that nobody can guess.
"""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from lifezone.kernels.jit import kernel
from lifezone.kernels.lanes import CHUNK, FAR, Field, pull_row
from lifezone.kernels.sweep import Int32s, Int64s, Side

__all__ = ["CELL", "LANES", "Cells", "blank_row", "lay_cells", "pull_cell", "room_of"]

CELL: Final = 256
"""Rows of a cell, a whole number of eights; 128 and 512 were a tenth slower."""
LANES: Final = CHUNK // 4
"""A row of a cell has a whole number of so many lanes of u32."""


class Cells(NamedTuple):
    """The rows of a down pass, cut into cells of :data:`CELL`, and where each cell's arcs lead within its own field.

    The field of a cell begins with its own rows; row ``CELL`` is ``FAR`` for good, its outer rows follow.

    Attributes:
        first: i64[C+1] the outer rows of cell ``c`` are ``outer[first[c]:first[c+1]]``.
        outer: i32[O] rows above a cell that some row of it pulls from, each once a cell.
        head: i32[M] for each arc of the pass, the row of its higher end in the field of its cell.
    """

    first: Int64s
    outer: Int32s
    head: Int32s


@kernel
def lay_cells(side: Side) -> Cells:
    """Cut the rows of a down pass into cells."""
    n = len(side.first) - 1
    n_cells = (n + CELL - 1) // CELL
    first = np.zeros(n_cells + 1, np.int64)
    outer = np.empty(len(side.head), np.int32)
    head = np.empty(len(side.head), np.int32)
    seen = np.full(n, -1, np.int32)
    slot = np.empty(n, np.int32)
    count = 0
    for c in range(n_cells):
        begin, end = c * CELL, min(c * CELL + CELL, n)
        for a in range(side.first[begin], side.first[end]):
            to = side.head[a]
            if to < end:
                head[a] = to - begin
                continue
            if seen[to] != c:
                seen[to] = c
                slot[to] = CELL + 1 + count - first[c]
                outer[count] = to
                count += 1
            head[a] = slot[to]
        first[c + 1] = count
    return Cells(first, outer[:count].copy(), head)


@kernel
def room_of(cells: Cells, width: int) -> npt.NDArray[np.uint32]:
    """Return work space for any cell whose rows have up to ``width`` lanes."""
    most = 0
    for c in range(len(cells.first) - 1):
        most = max(most, cells.first[c + 1] - cells.first[c])
    return np.empty((CELL + 1 + most) * width, np.uint32)


@kernel
def blank_row(field: Field, row: int) -> None:
    """Set a row of a cell's field to ``FAR`` (writes into ``field``)."""
    for lane in range(field.shape[1]):
        field[row, lane] = FAR


@kernel
def pull_cell(field: Field, begin: int, end: int, started: npt.NDArray[np.uint8], side: Side, head: Int32s) -> None:
    """Pull the rows of a cell from their higher ends, in descending order (writes into ``field``).

    Args:
        field: [rows, lanes] with the outer rows and the row of ``FAR`` in place.
        begin: first row of the cell among all rows.
        end: one past its last.
        started: u8[CELL or more] 1 where the row holds something already; other rows may hold anything.
        side: the arcs of all rows.
        head: their heads in the cells' fields.
    """
    for i in range(end - 1, begin - 1, -1):
        at = i - begin
        start = at if started[at] != 0 else CELL
        pull_row(field, at, field, start, head, side.cost, side.first[i], side.first[i + 1])
