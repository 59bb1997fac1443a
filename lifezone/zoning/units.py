"""Which district and which municipality a place lies in."""

from __future__ import annotations

import numpy as np

from lifezone.model import Floats, Ints, Longs, World

__all__ = ["by_district", "district_at", "municipalities"]


def district_at(world: World, x_m: Floats, y_m: Floats) -> Ints:
    """Return i32[n] the district of each place, −1 = in none.

    By the districts' polygons (on a shared border the first); without polygons, that of the nearest demand point.
    """
    found = np.full(len(x_m), -1, np.int32)
    if not len(x_m):
        return found
    if world.districts.polygon is None:
        return _of_nearest_point(world, x_m, y_m)
    import shapely  # noqa: PLC0415  (slow to import)

    tree = shapely.STRtree(shapely.points(x_m, y_m))
    district, place = tree.query(world.districts.polygon, predicate="intersects")
    order = np.argsort(-district, kind="stable")
    found[place[order]] = district[order]
    return found


def municipalities(world: World, digits: int | None) -> tuple[Ints, tuple[str, ...]]:
    """Return i32[D] the municipality of each district, and the municipalities' ids, ascending.

    Args:
        world: its districts.
        digits: leading characters of a district's id that name its municipality; None = each district is one.
    """
    ids = [one if digits is None else one[:digits] for one in world.districts.ids]
    names = sorted(set(ids))
    number = {one: at for at, one in enumerate(names)}
    return np.array([number[one] for one in ids], np.int32), tuple(names)


def by_district(world: World, facility: Ints, weight: Floats) -> tuple[Floats, Longs]:
    """Return f64[D] people and i64[D] facilities of every district of the study area.

    Args:
        world: its districts.
        facility: positions of the facilities counted.
        weight: f64[P] people.
    """
    n, inside = len(world.districts.ids), world.demand.inside
    people = np.bincount(world.demand.district[inside], weights=weight[inside], minlength=n)
    at = district_at(world, world.facilities.x_m[facility], world.facilities.y_m[facility])
    return people.astype(np.float64), np.bincount(at[at >= 0], minlength=n).astype(np.int64)


def _of_nearest_point(world: World, x_m: Floats, y_m: Floats) -> Ints:
    """Return the district of the demand point nearest to each place."""
    from scipy.spatial import cKDTree  # noqa: PLC0415

    demand = world.demand
    if not demand.n_points:
        return np.full(len(x_m), -1, np.int32)
    at = cKDTree(np.column_stack([demand.x_m, demand.y_m])).query(np.column_stack([x_m, y_m]))[1]
    found: Ints = demand.district[at].astype(np.int32)
    return found
