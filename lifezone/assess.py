"""Judge one world by one standard: travel times → verdicts → life deserts. The same function for every variant.

What a variant leaves unchanged is not computed again: :class:`Memory` keeps roads per network and mode, and trips per
question, under the identity of the arrays that went in.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np

from lifezone.errors import some_of
from lifezone.model import (
    Access,
    Assessment,
    Bools,
    Desert,
    Facilities,
    Floats,
    GivenTimes,
    Ints,
    Reading,
    Requirement,
    SearchGraph,
    Standard,
    TravelTimes,
    Verdicts,
    World,
)
from lifezone.progress import SILENT, Progress

if TYPE_CHECKING:
    from lifezone.access import NearestTrip
    from lifezone.routing import Attached, ModeRoads

__all__ = ["Memory", "assess", "attach_demand", "attach_facilities", "nearest_trip", "road_parts", "roads_of"]

T = TypeVar("T")


@dataclass
class Memory:
    """What one run computes once and uses again.

    Keys name objects by identity; ``held`` keeps those objects alive, so that no identity is ever reused.
    """

    made: dict[tuple[Any, ...], Any] = field(default_factory=dict)
    held: list[object] = field(default_factory=list)
    graph_of: Callable[[World, str], SearchGraph] | None = None

    def once(self, key: tuple[Any, ...], owners: Sequence[object], make: Callable[[], T]) -> T:
        """Return what was made under ``key`` and the identities of ``owners``, making it when it is missing."""
        key = (*key, *(id(owner) for owner in owners))
        if key not in self.made:
            self.made[key] = make()
            self.held.extend(owners)
        made: T = self.made[key]
        return made


def roads_of(world: World, mode: str, memory: Memory) -> ModeRoads:
    """Return one mode's search graph of a world's network, contracted once per network."""
    from lifezone.routing import ModeRoads  # noqa: PLC0415  (numba loads when a search is needed, not before)

    def make() -> ModeRoads:
        graph = memory.graph_of(world, mode) if memory.graph_of else None
        return ModeRoads.build(world.network, mode, world.access[mode], graph)

    return memory.once(("roads", mode), [world.network], make)


def attach_demand(world: World, mode: str, memory: Memory) -> Attached:
    """Hang every demand point on its road, once per network and demand."""
    demand, roads = world.demand, roads_of(world, mode, memory)
    return memory.once(("demand", mode), [world.network, demand], lambda: roads.attach(demand.x_m, demand.y_m))


def attach_facilities(world: World, positions: Ints, mode: str, memory: Memory) -> Attached:
    """Hang some facilities on their roads."""
    return roads_of(world, mode, memory).attach(world.facilities.x_m[positions], world.facilities.y_m[positions])


def assess(
    world: World, standard: Standard, *, memory: Memory | None = None, progress: Progress = SILENT
) -> Assessment:
    """Judge one world by one standard.

    Args:
        world: roads, people and facilities; ``world.access`` has an entry per mode that the standard uses.
        standard: its requirements with a bound are judged, in order; the desert test, if any, follows.
        memory: shared by the variants of a run, so that nothing unchanged is computed again.
        progress: where to show progress.

    Returns:
        Verdicts, deficits and deserts, with warnings that say how many people each concerns.
    """
    memory = memory or Memory()
    warnings: list[str] = []
    verdicts: dict[str, Verdicts] = {}
    bounded = [requirement for requirement in standard.requirements if requirement.bound is not None]
    with progress.step("travel times", len(bounded)) as advance:
        for requirement in bounded:
            verdicts[requirement.id] = _verdicts(world, requirement, memory, warnings)
            advance(1)
    deficits = np.zeros(world.demand.n_points, dtype=np.int32)
    for verdict in verdicts.values():
        deficits += (verdict.judged & ~verdict.met).astype(np.int32)
    warnings += _people_warnings(world, bounded, verdicts, memory)
    official = {rule.id: _readings(world, rule, verdicts[rule.id], memory) for rule in bounded if rule.official}
    with progress.step("life deserts", 1) as advance:
        lost, deep_lost, label, deserts = _deserts(world, standard, verdicts, memory, warnings)
        advance(1)
    return Assessment(
        standard=standard,
        verdicts=verdicts,
        deficits=deficits,
        lost=lost,
        desert=label,
        deserts=deserts,
        warnings=tuple(dict.fromkeys(warnings)),
        deep=deep_lost,
        official=official,
    )


def _readings(world: World, requirement: Requirement, verdicts: Verdicts, memory: Memory) -> tuple[Reading, ...]:
    """Read a requirement as official evaluations do (D7), each by a search of its own kind."""
    from lifezone.standards.official import as_read, reading  # noqa: PLC0415

    found = []
    given = world.given_times(requirement.mode, requirement.direction)
    for convention in requirement.official:
        rule = as_read(requirement, convention)
        if not verdicts.judged.any():
            continue
        if given is not None and rule is not None and (rule.speed_share is not None or not given.has(rule.metric)):
            continue  # a ready-made table tells neither other speeds nor what it does not give
        trip = None if rule is None else nearest_trip(world, rule, memory)
        found.append(reading(convention, rule, trip, verdicts, density=_density(world, requirement, memory)))
    return tuple(found)


def nearest_trip(world: World, requirement: Requirement, memory: Memory) -> NearestTrip:
    """Return the trip that counts for a requirement at every demand point.

    For ``match: any`` one search runs from the open facilities of all its kinds; for ``all`` one a kind, and the
    slowest counts. A requirement for the k-th nearest takes that trip; one at a share of the speeds has slower roads.
    """
    from lifezone.access import combine, kth_nearest  # noqa: PLC0415

    if requirement.speed_share is not None:
        world = _slower(world, requirement.mode, requirement.speed_share, memory)
    if requirement.nearest > 1:
        return kth_nearest(_pairs(world, requirement, memory), requirement.nearest)
    if requirement.match == "any":
        return _nearest(world, requirement, requirement.kinds, memory)
    trips = [_nearest(world, requirement, (kind,), memory) for kind in requirement.kinds]
    return combine(trips, requirement.match, metric=requirement.metric)


def _nearest(world: World, requirement: Requirement, kinds: tuple[str, ...], memory: Memory) -> NearestTrip:
    """Search once for the nearest open facility of some kinds; a repeated question is remembered."""
    from lifezone.access import NearestTrip, nearest_given  # noqa: PLC0415

    facilities, mode = world.facilities, requirement.mode
    positions = facilities.open_of(kinds, requirement.least_capacity)
    given = world.given_times(mode, requirement.direction)
    if given is not None:
        asked = ("given", requirement.metric, positions.tobytes())
        return memory.once(
            asked, [given, world.demand, facilities], lambda: nearest_given(given, world, positions, requirement.metric)
        )
    from lifezone.routing import nearest  # noqa: PLC0415

    places = (positions.tobytes(), facilities.x_m[positions].tobytes(), facilities.y_m[positions].tobytes())

    def search() -> NearestTrip:
        times = nearest(
            roads_of(world, mode, memory),
            attach_demand(world, mode, memory),
            attach_facilities(world, positions, mode, memory),
            positions,
            metric=requirement.metric,
            direction=requirement.direction,
        )
        return NearestTrip(*times.nearest())

    key = ("trip", mode, requirement.metric, requirement.direction, *places)
    return memory.once(key, [world.network, world.demand], search)


def _pairs(world: World, requirement: Requirement, memory: Memory, reach: float | None = None) -> TravelTimes:
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


def _slower(world: World, mode: str, share: float, memory: Memory) -> World:
    """Return the world with one mode driven at a share of its speeds; made once per network, so that roads are too."""
    network = world.network
    slow = memory.once(
        ("slower", mode, share),
        [network],
        lambda: replace(network, seconds={**network.seconds, mode: network.seconds[mode] / share}),
    )
    return replace(world, network=slow)


def _verdicts(world: World, requirement: Requirement, memory: Memory, warnings: list[str]) -> Verdicts:
    """Judge one requirement, or say why it is not assessed."""
    from lifezone.standards import (  # noqa: PLC0415
        effective_group,
        has_source,
        judge,
        not_assessed,
        refusal,
        shown_group,
        too_coarse,
        unjudged,
    )  # fmt: skip

    demand, facilities = world.demand, world.facilities
    if not has_source(requirement, facilities.kinds):
        missing = [kind for kind in requirement.kinds if kind not in facilities.kinds]
        warnings.append(f"{requirement.id}: not assessed, no source gives facilities of {', '.join(missing)}")
        return not_assessed(demand.n_points)
    warnings += _capacity_warnings(requirement, world)
    given = world.given_times(requirement.mode, requirement.direction)
    if given is not None:
        warnings += _given_warnings(world, requirement, given)
        if not given.has(requirement.metric):
            return not_assessed(demand.n_points)
        if requirement.speed_share is not None:
            warnings.append(f"{requirement.id}: {given.source} is taken as it is, not at a share of its speeds")
    elif requirement.mode not in world.network.seconds:
        warnings.append(f"{requirement.id}: not assessed, the roads have no times for {requirement.mode}")
        return not_assessed(demand.n_points)
    walk_mps = _walking_mps(world)
    density = _density(world, requirement, memory)
    instead = effective_group(requirement, demand)[1]
    if instead is not None:
        warnings.append(instead)
    coarse = too_coarse(requirement, demand, walk_mps, density)
    people = np.where(demand.inside, demand.of(_group(requirement, world)), 0.0)
    if coarse is not None and people[coarse].sum() > 0:
        warnings.append(
            f"{requirement.id}: not assessed for {shown_group(float(people[coarse].sum()))} people in cells that could "
            f"not be spread and are too coarse for a bound of {requirement.bound_text}"
        )
    verdicts: Verdicts = judge(
        requirement,
        nearest_trip(world, requirement, memory),
        demand,
        access=world.access[requirement.mode] if given is None else Access(np.inf, walk_mps),
        off_network=_off_roads(world, requirement, memory),
        has_open=_has_open(facilities, requirement),
        border=None if given is not None else _border(world, requirement, memory),
        too_coarse=coarse,
        density=density,
    )
    if given is not None:  # access walks are not told
        verdicts = replace(verdicts, access_m=np.where(np.isfinite(verdicts.access_m), np.nan, verdicts.access_m))
    refused = refusal(requirement, demand, walk_mps)
    if refused is not None:
        warnings.append(refused)
        return unjudged(verdicts)
    return verdicts


def _off_roads(world: World, requirement: Requirement, memory: Memory) -> Bools:
    """Return bool[P] points off the network; nobody is where the times are ready-made."""
    if world.given_times(requirement.mode, requirement.direction) is not None:
        return np.zeros(world.demand.n_points, np.bool_)
    return off_network(world, requirement.mode, memory)


def _capacity_warnings(requirement: Requirement, world: World) -> list[str]:
    """Say how many facilities do not count because of a least capacity: too small, or not known."""
    if requirement.least_capacity is None:
        return []
    capacity = world.facilities.capacity[world.facilities.open_of(requirement.kinds)]
    unknown, small = int(np.isnan(capacity).sum()), int((capacity < requirement.least_capacity).sum())
    if not unknown + small:
        return []
    return [
        f"{requirement.id}: of {len(capacity):,} open facilities {small:,} have a capacity under "
        f"{requirement.least_capacity:g} and {unknown:,} none that is known; they do not count"
    ]


def _given_warnings(world: World, requirement: Requirement, given: GivenTimes) -> list[str]:
    """Say what a ready-made table cannot answer for a requirement: its metric, facilities and people without rows."""
    from lifezone.standards import shown_group  # noqa: PLC0415

    if not given.has(requirement.metric):
        what = "seconds" if requirement.metric == "time" else "metres"
        return [f"{requirement.id}: not assessed, {given.source} gives no {what}"]
    warnings = []
    positions = world.facilities.open_of(requirement.kinds, requirement.least_capacity)
    unknown = positions[~given.knows_places(world.facilities, positions)]
    if len(unknown):
        warnings.append(
            f"{requirement.id}: {len(unknown):,} of {len(positions):,} open facilities stand in no row of "
            f"{given.source} and serve nobody: {some_of(world.facilities.ids[unknown].tolist())}"
        )
    demand = world.demand
    silent = demand.inside & ~given.knows_points(demand) & (demand.total > 0)
    if silent.any():
        warnings.append(
            f"{given.source}: {shown_group(float(demand.total[silent].sum()))} people at {int(silent.sum()):,} demand "
            "points stand in no row and reach nothing"
        )
    return warnings


def _has_open(facilities: Facilities, requirement: Requirement) -> bool:
    """Tell whether enough facilities are open at all: the k-th nearest needs k of them, ``all`` one of each kind."""
    if requirement.match == "all":
        return all(len(facilities.open_of([kind], requirement.least_capacity)) > 0 for kind in requirement.kinds)
    return len(facilities.open_of(requirement.kinds, requirement.least_capacity)) >= requirement.nearest


def _density(world: World, requirement: Requirement, memory: Memory) -> Floats | None:
    """Return f64[P] people per km² where the requirement's bounds follow them."""
    from lifezone.standards.density import people_per_km2  # noqa: PLC0415

    if not requirement.by_density:
        return None
    of = requirement.density_of
    return memory.once(("density", of), [world.demand, world.districts], lambda: people_per_km2(world, of))


