"""Attendance areas come before the nearest facility; the education office decides, not the tool.

(1)  people of an area use the nearest open facility among those that the area names
(2)  people of no area use the nearest open one of all
(3)  people whose area names no open facility any more (a school that is closed) use the nearest open one of all, told

Refused: nobody at all for (3). When a school closes its area is dealt out anew, and until the office has done so the
nearest school is the best guess; it is counted and told.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from lifezone.access import NearestTrip
from lifezone.errors import some_of
from lifezone.model import Allowed, Bools, Facilities, Ints, TravelTimes, World

__all__ = ["Catchment", "catchment_of", "only_allowed", "told", "within_areas"]


@dataclass(frozen=True, eq=False)
class Catchment:
    """Attendance areas as they hold in one world.

    Attributes:
        allowed: the areas.
        area: i32[P] area of every demand point that has one with an open facility, else −1.
        open_in: for each area, positions of its open facilities, ascending.
        orphaned: bool[P] points whose area names no open facility.
    """

    allowed: Allowed
    area: Ints
    open_in: tuple[Ints, ...]
    orphaned: Bools


def catchment_of(world: World, kind: str) -> Catchment | None:
    """Return the attendance areas of a kind, None where there are none."""
    allowed = next((one for one in world.allowed if one.kind == kind), None)
    if allowed is None:
        return None
    facilities = world.facilities
    is_open = set(facilities.open_of([kind]).tolist())
    at = {one: position for position, one in enumerate(facilities.ids.tolist())}
    open_in = tuple(
        np.array(sorted({at[one] for one in ids if at.get(one, -1) in is_open}), np.int32)
        for ids in allowed.facility_ids
    )
    area = allowed.areas_of(world.demand)
    has_open = np.array([len(positions) > 0 for positions in open_in] + [False], np.bool_)
    orphaned: Bools = (area >= 0) & ~has_open[area]
    return Catchment(allowed, np.where(orphaned, -1, area).astype(np.int32), open_in, orphaned)


def within_areas(free: NearestTrip, catchment: Catchment, search: Callable[[Ints, Ints], NearestTrip]) -> NearestTrip:
    """Return the trips of equations (1) to (3).

    Args:
        free: f[P] trips to the nearest open facility of the kind.
        catchment: the areas.
        search: from facility positions and rows of demand points to their trips, one a row.
    """
    trip = NearestTrip(free.facility.copy(), free.seconds.copy(), free.metres.copy(), free.access_m.copy())
    for area, positions in enumerate(catchment.open_in):
        rows = np.flatnonzero(catchment.area == area).astype(np.int32)
        if not len(rows) or not len(positions):
            continue
        found = search(positions, rows)
        trip.facility[rows] = found.facility
        trip.seconds[rows], trip.metres[rows], trip.access_m[rows] = found.seconds, found.metres, found.access_m
    return trip


def only_allowed(pairs: TravelTimes, facilities: Facilities, catchments: dict[str, Catchment]) -> Bools:
    """Return bool[K] which pairs the attendance areas let people use."""
    point = np.repeat(np.arange(pairs.n_points), np.diff(pairs.first))
    keep = np.ones(len(point), np.bool_)
    for kind, catchment in catchments.items():
        of_kind = facilities.kind[pairs.facility] == facilities.kinds.index(kind)
        area = catchment.area[point]
        for number, positions in enumerate(catchment.open_in):
            here = of_kind & (area == number)
            keep[here] = np.isin(pairs.facility[here], positions)
    return keep


def told(world: World, catchment: Catchment) -> list[str]:
    """Say who is in no area, whose area has nothing open, and which facilities stand in no area."""
    from lifezone.standards.disclosure import shown_group  # noqa: PLC0415

    allowed, demand, facilities = catchment.allowed, world.demand, world.facilities
    people = np.where(demand.inside, demand.total, 0.0)
    without = float(people[(catchment.area < 0) & ~catchment.orphaned].sum())
    orphaned = float(people[catchment.orphaned].sum())
    positions = facilities.open_of([allowed.kind])
    known = allowed.named(facilities.ids[positions].tolist())
    strange = [one for one in facilities.ids[positions].tolist() if one not in known]
    words = []
    if without:
        words.append(f"{shown_group(without)} people are in no attendance area and use the nearest {allowed.kind}")
    if orphaned:
        words.append(
            f"the attendance area of {shown_group(orphaned)} people names no open {allowed.kind}: they use the nearest"
        )
    if strange:
        words.append(f"{some_of(strange)}: in no attendance area, open only to people who are in none either")
    return [f"{allowed.source}: {text}" for text in words]
