"""What a planner writes about a standard: requirements, the desert test, and which packaged set it starts from.

The presets are written in this same form. :mod:`lifezone.standards.resolve` makes a standard of it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, PlainSerializer, WithJsonSchema

from lifezone.model import Metric, Setting
from lifezone.spec import Length, Share, Spec, Speed, Time
from lifezone.standards.designation_spec import DesignationSpec, ItemSpec
from lifezone.standards.names import NameSpec
from lifezone.units import parse_quantity

__all__ = [
    "Bound", "CapacitySpec", "ConventionSpec", "DensityBoundSpec", "DesertSpec", "ExtendSpec", "GrowthSpec", "NameSpec",
    "OfficialSpec", "RequirementSpec", "StandardSpec",
]  # fmt: skip


@dataclass(frozen=True)
class Bound:
    """A bound in seconds (metric ``time``) or metres along the road (``length``)."""

    value: float
    metric: Metric

    def __str__(self) -> str:
        """Write it as people do: ``15 min``, ``2000 m``."""
        return f"{self.value / 60:.12g} min" if self.metric == "time" else f"{self.value:.12g} m"


def _read_bound(text: Any) -> Bound:
    """Read ``15 min`` or ``2 km``; zero is refused."""
    if isinstance(text, Bound):
        return text
    quantity, value = parse_quantity(text, "time", "length")
    if value <= 0:
        raise ValueError(f"expected a bound above zero such as '15 min' or '2 km', got {text!r}")
    return Bound(value, "time" if quantity == "time" else "length")


BoundText = Annotated[
    Bound,
    BeforeValidator(_read_bound),
    PlainSerializer(str, return_type=str),
    WithJsonSchema(
        {"type": "string", "description": "minutes or metres, with the unit", "examples": ["15 min", "2 km"]}
    ),
]
Ids = Annotated[tuple[str, ...], Field(strict=False)]


class GrowthSpec(Spec):
    """A bound that grows with the length of the trip: 7 min and 1 min more for each 0.5 km beyond 2.5 km."""

    by: Time = Field(description="What is added for each step, e.g. '1 min'")
    each: Length = Field(gt=0, description="Length of a step along the road, e.g. '0.5 km'")
    beyond: Length = Field(description="Length up to which the plain bound holds, e.g. '2.5 km'")
    steps: Literal["even", "whole"] = Field(
        "even", description="even: the bound grows with every metre; whole: only with every full step"
    )


class DensityBoundSpec(Spec):
    """The bound of thinly settled points."""

    below: float = Field(gt=0, description="People per km² below which this bound holds")
    bound: BoundText = Field(description="The national minimum there, in the unit of the requirement's own bound")
    optimum: BoundText | None = Field(None, description="The local optimum there")


class CapacitySpec(Spec):
    """Whether there is a place for everybody in reach: people are told as served, in reach but full, out of reach."""

    people_per_unit: float = Field(
        1.0, gt=0, description="People of the group whom one unit of capacity serves: 1 for places, 1600 for doctors"
    )
    use: Share = Field(1.0, gt=0, description="Share of the group who ask for a place")


class ConventionSpec(Spec):
    """How an official evaluation reads the rule, told beside the modelled time; exactly one of four ways."""

    speed: Speed | None = Field(None, description="Minutes are turned into metres along the road at this speed")
    bound: BoundText | None = Field(None, description="Another bound, e.g. '750 m' where the rule says '10 min'")
    speed_share: Share | None = Field(None, gt=0, description="Roads are driven at this share of share_of")
    share_of: Literal["speed", "limit"] = Field(
        "speed", description="speed: the modelled speeds; limit: the legal ones"
    )
    area: Literal["mean"] | None = Field(None, description="mean: a district is judged by the mean over its points")
    id: str = Field("", description="What it is called in the results; without one it says what it is")
    source: str = Field("", description="Who evaluates so")


Conventions = Annotated[tuple[ConventionSpec, ...], Field(strict=False)]


class OfficialSpec(Spec):
    """How official evaluations read the rules of a set, by way of travel."""

    car: Conventions = Field((), description="For the requirements by car")
    walk: Conventions = Field((), description="For the requirements on foot")


class RequirementSpec(Spec):
    """One rule: people of a group reach a facility of a kind within a bound.

    With the id of a requirement of the set that is extended, only what changes need be given.
    """

    id: str = Field(description="Short key: lower-case letters, digits and _; heads the columns of the results")
    kind: str | None = Field(None, description="The facility kind that serves it")
    kinds: Ids | None = Field(None, description="Several kinds, in place of kind")
    match: Literal["any", "all"] = Field("any", description="One of the kinds is enough, or all of them are needed")
    mode: Literal["car", "walk", "bicycle", "transit"] | None = Field(
        None, description="How people travel; transit only by ready-made travel times, as nothing routes it yet"
    )
    bound: BoundText | None = Field(
        None, description="The national minimum, in minutes or in metres along the road, inclusive; null = no figure"
    )
    optimum: BoundText | None = Field(None, description="The local optimum, in the same unit; better than the bound")
    group: str = Field("total", description="The group of people it is for; judged only where such people live")
    setting: Setting = Field("any", description="Judge urban points, rural points or any")
    direction: Literal["to_facility", "from_facility"] = Field(
        "to_facility", description="from_facility for services that come to people, such as ambulances"
    )
    nearest: int = Field(1, ge=1, description="2: the second nearest facility must be within the bound, and so on")
    target: Share | None = Field(None, description="Share of people that shall be within the bound, e.g. '80 %'")
    grows: GrowthSpec | None = Field(None, description="How the bound grows with the length of the trip")
    by_density: Annotated[tuple[DensityBoundSpec, ...], Field(strict=False)] = Field(
        (), description="Bounds where few people live, thinnest first; 'bound' holds where more do"
    )
    density_of: Literal["cell", "district"] = Field(
        "cell", description="Density of the square kilometre around the point, or of its district"
    )
    speed: Speed | None = Field(
        None, description="Judge by metres along the road: the bound in minutes at this speed, as some evaluations do"
    )
    speed_share: Share | None = Field(
        None, gt=0, description="Drive at this share of share_of, e.g. '65 %' of the limit for ambulances"
    )
    share_of: Literal["speed", "limit"] = Field(
        "speed", description="speed: the modelled speeds; limit: the legal ones"
    )
    official: Conventions = Field((), description="How official evaluations read it, told beside the modelled time")
    capacity: CapacitySpec | None = Field(None, description="Count places too: served, in reach but full, out of reach")
    least_capacity: Annotated[float, Field(gt=0)] | None = Field(
        None, description="Only facilities of at least this capacity count, e.g. 3 for stops with three runs a day"
    )
    source: str = Field("", description="Where the figure stands")
    date: str = Field("", description="Date of the rule")
    confidence: str = Field("", description="How sure the figure is, e.g. V read in a source, R remembered")
    note: str = Field("", description="Anything a reader must know")
    name: NameSpec = Field(default_factory=lambda: NameSpec(), description="What it is called")  # noqa: PLW0108


class DesertSpec(Spec):
    """When a place is a life desert, in full (functions) or in short (any_of).

    What is not given is taken from the set that is extended, else from the defaults.
    """

    functions: dict[str, Ids] | None = Field(
        None, description="Function → its anchor requirements; lost where none of those that judge a point is met"
    )
    any_of: Ids | None = Field(None, description="Short form: each of these requirements is a function of its own")
    at_least: int = Field(2, ge=1, description="How many lost functions make a desert")
    must_have: Ids = Field((), description="One of these functions must be among the lost ones; empty = any")
    link: Length = Field(
        1000.0, description="Desert points this near on foot that share a lost function are one desert"
    )
    least_people: float = Field(50.0, ge=0, description="Smaller deserts are counted as scattered and get no name")


class ExtendSpec(Spec):
    """A packaged set of which every requirement is taken over under a prefix and for one setting."""

    preset: str = Field(description="Id of a packaged standard")
    prefix: str = Field("", description="Put before every requirement id, e.g. rural_")
    setting: Setting | None = Field(None, description="Judge urban or rural points only; null = as the set says")
    only: Ids | None = Field(
        None,
        description="Ids of the requirements to take; null = all. The desert test is taken if all its anchors are",
    )


class StandardSpec(Spec):
    """The standard that people are judged by: a packaged set, requirements of one's own, or both."""

    extends: str | Annotated[tuple[str | ExtendSpec, ...], Field(strict=False)] | None = Field(
        None, description="Id of a packaged standard, or a list of ids, or of {preset, prefix, setting, only}"
    )
    name: NameSpec = Field(default_factory=lambda: NameSpec(), description="What it is called")  # noqa: PLW0108
    requirements: Annotated[tuple[RequirementSpec, ...], Field(strict=False)] = Field(
        (), description="Requirements added, or changed by id"
    )
    desert: DesertSpec | None = Field(None, description="The desert test; null = none")
    official: OfficialSpec = Field(
        default_factory=lambda: OfficialSpec(),  # noqa: PLW0108
        description="How official evaluations read all requirements of a way of travel that say nothing themselves",
    )
    items: Annotated[tuple[ItemSpec, ...], Field(strict=False)] = Field(
        (), description="Items that tables tell of (block 'statistics'): shares of ri, eup and myeon, or districts"
    )
    designations: Annotated[tuple[DesignationSpec, ...], Field(strict=False)] = Field(
        (), description="Designations of districts or facilities by area-level tests"
    )
    walk_speed: Speed | None = Field(None, description="Walking speed that the figures assume, e.g. '3 km/h'")
    note: str = Field("", description="Time convention and caveats")
    not_computed: dict[str, str] = Field(
        default_factory=dict, description="Items of the standard that are not judged, each with the reason"
    )