def off_network(world: World, mode: str, memory: Memory) -> Bools:
    """Return bool[P] where no road of the mode lies within the access limit."""
    off: Bools = attach_demand(world, mode, memory).anchors.segment < 0
    return off


def _border(world: World, requirement: Requirement, memory: Memory) -> Floats | None:
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
        world = _slower(world, requirement.mode, requirement.speed_share, memory)
    key = ("border", requirement.mode, requirement.metric, requirement.direction)
    return memory.once(key, [world.network, world.demand], search)


def _walking_mps(world: World) -> float:
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


def _people_warnings(
    world: World, bounded: Sequence[Requirement], verdicts: dict[str, Verdicts], memory: Memory
) -> list[str]:
    """Say how many people each caveat concerns; small counts as they may be shown (the manifest counts them all)."""
    from lifezone.standards import shown_group  # noqa: PLC0415

    demand = world.demand
    people = np.where(demand.inside, demand.total, 0.0)
    total = float(people.sum())
    warnings = []
    routed = [rule for rule in bounded if world.given_times(rule.mode, rule.direction) is None]
    for mode in dict.fromkeys(rule.mode for rule in routed if rule.mode in world.network.seconds):
        off = off_network(world, mode, memory)
        concerned = off & (people > 0)
        if concerned.any():
            off_people = shown_group(float(people[off].sum()))
            warnings.append(
                f"{mode}: {int(concerned.sum()):,} of {int((people > 0).sum()):,} demand points ({off_people} of "
                f"{total:,.0f} people) are over {world.access[mode].limit_m:g} m from any road of this mode"
            )
        warnings += [
            f"{mode}: a part of the roads of {part['kilometres']:,.1f} km is not connected both ways with the largest "
            f"one; {shown_group(part['people'])} people hang on it"
            for part in road_parts(world, mode, memory)
            if part["people"] > 0
        ]
        warnings += _far_facilities(world, [rule for rule in routed if rule.mode == mode], memory)
    at_most, hanging = [], []
    for requirement in bounded:
        verdict = verdicts[requirement.id]
        of_group = np.where(demand.inside, demand.of(_group(requirement, world)), 0.0)
        at_most.append((requirement.id, float(of_group[verdict.judged & ~verdict.certified].sum())))
        hanging.append((requirement.id, float(of_group[verdict.hangs_on_access].sum())))
    for counts, what in (
        (at_most, "a nearer facility beyond the loaded roads cannot be ruled out (values are 'at most') for people"),
        (hanging, "the verdict hangs on the access leg alone for people"),
    ):
        told = [f"{key} {shown_group(count)}" for key, count in counts if count > 0]
        if told:
            warnings.append(f"{what}: {', '.join(told)}")
    return warnings


