"""From a scenario to the world it describes: every source is read, and every fault of all of them told at once.

The order: kinds → standard → where the study lies → metric CRS → districts → buffer and clip → roads → people, with
districts and settings → facilities → world. A source that fails does not keep the others from being read.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path as FilePath
from typing import Any, Final, TypeVar

import numpy as np

from lifezone.errors import Fault, InputError, Path, ScenarioError, some_of
from lifezone.model import (
    Access,
    Allowed,
    Demand,
    Districts,
    Facilities,
    GivenTimes,
    Kind,
    Network,
    Standard,
    Statistic,
    World,
)
from lifezone.progress import SILENT, Progress
from lifezone.routing.presets import junction_preset
from lifezone.routing.speeds import SpeedsSpec, load_rules
from lifezone.scenario.alternatives import OWN_BLOCKS, Start, judging_all, spec_of, started, with_people
from lifezone.scenario.frame import Frame, area_of, buffer_of, clip_of, frame_of, walk_speed_of, with_edge
from lifezone.scenario.load import read_draft
from lifezone.scenario.references import DIVIDING, missing_blocks, standard_of
from lifezone.scenario.scenario import Scenario
from lifezone.scenario.unions import FacilitySource
from lifezone.sources.districts import DistrictTable
from lifezone.sources.facility_table import FacilityTable
from lifezone.sources.korea import KoreaDistricts
from lifezone.sources.located import lacks_places
from lifezone.sources.reading import Extent, Reading
from lifezone.sources.roads.links import Links
from lifezone.sources.settings import SettingSpec, with_setting
from lifezone.sources.slope import SlopeRaster, with_slope
from lifezone.sources.turns import TurnsSpec, with_nodes, with_turns
from lifezone.standards import kinds_spec, load_kinds, resolve

__all__ = ["WHOLE_AREA", "Built", "build", "gather"]

WHOLE_AREA = Districts(ids=("all",), name=("전체",), name_en=("whole area",))
"""The one district of a study without districts."""

_ANY_CRS: Final = "EPSG:3857"
"""Stands in where the study's place is not known, so that its sources can be checked; nothing is computed in it."""

T = TypeVar("T")


@dataclass(frozen=True, eq=False)
class Built:
    """A scenario's baseline, ready to be judged.

    Attributes:
        scenario: what it was built from.
        world: the world as it is.
        standard: what judges it.
        kinds: the table of kinds.
        notes: what was assumed, left out or repaired, one sentence each.
        reading: the study as its sources see it, for edits that read files.
        starts: what each variant's edits are applied to, in the order of the file.
        inputs: every file read, for the manifest; edits add theirs.
        options: every setting with the value used and whether it was a default.
    """

    scenario: Scenario
    world: World
    standard: Standard
    kinds: Mapping[str, Kind]
    notes: tuple[str, ...]
    reading: Reading
    starts: tuple[Start, ...] = ()
    inputs: list[dict[str, Any]] = field(default_factory=list)
    options: dict[str, Any] = field(default_factory=dict)


def build(scenario: Scenario, progress: Progress = SILENT) -> Built:
    """Read everything that a scenario names and make its baseline world.

    Raises:
        ScenarioError: every fault of every source, at its place in the scenario file.
    """
    faults = missing_blocks(scenario.spec, scenario.part)
    if faults:
        raise scenario.error(faults)
    built, faults = _Builder(scenario, progress).build()
    if built is None:
        raise scenario.error(faults)
    return built


def gather(
    path: str | FilePath, sets: Sequence[str] = (), progress: Progress = SILENT
) -> tuple[Scenario, Built | None, list[Fault]]:
    """Read a scenario and everything it names, and return every fault of structure, references, files and values.

    Blocks with faults are left out, the sources of all others are read.

    Returns:
        The scenario, its baseline (None when something is missing), and the faults with their places.
    """
    scenario, faults = read_draft(path, sets)
    data = scenario.layered.data  # as written: blocks with faults are left out of the draft
    if "standard" not in data and any(data.get(key) is not None for key in DIVIDING):  # for lifezone zones alone
        scenario, faults = read_draft(path, sets, part="zones")
    built, more = _Builder(scenario, progress, is_whole=not faults).build()
    faults += [found for found in map(scenario.locate, more) if found not in faults]
    return scenario, built, faults


