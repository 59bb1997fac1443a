"""A GTFS feed as tables, and how many runs each of its trips makes on a day.

Reference: General Transit Feed Specification, Schedule, gtfs.org.
"""

from __future__ import annotations

import re
import zipfile
import zlib
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from lifezone.errors import Fault, InputError, some_of
from lifezone.model import Floats, Longs
from lifezone.sources.delimited import decode, read_delimited
from lifezone.sources.tables import Table

__all__ = ["Feed", "codes_of", "runs_of_trips", "seconds_of_day", "services_on", "usual_weekday"]

_NEEDED: Final = {"stops.txt": ("stop_id",), "trips.txt": ("trip_id", "service_id"),
                  "stop_times.txt": ("trip_id", "stop_id")}  # fmt: skip
_DAYS: Final = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_MOST_BYTES: Final = 4 << 30
_MOST_DAYS: Final = 3700
_DATE: Final = re.compile(r"\d{8}")
_TIME: Final = r"^(\d{1,3}):([0-5]\d)(:[0-5]\d)?$"


@dataclass(frozen=True)
class Feed:
    """A GTFS feed: the files of a zip archive, read when they are asked for.

    Attributes:
        file: the archive.
        shown: its path as the user wrote it.
        names: member of the archive by file name.
    """

    file: Path
    shown: str
    names: dict[str, str]

    @staticmethod
    def open(file: Path, shown: str) -> Feed:
        """Look into an archive.

        Raises:
            InputError: it is no zip archive, or lacks a file that every feed has.
        """
        try:
            with zipfile.ZipFile(file) as archive:
                members = archive.namelist()
        except (zipfile.BadZipFile, OSError) as error:
            raise InputError(Fault(f"{shown} is not a GTFS feed: {error}", ("path",))) from None
        names: dict[str, str] = {}
        for member in sorted(members, key=lambda name: (name.count("/"), name)):
            names.setdefault(member.rpartition("/")[2], member)
        absent = [name for name in _NEEDED if name not in names]
        if not {"calendar.txt", "calendar_dates.txt"} & set(names):
            absent.append("calendar.txt or calendar_dates.txt")
        if absent:
            raise InputError(Fault(f"{shown} is not a GTFS feed: it has no {', '.join(absent)}", ("path",)))
        return Feed(file, shown, names)

    def table(self, name: str) -> Table | None:
        """Read one file of the feed, or return None where it is not there or has no rows.

        Raises:
            InputError: it is damaged, or lacks a column.
        """
        if name not in self.names:
            return None
        shown = f"{self.shown}/{name}"
        try:
            with zipfile.ZipFile(self.file) as archive:
                if archive.getinfo(self.names[name]).file_size > _MOST_BYTES:
                    raise InputError(Fault(f"{shown} unpacks to more than {_MOST_BYTES >> 30} GiB", ("path",)))
                data = archive.read(self.names[name])
        except (zipfile.BadZipFile, zlib.error, OSError, EOFError, RuntimeError, NotImplementedError) as error:
            raise InputError(Fault(f"{shown} is damaged: {error}", ("path",))) from None
        if not data.strip():
            return None
        text, encoding = decode(data, shown=shown)
        columns, rows, lines, _ = read_delimited(text, shown=shown)
        table = Table(shown, self.file, tuple(columns), rows, lines, "line", encoding=encoding)
        faults = [fault for column in _NEEDED.get(name, ()) for fault in table.missing(column, ("path",))]
        if faults:
            raise InputError(faults)
        return table

    def needed(self, name: str) -> Table:
        """Read a file that must have rows."""
        table = self.table(name)
        if table is None or not table.n_rows:
            raise InputError(Fault(f"{self.shown}/{name} has no rows", ("path",)))
        return table


def services_on(feed: Feed, days: list[date]) -> tuple[list[str], np.ndarray]:
    """Return the services of a feed and bool[days, services] on which of some days each runs."""
    calendar, exceptions = feed.table("calendar.txt"), feed.table("calendar_dates.txt")
    ids: dict[str, int] = {}
    for table in (calendar, exceptions):
        if table is not None:
            _check(table, ("service_id",))
            for one in table.text("service_id").tolist():
                ids.setdefault(one, len(ids))
    runs = np.zeros((len(days), len(ids)), np.bool_)
    weekday = np.array([day.weekday() for day in days], np.int64)
    if calendar is not None:
        _check(calendar, (*_DAYS, "start_date", "end_date"))
        on = np.column_stack([calendar.text(day) == "1" for day in _DAYS])
        start, end = _dates(calendar, "start_date"), _dates(calendar, "end_date")
        for row, service in enumerate(calendar.text("service_id").tolist()):
            within = np.array([start[row] <= day <= end[row] for day in days], np.bool_)
            runs[:, ids[service]] |= within & on[row][weekday]
    if exceptions is not None:
        _check(exceptions, ("date", "exception_type"))
        at = {day: position for position, day in enumerate(days)}
        found = zip(exceptions.text("service_id").tolist(), _dates(exceptions, "date"),
                    exceptions.text("exception_type").tolist(), strict=True)  # fmt: skip
        for service, day, kind in found:
            if day in at and kind in ("1", "2"):
                runs[at[day], ids[service]] = kind == "1"
    return list(ids), runs


