"""Whom a question counts, and what limits the choice: money and capacities."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from lifezone.errors import Fault, some_of
from lifezone.model import Bools, Facilities, Floats, Ints, World

if TYPE_CHECKING:
    from lifezone.siting.spec_base import SitesBase

__all__ = ["capacities", "opening_costs", "people_counted"]


def people_counted(world: World, spec: SitesBase, faults: list[Fault]) -> tuple[Floats, Ints]:
    """Return the people counted and the demand points that have some, inside the study area."""
    demand = world.demand
    people = np.zeros(demand.n_points)
    for group, weight in spec.groups.items():
        if group != "total" and group not in demand.groups:
            faults.append(Fault(f"people are not given by the group {group!r}; there are {', '.join(demand.groups)}",
                                ("groups", group)))  # fmt: skip
        elif not (np.isfinite(weight) and weight >= 0):
            faults.append(Fault(f"a weight is a number of 0 or more, got {weight}", ("groups", group)))
        else:
            people += weight * (demand.total if group == "total" else demand.of(group))
    counted = np.flatnonzero(demand.inside & (people > 0)).astype(np.int32)
    if not len(counted) and not faults:
        faults.append(Fault("nobody of these groups lives in the study area", ("groups",)))
    return people[counted], counted


def opening_costs(
    facilities: Facilities, site: Ints, open_now: Bools, spec: SitesBase, faults: list[Fault]
) -> Floats | None:
    """Return f64[S] the cost of opening, or None when money plays no part."""
    if spec.budget is None:
        return None
    cost = np.where(np.isnan(facilities.cost[site]), np.nan if spec.cost is None else spec.cost, facilities.cost[site])
    cost[open_now] = 0.0
    unknown = np.isnan(cost)
    if unknown.any():
        faults.append(Fault(f"a budget needs the cost of every candidate: {int(unknown.sum()):,} have none, e.g. "
                            f"{some_of(facilities.ids[site[unknown]].tolist())}; give a column cost, or cost: here",
                            ("budget",)))  # fmt: skip
        return None
    return cost


def capacities(facilities: Facilities, site: Ints, spec: SitesBase, faults: list[Fault]) -> Floats | None:
    """Return f64[S] capacities where they count."""
    if not spec.capacity:
        return None
    capacity = facilities.capacity[site].astype(float)
    if np.isnan(capacity).any():
        unknown = facilities.ids[site[np.isnan(capacity)]].tolist()
        faults.append(Fault(f"{len(unknown):,} facilities have no capacity: {some_of(unknown)}; give their column "
                            "capacity, or leave capacity: false", ("capacity",)))  # fmt: skip
    return capacity
