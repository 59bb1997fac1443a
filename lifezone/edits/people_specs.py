"""What-ifs about people as a planner writes them: fewer, others, projected to a year, or moved."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, model_validator

from lifezone.edits.one_key import OneKey
from lifezone.edits.places import AreaWhere, Id, LonLat
from lifezone.sources.where import Where
from lifezone.spec import Share, Spec

__all__ = ["MovePeople", "PeopleEdit", "PeopleFrom", "PeopleTo", "ProjectPeople", "ReplacePeople", "ScalePeople"]

Count = Annotated[float, Field(ge=0, allow_inf_nan=False)]


class PeopleFrom(Spec):
    """People of some districts, or of an area; everybody where neither is written."""

    districts: list[Id] | None = Field(None, min_length=1, description="Districts, by id or name.")
    area: AreaWhere | None = Field(None, description="An area: a circle, a polygon or a file of polygons.")

    @model_validator(mode="after")
    def _one_place(self) -> PeopleFrom:
        if self.districts is not None and self.area is not None:
            raise ValueError("write either districts or area")
        return self


class ScalePeople(PeopleFrom):
    """Multiply people, in some districts or an area, of some groups or all."""

    factor: float = Field(ge=0, le=100, allow_inf_nan=False, description="People afterwards ÷ people before.")
    groups: list[Id] | None = Field(
        None, min_length=1, description="Groups concerned; without it all, in step. Of one group alone, the total "
        "follows by as many people.",
    )  # fmt: skip


class ReplacePeople(Spec):
    """Put other numbers of people into a district; where in it they live stays in proportion."""

    district: Id = Field(description="The district, by id or name.")
    groups: dict[str, Count] = Field(min_length=1, description="Group → people of the district afterwards.")


class ProjectPeople(Spec):
    """Bring every district to the numbers of a table, e.g. a projection to 2035."""

    path: str = Field(description="The table: one row a district.")
    district: str = Field(description="Column with the district's id or name.")
    groups: dict[str, str] = Field(min_length=1, description="Group → column with its people.")
    where: Where | None = Field(None, description="Which rows are meant, e.g. {year: 2035}.")
    layer: str | None = Field(None, description="Layer of a GeoPackage; not needed when it has only one.")
    encoding: str | None = Field(None, description="Encoding of the file, where it is not found out.")


class PeopleTo(PeopleFrom):
    """Where people move: the demand point nearest to a place, or where people live in districts or an area."""

    at: LonLat | None = Field(None, description="A place: [longitude, latitude]; they move to the nearest point.")

    @model_validator(mode="after")
    def _somewhere(self) -> PeopleTo:
        if sum(part is not None for part in (self.at, self.districts, self.area)) != 1:
            raise ValueError("where do they move? write at, districts or area, one of the three")
        return self


class MovePeople(Spec):
    """Move people from one place to another; nobody is lost."""

    start: PeopleFrom = Field(alias="from", description="Where they live before.")
    end: PeopleTo = Field(alias="to", description="Where they live afterwards.")
    share: Share | None = Field(None, description="Share of them that moves, e.g. '30 %'.")
    people: float | None = Field(None, gt=0, allow_inf_nan=False, description="How many move, of all ages alike.")
    group: Id = Field("total", description="A group that moves alone, e.g. age_65_plus; total = everybody alike.")

    @model_validator(mode="after")
    def _how_many(self) -> MovePeople:
        if (self.share is None) == (self.people is None):
            raise ValueError("how many move? write share or people")
        if self.share is not None and not 0 < self.share <= 1:
            raise ValueError("share must be above 0 % and at most 100 %")
        if self.start.districts is None and self.start.area is None:
            raise ValueError("from needs districts or area")
        return self


class PeopleEdit(OneKey):
    """Change who lives where; urban and rural points, districts and grid stay."""

    scale: ScalePeople | None = Field(None, description="Multiply people.")
    replace: ReplacePeople | None = Field(None, description="Other numbers for a district.")
    project: ProjectPeople | None = Field(None, description="Numbers of a table for every district.")
    move: MovePeople | None = Field(None, description="Move people.")

    @property
    def kind(self) -> str:
        """Which of them it is."""
        return self.key

    @property
    def change(self) -> ScalePeople | ReplacePeople | ProjectPeople | MovePeople:
        """What is under the key."""
        change: ScalePeople | ReplacePeople | ProjectPeople | MovePeople = self.under_key
        return change
