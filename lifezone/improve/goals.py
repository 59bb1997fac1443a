"""What separation, equity and fronts ask beyond a plain question: trips between sites, today's trips, costs."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

import numpy as np

from lifezone.errors import Fault, InputError, some_of
from lifezone.model import TOTAL, Demand, Facilities, Ints, Metric, Requirement, World
from lifezone.searches import Memory, attach_facilities, roads_of
from lifezone.siting.apart import Between
from lifezone.siting.equity import without_losses
from lifezone.siting.problem import Problem
from lifezone.siting.spec_goals import Equity, Pareto, PDispersion
from lifezone.sources.times_table import TimesTable

if TYPE_CHECKING:
    from lifezone.siting.spec_base import SitesBase
    from lifezone.sources.reading import Reading

__all__ = ["with_goals"]

_MOST_PAIRS: Final = 30_000_000
"""Pairs of sites beyond which the separation of all of them is not looked at."""


def with_goals(
    problem: Problem, world: World, spec: SitesBase, facilities: Facilities, site: Ints, rule: Requirement,
    *, reading: Reading | None, memory: Memory, notes: list[str],
) -> Problem:  # fmt: skip
    """Return the question with what its method asks for beyond trips from people to sites.

    Args:
        problem: the question so far.
        world: roads or ready-made times.
        spec: as the planner wrote it.
        facilities: the study's facilities and the candidates.
        site: i32[S] position of each site in ``facilities``.
        rule: mode and metric of the trips.
        reading: the study, for separations from a table.
        memory: what a run computed already.
        notes: what was assumed is added here.

    Raises:
        InputError: something is missing that the method needs.
    """
    if isinstance(spec, Equity):
        problem = _equity(problem, spec, rule)
    if isinstance(spec, Pareto):
        problem = _front(problem, spec, rule)
    if spec.apart is None and spec.between is not None and not isinstance(spec, PDispersion):
        raise InputError(Fault("between says how far sites are from one another, which only apart and the method "
                               "p_dispersion ask", ("between",)))  # fmt: skip
    if spec.apart is None and not isinstance(spec, PDispersion):
        return problem
    metric: Metric = rule.metric if spec.apart is None else spec.apart.metric
    between = _between(world, spec, facilities, site, replace(rule, metric=metric), reading, memory, notes)
    return replace(problem, between=between, apart=0.0 if spec.apart is None else spec.apart.value)


def _equity(problem: Problem, spec: Equity, rule: Requirement) -> Problem:
    """Add what is made least, and that nobody's trip becomes longer."""
    limit = float("inf")
    if spec.least == "fgt2":
        _need_bound(rule, "fgt2")
    if spec.least == "gini":
        if spec.mean_at_most is None:
            raise InputError(Fault("gini needs mean_at_most, e.g. '12 min': equal and far for everybody is no aim",
                                   ("mean_at_most",)))  # fmt: skip
        if spec.mean_at_most.metric != rule.metric:
            raise InputError(Fault(f"trips are measured by {rule.metric}: mean_at_most must be too", ("mean_at_most",)))
        limit = spec.mean_at_most.value
    elif spec.mean_at_most is not None:
        raise InputError(Fault("mean_at_most belongs to least: gini", ("mean_at_most",)))
    problem = replace(problem, least=spec.least, mean_at_most=limit)
    return problem if spec.allow_losses else without_losses(problem)


def _front(problem: Problem, spec: Pareto, rule: Requirement) -> Problem:
    """Add the goals, and that nobody's trip becomes longer."""
    for goal in spec.goals:
        if goal in ("beyond", "equity"):
            _need_bound(rule, f"the goal {goal}")
    problem = replace(problem, goals=tuple(spec.goals), at_most=True)
    return problem if spec.allow_losses else without_losses(problem)


def _need_bound(rule: Requirement, what: str) -> None:
    """Ask for a bound."""
    if rule.bound is None:
        raise InputError(Fault(f"{what} needs a bound such as '15 min': no standard here has one for "
                               f"{', '.join(rule.kinds)}", ("bound",)))  # fmt: skip


