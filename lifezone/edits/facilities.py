"""What-ifs about supply: open, close, merge, move and resize facilities, their hours, and services that travel."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from difflib import get_close_matches
from typing import Any, Final

import numpy as np
from pyproj import Transformer

from lifezone.edits.context import Context
from lifezone.edits.facility_specs import MobileService
from lifezone.errors import Fault, InputError, some_of
from lifezone.model import Facilities, Floats, World
from lifezone.sources.facility_table import FacilityTable

__all__ = [
    "add_mobile", "change_hours", "close_facilities", "merge_facilities", "move_facility", "open_candidates",
    "open_new", "open_table", "project_point", "resize_facility",
]  # fmt: skip

NOTHING_BEFORE: Final = Context()
"""The first edit of a variant that reads no file."""
_WORKING_DAYS: Final = 20
"""Working days in four weeks, which the capacity of a mobile service is shared out over."""


def open_new(
    world: World,
    kind: str,
    at: Sequence[float],
    *,
    facility_id: str = "",
    name: str = "",
    capacity: float = float("nan"),
) -> tuple[World, str]:
    """Add an open facility of ``kind`` at ``at`` (lon, lat in degrees); returns the new world and what was done.

    Without ``facility_id`` it is called ``new-<kind>-<n>``. Raises :class:`InputError` when the id is taken.
    """
    facilities = world.facilities
    taken = set(facilities.ids.tolist())
    if not facility_id:
        facility_id = next(text for n in range(1, len(taken) + 2) if (text := f"new-{kind}-{n}") not in taken)
    if facility_id in taken:
        raise InputError(Fault(f"a facility with the id {facility_id!r} exists already; choose another id", ("id",)))
    x_m, y_m = project_point(world, at, ("at",))
    new = _one(facility_id, kind, x_m, y_m, name=name, capacity=capacity)
    told = f"open {kind} {facility_id} at {at[0]:.5f}, {at[1]:.5f}"
    return replace(world, facilities=facilities.append(new)), told


def open_candidates(world: World, ids: Sequence[str], context: Context = NOTHING_BEFORE) -> tuple[World, str]:
    """Open facilities that are listed but not open; each must exist and be shut."""
    positions = _positions(world, ids)
    _all_in_state(world, ids, positions, context, is_open=False)
    return _with(world, open=_changed(world.facilities.open, positions, True)), f"open {', '.join(ids)}"


def open_table(world: World, table: FacilityTable, context: Context) -> tuple[World, str]:
    """Open every row of a table, whatever it says about being open."""
    found = table.load(context.study)
    twice = [one for one in found.ids.tolist() if world.facilities.position(one) >= 0]
    if twice:
        message = f"{table.path}: {some_of(twice)}: facilities of these ids exist already; give another id column"
        raise InputError(Fault(message, ("from", "id")))
    opened = replace(found, open=np.ones(found.n_facilities, np.bool_))
    told = f"open {found.n_facilities:,} {table.kind} from {table.path}: {some_of(found.ids.tolist())}"
    notes = "; ".join(found.notes)
    return replace(world, facilities=world.facilities.append(opened)), f"{told} ({notes})" if notes else told


def close_facilities(world: World, ids: Sequence[str], context: Context = NOTHING_BEFORE) -> tuple[World, str]:
    """Close facilities by id; each must exist and be open."""
    positions = _positions(world, ids)
    _all_in_state(world, ids, positions, context, is_open=True)
    return _with(world, open=_changed(world.facilities.open, positions, False)), f"close {', '.join(ids)}"


def merge_facilities(
    world: World, into: str, ids: Sequence[str], *, capacity: float | None = None, context: Context = NOTHING_BEFORE
) -> tuple[World, str]:
    """Close some facilities and add their capacity to another of the same kind.

    Capacities that are not known are not added: where none of the closed ones is known, or that of ``into`` is not,
    the capacity of ``into`` stays as it is, told.
    """
    stays = _position(world, into, ("into",))
    gone = _positions(world, ids)
    _all_in_state(world, [into], [stays], context, is_open=True, key="into")
    _all_in_state(world, ids, gone, context, is_open=True)
    supply = world.facilities
    kind = supply.kinds[supply.kind[stays]]
    others = [
        (i, one) for i, (one, at) in enumerate(zip(ids, gone, strict=True)) if supply.kind[at] != supply.kind[stays]
    ]
    if others:
        raise InputError(
            Fault(
                f"{one!r} is of the kind {supply.kinds[supply.kind[gone[i]]]}, {into!r} of {kind}: merge one kind",
                ("ids", i),
            )
            for i, one in others
        )
    after, how = _merged_capacity(supply.capacity[stays], supply.capacity[gone], capacity)
    merged = _with(world, open=_changed(supply.open, gone, False), capacity=_changed(supply.capacity, [stays], after))
    return merged, f"merge {', '.join(ids)} into {into} ({how})"


def _merged_capacity(stays: float, gone: Floats, written: float | None) -> tuple[float, str]:
    """Return the capacity after merging, and how it was come by."""
    if written is not None:
        return written, f"capacity {written:g}, as written"
    known = gone[~np.isnan(gone)]
    if np.isnan(stays) or not len(known):
        return stays, "capacity not known, stays as it is"
    unknown = len(gone) - len(known)
    left_out = f", without {unknown} that {'is' if unknown == 1 else 'are'} not known" if unknown else ""
    return stays + float(known.sum()), f"capacity {stays:g} + {known.sum():g}{left_out}"


def move_facility(world: World, facility_id: str, to: Sequence[float]) -> tuple[World, str]:
    """Move a facility to ``to`` (lon, lat in degrees); everything else about it stays."""
    at = _position(world, facility_id, ("id",))
    x_m, y_m = project_point(world, to, ("to",))
    facilities = world.facilities
    distance_m = float(np.hypot(x_m - facilities.x_m[at], y_m - facilities.y_m[at]))
    moved = _with(world, x_m=_changed(facilities.x_m, [at], x_m), y_m=_changed(facilities.y_m, [at], y_m))
    shut = "" if facilities.open[at] else " (it is not open)"
    return moved, f"move {facility_id} by {distance_m:,.0f} m to {to[0]:.5f}, {to[1]:.5f}{shut}"


def resize_facility(world: World, facility_id: str, capacity: float) -> tuple[World, str]:
    """Set a facility's capacity."""
    at = _position(world, facility_id, ("id",))
    before = world.facilities.capacity[at]
    was = "unknown" if np.isnan(before) else f"{before:g}"
    shut = "" if world.facilities.open[at] else " (it is not open)"
    told = f"resize {facility_id} from {was} to {capacity:g}{shut}"
    return _with(world, capacity=_changed(world.facilities.capacity, [at], capacity)), told


