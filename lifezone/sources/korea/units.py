"""People of a published file as units: districts, ri or grid cells, each with its place as far as the file tells it.

Each level of a registration file counts everybody once: one level is taken. Counts that are masked or perturbed are
ranges; the middle of each is used and the ends are told.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np

from lifezone.errors import Fault, InputError
from lifezone.model import TOTAL, Bools, Floats, Longs
from lifezone.sources.korea.catalogue import Match
from lifezone.sources.korea.cells import loose_numbers, masked_counts
from lifezone.sources.korea.codes import UnitName, mois_province, parse_unit, stem
from lifezone.sources.korea.grid import GRID_CRS, cells_of
from lifezone.sources.korea.groups import Group, ages_in_heading, parse_group, recipe_of
from lifezone.sources.korea.opening import Opened
from lifezone.sources.korea.provinces import province_of
from lifezone.sources.korea.registration import OLDEST, AgeColumn, Registration, read_registration
from lifezone.sources.korea.report import FileReport, leave_out
from lifezone.sources.tables import Table

__all__ = ["People", "Units", "read_units"]

LEVELS: Final = ("emd", "sigungu", "sido", "nation")
SGIS_POPULATION: Final = "to_in_001"
_SGIS_AGES: Final = {  # in_age_001 … 021: five-year classes of both sexes; 031 … men; 061 … women
    f"in_age_{first + at:03d}": (sex, 5 * at, 5 * at + 4 if at < 20 else None)
    for sex, first in (("both", 1), ("male", 31), ("female", 61))
    for at in range(21)
}
_MOST_PEOPLE: Final = 1e9
_GUN: Final = "78"
"""Third digit of the code of a gun, which has no gu."""


@dataclass(frozen=True, eq=False)
class People:
    """Counts of n units in G groups, and the range that each total may lie in."""

    groups: tuple[str, ...]
    counts: Floats
    least: Floats
    most: Floats
    estimated: tuple[str, ...] = ()


@dataclass(frozen=True, eq=False)
class Units:
    """n units with people.

    Attributes:
        ids: object[n] codes, unique.
        names: object[n] names as written.
        codes: object[n] codes for matching, may be empty.
        unit: n names in parts, for matching.
        people: their people.
        x: f64[n] coordinate of the unit, NaN where the file tells none.
        y: f64[n] the other one.
        crs: CRS of x and y; empty = degrees.
        cell_m: side of the grid cells that the units are, 0 for others.
        shapes: n polygons of the units in the file's own CRS, or None.
        rows: i64[n] rows of the file that each unit is made of, None = one each.
        shapes_crs: CRS of the polygons.
        sides_m: f64[n] side of what each point stands for, NaN-free, or None.
        level: ``cell``, ``ri``, ``emd``, ``sigungu``, ``sido`` or ``nation``.
        whole: people of every level by stem of the code, for measuring how well a spread does.
    """

    ids: np.ndarray
    names: np.ndarray
    codes: np.ndarray
    unit: list[UnitName]
    people: People
    x: Floats
    y: Floats
    crs: str = ""
    cell_m: float = 0.0
    shapes: np.ndarray | None = None
    shapes_crs: str = ""
    rows: Longs | None = None
    sides_m: Floats | None = None
    level: str = "emd"
    whole: Mapping[str, float] = field(default_factory=dict)

    @property
    def n_units(self) -> int:
        """Number of units n."""
        return len(self.ids)

    @property
    def has_place(self) -> Bools:
        """bool[n] True where the file itself tells where the unit is."""
        return np.isfinite(self.x) & np.isfinite(self.y)


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
    reader: Any = {"registration": _registration, "sgis_grid": _sgis, "ngii_grid": _ngii, "ri_2012": _ri}.get(
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


def _put_together(
    report: FileReport, table: Table, columns: list[AgeColumn], total: str | None, wanted: Mapping[str, Group], *,
    masked: tuple[float, float] | None, is_default: bool,
) -> tuple[dict[str, Floats], tuple[str, ...], Bools, Floats, Floats]:  # fmt: skip
    """Return group → counts, the estimated ones, rows whose total is there, and the ends of the total's range."""
    low, high, middle = _columns(report, table, [*(one.column for one in columns), *([total] if total else [])], masked)
    counts, estimated, faults = {}, [], []
    for name, group in wanted.items():
        recipe = recipe_of(group, columns, total)
        if recipe is None:
            if not is_default or name == TOTAL:
                have = ", ".join(one.column for one in columns) or "only everybody"
                faults.append(Fault(f"{report.path} does not tell {name}: it counts {have}"[:400], ("groups", name)))
            continue
        counts[name] = sum((middle[column] * share for column, share in recipe.parts), np.zeros(table.n_rows))
        if recipe.is_estimated:
            estimated.append(name)
        if name == TOTAL:
            least = sum((low[column] * share for column, share in recipe.parts), np.zeros(table.n_rows))
            most = sum((high[column] * share for column, share in recipe.parts), np.zeros(table.n_rows))
    if faults:
        raise InputError(faults)
    seen = np.isfinite(counts[TOTAL])
    return counts, tuple(estimated), seen, least, most


