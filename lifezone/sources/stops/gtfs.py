"""Stops of a GTFS feed with the runs of one day."""

from __future__ import annotations

import re
from datetime import date
from typing import Annotated, Final, Literal

import numpy as np
from pydantic import Field, field_validator

from lifezone.errors import Fault, InputError
from lifezone.model import Bools, Facilities, Floats, Longs
from lifezone.sources.crs import place
from lifezone.sources.files import input_record, local_file
from lifezone.sources.reading import Reading
from lifezone.sources.stops.build import check_kind, hours_text, stops_as_facilities
from lifezone.sources.stops.feed import Feed, codes_of, runs_of_trips, seconds_of_day, services_on, usual_weekday
from lifezone.sources.tables import Table
from lifezone.spec import Spec

__all__ = ["GtfsStops"]

_DAY_NAMES: Final = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_NO_BOARDING: Final = "1"
"""``pickup_type`` of a stop where nobody can board (GTFS: no pickup available)."""


class GtfsStops(Spec):
    """Stops of a public transport feed (GTFS, a zip file); capacity is the number of runs on one day."""

    type: Literal["gtfs"] = Field("gtfs", description="Read from a GTFS feed.")
    path: str = Field(description="The feed, a zip file.")
    kind: str = Field("bus_stop", description="Kind of facility that the stops are, e.g. bus_stop or rail_station.")
    date: str | None = Field(
        None, description="Day whose runs are counted, e.g. '2019-05-15'; without it the usual weekday of the feed."
    )
    by: Literal["stop", "station"] = Field(
        "stop", description="station: stops that the feed joins as one station count together."
    )
    route_types: list[Annotated[int, Field(ge=0)]] | None = Field(
        None, min_length=1, description="Only routes of these GTFS types: 0 tram, 1 metro, 2 rail, 3 bus, 4 ferry."
    )
    least_runs: Annotated[float, Field(ge=0)] = Field(1.0, description="Stops with fewer runs that day are left out.")
    prefix: str = Field("", description="Put before every stop id, where two feeds use the same ids.")

    @field_validator("date")
    @classmethod
    def _is_day(cls, value: str | None) -> str | None:
        """Refuse what is no day."""
        if value is not None:
            if not re.fullmatch(r"\d{4}-\d{2}-\d{2}", value):
                raise ValueError(f"expected a day such as '2019-05-15', got {value!r}")
            date.fromisoformat(value)
        return value

    def load(self, reading: Reading) -> Facilities:
        """Read the stops inside the clip with their runs.

        Raises:
            InputError: the kind is unknown, the file is no feed, or nothing runs on the day.
        """
        check_kind(self.kind, reading)
        file = local_file(reading.folder, self.path)
        with reading.progress.step(f"{self.kind}: {self.path}"):
            feed = Feed.open(file, self.path)
            stops, trips = feed.needed("stops.txt"), feed.needed("trips.txt")
            times, notes = runs_of_trips(feed, trips)
            times, wanted = self._of_routes(feed, trips, times)
            times, told = self._on_day(feed, trips, times)
            calls = feed.needed("stop_times.txt")
            owner = self._owner(stops)
            runs, hours, more = _runs(calls, trips, stops, times, owner)
        point = owner == np.arange(len(owner))  # a stop of a station that counts together stands for it no more
        used = _is_stop(stops, self.by) & point
        placed = _placed(stops.take(used), reading)
        ids = np.array([f"{self.prefix}{one}" for one in stops.text("stop_id")[used].tolist()], dtype=object)
        names = stops.text("stop_name")[used] if "stop_name" in stops.columns else ids
        found = stops_as_facilities(
            self.kind, ids, names, placed, runs[used], least_runs=self.least_runs, hours=hours[used], what=self.path,
            notes=(*notes, *wanted, told, *more, *placed.notes),
        )  # fmt: skip
        reading.inputs.append(
            input_record(self.path, file, kind=self.kind, rows=stops.n_rows, used=found.n_facilities,
                         refused=stops.n_rows - found.n_facilities, stop_times=calls.n_rows, service=told)
        )  # fmt: skip
        return found

    def _of_routes(self, feed: Feed, trips: Table, times: Floats) -> tuple[Floats, list[str]]:
        """Return the runs of the trips whose route is of a wanted type, none for the others."""
        if self.route_types is None:
            return times, []
        routes = feed.needed("routes.txt")
        faults = [fault for table, column in ((routes, "route_id"), (routes, "route_type"), (trips, "route_id"))
                  for fault in table.missing(column, ("route_types",))]  # fmt: skip
        if faults:
            raise InputError(faults)
        good = np.isin(routes.text("route_type"), [str(one) for one in self.route_types])
        mine = codes_of(trips.text("route_id"), routes.text("route_id")[good]) >= 0
        return np.where(mine, times, 0.0), [f"{self.path}: {int(mine.sum()):,} of {len(mine):,} trips are of routes of "
                                            f"type {', '.join(map(str, self.route_types))}"]  # fmt: skip

    def _on_day(self, feed: Feed, trips: Table, times: Floats) -> tuple[Floats, str]:
        """Return the runs of the trips on the day, none for the others, and what to tell of it."""
        service = trips.text("service_id")
        if self.date is None:
            per_service: dict[str, float] = {}
            for one, count in zip(service.tolist(), times.tolist(), strict=True):
                per_service[one] = per_service.get(one, 0.0) + count
            day, why = usual_weekday(feed, per_service)
        else:
            day, why = date.fromisoformat(self.date), "as the scenario says"
        services, active = services_on(feed, [day])
        running = {one for one, on in zip(services, active[0].tolist(), strict=True) if on}
        times = np.where([one in running for one in service.tolist()], times, 0.0)
        if not times.any():
            raise InputError(Fault(f"{self.path}: nothing runs on {day}: choose a day of the feed", ("date",)))
        return times, f"{self.path}: {times.sum():,.0f} runs on {day}, a {_DAY_NAMES[day.weekday()]} ({why})"

    def _owner(self, stops: Table) -> Longs:
        """Return for each stop the row of the stop or station that it counts for."""
        own = np.arange(stops.n_rows)
        if self.by == "stop" or "parent_station" not in stops.columns:
            return own
        parent = codes_of(stops.text("parent_station"), stops.text("stop_id"))
        return np.where((stops.text("parent_station") != "") & (parent >= 0), parent, own)


