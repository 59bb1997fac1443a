"""How people get to the sites of a question: the rule that says mode and bound, and the trips themselves."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

import numpy as np

from lifezone.assess import Memory, attach_demand, attach_facilities, roads_of
from lifezone.errors import Fault
from lifezone.model import Facilities, Ints, Metric, Requirement, Standard, TravelTimes, World
from lifezone.siting.problem import Pairs

if TYPE_CHECKING:
    from lifezone.siting.spec_base import SitesBase

__all__ = ["pairs_of", "rule_of", "trips"]

_MOST_PAIRS: Final = 30_000_000
"""Pairs of points and sites up to which trips of any length are looked at."""
_FAR_S: Final = 3600.0
"""Reach beyond that many pairs, where the question names none; told."""


def rule_of(world: World, spec: SitesBase, standard: Standard | None, faults: list[Fault]) -> Requirement | None:
    """Return the requirement that says mode, bound and direction: the standard's, as the question changes it."""
    rules = () if standard is None else standard.requirements
    own = next((rule for rule in rules if spec.kind in rule.kinds and rule.bound is not None), None)
    mode = spec.mode or (own.mode if own else None)
    if mode is None:
        modes = list(world.network.seconds) or [times.mode for times in world.times if times.mode]
        mode = modes[0] if modes else ""
    bound, metric = (own.bound, own.metric) if own else (None, "time")
    if spec.bound is not None:
        bound, metric = spec.bound.value, spec.bound.metric
    direction = own.direction if own else "to_facility"
    if bound is None and spec.needs_bound:
        faults.append(Fault(f"{spec.method} needs a bound such as '15 min': no standard here has one for {spec.kind}",
                            ("bound",)))  # fmt: skip
    if mode not in world.network.seconds and world.given_times(mode, direction) is None:
        known = ", ".join(world.network.seconds) or "none"
        faults.append(Fault(f"there are no travel times for mode {mode!r}; the roads have {known}", ("mode",)))
    if faults:
        return None
    return Requirement(id="siting", kinds=(spec.kind,), mode=mode, bound=bound, metric=metric, direction=direction)


def trips(
    world: World, facilities: Facilities, site: Ints, rule: Requirement, spec: SitesBase, memory: Memory,
    notes: list[str],
) -> TravelTimes:  # fmt: skip
    """Return the trips from every demand point to every site that the question needs."""
    given = world.given_times(rule.mode, rule.direction)
    metric: Metric = rule.metric
    if given is not None:
        return given.between(world.demand, facilities, site, metric)
    from lifezone.routing import within  # noqa: PLC0415

    reach = spec.reach
    if reach is None and spec.needs_bound and rule.bound is not None:
        reach = rule.bound
    if reach is None:
        reach = float("inf")
        if world.demand.n_points * len(site) > _MOST_PAIRS:
            reach = _FAR_S if metric == "time" else 60_000.0
            notes.append(f"trips of more than {reach:g} {'seconds' if metric == 'time' else 'metres'} are not "
                         "looked at (reach), as there are many candidates")  # fmt: skip
    seen = replace(world, facilities=facilities)
    return within(
        roads_of(seen, rule.mode, memory), attach_demand(seen, rule.mode, memory),
        attach_facilities(seen, site, rule.mode, memory), site, reach,
        metric=metric, direction=rule.direction, threads=2,
    )  # fmt: skip


def pairs_of(times: TravelTimes, site: Ints, row: Ints, metric: Metric) -> Pairs:
    """Return the trips of the rows counted, with sites in place of facilities."""
    number = np.full(int(site.max()) + 1, -1, np.int32)
    number[site] = np.arange(len(site), dtype=np.int32)
    cost = times.seconds if metric == "time" else times.metres
    pairs = Pairs(times.first, number[times.facility], np.asarray(cost, np.float64), len(site))
    wanted = np.zeros(times.n_points, np.bool_)
    wanted[row] = True
    return pairs.rows(wanted)
