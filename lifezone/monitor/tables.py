"""Tables of an edition: figures by column, and counts by category; read by the one reader of ``lifezone.sources``."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final, Literal

import numpy as np
from pydantic import Field, field_validator, model_validator

from lifezone.errors import Fault, InputError, some_of
from lifezone.model import Floats
from lifezone.monitor.counts import Column, Composition
from lifezone.monitor.dates import day_of
from lifezone.monitor.district_codes import Codes, Matched
from lifezone.monitor.rebase import rebased
from lifezone.sources.files import did_you_mean, input_record
from lifezone.sources.flows.table import Year
from lifezone.sources.korea.cells import loose_numbers
from lifezone.sources.tables import Table, read_table
from lifezone.sources.where import Where, keep_rows
from lifezone.spec import Spec

__all__ = ["CompositionTable", "DistrictRows", "FiguresTable", "Loaded", "put_to_districts"]

SUBJECTS: Final = ("industries", "incomes")
_OPEN: Final = ("", "이상", "+", "inf")


@dataclass(frozen=True, eq=False)
class Loaded:
    """What a table gives: figures, compositions, and what to tell."""

    figures: dict[str, Column]
    compositions: dict[str, Composition]
    notes: tuple[str, ...] = ()


class DistrictRows(Spec):
    """What every table of districts has in common: a file whose rows are districts."""

    path: str = Field(description="The file: CSV in any usual encoding, Parquet, GeoPackage or any other table.")
    id: str | list[str] = Field(
        min_length=1,
        description="Column with the code (or the name) of the district; several where parts of a name stand apart.",
    )
    digits: int | None = Field(
        None,
        ge=1,
        le=10,
        description="Rows are smaller units: the first so many digits of their code are the district.",
    )
    header_rows: int = Field(
        1, ge=1, le=3, description="Rows of headings, as KOSIS writes them: 2020 over 총인구 becomes '2020 총인구'."
    )
    codes: Year | None = Field(
        None, description="Year or day of the district codes, where they are not those of the edition."
    )
    unknown: Literal["refuse", "leave_out"] = Field(
        "refuse", description="Rows of districts that the study does not know: refuse, or leave them out, counted."
    )
    duplicates: Literal["refuse", "add_up"] = Field(
        "refuse", description="A district that stands twice: refuse, or add_up (parts of a district)."
    )
    where: Where | None = Field(None, description="Which rows are meant: column and value, values or a comparison.")
    layer: str | None = Field(None, description="Layer of a GeoPackage; not needed when it has only one.")
    encoding: str | None = Field(None, description="Encoding of the file, where it is not found out.")

    @field_validator("codes")
    @classmethod
    def _a_day(cls, codes: str | None) -> str | None:
        """Refuse what is no year or day."""
        if codes is not None and day_of(codes) is None:
            raise ValueError(f"expected a year, a month or a day such as 2020-06-30, got {codes!r}")
        return codes

    def open(self, folder: Path, columns: dict[tuple[str | int, ...], str]) -> tuple[Table, int, tuple[str, ...]]:
        """Read the file, check its columns, keep the rows that are meant.

        Returns:
            The rows, how many the file has, and what to tell.

        Raises:
            InputError: the file or a column is missing, or no row is left.
        """
        table = _joined_headings(
            read_table(folder, self.path, layer=self.layer, encoding=self.encoding), self.header_rows
        )
        ids: dict[tuple[str | int, ...], str] = {("id",): self.id} if isinstance(self.id, str) else {
            ("id", at): one for at, one in enumerate(self.id)}  # fmt: skip
        faults = [fault for at, column in {**ids, **columns}.items() for fault in table.missing(column, at)]
        if faults:
            raise InputError(faults)
        kept, notes = keep_rows(table, self.where)
        if kept.n_rows == 0:
            raise InputError(Fault(f"{self.path} has no row{': ' + notes[0] if notes else ''}", ("path",)))
        return kept, table.n_rows, (*table.notes, *notes)

    def match(self, table: Table, codes: Codes, date: str) -> tuple[Matched, list[Fault], tuple[str, ...]]:
        """Put rows to districts; returns faults of rows that cannot be, and what to tell."""
        cells = self.cells_of(table)
        day = day_of(self.codes) if self.codes else date
        return put_to_districts(
            table, cells, codes, day or date, unknown=self.unknown,
            add_up=self.duplicates == "add_up" or self.digits is not None,
        )  # fmt: skip

    def cells_of(self, table: Table) -> np.ndarray:
        """Return object[n] how each row names its district."""
        columns = [self.id] if isinstance(self.id, str) else self.id
        parts = [table.text(column) for column in columns]
        cells = np.array([" ".join(filter(None, row)) for row in zip(*parts, strict=True)], dtype=object)
        if self.digits is not None:
            cells = np.array([cell[: self.digits] for cell in cells.tolist()], dtype=object)
        return cells


def put_to_districts(
    table: Table, cells: np.ndarray, codes: Codes, date: str, *, unknown: str, add_up: bool, korea: bool = False
) -> tuple[Matched, list[Fault], tuple[str, ...]]:
    """Put the rows of a table to the districts of the study.

    Args:
        table: n rows, for naming lines.
        cells: object[n] codes or names.
        codes: the study's districts.
        date: ISO day of the codes.
        unknown: ``refuse`` or ``leave_out`` rows of other districts.
        add_up: whether a district may have several rows.
        korea: whether codes are Korean for certain.
    """
    matched = codes.match(cells, date, korea=korea)
    faults, notes = list[Fault](), list[str]()
    if (cells == "").any():
        faults.append(Fault(f"{table.path}: no district in {table.lines_of(cells == '')}", ("id",)))
    strange = matched.unknown & (cells != "")
    if strange.any():
        named = list(dict.fromkeys(cells[strange].tolist()))
        hint = did_you_mean(named[0], [*codes.ids, *codes.name])
        if named[0] in codes.ids or named[0] in codes.name:  # told by a change, not by a slip of the pen
            hint = f": by code_changes it was no district of the study on {codes.date}"
        told = f"{table.path}: the study does not know {some_of(named)} in {table.lines_of(strange)}{hint}"
        if unknown == "refuse":
            told += "; mend the codes, list their change in code_changes, or say unknown: leave_out"
            faults.append(Fault(told, ("id",)))
        else:
            notes.append(f"{told}; left out")
    if matched.unknown.all() and not faults:
        faults.append(Fault(f"{table.path}: no row names a district of the study", ("id",)))
    if not add_up:
        faults += _twice(table, np.where(matched.unknown, "", codes.codes_of(cells, korea=korea)), cells)
        for whole, parts in codes.beside_their_parts(cells, date, korea=korea).items():
            faults.append(
                Fault(f"{table.path}: {whole} stands beside {some_of(parts)}, which code_changes make a part of it "
                      f"after {date}: keep one of the two, or list {whole} → {whole} there if it was a district before",
                      ("id",))
            )  # fmt: skip
    if matched.incomplete.any():
        lacking = [codes.ids[at] for at in np.flatnonzero(matched.incomplete).tolist()]
        notes.append(
            f"{table.path}: {some_of(lacking)} lack a part whose code has changed since; where the table has newer "
            "codes than its edition, say codes: and their day"
        )
    return matched, faults, tuple(notes)


def _twice(table: Table, codes: np.ndarray, cells: np.ndarray) -> list[Fault]:
    """Fault districts with several rows, also where one row has the code and another the name.

    Args:
        table: n rows, for naming lines.
        codes: object[n] what must stand once, "" = not looked at.
        cells: object[n] as the table writes them.
    """
    values, counts = np.unique(codes.astype(str), return_counts=True)
    again = np.isin(codes.astype(str), values[(counts > 1) & (values != "")])
    if not again.any():
        return []
    named = list(dict.fromkeys(cells[again].tolist()))
    return [
        Fault(f"{table.path}: a district stands twice: {some_of(named)} ({table.lines_of(again)}): mend it, choose "
              "rows with where, or say duplicates: add_up", ("id",))
    ]  # fmt: skip


class FiguresTable(DistrictRows):
    """Figures of districts: a row for each district, a column for each figure."""

    type: Literal["table"] = Field("table", description="Figures by column.")
    columns: dict[str, str] = Field(
        min_length=1,
        description="Figure → its column. People by age as all, 65+, 0-14, female 20-39; households, "
        "single_households, births, movers_in, movers_out, movers_in_20_29, grdp, low_income …; or words of your own.",
    )

    def load(self, folder: Path, codes: Codes, date: str, inputs: list[dict[str, Any]]) -> Loaded:
        """Read the figures.

        Raises:
            InputError: a column is missing, a cell is no number or negative, a district unknown or twice.
        """
        table, rows, notes = self.open(folder, {("columns", key): column for key, column in self.columns.items()})
        matched, faults, more = self.match(table, codes, date)
        figures = {}
        for key, column in self.columns.items():
            values, wrong = counts_of(table, column, ("columns", key))
            faults += wrong
            figures[key] = rebased(values, matched)
        if faults:
            raise InputError(faults)
        inputs.append(_record(table, rows, matched, "figures of districts"))
        return Loaded(figures, {}, (*notes, *more))


class CompositionTable(DistrictRows):
    """Counts by category: workers by industry, people by class of income."""

    type: Literal["composition"] = Field(description="Counts by category.")
    subject: Literal["industries", "incomes"] = Field(
        description="What the categories are: industries (workers by industry) or incomes (people by class of income)."
    )
    category: str | None = Field(None, description="Column with the category, in a table with a row for each.")
    count: str | None = Field(None, description="Column with the count, in a table with a row for each category.")
    columns: dict[str, str] | None = Field(
        None, min_length=1, description="Category → its column, in a table with a column for each."
    )
    classes: dict[str, list[float]] = Field(
        default_factory=dict,
        description="incomes: class → [lowest, highest] income; one number alone for the open class at the top.",
    )
    means: dict[str, float] = Field(
        default_factory=dict, description="incomes: class → mean income in it, where it is published."
    )

    @model_validator(mode="after")
    def _one_form(self) -> CompositionTable:
        """Ask for one of the two forms; for classes of income."""
        if (self.columns is None) == (self.category is None) or (self.category is None) != (self.count is None):
            raise ValueError("give category and count (a row for each category) or columns (a column for each)")
        if self.subject == "incomes" and not self.classes:
            raise ValueError("incomes need classes: the lowest and highest income of each, e.g. {low: [0, 1200]}")
        for name, bounds in self.classes.items():
            if len(bounds) not in (1, 2) or (len(bounds) == 2 and not bounds[0] < bounds[1]) or bounds[0] < 0:
                raise ValueError(f"classes: {name!r} needs [lowest, highest], or [lowest] at the top, got {bounds}")
        return self

    def load(self, folder: Path, codes: Codes, date: str, inputs: list[dict[str, Any]]) -> Loaded:
        """Read the counts.

        Raises:
            InputError: as :meth:`FiguresTable.load`; or a class of income is not described.
        """
        wide = self.columns or {}
        asked: dict[tuple[str | int, ...], str] = {("columns", key): column for key, column in wide.items()}
        if self.category is not None and self.count is not None:
            asked |= {("category",): self.category, ("count",): self.count}
        table, rows, notes = self.open(folder, asked)
        counts, faults = self._wide(table) if wide else self._long(table)
        long = self if wide else self.model_copy(update={"duplicates": "add_up"})
        matched, more, told = long.match(table, codes, date)
        faults += more
        if not wide and self.duplicates == "refuse" and self.digits is None:
            faults += self._pairs_twice(table, codes)
        unclassed = [key for key in counts if self.subject == "incomes" and key not in self.classes]
        if unclassed:
            faults.append(Fault(f"{self.path}: classes does not say the income of {some_of(unclassed)}", ("classes",)))
        if faults:
            raise InputError(faults)
        keys = sorted(counts, key=lambda key: self.classes[key][0]) if self.subject == "incomes" else sorted(counts)
        bounds = means = None
        if self.subject == "incomes":
            bounds = np.array([[*self.classes[key], np.inf][:2] for key in keys])
            means = np.array([self.means.get(key, np.nan) for key in keys])
        columns = tuple(rebased(counts[key], matched) for key in keys)
        made = Composition(tuple(keys), tuple(keys), columns, bounds, means)
        inputs.append(_record(table, rows, matched, f"{self.subject} of districts"))
        return Loaded({}, {self.subject: made}, (*notes, *told))

    def _wide(self, table: Table) -> tuple[dict[str, Floats], list[Fault]]:
        """Return category → f64[n] of a table with a column for each."""
        counts, faults = {}, list[Fault]()
        for key, column in (self.columns or {}).items():
            counts[key], more = counts_of(table, column, ("columns", key))
            faults += more
        return counts, faults

    def _long(self, table: Table) -> tuple[dict[str, Floats], list[Fault]]:
        """Return category → f64[n]: rows of other categories count 0, so that a district without one has none."""
        values, faults = counts_of(table, str(self.count), ("count",))
        category = table.text(str(self.category))
        if (category == "").any():
            faults.append(Fault(f"{self.path}: no category in {table.lines_of(category == '')}", ("category",)))
        names = dict.fromkeys(category.tolist())
        return {name: np.where(category == name, values, 0.0) for name in names if name}, faults

    def _pairs_twice(self, table: Table, codes: Codes) -> list[Fault]:
        """Fault a category that a district has in several rows: it would be added up unasked."""
        cells = self.cells_of(table)
        pairs = [f"{code} {one}" if code and one else "" for code, one in
                 zip(codes.codes_of(cells).tolist(), table.text(str(self.category)).tolist(), strict=True)]  # fmt: skip
        told = np.array(pairs, dtype=object)
        return _twice(table, told, told)


def counts_of(table: Table, column: str, at: tuple[str, ...]) -> tuple[Floats, list[Fault]]:
    """Return f64[n] of a column of counts, and faults of cells that are no number, below 0 or endless.

    A count that is kept secret (``x``, ``*``) is missing, never 0.
    """
    values, bad = loose_numbers(table, column)
    faults = table.numbers(column, at)[1] if bad.any() else []
    wrong = (values < 0) | np.isinf(values)
    if wrong.any():
        faults.append(Fault(f"{table.path}: {column!r} is below 0 or endless in {table.lines_of(wrong)}", at))
    return values, faults


def _record(table: Table, rows: int, matched: Matched, what: str) -> dict[str, Any]:
    """Return what the manifest says of a table."""
    used = int((~matched.unknown).sum())
    return input_record(
        table.path, table.file, what=what, rows=rows, used=used, refused=rows - used, encoding=table.encoding
    )


def _joined_headings(table: Table, header_rows: int) -> Table:
    """Join headings that stand on several rows; a blank one continues the one to its left."""
    if header_rows == 1:
        return table
    if table.n_rows < header_rows:
        raise InputError(Fault(f"{table.path} has no {header_rows} rows of headings above its data", ("header_rows",)))
    below = [[str(column[row].as_py() or "").strip() for column in table.data.columns]
             for row in range(header_rows - 1)]  # fmt: skip
    levels = [list(table.columns), *below]
    names = [" ".join(dict.fromkeys(part for part in parts if part)) for parts in zip(*levels, strict=True)]
    rest = table.take(np.arange(header_rows - 1, table.n_rows))
    return replace(rest, columns=tuple(names))
