"""What-ifs as a planner writes them: an edit is a map of one key, ``{open: {kind: clinic, at: [127.41, 36.52]}}``."""

from __future__ import annotations

import math
from typing import Annotated, Any, Final, Literal, TypeAlias

from pydantic import AfterValidator, BeforeValidator, ConfigDict, Field, WithJsonSchema, model_validator

from lifezone.spec import Length, Spec, Speed

__all__ = [
    "AddRoad", "ChangeSpeed", "CloseFacilities", "CloseRoad", "EditKind", "EditSpec", "LonLat", "MoveFacility",
    "OpenFacility", "ResizeFacility", "RoadEdit", "RoadKind",
]  # fmt: skip

EditKind = Literal["open", "close", "move", "resize", "road"]
RoadKind = Literal["add", "close", "speed"]


def _pair(value: Any) -> Any:
    """Take a list for a tuple, and say what a place looks like."""
    if (
        not isinstance(value, list | tuple)
        or len(value) != 2
        or not all(isinstance(part, int | float) and not isinstance(part, bool) for part in value)
    ):
        raise ValueError(f"expected a place [longitude, latitude] in degrees such as [127.41, 36.52], got {value!r}")
    return tuple(float(part) for part in value)


def _on_earth(value: tuple[float, float]) -> tuple[float, float]:
    """Refuse what is not longitude and latitude in this order."""
    lon, lat = value
    if math.isfinite(lon) and math.isfinite(lat) and abs(lon) <= 180 and abs(lat) <= 90:
        return value
    swapped = abs(lat) <= 180 and abs(lon) <= 90
    hint = "; longitude comes first: swap the two" if swapped else ""
    raise ValueError(f"[{lon:g}, {lat:g}] is not [longitude, latitude] in degrees{hint}")


_LON_LAT_SCHEMA: Final = {
    "type": "array", "items": {"type": "number"}, "minItems": 2, "maxItems": 2, "examples": [[127.41, 36.52]],
}  # fmt: skip
LonLat: TypeAlias = Annotated[
    tuple[float, float],
    BeforeValidator(_pair),
    AfterValidator(_on_earth),
    WithJsonSchema(_LON_LAT_SCHEMA),
]
"""Longitude and latitude in degrees (EPSG:4326), in this order."""
Id: TypeAlias = Annotated[str, Field(min_length=1)]


class OpenFacility(Spec):
    """Open a facility: a new one (``kind`` and ``at``) or a candidate that a table lists (``id`` alone)."""

    kind: str | None = Field(None, description="Kind of the new facility, a word of the kinds table.")
    at: LonLat | None = Field(None, description="Place of the new facility: [longitude, latitude].")
    id: Id | None = Field(None, description="Id of the candidate to open, or the id that the new facility gets.")
    name: str = Field("", description="Name of the new facility.")
    capacity: float | None = Field(None, ge=0, allow_inf_nan=False, description="Capacity in the kind's own unit.")

    @model_validator(mode="after")
    def _new_or_candidate(self) -> OpenFacility:
        if self.kind is not None and self.at is not None:
            return self
        if self.kind is None and self.at is None and self.id is not None:
            if self.name or self.capacity is not None:
                raise ValueError("a candidate is opened as it is listed: leave out name and capacity, or use 'resize'")
            return self
        raise ValueError("write kind and at for a new facility, or id alone to open a candidate")

    @property
    def is_new(self) -> bool:
        """True for a new facility, False for a candidate."""
        return self.kind is not None


class CloseFacilities(Spec):
    """Close one facility (``id``) or several (``ids``)."""

    id: Id | None = Field(None, description="Id of the facility to close.")
    ids: list[Id] | None = Field(None, min_length=1, description="Ids of the facilities to close.")

    @model_validator(mode="after")
    def _one_way(self) -> CloseFacilities:
        if (self.id is None) == (self.ids is None):
            raise ValueError("write either id for one facility or ids for several")
        if self.ids is not None and len(set(self.ids)) < len(self.ids):
            raise ValueError("ids names a facility twice")
        return self

    @property
    def all_ids(self) -> tuple[str, ...]:
        """The ids to close, in the order written."""
        return tuple(self.ids) if self.ids is not None else (self.id or "",)


class MoveFacility(Spec):
    """Move a facility; its capacity and everything else stay."""

    id: Id = Field(description="Id of the facility to move.")
    to: LonLat = Field(description="New place: [longitude, latitude].")


class ResizeFacility(Spec):
    """Change a facility's capacity."""

    id: Id = Field(description="Id of the facility.")
    capacity: float = Field(ge=0, allow_inf_nan=False, description="New capacity in the kind's own unit.")


