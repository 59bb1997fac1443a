"""What lies under and over the cells on every map of a study: drawn once per road network, then reused.

Under: the study area, water, the hatch that means nobody lives here. Over: roads by class, district borders and names,
the border of the study area, and the watermark of modelled data.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import shapely
from matplotlib.figure import Figure
from matplotlib.patches import PathPatch
from matplotlib.path import Path as Outline
from matplotlib.patheffects import withStroke
from shapely.geometry.polygon import orient

from lifezone.model import Network, World
from lifezone.report.extent import area_shape
from lifezone.report.maps import inks
from lifezone.report.maps.fonts import DPI, clean, fit, font, text_width
from lifezone.report.maps.inks import Pixels
from lifezone.report.maps.paper import Frame, Lifted, lifted, rasterise

__all__ = [
    "WATERMARK", "Box", "Ground", "border_style", "ground_of", "is_modelled", "map_figure", "outline_of", "road_styles",
    "write_watermark",
]  # fmt: skip

Box = tuple[float, float, float, float]
"""Left, top, right, bottom on the map, pixels from the top left."""

WATERMARK: Final = ("모형 자료 – 등급·지정에 쓸 수 없음", "modelled data: not for designation")

_TIERS: Final = (
    ("motorway", "trunk"), ("primary",), ("secondary",), ("tertiary",), ("ferry",),
    ("path", "footway", "steps", "pedestrian", "cycleway", "track", "bridleway", "corridor"),
)  # fmt: skip
_LOCAL: Final = len(_TIERS)
_STYLES: Final[dict[int, dict[str, Any]]] = {
    5: {"color": "#6b6b6b", "linewidth": 0.25, "alpha": 0.35},
    _LOCAL: {"color": "#5d5d5d", "linewidth": 0.35, "alpha": 0.5},
    3: {"color": "#4c4c4c", "linewidth": 0.6, "alpha": 0.7},
    2: {"color": "#3d3d3d", "linewidth": 0.9, "alpha": 0.8},
    1: {"color": "#333333", "linewidth": 1.2, "alpha": 0.85},
    0: {"color": "#262626", "linewidth": 1.7, "alpha": 0.9},
    4: {"color": "#2f5f95", "linewidth": 1.0, "linestyle": (0, (4, 3)), "alpha": 0.9},
}
_SURFACES: Final = (inks.NOBODY, inks.OUTSIDE, inks.WATER)
_BORDER_COLOUR: Final = "#6a3d8f"
_MOST_LOCAL_SEGMENTS: Final = 400_000
_NAME_PX: Final = 15.0
_LEAST_NAMED_PX: Final = 40


@dataclass(frozen=True, eq=False)
class Ground:
    """The parts of a map that do not change from one requirement to the next.

    Attributes:
        under: u8[h, w, 4] area, water and hatch.
        over: roads, borders, names.
        names: left, top, right and bottom of the district names, which other text stays away from.
        has: what a legend must explain: ``main``, ``local``, ``ferry``, ``water``, ``districts``, ``area``.
        lines: roads, borders and names as they were drawn, where they are not part of ``over``; else None.
    """

    under: Pixels
    over: Lifted
    names: tuple[Box, ...]
    has: frozenset[str]
    lines: Figure | None = None


def road_styles() -> dict[str, dict[str, Any]]:
    """Return the line styles that a legend shows."""
    return {"main": _STYLES[1], "local": {**_STYLES[_LOCAL], "linewidth": 0.8}, "ferry": _STYLES[4]}


def border_style(*, area: bool) -> dict[str, Any]:
    """Return the line style of the study area's border, or of the districts'."""
    if area:
        return {"color": _BORDER_COLOUR, "linewidth": 1.8, "linestyle": "solid"}
    return {"color": _BORDER_COLOUR, "linewidth": 0.9, "linestyle": (0, (5, 2.5))}


def is_modelled(world: World) -> bool:
    """Tell whether roads or people are modelled, so that nothing may be designated by the map."""
    return bool(world.demand.modelled or world.network.modelled)


def ground_of(frame: Frame, world: World, *, vector: bool = False) -> Ground:
    """Draw what does not change: once per network and frame; ``vector`` keeps lines as lines."""
    area = area_shape(world)
    lines, has = _roads(frame, world.network)
    codes = _surface(frame, world, area)
    has |= {name for code, name in ((1, "area"), (2, "water")) if (codes == code).any()}
    borders = _borders(frame, world, area)
    if any(not is_area for _shape, is_area in borders):
        has.add("districts")
    figure = map_figure(frame)
    for patch in lines:
        figure.axes[0].add_artist(patch)
    for shape, is_area in borders:
        figure.axes[0].add_artist(PathPatch(outline_of(shape), fill=False, **border_style(area=is_area)))
    names = _write_names(figure, frame, world)
    if is_modelled(world):
        write_watermark(figure)
    under = inks.paint(codes, _SURFACES, np.zeros((*codes.shape, 4), np.uint8))
    if vector:
        nothing = np.zeros((frame.height, frame.width, 4), np.uint8)
        return Ground(under, lifted(nothing), tuple(names), frozenset(has), figure)
    return Ground(under, lifted(rasterise(figure)), tuple(names), frozenset(has))


def _surface(frame: Frame, world: World, area: shapely.Geometry | None) -> np.ndarray:
    """u8[h, w]: 0 in the study area, 1 beyond it, 2 water."""
    codes = np.zeros((frame.height, frame.width), np.uint8)
    if area is not None:
        codes[~_mask(frame, area)] = 1
    if world.water is not None and not world.water.is_empty:
        codes[_mask(frame, world.water)] = 2
    return codes


def _mask(frame: Frame, shape: shapely.Geometry) -> np.ndarray:
    """bool[h, w] where a shape is."""
    figure = map_figure(frame)
    figure.axes[0].add_artist(PathPatch(outline_of(shape), facecolor="black", linewidth=0, antialiased=False))
    mask: np.ndarray = rasterise(figure)[..., 3] > 127
    return mask


def _borders(frame: Frame, world: World, area: shapely.Geometry | None) -> list[tuple[shapely.Geometry, bool]]:
    """Return the outlines to draw, each with whether it is the study area's; districts only where two are seen."""
    polygons, seen = world.districts.polygon, shapely.box(*frame.extent)
    near = [] if polygons is None else [(polygon, False) for polygon in polygons[shapely.intersects(polygons, seen)]]
    return (near if len(near) > 1 else []) + ([] if area is None else [(area, True)])


