"""What sections ask of the people of a variant, point by point: values of a requirement, settings, districts.

Figures of areas come from the tables of the run. What the tables do not hold (a whole curve, a Gini index, coverage by
setting) is computed here and in the sections from the verdicts of the run, by the functions that judge.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from lifezone.access import coverage
from lifezone.model import TOTAL, Bools, Floats, Longs, Requirement, Variant
from lifezone.report.charts.cumulative import Curve
from lifezone.report.material import Material
from lifezone.standards.summary import assessed

__all__ = ["Judged", "coverage_at", "judged", "main_requirements", "settings", "told_requirements", "unit_value"]

_MOST_MAIN = 8


@dataclass(frozen=True, eq=False)
class Judged:
    """The people whom a requirement judges in a variant.

    Attributes:
        rule: the requirement.
        group: whose people.
        rows: i64[n] positions of the points.
        value: f64[n] minutes, or metres where the bound is in metres; ``inf`` = no way there.
        people: f64[n] persons.
        bound: in the unit of ``value``.
    """

    rule: Requirement
    group: str
    rows: Longs
    value: Floats
    people: Floats
    bound: float

    def curve(self, name: str) -> Curve:
        """Return them as a curve with a name."""
        return Curve(name, self.value, self.people)


def judged(material: Material, variant: str, requirement: str) -> Judged | None:
    """Return who is judged by a requirement in a variant; None where it is not assessed there or has no figure."""
    study = material.variant(variant)
    verdicts = study.assessment.verdicts.get(requirement)
    rule = next((one for one in study.assessment.standard.requirements if one.id == requirement), None)
    if verdicts is None or rule is None or rule.bound is None or not assessed(verdicts):
        return None
    group = material.effective_group(requirement, variant)
    demand = study.world.demand
    if group not in demand.groups:
        return None
    people = demand.of(group)
    rows = np.flatnonzero(verdicts.judged & (people > 0) & demand.inside)
    return Judged(rule, group, rows, unit_value(rule, verdicts.seconds, verdicts.metres)[rows], people[rows],
                  rule.bound / 60 if rule.metric == "time" else rule.bound)  # fmt: skip


def unit_value(rule: Requirement, seconds: Floats, metres: Floats) -> Floats:
    """Return what a requirement measures: minutes, or metres."""
    return seconds / 60 if rule.metric == "time" else metres


def told_requirements(material: Material) -> list[str]:
    """Return the requirements that the baseline judges somebody by, in the standard's order."""
    rows = material.headline("summary", material.baseline)
    return [str(key) for key, count in zip(rows["requirement"], rows["judged"], strict=True) if count > 0]


def main_requirements(material: Material) -> list[str]:
    """Return the requirements that are told at length: anchors of the desert test, and what a variant changes.

    Without either, those with the least coverage. In the standard's order; at most eight, anchors first.
    """
    told = told_requirements(material)
    test = material.standard.desert
    anchors = [] if test is None else [one for ids in test.functions.values() for one in ids]
    moved = material.headline("changes")
    changed = set(moved[(moved["gain"] > 0) | (moved["lose"] > 0)]["requirement"])
    chosen = [key for key in told if key in anchors] + [key for key in told if key in changed and key not in anchors]
    if not chosen:
        rows = material.headline("summary", material.baseline).sort_values("coverage", kind="stable")
        chosen = [str(key) for key in rows["requirement"] if key in told]
    kept = set(chosen[:_MOST_MAIN])
    return [key for key in told if key in kept]


def settings(study: Variant) -> Bools | None:
    """Return bool[P] where a point is urban, as urban requirements tell by judging it; None where all are alike."""
    demand = study.world.demand
    lived = demand.inside & (demand.of(TOTAL) > 0)
    both = (demand.urban & lived).any() and (~demand.urban & lived).any()
    return demand.urban if both else None


def coverage_at(study: Variant, requirement: str, rows: Longs, group: str = TOTAL) -> tuple[float, float]:
    """Return people judged and covered at some points."""
    verdicts = study.assessment.verdicts[requirement]
    own = study.world.demand.of(group)[rows]
    counts = coverage(verdicts.met[rows], verdicts.uncertain[rows], verdicts.judged[rows], own)
    return counts.judged, counts.covered
