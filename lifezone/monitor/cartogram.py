"""Maps on which every district is as large as its figure, and still touches the same neighbours.

Density on a grid is evened out by a flow (Gastner, Seguy and More 2018, *Fast flow-based algorithm for creating
density-equalizing map projections*): ∇²ψ = ρ − ρ̄ with no flow through the edge of the grid, solved by cosine
transforms; the corners of all borders drift along, and again with the areas that come out, until they are right.

The flow never folds, but straight pieces between corners can cross where it bends. So corners are carried by all
flows from where they were at first, and pieces that cross in the end are cut there, on the map, until none does: a
drawing that is returned has no overlap.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import shapely

from lifezone.errors import InputError, SolveError
from lifezone.model import Bools, Floats, Longs
from lifezone.monitor.outlines import Outlines, crossed, lengths, outlines_of, split
from lifezone.progress import SILENT, Progress

__all__ = ["Cartogram", "cartogram"]

_CELLS: Final = 512
_PADDING: Final = 1.5
"""The grid is this much wider than the map: its edge bends nothing then."""
_STEP_ERROR: Final = 1e-2
"""Error of a step in cells: what is missed is made good by the next round."""
_LONGEST: Final = 1.0
"""Longest piece of a border, in cells: longer ones are split before they drift."""
_FIRST_BLUR: Final = 4.0
"""Width of the blur of the density in cells, halved every round: rough corrections first, then fine ones."""
_SHARP: Final = 0.1
"""Blur that changes nothing any more."""
_FINER: Final = 4
"""Pieces into which a piece is cut that crosses another,"""
_CUTS: Final = 8
"""and how often, at most."""
_FINE: Final = 4
"""Pixels a cell, along a side, when districts are put on the grid."""
_LEAST_DENSITY: Final = 0.02
"""Least density, mean 1: an empty district becomes small, never nothing, so that it keeps its neighbours."""
_MOST: Final = 4.0
"""Most that a round asks of an area, as a logarithm: the flow of a sharper peak takes thousands of steps."""
_PATIENCE: Final = 6
"""Rounds after which drawing stops when the mean error has not become clearly smaller:"""
_GAIN: Final = 0.97
"""by three per cent."""
_STRONGEST: Final = 4.0
"""Most that a district is pushed beyond its density: an islet in the sea hardly moves by its own."""


@dataclass(frozen=True, eq=False)
class Cartogram:
    """Districts as large as their figures.

    Attributes:
        polygons: D shapely (multi)polygons; the area of the whole map is kept.
        moved: f64[n, 2] where each corner of the polygons given is now, in the order of their coordinates; with the
            places between corners left out, the two can be blended.
        error: f64[D] \\|share of the area − share of the figure\\| ÷ share of the figure; 0 for districts left alone.
        rounds: how often the flow was run.
        kept: bool[D] districts without a figure, which keep their share of the area.
        small: bool[D] districts whose figure is too small to draw; they are drawn as small as can be.
    """

    polygons: np.ndarray
    moved: Floats
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
        polygons: D shapely polygons in metres whose shared borders are shared lines
            (:func:`lifezone.monitor.borders.clean_borders` makes them so).
        figure: f64[D] 0 or more; NaN = not known.
        mean_error: mean error of areas at which drawing may stop.
        worst_error: and the worst one.
        rounds: most runs of the flow.
        cells: cells along the grid's side.
        progress: where to show progress.

    Raises:
        InputError: a figure is negative or endless, all are 0, a district has no shape, or districts overlap.
    """
    wanted, kept, small = _wanted(polygons, figure)
    west, south, east, north = shapely.total_bounds(polygons)
    cell_m = max(east - west, north - south) * _PADDING / cells
    origin = np.array([(west + east - cells * cell_m) / 2, (south + north - cells * cell_m) / 2])
    carried = _carried(outlines_of(shapely.transform(polygons, lambda at: (at - origin) / cell_m)), ())
    missed = best = _missed(carried.drawn, wanted)
    push, used, gained = np.ones(len(polygons)), 0, 0
    with progress.step("cartogram", rounds) as advance:
        while len(carried.flows) < min(rounds, gained + _PATIENCE) and not _right(best, mean_error, worst_error):
            blur = _FIRST_BLUR * 0.5 ** len(carried.flows)
            carried = _flowed(carried, _flow(carried.drawn.polygons(), missed * push, cells, blur=blur))
            before, missed = missed, _missed(carried.drawn, wanted)
            push = _pushed(push, before, missed) if blur < _SHARP else push
            if _error(missed).mean() < _error(best).mean():
                gained = len(carried.flows) if _error(missed).mean() < _GAIN * _error(best).mean() else gained
                best, used = missed, len(carried.flows)
            advance(1)
    drawn = _uncrossed(_carried(carried.source, carried.flows[:used]))
    error = np.where(kept | small, 0.0, _error(_missed(drawn, wanted)))
    scale = np.sqrt(shapely.area(polygons).sum() / shapely.area(drawn.polygons()).sum())
    middle = np.array([cells / 2, cells / 2])
    placed = drawn.placed((drawn.at - middle) * scale + middle * cell_m + origin)
    return Cartogram(_alike(placed.polygons(), polygons), placed.at[placed.given], error, used, kept, small)


