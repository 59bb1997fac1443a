"""Coordinates: which metric CRS a study works in, bringing points there, and telling wrong or swapped ones.

Decided: x is always east and y north (``always_xy``), whatever axis order a CRS declares. Degrees need no ``crs``;
anything else does. Coordinates that only make sense with x and y exchanged are a fault, never mended silently, since
the next file would be mended wrongly.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Final

import numpy as np
import shapely
from pyproj import CRS, Transformer
from pyproj.exceptions import CRSError, ProjError

from lifezone.errors import Fault, InputError
from lifezone.model import Bools, Floats
from lifezone.sources.reading import Extent

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

__all__ = ["DEGREES", "Placed", "bounds_in_degrees", "inside_clip", "metric_crs", "parse_crs", "place",
           "shapes_to_crs", "study_crs", "to_crs"]  # fmt: skip

DEGREES: Final = "EPSG:4326"
KOREA: Final[Extent] = (124.0, 33.0, 132.5, 39.5)
"""Extent in which the unified Korean system EPSG:5179 is used."""
_KOREAN: Final = ("EPSG:5179", "EPSG:5186", "EPSG:5174", "EPSG:5181", "EPSG:5187", "EPSG:5185", "EPSG:2097", DEGREES)
_MARGIN_DEGREES: Final = 1.0
_FARTHEST: Final = 1e9
"""No coordinate on earth is larger, in metres or degrees; beyond it geometry overflows."""


@dataclass(frozen=True, eq=False)
class Placed:
    """Points brought into the study: n of them.

    Attributes:
        x_m: f64[n] easting in the study's CRS, NaN where the point has no usable coordinates.
        y_m: f64[n] northing.
        missing: bool[n] True where the point has none.
        inside: bool[n] True inside the clip (everywhere but at missing points when there is no clip).
        notes: what was assumed.
    """

    x_m: Floats
    y_m: Floats
    missing: Bools
    inside: Bools
    notes: tuple[str, ...] = ()


def study_crs(extent: Extent) -> str:
    """Return the metric CRS for a study: EPSG:5179 in Korea, else the UTM zone of the middle (polar: UPS).

    Args:
        extent: West, south, east, north in degrees.

    Raises:
        InputError: The extent is not one.
    """
    west, south, east, north = extent
    if not (all(map(math.isfinite, extent)) and -180 <= west <= east <= 180 and -90 <= south <= north <= 90):
        raise InputError(Fault(f"no such area: {west:g}, {south:g}, {east:g}, {north:g} degrees"))
    lon, lat = (west + east) / 2, (south + north) / 2
    if KOREA[0] <= lon <= KOREA[2] and KOREA[1] <= lat <= KOREA[3]:
        return "EPSG:5179"
    if lat >= 84 or lat <= -80:
        return "EPSG:32661" if lat > 0 else "EPSG:32761"
    zone = min(int((lon + 180) // 6) + 1, 60)
    return f"EPSG:{(32600 if lat >= 0 else 32700) + zone}"


def parse_crs(text: str, at: tuple[str | int, ...] = ("crs",)) -> CRS:
    """Read a CRS such as ``EPSG:5179``; raises :class:`InputError` when there is no such one in two dimensions."""
    try:
        crs = CRS.from_user_input(text) if "://" not in text else None
    except (CRSError, ValueError, TypeError):
        crs = None
    if crs is None or not (crs.is_geographic or crs.is_projected):
        raise InputError(Fault(f"unknown coordinate system {text[:60]!r}: write for example EPSG:5179", at))
    return crs


def metric_crs(text: str) -> str:
    """Return a coordinate system as written, if it is projected in metres; raises ValueError for a scenario's field."""
    try:
        known = parse_crs(text)
    except InputError as error:
        raise ValueError(error.faults[0].message) from None
    if not known.is_projected or any(axis.unit_conversion_factor != 1 for axis in known.axis_info[:2]):
        raise ValueError(f"{text} is not projected in metres: write for example EPSG:5179")
    return text


@lru_cache(maxsize=64)
def _transform(source: str, target: str) -> Transformer:
    try:
        return Transformer.from_crs(parse_crs(source), parse_crs(target), always_xy=True)
    except ProjError as error:
        raise InputError(Fault(f"no way leads from {source[:60]} to {target[:60]}: {error}", ("crs",))) from None


