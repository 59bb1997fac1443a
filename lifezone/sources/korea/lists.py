"""Tables that later rooms read: flows between districts, births, lists of designated districts.

Codes of either side of a change meet as today's; a row is used or left out for one reason.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np

from lifezone.model import Bools, Floats
from lifezone.sources.korea.catalogue import Match
from lifezone.sources.korea.cells import date_of, loose_numbers
from lifezone.sources.korea.codes import UnitName, modern_code, parse_unit
from lifezone.sources.korea.opening import Opened
from lifezone.sources.korea.provinces import province_of
from lifezone.sources.korea.report import FileReport, leave_out
from lifezone.sources.tables import Table

__all__ = ["Births", "Designations", "Flows", "read_births", "read_designations", "read_flows"]

_NO: Final = frozenset(("", "n", "no", "0", "x", "아니오", "해당없음", "미지정", "-"))


@dataclass(frozen=True, eq=False)
class Flows:
    """People who go from one district to another, k rows; a pair stands once.

    Attributes:
        origin: object[k] code of today, or the name without spaces where the file has names.
        destination: object[k].
        people: f64[k].
        year: the year of the data, empty where it is not told.
    """

    origin: np.ndarray
    destination: np.ndarray
    people: Floats
    year: str = ""


@dataclass(frozen=True, eq=False)
class Births:
    """Births by district, n rows: name in parts, code of today (may be empty), births."""

    unit: list[UnitName]
    code: np.ndarray
    births: Floats
    year: str = ""


@dataclass(frozen=True)
class Designations:
    """Designated districts: (name in parts, what they are designated as, since when)."""

    rows: tuple[tuple[UnitName, str, str], ...]


def read_flows(opened: Opened, match: Match, report: FileReport) -> Flows:
    """Read a table of commuting or migration; without a column of people each row is one person.

    Args:
        opened: the file.
        match: its form.
        report: gets the counts.
    """
    table, roles = opened.table, match.roles
    leave_out(report, "odd_row", len(opened.odd_rows))
    origin, destination = (_place_keys(table, roles[role]) for role in ("origin", "destination"))
    people, bad = loose_numbers(table, roles["people"]) if "people" in roles else _ones(table)
    why = np.where((origin == "") | (destination == ""), "no_code", "").astype(object)
    why[(why == "") & (bad | np.isnan(people) | (people < 0))] = "not_a_number"
    year = _latest(table, roles, why)
    rows = _used(report, why)
    pairs = np.array([f"{a}|{b}" for a, b in zip(origin[rows], destination[rows], strict=True)], dtype=object)
    _, first, back = np.unique(pairs.astype(str), return_index=True, return_inverse=True)
    total = np.bincount(back, people[rows], minlength=len(first)).astype(np.float64)
    first = rows[first]
    inside = origin[first] == destination[first]
    report.dates = (year, year) if year else None
    report.facts |= {
        "people": float(total.sum()), "pairs": len(first), "stay_inside": float(total[inside].sum()),
        "districts": len(set(origin[first].tolist()) | set(destination[first].tolist())),
    }  # fmt: skip
    return Flows(origin[first], destination[first], total, year)


def read_births(opened: Opened, match: Match, report: FileReport) -> Births:
    """Read births by district; of several years the latest."""
    table, roles = opened.table, match.roles
    leave_out(report, "odd_row", len(opened.odd_rows))
    names = table.text(roles["area"])
    codes = table.text(roles["area_code"]) if "area_code" in roles else np.full(table.n_rows, "", dtype=object)
    births, bad = loose_numbers(table, roles["births"])
    why = np.where((names == "") & (codes == ""), "no_code", "").astype(object)
    why[(why == "") & (bad | np.isnan(births) | (births < 0))] = "not_a_number"
    year = _latest(table, roles, why)
    rows = _used(report, why)
    report.dates = (year, year) if year else None
    report.facts["births_added_over_all_levels"] = float(births[rows].sum())
    unit = [parse_unit(str(name)) for name in names[rows].tolist()]
    code = np.array([modern_code(str(code)) if code else "" for code in codes[rows].tolist()], dtype=object)
    return Births(unit, code, births[rows], year)


def read_designations(opened: Opened, match: Match, report: FileReport) -> Designations:
    """Read a list of designated districts; a column of yes and no keeps those with yes."""
    table, roles = opened.table, match.roles
    leave_out(report, "odd_row", len(opened.odd_rows))
    sigungu = table.text(roles["sigungu"])
    sido = table.text(roles["sido"]) if "sido" in roles else np.full(table.n_rows, "", dtype=object)
    what = table.text(roles["designation"]) if "designation" in roles else np.full(table.n_rows, "", dtype=object)
    since = table.text(roles["designated_on"]) if "designated_on" in roles else np.full(table.n_rows, "", dtype=object)
    why = np.where(sigungu == "", "no_code", "").astype(object)
    if "depopulation" in roles:
        answers = table.text(roles["depopulation"])
        no = np.array([answer.strip().lower() in _NO for answer in answers.tolist()], np.bool_)
        why[(why == "") & no] = "not_asked"
        what = np.where(what == "", roles["depopulation"], what)
    rows = _used(report, why)
    found = []
    for at in rows.tolist():
        unit = parse_unit(str(sigungu[at]), province_of(str(sido[at])))
        found.append((unit, str(what[at]), date_of(str(since[at])) or ""))
    dates = sorted(date for _, _, date in found if date)
    report.dates = (dates[0], dates[-1]) if dates else None
    report.facts["districts"] = len({unit for unit, _, _ in found})
    return Designations(tuple(found))


def _place_keys(table: Table, column: str) -> np.ndarray:
    """Return codes of today, or names without spaces."""
    cells = table.text(column)
    return np.array(
        [modern_code(cell) if cell.isdigit() else "".join(cell.split()) for cell in cells.tolist()], dtype=object
    )


def _ones(table: Table) -> tuple[Floats, Bools]:
    """Return one person a row."""
    return np.ones(table.n_rows), np.zeros(table.n_rows, np.bool_)


def _latest(table: Table, roles: Mapping[str, str], why: np.ndarray) -> str:
    """Return the latest year of a table and leave out the rows of others (in place)."""
    if "year" not in roles:
        return ""
    years = np.array([text[:4] for text in table.text(roles["year"]).tolist()], dtype=object)
    known = sorted({year for year in years.tolist() if year.isdigit()})
    if not known:
        return ""
    why[(why == "") & (years != known[-1])] = "other_year"
    return str(known[-1])


def _used(report: FileReport, why: np.ndarray) -> np.ndarray:
    """Count the rows that are left out, by reason; return the others."""
    reasons, counts = np.unique(why[why != ""].astype(str), return_counts=True)
    for reason, count in zip(reasons.tolist(), counts.tolist(), strict=True):
        leave_out(report, reason, count)
    rows = np.flatnonzero(why == "")
    report.used = len(rows)
    return rows
