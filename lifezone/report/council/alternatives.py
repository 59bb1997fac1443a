"""The alternatives of a run side by side: who comes within the standard, who falls out, travel, deserts, cost.

People are counted once however many requirements change for them; where requirements of several groups change at one
place, the largest of these groups there is counted, so that a sum is never above the truth.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations
from typing import Final

import numpy as np

from lifezone.errors import InputError
from lifezone.model import Floats, Variant
from lifezone.report.council.spending import Spending, spending_of
from lifezone.report.material import Material
from lifezone.standards.align import Pair, align
from lifezone.standards.judge import effective_group

__all__ = [
    "Alternative", "Between", "alternatives", "between", "changed_requirements", "leading", "matrix", "why_apart",
]  # fmt: skip

_APART: Final = ": not compared with the baseline: "
_SAME: Final = ": nothing changes: "
_MOST_IN_MATRIX: Final = 8
"""More variants make a table that nobody reads; each is compared with the baseline all the same."""


@dataclass(frozen=True)
class Between:
    """What changes from one variant to another.

    Attributes:
        newly: people newly within the standard in at least one requirement.
        lost: people no longer within it in at least one.
        groups: groups that changed requirements are for.
    """

    newly: float
    lost: float
    groups: tuple[str, ...]


@dataclass(frozen=True)
class Alternative:
    """One variant.

    Attributes:
        name: its name.
        apart: why it cannot be compared with the baseline, empty where it can.
        changes_nothing: every verdict and every minute is the baseline's.
        standard: name of its own standard, empty where it is the run's.
        people: who live in the area.
        change: against the baseline; None for the baseline and where the two cannot be compared.
        judged: people whom the leading requirement judges; None where it judges nobody here.
        covered: those of them within its bound.
        mean: mean trip of those who reach, for the leading requirement, minutes or metres; None where nobody does.
        longest: of the farthest of them.
        gini: of these trips, 0 = all alike.
        desert_people: who live in life deserts; None where they are not asked for.
        resolved: deserts that are none any more.
        new: deserts that were none.
        spending: what it opens, closes and costs.
    """

    name: str
    apart: str
    changes_nothing: bool
    standard: str
    people: float
    change: Between | None
    judged: float | None
    covered: float | None
    mean: float | None
    longest: float | None
    gini: float | None
    desert_people: float | None
    resolved: float | None
    new: float | None
    spending: Spending

    @property
    def won_a_person(self) -> float | None:
        """Cost per person newly within the standard; None where a cost is not told or nobody gains."""
        if self.change is None or self.change.newly <= 0 or not self.spending.is_whole:
            return None
        return (self.spending.once_won or 0.0) / self.change.newly


def alternatives(material: Material) -> tuple[Alternative, ...]:
    """Return all variants, the baseline first."""
    key = leading(material)
    return tuple(_alternative(material, name, key) for name in material.variants)


def leading(material: Material) -> str | None:
    """Return the requirement that changes for most people over all variants; the first one where none changes.

    None where nothing was assessed.
    """
    rows = material.headline("changes")
    rows = rows[rows["requirement"] != "desert"]
    moved = (rows["gain"] + rows["lose"]).groupby(rows["requirement"], sort=False).sum()
    order = [key for key in material.rules if key not in material.manifest["not_assessed"]]
    if not order:
        return None
    return max(order, key=lambda key: (float(moved.get(key, 0.0)), -order.index(key)))


def changed_requirements(material: Material, variant: str) -> list[str]:
    """Return the requirements in which somebody gains, loses or travels otherwise by a variant, most people first."""
    rows = material.headline("changes", variant)
    rows = rows[rows["requirement"] != "desert"]
    moved = {key: gain + lose for key, gain, lose in zip(rows["requirement"], rows["gain"], rows["lose"], strict=True)}
    won = material.headline("winners_losers", variant)
    noticed = dict(zip(won["requirement"], won["winners"] + won["losers"], strict=True))
    keys = [key for key in moved if moved[key] > 0 or noticed.get(key, 0.0) > 0]
    order = list(moved)
    return sorted(keys, key=lambda key: (-moved[key], -noticed.get(key, 0.0), order.index(key)))


def why_apart(material: Material, variant: str) -> str:
    """Return why a variant cannot be compared with the baseline, in the run's own words; empty where it can."""
    head = f"{variant}{_APART}"
    return next((told.removeprefix(head) for told in material.manifest["warnings"] if told.startswith(head)), "")


