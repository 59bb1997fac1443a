"""Hanbit county (한빛군), whole: from a seed to roads, people, facilities, districts and names."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from functools import cache, lru_cache
from pathlib import Path
from typing import Any, Final

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from lifezone.errors import InputError
from lifezone.model import Network
from lifezone.sources.cache import cached
from lifezone.sources.roads.result import Roads, pack, unpack
from lifezone.sources.synthetic import plan
from lifezone.sources.synthetic.borders import make_districts
from lifezone.sources.synthetic.courses import choose_roads
from lifezone.sources.synthetic.facilities import make_facilities
from lifezone.sources.synthetic.kept import from_entries, to_entries
from lifezone.sources.synthetic.mesh import make_mesh
from lifezone.sources.synthetic.mosaic import TILES, Layout, layout_for, make_mosaic, mosaic_network
from lifezone.sources.synthetic.names import village_names
from lifezone.sources.synthetic.network import WALK_MPS, at_walking_speed, make_network
from lifezone.sources.synthetic.people import make_demand
from lifezone.sources.synthetic.relief import make_land
from lifezone.sources.synthetic.settlements import as_places, make_settlements
from lifezone.sources.synthetic.world import County

__all__ = ["SIZES", "WALK_MPS", "County", "synthetic_county", "synthetic_network"]

SIZES: Final = ("county", "province", "nation")


def synthetic_county(seed: int = 1, size: str = "county", walk_mps: float = WALK_MPS) -> County:
    """Build Hanbit county, or a mosaic of such counties, or return the one built before; do not write into its arrays.

    The order of the draws is part of the county: a change of it changes every golden number. What was built is kept in
    the cache on disk.

    Args:
        seed: any whole number from 0; the same seed makes the same county, byte for byte.
        size: ``county``, ``province`` (30 counties) or ``nation`` (440).
        walk_mps: walking speed in metres per second.

    Raises:
        InputError: The size is unknown or the seed is negative.
    """
    if size not in SIZES:
        raise InputError(f"synthetic county: size {size!r} is not known, expected one of {', '.join(SIZES)}")
    _check(seed)
    county = _mosaic(seed, size) if size in TILES else _county(seed)
    return county if walk_mps == WALK_MPS else replace(county, network=at_walking_speed(county.network, walk_mps))


def synthetic_network(n_nodes: int, seed: int = 1) -> Network:
    """Return roads with about ``n_nodes`` junctions and dead ends for cars, made as provinces and nations are.

    Hanbit counties side by side, joined by trunk roads; vertices are twice as many. Kept in the cache on disk.

    Args:
        n_nodes: 1 or more; a county has about 9,000, so that much smaller wishes give one county.
        seed: any whole number from 0; the same seed makes the same roads, byte for byte.

    Raises:
        InputError: The seed is negative.
    """
    _check(seed)
    layout = layout_for(n_nodes)

    def make() -> dict[str, Any]:
        return pack(Roads(mosaic_network(layout, seed, _county)))

    return unpack(cached(["synthetic network", *_key(seed), repr(layout)], make)).network


def _check(seed: int) -> None:
    """Refuse a negative seed."""
    if seed < 0:
        raise InputError(f"synthetic county: the seed must be 0 or more, got {seed}")


def _key(seed: int) -> list[str]:
    """Return what shapes everything invented: the makers and the seed."""
    return [_sources(), str(seed)]


@cache
def _sources() -> str:
    """Return a hash of the sources of this package, so that a changed maker is never given what an older one made."""
    digest = hashlib.sha256()
    for path in sorted(Path(__file__).parent.glob("*.py")):
        digest.update(path.read_bytes())
    return digest.hexdigest()


@lru_cache(maxsize=4)
def _county(seed: int) -> County:
    """Return the county of one seed, from disk where it was built before."""
    return from_entries(cached(["synthetic county", *_key(seed)], lambda: to_entries(_built(seed))))


@lru_cache(maxsize=1)
def _mosaic(seed: int, size: str) -> County:
    """Return a province or nation, from disk where it was built before."""
    columns, rows = TILES[size]
    layout = Layout(columns, columns * rows)
    return from_entries(cached([size, *_key(seed)], lambda: to_entries(make_mosaic(layout, seed, _county))))


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
