"""What-ifs as a planner writes them: an edit is a map of one key, ``{open: {kind: clinic, at: [127.41, 36.52]}}``."""

from __future__ import annotations

from pydantic import Field

from lifezone.edits.facility_specs import (
    ChangeHours,
    CloseFacilities,
    MergeFacilities,
    MobileService,
    MobileStop,
    MoveFacility,
    OpenFacility,
    ResizeFacility,
)
from lifezone.edits.one_key import OneKey
from lifezone.edits.people_specs import MovePeople, PeopleEdit, ProjectPeople, ReplacePeople, ScalePeople
from lifezone.edits.places import AreaWhere, LonLat
from lifezone.edits.road_specs import AddRoad, ChangeSpeed, CloseRoad, FerryInterval, RoadArea, RoadEdit

__all__ = [
    "AddRoad", "AreaWhere", "Change", "ChangeHours", "ChangeSpeed", "CloseFacilities", "CloseRoad", "EditSpec",
    "FerryInterval", "LonLat", "MergeFacilities", "MobileService", "MobileStop", "MoveFacility", "MovePeople",
    "OpenFacility", "PeopleEdit", "ProjectPeople", "ReplacePeople", "ResizeFacility", "RoadArea", "RoadEdit",
    "ScalePeople",
]  # fmt: skip

Change = (
    OpenFacility
    | CloseFacilities
    | MergeFacilities
    | MoveFacility
    | ResizeFacility
    | ChangeHours
    | MobileService
    | PeopleEdit
    | RoadEdit
)
"""What may stand under an edit's key."""


class EditSpec(OneKey):
    """One change of a variant: a map of one key."""

    open: OpenFacility | None = Field(None, description="Open a new facility, candidates, or all rows of a table.")
    close: CloseFacilities | None = Field(None, description="Close facilities.")
    merge: MergeFacilities | None = Field(None, description="Merge facilities into one.")
    move: MoveFacility | None = Field(None, description="Move a facility.")
    resize: ResizeFacility | None = Field(None, description="Change a facility's capacity.")
    hours: ChangeHours | None = Field(None, description="Change opening hours.")
    mobile: MobileService | None = Field(None, description="Let a mobile service stop at places on days.")
    people: PeopleEdit | None = Field(None, description="Change who lives where.")
    road: RoadEdit | None = Field(None, description="Build or close a road, change speeds, close or slow an area.")

    @property
    def kind(self) -> str:
        """Which kind of edit it is."""
        return self.key

    @property
    def change(self) -> Change:
        """What is under the key."""
        change: Change = self.under_key
        return change

    @property
    def keys(self) -> tuple[str, ...]:
        """The keys that lead to what is changed: ``("road", "close")``."""
        return (self.key, self.under_key.key) if isinstance(self.under_key, OneKey) else (self.key,)
