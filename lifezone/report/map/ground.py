"""What lies under and beside the people on the live map: area, districts, roads by class, water, names of places."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Literal

import numpy as np
import shapely

from lifezone.model import Districts
from lifezone.report.map.lines import Origin, packed_lines, packed_rings

if TYPE_CHECKING:
    from pathlib import Path

    import geopandas as gpd

__all__ = ["Ground", "ground_payload", "read_ground", "read_layer"]

TIERS: Final = {
    "motorway": 0, "trunk": 0, "primary": 1, "secondary": 2, "tertiary": 3, "ferry": 4,
    **dict.fromkeys(("path", "footway", "steps", "pedestrian", "cycleway", "track", "bridleway", "corridor"), 6),
}  # fmt: skip
"""Class of a road: 0 trunk … 3 tertiary, 4 ferry, 5 local, 6 paths."""
LOCAL: Final = 5
_MOST_VERTICES: Final = 150_000
"""Roads of the page; lesser classes are left out before it would hold more."""
_MOST_PLACES: Final = 400
_FINENESS: Final = 4000.0
"""Lines are simplified by the longer side of the study over this: half a pixel of a large screen."""


@dataclass(frozen=True, eq=False)
class Ground:
    """Layers of a folder of results that the map draws; None = the run wrote none."""

    roads: gpd.GeoDataFrame | None
    water: gpd.GeoDataFrame | None
    area: gpd.GeoDataFrame | None
    places: gpd.GeoDataFrame | None


def read_layer(path: Path, layer: str) -> gpd.GeoDataFrame | None:
    """Return a layer of a GeoPackage, or None where the file or the layer is not there."""
    import geopandas as gpd  # noqa: PLC0415
    import pyogrio  # noqa: PLC0415

    if not path.is_file() or layer not in pyogrio.list_layers(path)[:, 0]:
        return None
    return gpd.read_file(path, layer=layer)


def read_ground(path: Path) -> Ground:
    """Read what a GeoPackage of results holds of the ground."""
    return Ground(*(read_layer(path, layer) for layer in ("roads", "water", "area", "places")))


def area_of(ground: Ground, districts: Districts) -> shapely.Geometry | None:
    """Return the study area: its own layer, else the districts together, else None."""
    if ground.area is not None and len(ground.area):
        return shapely.union_all(np.asarray(ground.area.geometry, dtype=object))
    return None if districts.polygon is None else shapely.union_all(districts.polygon)


def ground_payload(
    ground: Ground, districts: Districts, area: shapely.Geometry | None, origin: Origin, language: Literal["ko", "en"]
) -> dict[str, Any]:
    """Return the ground as plain data, simplified to what a screen shows."""
    told: dict[str, Any] = {"roads": [], "water": None, "area": None, "districts": None, "places": []}
    shapes = [one for one in (area, *_shapes(ground.roads)) if one is not None]
    bounds = shapely.total_bounds(shapes) if shapes else np.zeros(4)
    fine_m = max(float(bounds[2] - bounds[0]), float(bounds[3] - bounds[1]), 1000.0) / _FINENESS
    if area is not None:
        told["area"] = packed_rings(_simplified(np.array([area], dtype=object), fine_m), origin)
    if districts.polygon is not None and len(districts.ids) > 1:
        told["districts"] = packed_rings(_simplified(districts.polygon, fine_m), origin)
    if ground.water is not None and len(ground.water):
        water = shapely.get_parts(np.asarray(ground.water.geometry, dtype=object))
        seen = water[shapely.area(water) > (2 * fine_m) ** 2]
        told["water"] = packed_rings(_simplified(seen, fine_m), origin)
    told["roads"] = _roads(ground.roads, fine_m, origin)
    told["places"] = _places(ground.places, origin, language)
    return told


def _shapes(layer: gpd.GeoDataFrame | None) -> list[shapely.Geometry]:
    return [] if layer is None else [shapely.box(*layer.total_bounds)] if len(layer) else []


def _simplified(shapes: np.ndarray, fine_m: float) -> np.ndarray:
    simple: np.ndarray = shapely.simplify(np.asarray(shapes, dtype=object), fine_m, preserve_topology=True)
    return simple


def _roads(roads: gpd.GeoDataFrame | None, fine_m: float, origin: Origin) -> list[dict[str, Any]]:
    """Return lines by class, the lesser first, as they are drawn over one another."""
    if roads is None or not len(roads):
        return []
    tier = np.array([TIERS.get(str(way).removesuffix("_link"), LOCAL) for way in roads["way"]])
    lines = np.asarray(roads.geometry, dtype=object)
    found, room = [], _MOST_VERTICES
    for level in (4, 0, 1, 2, 3, 5, 6):
        own = lines[tier == level]
        if not len(own):
            continue
        joined = shapely.get_parts(shapely.line_merge(shapely.multilinestrings(shapely.get_parts(own))))
        simple = shapely.simplify(joined, fine_m, preserve_topology=False)
        n = len(shapely.get_coordinates(simple))
        if n > room:
            break
        room -= n
        found.append({"tier": level, **packed_lines(simple, origin)})
    order = {level: at for at, level in enumerate((6, 5, 3, 2, 1, 0, 4))}
    return sorted(found, key=lambda one: order[one["tier"]])


def _places(places: gpd.GeoDataFrame | None, origin: Origin, language: Literal["ko", "en"]) -> list[dict[str, Any]]:
    """Return names of settlements, the largest first."""
    if places is None or not len(places):
        return []
    points = np.asarray(places.geometry, dtype=object)
    x, y = origin.x(shapely.get_x(points)), origin.y(shapely.get_y(points))
    rank = places["rank"].to_numpy()
    rows = np.lexsort((y, x, rank))[:_MOST_PLACES]
    names, names_en = (places[column].fillna("").astype(str).tolist() for column in ("name", "name_en"))
    chosen = [(names_en[row] if language == "en" and names_en[row] else names[row]) for row in rows]
    return [
        {"name": name, "x": int(x[row]), "y": int(y[row]), "rank": int(rank[row])}
        for name, row in zip(chosen, rows.tolist(), strict=True)
        if name
    ]
