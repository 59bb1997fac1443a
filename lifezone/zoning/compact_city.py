"""Compact city: what is asked, checked, and the measures of one world."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from lifezone.errors import Fault
from lifezone.model import Bools, Facilities, World
from lifezone.model.compact import Centre, CompactCity, Walkable, Year
from lifezone.zoning.city_spec import CompactCitySpec
from lifezone.zoning.compact import densest, footprint_of, gradient_of
from lifezone.zoning.towns import Trips

__all__ = ["AskedCity", "centre_of", "compact_city", "compact_faults"]


def compact_faults(spec: CompactCitySpec, world: World) -> Iterator[Fault]:
    """Yield what of the block does not fit the world."""
    facilities = world.facilities
    if spec.facility is not None and facilities.position(spec.facility) < 0:
        yield Fault(f"there is no facility {spec.facility!r}", ("facility",))
    for at, kind in enumerate(spec.kinds):
        if kind not in facilities.kinds:
            have = ", ".join(facilities.kinds) or "none"
            yield Fault(f"no facilities of kind {kind!r} are given; there are {have}", ("kinds", at))
    if spec.kinds and spec.mode not in world.network.seconds:
        have = ", ".join(world.network.seconds) or "none"
        yield Fault(f"there are no travel times for mode {spec.mode!r}; the roads have {have}", ("mode",))
    if not world.demand.total[world.demand.inside].any():
        yield Fault("nobody lives in the study area", ())


def centre_of(spec: CompactCitySpec, world: World) -> tuple[Centre, str]:
    """Return the centre and how it was found."""
    if spec.facility is not None:
        at = world.facilities.position(spec.facility)
        return Centre(float(world.facilities.x_m[at]), float(world.facilities.y_m[at])), spec.facility
    if spec.at is not None:
        x_m, y_m = _projected(world.crs, *spec.at)
        return Centre(x_m, y_m), "given"
    demand = world.demand
    here = np.flatnonzero(demand.inside & (demand.total > 0))
    found = densest(demand.x_m[here], demand.y_m[here], demand.total[here], radius_m=spec.radius)
    return found, "densest"


@dataclass(frozen=True)
class AskedCity:
    """What is asked of one world, without faults.

    Attributes:
        spec: the block.
        centre: of all years.
        chosen: how it was found.
        year: of the world's people, 0 = not named.
    """

    spec: CompactCitySpec
    centre: Centre
    chosen: str
    year: int = 0


def compact_city(asked: AskedCity, world: World, trips: Trips) -> CompactCity:
    """Measure one world.

    Args:
        asked: what is asked.
        world: people, facilities, roads.
        trips: searches on the world's roads.
    """
    spec, centre, demand = asked.spec, asked.centre, world.demand
    inside = demand.inside
    x_m, y_m, people = demand.x_m[inside], demand.y_m[inside], demand.total[inside]
    near = np.hypot(x_m - centre.x_m, y_m - centre.y_m) <= spec.radius
    footprint = footprint_of(people, demand.cell_m, built_per_km2=spec.built)[0] if demand.cell_m else float("nan")
    lon, lat = _unprojected(world.crs, centre)
    walkable = _walkable(spec, world, centre, trips) if spec.kinds else None
    missing = () if walkable is None else walkable.missing
    edits = tuple(
        {"open": {"kind": kind, "at": [round(lon, 6), round(lat, 6)], "name": f"{kind} (centre)"}} for kind in missing
    )
    return CompactCity(
        centre, lon, lat, asked.chosen, spec.radius, gradient_of(x_m, y_m, people, centre, area=world.area),
        Year(asked.year, float(people.sum()), float(people[near].sum()), footprint), walkable, edits,
    )  # fmt: skip


def _walkable(spec: CompactCitySpec, world: World, centre: Centre, trips: Trips) -> Walkable:
    """Return who reaches every kind now, and who would if the centre had all of them."""
    demand, facilities = world.demand, world.facilities
    people = np.where(demand.inside, demand.total, 0.0)
    at_centre = _some(trips, world, _site(centre), np.zeros(1, np.int32), spec)
    now: dict[str, float] = {}
    all_now, gathered = demand.inside.copy(), demand.inside.copy()
    missing = []
    for kind in spec.kinds:
        open_now = facilities.open_of((kind,))
        reached = _some(trips, world, facilities, open_now, spec)
        away = np.hypot(facilities.x_m[open_now] - centre.x_m, facilities.y_m[open_now] - centre.y_m)
        if not (away <= spec.radius).any():
            missing.append(kind)
        now[kind] = float(people[reached].sum())
        all_now &= reached
        gathered &= reached | (at_centre if kind in missing else False)
    return Walkable(
        spec.bound.value, spec.mode, now, float(people[all_now].sum()), float(people[gathered].sum()), tuple(missing)
    )


def _some(trips: Trips, world: World, facilities: Facilities, at: np.ndarray, spec: CompactCitySpec) -> Bools:
    """Return bool[P] points with a facility within the bound."""
    found = trips(world.demand, facilities, at.astype(np.int32), spec.mode, spec.bound)
    return np.asarray(np.diff(found.first) > 0)


def _site(centre: Centre) -> Facilities:
    """Return the centre as a facility."""
    return Facilities.at(["centre"], np.array([centre.x_m]), np.array([centre.y_m]), kind="centre", is_open=True)


def _projected(crs: str, lon: float, lat: float) -> tuple[float, float]:
    """Return metres of a place."""
    from pyproj import Transformer  # noqa: PLC0415

    x_m, y_m = Transformer.from_crs("EPSG:4326", crs, always_xy=True).transform(lon, lat)
    return float(x_m), float(y_m)


def _unprojected(crs: str, centre: Centre) -> tuple[float, float]:
    """Return degrees of a place."""
    from pyproj import Transformer  # noqa: PLC0415

    lon, lat = Transformer.from_crs(crs, "EPSG:4326", always_xy=True).transform(centre.x_m, centre.y_m)
    return float(lon), float(lat)
