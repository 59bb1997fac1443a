"""Official figures that a user holds: a table of a county's published numbers, put beside ours.

Columns: ``district`` (an id, or ``all``), ``requirement`` (an id of the standard), ``measure``, ``figure``, and the
optional ``year``, ``source``, ``group``. Measures are those of ``summary.csv`` that people publish, see
:data:`MEASURES`.
"""

from __future__ import annotations

import csv
import io
import math
import re
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from lifezone.errors import Fault, InputError

__all__ = ["FILE", "MEASURES", "OfficialFigure", "read_official", "text_of"]

FILE: Final = "report_official.csv"
"""Where a run keeps the table in its folder, so that a report can be made again from the folder alone."""
MEASURES: Final = {
    "coverage": "share", "uncovered": "share", "covered": "people", "mean_minutes": "minutes",
    "median_minutes": "minutes",
}  # fmt: skip
"""Measure → unit: share of those judged (met, or not met), people who meet it, mean or median minutes."""
_NEEDED: Final = ("district", "requirement", "measure", "figure")
_FIGURE: Final = re.compile(r"(-?[\d,]*\.?\d+)\s*(%|분|min|명)?")
_YEAR: Final = re.compile(r"\d{4}(-\d{2}){0,2}|")
_MOST: Final = 10_000


@dataclass(frozen=True)
class OfficialFigure:
    """One published number.

    Attributes:
        district: id, or ``all``.
        requirement: id in the standard.
        measure: a key of :data:`MEASURES`.
        figure: a share of 1, persons, or minutes.
        year: of the data, ``2023`` or ``2023-12``; empty where it is not told.
        source: who published it.
        line: in the user's file.
    """

    district: str
    requirement: str
    measure: str
    figure: float
    year: str = ""
    source: str = ""
    line: int = 0


def read_official(
    path: Path, *, requirements: Collection[str] | None = None, districts: Collection[str] | None = None
) -> tuple[OfficialFigure, ...]:
    """Read a table of official figures.

    Args:
        path: a CSV file in UTF-8 (with or without BOM) or CP949.
        requirements: ids that may be named, or None for any.
        districts: ids that may be named beside ``all``, or None for any.

    Raises:
        InputError: the file cannot be read or has faults; every one with its line.
    """
    rows = list(csv.reader(io.StringIO(text_of(path), newline="")))
    head = [name.strip() for name in rows[0]] if rows else []
    missing = [name for name in _NEEDED if name not in head]
    if missing:
        raise InputError(f"{path}:1: no column {', '.join(missing)}; there must be {', '.join(_NEEDED)}")
    if len(rows) > _MOST:
        raise InputError(f"{path}: {len(rows):,} rows; at most {_MOST:,} official figures are read")
    faults: list[Fault] = []
    found = []
    for number, row in enumerate(rows[1:], start=2):
        if not any(value.strip() for value in row):
            continue
        told = dict(zip(head, (value.strip() for value in row), strict=False))
        faults += [Fault(f"{path}:{number}: {what}") for what in _wrong(told, requirements, districts)]
        figure = _figure(told.get("figure", ""), told.get("measure", ""))
        found.append(
            OfficialFigure(told.get("district", ""), told.get("requirement", ""), told.get("measure", ""), figure,
                           told.get("year", ""), told.get("source", ""), number)
        )  # fmt: skip
    if faults:
        raise InputError(faults)
    return tuple(found)


def text_of(path: Path) -> str:
    """Return a file's text, as spreadsheets of this country save it."""
    try:
        data = path.read_bytes()
    except OSError as error:
        raise InputError(f"{path}: cannot be read ({error.strerror})") from error
    for encoding in ("utf-8-sig", "cp949"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise InputError(f"{path}: is neither UTF-8 nor CP949: save it as CSV UTF-8")


def _wrong(told: dict[str, str], requirements: Collection[str] | None, districts: Collection[str] | None) -> list[str]:
    """Return what is wrong with a row."""
    wrong = []
    if requirements is not None and told.get("requirement") not in requirements:
        wrong.append(f"no requirement {told.get('requirement')!r} in this study; there are {_some(requirements)}")
    if districts is not None and told.get("district") not in {"all", *districts}:
        wrong.append(f"no district {told.get('district')!r} in this study; write all, or one of {_some(districts)}")
    measure = told.get("measure", "")
    if measure not in MEASURES:
        wrong.append(f"no measure {measure!r}; there are {', '.join(MEASURES)}")
        return wrong
    text = told.get("figure", "")
    value = _figure(text, measure)
    if math.isnan(value):
        wrong.append(f"{text!r} is no figure in the unit of {measure}: write {_example(measure)}")
    elif MEASURES[measure] == "share" and not 0 <= value <= 1:
        wrong.append(f"{text!r} is no share: write {_example(measure)}")
    elif value < 0:
        wrong.append(f"{text!r} is below zero")
    if not _YEAR.fullmatch(told.get("year", "")):
        wrong.append(f"{told['year']!r} is no year: write 2024, 2024-12 or 2024-12-31")
    return wrong


def _figure(text: str, measure: str) -> float:
    """Return a figure in SI, minutes or persons; NaN where the text is none, or of another unit."""
    found = _FIGURE.fullmatch(text)
    if found is None or measure not in MEASURES:
        return math.nan
    value, unit = float(found[1].replace(",", "")), found[2] or ""
    wanted = MEASURES[measure]
    if unit and unit not in {"share": ("%",), "people": ("명",), "minutes": ("분", "min")}[wanted]:
        return math.nan
    return value / 100 if unit == "%" else value


def _example(measure: str) -> str:
    """Return how a figure of a measure is written."""
    return {"share": "84.6 % or 0.846", "people": "12345", "minutes": "12.3"}[MEASURES[measure]]


def _some(names: Collection[str]) -> str:
    """Return the first names of many."""
    listed = sorted(names)
    return ", ".join(listed[:8]) + (f" … ({len(listed)})" if len(listed) > 8 else "")
