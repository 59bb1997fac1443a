"""The municipalities of a study as alliances see them: who lives in each, which touch, where their centres are."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from lifezone.model import Bools, Demand, Facilities, Floats, Ints, TravelTimes, World
from lifezone.model.flows import FlowMap
from lifezone.standards.spec import Bound
from lifezone.zoning.compact import densest
from lifezone.zoning.neighbours import neighbours_of
from lifezone.zoning.units import district_at

__all__ = ["Towns", "Trips", "as_demand", "as_sites", "towns_of"]

_AROUND_M: Final = 1000.0
"""A centre is where most people live within this."""

Trips = Callable[[Demand, Facilities, Ints, str, Bound], TravelTimes]
"""(points, facilities, positions of those that count, mode, bound) → all trips within the bound."""


@dataclass(frozen=True, eq=False)
class Towns:
    """M municipalities.

    Attributes:
        ids: M ids, ascending.
        name: M names.
        people: f64[M] who live there; NaN = not known.
        neighbours: for each the positions of those it touches; None = shapes are not known.
        x_m: f64[M] easting of the centre; NaN = not known.
        y_m: f64[M] northing.
        point: i32[P] municipality of each demand point of the study, −1 = none.
        of_district: i32[D + 1] municipality of each of the study's districts, −1 at the end.
    """

    ids: tuple[str, ...]
    name: tuple[str, ...]
    people: Floats
    neighbours: tuple[Ints, ...] | None
    x_m: Floats
    y_m: Floats
    point: Ints
    of_district: Ints

    @property
    def n(self) -> int:
        """Number of municipalities M."""
        return len(self.ids)

    def at(self, world: World, x_m: Floats, y_m: Floats) -> Ints:
        """Return i32[n] the municipality of each place, −1 = in none."""
        return np.asarray(self.of_district[district_at(world, x_m, y_m)], np.int32)


def towns_of(known: FlowMap, world: World, *, has_place: bool) -> Towns:
    """Put the study's people and places to the municipalities.

    A district of the study belongs to the municipality of its own id, else to the one whose id its own begins with:
    Korean codes nest, 47170 holds 4717025000. So do shapes: a municipality without one has that of its districts.

    Args:
        known: the municipalities.
        world: people, districts.
        has_place: whether a table says where centres are; otherwise a centre is where most people live within 1 km.
    """
    of_district = np.append(_nested(world.districts.ids, known.districts.ids), np.int32(-1)).astype(np.int32)
    point = of_district[world.demand.district]
    counted = np.bincount(point[point >= 0], weights=world.demand.total[point >= 0], minlength=known.n_districts)
    people = np.where(np.isnan(known.people), np.where(np.isin(np.arange(known.n_districts), of_district), counted,
                                                       np.nan), known.people)  # fmt: skip
    x_m, y_m = known.x_m.copy(), known.y_m.copy()
    if not has_place or np.isnan(x_m).any():
        for town in range(known.n_districts):
            here = np.flatnonzero((point == town) & (world.demand.total > 0))
            if len(here) and (not has_place or np.isnan(x_m[town])):
                place = densest(
                    world.demand.x_m[here], world.demand.y_m[here], world.demand.total[here], radius_m=_AROUND_M
                )
                x_m[town], y_m[town] = place.x_m, place.y_m
    touching = known.neighbours if known.neighbours is not None else _touching(of_district, world, known.n_districts)
    neighbours = None if touching is None else tuple(np.flatnonzero(row).astype(np.int32) for row in touching)
    return Towns(known.districts.ids, known.districts.name, people, neighbours, x_m, y_m, point, of_district)


def _touching(of_district: Ints, world: World, n: int) -> Bools | None:
    """Return bool[M, M] municipalities that touch, put together from the study's districts; None = no shapes."""
    import shapely  # noqa: PLC0415  (slow to import)

    polygon = world.districts.polygon
    if polygon is None:
        return None
    shapes = np.full(n, None, dtype=object)
    for town in range(n):
        parts = polygon[of_district[:-1] == town]
        if len(parts):
            shapes[town] = shapely.union_all(parts)
    return neighbours_of(shapes)[0] if any(one is not None for one in shapes) else None


def _nested(ids: Sequence[str], towns: Sequence[str]) -> Ints:
    """Return i32[D] the municipality of each district: that of the same id, else of the longest id it begins with."""
    at = {one: position for position, one in enumerate(towns)}
    longest = max((len(one) for one in towns), default=0)
    found = np.full(len(ids), -1, np.int32)
    for district, one in enumerate(ids):
        for length in range(min(len(one), longest), 0, -1):
            if one[:length] in at:
                found[district] = at[one[:length]]
                break
    return found


def as_demand(towns: Towns) -> Demand:
    """Return the centres as demand points, one person each."""
    n = towns.n
    return Demand(
        ids=np.array([f"centre-{one}" for one in towns.ids], dtype=object), x_m=towns.x_m, y_m=towns.y_m,
        people=np.ones((n, 1)), groups=("total",), district=np.arange(n, dtype=np.int32), urban=np.zeros(n, np.bool_),
    )  # fmt: skip


def as_sites(towns: Towns, kind: str) -> Facilities:
    """Return the centres as facilities of a kind."""
    return Facilities.at(
        [f"centre-{one}" for one in towns.ids], towns.x_m, towns.y_m, kind=kind, is_open=True,
        name=np.array(towns.name, dtype=object),
    )  # fmt: skip