def _roads(frame: Frame, network: Network) -> tuple[list[PathPatch], set[str]]:
    """Return one patch per class of road, the lesser below; lanes are left out where they would only be a grey mass."""
    west, south, east, north = frame.extent
    x, y, tail, head = network.x_m, network.y_m, network.tail, network.head
    seen = (np.maximum(x[tail], x[head]) >= west) & (np.minimum(x[tail], x[head]) <= east)
    seen &= (np.maximum(y[tail], y[head]) >= south) & (np.minimum(y[tail], y[head]) <= north)
    tier = np.array([_tier(way) for way in network.ways] or [_LOCAL])[network.way]
    patches, has = [], set()
    for level, style in _STYLES.items():
        rows = np.flatnonzero(seen & (tier == level))
        if not len(rows) or (level >= _LOCAL - 1 and len(rows) > _MOST_LOCAL_SEGMENTS):
            continue
        ends = np.empty((2 * len(rows), 2))
        ends[0::2, 0], ends[0::2, 1] = x[tail[rows]], y[tail[rows]]
        ends[1::2, 0], ends[1::2, 1] = x[head[rows]], y[head[rows]]
        codes = np.tile(np.array([Outline.MOVETO, Outline.LINETO], np.uint8), len(rows))
        patches.append(PathPatch(Outline(ends, codes), fill=False, capstyle="round", **style))
        has.add("ferry" if level == 4 else "main" if level <= 2 else "local")
    return patches, has


