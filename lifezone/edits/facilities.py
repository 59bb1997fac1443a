"""What-ifs about supply: open, close, move and resize facilities."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from difflib import get_close_matches
from typing import Any

import numpy as np
from pyproj import Transformer

from lifezone.errors import Fault, InputError
from lifezone.model import Facilities, World

__all__ = ["close_facilities", "move_facility", "open_candidate", "open_new", "project_point", "resize_facility"]


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
    new = Facilities(
        ids=np.array([facility_id], dtype=object),
        x_m=np.array([x_m]),
        y_m=np.array([y_m]),
        kind=np.zeros(1, np.int32),
        kinds=(kind,),
        name=np.array([name], dtype=object),
        capacity=np.array([capacity], dtype=np.float64),
        cost=np.array([np.nan]),
        open=np.array([True]),
        hours=np.array([""], dtype=object),
    )
    told = f"open {kind} {facility_id} at {at[0]:.5f}, {at[1]:.5f}"
    return replace(world, facilities=facilities.append(new)), told


def open_candidate(world: World, facility_id: str) -> tuple[World, str]:
    """Open a facility that is listed but not open."""
    at = _position(world, facility_id, ("id",))
    if world.facilities.open[at]:
        return world, f"open {facility_id}: it is open already, nothing changes"
    return _with(world, open=_changed(world.facilities.open, [at], True)), f"open {facility_id}"


def close_facilities(world: World, ids: Sequence[str]) -> tuple[World, str]:
    """Close facilities by id; each must exist."""
    positions = _positions(world, ids)
    shut = [one for one, at in zip(ids, positions, strict=True) if not world.facilities.open[at]]
    told = f"close {', '.join(ids)}" + (f" ({', '.join(shut)} not open before)" if shut else "")
    return _with(world, open=_changed(world.facilities.open, positions, False)), told


def move_facility(world: World, facility_id: str, to: Sequence[float]) -> tuple[World, str]:
    """Move a facility to ``to`` (lon, lat in degrees); everything else about it stays."""
    at = _position(world, facility_id, ("id",))
    x_m, y_m = project_point(world, to, ("to",))
    facilities = world.facilities
    distance_m = float(np.hypot(x_m - facilities.x_m[at], y_m - facilities.y_m[at]))
    moved = _with(world, x_m=_changed(facilities.x_m, [at], x_m), y_m=_changed(facilities.y_m, [at], y_m))
    return moved, f"move {facility_id} by {distance_m:,.0f} m to {to[0]:.5f}, {to[1]:.5f}"


def resize_facility(world: World, facility_id: str, capacity: float) -> tuple[World, str]:
    """Set a facility's capacity. It is kept and shown; verdicts do not judge capacities yet."""
    at = _position(world, facility_id, ("id",))
    before = world.facilities.capacity[at]
    was = "unknown" if np.isnan(before) else f"{before:g}"
    told = f"resize {facility_id} from {was} to {capacity:g} (capacities are shown, not judged yet)"
    return _with(world, capacity=_changed(world.facilities.capacity, [at], capacity)), told


def project_point(world: World, lon_lat: Sequence[float], path: tuple[str, ...]) -> tuple[float, float]:
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