def change_hours(world: World, ids: Sequence[str], hours: str) -> tuple[World, str]:
    """Change opening hours."""
    positions = _positions(world, ids)
    before = {str(world.facilities.hours[at]) or "unknown" for at in positions}
    was = before.pop() if len(before) == 1 else "several"
    changed = _with(world, hours=_changed(world.facilities.hours, positions, hours.strip()))
    return changed, f"hours of {', '.join(ids)}: {was} → {hours.strip() or 'unknown'}"


def add_mobile(world: World, service: MobileService) -> tuple[World, str]:
    """Let a mobile service stop at places: stops visited often enough are open facilities of its kind.

    A stop counts when it is visited at least ``service.at_least`` times in four weeks; the others are told, and are no
    facilities at all. Capacity, where given, is that of a full working day: a stop has its visits ÷ 20 of it.
    """
    counts = [stop.visits >= service.at_least for stop in service.stops]
    made, faults = Facilities.empty((service.kind,)), list[Fault]()
    for number, (stop, does_count) in enumerate(zip(service.stops, counts, strict=True)):
        try:
            x_m, y_m = project_point(world, stop.at, ("stops", number, "at"))
        except InputError as error:
            faults += error.faults
            continue
        if world.facilities.position(f"{service.id}-{number + 1}") >= 0:
            faults.append(Fault(f"a facility with the id {service.id}-{number + 1} exists already", ("id",)))
        elif does_count:
            share = np.nan if service.capacity is None else service.capacity * stop.visits / _WORKING_DAYS
            name = " ".join(part for part in (service.name, stop.name) if part)
            made = made.append(
                _one(f"{service.id}-{number + 1}", service.kind, x_m, y_m, name=name, capacity=share, hours=stop.hours)
            )
    if faults:
        raise InputError(faults)
    told = (
        f"mobile {service.kind} {service.id}: {sum(counts)} of {len(counts)} stops are visited at least "
        f"{service.at_least:g} times in four weeks and count as access"
    )
    rare = [
        f"{stop.name or f'stop {number + 1}'} ({stop.visits} in four weeks)"
        for number, (stop, does_count) in enumerate(zip(service.stops, counts, strict=True))
        if not does_count
    ]
    told += f"; not often enough: {some_of(rare)}" if rare else ""
    return replace(world, facilities=world.facilities.append(made)), told


