"""Whom a function is for."""

from __future__ import annotations

import numpy as np

from lifezone.model import Floats, World
from lifezone.zoning.spec import FunctionSpec

__all__ = ["weights_of"]


def weights_of(world: World, spec: FunctionSpec) -> Floats:
    """Return f64[P] the function's people: its groups by their weights."""
    demand = world.demand
    weight = np.zeros(demand.n_points)
    for group, factor in spec.groups.items():
        weight += factor * demand.of(group)
    return weight
