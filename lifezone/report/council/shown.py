"""Counts and shares of people as a report may show them: nothing small, and nothing from which it follows.

Fewer than ten people of a group are ``<10``. A share is told to a tenth of a percent, and where its count or what it
leaves of the whole is small, only that: ``<0.8 %``, ``>99.2 %``. Where parts add up to a total that is shown and a
single one is hidden, the next smallest is hidden as well. ``--disclose`` lifts all of it.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Final

import numpy as np

from lifezone.report.document import Cell, Shown
from lifezone.standards.disclosure import LEAST_GROUP

__all__ = [
    "HIDDEN",
    "WITHHELD",
    "drawn",
    "figure",
    "hidden_rows",
    "is_small",
    "part_of",
    "parts",
    "parts_of",
    "people",
    "share",
    "tenth",
]

HIDDEN: Final = Shown(f"<{LEAST_GROUP}", LEAST_GROUP / 2)
WITHHELD: Final = Shown("…", LEAST_GROUP)
"""Large enough to be shown, but it would tell a small one."""
_EPSILON: Final = 1e-6
_DIGITS: Final = 3


def is_small(value: float | None) -> bool:
    """Tell whether so many people may not be shown."""
    return value is not None and _EPSILON < value < LEAST_GROUP - _EPSILON


def people(value: float | None, *, disclose: bool) -> Cell:
    """Return a count of people: ``<10`` where it is small, None where there is none."""
    if value is None or not math.isfinite(value):
        return None
    return HIDDEN if is_small(value) and not disclose else _whole(value)


def part_of(part: float | None, whole: float | None, *, disclose: bool) -> Cell:
    """Return a count that stands beside its whole: also hidden where the rest is small (``>1,230``)."""
    if part is None or whole is None or not math.isfinite(part) or not math.isfinite(whole):
        return None
    if not disclose and is_small(whole - part) and not is_small(part):
        least = max(0, math.ceil(whole) - LEAST_GROUP)
        return Shown(f">{least:,}", least)
    return people(part, disclose=disclose)


def share(part: float | None, whole: float | None, *, disclose: bool) -> Cell:
    """Return part ÷ whole to a tenth of a percent; only ``<`` or ``>`` where part or rest is small; None of nobody."""
    if part is None or whole is None or not math.isfinite(part) or not whole > 0:
        return None
    if not disclose:
        most = LEAST_GROUP / whole
        if is_small(part) or is_small(whole - part):
            if most >= 1:
                return None
            return _below(most) if is_small(part) else _above(1 - most)
    return part / whole if disclose else tenth(part / whole)


def tenth(value: float) -> Cell:
    """Return a share to a tenth of a percent; what is not nothing never reads as nothing, nor as everything."""
    rounded = round(value, _DIGITS)
    if rounded == 0.0 and value > _EPSILON**2:
        return _below(10**-_DIGITS)
    if rounded == 1.0 and value < 1.0 - _EPSILON**2:
        return _above(1 - 10**-_DIGITS)
    return rounded


def figure(value: float | None, judged: float | None, *, disclose: bool, digits: int = 1) -> Cell:
    """Return a mean, a quantile or an index over people; None where it is not defined or is one of few people."""
    if value is None or not math.isfinite(value) or (is_small(judged) and not disclose):
        return None
    return value if disclose else round(value, digits)


def parts(values: Sequence[float | None], *, disclose: bool) -> list[Cell]:
    """Return parts of a total that is shown: small ones hidden, and a second one where a single one would follow."""
    known = [0.0 if value is None else value for value in values]
    hidden = [is_small(value) for value in known]
    if not disclose and sum(hidden) == 1:
        rest = [(value, at) for at, value in enumerate(known) if value > _EPSILON and not hidden[at]]
        if rest:
            hidden[min(rest)[1]] = True
    cells: list[Cell] = []
    for value, is_hidden in zip(values, hidden, strict=True):
        withheld = is_hidden and not disclose and not is_small(value)
        cells.append(WITHHELD if withheld else people(value, disclose=disclose))
    return cells


def parts_of(rows: Sequence[Sequence[float]], *, columns: bool, disclose: bool) -> tuple[tuple[Cell, ...], ...]:
    """Return parts in rows that each add up to a total that is shown, and whose columns may do so too.

    Args:
        rows: R rows of C parts.
        columns: the columns add up to totals that are shown.
        disclose: nothing is hidden.
    """
    if not len(rows):
        return ()
    known = np.array(rows, np.float64).reshape(len(rows), -1)
    hidden = (known > _EPSILON) & (known < LEAST_GROUP - _EPSILON) & (not disclose)
    small, more = hidden.copy(), True
    while more:
        lines = [(known[at], hidden[at]) for at in range(len(known))]
        lines += [(known[:, at], hidden[:, at]) for at in range(known.shape[1])] if columns else []
        more = any([_withhold(*line) for line in lines])  # noqa: C419  (every line, not the first)
    return tuple(
        tuple(HIDDEN if small[at, to] else WITHHELD if hidden[at, to] else _whole(float(known[at, to]))
              for to in range(known.shape[1]))
        for at in range(len(known))
    )  # fmt: skip


def drawn(cell: Cell) -> float:
    """Return how long the bar of a cell is; what is hidden has none."""
    return float(cell) if isinstance(cell, int | float) else 0.0


def _withhold(values: np.ndarray, hidden: np.ndarray) -> bool:
    """Hide the least other part of a line in which a single one is hidden, in place; tell whether that was done."""
    if hidden.sum() != 1:
        return False
    others = np.where(hidden | ~(values > _EPSILON), np.inf, values)
    if not np.isfinite(others).any():
        return False
    hidden[int(others.argmin())] = True
    return True


def hidden_rows(values: Sequence[float], wholes: Sequence[float], *, disclose: bool) -> np.ndarray:
    """Return bool[R] rows whose part of a whole may not be told, where the parts of all rows add up to a shown total.

    Args:
        values: R parts.
        wholes: R wholes.
        disclose: nothing is hidden.
    """
    part, whole = np.asarray(values, np.float64), np.asarray(wholes, np.float64)
    if disclose or not len(part):
        return np.zeros(len(part), np.bool_)
    hidden = np.array([is_small(a) or is_small(b - a) for a, b in zip(part, whole, strict=True)], np.bool_)
    if hidden.sum() == 1:
        others = np.flatnonzero(~hidden & (whole > _EPSILON))
        # All or none of a row is no veil: the small count would still be the whole difference to the total.
        split = others[(part[others] > _EPSILON) & (whole[others] - part[others] > _EPSILON)]
        others = split if len(split) else others
        if len(others):
            hidden[others[np.argmin(whole[others])]] = True
    return hidden


def _below(most: float) -> Shown:
    value = min(1.0, math.ceil(most * 1000) / 1000)
    return Shown(f"<{100 * value:.1f}%", value / 2)


def _above(least: float) -> Shown:
    value = max(0.0, math.floor(least * 1000) / 1000)
    return Shown(f">{100 * value:.1f}%", (1 + value) / 2)


def _whole(value: float) -> float | int:
    """Return persons as whole ones where they are."""
    return int(value) if value == int(value) else value
