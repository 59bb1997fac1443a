"""Whether what is asked of life zones fits the world it is asked about."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import numpy as np

from lifezone.errors import Fault, InputError, some_of
from lifezone.model import World
from lifezone.zoning.people import group_faults, weights_of
from lifezone.zoning.spec import FunctionSpec
from lifezone.zoning.thresholds import PEOPLE, resolved
from lifezone.zoning.units import by_district

__all__ = ["function_faults"]

_EVERYBODY: Final = {"total": 1.0}
LEAST_DISTRICTS: Final = 10
"""Districts below which no threshold is fitted."""


def function_faults(world: World, spec: FunctionSpec) -> Iterator[Fault]:
    """Yield what of a function does not fit the world; paths start inside the function."""
    yield from _supply_faults(world, spec)
    yield from group_faults(world, spec.groups)
    yield from _trip_faults(world, spec)
    yield from _minimum_faults(spec)
    yield from _capacity_faults(world, spec)
    yield from _unfit(world, spec)


def _supply_faults(world: World, spec: FunctionSpec) -> Iterator[Fault]:
    """Yield kinds without a source, and protected ids that are no facility of the function, open or closed."""
    facilities = world.facilities
    unknown = [kind for kind in spec.kinds if kind not in facilities.kinds]
    for kind in unknown:
        have = ", ".join(facilities.kinds) or "none"
        yield Fault(f"no facilities of kind {kind!r} are given; there are {have}", ("kinds",))
    if unknown:
        return
    codes = [facilities.kinds.index(kind) for kind in spec.kinds]
    ids = set(facilities.ids[np.isin(facilities.kind, codes)].tolist())
    missing = [one for one in spec.protected if one not in ids]
    if missing:
        yield Fault(f"{some_of(missing)}: no facilities of this function have these ids", ("protected",))


def _trip_faults(world: World, spec: FunctionSpec) -> Iterator[Fault]:
    """Yield a mode that nobody can travel by, and a reach in a unit that the times do not have."""
    for mode in spec.also_by:
        if world.given_times(mode, "to_facility") is None and mode not in world.network.seconds:
            yield Fault(f"there are no travel times for mode {mode!r}", ("also_by",))
    given = world.given_times(spec.mode, "to_facility")
    if given is None and spec.mode not in world.network.seconds:
        modes = dict.fromkeys([*world.network.seconds, *(times.mode for times in world.times if times.mode)])
        have = ", ".join(modes) or "none"
        yield Fault(f"there are no travel times for mode {spec.mode!r}; there are {have}", ("mode",))
        return
    rule = spec.assignment
    if rule.method == "huff" and rule.decay.type == "exponential" and rule.decay.scale.metric != spec.farthest.metric:
        unit = "minutes" if spec.farthest.metric == "time" else "metres"
        yield Fault(f"the reach is in {unit}: give the scale in {unit} too", ("assignment", "decay", "scale"))
    if given is not None and not given.has(spec.farthest.metric):
        unit = "seconds" if spec.farthest.metric == "time" else "metres"
        yield Fault(f"the ready-made times have no {unit}, in which the reach is given", ("reach",))


def _capacity_faults(world: World, spec: FunctionSpec) -> Iterator[Fault]:
    """Yield facilities without a capacity where that is what attracts or limits."""
    rule, supply = spec.assignment, world.facilities
    if rule.method == "huff" and rule.attraction == "capacity":
        at: tuple[str, ...] = ("assignment", "attraction")
    elif rule.method == "capacity":
        at = ("assignment", "method")
    else:
        return
    facility = supply.open_of(spec.kinds, spec.least_capacity)
    unknown = facility[np.isnan(supply.capacity[facility])]
    if len(unknown):
        ids = some_of(sorted(map(str, supply.ids[unknown].tolist())))
        yield Fault(f"{len(unknown):,} of {len(facility):,} facilities have no capacity: {ids}", at)


def _minimum_faults(spec: FunctionSpec) -> Iterator[Fault]:
    """Yield figures that are not known, or count something else than the function's groups."""
    if spec.minimum is None:
        return
    try:
        threshold = resolved(spec.minimum)
    except InputError as error:
        yield from (fault.under(("minimum",)) for fault in error.faults)
        return
    if threshold is not None and threshold.unit != PEOPLE and spec.groups == _EVERYBODY:
        yield Fault(
            f"{threshold.id} counts {threshold.unit}, not people: say by groups what counts them here, e.g. groups: "
            f"{{{threshold.unit}: 1}}",
            ("minimum",),
        )


def _unfit(world: World, spec: FunctionSpec) -> Iterator[Fault]:
    """Yield why no threshold can be fitted: districts are too few, or all (none) have a facility."""
    if spec.minimum is None or spec.minimum.fit is None or set(spec.kinds) - set(world.facilities.kinds):
        return
    if set(spec.groups) - set(world.demand.groups):
        return
    facility = world.facilities.open_of(spec.kinds, spec.least_capacity)
    people, count = by_district(world, facility, weights_of(world, spec.groups))
    n, with_one = int((people > 0).sum()), int((count[people > 0] > 0).sum())
    if n < LEAST_DISTRICTS or with_one in (0, n):
        yield Fault(
            f"a threshold is fitted over districts of which some have a facility and some have none: {with_one:,} of "
            f"{n:,} districts have one (at least {LEAST_DISTRICTS} districts are needed)",
            ("minimum", "fit"),
        )