def _columns(
    report: FileReport, table: Table, names: list[str], masked: tuple[float, float] | None
) -> tuple[dict[str, Floats], dict[str, Floats], dict[str, Floats]]:
    """Return least, most and middle of each column; what cannot be read is told and NaN."""
    low, high, middle = {}, {}, {}
    for name in dict.fromkeys(names):
        least, most, bad = masked_counts(table, name)
        if masked is not None:
            stars = np.isin(np.char.lower(table.text(name).astype(str)), ("*", "x"))
            least[stars], most[stars] = masked
        wrong = bad | (least < 0) | (most > _MOST_PEOPLE)
        if wrong.any():
            report.find("not_a_number", f"{name}: 숫자가 아닌 값 {int(wrong.sum()):,}개",
                        f"{name}: {int(wrong.sum()):,} cells are no number of people", count=int(wrong.sum()),
                        where=table.lines_of(wrong))  # fmt: skip
        least[wrong] = most[wrong] = np.nan
        low[name], high[name], middle[name] = least, most, (least + most) / 2
    return low, high, middle


def _registration(table: Table, match: Match, report: FileReport, wanted: Mapping[str, Group], **options: Any) -> Units:
    """Resident registration: one level of it, branch offices added to their eup or myeon."""
    read = read_registration(table, match.roles["area"], match.roles.get("area_code"))
    if read.month:
        report.dates = (read.month, read.month)
    total = next((one.column for one in read.columns if one.sex == "both" and one.low is None), None)
    counts, estimated, seen, _, _ = _put_together(
        report, table, [one for one in read.columns if one.low is not None or one.sex != "both"], total, wanted,
        masked=options["masked"], is_default=options["is_default"],
    )  # fmt: skip
    _check_registration(table, read, counts[TOTAL], report)
    level = options["level"] or next((one for one in LEVELS if (read.level == one).any()), "")
    why = np.where(read.level == "", "no_code", np.where(read.level != level, "other_level", "")).astype(object)
    why[(why == "") & read.parted] = "other_level"
    why[(why == "") & ~seen] = "not_a_number"
    _count_whys(report, why)
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


