"""Districts: polygons that results are told by, and which of them a point lies in."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final, Literal

import numpy as np
import shapely
from pydantic import Field

from lifezone.errors import Fault, InputError, some_of
from lifezone.model import Districts, Floats, Ints
from lifezone.sources.crs import parse_crs, shapes_to_crs
from lifezone.sources.files import input_record
from lifezone.sources.located import extent_of, location_faults
from lifezone.sources.reading import Extent
from lifezone.sources.tables import Table, read_table
from lifezone.sources.where import Where, keep_rows
from lifezone.spec import Spec

__all__ = ["DistrictTable", "districts_of", "join_district_ids", "join_districts"]

_POLYGONS: Final = (3, 6)
_OVERLAP: Final = 0.01
"""Share of the smaller district from which an overlap is told; simplified boundaries overlap by slivers."""


class DistrictTable(Spec):
    """Districts from a file of polygons: GeoPackage, GeoJSON, shapefile or GeoParquet."""

    type: Literal["table"] = Field("table", description="Read from a file.")
    path: str = Field(description="The file with one polygon (or several parts) for each district.")
    id: str = Field(description="Column with the code of each district; kept as text, so zeros in front stay.")
    name: str | None = Field(None, description="Column with its name; without it the code is shown.")
    name_en: str | None = Field(None, description="Column with its English name.")
    layer: str | None = Field(None, description="Layer of a GeoPackage; not needed when it has only one.")
    crs: str | None = Field(
        None, description="Coordinate system, only where the file does not say it or says it wrong."
    )
    where: Where | None = Field(None, description="Which rows are meant: column and value, values or a comparison.")
    encoding: str | None = Field(None, description="Encoding of a shapefile's texts, where it is not found out.")

    def extent(self, folder: Path) -> Extent:
        """Return west, south, east, north in degrees."""
        table, _ = self._read(folder)
        return extent_of(table, None, None, self.crs)

    def load(self, folder: Path, crs: str, inputs: list[dict[str, Any]]) -> Districts:
        """Read the districts in file order.

        Args:
            folder: Where relative paths start.
            crs: Metric CRS of the study.
            inputs: The file is noted here.

        Raises:
            InputError: A column or polygon is missing, an id is empty or stands for two names, or nothing is left.
        """
        table, rows = self._read(folder)
        found = districts_of(table, {"id": self.id, "name": self.name, "name_en": self.name_en}, self.crs, crs)
        inputs.append(
            input_record(self.path, table.file, rows=rows, used=table.n_rows, refused=0, encoding=table.encoding)
        )
        return found

    def _read(self, folder: Path) -> tuple[Table, int]:
        """Read the file, check its columns, keep the rows that are meant; the number of rows read comes with it."""
        table = read_table(folder, self.path, layer=self.layer, encoding=self.encoding)
        faults = location_faults(table, None, None, self.crs)
        if table.geometry is None:
            faults = [Fault(f"{self.path} has no polygons: districts need a GeoPackage, GeoJSON, shapefile or "
                            "GeoParquet", ("path",))]  # fmt: skip
        for key in ("id", "name", "name_en"):
            column = getattr(self, key)
            if column is not None:
                faults += table.missing(column, (key,))
        if faults:
            raise InputError(faults)
        kept, notes = keep_rows(table, self.where)
        if kept.n_rows == 0:
            raise InputError(Fault(f"{self.path} has no district{': ' + notes[0] if notes else ''}", ("where",)))
        return kept, table.n_rows


def districts_of(table: Table, columns: Mapping[str, str | None], crs: str | None, study: str) -> Districts:
    """Return the districts of a table of polygons, parts of one joined.

    Args:
        table: The rows that are meant.
        columns: Columns of ``id``, ``name`` and ``name_en``; the last two may be None.
        crs: CRS of the polygons where the file does not say it.
        study: Metric CRS of the study.

    Raises:
        InputError: A polygon is missing, or an id is empty or stands for two names.
    """
    ids = table.text(str(columns["id"]))
    name = table.text(columns["name"]) if columns["name"] else ids
    name_en = table.text(columns["name_en"]) if columns["name_en"] else name
    shapes, notes = _polygons(table, crs, study)
    faults = _id_faults(table, ids, name, str(columns["id"]))
    if faults:
        raise InputError(faults)
    first, part_of = _first_and_part(ids)
    if len(first) < len(ids):
        notes.append(f"{len(ids) - len(first):,} rows are further parts of a district and were joined to it")
        shapes = _dissolved(shapes, part_of, len(first))
    notes += _overlaps(shapes, ids[first])
    return Districts(
        tuple(ids[first].tolist()), tuple(name[first].tolist()), tuple(name_en[first].tolist()), shapes,
        notes=(*table.notes, *(f"{table.path}: {note}" for note in notes)),
    )  # fmt: skip


def join_districts(x_m: Floats, y_m: Floats, districts: Districts | None) -> Ints:
    """Return i32[n] the district each point lies in, −1 outside all of them.

    A point on a common boundary belongs to the district that comes first. Without polygons every point belongs to
    district 0. Points without coordinates are outside.

    Args:
        x_m: f64[n] easting in the study's CRS.
        y_m: f64[n] northing.
        districts: D districts.
    """
    seen = np.isfinite(x_m) & np.isfinite(y_m)
    if districts is None or districts.polygon is None:
        return np.where(seen, 0, -1).astype(np.int32)
    district = np.full(len(x_m), -1, np.int32)
    at = np.flatnonzero(seen)
    if len(at) == 0:
        return district
    tree = shapely.STRtree(
        shapely.points(x_m[at], y_m[at])
    )  # polygons are prepared once each, points would be each time
    polygon, point = tree.query(districts.polygon, predicate="intersects")
    best = np.full(len(at), len(districts.ids), np.int64)
    np.minimum.at(best, point, polygon)
    found = best < len(districts.ids)
    district[at[found]] = best[found]
    return district


def join_district_ids(
    table: Table, column: str, by_polygon: Ints, districts: Districts | None
) -> tuple[Ints, tuple[str, ...]]:
    """Return i32[n] the district that a column names, −1 for other districts and empty cells, and what to tell.

    Args:
        table: n rows.
        column: Its column with district codes; it must be there.
        by_polygon: i32[n] where the rows lie, to tell a neighbour's code from a misspelt one.
        districts: D districts.

    Raises:
        InputError: The study has no districts, no row names one of them, or a row inside the area names an
            unknown one.
    """
    if districts is None:
        raise InputError(Fault("district is given, but the study has no districts (area.districts)", ("district",)))
    cells = table.text(column)
    known = {name: at for at, name in enumerate(districts.ids)}
    district = np.array([known.get(cell, -1) for cell in cells], np.int32)
    strange = (district < 0) & (cells != "")
    sample = some_of(sorted(set(cells[strange].tolist())))
    if len(cells) and not (district >= 0).any():
        raise InputError(Fault(f"{table.path}: column {column!r} names no district of the study; it has "
                               f"{sample or 'no codes'}, the districts are {some_of(districts.ids)}",
                               ("district",)))  # fmt: skip
    if districts.polygon is not None and (strange & (by_polygon >= 0)).any():
        wrong = strange & (by_polygon >= 0)
        raise InputError(Fault(f"{table.path}: {table.lines_of(wrong)} lie in the area but name no district of it: "
                               f"{some_of(sorted(set(cells[wrong].tolist())))}", ("district",)))  # fmt: skip
    outside = int((district < 0).sum())
    return district, (f"{table.path}: {outside:,} rows name no district of the study",) if outside else ()


def _polygons(table: Table, crs: str | None, study: str) -> tuple[np.ndarray, list[str]]:
    """Return the polygons in the study's CRS, repaired where needed, and what to tell."""
    shapes = np.asarray(table.geometry, dtype=object)
    if crs is None and table.crs is None:
        raise InputError(Fault(f"{table.path} does not say its coordinate system: give crs", ("crs",)))
    bad = shapely.is_missing(shapes) | shapely.is_empty(shapes) | ~np.isin(shapely.get_type_id(shapes), _POLYGONS)
    if bad.any():
        raise InputError(Fault(f"{table.path}: no polygon in {table.lines_of(bad)}", ("path",)))
    source = crs or str(table.crs)
    parse_crs(source)
    moved = shapes_to_crs(shapes, source, study)
    if not np.isfinite(shapely.bounds(moved)).all():
        raise InputError(Fault(f"{table.path}: its coordinates have no place in {source[:40]}: check crs", ("crs",)))
    broken = ~shapely.is_valid(moved)
    if not broken.any():
        return moved, []
    moved[broken] = [_only_polygons(shape) for shape in shapely.make_valid(moved[broken])]
    empty = shapely.area(moved) <= 0
    if empty.any():
        raise InputError(Fault(f"{table.path}: the polygon has no area in {table.lines_of(empty)}", ("path",)))
    return moved, [f"{int(broken.sum()):,} polygons cross themselves and were repaired ({table.lines_of(broken)})"]


