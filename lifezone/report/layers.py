"""Geographic files: GeoParquet per variant and one GeoPackage with everything.

Same result, same bytes: parquet carries no time, the GeoPackage gets a fixed date, columns and rows have a fixed order.
Refused: one feature per raw segment in the layer of roads (a bend is a vertex here; a county would be a million
features); lines are joined between junctions where class, name and direction stay the same.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from typing import Any, Final

import geopandas as gpd
import numpy as np
import pandas as pd
import pyogrio
import shapely
from pyogrio.errors import DataLayerError, DataSourceError, FeatureError

from lifezone.model import Network, Result, Variant
from lifezone.progress import Progress
from lifezone.report import frames
from lifezone.report.extent import extent_of
from lifezone.report.ground_layers import ground_frames
from lifezone.report.names import variant_folder
from lifezone.report.plan_layers import plan_frames
from lifezone.report.qgis import write_styles
from lifezone.report.tables import Tables

__all__ = ["GPKG", "add_layer", "fixed_date", "roads", "write_geopackage", "write_parquet"]

ROWS_AT_ONCE: Final = 100_000
"""Cells in a block of GeoParquet; whoever reads the file may read it block by block too."""
_FIXED_DATE: Final = "2000-01-01T00:00:00Z"
GPKG: Final = "result.gpkg"


def write_parquet(result: Result, folder: Path, progress: Progress) -> None:
    """Write ``<variant>/cells.parquet`` and ``<variant>/facilities.parquet``."""
    with progress.step("writing GeoParquet", len(result.variants)) as advance:
        for variant in result.variants:
            place = folder / variant_folder(variant.name)
            place.mkdir(exist_ok=True)
            _write_cells(variant, place / "cells.parquet")
            frames.facilities(variant).to_parquet(place / "facilities.parquet", index=False)
            advance(1)


def _write_cells(variant: Variant, path: Path) -> None:
    """Write the cells, block by block where a frame of them all would take gigabytes."""
    import pyarrow as pa  # noqa: PLC0415
    import pyarrow.parquet as pq  # noqa: PLC0415

    n = int(variant.world.demand.inside.sum())
    if n <= ROWS_AT_ONCE:
        frames.cells(variant).to_parquet(path, index=False)
        return
    demand = variant.world.demand.take(variant.world.demand.inside)
    outermost = [demand.x_m.argmin(), demand.y_m.argmin(), demand.x_m.argmax(), demand.y_m.argmax()]
    box = shapely.total_bounds(frames.cell_shapes(demand.take(np.unique(outermost))))
    writer: pq.ParquetWriter | None = None
    try:
        for start in range(0, n, ROWS_AT_ONCE):
            frame = frames.cells(variant, slice(start, start + ROWS_AT_ONCE))
            plain = pd.DataFrame(frame.drop(columns="geometry"))
            plain["geometry"] = shapely.to_wkb(frame.geometry.to_numpy())
            table = pa.Table.from_pandas(plain, preserve_index=False)
            if writer is None:
                schema = table.schema.with_metadata({**table.schema.metadata, b"geo": _geo(frame, box)})
                writer = pq.ParquetWriter(path, schema, compression="snappy")
            writer.write_table(table.cast(schema))
    finally:
        if writer is not None:
            writer.close()


def _geo(frame: gpd.GeoDataFrame, box: np.ndarray) -> bytes:
    """Return GeoParquet's own words about the geometry, as geopandas writes them, for bounds of the whole file."""
    import pyarrow.parquet as pq  # noqa: PLC0415

    sample = BytesIO()
    frame.iloc[:1].to_parquet(sample, index=False)
    told = json.loads(pq.read_schema(sample).metadata[b"geo"])
    told["columns"]["geometry"]["bbox"] = box.tolist()
    return json.dumps(told).encode("utf-8")


def write_geopackage(result: Result, tables: Tables, folder: Path, progress: Progress) -> None:
    """Write ``result.gpkg``: cells, facilities, deserts and districts of every variant, the ground, and QGIS styles.

    The ground: roads, and the study area, water and names of settlements where the study has any.

    Roads are those within the frame of the maps; a variant whose roads are the baseline's gets no layer of its own.
    """
    from lifezone.report.zones.files import add_zone_layers  # noqa: PLC0415  (writes layers by this module)

    path = folder / GPKG
    with fixed_date(), progress.step("writing GeoPackage", len(result.variants)) as advance:
        for variant in result.variants:
            name = variant.name
            cell_type = "Polygon" if variant.world.demand.cells and variant.world.demand.cell_m > 0 else "Point"
            desert_type = "MultiPolygon" if cell_type == "Polygon" else "MultiPoint"
            add_layer(path, f"cells_{name}", frames.cells(variant), cell_type)
            add_layer(path, f"facilities_{name}", frames.facilities(variant), "Point")
            add_layer(path, f"deserts_{name}", frames.deserts(variant), desert_type)
            if variant.world.districts.polygon is not None:
                add_layer(path, f"districts_{name}", frames.districts(variant, tables), "MultiPolygon")
            if variant is result.baseline or variant.world.network is not result.baseline.world.network:
                layer = "roads" if variant is result.baseline else f"roads_{name}"
                add_layer(path, layer, roads(variant.world.network, extent_of(result.baseline.world)), "LineString")
            if variant.zoning is not None:
                add_zone_layers(path, variant.zoning, variant.world, name)
            if variant.planned is not None and variant.planned.effects:
                for layer, frame, geometry in plan_frames(name, variant.planned):
                    add_layer(path, layer, frame, geometry)
            advance(1)
        for layer, frame, geometry in ground_frames(result.baseline.world, extent_of(result.baseline.world)):
            add_layer(path, layer, frame, geometry)
        write_styles(result, path)


