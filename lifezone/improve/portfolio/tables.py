"""Travel times of a portfolio: for each combination of road projects, to what stands anyway and to every touched site.

A *row* is what a trip must reach: one a requirement, and one a kind where all of its kinds are needed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from lifezone.access import within as is_within
from lifezone.assess import Memory, attach_demand, attach_facilities, nearest_trip, roads_of
from lifezone.errors import Fault
from lifezone.model import Bools, Floats, Requirement, World
from lifezone.searches import density_of, slower
from lifezone.standards.density import bounds_at

if TYPE_CHECKING:
    from lifezone.improve.portfolio.effects import Effects

__all__ = ["Row", "RuleTables", "rule_tables", "touched_of", "unlike_nearest"]


@dataclass(frozen=True, eq=False)
class Row:
    """One row of a requirement in one state.

    Attributes:
        seconds: f64[J + 1, P] to each touched site that counts, and last to the nearest of what stands anyway;
            ``inf`` = not reached.
        near: bool[J + 1, P] within the bound.
    """

    seconds: Floats
    near: Bools


@dataclass(frozen=True, eq=False)
class RuleTables:
    """A requirement in every state.

    Attributes:
        rule: the requirement.
        site: per row i64[J] the touched sites that count for it.
        states: per state its rows.
    """

    rule: Requirement
    site: tuple[np.ndarray, ...]
    states: tuple[tuple[Row, ...], ...]


def touched_of(rule: Requirement, effects: Effects) -> np.ndarray:
    """Return i64[J] the touched sites that count for a requirement, whether they stand or not."""
    facilities = effects.facilities
    codes = [facilities.kinds.index(kind) for kind in rule.kinds if kind in facilities.kinds]
    counts = np.isin(facilities.kind[effects.sites], codes)
    if rule.least_capacity is not None:
        counts &= facilities.capacity[effects.sites] >= rule.least_capacity
    return np.flatnonzero(counts)


def unlike_nearest(world: World, rules: Sequence[Requirement], effects: Effects) -> list[Fault]:
    """Return a fault for each requirement that touched sites count for and that is not about the nearest alone."""
    faults = []
    bound_to = {one.kind for one in world.allowed}
    for rule in rules:
        if not len(touched_of(rule, effects)):
            continue
        why = (
            f"counts the {rule.nearest}. nearest" if rule.nearest > 1
            else "has a bound that grows along the trip" if rule.growth is not None
            else f"has attendance areas ({', '.join(sorted(bound_to & set(rule.kinds)))})" if bound_to & set(rule.kinds)
            else ""
        )  # fmt: skip
        if why:
            faults.append(Fault(
                f"{rule.id} {why}, which a portfolio of such facilities cannot be valued by: name the requirements "
                "that are meant under requirements", ("requirements",),
            ))  # fmt: skip
    return faults


def rule_tables(rule: Requirement, worlds: Sequence[World], effects: Effects, memory: Memory) -> RuleTables:
    """Compute the trips of one requirement in every state.

    Args:
        rule: has a bound and is judged today.
        worlds: the world of each state, with ``effects.facilities`` (touched sites shut).
        effects: the sites.
        memory: what a run computed already.
    """
    parts = _parts(rule)
    states = tuple(tuple(_row(world, rule, part, effects, memory) for part in parts) for world in worlds)
    return RuleTables(rule, tuple(touched_of(part, effects) for part in parts), states)


def _parts(rule: Requirement) -> tuple[Requirement, ...]:
    """Return a requirement for each kind where all are needed, else itself."""
    if rule.match == "any" or len(rule.kinds) == 1:
        return (rule,)
    return tuple(replace(rule, kinds=(kind,), match="any") for kind in rule.kinds)


def _row(world: World, rule: Requirement, part: Requirement, effects: Effects, memory: Memory) -> Row:
    """Compute one row in one state."""
    fixed = nearest_trip(world, part, memory)
    site = touched_of(part, effects)
    seconds, metres = np.full((2, len(site) + 1, world.demand.n_points), np.inf)
    if len(site):
        seconds[:-1], metres[:-1] = _to_sites(world, part, effects.sites[site], memory)
    seconds[-1], metres[-1] = fixed.seconds, fixed.metres
    value = seconds if rule.metric == "time" else metres
    thin = density_of(world, rule, memory)
    near = np.array([
        is_within(one, bounds_at(rule, many, thin)[0]) for one, many in zip(value, metres, strict=True)
    ])  # fmt: skip
    return Row(seconds, near & np.isfinite(value))


def _to_sites(world: World, rule: Requirement, positions: np.ndarray, memory: Memory) -> tuple[Floats, Floats]:
    """Return f64[J, P] seconds and metres from every point to each of some facilities; ``inf`` = not reached."""
    given = world.given_times(rule.mode, rule.direction)
    positions = positions.astype(np.int32)
    order = np.argsort(positions, kind="stable")
    if given is not None:
        times = given.between(world.demand, world.facilities, positions[order], rule.metric)
    else:
        from lifezone.routing import within  # noqa: PLC0415

        reached = slower(world, rule, memory) if rule.speed_share is not None else world
        times = within(
            roads_of(reached, rule.mode, memory), attach_demand(reached, rule.mode, memory),
            attach_facilities(reached, positions[order], rule.mode, memory), positions[order], np.inf,
            metric=rule.metric, direction=rule.direction, threads=2,
        )  # fmt: skip
    number = np.full(world.facilities.n_facilities, -1, np.int64)
    number[positions] = np.arange(len(positions))
    point = np.repeat(np.arange(times.n_points), np.diff(times.first))
    seconds, metres = np.full((2, len(positions), times.n_points), np.inf)
    seconds[number[times.facility], point] = times.seconds
    metres[number[times.facility], point] = times.metres
    return seconds, metres
