"""Urban centres of the degree of urbanisation: where many people live close together, whatever the borders.

1. People are counted on cells of 1 km², aligned to whole kilometres.
2. Cells of 1,500 people per km² or more that touch by a side (not by a corner) are a cluster; with 50,000
   people or more it is an urban centre.
3. Edges are smoothed: a cell with five or more of its eight neighbours in the centre joins it, until none does.
4. Gaps are filled: holes of less than 15 km² that the centre encloses.

European Commission, FAO, UN-Habitat, OECD and World Bank, *Applying the Degree of Urbanisation*, 2021, chapter 7. Not
as there: cells half built up without people are not added (no layer of built-up land is asked for), and water in a cell
does not raise its density.
"""

from __future__ import annotations

from typing import Any, Final

import numpy as np

from lifezone.model import Floats, Ints

__all__ = ["urban_centres"]

_KM_M: Final = 1000.0
_NEXT_TO: Final = ((-1, -1), (-1, 0), (-1, 1), (0, -1), (0, 1), (1, -1), (1, 0), (1, 1))
_MOST_CELLS: Final = 50_000_000
_ROUNDED: Final = 1 - 1e-12
"""Thresholds are inclusive; sums of people are rounded."""


def urban_centres(
    x_m: Floats,
    y_m: Floats,
    people: Floats,
    *,
    least_density: float = 1500.0,
    least_people: float = 50_000.0,
    gap_km2: float = 15.0,
) -> tuple[Ints, Floats]:
    """Return i32[P] the urban centre each point lies in, −1 = none, and f64[n] the people of each, largest first.

    Args:
        x_m: f64[P] easting.
        y_m: f64[P] northing.
        people: f64[P] everybody, ≥ 0.
        least_density: people per km², inclusive.
        least_people: people of a cluster before it is smoothed and filled, inclusive.
        gap_km2: holes below this are filled.

    Raises:
        ValueError: the points lie so far apart that no grid over them can be made.
    """
    if not len(x_m):
        return np.empty(0, np.int32), np.empty(0)
    column, row = (np.floor(axis / _KM_M).astype(np.int64) for axis in (x_m, y_m))
    column, row = column - column.min() + 1, row - row.min() + 1  # an empty cell all around
    shape = (int(row.max()) + 2, int(column.max()) + 2)
    if shape[0] * shape[1] > _MOST_CELLS:
        raise ValueError(f"people lie {shape[1]:,} × {shape[0]:,} km apart, too far for a grid: check coordinates")
    density = np.zeros(shape)
    np.add.at(density, (row, column), people)
    centres = _clusters(density, least_density, least_people)
    for centre in range(centres.max() + 1):
        _smooth(centres, centre)
        _fill(centres, centre, gap_km2)
    inside = centres >= 0
    total = np.bincount(centres[inside], weights=density[inside], minlength=centres.max() + 1)
    return centres[row, column].astype(np.int32), total.astype(np.float64)


def _clusters(density: Floats, least_density: float, least_people: float) -> Any:
    """Return the centre of each cell, −1 = none, before smoothing; the one with most people is 0, ties by place."""
    from scipy import ndimage  # noqa: PLC0415

    cluster, count = ndimage.label(density >= least_density * _ROUNDED)
    people = np.bincount(cluster.ravel(), weights=density.ravel(), minlength=count + 1)
    people[0] = 0.0
    enough = np.flatnonzero(people >= max(least_people, 1e-9) * _ROUNDED)
    order = enough[np.argsort(-people[enough], kind="stable")]
    number = np.full(count + 1, -1)
    number[order] = np.arange(len(order))
    return number[cluster]


def _smooth(centres: Any, centre: int) -> None:
    """Add cells with five or more neighbours in the centre, until none has; ``centres`` is changed."""
    while True:
        mine = (centres == centre).astype(np.int8)
        around = np.zeros_like(mine)
        for down, right in _NEXT_TO:
            around += np.roll(mine, (down, right), axis=(0, 1))  # the rim is empty, so that nothing comes around
        more = (around >= 5) & (centres < 0)
        more[[0, -1]] = more[:, [0, -1]] = False
        if not more.any():
            return
        centres[more] = centre


def _fill(centres: Any, centre: int, gap_km2: float) -> None:
    """Add holes that the centre encloses and that are small enough; cells of other centres stay theirs."""
    from scipy import ndimage  # noqa: PLC0415

    hole, count = ndimage.label(centres != centre)
    size = np.bincount(hole.ravel(), minlength=count + 1)
    small = size < gap_km2
    small[0] = False  # the centre itself
    small[hole[0, 0]] = False  # everything around
    centres[small[hole] & (centres < 0)] = centre
