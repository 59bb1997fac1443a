"""How people get to the sites of a question: the rule that says mode and bound, and the trips themselves."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

import numpy as np

from lifezone.assess import Memory, attach_demand, attach_facilities, roads_of
from lifezone.errors import Fault
from lifezone.improve.people import Rows
from lifezone.improve.sites import Sites
from lifezone.model import Facilities, Floats, Metric, Requirement, Standard, TravelTimes, World
from lifezone.siting.problem import Pairs

if TYPE_CHECKING:
    from lifezone.siting.spec_base import SitesBase

__all__ = ["pairs_of", "rules_of"]

_MOST_PAIRS: Final = 30_000_000
"""Pairs of points and sites up to which trips of any length are looked at."""
_FAR_S: Final = 3600.0
_FAR_M: Final = 60_000.0
"""Reach beyond that many pairs, where the question names none; told."""


def rules_of(world: World, spec: SitesBase, standard: Standard | None, faults: list[Fault]) -> tuple[Requirement, ...]:
    """Return for each kind the requirement that says mode, bound and direction: the standard's, as changed here.

    Returns:
        One for each kind asked about, in that order; none when there are faults.
    """
    before = len(faults)
    rules = tuple(_rule(world, spec, standard, kind, faults) for kind in spec.asked)
    if len({rule.metric for rule in rules}) > 1:
        faults.append(Fault("one kind is asked about in minutes, another in metres: give bound for each in one unit",
                            ("bound",)))  # fmt: skip
    for key, limit in (("reach", spec.reach), ("most_extra", spec.most_extra)):
        if limit is not None and any(limit.metric != rule.metric for rule in rules):
            unit = "minutes" if rules[0].metric == "time" else "metres"
            faults.append(Fault(f"trips are asked about in {unit} here: write {key} in {unit} too", (key,)))
    return () if len(faults) > before else rules


def _rule(world: World, spec: SitesBase, standard: Standard | None, kind: str, faults: list[Fault]) -> Requirement:
    """Return the rule for one kind."""
    rules = () if standard is None else standard.requirements
    own = next((rule for rule in rules if kind in rule.kinds and rule.bound is not None), None)
    mode = spec.each("mode", kind) or (own.mode if own else None)
    if mode is None:
        modes = list(world.network.seconds) or [times.mode for times in world.times if times.mode]
        mode = modes[0] if modes else ""
    asked = spec.each("bound", kind)
    direction = own.direction if own else "to_facility"
    if own is None and asked is None and spec.counts_cover:
        told = f"{spec.method} needs a bound" if spec.needs_bound else "who is covered needs a bound"
        faults.append(Fault(f"{told} such as '15 min': no standard here has one for {kind}", ("bound",)))
    if mode not in world.network.seconds and world.given_times(mode, direction) is None:
        known = ", ".join(world.network.seconds) or "none"
        faults.append(Fault(f"there are no travel times for mode {mode!r}; the roads have {known}", ("mode",)))
    rule = Requirement(id="siting", kinds=(kind,), mode=mode, bound=None, direction=direction)
    if own is not None:
        rule = replace(own, id="siting", kinds=(kind,), mode=mode)
    if asked is not None:
        rule = replace(rule, bound=asked.value, metric=asked.metric, by_density=(), growth=None)
    return rule


def pairs_of(
    world: World, facilities: Facilities, sites: Sites, rows: Rows, rules: tuple[Requirement, ...], bound: Floats,
    spec: SitesBase, memory: Memory, notes: list[str],
) -> Pairs:  # fmt: skip
    """Return the trips from every row to the sites of its kind that the question needs."""
    parts = []
    for k, rule in enumerate(rules):
        of_kind, mine = np.flatnonzero(sites.kind == k), rows.need == k
        reach = _reach(world, len(of_kind), rule, bound[mine], spec, notes)
        given = world.given_times(rule.mode, rule.direction)
        if given is not None:
            times = given.between(world.demand, facilities, sites.at[of_kind], rule.metric)
            part = _of_rows(times, sites, of_kind, rows.point[mine], rule.metric)
        else:
            part = _by_road(world, facilities, sites, of_kind, rows.point[mine], rule, reach, memory)
        parts.append(part if spec.reach is None else part.within(spec.reach.value))
    if len(parts) == 1:
        return parts[0]
    first = np.concatenate([[0], *(part.first[1:] + sum(len(one.site) for one in parts[:n])
                                   for n, part in enumerate(parts))])  # fmt: skip
    return Pairs(
        first.astype(np.int64), np.concatenate([part.site for part in parts]),
        np.concatenate([part.cost for part in parts]), len(sites.at),
    )  # fmt: skip


def _reach(world: World, n_sites: int, rule: Requirement, bound: Floats, spec: SitesBase, notes: list[str]) -> float:
    """Return how long trips are that the question needs, in the rule's unit."""
    if spec.reach is not None:
        return spec.reach.value
    if spec.needs_bound and spec.most_extra is None and len(bound) and np.isfinite(bound.max()):
        return float(bound.max())
    if world.demand.n_points * n_sites <= _MOST_PAIRS or world.given_times(rule.mode, rule.direction) is not None:
        return float("inf")
    reach, unit = (_FAR_S, "seconds") if rule.metric == "time" else (_FAR_M, "metres")
    notes.append(f"trips of more than {reach:g} {unit} are not looked at (reach), as there are many candidates")
    return reach


def _by_road(
    world: World, facilities: Facilities, sites: Sites, of_kind: np.ndarray, point: np.ndarray, rule: Requirement,
    reach: float, memory: Memory,
) -> Pairs:  # fmt: skip
    """Return the trips by road of some demand points to the sites of a kind; ties go to the lower site."""
    from lifezone.routing import costs_within  # noqa: PLC0415

    seen = replace(world, facilities=facilities)
    order = of_kind[np.argsort(sites.at[of_kind], kind="stable")]
    found = costs_within(
        roads_of(seen, rule.mode, memory), attach_demand(seen, rule.mode, memory).take(point),
        attach_facilities(seen, sites.at[order], rule.mode, memory), reach,
        metric=rule.metric, direction=rule.direction, threads=2,
    )  # fmt: skip
    if (np.diff(order) > 0).all():
        return Pairs(found.first, order.astype(np.int32)[found.facility], found.cost, len(sites.at))
    row = np.repeat(np.arange(len(point), dtype=np.int32), np.diff(found.first))
    return Pairs.of(row, order[found.facility], found.cost, len(point), len(sites.at))


def _of_rows(times: TravelTimes, sites: Sites, of_kind: np.ndarray, point: np.ndarray, metric: Metric) -> Pairs:
    """Return the trips of some demand points, with sites in place of facilities; ties go to the lower site."""
    number = np.full(int(sites.at.max()) + 1, -1, np.int32)
    number[sites.at[of_kind]] = of_kind
    cost = np.asarray(times.seconds if metric == "time" else times.metres, np.float64)
    count = np.diff(times.first)[point]
    row = np.repeat(np.arange(len(point), dtype=np.int32), count)
    at = np.arange(len(row)) + np.repeat(times.first[:-1][point] - (np.cumsum(count) - count), count)
    return Pairs.of(row, number[times.facility[at]], cost[at], len(point), len(sites.at))