def roads(network: Network, extent: tuple[float, float, float, float] | None = None) -> gpd.GeoDataFrame:
    """Return roads as lines between junctions: way, name, and which way cars and walkers may go along the line.

    Args:
        network: the roads.
        extent: west, south, east, north in the network's CRS; roads wholly outside are left out.
    """
    rows, flip, code = _drawn(network, extent)
    tail = np.where(flip, network.head[rows], network.tail[rows])
    head = np.where(flip, network.tail[rows], network.head[rows])
    ends = np.stack([np.column_stack([network.x_m[at], network.y_m[at]]) for at in (tail, head)], axis=1)
    lines = shapely.linestrings(ends) if len(rows) else np.empty(0, dtype=object)
    group, first = np.unique(
        np.column_stack([network.way[rows], network.name[rows], code]).astype(np.int64), axis=0, return_inverse=True
    )
    first = first.ravel()
    order = np.argsort(first, kind="stable")
    many = shapely.multilinestrings(lines[order], indices=first[order]) if len(rows) else lines
    parts, owner = shapely.get_parts(shapely.line_merge(many, directed=True), return_index=True)
    order = np.lexsort((*shapely.bounds(parts).T, owner)) if len(parts) else np.empty(0, np.int64)
    parts, owner = parts[order], owner[order]
    way, name, direction = group[owner].T if len(parts) else np.empty((3, 0), dtype=np.int64)
    columns: dict[str, Any] = {
        "way": np.array(network.ways, dtype=object)[way],
        "name": np.array(network.names, dtype=object)[name],
    }
    for position, mode in enumerate(network.modes):
        columns[mode] = np.array(_DIRECTIONS, dtype=object)[direction // 4**position % 4]
    return gpd.GeoDataFrame(columns, geometry=parts, crs=network.crs)


_DIRECTIONS: Final = ("closed", "along", "against", "both")


def _drawn(
    network: Network, extent: tuple[float, float, float, float] | None
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return the segments to write, which of them to turn round, and a code of who may go along them.

    A segment that the first mode (cars) may pass backwards only is turned round, so that lines join along one-ways.
    """
    keep = network.tail != network.head
    if extent is not None:
        west, south, east, north = extent
        x, y = network.x_m, network.y_m
        keep &= np.maximum(x[network.tail], x[network.head]) >= west
        keep &= np.minimum(x[network.tail], x[network.head]) <= east
        keep &= np.maximum(y[network.tail], y[network.head]) >= south
        keep &= np.minimum(y[network.tail], y[network.head]) <= north
    rows = np.flatnonzero(keep)
    codes = []
    for seconds in network.seconds.values():
        forth, back = np.isfinite(seconds[2 * rows]), np.isfinite(seconds[2 * rows + 1])
        codes.append(forth.astype(np.int64) + 2 * back)
    flip = codes[0] == 2 if codes else np.zeros(len(rows), np.bool_)
    code = np.zeros(len(rows), np.int64)
    for position, mode_code in enumerate(codes):
        code += 4**position * np.where(flip, np.array([0, 2, 1, 3])[mode_code], mode_code)
    return rows, flip, code


def add_layer(path: Path, layer: str, frame: gpd.GeoDataFrame, geometry_type: str) -> None:
    """Add one layer to the GeoPackage."""
    try:
        pyogrio.write_dataframe(
            frame,
            path,
            layer=layer,
            driver="GPKG",
            geometry_type=geometry_type,
            promote_to_multi=geometry_type.startswith("Multi"),
            use_arrow=True,
        )
    except (DataSourceError, DataLayerError, FeatureError) as error:
        raise OSError(f"{path.name}, layer {layer}: {error}") from error


@contextmanager
def fixed_date() -> Iterator[None]:
    """Let GDAL write a fixed date, and restore its setting."""
    before = pyogrio.get_gdal_config_option("OGR_CURRENT_DATE")
    pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": _FIXED_DATE})
    try:
        yield
    finally:
        pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": before})