def _alike(drawn: np.ndarray, polygons: np.ndarray) -> np.ndarray:
    """Return multipolygons as polygons where polygons were given."""
    single = shapely.get_type_id(polygons) == shapely.GeometryType.POLYGON
    drawn[single] = shapely.get_geometry(drawn[single], 0)
    return drawn


def _wanted(polygons: np.ndarray, figure: Floats) -> tuple[Floats, Bools, Bools]:
    """Return the share of the area each district should have, and which are kept or small."""
    if len(polygons) != len(figure) or not len(figure):
        raise InputError("cartogram: there must be one figure for each district, and at least one district")
    if shapely.is_missing(polygons).any() or shapely.is_empty(polygons).any():
        raise InputError("cartogram: every district needs a shape")
    if (figure < 0).any() or np.isinf(figure).any():
        raise InputError("cartogram: figures must be 0 or more, and finite")
    if not (shapely.is_valid(polygons).all() and shapely.coverage_is_valid(polygons)):
        raise InputError("cartogram: districts overlap or their borders are not shared lines; clean the borders first")
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


def _missed(lines: Outlines, wanted: Floats) -> Floats:
    """Return f64[D] the logarithm of the area that a district should have ÷ the area it has."""
    area = shapely.area(lines.polygons())
    return np.asarray(np.log(wanted * area.sum() / area))


def _error(missed: Floats) -> Floats:
    """Return f64[D] how far areas are from what is wanted, relatively."""
    return np.asarray(np.abs(np.expm1(-missed)))


def _right(missed: Floats, mean_error: float, worst_error: float) -> bool:
    """Tell whether areas are as wanted."""
    error = _error(missed)
    return bool(error.mean() <= mean_error and error.max() <= worst_error)


def _pushed(push: Floats, before: Floats, missed: Floats) -> Floats:
    """Return f64[D] how strongly to push each district: more where the last push did less than it should have."""
    done = (before - missed) / np.where(before == 0.0, 1.0, before * push)
    told = np.abs(before) > 0.002
    wanted = np.where(told & (done > 0), 1.0 / np.maximum(done, 1e-9), push)
    return np.clip(wanted, 1.0, np.minimum(1.5 * push, _STRONGEST))


Flow = tuple[Floats, Floats, Floats, Floats]
"""Flux along columns, flux along rows and density on the grid, each with a rim of one cell; the steps in time taken."""


