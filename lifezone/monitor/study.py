"""A monitoring study as one frozen spec. Field texts are schema, form label and report note: written for planners."""

from __future__ import annotations

from typing import Annotated, Literal, TypeAlias

from pydantic import Field, field_validator, model_validator

from lifezone.monitor.ages_file import KoreaAges
from lifezone.monitor.boundaries import WarningsSpec
from lifezone.monitor.code_changes import CodeChanges
from lifezone.monitor.dates import day_of
from lifezone.monitor.designation_rule import RuleEntry
from lifezone.monitor.own import OwnIndicator
from lifezone.monitor.places_table import PlacesTable
from lifezone.monitor.results_folder import ResultsFolder
from lifezone.monitor.survey.spec import SurveySpec
from lifezone.monitor.tables import CompositionTable, FiguresTable
from lifezone.sources.crs import metric_crs
from lifezone.sources.districts import DistrictTable
from lifezone.sources.flows import FlowsTable, KoreaFlows
from lifezone.sources.flows.table import Year
from lifezone.sources.korea import KoreaDistricts
from lifezone.sources.where import Where
from lifezone.spec import Spec

__all__ = ["DistrictsSpec", "EditionSpec", "EditionTable", "NamesTable", "ScenarioOf", "StudySpec"]

_BY_TYPE = Field(discriminator="type")
EditionTable: TypeAlias = Annotated[FiguresTable | CompositionTable | KoreaAges | PlacesTable, _BY_TYPE]
"""Tables of an edition; the union is the registry."""
Boundaries: TypeAlias = Annotated[DistrictTable | KoreaDistricts, _BY_TYPE]
MonitorFlows: TypeAlias = Annotated[FlowsTable | KoreaFlows, _BY_TYPE]


class NamesTable(Spec):
    """Districts by a table: names, and which centre each belongs to."""

    path: str = Field(description="The file: one row for each district.")
    id: str = Field(description="Column with the code of each district; kept as text, so zeros in front stay.")
    name: str | None = Field(None, description="Column with its name; without it the code is shown.")
    name_en: str | None = Field(None, description="Column with its English name.")
    centre: str | None = Field(
        None,
        description="Column with the code of the centre that a district belongs to (its own for a centre itself), e.g. "
        "the centre of its urban area; empty = none.",
    )
    where: Where | None = Field(None, description="Which rows are meant: column and value, values or a comparison.")
    layer: str | None = Field(None, description="Layer of a GeoPackage; not needed when it has only one.")
    encoding: str | None = Field(None, description="Encoding of the file, where it is not found out.")


class DistrictsSpec(Spec):
    """The districts that everything is told by."""

    boundaries: Boundaries | None = Field(None, description="Their borders: polygons with a code and a name.")
    table: NamesTable | None = Field(None, description="Their names and centres by a table.")
    crs: str | None = Field(None, description="Metric coordinate system, e.g. EPSG:5179; found by itself.")

    @field_validator("crs")
    @classmethod
    def _metric(cls, crs: str | None) -> str | None:
        """Refuse degrees and feet."""
        return None if crs is None else metric_crs(crs)

    @model_validator(mode="after")
    def _something(self) -> DistrictsSpec:
        """Ask for one of the two."""
        if self.boundaries is None and self.table is None:
            raise ValueError("give boundaries (polygons) or table (names), or both")
        return self


class ScenarioOf(Spec):
    """The scenario of an edition: swapped with that of the edition before, it tells what changed coverage."""

    path: str = Field(description="The scenario file.")
    variant: str = Field("baseline", description="Which of its variants.")