def _between(
    world: World, spec: SitesBase, facilities: Facilities, site: Ints, rule: Requirement, reading: Reading | None,
    memory: Memory, notes: list[str],
) -> Between:  # fmt: skip
    """Return how far sites of one kind are from one another, the lesser of both directions."""
    if len(site) ** 2 > _MOST_PAIRS:
        raise InputError(Fault(f"{len(site):,} sites are too many to look at every two of them: take fewer candidates",
                               ("candidates",)))  # fmt: skip
    source = spec.between
    if isinstance(source, TimesTable):
        a, b, cost = _from_table(source, facilities, site, rule, reading)
        unit = "seconds" if rule.metric == "time" else "metres"
    elif source is not None and source.type == "straight_line":
        if spec.apart is not None and spec.apart.metric == "time":
            raise InputError(Fault("a straight line has a length and no time: give apart in metres", ("apart",)))
        a, b, cost = _by_air(facilities, site)
        unit = "metres in a straight line"
        notes.append("separations of sites are straight lines, not ways")
    else:
        a, b, cost = _by_road(world, spec, facilities, site, rule, memory)
        unit = "seconds" if rule.metric == "time" else "metres"
    same = facilities.kind[site[a]] == facilities.kind[site[b]]
    return Between.of(a[same], b[same], cost[same], unit)


def _by_road(
    world: World, spec: SitesBase, facilities: Facilities, site: Ints, rule: Requirement, memory: Memory
) -> tuple[Ints, Ints, np.ndarray]:
    """Search the roads from every site to every other one, door to door as for people."""
    from lifezone.routing import within  # noqa: PLC0415

    given = world.given_times(rule.mode, rule.direction) is not None
    if rule.mode not in world.network.seconds or (given and spec.between is None):
        raise InputError(Fault("ready-made times do not say how far sites are from one another: give between, a table "
                               "of sites (type: table), the roads (type: roads) where there are any, or straight "
                               "lines (type: straight_line)", ("between",)))  # fmt: skip
    seen = replace(world, facilities=facilities)
    at_sites = attach_facilities(seen, site, rule.mode, memory)
    reach = float("inf") if spec.apart is None or isinstance(spec, PDispersion) else spec.apart.value
    times = within(roads_of(seen, rule.mode, memory), at_sites, at_sites, np.arange(len(site), dtype=np.int32), reach,
                   metric=rule.metric, threads=2)  # fmt: skip
    cost = times.seconds if rule.metric == "time" else times.metres
    row = np.repeat(np.arange(len(site), dtype=np.int32), np.diff(times.first))
    return row, times.facility, cost


def _by_air(facilities: Facilities, site: Ints) -> tuple[Ints, Ints, np.ndarray]:
    """Measure straight lines."""
    a, b = (side.astype(np.int32) for side in np.triu_indices(len(site), 1))
    x_m, y_m = facilities.x_m[site], facilities.y_m[site]
    if not np.isfinite(x_m).all():
        raise InputError(Fault("straight lines between sites are not known: some have no coordinates", ("between",)))
    return a, b, np.hypot(x_m[a] - x_m[b], y_m[a] - y_m[b])


def _from_table(
    source: TimesTable, facilities: Facilities, site: Ints, rule: Requirement, reading: Reading | None
) -> tuple[Ints, Ints, np.ndarray]:
    """Read the separations of sites from a table: one row a pair, in either direction or in both."""
    if reading is None:
        raise InputError("separations from a table need the scenario's files")
    places = facilities.place_ids[site]
    _, first = np.unique(places.astype(str), return_index=True)
    if len(first) < len(places):
        shared = [one for one in places.tolist() if (places == one).sum() > 1]
        raise InputError(Fault(f"sites share a place, so that a table cannot tell them apart: {some_of(shared)}",
                               ("between",)))  # fmt: skip
    n = len(site)
    as_points = Demand(
        ids=places, x_m=facilities.x_m[site], y_m=facilities.y_m[site], people=np.zeros((n, 1)), groups=(TOTAL,),
        district=np.zeros(n, np.int32), urban=np.zeros(n, np.bool_),
    )  # fmt: skip
    try:
        given, _ = source.load(reading, as_points, facilities)
    except InputError as error:
        raise InputError([fault.under(("between",)) for fault in error.faults]) from error
    times = given.between(as_points, facilities, site, rule.metric)
    number = np.full(facilities.n_facilities, -1, np.int32)
    number[site] = np.arange(n, dtype=np.int32)
    cost = times.seconds if rule.metric == "time" else times.metres
    return np.repeat(np.arange(n, dtype=np.int32), np.diff(times.first)), number[times.facility], cost
