"""What a planner writes under ``zones:``. Field texts are schema, form label and report note."""

from __future__ import annotations

from typing import Annotated, Final, Literal

from pydantic import Field, field_validator, model_validator

from lifezone.model import Requirement
from lifezone.spec import Length, Share, Spec
from lifezone.standards.names import NameSpec
from lifezone.standards.spec import Bound, BoundText
from lifezone.zoning.huff import Huff
from lifezone.zoning.observed import ObservedFlows
from lifezone.zoning.places import Capacity
from lifezone.zoning.thresholds import MinimumSpec

__all__ = ["LEVELS", "FunctionSpec", "Level", "Nearest", "ZonesSpec"]

Level = Literal["village", "town", "hub", "metropolis"]
LEVELS: Final[tuple[Level, ...]] = ("village", "town", "hub", "metropolis")
"""From what a village has to what only a metropolis has."""
REACH_S: Final = {"village": 900.0, "town": 1800.0, "hub": 3600.0, "metropolis": 5400.0}
"""Farthest trip to a centre of each level where the scenario names none, seconds; ours."""
_ODD: Final = frozenset('<>:"/\\|?*')


class Nearest(Spec):
    """Everybody uses the nearest centre."""

    method: Literal["nearest"] = Field("nearest", description="Everybody uses the nearest centre within the reach.")


Assignment = Annotated[Nearest | Huff | Capacity | ObservedFlows, Field(discriminator="method")]
"""How people are assigned to centres."""


class FunctionSpec(Spec):
    """Life zones of one function of daily life at one level: who belongs to which centre."""

    id: str = Field(min_length=1, max_length=60, description="Short name, also of its file and columns: medical_town.")
    function: str = Field(
        "",
        description="Function of daily life: medical, education, commuting, shopping, leisure, culture …; without it, "
        "the id. Levels of one function make a hierarchy.",
    )
    name: NameSpec = Field(default_factory=NameSpec, description="Name for people, in Korean and English.")
    kinds: Annotated[tuple[str, ...], Field(strict=False, min_length=1)] = Field(
        description="Kinds of facility that serve the function, e.g. [clinic, pharmacy]."
    )
    least_capacity: float | None = Field(
        None, ge=0, description="Only facilities of at least this capacity, e.g. hospitals from 100 beds."
    )
    level: Level = Field("town", description="Level of the facilities: village, town, hub (a city) or metropolis.")
    mode: str = Field("car", description="How people travel: car, walk, bicycle, transit.")
    reach: BoundText | None = Field(
        None, description="Farthest trip to a centre, e.g. 30 min or 2 km; without it 15, 30, 60 or 90 min by level."
    )
    also_by: Annotated[tuple[str, ...], Field(strict=False)] = Field(
        (), description="Other modes by which people beyond reach are told too, e.g. [walk]."
    )
    centre: Length = Field(
        1000.0, description="Facilities so near to one another, as the crow flies, are one centre; 0 for each alone."
    )
    assignment: Assignment = Field(default_factory=Nearest, description="How people are assigned to centres.")
    groups: dict[str, float] = Field(
        default_factory=lambda: {"total": 1.0}, min_length=1,
        description="Groups of people who use the function, each with its weight in the sum.",
    )  # fmt: skip
    capture: Share = Field(1.0, description="Share of them who use what is near; 100 % is an upper bound, and told.")

    minimum: MinimumSpec | None = Field(None, description="Least number of users a centre needs.")
    merge: Literal["auto", "always", "never"] = Field(
        "auto",
        description="Whether centres below the minimum are dropped: auto (where its kind is survival), always, never.",
    )
    protected: Annotated[tuple[str, ...], Field(strict=False)] = Field(
        (), description="Ids of facilities that stay whatever their users: a public minimum, an island."
    )

    @field_validator("id")
    @classmethod
    def _a_file_name(cls, text: str) -> str:
        """Refuse what cannot be the name of a file and of a layer."""
        odd = sorted(_ODD & set(text)) + [one for one in text if one.isspace()]
        if odd or text[0] in ".-" or text.endswith("."):
            raise ValueError(f"an id is letters, digits, - and _ ; got {text!r}")
        return text

    @property
    def farthest(self) -> Bound:
        """The reach as written, else by level."""
        return self.reach or Bound(REACH_S[self.level], "time")

    @property
    def requirement(self) -> Requirement:
        """What the function asks of roads and facilities, in the form of a rule."""
        reach = self.farthest
        return Requirement(id=self.id, kinds=self.kinds, mode=self.mode, bound=reach.value, metric=reach.metric)


class ZonesSpec(Spec):
    """Life zones: for each function of daily life, who belongs to which centre."""

    functions: list[FunctionSpec] = Field(min_length=1, description="Functions of daily life, one entry for each.")
    municipality_digits: int | None = Field(
        None, ge=1, description="Leading characters of a district's id that name its municipality, e.g. 5 where "
        "districts are eup and myeon of Korea; without it every district is one."
    )  # fmt: skip

    @model_validator(mode="after")
    def _own_ids(self) -> ZonesSpec:
        """Refuse two functions of one id; files on Windows and macOS do not tell case apart."""
        ids = [one.id.casefold() for one in self.functions]
        twice = sorted({one for one in ids if ids.count(one) > 1})
        if twice:
            raise ValueError(f"these ids stand twice: {', '.join(twice)}; give every function its own")
        return self