def between(pair: Pair) -> Between:
    """Count people whose verdicts differ from one variant to another, each of them once."""
    before, after, demand = pair.before.assessment, pair.after.assessment, pair.after.world.demand
    newly, lost = np.zeros(demand.n_points), np.zeros(demand.n_points)
    groups: dict[str, None] = {}
    for rule in before.standard.requirements:
        one, two = before.verdicts.get(rule.id), after.verdicts.get(rule.id)
        if one is None or two is None:
            continue
        group = effective_group(rule, pair.before.world.demand)[0]
        if group not in demand.groups:
            continue  # as changes.csv has no row of it
        people = np.where(demand.inside & one.judged & two.judged, demand.of(group), 0.0)
        gain, lose = people * (two.met & ~one.met), people * (one.met & ~two.met)
        if gain.any() or lose.any():
            groups[group] = None
        np.maximum(newly, gain, out=newly)
        np.maximum(lost, lose, out=lost)
    return Between(float(newly.sum()), float(lost.sum()), tuple(groups))


def matrix(material: Material) -> dict[tuple[str, str], Between | None]:
    """Return what changes from every variant to every other one; None where two cannot be compared.

    Of very many variants only the first are compared with one another.
    """
    names = material.variants[:_MOST_IN_MATRIX]
    found: dict[tuple[str, str], Between | None] = {}
    for one, other in combinations(names, 2):
        pair = _pair(material.variant(one), material.variant(other))
        found[one, other] = None if pair is None else between(pair)
        found[other, one] = None if pair is None else between(Pair(pair.after, pair.before))
    return found


def _alternative(material: Material, name: str, key: str | None) -> Alternative:
    """Return one variant with its figures."""
    variant = material.variant(name)
    first = name == material.baseline
    pair = None if first else _pair(material.variant(material.baseline), variant)
    mean, longest, gini = (None, None, None) if key is None else _travel(variant, key)
    deserts = material.headline("changes", name)
    deserts = deserts[(deserts["requirement"] == "desert") & (deserts["group"] == "total")]
    warnings = material.manifest["warnings"]
    own = material.entry(name).get("standard")
    demand = variant.world.demand
    judged, covered = (None, None) if key is None else _covered(material, name, key)
    return Alternative(
        name=name,
        apart="" if first else why_apart(material, name),
        changes_nothing=any(told.startswith(f"{name}{_SAME}") for told in warnings),
        standard="" if own is None else str(own["name"] or own["name_en"] or own["id"]),
        people=float(demand.total[demand.inside].sum()),
        change=None if pair is None else between(pair),
        judged=judged, covered=covered, mean=mean, longest=longest, gini=gini,
        desert_people=_in_deserts(variant),
        resolved=float(deserts["deserts_resolved"].iloc[0]) if len(deserts) else None,
        new=float(deserts["deserts_new"].iloc[0]) if len(deserts) else None,
        spending=Spending(()) if first else spending_of(material, name),
    )  # fmt: skip


def _pair(before: Variant, after: Variant) -> Pair | None:
    """Return two variants over the same demand points, or None where they have none in common."""
    try:
        return align(before, after)
    except InputError:
        return None


def _covered(material: Material, name: str, key: str) -> tuple[float | None, float | None]:
    """Return people judged and covered by a requirement in a variant, as summary.csv tells them."""
    rows = material.headline("summary", name)
    rows = rows[(rows["requirement"] == key) & (rows["judged"] > 0)]
    return (None, None) if rows.empty else (float(rows["judged"].iloc[0]), float(rows["covered"].iloc[0]))


def _in_deserts(variant: Variant) -> float | None:
    """Return the people who live in life deserts; None where the standard has no test."""
    if variant.assessment.standard.desert is None:
        return None
    demand = variant.world.demand
    return float(demand.total[demand.inside & (variant.assessment.desert >= 0)].sum())


def _travel(variant: Variant, key: str) -> tuple[float | None, float | None, float | None]:
    """Return mean, longest and Gini index of the trips of those who reach, in minutes or metres."""
    from lifezone.siting.gini import gini_index  # noqa: PLC0415  (loads the solver)

    verdicts = variant.assessment.verdicts.get(key)
    rule = next((one for one in variant.assessment.standard.requirements if one.id == key), None)
    if verdicts is None or rule is None:
        return None, None, None
    demand = variant.world.demand
    group = effective_group(rule, demand)[0]
    trip: Floats = verdicts.seconds / 60.0 if rule.metric == "time" else verdicts.metres
    people = demand.of(group)
    rows = np.flatnonzero(demand.inside & verdicts.judged & np.isfinite(trip) & (people > 0))
    if not len(rows):
        return None, None, None
    trip, people = trip[rows], people[rows]
    return float(np.average(trip, weights=people)), float(trip.max()), gini_index(trip, people)