class EditionSpec(Spec):
    """One edition: the tables of a year, and the result of a run."""

    edition: Year = Field(description="Its name, usually the year: 2020.")
    date: Year | None = Field(
        None, description="Day, month or year of its figures; the edition's name where that is one (the year's end)."
    )
    tables: list[EditionTable] = Field(default_factory=list, description="Tables of districts, or of places in them.")
    flows: list[MonitorFlows] = Field(
        default_factory=list,
        description="People who go between districts: commuting, commuting_schooling, moves, moves_20_29 …",
    )
    results: ResultsFolder | None = Field(
        None, description="Folder that lifezone run wrote for this edition: who is within the national minimum."
    )
    scenario: str | ScenarioOf | None = Field(
        None, description="Scenario of this edition: with that of the edition before, what changed coverage is told by "
        "people, facilities, roads and standard.",
    )  # fmt: skip
    survey: SurveySpec | None = Field(None, description="Perception survey of this edition.")

    @property
    def swapped(self) -> ScenarioOf | None:
        """The scenario, however it is written."""
        return ScenarioOf(path=self.scenario) if isinstance(self.scenario, str) else self.scenario

    @property
    def day(self) -> str:
        """ISO day of the edition."""
        return day_of(self.date or self.edition) or ""

    @model_validator(mode="after")
    def _a_day(self) -> EditionSpec:
        """Ask for a day and for something to read."""
        if not self.edition:
            raise ValueError("an edition needs a name")
        if not self.day:
            raise ValueError(
                f"the day of {self.edition!r} is not known: give date: a year, a month or a day such as '2020-06-30'"
            )
        if (
            not self.tables
            and not self.flows
            and all(one is None for one in (self.results, self.scenario, self.survey))
        ):
            raise ValueError("an edition needs tables, flows, results, a scenario or a survey")
        return self


class StudySpec(Spec):
    """A monitoring study: districts, editions, what is computed."""

    name: str = Field("", description="Title of the study; without one, the name of the file.")
    extends: str | None = Field(None, description="Another study file that this one changes.")
    districts: DistrictsSpec | None = Field(None, description="The districts that everything is told by.")
    base: Year | None = Field(
        None,
        description="Edition whose districts these are, or their day or year; without it the newest edition. Every "
        "edition is brought to these districts.",
    )
    editions: list[EditionSpec] = Field(default_factory=list, description="Editions, in any order.")
    code_changes: CodeChanges | None = Field(
        None, description="Dated changes of codes and borders between editions: splits, mergers, renames."
    )
    indicators: list[str] | None = Field(
        None, min_length=1, description="Which of the packaged indicators; without it all that the tables allow."
    )
    own: list[OwnIndicator] = Field(
        default_factory=list, description="Indicators of your own: any ratio, share or change of your tables."
    )
    warnings: WarningsSpec = Field(default_factory=WarningsSpec, description="What an early warning is given for.")
    designations: list[RuleEntry] = Field(
        default_factory=list,
        description="Rules of designation, every step of which is told: packaged ones such as {extends: "
        "kr-population-decline-2026}, changed where wanted, or your own.",
    )
    maps: list[str] | None = Field(
        None,
        description="Indicators that are drawn over the years (map, cartogram, tiles and circles of every edition), in "
        "their order; without it those that have classes, at most six; [] = none.",
    )
    layers: list[Literal["gpkg"]] = Field(
        ["gpkg"], description="Layers beside the tables; gpkg where there are borders."
    )

    @field_validator("editions")
    @classmethod
    def _once(cls, editions: list[EditionSpec]) -> list[EditionSpec]:
        """Refuse two editions of one name or day."""
        for what, told in (("edition", [one.edition for one in editions]), ("date", [one.day for one in editions])):
            twice = sorted({one for one in told if told.count(one) > 1})
            if twice:
                raise ValueError(f"two editions have the same {what}: {', '.join(twice)}")
        return editions

    @model_validator(mode="after")
    def _known_base(self) -> StudySpec:
        """Refuse a base that is no edition and no day, and own indicators of one id."""
        names = [one.edition for one in self.editions]
        if self.base is not None and self.base not in names and day_of(self.base) is None:
            raise ValueError(f"base: {self.base!r} is no edition and no day; there are {', '.join(names)}")
        ids = [one.id for one in self.own]
        twice = sorted({one for one in ids if ids.count(one) > 1})
        if twice:
            raise ValueError(f"own: two indicators have the same id: {', '.join(twice)}")
        return self

    @property
    def ordered(self) -> list[tuple[int, EditionSpec]]:
        """Editions from the oldest to the newest, each with its position in the file."""
        return sorted(enumerate(self.editions), key=lambda pair: pair[1].day)

    @property
    def base_day(self) -> str:
        """ISO day of the districts."""
        days = {one.edition: one.day for one in self.editions}
        if self.base is None:
            return max(days.values(), default="")
        return days.get(self.base) or day_of(self.base) or ""