def _only_polygons(shape: Any) -> Any:
    """Drop the lines and points that repairing leaves behind."""
    parts = shapely.get_parts(shape)
    return shapely.union_all(parts[np.isin(shapely.get_type_id(parts), _POLYGONS)])


def _id_faults(table: Table, ids: np.ndarray, name: np.ndarray, column: str) -> list[Fault]:
    """Fault empty ids and ids that stand for two names."""
    faults = []
    if (ids == "").any():
        faults.append(Fault(f"{table.path}: column {column!r} is empty in {table.lines_of(ids == '')}", ("id",)))
    names: dict[str, str] = {}
    twice = sorted({key for key, value in zip(ids, name, strict=True) if names.setdefault(key, value) != value and key})
    if twice:
        faults.append(Fault(f"{table.path}: one code for districts of different names: {some_of(twice)}", ("id",)))
    return faults


def _first_and_part(ids: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the first row of each id in file order, and which id (in that order) each row belongs to."""
    order = {key: at for at, key in enumerate(dict.fromkeys(ids.tolist()))}
    part_of = np.array([order[key] for key in ids], np.int64)
    _, first = np.unique(part_of, return_index=True)
    return first, part_of


def _dissolved(shapes: np.ndarray, part_of: np.ndarray, count: int) -> np.ndarray:
    """Join the parts of each district."""
    whole = np.empty(count, dtype=object)
    for at in range(count):
        parts = shapes[part_of == at]
        whole[at] = parts[0] if len(parts) == 1 else shapely.union_all(parts)
    return whole


def _overlaps(shapes: np.ndarray, ids: np.ndarray) -> list[str]:
    """Tell pairs of districts that cover the same ground."""
    one, two = shapely.STRtree(shapes).query(shapes, predicate="overlaps")
    pair = one < two
    one, two = one[pair], two[pair]
    if len(one) == 0:
        return []
    shared = shapely.area(shapely.intersection(shapes[one], shapes[two]))
    much = shared > _OVERLAP * np.minimum(shapely.area(shapes[one]), shapely.area(shapes[two]))
    told = [f"{a} and {b}" for a, b in zip(ids[one[much]], ids[two[much]], strict=True)]
    return [f"districts overlap, points there belong to the first: {some_of(told)}"] if told else []
