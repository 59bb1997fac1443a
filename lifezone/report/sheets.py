"""CSV files: plain UTF-8, RFC 4180, a decimal point, empty = null, no cell that a spreadsheet takes for a formula."""

from __future__ import annotations

import csv
import math
from collections.abc import Iterable, Sequence
from dataclasses import fields
from pathlib import Path
from typing import Any, Final

import numpy as np
import pandas as pd

from lifezone.model import DesignationStep, Result, Variant
from lifezone.report.tables import Tables
from lifezone.standards.rows import (
    ChangeRow,
    ClassRow,
    ConventionRow,
    GapRow,
    ItemRow,
    PushedRow,
    SummaryRow,
    WinnerRow,
    WithoutCarRow,
)

__all__ = ["quoted", "unquoted", "write_changes", "write_frame", "write_sheets", "write_table"]

_FORMULA_STARTS: Final = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")  # OWASP ASVS 5.0 1.2.10
_DIGITS: Final = 9
_BLOCK_ROWS: Final = 100_000
"""Rows of a frame made into text at once, so that memory stays small."""


def write_sheets(result: Result, tables: Tables, folder: Path) -> None:
    """Write the tables of a run (DESIGN 7)."""
    _write_rows(folder / "summary.csv", SummaryRow, tables.summary)
    write_changes(tables, folder)
    _write_rows(folder / "classes.csv", ClassRow, tables.classes)
    _write_rows(folder / "gaps.csv", GapRow, tables.gaps)
    _write_rows(folder / "conventions.csv", ConventionRow, tables.conventions)
    if any(variant.by_mode for variant in result.variants):
        _write_rows(folder / "without_car.csv", WithoutCarRow, tables.without_car)
    if tables.items:
        _write_rows(folder / "items.csv", ItemRow, tables.items)
    if any(variant.assessment.designations for variant in result.variants):
        names = [field.name for field in fields(DesignationStep)]
        steps = ((variant, step) for variant in result.variants for step in variant.assessment.designations)
        told = ([variant.name, *(getattr(step, name) for name in names)] for variant, step in steps)
        _write(folder / "designations.csv", ["variant", *names], told)
    groups = result.baseline.world.demand.groups
    header = ["variant", "desert", "name", *(f"people_{group}" for group in groups)]
    header += ["missing_functions", "worst_minutes", "district"]
    _write(folder / "deserts.csv", header, (row for variant in result.variants for row in _deserts(variant, groups)))


def write_changes(tables: Tables, folder: Path) -> None:
    """Write ``changes.csv``, ``winners_losers.csv`` and ``pushed_beyond.csv``."""
    _write_rows(folder / "changes.csv", ChangeRow, tables.changes)
    _write_rows(folder / "winners_losers.csv", WinnerRow, tables.winners)
    _write_rows(folder / "pushed_beyond.csv", PushedRow, tables.pushed)


def write_table(path: Path, header: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Write any rows in the form of the contract's files."""
    _write(path, header, rows)


def write_frame(path: Path, frame: pd.DataFrame) -> None:
    """Write a frame as a CSV file, column by column; what is not known is an empty cell."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\r\n")
        writer.writerow([_cell(str(name)) for name in frame.columns])
        for begin in range(0, len(frame), _BLOCK_ROWS):
            block = frame.iloc[begin : begin + _BLOCK_ROWS]
            writer.writerows(zip(*(_cells(block[name]) for name in block.columns), strict=True))


def unquoted(cell: str) -> str:
    """Return a cell as it was before the quote that keeps spreadsheets from taking it for a formula."""
    return cell[1:] if cell.startswith("'") and cell[1:].startswith(_FORMULA_STARTS) else cell


def quoted(text: str) -> str:
    """Return a text with the quote before whatever a spreadsheet would take for a formula."""
    return f"'{text}" if text.startswith(_FORMULA_STARTS) else text


def _cells(column: pd.Series[Any]) -> list[str]:
    """Write a column; a value that comes again and again is written once and looked up."""
    if column.dtype == object:  # where 1 and true may stand side by side, which are the same to a look-up
        return [_cell(None if none else value) for value, none in zip(column, column.isna(), strict=True)]
    code, values = pd.factorize(column)  # −1 = null
    told = [_cell(value) for value in values.tolist()] + [""]
    return np.array(told, dtype=object)[code].tolist()  # type: ignore[no-any-return]


def _deserts(variant: Variant, groups: Sequence[str]) -> Iterable[list[Any]]:
    """Yield one row per desert; scattered ones have no name."""
    own, ids = variant.world.demand.groups, variant.world.districts.ids
    for desert in variant.assessment.deserts:
        people = dict(zip(own, desert.people, strict=True))
        yield [
            variant.name,
            desert.label,
            (desert.name_ko or desert.name_en) if desert.named else None,
            *(people.get(group) for group in groups),
            ";".join(desert.missing),
            round(desert.worst_seconds / 60, 6) if math.isfinite(desert.worst_seconds) else None,
            ids[desert.district] if 0 <= desert.district < len(ids) else None,
        ]


def _write_rows(path: Path, kind: type, rows: Iterable[Any]) -> None:
    names = [field.name for field in fields(kind)]
    _write(path, [name.rstrip("_") for name in names], ([getattr(row, name) for name in names] for row in rows))


def _write(path: Path, header: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\r\n")
        writer.writerow([_cell(name) for name in header])
        writer.writerows([_cell(value) for value in row] for row in rows)


def _cell(value: Any) -> str:
    """Write one value: numbers in full without exponent, text so that it stays text."""
    if value is None:
        return ""
    if isinstance(value, bool | np.bool_):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, str):
        return quoted(value)
    number = float(value)
    if not math.isfinite(number):
        return ""
    text = f"{number:.{_DIGITS}f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text
