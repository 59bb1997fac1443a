"""How compact a city is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

__all__ = ["Centre", "CompactCity", "Gradient", "Sprawl", "SprawlClass", "Walkable", "Year"]

SprawlClass = Literal["compact", "sprawling", "growing without people", "shrinking", "stable", "unknown"]


@dataclass(frozen=True)
class Centre:
    """Where the centre of a city is, in metres of the study's CRS."""

    x_m: float
    y_m: float


@dataclass(frozen=True)
class Gradient:
    """How density falls from the centre.

    Attributes:
        at_centre: D0, people per km²; NaN = too few rings with people.
        per_km: b; 0.3 means that a kilometre farther out density is 26 % lower; negative where it rises outwards.
        fit: share of the variance that the line explains, 0 … 1.
        half_m: distance from the centre within which half of the people live.
    """

    at_centre: float
    per_km: float
    fit: float
    half_m: float


@dataclass(frozen=True)
class Year:
    """A city in one year."""

    year: int
    people: float
    centre_people: float
    footprint_km2: float

    @property
    def centre_share(self) -> float:
        """Share of people who live in the centre; NaN = nobody lives here."""
        return self.centre_people / self.people if self.people else float("nan")


@dataclass(frozen=True)
class Sprawl:
    """Growth of the footprint beside growth of people.

    Attributes:
        land: yearly growth of the footprint, logarithmic.
        people: yearly growth of people, logarithmic.
        ratio: land ÷ people; NaN where people do not grow.
        name: in a word; ``unknown`` without people or a built-up footprint in both years.
    """

    land: float
    people: float
    ratio: float
    name: SprawlClass


@dataclass(frozen=True)
class Walkable:
    """People within reach of daily functions, now and if all of them gathered in the centre.

    Attributes:
        bound: seconds or metres.
        mode: how people travel.
        now: people within the bound of each kind.
        all_now: people within the bound of all of them.
        all_gathered: the same if the centre had every function as well.
        missing: kinds of facility that the centre lacks.
    """

    bound: float
    mode: str
    now: Mapping[str, float]
    all_now: float
    all_gathered: float
    missing: tuple[str, ...]


@dataclass(frozen=True)
class CompactCity:
    """Measures of one city in one world; years are worlds of variants.

    Attributes:
        centre: in metres of the study's CRS.
        lon: of the centre, degrees.
        lat: of the centre, degrees.
        chosen: how the centre was found: ``given``, a facility's id, or ``densest``.
        radius_m: how far the centre reaches.
        gradient: how density falls from it.
        year: people, people in the centre, footprint; its year is 0 where the scenario names none.
        walkable: None where no functions are asked for.
        edits: what would gather the missing functions in the centre, as edits of a variant.
    """

    centre: Centre
    lon: float
    lat: float
    chosen: str
    radius_m: float
    gradient: Gradient
    year: Year
    walkable: Walkable | None
    edits: tuple[Mapping[str, Any], ...]
