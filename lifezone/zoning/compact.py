"""How compact a city is: its built footprint, how density falls from the centre, whether the centre hollows out.

Density gradient: ln D(r) = ln D0 − b·r by least squares over rings, weighted by their area inside the study (Clark
1951, *Urban population densities*). Hollowing: the centre's share of people against its share in the first year.
Sprawl: growth of the footprint ÷ growth of people, both in logarithms a year (UN-Habitat, SDG 11.3.1): above 1 the
city takes land faster than it gains people; it says nothing where people shrink, so that case is told by itself.
"""

from __future__ import annotations

from typing import Any, Final

import numpy as np

from lifezone.model import Bools, Floats, Longs
from lifezone.model.compact import Centre, Gradient, Sprawl, Year

__all__ = ["densest", "footprint_of", "gradient_of", "hollowing", "sprawl_of"]

BUILT_PER_KM2: Final = 1500.0
"""People per km² from which a cell is built up where no map of buildings is given (Degree of Urbanisation)."""
_RING_M: Final = 500.0


def densest(x_m: Floats, y_m: Floats, people: Floats, *, radius_m: float) -> Centre:
    """Return the point around which most people live within a radius; ties go to the west, then to the south."""
    from scipy.spatial import cKDTree  # noqa: PLC0415

    order = np.lexsort((y_m, x_m))
    places = np.column_stack([x_m, y_m])[order]
    tree = cKDTree(places)
    weight = people[order]
    total = np.array([weight[near].sum() for near in tree.query_ball_point(places, radius_m, return_sorted=True)])
    best = int(np.argmax(total))
    return Centre(float(places[best, 0]), float(places[best, 1]))


def footprint_of(people: Floats, cell_m: float, *, built_per_km2: float = BUILT_PER_KM2) -> tuple[float, Bools]:
    """Return the built-up area in km² and bool[P] the cells that are built up, by their density.

    Args:
        people: f64[P] of square cells.
        cell_m: their side, above 0.
        built_per_km2: least density of a built-up cell.
    """
    area_km2 = cell_m * cell_m / 1e6
    built = people / area_km2 >= built_per_km2
    return float(built.sum() * area_km2), np.asarray(built)


def gradient_of(
    x_m: Floats, y_m: Floats, people: Floats, centre: Centre, *, area: Any = None, ring_m: float = _RING_M
) -> Gradient:
    """Fit how density falls from the centre, over rings in which people live.

    Args:
        x_m: f64[P] easting.
        y_m: f64[P] northing.
        people: f64[P].
        centre: of the rings.
        area: shapely polygon of the study; rings count as far as they lie in it. None = rings are whole.
        ring_m: width of a ring.
    """
    away = np.hypot(x_m - centre.x_m, y_m - centre.y_m)
    total = float(people.sum())
    if not total:
        return Gradient(float("nan"), float("nan"), float("nan"), float("nan"))
    order = np.argsort(away, kind="stable")
    half_m = float(away[order][np.searchsorted(np.cumsum(people[order]), total / 2)])
    ring = np.floor(away / ring_m).astype(np.int64)
    in_ring = np.bincount(ring, weights=people)
    at = np.flatnonzero(in_ring > 0)
    area_km2 = _ring_areas(at, ring_m, centre, area)
    middle_km = (at + 0.5) * ring_m / 1e3
    if len(at) < 3:  # a line through two points fits whatever they are
        return Gradient(float("nan"), float("nan"), float("nan"), half_m)
    log_density = np.log(in_ring[at] / area_km2)
    mean_x, mean_y = np.average(middle_km, weights=area_km2), np.average(log_density, weights=area_km2)
    spread_x, spread_y = middle_km - mean_x, log_density - mean_y
    slope = float((area_km2 * spread_x * spread_y).sum() / (area_km2 * spread_x**2).sum())
    left = spread_y - slope * spread_x
    variance = float((area_km2 * spread_y**2).sum())
    fit = 1.0 - float((area_km2 * left**2).sum()) / variance if variance > 0 else 1.0
    return Gradient(float(np.exp(mean_y - slope * mean_x)), -slope, fit, half_m)


def _ring_areas(ring: Longs, ring_m: float, centre: Centre, area: Any) -> Floats:
    """Return f64[n] km² of rings, inside the study area where it is known: sea and neighbours have no people here."""
    if area is None:
        return np.asarray(np.pi * ((ring + 1.0) ** 2 - ring.astype(float) ** 2) * ring_m**2 / 1e6)
    import shapely  # noqa: PLC0415  (slow to import)

    edges = np.arange(int(ring.max()) + 2)
    discs = shapely.buffer(shapely.points(centre.x_m, centre.y_m), edges * ring_m, quad_segs=64)
    inside = shapely.area(shapely.intersection(discs, area))
    return np.asarray(np.maximum(np.diff(inside)[ring] / 1e6, 1e-9))  # people at the very edge may lie just outside


def hollowing(years: list[Year]) -> list[float]:
    """Return each year's share of the centre ÷ the first year's: below 1 the centre hollows out."""
    first = years[0].centre_share if years else float("nan")
    return [one.centre_share / first if first else float("nan") for one in years]


def sprawl_of(before: Year, after: Year, *, stable: float = 0.001) -> Sprawl:
    """Compare the growth of the footprint with that of people between two years.

    Args:
        before: the earlier year.
        after: the later year.
        stable: yearly growth, up or down, that counts as none.
    """
    span = after.year - before.year
    nothing = float("nan")
    counts = (before.people, after.people, before.footprint_km2, after.footprint_km2)
    if not all(one > 0 for one in counts) or span <= 0:  # also without a known footprint
        return Sprawl(nothing, nothing, nothing, "unknown")
    land = float(np.log(after.footprint_km2 / before.footprint_km2)) / span
    people = float(np.log(after.people / before.people)) / span
    if people > stable:
        ratio = land / people
        return Sprawl(land, people, ratio, "sprawling" if ratio > 1 else "compact")
    if land > stable:
        return Sprawl(land, people, nothing, "growing without people")
    return Sprawl(land, people, nothing, "shrinking" if people < -stable else "stable")
