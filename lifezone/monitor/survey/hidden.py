"""What may not be shown: classes of few respondents, and those from which they would follow by subtraction.

(1)  a class of 1 to N − 1 respondents is hidden; one of nobody tells of nobody and may be seen
(2)  beside a total that is shown, the hidden ones of a line must together be at least N respondents: the smallest shown
     class is hidden too, again and again, until they are, or nothing is left to hide
(3)  of two dimensions crossed, every row and every column is such a line; a class that is hidden by itself is hidden
     in all its cells
"""

from __future__ import annotations

import numpy as np

from lifezone.model import Bools, Longs

__all__ = ["hidden_in_grid", "hidden_in_line"]


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
        if (found == before).all():
            return found
