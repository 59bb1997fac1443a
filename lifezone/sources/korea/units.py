"""People of a published file as units: districts, ri or grid cells, each with its place as far as the file tells it.

Each level of a registration file counts everybody once: one level is taken. Counts that are masked or perturbed are
ranges; the middle of each is used and the ends are told.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import numpy as np

from lifezone.errors import Fault, InputError
from lifezone.model import TOTAL, Bools, Floats
from lifezone.sources.korea.catalogue import Match
from lifezone.sources.korea.cells import loose_numbers, masked_counts
from lifezone.sources.korea.codes import UnitName, mois_province, parse_unit, stem
from lifezone.sources.korea.grid_units import read_ngii, read_sgis
from lifezone.sources.korea.groups import Group, ages_in_heading, parse_group
from lifezone.sources.korea.opening import Opened
from lifezone.sources.korea.provinces import province_of
from lifezone.sources.korea.registration import Registration, read_registration
from lifezone.sources.korea.report import FileReport, leave_out
from lifezone.sources.korea.unit_parts import People, Units, count_whys, put_together
from lifezone.sources.tables import Table

__all__ = ["People", "Units", "read_units"]

LEVELS: Final = ("emd", "sigungu", "sido", "nation")
_GUN: Final = "78"
"""Third digit of the code of a gun, which has no gu."""


def read_units(
    opened: Opened,
    match: Match,
    report: FileReport,
    groups: Mapping[str, str],
    *,
    level: str | None = None,
    masked: tuple[float, float] | None = None,
    year: int | None = None,
    is_default: bool = False,
) -> Units:
    """Read the people of a file of any known form.

    Args:
        opened: the file.
        match: its form.
        report: gets counts and findings.
        groups: group → whom it counts, e.g. ``65+``.
        level: level of a file that holds several; None = the finest.
        masked: what a masked cell (``*``) stands for, least and most; None = it is left out, told.
        year: which year of a file that holds several; None = the latest.
        is_default: groups that the file cannot tell are dropped rather than a fault.

    Raises:
        InputError: A group cannot be told from the file's classes, or no row has people.
    """
    reader: Any = {"registration": _registration, "sgis_grid": read_sgis, "ngii_grid": read_ngii, "ri_2012": _ri}.get(
        match.form.key, _table
    )
    if opened.table.n_rows == 0:
        raise InputError(Fault(f"{report.path}: no row has people that can be read", ("path",)))
    leave_out(report, "odd_row", len(opened.odd_rows))
    wanted = {name: group for name, text in groups.items() if (group := parse_group(text)) is not None}
    units: Units = reader(
        opened.table, match, report, wanted, level=level, masked=masked, year=year, is_default=is_default
    )
    if units.n_units == 0:
        raise InputError(Fault(f"{report.path}: no row has people that can be read", ("path",)))
    low, high = float(units.people.least.sum()), float(units.people.most.sum())
    report.facts["people"] = float(units.people.counts[:, units.people.groups.index(TOTAL)].sum())
    report.facts["level"] = units.level
    if high > low:
        report.facts["people_range"] = [low, high]
    return units


def _registration(table: Table, match: Match, report: FileReport, wanted: Mapping[str, Group], **options: Any) -> Units:
    """Resident registration: one level of it, branch offices added to their eup or myeon."""
    read = read_registration(table, match.roles["area"], match.roles.get("area_code"))
    if read.month:
        report.dates = (read.month, read.month)
    total = next((one.column for one in read.columns if one.sex == "both" and one.low is None), None)
    counts, estimated, seen, _, _ = put_together(
        report, table, [one for one in read.columns if one.low is not None or one.sex != "both"], total, wanted,
        masked=options["masked"], is_default=options["is_default"],
    )  # fmt: skip
    _check_registration(table, read, counts[TOTAL], report)
    level = options["level"] or next((one for one in LEVELS if (read.level == one).any()), "")
    why = np.where(read.level == "", "no_code", np.where(read.level != level, "other_level", "")).astype(object)
    why[(why == "") & read.parted] = "other_level"
    why[(why == "") & ~seen] = "not_a_number"
    count_whys(report, why)
    keep = np.flatnonzero(why == "")
    matrix = np.column_stack([np.nan_to_num(values) for values in counts.values()])
    codes, names = read.code[keep], read.name[keep]
    mother = np.where((read.parent >= 0) & read.branch & (why == ""), read.parent, np.arange(len(why)))[keep]
    home = {row: at for at, row in enumerate(keep.tolist())}
    target = np.array([home.get(int(row), home[int(own)]) for row, own in zip(mother, keep, strict=True)], np.int64)
    summed = np.zeros((len(keep), matrix.shape[1]))
    np.add.at(summed, target, matrix[keep])
    own = np.flatnonzero(target == np.arange(len(keep)))
    report.facts["branch_offices_added"] = int(len(keep) - len(own))
    report.used = len(keep)
    unit = [parse_unit(str(name), mois_province(str(code))) for name, code in zip(names[own], codes[own], strict=True)]
    people = People(tuple(counts), summed[own], summed[own, 0], summed[own, 0], estimated)
    none = np.full(len(own), np.nan)
    whole = {stem(code): float(value) for code, value in zip(read.code.tolist(), counts[TOTAL].tolist(), strict=True)
             if code and np.isfinite(value)}  # fmt: skip
    rows = np.bincount(target, minlength=len(keep))[own]
    return Units(codes[own], names[own], codes[own], unit, people, none, none.copy(), rows=rows, level=level,
                 whole=whole)  # fmt: skip


def _check_registration(table: Table, read: Registration, total: Floats, report: FileReport) -> None:
    """Note ages that do not add up to their total, and units that do not add up to the one they lie in."""
    ages = [at for at, one in enumerate(read.columns) if one.low is not None and one.sex == "both"]
    if ages:
        gap = read.people[:, ages].sum(axis=1) - total
        off = np.isfinite(gap) & (np.abs(gap) > 0.5)
        if off.any():
            shown = ", ".join(
                f"{name} {value:+,.0f}" for name, value in zip(read.name[off][:5], gap[off][:5], strict=True)
            )
            report.find("ages_do_not_add_up", f"연령별 합이 총인구수와 다른 행 {int(off.sum()):,}개: {shown}",
                        f"the ages of {int(off.sum()):,} rows do not add up to their total: {shown}",
                        count=int(off.sum()), where=table.lines_of(off))  # fmt: skip
    people = {stem(code): value for code, value in zip(read.code.tolist(), total.tolist(), strict=True) if code}
    _check_sums(read, people, total, report)


def _check_sums(read: Registration, people: Mapping[str, float], total: Floats, report: FileReport) -> None:
    """Hold every province and si-gun-gu against the sum of its eup, myeon and dong."""
    below: dict[str, float] = {}
    for code, value, level in zip(read.code.tolist(), total.tolist(), read.level.tolist(), strict=True):
        if level == "emd" and np.isfinite(value):
            for width in (2, 5):
                below[code[:width]] = below.get(code[:width], 0.0) + value
    wrong = []
    for name, code, level, parted in zip(read.name.tolist(), read.code.tolist(), read.level.tolist(),
                                         read.parted.tolist(), strict=True):  # fmt: skip
        key = stem(code)
        if level in ("sido", "sigungu") and not parted and key in below and abs(people[key] - below[key]) > 0.5:
            wrong.append(f"{name} {below[key] - people[key]:+,.0f}")
    if wrong:
        told = ", ".join(wrong[:5])
        report.find("totals_do_not_add_up", f"읍면동 합과 다른 시도·시군구 {len(wrong):,}개: {told}",
                    f"{len(wrong):,} provinces or si-gun-gu differ from the sum of their parts: {told}",
                    count=len(wrong))  # fmt: skip


def _ri(table: Table, match: Match, report: FileReport, wanted: Mapping[str, Group], **options: Any) -> Units:
    """People by ri with names only: rows of one ri are added up."""
    parts = [table.text(match.roles[role]) for role in ("sido", "sigungu", "emd", "ri")]
    total = match.roles["total"]
    counts, estimated, seen, _, _ = put_together(
        report, table, [], total, wanted, masked=options["masked"], is_default=options["is_default"]
    )
    named = (parts[0] != "") & (parts[2] != "")
    why = np.where(~named, "no_code", np.where(~seen, "not_a_number", "")).astype(object)
    rows = np.flatnonzero(why == "")
    keys = np.array(
        [" ".join(filter(None, row)) for row in zip(*(part[rows] for part in parts), strict=True)], dtype=object
    )
    names, first, back = np.unique(keys.astype(str), return_index=True, return_inverse=True)
    count_whys(report, why)
    report.used = len(rows)
    report.facts["rows_added_up"] = int(len(rows) - len(names))
    matrix = np.column_stack(
        [np.bincount(back, values[rows], len(names)).astype(np.float64) for values in counts.values()]
    )
    first = rows[first]
    unit = [UnitName(province_of(str(parts[0][at])), str(parts[1][at]), str(parts[2][at])) for at in first.tolist()]
    none = np.full(len(names), np.nan)
    people = People(tuple(counts), matrix, matrix[:, 0], matrix[:, 0], estimated)
    report.dates = report.dates or ("2012", "2012") if "하수" in "".join(table.columns) else report.dates
    return Units(names.astype(object), names.astype(object), np.full(len(names), "", dtype=object), unit, people, none,
                 none.copy(), rows=np.bincount(back, minlength=len(names)), level="ri")  # fmt: skip


def _table(table: Table, match: Match, report: FileReport, wanted: Mapping[str, Group], **options: Any) -> Units:
    """A table of districts or places with a total and classes of ages."""
    roles = match.roles
    found = [ages_in_heading(column) for column in table.columns]
    columns = [one for one in found if one is not None]
    counts, estimated, seen, least, most = put_together(
        report, table, columns, roles["total"], wanted, masked=options["masked"], is_default=options["is_default"]
    )
    if roles["total"].lower().endswith("est"):
        estimated = tuple(counts)
    ids = table.text(roles["code"])
    name_roles = [roles[role] for role in ("ri", "emd", "name") if role in roles] if "x" in roles else []
    name = np.full(table.n_rows, "", dtype=object)
    for column in [*name_roles, *([roles["name"]] if "name" in roles else [])]:
        name = np.where(name == "", table.text(column), name)
    why = np.where(ids == "", "no_code", np.where(~seen, "not_published", "")).astype(object)
    _, first = np.unique(ids.astype(str), return_index=True)
    again = np.ones(table.n_rows, np.bool_)
    again[first] = False
    why[(why == "") & again] = "added_up"
    has_points = "x" in roles and "y" in roles and (ids != "").any()
    why = _one_level(ids, why) if not has_points else why
    count_whys(report, why)
    keep = why == ""
    report.used = int(keep.sum())
    full = table.text(roles["name"]) if "name" in roles else name
    unit = [parse_unit(str(text), mois_province(str(code))) for text, code in zip(full[keep], ids[keep], strict=True)]
    x, y = np.full(table.n_rows, np.nan), np.full(table.n_rows, np.nan)
    if has_points:
        x, _, _ = masked_counts(table, roles["x"])
        y, _, _ = masked_counts(table, roles["y"])
    shapes = None if table.geometry is None else np.asarray(table.geometry, dtype=object)[keep]
    matrix = np.column_stack([np.nan_to_num(values[keep]) for values in counts.values()])
    return Units(
        ids[keep], name[keep], ids[keep], unit,
        People(tuple(counts), matrix, least[keep], most[keep], estimated),
        x[keep], y[keep], shapes=shapes, shapes_crs=table.crs or "", sides_m=_sides(table, roles.get("area_km2"), keep),
        level="ri" if "ri" in roles else _level_of(ids[keep]),
    )  # fmt: skip


def _sides(table: Table, column: str | None, keep: Bools) -> Floats | None:
    """Return the side of the square as large as each district, from a column of km²; 0 where it is not told."""
    if column is None:
        return None
    area, _ = loose_numbers(table, column)
    return np.sqrt(np.where(area[keep] > 0, area[keep], 0.0) * 1e6)


def _one_level(ids: np.ndarray, why: np.ndarray) -> np.ndarray:
    """Leave out rows whose code another row's code begins with: they count the same people."""
    stems = [stem(str(code)) for code in ids.tolist()]
    longer = {one[:width] for one in stems for width in (2, 4, 5, 8) if len(one) > width}
    gu = {one[:4] for one in stems if len(one) == 5 and one[2] not in _GUN and one[4] != "0"}
    above = [one in longer or (len(one) == 5 and one[4] == "0" and one[:4] in gu) for one in stems]
    why[(why == "") & np.array(above, np.bool_)] = "other_level"
    return why


def _level_of(ids: np.ndarray) -> str:
    """Return the level of most codes."""
    widths = [len(stem(str(code))) for code in ids.tolist()]
    median = float(np.median(widths)) if widths else 0.0
    return "sido" if median <= 2 else "sigungu" if median <= 5 else "emd"
