"""What-ifs about roads as a planner writes them."""

from __future__ import annotations

from pydantic import Field, model_validator

from lifezone.edits.one_key import OneKey
from lifezone.edits.places import AreaWhere, Id, LonLat
from lifezone.spec import Length, Spec, Speed, Time

__all__ = ["AddRoad", "ChangeSpeed", "CloseRoad", "FerryInterval", "RoadArea", "RoadEdit"]


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


class FerryInterval(Spec):
    """Let a ferry leave more or less often: who comes by chance waits half the interval, once a crossing."""

    near: LonLat = Field(description="A place on the ferry line: [longitude, latitude].")
    interval: Time = Field(description="Time between two departures afterwards, e.g. 60 min.")
    was: Time | None = Field(
        None,
        description="Time between two departures that the loaded times include already; without it, what the roads "
        "state (OpenStreetMap), else none.",
    )


class RoadArea(AreaWhere):
    """Close or slow the roads of an area, exactly as far as its edge: a flood, snow, a works site."""

    close: bool = Field(False, description="Close what lies inside, to all modes unless modes says which.")
    factor: float | None = Field(
        None, gt=0, le=10, allow_inf_nan=False, description="New speed divided by the old, inside the area."
    )
    modes: list[Id] | None = Field(
        None, min_length=1, description="Modes concerned: without it all for a closure, car alone for a factor."
    )
    ways: list[Id] | None = Field(
        None, min_length=1, description="Highway classes concerned; without it all, ferries not for a factor."
    )

    @model_validator(mode="after")
    def _close_or_slow(self) -> RoadArea:
        if self.close == (self.factor is not None):
            raise ValueError("write either close: true or factor, e.g. factor: 0.5 for half the speed")
        return self


class RoadEdit(OneKey):
    """Change the roads: build one, close one, change speeds, those of an area, or a ferry's interval."""

    add: AddRoad | None = Field(None, description="Build a road.")
    close: CloseRoad | None = Field(None, description="Close a road at a place.")
    speed: ChangeSpeed | None = Field(None, description="Change driving speeds.")
    area: RoadArea | None = Field(None, description="Close or slow the roads of an area.")
    ferry: FerryInterval | None = Field(None, description="Change how often a ferry leaves.")

    @property
    def kind(self) -> str:
        """Which of them it is."""
        return self.key

    @property
    def change(self) -> AddRoad | CloseRoad | ChangeSpeed | RoadArea | FerryInterval:
        """What is under the key."""
        change: AddRoad | CloseRoad | ChangeSpeed | RoadArea | FerryInterval = self.under_key
        return change
