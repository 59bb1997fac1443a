"""Who reaches a facility by car but not on foot: every requirement judged both ways, side by side.

The bound is the same both ways, so that only the way of travelling differs: it is not a second standard.
"""

from __future__ import annotations

from dataclasses import replace

from lifezone.model import Assessment, Floats, Longs, Standard, Variant, Verdicts
from lifezone.standards.rows import WithoutCarRow
from lifezone.standards.summary import areas, assessed, groups_told

__all__ = ["MODES", "by_mode_standard", "paired", "without_car_rows"]

MODES = ("car", "walk")


def by_mode_standard(standard: Standard) -> Standard:
    """Return the requirements of a standard once by car and once on foot, as ``<id>:<mode>``; no desert test.

    Left out are requirements without a figure, by other modes, and for services that come to people.
    """
    rules = [
        replace(rule, id=f"{rule.id}:{mode}", mode=mode, official=(), capacity=None, speed_share=None)
        for rule in standard.requirements
        if rule.bound is not None and rule.mode in MODES and rule.direction == "to_facility"
        for mode in MODES
    ]
    return replace(standard, requirements=tuple(rules), desert=None)


def paired(assessment: Assessment) -> dict[str, tuple[Verdicts, Verdicts]]:
    """Return the verdicts of :func:`by_mode_standard` by requirement id: by car, on foot."""
    found = assessment.verdicts
    ids = dict.fromkeys(key.rpartition(":")[0] for key in found)
    return {key: (found[f"{key}:car"], found[f"{key}:walk"]) for key in ids}


def without_car_rows(variant: Variant) -> list[WithoutCarRow]:
    """Return the rows of ``without_car.csv`` for one variant: by district, requirement, group."""
    demand = variant.world.demand
    rules = {rule.id: rule for rule in variant.assessment.standard.requirements}
    return [
        _row((variant.name, area.id, key, group), pair, demand.of(group), area.rows)
        for area in areas(variant.world)
        for key, pair in variant.by_mode.items()
        for group in groups_told(rules[key], demand)
    ]


def _row(key: tuple[str, str, str, str], pair: tuple[Verdicts, Verdicts], people: Floats, rows: Longs) -> WithoutCarRow:
    """Tell one requirement in one area for one group; None for every figure where a way is not assessed."""
    car, walk = pair
    here = people[rows]
    everybody = float(here.sum())
    if not (assessed(car) and assessed(walk)):
        return WithoutCarRow(*key, everybody, 0.0, *([None] * 6))
    judged = (car.judged & walk.judged)[rows]
    by_car, on_foot = car.met[rows] & judged, walk.met[rows] & judged
    return WithoutCarRow(
        *key,
        people=everybody,
        judged=float(here[judged].sum()),
        by_car=float(here[by_car].sum()),
        on_foot=float(here[on_foot].sum()),
        both=float(here[by_car & on_foot].sum()),
        car_only=float(here[by_car & ~on_foot].sum()),
        foot_only=float(here[on_foot & ~by_car].sum()),
        neither=float(here[judged & ~by_car & ~on_foot].sum()),
    )
