"""From a world and the scenario's zoning blocks to what divides the map by how people live.

asked   = ask(world, spec, …)       what is asked, checked against the world; files of these blocks are read
zoning  = divide(asked)             travel times → life zones of every function → Zoning
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final

from lifezone.errors import Fault, InputError, Path
from lifezone.model import Demand, Facilities, Ints, Metric, TravelTimes, World, Zoning
from lifezone.progress import SILENT, Progress
from lifezone.searches import Memory, attach_demand, attach_facilities, roads_of

if TYPE_CHECKING:
    from lifezone.routing import Attached, ModeRoads
    from lifezone.scenario.spec import ScenarioSpec
    from lifezone.sources.observed_table import Observed
    from lifezone.sources.reading import Reading
    from lifezone.standards.spec import Bound
    from lifezone.zoning.by_flows import AskedFlows
    from lifezone.zoning.by_towns import AskedTowns
    from lifezone.zoning.compact_city import AskedCity
    from lifezone.zoning.spec import FunctionSpec

__all__ = ["Asked", "ask", "divide"]

_MOST_THREADS: Final = 4


@dataclass(frozen=True, eq=False)
class Asked:
    """What is to be divided, without faults.

    Attributes:
        world: the world.
        functions: life zones asked for.
        observed: the observed users that a function's assignment asks for, by its position.
        municipality_digits: leading characters of a district's id that name its municipality.
        flows: what is asked of flows, or None.
        towns: what is asked of municipalities, or None.
        compact: what is asked of how compact the city is, or None.
    """

    world: World
    functions: tuple[FunctionSpec, ...] = ()
    observed: Mapping[int, Observed] = field(default_factory=dict)
    municipality_digits: int | None = None
    flows: AskedFlows | None = None
    towns: AskedTowns | None = None
    compact: AskedCity | None = None


def ask(
    world: World, spec: ScenarioSpec, reading: Reading | None = None, *, variant: str = "baseline",
    base: World | None = None,
) -> Asked:  # fmt: skip
    """Check everything that a scenario asks to divide against its world.

    Args:
        world: people, facilities, roads or ready-made times.
        spec: the scenario.
        reading: the study, for blocks that read files of their own; None = these blocks are left out.
        variant: whose world it is, for the year of its people; flows are divided for the baseline alone, no edit
            changes them.
        base: the baseline's world, where the centre of the city is found; None = this one.

    Raises:
        InputError: every fault of these blocks, with its path in the scenario.
    """
    from lifezone.zoning.compact_city import AskedCity, centre_of, compact_faults  # noqa: PLC0415
    from lifezone.zoning.faults import function_faults  # noqa: PLC0415

    functions = () if spec.zones is None else tuple(spec.zones.functions)
    faults = [
        fault.under(("zones", "functions", position))
        for position, function in enumerate(functions)
        for fault in function_faults(world, function)
    ]
    observed = _observed(world, functions, reading, faults)
    flows, towns, city = None, None, None
    if reading is not None and variant == "baseline":
        try:
            flows = _asked_flows(world, spec, reading) if spec.divides_flows else None
            towns = _asked_towns(world, spec, reading, flows)
        except InputError as error:
            faults += error.faults
    if spec.compact_city is not None:
        faults += [fault.under(("compact_city",)) for fault in compact_faults(spec.compact_city, world)]
        if not faults:
            centre, chosen = centre_of(spec.compact_city, base or world)
            city = AskedCity(spec.compact_city, centre, chosen, spec.compact_city.years.get(variant, 0))
    if faults:
        raise InputError(faults)
    digits = None if spec.zones is None else spec.zones.municipality_digits
    return Asked(world, functions, observed, digits, flows, towns, city)


def _observed(
    world: World, functions: Sequence[FunctionSpec], reading: Reading | None, faults: list[Fault]
) -> dict[int, Observed]:
    """Read the observed users that functions ask for."""
    found: dict[int, Observed] = {}
    for position, function in enumerate(functions):
        rule = function.assignment
        table = rule if rule.method == "observed" else rule.fit if rule.method == "huff" else None
        if table is None:
            continue
        at: Path = ("zones", "functions", position, "assignment", *(("fit",) if rule.method == "huff" else ()))
        if reading is None:
            faults.append(Fault("observed users are read from a table: this needs the scenario's files", at))
            continue
        try:
            found[position] = table.load(reading, world.demand, world.facilities, world.districts)
        except InputError as error:
            faults += [fault.under(at) for fault in error.faults]
    return found


def divide(asked: Asked, *, memory: Memory | None = None, progress: Progress = SILENT) -> Zoning:
    """Divide a world.

    Args:
        asked: what is asked.
        memory: what a run computed already.
        progress: where to show progress.
    """
    from lifezone.zoning.life_zones import life_zones  # noqa: PLC0415
    from lifezone.zoning.units import municipalities  # noqa: PLC0415

    memory = memory or Memory()
    functions = []
    with progress.step("life zones", len(asked.functions)) as advance:
        for position, function in enumerate(asked.functions):
            trips = _Trips(asked.world, function.mode, function.farthest.metric, memory)
            also = {mode: _Trips(asked.world, mode, function.farthest.metric, memory) for mode in function.also_by}
            functions.append(life_zones(asked.world, function, trips, asked.observed.get(position), also=also))
            advance(1)
    municipality, names = municipalities(asked.world, asked.municipality_digits)
    zoning = Zoning(functions=tuple(functions), municipality=municipality, municipalities=names)
    if asked.flows is not None:
        from lifezone.zoning.by_flows import by_flows  # noqa: PLC0415

        with progress.step("urban areas"):
            found = by_flows(asked.flows)
        known = asked.flows.known
        notes = tuple((note, note) for note in known.notes)  # those of files, as all warnings of files are
        zoning = replace(zoning, flows=known, urban=found.urban, flow_changes=found.changes, notes=notes)
    return _with_towns(zoning, asked, memory, progress)


def _with_towns(zoning: Zoning, asked: Asked, memory: Memory, progress: Progress) -> Zoning:
    """Add what is asked of municipalities and of how compact the city is."""

    def trips(demand: Demand, facilities: Facilities, facility: Ints, mode: str, bound: Bound) -> TravelTimes:
        seen = replace(asked.world, demand=demand, facilities=facilities)
        return _Trips(seen, mode, bound.metric, memory).within(facility, bound.value)

    if asked.towns is not None:
        from lifezone.zoning.by_towns import by_towns  # noqa: PLC0415

        with progress.step("ties and alliances"):
            found = by_towns(asked.towns, zoning.functions, trips)
        zoning = replace(
            zoning, towns=asked.towns.known, ties=found.ties, alliances=found.alliances, city_classes=found.classes
        )
    if asked.compact is not None:
        from lifezone.zoning.compact_city import compact_city  # noqa: PLC0415

        with progress.step("compact city"):
            zoning = replace(zoning, compact=compact_city(asked.compact, asked.world, trips))
    return zoning


def _asked_towns(world: World, spec: ScenarioSpec, reading: Reading, flows: AskedFlows | None) -> AskedTowns | None:
    """Check what is asked of municipalities; ties are told of all flows."""
    if flows is None and not spec.divides_towns:
        return None
    from lifezone.zoning.by_towns import ask_towns  # noqa: PLC0415
    from lifezone.zoning.flow_map import Surroundings, flow_map  # noqa: PLC0415

    table = spec.municipalities
    if flows is None:
        study = Surroundings(reading.folder, world.crs, reading.inputs, world.districts, world.demand)
        known = flow_map((), table, study)
    else:
        known = flows.known
    return ask_towns(
        known, world, reading, has_place=table is not None and table.has_place, seed=spec.seed, ties=spec.ties,
        alliances=spec.alliances, classes=spec.city_classes,
    )  # fmt: skip


def _asked_flows(world: World, spec: ScenarioSpec, reading: Reading) -> AskedFlows:
    """Read the flows and check what is asked of them."""
    from lifezone.zoning.by_flows import ask_flows  # noqa: PLC0415
    from lifezone.zoning.flow_map import Surroundings  # noqa: PLC0415

    study = Surroundings(reading.folder, world.crs, reading.inputs, world.districts, world.demand)
    return ask_flows(spec.all_flows, spec.all_urban_areas, spec.municipalities, study, spec.seed)


class _Trips:
    """Travel times of one world by one mode: from a ready-made table where there is one, else along its roads.

    Facilities are given in the order of their ids, so that ties never depend on the rows of a table.
    """

    def __init__(
        self, world: World, mode: str, metric: Metric, memory: Memory, rows: Ints | None = None
    ) -> None:  # fmt: skip
        self._world, self._mode, self._metric, self._memory, self._rows = world, mode, metric, memory, rows
        self._given = world.given_times(mode, "to_facility")

    def of(self, rows: Ints) -> _Trips:
        """Return the travel times from some demand points alone, in their order."""
        return _Trips(self._world, self._mode, self._metric, self._memory, rows)

    def nearest(self, facility: Ints) -> TravelTimes:
        """Return the trip to the nearest of some facilities."""
        from lifezone.routing import nearest  # noqa: PLC0415

        if self._given is not None:
            return self._table(facility)
        return nearest(*self._sides(facility), facility, metric=self._metric)

    def few(self, facility: Ints, k: int) -> TravelTimes:
        """Return the trips to the k nearest of some facilities."""
        from lifezone.routing import k_nearest  # noqa: PLC0415

        if self._given is not None:
            return self._table(facility)
        return k_nearest(*self._sides(facility), facility, k, metric=self._metric)

    def within(self, facility: Ints, reach: float) -> TravelTimes:
        """Return the trips to all of some facilities within a reach."""
        from lifezone.routing import within  # noqa: PLC0415

        if self._given is not None:
            return self._table(facility)
        threads = min(os.cpu_count() or 1, _MOST_THREADS)
        return within(*self._sides(facility), facility, reach, metric=self._metric, threads=threads)

    def _table(self, facility: Ints) -> TravelTimes:
        """Return what the ready-made times say."""
        assert self._given is not None  # callers have looked
        people = self._world.demand if self._rows is None else self._world.demand.take(self._rows)
        return self._given.between(people, self._world.facilities, facility, self._metric)

    def _sides(self, facility: Ints) -> tuple[ModeRoads, Attached, Attached]:
        """Return roads, people and facilities hung on them."""
        world, mode, memory = self._world, self._mode, self._memory
        supply = attach_facilities(world, facility, mode, memory)
        people = attach_demand(world, mode, memory)
        return roads_of(world, mode, memory), people if self._rows is None else people.take(self._rows), supply
