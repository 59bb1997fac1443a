"""Ask what designations need: trips for floating catchments and closures; then take their steps, unit by unit."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from lifezone.model import (
    Designation,
    DesignationStep,
    DesignationTest,
    Floats,
    Ints,
    Requirement,
    Standard,
    Verdicts,
    World,
)
from lifezone.searches import Memory, pairs_of, slower

if TYPE_CHECKING:
    from lifezone.standards.designations import Measured

__all__ = ["designate"]

_KM_M = 1000.0


def designate(
    world: World, standard: Standard, verdicts: Mapping[str, Verdicts], memory: Memory
) -> Iterator[DesignationStep]:
    """Yield every step of a standard's designations, in its order.

    Args:
        world: people, facilities, roads, districts, tables.
        standard: its designations and the requirements that they lean on.
        verdicts: by requirement id.
        memory: trips that were asked for already.
    """
    from lifezone.standards.designations import district_units, measured, steps_of  # noqa: PLC0415

    rules = {rule.id: rule for rule in standard.requirements}
    for designation in standard.designations:
        if designation.unit == "facility":
            yield from _facilities(world, designation, rules, memory)
            continue
        found = {
            test.id: measured(
                test, world, verdicts, _per_head(world, test, memory) if test.measure == "floating" else None
            )
            for test in designation.tests
        }
        yield from steps_of(designation, district_units(world), found, _modelled(world))


def _modelled(world: World) -> str:
    """Say what of the world is modelled, so that nothing may be designated by it; empty = nothing is."""
    parts = [("people", world.demand.modelled), ("roads", world.network.modelled)]
    return "; ".join(f"{what} are modelled: {why}" for what, why in parts if why)


def _per_head(world: World, test: DesignationTest, memory: Memory) -> Floats | None:
    """Return f64[P] supply per head in floating catchments; None where no source gives the kinds."""
    from lifezone.access import floating_catchment  # noqa: PLC0415

    if not set(test.kinds) & set(world.facilities.kinds):
        return None
    reach_s = max(zone.within_s for zone in test.zones)
    asked = Requirement(id=test.id, kinds=test.kinds, mode=test.mode, bound=reach_s)
    demand = world.demand
    weights = test.demand or {test.group: 1.0}
    if not set(weights) <= set(demand.groups):
        return None
    people = np.zeros(demand.n_points)
    for group, weight in weights.items():
        people = people + weight * demand.of(group)
    return floating_catchment(
        pairs_of(world, asked, memory, reach_s),
        people,
        world.facilities.capacity * test.supply_per_unit,
        [(zone.within_s, zone.weight) for zone in test.zones],
    )


def _facilities(
    world: World, designation: Designation, rules: Mapping[str, Requirement], memory: Memory
) -> Iterator[DesignationStep]:
    """Yield the steps of a designation of facilities: whom the closure of each would push beyond the bound."""
    from lifezone.standards.density import people_per_km2  # noqa: PLC0415
    from lifezone.standards.designations import Units, steps_of  # noqa: PLC0415

    facilities = world.facilities
    serving = [rules[key] for test in designation.tests for key in test.requirements]
    positions = facilities.open_of([kind for rule in serving for kind in rule.kinds])
    found = {test.id: _of_facilities(world, test, rules, positions, memory) for test in designation.tests}
    units = Units(
        tuple(facilities.ids[positions].tolist()),
        tuple(str(name) for name in facilities.name[positions]),
        _density_at(world, positions, people_per_km2(world, "district")),
    )
    yield from steps_of(designation, units, found, _modelled(world))


def _of_facilities(
    world: World, test: DesignationTest, rules: Mapping[str, Requirement], positions: Ints, memory: Memory
) -> Measured:
    """Measure every facility by one test."""
    from lifezone.access import only_here  # noqa: PLC0415
    from lifezone.standards.designations import Measured  # noqa: PLC0415

    rule, demand = rules[test.requirements[0]], world.demand
    if test.group not in demand.groups:
        return Measured(np.full(len(positions), np.nan), (f"people are not given by the group {test.group!r}",))
    if not set(rule.kinds) & set(world.facilities.kinds):
        return Measured(np.full(len(positions), np.nan), ("no source gives the facilities",))
    driven = world if rule.speed_share is None else slower(world, rule, memory)
    times = pairs_of(driven, replace(rule, nearest=2), memory)
    people = demand.of(test.group)
    if test.measure == "only_here":
        lost = only_here(times, people, rule.bound or 0.0, world.facilities.n_facilities)[positions]
        words = tuple(f"{count:,.0f} {test.group} have no other within {rule.bound_text}" for count in lost)
        return Measured(lost, words)
    nearest = times.nearest()[0]
    key = np.floor(np.column_stack([demand.x_m, demand.y_m]) / _KM_M).astype(np.int64)
    settled = (nearest >= 0) & (people > 0)
    rows = np.unique(np.column_stack([nearest[settled], key[settled]]), axis=0)
    squares = np.bincount(rows[:, 0], minlength=world.facilities.n_facilities)[positions]
    served = np.bincount(nearest[settled], weights=people[settled], minlength=world.facilities.n_facilities)[positions]
    density = np.divide(served, squares, out=np.full(len(positions), np.nan), where=squares > 0)
    words = tuple(f"{count:,.0f} {test.group} on {area:,} km²" for count, area in zip(served, squares, strict=True))
    return Measured(density, words)


def _density_at(world: World, positions: Ints, density: Floats) -> Floats:
    """Return f64[n] people per km² where facilities stand: of their district, or of the nearest demand point."""
    from scipy.spatial import KDTree  # noqa: PLC0415  (slow to import)

    demand, facilities = world.demand, world.facilities
    if not demand.n_points or not len(positions):
        return np.zeros(len(positions))
    tree = KDTree(np.column_stack([demand.x_m, demand.y_m]))
    _, near = tree.query(np.column_stack([facilities.x_m[positions], facilities.y_m[positions]]))
    found: Floats = density[near]
    return found
