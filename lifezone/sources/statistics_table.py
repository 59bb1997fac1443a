"""Tables over ri, eup and myeon, or districts: bus runs a day, supply rates, births: what no travel time can tell."""

from __future__ import annotations

from typing import Final, Literal

import numpy as np
from pydantic import Field

from lifezone.errors import Fault, InputError, some_of
from lifezone.model import Districts, Floats, Statistic
from lifezone.sources.files import input_record
from lifezone.sources.reading import Reading
from lifezone.sources.tables import Table, read_table
from lifezone.sources.where import Where, keep_rows
from lifezone.spec import Spec

__all__ = ["StatisticsTable"]

_YES_WORDS: Final = "y yes true t o ○ ● 예 네 유 있음 있다 설치 운영 가능"
_NO_WORDS: Final = "n no false f x × 아니오 아니요 무 없음 없다 미설치 미운영 불가능 불가"
_YES: Final = frozenset(_YES_WORDS.split())
_NO: Final = frozenset(_NO_WORDS.split())


class StatisticsTable(Spec):
    """Figures of units: a row is a ri, an eup or myeon, or a district, and names the district it belongs to."""

    path: str = Field(description="The file: CSV, Parquet or any other table.")
    district: str | None = Field(
        None, description="Column with the id of the district; not needed where the study is one district."
    )
    unit: Literal["ri", "eup_myeon", "district"] = Field("district", description="What a row is.")
    id: str | None = Field(None, description="Column with the name or code of the unit.")
    values: dict[str, str] = Field(
        min_length=1, description="Name of a figure → its column: numbers, or yes and no (예, 없음, O, X)."
    )
    weight: str | None = Field(None, description="Column with people or households, to weigh units by.")
    where: Where | None = Field(None, description="Which rows are meant: column and value, values or a comparison.")
    layer: str | None = Field(None, description="Layer of a GeoPackage; not needed when it has only one.")
    encoding: str | None = Field(None, description="Encoding of the file, where it is not found out.")

    def load(self, reading: Reading, districts: Districts | None) -> tuple[tuple[Statistic, ...], tuple[str, ...]]:
        """Read the figures of units in the study's districts, and what to tell of other rows.

        Raises:
            InputError: a column is missing, a cell is neither a number nor yes or no, a weight is negative, or no row
                lies in a district of the study.
        """
        table = self._read(reading)
        district = self._districts(table, districts)
        faults: list[Fault] = []
        weight = np.ones(table.n_rows)
        if self.weight is not None:
            weight, faults = table.numbers(self.weight, ("weight",))
            weight = np.where(np.isnan(weight), 0.0, weight)
            if (weight < 0).any():
                faults.append(
                    Fault(f"{self.path}: weight must be 0 or more in {table.lines_of(weight < 0)}", ("weight",))
                )
        values = {}
        for name, column in self.values.items():
            values[name], more = _figures(table, column, ("values", name))
            faults += more
        if faults:
            raise InputError(faults)
        here = district >= 0
        if not here.any():
            raise InputError(Fault(f"{self.path}: no row lies in a district of this study", ("district",)))
        ids = table.text(self.id) if self.id else np.full(table.n_rows, "", dtype=object)
        reading.inputs.append(
            input_record(self.path, table.file, what=f"figures of {self.unit}", rows=table.n_rows,
                         used=int(here.sum()), refused=int((~here).sum()), encoding=table.encoding)
        )  # fmt: skip
        notes = list(table.notes)
        if not here.all():
            notes.append(
                f"{self.path}: {int((~here).sum()):,} of {table.n_rows:,} rows lie in other districts, left out"
            )
        found = tuple(
            Statistic(name, self.unit, ids[here], district[here], value[here], weight[here], self.path)
            for name, value in values.items()
        )
        return found, tuple(notes)

    def _read(self, reading: Reading) -> Table:
        """Read the file, check its columns, keep the rows that are meant."""
        table = read_table(reading.folder, self.path, layer=self.layer, encoding=self.encoding)
        named: dict[tuple[str, ...], str | None] = {
            ("district",): self.district,
            ("id",): self.id,
            ("weight",): self.weight,
        }
        named |= {("values", name): column for name, column in self.values.items()}
        faults = [fault for at, column in named.items() if column is not None for fault in table.missing(column, at)]
        if faults:
            raise InputError(faults)
        return keep_rows(table, self.where)[0]

    def _districts(self, table: Table, districts: Districts | None) -> np.ndarray:
        """Return i32[n] the district of each row, −1 = another one."""
        if self.district is None:
            if districts is not None and len(districts.ids) > 1:
                raise InputError(
                    Fault("the study has several districts: name the column with their ids", ("district",))
                )
            return np.zeros(table.n_rows, np.int32)
        if districts is None:
            return np.zeros(table.n_rows, np.int32)
        known = {one: at for at, one in enumerate(districts.ids)}
        return np.array([known.get(cell, -1) for cell in table.text(self.district).tolist()], np.int32)


def _figures(table: Table, column: str, at: tuple[str, ...]) -> tuple[Floats, list[Fault]]:
    """Return f64[n] of a column: numbers, or yes = 1 and no = 0, NaN where the cell is empty."""
    words = [cell.lower() for cell in table.text(column).tolist()]
    told = [cell for cell in words if cell]
    if told and all(cell in _YES or cell in _NO for cell in told):
        return np.array([np.nan if not cell else float(cell in _YES) for cell in words]), []
    numbers, faults = table.numbers(column, at)
    if faults:
        strange = [cell for cell in dict.fromkeys(told) if not _is_number(cell)]
        return numbers, [Fault(f"{table.path}: column {column!r} holds neither numbers nor yes and no: "
                               f"{some_of(strange)}", at)]  # fmt: skip
    return numbers, []


def _is_number(cell: str) -> bool:
    """Tell whether a cell reads as a number."""
    try:
        float(cell.replace(",", ""))
    except ValueError:
        return False
    return True
