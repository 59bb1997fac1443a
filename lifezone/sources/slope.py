"""Slopes of roads from a raster of heights, and what they do to walking and cycling times, each direction apart.

Heights are smoothed over 3 × 3 cells (binomial weights), since the noise of a terrain model would make every flat
street a staircase, and read between cell middles. A road is looked at every cell or so along it, so that a long
straight piece over a hill is uphill, then downhill; short pieces are no steeper for it, as both their ends lie on the
same smooth surface. Bridges and tunnels run straight between their ends, where the source of the roads says which these
are.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Literal

import numpy as np
from pydantic import Field

from lifezone.errors import Fault, InputError
from lifezone.model import Bools, Floats, Network
from lifezone.routing.gradients import bicycle_share, tobler_share
from lifezone.sources.crs import to_crs
from lifezone.sources.files import input_record, local_file
from lifezone.spec import Spec

if TYPE_CHECKING:
    from lifezone.sources.reading import Reading
    from lifezone.sources.road_ids import RoadIds

__all__ = ["Heights", "SlopeRaster", "read_heights", "road_heights", "with_slope"]

SMOOTH: Final = (0.25, 0.5, 0.25)
MOST_STEPS: Final = 1000
"""Stretches that one straight piece is looked at in; a longer one is a ferry or an error."""


class SlopeRaster(Spec):
    """Heights from a raster: slopes then change walking and cycling times, uphill and downhill apart."""

    type: Literal["raster"] = Field(description="Read from a raster.")
    path: str = Field(description="The raster of heights in metres (GeoTIFF), in any coordinate system.")
    band: int = Field(1, ge=1, description="Its band, from 1.")


@dataclass(frozen=True, eq=False)
class Heights:
    """Heights on a grid.

    Attributes:
        metres: f64[rows, columns] smoothed, NaN where unknown.
        to_cell: affine from the raster's CRS to (column, row), counted from the corner of its first cell.
        corner: column and row of the raster at which the grid begins.
        crs: of the raster.
        cell_m: about the side of a cell in metres.
    """

    metres: Floats
    to_cell: Any
    corner: tuple[int, int]
    crs: str
    cell_m: float

    def at(self, x_m: Floats, y_m: Floats, crs: str) -> Floats:
        """Return the height at places of a CRS, between cell middles; NaN outside and beside unknown cells."""
        x, y = to_crs(x_m, y_m, crs, self.crs)
        column, row = _cells(self.to_cell, x, y)
        column, row = column - self.corner[0] - 0.5, row - self.corner[1] - 0.5
        n_rows, n_columns = self.metres.shape
        inside = (column >= 0) & (row >= 0) & (column <= n_columns - 1) & (row <= n_rows - 1)
        left = np.clip(np.floor(np.where(inside, column, 0)).astype(np.int64), 0, max(n_columns - 2, 0))
        top = np.clip(np.floor(np.where(inside, row, 0)).astype(np.int64), 0, max(n_rows - 2, 0))
        right, below = np.minimum(left + 1, n_columns - 1), np.minimum(top + 1, n_rows - 1)
        a, b = column - left, row - top
        z = self.metres
        upper = (1 - a) * z[top, left] + a * z[top, right]
        lower = (1 - a) * z[below, left] + a * z[below, right]
        found: Floats = np.where(inside, (1 - b) * upper + b * lower, np.nan)
        return found

    def slope_at(self, x_m: Floats, y_m: Floats, crs: str) -> Floats:
        """Return how steep the ground is at places, rise over run across two cells; NaN where a height is unknown."""
        d = max(self.cell_m, 1.0)
        east = self.at(x_m + d, y_m, crs) - self.at(x_m - d, y_m, crs)
        north = self.at(x_m, y_m + d, crs) - self.at(x_m, y_m - d, crs)
        return np.asarray(np.hypot(east, north) / (2 * d))


def read_heights(
    spec: SlopeRaster, folder: Path, at: tuple[Floats, Floats], study: str, what: str = "the roads"
) -> Heights:
    """Read the window of the raster that some points lie in, and smooth it.

    Args:
        spec: the raster.
        folder: where its path starts.
        at: f64[n] eastings and northings.
        study: CRS of the points.
        what: what the points are, for messages.

    Raises:
        InputError: The file or band cannot be read, has no CRS, or lies elsewhere.
    """
    import rasterio  # noqa: PLC0415
    from rasterio.errors import RasterioError  # noqa: PLC0415
    from rasterio.windows import Window  # noqa: PLC0415

    file = local_file(folder, spec.path)
    try:
        with rasterio.open(file) as raster:
            if spec.band > raster.count:
                raise InputError(Fault(f"{spec.path} has {raster.count} bands, not {spec.band}", ("band",)))
            if raster.crs is None:
                raise InputError(Fault(f"{spec.path} does not say its coordinate system", ("path",)))
            crs = raster.crs.to_wkt()
            x, y = to_crs(*at, study, crs)
            column, row = _cells(~raster.transform, x, y)
            low = [max(math.floor(one.min()) - 3, 0) for one in (column, row)]
            high = [min(math.ceil(one.max()) + 3, size)
                    for one, size in ((column, raster.width), (row, raster.height))]  # fmt: skip
            if low[0] >= high[0] or low[1] >= high[1]:
                raise InputError(Fault(f"{spec.path} does not cover {what}: is it of this area?", ("path",)))
            window = Window(low[0], low[1], high[0] - low[0], high[1] - low[1])
            found = raster.read(spec.band, window=window, masked=True)
            transform = raster.transform
    except RasterioError as error:
        raise InputError(Fault(f"{spec.path} cannot be read as a raster: {error}", ("path",))) from error
    metres = np.ma.filled(found.astype(np.float64), np.nan)
    metres[~np.isfinite(metres)] = np.nan
    return Heights(smoothed(metres), ~transform, (low[0], low[1]), crs, _cell_m(transform, crs, at, study))


def _cells(to_cell: Any, x: Floats, y: Floats) -> tuple[Floats, Floats]:
    """Return (column, row) of places, counted from the corner of the first cell."""
    return to_cell.a * x + to_cell.b * y + to_cell.c, to_cell.d * x + to_cell.e * y + to_cell.f


def smoothed(metres: Floats) -> Floats:
    """Return heights averaged over 3 × 3 cells with binomial weights; unknown cells stay so and weigh nothing."""
    known = np.isfinite(metres)
    total, weight = np.where(known, metres, 0.0), known.astype(np.float64)
    for axis in (0, 1):
        pads = [(1, 1) if one == axis else (0, 0) for one in (0, 1)]
        for i, values in enumerate((total, weight)):
            wide = np.pad(values, pads)
            n = values.shape[axis]
            parts = [share * np.take(wide, range(k, k + n), axis=axis) for k, share in enumerate(SMOOTH)]
            if i == 0:
                total = parts[0] + parts[1] + parts[2]
            else:
                weight = parts[0] + parts[1] + parts[2]
    with np.errstate(invalid="ignore", divide="ignore"):
        smooth: Floats = np.where(known, total / weight, np.nan)
    return smooth


def _cell_m(transform: Any, crs: str, at: tuple[Floats, Floats], study: str) -> float:
    """Return the longer side of a cell in metres of the study, at the middle of the points."""
    x, y = to_crs(np.array([at[0].mean()]), np.array([at[1].mean()]), study, crs)
    xs = np.array([x[0], x[0] + transform.a, x[0]])
    ys = np.array([y[0], y[0], y[0] + transform.e])
    east, north = to_crs(xs, ys, crs, study)
    return float(max(np.hypot(east[1:] - east[0], north[1:] - north[0])))


def road_heights(network: Network, heights: Heights, carried: Bools | None) -> Floats:
    """Return f64[V] the height of the road at each vertex: the ground's; on bridges and in tunnels by their ends."""
    ground = heights.at(network.x_m, network.y_m, network.crs)
    if carried is None or not carried.any():
        return ground
    on_ground = np.zeros(network.n_vertices, np.bool_)
    on_ground[network.tail[~carried]] = True
    on_ground[network.head[~carried]] = True
    inner = np.ones(network.n_vertices, np.bool_)
    inner[on_ground] = False
    if not inner.any():
        return ground
    return _between(network, ground, carried, inner)