class _Builder:
    """Reads the blocks of one scenario in order and gathers their faults."""

    def __init__(self, scenario: Scenario, progress: Progress, *, is_whole: bool = True) -> None:
        self.is_whole = is_whole  # False when blocks with faults were left out
        self.scenario = scenario
        self.spec = scenario.spec
        self.progress = progress
        self.faults: list[Fault] = []
        self.notes: list[str] = []
        self.inputs: list[dict[str, Any]] = []

    def build(self) -> tuple[Built | None, list[Fault]]:
        """Read everything; returns None for the world when something is missing."""
        kinds = self._kinds()
        standard = self._standard(kinds)
        frame = self._frame()
        districts, area = self._districts(frame, kinds)
        others = self._other_standards(kinds)
        buffer_m, reading = self._reading(frame, districts, area, kinds, self._reaching(standard, others))
        access = self.spec.area.access
        off_road_m = max(one.limit for one in (access.car, access.walk, access.bicycle))
        wider, widest = (self._wider(reading, area, buffer_m + times * off_road_m) for times in (1, 2))
        if self._trips_are_given:
            wider = replace(wider, clip=None)
        roads, demand = self._roads_and_people(reading, widest, standard)
        if roads is not None:
            roads = replace(roads, network=with_edge(roads.network, area, buffer_m))
        facilities = self._facilities(wider)
        times = () if demand is None else self._times(reading, demand, facilities)
        allowed = () if demand is None else self._allowed(reading, demand, facilities)
        statistics = self._statistics(reading)
        if standard is None or roads is None or demand is None:
            return None, self._told_once(districts)
        world = World(
            network=roads.network,
            demand=demand,
            facilities=facilities,
            districts=districts or WHOLE_AREA,
            access={
                mode: Access(one.limit, one.speed, one.terminal)
                for mode, one in (("car", access.car), ("walk", access.walk), ("bicycle", access.bicycle))
            },
            crs=frame.crs,
            places=roads.places,
            area=None if districts is None else area,
            water=roads.water,
            times=times,
            allowed=allowed,
            statistics=statistics,
            limit_factor=_limit_factor(self.spec.area.speeds, self.spec.area.network),
        )
        base = Start(world, standard)
        starts = tuple(
            self._start(v, base, others.get(v, standard), roads, (reading, wider))
            for v in range(len(self.spec.variants))
        )
        if self.faults:
            return None, self._told_once(districts)
        self.notes += [*roads.network.notes, *roads.notes, *demand.notes, *facilities.notes]
        notes = tuple(dict.fromkeys(self.notes))
        built = Built(
            self.scenario, replace(world, notes=notes), standard, kinds, notes, wider, starts, self.inputs,
            self.scenario.options(),
        )  # fmt: skip
        return built, []

    def _reaching(self, standard: Standard | None, others: Mapping[int, Standard]) -> Standard | None:
        """Return one standard with everything that asks for roads and facilities: of all variants, and of zones."""
        return judging_all(standard, [*others.values(), Standard("zones", self.spec.asked_of_places)])

    def _other_standards(self, kinds: Mapping[str, Kind]) -> dict[int, Standard]:
        """Resolve the standards that variants bring, by the position of the variant."""
        found = {}
        for v, variant in enumerate(self.spec.variants):
            block = variant.standard
            if block is None:
                continue
            standard = self._try(("variants", v, "standard"), partial(resolve, standard_of(block), kinds))
            if standard is not None:
                found[v] = standard
        return found

    def _start(self, v: int, base: Start, standard: Standard, roads: Any, readings: tuple[Reading, Reading]) -> Start:
        """Return the world that a variant's edits are applied to, reading what it brings of its own."""
        variant, (reading, wider) = self.spec.variants[v], readings
        if all(getattr(variant, name) is None for name in OWN_BLOCKS):
            return base
        own = _Builder(replace(self.scenario, spec=spec_of(self.spec, variant)), self.progress)
        demand, facilities = base.world.demand, base.world.facilities
        if variant.demand is not None:
            demand = own._people(variant.demand, roads, reading) or demand
        people = demand
        told_apart = own._try(("standard", "setting"), lambda: own._with_setting(people, reading, standard))
        demand = with_people(base.world.demand, told_apart or demand)
        if variant.facilities is not None:
            facilities = own._facilities(wider)
        start = started(
            base, variant, standard=standard, demand=demand, facilities=facilities,
            walk=self.spec.area.speeds.walk is None,
        )  # fmt: skip
        if self.spec.all_times or self.spec.allowed:
            times = own._times(reading, demand, facilities)
            allowed = own._allowed(reading, demand, facilities)
            start = replace(start, world=replace(start.world, times=times, allowed=allowed))
        self.faults += [fault.under(("variants", v)) for fault in own.faults]
        self.notes += [f"{variant.name}: {note}" for note in (*own.notes, *_notes_of(variant, demand, facilities))]
        return start

    def _told_once(self, districts: Districts | None) -> list[Fault]:
        """Return each fault once, without those that only follow from districts that could not be read."""
        faults = list(dict.fromkeys(self.faults))
        if districts is None and "districts" in _block(self.scenario.layered.data.get("area")):
            faults = [
                fault for fault in faults if fault.path[:2] not in (("demand", "district"), ("standard", "setting"))
            ]
        return faults

    def _try(self, prefix: Path, work: Callable[[], T]) -> T | None:
        """Do something for a block; its faults are noted under ``prefix``."""
        try:
            return work()
        except (InputError, ScenarioError) as error:
            self.faults += [fault.under(prefix) for fault in error.faults]
            return None

    def _kinds(self) -> dict[str, Kind]:
        """Return the table of kinds; entries with faults are in it by their key, so that nothing else is blamed."""
        kinds = self._try(("kinds",), lambda: kinds_spec(self.spec.kinds)) or load_kinds()
        written = _block(self.scenario.layered.data.get("kinds"))
        return {**kinds, **{key: Kind(key, key, key) for key in written if key not in kinds}}

    def _standard(self, kinds: Mapping[str, Kind]) -> Standard | None:
        """Resolve the standard."""
        block = self.spec.standard
        if block is None and self.scenario.part != "all":
            return Standard("scenario", ())
        return None if block is None else self._try(("standard",), lambda: resolve(standard_of(block), kinds))

    def _frame(self) -> Frame:
        """Find out where the study lies: by its box or districts, else its people, else its roads."""
        if self.spec.area.bbox is not None:
            west, south, east, north = self.spec.area.bbox
            return self._framed((west, south, east, north), is_area=True)
        towns = self.spec.municipalities
        sources = (
            (("area", "districts"), self.spec.area.districts, True),
            (("demand",), self.spec.demand, True),
            (("area", "network"), self.spec.area.network, False),
            (("municipalities",), towns if towns is not None and towns.has_place else None, False),
            *((("facilities", i), one, False) for i, one in enumerate(self.spec.facilities) if self._may_lack_places),
        )
        nowhere = False
        for prefix, source, is_area in sources:
            if self._may_lack_places and lacks_places(source, self.scenario.folder):
                nowhere = True
                continue
            extent = self._extent(prefix, source)
            if extent is not None:
                return self._framed(extent, is_area=is_area)
        if nowhere:
            self.notes.append("no coordinates are given: trips are as the table says, and nothing is drawn on a map")
            return Frame(_ANY_CRS, "", None)
        if self.is_whole and not self.faults and not self._is_placeless():
            message = "where the study lies cannot be told from its districts, people or roads: give area.districts"
            self.faults.append(Fault(message, ("area",)))
        return Frame(_ANY_CRS, "", None)

    @property
    def _may_lack_places(self) -> bool:
        """True where sites are asked for and every trip is ready-made: ids are enough, places are not needed."""
        return self.scenario.part == "siting" and bool(self.spec.times) and self.spec.area.network is None

    def _is_placeless(self) -> bool:
        """True where flows alone are divided: neither people nor roads are needed, nor where they lie."""
        return self.scenario.part == "zones" and not self.spec.divides_places

    def _extent(self, prefix: Path, source: Any) -> Extent | None:
        """Return where a source lies, in degrees; None when it has no place of its own, or faults."""
        if not hasattr(source, "extent"):
            return None
        extent: Extent | None = self._try(prefix, lambda: source.extent(self.scenario.folder))
        return extent

    def _framed(self, extent: Extent, *, is_area: bool) -> Frame:
        """Return CRS and area for an extent."""
        crs = self.spec.area.crs
        frame = self._try(("area", "crs"), lambda: frame_of(extent, crs, is_area=is_area))
        if frame is None:
            return Frame(_ANY_CRS, "", None)
        self.notes.append(frame.told)
        return frame

    def _districts(self, frame: Frame, kinds: Mapping[str, Kind]) -> tuple[Districts | None, Any]:
        """Read the districts; returns them and the study area."""
        source = self.spec.area.districts
        if source is None and self.spec.area.bbox is not None and frame.area is not None:
            return replace(WHOLE_AREA, polygon=np.array([frame.area], dtype=object)), frame.area
        if source is None:
            return None, frame.area
        folder, inputs = self.scenario.folder, self.inputs
        if isinstance(source, DistrictTable | KoreaDistricts):
            read = partial(source.load, folder, frame.crs, inputs)
        else:
            network = self.spec.area.network
            if network is None:
                return None, frame.area
            read = partial(source.load, Reading(folder, frame.crs, kinds=kinds, network_source=network, inputs=inputs))
        districts: Districts | None = self._try(("area", "districts"), read)
        if districts is None:
            return None, frame.area
        self.notes += districts.notes
        return districts, area_of(districts) or frame.area

    def _reading(
        self, frame: Frame, districts: Districts | None, area: Any, kinds: Mapping[str, Kind], standard: Standard | None
    ) -> tuple[float, Reading]:
        """Return the buffer in metres, and the study as its sources see it."""
        spec = self.spec.area
        judged = standard or Standard("none", ())
        walk_mps, told = walk_speed_of(spec.speeds.walk, judged)
        buffer = buffer_of(judged, spec.buffer, walk_mps)
        clip = clip_of(area, buffer.metres, frame.crs)
        self.notes += [told, *([buffer.told] if clip is not None else [])]
        return buffer.metres, Reading(
            folder=self.scenario.folder,
            crs=frame.crs,
            clip=clip,
            districts=districts,
            kinds=kinds,
            speeds=self._speeds(judged),
            walk_mps=walk_mps,
            network_source=spec.network,
            heights=spec.slope,
            needs_places=not self._may_lack_places,
            progress=self.progress,
            inputs=self.inputs,
        )

    def _speeds(self, standard: Standard) -> dict[str, Any]:
        """Return ``area.speeds`` as plain data, with a riding speed where a requirement asks for bicycles."""
        speeds: dict[str, Any] = self.spec.area.speeds.model_dump(mode="json", exclude_none=True)
        if "bicycle" not in speeds and any(rule.mode == "bicycle" for rule in standard.requirements):
            speeds["bicycle"] = f"{junction_preset('default')['bicycle']['speed']} km/h"
        if "bicycle" in speeds:
            self.notes.append(f"bicycles are ridden at {speeds['bicycle']} on the flat, pushed on steps and footways")
        return speeds

    @property
    def _trips_are_given(self) -> bool:
        """True where a table alone tells who reaches what: facilities count wherever they lie, without a set buffer."""
        return bool(self.spec.all_times) and self.spec.area.network is None and self.spec.area.buffer is None

    def _wider(self, reading: Reading, area: Any, beyond_m: float) -> Reading:
        """Return the study with a clip that reaches farther beyond its area (see :func:`with_edge`)."""
        return replace(reading, clip=clip_of(area, beyond_m, reading.crs))

    def _roads_and_people(
        self, reading: Reading, wider: Reading, standard: Standard | None
    ) -> tuple[Any, Demand | None]:
        """Read roads and people; people may be put along the roads."""
        network, source = self.spec.area.network, self.spec.demand
        if network is None and (self.spec.times or self._is_placeless()):
            return self._without_roads(reading, standard)
        roads = None if network is None else self._try(("area", "network"), lambda: _some_roads(network, wider))
        if roads is not None:
            roads = self._try(("area", "turns"), partial(_with_turns, roads, self.spec.area.turns, wider))
        if roads is not None and self.spec.area.slope is not None:
            roads = self._try(("area", "slope"), partial(_with_slope, roads, self.spec.area.slope, wider))
        demand = None if source is None else self._people(source, roads, reading)
        if demand is None:
            return roads, None
        with_people = demand
        return roads, self._try(("standard", "setting"), lambda: self._with_setting(with_people, reading, standard))

    def _without_roads(self, reading: Reading, standard: Standard | None) -> tuple[Any, Demand | None]:
        """Read the people of a study whose travel times are ready-made: there are no roads."""
        from lifezone.sources.roads import Roads  # noqa: PLC0415

        source = self.spec.demand
        if (
            hasattr(source, "place")
            or getattr(source, "spread", None) is not None
            or getattr(source, "needs_roads", False)
        ):
            self.faults.append(Fault("people are put along roads, which need area.network: give it too", ("demand",)))
            return None, None
        if source is None and self._is_placeless():
            return Roads(Network.empty(reading.crs)), Demand.empty()
        demand = None if source is None else self._people(source, None, reading)
        if demand is not None:
            people = demand
            demand = self._try(("standard", "setting"), lambda: self._with_setting(people, reading, standard))
        return Roads(Network.empty(reading.crs)), demand

    def _times(self, reading: Reading, demand: Demand, facilities: Facilities) -> tuple[GivenTimes, ...]:
        """Read the ready-made travel times."""
        found = []
        if any(fault.path[:1] == ("facilities",) for fault in self.faults):
            return ()  # rows would be blamed for facilities that could not be read
        asked = [variant.siting for variant in self.spec.variants if variant.siting is not None]
        from_tables = any(source.type != "closed" for siting in asked for source in getattr(siting, "sources", ()))
        for prefix, source in self.spec.all_times:
            read = self._try(prefix, partial(source.load, reading, demand, facilities, all_places=from_tables))
            if read is not None:
                found.append(read[0])
                self.notes += read[1]
        return tuple(found)

    def _allowed(self, reading: Reading, demand: Demand, facilities: Facilities) -> tuple[Allowed, ...]:
        """Read the attendance areas, one table a kind."""
        found: list[Allowed] = []
        if any(fault.path[:1] == ("facilities",) for fault in self.faults):
            return ()  # rows would be blamed for facilities that could not be read
        for i, source in enumerate(self.spec.allowed):
            if any(one.kind == source.kind for one in found):
                message = f"attendance areas of {source.kind!r} are given twice: put them into one table"
                self.faults.append(Fault(message, ("allowed", i, "kind")))
                continue
            read = self._try(("allowed", i), partial(source.load, reading, demand, facilities, reading.districts))
            if read is not None:
                found.append(read[0])
                self.notes += read[1]
        return tuple(found)

    def _statistics(self, reading: Reading) -> tuple[Statistic, ...]:
        """Read the figures of ri, eup and myeon, or districts; each name once."""
        found: dict[str, Statistic] = {}
        for i, source in enumerate(self.spec.statistics):
            read = self._try(("statistics", i), partial(source.load, reading, reading.districts))
            for one in () if read is None else read[0]:
                if one.name in found:
                    message = f"{one.name!r} stands in {found[one.name].source} too: give each figure its own name"
                    self.faults.append(Fault(message, ("statistics", i, "values", one.name)))
                found.setdefault(one.name, one)
            self.notes += () if read is None else read[1]
        return tuple(found.values())

    def _people(self, source: Any, roads: Any, reading: Reading) -> Demand | None:
        """Read the people; some are put along the roads, which must have been read then."""
        if hasattr(source, "place"):
            put = partial(source.place, districts=reading.districts)
            return None if roads is None else self._try(("demand",), lambda: put(roads.network))
        if getattr(source, "needs_roads", False):
            load = partial(source.load, reading)
            return None if roads is None else self._try(("demand",), lambda: load(network=roads.network))
        demand: Demand | None = self._try(("demand",), lambda: source.load(reading))
        if demand is None or getattr(source, "spread", None) is None:
            return demand
        cells = demand
        return None if roads is None else self._try(("demand",), lambda: _spread(cells, source, roads, reading))

    def _with_setting(self, demand: Demand, reading: Reading, standard: Standard | None) -> Demand:
        """Tell urban from rural points where the scenario says how, or the standard needs it."""
        block = self.spec.standard
        written = None if block is None else block.setting
        needed = standard is not None and any(rule.setting != "any" for rule in standard.requirements)
        if written is None and (not needed or demand.urban.any()):
            return demand
        if written is None:
            self.notes.append(
                "urban and rural points are told apart by density (300 people per km² in clusters of 5,000): say "
                "standard.setting to choose"
            )
        return with_setting(demand, written or SettingSpec(), reading.districts)

    def _facilities(self, reading: Reading) -> Facilities:
        """Read the facilities of all sources, one after the other."""
        found = Facilities.empty()
        owner: dict[str, int] = {}
        for i, source in enumerate(self.spec.facilities):
            if self.spec.area.network is None and _asks_the_roads(source):
                continue  # the roads have faults of their own
            more = self._try(("facilities", i), partial(source.load, reading))
            if more is None:
                continue
            ids = more.ids.tolist()
            twice = [one for one in ids if one in owner]
            if twice:
                what = "give another id column, or leave out what is listed twice"
                if getattr(source, "id", "") is None:
                    what = "without an id column rows are numbered: give id, or put both tables into one"
                message = (
                    f"{some_of(twice)}: these ids stand in facilities[{owner[twice[0]]}] too; ids must differ over all "
                    f"sources: {what}"
                )
                self.faults.append(Fault(message, ("facilities", i, "id")))
                continue
            owner.update(dict.fromkeys(ids, i))
            found = found.append(more)
        return found


