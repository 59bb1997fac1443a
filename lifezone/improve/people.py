"""Whom a question counts: a row for each demand point and kind with people of the groups that are asked about."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from lifezone.errors import Fault
from lifezone.model import Floats, Ints, World

if TYPE_CHECKING:
    from lifezone.siting.spec_base import SitesBase

__all__ = ["Rows", "rows_of"]


class Rows(NamedTuple):
    """The R rows of a question, those of one kind after those of another.

    Attributes:
        point: i32[R] demand point.
        need: i32[R] kind, in the order asked.
        people: f64[R] people counted, groups weighted.
    """

    point: Ints
    need: Ints
    people: Floats


def rows_of(world: World, spec: SitesBase, faults: list[Fault]) -> Rows:
    """Return a row for each kind and demand point with people who count; unknown groups are faults."""
    demand = world.demand
    counts = np.ones(demand.n_points, np.bool_) if spec.around else demand.inside
    nested = any(isinstance(value, dict) for value in spec.groups.values())
    point, need, people = [], [], []
    for k, kind in enumerate(spec.asked):
        path = ("groups", kind) if nested and kind in spec.groups else ("groups",)
        counted = _people(world, spec, kind, path, faults if k == 0 or nested else [])
        at = np.flatnonzero(counts & (counted > 0)).astype(np.int32)
        point.append(at)
        need.append(np.full(len(at), k, np.int32))
        people.append(counted[at])
    if nested:
        for kind, value in spec.groups.items():
            if kind not in spec.asked or not isinstance(value, dict):
                faults.append(Fault(f"groups names {kind!r}, which is not a kind asked about", ("groups", kind)))
    if not sum(map(len, point)) and not faults:
        faults.append(Fault("nobody of these groups lives in the study area", ("groups",)))
    return Rows(np.concatenate(point), np.concatenate(need), np.concatenate(people))


def _people(world: World, spec: SitesBase, kind: str, path: tuple[str, ...], faults: list[Fault]) -> Floats:
    """Return f64[P] people counted for a kind."""
    demand = world.demand
    people = np.zeros(demand.n_points)
    for group, weight in spec.groups_of(kind).items():
        if group not in demand.groups:
            known = ", ".join(demand.groups)
            faults.append(Fault(f"people are not given by the group {group!r}; there are {known}", (*path, group)))
        else:
            people += weight * demand.of(group)
    return people
