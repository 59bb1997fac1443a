"""People of grid cells: SGIS statistics in long form, NGII grids with one value a cell."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import numpy as np

from lifezone.errors import Fault, InputError
from lifezone.model import Floats
from lifezone.sources.korea.catalogue import Match
from lifezone.sources.korea.cells import masked_counts
from lifezone.sources.korea.codes import UnitName
from lifezone.sources.korea.grid import GRID_CRS, cells_of
from lifezone.sources.korea.groups import Group, recipe_of
from lifezone.sources.korea.registration import OLDEST, AgeColumn
from lifezone.sources.korea.report import FileReport, leave_out
from lifezone.sources.korea.unit_parts import People, Units, count_whys, put_together
from lifezone.sources.tables import Table

__all__ = ["read_ngii", "read_sgis"]

SGIS_POPULATION: Final = "to_in_001"
_SGIS_AGES: Final = {  # in_age_001 … 021: five-year classes of both sexes; 031 … men; 061 … women
    f"in_age_{first + at:03d}": (sex, 5 * at, 5 * at + 4 if at < 20 else None)
    for sex, first in (("both", 1), ("male", 31), ("female", 61))
    for at in range(21)
}


def read_sgis(table: Table, match: Match, report: FileReport, wanted: Mapping[str, Group], **options: Any) -> Units:
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
    count_whys(report, why)
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


def read_ngii(table: Table, match: Match, report: FileReport, wanted: Mapping[str, Group], **options: Any) -> Units:
    """NGII grid: one value a cell; the letters of the code, or the polygon, tell the cell."""
    total = match.roles["val"]
    counts, estimated, seen, least, most = put_together(
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
    count_whys(report, why)
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
