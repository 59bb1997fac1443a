"""The frame of a study: what maps show and which roads a result carries."""

from __future__ import annotations

from typing import Final

import numpy as np
import shapely

from lifezone.model import World

__all__ = ["Extent", "area_shape", "extent_of"]

Extent = tuple[float, float, float, float]
"""West, south, east, north in the study's CRS, metres."""

_MARGIN: Final = 0.04
_LEAST_SIDE_M: Final = 1000.0


def area_shape(world: World) -> shapely.Geometry | None:
    """Return the polygon of the study area: as given, else the districts together, else None."""
    if world.area is not None:
        return world.area
    if world.districts.polygon is None:
        return None
    return shapely.union_all(world.districts.polygon)


def extent_of(world: World) -> Extent:
    """Return the bounding box of the study area (or of its people) with a margin of 4 %, at least 1 km a side."""
    shape = area_shape(world)
    demand = world.demand
    inside = demand.inside
    if shape is not None and not shape.is_empty:
        west, south, east, north = shape.bounds
    elif inside.any():
        x, y, half_m = demand.x_m[inside], demand.y_m[inside], demand.cell_m / 2
        west, south, east, north = x.min() - half_m, y.min() - half_m, x.max() + half_m, y.max() + half_m
    elif world.network.n_vertices:
        x, y = world.network.x_m, world.network.y_m
        west, south, east, north = x.min(), y.min(), x.max(), y.max()
    else:
        west = south = east = north = 0.0
    width, height = (max(float(side), _LEAST_SIDE_M) * (0.5 + _MARGIN) for side in (east - west, north - south))
    middle_x, middle_y = float(np.mean([west, east])), float(np.mean([south, north]))
    return middle_x - width, middle_y - height, middle_x + width, middle_y + height
