"""Who uses which centre: shares of every demand point, and the zones that they make."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from lifezone.model import Bools, Floats, Ints, LifeZone, MergeStep, World
from lifezone.zoning.centres import Centres
from lifezone.zoning.choices import Choices
from lifezone.zoning.units import district_at

__all__ = ["Assigned", "Moved", "Standing", "by_largest_share", "nearest_centre", "nobody", "summed", "zones_of"]


@dataclass(frozen=True, eq=False)
class Assigned:
    """The users of C centres among P demand points.

    Attributes:
        label: i32[P] the centre whose zone the point belongs to, −1 = none.
        cost: f64[P] trip to it, ``inf`` where there is none.
        facility: i32[P] the centre's facility that is nearest, position in the study's Facilities, −1 = none.
        share: f64[P] share of the point's people who use it.
        users: f64[C] people who use each centre, before capture.
    """

    label: Ints
    cost: Floats
    facility: Ints
    share: Floats
    users: Floats


@dataclass(frozen=True, eq=False)
class Moved:
    """The n demand points whose zone a centre was that fell.

    Attributes:
        rows: i32[n] ascending.
        before: f64[n] their trip before.
        to: i32[n] the centre whose zone they belong to now, −1 = none.
        cost: f64[n] the trip there, ``inf`` where there is none.
    """

    rows: Ints
    before: Floats
    to: Ints
    cost: Floats


def nearest_centre(choices: Choices, weight: Floats, alive: Bools | None = None) -> Assigned:
    """Send everybody to the nearest centre.

    Args:
        choices: rows ascending by cost.
        weight: f64[P] people.
        alive: bool[C] centres that stand; None = all.
    """
    at = np.arange(len(choices.cost)) if alive is None else np.flatnonzero(alive[choices.centre])
    row = choices.row[at]
    is_first = np.ones(len(row), np.bool_)
    is_first[1:] = row[1:] != row[:-1]
    row, at = row[is_first], at[is_first]
    label, cost, facility = nobody(choices.n_points)
    label[row], cost[row], facility[row] = choices.centre[at], choices.cost[at], choices.facility[at]
    served = label >= 0
    users = summed(label[served], weight[served], choices.n_centres)
    return Assigned(label, cost, facility, served.astype(np.float64), users)


def nobody(n: int) -> tuple[Ints, Floats, Ints]:
    """Return the label, cost and facility of n points that use nothing."""
    return np.full(n, -1, np.int32), np.full(n, np.inf), np.full(n, -1, np.int32)


def by_largest_share(choices: Choices, share: Floats, weight: Floats) -> Assigned:
    """Let every point belong to the centre that most of its people use; ties: the nearer, then the lower centre.

    Args:
        choices: who may use what.
        share: f64[K] share of the point's people in each pair; rows sum to 1 at most.
        weight: f64[P] people.
    """
    row = choices.row
    users = summed(choices.centre, weight[row] * share, choices.n_centres)
    used = np.flatnonzero(share > 0)
    order = used[np.lexsort((choices.centre[used], choices.cost[used], -share[used], row[used]))]
    _, at = np.unique(row[order], return_index=True)
    best = order[at]
    label, cost, facility = nobody(choices.n_points)
    own, rows = np.zeros(choices.n_points), row[best]
    label[rows], cost[rows], facility[rows] = choices.centre[best], choices.cost[best], choices.facility[best]
    own[rows] = share[best]
    return Assigned(label, cost, facility, own, users)


def summed(of: np.ndarray, values: Floats, n: int) -> Floats:
    """Return f64[n] the sum of the values of each of n."""
    sums: Floats = np.bincount(of, weights=values, minlength=n).astype(np.float64)
    return sums


@dataclass(frozen=True, eq=False)
class Standing:
    """Which centres stand, and why.

    Attributes:
        alive: bool[C] centres that stand.
        protected: bool[C] centres that stand whatever their users.
        need: least number of users; NaN where none is asked for.
        merges: centres dropped.
    """

    alive: Bools
    protected: Bools
    need: float = float("nan")
    merges: tuple[MergeStep, ...] = ()


def zones_of(
    assigned: Assigned, centres: Centres, world: World, standing: Standing, *, weight: Floats, capture: float
) -> tuple[Ints, tuple[LifeZone, ...]]:  # fmt: skip
    """Return i32[P] labels and the zones that they are positions of: one for every centre that stands."""
    n, stands, need = centres.n_centres, standing.alive, standing.need
    facilities, inside, names = world.facilities, world.demand.inside, _names(centres, world)
    because = _because(standing)
    served = assigned.label >= 0
    at = assigned.label[served]

    def total(of: Floats) -> Floats:
        return summed(at, of[served], n)

    people, here, kept = total(weight), total(weight * inside), total(weight * assigned.share) * capture
    zones = []
    for centre in np.flatnonzero(stands).tolist():
        members = centres.members(centre)
        own, users = float(people[centre]), float(assigned.users[centre] * capture)
        viable = None if np.isnan(need) else users >= need
        zones.append(LifeZone(
            centre=centres.ids[centre], name=names[centre],
            x_m=float(centres.x_m[centre]), y_m=float(centres.y_m[centre]),
            facilities=tuple(map(str, facilities.ids[members].tolist())), people=own, in_area=float(here[centre]),
            catchment=users, containment=float(kept[centre] / own) if own > 0 else float("nan"), viable=viable,
            subsidised=viable is False and bool(standing.protected[centre]),
            merged_because=because.get(centres.ids[centre], ""),
        ))  # fmt: skip
    number = np.append(np.cumsum(stands) - 1, -1).astype(np.int32)
    return number[assigned.label], tuple(zones)


def _names(centres: Centres, world: World) -> list[str]:
    """Return a name for each centre: that of its facility; of several, the district they stand in and their number."""
    district = district_at(world, centres.x_m, centres.y_m)
    found = []
    for centre, unit in enumerate(district.tolist()):
        members = centres.members(centre)
        name = str(world.facilities.name[members[0]])
        if len(members) > 1:
            of_many = world.districts.polygon is not None and len(world.districts.ids) > 1 and unit >= 0
            name = f"{world.districts.name[unit]} ({len(members)})" if of_many else f"{name} +{len(members) - 1}"
        found.append(name)
    return found


def _because(standing: Standing) -> dict[str, str]:
    """Return for each centre that took people over, from whom and why: ``clinic-7 (2100 < 3000)``."""
    found: dict[str, list[str]] = {}
    for step in standing.merges:
        for taker, _people in step.to:
            found.setdefault(taker, []).append(f"{step.centre} ({step.users:.10g} < {standing.need:.10g})")
    return {taker: "; ".join(reasons) for taker, reasons in found.items()}
