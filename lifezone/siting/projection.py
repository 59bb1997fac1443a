"""People of later years, as a siting question names them."""

from __future__ import annotations

from pydantic import Field

from lifezone.edits.people_specs import ProjectPeople

__all__ = ["Projection"]


class Projection(ProjectPeople):
    """The people of another year: a table with one row a district, by which a plan is looked at again."""

    year: int = Field(ge=1900, le=2300, description="The year, e.g. ten and twenty years on.")
