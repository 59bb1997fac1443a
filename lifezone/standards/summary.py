"""Verdicts by district, requirement and group, and a variant against the baseline: rows ready to be written.

People outside the study area (district −1) are in no row. The whole area is the district ``all`` and comes first; a
study whose only district is ``all`` has it once. A requirement for one group is told for that group alone; one for
everybody also for every other group of the demand: those of them who live where it is judged.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from lifezone.access import coverage, fgt, sorted_quantiles, weighted_mean
from lifezone.errors import InputError
from lifezone.model import (
    TOTAL,
    Assessment,
    Bools,
    Demand,
    Floats,
    Longs,
    Reason,
    Requirement,
    Variant,
    Verdicts,
    World,
)
from lifezone.standards.judge import effective_group
from lifezone.standards.rows import ChangeRow, SummaryRow

__all__ = ["ALL", "Area", "areas", "assessed", "compare", "groups_told", "summarise"]

ALL: Final = "all"
"""The id under which the whole area is told."""
_DESERT: Final = "desert"
_QUANTILES: Final = (0.5, 0.9)
_NO_PATH: Final = (Reason.UNREACHABLE, Reason.OFF_NETWORK, Reason.NO_FACILITY)


@dataclass(frozen=True, eq=False)
class Area:
    """The whole area or one district.

    Attributes:
        id: ``all`` or the district's id.
        district: the district's position, −1 for the whole area.
        rows: i64[n] demand points in it, ascending.
    """

    id: str
    district: int
    rows: Longs


def areas(world: World) -> list[Area]:
    """Return the whole area, then every district in order, each with its demand points."""
    demand, districts = world.demand, world.districts
    rows = np.flatnonzero(demand.inside)
    found = [Area(ALL, -1, rows)]
    if tuple(districts.ids) == (ALL,):
        return found
    order = rows[np.argsort(demand.district[rows], kind="stable")]
    counts = np.bincount(demand.district[rows], minlength=len(districts.ids))
    parts = np.split(order, np.cumsum(counts)[:-1])
    return found + [Area(name, at, part) for at, (name, part) in enumerate(zip(districts.ids, parts, strict=True))]


def assessed(verdicts: Verdicts) -> bool:
    """Say whether a requirement was assessed anywhere (no points at all: it was)."""
    return not len(verdicts.reason) or bool((verdicts.reason != Reason.NOT_ASSESSED).any())


def groups_told(requirement: Requirement, demand: Demand) -> tuple[str, ...]:
    """Return the groups a requirement is told for: its own first, all others too when it is for everybody."""
    own = effective_group(requirement, demand)[0]
    return (own, *(group for group in demand.groups if group != own)) if own == TOTAL else (own,)


def summarise(variant: Variant) -> list[SummaryRow]:
    """Return the rows of ``summary.csv`` for one variant: by district, requirement, group."""
    demand, assessment = variant.world.demand, variant.assessment
    parts = areas(variant.world)
    rows: list[list[SummaryRow]] = [[] for _ in parts]
    for requirement in _judged_requirements(assessment):
        verdicts = assessment.verdicts[requirement.id]
        rank = np.empty(demand.n_points, dtype=np.int64)  # sorted once, for the quantiles of every district and group
        rank[np.argsort(verdicts.seconds, kind="stable")] = np.arange(demand.n_points)
        for part, area in zip(rows, parts, strict=True):
            here = area.rows[np.argsort(rank[area.rows])]
            part.extend(
                _summary_row(variant.name, area, requirement, group, verdicts, demand.of(group), here)
                for group in groups_told(requirement, demand)
            )
    return [row for part in rows for row in part]


def compare(baseline: Variant, variant: Variant) -> list[ChangeRow]:
    """Return the rows of ``changes.csv`` of a variant against the baseline: by district, requirement, group.

    A requirement that is assessed in one of the two alone shows no gain and no loss.

    Raises:
        InputError: the two have other people.
    """
    demand = baseline.world.demand
    if variant.world.demand.n_points != demand.n_points or variant.world.demand.groups != demand.groups:
        raise InputError(f"variant {variant.name!r} and the baseline have other people: they cannot be compared")
    before, after = baseline.assessment, variant.assessment
    shared = [requirement for requirement in _judged_requirements(before) if requirement.id in after.verdicts]
    rows: list[ChangeRow] = []
    for area in areas(baseline.world):
        for requirement in shared:
            pair = before.verdicts[requirement.id], after.verdicts[requirement.id]
            groups = groups_told(requirement, demand)
            rows.extend(_change_row(variant.name, area, requirement.id, group, *pair, demand) for group in groups)
        if before.standard.desert is not None and after.standard.desert is not None:
            rows.extend(_desert_rows(variant.name, area, before, after, demand))
    return rows


def _judged_requirements(assessment: Assessment) -> list[Requirement]:
    """Return the requirements that have verdicts, in the standard's order."""
    return [requirement for requirement in assessment.standard.requirements if requirement.id in assessment.verdicts]


