"""Life zones as data frames: one row a zone, and who belongs to which zone of every function."""

from __future__ import annotations

from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd

from lifezone.model import Demand, World, Zones, Zoning
from lifezone.report.frames import joined_shapes, minutes, rounded_metres

__all__ = ["memberships", "zones_frame"]


def zones_frame(zones: Zones, world: World) -> gpd.GeoDataFrame:
    """Return one row per zone: its centre, people, facilities, containment and the ground it covers.

    The shape is that of the zone's points in the study area; people count neighbours who were loaded too, ``in_area``
    leaves them out.
    """
    found = zones.zones
    columns: dict[str, Any] = {
        "zone": np.arange(len(found), dtype=np.int32),
        "centre": _text(one.centre for one in found),
        "name": _text(one.name for one in found),
        "people": np.array([one.people for one in found], np.float64),
        "in_area": np.array([one.in_area for one in found], np.float64),
        "catchment": np.array([one.catchment for one in found], np.float64),
        "facilities": np.array([len(one.facilities) for one in found], np.int32),
        "facility_ids": _text(";".join(one.facilities) for one in found),
        "containment": np.round([one.containment for one in found], 9),
    }
    label = np.where(world.demand.inside, zones.label, -1)
    shapes = joined_shapes(world.demand, label, range(len(found)))
    return gpd.GeoDataFrame(columns, geometry=shapes, crs=world.crs)


def memberships(zoning: Zoning, demand: Demand, ids: tuple[str, ...]) -> pd.DataFrame:
    """Return one row per demand point of the study area: its zone's centre and the trip there, for every function.

    Args:
        zoning: the divisions.
        demand: the people.
        ids: ids of the study's districts.
    """
    inside = np.flatnonzero(demand.inside)
    columns: dict[str, Any] = {
        "id": _text(demand.ids[inside]),
        "district": _text(ids).take(demand.district[inside]),
        "people": demand.total[inside],
    }
    for zones in zoning.functions:
        centres = _text(one.centre for one in zones.zones)
        columns[f"{zones.id}_zone"] = centres.take(zones.label[inside], allow_fill=True)
        is_time = zones.metric == "time"
        trip = minutes(zones.cost[inside]) if is_time else rounded_metres(zones.cost[inside])
        columns[f"{zones.id}_{'minutes' if is_time else 'metres'}"] = trip
        columns[f"{zones.id}_share"] = np.round(zones.share[inside], 9)
    return pd.DataFrame(columns)


def _text(values: Any) -> Any:
    """Return text as a pandas string array; nothing stays null."""
    return pd.array([str(value) or None for value in values], dtype="string")
