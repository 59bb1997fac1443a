"""Every source a scenario may name, in one place: the union *is* the registry.

It validates the YAML, says "expected one of …" and makes the JSON Schema.
"""

from __future__ import annotations

from typing import Annotated, TypeAlias

from pydantic import Field

from lifezone.sources.districts import DistrictTable
from lifezone.sources.facility_table import FacilityTable
from lifezone.sources.korea import KoreaDistricts, KoreaFacilities, KoreaPeople
from lifezone.sources.osm_facilities import OsmFacilities
from lifezone.sources.overture import OverturePlaces
from lifezone.sources.people import PeopleOnRoads, PeopleRaster, PeopleTable
from lifezone.sources.roads import GraphMl, Links, NodeLink, OsmBbox, OsmFile, OsmPlace, OsmPoint
from lifezone.sources.stops import GtfsStops, TimetableStops
from lifezone.sources.synthetic import SyntheticDemand, SyntheticDistricts, SyntheticFacilities, SyntheticNetwork
from lifezone.sources.times_table import TimesTable
from lifezone.zoning.flow_map import FlowSource
from lifezone.zoning.urban.spec import UrbanAreasSpec

__all__ = [
    "DemandSource", "DistrictSource", "FacilitySource", "FlowSource", "NetworkSource", "TimesSource", "UrbanAreasSpec",
]  # fmt: skip

_BY_TYPE = Field(discriminator="type")

NetworkSource: TypeAlias = Annotated[
    OsmFile | OsmPlace | OsmBbox | OsmPoint | GraphMl | Links | NodeLink | SyntheticNetwork, _BY_TYPE
]
"""Where roads come from."""
DistrictSource: TypeAlias = Annotated[DistrictTable | KoreaDistricts | SyntheticDistricts, _BY_TYPE]
"""Where the units that results are told by come from."""
DemandSource: TypeAlias = Annotated[
    PeopleRaster | PeopleTable | KoreaPeople | PeopleOnRoads | SyntheticDemand, _BY_TYPE
]
"""Where people come from."""
FacilitySource: TypeAlias = Annotated[
    FacilityTable | KoreaFacilities | OsmFacilities | OverturePlaces | GtfsStops | TimetableStops | SyntheticFacilities,
    _BY_TYPE,
]
"""Where facilities come from."""
TimesSource: TypeAlias = TimesTable
"""Where ready-made travel times come from."""