def _between(network: Network, ground: Floats, carried: Bools, inner: Bools) -> Floats:
    """Return heights with those of ``inner`` vertices put evenly along the way between the others.

    Each inner vertex gets the mean of its neighbours, weighted by one over the length between them, which along a line
    is a straight slope; a structure that touches the ground nowhere keeps the ground's heights.
    """
    from scipy.sparse import coo_array, diags_array  # noqa: PLC0415
    from scipy.sparse.csgraph import connected_components  # noqa: PLC0415
    from scipy.sparse.linalg import spsolve  # noqa: PLC0415

    tail, head = network.tail[carried], network.head[carried]
    weight = 1.0 / np.maximum(network.metres[carried], 0.01)
    n = network.n_vertices
    links = coo_array((np.tile(weight, 2), (np.r_[tail, head], np.r_[head, tail])), shape=(n, n)).tocsr()
    part = connected_components(links, directed=False)[1]
    known = ~inner & np.isfinite(ground)
    held = np.zeros(part.max() + 1, np.bool_)
    held[part[known & (np.bincount(np.r_[tail, head], minlength=n) > 0)]] = True
    free = np.flatnonzero(inner & held[part])
    if not len(free):
        return ground
    fixed = np.flatnonzero(known)
    laplace: Any = (diags_array(np.asarray(links[free].sum(axis=1)).ravel()) - links[free][:, free]).tocsc()
    lifted = ground.copy()
    lifted[free] = np.asarray(spsolve(laplace, links[free][:, fixed] @ ground[fixed]), dtype=np.float64)
    return lifted


