"""What is known of districts by a table: names, people, centres and further figures; shapes are not needed."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from pydantic import Field, model_validator

from lifezone.errors import Fault, InputError, some_of
from lifezone.model import Floats
from lifezone.sources.files import input_record
from lifezone.sources.located import extent_of, locate, location_faults
from lifezone.sources.reading import Extent
from lifezone.sources.tables import Table, read_table
from lifezone.sources.where import Where, keep_rows
from lifezone.spec import Spec

__all__ = ["Municipalities", "MunicipalityTable"]


@dataclass(frozen=True, eq=False)
class Municipalities:
    """n districts by a table: ids, names, people and centres (NaN = not known), figures by name."""

    ids: tuple[str, ...]
    name: tuple[str, ...]
    name_en: tuple[str, ...]
    people: Floats
    x_m: Floats
    y_m: Floats
    figures: dict[str, Floats] = field(default_factory=dict)
    notes: tuple[str, ...] = ()


class MunicipalityTable(Spec):
    """Districts by a table: what flows run between; names, people, centres and further figures of each."""

    path: str = Field(description="The file: CSV, Parquet, GeoPackage or any other table; one row for each district.")
    id: str = Field(description="Column with the code of each district; kept as text, so zeros in front stay.")
    name: str | None = Field(None, description="Column with its name; without it the code is shown.")
    name_en: str | None = Field(None, description="Column with its English name.")
    people: str | None = Field(None, description="Column with the people who live there.")
    x: str | None = Field(None, description="Column with the easting or longitude of its centre, e.g. the town hall.")
    y: str | None = Field(None, description="Column with the northing or latitude of its centre.")
    crs: str | None = Field(None, description="Coordinate system of x and y, e.g. EPSG:4326.")
    figures: dict[str, str] = Field(
        default_factory=dict, description="Further figures: name → column, e.g. {workers: employed, jobs: jobs}."
    )
    where: Where | None = Field(None, description="Which rows are meant: column and value, values or a comparison.")
    layer: str | None = Field(None, description="Layer of a GeoPackage; not needed when it has only one.")
    encoding: str | None = Field(None, description="Encoding of the file, where it is not found out.")

    @model_validator(mode="after")
    def _both(self) -> MunicipalityTable:
        """Ask for x and y together."""
        if (self.x is None) != (self.y is None):
            raise ValueError("x and y are needed together")
        return self

    @property
    def has_place(self) -> bool:
        """Whether columns say where districts are."""
        return self.x is not None

    def extent(self, folder: Path) -> Extent:
        """Return west, south, east, north in degrees of the centres."""
        return extent_of(self._read(folder)[0], self.x, self.y, self.crs)

    def load(self, folder: Path, crs: str, inputs: list[dict[str, Any]]) -> Municipalities:
        """Read the districts in file order.

        Args:
            folder: where relative paths start.
            crs: metric CRS of the study.
            inputs: the file is noted here.

        Raises:
            InputError: a column is missing, an id empty or twice, a number wrong or negative, a place unreadable.
        """
        table, rows = self._read(folder)
        ids = table.text(self.id)
        faults = _id_faults(table, ids, self.id)
        people, more = self._number(table, self.people, ("people",), least=0.0)
        faults += more
        figures = {}
        for figure, column in self.figures.items():
            figures[figure], more = self._number(table, column, ("figures", figure))
            faults += more
        if faults:
            raise InputError(faults)
        x_m, y_m, notes = np.full(table.n_rows, np.nan), np.full(table.n_rows, np.nan), table.notes
        if self.x is not None:
            placed = locate(table, self.x, self.y, self.crs, study=crs, clip=None).placed
            x_m, y_m, notes = placed.x_m, placed.y_m, (*notes, *placed.notes)
        name = table.text(self.name) if self.name else ids
        name_en = table.text(self.name_en) if self.name_en else name
        inputs.append(
            input_record(self.path, table.file, what="districts", rows=rows, used=table.n_rows, encoding=table.encoding)
        )
        return Municipalities(
            tuple(ids.tolist()), tuple(np.where(name == "", ids, name).tolist()),
            tuple(np.where(name_en == "", name, name_en).tolist()), people, x_m, y_m, figures, notes,
        )  # fmt: skip

    def _read(self, folder: Path) -> tuple[Table, int]:
        """Read the file, check its columns, keep the rows that are meant."""
        table = read_table(folder, self.path, layer=self.layer, encoding=self.encoding)
        named: dict[tuple[str, ...], str | None] = {
            ("id",): self.id, ("name",): self.name, ("name_en",): self.name_en, ("people",): self.people,
        }  # fmt: skip
        named |= {("figures", name): column for name, column in self.figures.items()}
        faults = [fault for at, column in named.items() if column is not None for fault in table.missing(column, at)]
        if self.x is not None:
            faults += location_faults(table, self.x, self.y, self.crs)
        if faults:
            raise InputError(faults)
        kept, notes = keep_rows(table, self.where)
        if kept.n_rows == 0:
            raise InputError(Fault(f"{self.path} has no district{': ' + notes[0] if notes else ''}", ("path",)))
        return kept, table.n_rows

    def _number(
        self, table: Table, column: str | None, at: tuple[str, ...], *, least: float = -np.inf
    ) -> tuple[Floats, list[Fault]]:
        """Return f64[n] of a column, NaN where it is empty or not asked for, and its faults."""
        if column is None:
            return np.full(table.n_rows, np.nan), []
        numbers, faults = table.numbers(column, at)
        if (numbers < least).any():
            faults.append(Fault(f"{self.path}: {at[-1]} below {least:g} in {table.lines_of(numbers < least)}", at))
        return numbers, faults


def _id_faults(table: Table, ids: np.ndarray, column: str) -> list[Fault]:
    """Fault empty ids and ids that stand twice."""
    faults = []
    if (ids == "").any():
        faults.append(Fault(f"{table.path}: column {column!r} is empty in {table.lines_of(ids == '')}", ("id",)))
    values, counts = np.unique(ids.astype(str), return_counts=True)
    twice = [one for one in values[counts > 1].tolist() if one]
    if twice:
        faults.append(Fault(f"{table.path}: a district stands twice: {some_of(twice)}", ("id",)))
    return faults
