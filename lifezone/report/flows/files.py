"""Tables and layers of flows and urban areas."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from lifezone.model import Zoning
from lifezone.model.flows import FlowMap
from lifezone.model.urban import UrbanAreas
from lifezone.report.flows import frames
from lifezone.report.layers import add_layer
from lifezone.report.sheets import write_frame

__all__ = ["add_flow_layers", "write_flows"]

_MOST_DRAWN: Final = 20_000
"""More ties than this are a black map."""


def write_flows(zoning: Zoning, folder: Path) -> None:
    """Write the tables of flows into the folder of results.

    ``containment.csv`` always; ``urban_areas.csv`` and ``urban_area_summary.csv`` where urban areas are asked for;
    ``flow_changes.csv`` and ``district_changes.csv`` where flows have several years.
    """
    known = zoning.flows
    if known is None:
        return
    _write(folder / "containment.csv", [frames.containment_rows(known)])
    if zoning.urban:
        _write(folder / "urban_areas.csv", [frames.district_rows(one, known) for one in zoning.urban])
        _write(folder / "urban_area_summary.csv", [frames.area_rows(one, known) for one in zoning.urban])
    if zoning.flow_changes:
        _write(folder / "flow_changes.csv", [frames.changed_flows(one, known) for one in zoning.flow_changes])
        _write(folder / "district_changes.csv", [frames.changed_places(one, known) for one in zoning.flow_changes])


def add_flow_layers(path: Path, zoning: Zoning) -> None:
    """Add urban areas, their districts and the strongest ties to a GeoPackage; to be called with a fixed date set."""
    known = zoning.flows
    if known is None or not known.crs:
        return
    if known.districts.polygon is not None:
        for one in zoning.urban:
            add_layer(path, f"urban_areas_{one.id}", _area_shapes(one, known), "MultiPolygon")
    if np.isfinite(known.x_m).any():
        for one in zoning.urban:
            shapes, kind = _district_shapes(known)
            frame = gpd.GeoDataFrame(frames.district_rows(one, known), geometry=shapes, crs=known.crs)
            add_layer(path, f"urban_districts_{one.id}", frame, kind)
        for flows in known.flows:
            name = "_".join(part for part in ("ties", flows.purpose, flows.year) if part)
            add_layer(path, name, _tie_lines(flows.matrix(), known, modelled=bool(flows.modelled)), "LineString")


def _area_shapes(found: UrbanAreas, known: FlowMap) -> gpd.GeoDataFrame:
    """Return one row an area with the ground of its districts."""
    rows = frames.area_rows(found, known)
    position = {one: at for at, one in enumerate(known.districts.ids)}
    polygon = known.districts.polygon
    shapes = []
    for area in rows["area"].tolist():
        members = () if polygon is None else polygon[found.area == position[area]]
        shapes.append(shapely.union_all([one for one in members if one is not None]))
    return gpd.GeoDataFrame(rows, geometry=np.array(shapes, dtype=object), crs=known.crs)


def _district_shapes(known: FlowMap) -> tuple[np.ndarray, str]:
    """Return shapes of districts, or their centres."""
    if known.districts.polygon is not None:
        return known.districts.polygon, "MultiPolygon"
    points = shapely.points(np.nan_to_num(known.x_m), np.nan_to_num(known.y_m))
    points[~np.isfinite(known.x_m)] = None
    return points, "Point"


def _tie_lines(flows: np.ndarray, known: FlowMap, *, modelled: bool) -> gpd.GeoDataFrame:
    """Return the strongest ties as straight lines from centre to centre."""
    one, two = frames.strongest(flows)
    placed = np.isfinite(known.x_m) & np.isfinite(known.y_m)
    keep = placed[one] & placed[two]
    one, two = one[keep][:_MOST_DRAWN], two[keep][:_MOST_DRAWN]
    ends = np.stack([np.column_stack([known.x_m[at], known.y_m[at]]) for at in (one, two)], axis=1)
    lines = shapely.linestrings(ends) if len(one) else np.empty(0, dtype=object)
    ids = np.array(known.districts.ids, dtype=object)
    residents = flows.sum(axis=1)
    columns = {
        "from": ids[one], "to": ids[two], "people": flows[one, two],
        "share": np.round(flows[one, two] / residents[one], 9) if len(one) else np.empty(0),
        "modelled": np.full(len(one), modelled),
    }  # fmt: skip
    return gpd.GeoDataFrame(columns, geometry=lines, crs=known.crs)


def _write(path: Path, parts: list[pd.DataFrame]) -> None:
    """Write frames one below another as one CSV file."""
    write_frame(path, pd.concat(parts, ignore_index=True))
