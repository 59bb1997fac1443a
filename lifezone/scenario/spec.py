"""The whole scenario as one frozen spec. Field texts are schema, form label and report note: written for planners."""

from __future__ import annotations

import re
from typing import Any, Final, Literal

from pydantic import Field, field_validator, model_validator

from lifezone.edits.spec import EditSpec
from lifezone.model import ReportWish, Requirement
from lifezone.routing.speeds import SpeedsSpec
from lifezone.scenario.unions import (
    DemandSource,
    DistrictSource,
    FacilitySource,
    FlowSource,
    NetworkSource,
    TimesSource,
    UrbanAreasSpec,
)
from lifezone.siting.spec import SitingSpec
from lifezone.sources.allowed_table import AllowedTable
from lifezone.sources.crs import metric_crs
from lifezone.sources.flows import MunicipalityTable
from lifezone.sources.settings import SettingSpec
from lifezone.sources.slope import SlopeRaster
from lifezone.sources.statistics_table import StatisticsTable
from lifezone.sources.turns import TurnsSpec
from lifezone.spec import Length, Spec, Speed, Time
from lifezone.standards import StandardSpec
from lifezone.standards.kinds import KindSpec
from lifezone.standards.names import NameSpec
from lifezone.zoning.alliance_spec import AlliancesSpec
from lifezone.zoning.city_spec import CityClassesSpec, CompactCitySpec
from lifezone.zoning.spec import ZonesSpec
from lifezone.zoning.ties_spec import TiesBlock

__all__ = [
    "BASELINE", "AccessByMode", "AccessSpec", "AreaSpec", "OutputSpec", "ReportSpec", "ScenarioSpec",
    "StandardBlock", "VariantSpec",
]  # fmt: skip

BASELINE: Final = "baseline"
"""The variant without edits; always there and always first."""
_RESERVED: Final = re.compile(r"(con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])(\..*)?", re.IGNORECASE)
"""Names that Windows keeps for devices (Microsoft, "Naming Files, Paths, and Namespaces")."""
_OWN_FILES: Final = re.compile(
    r"manifest\.json|scenario\.resolved\.yaml|result\.gpkg|zones|rasters|.*\.csv|report\..*", re.IGNORECASE
)
"""Names that a folder of results needs itself."""
_LONGEST_NAME: Final = 60
_WALK_MPS: Final = 3000.0 / 3600.0
"""3 km/h, as in official Korean evaluations (DEFINITIONS D7)."""


class AccessSpec(Spec):
    """How a point gets to its road, for one mode."""

    limit: Length = Field(
        500.0, description="Farthest straight distance to a road; beyond it a place is off the network."
    )
    speed: Speed = Field(_WALK_MPS, description="Walking speed between the point and its road.")
    terminal: Time = Field(0.0, description="Time added once to every trip: parking, walking to the car.")


class CarAccessSpec(AccessSpec):
    """How a point gets to its road by car."""

    terminal: Time = Field(180.0, description="Time added once to every trip: parking, walking to the car.")


class AccessByMode(Spec):
    """How points get to their roads."""

    car: CarAccessSpec = Field(default_factory=CarAccessSpec, description="By car.")
    walk: AccessSpec = Field(default_factory=AccessSpec, description="On foot.")
    bicycle: AccessSpec = Field(default_factory=AccessSpec, description="By bicycle.")


class AreaSpec(Spec):
    """The study area: roads, districts, how points get to roads."""

    network: NetworkSource | None = Field(None, description="Where the roads come from.")
    districts: DistrictSource | None = Field(
        None, description="Units that results are told by; without, one named all."
    )
    bbox: list[float] | None = Field(
        None,
        min_length=4,
        max_length=4,
        description="The study area as a box, where there are no districts: [west, south, east, north] in degrees.",
    )
    access: AccessByMode = Field(default_factory=AccessByMode, description="From a point to its road.")
    crs: str | None = Field(None, description="Metric coordinate system of the study, e.g. EPSG:5179; found by itself.")
    buffer: Length | None = Field(
        None, description="How far beyond the area everything is loaded; follows the standard."
    )
    speeds: SpeedsSpec = Field(default_factory=SpeedsSpec, description="Speeds by class of road, and walking speed.")
    slope: SlopeRaster | None = Field(
        None, description="Heights: slopes then change walking and cycling times; without, everything is flat."
    )
    turns: TurnsSpec | None = Field(
        None, description="Turns that are banned or take time at junctions; without, all are free."
    )

    @field_validator("bbox")
    @classmethod
    def _is_box(cls, bbox: list[float] | None) -> list[float] | None:
        """Refuse a box that is inside out or off the earth."""
        if bbox is None:
            return None
        west, south, east, north = bbox
        if not (-180 <= west < east <= 180 and -90 <= south < north <= 90):
            raise ValueError(f"expected [west, south, east, north] with west < east and south < north, got {bbox}")
        return bbox

    @model_validator(mode="after")
    def _one_area(self) -> AreaSpec:
        """Refuse two areas."""
        if self.bbox is not None and self.districts is not None:
            raise ValueError("give either districts or bbox: the area is what the districts cover")
        return self

    @field_validator("crs")
    @classmethod
    def _metric(cls, crs: str | None) -> str | None:
        """Refuse degrees and feet."""
        return None if crs is None else metric_crs(crs)


