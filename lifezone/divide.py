"""From a world and the scenario's zoning blocks to what divides the map by how people live.

asked   = ask(world, spec, …)       what is asked, checked against the world; files of these blocks are read
zoning  = divide(asked)             travel times → life zones of every function → Zoning
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from lifezone.errors import Fault, InputError
from lifezone.model import Floats, TravelTimes, World, Zones, Zoning
from lifezone.progress import SILENT, Progress
from lifezone.searches import Memory, attach_demand, attach_facilities, roads_of

if TYPE_CHECKING:
    from lifezone.scenario.spec import ScenarioSpec
    from lifezone.sources.reading import Reading
    from lifezone.zoning.centres import Centres
    from lifezone.zoning.spec import FunctionSpec

__all__ = ["Asked", "ask", "divide"]

_TO: Final = "to_facility"


@dataclass(frozen=True, eq=False)
class Asked:
    """What is to be divided, without faults.

    Attributes:
        world: the world.
        functions: life zones asked for.
    """

    world: World
    functions: tuple[FunctionSpec, ...] = ()


def ask(world: World, spec: ScenarioSpec, reading: Reading | None = None) -> Asked:  # noqa: ARG001
    """Check everything that a scenario asks to divide against its world.

    Args:
        world: people, facilities, roads or ready-made times.
        spec: the scenario.
        reading: the study, for blocks that read files of their own.

    Raises:
        InputError: every fault of these blocks, with its path in the scenario.
    """
    functions = () if spec.zones is None else tuple(spec.zones.functions)
    faults = [
        fault.under(("zones", "functions", position))
        for position, function in enumerate(functions)
        for fault in _function_faults(world, function)
    ]
    if faults:
        raise InputError(faults)
    return Asked(world, functions)


def divide(asked: Asked, *, memory: Memory | None = None, progress: Progress = SILENT) -> Zoning:
    """Divide a world.

    Args:
        asked: what is asked.
        memory: what a run computed already.
        progress: where to show progress.
    """
    memory = memory or Memory()
    with progress.step("life zones", len(asked.functions)) as advance:
        functions = []
        for function in asked.functions:
            functions.append(_life_zones(asked.world, function, memory))
            advance(1)
    return Zoning(functions=tuple(functions))


def _function_faults(world: World, spec: FunctionSpec) -> Iterator[Fault]:
    """Yield what of a function does not fit the world."""
    facilities, demand = world.facilities, world.demand
    for kind in spec.kinds:
        if kind not in facilities.kinds:
            have = ", ".join(facilities.kinds) or "none"
            yield Fault(f"no facilities of kind {kind!r} are given; there are {have}", ("kinds",))
    for group, weight in spec.groups.items():
        if group not in demand.groups:
            have = ", ".join(demand.groups)
            yield Fault(f"people are not given by the group {group!r}; there are {have}", ("groups", group))
        elif not (np.isfinite(weight) and weight >= 0):
            yield Fault(f"a weight is a number of 0 or more, got {weight}", ("groups", group))
    given = world.given_times(spec.mode, _TO)
    if given is None and spec.mode not in world.network.seconds:
        modes = dict.fromkeys([*world.network.seconds, *(times.mode for times in world.times if times.mode)])
        have = ", ".join(modes) or "none"
        yield Fault(f"there are no travel times for mode {spec.mode!r}; there are {have}", ("mode",))
    elif given is not None and not given.has(spec.farthest.metric):
        unit = "seconds" if spec.farthest.metric == "time" else "metres"
        yield Fault(f"the ready-made times have no {unit}, in which the reach is given", ("reach",))


def _weights(world: World, spec: FunctionSpec) -> Floats:
    """Return f64[P] the function's people: its groups by their weights."""
    demand = world.demand
    weight = np.zeros(demand.n_points)
    for group, factor in spec.groups.items():
        weight += factor * demand.of(group)
    return weight


def _life_zones(world: World, spec: FunctionSpec, memory: Memory) -> Zones:
    """Divide the people of one function among its centres."""
    from lifezone.zoning.assign import nearest_centre, zones_of  # noqa: PLC0415
    from lifezone.zoning.centres import centres_of  # noqa: PLC0415
    from lifezone.zoning.choices import choices_of  # noqa: PLC0415

    supply = world.facilities
    centres = centres_of(supply, supply.open_of(spec.kinds, spec.least_capacity), spec.centre)
    reach, weight = spec.farthest, _weights(world, spec)
    choices = choices_of(_nearest_times(world, spec, centres, memory), centres, reach.value)
    assigned = nearest_centre(choices, weight)
    label, zones = zones_of(
        assigned, centres, supply, weight=weight, inside=world.demand.inside, capture=spec.capture
    )  # fmt: skip
    return Zones(
        id=spec.id, function=spec.function or spec.id, level=spec.level, name_ko=spec.name.ko, name_en=spec.name.en,
        kinds=spec.kinds, mode=spec.mode, metric=reach.metric, reach=reach.value, label=label, cost=assigned.cost,
        share=assigned.share, weight=weight, zones=zones,
    )  # fmt: skip


def _nearest_times(world: World, spec: FunctionSpec, centres: Centres, memory: Memory) -> TravelTimes:
    """Return the trip of every demand point to its nearest facility; ties go to the lowest id."""
    from lifezone.routing import nearest  # noqa: PLC0415

    given, metric = world.given_times(spec.mode, _TO), spec.farthest.metric
    if given is not None:
        return given.between(world.demand, world.facilities, centres.facility, metric)
    return nearest(
        roads_of(world, spec.mode, memory), attach_demand(world, spec.mode, memory),
        attach_facilities(world, centres.facility, spec.mode, memory), centres.facility, metric=metric,
    )  # fmt: skip