def _notes_of(variant: Any, demand: Demand, facilities: Facilities) -> tuple[str, ...]:
    """Return what sources of a variant's own have to tell."""
    return (*(demand.notes if variant.demand else ()), *(facilities.notes if variant.facilities else ()))


def _some_roads(network: Any, reading: Reading) -> Any:
    """Load the roads; none at all is a wrong file or a wrong coordinate system, not an answer."""
    roads = network.load(reading)
    if not len(roads.network.tail):
        what = getattr(network, "path", network.type)
        raise InputError(
            f"{what}: no road lies in the area or around it: is it the right file, and are its crs and those of the "
            "districts and people right?"
        )
    return roads


def _with_turns(roads: Any, turns: TurnsSpec | None, reading: Reading) -> Any:
    """Return the roads with what barriers, signals and rules about turns do to them."""
    network = roads.network
    if turns is None and roads.tagged_nodes is None:
        return roads
    with reading.progress.step("rules of turns"):
        if turns is not None:
            network = with_turns(network, roads.ids, turns, roads.relations, reading)
        if roads.tagged_nodes is not None:
            network = with_nodes(network, roads.ids, roads.tagged_nodes, load_rules(reading.speeds).delays_s)
    return replace(roads, network=network, notes=(*roads.notes, *network.notes))