class StandardBlock(StandardSpec):
    """The rules that people are judged by, and which points are urban or rural."""

    setting: SettingSpec | None = Field(
        None, description="How points are told urban or rural; needed by some standards."
    )


class VariantSpec(Spec):
    """One alternative: the baseline with edits, or with people, facilities or a standard of its own."""

    name: str = Field(description="Its name: letters (Korean too), digits, - _ and . ; also the name of its folder.")
    title: NameSpec | None = Field(
        None,
        description="What maps and reports call it: {ko: 동부 의원 신설, en: A clinic in the east}; else its name.",
    )
    edits: list[EditSpec] = Field(
        default_factory=list, min_length=1, description="What is changed, one after the other."
    )
    siting: SitingSpec | None = Field(
        None, description="Where facilities should open, close or move, after the edits; the plan is then judged too."
    )
    standard: StandardBlock | None = Field(
        None, description="Another standard that judges this variant, in place of the scenario's."
    )
    demand: DemandSource | None = Field(
        None, description="Other people, e.g. of another year, in place of the scenario's."
    )
    facilities: list[FacilitySource] | None = Field(
        None, min_length=1, description="Other facilities, e.g. of another year, in place of all of the scenario's."
    )

    @model_validator(mode="after")
    def _changes_something(self) -> VariantSpec:
        """Ask for something that differs from the baseline."""
        own = (self.siting, self.standard, self.demand, self.facilities)
        if not self.edits and all(block is None for block in own):
            raise ValueError(
                "a variant needs edits, e.g. edits: [{close: {id: school-17}}], or a siting block, or a standard, "
                "demand or facilities of its own"
            )
        return self

    @field_validator("name")
    @classmethod
    def _a_folder_name(cls, name: str) -> str:
        """Refuse what cannot be the name of a folder everywhere."""
        if name.lower() == BASELINE:
            raise ValueError(f"{name!r} is the name of the world as it is: choose another")
        if _RESERVED.fullmatch(name):
            raise ValueError(f"{name!r} is reserved by Windows: choose another name")
        if _OWN_FILES.fullmatch(name):
            raise ValueError(f"{name!r} is what a folder of results holds anyway: choose another name")
        odd = sorted({character for character in name if not (character.isalnum() or character in "-_.")})
        if odd:
            raise ValueError(
                f"a variant's name is letters, digits, - _ and . ; {name!r} has {' '.join(map(repr, odd))}"
            )
        if not name or name[0] in ".-" or name.endswith("."):
            raise ValueError(
                f"a variant's name starts with a letter, digit or _ and does not end with a dot, got {name!r}"
            )
        if len(name) > _LONGEST_NAME:
            raise ValueError(f"a variant's name has {_LONGEST_NAME} characters at most, this one {len(name)}")
        return name


class ReportSpec(Spec):
    """The report of a run: in which languages, as which files."""

    languages: list[Literal["ko", "en"]] = Field(
        ["ko", "en"], min_length=1, description="ko, en: a file of most formats for each."
    )
    formats: list[Literal["html", "pdf", "xlsx", "hwpx", "maps"]] = Field(
        ["html"],
        min_length=1,
        description="html: one page that opens anywhere; pdf; xlsx: its tables; hwpx (an extra); maps: a ZIP of them.",
    )
    official: str | None = Field(
        None,
        description="CSV of published figures put beside ours: district, requirement, measure, figure, year, source.",
    )
    forms: list[str] = Field(
        default_factory=list,
        description="Maps of the forms that a county fills in (YAML), in place of the packaged ones.",
    )


class OutputSpec(Spec):
    """What a run writes beside the tables."""

    layers: list[Literal["parquet", "gpkg", "geotiff", "geojson", "xlsx"]] = Field(
        ["parquet", "gpkg"],
        description="Formats of results: parquet, gpkg; also geotiff, geojson (for the web), xlsx (a workbook).",
    )
    without_car: bool = Field(
        False, description="Judge every requirement on foot as well as by car: without_car.csv, side by side."
    )
    maps: bool = Field(True, description="PNG maps of every requirement and of the life deserts.")
    report: bool | ReportSpec = Field(
        False, description="The report that a council reads: true (html, ko and en), or {languages: …, formats: …}."
    )

    @property
    def report_wish(self) -> ReportWish | None:
        """The report that is wanted, or None."""
        if isinstance(self.report, ReportSpec):
            return ReportWish(tuple(self.report.languages), tuple(self.report.formats))
        return ReportWish() if self.report else None


