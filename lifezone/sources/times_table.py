"""Ready-made travel times from a table of pairs, used in place of routing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final, Literal

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from pydantic import ConfigDict, Field, model_validator

from lifezone.errors import Fault, InputError, some_of
from lifezone.model import Bools, Demand, Facilities, Floats, GivenTimes, Longs
from lifezone.sources.files import input_record
from lifezone.sources.reading import Reading
from lifezone.sources.tables import Table, read_table
from lifezone.sources.where import Where, keep_rows
from lifezone.spec import Spec

__all__ = ["TimesTable"]

_MINUTE_S: Final = 60.0


class TimesTable(Spec):
    """Travel times that somebody else computed or measured: one row for each pair of a demand point and a facility.

    The seconds are used as they stand, door to door: nothing is added, nothing rounded. A pair that is not in the
    table, or has no number, is not reachable.
    """

    model_config = ConfigDict(populate_by_name=True)

    type: Literal["table"] = Field("table", description="Read from a table.")
    path: str = Field(description="The file: CSV (also .csv.gz), Parquet or any other table.")
    from_: str = Field(alias="from", description="Column with the id of the demand point.")
    to: str = Field(description="Column with the id of the facility, or of its place (see place of facilities).")
    seconds: str | None = Field(None, description="Column with seconds from door to door.")
    minutes: str | None = Field(None, description="Column with minutes from door to door, in place of seconds.")
    metres: str | None = Field(None, description="Column with the length of the trip, for bounds in metres.")
    mode: Literal["car", "walk", "bicycle", "transit"] | None = Field(
        None, description="Mode the times are for; without it they answer for every mode a requirement names."
    )
    direction: Literal["to_facility", "from_facility"] | None = Field(
        None, description="Which way the trips go; without it they count for both ways."
    )
    where: Where | None = Field(None, description="Which rows are meant: column and value, values or a comparison.")
    layer: str | None = Field(None, description="Layer of a GeoPackage; not needed when it has only one.")
    encoding: str | None = Field(None, description="Encoding of the file, where it is not found out.")

    @model_validator(mode="after")
    def _some_value(self) -> TimesTable:
        """Ask for something to judge by."""
        if self.seconds is not None and self.minutes is not None:
            raise ValueError("give seconds or minutes, not both")
        if self.seconds is None and self.minutes is None and self.metres is None:
            raise ValueError("name the column with the times: seconds or minutes (and metres where there are any)")
        return self

    def load(
        self, reading: Reading, demand: Demand, facilities: Facilities, *, all_places: bool = False
    ) -> tuple[GivenTimes, tuple[str, ...]]:
        """Read the pairs of a study, and what to tell of the others.

        Args:
            reading: the study.
            demand: its demand points; rows that name others are left out, told.
            facilities: its facilities, open or not.
            all_places: keep trips to places where nothing stands yet, as candidates may be read later on.

        Raises:
            InputError: a column is missing, a number is negative or none, a pair has two different times, or no row
                speaks of this study.
        """
        with reading.progress.step(f"times: {self.path}"):
            table, rows, notes = self._read(reading)
            seconds, metres = self._values(table)
            points, places = _unique(demand.ids), _unique(facilities.place_ids)
            from_, to = table.text(self.from_), table.text(self.to)
            if all_places:
                places = _unique(np.concatenate([places, to]))
            pairs = _Pairs(_codes(from_, points), _codes(to, places), seconds, metres)
            told = _unknown(table, from_, pairs.point < 0, "demand points", self.from_)
            told += _unknown(table, to, pairs.place < 0, "facilities", self.to)
            known = (pairs.point >= 0) & (pairs.place >= 0)
            if table.n_rows and not known.any():
                raise InputError(Fault(f"{self.path}: no row names a demand point and a facility of this study: "
                                       f"{'; '.join(told)}", ("path",)))  # fmt: skip
            kept, once = self._kept(table, pairs, known)
            told += once
        given = GivenTimes(
            point_ids=points, place_ids=places, point=pairs.point[kept].astype(np.int32),
            place=pairs.place[kept].astype(np.int32), seconds=seconds[kept], metres=metres[kept],
            mode=self.mode or "", direction=self.direction or "", source=self.path,
        )  # fmt: skip
        given, silent = _without_silent(given)
        reading.inputs.append(
            input_record(self.path, table.file, what="travel times", rows=rows, selected=table.n_rows,
                         used=len(kept), refused=table.n_rows - len(kept), encoding=table.encoding)
        )  # fmt: skip
        return given, (*table.notes, *notes, f"{self.path}: {len(kept):,} pairs of {table.n_rows:,} rows used", *told,
                       *_absent(self.path, silent, points, places))  # fmt: skip

    def _read(self, reading: Reading) -> tuple[Table, int, tuple[str, ...]]:
        """Read the file, check its columns, keep the rows that are meant."""
        table = read_table(reading.folder, self.path, layer=self.layer, encoding=self.encoding)
        faults = []
        for key, column in (("from", self.from_), ("to", self.to), ("seconds", self.seconds),
                            ("minutes", self.minutes), ("metres", self.metres)):  # fmt: skip
            if column is not None:
                faults += table.missing(column, (key,))
        if faults:
            raise InputError(faults)
        kept, notes = keep_rows(table, self.where)
        if kept.n_rows == 0:
            raise InputError(Fault(f"{self.path} has no rows{': ' + notes[0] if notes else ''}", ("path",)))
        return kept, table.n_rows, notes

    def _values(self, table: Table) -> tuple[Floats, Floats]:
        """Return f64[n] seconds and metres, NaN where a cell is empty, infinite or the column is not given."""
        found, faults = [], []
        for key, unit in (("minutes" if self.minutes else "seconds", _MINUTE_S if self.minutes else 1.0),
                          ("metres", 1.0)):  # fmt: skip
            column = getattr(self, key)
            if column is None:
                found.append(np.full(table.n_rows, np.nan))
                continue
            values, more = table.numbers(column, (key,))
            faults += more
            if (values < 0).any():
                told = f"{self.path}: column {column!r} must be 0 or more: {table.lines_of(values < 0)}"
                faults.append(Fault(told, (key,)))
            found.append(np.where(np.isfinite(values), values, np.nan) * unit)
        if faults:
            raise InputError(faults)
        return found[0], found[1]

    def _kept(self, table: Table, pairs: _Pairs, known: Bools) -> tuple[Longs, list[str]]:
        """Return the rows that count, each pair once, and what to tell of the others."""
        value = self.seconds or self.minutes
        empty = known & np.isnan(pairs.seconds) if value else known & np.isnan(pairs.metres)
        empty &= np.isnan(pairs.metres) if self.metres else True
        told = (
            [f"{self.path}: {int(empty.sum()):,} pairs have no number, taken as not reachable"] if empty.any() else []
        )
        rows = np.flatnonzero(known & ~empty)
        order = rows[np.lexsort((rows, pairs.place[rows], pairs.point[rows]))]
        again = np.zeros(len(order), np.bool_)
        again[1:] = (np.diff(pairs.point[order]) == 0) & (np.diff(pairs.place[order]) == 0)
        if again.any():
            first = np.maximum.accumulate(np.where(again, 0, np.arange(len(order))))
            other = again & ~(_alike(pairs.seconds, order, first) & _alike(pairs.metres, order, first))
            if other.any():
                marked = np.zeros(table.n_rows, np.bool_)
                marked[order[other]] = True
                raise InputError(Fault(f"{self.path}: {int(other.sum()):,} pairs come twice with different numbers: "
                                       f"{table.lines_of(marked)}", ("path",)))  # fmt: skip
            told.append(f"{self.path}: {int(again.sum()):,} rows repeat an earlier one, counted once")
        return order[~again], told


@dataclass(frozen=True, eq=False)
class _Pairs:
    """Rows as read: positions of the point and the place (−1 = not of this study), seconds, metres."""

    point: Longs
    place: Longs
    seconds: Floats
    metres: Floats


def _unique(ids: np.ndarray) -> np.ndarray:
    """Return ids once each, in their order, without the empty one."""
    return np.array([one for one in dict.fromkeys(ids.tolist()) if one], dtype=object)


def _codes(texts: np.ndarray, ids: np.ndarray) -> Longs:
    """Return the position of each text among ids, −1 where it is none of them."""
    known: Any = pa.array(ids.tolist(), pa.string())
    found = pc.fill_null(pc.index_in(pa.array(texts, pa.string()), value_set=known), -1)
    return np.asarray(found.to_numpy(zero_copy_only=False), dtype=np.int64)


def _alike(values: Floats, order: Longs, first: Longs) -> Bools:
    """Tell where a row's value is that of the first row of its pair; two empty ones are alike."""
    mine, its = values[order], values[order[first]]
    same: Bools = (mine == its) | (np.isnan(mine) & np.isnan(its))
    return same


