"""The class of a district by the share of its people within the national minimum (D4).

(1)  s_r = people of the requirement's group within the bound ÷ people of the group that are judged
(2)  A: s ≥ .90 (the Korean standard's own design basis), B: s ≥ .70 (mirror of the 30 % rule), C: s ≥ .50, else D
(3)  the district's class is that of the mean s over requirements, at best C when any requirement is D
(4)  boundary: with all uncertain verdicts unmet, or all met, (3) or the class of the lowest requirement is another one
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

import numpy as np

from lifezone.access import Coverage, coverage
from lifezone.model import Assessment, Demand, Requirement, Variant, World
from lifezone.standards.judge import effective_group
from lifezone.standards.rows import ClassRow
from lifezone.standards.summary import Area, areas, assessed

__all__ = ["BREAKS", "class_of", "classify", "overall_class", "settled_class"]

BREAKS: Final = ((0.90, "A"), (0.70, "B"), (0.50, "C"))
"""Least share of each class, from the best; below the last is D."""
_STICKY: Final = 0.02
"""Between editions a class changes only when the share moves by more."""
_SLACK: Final = 1e-9


def class_of(share: float) -> str:
    """Return the class of one share, equation (2)."""
    return next((name for least, name in BREAKS if share >= least - _SLACK), "D")


def overall_class(shares: Sequence[float]) -> str:
    """Return the class of several requirements' shares together, equation (3); at least one is needed."""
    overall = class_of(float(np.mean(shares)))
    capped = any(class_of(share) == "D" for share in shares)
    return max(overall, "C") if capped else overall


def settled_class(before: str, share_before: float, share_now: float) -> str:
    """Return this edition's class: the earlier one unless the share moved by more than 2 points."""
    return class_of(share_now) if abs(share_now - share_before) > _STICKY + _SLACK else before


def classify(variant: Variant) -> list[ClassRow]:
    """Return the rows of ``classes.csv`` for one variant: the whole area, then every district.

    The class is None where nothing is judged, and where people or roads are modelled: shares are still told, but
    nothing may be designated by them. Requirements for groups whose numbers are estimated stay out of the class.
    """
    assessment, demand = variant.assessment, variant.world.demand
    requirements, left_out = _classed(assessment, demand)
    modelled = _modelled(variant.world)
    judged = np.zeros(demand.n_points, np.bool_)
    for verdicts in assessment.verdicts.values():
        judged |= verdicts.judged
    all_met = judged & (assessment.deficits == 0)
    rows = []
    parts = areas(variant.world)
    for area, found in zip(parts, _shares(assessment, requirements, demand, parts), strict=True):
        here = area.rows
        all_met_share = coverage(all_met[here], ~judged[here], judged[here], demand.total[here]).share
        rows.append(_class_row(variant.name, area.id, found, all_met_share, modelled=modelled, left_out=left_out))
    return rows


def _classed(assessment: Assessment, demand: Demand) -> tuple[list[Requirement], list[str]]:
    """Return the requirements that a class rests on, and the ids of those left out for estimated groups."""
    known = [
        requirement
        for requirement in assessment.standard.requirements
        if requirement.id in assessment.verdicts and assessed(assessment.verdicts[requirement.id])
    ]
    estimated = [r.id for r in known if effective_group(r, demand)[0] in demand.estimated]
    return [requirement for requirement in known if requirement.id not in estimated], estimated


def _modelled(world: World) -> str:
    """Say what of the world is modelled; empty when nothing is."""
    reasons = []
    if world.demand.modelled:
        reasons.append(f"people are modelled: {world.demand.modelled}")
    if world.network.modelled:
        reasons.append(f"roads are modelled: {world.network.modelled}")
    return "; ".join(reasons)


def _shares(
    assessment: Assessment, requirements: Sequence[Requirement], demand: Demand, parts: Sequence[Area]
) -> list[dict[str, Coverage]]:
    """Return, for each area, the coverage of each requirement that judges somebody there."""
    found: list[dict[str, Coverage]] = [{} for _ in parts]
    for requirement in requirements:
        verdicts = assessment.verdicts[requirement.id]
        met, judged, people = verdicts.met, verdicts.judged, demand.of(effective_group(requirement, demand)[0])
        for shares, area in zip(found, parts, strict=True):
            here = area.rows
            covered = coverage(met[here], verdicts.uncertain[here], judged[here], people[here])
            if covered.judged > 0:
                shares[requirement.id] = covered
    return found


def _class_row(
    variant: str,
    district: str,
    found: Mapping[str, Coverage],
    all_met_share: float | None,
    *,
    modelled: str,
    left_out: Sequence[str],
) -> ClassRow:
    """Make one row of what was found in an area."""
    notes = [modelled] if modelled else []
    if left_out:
        notes.append(f"left out, numbers of the group are estimated: {', '.join(left_out)}")
    if not found:
        return ClassRow(
            variant, district, None, False, None, all_met_share, "", None, "; ".join([*notes, "nothing judged"])
        )
    shares = {key: covered.covered / covered.judged for key, covered in found.items()}
    lows = [covered.certain / covered.judged for covered in found.values()]
    highs = [covered.possible / covered.judged for covered in found.values()]
    lowest = min(shares, key=lambda key: shares[key])
    low, high = (people / found[lowest].judged for people in (found[lowest].certain, found[lowest].possible))
    district_turns, lowest_turns = overall_class(lows) != overall_class(highs), class_of(low) != class_of(high)
    if district_turns:
        notes.append(f"boundary: {overall_class(lows)} to {overall_class(highs)} by uncertain verdicts")
    if lowest_turns:
        notes.append(f"boundary: {lowest} {class_of(low)} to {class_of(high)} by uncertain verdicts")
    return ClassRow(
        variant=variant,
        district=district,
        class_=None if modelled else overall_class(list(shares.values())),
        boundary=district_turns or lowest_turns,
        mean_share=float(np.mean(list(shares.values()))),
        all_met_share=all_met_share,
        lowest_requirement=lowest,
        lowest_share=shares[lowest],
        note="; ".join(notes),
    )
