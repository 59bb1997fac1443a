"""Stops of public transport with runs a day: from a GTFS feed, or from a sheet of routes, stops and times.

Decided: a run is a vehicle that can be boarded at the stop on one named day; both directions and all routes of a stop
count together, a trip that calls twice counts once, and nobody boards at a trip's last stop. A stop is what the source
calls one, so the two sides of a street are two stops unless the feed joins them as a station. Runs a day are the
``capacity`` of the facility, so that a requirement may ask for three (``least_capacity: 3``). Refused: journeys by
public transport; this is reach on foot to a stop that is served. Look again when timetables are routed.
"""

from lifezone.sources.stops.gtfs import GtfsStops
from lifezone.sources.stops.timetable import StopPlaces, TimetableStops

__all__ = ["GtfsStops", "StopPlaces", "TimetableStops"]
