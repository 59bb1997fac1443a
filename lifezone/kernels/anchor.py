"""Find the nearest straight segment of each point through a grid of cells."""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

from lifezone.kernels.jit import kernel
from lifezone.kernels.records import Grid, Lines

__all__ = ["fill_cells", "find_nearest"]

Int32s = npt.NDArray[np.int32]
Float64s = npt.NDArray[np.float64]


@kernel
def row_span(lines: Lines, i: int, grid: Grid, row: int) -> tuple[int, int]:
    """Return the first and last column that line ``i`` touches in a row, one cell wider for rounding."""
    x0, y0, x1, y1 = lines.x0[i], lines.y0[i], lines.x1[i], lines.y1[i]
    low = grid.south + row * grid.cell_m - 1e-6
    high = low + grid.cell_m + 2e-6
    if y0 > y1:
        x0, y0, x1, y1 = x1, y1, x0, y0
    a, b = x0, x1
    if y1 > y0:
        slope = (x1 - x0) / (y1 - y0)
        if y0 < low:
            a = x0 + (low - y0) * slope
        if y1 > high:
            b = x0 + (high - y0) * slope
    if a > b:
        a, b = b, a
    left = math.floor((a - grid.west - 1e-6) / grid.cell_m)
    right = math.floor((b - grid.west + 1e-6) / grid.cell_m)
    return max(left, 0), min(right, grid.columns - 1)


@kernel
def fill_cells(lines: Lines, grid: Grid, counting: bool) -> None:
    """List the lines of every cell; call it once to count (into ``first[cell + 2]``) and once to write.

    Writes into ``grid.first`` (length cells + 2, zero at first, summed up by the caller in between) and ``grid.line``.
    """
    for i in range(len(lines.x0)):
        low, high = min(lines.y0[i], lines.y1[i]), max(lines.y0[i], lines.y1[i])
        bottom = max(math.floor((low - grid.south - 1e-6) / grid.cell_m), 0)
        top = min(math.floor((high - grid.south + 1e-6) / grid.cell_m), grid.rows - 1)
        for row in range(bottom, top + 1):
            left, right = row_span(lines, i, grid, row)
            for column in range(left, right + 1):
                cell = row * grid.columns + column
                if counting:
                    grid.first[cell + 2] += 1
                else:
                    grid.line[grid.first[cell + 1]] = i
                    grid.first[cell + 1] += 1


@kernel
def measure(lines: Lines, i: int, x: float, y: float) -> tuple[float, float]:
    """Return the squared distance from a point to line ``i`` and where along the line (0 to 1) it is reached.

    At the ends the distance is taken to the end itself, so that lines that meet there tie exactly.
    """
    x0, y0 = lines.x0[i], lines.y0[i]
    dx, dy = lines.x1[i] - x0, lines.y1[i] - y0
    square = dx * dx + dy * dy
    part = ((x - x0) * dx + (y - y0) * dy) / square if square > 0.0 else 0.0
    if part <= 0.0:
        return (x - x0) ** 2 + (y - y0) ** 2, 0.0
    if part >= 1.0:
        return (x - lines.x1[i]) ** 2 + (y - lines.y1[i]) ** 2, 1.0
    return (x - x0 - part * dx) ** 2 + (y - y0 - part * dy) ** 2, part


@kernel
def find_nearest(
    lines: Lines, grid: Grid, x_m: Float64s, y_m: Float64s, limit_m: float
) -> tuple[Int32s, Float64s, Float64s]:
    """Return the nearest line of each point (ties: the lowest), the part along it and the distance in metres.

    Cells are searched in square rings around the point until no ring can hold a nearer line. Where nothing lies within
    ``limit_m`` the line is −1 and the distance ``inf``.
    """
    n = len(x_m)
    line = np.full(n, -1, dtype=np.int32)
    along = np.zeros(n, dtype=np.float64)
    gap_m = np.full(n, np.inf, dtype=np.float64)
    for p in range(n):
        x, y = x_m[p], y_m[p]
        column = math.floor((x - grid.west) / grid.cell_m)
        row = math.floor((y - grid.south) / grid.cell_m)
        # The first ring that meets the grid at all, and the last.
        ring = max(0, -column, column - grid.columns + 1, -row, row - grid.rows + 1)
        last = max(abs(column), abs(grid.columns - 1 - column), abs(row), abs(grid.rows - 1 - row))
        best = limit_m * limit_m
        while ring <= last:
            near = max(ring - 1, 0) * grid.cell_m  # every place in this ring is at least this far
            if near * near > best:
                break
            for r in range(max(row - ring, 0), min(row + ring, grid.rows - 1) + 1):
                edge = r == row - ring or r == row + ring
                # The outer rows of the ring whole, of the others the two ends alone.
                left = max(column - ring, 0) if edge else column - ring
                right = min(column + ring, grid.columns - 1) if edge else column + ring
                for c in range(left, right + 1, 1 if edge else 2 * ring):
                    if c < 0 or c >= grid.columns:
                        continue
                    cell = r * grid.columns + c
                    for at in range(grid.first[cell], grid.first[cell + 1]):
                        i = grid.line[at]
                        square, part = measure(lines, i, x, y)
                        if square < best or (square == best and (line[p] < 0 or i < line[p])):
                            best = square
                            line[p], along[p] = i, part
            ring += 1
        if line[p] >= 0:
            gap_m[p] = math.sqrt(best)
    return line, along, gap_m