def _far_facilities(world: World, requirements: Sequence[Requirement], memory: Memory) -> list[str]:
    """Name the open facilities that nobody can reach because no road of the requirements' mode is near them."""
    mode, facilities = requirements[0].mode, world.facilities
    kinds = sorted({kind for requirement in requirements for kind in requirement.kinds})
    positions = facilities.open_of(kinds)
    far = positions[attach_facilities(world, positions, mode, memory).anchors.segment < 0]
    if not len(far):
        return []
    return [
        f"{mode}: {len(far):,} of {len(positions):,} open facilities are over {world.access[mode].limit_m:g} m from "
        f"any road of this mode and serve nobody: {some_of(facilities.ids[far].tolist())}"
    ]


def _group(requirement: Requirement, world: World) -> str:
    """Return the group whose people a requirement counts."""
    from lifezone.standards import effective_group  # noqa: PLC0415

    return effective_group(requirement, world.demand)[0]


def road_parts(world: World, mode: str, memory: Memory, *, most: int = 20) -> list[dict[str, Any]]:
    """Tell the parts of one mode's roads that are not connected both ways with the largest part.

    Returns:
        By falling people, then length, at most ``most``: part number, kilometres of road (each direction counted half),
        nodes, and people of the study area who hang on it. Parts without people and shorter than 100 m are left out.
    """
    graph = roads_of(world, mode, memory).graph
    attached = attach_demand(world, mode, memory)
    demand = world.demand
    people = np.where(demand.inside, demand.total, 0.0)
    n_parts = len(graph.part_metres)
    node = attached.leaving.node[:, 0]
    node = np.where(node < 0, attached.leaving.node[:, 1], node)
    here = np.where(node >= 0, graph.part[node], -1) if graph.n_nodes else np.full(len(node), -1)
    on_part = np.bincount(here[here >= 0], weights=people[here >= 0], minlength=n_parts)
    nodes = np.bincount(graph.part, minlength=n_parts)
    apart = [p for p in range(1, n_parts) if on_part[p] > 0 or graph.part_metres[p] >= 200.0]
    apart.sort(key=lambda p: (-on_part[p], -graph.part_metres[p], p))
    return [
        {
            "part": p,
            "kilometres": round(float(graph.part_metres[p]) / 2000.0, 3),
            "nodes": int(nodes[p]),
            "people": float(on_part[p]),
        }
        for p in apart[:most]
    ]


