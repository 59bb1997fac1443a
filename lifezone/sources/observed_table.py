"""Who uses which facility, as counted: patients, pupils, visitors by where they live."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from pydantic import ConfigDict, Field

from lifezone.errors import Fault, InputError, some_of
from lifezone.model import Demand, Districts, Facilities, Floats, Ints
from lifezone.sources.files import input_record
from lifezone.sources.reading import Reading
from lifezone.sources.tables import Table, read_table
from lifezone.sources.where import Where, keep_rows
from lifezone.spec import Spec

__all__ = ["Observed", "ObservedTable"]


@dataclass(frozen=True, eq=False)
class Observed:
    """Users of facilities by where they live, K rows, each pair once.

    Attributes:
        of_point: i32[P] the origin of every demand point, −1 = none.
        origin: i32[K] origin of each row.
        facility: i32[K] position in the study's Facilities.
        people: f64[K] users.
        notes: what was left out, sentences.
    """

    of_point: Ints
    origin: Ints
    facility: Ints
    people: Floats
    notes: tuple[str, ...] = ()


class ObservedTable(Spec):
    """Observed users: a row names where people live, the facility they use, and how many they are."""

    model_config = ConfigDict(populate_by_name=True)

    path: str = Field(description="The file: CSV, Parquet or any other table.")
    from_: str = Field(alias="from", description="Column with the id of the demand point or district they live in.")
    by: Literal["point", "district"] = Field("district", description="What that column names.")
    to: str = Field(description="Column with the id of the facility they use.")
    people: str = Field(description="Column with the number of users.")
    where: Where | None = Field(None, description="Which rows are meant: column and value, values or a comparison.")
    layer: str | None = Field(None, description="Layer of a GeoPackage; not needed when it has only one.")
    encoding: str | None = Field(None, description="Encoding of the file, where it is not found out.")

    def load(self, reading: Reading, demand: Demand, facilities: Facilities, districts: Districts) -> Observed:
        """Read the users of a study.

        Raises:
            InputError: a column is missing, a number is negative or none, or no row names a place and a facility of
                this study.
        """
        table = read_table(reading.folder, self.path, layer=self.layer, encoding=self.encoding)
        columns = {"from": self.from_, "to": self.to, "people": self.people}
        faults = [fault for key, column in columns.items() for fault in table.missing(column, (key,))]
        if faults:
            raise InputError(faults)
        table, kept_notes = keep_rows(table, self.where)
        people = self._numbers(table)
        ids, of_point = self._places(demand, districts)
        origin, told_from = _known(table, self.from_, ids, "districts" if self.by == "district" else "demand points")
        facility, told_to = _known(table, self.to, facilities.ids, "facilities")
        used = (origin >= 0) & (facility >= 0) & (people > 0)
        told = (*told_from, *told_to)
        if not used.any():
            message = f"{self.path}: no row names a place and a facility of this study with people"
            raise InputError(Fault(f"{message}: {'; '.join(told)}" if told else message, ("path",)))
        reading.inputs.append(
            input_record(self.path, table.file, what="observed users", rows=table.n_rows, used=int(used.sum()),
                         refused=int((~used).sum()), encoding=table.encoding)
        )  # fmt: skip
        pair = origin[used].astype(np.int64) * facilities.n_facilities + facility[used]
        pairs, at = np.unique(pair, return_inverse=True)
        return Observed(
            of_point=of_point,
            origin=(pairs // facilities.n_facilities).astype(np.int32),
            facility=(pairs % facilities.n_facilities).astype(np.int32),
            people=np.bincount(at, weights=people[used]).astype(np.float64),
            notes=(*table.notes, *kept_notes, *told),
        )

    def _numbers(self, table: Table) -> Floats:
        """Return f64[n] people; faults where they are no numbers of 0 or more."""
        people, faults = table.numbers(self.people, ("people",))
        empty, negative = np.isnan(people), people < 0
        if empty.any():
            faults.append(Fault(f"{self.path}: people are missing in {table.lines_of(empty)}", ("people",)))
        if negative.any():
            faults.append(Fault(f"{self.path}: people must be 0 or more: {table.lines_of(negative)}", ("people",)))
        if faults:
            raise InputError(faults)
        return people

    def _places(self, demand: Demand, districts: Districts) -> tuple[np.ndarray, Ints]:
        """Return the ids of origins, and i32[P] the origin of every demand point."""
        if self.by == "point":
            return demand.ids, np.arange(demand.n_points, dtype=np.int32)
        return np.array(districts.ids, dtype=object), demand.district


def _known(table: Table, column: str, ids: np.ndarray, what: str) -> tuple[Ints, tuple[str, ...]]:
    """Return i32[n] the position of each cell among ids, −1 = another, and what to tell of the others."""
    number = {one: at for at, one in enumerate(ids.tolist())}
    cells = table.text(column).tolist()
    found = np.array([number.get(cell, -1) for cell in cells], np.int32)
    unknown = list(dict.fromkeys(cell for cell, at in zip(cells, found.tolist(), strict=True) if at < 0))
    if not unknown:
        return found, ()
    rows = int((found < 0).sum())
    return found, (
        f"{table.path}: {rows:,} rows name {len(unknown):,} {what} that are not in this study, left out: "
        f"{some_of(unknown)}",
    )
