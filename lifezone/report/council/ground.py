"""What small maps of a report draw below their subject: main roads and borders within a box."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
import shapely

from lifezone.model import Floats, World

__all__ = ["Box", "border_rings", "road_lines"]

Box = tuple[float, float, float, float]
"""West, south, east, north in metres."""
_MAIN: Final = ("motorway", "trunk", "primary", "secondary", "tertiary")
_MOST_SEGMENTS: Final = 1500
"""More small roads than that would weigh more than they tell."""
_LOOKS: Final = (("#8e8a80", 1.5), ("#d0ccc2", 0.8))


def road_lines(world: World, box: Box) -> list[tuple[Sequence[Floats], str, float]]:
    """Return roads within a box as lines with colour and width: main ones, and small ones where they are few."""
    net = world.network
    if not len(net.tail):
        return []
    west, south, east, north = box
    x, y = (net.x_m[net.tail] + net.x_m[net.head]) / 2, (net.y_m[net.tail] + net.y_m[net.head]) / 2
    here = (x >= west) & (x <= east) & (y >= south) & (y <= north)
    main = np.array([way.removesuffix("_link") in _MAIN for way in net.ways] or [False])[net.way]
    found: list[tuple[Sequence[Floats], str, float]] = []
    for wanted, (colour, width) in zip((True, False), _LOOKS, strict=True):
        rows = np.flatnonzero(here & (main == wanted))
        if not len(rows) or (len(rows) > _MOST_SEGMENTS and not wanted):
            continue
        ends = np.stack([net.tail[rows], net.head[rows]], axis=1)
        lines = shapely.linestrings(np.stack([net.x_m[ends], net.y_m[ends]], axis=2))
        merged = shapely.simplify(shapely.line_merge(shapely.multilinestrings(lines)), _tolerance(box))
        found.append(([shapely.get_coordinates(line) for line in shapely.get_parts(merged)], colour, width))
    return found[::-1]


def border_rings(world: World, box: Box) -> list[Floats]:
    """Return the borders of districts within a box, as simple as they may be at that size."""
    if world.districts.polygon is None:
        return []
    window = shapely.box(*box)
    rings: list[Floats] = []
    for shape in world.districts.polygon:
        if shape is None or not shape.intersects(window):
            continue
        lines = shapely.intersection(shapely.simplify(shapely.boundary(shape), _tolerance(box)), window)
        parts = shapely.get_parts(shapely.line_merge(lines))
        rings += [shapely.get_coordinates(line) for line in parts if shapely.get_type_id(line) == 1]
    return rings


def _tolerance(box: Box) -> float:
    """Return the metres that nobody sees at that size."""
    return max(box[2] - box[0], box[3] - box[1]) / 600
