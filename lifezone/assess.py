"""Judge one world by one standard: travel times → verdicts → life deserts. The same function for every variant.

The questions to roads and tables are asked in :mod:`lifezone.searches`, which remembers the answers; what people must
be told of them is in :mod:`lifezone.caveats`.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from lifezone.caveats import area_warnings, capacity_warnings, given_warnings, group_of, people_warnings, road_parts
from lifezone.designate import designate
from lifezone.model import (
    Access,
    Assessment,
    Bools,
    Convention,
    Desert,
    Facilities,
    Ints,
    Reading,
    Requirement,
    Standard,
    Verdicts,
    World,
)
from lifezone.progress import SILENT, Progress
from lifezone.searches import (
    Memory,
    ask_all,
    attach_demand,
    attach_facilities,
    border_of,
    density_of,
    nearest_trip,
    off_roads,
    pairs_of,
    roads_of,
    slower,
    walking_mps,
)

__all__ = ["Memory", "assess", "attach_demand", "attach_facilities", "nearest_trip", "road_parts", "roads_of"]


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
        ask_all(world, bounded, memory)
        for requirement in bounded:
            verdicts[requirement.id] = _verdicts(world, requirement, memory, warnings)
            advance(1)
    deficits = np.zeros(world.demand.n_points, dtype=np.int32)
    for verdict in verdicts.values():
        deficits += (verdict.judged & ~verdict.met).astype(np.int32)
    warnings += people_warnings(world, bounded, verdicts, memory)
    warnings += area_warnings(world, bounded)
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
        designations=tuple(designate(world, standard, verdicts, memory)),
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

        def read(rule: Requirement | None = rule, convention: Convention = convention) -> Reading:
            with memory.passing("trip"):  # only the reading is kept
                trip = None if rule is None else nearest_trip(world, rule, memory)
            return reading(convention, rule, trip, verdicts, density=density_of(world, requirement, memory))

        # verdicts that a variant leaves as they were are the same object, and so are their readings
        owners = [convention, requirement, verdicts, world.network, world.demand]
        found.append(memory.once(("reading",), owners, read))
    return tuple(found)


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
    warnings += capacity_warnings(requirement, world)
    given = world.given_times(requirement.mode, requirement.direction)
    if given is not None:
        warnings += given_warnings(world, requirement, given)
        if not given.has(requirement.metric):
            return not_assessed(demand.n_points)
        if requirement.speed_share is not None:
            warnings.append(f"{requirement.id}: {given.source} is taken as it is, not at a share of its speeds")
    elif requirement.mode not in world.network.seconds:
        warnings.append(f"{requirement.id}: not assessed, the roads have no times for {requirement.mode}")
        return not_assessed(demand.n_points)
    walk_mps = walking_mps(world)
    density = density_of(world, requirement, memory)
    instead = effective_group(requirement, demand)[1]
    if instead is not None:
        warnings.append(instead)
    coarse = too_coarse(requirement, demand, walk_mps, density)
    people = np.where(demand.inside, demand.of(group_of(requirement, world)), 0.0)
    if coarse is not None and people[coarse].sum() > 0:
        warnings.append(
            f"{requirement.id}: not assessed for {shown_group(float(people[coarse].sum()))} people in cells that could "
            f"not be spread and are too coarse for a bound of {requirement.bound_text}"
        )
    trip = nearest_trip(world, requirement, memory)
    has_open = _has_open(facilities, requirement)

    def judged() -> Verdicts:
        return judge(
            requirement,
            trip,
            demand,
            access=world.access[requirement.mode] if given is None else Access(np.inf, walk_mps),
            off_network=off_roads(world, requirement, memory),
            has_open=has_open,
            border=None if given is not None else border_of(world, requirement, memory),
            too_coarse=coarse,
            density=density,
        )

    # a trip that a variant leaves as it was is the same object, and so is its verdict
    verdicts: Verdicts = memory.once(("judged", has_open), [requirement, trip, demand, world.network], judged)
    if given is not None:  # access walks are not told
        verdicts = replace(verdicts, access_m=np.where(np.isfinite(verdicts.access_m), np.nan, verdicts.access_m))
    refused = refusal(requirement, demand, walk_mps)
    if refused is not None:
        warnings.append(refused)
        return unjudged(verdicts)
    return verdicts if requirement.capacity is None else _with_places(world, requirement, verdicts, memory, warnings)


def _with_places(
    world: World, requirement: Requirement, verdicts: Verdicts, memory: Memory, warnings: list[str]
) -> Verdicts:
    """Count who finds a place within the bound (D8); everybody of the group competes, whatever their setting."""
    from lifezone.standards.places import headcount, untested  # noqa: PLC0415

    why = untested(requirement, world.facilities)
    if why is not None:
        warnings.append(why)
        return verdicts
    reached = world
    if requirement.speed_share is not None:
        reached = slower(world, requirement, memory)
    pairs = pairs_of(reached, requirement, memory, requirement.widest_bound)
    served, full, told = headcount(
        world, requirement, verdicts, pairs,
        group=group_of(requirement, world), density=density_of(world, requirement, memory),
    )  # fmt: skip
    warnings += told
    return replace(verdicts, served=served, full=full)


def _has_open(facilities: Facilities, requirement: Requirement) -> bool:
    """Tell whether enough facilities are open at all: the k-th nearest needs k of them, ``all`` one of each kind."""
    if requirement.match == "all":
        return all(len(facilities.open_of([kind], requirement.least_capacity)) > 0 for kind in requirement.kinds)
    return len(facilities.open_of(requirement.kinds, requirement.least_capacity)) >= requirement.nearest


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
