"""What a planner writes under ``city_classes:`` and ``compact_city:``. Texts are schema, label, note."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, model_validator

from lifezone.edits.places import LonLat
from lifezone.model import Requirement
from lifezone.spec import Length, Share, Spec
from lifezone.standards.spec import Bound, BoundText
from lifezone.zoning.cities import Cuts
from lifezone.zoning.compact import BUILT_PER_KM2

__all__ = ["CityClassesSpec", "CompactCitySpec", "CutsSpec"]

_Names = Annotated[tuple[str, ...], Field(strict=False)]


class CutsSpec(Spec):
    """Where classes of cities end; ours, printed with every result."""

    growth_people: float = Field(200_000.0, ge=0, description="People of a regional growth centre.")
    growth_change: float = Field(-0.005, gt=-1, description="Yearly change it must have at least, e.g. -0.005.")
    industrial_lq: float = Field(1.5, ge=0, description="Location quotient of industry of an industrial city.")
    industrial_share: Share = Field(0.30, description="Or the share of industry in its jobs.")
    industrial_people: float = Field(50_000.0, ge=0, description="People of an industrial city.")
    medium_people: float = Field(100_000.0, ge=0, description="From here a city is of medium size.")
    large_people: float = Field(500_000.0, ge=0, description="From here it is large.")
    stable: float = Field(0.005, ge=0, description="Yearly change, up or down, within which a city is stable.")

    @property
    def cuts(self) -> Cuts:
        """The numbers."""
        return Cuts(**{name: getattr(self, name) for name in type(self).model_fields})


class CityClassesSpec(Spec):
    """Classes of cities: regional growth centre, industrial, small; figures come from ``municipalities``."""

    people_before: str | None = Field(None, description="Figure of the municipalities: people some years before.")
    years: float | None = Field(None, gt=0, description="How many years before.")
    jobs: _Names = Field((), description="Figures: jobs by sector, e.g. [manufacturing, services, farming].")
    industry: _Names = Field((), description="Those of them that are industrial, e.g. [manufacturing].")
    compare: _Names = Field((), description="Further figures that cities are compared by, e.g. [share_65].")
    cuts: CutsSpec = Field(default_factory=CutsSpec, description="Where classes end.")
    groups: int | None = Field(None, ge=2, le=20, description="Number of groups by likeness; without it found out.")
    samples: int = Field(200, ge=0, le=10_000, description="Resamples for the stability of groups.")

    @model_validator(mode="after")
    def _together(self) -> CityClassesSpec:
        """Ask for what belongs together."""
        if (self.people_before is None) != (self.years is None):
            raise ValueError("people_before and years are needed together")
        strange = [one for one in self.industry if one not in self.jobs]
        if strange:
            raise ValueError(f"industry names sectors that jobs does not have: {', '.join(strange)}")
        if self.jobs and not self.industry:
            raise ValueError("industry: say which sectors of jobs are industrial")
        return self


class CompactCitySpec(Spec):
    """How compact the city is, how its centre fares, and what gathering functions there would do."""

    at: LonLat | None = Field(None, description="Centre as [longitude, latitude]; without it where most people live.")
    facility: str | None = Field(None, description="Or the id of a facility that the centre is at, e.g. the town hall.")
    radius: Length = Field(1000.0, description="How far the centre reaches.")
    built: float = Field(BUILT_PER_KM2, gt=0, description="People per km² from which a cell counts as built up.")
    kinds: _Names = Field((), description="Kinds of daily life that people should walk to, e.g. [clinic, food].")
    mode: str = Field("walk", description="How they go there.")
    bound: BoundText = Field(Bound(900.0, "time"), description="Within which they should reach each, e.g. 15 min.")
    years: dict[str, int] = Field(
        default_factory=dict, description="Year of each variant's people: {baseline: 2020, in-2000: 2000}."
    )

    @property
    def requirements(self) -> tuple[Requirement, ...]:
        """What is asked of roads and facilities, in the form of rules."""
        return tuple(
            Requirement(id=f"compact city {kind}", kinds=(kind,), mode=self.mode, bound=self.bound.value,
                        metric=self.bound.metric)
            for kind in self.kinds
        )  # fmt: skip

    @model_validator(mode="after")
    def _one_centre(self) -> CompactCitySpec:
        """Refuse two centres."""
        if self.at is not None and self.facility is not None:
            raise ValueError("give at or facility, not both")
        if not self.radius > 0:
            raise ValueError("radius: above 0, e.g. 1 km")
        return self
