"""What every siting question says. Field texts are schema, form label and report note.

Each method has a class of its own, told apart by ``method``; ``spec`` joins them.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, ClassVar, Literal, TypeVar

from pydantic import BeforeValidator, Field, PlainSerializer, WithJsonSchema, model_validator

from lifezone.siting.projection import Projection
from lifezone.siting.robust_spec import FutureSpec, SamplesSpec
from lifezone.siting.spec_candidates import CandidateSource, Exclude
from lifezone.sources.times_table import TimesTable
from lifezone.spec import Share, Spec, Time
from lifezone.standards.spec import BoundText
from lifezone.units import parse_share

__all__ = ["BetweenSource", "RoadsBetween", "SitesBase", "SitingBase", "StraightLine"]

T = TypeVar("T")
Number = Annotated[int, Field(ge=0)]
Amount = Annotated[float, Field(ge=0, allow_inf_nan=False)]
Positive = Annotated[float, Field(gt=0, allow_inf_nan=False)]
Names = Annotated[tuple[str, ...], Field(strict=False)]
Weights = dict[str, Amount]


def _read_district_cover(value: object) -> object:
    """Read ``today``, ``standard`` or a share."""
    return value if value in ("today", "standard") else parse_share(value)


def _write_district_cover(value: str | float) -> str:
    return value if isinstance(value, str) else f"{value * 100:.12g} %"


DistrictCover = Annotated[
    str | float,
    BeforeValidator(_read_district_cover),
    PlainSerializer(_write_district_cover, return_type=str),
    WithJsonSchema({"type": "string", "description": "today, standard or a share", "examples": ["today", "80 %"]}),
]


class Together(Spec):
    """What is saved where several kinds share a building."""

    won: Amount | None = Field(None, description="Won saved by each facility that opens in a building with another.")
    share: Share | None = Field(
        None, le=1.0, description="Share of its cost saved by each facility that opens in a building with another."
    )

    @model_validator(mode="after")
    def _one_of_both(self) -> Together:
        """Ask for one of both."""
        if (self.won is None) == (self.share is None):
            raise ValueError("give won or share, one of them, e.g. together: {share: 20 %}")
        return self


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
    mode: str | dict[str, str] | None = Field(
        None, description="How people travel: car, walk; for all kinds or for each; without it, as the standard says."
    )
    groups: Weights | dict[str, Weights] = Field(
        default_factory=lambda: {"total": 1.0},
        description="Groups of people and their weight in the sum; or for each kind its groups.",
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
    serves_all: ClassVar[bool] = False
    """Whether everybody who can be reached must find a place."""

    kind: str | None = Field(None, description="Kind of facility, e.g. clinic.")
    kinds: Names = Field((), description="Several kinds that are decided together, e.g. [clinic, pharmacy].")
    choose: Number | dict[str, Number] | None = Field(
        None, description="How many open (method close: how many close), of all kinds together or of each."
    )
    candidates: CandidateSource | list[CandidateSource] | None = Field(
        None, description="Where one may be opened; one source or several."
    )
    exclude: Exclude | None = Field(None, description="Candidates that are left out.")
    existing: Literal["keep", "closable", "movable"] = Field(
        "keep", description="Whether facilities that are open stay, may close, or may close for a new one each."
    )
    bound: BoundText | dict[str, BoundText] | None = Field(
        None, description="Time or length within which people count as covered; without it, as the standard says."
    )
    reach: BoundText | None = Field(
        None, description="Trips longer than this are not looked at; without it as far as the question needs."
    )
    around: bool = Field(False, description="People around the study area count too, as far as they are loaded.")
    open: Names = Field((), description="Candidates that must open, by id.")
    never: Names = Field((), description="Candidates that may not open, by id.")
    stay: Names = Field((), description="Facilities that may not close, by id.")
    capacity: bool = Field(False, description="People sent to a facility are limited by its capacity.")
    people_per_unit: Positive | dict[str, Positive] | None = Field(
        None, description="People whom one unit of capacity serves; without it, as the standard says, else 1."
    )
    assignment: Literal["nearest", "system"] = Field(
        "nearest",
        description="With capacities: people go to the nearest that is open, or are sent for the best of all.",
    )
    least_use: Amount | dict[str, Amount] | None = Field(
        None, description="People below whom a facility may not stand, e.g. 60 pupils for a school."
    )
    cost: Amount | dict[str, Amount] | None = Field(
        None, description="Cost of opening one, in won, where a candidate names none."
    )
    close_cost: Amount | dict[str, Amount] | None = Field(
        None, description="Cost of closing one, in won, where a facility names none."
    )
    yearly_cost: Amount | dict[str, Amount] | None = Field(
        None, description="What one costs a year, in won, where it names nothing."
    )
    budget: Amount | None = Field(None, description="Limit of what opening and closing cost, in won.")
    yearly_budget: Amount | None = Field(
        None, description="Limit of what is added to the yearly costs: of what opens, less of what closes, in won."
    )
    together: Together | None = Field(None, description="What is saved where several kinds share a building.")
    cover: dict[str, Share] | None = Field(
        None, description="Least share of each group that is within the bound, e.g. {total: 90 %, age_65_plus: 95 %}."
    )
    district_cover: DistrictCover | None = Field(
        None,
        description="No district falls below this: today (the people it has within the bound now), standard (the "
        "target share of the standard) or a share such as 80 %.",
    )
    keep_covered: bool = Field(False, description="Nobody within the bound today is pushed beyond it.")
    most_extra: BoundText | None = Field(None, description="Nobody's trip grows by more than this, e.g. 10 min.")
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
    scenarios: Annotated[tuple[FutureSpec, ...], Field(strict=False)] = Field(
        (), description="Other speeds, years and standards that the plan is judged under, beside today's."
    )
    robust: Literal["min_max_regret", "worst", "expected"] | None = Field(
        None, description="The plan is the best over all scenarios and today: least largest regret, best worst value, "
        "or best weighted mean. Without it, it is the best of today.",
    )  # fmt: skip
    samples: SamplesSpec | None = Field(
        None, description="Uncertain people and times drawn at random: how often is each site chosen?"
    )

    @model_validator(mode="after")
    def _some_kind(self) -> SitesBase:
        """Ask for one kind or several."""
        if (self.kind is None) == (not self.kinds):
            raise ValueError("name the kind, e.g. kind: clinic, or several: kinds: [clinic, pharmacy]")
        twice = sorted({kind for kind in self.kinds if self.kinds.count(kind) > 1})
        if twice:
            raise ValueError(f"kinds names {', '.join(twice)} twice")
        return self

    @property
    def asked(self) -> tuple[str, ...]:
        """The kinds asked about."""
        return self.kinds if self.kind is None else (self.kind,)

    @property
    def sources(self) -> tuple[Any, ...]:
        """The sources of candidates."""
        if self.candidates is None:
            return ()
        return tuple(self.candidates) if isinstance(self.candidates, list) else (self.candidates,)

    @property
    def counts_cover(self) -> bool:
        """Whether the question asks who is within the bound: the method, or one of its rules."""
        return self.needs_bound or self.cover is not None or self.district_cover is not None or self.keep_covered

    @property
    def counts_money(self) -> bool:
        """Whether costs play a part."""
        return self.budget is not None or self.yearly_budget is not None

    @property
    def least_shares(self) -> dict[str, float]:
        """Least share of each group that must be within the bound."""
        return dict(self.cover or {})

    def each(self, name: str, kind: str) -> Any:
        """Return what a key says for a kind: its value for all, or that kind's."""
        value = getattr(self, name)
        return value.get(kind) if isinstance(value, Mapping) else value

    def groups_of(self, kind: str) -> Mapping[str, float]:
        """Return the groups counted for a kind, with their weights."""
        nested = any(isinstance(value, Mapping) for value in self.groups.values())
        found: Any = self.groups.get(kind, {"total": 1.0}) if nested else self.groups
        return dict(found)

    def options(self) -> dict[str, Any]:
        """Return what else the method's solver is told."""
        return {}