def _tier(way: str) -> int:
    base = way.removesuffix("_link")
    return next((level for level, ways in enumerate(_TIERS) if base in ways), _LOCAL)


def _write_names(figure: Figure, frame: Frame, world: World) -> list[Box]:
    """Write district names inside their districts, the largest first; a name that would touch another is left out.

    Returns:
        The boxes that the names fill.
    """
    units = world.districts
    if units.polygon is None or len(units.ids) < 2:
        return []
    names_en = units.name_en or units.name
    taken: list[Box] = []
    for position in np.argsort(-shapely.area(units.polygon), kind="stable"):
        polygon = units.polygon[position]
        seen = shapely.intersection(polygon, shapely.box(*frame.extent))
        if seen is None or seen.area < _LEAST_NAMED_PX**2 * frame.metres**2:
            continue
        at = shapely.point_on_surface(seen)
        name, english = units.name[position], names_en[position]
        most = max(90.0, (seen.bounds[2] - seen.bounds[0]) / frame.metres * 0.8)
        rows = [fit(name, _NAME_PX, most)] + ([fit(english, _NAME_PX - 3, most)] if english != name else [])
        half = max(text_width(row, _NAME_PX) for row in rows) / 2
        x, y = (float(value[0]) for value in frame.pixels(np.array([at.x]), np.array([at.y])))
        x = min(max(x, half + 4), frame.width - half - 4)
        box = (x - half, y - 10, x + half, y + 26)
        if any(box[0] < b[2] and b[0] < box[2] and box[1] < b[3] and b[1] < box[3] for b in taken):
            continue
        taken.append(box)
        _write_rows(figure, frame, rows, x, y)
    return taken


def _write_rows(figure: Figure, frame: Frame, rows: list[str], x: float, y: float) -> None:
    for line, row in enumerate(rows):
        size = _NAME_PX - 3 * line
        text = figure.text(
            x / frame.width, 1 - (y + 16 * line) / frame.height, row, ha="center", va="center", parse_math=False,
            fontproperties=font(size, bold=line == 0), color=_BORDER_COLOUR,
        )  # fmt: skip
        text.set_path_effects([withStroke(linewidth=3.2, foreground="#ffffff")])


def write_watermark(figure: Figure) -> None:
    """Write across a figure that it shows modelled data."""
    for height in (0.2, 0.5, 0.8):
        for line, words in enumerate(WATERMARK):
            figure.text(
                0.5, height - 0.035 * line, clean(words), ha="center", va="center", rotation=18, color="#b00020",
                alpha=0.30, fontproperties=font(30 - 6 * line, bold=True), parse_math=False,
            )  # fmt: skip


def map_figure(frame: Frame) -> Figure:
    """Return a transparent figure whose only axes cover it and count in metres.

    Add patches by ``add_artist``: ``add_patch`` looks for limits that are set already, half a second on a county.
    """
    figure = Figure(figsize=(frame.width / DPI, frame.height / DPI), dpi=DPI, facecolor="none", frameon=False)
    axes = figure.add_axes((0, 0, 1, 1))
    west, south, east, north = frame.extent
    axes.set_xlim(west, east)
    axes.set_ylim(south, north)
    axes.set_axis_off()
    return figure


def outline_of(shape: shapely.Geometry) -> Outline:
    """Return the rings of every polygon as one path; holes run the other way round, so that they stay open."""
    polygons = [part for part in shapely.get_parts(shape) if part.geom_type == "Polygon" and not part.is_empty]
    rings = [ring for polygon in polygons for ring in shapely.get_rings(orient(polygon))]
    if not rings:
        return Outline(np.empty((0, 2)))
    return Outline.make_compound_path(*(Outline(shapely.get_coordinates(ring), closed=True) for ring in rings))
