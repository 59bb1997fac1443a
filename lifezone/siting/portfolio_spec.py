"""What a planner writes under ``siting: {method: portfolio}``: many small projects, chosen and timed under a budget."""

from __future__ import annotations

from typing import Annotated, Any, Final, Literal, TypeAlias, get_args

from pydantic import AfterValidator, BeforeValidator, Field, WithJsonSchema, model_validator

from lifezone.edits.people_specs import ProjectPeople
from lifezone.edits.spec import EditSpec
from lifezone.spec import Share, Spec, Time

__all__ = ["Goal", "PeopleOfYear", "Portfolio", "Project", "ProjectTable"]

Goal: TypeAlias = Literal["person_minutes", "lifted", "covered", "communities", "projects"]
Won: TypeAlias = Annotated[float, Field(ge=0, allow_inf_nan=False)]
Year: TypeAlias = Annotated[int, Field(ge=1900, le=2300)]
LARGEST_WON: Final = 100_000_000.0
"""KRIHS brief 736: under 100 million won each."""
LONGEST_YEARS: Final = 2
"""KRIHS brief 736: at most two years."""
DISCOUNT: Final = 0.045
"""Social discount rate of Korean preliminary feasibility studies since 2017."""


def _listed(value: Any) -> Any:
    """Take one word for a list of one."""
    return [value] if isinstance(value, str | int | float) and not isinstance(value, bool) else value


def _all_different(values: tuple[Any, ...]) -> tuple[Any, ...]:
    """Refuse what is named twice."""
    if len(set(values)) < len(values):
        raise ValueError("something is named twice")
    return values


def _one_or_many(one: dict[str, Any]) -> WithJsonSchema:
    """Say in the schema that one word stands for a list of one."""
    return WithJsonSchema({"anyOf": [one, {"type": "array", "items": one}]})


Names: TypeAlias = Annotated[
    tuple[Annotated[str, Field(min_length=1)], ...],
    BeforeValidator(_listed), Field(strict=False), AfterValidator(_all_different),
    _one_or_many({"type": "string", "minLength": 1}),
]  # fmt: skip
Costs: TypeAlias = Annotated[
    tuple[Won, ...], BeforeValidator(_listed), Field(strict=False, min_length=1),
    _one_or_many({"type": "number", "minimum": 0}),
]  # fmt: skip
Goals: TypeAlias = Annotated[
    tuple[Goal, ...], BeforeValidator(_listed), Field(strict=False, min_length=1), AfterValidator(_all_different),
    _one_or_many({"enum": list(get_args(Goal))}),
]  # fmt: skip


class Project(Spec):
    """One small project: what it costs, whom it serves, and what it changes."""

    id: str = Field(min_length=1, description="Id of the project, unique in the portfolio.")
    name: str = Field("", description="Its name.")
    village: Names = Field(description="The community it serves, or several: settlements or districts by name.")
    cost: Costs = Field(description="Cost of building in won: in all, or a list with the cost of each year.")
    years: int | None = Field(None, ge=1, description="Whole years of building; without it one, or as cost lists.")
    running: Won = Field(0.0, description="Cost of every year in operation, in won.")
    earliest: Year | None = Field(None, description="First year in which it may begin.")
    requires: Names = Field((), description="Projects, by id, that must be finished before it begins.")
    excludes: Names = Field((), description="Projects, by id, that are not carried out beside it.")
    edits: list[EditSpec] = Field(
        default_factory=list, description="What it changes, as under edits; without, its access value is not measured."
    )

    @model_validator(mode="after")
    def _as_many_years(self) -> Project:
        """Refuse a list of costs for another number of years."""
        if self.years is not None and len(self.cost) not in (1, self.years):
            raise ValueError(f"cost lists {len(self.cost)} years, but years says {self.years}")
        return self

    @property
    def by_year(self) -> tuple[float, ...]:
        """Cost of each year of building; a cost in all is spread evenly."""
        if self.years is None or len(self.cost) == self.years:
            return self.cost
        return (self.cost[0] / self.years,) * self.years


