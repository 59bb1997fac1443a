"""Official convention and modelled time side by side, and the people whose verdict differs (D7).

(1)  speed: metres of the shortest way along the road ÷ speed ≤ bound
(2)  bound: another bound, in minutes by the quickest way or in metres by the shortest
(3)  speed share: the quickest trip on roads driven at a share of the modelled speeds ≤ bound
(4)  area mean: everybody of a district is met when the plain mean over its lived-in points that reach ≤ the mean of
     their bounds

(1)–(3) are the requirement itself with another metric, bound or speed, judged at the very points that it judges.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from lifezone.access import NearestTrip, weighted_mean, within
from lifezone.model import Convention, Floats, Longs, Reading, Requirement, Variant, Verdicts
from lifezone.standards.density import bounds_at
from lifezone.standards.judge import effective_group, where_reached
from lifezone.standards.rows import ConventionRow
from lifezone.standards.rule_fields import converted
from lifezone.standards.summary import Area, areas

__all__ = ["as_read", "differences", "reading"]


def as_read(requirement: Requirement, convention: Convention) -> Requirement | None:
    """Return the requirement as a convention reads it, equations (1) to (3); None for area means."""
    if convention.area_mean:
        return None
    if convention.speed_mps is not None:
        return converted(replace(requirement, speed_mps=convention.speed_mps, growth=None))
    if convention.bound is not None:
        return replace(
            requirement, bound=convention.bound, metric=convention.metric, optimum=None, by_density=(), growth=None,
            speed_mps=None,
        )  # fmt: skip
    return replace(requirement, speed_share=convention.speed_share, share_of=convention.share_of)


def reading(
    convention: Convention,
    rule: Requirement | None,
    trip: NearestTrip | None,
    verdicts: Verdicts,
    *,
    density: Floats | None,
) -> Reading:
    """Return how a convention reads a requirement.

    Args:
        convention: the convention.
        rule: of :func:`as_read`; None for area means.
        trip: the trip that counts for ``rule``; None for area means.
        verdicts: the modelled verdicts, for what is off the network, and whose trips area means are taken of.
        density: f64[P] for bounds by density.
    """
    if rule is None or trip is None:
        return Reading(convention, verdicts.seconds, np.empty(0, np.bool_))
    reached = (trip.facility >= 0) & (verdicts.facility >= 0)
    metres = where_reached(reached, trip.metres, np.inf)
    value = where_reached(reached, trip.seconds, np.inf) if rule.metric == "time" else metres
    return Reading(convention, value, within(value, bounds_at(rule, metres, density)[0]))


def differences(variant: Variant) -> list[ConventionRow]:
    """Return the rows of ``conventions.csv``: by district, requirement and convention."""
    assessment = variant.assessment
    rules = {rule.id: rule for rule in assessment.standard.requirements}
    return [
        row
        for area in areas(variant.world)
        for key, readings in assessment.official.items()
        for row in _rows(variant, area, rules[key], readings)
    ]


def _rows(variant: Variant, area: Area, rule: Requirement, readings: Sequence[Reading]) -> list[ConventionRow]:
    """Compare every reading of a requirement with its verdicts in one area."""
    assessment, demand = variant.assessment, variant.world.demand
    verdicts = assessment.verdicts[rule.id]
    group = effective_group(rule, demand)[0]
    here = area.rows[verdicts.judged[area.rows]]
    people = demand.of(group)[here]
    return [_row((variant.name, area.id, rule.id, group), rule, one, verdicts, here, people) for one in readings]


def _row(
    key: tuple[str, str, str, str], rule: Requirement, one: Reading, verdicts: Verdicts, here: Longs, people: Floats
) -> ConventionRow:
    """Compare one reading with the verdicts at the judged points ``here`` of an area."""
    met, value = verdicts.met[here], one.value[here]
    equal = np.ones(len(here))
    if one.convention.area_mean:
        mean = weighted_mean(value, equal)
        bound = weighted_mean(verdicts.bound[here], equal)  # bounds may differ from point to point
        is_met = np.full(len(here), mean is not None and bound is not None and bool(within(np.array([mean]), bound)[0]))
    else:
        mean, is_met = weighted_mean(value, people), one.met[here]
    by_time = one.convention.area_mean or (as_read(rule, one.convention) or rule).metric == "time"
    return ConventionRow(
        *key,
        convention=one.convention.id,
        judged=float(people.sum()),
        met=float(people[met].sum()),
        met_officially=float(people[is_met].sum()),
        differs=float(people[met != is_met].sum()),
        only_modelled=float(people[met & ~is_met].sum()),
        only_official=float(people[is_met & ~met].sum()),
        modelled_minutes=_minutes(weighted_mean(verdicts.seconds[here], people)),
        official_minutes=_official_minutes(mean, one.convention, by_time=by_time),
        official_metres=None if by_time or mean is None else mean,
        no_path=float(people[~np.isfinite(value)].sum()),
        source=one.convention.source,
    )


def _official_minutes(mean: float | None, convention: Convention, *, by_time: bool) -> float | None:
    """Return the mean in minutes, of metres at the convention's speed; None for a bound in metres alone."""
    if by_time:
        return _minutes(mean)
    return None if mean is None or convention.speed_mps is None else mean / convention.speed_mps / 60.0


def _minutes(seconds: float | None) -> float | None:
    return None if seconds is None else seconds / 60.0