def with_slope(network: Network, spec: SlopeRaster, ids: RoadIds | None, reading: Reading) -> Network:
    """Return the roads with walking and cycling times by slope, and notes on it.

    Raises:
        InputError: The raster cannot be read or does not cover the roads.
    """
    heights = read_heights(spec, reading.folder, (network.x_m, network.y_m), network.crs)
    reading.inputs.append(input_record(spec.path, local_file(reading.folder, spec.path), what="heights"))
    carried = None if ids is None else ids.carried
    at_vertex = road_heights(network, heights, carried)
    slope, metres, of = _stretches(network, heights, at_vertex, carried)
    unknown = np.isnan(slope)
    slope = np.where(unknown, 0.0, slope)
    seconds = dict(network.seconds)
    ferry = network.way == (network.ways.index("ferry") if "ferry" in network.ways else -1)
    for mode in ("walk", "bicycle"):
        if mode in seconds:
            seconds[mode] = _slowed(network, mode, (slope, metres, of), ferry)
    shares = np.bincount(of, weights=metres * np.abs(slope), minlength=network.n_segments)
    mean = float(shares[~ferry].sum() / max(np.bincount(of, weights=metres)[~ferry].sum(), 1e-9)) if len(of) else 0.0
    lost = float(metres[unknown].sum() / max(metres.sum(), 1e-9))
    notes = [
        f"slopes from {spec.path} (cells of {heights.cell_m:.0f} m, smoothed): walking by Tobler's hiking function, "
        f"cycling by Parkin and Rotheram, relative to the flat, each direction apart; mean slope of roads {mean:.1%}"
    ]
    if unknown.any():
        notes.append(f"slopes: {lost:.1%} of the road length lies off the raster or on unknown cells, taken as flat")
    if carried is None:
        notes.append("slopes: bridges and tunnels are not known here and follow the ground")
    return replace(network, seconds=seconds, notes=(*network.notes, *notes))


def _stretches(
    network: Network, heights: Heights, at_vertex: Floats, carried: Bools | None
) -> tuple[Floats, Floats, np.ndarray]:
    """Return slope (tail → head), length and segment of stretches of about a cell along each segment."""
    n = network.n_segments
    across = np.hypot(
        network.x_m[network.head] - network.x_m[network.tail], network.y_m[network.head] - network.y_m[network.tail]
    )
    count = np.clip(np.ceil(across / max(heights.cell_m, 1.0)).astype(np.int64), 1, MOST_STEPS)
    if carried is not None:
        count = np.where(carried, 1, count)
    of = np.repeat(np.arange(n), count)
    step = np.arange(len(of)) - np.repeat(np.cumsum(count) - count, count)
    z0, z1 = (_height_along(network, heights, at_vertex, of, (step + k) / count[of]) for k in (0, 1))
    metres = network.metres[of] / count[of]
    with np.errstate(invalid="ignore", divide="ignore"):
        slope = np.where(metres > 0, (z1 - z0) / metres, 0.0)
    return slope, metres, of


def _height_along(network: Network, heights: Heights, at_vertex: Floats, of: np.ndarray, part: Floats) -> Floats:
    """Return the height at a part of each segment; at its ends that of the vertex."""
    tail, head = network.tail[of], network.head[of]
    z: Floats = np.where(part <= 0, at_vertex[tail], at_vertex[head])
    inner = (part > 0) & (part < 1)
    x = network.x_m[tail] + part * (network.x_m[head] - network.x_m[tail])
    y = network.y_m[tail] + part * (network.y_m[head] - network.y_m[tail])
    z[inner] = heights.at(x[inner], y[inner], network.crs)
    return z


def _slowed(network: Network, mode: str, stretches: tuple[Floats, Floats, np.ndarray], ferry: Bools) -> Floats:
    """Return the seconds of a mode with slopes; ferries stay as they are."""
    slope, metres, of = stretches
    flat = network.seconds[mode]
    long = np.maximum(np.bincount(of, weights=metres, minlength=network.n_segments), 1e-12)
    slowed = flat.copy()
    for direction, sign in ((0, 1.0), (1, -1.0)):
        share = tobler_share(sign * slope) if mode == "walk" else _by_bicycle(network, sign * slope, of, direction)
        factor = np.bincount(of, weights=metres / share, minlength=network.n_segments) / long
        slowed[direction::2] = np.where(ferry | (network.metres <= 0), flat[direction::2], flat[direction::2] * factor)
    return slowed


def _by_bicycle(network: Network, slope: Floats, of: np.ndarray, direction: int) -> Floats:
    """Return the share of the speed on the flat: a bicycle that is pushed there anyway goes as feet do."""
    with np.errstate(invalid="ignore", divide="ignore"):
        walk = network.seconds.get("walk")
        ride = network.seconds["bicycle"][direction::2]
        best = np.full(len(ride), np.inf) if walk is None else np.minimum(walk[0::2], walk[1::2])
        walking = np.where(np.isfinite(best) & (best > 0) & np.isfinite(ride), ride / best, 0.0)
    ridden = bicycle_share(slope, np.minimum(walking, 1.0)[of])
    share: Floats = np.where(walking[of] >= 1.0 - 1e-9, tobler_share(slope), ridden)
    return share
