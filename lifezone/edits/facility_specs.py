"""What-ifs about supply as a planner writes them."""

from __future__ import annotations

import re
from typing import Annotated, Final, Literal, TypeAlias

from pydantic import AfterValidator, Field, model_validator

from lifezone.edits.places import Id, LonLat
from lifezone.sources.facility_table import FacilityTable
from lifezone.spec import Spec

__all__ = [
    "ChangeHours", "CloseFacilities", "MergeFacilities", "MobileService", "MobileStop", "MoveFacility", "OpenFacility",
    "ResizeFacility", "Weekday",
]  # fmt: skip

Weekday = Literal["Mo", "Tu", "We", "Th", "Fr", "Sa", "Su"]
"""Days as OpenStreetMap writes them."""
_LINE_BREAK: Final = re.compile(r"[\x00-\x1f]")


def _all_different(ids: list[str]) -> list[str]:
    """Refuse a list that names a facility twice."""
    if len(set(ids)) < len(ids):
        raise ValueError("ids names a facility twice")
    return ids


Ids: TypeAlias = Annotated[list[Id], Field(min_length=1), AfterValidator(_all_different)]
"""One id or more, all different."""


class OpenFacility(Spec):
    """Open a new facility (``kind`` and ``at``), listed candidates (``id``, ``ids``), or a table (``from``)."""

    kind: str | None = Field(None, description="Kind of the new facility, a word of the kinds table.")
    at: LonLat | None = Field(None, description="Place of the new facility: [longitude, latitude].")
    id: Id | None = Field(None, description="Id of the candidate to open, or the id that the new facility gets.")
    ids: Ids | None = Field(None, description="Ids of several candidates to open.")
    source: FacilityTable | None = Field(
        None, alias="from", description="A table whose rows are all opened, written like an entry of facilities."
    )
    name: str = Field("", description="Name of the new facility.")
    capacity: float | None = Field(None, ge=0, allow_inf_nan=False, description="Capacity in the kind's own unit.")

    @model_validator(mode="after")
    def _new_or_candidate(self) -> OpenFacility:
        new = self.kind is not None and self.at is not None and self.ids is None and self.source is None
        half = self.kind is not None or self.at is not None
        listed = [name for name, value in (("id", self.id), ("ids", self.ids), ("from", self.source)) if value]
        if new:
            return self
        if half or len(listed) != 1:
            raise ValueError(
                "write kind and at for a new facility, id alone or ids to open candidates, or from to open a table"
            )
        if self.name or self.capacity is not None:
            raise ValueError(
                "a candidate is opened as it is listed: leave out name and capacity, or use 'resize' after it"
            )
        return self

    @property
    def is_new(self) -> bool:
        """True for a new facility, False for candidates and tables."""
        return self.kind is not None


class CloseFacilities(Spec):
    """Close one facility (``id``) or several (``ids``)."""

    id: Id | None = Field(None, description="Id of the facility to close.")
    ids: Ids | None = Field(None, description="Ids of the facilities to close.")

    @model_validator(mode="after")
    def _one_way(self) -> CloseFacilities:
        if (self.id is None) == (self.ids is None):
            raise ValueError("write either id for one facility or ids for several")
        return self

    @property
    def all_ids(self) -> tuple[str, ...]:
        """The ids to close, in the order written."""
        return tuple(self.ids) if self.ids is not None else (self.id or "",)


class MergeFacilities(Spec):
    """Merge facilities into one: the others are closed, their capacity is added to it."""

    into: Id = Field(description="Id of the facility that stays.")
    ids: Ids = Field(description="Ids of the facilities that are closed; of the same kind as the one that stays.")
    capacity: float | None = Field(
        None, ge=0, allow_inf_nan=False, description="Capacity afterwards; without it, that of all of them together."
    )

    @model_validator(mode="after")
    def _not_itself(self) -> MergeFacilities:
        if self.into in self.ids:
            raise ValueError(f"{self.into!r} cannot be merged into itself: leave it out of ids")
        return self


class MoveFacility(Spec):
    """Move a facility; its capacity and everything else stay."""

    id: Id = Field(description="Id of the facility to move.")
    to: LonLat = Field(description="New place: [longitude, latitude].")


class ResizeFacility(Spec):
    """Change a facility's capacity."""

    id: Id = Field(description="Id of the facility.")
    capacity: float = Field(ge=0, allow_inf_nan=False, description="New capacity in the kind's own unit.")


class ChangeHours(Spec):
    """Change the opening hours of one facility (``id``) or several (``ids``)."""

    id: Id | None = Field(None, description="Id of the facility.")
    ids: Ids | None = Field(None, description="Ids of the facilities.")
    hours: str = Field(description="New opening hours as OpenStreetMap writes them, e.g. 'Mo-Fr 09:00-18:00'.")

    @model_validator(mode="after")
    def _one_way(self) -> ChangeHours:
        if (self.id is None) == (self.ids is None):
            raise ValueError("write either id for one facility or ids for several")
        if _LINE_BREAK.search(self.hours):
            raise ValueError("hours must be one line of text")
        return self

    @property
    def all_ids(self) -> tuple[str, ...]:
        """The ids, in the order written."""
        return tuple(self.ids) if self.ids is not None else (self.id or "",)


class MobileStop(Spec):
    """A place where a mobile service stops on some days."""

    at: LonLat = Field(description="Where it stops: [longitude, latitude].")
    name: str = Field("", description="Name of the stop, e.g. the village hall.")
    days: list[Weekday] = Field(min_length=1, description="Days of the week: Mo, Tu, We, Th, Fr, Sa, Su.")
    weeks: list[Annotated[int, Field(ge=1, le=4)]] | None = Field(
        None, min_length=1, description="Weeks of the month, e.g. [1, 3] for every other week; without it every week."
    )

    @model_validator(mode="after")
    def _no_day_twice(self) -> MobileStop:
        if len(set(self.days)) < len(self.days) or len(set(self.weeks or ())) < len(self.weeks or ()):
            raise ValueError("a day or week is written twice")
        return self

    @property
    def visits(self) -> int:
        """Visits in four weeks."""
        return len(self.days) * (4 if self.weeks is None else len(self.weeks))

    @property
    def hours(self) -> str:
        """The days as OpenStreetMap writes them: ``Mo,Th``, ``Tu[1,3]``."""
        weeks = "" if self.weeks is None else f"[{','.join(map(str, self.weeks))}]"
        return ",".join(f"{day}{weeks}" for day in self.days)


class MobileService(Spec):
    """A service that travels: a bus clinic, a book bus. A stop visited often enough counts as a facility."""

    kind: str = Field(description="What it stands for where it stops, a word of the kinds table, e.g. clinic.")
    id: Id = Field(description="Id of the service; its stops are called <id>-1, <id>-2 …")
    name: str = Field("", description="Name of the service.")
    stops: list[MobileStop] = Field(min_length=1, description="Where it stops, and on which days.")
    at_least: float = Field(
        4.0, gt=0, le=28, description="Visits in four weeks from which on a stop counts as access; 4 is once a week."
    )
    capacity: float | None = Field(
        None, ge=0, allow_inf_nan=False, description="Capacity of the service on a full working day, in the kind's "
        "own unit; a stop has its share of the 20 working days of four weeks.",
    )  # fmt: skip