def span_of(feed: Feed) -> list[date]:
    """Return every day from the first to the last that the feed speaks of."""
    ends: list[date] = []
    for name, columns in (("calendar.txt", ("start_date", "end_date")), ("calendar_dates.txt", ("date",))):
        table = feed.table(name)
        if table is not None:
            _check(table, columns)
            ends += [day for column in columns for day in _dates(table, column)]
    if not ends:
        raise InputError(Fault(f"{feed.shown} names no day of service", ("path",)))
    first, last = min(ends), max(ends)
    if (last - first).days > _MOST_DAYS:
        raise InputError(Fault(f"{feed.shown} runs from {first} to {last}: name the day with date", ("date",)))
    return [first + timedelta(days=at) for at in range((last - first).days + 1)]


def usual_weekday(feed: Feed, runs_of_service: dict[str, float]) -> tuple[date, str]:
    """Return the day that stands for the feed: the first weekday with the number of runs that most weekdays have.

    Weekends count only where no weekday has a run. Of numbers equally frequent the larger one counts.

    Raises:
        InputError: nothing ever runs.
    """
    days = span_of(feed)
    services, active = services_on(feed, days)
    runs = active @ np.array([runs_of_service.get(one, 0.0) for one in services])
    for wanted in (range(5), range(7)):
        chosen = [at for at, day in enumerate(days) if day.weekday() in wanted and runs[at] > 0]
        if chosen:
            values, counts = np.unique(runs[chosen], return_counts=True)
            usual = values[np.flatnonzero(counts == counts.max())[-1]]
            first = next(at for at in chosen if runs[at] == usual)
            told = (f"{counts.max():,} of {len(chosen):,} {'weekdays' if wanted == range(5) else 'days'} have its "
                    f"{usual:,.0f} runs")  # fmt: skip
            return days[first], told
    raise InputError(Fault(f"{feed.shown}: no service ever runs", ("path",)))


def runs_of_trips(feed: Feed, trips: Table) -> tuple[Floats, list[str]]:
    """Return f64[trips] how often each trip runs on a day of its service: once, or as often as frequencies.txt says."""
    times = np.ones(trips.n_rows)
    table = feed.table("frequencies.txt")
    if table is None or not table.n_rows:
        return times, []
    _check(table, ("trip_id", "start_time", "end_time", "headway_secs"))
    trip = codes_of(table.text("trip_id"), trips.text("trip_id"))
    start, end = (seconds_of_day(table.text(column)) for column in ("start_time", "end_time"))
    headway, faults = table.numbers("headway_secs", ("path",))
    if faults:
        raise InputError(faults)
    good = (trip >= 0) & (headway > 0) & (end > start)
    often = np.bincount(trip[good], weights=np.ceil((end - start)[good] / headway[good]), minlength=trips.n_rows)
    times[np.unique(trip[good])] = often[np.unique(trip[good])]
    bad = int((~good).sum())
    return times, [f"{table.path}: {bad:,} rows name no known trip, time or headway, left out"] if bad else []


def seconds_of_day(texts: np.ndarray) -> Floats:
    """Return seconds after midnight of ``8:05:00`` (``25:10`` is after midnight of the day after), NaN where not."""
    found = pc.extract_regex(pa.array(texts, pa.string()), _TIME.replace("(", "(?P<h>", 1).replace("([", "(?P<m>[", 1)
                             .replace("(:", "(?P<s>:", 1))  # fmt: skip
    parts = [pc.struct_field(found, at) for at in range(3)]
    hours, minutes = (pc.cast(part, pa.float64()) for part in parts[:2])
    tail = pc.utf8_slice_codeunits(parts[2], 1)
    seconds = pc.cast(pc.if_else(pc.equal(tail, ""), "0", tail), pa.float64())
    total = pc.add(pc.add(pc.multiply(hours, 3600.0), pc.multiply(minutes, 60.0)), seconds)
    return np.asarray(pc.fill_null(total, float("nan")).to_numpy(zero_copy_only=False), dtype=np.float64)


def codes_of(texts: np.ndarray, ids: np.ndarray) -> Longs:
    """Return the first position of each text among ids, −1 where it is none of them."""
    found = pc.index_in(pa.array(texts, pa.string()), value_set=pa.array(ids, pa.string()))
    return np.asarray(pc.fill_null(found, -1).to_numpy(zero_copy_only=False), dtype=np.int64)


def _check(table: Table, columns: tuple[str, ...]) -> None:
    """Fault missing columns."""
    faults = [fault for column in columns for fault in table.missing(column, ("path",))]
    if faults:
        raise InputError(faults)


def _dates(table: Table, column: str) -> list[date]:
    """Return a column of days written as 20190415."""
    found, bad = [], []
    for text in table.text(column).tolist():
        try:
            if not _DATE.fullmatch(text):
                raise ValueError
            found.append(date(int(text[:4]), int(text[4:6]), int(text[6:])))
        except ValueError:
            bad.append(text)
    if bad:
        shown = some_of([repr(text) for text in bad])
        raise InputError(Fault(f"{table.path}: column {column!r} must hold days such as 20190415: {shown}", ("path",)))
    return found
