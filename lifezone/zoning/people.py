"""Whom a division is for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np

from lifezone.errors import Fault
from lifezone.model import Floats, World

__all__ = ["group_faults", "weights_of"]


def weights_of(world: World, groups: Mapping[str, float]) -> Floats:
    """Return f64[P] the people who count: groups by their weights."""
    demand = world.demand
    weight = np.zeros(demand.n_points)
    for group, factor in groups.items():
        weight += factor * demand.of(group)
    return weight


def group_faults(world: World, groups: Mapping[str, float]) -> Iterator[Fault]:
    """Yield groups that the people are not counted by, and weights that are none."""
    for group, weight in groups.items():
        if group not in world.demand.groups:
            have = ", ".join(world.demand.groups)
            yield Fault(f"people are not given by the group {group!r}; there are {have}", ("groups", group))
        elif not (np.isfinite(weight) and weight >= 0):
            yield Fault(f"a weight is a number of 0 or more, got {weight}", ("groups", group))