def _deserts(
    world: World, standard: Standard, verdicts: dict[str, Verdicts], memory: Memory, warnings: list[str]
) -> tuple[Bools, Bools, Ints, tuple[Desert, ...]]:
    """Find what is lost where, where everything is (deep), and the life deserts, joined along the walking network."""
    from lifezone.standards import deep, find_deserts, judged_functions, lost_functions  # noqa: PLC0415

    demand, test = world.demand, standard.desert
    if test is None:
        none = np.zeros((demand.n_points, 0), np.bool_)
        return none, np.zeros(demand.n_points, np.bool_), np.full(demand.n_points, -1, np.int32), ()
    lost, assessed = lost_functions(test, verdicts, demand.n_points)
    silent = [function for function in test.functions if function not in assessed]
    if silent:
        warnings.append(f"life deserts: {', '.join(silent)} could not be assessed, so there may be more deserts")
    mode = "walk" if "walk" in world.network.seconds else next(iter(world.network.seconds), "")

    def group_label(rows: Ints, shares: np.ndarray) -> Ints:
        if not mode:
            from lifezone.access import groups_by_air  # noqa: PLC0415

            warnings.append("life deserts are joined in a straight line, as there are no roads")
            return groups_by_air(demand.x_m[rows], demand.y_m[rows], test.link_m, shares)
        from lifezone.routing import linked_groups  # noqa: PLC0415

        attached = attach_demand(world, mode, memory).take(rows)
        return linked_groups(roads_of(world, mode, memory), attached, test.link_m, shares)

    label, deserts = find_deserts(test, lost, demand, world.districts, world.places, group_label, verdicts=verdicts)
    return lost, deep(lost, judged_functions(test, verdicts, demand.n_points)), label, deserts
