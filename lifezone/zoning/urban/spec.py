"""What a planner writes under ``urban_areas:``. Field texts are schema, form label and report note."""

from __future__ import annotations

from typing import Annotated, Literal, TypeAlias

from pydantic import Field, field_validator, model_validator

from lifezone.sources.flows.table import Year
from lifezone.spec import Share, Spec
from lifezone.zoning.urban.structure import Cuts

__all__ = [
    "FunctionalSpec", "IntramaxSpec", "LabourMarketSpec", "ModularitySpec", "PassageSpec", "TiesSpec", "UrbanAreasSpec",
]  # fmt: skip

_ODD = frozenset('<>:"/\\|?*')


class StructureCuts(Spec):
    """Where the classes of an area's structure begin."""

    slope: float = Field(
        -1.0, description="Rank-size slope of one centre: at or below it an area is monocentric, above it polycentric."
    )
    evenness: Share = Field(0.7, description="Evenness of ties that a network city has.")
    reciprocity: Share = Field(0.5, description="Reciprocity of ties that a network city has.")

    @property
    def cuts(self) -> Cuts:
        """The numbers."""
        return Cuts(self.slope, self.evenness, self.reciprocity)


class _Method(Spec):
    """What every method is told."""

    id: str | None = Field(
        None, min_length=1, max_length=60, description="Short name, of files and columns; without it the method's."
    )
    purposes: Annotated[tuple[str, ...], Field(strict=False)] = Field(
        (), description="Flows that count, added up; without it commuting and schooling, or the only purpose there is."
    )
    year: Year | None = Field(None, description="Year of the flows; without it the newest that all purposes have.")
    structure: StructureCuts = Field(default_factory=StructureCuts, description="Where classes of structure begin.")

    @field_validator("id")
    @classmethod
    def _a_file_name(cls, text: str | None) -> str | None:
        """Refuse what cannot be the name of a file and of a layer."""
        if text is not None and (_ODD & set(text) or any(one.isspace() for one in text) or text[0] in ".-"):
            raise ValueError(f"an id is letters, digits, - and _ ; got {text!r}")
        return text

    @property
    def name(self) -> str:
        """The id, or the method."""
        return self.id or str(self.method)  # type: ignore[attr-defined]


class TiesSpec(_Method):
    """Ties of 5, 10 and 20 % of residents to a centre, Burt's network constraint beside them (D10)."""

    method: Literal["network_constraint"] = Field(
        description="Districts join the centre that enough of their residents go to; network constraint beside it."
    )
    thresholds: Annotated[tuple[Share, ...], Field(strict=False, min_length=1)] = Field(
        (0.05, 0.1, 0.2), description="Classes of ties, ascending; the first is the least that joins."
    )
    measure: Literal["share", "constraint_external", "constraint_total"] = Field(
        "share",
        description="What the thresholds are held against: share of residents, or Burt's dyadic constraint.",
    )
    centre_people: float = Field(50_000.0, ge=0, description="Fewest people of a centre; 0 = people do not matter.")
    centre_leaving: Share = Field(
        0.1, description="A centre sends less than this share of its residents to any one other district."
    )
    centre_in_out: float = Field(1.0, ge=0, description="Least people who come for each who lives there and goes.")

    @field_validator("thresholds")
    @classmethod
    def _ascending(cls, values: tuple[float, ...]) -> tuple[float, ...]:
        """Ask for ascending thresholds above 0."""
        if list(values) != sorted(set(values)) or values[0] <= 0:
            raise ValueError("thresholds ascend and begin above 0 %, e.g. [5 %, 10 %, 20 %]")
        return values


class FunctionalSpec(_Method):
    """Functional urban areas of the OECD and the EU: cities from a population grid, and who commutes there."""

    method: Literal["functional_urban_area"] = Field(
        description="Cities by a population grid and their commuting zone, enclaves in and exclaves out."
    )
    share: Share = Field(0.15, description="Share of the employed who work in the city: commuting zone, and one city.")
    density: float = Field(1500.0, gt=0, description="Fewest people per km² of an urban centre's cells.")
    centre_people: float = Field(50_000.0, ge=0, description="Fewest people of an urban centre.")
    gap: float = Field(15.0, ge=0, description="Holes of an urban centre below this are filled, km².")
    city_share: Share = Field(0.5, description="Share of a district's people in an urban centre that makes it a city.")
    cities: dict[str, list[str]] = Field(
        default_factory=dict,
        description="Cities that are known already: name → ids of their districts; no population grid is needed then.",
    )


class LabourMarketSpec(_Method):
    """Labour market areas: as many as there can be that each hold enough of their own commuting (TTWA)."""

    method: Literal["labour_market"] = Field(description="Self-containment traded off against size, as for TTWA.")
    min_size: float = Field(3500.0, gt=0, description="Residents who work of the smallest area.")
    min_containment: Share = Field(0.6667, description="Self-containment that is enough from target_size on.")
    target_size: float = Field(25_000.0, gt=0, description="Residents who work from which min_containment is enough.")
    target_containment: Share = Field(0.75, description="Self-containment that is asked of an area of min_size.")

    @model_validator(mode="after")
    def _in_order(self) -> LabourMarketSpec:
        """Ask for a target above the minimum."""
        if self.target_size <= self.min_size:
            raise ValueError("target_size must be above min_size")
        if not 0 < self.min_containment <= self.target_containment:
            raise ValueError("min_containment must be above 0 % and at most target_containment")
        return self


class IntramaxSpec(_Method):
    """Intramax: the two areas with the strongest ties for their size are joined, again and again."""

    method: Literal["intramax"] = Field(description="Areas are joined by the strongest relative ties.")
    areas: int | None = Field(None, ge=1, description="How many areas are wanted.")
    inside: Share | None = Field(None, description="Share of all people that is wanted inside their area.")
    touching: bool = Field(False, description="Only areas that touch are joined; needs shapes (area.districts).")

    @model_validator(mode="after")
    def _some_stop(self) -> IntramaxSpec:
        """Ask where to stop."""
        if (self.areas is None) == (self.inside is None):
            raise ValueError("give areas (how many) or inside (share of people), so that joining ends")
        return self


class PassageSpec(_Method):
    """Markov chain of the flows: districts that come to the same places equally soon."""

    method: Literal["passage_time"] = Field(description="Clusters of mean first passage times.")
    areas: int | None = Field(None, ge=1, description="How many areas; without it as the silhouette likes best.")


class ModularitySpec(_Method):
    """Modularity by the Leiden algorithm, for comparison."""

    method: Literal["modularity"] = Field(description="More flow inside than by chance; for comparison.")
    resolution: float = Field(1.0, gt=0, description="Larger = more and smaller areas.")


UrbanAreasSpec: TypeAlias = Annotated[
    TiesSpec | FunctionalSpec | LabourMarketSpec | IntramaxSpec | PassageSpec | ModularitySpec,
    Field(discriminator="method"),
]
"""How urban areas are found."""
