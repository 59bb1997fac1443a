"""What may not be shown: classes of few respondents, and those from which they would follow by subtraction.

(1)  a class of 1 to N − 1 respondents is hidden; one of nobody tells of nobody and may be seen
(2)  beside a total that is shown, the hidden ones of a line must together be at least N respondents: the smallest shown
     class is hidden too, again and again, until they are, or nothing is left to hide
(3)  of two dimensions crossed, every row and every column is such a line; a class that is hidden by itself is hidden
     in all its cells
(4)  a hidden cell that all shown cells and totals together leave one value for is no secret: cells of 1 to N − 1 must
     have others to hide behind, and only such others make a line of (2) large enough. The smallest shown cell of their
     row, or else column, is hidden too
"""

from __future__ import annotations

from typing import Final

import numpy as np

from lifezone.model import Bools, Longs

__all__ = ["hidden_in_grid", "hidden_in_line"]

_ZERO: Final = 1e-9


def hidden_in_line(count: Longs, least: int, hidden: Bools | None = None) -> Bools:
    """Return bool[C] which classes of a line are hidden, equations (1) and (2).

    Args:
        count: i64[C] respondents of each class.
        least: N.
        hidden: classes that are hidden for other reasons.
    """
    found = (count > 0) & (count < least)
    found |= False if hidden is None else hidden
    while found.any() and count[found].sum() < least:
        rest = np.flatnonzero(~found & (count > 0))
        if not len(rest):
            break
        found[rest[np.argmin(count[rest])]] = True
    return found


def hidden_in_grid(count: Longs, least: int, rows: Bools, columns: Bools) -> Bools:
    """Return bool[A, B] which cells of two crossed dimensions are hidden, equations (1) to (3).

    Args:
        count: i64[A, B] respondents of each cell.
        least: N.
        rows: bool[A] classes of the first dimension that are hidden by themselves.
        columns: bool[B] those of the second.
    """
    found: Bools = ((count > 0) & (count < least)) | rows[:, None] | columns[None, :]
    while True:
        before = found.copy()
        for at in range(count.shape[0]):
            found[at] = hidden_in_line(count[at], least, found[at])
        for at in range(count.shape[1]):
            found[:, at] = hidden_in_line(count[:, at], least, found[:, at])
        if (found == before).all() and not _one_more(count, least, found, (rows, columns)):
            return found


def _one_more(count: Longs, least: int, found: Bools, totals: tuple[Bools, Bools]) -> bool:
    """Hide one cell more where equation (4) asks for it, in ``found``; returns whether that was so."""
    follows = _following(count, found, *totals)
    secret = found & (count > 0) & ~follows
    for i, j in np.argwhere(follows & (count < least)):
        if _hide_rectangle(count, found, i, j) or _hide_smallest(count, found, i, j):
            return True
    for i, j in np.argwhere(secret & (count < least)):
        lines = (() if totals[0][i] else (count[i, secret[i]],), () if totals[1][j] else (count[secret[:, j], j],))
        if any(one.sum() < least for line in lines for one in line) and _hide_smallest(count, found, i, j):
            return True
    return False


def _hide_rectangle(count: Longs, found: Bools, i: int, j: int) -> bool:
    """Hide the three cells that make a rectangle with one, fewest shown respondents first; returns whether it can."""
    cost = np.where(found, 0, count)
    around = cost[i][None, :] + cost[:, j][:, None] + cost
    there = (count[i] > 0)[None, :] & (count[:, j] > 0)[:, None] & (count > 0)
    there[i], there[:, j] = False, False
    if not there.any():
        return False
    r, c = np.unravel_index(int(np.where(there, around, around.max() + 1).argmin()), count.shape)
    found[i, c] = found[r, j] = found[r, c] = True
    return True


def _hide_smallest(count: Longs, found: Bools, i: int, j: int) -> bool:
    """Hide the smallest shown cell of a row, or else of a column; returns whether there is one."""
    for cells, line in ((found[i], count[i]), (found[:, j], count[:, j])):
        rest = np.flatnonzero(~cells & (line > 0))
        if len(rest):
            cells[rest[np.argmin(line[rest])]] = True
            return True
    return False


def _following(count: Longs, found: Bools, rows: Bools, columns: Bools) -> Bools:
    """Return bool[A, B] which hidden cells follow from what is shown: the only ones that solve all sums.

    Unknown are hidden cells and hidden totals; known are shown totals, and that totals add up to everybody.
    """
    cells = np.argwhere(found & (count > 0))
    hidden = [np.flatnonzero(flags & (count.sum(axis=axis) > 0)) for axis, flags in ((1, rows), (0, columns))]
    n_rows, n_columns = count.shape
    sums = np.zeros((n_rows + n_columns + 2, len(cells) + len(hidden[0]) + len(hidden[1])))
    for at, (i, j) in enumerate(cells):
        sums[[i, n_rows + j], at] = 1.0
    start = len(cells)
    for side, line in enumerate(hidden):
        for at, one in enumerate(line):
            sums[side * n_rows + one, start + at] = -1.0
            sums[n_rows + n_columns + side, start + at] = 1.0
        start += len(line)
    follows = np.zeros(count.shape, np.bool_)
    if len(cells):
        # a sum is known to have one solution in a cell where no change of the others keeps all sums (null space)
        _, sizes, turned = np.linalg.svd(sums)
        free = turned[(sizes > _ZERO).sum() :]
        follows[tuple(cells.T)] = (np.abs(free[:, : len(cells)]) < _ZERO).all(axis=0)
    return follows
