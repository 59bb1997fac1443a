"""What maps are drawn on, as layers of the GeoPackage: the study area, water, names of settlements, people's areas.

A report made from the folder draws its live map from them; nothing is computed from these layers.
"""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import shapely

from lifezone.model import World
from lifezone.report.extent import Extent

__all__ = ["ground_frames"]

_POLYGON, _MULTIPOLYGON = 3, 6


def ground_frames(world: World, extent: Extent) -> list[tuple[str, gpd.GeoDataFrame, str]]:
    """Return name, rows and type of geometry of each layer that the world has something for.

    Args:
        world: the baseline.
        extent: west, south, east, north; water and names beyond are left out.
    """
    box = shapely.box(*extent)
    found: list[tuple[str, gpd.GeoDataFrame, str]] = []
    if world.area is not None and not world.area.is_empty:
        found.append(("area", gpd.GeoDataFrame(geometry=[world.area], crs=world.crs), "MultiPolygon"))
    if world.water is not None and not world.water.is_empty:
        seen = shapely.get_parts(shapely.intersection(shapely.make_valid(world.water), box))
        water = seen[np.isin(shapely.get_type_id(seen), (_POLYGON, _MULTIPOLYGON))]
        if len(water):
            found.append(("water", gpd.GeoDataFrame(geometry=water, crs=world.crs), "MultiPolygon"))
    demand = world.demand
    if demand.shapes is not None and len(demand.shapes) == demand.n_points and demand.inside.any():
        own = demand.take(demand.inside)
        shapes = gpd.GeoDataFrame({"id": own.ids.astype(str)}, geometry=own.shapes, crs=world.crs)
        found.append(("shapes", shapes[~(shapes.geometry.isna() | shapes.geometry.is_empty)], "MultiPolygon"))
    places = world.places
    rows = np.flatnonzero(shapely.intersects_xy(box, places.x_m, places.y_m)) if len(places.x_m) else np.empty(0, int)
    if len(rows):
        columns = {"name": places.name[rows], "name_en": places.name_en[rows], "rank": places.rank[rows]}
        points = shapely.points(places.x_m[rows], places.y_m[rows])
        found.append(("places", gpd.GeoDataFrame(columns, geometry=points, crs=world.crs), "Point"))
    return found
