"""Life zones as data frames: one row a zone, and who belongs to which zone of every function."""

from __future__ import annotations

import math
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd

from lifezone.model import World, Zones, Zoning
from lifezone.report.frames import joined_shapes, minutes, rounded_metres
from lifezone.report.tables import ALL

__all__ = ["memberships", "merge_costs", "merges", "thresholds", "zones_frame"]


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
        "containment": np.round(np.array([one.containment for one in found], np.float64), 9),
        "viable": pd.array([one.viable for one in found], dtype="boolean"),
        "subsidised": np.array([one.subsidised for one in found], np.bool_),
        "merged_because": _text(one.merged_because for one in found),
    }
    label = np.where(world.demand.inside, zones.label, -1)
    shapes = joined_shapes(world.demand, label, range(len(found)))
    return gpd.GeoDataFrame(columns, geometry=shapes, crs=world.crs)


def memberships(zoning: Zoning, world: World) -> pd.DataFrame:
    """Return one row per demand point of the study area: its zone's centre and the trip there, for every function.

    Args:
        zoning: the divisions.
        world: what was divided.
    """
    demand, ids = world.demand, world.districts.ids
    facilities = _text(world.facilities.ids)
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
        columns[f"{zones.id}_facility"] = facilities.take(zones.facility[inside], allow_fill=True)
        columns[f"{zones.id}_share"] = np.round(zones.share[inside], 9)
    return pd.DataFrame(columns)


def merges(zoning: Zoning) -> pd.DataFrame:
    """Return one row per centre dropped, in the order of the drops: why, who moves where, what it costs."""
    rows = [
        (
            zones.id, step, one.centre, one.users, math.nan if zones.threshold is None else zones.threshold.people,
            one.points, one.people, *_added(zones, one.added), one.outside,
            ";".join(f"{centre} ({people:.10g})" for centre, people in one.to),
        )
        for zones in zoning.functions
        for step, one in enumerate(zones.merges, start=1)
    ]  # fmt: skip
    names = ["function", "step", "centre", "users", "need", "points", "people", "person_minutes", "person_km",
             "newly_outside", "to"]  # fmt: skip
    return pd.DataFrame(rows, columns=names)


def merge_costs(zoning: Zoning, ids: tuple[str, ...]) -> pd.DataFrame:
    """Return what all drops of a function together cost every group of every district; ``all`` = the study area."""
    rows = [
        (zones.id, ALL if one.district < 0 else ids[one.district], one.group, one.people, *_added(zones, one.added),
         one.outside)
        for zones in zoning.functions
        for one in zones.costs
    ]  # fmt: skip
    names = ["function", "district", "group", "people_moved", "person_minutes", "person_km", "newly_outside"]
    return pd.DataFrame(rows, columns=names)


def thresholds(zoning: Zoning) -> pd.DataFrame:
    """Return the least number of users of every function with its source, and what was fitted beside it."""
    names = ["function", "method", "kind", "providers", "people", "low", "high", "districts", "with_so_many", "unit",
             "source", "date", "confidence", "note"]  # fmt: skip
    rows: list[tuple[Any, ...]] = []
    for zones in zoning.functions:
        used = zones.threshold
        if used is not None:
            rows.append((
                zones.id, used.id or "scenario", used.kind, 1, used.people, used.low, used.high, None, None, used.unit,
                used.source, used.date, used.confidence, used.note,
            ))  # fmt: skip
        rows += [
            (zones.id, one.method, "presence", one.providers, one.people, one.low, one.high, one.districts,
             one.with_so_many, "people", "", "", "", "")
            for one in zones.fits
        ]  # fmt: skip
    frame = pd.DataFrame(rows, columns=names)
    return frame.astype({"districts": "Int64", "with_so_many": "Int64"})


def _added(zones: Zones, added: float) -> tuple[float, float]:
    """Return what people travel more as person-minutes or as person-kilometres, the other one NaN."""
    return (added / 60.0, math.nan) if zones.metric == "time" else (math.nan, added / 1000.0)


def _text(values: Any) -> Any:
    """Return text as a pandas string array; nothing stays null."""
    return pd.array([str(value) or None for value in values], dtype="string")
