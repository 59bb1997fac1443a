"""Points carried by a flow that evens out density, one point after the other, each with its own steps in time.

The flow of Gastner, Seguy and More 2018, *Fast flow-based algorithm for creating density-equalizing map projections*:
flux J does not change, density goes linearly from today's to the mean, so velocity is J ÷ ((1 − t)·ρ + t·ρ̄). Steps:
Bogacki and Shampine 1989, *A 3(2) pair of Runge–Kutta formulas*.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from lifezone.kernels.jit import kernel

__all__ = ["drift"]

Grid = NDArray[np.float64]


@kernel
def _velocity(x: float, y: float, t: float, flux_x: Grid, flux_y: Grid, density: Grid) -> tuple[float, float]:
    """Return the velocity at a place and time; the mean density is 1."""
    rows, columns = density.shape
    px, py = min(max(x + 0.5, 0.0), columns - 1.000001), min(max(y + 0.5, 0.0), rows - 1.000001)
    i, j = int(py), int(px)
    a, b = py - i, px - j
    w00, w01, w10, w11 = (1 - a) * (1 - b), (1 - a) * b, a * (1 - b), a * b
    thick = w00 * density[i, j] + w01 * density[i, j + 1] + w10 * density[i + 1, j] + w11 * density[i + 1, j + 1]
    jx = w00 * flux_x[i, j] + w01 * flux_x[i, j + 1] + w10 * flux_x[i + 1, j] + w11 * flux_x[i + 1, j + 1]
    jy = w00 * flux_y[i, j] + w01 * flux_y[i, j + 1] + w10 * flux_y[i + 1, j] + w11 * flux_y[i + 1, j + 1]
    now = (1 - t) * thick + t
    return jx / now, jy / now


@kernel
def drift(x: Grid, y: Grid, flux_x: Grid, flux_y: Grid, density: Grid, tolerance: float) -> int:
    """Carry points from time 0 to 1, in place.

    Args:
        x: f64[n] column in cells, 0 at the left edge of the grid; written.
        y: f64[n] row in cells; written.
        flux_x: f64[rows + 2, columns + 2] flux at the cells' middles, with a rim of one mirrored cell.
        flux_y: the same, along rows.
        density: the same; mean 1, above 0.
        tolerance: error of a step in cells.

    Returns:
        Steps taken by the slowest point.
    """
    most = 0
    for p in range(len(x)):
        px, py, t, dt, steps = x[p], y[p], 0.0, 0.05, 0
        ax, ay = _velocity(px, py, t, flux_x, flux_y, density)
        while t < 1.0:
            dt = min(dt, 1.0 - t)
            bx, by = _velocity(px + 0.5 * dt * ax, py + 0.5 * dt * ay, t + 0.5 * dt, flux_x, flux_y, density)
            cx, cy = _velocity(px + 0.75 * dt * bx, py + 0.75 * dt * by, t + 0.75 * dt, flux_x, flux_y, density)
            mx = px + dt * (2.0 * ax + 3.0 * bx + 4.0 * cx) / 9.0
            my = py + dt * (2.0 * ay + 3.0 * by + 4.0 * cy) / 9.0
            ex, ey = _velocity(mx, my, t + dt, flux_x, flux_y, density)
            wrong_x = dt * (-5.0 * ax / 72.0 + bx / 12.0 + cx / 9.0 - ex / 8.0)
            wrong_y = dt * (-5.0 * ay / 72.0 + by / 12.0 + cy / 9.0 - ey / 8.0)
            wrong = max(abs(wrong_x), abs(wrong_y))
            if wrong <= tolerance or dt < 1e-9:
                px, py, t = mx, my, t + dt
                ax, ay = ex, ey
                steps += 1
            dt *= 4.0 if wrong == 0.0 else min(4.0, max(0.2, 0.9 * (tolerance / wrong) ** (1.0 / 3.0)))
        x[p], y[p] = px, py
        most = max(most, steps)
    return most