class ProjectTable(Spec):
    """Projects from a table, one row each; what only some of them change stands under ``edits``, by id."""

    type: Literal["table"] = Field(description="Read from a table.")
    path: str = Field(description="The file; CSV may be UTF-8, CP949 or UTF-16.")
    id: str = Field(description="Column with the project's id.")
    name: str | None = Field(None, description="Column with its name.")
    village: str = Field(description="Column with the community it serves; several are parted by ; .")
    cost: str = Field(description="Column with the cost of building in all, in won; spread evenly over its years.")
    years: str | None = Field(None, description="Column with the whole years of building; without it one.")
    running: str | None = Field(None, description="Column with the cost of every year in operation, in won.")
    earliest: str | None = Field(None, description="Column with the first year in which it may begin.")
    requires: str | None = Field(None, description="Column with ids of projects finished before; parted by ; .")
    excludes: str | None = Field(None, description="Column with ids of projects not beside it; parted by ; .")
    kind: str | None = Field(None, description="Column with the kind of facility that it opens at x, y; may be empty.")
    x: str | None = Field(None, description="Column with the longitude of what it opens.")
    y: str | None = Field(None, description="Column with the latitude of what it opens.")
    opens: str | None = Field(None, description="Column with ids of candidates that it opens; parted by ; .")
    closes: str | None = Field(None, description="Column with ids of facilities that it closes; parted by ; .")
    edits: dict[str, list[EditSpec]] = Field(
        default_factory=dict, description="Further edits of some projects: id → edits."
    )
    encoding: str | None = Field(None, description="Encoding of the file, where it is not found out.")

    @model_validator(mode="after")
    def _whole_place(self) -> ProjectTable:
        """Refuse half a place."""
        if len({self.kind is None, self.x is None, self.y is None}) > 1:
            raise ValueError("a facility to open needs kind, x and y: write the three, or none")
        return self


class PeopleOfYear(Spec):
    """How many people live where in a later year."""

    year: Year = Field(description="The year; between two years people change evenly, after the last they stay.")
    project: ProjectPeople = Field(description="The table of the projection, as in the edit people.")


class Portfolio(Spec):
    """Many small projects, chosen and timed under a total and a yearly budget, valued over a long horizon."""

    method: Literal["portfolio"] = Field(description="Many small projects under a budget.")
    projects: list[Project] | ProjectTable = Field(description="The projects: a list here, or a table.")
    budget: Won = Field(description="All the money there is, in won.")
    yearly: Costs | None = Field(
        None, description="Money of each year in won: one number for all years, or a list; without it only budget."
    )
    carry_over: bool = Field(True, description="Money of a year that is not spent may be spent in later years.")
    running_costs: Literal["within", "beside"] = Field(
        "within", description="Running costs while the plan lasts are paid from the budget, or beside it."
    )
    start: Year = Field(description="First year of the plan; people are as of this year.")
    years: int = Field(5, ge=1, le=30, description="Years of the plan: every project is finished by their end.")
    horizon: int = Field(20, ge=1, le=100, description="Years from the start over which benefits are counted.")
    discount: Share = Field(DISCOUNT, description="Discount rate a year; the first year is not discounted.")
    objective: Goals = Field(
        ("person_minutes", "communities", "projects"),
        description="What is best, first to last: person_minutes (saved), lifted (person-years out of life deserts), "
        "covered (person-years within bounds), communities (served), projects (number).",
    )
    give_up: Share = Field(0.0, description="Share of each objective that may be given up for the ones after it.")
    requirements: Names | None = Field(
        None, description="Requirements of the standard that are valued, by id; without it all that are judged."
    )
    trips: dict[str, float] = Field(
        default_factory=dict, description="Requirement → trips a person makes in a year; 1 where none are written."
    )
    cap: Time = Field(3600.0, description="A longer trip, or none at all, counts as this long.")
    largest: Won = Field(LARGEST_WON, description="What one project may cost to build, in won.")
    longest: int = Field(LONGEST_YEARS, ge=1, description="Years that building one may take.")
    per_village: int | None = Field(None, ge=1, description="Projects that one community gets at most.")
    villages: Names | None = Field(
        None, description="The communities there are; without it the settlements and districts of the study."
    )
    must: Names = Field((), description="Projects, by id, that are carried out in any case.")
    people: list[PeopleOfYear] = Field(default_factory=list, description="People of later years, where projected.")
    seed: int = Field(1, ge=0, le=2**63 - 1, description="Seed of the solver.")
    time_limit: Time = Field(600.0, description="Time for solving; the best plan so far is told with its bound.")

    @model_validator(mode="after")
    def _long_enough(self) -> Portfolio:
        """Refuse a horizon that ends before the plan, and a list of years of another length."""
        if self.horizon < self.years:
            raise ValueError(f"the horizon of {self.horizon} years ends before the plan's {self.years}")
        if self.yearly is not None and len(self.yearly) not in (1, self.years):
            raise ValueError(f"yearly lists {len(self.yearly)} years, the plan has {self.years}")
        return self

    @property
    def money_of_years(self) -> tuple[float, ...]:
        """Money of each year of the plan; without ``yearly`` all of the budget in any of them."""
        if self.yearly is None:
            return (self.budget,) * self.years
        return self.yearly * self.years if len(self.yearly) == 1 else self.yearly
