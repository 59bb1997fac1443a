"""Tables and layers of ties, alliances, city classes and compact cities."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from ruamel.yaml import YAML

from lifezone.model import Zoning
from lifezone.model.alliances import Partition
from lifezone.model.compact import CompactCity
from lifezone.model.flows import FlowMap
from lifezone.report.layers import add_layer
from lifezone.report.sheets import write_frame
from lifezone.report.towns import frames

__all__ = ["add_town_layers", "write_compact", "write_towns"]


def write_towns(zoning: Zoning, folder: Path) -> None:
    """Write the tables of municipalities into the folder of results.

    ``ties.csv`` where there are flows; ``alliances.csv``, ``alliance_members.csv``, ``alliance_shared.csv`` and
    ``alliance_sensitivity.csv`` where alliances are asked for; ``city_classes.csv`` where classes are.
    """
    known = zoning.towns
    if known is None:
        return
    if zoning.ties:
        _write(folder / "ties.csv", [frames.tie_rows(one, known) for one in zoning.ties])
    if zoning.alliances is not None:
        _write(folder / "alliances.csv", [frames.alliance_rows(zoning.alliances, known)])
        _write(folder / "alliance_members.csv", [frames.member_rows(zoning.alliances, known)])
        _write(folder / "alliance_shared.csv", [frames.shared_rows(zoning.alliances, known)])
        _write(folder / "alliance_sensitivity.csv", [frames.sensitivity_rows(zoning.alliances, known)])
    if zoning.city_classes is not None:
        _write(folder / "city_classes.csv", [frames.city_rows(zoning.city_classes)])


def write_compact(variants: Sequence[tuple[str, CompactCity]], folder: Path) -> None:
    """Write ``compact_city.csv`` and ``compact_edits.yaml``: the edits that would gather functions in the centre."""
    if not variants:
        return
    _write(folder / "compact_city.csv", [frames.compact_rows(variants)])
    edits = variants[0][1].edits
    if edits:
        yaml = YAML()
        yaml.default_flow_style = None
        yaml.allow_unicode = True
        block = {"variants": [{"name": "gathered", "edits": [_plain(one) for one in edits]}]}
        with (folder / "compact_edits.yaml").open("w", encoding="utf-8", newline="\n") as file:
            yaml.dump(block, file)


def _plain(value: object) -> object:
    """Return a value of plain maps, lists, texts and numbers."""
    if isinstance(value, dict):
        return {key: _plain(one) for key, one in value.items()}
    return [_plain(one) for one in value] if isinstance(value, list | tuple) else value


def add_town_layers(path: Path, zoning: Zoning) -> None:
    """Add alliances and ties to a GeoPackage; to be called with a fixed date set."""
    known = zoning.towns
    if known is None or not known.crs:
        return
    if zoning.alliances is not None and known.districts.polygon is not None:
        for partition in zoning.alliances.partitions:
            if partition.alliances:
                add_layer(path, f"alliances_{partition.id}", _shapes(partition, known), "MultiPolygon")
    if np.isfinite(known.x_m).any():
        for one in zoning.ties:
            name = "_".join(part for part in ("reciprocal", one.purpose.replace("+", "_"), one.year) if part)
            rows = frames.tie_rows(one, known)
            rows = rows[(rows["flow_ab"] > 0) | (rows["flow_ba"] > 0)]
            at = {district: position for position, district in enumerate(known.districts.ids)}
            ends = np.array([[at[a], at[b]] for a, b in zip(rows["a"], rows["b"], strict=True)], np.int64).reshape(
                -1, 2
            )
            here = np.isfinite(known.x_m[ends]).all(axis=1)
            lines = shapely.linestrings(np.stack([known.x_m[ends[here]], known.y_m[ends[here]]], axis=2))
            add_layer(path, name, gpd.GeoDataFrame(rows[here], geometry=lines, crs=known.crs), "LineString")


def _shapes(partition: Partition, known: FlowMap) -> gpd.GeoDataFrame:
    """Return the alliances as shapes."""
    assert known.districts.polygon is not None
    rows = [
        {"alliance": f"A{number}", "members": ";".join(known.districts.ids[at] for at in one.members),
         "people": one.people, "value": one.value, "broken": "; ".join(one.broken)}
        for number, one in enumerate(partition.alliances, start=1)
    ]  # fmt: skip
    shapes = []
    for one in partition.alliances:
        parts = shapely.get_parts(shapely.union_all(known.districts.polygon[list(one.members)]))
        shapes.append(shapely.multipolygons(parts[shapely.get_type_id(parts) == 3]))  # polygons
    return gpd.GeoDataFrame(pd.DataFrame(rows), geometry=shapes, crs=known.crs)


def _write(path: Path, parts: Sequence[pd.DataFrame]) -> None:
    """Write the frames below one another; columns that one lacks stay empty."""
    full = [part for part in parts if len(part)]
    write_frame(path, pd.concat(full, ignore_index=True) if full else parts[0])
