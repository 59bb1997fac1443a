"""How densely a point is settled, and the bound that holds there.

(1)  cell: people of the square kilometre that the point lies in, aligned to whole kilometres of the study's CRS
(2)  district: people of the district ÷ its area; points outside every district take (1)
(3)  the bound of a point is that of the first step whose density lies above the point's, else the requirement's own
(4)  a growing bound adds so much for every step of the trip beyond its first metres
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Literal

import numpy as np

from lifezone.model import Floats, Requirement, World

if TYPE_CHECKING:
    from lifezone.model import Demand, Districts

__all__ = ["bounds_at", "people_per_km2"]

_KM_M: Final = 1000.0
_M2_IN_KM2: Final = 1e6


def people_per_km2(world: World, of: Literal["cell", "district"]) -> Floats:
    """Return f64[P] people per km² around every demand point, equations (1) and (2)."""
    around = _cell_density(world.demand)
    if of == "cell" or world.districts.polygon is None:
        return around
    own = _district_density(world.demand, world.districts)
    inside = world.demand.district >= 0
    density: Floats = np.where(inside, own[world.demand.district], around)
    return density


def bounds_at(requirement: Requirement, metres: Floats, density: Floats | None) -> tuple[Floats, Floats]:
    """Return f64[P] national minimum and local optimum at every point, equations (3) and (4).

    Args:
        requirement: has a bound.
        metres: f64[P] length of the trip that counts, for bounds that grow with it.
        density: f64[P] people per km²; None = the requirement has no bounds by density.

    Returns:
        Bounds in the requirement's unit; the optimum is −1 where none is set, which no trip is within.
    """
    bound = np.full(len(metres), requirement.bound or 0.0)
    optimum = np.full(len(metres), -1.0 if requirement.optimum is None else requirement.optimum)
    if density is not None:
        for step in reversed(requirement.by_density):
            thin = density < step.below
            bound[thin] = step.bound
            optimum[thin] = -1.0 if step.optimum is None else step.optimum
    if requirement.growth is not None:
        bound = bound + requirement.growth.extra_s(metres)
    return bound, optimum


def _cell_density(demand: Demand) -> Floats:
    """Return f64[P] of equation (1)."""
    key = np.floor(np.column_stack([demand.x_m, demand.y_m]) / _KM_M).astype(np.int64)
    _, cell = np.unique(key, axis=0, return_inverse=True)
    cell = cell.reshape(-1)
    if not len(cell):
        return np.empty(0)
    people: Floats = np.bincount(cell, weights=demand.total).astype(np.float64)
    return people[cell]


def _district_density(demand: Demand, districts: Districts) -> Floats:
    """Return f64[D] of equation (2)."""
    import shapely  # noqa: PLC0415  (slow to import)

    inside = demand.inside
    people = np.bincount(demand.district[inside], weights=demand.total[inside], minlength=len(districts.ids))
    area_km2 = shapely.area(districts.polygon) / _M2_IN_KM2
    density: Floats = np.divide(people, area_km2, out=np.zeros(len(people)), where=area_km2 > 0)
    return density
