"""Cells of published tables as numbers and dates, whatever is in them."""

from __future__ import annotations

import datetime as dt
import re
from functools import cache
from typing import Final

import numpy as np

from lifezone.model import Bools, Floats
from lifezone.sources.tables import Table

__all__ = ["UNKNOWN_DATE", "date_of", "dates_of", "loose_numbers", "masked_counts"]

_DIGITS: Final = re.compile(r"^(\d{4})\D?(\d{1,2})(?:\D?(\d{1,2}))?(?:\D.*|\d{6}.*)?$")
_NUMBER: Final = re.compile(r"^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$")
_RANGE: Final = re.compile(r"^(\d+)\s*[~\-–]\s*(\d+)$")
_BELOW: Final = re.compile(r"^(?:<\s*(\d+)|(\d+)\s*(?:명\s*)?(미만|이하))$")
_NOTHING: Final = frozenset(("", "-", ".", "na", "n/a", "#n/a", "nan", "null", "none", "없음", "미상", "x", "*"))
UNKNOWN_DATE: Final = "1900-01-01"
"""Stands for *not known* in several registers."""
_LEAST_YEAR: Final = 1800
_MOST_YEAR: Final = 2100


@cache
def date_of(text: str) -> str | None:
    """Return a date as ``2022-11-02``, ``""`` for an empty cell, None for what cannot be a date."""
    cell = text.strip()
    if cell.lower() in _NOTHING:
        return ""
    match = _DIGITS.match(cell)
    if match is None:
        return None
    year, month, day = int(match[1]), int(match[2]), int(match[3] or 1)
    try:
        found = dt.date(year, month, day)
    except ValueError:
        return None
    return found.isoformat() if _LEAST_YEAR <= year <= _MOST_YEAR else None


def dates_of(table: Table, column: str) -> tuple[np.ndarray, Bools]:
    """Return object[n] dates, ``""`` where there is none, and which cells cannot be dates."""
    found = [date_of(cell) for cell in table.text(column).tolist()]
    return np.array([one or "" for one in found], dtype=object), np.array([one is None for one in found], np.bool_)


def loose_numbers(table: Table, column: str) -> tuple[Floats, Bools]:
    """Return f64[n] numbers, NaN where there is none, and which cells hold something that is not a number."""
    numbers, faults = table.numbers(column, (column,))
    if not faults:
        return numbers, np.zeros(len(numbers), np.bool_)
    cells = table.text(column)
    rest = np.flatnonzero(np.isnan(numbers))
    bad = np.zeros(len(numbers), np.bool_)
    for at in rest.tolist():
        cell = str(cells[at]).replace(",", "").replace("\ufffd", "")
        if _NUMBER.match(cell):
            numbers[at] = float(cell)
        else:
            bad[at] = cell.lower() not in _NOTHING
    return numbers, bad


def masked_counts(table: Table, column: str) -> tuple[Floats, Floats, Bools]:
    """Return f64[n] least and most people that each cell allows, and which cells cannot be read.

    ``1~4``, ``<5``, ``5 미만`` are ranges; ``*`` and ``x`` are NaN: masked without a range told.
    """
    numbers, bad = loose_numbers(table, column)
    low, high = numbers.copy(), numbers.copy()
    if bad.any():
        cells = table.text(column)
        for at in np.flatnonzero(bad).tolist():
            cell = str(cells[at]).replace(",", "")
            between, below = _RANGE.match(cell), _BELOW.match(cell)
            if between:
                low[at], high[at] = sorted((float(between[1]), float(between[2])))
            elif below:
                most = float(below[1] or below[2]) - (0.0 if below[3] == "이하" else 1.0)
                low[at], high[at] = min(1.0, most), most
            bad[at] = not (between or below)
    return low, high, bad