class ScenarioSpec(Spec):
    """A study: where, who lives there, what is there, the rules, and what might be changed."""

    name: str = Field("", description="Title of the study; without one, the name of the file.")
    seed: int = Field(1, ge=0, le=2**63 - 1, description="Seed of everything random.")
    extends: str | None = Field(None, description="Another scenario file that this one changes.")
    area: AreaSpec = Field(default_factory=AreaSpec, description="Roads, districts, and how points get to roads.")
    demand: DemandSource | None = Field(None, description="Where people live.")
    facilities: list[FacilitySource] = Field(default_factory=list, description="Facilities, one entry for each source.")
    times: TimesSource | list[TimesSource] | None = Field(
        None, description="Ready-made travel times in place of routing, one table or several (one for each mode)."
    )
    allowed: list[AllowedTable] = Field(
        default_factory=list, description="Attendance areas: which facilities of a kind people may use."
    )
    statistics: list[StatisticsTable] = Field(
        default_factory=list, description="Figures of ri, eup and myeon, or districts, for items and designations."
    )
    kinds: dict[str, KindSpec] = Field(
        default_factory=dict, description="Further kinds of facilities, or changed ones."
    )
    standard: StandardBlock | None = Field(None, description="The rules that people are judged by.")
    variants: list[VariantSpec] = Field(
        default_factory=list, description="Alternatives; the baseline is always there and always first."
    )
    zones: ZonesSpec | None = Field(None, description="Life zones: who belongs to which centre, for each function.")
    municipalities: MunicipalityTable | None = Field(
        None, description="What flows run between, by a table: names, people, centres and further figures of districts."
    )
    flows: FlowSource | list[FlowSource] | None = Field(
        None, description="People who go from district to district: tables, Korean files as published, or modelled."
    )
    urban_areas: UrbanAreasSpec | list[UrbanAreasSpec] | None = Field(
        None, description="Urban areas from flows, by one method or several beside one another."
    )
    ties: TiesBlock | None = Field(
        None, description="Reciprocal ties of municipalities; told of all flows also without this block."
    )
    alliances: AlliancesSpec | None = Field(
        None, description="Alliances of two to five municipalities that could share services."
    )
    city_classes: CityClassesSpec | None = Field(
        None, description="Classes of cities: regional growth centre, industrial, small; figures of municipalities."
    )
    compact_city: CompactCitySpec | None = Field(
        None,
        description="How compact the city is: footprint, density, its centre over years, walking to daily life.",
    )
    output: OutputSpec = Field(default_factory=OutputSpec, description="What is written.")

    @property
    def all_times(self) -> list[tuple[tuple[str | int, ...], TimesSource]]:
        """Every table of ready-made times with its path."""
        return _listed("times", self.times)

    @property
    def divides(self) -> bool:
        """Whether anything is to be divided: a block of :mod:`lifezone.zoning` is there."""
        return self.divides_places or self.divides_flows or self.divides_towns

    @property
    def divides_places(self) -> bool:
        """Whether anything asked for needs people, facilities and roads: life zones, alliances, a compact city."""
        return any(block is not None for block in (self.zones, self.alliances, self.compact_city))

    @property
    def divides_towns(self) -> bool:
        """Whether ties, alliances or classes of municipalities are asked for."""
        return any(block is not None for block in (self.ties, self.alliances, self.city_classes))

    @property
    def asked_of_places(self) -> tuple[Requirement, ...]:
        """What divisions ask of roads and facilities, in the form of rules."""
        zones = () if self.zones is None else tuple(one.requirement for one in self.zones.functions)
        shared = () if self.alliances is None else self.alliances.requirements
        return (*zones, *shared, *(() if self.compact_city is None else self.compact_city.requirements))

    @property
    def divides_flows(self) -> bool:
        """Whether flows are given or urban areas asked for."""
        return self.flows is not None or self.urban_areas is not None

    @property
    def all_flows(self) -> list[tuple[tuple[str | int, ...], FlowSource]]:
        """Every source of flows with its path."""
        return _listed("flows", self.flows)

    @property
    def all_urban_areas(self) -> list[tuple[tuple[str | int, ...], UrbanAreasSpec]]:
        """Every method of urban areas with its path."""
        return _listed("urban_areas", self.urban_areas)

    @property
    def blocks(self) -> dict[str, Any]:
        """The blocks by key, for looking at what is there."""
        return {name: getattr(self, name) for name in type(self).model_fields}


def _listed(key: str, block: Any) -> list[tuple[tuple[str | int, ...], Any]]:
    """Return the entries of a block that may be one or a list, each with its path."""
    if isinstance(block, list):
        return [((key, at), one) for at, one in enumerate(block)]
    return [] if block is None else [((key,), block)]
