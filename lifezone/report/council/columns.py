"""Columns of the report's tables: label and unit in the language, format and decimals by what is told."""

from __future__ import annotations

from lifezone.report.document import Cell, Column, Format, Shown
from lifezone.report.words import Texts

__all__ = ["column", "csv_key", "said", "unit"]


def unit(texts: Texts, format: Format) -> str:  # noqa: A002  (the word that Column uses)
    """Return the unit that stands in the heading of a column; empty for texts and counts of things."""
    match format:
        case "people":
            return texts.say("charts.unit_people") if texts.language == "ko" else ""  # "People (people)" tells nothing
        case "percent":
            return "%"
        case "points":
            return texts.say("charts.unit_points")
        case "minutes":
            return texts.say("charts.unit_minutes")
        case "metres":
            return "m"
    return ""


def column(
    texts: Texts,
    key: str,
    label: str,
    format: Format = "text",  # noqa: A002
    *,
    digits: int | None = None,
) -> Column:
    """Return a column with its unit in the language."""
    return Column(key, label, format, unit(texts, format), digits)


def csv_key(name: str) -> str:
    """Return a name as a column of CSV files: letters, digits and ``_``."""
    return "".join(letter if letter.isalnum() and letter.isascii() else "_" for letter in name)


def said(texts: Texts, cell: Cell, format: Format) -> str:  # noqa: A002
    """Return a cell as it is read in a sentence, with its unit; ``<0.1%`` as ``under 0.1%``."""
    if isinstance(cell, Shown) and cell.text[:1] in "<>" and cell.text[1:]:
        amount = cell.text[1:]
        if format == "people":
            amount = texts.say("charts.some_people", count=amount)
        return texts.say("charts.less" if cell.text[0] == "<" else "charts.more", amount=amount)
    if format == "people" and isinstance(cell, int | float):
        return texts.write(cell, "people")
    return texts.cell(cell, Column("", "", format))
