"""Attendance areas: which facilities of a kind people of a place may use, from a table of pairs or from polygons."""

from __future__ import annotations

import numpy as np
from pydantic import Field, model_validator

from lifezone.errors import Fault, InputError, some_of
from lifezone.model import Allowed, Demand, Districts, Facilities, Ints
from lifezone.sources.files import input_record
from lifezone.sources.located import locate, location_faults
from lifezone.sources.reading import Reading
from lifezone.sources.tables import Table, read_table
from lifezone.sources.where import Where, keep_rows
from lifezone.spec import Spec

__all__ = ["AllowedTable"]


class AllowedTable(Spec):
    """Which facilities people may use: a row names a facility and a demand point, a district, or a polygon (its shape).

    Several rows for one place mean a choice: the nearest of them counts. Places that no row names use the nearest.
    """

    path: str = Field(description="The file: CSV, Parquet, GeoPackage, GeoJSON or shapefile.")
    kind: str = Field(description="Kind of facility that the areas are for, e.g. elementary_school.")
    facility: str = Field(description="Column with the facility's id.")
    point: str | None = Field(None, description="Column with the id of a demand point.")
    district: str | None = Field(
        None, description="Column with the id of a district; without it and point, the file's polygons are the areas."
    )
    crs: str | None = Field(None, description="Coordinate system of the polygons where the file does not say.")
    where: Where | None = Field(None, description="Which rows are meant: column and value, values or a comparison.")
    layer: str | None = Field(None, description="Layer of a GeoPackage; not needed when it has only one.")
    encoding: str | None = Field(None, description="Encoding of the file, where it is not found out.")

    @model_validator(mode="after")
    def _one_place(self) -> AllowedTable:
        """Refuse two ways of saying where."""
        if self.point is not None and self.district is not None:
            raise ValueError("give point or district, not both")
        return self

    def load(
        self, reading: Reading, demand: Demand, facilities: Facilities, districts: Districts | None
    ) -> tuple[Allowed, tuple[str, ...]]:
        """Read the areas of a study, and what to tell of rows that speak of others.

        Raises:
            InputError: the kind has no facilities, a column is missing, or no row names a facility and a place of the
                study.
        """
        if self.kind not in facilities.kinds:
            have = ", ".join(facilities.kinds) or "none"
            raise InputError(Fault(f"no facilities of kind {self.kind!r} are given; there are {have}", ("kind",)))
        table = self._read(reading)
        ids = table.text(self.facility)
        known = np.isin(ids.astype(str), facilities.ids.astype(str))
        groups = self._groups(table, reading, demand, districts)
        members: dict[int, list[str]] = {}
        for row in np.flatnonzero(known).tolist():
            for group in groups.of_row[row]:
                members.setdefault(group, []).append(ids[row])
        if not members:
            message = f"{self.path}: no row names a facility and a place of this study"
            raise InputError(Fault(message, ("facility",)))
        order = sorted(members)
        number = {group: at for at, group in enumerate(order)}
        area = np.array([number.get(group, -1) for group in groups.of_point.tolist()], np.int32)
        reading.inputs.append(
            input_record(self.path, table.file, kind=self.kind, what="attendance areas", rows=table.n_rows,
                         used=int(known.sum()), refused=int((~known).sum()), encoding=table.encoding)
        )  # fmt: skip
        notes = list(table.notes)
        if not known.all():
            lost = some_of([str(one) for one in dict.fromkeys(ids[~known].tolist())])
            notes.append(f"{self.path}: {int((~known).sum()):,} rows name facilities that are not loaded: {lost}")
        facility_ids = tuple(tuple(dict.fromkeys(members[group])) for group in order)
        return Allowed(self.kind, demand.ids.copy(), area, facility_ids, self.path), tuple(notes)

    def _read(self, reading: Reading) -> Table:
        """Read the file, check its columns, keep the rows that are meant."""
        table = read_table(reading.folder, self.path, layer=self.layer, encoding=self.encoding)
        faults = list(table.missing(self.facility, ("facility",)))
        for key in ("point", "district"):
            column = getattr(self, key)
            if column is not None:
                faults += table.missing(column, (key,))
        if self.point is None and self.district is None:
            faults += location_faults(table, None, None, self.crs)
            if table.geometry is None:
                faults.append(Fault(f"{self.path} has no polygons: give point or district", ("path",)))
        if faults:
            raise InputError(faults)
        return keep_rows(table, self.where)[0]

    def _groups(self, table: Table, reading: Reading, demand: Demand, districts: Districts | None) -> _Groups:
        """Return the area of every point and the areas that each row speaks of."""
        if self.point is not None:
            return _by_id(table.text(self.point), demand.ids, np.arange(demand.n_points, dtype=np.int32))
        if self.district is not None:
            if districts is None:
                raise InputError(Fault("district is given, but the study has no districts", ("district",)))
            ids = np.array(districts.ids, dtype=object)
            groups = _by_id(table.text(self.district), ids, np.arange(len(ids), dtype=np.int32))
            return _Groups(demand.district, groups.of_row)
        shapes = locate(table, None, None, self.crs, study=reading.crs, clip=None).shapes
        if shapes is None:
            raise InputError(Fault(f"{self.path} has no polygons: give point or district", ("path",)))
        return _by_polygon(shapes, demand)


class _Groups:
    """The area of every point i32[P], −1 = none, and for each row the areas that it speaks of."""

    def __init__(self, of_point: Ints, of_row: list[list[int]]) -> None:
        self.of_point = of_point
        self.of_row = of_row


def _by_polygon(shapes: np.ndarray, demand: Demand) -> _Groups:
    """Return areas that are sets of polygons: where several lie over one another, people may choose."""
    import shapely  # noqa: PLC0415  (slow to import)

    tree = shapely.STRtree(shapely.points(demand.x_m, demand.y_m))
    row, point = tree.query(shapes, predicate="intersects")
    rows_of: dict[int, list[int]] = {}
    for at in np.lexsort((row, point)).tolist():
        rows_of.setdefault(int(point[at]), []).append(int(row[at]))
    number: dict[tuple[int, ...], int] = {}
    of_point = np.full(demand.n_points, -1, np.int32)
    for at, rows in rows_of.items():
        of_point[at] = number.setdefault(tuple(rows), len(number))
    of_row: list[list[int]] = [[] for _ in range(len(shapes))]
    for rows_here, group in number.items():
        for one in rows_here:
            of_row[one].append(group)
    return _Groups(of_point, of_row)


def _by_id(cells: np.ndarray, ids: np.ndarray, of_point: Ints) -> _Groups:
    """Return areas that are single points or districts, named by their ids."""
    at = {one: position for position, one in enumerate(ids.tolist())}
    return _Groups(of_point, [[at[cell]] if cell in at else [] for cell in cells.tolist()])
