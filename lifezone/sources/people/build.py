"""The last step of every source of people: keep what lies in the clip, join districts, count, tell."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Annotated, Final, TypeVar

from pydantic import AfterValidator, Field, field_validator

from lifezone.model import TOTAL, Bools, Demand, Districts, Floats
from lifezone.spec import Length, Spec

__all__ = ["MOST_PEOPLE", "Spread", "check_groups", "finished", "told_people"]

MOST_PEOPLE: Final = 1e9
"""More people than this at one point is an error in the file, not a place on earth."""
_GROUP: Final = re.compile(r"^[a-z][a-z0-9_]*$")
Value = TypeVar("Value")


def _only_roads(over: str) -> str:
    """Refuse what people cannot be spread over."""
    if over != "roads":
        raise ValueError("expected roads")
    return over


class Spread(Spec):
    """People of each cell put along the roads in it, so that a large cell can be judged for a short walk."""

    over: Annotated[str, AfterValidator(_only_roads)] = Field(
        "roads", description="What people are spread over; roads is what there is."
    )
    ways: list[str] = Field(
        default_factory=list,
        description="Classes of roads where people live, e.g. residential, living_street; "
        "without them all roads for cars but motorways, trunk and primary roads.",
    )
    spacing: Length = Field(50.0, description="One point for each stretch of road this long.")

    @field_validator("spacing")
    @classmethod
    def _above_zero(cls, spacing_m: float) -> float:
        """Refuse no spacing."""
        if spacing_m < 1:
            raise ValueError("expected a spacing of 1 m or more")
        return spacing_m


def check_groups(groups: Mapping[str, Value]) -> Mapping[str, Value]:
    """Refuse groups without a total and names that cannot be part of a column's name."""
    if TOTAL not in groups:
        raise ValueError(f"expected a group named {TOTAL}, which counts everybody")
    odd = [group for group in groups if not _GROUP.match(group)]
    if odd:
        raise ValueError(f"expected names of small letters, digits and _, starting with a letter; got {', '.join(odd)}")
    return groups


def finished(demand: Demand, inside: Bools, *, what: str, districts: Districts | None) -> Demand:
    """Return the demand inside the clip, with notes on whom that leaves out.

    Args:
        demand: Everybody that was read, districts joined.
        inside: bool[P] what the clip keeps.
        what: The file, for notes.
        districts: To tell of points outside them; None = there is one district.
    """
    total = demand.total
    told = list(demand.notes)
    if not inside.all():
        told.append(f"{what}: {told_people(total[~inside])} lie outside the area and its surroundings, left out")
    beyond = inside & (demand.district < 0)
    if districts is not None and beyond.any():
        told.append(f"{what}: {told_people(total[beyond])} lie outside every district, not reported on")
    for group in demand.groups:
        above = int((demand.of(group) > total * (1 + 1e-9) + 1e-9).sum())
        if above:
            told.append(f"{what}: {group} is more than {TOTAL} at {above:,} points")
    whole = replace(demand, notes=tuple(told), people_read=_read(demand))
    return whole if inside.all() else whole.take(inside)


def _read(demand: Demand) -> float:
    """Return how many people the source holds: as it says, else the sum."""
    return float(demand.total.sum()) if math.isnan(demand.people_read) else demand.people_read


def told_people(people: Floats) -> str:
    """Say how many people at how many points."""
    count = float(people.sum())
    number = f"{count:,.0f}" if count >= 100 or count == round(count) else f"{count:,.3g}"
    return f"{number} people at {len(people):,} points"
