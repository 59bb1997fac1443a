"""What-ifs about the roads of an area: closed by a flood, slow under snow. Roads are cut at the area's very edge.

A segment may be long: to close all of it because the water touches its end would shut in houses that stay dry. So
every segment that crosses the edge is split there, and only what lies inside is closed or slowed. Whoever lives inside
a closed area hangs on closed roads and has no way out; that is told by the verdicts, as *off the network* or
*unreachable*.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import shapely

from lifezone.edits.context import Context
from lifezone.edits.cut import cut_segments
from lifezone.edits.places import area_shape
from lifezone.edits.road_specs import RoadArea
from lifezone.errors import Fault, InputError
from lifezone.model import Bools, Network, World

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

__all__ = ["change_area", "cut_at_edge"]

_FERRY = "ferry"


def change_area(world: World, change: RoadArea, context: Context) -> tuple[World, str]:
    """Close the roads of an area, or change their speed."""
    shape = area_shape(change, world, context)
    modes = _modes(world.network, change)
    ways = _ways(world.network, change)
    touched = _touched(world.network, shape) & ways[world.network.way]
    if not touched.any():
        which = "no such road" if change.ways else "no road"
        raise InputError(Fault(f"{which} lies {change.told}", ()))
    network, inside = cut_at_edge(world.network, shape, touched)
    inside &= ways[network.way]
    arcs = np.repeat(inside, 2)
    seconds = dict(network.seconds)
    for mode in modes:
        changed = np.inf if change.factor is None else seconds[mode] / change.factor
        seconds[mode] = np.where(arcs, changed, seconds[mode])
    some_open = np.zeros(network.n_segments, np.bool_)
    for mode in modes:
        some_open |= np.isfinite(network.seconds[mode].reshape(-1, 2)).any(axis=1)
    kilometres = float(network.metres[inside & some_open].sum()) / 1000
    what = "closed" if change.factor is None else f"speed × {change.factor:g}"
    told = f"roads {change.told}: {what} for {', '.join(modes)} over {kilometres:,.1f} km"
    return replace(world, network=replace(network, seconds=seconds)), told


def cut_at_edge(network: Network, shape: BaseGeometry, touched: Bools) -> tuple[Network, Bools]:
    """Split every touched segment where it crosses the edge of a shape.

    Args:
        network: the roads.
        shape: a prepared (multi)polygon in their CRS.
        touched: bool[S] segments that may lie in it.

    Returns:
        The network, and bool[S'] which of its segments lie inside; former segments keep their positions.
    """
    rows = np.flatnonzero(touched)
    lines = _lines(network, rows)
    across = ~shapely.covers(shape, lines)
    cuts = {
        int(row): parts
        for row, line in zip(rows[across], lines[across], strict=True)
        if len(parts := _crossings(line, shape))
    }
    cut, owner = cut_segments(network, cuts)
    concerned = np.flatnonzero(touched[owner])
    middle_x = (cut.x_m[cut.tail[concerned]] + cut.x_m[cut.head[concerned]]) / 2
    middle_y = (cut.y_m[cut.tail[concerned]] + cut.y_m[cut.head[concerned]]) / 2
    inside = np.zeros(cut.n_segments, np.bool_)
    inside[concerned] = shapely.intersects_xy(shape, middle_x, middle_y)
    return cut, inside


def _crossings(line: BaseGeometry, shape: BaseGeometry) -> np.ndarray:
    """Return the parts (0 to 1, ascending) along a straight line at which it crosses the edge of a shape."""
    hits = shapely.get_coordinates(shapely.intersection(line, shape.boundary))
    (x0, y0), (x1, y1) = shapely.get_coordinates(line)
    square = (x1 - x0) ** 2 + (y1 - y0) ** 2
    parts = ((hits[:, 0] - x0) * (x1 - x0) + (hits[:, 1] - y0) * (y1 - y0)) / square
    found: np.ndarray = np.unique(np.round(parts, 9))
    return found[(found > 1e-6) & (found < 1 - 1e-6)]


def _touched(network: Network, shape: BaseGeometry) -> Bools:
    """Return bool[S] segments that meet a shape; those with no length do not."""
    west, south, east, north = shape.bounds
    x, y = network.x_m, network.y_m
    touched: Bools = (
        (np.maximum(x[network.tail], x[network.head]) >= west)
        & (np.minimum(x[network.tail], x[network.head]) <= east)
        & (np.maximum(y[network.tail], y[network.head]) >= south)
        & (np.minimum(y[network.tail], y[network.head]) <= north)
    )
    rows = np.flatnonzero(touched)
    touched[rows] = shapely.intersects(shape, _lines(network, rows))
    points = (x[network.tail] == x[network.head]) & (y[network.tail] == y[network.head])
    return np.asarray(touched & ~points, dtype=np.bool_)


def _lines(network: Network, rows: np.ndarray) -> np.ndarray:
    """Return some segments as lines."""
    ends = np.stack([network.tail[rows], network.head[rows]], axis=1)
    lines: np.ndarray = shapely.linestrings(np.stack([network.x_m[ends], network.y_m[ends]], axis=2))
    return lines


def _modes(network: Network, change: RoadArea) -> Sequence[str]:
    """Return the modes that an edit concerns; refuses those that the roads do not have."""
    if change.modes is None:
        modes = network.modes if change.factor is None else tuple(mode for mode in network.modes if mode == "car")
    else:
        modes = tuple(dict.fromkeys(change.modes))
    wrong = [mode for mode in modes if mode not in network.seconds]
    if wrong or not modes:
        known = ", ".join(network.modes)
        raise InputError(
            Fault(f"the roads have no times for {', '.join(wrong) or 'car'}; they have {known}", ("modes",))
        )
    return modes


def _ways(network: Network, change: RoadArea) -> Bools:
    """Return bool[W] which classes of roads an edit concerns; refuses those that there are not."""
    if change.ways is None:
        return np.array([change.factor is None or way != _FERRY for way in network.ways], np.bool_)
    faults = [
        Fault(f"no road of the class {way!r}; there are {', '.join(network.ways)}", ("ways", index))
        for index, way in enumerate(change.ways)
        if way not in network.ways
    ]
    if faults:
        raise InputError(faults)
    return np.array([way in change.ways for way in network.ways], np.bool_)