def _sgis(table: Table, match: Match, report: FileReport, wanted: Mapping[str, Group], **options: Any) -> Units:
    """Grid statistics in long form: items of population and ages become columns of their cell."""
    year, cell, item = (table.text(match.roles[role]) for role in ("year", "cell", "item"))
    low, high, bad = masked_counts(table, match.roles["value"])
    if options["masked"] is not None:
        stars = np.isin(np.char.lower(table.text(match.roles["value"]).astype(str)), ("*", "x"))
        low[stars], high[stars] = options["masked"]
    years = sorted({one for one in year.tolist() if one.isdigit()})
    latest = str(options["year"] or (years[-1] if years else ""))
    report.dates = (latest, latest) if latest else None
    named, back = np.unique(cell.astype(str), return_inverse=True)
    cells = cells_of(named)
    columns = {name: AgeColumn(name, *_SGIS_AGES[name][:2], _SGIS_AGES[name][2] or OLDEST, "") for name in
               sorted(set(item.tolist()) & set(_SGIS_AGES))}  # fmt: skip
    asked = {SGIS_POPULATION, *columns}
    why = np.full(len(year), "", dtype=object)
    why[~np.isin(item.astype(str), sorted(asked))] = "other_item"
    why[(why == "") & (year != latest)] = "other_year"
    why[(why == "") & ~cells.known[back]] = "bad_cell"
    why[(why == "") & bad] = "not_a_number"
    why[(why == "") & np.isnan(low)] = "not_published"
    key = np.char.add(np.char.add(cell.astype(str), "|"), item.astype(str))
    rows = np.flatnonzero(why == "")
    _, first = np.unique(key[rows], return_index=True)
    again = np.setdiff1d(np.arange(len(rows)), first)
    why[rows[again]] = "same_cell"
    _count_whys(report, why)
    rows = np.flatnonzero(why == "")
    report.used = len(rows)
    return _sgis_units(report, cells, named, back[rows], item[rows], (low[rows], high[rows]), columns, wanted, options)


def _sgis_units(
    report: FileReport, cells: Any, named: np.ndarray, cell: np.ndarray, item: np.ndarray,
    ends: tuple[Floats, Floats], columns: Mapping[str, AgeColumn], wanted: Mapping[str, Group],
    options: Mapping[str, Any],
) -> Units:  # fmt: skip
    """Make units of the rows of population and ages; only cells with a population are units."""
    n = len(named)
    there = np.zeros(n, np.bool_)
    there[cell[item == SGIS_POPULATION]] = True
    values: dict[str, Floats] = {}
    for name in (SGIS_POPULATION, *columns):
        values[name] = np.zeros(n)
        values[name][cell[item == name]] = ((ends[0] + ends[1]) / 2)[item == name]
    least, most = np.zeros(n), np.zeros(n)
    for target, end in ((least, ends[0]), (most, ends[1])):
        target[cell[item == SGIS_POPULATION]] = end[item == SGIS_POPULATION]
    counts: dict[str, Floats] = {}
    estimated: list[str] = []
    faults = []
    for name, group in wanted.items():
        recipe = recipe_of(group, list(columns.values()), SGIS_POPULATION)
        if recipe is None and options["is_default"]:
            continue
        if recipe is None:
            faults.append(
                Fault(f"{report.path} does not tell {name}: it has the items {', '.join(values)}", ("groups", name))
            )
            continue
        counts[name] = sum((values[column] * share for column, share in recipe.parts), np.zeros(n))
        estimated += [name] if recipe.is_estimated else []
    if faults:
        raise InputError(faults)
    orphans = ~there[cell]
    lost = int(np.isin(np.flatnonzero(~there), cell).sum())
    if lost:
        leave_out(report, "not_published", int(orphans.sum()))
        report.used -= int(orphans.sum())
        report.find("ages_without_total", f"총인구 없이 연령만 있는 격자 {lost:,}개",
                    f"{lost:,} cells have ages and no population: not counted", count=lost)  # fmt: skip
    sides = cells.side_m[there]
    if len(np.unique(sides)) > 1:
        raise InputError(Fault(f"{report.path} mixes cells of {', '.join(f'{s:g} m' for s in np.unique(sides))}: "
                               "split the file", ("path",)))  # fmt: skip
    report.crs = GRID_CRS
    matrix = np.column_stack([values_of[there] for values_of in counts.values()])
    side = float(sides[0]) if len(sides) else 0.0
    blank = UnitName("", "", "")
    return Units(
        named[there].astype(object), np.full(int(there.sum()), "", dtype=object),
        np.full(int(there.sum()), "", dtype=object), [blank] * int(there.sum()),
        People(tuple(counts), matrix, least[there], most[there], tuple(estimated)),
        cells.x_m[there], cells.y_m[there], GRID_CRS, side,
        rows=np.bincount(cell, minlength=n)[there], level="cell",
    )  # fmt: skip


