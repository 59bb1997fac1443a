"""Points carried by a flow that evens out density, all by the same steps in time.

The flow of Gastner, Seguy and More 2018, *Fast flow-based algorithm for creating density-equalizing map projections*:
flux J does not change, density goes linearly from today's to the mean, so velocity is J ÷ ((1 − t)·ρ + t·ρ̄). Steps:
Bogacki and Shampine 1989, *A 3(2) pair of Runge–Kutta formulas*.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from lifezone.kernels.jit import kernel

__all__ = ["drift", "follow"]

Grid = NDArray[np.float64]

_SHORTEST = 2e-3
"""Shortest step in time: what it misses is made good by the next round of the cartogram."""


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
def _moved(
    x: float, y: float, t: float, dt: float, flux_x: Grid, flux_y: Grid, density: Grid
) -> tuple[float, float, float]:
    """Return where a point is after a step, and how wrong that may be."""
    ax, ay = _velocity(x, y, t, flux_x, flux_y, density)
    bx, by = _velocity(x + 0.5 * dt * ax, y + 0.5 * dt * ay, t + 0.5 * dt, flux_x, flux_y, density)
    cx, cy = _velocity(x + 0.75 * dt * bx, y + 0.75 * dt * by, t + 0.75 * dt, flux_x, flux_y, density)
    mx = x + dt * (2.0 * ax + 3.0 * bx + 4.0 * cx) / 9.0
    my = y + dt * (2.0 * ay + 3.0 * by + 4.0 * cy) / 9.0
    ex, ey = _velocity(mx, my, t + dt, flux_x, flux_y, density)
    wrong_x = dt * (-5.0 * ax / 72.0 + bx / 12.0 + cx / 9.0 - ex / 8.0)
    wrong_y = dt * (-5.0 * ay / 72.0 + by / 12.0 + cy / 9.0 - ey / 8.0)
    return mx, my, max(abs(wrong_x), abs(wrong_y))


@kernel
def drift(x: Grid, y: Grid, flux_x: Grid, flux_y: Grid, density: Grid, tolerance: float) -> Grid:
    """Carry points from time 0 to 1, in place, all by the same steps in time.

    A step is one smooth map of the plane, so points that lie close together cannot pass one another; with steps of
    their own they did, by up to the tolerance, and borders crossed.

    Args:
        x: f64[n] column in cells, 0 at the left edge of the grid; written.
        y: f64[n] row in cells; written.
        flux_x: f64[rows + 2, columns + 2] flux at the cells' middles, with a rim of one mirrored cell.
        flux_y: the same, along rows.
        density: the same; mean 1, above 0.
        tolerance: error of a step in cells, of the point that is worst off.

    Returns:
        f64[steps] the steps in time, for :func:`follow`.
    """
    n = len(x)
    new_x, new_y = np.empty(n), np.empty(n)
    taken = np.empty(16)
    t, dt, steps = 0.0, 0.05, 0
    while t < 1.0:
        dt = min(dt, 1.0 - t)
        worst = 0.0
        for p in range(n):
            new_x[p], new_y[p], wrong = _moved(x[p], y[p], t, dt, flux_x, flux_y, density)
            worst = max(worst, wrong)
            if worst > 64.0 * tolerance and dt > _SHORTEST:
                break
        if worst <= tolerance or dt <= _SHORTEST:
            x[:], y[:] = new_x, new_y
            if steps == len(taken):
                taken = np.append(taken, np.empty(steps))
            taken[steps] = dt
            t += dt
            steps += 1
        dt *= 4.0 if worst == 0.0 else min(4.0, max(0.2, 0.9 * (tolerance / worst) ** (1.0 / 3.0)))
    return taken[:steps]


@kernel
def follow(x: Grid, y: Grid, flux_x: Grid, flux_y: Grid, density: Grid, taken: Grid) -> None:
    """Carry more points by the steps that others took, in place; arguments as for :func:`drift`."""
    for p in range(len(x)):
        t = 0.0
        for dt in taken:
            x[p], y[p], _ = _moved(x[p], y[p], t, dt, flux_x, flux_y, density)
            t += dt