def _summary_row(
    variant: str, area: Area, requirement: Requirement, group: str, verdicts: Verdicts, people: Floats, here: Longs
) -> SummaryRow:
    """Tell of one requirement in one area for one group; ``here`` ascends by travel time."""
    everybody = float(people[area.rows].sum())
    if not assessed(verdicts):
        return SummaryRow(variant, area.id, requirement.id, group, everybody, 0.0, *([None] * 10))
    here = here[verdicts.judged[here]]
    weight, minutes, reason = people[here], verdicts.seconds[here] / 60.0, verdicts.reason[here]
    uncertain = verdicts.uncertain[here]
    covered = coverage(verdicts.met[here], uncertain, np.ones(len(here), np.bool_), weight)
    median, p90 = sorted_quantiles(minutes, weight, _QUANTILES)
    return SummaryRow(
        variant=variant,
        district=area.id,
        requirement=requirement.id,
        group=group,
        people=everybody,
        judged=covered.judged,
        covered=covered.covered,
        coverage=covered.share,
        coverage_low=covered.low,
        coverage_high=covered.high,
        mean_minutes=weighted_mean(minutes, weight),
        median_minutes=median,
        p90_minutes=p90,
        shortfall=fgt(verdicts.depth[here], weight, 1),
        unreachable=float(weight[np.isin(reason, _NO_PATH)].sum()),
        uncertain=float(weight[uncertain].sum()),
    )


def _change_row(
    variant: str, area: Area, requirement: str, group: str, before: Verdicts, after: Verdicts, demand: Demand
) -> ChangeRow:
    """Tell how one requirement changes in one area for one group."""
    here = area.rows
    people = demand.of(group)[here]
    both = before.judged[here] & after.judged[here]
    met_before, met_after = before.met[here], after.met[here]
    reach = both & np.isfinite(before.seconds[here]) & np.isfinite(after.seconds[here])
    minutes = weighted_mean((after.seconds[here][reach] - before.seconds[here][reach]) / 60.0, people[reach])
    return ChangeRow(
        variant=variant,
        district=area.id,
        requirement=requirement,
        group=group,
        people=float(people.sum()),
        gain=float(people[both & met_after & ~met_before].sum()),
        lose=float(people[both & met_before & ~met_after].sum()),
        minutes=minutes,
        coverage_before=_share(met_before, before.judged[here], people),
        coverage_after=_share(met_after, after.judged[here], people),
        deserts_resolved=None,
        deserts_new=None,
    )


def _share(met: Bools, judged: Bools, people: Floats) -> float | None:
    """Return the share of people met among those judged."""
    return coverage(met, np.zeros(len(met), np.bool_), judged, people).share


def _desert_rows(
    variant: str, area: Area, before: Assessment, after: Assessment, demand: Demand
) -> Sequence[ChangeRow]:
    """Tell how life deserts change in one area; how many were resolved and are new stands with the total alone."""
    was, becomes = before.desert >= 0, after.desert >= 0
    belongs: Callable[[int], bool] = lambda district: area.district in (-1, district)  # noqa: E731
    resolved = _vanished(before, becomes, belongs)
    new = _vanished(after, was, belongs)
    rows = []
    for group in (TOTAL, *(group for group in demand.groups if group != TOTAL)):
        people = demand.of(group)[area.rows]
        counted = group == TOTAL
        rows.append(
            ChangeRow(
                variant=variant,
                district=area.id,
                requirement=_DESERT,
                group=group,
                people=float(people.sum()),
                gain=float(people[(was & ~becomes)[area.rows]].sum()),
                lose=float(people[(becomes & ~was)[area.rows]].sum()),
                minutes=None,
                coverage_before=None,
                coverage_after=None,
                deserts_resolved=resolved if counted else None,
                deserts_new=new if counted else None,
            )
        )
    return rows


def _vanished(assessment: Assessment, still_desert: Bools, belongs: Callable[[int], bool]) -> int:
    """Count the deserts of an assessment none of whose points is ``still_desert``."""
    label = assessment.desert
    surviving = set(np.unique(label[(label >= 0) & still_desert]).tolist())
    return sum(desert.label not in surviving and belongs(desert.district) for desert in assessment.deserts)
