"""Maps on which every district is as large as its figure, and still touches the same neighbours.

Density on a grid is evened out by a flow (Gastner, Seguy and More 2018, *Fast flow-based algorithm for creating
density-equalizing map projections*): ∇²ψ = ρ − ρ̄ with no flow through the edge of the grid, solved by cosine
transforms; the corners of all borders drift along, and again with the areas that come out, until they are right.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import shapely

from lifezone.errors import InputError
from lifezone.model import Bools, Floats
from lifezone.progress import SILENT, Progress

__all__ = ["Cartogram", "cartogram"]

_CELLS: Final = 512
_PADDING: Final = 1.5
"""The grid is this much wider than the map: its edge bends nothing then."""
_STEP_ERROR: Final = 1e-3
_LONGEST: Final = 1.0
"""Longest piece of a border, in cells: longer ones are split before they drift."""
_LEAST_DENSITY: Final = 0.02
"""Least density, mean 1: an empty district becomes small, never nothing, so that it keeps its neighbours."""


@dataclass(frozen=True, eq=False)
class Cartogram:
    """Districts as large as their figures.

    Attributes:
        polygons: D shapely (multi)polygons; the area of the whole map is kept.
        error: f64[D] \\|share of the area − share of the figure\\| ÷ share of the figure; 0 for districts left alone.
        rounds: how often the flow was run.
        kept: bool[D] districts without a figure, which keep their share of the area.
        small: bool[D] districts whose figure is too small to draw; they are drawn as small as can be.
    """

    polygons: np.ndarray
    error: Floats
    rounds: int
    kept: Bools
    small: Bools


def cartogram(
    polygons: np.ndarray, figure: Floats, *, mean_error: float = 0.002, worst_error: float = 0.01, rounds: int = 30,
    cells: int = _CELLS, progress: Progress = SILENT,
) -> Cartogram:  # fmt: skip
    """Draw districts as large as their figures.

    Args:
        polygons: D shapely polygons in metres whose shared borders are shared lines.
        figure: f64[D] 0 or more; NaN = not known.
        mean_error: mean error of areas at which drawing may stop.
        worst_error: and the worst one.
        rounds: most runs of the flow.
        cells: cells along the grid's side.
        progress: where to show progress.

    Raises:
        InputError: a figure is negative or endless, all are 0, or a district has no shape.
    """
    wanted, kept, small = _wanted(polygons, figure)
    total = float(shapely.area(polygons).sum())
    west, south, east, north = shapely.total_bounds(polygons)
    cell_m = max(east - west, north - south) * _PADDING / cells
    origin = np.array([(west + east - cells * cell_m) / 2, (south + north - cells * cell_m) / 2])
    shapes = shapely.transform(polygons, lambda at: (at - origin) / cell_m)
    wanted = wanted * float(shapely.area(shapes).sum())
    best, best_error, done = shapes, _error(shapes, wanted), 0
    with progress.step("cartogram", rounds) as advance:
        while done < rounds and not (best_error.mean() <= mean_error and best_error.max() <= worst_error):
            done += 1
            shapes = _drifted(shapes, wanted, cells, blur=4.0 * 0.5**done)
            error = _error(shapes, wanted)
            if error.mean() < best_error.mean():
                best, best_error = shapes, error
            advance(1)
    scale = np.sqrt(total / float(shapely.area(best).sum())) / cell_m
    middle = np.array([cells / 2, cells / 2])
    drawn = shapely.transform(best, lambda at: ((at - middle) * scale + middle) * cell_m + origin)
    return Cartogram(drawn, np.where(kept | small, 0.0, best_error), done, kept, small)


def _wanted(polygons: np.ndarray, figure: Floats) -> tuple[Floats, Bools, Bools]:
    """Return the share of the area each district should have, and which are kept or small."""
    if len(polygons) != len(figure) or not len(figure):
        raise InputError("cartogram: there must be one figure for each district, and at least one district")
    if shapely.is_missing(polygons).any() or shapely.is_empty(polygons).any():
        raise InputError("cartogram: every district needs a shape")
    if (figure < 0).any() or np.isinf(figure).any():
        raise InputError("cartogram: figures must be 0 or more, and finite")
    kept, area = np.isnan(figure), shapely.area(polygons)
    known = ~kept
    if kept.all():
        return area / area.sum(), kept, np.zeros(len(figure), np.bool_)
    if not figure[known].sum():
        raise InputError("cartogram: all figures are 0, so nothing can be as large as its figure")
    density = np.ones(len(figure))
    density[known] = figure[known] / area[known] * (area[known].sum() / figure[known].sum())
    small = known & (density < _LEAST_DENSITY)
    share = np.maximum(density, _LEAST_DENSITY) * area
    return share / share.sum(), kept, small


def _error(shapes: np.ndarray, wanted: Floats) -> Floats:
    """Return f64[D] how far areas are from what is wanted, relatively."""
    area = shapely.area(shapes)
    return np.asarray(np.abs(area * (wanted.sum() / area.sum()) - wanted) / wanted)


def _drifted(shapes: np.ndarray, wanted: Floats, cells: int, *, blur: float) -> np.ndarray:
    """Let the borders drift once."""
    from scipy.ndimage import gaussian_filter  # noqa: PLC0415

    from lifezone.kernels.drift import drift  # noqa: PLC0415

    density = _density(shapes, wanted, cells)
    if blur > 0.1:  # far below a cell nothing would change
        density = gaussian_filter(density, blur, mode="nearest")
    flux_x, flux_y = _flux(density)
    shapes = _split(shapes)
    at = shapely.get_coordinates(shapes)
    places, which = np.unique(at[:, 0] + 1j * at[:, 1], return_inverse=True)  # far faster than by rows
    x, y = places.real.copy(), places.imag.copy()
    drift(x, y, flux_x, flux_y, np.pad(density, 1, mode="edge"), _STEP_ERROR)
    return np.asarray(shapely.set_coordinates(shapes.copy(), np.column_stack([x, y])[which.ravel()]))


def _density(shapes: np.ndarray, wanted: Floats, cells: int) -> Floats:
    """Return f64[cells, cells] density, mean 1: of each district what it should have ÷ what it has, 1 outside."""
    from rasterio.features import rasterize  # noqa: PLC0415
    from rasterio.transform import Affine  # noqa: PLC0415

    fine = 2
    area = shapely.area(shapes)
    thick = np.append(wanted / area * (area.sum() / wanted.sum()), 1.0)
    label = rasterize(
        zip(shapes.tolist(), range(len(shapes)), strict=True), out_shape=(cells * fine, cells * fine),
        fill=len(shapes), transform=Affine(1 / fine, 0, 0, 0, 1 / fine, 0), dtype="int32",
    )  # fmt: skip
    density = thick[label].reshape(cells, fine, cells, fine).mean(axis=(1, 3))
    return np.asarray(density / density.mean())


def _flux(density: Floats) -> tuple[Floats, Floats]:
    """Return the flux along columns and along rows that evens out a density, with a rim of one mirrored cell."""
    from scipy.fft import dctn, idct, idst  # noqa: PLC0415

    rows, columns = density.shape
    k_row, k_column = np.pi * np.arange(rows) / rows, np.pi * np.arange(columns) / columns
    square = k_row[:, None] ** 2 + k_column[None, :] ** 2
    square[0, 0] = 1.0
    psi = -dctn(density - density.mean(), type=2) / square
    psi[0, 0] = 0.0
    along_columns = idct(idst(_sines(-psi * k_column[None, :], 1), type=2, axis=1), type=2, axis=0)
    along_rows = idct(idst(_sines(-psi * k_row[:, None], 0), type=2, axis=0), type=2, axis=1)
    return _rimmed(along_columns, 1), _rimmed(along_rows, 0)


def _sines(wave: Floats, axis: int) -> Floats:
    """Shift frequencies by one: a sine transform starts at frequency 1."""
    moved = np.roll(wave, -1, axis=axis)
    moved[(slice(None), -1) if axis == 1 else (-1, slice(None))] = 0.0
    return np.asarray(moved)


def _rimmed(flux: Floats, axis: int) -> Floats:
    """Add a rim: mirrored across the edges that the flux runs along, with the sign turned at those it would cross."""
    wide = np.pad(flux, 1, mode="edge")
    if axis == 1:
        wide[:, 0], wide[:, -1] = -wide[:, 1], -wide[:, -2]
    else:
        wide[0], wide[-1] = -wide[1], -wide[-2]
    return np.asarray(wide)


def _split(shapes: np.ndarray) -> np.ndarray:
    """Put points on borders where corners are too far apart; both sides of a border get the very same points.

    A point is counted from the lower end of its piece, whichever way the ring runs.
    """
    parts, of = shapely.get_parts(shapes, return_index=True)
    many = shapely.multipolygons(parts, indices=of)
    kind, at, (ring, part, shape) = shapely.to_ragged_array(many)
    last = np.zeros(len(at), np.bool_)
    last[ring[1:] - 1] = True  # the point that closes a ring starts no piece
    end = np.vstack([at[1:], at[:1]])
    pieces = np.maximum(np.ceil(np.hypot(*(end - at).T) / _LONGEST).astype(np.int64), 1)
    pieces[last] = 1
    turned = (at[:, 0] > end[:, 0]) | ((at[:, 0] == end[:, 0]) & (at[:, 1] > end[:, 1]))
    low, high = np.where(turned[:, None], end, at), np.where(turned[:, None], at, end)
    which = np.repeat(np.arange(len(pieces)), pieces)
    number = np.arange(len(which)) - np.repeat(np.cumsum(pieces) - pieces, pieces)
    step = np.where(turned[which], pieces[which] - number, number)
    placed = low[which] + (high - low)[which] * (step / pieces[which])[:, None]
    placed[number == 0] = at
    starts = np.concatenate([[0], np.cumsum(pieces)])[ring]
    return np.asarray(shapely.from_ragged_array(kind, placed, (starts, part, shape)))
