"""What every siting question says. Field texts are schema, form label and report note.

Each method has a class of its own, told apart by ``method``; ``spec`` joins them.
"""

from __future__ import annotations

from typing import Annotated, Any, ClassVar, Literal

from pydantic import Field

from lifezone.siting.projection import Projection
from lifezone.sources.facility_table import FacilityTable
from lifezone.sources.times_table import TimesTable
from lifezone.spec import Spec, Time
from lifezone.standards.spec import BoundText

__all__ = [
    "BetweenSource", "CandidateSource", "Closed", "DemandPlaces", "NodesOf", "RoadsBetween", "SitesBase", "SitingBase",
    "StraightLine",
]  # fmt: skip


class Closed(Spec):
    """Facilities that are listed with ``open: false``."""

    type: Literal["closed"] = Field(description="Facilities of the kind that are listed but not open.")


class DemandPlaces(Spec):
    """Every demand point is a candidate."""

    type: Literal["demand"] = Field(description="Every place where people live.")


class NodesOf(Spec):
    """Every junction on roads of some classes is a candidate."""

    type: Literal["nodes_of"] = Field(description="Every junction on roads of these classes.")
    way: Annotated[tuple[str, ...], Field(strict=False, min_length=1)] = Field(
        description="Classes of road, e.g. [primary, secondary, tertiary]."
    )


CandidateSource = Annotated[Closed | FacilityTable | DemandPlaces | NodesOf, Field(discriminator="type")]
"""Where a facility may be opened."""


class RoadsBetween(Spec):
    """Sites are as far from one another as the roads say."""

    type: Literal["roads"] = Field(description="By the roads, as people travel.")


class StraightLine(Spec):
    """Sites are as far from one another as a straight line."""

    type: Literal["straight_line"] = Field(description="Straight lines, not ways; told with the plan.")


BetweenSource = Annotated[RoadsBetween | TimesTable | StraightLine, Field(discriminator="type")]
"""How far sites are from one another."""


class SitingBase(Spec):
    """What every question says, of whatever method."""

    method: str = Field(description="What is best.")
    mode: str | None = Field(None, description="How people travel: car, walk; without it, as the standard says.")
    groups: dict[str, float] = Field(
        default_factory=lambda: {"total": 1.0}, description="Groups of people and their weight in the sum."
    )
    seed: int = Field(1, ge=0, le=2**63 - 1, description="Seed of heuristics and solver.")
    time_limit: Time = Field(600.0, description="Time for solving; the best plan so far is told with its bound.")


class SitesBase(SitingBase):
    """A question that is answered with sites that open or close."""

    needs_bound: ClassVar[bool] = False
    """Whether the method counts people within a bound."""
    needs_choose: ClassVar[bool] = False
    """Whether the method asks for a number of sites, where no budget says how many."""
    closes: ClassVar[bool] = False
    """Whether ``choose`` counts what closes."""

    kind: str = Field(description="Kind of facility, e.g. clinic.")
    choose: int | None = Field(None, ge=0, description="How many open (method close: how many close).")
    candidates: CandidateSource | None = Field(None, description="Where one may be opened.")
    existing: Literal["keep", "closable", "movable"] = Field(
        "keep", description="Whether facilities that are open stay, may close, or may close for a new one each."
    )
    bound: BoundText | None = Field(
        None, description="Time or length within which people count as covered; without it, as the standard says."
    )
    reach: Time | None = Field(
        None, description="Trips longer than this are not looked at; without it as far as the question needs."
    )
    open: Annotated[tuple[str, ...], Field(strict=False)] = Field((), description="Candidates that must open, by id.")
    never: Annotated[tuple[str, ...], Field(strict=False)] = Field(
        (), description="Candidates that may not open, by id."
    )
    stay: Annotated[tuple[str, ...], Field(strict=False)] = Field(
        (), description="Facilities that may not close, by id."
    )
    capacity: bool = Field(False, description="People sent to a facility are limited by its capacity.")
    least_use: float | None = Field(None, ge=0, description="People below whom a facility may not stand.")
    assignment: Literal["nearest", "system"] = Field(
        "nearest",
        description="With capacities: people go to the nearest that is open, or are sent for the best of all.",
    )
    budget: float | None = Field(None, ge=0, description="Limit of the costs of what opens, in won.")
    cost: float | None = Field(None, ge=0, description="Cost of opening one, in won, where a candidate names none.")
    apart: BoundText | None = Field(
        None, description="No two facilities of the kind may be nearer to each other, e.g. 10 min or 2 km; those that "
        "stand today anyway are not measured against one another.",
    )  # fmt: skip
    between: BetweenSource | None = Field(
        None, description="apart and p_dispersion: how far sites are from one another; without it, by the roads."
    )
    projections: Annotated[tuple[Projection, ...], Field(strict=False)] = Field(
        (), description="People of later years, e.g. ten and twenty years on: the use of every site then, and whether "
        "the plan is still the best.",
    )  # fmt: skip

    def options(self) -> dict[str, Any]:
        """Return what else the method's solver is told."""
        return {}
