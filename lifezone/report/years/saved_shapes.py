"""The shapes of a study's maps, read back from ``shapes.gpkg`` and written as paths of an SVG."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
import shapely

from lifezone.model import Floats
from lifezone.report.years.files import SHAPES

__all__ = ["WIDTH", "Paths", "saved_paths"]

WIDTH: Final = 1000
"""Width of a map in units of its SVG; coordinates are whole numbers of them."""
_DETAIL: Final = 1.2
"""Units that a border may move to lose corners."""
_LEAST_RADIUS: Final = 3.0


@dataclass(frozen=True)
class Paths:
    """Outlines of D districts as SVG paths, all in one box.

    Attributes:
        height: of the box, whose width is :data:`WIDTH`.
        ground: D paths.
        tiles: D paths.
        cartograms: for each of E editions D paths, or None.
        circles: for each of E editions D paths, or None.
    """

    height: int
    ground: list[str]
    tiles: list[str]
    cartograms: list[list[str] | None]
    circles: list[list[str] | None]


def saved_paths(folder: Path, editions: tuple[str, ...]) -> Paths | None:
    """Return the paths of a study's shapes, None where it has none.

    Args:
        folder: of the result.
        editions: names of the editions.
    """
    path = folder / SHAPES
    if not path.is_file():
        return None
    import geopandas as gpd  # noqa: PLC0415
    import pyogrio  # noqa: PLC0415

    known = set(pyogrio.list_layers(path)[:, 0].tolist())

    def layer(name: str) -> Any:
        return gpd.read_file(path, layer=name, use_arrow=True) if name in known else None

    ground, placed = _polygons(layer("ground")), _polygons(layer("tiles"))
    drawn = [None if (one := layer(f"cartogram_{name}")) is None else _polygons(one) for name in editions]
    dots = [None if (one := layer(f"circles_{name}")) is None else _dots(one) for name in editions]
    at, scale, height = _box([ground, placed, *(one for one in drawn if one is not None)],
                             [one for one in dots if one is not None])  # fmt: skip
    return Paths(
        height, _paths(ground, at, scale), _paths(placed, at, scale),
        [None if one is None else _paths(one, at, scale) for one in drawn],
        [None if one is None else [_circle(dot, at, scale) for dot in one] for one in dots],
    )  # fmt: skip


def _polygons(layer: Any) -> np.ndarray:
    return np.asarray(layer.geometry.to_numpy(), dtype=object)


def _dots(layer: Any) -> Floats:
    """Return f64[D, 3] middle and radius."""
    return np.column_stack([layer.geometry.x, layer.geometry.y, layer["radius_m"]])


def _box(polygons: list[np.ndarray], dots: list[Floats]) -> tuple[Floats, float, int]:
    """Return the top left corner, units a metre and the height of the box that holds everything."""
    bounds = [shapely.total_bounds(one) for one in polygons]
    bounds += [np.hstack([(one[:, :2] - one[:, 2:]).min(axis=0), (one[:, :2] + one[:, 2:]).max(axis=0)])
               for one in dots]  # fmt: skip
    table = np.array(bounds)
    (west, south), (east, north) = table[:, :2].min(axis=0), table[:, 2:].max(axis=0)
    room = 0.01 * max(east - west, north - south)
    scale = WIDTH / (east - west + 2 * room)
    return np.array([west - room, north + room]), float(scale), int(np.ceil((north - south + 2 * room) * scale))


def _paths(polygons: np.ndarray, at: Floats, scale: float) -> list[str]:
    """Return polygons as paths, borders simplified together."""
    if shapely.coverage_is_valid(polygons):
        polygons = shapely.coverage_simplify(polygons, _DETAIL / scale)
    return [_path(one, at, scale) for one in polygons]


def _path(polygon: Any, at: Floats, scale: float) -> str:
    """Return one polygon: whole numbers, each corner relative to the one before."""
    rings = [ring for part in shapely.get_parts(polygon) for ring in (part.exterior, *part.interiors)]
    words = list[str]()
    for ring in rings:
        corners = np.rint((shapely.get_coordinates(ring) - at) * [scale, -scale]).astype(np.int64)
        steps = np.diff(corners, axis=0)[:-1]
        steps = steps[(steps != 0).any(axis=1)]
        if len(steps) >= 2 or not words:
            words.append(f"M{corners[0][0]} {corners[0][1]}l" + " ".join(f"{x} {y}" for x, y in steps.tolist()) + "z")
    return "".join(words)


def _circle(dot: Floats, at: Floats, scale: float) -> str:
    """Return a circle as a path of two arcs."""
    x, y = ((dot[:2] - at) * [scale, -scale]).tolist()
    r = max(float(dot[2]) * scale, _LEAST_RADIUS)
    return f"M{x - r:.1f} {y:.1f}a{r:.1f} {r:.1f} 0 1 0 {2 * r:.1f} 0a{r:.1f} {r:.1f} 0 1 0 {-2 * r:.1f} 0z"