@dataclass(frozen=True, eq=False)
class _Carried:
    """Outlines that have been carried by flows, one after the other.

    Attributes:
        source: the outlines before.
        which: i64[n] node of each corner.
        places: f64[k, 2] nodes before, in order.
        now: f64[k, 2] nodes now.
        flows: what carried them.
    """

    source: Outlines
    which: Longs
    places: Floats
    now: Floats
    flows: tuple[Flow, ...]

    @property
    def drawn(self) -> Outlines:
        """The outlines now."""
        return self.source.placed(self.now[self.which])


def _carried(source: Outlines, flows: tuple[Flow, ...], known: _Carried | None = None) -> _Carried:
    """Carry outlines by flows that are known; nodes that were carried before are not carried again."""
    places, which = source.nodes()
    now, new = places.copy(), np.ones(len(places), np.bool_)
    if known is not None:
        order, here = known.places[:, 0] + 1j * known.places[:, 1], places[:, 0] + 1j * places[:, 1]
        at = np.minimum(np.searchsorted(order, here), len(order) - 1)
        new = order[at] != here
        now[~new] = known.now[at[~new]]
    if new.any() and flows:
        from lifezone.kernels.drift import follow  # noqa: PLC0415

        x, y = now[new, 0].copy(), now[new, 1].copy()
        for flow in flows:
            follow(x, y, *flow)
        now[new] = np.column_stack([x, y])
    return _Carried(source, which, places, now, flows)


def _flow(shapes: np.ndarray, missed: Floats, cells: int, *, blur: float) -> tuple[Floats, Floats, Floats]:
    """Return flux along columns and rows and density that even out what districts miss."""
    from scipy.ndimage import gaussian_filter  # noqa: PLC0415

    density = _density(shapes, np.exp(np.clip(missed, -_MOST, _MOST)), cells)
    if blur > _SHARP:
        density = gaussian_filter(density, blur, mode="nearest")
    return *_flux(density), np.pad(density, 1, mode="edge")


def _flowed(carried: _Carried, flow: tuple[Floats, Floats, Floats]) -> _Carried:
    """Carry outlines by one more flow, and split what has become long."""
    from lifezone.kernels.drift import drift  # noqa: PLC0415

    pieces = np.maximum(np.ceil(lengths(carried.drawn) / _LONGEST), 1).astype(np.int64)
    if (pieces > 1).any():
        carried = _carried(split(carried.source, pieces), carried.flows, carried)
    x, y = carried.now[:, 0].copy(), carried.now[:, 1].copy()
    taken = drift(x, y, *flow, _STEP_ERROR)
    return replace(carried, now=np.column_stack([x, y]), flows=(*carried.flows, (*flow, taken)))


def _uncrossed(carried: _Carried) -> Outlines:
    """Split pieces that cross others until none does.

    Raises:
        SolveError: they cross however finely they are split.
    """
    for _ in range(_CUTS):
        drawn = carried.drawn
        marked = crossed(drawn)
        if marked is None:
            return drawn
        carried = _carried(split(carried.source, np.where(marked, _FINER, 1)), carried.flows, carried)
    raise SolveError("cartogram: borders cross however finely they are cut; simplify the map's borders first")


def _density(shapes: np.ndarray, thick: Floats, cells: int) -> Floats:
    """Return f64[cells, cells] density, mean 1: that of the districts, and 1 outside."""
    from rasterio.features import rasterize  # noqa: PLC0415
    from rasterio.transform import Affine  # noqa: PLC0415

    parts, of = shapely.get_parts(shapes, return_index=True)
    label = rasterize(
        zip(parts.tolist(), of.tolist(), strict=True), out_shape=(cells * _FINE, cells * _FINE), fill=len(shapes),
        transform=Affine(1 / _FINE, 0, 0, 0, 1 / _FINE, 0), dtype="int32",
    )  # fmt: skip
    density = np.append(thick, 1.0)[label].reshape(cells, _FINE, cells, _FINE).mean(axis=(1, 3))
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
