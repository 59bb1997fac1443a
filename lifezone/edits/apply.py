"""Turn edits as a planner wrote them into a new world, one after the other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields

import numpy as np

from lifezone.edits import facilities, people, road_area, roads
from lifezone.edits.context import Context
from lifezone.edits.spec import (
    AddRoad,
    Change,
    ChangeHours,
    ChangeSpeed,
    CloseFacilities,
    CloseRoad,
    EditSpec,
    FerryInterval,
    MergeFacilities,
    MobileService,
    MoveFacility,
    OpenFacility,
    PeopleEdit,
    ResizeFacility,
    RoadArea,
    RoadEdit,
)
from lifezone.edits.times import with_known_times
from lifezone.errors import Fault, InputError
from lifezone.model import World
from lifezone.sources.reading import Reading

__all__ = ["NOTHING_CHANGES", "apply", "apply_all"]

NOTHING_CHANGES = "nothing changes"
"""Stands at the end of what is told of an edit that leaves the world as it was."""


def apply_all(
    world: World, edits: Sequence[EditSpec], reading: Reading | None = None
) -> tuple[World, tuple[str, ...], tuple[Fault, ...]]:
    """Apply the edits of a variant in order, each to the world as the earlier ones left it.

    A fault does not keep the later edits from being tried; what they say of facilities that a faulty edit should have
    made is left out.

    Args:
        world: the world before; it is not changed.
        edits: what to change, in order.
        reading: the study, for edits that read files.

    Returns:
        The new world, what was done in words (one line an edit), and every fault, its path starting at the position of
        the edit.
    """
    told: list[str] = []
    faults: list[Fault] = []
    past: dict[str, str] = {}
    missing: set[str] = set()
    for number, edit in enumerate(edits):
        try:
            after, words = apply(world, edit, Context(reading, past))
        except InputError as error:
            faults += [
                fault.under((number,))
                for fault in error.faults
                if not any(f"id {one!r}" in fault.message for one in missing)
            ]
            missing |= _would_make(edit)
            continue
        past = {**past, **_done(world, after, number)}
        world = after
        told.append(words)
    return world, tuple(told), tuple(faults)


def apply(world: World, edit: EditSpec, context: Context | None = None) -> tuple[World, str]:
    """Apply one edit.

    Args:
        world: the world as the earlier edits left it; it is not changed.
        edit: what to change.
        context: the study around it, and what earlier edits did.

    Returns:
        A new world and what was done, in words; an edit that changes nothing says so.

    Raises:
        InputError: the edit does not fit this world; fault paths start at the edit's own key.
    """
    try:
        if edit.road is not None and world.times and not world.network.n_segments:
            raise InputError(Fault("the travel times are ready-made and there are no roads: give area.network too, or "
                                   "compare two tables of times in two scenarios"))  # fmt: skip
        now, told = _apply(world, edit.change, context or facilities.NOTHING_BEFORE)
        after = with_known_times(world, now)
    except InputError as error:
        raise InputError([fault.under(edit.keys) for fault in error.faults]) from None
    return after, told if _differs(world, after) else f"{told}: {NOTHING_CHANGES}"


def _apply(world: World, change: Change, context: Context) -> tuple[World, str]:
    """Apply one edit; fault paths are relative to its own block."""
    match change:
        case OpenFacility():
            return _open(world, change, context)
        case CloseFacilities():
            return facilities.close_facilities(world, change.all_ids, context)
        case MergeFacilities(into=into, ids=ids, capacity=capacity):
            return facilities.merge_facilities(world, into, ids, capacity=capacity, context=context)
        case MoveFacility():
            return facilities.move_facility(world, change.id, change.to)
        case ResizeFacility():
            return facilities.resize_facility(world, change.id, change.capacity)
        case ChangeHours():
            return facilities.change_hours(world, change.all_ids, change.hours)
        case MobileService():
            return facilities.add_mobile(world, change)
        case PeopleEdit():
            return people.change_people(world, change.change, context)
        case RoadEdit():
            return _apply_road(world, change, context)


def _open(world: World, change: OpenFacility, context: Context) -> tuple[World, str]:
    """Open a new facility, candidates, or a table."""
    if change.source is not None:
        return facilities.open_table(world, change.source, context)
    if change.kind is not None and change.at is not None:
        capacity = np.nan if change.capacity is None else change.capacity
        return facilities.open_new(
            world, change.kind, change.at, facility_id=change.id or "", name=change.name, capacity=capacity
        )
    ids = tuple(change.ids) if change.ids is not None else (change.id or "",)
    return facilities.open_candidates(world, ids, context)


def _apply_road(world: World, edit: RoadEdit, context: Context) -> tuple[World, str]:
    """Apply an edit of roads."""
    match edit.change:
        case AddRoad() as change:
            road = roads.NewRoad(change.start, change.end, change.way, change.speed, change.oneway, change.name)
            return roads.add_road(world, road)
        case CloseRoad() as change:
            return roads.close_road(world, change.near, within_m=change.within)
        case RoadArea() as change:
            return road_area.change_area(world, change, context)
        case FerryInterval() as change:
            return roads.change_ferry(world, change.near, interval_s=change.interval, was_s=change.was)
        case ChangeSpeed() as change:
            return roads.change_speed(
                world, way=change.way, near=change.near, factor=change.factor, speed_mps=change.speed
            )


def _would_make(edit: EditSpec) -> set[str]:
    """Return the ids of facilities that an edit would have made, had it not been faulty."""
    change = edit.change
    if isinstance(change, OpenFacility) and change.is_new and change.id:
        return {change.id}
    if isinstance(change, MobileService):
        return {f"{change.id}-{number + 1}" for number in range(len(change.stops))}
    return set()


def _done(before: World, after: World, number: int) -> dict[str, str]:
    """Say by id which facilities an edit opened and closed; edits only append facilities, positions stay."""
    old, new = before.facilities, after.facilities
    if old is new:
        return {}
    was = np.concatenate([old.open, np.zeros(new.n_facilities - old.n_facilities, np.bool_)])
    done = {str(one): f"opened by edits[{number}]" for one in new.ids[new.open & ~was]}
    return done | {str(one): f"closed by edits[{number}]" for one in new.ids[was & ~new.open]}


def _differs(before: World, after: World) -> bool:
    """Tell whether anything that verdicts rest on differs between two worlds."""
    return any(
        getattr(before, part) is not getattr(after, part) and not _equal(getattr(before, part), getattr(after, part))
        for part in ("facilities", "demand", "network")
    )


def _equal(before: object, after: object) -> bool:
    """Compare two dataclasses field by field; arrays by their values."""
    return all(_same(getattr(before, field.name), getattr(after, field.name)) for field in fields(before))  # type: ignore[arg-type]


def _same(before: object, after: object) -> bool:
    if before is after:
        return True
    if isinstance(before, np.ndarray) and isinstance(after, np.ndarray):
        return np.array_equal(before, after, equal_nan=before.dtype.kind == "f")
    if isinstance(before, dict) and isinstance(after, dict):
        return before.keys() == after.keys() and all(_same(value, after[key]) for key, value in before.items())
    return bool(before == after)
