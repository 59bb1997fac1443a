"""Stops from a sheet of routes, stops and times: one row a run, or one row a route with its runs."""

from __future__ import annotations

from typing import Annotated, Literal

import numpy as np
from pydantic import Field, model_validator

from lifezone.errors import InputError
from lifezone.model import Facilities, Floats, Longs
from lifezone.sources.files import input_record
from lifezone.sources.h3_cells import placed_by_h3
from lifezone.sources.located import Located, locate, location_faults
from lifezone.sources.reading import Reading
from lifezone.sources.stops.build import check_kind, hours_text, stops_as_facilities
from lifezone.sources.stops.feed import codes_of, seconds_of_day
from lifezone.sources.tables import Table, read_table
from lifezone.sources.where import Where, keep_rows
from lifezone.spec import Spec

__all__ = ["StopPlaces", "TimetableStops"]


class StopPlaces(Spec):
    """Where stops are, when the timetable does not say it: a table with one row for each stop."""

    path: str = Field(description="The file.")
    id: str = Field(description="Column with what the timetable calls the stop.")
    x: str | None = Field(None, description="Column with longitude or easting; not needed where the file has geometry.")
    y: str | None = Field(None, description="Column with latitude or northing.")
    h3: str | None = Field(None, description="Column with H3 cells, in place of x and y.")
    crs: str | None = Field(None, description="Coordinate system of x and y; degrees need none.")
    name: str | None = Field(None, description="Column with names.")
    layer: str | None = Field(None, description="Layer of a GeoPackage; not needed when it has only one.")
    encoding: str | None = Field(None, description="Encoding of the file, where it is not found out.")


