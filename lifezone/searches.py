"""What one run asks of roads and ready-made tables, each question once: roads, attached points, trips that count.

What a variant leaves unchanged is not computed again, see :mod:`lifezone.memory`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from lifezone.memory import Memory, Question, ask, attach_demand, attach_facilities, roads_of, trip_of
from lifezone.model import Bools, Floats, Ints, Requirement, TravelTimes, World

if TYPE_CHECKING:
    from lifezone.access import NearestTrip

__all__ = [
    "Memory", "ask_all", "attach_demand", "attach_facilities", "border_of", "density_of", "nearest_trip", "off_network",
    "off_roads", "pairs_of", "roads_of", "slower", "walking_mps",
]  # fmt: skip


def nearest_trip(world: World, requirement: Requirement, memory: Memory) -> NearestTrip:
    """Return the trip that counts for a requirement at every demand point.

    For ``match: any`` one search runs from the open facilities of all its kinds; for ``all`` one a kind, and the
    slowest counts. A requirement for the k-th nearest takes that trip; one at a share of the speeds has slower roads.
    """
    from lifezone.access import combine, kth_nearest  # noqa: PLC0415

    if requirement.speed_share is not None:
        world = slower(world, requirement, memory)
    if requirement.nearest > 1:
        return kth_nearest(pairs_of(world, requirement, memory), requirement.nearest)
    bound_to = {one.kind for one in world.allowed} & set(requirement.kinds)
    if requirement.match == "any" and not bound_to:
        return _nearest(world, requirement, requirement.kinds, memory)
    trips = [_nearest(world, requirement, (kind,), memory) for kind in requirement.kinds if kind not in bound_to]
    trips += [_in_areas(world, requirement, kind, memory) for kind in requirement.kinds if kind in bound_to]
    match, metric = requirement.match, requirement.metric
    return memory.once(("combined", match, metric), trips, lambda: combine(trips, match, metric=metric))


def _in_areas(world: World, requirement: Requirement, kind: str, memory: Memory) -> NearestTrip:
    """Return the trips to one kind of facility within its attendance areas, one search an area."""
    from lifezone.access import nearest  # noqa: PLC0415
    from lifezone.standards.attendance import catchment_of, within_areas  # noqa: PLC0415

    free, catchment = _nearest(world, requirement, (kind,), memory), catchment_of(world, kind)
    if catchment is None:
        return free

    def search(positions: Ints, rows: Ints) -> NearestTrip:
        return nearest(_times_to(world, requirement, positions, memory, rows))

    return within_areas(free, catchment, search)


def _times_to(
    world: World, requirement: Requirement, positions: Ints, memory: Memory, rows: Ints | None = None
) -> TravelTimes:
    """Search for the nearest of some facilities from all demand points, or from some rows of them."""
    from lifezone.routing import nearest  # noqa: PLC0415

    mode = requirement.mode
    given = world.given_times(mode, requirement.direction)
    if given is not None:
        people = world.demand if rows is None else world.demand.take(rows)
        return given.between(people, world.facilities, positions, requirement.metric)
    attached = attach_demand(world, mode, memory)
    return nearest(
        roads_of(world, mode, memory),
        attached if rows is None else attached.take(rows),
        attach_facilities(world, positions, mode, memory),
        positions,
        metric=requirement.metric,
        direction=requirement.direction,
    )


def _nearest(world: World, requirement: Requirement, kinds: tuple[str, ...], memory: Memory) -> NearestTrip:
    """Search once for the nearest open facility of some kinds; a repeated question is remembered."""
    from lifezone.access import nearest_given  # noqa: PLC0415

    facilities, mode = world.facilities, requirement.mode
    positions = facilities.open_of(kinds, requirement.least_capacity)
    given = world.given_times(mode, requirement.direction)
    if given is not None:
        asked = ("given", requirement.metric, positions.tobytes())
        return memory.once(
            asked, [given, world.demand, facilities], lambda: nearest_given(given, world, positions, requirement.metric)
        )
    return trip_of(world, _question(requirement, kinds), memory)


def ask_all(world: World, requirements: Sequence[Requirement], memory: Memory) -> None:
    """Ask for the nearest facilities of all requirements that roads answer, so that they are answered together."""
    from lifezone.standards import has_source  # noqa: PLC0415

    on_roads = [
        rule
        for rule in requirements
        if rule.mode in world.network.seconds
        and rule.speed_share is None
        and rule.nearest == 1
        and has_source(rule, world.facilities.kinds)
        and world.given_times(rule.mode, rule.direction) is None
    ]
    bound_to = {one.kind for one in world.allowed}
    questions = [
        _question(rule, kinds)
        for rule in on_roads
        for kinds in (
            [rule.kinds] if rule.match == "any" and not bound_to & set(rule.kinds) else [(kind,) for kind in rule.kinds]
        )
    ]
    ask(world, questions, memory)


def _question(rule: Requirement, kinds: tuple[str, ...]) -> Question:
    """Return what a requirement asks of the roads about some kinds."""
    return Question(rule.mode, rule.metric, rule.direction, kinds, rule.least_capacity)


def pairs_of(world: World, requirement: Requirement, memory: Memory, reach: float | None = None) -> TravelTimes:
    """Return trips to the k nearest open facilities of every point, or to all within a reach."""
    from lifezone.routing import k_nearest, within  # noqa: PLC0415

    mode, positions = requirement.mode, world.facilities.open_of(requirement.kinds, requirement.least_capacity)
    given = world.given_times(mode, requirement.direction)
    if given is not None:
        return given.between(world.demand, world.facilities, positions, requirement.metric)
    roads, people = roads_of(world, mode, memory), attach_demand(world, mode, memory)
    supply = attach_facilities(world, positions, mode, memory)
    if reach is None:
        return k_nearest(
            roads, people, supply, positions, requirement.nearest, metric=requirement.metric,
            direction=requirement.direction,
        )  # fmt: skip
    return within(roads, people, supply, positions, reach, metric=requirement.metric, direction=requirement.direction)


def slower(world: World, requirement: Requirement, memory: Memory) -> World:
    """Return the world with one mode driven at a share of its speeds; made once per network, so that roads are too.

    Modelled speeds are themselves a share of the legal limits (``World.limit_factor``): a share of the limit is brought
    to one of them.
    """
    network, mode = world.network, requirement.mode
    if world.given_times(mode, requirement.direction) is not None:
        return world  # ready-made times are taken as they are; the warnings say so
    share = requirement.speed_share or 1.0
    if requirement.share_of == "limit":
        share /= world.limit_factor
    slow = memory.once(
        ("slower", mode, share),
        [network],
        lambda: replace(network, seconds={**network.seconds, mode: network.seconds[mode] / share}),
    )
    return replace(world, network=slow)


def off_network(world: World, mode: str, memory: Memory) -> Bools:
    """Return bool[P] where no road of the mode lies within the access limit."""
    off: Bools = attach_demand(world, mode, memory).anchors.segment < 0
    return off


def off_roads(world: World, requirement: Requirement, memory: Memory) -> Bools:
    """Return bool[P] points off the network; nobody is where the times are ready-made."""
    if world.given_times(requirement.mode, requirement.direction) is not None:
        return np.zeros(world.demand.n_points, np.bool_)
    return off_network(world, requirement.mode, memory)


def border_of(world: World, requirement: Requirement, memory: Memory) -> Floats | None:
    """Return f64[P] the least value at which the loaded roads can be left, or None when they were not cut."""
    from lifezone.routing import border_times  # noqa: PLC0415

    if not world.network.ways_out.any():
        return None

    def search() -> Floats:
        return border_times(
            roads_of(world, requirement.mode, memory),
            attach_demand(world, requirement.mode, memory),
            metric=requirement.metric,
            direction=requirement.direction,
        )

    if requirement.speed_share is not None:
        world = slower(world, requirement, memory)
    key = ("border", requirement.mode, requirement.metric, requirement.direction)
    return memory.once(key, [world.network, world.demand], search)


def density_of(world: World, requirement: Requirement, memory: Memory) -> Floats | None:
    """Return f64[P] people per km² where the requirement's bounds follow them."""
    from lifezone.standards.density import people_per_km2  # noqa: PLC0415

    if not requirement.by_density:
        return None
    of = requirement.density_of
    return memory.once(("density", of), [world.demand, world.districts], lambda: people_per_km2(world, of))


def walking_mps(world: World) -> float:
    """Return the walking speed of the loaded roads: metres over seconds of everything open to people on foot."""
    seconds = world.network.seconds.get("walk")
    if seconds is None:
        return world.access["walk"].speed_mps
    network = world.network
    ferry = network.ways.index("ferry") if "ferry" in network.ways else -1
    moving = np.isfinite(seconds) & (seconds > 0) & np.repeat(network.way != ferry, 2)
    if not moving.any():
        return world.access["walk"].speed_mps
    return float(np.median(np.repeat(network.metres, 2)[moving] / seconds[moving]))