def _runs(
    calls: Table, trips: Table, stops: Table, times: Floats, owner: Longs
) -> tuple[Floats, np.ndarray, list[str]]:
    """Return per stop the runs that can be boarded there, the first and last, and what was left out."""
    trip = codes_of(calls.text("trip_id"), trips.text("trip_id"))
    stop = codes_of(calls.text("stop_id"), stops.text("stop_id"))
    lost = (trip < 0) | (stop < 0)
    notes = [f"{calls.path}: {int(lost.sum()):,} rows name an unknown trip or stop, left out"] if lost.any() else []
    counts = ~lost & _boards(calls, trip)
    counts[counts] &= times[trip[counts]] > 0
    rows = np.flatnonzero(counts)
    key = owner[stop[rows]] * np.int64(len(times)) + trip[rows]
    once = rows[np.unique(key, return_index=True)[1]]  # a trip that calls twice can be boarded once
    at = owner[stop[once]]
    runs = np.bincount(at, weights=times[trip[once]], minlength=stops.n_rows).astype(np.float64)
    column = next((name for name in ("departure_time", "arrival_time") if name in calls.columns), None)
    seconds = np.full(len(once), np.nan) if column is None else seconds_of_day(calls.text(column)[once])
    return runs, hours_text(at, seconds, stops.n_rows), notes


def _boards(calls: Table, trip: Longs) -> Bools:
    """Return bool[n] calls at which one can board: pickup is not excluded and the trip goes on from there."""
    boards = np.ones(calls.n_rows, np.bool_)
    if "pickup_type" in calls.columns:
        boards &= calls.text("pickup_type") != _NO_BOARDING
    if "stop_sequence" in calls.columns:
        sequence, faults = calls.numbers("stop_sequence", ("path",))
        if faults:
            raise InputError(faults)
        known = (trip >= 0) & ~np.isnan(sequence)
        last = np.full(int(trip.max(initial=-1)) + 1, -np.inf)
        np.maximum.at(last, trip[known], sequence[known])
        boards[known] &= sequence[known] < last[trip[known]]
    return boards


def _is_stop(stops: Table, by: str) -> Bools:
    """Return bool[n] rows where vehicles stop; entrances and nodes are none, stations only where asked for."""
    if "location_type" not in stops.columns:
        return np.ones(stops.n_rows, np.bool_)
    return np.isin(stops.text("location_type"), ["", "0", "1"] if by == "station" else ["", "0"])


def _placed(stops: Table, reading: Reading):  # type: ignore[no-untyped-def]
    """Return where the stops are."""
    faults = [fault for column in ("stop_lon", "stop_lat") for fault in stops.missing(column, ("path",))]
    if faults:
        raise InputError(faults)
    east, faults = stops.numbers("stop_lon", ("path",), thousands=False)
    north, more = stops.numbers("stop_lat", ("path",), thousands=False)
    if faults or more:
        raise InputError([*faults, *more])
    return place(east, north, crs="EPSG:4326", study=reading.crs, clip=reading.clip, what=stops.path)