class TimetableStops(Spec):
    """Stops with runs a day from a timetable: rows of route, stop and time; capacity is the number of runs."""

    type: Literal["timetable"] = Field("timetable", description="Read from a sheet of routes, stops and times.")
    path: str = Field(description="The sheet, one row for each run at a stop (or for each route, with runs).")
    kind: str = Field("bus_stop", description="Kind of facility that the stops are, e.g. bus_stop.")
    stop: str = Field(description="Column that tells the stop.")
    route: str | None = Field(None, description="Column that tells the route: the same time on two routes is two runs.")
    time: str | None = Field(None, description="Column with the time of the run, such as 8:05 or 25:10.")
    runs: str | None = Field(None, description="Column with how many runs a row stands for, in place of time.")
    x: str | None = Field(None, description="Column with longitude or easting of the stop.")
    y: str | None = Field(None, description="Column with latitude or northing of the stop.")
    crs: str | None = Field(None, description="Coordinate system of x and y; degrees need none.")
    name: str | None = Field(None, description="Column with names of stops.")
    places: StopPlaces | None = Field(None, description="Table that says where the stops are, in place of x and y.")
    where: Where | None = Field(None, description="Which rows are meant, e.g. {day: 평일}.")
    least_runs: Annotated[float, Field(ge=0)] = Field(1.0, description="Stops with fewer runs are left out.")
    layer: str | None = Field(None, description="Layer of a GeoPackage; not needed when it has only one.")
    encoding: str | None = Field(None, description="Encoding of the file, where it is not found out.")

    @model_validator(mode="after")
    def _time_or_runs(self) -> TimetableStops:
        """Ask for one way to count."""
        if (self.time is None) == (self.runs is None):
            raise ValueError("give time (one row a run) or runs (a number of runs in each row)")
        if self.places is not None and self.x is not None:
            raise ValueError("give x and y, or places, not both")
        return self

    def load(self, reading: Reading) -> Facilities:
        """Read the stops inside the clip with their runs.

        Raises:
            InputError: the kind or a column is unknown, or a number is none.
        """
        check_kind(self.kind, reading)
        with reading.progress.step(f"{self.kind}: {self.path}"):
            table, rows, notes = self._read(reading)
            stop = table.text(self.stop)
            weight, seconds, told = self._weights(table)
            used = (weight > 0) & (stop != "")
            ids = np.array(list(dict.fromkeys(stop[stop != ""].tolist())), dtype=object)
            at = codes_of(stop, ids)
            runs = np.bincount(at[used], weights=weight[used], minlength=len(ids)).astype(np.float64)
            hours = hours_text(at[used], seconds[used], len(ids))
            located, names, more = self._places(reading, table, at, ids)
        found = stops_as_facilities(
            self.kind, ids, names, located.placed, runs, least_runs=self.least_runs, hours=hours, what=self.path,
            notes=(*table.notes, *notes, *told, *more, *located.placed.notes),
        )  # fmt: skip
        reading.inputs.append(
            input_record(self.path, table.file, kind=self.kind, rows=rows, selected=table.n_rows, used=int(used.sum()),
                         refused=int(table.n_rows - used.sum()), stops=found.n_facilities, encoding=table.encoding)
        )  # fmt: skip
        return found

    def _read(self, reading: Reading) -> tuple[Table, int, tuple[str, ...]]:
        """Read the sheet, check its columns, keep the rows that are meant."""
        table = read_table(reading.folder, self.path, layer=self.layer, encoding=self.encoding)
        faults = [] if self.places is not None else location_faults(table, self.x, self.y, self.crs)
        for key in ("stop", "route", "time", "runs", "name"):
            column = getattr(self, key)
            if column is not None:
                faults += table.missing(column, (key,))
        if faults:
            raise InputError(faults)
        kept, notes = keep_rows(table, self.where)
        return kept, table.n_rows, notes

    def _weights(self, table: Table) -> tuple[Floats, Floats, list[str]]:
        """Return f64[n] how many runs a row stands for, its time in seconds (NaN = unknown), and what to tell."""
        stop = table.text(self.stop)
        told = [f"{table.path}: {int((stop == '').sum()):,} rows name no stop, left out"] if (stop == "").any() else []
        if self.runs is not None:
            numbers, faults = table.numbers(self.runs, ("runs",))
            if faults:
                raise InputError(faults)
            odd = ~(numbers >= 0) | np.isinf(numbers)
            if odd.any():
                told.append(f"{table.path}: {int(odd.sum()):,} rows give no number of runs, left out: "
                            f"{table.lines_of(odd)}")  # fmt: skip
            return np.where(odd, 0.0, numbers), np.full(table.n_rows, np.nan), told
        seconds = seconds_of_day(table.text(str(self.time)))
        odd = np.isnan(seconds)
        if odd.any():
            told.append(f"{table.path}: {int(odd.sum()):,} rows give no time such as 8:05, left out: "
                        f"{table.lines_of(odd)}")  # fmt: skip
        route = table.text(self.route) if self.route is not None else np.full(table.n_rows, "", dtype=object)
        seen: set[tuple[str, str, float]] = set()
        again = np.zeros(table.n_rows, np.bool_)
        for row, key in enumerate(zip(stop.tolist(), route.tolist(), seconds.tolist(), strict=True)):
            again[row] = key in seen
            seen.add(key)
        again &= ~odd & (stop != "")
        if again.any():
            told.append(f"{table.path}: {int(again.sum()):,} rows repeat a stop, route and time, counted once: "
                        f"{table.lines_of(again)}")  # fmt: skip
        return np.where(odd | again, 0.0, 1.0), seconds, told

    def _places(
        self, reading: Reading, table: Table, at: Longs, ids: np.ndarray
    ) -> tuple[Located, np.ndarray, list[str]]:
        """Return where each stop is and what it is called: by its first row, or by the table of places."""
        source, key, spec = table, at, self.places
        if spec is not None:
            source = read_table(reading.folder, spec.path, layer=spec.layer, encoding=spec.encoding)
            if spec.h3 is not None:
                source = placed_by_h3(source, spec.h3)
            faults = location_faults(source, spec.x, spec.y, spec.crs)
            faults += [fault for column in (spec.id, spec.name) if column for fault in source.missing(column, ("id",))]
            if faults:
                raise InputError([fault.under(("places",)) for fault in faults])
            reading.inputs.append(input_record(spec.path, source.file, kind=self.kind, rows=source.n_rows))
            key = codes_of(source.text(spec.id), ids)
        known, first = np.unique(key[key >= 0], return_index=True)
        row = np.full(len(ids), -1, np.int64)
        row[known] = np.flatnonzero(key >= 0)[first]
        where = spec or self
        chosen = source.take(np.maximum(row, 0)) if source.n_rows else source
        located = locate(chosen, where.x, where.y, where.crs, study=reading.crs, clip=reading.clip)
        lost = row < 0
        located.placed.missing[lost], located.placed.inside[lost] = True, False
        names = chosen.text(where.name) if where.name is not None else ids
        told = []
        if spec is not None and lost.any():
            told = [f"{spec.path}: {int(lost.sum()):,} stops of {self.path} are not in it"]
        return located, names, told