def _ngii(table: Table, match: Match, report: FileReport, wanted: Mapping[str, Group], **options: Any) -> Units:
    """NGII grid: one value a cell; the letters of the code, or the polygon, tell the cell."""
    total = match.roles["val"]
    counts, estimated, seen, least, most = _put_together(
        report, table, [], total, wanted, masked=options["masked"], is_default=options["is_default"]
    )
    ids = table.text(match.roles["gid"])
    cells = cells_of(ids)
    side = float(np.nanmedian(cells.side_m)) if cells.known.any() else 0.0
    why = np.full(table.n_rows, "", dtype=object)
    why[~cells.known & (table.geometry is None)] = "bad_cell"
    why[(why == "") & ~seen] = "not_published"
    _, first = np.unique(ids.astype(str), return_index=True)
    again = np.ones(table.n_rows, np.bool_)
    again[first] = False
    why[(why == "") & again] = "same_cell"
    _check_cells(table, cells, report)
    _count_whys(report, why)
    keep = why == ""
    report.used = int(keep.sum())
    report.crs = GRID_CRS
    blank = UnitName("", "", "")
    matrix = np.column_stack([values[keep] for values in counts.values()])
    x, y = cells.x_m[keep], cells.y_m[keep]
    if table.geometry is not None and not cells.known.all():
        import shapely  # noqa: PLC0415

        middle = shapely.centroid(table.geometry[keep])
        x, y = shapely.get_x(middle), shapely.get_y(middle)
        side = side or float(np.sqrt(np.median(shapely.area(table.geometry[keep]))))
    n = int(keep.sum())
    empty = np.full(n, "", dtype=object)
    people = People(tuple(counts), matrix, least[keep], most[keep], estimated)
    return Units(ids[keep], empty, empty, [blank] * n, people, x, y, GRID_CRS, side, level="cell")


def _check_cells(table: Table, cells: Any, report: FileReport) -> None:
    """Note cells whose code and polygon do not agree."""
    if table.geometry is None or not cells.known.any():
        return
    import shapely  # noqa: PLC0415

    bounds = shapely.bounds(table.geometry)
    off = cells.known & (np.hypot(bounds[:, 0] - cells.west_m, bounds[:, 1] - cells.south_m) > 1.0)
    if off.any():
        report.find("cell_off_its_code", f"코드와 다른 곳에 그려진 격자 {int(off.sum()):,}개",
                    f"{int(off.sum()):,} cells are not drawn where their code says", count=int(off.sum()),
                    where=table.lines_of(off))  # fmt: skip


def _ri(table: Table, match: Match, report: FileReport, wanted: Mapping[str, Group], **options: Any) -> Units:
    """People by ri with names only: rows of one ri are added up."""
    parts = [table.text(match.roles[role]) for role in ("sido", "sigungu", "emd", "ri")]
    total = match.roles["total"]
    counts, estimated, seen, _, _ = _put_together(
        report, table, [], total, wanted, masked=options["masked"], is_default=options["is_default"]
    )
    named = (parts[0] != "") & (parts[2] != "")
    why = np.where(~named, "no_code", np.where(~seen, "not_a_number", "")).astype(object)
    rows = np.flatnonzero(why == "")
    keys = np.array(
        [" ".join(filter(None, row)) for row in zip(*(part[rows] for part in parts), strict=True)], dtype=object
    )
    names, first, back = np.unique(keys.astype(str), return_index=True, return_inverse=True)
    _count_whys(report, why)
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
    counts, estimated, seen, least, most = _put_together(
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
    _count_whys(report, why)
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


def _count_whys(report: FileReport, why: np.ndarray) -> None:
    """Count the rows that are left out, by reason."""
    reasons, counts = np.unique(why[why != ""].astype(str), return_counts=True)
    for reason, count in zip(reasons.tolist(), counts.tolist(), strict=True):
        leave_out(report, reason, count)
