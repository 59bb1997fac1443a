"""Life across administrative borders: whose facility lies in another municipality."""

from __future__ import annotations

from typing import Final

import numpy as np

from lifezone.model import Ints, World, Zones, Zoning
from lifezone.zoning.units import district_at

__all__ = ["ABROAD", "AT_HOME", "BEYOND", "OUTSIDE", "across_borders", "homes"]

OUTSIDE: Final = -1
"""The point lies outside the study area."""
AT_HOME: Final = 0
"""The facility lies in the point's own municipality."""
ABROAD: Final = 1
"""It lies in another one."""
BEYOND: Final = 2
"""No centre lies within the reach."""


def homes(zoning: Zoning, world: World) -> Ints:
    """Return i32[P] the municipality that each point lies in, −1 = outside the study area."""
    district = world.demand.district
    home: Ints = np.append(zoning.municipality, -1)[district].astype(np.int32)
    return home


def across_borders(zones: Zones, zoning: Zoning, world: World) -> Ints:
    """Return i32[P] whether the facility that counts lies in the point's own municipality or in another one.

    A facility outside the study area lies in another municipality.
    """
    home = homes(zoning, world)
    supply = world.facilities
    used, at = np.unique(zones.facility[zones.facility >= 0], return_inverse=True)
    place = np.append(zoning.municipality, -1)[district_at(world, supply.x_m[used], supply.y_m[used])]
    found = np.full(len(home), BEYOND, np.int32)
    has_one = zones.facility >= 0
    found[has_one] = np.where(place[at] == home[has_one], AT_HOME, ABROAD)
    found[home < 0] = OUTSIDE
    return found
