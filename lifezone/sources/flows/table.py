"""Flows from a table: a row for each pair of districts, in any format, encoding and order."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Literal

import numpy as np
from pydantic import BeforeValidator, ConfigDict, Field, WithJsonSchema, model_validator

from lifezone.errors import Fault, InputError
from lifezone.model import Floats
from lifezone.sources.files import input_record
from lifezone.sources.flows.crosswalk import Crosswalk
from lifezone.sources.flows.rows import DUPLICATES, UNKNOWN, FlowRows
from lifezone.sources.korea.codes import modern_code
from lifezone.sources.tables import Table, read_table
from lifezone.sources.where import Where, keep_rows
from lifezone.spec import Spec

__all__ = ["FlowsTable", "Year"]


def _year_text(value: object) -> object:
    """Let a year be written as a number."""
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else value


Year = Annotated[str, BeforeValidator(_year_text), WithJsonSchema({"anyOf": [{"type": "string"}, {"type": "integer"}]})]
"""A year as text; a plain number is taken too."""


class FlowsTable(Spec):
    """People who go from one district to another, those who stay in theirs included: one row for each pair."""

    model_config = ConfigDict(populate_by_name=True)

    type: Literal["table"] = Field("table", description="Read from a table.")
    path: str = Field(description="The file: CSV (also .csv.gz), Parquet or any other table.")
    from_: str = Field(alias="from", description="Column with the district people live in.")
    to: str = Field(description="Column with the district they go to.")
    people: str | dict[str, str] = Field(
        description="Column with how many; or several: purpose → column, e.g. {commuting: workers, schooling: pupils}."
    )
    purpose: str | None = Field(None, description="Column with what they go for, where rows differ.")
    for_: str = Field(
        "commuting", alias="for",
        description="What they go for where no column tells: commuting, schooling, shopping, patients, moves, …",
    )  # fmt: skip
    words: dict[str, str] = Field(
        default_factory=dict, description="Words of the purpose column → purpose, e.g. {'1': commuting}."
    )
    year: str | None = Field(None, description="Column with the year, where the table has several.")
    in_: Year | None = Field(None, alias="in", description="Year of the data, where no column tells.")
    codes: Literal["korea"] | None = Field(
        None, description="korea: district codes of any year are brought to today's, by the packaged crosswalk."
    )
    crosswalk: Crosswalk | None = Field(None, description="Old codes and what they are today, from a table.")
    unknown: UNKNOWN = Field(
        "refuse",
        description="Districts that the study does not know: refuse, leave_out those rows, or add the districts.",
    )
    duplicates: DUPLICATES = Field("refuse", description="A pair that stands twice: refuse, or add_up.")
    where: Where | None = Field(None, description="Which rows are meant: column and value, values or a comparison.")
    layer: str | None = Field(None, description="Layer of a GeoPackage; not needed when it has only one.")
    encoding: str | None = Field(None, description="Encoding of the file, where it is not found out.")

    @model_validator(mode="after")
    def _one_purpose(self) -> FlowsTable:
        """Refuse two ways of telling a purpose or a year."""
        if isinstance(self.people, dict) and self.purpose is not None:
            raise ValueError("people names a column for each purpose: leave out purpose")
        if isinstance(self.people, dict) and not self.people:
            raise ValueError("people names no column")
        if self.year is not None and self.in_ is not None:
            raise ValueError("give year (a column) or in (one year), not both")
        if self.words and self.purpose is None:
            raise ValueError("words explain the column purpose: name it too")
        return self

    def read(self, folder: Path, inputs: list[dict[str, Any]]) -> tuple[FlowRows, ...]:
        """Read the rows, one entry for each column of people.

        Raises:
            InputError: a column is missing, a cell is empty, not a number, or negative.
        """
        table, rows, notes = self._table(folder)
        columns = self.people if isinstance(self.people, dict) else {"": self.people}
        counts, faults = self._counts(table, columns)
        ends = {key: table.text(column) for key, column in (("from", self.from_), ("to", self.to))}
        for key, cells in ends.items():
            if (cells == "").any():
                faults.append(Fault(f"{self.path}: no district in {table.lines_of(cells == '')}", (key,)))
        purpose, year, more = self._labels(table)
        if faults or more:
            raise InputError([*faults, *more])
        record = input_record(self.path, table.file, what="flows", rows=rows, selected=table.n_rows,
                              encoding=table.encoding)  # fmt: skip
        inputs.append(record)
        steps = None if self.crosswalk is None else self._steps(folder, inputs)
        found = []
        for name, people in counts.items():
            kind = np.full(table.n_rows, name, dtype=object) if name else purpose
            one = FlowRows(
                table, self._modern(ends["from"]), self._modern(ends["to"]), people, kind, year, self.unknown,
                "add_up" if self.crosswalk is not None else self.duplicates, self.codes == "korea", record,
                (*table.notes, *notes),
            )  # fmt: skip
            found.append(one if steps is None else _spread(one, steps))
            notes = ()
        return tuple(found)

    def _steps(self, folder: Path, inputs: list[dict[str, Any]]) -> Any:
        """Read the crosswalk; its faults carry its key."""
        try:
            return self.crosswalk.load(folder, inputs) if self.crosswalk else None
        except InputError as error:
            raise InputError([fault.under(("crosswalk",)) for fault in error.faults]) from None

    def _table(self, folder: Path) -> tuple[Table, int, tuple[str, ...]]:
        """Read the file, check its columns, keep the rows that are meant."""
        table = read_table(folder, self.path, layer=self.layer, encoding=self.encoding)
        named: list[tuple[tuple[str, ...], str | None]] = [
            (("from",), self.from_), (("to",), self.to), (("purpose",), self.purpose), (("year",), self.year),
        ]  # fmt: skip
        if isinstance(self.people, dict):
            named += [(("people", key), column) for key, column in self.people.items()]
        else:
            named.append((("people",), self.people))
        faults = [fault for at, column in named if column for fault in table.missing(column, at)]
        if faults:
            raise InputError(faults)
        kept, notes = keep_rows(table, self.where)
        if kept.n_rows == 0:
            raise InputError(Fault(f"{self.path} has no rows{': ' + notes[0] if notes else ''}", ("path",)))
        return kept, table.n_rows, notes

    def _counts(self, table: Table, columns: Mapping[str, str]) -> tuple[dict[str, Floats], list[Fault]]:
        """Return f64[k] people by purpose, and faults for cells that are no count of people."""
        counts, faults = {}, list[Fault]()
        for name, column in columns.items():
            at = ("people", name) if name else ("people",)
            people, more = table.numbers(column, at)
            faults += more
            if not more and not np.isfinite(people).all():
                faults.append(
                    Fault(f"{self.path}: column {column!r} has no number in {table.lines_of(~np.isfinite(people))}; "
                          "leave such rows out with where, or write 0", at)
                )  # fmt: skip
            if (people < 0).any():
                faults.append(Fault(f"{self.path}: people below 0 in {table.lines_of(people < 0)}", at))
            counts[name] = people
        return counts, faults

    def _labels(self, table: Table) -> tuple[np.ndarray, np.ndarray, list[Fault]]:
        """Return object[k] purpose and year of every row, and faults for empty ones."""
        faults = []
        purpose = np.full(table.n_rows, self.for_, dtype=object)
        if self.purpose is not None:
            cells = table.text(self.purpose)
            purpose = np.array([self.words.get(cell, cell) for cell in cells.tolist()], dtype=object)
            if (cells == "").any():
                faults.append(Fault(f"{self.path}: no purpose in {table.lines_of(cells == '')}", ("purpose",)))
        year = np.full(table.n_rows, self.in_ or "", dtype=object)
        if self.year is not None:
            year = table.text(self.year)
            if (year == "").any():
                faults.append(Fault(f"{self.path}: no year in {table.lines_of(year == '')}", ("year",)))
        return purpose, year, faults

    def _modern(self, cells: np.ndarray) -> np.ndarray:
        """Return the codes of today."""
        if self.codes is None:
            return cells
        return np.array([modern_code(cell) if cell.isdigit() else cell for cell in cells.tolist()], dtype=object)


def _spread(rows: FlowRows, steps: Any) -> FlowRows:
    """Return the rows under the codes of today; a row of a split district becomes several."""
    at, origin, part = steps.spread(rows.origin)
    rows = rows.take(at)
    at, to, more = steps.spread(rows.to)
    rows, origin, part = rows.take(at), origin[at], part[at] * more
    return FlowRows(
        rows.table, origin, to, rows.people * part, rows.purpose, rows.year, rows.unknown, rows.duplicates,
        rows.korean, rows.record, rows.notes,
    )  # fmt: skip
