"""What the divisions of one world leave behind: ``zones.csv``, ``zones/`` and layers of the GeoPackage."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Final

import geopandas as gpd

from lifezone.model import Kind, Provenance, World, Zoning
from lifezone.progress import SILENT, Progress
from lifezone.report.flows import add_flow_layers, write_flows
from lifezone.report.layers import add_layer
from lifezone.report.sheets import write_frame
from lifezone.report.towns import add_town_layers, write_towns
from lifezone.report.zones.frames import memberships, merge_costs, merges, thresholds, zones_frame
from lifezone.report.zones.layers import agreements, blind_spots, hierarchy, municipalities, profiles

__all__ = ["FOLDER", "MAPS", "add_zone_layers", "draw_municipalities", "draw_zones", "write_zoning"]

FOLDER: Final = "zones"
MAPS: Final = f"{FOLDER}/maps"


def write_zoning(zoning: Zoning, world: World, folder: Path) -> None:
    """Write everything of one world's divisions into ``folder``: tables, and GeoParquet below ``zones``.

    Args:
        zoning: the divisions.
        world: what was divided.
        folder: that of the results for the baseline, a variant's own else.
    """
    if zoning.functions:
        place = folder / FOLDER
        place.mkdir(exist_ok=True)
        write_frame(folder / "zones.csv", memberships(zoning, world))
        for zones in zoning.functions:
            zones_frame(zones, world).to_parquet(place / f"{zones.id}.parquet", index=False)
        tables = {
            "merges": merges(zoning),
            "merge_costs": merge_costs(zoning, world.districts.ids),
            "thresholds": thresholds(zoning),
            "municipalities": municipalities(zoning, world),
            "agreement": agreements(zoning, world),
            "hierarchy": hierarchy(zoning, world),
            "blind_spots": blind_spots(zoning, world),
            "profiles": profiles(zoning, world),
        }
        for name, frame in tables.items():
            if len(frame):
                write_frame(place / f"{name}.csv", frame)
    write_flows(zoning, folder)
    write_towns(zoning, folder)


def draw_zones(
    zoning: Zoning, world: World, variant: str, folder: Path, title: str, provenance: Provenance, *,
    progress: Progress = SILENT, disclose: bool = False,
) -> list[str]:  # fmt: skip
    """Draw the maps of one world's divisions below ``folder``; returns their names."""
    from lifezone.report.maps.words import made_from  # noqa: PLC0415  (matplotlib is slow to load)
    from lifezone.report.maps.zones import ZoneMaps, draw_zoning  # noqa: PLC0415

    maps = ZoneMaps(world, zoning, variant, title, made_from(title, provenance, world.crs), disclose)
    return draw_zoning(maps, folder / MAPS, progress)


def draw_municipalities(
    zoning: Zoning, folder: Path, title: str, provenance: Provenance, kinds: Mapping[str, Kind], *,
    disclose: bool = False,
) -> list[str]:  # fmt: skip
    """Draw the maps of flows, urban areas and alliances below ``folder``; returns their names."""
    drawn: list[str] = []
    if zoning.flows is not None:
        from lifezone.report.flows.maps import draw_flow_maps  # noqa: PLC0415  (matplotlib is slow to load)

        drawn += draw_flow_maps(zoning, provenance, title, folder / MAPS, disclose=disclose)
    if zoning.alliances is not None:
        from lifezone.report.towns.maps import draw_alliances  # noqa: PLC0415

        drawn += draw_alliances(zoning, provenance, title, folder / MAPS, kinds, disclose=disclose)
    return drawn


def add_zone_layers(path: Path, zoning: Zoning, world: World, variant: str) -> None:
    """Add the layers of one world's divisions to a GeoPackage; to be called with a fixed date set."""
    is_grid = world.demand.cells and world.demand.cell_m > 0
    for zones in zoning.functions:
        frame: gpd.GeoDataFrame = zones_frame(zones, world)
        add_layer(path, f"zones_{zones.id}_{variant}", frame, "MultiPolygon" if is_grid else "MultiPoint")
    add_flow_layers(path, zoning)
    add_town_layers(path, zoning)
