"""Cells of tables in a page: what is read, and the number that they are sorted and saved by, which tells no more."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

from lifezone.report.document import Cell, Column, Shown
from lifezone.report.words import Texts
from lifezone.standards.disclosure import LEAST_GROUP

__all__ = ["Drawn", "draw_cell"]

_FIGURES: Final = 4
"""Of a plain number whose column does not say how many decimals it has."""


@dataclass(frozen=True)
class Drawn:
    """A cell.

    Attributes:
        text: what is read.
        sort: the number that it is sorted by, as text; empty where the text itself sorts, or where there is none.
        number: it stands to the right.
    """

    text: str
    sort: str = ""
    number: bool = False


def draw_cell(value: Cell, column: Column, texts: Texts) -> Drawn:
    """Return a cell as it is drawn.

    The number behind it has the digits that are read and not those that it was rounded from: a share with nine digits
    would tell a count that the page hides.
    """
    text = texts.cell(value, column)
    is_number = column.format != "text"
    if value is None or isinstance(value, str):
        return Drawn(text, number=is_number)
    if isinstance(value, Shown):
        return Drawn(text, _plain(value.sort), is_number)
    return Drawn(text, _plain(_as_read(float(value), column, disclose=texts.disclose)), is_number)


def _as_read(value: float, column: Column, *, disclose: bool) -> float:
    """Return a number as it is read in its column: per cent, minutes … with its decimals."""
    digits = 1 if column.digits is None else column.digits
    match column.format:
        case "people":
            hidden = 0 < value < LEAST_GROUP and not disclose
            return LEAST_GROUP / 2 if hidden else round(value)
        case "count" | "metres":
            return round(value) if math.isfinite(value) else value
        case "percent" | "points":
            return round(100.0 * value, digits)
        case "minutes" | "money":
            return round(value, digits)
    if column.digits is None:
        return float(f"{value:.{_FIGURES}g}") if abs(value) < 10.0**_FIGURES else round(value)
    return round(value, column.digits)


def _plain(number: float) -> str:
    """Write a number for scripts: no exponent; nothing for what is infinite, which sorts last."""
    if not math.isfinite(number):
        return ""
    return f"{number:.6f}".rstrip("0").rstrip(".") or "0"
