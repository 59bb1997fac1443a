"""What a planner says about turns (``area.turns``)."""

from __future__ import annotations

from typing import Final, Literal

from pydantic import Field, model_validator

from lifezone.spec import Spec, Time

__all__ = ["TurnCosts", "TurnTable", "TurnsSpec"]

TURN_TYPES: Final = "TURNINFO"
"""The turn table of the Korean standard node-link data, recognised by its columns."""


class TurnTable(Spec):
    """A table of turns at junctions: which link into which link, banned or how long it takes."""

    path: str = Field(description="The file: CSV, DBF as shapefile, GeoPackage or Parquet; one row a turn.")
    node: str | None = Field(None, description="Column with the junction's id; NODE_ID is known.")
    from_: str | None = Field(
        None, alias="from", description="Column with the link or way that leads to it; ST_LINK is known."
    )
    to: str | None = Field(None, description="Column with the link or way that leads on; ED_LINK is known.")
    type: str | None = Field(
        None,
        description="Column that says banned, only, allowed, or a code of TURN_TYPE; TURN_TYPE is known.",
    )
    seconds: str | None = Field(None, description="Column with the seconds that the turn takes; empty = none.")
    layer: str | None = Field(None, description="Layer of a GeoPackage that holds several.")
    encoding: str | None = Field(None, description="Encoding of the file, where it is not found out.")


class TurnCosts(Spec):
    """Seconds that a turn takes, at junctions of three roads or more."""

    left: Time = Field(0.0, description="A turn to the left, for example '6 s'.")
    right: Time = Field(0.0, description="A turn to the right, for example '2 s'.")
    u_turn: Time = Field(0.0, description="Turning round, at junctions and dead ends, for example '20 s'.")


class TurnsSpec(Spec):
    """Turns at junctions: what is banned there and what takes time. Without this block every turn is free."""

    restrictions: bool = Field(
        True, description="Whether the turn restrictions of OpenStreetMap are obeyed; for roads from an OSM file."
    )
    table: TurnTable | None = Field(None, description="A table of turns at junctions.")
    costs: Literal["drive_right", "drive_left"] | TurnCosts | None = Field(
        None,
        description="Seconds for turns: drive_right or drive_left for the documented ones, or left, right, u_turn.",
    )
    u_turns: Literal["anywhere", "dead_ends"] = Field(
        "anywhere",
        description="Where cars may turn round: at any junction where no rule forbids it, or at dead ends alone.",
    )

    @model_validator(mode="after")
    def _says_something(self) -> TurnsSpec:
        """Refuse a block without any rule."""
        if not self.restrictions and self.table is None and self.costs is None and self.u_turns == "anywhere":
            raise ValueError(
                "this says nothing about turns: leave area.turns out, or give restrictions, table or costs"
            )
        return self