def to_crs(x: Floats, y: Floats, source: str, target: str) -> tuple[Floats, Floats]:
    """Bring points from one CRS to another; points that have no place there become NaN.

    Args:
        x: f64[n] eastings or longitudes.
        y: f64[n] northings or latitudes.
        source: CRS they are in.
        target: CRS they are wanted in.
    """
    x, y = np.asarray(x, np.float64), np.asarray(y, np.float64)
    if parse_crs(source) == parse_crs(target):
        return x.copy(), y.copy()
    east, north = _transform(source, target).transform(x, y)
    east, north = np.array(east, np.float64), np.array(north, np.float64)
    lost = ~(np.isfinite(east) & np.isfinite(north))
    east[lost] = north[lost] = np.nan
    return east, north


def shapes_to_crs(shapes: np.ndarray, source: str, target: str) -> np.ndarray:
    """Bring shapely geometries from one CRS to another, vertex by vertex; z is dropped.

    A geometry with a vertex that is not finite, here or there, becomes None.
    """

    def move(xy: np.ndarray) -> np.ndarray:
        there = np.column_stack(to_crs(xy[:, 0], xy[:, 1], source, target))
        there[np.isnan(there)] = np.inf  # a ring must close: inf equals itself, NaN does not
        return there

    flat = shapely.force_2d(shapes)
    moved: np.ndarray = shapely.transform(flat, move)
    for side in (flat, moved):
        xy, at = shapely.get_coordinates(side, return_index=True)
        moved[at[~(np.abs(xy) < _FARTHEST).all(axis=1)]] = None
    return moved


def bounds_in_degrees(x: Floats, y: Floats, crs: str, *, margin_m: float = 0.0) -> Extent:
    """Return west, south, east, north in degrees of points, widened by a margin in metres."""
    lon, lat = to_crs(x, y, crs, DEGREES)
    seen = np.isfinite(lon) & np.isfinite(lat)
    if not seen.any():
        raise InputError(Fault(f"no point has a place on earth in {crs}", ("crs",)))
    lon, lat = lon[seen], lat[seen]
    south, north = float(lat.min()), float(lat.max())
    up = margin_m / 111_000.0
    across = up / max(math.cos(math.radians(min(89.0, max(abs(south), abs(north))))), 0.01)
    return (
        max(-180.0, float(lon.min()) - across), max(-90.0, south - up),
        min(180.0, float(lon.max()) + across), min(90.0, north + up),
    )  # fmt: skip


def inside_clip(x_m: Floats, y_m: Floats, crs: str, clip: BaseGeometry | None) -> Bools:
    """Tell which points lie in the clip (degrees); points without coordinates do not."""
    seen = np.isfinite(x_m) & np.isfinite(y_m)
    if clip is None:
        return seen
    inside = np.zeros(len(x_m), np.bool_)
    lon, lat = to_crs(x_m[seen], y_m[seen], crs, DEGREES)
    shapely.prepare(clip)
    inside[seen] = shapely.intersects_xy(clip, lon, lat)
    return inside


def place(x: Floats, y: Floats, *, crs: str | None, study: str, clip: BaseGeometry | None, what: str) -> Placed:
    """Bring the points of a table into the study.

    Args:
        x: f64[n] as in the table, NaN where the cell is empty.
        y: f64[n] likewise.
        crs: Their CRS; None = degrees, when they can be.
        study: CRS of the study.
        clip: What is kept, in degrees; None = everything.
        what: Name of the file, for messages.

    Raises:
        InputError: No CRS and not degrees; degrees under a CRS in metres; x and y are swapped; no point has a place in
            the CRS; or none lies in the area and most would in another usual CRS.
    """
    source, notes = _source_crs(x, y, crs, what)
    geographic = parse_crs(source).is_geographic
    nowhere = (x == 0) & (y == 0)
    if geographic:
        x, y = np.where(nowhere, np.nan, x), np.where(nowhere, np.nan, y)
    given = np.isfinite(x) & np.isfinite(y)
    x_m, y_m = to_crs(x, y, source, study)
    inside = inside_clip(x_m, y_m, study, clip)
    missing = ~(np.isfinite(x_m) & np.isfinite(y_m))
    _refuse_swapped(x[given], y[given], 0 if clip is None else int(inside.sum()), source, clip, what)
    if given.any() and missing[given].all():
        raise InputError(Fault(f"{what}: no coordinates have a place in {source}: check crs, x and y", ("crs",)))
    if given.any() and not inside.any():
        better = _better_crs(x[given], y[given], source, clip)
        if better:
            raise InputError(
                Fault(f"{what}: no point lies in the area; in {better} most would: check crs, or that of the area",
                      ("crs",))
            )  # fmt: skip
        notes = (*notes, f"{what}: no point lies in the area")
    return Placed(x_m, y_m, missing, inside, notes)