class AddRoad(Spec):
    """Build a road; each end joins the nearest junction within 30 m, else it splits the nearest road."""

    start: LonLat = Field(alias="from", description="Where it starts: [longitude, latitude].")
    end: LonLat = Field(alias="to", description="Where it ends: [longitude, latitude].")
    way: Id = Field(description="Highway class such as secondary.")
    speed: Speed | None = Field(None, description="Driving speed; without it, that of its class in this network.")
    oneway: bool = Field(False, description="Open from start to end only.")
    name: str = Field("", description="Road name.")

    @model_validator(mode="after")
    def _two_ends(self) -> AddRoad:
        if self.start == self.end:
            raise ValueError("a road that starts and ends at the same place")
        return self


class CloseRoad(Spec):
    """Close the road nearest to a place, at that spot, to all modes."""

    near: LonLat = Field(description="The place: [longitude, latitude].")
    within: Length = Field(0.0, description="Close every road this near; 0 m = the nearest one alone.")


class ChangeSpeed(Spec):
    """Change the driving speed of a class of roads (``way``), of the stretch at a place (``near``), or of both."""

    way: Id | None = Field(None, description="Highway class such as secondary.")
    near: LonLat | None = Field(None, description="A place on the road: [longitude, latitude].")
    factor: float | None = Field(None, gt=0, le=10, allow_inf_nan=False, description="New speed divided by the old.")
    speed: Speed | None = Field(None, description="New speed.")

    @model_validator(mode="after")
    def _what_and_where(self) -> ChangeSpeed:
        if self.way is None and self.near is None:
            raise ValueError("write way, near or both: which roads change their speed?")
        if (self.factor is None) == (self.speed is None):
            raise ValueError("write either factor or speed")
        return self


def _one_key(value: Any, known: tuple[str, ...], what: str) -> Any:
    """Say clearly that an edit is a map of one key; unknown keys are left to the model."""
    if not isinstance(value, dict):
        raise ValueError(f"expected {what}: a map of one key ({', '.join(known)}), got {value!r}")
    given = [key for key in value if key in known]
    if len(given) > 1:
        raise ValueError(f"{what} is a map of one key, got {' and '.join(given)}: write {len(given)} entries")
    if not value or (given and value[given[0]] is None):
        raise ValueError(f"expected {what}: a map of one key ({', '.join(known)})" + (", got an empty one"))
    return value


_ONE_KEY: Final = ConfigDict(json_schema_extra={"minProperties": 1, "maxProperties": 1})


class RoadEdit(Spec):
    """Change the roads: build one, close one, or change speeds."""

    model_config = _ONE_KEY

    add: AddRoad | None = Field(None, description="Build a road.")
    close: CloseRoad | None = Field(None, description="Close a road at a place.")
    speed: ChangeSpeed | None = Field(None, description="Change driving speeds.")

    @model_validator(mode="before")
    @classmethod
    def _is_one_key(cls, value: Any) -> Any:
        return _one_key(value, ("add", "close", "speed"), "a road edit")

    @property
    def kind(self) -> RoadKind:
        """Which of the three it is."""
        return "add" if self.add else "close" if self.close else "speed"

    @property
    def change(self) -> AddRoad | CloseRoad | ChangeSpeed:
        """What is under the key."""
        change = self.add or self.close or self.speed
        assert change is not None  # one key, checked on being made
        return change


class EditSpec(Spec):
    """One change of a variant: a map of one key."""

    model_config = _ONE_KEY

    open: OpenFacility | None = Field(None, description="Open a new facility or a candidate.")
    close: CloseFacilities | None = Field(None, description="Close facilities.")
    move: MoveFacility | None = Field(None, description="Move a facility.")
    resize: ResizeFacility | None = Field(None, description="Change a facility's capacity (shown, not judged yet).")
    road: RoadEdit | None = Field(None, description="Build or close a road, or change speeds.")

    @model_validator(mode="before")
    @classmethod
    def _is_one_key(cls, value: Any) -> Any:
        return _one_key(value, ("open", "close", "move", "resize", "road"), "an edit")

    @property
    def kind(self) -> EditKind:
        """Which kind of edit it is."""
        return next(kind for kind in ("open", "close", "move", "resize", "road") if getattr(self, kind) is not None)

    @property
    def change(self) -> OpenFacility | CloseFacilities | MoveFacility | ResizeFacility | RoadEdit:
        """What is under the key."""
        change = self.open or self.close or self.move or self.resize or self.road
        assert change is not None  # one key, checked on being made
        return change
