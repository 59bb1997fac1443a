"""Turn one edit as a planner wrote it into a new world."""

from __future__ import annotations

import numpy as np

from lifezone.edits.facilities import close_facilities, move_facility, open_candidate, open_new, resize_facility
from lifezone.edits.roads import NewRoad, add_road, change_speed, close_road
from lifezone.edits.spec import (
    AddRoad,
    ChangeSpeed,
    CloseFacilities,
    CloseRoad,
    EditSpec,
    MoveFacility,
    OpenFacility,
    ResizeFacility,
)
from lifezone.edits.times import with_known_times
from lifezone.errors import Fault, InputError
from lifezone.model import World

__all__ = ["apply"]


def apply(world: World, edit: EditSpec) -> tuple[World, str]:
    """Apply one edit.

    Args:
        world: the world as the earlier edits left it; it is not changed.
        edit: what to change.

    Returns:
        A new world and what was done, in words.

    Raises:
        InputError: the edit does not fit this world; fault paths start at the edit's own key.
    """
    try:
        if edit.road is not None and world.times and not world.network.n_segments:
            raise InputError(Fault("the travel times are ready-made and there are no roads: give area.network too, or "
                                   "compare two tables of times in two scenarios"))  # fmt: skip
        now, told = _apply(world, edit)
        return with_known_times(world, now), told
    except InputError as error:
        raise InputError([fault.under(_prefix(edit)) for fault in error.faults]) from None


def _prefix(edit: EditSpec) -> tuple[str, ...]:
    """Return the keys that lead to what an edit says."""
    return ("road", edit.road.kind) if edit.road is not None else (edit.kind,)


def _apply(world: World, edit: EditSpec) -> tuple[World, str]:
    """Apply one edit; fault paths are relative to its own block."""
    change = edit.road.change if edit.road is not None else edit.change
    match change:
        case OpenFacility(kind=str() as kind, at=(float(), float()) as at):
            capacity = np.nan if change.capacity is None else change.capacity
            return open_new(world, kind, at, facility_id=change.id or "", name=change.name, capacity=capacity)
        case OpenFacility():
            return open_candidate(world, change.id or "")
        case CloseFacilities():
            return close_facilities(world, change.all_ids)
        case MoveFacility():
            return move_facility(world, change.id, change.to)
        case ResizeFacility():
            return resize_facility(world, change.id, change.capacity)
        case AddRoad():
            road = NewRoad(change.start, change.end, change.way, change.speed, change.oneway, change.name)
            return add_road(world, road)
        case CloseRoad():
            return close_road(world, change.near, within_m=change.within)
        case ChangeSpeed():
            return change_speed(world, way=change.way, near=change.near, factor=change.factor, speed_mps=change.speed)
        case _:
            raise TypeError(f"an edit of an unknown kind: {edit!r}")