def _source_crs(x: Floats, y: Floats, crs: str | None, what: str) -> tuple[str, tuple[str, ...]]:
    """Return the CRS of a table's points: the one that is named, else degrees where that can be."""
    given = np.isfinite(x) & np.isfinite(y) & ~((x == 0) & (y == 0))
    if crs is not None:
        if parse_crs(crs).is_projected and given.any() and (np.abs(x[given]) <= 180).all() and (
            np.abs(y[given]) <= 90
        ).all():  # fmt: skip
            at = int(np.flatnonzero(given)[0])
            message = f"{what}: x and y look like degrees (first: {x[at]:.12g}, {y[at]:.12g}), {crs} is in metres"
            raise InputError(Fault(f"{message}: write crs: {DEGREES}", ("crs",)))
        return crs, ()
    odd = given & ~((np.abs(x) <= 180) & (np.abs(y) <= 90))
    if not odd.any():
        return DEGREES, (f"{what}: no crs is given, x and y are taken as longitude and latitude ({DEGREES})",)
    swapped = given & (np.abs(x) <= 90) & (np.abs(y) <= 180)
    if np.count_nonzero(swapped) > np.count_nonzero(given) / 2:
        raise InputError(Fault(f"{what}: x and y are swapped: x is longitude, y is latitude", ("x",)))
    at = int(np.flatnonzero(odd)[0])
    raise InputError(
        Fault(
            f"{what}: {int(odd.sum()):,} of {int(given.sum()):,} points are not in degrees "
            f"(first: {x[at]:.12g}, {y[at]:.12g}): give crs, for example EPSG:5179",
            ("crs",),
        )
    )


def _refuse_swapped(x: Floats, y: Floats, n_inside: int, crs: str, clip: BaseGeometry | None, what: str) -> None:
    """Fault when most points make sense only with x and y exchanged."""
    n = len(x)
    if n == 0 or n_inside > n / 2:
        return
    swapped_lon, swapped_lat = to_crs(y, x, crs, DEGREES)
    if clip is not None:
        swapped_inside = int(inside_clip(swapped_lon, swapped_lat, DEGREES, clip).sum())
        if n_inside == 0 and swapped_inside > n / 2:
            raise InputError(Fault(f"{what}: x and y are swapped: x is east, y is north", ("x",)))
    lon, lat = to_crs(x, y, crs, DEGREES)
    if _share_used(lon, lat, crs) < 0.5 < _share_used(swapped_lon, swapped_lat, crs):
        raise InputError(Fault(f"{what}: x and y are swapped: x is east, y is north in {crs}", ("x",)))


def _share_used(lon: Floats, lat: Floats, crs: str) -> float:
    """Return the share of points that lie where a CRS is used (with a margin of a degree)."""
    area = parse_crs(crs).area_of_use
    if area is None:
        return 1.0
    used = (lat >= area.south - _MARGIN_DEGREES) & (lat <= area.north + _MARGIN_DEGREES)
    if area.west <= area.east:
        used &= (lon >= area.west - _MARGIN_DEGREES) & (lon <= area.east + _MARGIN_DEGREES)
    return float(used.mean())


def _better_crs(x: Floats, y: Floats, source: str, clip: BaseGeometry | None) -> str:
    """Name a usual CRS in which most of the points would lie in the area, or nothing."""
    if clip is None:
        return ""
    for crs in _KOREAN:
        if crs != source and inside_clip(*to_crs(x, y, crs, DEGREES), DEGREES, clip).mean() > 0.5:
            return crs
    return ""
