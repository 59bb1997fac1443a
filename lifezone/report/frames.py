"""Results as data frames: what a notebook works with and what the writer saves, from the same functions.

Ids come back here (nothing below knows them), seconds become minutes, ``inf`` and NaN become null. Minutes are rounded
to 1e-6, metres to 1e-3: far below what a clock or a map can tell, so that files do not differ in the last bit.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields
from typing import Any, Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from lifezone.model import Demand, DesignationStep, Floats, Reason, Requirement, Result, Variant, Verdicts
from lifezone.report.tables import Tables, tables_of
from lifezone.standards.judge import effective_group
from lifezone.standards.rows import ChangeRow, ClassRow, ConventionRow, GapRow, ItemRow, SummaryRow

__all__ = [
    "cells", "changes", "classes", "deserts", "districts", "facilities", "joined_shapes", "minutes", "rounded_metres",
    "summary",
]  # fmt: skip

ALL_ROWS: Final = slice(None)
_ON_GRID: Final = 1e-6
"""How far a cell may lie off the common grid, in parts of a cell."""
LEVELS: Final = ("below", "between", "optimum")
"""Where a person stands between the national minimum and the local optimum (D3)."""
_REASONS: Final = tuple(reason.name.lower() for reason in Reason)


def minutes(seconds: Floats) -> Floats:
    """Return seconds as minutes rounded to 1e-6; NaN where there is no path."""
    return _finite(seconds / 60.0, 6)


def rounded_metres(metres: Floats) -> Floats:
    """Return metres rounded to 1e-3; NaN where there is no path."""
    return _finite(metres, 3)


def cells(variant: Variant, rows: slice = ALL_ROWS) -> gpd.GeoDataFrame:
    """Return one row per demand point of the study area, with every requirement's verdict.

    Columns are those of the contract (DESIGN 7): ``id``, ``district``, ``people_<group>``, per requirement
    ``<id>_minutes``, ``_metres``, ``_access_metres``, ``_met``, ``_facility``, ``_reason`` (and ``_level`` where the
    rule has a local optimum, ``_served`` where places are counted), then ``deficits``, ``desert``, ``gap``, ``deep``.
    Geometry: the cell's square when the demand is a grid, else the point, in the study's CRS. ``rows``: some of them.
    """
    world, assessment = variant.world, variant.assessment
    inside = np.flatnonzero(world.demand.inside)[rows]
    demand = world.demand.take(inside)
    columns: dict[str, Any] = {
        "id": _text(demand.ids),
        "district": _text(np.array(world.districts.ids, dtype=object)).take(demand.district),
    }
    for position, group in enumerate(demand.groups):
        columns[f"people_{group}"] = demand.people[:, position] + 0.0
    facility_ids = _text(world.facilities.ids)
    rules = {rule.id: rule for rule in assessment.standard.requirements}
    for key, verdicts in assessment.verdicts.items():
        columns.update(_verdict_columns(key, verdicts, inside, facility_ids))
        columns.update(_level_columns(rules[key], verdicts, inside))
    columns["deficits"] = assessment.deficits[inside].astype(np.int32)
    label = assessment.desert[inside]
    columns["desert"] = pd.arrays.IntegerArray(np.where(label < 0, 0, label).astype(np.int32), label < 0)
    if assessment.standard.desert is not None:
        columns["gap"] = assessment.lost[inside].any(axis=1)
        columns["deep"] = assessment.deep[inside]
    return gpd.GeoDataFrame(columns, geometry=cell_shapes(demand), crs=world.crs)


def cell_shapes(demand: Demand) -> np.ndarray:
    """Return P squares of side ``cell_m`` when the demand is a grid, else P points."""
    if demand.cells and demand.cell_m > 0:
        half_m = demand.cell_m / 2
        squares: np.ndarray = shapely.box(
            demand.x_m - half_m, demand.y_m - half_m, demand.x_m + half_m, demand.y_m + half_m
        )
        return squares
    points: np.ndarray = shapely.points(demand.x_m, demand.y_m)
    return points


def facilities(variant: Variant) -> gpd.GeoDataFrame:
    """Return one row per facility: id, kind, name, capacity, cost, open, hours; candidates are those not open.

    ``close_cost`` and ``yearly_cost`` follow where some source tells them.
    """
    world = variant.world
    supply = world.facilities
    columns = {
        "id": _text(supply.ids),
        "kind": _text(np.array(supply.kinds, dtype=object)).take(supply.kind),
        "name": _text(supply.name),
        "capacity": _finite(supply.capacity, 6),
        "cost": _finite(supply.cost, 6),
        "open": supply.open.astype(np.bool_),
        "hours": _text(supply.hours),
    }
    for name, told in (("close_cost", supply.close_cost), ("yearly_cost", supply.yearly_cost)):
        if told is not None:
            columns[name] = _finite(told, 6)
    return gpd.GeoDataFrame(columns, geometry=shapely.points(supply.x_m, supply.y_m), crs=world.crs)


def deserts(variant: Variant) -> gpd.GeoDataFrame:
    """Return one row per life desert, by label: names (null when scattered), people, what is missing, its shape."""
    world, assessment = variant.world, variant.assessment
    demand, found = world.demand, assessment.deserts
    columns: dict[str, Any] = {
        "desert": np.array([desert.label for desert in found], dtype=np.int32),
        "named": np.array([desert.named for desert in found], dtype=np.bool_),
        "name": _text([desert.name_ko or desert.name_en if desert.named else None for desert in found]),
        "name_en": _text([desert.name_en if desert.named else None for desert in found]),
        "district": _text([_district_id(variant, desert.district) for desert in found]),
    }
    for position, group in enumerate(demand.groups):
        columns[f"people_{group}"] = np.array([desert.people[position] for desert in found], dtype=np.float64)
    columns["missing"] = _text([";".join(desert.missing) for desert in found])
    columns["worst_minutes"] = minutes(np.array([desert.worst_seconds for desert in found], dtype=np.float64))
    columns["area_m2"] = np.array([desert.area_m2 for desert in found], dtype=np.float64)
    columns["points"] = np.array([desert.points for desert in found], dtype=np.int32)
    return gpd.GeoDataFrame(columns, geometry=_desert_shapes(variant), crs=world.crs)


def districts(variant: Variant, tables: Tables) -> gpd.GeoDataFrame:
    """Return one row per district that has a boundary: class, shares, and coverage of every requirement."""
    units = variant.world.districts
    names_en = units.name_en or units.name
    by_id = {row.district: row for row in tables.classes if row.variant == variant.name}
    graded = [by_id.get(unit) for unit in units.ids]
    columns: dict[str, Any] = {
        "id": _text(units.ids),
        "name": _text(units.name),
        "name_en": _text(names_en),
        "class": _text([row.class_ if row else None for row in graded]),
        "boundary": pd.array([row.boundary if row else None for row in graded], dtype="boolean"),
        "mean_share": _numbers([row.mean_share if row else None for row in graded]),
        "all_met_share": _numbers([row.all_met_share if row else None for row in graded]),
        "note": _text([row.note if row else None for row in graded]),
    }
    demand = variant.world.demand
    groups = {rule.id: effective_group(rule, demand)[0] for rule in variant.assessment.standard.requirements}
    coverage = {
        (row.district, row.requirement): row.coverage
        for row in tables.summary
        if row.variant == variant.name and groups.get(row.requirement) == row.group
    }
    for key in variant.assessment.verdicts:
        columns[f"{key}_coverage"] = _numbers([coverage.get((unit, key)) for unit in units.ids])
    shapes = [None] * len(units.ids) if units.polygon is None else units.polygon
    return gpd.GeoDataFrame(columns, geometry=np.array(shapes, dtype=object), crs=variant.world.crs)


def summary(result: Result) -> pd.DataFrame:
    """Return ``summary.csv`` as a frame."""
    return _frame(tables_of(result).summary, SummaryRow)


def changes(result: Result) -> pd.DataFrame:
    """Return ``changes.csv`` as a frame."""
    return _frame(tables_of(result).changes, ChangeRow)


def classes(result: Result) -> pd.DataFrame:
    """Return ``classes.csv`` as a frame."""
    return _frame(tables_of(result).classes, ClassRow)


def gaps(result: Result) -> pd.DataFrame:
    """Return ``gaps.csv`` as a frame."""
    return _frame(tables_of(result).gaps, GapRow)


def conventions(result: Result) -> pd.DataFrame:
    """Return ``conventions.csv`` as a frame."""
    return _frame(tables_of(result).conventions, ConventionRow)


def items(result: Result) -> pd.DataFrame:
    """Return ``items.csv`` as a frame."""
    return _frame(tables_of(result).items, ItemRow)


def designations(result: Result) -> pd.DataFrame:
    """Return ``designations.csv`` as a frame."""
    steps = [(variant.name, step) for variant in result.variants for step in variant.assessment.designations]
    names = [field.name for field in fields(DesignationStep)]
    columns = {name: [getattr(step, name) for _, step in steps] for name in names}
    return pd.DataFrame({"variant": [name for name, _ in steps], **columns})


def _frame(rows: tuple[Any, ...], kind: type) -> pd.DataFrame:
    names = [field.name for field in fields(kind)]
    return pd.DataFrame({name.rstrip("_"): [getattr(row, name) for row in rows] for name in names})


def _verdict_columns(key: str, verdicts: Verdicts, inside: np.ndarray, facility_ids: Any) -> dict[str, Any]:
    """Return the six columns of one requirement at the points ``inside``."""
    reason = verdicts.reason[inside]
    judged = verdicts.judged[inside]
    return {
        f"{key}_minutes": minutes(verdicts.seconds[inside]),
        f"{key}_metres": rounded_metres(verdicts.metres[inside]),
        f"{key}_access_metres": rounded_metres(verdicts.access_m[inside]),
        f"{key}_met": pd.arrays.BooleanArray(reason == Reason.MET, ~judged),
        f"{key}_facility": facility_ids.take(verdicts.facility[inside], allow_fill=True),
        f"{key}_reason": _text(_REASONS).take(reason.astype(np.int64) - (reason == 0), allow_fill=True),
    }


def _level_columns(rule: Requirement, verdicts: Verdicts, inside: np.ndarray) -> dict[str, Any]:
    """Return the level of each point (D3) where the rule has a local optimum, and people served where it counts them.

    Levels are ``below`` the national minimum, ``between`` minimum and optimum, ``optimum``; null where not judged.
    """
    columns: dict[str, Any] = {}
    if rule.optimum is not None or any(step.optimum is not None for step in rule.by_density):
        level = 1 + verdicts.met[inside].astype(np.int64) + verdicts.optimum[inside]
        level[~verdicts.judged[inside]] = 0
        columns[f"{rule.id}_level"] = _text(LEVELS).take(level - 1, allow_fill=True)
    if rule.capacity is not None:
        columns[f"{rule.id}_served"] = _finite(verdicts.served[inside], 6)
    return columns


def _desert_shapes(variant: Variant) -> np.ndarray:
    """Return for each desert the union of its cells, or its points together."""
    demand, assessment = variant.world.demand, variant.assessment
    label = np.where(demand.inside, assessment.desert, -1)
    return joined_shapes(demand, label, [desert.label for desert in assessment.deserts])


def joined_shapes(demand: Demand, label: np.ndarray, wanted: Sequence[int]) -> np.ndarray:
    """Return for each wanted label the union of its cells, or its points together.

    Args:
        demand: P points.
        label: i32[P] what each belongs to; negative = nothing.
        wanted: labels, in the order of the answer; one that nobody has gets an empty shape.
    """
    points = np.flatnonzero(label >= 0)
    order = points[np.argsort(label[points], kind="stable")]
    label = label[order]
    is_grid = demand.cells and demand.cell_m > 0
    snapped = _grid_squares(demand.take(order)) if is_grid else None
    pieces = cell_shapes(demand.take(order)) if snapped is None else snapped
    union = shapely.union_all if snapped is None else shapely.coverage_union_all
    shapes = np.empty(len(wanted), dtype=object)
    for position, one in enumerate(wanted):
        own = pieces[np.searchsorted(label, one) : np.searchsorted(label, one, side="right")]
        parts = shapely.get_parts(union(own))
        shapes[position] = shapely.multipolygons(parts) if is_grid else shapely.multipoints(parts)
    return shapes


def _grid_squares(demand: Demand) -> np.ndarray | None:
    """Return the cells with corners that neighbours share to the last bit, or None where they lie on no common grid.

    Such squares can be united as a coverage: 1.4 s for 44,000 cells, where a general union takes 18 s.
    """
    if not demand.n_points:
        return None
    corners = []
    for values in (demand.x_m, demand.y_m):
        step = (values - values[0]) / demand.cell_m
        column = np.rint(step)
        if np.abs(step - column).max() > _ON_GRID:
            return None
        corners += [values[0] + (column - 0.5) * demand.cell_m, values[0] + (column + 0.5) * demand.cell_m]
    west, east, south, north = corners
    squares: np.ndarray = shapely.box(west, south, east, north)
    return squares


def _district_id(variant: Variant, position: int) -> str | None:
    ids = variant.world.districts.ids
    return ids[position] if 0 <= position < len(ids) else None


def _text(values: Any) -> Any:
    """Return text as a pandas string array; None stays null."""
    return pd.array([None if value is None else str(value) for value in values], dtype="string")


def _numbers(values: list[float | None]) -> Floats:
    return _finite(np.array([np.nan if value is None else value for value in values], dtype=np.float64), 9)


def _finite(values: Floats, digits: int) -> Floats:
    """Return values rounded, without negative zero; NaN for whatever is not finite."""
    return np.where(np.isfinite(values), np.round(np.where(np.isfinite(values), values, 0.0), digits) + 0.0, np.nan)
