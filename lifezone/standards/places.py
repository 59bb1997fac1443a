"""Headcount of coverage where places are counted: served, in reach but full, out of reach (D8).

People of the group who ask for a place (``use`` of them) are served nearest first (:mod:`lifezone.access.served`).
Facilities whose capacity is not known take everybody, told; where none is known, capacity is not tested. The verdict
``met`` stays what it is: within the bound.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from lifezone.access import serve, within
from lifezone.errors import some_of
from lifezone.model import Facilities, Floats, Requirement, TravelTimes, Verdicts, World
from lifezone.standards.attendance import catchment_of, only_allowed
from lifezone.standards.density import bounds_at

__all__ = ["headcount", "untested"]


def untested(requirement: Requirement, facilities: Facilities) -> str | None:
    """Say why capacity cannot be tested, or None when it can."""
    positions = facilities.open_of(requirement.kinds, requirement.least_capacity)
    if len(positions) and np.isnan(facilities.capacity[positions]).all():
        return (
            f"{requirement.id}: capacity not tested, no open facility of {', '.join(requirement.kinds)} tells its own"
        )
    return None


def headcount(
    world: World,
    requirement: Requirement,
    verdicts: Verdicts,
    pairs: TravelTimes,
    *,
    group: str,
    density: Floats | None,
) -> tuple[Floats, Floats, list[str]]:
    """Return people served and in reach but full, at the points that are judged (NaN elsewhere), and what to tell.

    Args:
        world: people, facilities, attendance areas.
        requirement: asks for a capacity test.
        verdicts: its verdicts.
        pairs: all trips within its widest bound.
        group: whose people ask for places.
        density: f64[P] for bounds by density.
    """
    test, facilities, demand = requirement.capacity, world.facilities, world.demand
    if test is None:
        raise ValueError(f"{requirement.id} has no capacity test")
    people = demand.of(group)
    capacity = facilities.capacity * test.people_per_unit
    places = np.where(np.isnan(capacity), np.inf, capacity)
    asked, in_reach = serve(_usable(world, requirement, pairs, density), people * test.use, places)
    served = np.minimum(asked / test.use, people)
    judged = verdicts.judged
    told = []
    positions = facilities.open_of(requirement.kinds, requirement.least_capacity)
    unknown = positions[np.isnan(facilities.capacity[positions])]
    if len(unknown):
        told.append(
            f"{requirement.id}: {len(unknown):,} of {len(positions):,} open facilities do not tell their capacity and "
            f"are taken to have a place for everybody: {some_of(facilities.ids[unknown].tolist())}"
        )
    full = np.where(in_reach, people - served, 0.0)
    return np.where(judged, served, np.nan), np.where(judged, full, np.nan), told


def _usable(world: World, requirement: Requirement, pairs: TravelTimes, density: Floats | None) -> TravelTimes:
    """Return the pairs within the bound of their own point that attendance areas allow."""
    point = np.repeat(np.arange(pairs.n_points), np.diff(pairs.first))
    bound, _ = bounds_at(requirement, np.zeros(pairs.n_points), density)
    keep = within(pairs.seconds if pairs.metric == "time" else pairs.metres, bound[point])
    found = {kind: catchment_of(world, kind) for kind in requirement.kinds}
    catchments = {kind: one for kind, one in found.items() if one is not None}
    if catchments:
        keep &= only_allowed(pairs, world.facilities, catchments)
    first = np.concatenate([[0], np.cumsum(np.bincount(point[keep], minlength=pairs.n_points))]).astype(np.int64)
    return replace(
        pairs, first=first, facility=pairs.facility[keep], seconds=pairs.seconds[keep], metres=pairs.metres[keep],
        access_m=pairs.access_m[keep],
    )  # fmt: skip
