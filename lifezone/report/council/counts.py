"""Head counts of tables as they may be shown: hidden before a block holds them, so that no format can tell them.

A count of 1 to 9 people is ``<10``. Where it would follow by subtraction, because all else that makes up a shown sum is
shown, the least of the others is told as ``≥10`` only.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Final

import numpy as np

from lifezone.report.document import Cell, Shown
from lifezone.standards.disclosure import LEAST_GROUP

__all__ = ["FEW", "SOME", "drawn", "few", "head", "of_many", "parts", "parts_of", "share"]

FEW: Final = Shown(f"<{LEAST_GROUP}", 1.0)
"""Some people, fewer than may be counted."""
SOME: Final = Shown(f"≥{LEAST_GROUP}", float(LEAST_GROUP))
"""So many that they might be counted, were it not for a small count beside them."""


def few(people: float | None, *, disclose: bool = False) -> bool:
    """Tell whether a count of people may not be shown; nobody is nobody."""
    return not disclose and people is not None and 0 < people < LEAST_GROUP


def head(people: float | None, *, disclose: bool = False) -> Cell:
    """Return a count of people as cell: None where it is not known, ``<10`` where it may not be shown."""
    if people is None or not math.isfinite(people):
        return None
    return FEW if few(people, disclose=disclose) else float(people)


def share(part: float | None, whole: float | None, *, disclose: bool = False) -> float | None:
    """Return part ÷ whole; None where there is nobody, or where it tells a count that may not be shown."""
    if part is None or whole is None or not math.isfinite(part) or not whole > 0:
        return None
    if few(part, disclose=disclose) or few(whole - part, disclose=disclose) or few(whole, disclose=disclose):
        return None
    return part / whole


def of_many(value: float | None, people: float | None, *, disclose: bool = False) -> float | None:
    """Return a figure about people, such as their mean trip; None where it tells of few people, or is not finite."""
    if value is None or not math.isfinite(value) or few(people, disclose=disclose):
        return None
    return float(value)


def parts(values: Sequence[float | None], *, disclose: bool = False) -> tuple[Cell, ...]:
    """Return parts of a shown sum as cells.

    Args:
        values: people of each part.
        disclose: everything is shown.
    """
    return parts_of([values], columns=False, disclose=disclose)[0]


def parts_of(
    rows: Sequence[Sequence[float | None]], *, columns: bool, disclose: bool = False
) -> tuple[tuple[Cell, ...], ...]:
    """Return a table of people as cells whose rows (and columns) add up to sums that are shown elsewhere.

    Args:
        rows: people; None = not known.
        columns: whether columns add up to something shown too.
        disclose: everything is shown.
    """
    if not rows:
        return ()
    known = np.array([[np.nan if one is None else float(one) for one in row] for row in rows], np.float64)
    small = (known > 0) & (known < LEAST_GROUP) & (not disclose)
    hidden = small.copy()
    changed = True
    while changed:
        changed = False
        for row in range(known.shape[0]):
            changed |= _withhold(known[row], hidden[row])
        for column in range(known.shape[1] if columns else 0):
            changed |= _withhold(known[:, column], hidden[:, column])
    return tuple(
        tuple(FEW if small[at, to] else SOME if hidden[at, to] else head(float(known[at, to]), disclose=True)
              for to in range(known.shape[1]))
        for at in range(known.shape[0])
    )  # fmt: skip


def drawn(cell: Cell) -> float:
    """Return how long a cell's bar is drawn: a hidden count has none."""
    return float(cell) if isinstance(cell, int | float) else 0.0


def _withhold(values: np.ndarray, hidden: np.ndarray) -> bool:
    """Hide the least other count of a line in which one alone is hidden, in place; tell whether that was done."""
    if hidden.sum() != 1:
        return False
    others = np.where(hidden | ~(values > 0), np.inf, values)
    if not np.isfinite(others).any():
        return False
    hidden[int(others.argmin())] = True
    return True
