"""Hanbit county (한빛군), whole: from a seed to roads, people, facilities, districts and names."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Final

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from lifezone.errors import InputError
from lifezone.model import Demand, Districts, Facilities, Network, Places
from lifezone.sources.synthetic import plan
from lifezone.sources.synthetic.borders import make_districts
from lifezone.sources.synthetic.courses import choose_roads
from lifezone.sources.synthetic.facilities import make_facilities
from lifezone.sources.synthetic.mesh import make_mesh
from lifezone.sources.synthetic.names import village_names
from lifezone.sources.synthetic.network import at_walking_speed, make_network
from lifezone.sources.synthetic.people import make_demand
from lifezone.sources.synthetic.relief import make_land
from lifezone.sources.synthetic.settlements import as_places, make_settlements

__all__ = ["SIZES", "WALK_MPS", "County", "synthetic_county"]

SIZES: Final = ("county",)
WALK_MPS: Final = 3 / 3.6
"""3 km/h, the convention of official Korean evaluations (REFERENCE 1.1)."""


@dataclass(frozen=True, eq=False)
class County:
    """A county that does not exist, with its neighbours, all in EPSG:5179.

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


def synthetic_county(seed: int = 1, size: str = "county", walk_mps: float = WALK_MPS) -> County:
    """Build Hanbit county, or return the one built before; its arrays are shared, do not write into them.

    The order of the draws is part of the county: a change of it changes every golden number.

    Args:
        seed: any whole number from 0; the same seed makes the same county, byte for byte.
        size: ``county``; larger ones are not in this version.
        walk_mps: walking speed in metres per second.

    Raises:
        InputError: The size is unknown or the seed is negative.
    """
    if size not in SIZES:
        raise InputError(f"synthetic county: size {size!r} is not known, expected one of {', '.join(SIZES)}")
    if seed < 0:
        raise InputError(f"synthetic county: the seed must be 0 or more, got {seed}")
    county = _built(seed)
    return county if walk_mps == WALK_MPS else replace(county, network=at_walking_speed(county.network, walk_mps))


@lru_cache(maxsize=4)
def _built(seed: int) -> County:
    """Build the county of one seed, in the order that its draws depend on."""
    rng = np.random.default_rng(seed)
    land = make_land(rng)
    mesh = make_mesh(land, rng)
    names = village_names(len(mesh.villages), rng)
    courses = choose_roads(mesh, land, [korean for korean, _ in names], rng)
    network = make_network(mesh, courses, land, WALK_MPS)
    districts = make_districts(mesh)
    settlements = make_settlements(mesh, courses, districts, names, rng)
    demand = make_demand(network, settlements, districts, rng)
    facilities = make_facilities(network, settlements, rng)
    return County(
        network, demand, facilities, districts, as_places(settlements), _placed(land.water),
        shapely.union_all(districts.polygon), _placed(land.world), land.relief.summary,
    )  # fmt: skip


def _placed(geometry: BaseGeometry) -> BaseGeometry:
    """Return a geometry of the plan in EPSG:5179, whole centimetres."""
    return shapely.transform(geometry, lambda xy: np.round((xy + np.array(plan.ORIGIN)) * 100) / 100)
