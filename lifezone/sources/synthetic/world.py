"""What the makers of invented land return."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from shapely.geometry.base import BaseGeometry

from lifezone.model import Demand, Districts, Facilities, Network, Places

__all__ = ["County"]


@dataclass(frozen=True, eq=False)
class County:
    """A county that does not exist, with its neighbours, or many such counties, all in EPSG:5179.

    Attributes:
        network: roads of the county and around it; ``border`` where they leave the map.
        demand: people on 100 m cells; those beyond the county line have district −1.
        facilities: facilities of every kind, the neighbours' too, and one candidate.
        districts: the eup and the myeon.
        places: names of towns, seats and villages.
        water: river, stream and lake.
        area: the county, the union of its districts.
        world: everything that was built.
        relief: lowest, mean and highest height in metres.
    """

    network: Network
    demand: Demand
    facilities: Facilities
    districts: Districts
    places: Places
    water: BaseGeometry
    area: BaseGeometry
    world: BaseGeometry
    relief: Mapping[str, float]
