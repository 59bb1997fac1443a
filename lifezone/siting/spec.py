"""What a planner writes under ``siting:``. Field texts are schema, form label and report note."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from lifezone.sources.facility_table import FacilityTable
from lifezone.spec import Share, Spec, Time
from lifezone.standards.spec import BoundText

__all__ = ["CandidateSource", "Closed", "DemandPlaces", "NodesOf", "SitingSpec"]


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


class SitingSpec(Spec):
    """Where facilities of a kind should open, close, merge or move."""

    kind: str = Field(description="Kind of facility, e.g. clinic.")
    method: Literal["set_cover", "max_cover", "p_median", "p_center", "backup_cover", "close"] = Field(
        description="What is best: set_cover (fewest for everyone), max_cover (most people within the bound), p_median "
        "(least travel), p_center (least worst trip), backup_cover (a second one in reach), close (which to close)."
    )
    choose: int | None = Field(None, ge=0, description="How many open (method close: how many close).")
    candidates: CandidateSource | None = Field(None, description="Where one may be opened.")
    existing: Literal["keep", "closable", "movable"] = Field(
        "keep", description="Whether facilities that are open stay, may close, or may close for a new one each."
    )
    mode: str | None = Field(None, description="How people travel: car, walk; without it, as the standard says.")
    bound: BoundText | None = Field(
        None, description="Time or length within which people count as covered; without it, as the standard says."
    )
    groups: dict[str, float] = Field(
        default_factory=lambda: {"total": 1.0}, description="Groups of people and their weight in the sum."
    )
    share: Share = Field(1.0, description="set_cover: share of the people who must be covered.")
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
    seed: int = Field(1, ge=0, le=2**63 - 1, description="Seed of heuristics and solver.")
    time_limit: Time = Field(600.0, description="Time for solving; the best plan so far is told with its bound.")