def _unknown(table: Table, ids: np.ndarray, rows: Bools, what: str, column: str) -> list[str]:
    """Tell ids that are none of the study's."""
    if not rows.any():
        return []
    named = list(dict.fromkeys(ids[rows].tolist()))
    return [f"{table.path}: {int(rows.sum()):,} rows name {len(named):,} {what} in column {column!r} that are not in "
            f"this study, left out: {some_of([repr(one) for one in named])}"]  # fmt: skip


def _without_silent(given: GivenTimes) -> tuple[GivenTimes, tuple[np.ndarray, np.ndarray]]:
    """Return the times without ids that no pair speaks of, and those ids: points, places."""
    kept, silent = [], []
    for ids, used in ((given.point_ids, given.point), (given.place_ids, given.place)):
        seen = np.bincount(used, minlength=len(ids)) > 0
        kept.append((ids[seen], (np.cumsum(seen) - 1)[used].astype(np.int32)))
        silent.append(ids[~seen])
    (point_ids, point), (place_ids, place) = kept
    return GivenTimes(
        point_ids, place_ids, point, place, given.seconds, given.metres, given.mode, given.direction, given.source
    ), (silent[0], silent[1])


def _absent(path: str, silent: tuple[np.ndarray, np.ndarray], points: np.ndarray, places: np.ndarray) -> list[str]:
    """Tell which points and facilities of the study the table never speaks of."""
    return [
        f"{path}: {len(ids):,} of {len(all_ids):,} {what} stand in no row, taken as {means}: {some_of(ids.tolist())}"
        for ids, all_ids, what, means in (
            (silent[0], points, "demand points", "reaching nothing"),
            (silent[1], places, "places of facilities", "reached by nobody"),
        )
        if len(ids)
    ]
