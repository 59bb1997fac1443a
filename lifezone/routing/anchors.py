"""Hang points on the nearest usable road of one mode."""

from __future__ import annotations

import math
from typing import Final

import numpy as np

from lifezone.kernels.records import Grid, Lines
from lifezone.model import Anchors, Bools, Floats, Ints, Network, SearchGraph
from lifezone.routing.plain import plain

__all__ = ["MAIN_SHARE", "anchor", "main_parts", "segments_of_main"]

MAIN_SHARE: Final = 0.1
"""A strongly connected part with at least this share of the largest part's length is a main part."""
NO_DOORS: Final = ("ferry", "motorway", "motorway_link")
"""Way classes that nobody gets on or off between junctions, however near they pass."""
CELLS_PER_LINE: Final = 2.0
"""Grid cells per segment: about as many cells as segments bounds the memory, few segments a cell the time."""


def main_parts(graph: SearchGraph) -> Bools:
    """Return bool[parts], True for the main parts: those at least a tenth as long as the largest."""
    if not len(graph.part_metres):
        return np.empty(0, np.bool_)
    main: Bools = graph.part_metres >= MAIN_SHARE * graph.part_metres[0]
    return main


def segments_of_main(graph: SearchGraph) -> Bools:
    """Return bool[S], True where a chain of the segment starts and ends in one main part."""
    main = main_parts(graph)
    start, end = graph.part[graph.chain_from], graph.part[graph.chain_to]
    chain = (start == end) & main[start]
    arc = (graph.arc_chain >= 0) & chain[graph.arc_chain] if len(chain) else np.zeros(len(graph.arc_chain), np.bool_)
    inside: Bools = arc[0::2] | arc[1::2]
    return inside


def anchor(network: Network, graph: SearchGraph, x_m: Floats, y_m: Floats, *, limit_m: float) -> Anchors:
    """Find the nearest segment of each point that is open to the mode in at least one direction.

    Ferry lines and motorways do not count: their junctions are their only doors. A segment of a main part within the
    limit goes before a nearer one that is a trap or an islet; ties go to the lowest segment. The straight distance to
    the segment is exact.

    Args:
        network: raw roads.
        graph: the same roads contracted for the mode.
        x_m: f64[n] easting, finite.
        y_m: f64[n] northing, finite.
        limit_m: farthest distance to a road, inclusive; ``inf`` = none.

    Returns:
        Anchors; segment −1 and gap ``inf`` where no usable road lies within the limit.
    """
    x_m, y_m = plain(x_m, np.float64), plain(y_m, np.float64)
    doors = ~np.isin(network.way, [i for i, way in enumerate(network.ways) if way in NO_DOORS])
    main = segments_of_main(graph) & doors
    usable = ((graph.arc_chain[0::2] >= 0) | (graph.arc_chain[1::2] >= 0)) & doors
    segment, part, gap_m = _nearest_of(network, np.flatnonzero(main), x_m, y_m, limit_m)
    rest = np.flatnonzero(segment < 0)
    other = np.flatnonzero(usable & ~main)
    if len(rest) and len(other):
        found = _nearest_of(network, other, x_m[rest], y_m[rest], limit_m)
        segment[rest], part[rest], gap_m[rest] = found
    return Anchors(segment=segment, part=part, gap_m=gap_m)


def _nearest_of(
    network: Network, segment: np.ndarray, x_m: Floats, y_m: Floats, limit_m: float
) -> tuple[Ints, Floats, Floats]:
    """Return the nearest of the given segments (ascending) for each point, the part along it and the distance."""
    from lifezone.kernels.anchor import fill_cells, find_nearest  # noqa: PLC0415

    n = len(x_m)
    if not (len(segment) and n):
        return np.full(n, -1, np.int32), np.zeros(n), np.full(n, np.inf)
    tail, head = network.tail[segment], network.head[segment]
    lines = Lines(*(plain(axis[end], np.float64) for end in (tail, head) for axis in (network.x_m, network.y_m)))
    grid = _empty_grid(lines)
    fill_cells(lines, grid, True)
    np.cumsum(grid.first, out=grid.first)
    grid = grid._replace(line=np.empty(grid.first[-1], np.int32))
    fill_cells(lines, grid, False)
    line, part, gap_m = find_nearest(lines, grid, x_m, y_m, float(limit_m))
    return np.where(line >= 0, segment[line], -1).astype(np.int32), part, gap_m


def _empty_grid(lines: Lines) -> Grid:
    """Lay a grid over the lines: about ``CELLS_PER_LINE`` cells a line, each at least a metre wide."""
    west, east = min(lines.x0.min(), lines.x1.min()), max(lines.x0.max(), lines.x1.max())
    south, north = min(lines.y0.min(), lines.y1.min()), max(lines.y0.max(), lines.y1.max())
    width, height = east - west, north - south
    most = CELLS_PER_LINE * len(lines.x0) + 1
    # A grid of side c over w × h has about (w/c + 1)·(h/c + 1) cells; the larger of these keeps both factors in bounds.
    cell_m = max(math.sqrt(width * height / most), (width + height) / most, 1.0)
    columns, rows = int(width / cell_m) + 1, int(height / cell_m) + 1
    first = np.zeros(columns * rows + 2, dtype=np.int64)
    return Grid(float(west), float(south), float(cell_m), columns, rows, first, np.empty(0, np.int32))