def _with_slope(roads: Any, slope: SlopeRaster, reading: Reading) -> Any:
    """Return the roads with times by slope."""
    network = with_slope(roads.network, slope, roads.ids, reading)
    return replace(roads, network=network, notes=(*roads.notes, *network.notes))


def _limit_factor(speeds: SpeedsSpec, network: Any) -> float:
    """Return modelled car speeds as a share of the limits; tables of links hold the limits where no factor is given."""
    rules = load_rules(speeds)
    return 1.0 if isinstance(network, Links) and not rules.factor_is_given else rules.factor


def _spread(demand: Demand, source: Any, roads: Any, reading: Reading) -> Demand:
    """Spread the people of cells along the roads in them; points keep a district that the table names."""
    from lifezone.sources.people import spread_over_roads  # noqa: PLC0415

    named = getattr(source, "district", None) is not None
    return spread_over_roads(
        demand, roads.network, source.spread.ways, source.spread.spacing, districts=None if named else reading.districts
    )


def _asks_the_roads(source: FacilitySource) -> bool:
    """True for facilities that come from wherever the roads come from."""
    return not isinstance(source, FacilityTable) and getattr(source, "path", None) is None


def _block(value: Any) -> dict[str, Any]:
    """Return a block of the file as written, or an empty one."""
    return value if isinstance(value, dict) else {}
