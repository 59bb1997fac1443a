"""People from a table: census points, grid cells, polygons of any shape."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

import numpy as np
from pydantic import Field, field_validator, model_validator

from lifezone.errors import Fault, InputError, some_of
from lifezone.model import TOTAL, Bools, Demand, Floats, Ints
from lifezone.sources.crs import Placed
from lifezone.sources.districts import join_district_ids, join_districts
from lifezone.sources.files import input_record
from lifezone.sources.h3_cells import cell_side_m, placed_by_h3
from lifezone.sources.located import Located, extent_of, locate, location_faults, says_nowhere
from lifezone.sources.people.build import MOST_PEOPLE, Spread, check_groups, finished
from lifezone.sources.people.polygons import CellSize, cell_size
from lifezone.sources.reading import Extent, Reading
from lifezone.sources.tables import Table, read_table
from lifezone.sources.where import Where, keep_rows
from lifezone.spec import Length, Spec

__all__ = ["PeopleTable"]


class PeopleTable(Spec):
    """People from a table of places, cells or polygons: CSV, Parquet, GeoPackage, GeoJSON or shapefile."""

    type: Literal["table"] = Field(description="Read from a table.")
    path: str = Field(description="The file; CSV may be UTF-8, CP949 or UTF-16.")
    groups: dict[str, str] = Field(description="Group and the column that counts it; total, everybody, is needed.")
    id: str | None = Field(None, description="Column with a code for each place; without it rows are numbered.")
    x: str | None = Field(
        None, description="Column with longitude or easting; not needed where the file has geometry, nor for siting "
        "alone with ready-made times."
    )  # fmt: skip
    y: str | None = Field(None, description="Column with latitude or northing.")
    h3: str | None = Field(None, description="Column with H3 cells, in place of x and y: people live in the hexagon.")
    crs: str | None = Field(None, description="Coordinate system of x and y, e.g. EPSG:5179; degrees need none.")
    cell: Length | None = Field(None, description="Side of the grid cell whose middle each row is, e.g. 100 m.")
    name: str | None = Field(None, description="Column with place names, shown for life deserts.")
    district: str | None = Field(None, description="Column with the code of the district; else found by polygon.")
    layer: str | None = Field(None, description="Layer of a GeoPackage; not needed when it has only one.")
    where: Where | None = Field(None, description="Which rows are meant: column and value, values or a comparison.")
    estimated: list[str] = Field(
        default_factory=list, description="Groups whose numbers were spread from larger units."
    )
    blank: Literal["refuse", "leave_out", "zero"] | None = Field(
        None,
        description="What an empty number means: a fault, a place that is not counted, or nobody. "
        "Without it: not counted in a file of grid squares, where it means not published; else a fault.",
    )
    spread: Spread | None = Field(None, description="Spread the people of each cell along the roads in it.")
    encoding: str | None = Field(None, description="Encoding of the file, where it is not found out.")

    _groups = field_validator("groups")(check_groups)

    @model_validator(mode="after")
    def _known_groups(self) -> PeopleTable:
        """Refuse estimated groups that are not groups."""
        odd = [group for group in self.estimated if group not in self.groups]
        if odd:
            raise ValueError(f"estimated names {', '.join(odd)}, which is not among the groups")
        if self.h3 is not None and (self.x is not None or self.cell is not None):
            raise ValueError("h3 says where rows are and how large: leave out x, y and cell")
        return self

    def extent(self, folder: Path) -> Extent:
        """Return west, south, east, north in degrees of all rows that are meant."""
        table, _, _ = self._read(folder)
        return extent_of(table, self.x, self.y, self.crs, margin_m=(self.cell or 0.0) / 2)

    def load(self, reading: Reading) -> Demand:
        """Read the people into the study.

        Raises:
            InputError: A column is missing; people are not numbers of 0 to 10⁹; ids repeat; people have no place.
        """
        with reading.progress.step(f"people: {self.path}"):
            table, rows, notes = self._read(reading.folder, needs_places=reading.needs_places)
            people, faults = self._people(table)
            ids = self._ids(table)
            faults += _repeated(table, ids, self.id)
            if faults:
                raise InputError(faults)
            located = locate(table, self.x, self.y, self.crs, study=reading.crs, clip=reading.clip)
            size = self._size(located, table)
            people, keep, more = self._fill_blanks(table, people, size)
            located_fault = _nowhere(table, people, keep, located)
            if located_fault:
                raise InputError(located_fault)
            return self._demand(reading, table, rows, ids, people, keep, located, size, (*notes, *more))

    def _read(self, folder: Path, *, needs_places: bool = True) -> tuple[Table, int, tuple[str, ...]]:
        """Read the file, check its columns and keep the rows that are meant; rows read and notes come with it."""
        table = read_table(folder, self.path, layer=self.layer, encoding=self.encoding)
        if self.h3 is not None:
            table = placed_by_h3(table, self.h3)
        faults = location_faults(table, self.x, self.y, self.crs, needs_places=needs_places)
        if not faults and self.cell is not None and says_nowhere(table, self.x, self.y):
            faults.append(Fault("cell says how large the squares around x and y are: give x and y too", ("cell",)))
        for key in ("id", "name", "district"):
            column = getattr(self, key)
            if column is not None:
                faults += table.missing(column, (key,))
        for group, column in self.groups.items():
            faults += table.missing(column, ("groups", group))
        if faults:
            raise InputError(faults)
        kept, notes = keep_rows(table, self.where)
        if kept.n_rows == 0:
            raise InputError(Fault(f"{self.path} has no rows with people{': ' + notes[0] if notes else ''}", ("path",)))
        return kept, table.n_rows, (*table.notes, *notes)

    def _people(self, table: Table) -> tuple[Floats, list[Fault]]:
        """Return f64[n, G] people, NaN where a cell is empty, and faults for impossible numbers."""
        columns, faults = [], []
        for group, column in self.groups.items():
            numbers, more = table.numbers(column, ("groups", group))
            faults += more
            impossible = (numbers < 0) | (numbers > MOST_PEOPLE)
            if impossible.any():
                shown = ", ".join(f"{value:.12g}" for value in numbers[impossible][:3])
                faults.append(
                    Fault(f"{self.path}: people must be 0 to 10⁹ in column {column!r}: {shown} in "
                          f"{table.lines_of(impossible)}", ("groups", group))
                )  # fmt: skip
            columns.append(numbers)
        return np.column_stack(columns), faults

    def _ids(self, table: Table) -> np.ndarray:
        """Return n ids: the column, or ``p`` and the number of the row."""
        if self.id is not None:
            return table.text(self.id)
        first = 1 if table.line_word == "row" else 2
        return np.array([f"p{number - first + 1}" for number in table.line.tolist()], dtype=object)

    def _size(self, located: Located, table: Table) -> CellSize:
        """Return what a point stands for."""
        if self.h3 is not None:
            return CellSize(cells=False, cell_m=cell_side_m(table, self.h3))
        if self.cell is not None:
            return CellSize(cells=True, cell_m=self.cell)
        return CellSize(cells=False, cell_m=0.0) if located.shapes is None else cell_size(located.shapes)

    def _fill_blanks(self, table: Table, people: Floats, size: CellSize) -> tuple[Floats, Bools, tuple[str, ...]]:
        """Deal with empty cells: people without NaN, the rows that stay, what to tell; or fault."""
        blank = np.isnan(people)
        keep = np.ones(len(people), np.bool_)
        if not blank.any():
            return people, keep, ()
        rule = self.blank or ("leave_out" if size.cells and located_squares(table, self.x) else "refuse")
        if rule == "refuse":
            raise InputError([
                Fault(f"{self.path}: column {column!r} has no number in {table.lines_of(blank[:, at])}; "
                      "mend it, or say with blank what an empty cell means", ("groups", group))
                for at, (group, column) in enumerate(self.groups.items()) if blank[:, at].any()
            ])  # fmt: skip
        notes = []
        if rule == "leave_out":
            keep = ~blank[:, list(self.groups).index(TOTAL)]
            notes.append(f"{self.path}: {int((~keep).sum()):,} of {len(keep):,} places give no number of people: "
                         "not counted, which is not the same as nobody")  # fmt: skip
        for at, group in enumerate(self.groups):
            empty = int((blank[:, at] & keep).sum())
            if empty:
                notes.append(f"{self.path}: {empty:,} places give no number for {group}, taken as 0")
        return np.where(blank, 0.0, people), keep, tuple(notes)

    def _district(self, table: Table, placed: Placed, reading: Reading) -> Ints:
        """Return i32[n] the district each row lies in; without places all are in the only one there is."""
        districts = reading.districts
        if not says_nowhere(table, self.x, self.y):
            return join_districts(placed.x_m, placed.y_m, districts)
        if districts is None or len(districts.ids) == 1:
            return np.zeros(table.n_rows, np.int32)
        if self.district is None:
            raise InputError(Fault(f"{self.path} says neither where people live nor in which district: name its "
                                   "columns x and y, or district", ("x",)))  # fmt: skip
        return np.full(table.n_rows, -1, np.int32)

    def _demand(
        self, reading: Reading, table: Table, rows: int, ids: np.ndarray, people: Floats, keep: Bools,
        located: Located, size: CellSize, notes: tuple[str, ...],
    ) -> Demand:  # fmt: skip
        """Join districts, note the input, and build the demand."""
        placed = located.placed
        stay = keep & ~placed.missing
        gone = keep & placed.missing
        if gone.any():
            notes = (*notes, f"{self.path}: {int(gone.sum()):,} places without people have no coordinates, left out")
        district = self._district(table, placed, reading)
        if self.district is not None:
            district, more = join_district_ids(table, self.district, district, reading.districts)
            notes = (*notes, *more)
        used = stay & placed.inside
        reading.inputs.append(
            input_record(self.path, table.file, rows=rows, used=int(used.sum()), refused=int((~stay).sum()),
                         encoding=table.encoding)
        )  # fmt: skip
        if not used.any():
            why = some_of(placed.notes) or "check crs, x and y"
            raise InputError(Fault(f"{self.path}: nobody lives in the area: {why}", ("path",)))
        demand = Demand(
            ids=ids[stay], x_m=placed.x_m[stay], y_m=placed.y_m[stay], people=people[stay], groups=tuple(self.groups),
            district=district[stay], urban=np.zeros(int(stay.sum()), np.bool_), cell_m=size.cell_m, cells=size.cells,
            estimated=tuple(self.estimated), name=None if self.name is None else table.text(self.name)[stay],
            notes=(*notes, *placed.notes, *((f"{self.path}: {size.note}",) if size.note else ())),
            shapes=None if located.shapes is None or size.cells else located.shapes[stay],
        )  # fmt: skip
        return finished(demand, placed.inside[stay], what=self.path, districts=reading.districts)


def located_squares(table: Table, x: str | None) -> bool:
    """Tell whether rows are drawn as polygons: a file of grid squares, not points said to be cells."""
    return table.geometry is not None and x is None


def _repeated(table: Table, ids: np.ndarray, column: str | None) -> list[Fault]:
    """Fault empty and repeated ids."""
    faults = []
    if (ids == "").any():
        faults.append(Fault(f"{table.path}: column {column!r} is empty in {table.lines_of(ids == '')}", ("id",)))
    values, back, counts = np.unique(ids.astype(str), return_inverse=True, return_counts=True)
    twice = (counts > 1) & (values != "")
    if twice.any():
        rows = twice[back]
        faults.append(
            Fault(f"{table.path}: ids must be unique; repeated: {some_of(values[twice].tolist())} in "
                  f"{table.lines_of(rows)}", ("id",))
        )  # fmt: skip
    return faults


def _nowhere(table: Table, people: Floats, keep: Bools, located: Located) -> list[Fault]:
    """Fault rows with people but without coordinates."""
    lost = keep & located.placed.missing & (people > 0).any(axis=1)
    if not lost.any():
        return []
    return [
        Fault(f"{table.path}: {people[lost].max(axis=1).sum():,.0f} people have no coordinates in "
              f"{table.lines_of(lost)}: give them, or take the rows out", ("path",))
    ]  # fmt: skip
