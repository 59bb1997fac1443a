"""Where facilities may be opened: places of several sources, and what is left out of them."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field, model_validator

from lifezone.model import Facilities
from lifezone.sources.districts import DistrictTable
from lifezone.sources.facility_table import FacilityTable
from lifezone.sources.reading import Reading
from lifezone.sources.slope import SlopeRaster
from lifezone.sources.where import Where
from lifezone.spec import Length, Share, Spec

__all__ = [
    "AreaFile", "CandidateSource", "Centres", "Closed", "DemandPlaces", "Distance", "Exclude", "NodesOf", "PlaceTable",
    "Steepness",
]  # fmt: skip


class Closed(Spec):
    """Facilities that are listed with ``open: false``."""

    type: Literal["closed"] = Field(description="Facilities of the kind that are listed but not open.")


class PlaceTable(Spec):
    """Places where any of the kinds may open: public land, buildings that stand already."""

    type: Literal["places"] = Field(description="A table of land or buildings; any of the kinds may open there.")
    path: str = Field(description="The file; CSV may be UTF-8, CP949 or UTF-16.")
    id: str | None = Field(None, description="Column with a code for each place; without it they are numbered.")
    place: str | None = Field(
        None, description="Column with the id by which a table of times calls the place; without it, id."
    )
    x: str | None = Field(
        None, description="Column with longitude or easting; not needed where the file has geometry, nor for siting "
        "alone with ready-made times."
    )  # fmt: skip
    y: str | None = Field(None, description="Column with latitude or northing.")
    h3: str | None = Field(None, description="Column with H3 cells, in place of x and y.")
    crs: str | None = Field(None, description="Coordinate system of x and y, e.g. EPSG:5174; degrees need none.")
    name: str | None = Field(None, description="Column with names.")
    public: str | bool | None = Field(
        None,
        description="Column that says whether it is public land or a public building; or true or false for all rows. "
        "Public places come first among plans that are equally good.",
    )
    capacity: str | None = Field(None, description="Column with the capacity of what would open there.")
    cost: str | None = Field(None, description="Column with the cost of opening there, in won.")
    close_cost: str | None = Field(None, description="Column with the cost of closing it again, in won.")
    yearly_cost: str | None = Field(None, description="Column with what it would cost a year, in won.")
    where: Where | None = Field(None, description="Which rows are meant: column and value, values or a comparison.")
    layer: str | None = Field(None, description="Layer of a GeoPackage; not needed when it has only one.")
    encoding: str | None = Field(None, description="Encoding of the file, where it is not found out.")

    def load(self, reading: Reading, kind: str) -> Facilities:
        """Read the places as closed facilities of one kind."""
        columns: dict[str, Any] = {name: getattr(self, name) for name in type(self).model_fields if name != "type"}
        return FacilityTable(type="table", kind=kind, open=False, hours=None, **columns).load(reading)


class DemandPlaces(Spec):
    """Every demand point is a candidate."""

    type: Literal["demand"] = Field(description="Every place where people live.")


class NodesOf(Spec):
    """Every junction on roads of some classes is a candidate."""

    type: Literal["nodes_of"] = Field(description="Every junction on roads of these classes.")
    way: Annotated[tuple[str, ...], Field(strict=False, min_length=1)] = Field(
        description="Classes of road, e.g. [primary, secondary, tertiary]."
    )


class Centres(Spec):
    """The middle of each district, an eup or myeon say, is a candidate."""

    type: Literal["centres"] = Field(
        description="The settled place next to the middle of each district's people, e.g. eup and myeon centres."
    )
    of: DistrictTable | None = Field(None, description="Which districts; without it those of the study.")


CandidateSource = Annotated[
    Closed | FacilityTable | PlaceTable | DemandPlaces | NodesOf | Centres, Field(discriminator="type")
]
"""Where a facility may be opened."""


class Steepness(Spec):
    """Ground that is too steep to build on."""

    above: Share = Field(description="Steepest ground that may be built on, rise over run, e.g. '15 %'.")
    heights: SlopeRaster | None = Field(
        None, description="Raster of heights; without it that of area.slope. The ground is looked at over two cells."
    )


class AreaFile(Spec):
    """Areas in which nothing may open, e.g. a flood map."""

    path: str = Field(description="File of polygons: GeoPackage, GeoJSON, shapefile or GeoParquet.")
    crs: str | None = Field(None, description="Its coordinate system, only where the file does not say it.")
    where: Where | None = Field(None, description="Which rows are meant: column and value, values or a comparison.")
    layer: str | None = Field(None, description="Layer of a GeoPackage; not needed when it has only one.")


class Distance(Spec):
    """How near to or far from something a candidate must be, in a straight line."""

    kind: str | None = Field(None, description="From the nearest open facility of this kind.")
    way: Annotated[tuple[str, ...], Field(strict=False, min_length=1)] | None = Field(
        None, description="From the nearest road of these classes."
    )
    path: str | None = Field(None, description="From the nearest shape of a file: points, lines or polygons.")
    at_least: Length | None = Field(None, description="Not nearer than this.")
    at_most: Length | None = Field(None, description="Not farther than this.")

    @model_validator(mode="after")
    def _from_one_thing(self) -> Distance:
        """Ask for one thing to measure from, and for a limit."""
        if sum(one is not None for one in (self.kind, self.way, self.path)) != 1:
            raise ValueError("say what the distance is from: kind, way or path, one of them")
        if self.at_least is None and self.at_most is None:
            raise ValueError("give at_least or at_most, e.g. at_least: 1 km")
        return self


class Exclude(Spec):
    """Candidates that are left out."""

    slope: Steepness | None = Field(None, description="Ground that is too steep.")
    inside: list[AreaFile] = Field(default_factory=list, description="Areas in which nothing may open.")
    distance: list[Distance] = Field(default_factory=list, description="Too near to something, or too far from it.")
