"""How a scenario names the synthetic county: ``type: synthetic`` for roads, people, facilities and districts."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Literal

import numpy as np
from pydantic import Field

from lifezone.errors import Fault, InputError
from lifezone.model import Demand, Districts, Facilities
from lifezone.sources.crs import bounds_in_degrees, shapes_to_crs, to_crs
from lifezone.sources.districts import join_districts
from lifezone.sources.reading import Extent, Reading
from lifezone.sources.synthetic.county import WALK_MPS, County, synthetic_county
from lifezone.sources.synthetic.facilities import KINDS
from lifezone.sources.synthetic.plan import CRS
from lifezone.spec import Spec

if TYPE_CHECKING:
    from lifezone.sources.roads import Roads

__all__ = ["SyntheticDemand", "SyntheticDistricts", "SyntheticFacilities", "SyntheticNetwork"]


_CALLED: Final = {
    "county": "가상의 한빛군 / invented Hanbit county",
    "province": "가상의 도 / invented province",
    "nation": "가상의 나라 / invented nation",
}


class SyntheticNetwork(Spec):
    """The roads of Hanbit county, which does not exist; always loaded whole, with its neighbours."""

    type: Literal["synthetic"] = Field("synthetic", description="Made by lifezone, no file is read.")
    size: Literal["county", "province", "nation"] = Field(
        "county",
        description="county: 30,000 people on 600 km² and their neighbours; province: 30 such counties side by side, "
        "3 million people; nation: 440 of them, 47 million.",
    )
    seed: int = Field(1, ge=0, description="Which county: the same number always makes the same one.")

    def extent(self, folder: Path) -> Extent:  # noqa: ARG002
        """Return west, south, east, north of everything that is built, in degrees."""
        x_m, y_m = np.array(synthetic_county(self.seed, self.size).world.exterior.coords).T
        return bounds_in_degrees(x_m, y_m, CRS)

    def load(self, reading: Reading) -> Roads:
        """Return roads, place names and water."""
        from lifezone.sources.roads import Roads  # noqa: PLC0415  (reads OpenStreetMap, which nobody needs here)

        county = synthetic_county(self.seed, self.size, reading.walk_mps)
        network, places, water = county.network, county.places, county.water
        if reading.crs != CRS:
            network = replace(network, **_moved(network.x_m, network.y_m, reading.crs), crs=reading.crs)
            places = replace(places, **_moved(places.x_m, places.y_m, reading.crs))
            water = shapes_to_crs(np.array([water], dtype=object), CRS, reading.crs)[0]
        name = f"{_CALLED[self.size]}, seed {self.seed}"
        reading.inputs.append({"path": name, "sha256": None, "bytes": 0, "what": "made by lifezone, no file is read"})
        return Roads(network=network, places=places, water=water, notes=network.notes)


class SyntheticDemand(Spec):
    """The people of the synthetic county and its neighbours, on 100 m cells; needs a synthetic network."""

    type: Literal["synthetic"] = Field("synthetic", description="People of the synthetic county.")

    def load(self, reading: Reading) -> Demand:
        """Return the people; those beyond the county line have district −1.

        With other districts than the county's own, points are joined to those; without any, the county is district 0.

        Raises:
            InputError: The roads are not the synthetic county's.
        """
        demand = _county(reading).demand
        if reading.crs != CRS:
            demand = replace(demand, **_moved(demand.x_m, demand.y_m, reading.crs))
        if reading.districts is None or reading.districts.polygon is None:
            return replace(demand, district=np.minimum(demand.district, 0).astype(np.int32))
        return replace(demand, district=join_districts(demand.x_m, demand.y_m, reading.districts))


class SyntheticFacilities(Spec):
    """Facilities of the synthetic county and its neighbours; needs a synthetic network."""

    type: Literal["synthetic"] = Field("synthetic", description="Facilities of the synthetic county.")
    kinds: list[str] | None = Field(None, description="Which kinds; all when left out.")

    def load(self, reading: Reading) -> Facilities:
        """Return the facilities, candidates as not open.

        Raises:
            InputError: The roads are not the synthetic county's, or it has no facilities of a kind.
        """
        facilities = _county(reading).facilities
        if self.kinds is not None:
            facilities = _only(facilities, self.kinds)
        if reading.crs != CRS:
            facilities = replace(facilities, **_moved(facilities.x_m, facilities.y_m, reading.crs))
        return facilities


class SyntheticDistricts(Spec):
    """The eup and the nine myeon of the synthetic county; needs a synthetic network."""

    type: Literal["synthetic"] = Field("synthetic", description="Districts of the synthetic county.")

    def load(self, reading: Reading) -> Districts:
        """Return the districts with their boundaries.

        Raises:
            InputError: The roads are not the synthetic county's.
        """
        districts = _county(reading).districts
        if reading.crs == CRS or districts.polygon is None:
            return districts
        return replace(districts, polygon=shapes_to_crs(districts.polygon, CRS, reading.crs))


def _county(reading: Reading) -> County:
    """Return the county that the study's roads are of; its walking speed does not matter here."""
    network = reading.network_source
    if not isinstance(network, SyntheticNetwork):
        raise InputError(
            Fault("type synthetic goes with roads of that type: write area.network: {type: synthetic}", ("type",))
        )
    return synthetic_county(network.seed, network.size, WALK_MPS)


def _moved(x_m: np.ndarray, y_m: np.ndarray, crs: str) -> dict[str, Any]:
    """Return coordinates in another CRS, as fields to replace."""
    x_new, y_new = to_crs(x_m, y_m, CRS, crs)
    return {"x_m": x_new, "y_m": y_new}


def _only(facilities: Facilities, kinds: list[str]) -> Facilities:
    """Return the facilities of some kinds, in the order they stand in."""
    faults = [
        Fault(f"the synthetic county has no {kind!r}, it has {', '.join(KINDS)}", ("kinds", at))
        for at, kind in enumerate(kinds)
        if kind not in KINDS
    ]
    if faults:
        raise InputError(faults)
    wanted = tuple(kind for kind in KINDS if kind in kinds)
    rows = np.flatnonzero(np.isin(facilities.kind, [KINDS.index(kind) for kind in wanted]))
    code = np.array([wanted.index(kind) if kind in wanted else -1 for kind in KINDS], np.int32)
    columns = ("ids", "x_m", "y_m", "name", "capacity", "cost", "open", "hours")
    return replace(
        facilities,
        kind=code[facilities.kind[rows]],
        kinds=wanted,
        **{column: getattr(facilities, column)[rows] for column in columns},
    )
