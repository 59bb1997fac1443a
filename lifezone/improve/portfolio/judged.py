"""What a judged world weighs by each measure, from its verdicts alone: how the audit sees a combination of projects."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np

from lifezone.model import Assessment, Demand, Floats, Requirement
from lifezone.standards import effective_group
from lifezone.standards.deserts import is_desert, lost_functions

if TYPE_CHECKING:
    from lifezone.siting.portfolio_spec import Portfolio

__all__ = ["burdens", "people_of"]


def people_of(demands: Sequence[Demand], group: str) -> Floats:
    """Return f64[P, A] people of a group inside the study area in each known year."""
    return np.stack([np.where(one.inside, one.of(group), 0.0) for one in demands], axis=1)


def burdens(
    assessment: Assessment, demands: Sequence[Demand], rules: Sequence[Requirement], anchors: Sequence[str],
    spec: Portfolio,
) -> Mapping[str, Floats]:  # fmt: skip
    """Return f64[A] by measure: person-minutes travelled, people beyond bounds, people in life deserts.

    Args:
        assessment: the world judged.
        demands: its people in each known year.
        rules: requirements that are valued.
        anchors: requirements of the desert test that are judged.
        spec: trips a year and the cap.
    """
    n_years = len(demands)
    minutes, beyond, desert = np.zeros(n_years), np.zeros(n_years), np.zeros(n_years)
    for rule in rules:
        verdict = assessment.verdicts[rule.id]
        people = people_of(demands, effective_group(rule, demands[0])[0])[verdict.judged]
        if rule.metric == "time":
            each_s = np.minimum(verdict.seconds[verdict.judged], spec.cap)
            minutes += spec.trips.get(rule.id, 1.0) * (each_s / 60.0) @ people
        beyond += (~verdict.met[verdict.judged]).astype(np.float64) @ people
    test = assessment.standard.desert
    if test is not None and anchors:
        known = {one: assessment.verdicts[one] for one in anchors}
        lost, _ = lost_functions(test, known, demands[0].n_points)
        for year, demand in enumerate(demands):
            desert[year] = float(demand.total[is_desert(test, lost, demand)].sum())
    return {"person_minutes": minutes, "covered": beyond, "lifted": desert}