def project_point(world: World, lon_lat: Sequence[float], path: tuple[str | int, ...]) -> tuple[float, float]:
    """Bring a point in degrees into the study's CRS; refuses points far outside the study."""
    lon, lat = lon_lat
    x_m, y_m = Transformer.from_crs("EPSG:4326", world.crs, always_xy=True).transform(lon, lat)
    network = world.network
    if network.n_vertices:
        margin_m = 10_000.0
        outside = (
            x_m < network.x_m.min() - margin_m
            or x_m > network.x_m.max() + margin_m
            or y_m < network.y_m.min() - margin_m
            or y_m > network.y_m.max() + margin_m
        )
        if outside or not np.isfinite([x_m, y_m]).all():
            raise InputError(
                Fault(
                    f"[{lon_lat[0]:g}, {lon_lat[1]:g}] lies outside the loaded roads; write [longitude, latitude]", path
                )
            )
    return float(x_m), float(y_m)


def _one(
    facility_id: str, kind: str, x_m: float, y_m: float, *, name: str, capacity: float, hours: str = ""
) -> Facilities:
    """Return one open facility."""
    return Facilities(
        ids=np.array([facility_id], dtype=object), x_m=np.array([x_m]), y_m=np.array([y_m]),
        kind=np.zeros(1, np.int32), kinds=(kind,), name=np.array([name], dtype=object),
        capacity=np.array([capacity], dtype=np.float64), cost=np.array([np.nan]), open=np.array([True]),
        hours=np.array([hours], dtype=object),
    )  # fmt: skip


def _all_in_state(
    world: World, ids: Sequence[str], positions: Sequence[int], context: Context, *, is_open: bool, key: str = ""
) -> None:
    """Refuse to open what is open and to close what is not, naming every one and what earlier edits did to it."""
    faults = []
    for index, (one, at) in enumerate(zip(ids, positions, strict=True)):
        if bool(world.facilities.open[at]) == is_open:
            continue
        state = "is not open" if is_open else "is open already"
        path = (key,) if key else (("ids", index) if len(ids) > 1 else ("id",))
        faults.append(Fault(f"{one!r} {state}{context.since(one)}: leave it out", path))
    if faults:
        raise InputError(faults)


def _position(world: World, facility_id: str, path: tuple[str | int, ...]) -> int:
    """Return the position of an id, or raise with the nearest ids."""
    at = world.facilities.position(facility_id)
    if at < 0:
        near = get_close_matches(facility_id, world.facilities.ids.astype(str).tolist(), n=3, cutoff=0.5)
        hint = f"; did you mean {', '.join(near)}?" if near else ""
        raise InputError(Fault(f"no facility has the id {facility_id!r}{hint}", path))
    return at


def _positions(world: World, ids: Sequence[str]) -> list[int]:
    """Return the positions of ids, gathering every unknown one."""
    faults: list[Fault] = []
    positions: list[int] = []
    for index, one in enumerate(ids):
        try:
            positions.append(_position(world, one, ("ids", index) if len(ids) > 1 else ("id",)))
        except InputError as error:
            faults.extend(error.faults)
    if faults:
        raise InputError(faults)
    return positions


def _changed(column: np.ndarray, positions: Sequence[int], value: object) -> np.ndarray:
    """Return a copy of a column with some values set."""
    column = column.copy()
    column[list(positions)] = value
    return column


def _with(world: World, **columns: Any) -> World:
    """Return the world with some facility columns replaced."""
    return replace(world, facilities=replace(world.facilities, **columns))
