"""The tables of a report as an XLSX workbook: a sheet a table, values to calculate with, words and units for people.

Values are those of the document, so nothing stands here that the report may not show. No cell is ever a formula or a
link, whatever a name looks like; the date is fixed: the same report is the same bytes.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

from lifezone.report.document import Cell, Chart, Column, Document, Notice, Section, Shown, Table
from lifezone.report.words import Texts
from lifezone.report.workbook import formats_of, new_book, safe

__all__ = ["tables_of_document", "write_report_workbook"]

_MOST_NAME: Final = 31
"""Letters of a sheet's name that programs take."""
_FORMATS: Final[Mapping[str, str]] = {
    "people": "#,##0", "count": "#,##0", "percent": "0.0%", "minutes": "#,##0.0", "metres": "#,##0", "money": "#,##0.0",
    "number": "#,##0.00", "points": '+0.0" %p";-0.0" %p";0.0" %p"',
}  # fmt: skip
_POINTS: Final = 100.0
"""Differences of shares are written in percentage points, which no number format makes of a share."""
_WIDEST: Final = 60
_HEAD_ROW: Final = 3


def write_report_workbook(document: Document, texts: Texts, path: Path) -> None:
    """Write every table of a document, those behind its charts too."""
    book = new_book(path, document.title)
    formats = formats_of(book)
    formats |= {f"{key} {digits}": book.add_format({"num_format": _with_digits(form, digits)})
                for key, form in _FORMATS.items() for digits in (None, 0, 1, 2, 3)}  # fmt: skip
    formats["total"] = book.add_format({"bold": True})
    tables = list(tables_of_document(document))
    names = _sheet_names([table for _section, table in tables])
    _first(book, formats, document, texts, list(zip(tables, names, strict=True)))
    for (_section, table), name in zip(tables, names, strict=True):
        _sheet(book.add_worksheet(name), formats, table)
    book.close()


def tables_of_document(document: Document) -> Iterator[tuple[Section, Table]]:
    """Yield every table with its section, in order; a chart's numbers stand where the chart does."""
    for section in document.sections:
        for block in section.blocks:
            table = block.data if isinstance(block, Chart) else block
            if isinstance(table, Table):
                yield section, table


def _first(
    book: Any, formats: Mapping[str, Any], document: Document, texts: Texts,
    tables: list[tuple[tuple[Section, Table], str]],
) -> None:  # fmt: skip
    """Write what this is, what must be known, and which table stands where."""
    sheet = book.add_worksheet(texts.say("workbook.first"))
    sheet.set_column(0, 0, 34)
    sheet.set_column(1, 1, 110)
    lines: list[tuple[str, str, str]] = [(document.title, "", "title"), (document.subtitle, "", "wrap")]
    if document.modelled:
        lines.append((texts.say("common.notice.modelled"), document.modelled, "wrap"))
    notices = [block for section in document.sections for block in section.blocks if isinstance(block, Notice)]
    for kind, words in dict.fromkeys((notice.kind, notice.text) for notice in notices):
        lines.append((texts.say(f"common.notice.{kind}"), words, "wrap"))
    lines += [("", texts.say("workbook.empty"), "wrap"), *(("", line, "wrap") for line in document.sources)]
    lines.append(("", "", "wrap"))
    for row, (left, right, form) in enumerate(lines):
        sheet.write_string(row, 0, safe(left), formats[form])
        sheet.write_string(row, 1, safe(right), formats["wrap"])
    for row, ((section, table), name) in enumerate(tables, len(lines)):
        sheet.write_string(row, 0, safe(name), formats["head"])
        sheet.write_string(row, 1, safe(f"{section.title} – {table.caption}"), formats["wrap"])


def _sheet(sheet: Any, formats: Mapping[str, Any], table: Table) -> None:
    """Write one table: caption, note, head with units, rows; a filter and a frozen head."""
    sheet.write_string(0, 0, safe(table.caption), formats["title"])
    sheet.write_string(1, 0, safe(" · ".join(filter(None, [table.note, *(one.note for one in table.columns)]))))
    for at, column in enumerate(table.columns):
        unit = "%p" if column.format == "points" else column.unit
        sheet.write_string(_HEAD_ROW, at, safe(f"{column.label} ({unit})" if unit else column.label), formats["head"])
        widest = max([len(column.label), *(len(str(row[at])) for row in table.rows[:200] if isinstance(row[at], str))])
        sheet.set_column(at, at, min(_WIDEST, max(11, 1.6 * widest)))
    for down, row in enumerate(table.rows):
        for at, (value, column) in enumerate(zip(row, table.columns, strict=True)):
            _cell(sheet, formats, (_HEAD_ROW + 1 + down, at), value, column)
    sheet.freeze_panes(_HEAD_ROW + 1, 1)
    if table.rows and table.columns:
        sheet.autofilter(_HEAD_ROW, 0, _HEAD_ROW + len(table.rows), len(table.columns) - 1)


def _cell(sheet: Any, formats: Mapping[str, Any], at: tuple[int, int], value: Cell, column: Column) -> None:
    """Write one value; nothing where there is none."""
    if value is None:
        return
    if isinstance(value, Shown):
        sheet.write_string(*at, safe(value.text))
    elif isinstance(value, str):
        sheet.write_string(*at, safe(value), formats["text"])
    else:
        scale = _POINTS if column.format == "points" else 1.0
        form = formats.get(f"{column.format} {column.digits}") or formats["number"]
        sheet.write_number(*at, round(float(value) * scale, 9), form)


def _with_digits(form: str, digits: int | None) -> str:
    """Return a number format with so many decimals."""
    if digits is None:
        return form
    return re.sub(r"0(\.0+)?(?=[%\"]|;|$)", f"0.{'0' * digits}" if digits else "0", form)


def _sheet_names(tables: list[Table]) -> list[str]:
    """Return a name for each sheet: the table's id, short enough, no two alike by case."""
    names: list[str] = []
    for table in tables:
        stem = re.sub(r"[\[\]:*?/\\']", "_", table.id)[:_MOST_NAME]
        name, count = stem, 2
        while name.casefold() in {one.casefold() for one in names}:
            tail = f"~{count}"
            name, count = stem[: _MOST_NAME - len(tail)] + tail, count + 1
        names.append(name)
    return names
