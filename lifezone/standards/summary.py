"""Verdicts by district, requirement and group, and a variant against the baseline: rows ready to be written.

People outside the study area (district −1) are in no row. The whole area is the district ``all`` and comes first; a
study whose only district is ``all`` has it once. A requirement for one group is told for that group alone; one for
everybody also for every other group of the demand: those of them who live where it is judged.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from lifezone.access import coverage, fgt, sorted_quantiles, weighted_mean
from lifezone.model import (
    TOTAL,
    Assessment,
    Bools,
    Demand,
    Desert,
    Floats,
    Longs,
    Reason,
    Requirement,
    Variant,
    Verdicts,
    World,
)
from lifezone.standards.align import Pair, align
from lifezone.standards.judge import effective_group
from lifezone.standards.rows import ChangeRow, SummaryRow

__all__ = ["ALL", "Area", "areas", "assessed", "compare", "compare_pair", "groups_told", "summarise"]

ALL: Final = "all"
"""The id under which the whole area is told."""
_DESERT: Final = "desert"
_QUANTILES: Final = (0.5, 0.9)
_SLACK: Final = 1e-9
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
    rows: dict[int, list[SummaryRow]] = {area.district: [] for area in parts}
    for requirement in _judged_requirements(assessment):
        verdicts = assessment.verdicts[requirement.id]
        by_time = np.argsort(verdicts.seconds, kind="stable")  # once, for the quantiles of every district and group
        for order, cuts in _blocks(parts, demand, by_time):
            columns = _columns(verdicts, order)
            for group in groups_told(requirement, demand):
                people = demand.of(group)[order]
                for area, cut in cuts:
                    key = (variant.name, area.id, requirement.id, group)
                    told = _summary_row(key, columns, people, cut)
                    own = group == effective_group(requirement, demand)[0]
                    rows[area.district].append(_with_levels(told, requirement, columns, people, cut, own=own))
    return [row for area in parts for row in rows[area.district]]


def compare(baseline: Variant, variant: Variant) -> list[ChangeRow]:
    """Return the rows of ``changes.csv`` of a variant against the baseline: by district, requirement, group.

    A requirement that is assessed in one of the two alone shows no gain and no loss. Where the variant has other
    people, gains and losses count those of the variant, at the points that both have.

    Raises:
        InputError: the two have no people in common.
    """
    return compare_pair(align(baseline, variant))


def compare_pair(pair: Pair) -> list[ChangeRow]:
    """Return the rows of ``changes.csv`` for two variants over the same demand points."""
    before, after = pair.before.assessment, pair.after.assessment
    world, later = pair.before.world, pair.after.world.demand
    demand, name = world.demand, pair.after.name
    parts = areas(world)
    rows: dict[int, list[ChangeRow]] = {area.district: [] for area in parts}
    for requirement in _judged_requirements(before):
        if requirement.id not in after.verdicts:
            continue
        for order, cuts in _blocks(parts, demand, np.arange(demand.n_points)):
            change = _change(*(_columns(one.verdicts[requirement.id], order) for one in (before, after)))
            for group in groups_told(requirement, demand):
                if group not in later.groups:
                    continue
                people = demand.of(group)[order], later.of(group)[order]
                for area, cut in cuts:
                    key = (name, area.id, requirement.id, group)
                    own = group == effective_group(requirement, demand)[0]
                    rows[area.district].append(_change_row(key, change, people, cut, own=own))
    if before.standard.desert is not None and after.standard.desert is not None:
        resolved, new = _vanished(before, after.desert >= 0), _vanished(after, before.desert >= 0)
        for area in parts:
            counts = {
                name: sum(_is_in(desert, area, both) for desert in gone)
                for name, gone, both in (("resolved", resolved, pair.before), ("new", new, pair.after))
            }
            rows[area.district].extend(_desert_rows(pair, area, **counts))
    return [row for area in parts for row in rows[area.district]]


def _is_in(desert: Desert, area: Area, owner: Variant) -> bool:
    """Say whether a desert lies in an area; districts are known by id, since two runs may number them otherwise."""
    ids = owner.world.districts.ids
    return area.district == -1 or (0 <= desert.district < len(ids) and ids[desert.district] == area.id)


@dataclass(frozen=True, eq=False)
class _Columns:
    """One requirement's verdicts at n demand points in some order."""

    is_assessed: bool
    judged: Bools
    met: Bools
    uncertain: Bools
    no_path: Bools
    minutes: Floats
    depth: Floats
    optimum: Bools
    served: Floats
    full: Floats


@dataclass(frozen=True, eq=False)
class _Change:
    """One requirement's change at n demand points; ``minutes`` is NaN where not reached both times."""

    before: _Columns
    after: _Columns
    gain: Bools
    lose: Bools
    minutes: Floats


Cuts = list[tuple[Area, slice]]


def _blocks(parts: Sequence[Area], demand: Demand, order: Longs) -> list[tuple[Longs, Cuts]]:
    """Return the demand points of the whole area and those of all districts, each area one contiguous cut.

    Args:
        parts: the whole area, then the districts.
        demand: P points.
        order: i64[P] all positions in the order that the points of every cut shall have.
    """
    whole = order[demand.inside[order]]
    blocks = [(whole, [(parts[0], slice(0, len(whole)))])]
    if len(parts) > 1:
        ends = np.cumsum([len(area.rows) for area in parts[1:]])
        cuts = [(area, slice(int(end) - len(area.rows), int(end))) for area, end in zip(parts[1:], ends, strict=True)]
        blocks.append((whole[np.argsort(demand.district[whole], kind="stable")], cuts))
    return blocks


def _columns(verdicts: Verdicts, order: Longs) -> _Columns:
    """Bring one requirement's verdicts into an order."""
    reason = verdicts.reason[order]
    return _Columns(
        is_assessed=assessed(verdicts),
        judged=(reason != Reason.NOT_JUDGED) & (reason != Reason.NOT_ASSESSED),
        met=reason == Reason.MET,
        uncertain=verdicts.uncertain[order],
        no_path=np.isin(reason, _NO_PATH),
        minutes=verdicts.seconds[order] / 60.0,
        depth=verdicts.depth[order],
        optimum=verdicts.optimum[order],
        served=verdicts.served[order],
        full=verdicts.full[order],
    )


def _judged_requirements(assessment: Assessment) -> list[Requirement]:
    """Return the requirements that have verdicts, in the standard's order."""
    return [requirement for requirement in assessment.standard.requirements if requirement.id in assessment.verdicts]


def _summary_row(key: tuple[str, str, str, str], columns: _Columns, people: Floats, cut: slice) -> SummaryRow:
    """Tell of one requirement in one area for one group; the columns ascend by travel time within the cut."""
    everybody = float(people[cut].sum())
    if not columns.is_assessed:
        return SummaryRow(*key, everybody, 0.0, *([None] * 10))
    judged = columns.judged[cut]
    weight, minutes = people[cut][judged], columns.minutes[cut][judged]
    covered = coverage(columns.met[cut], columns.uncertain[cut], judged, people[cut])
    median, p90 = sorted_quantiles(minutes, weight, _QUANTILES)
    return SummaryRow(
        *key,
        people=everybody,
        judged=covered.judged,
        covered=covered.covered,
        coverage=covered.share,
        coverage_low=covered.low,
        coverage_high=covered.high,
        mean_minutes=weighted_mean(minutes, weight),
        median_minutes=median,
        p90_minutes=p90,
        shortfall=fgt(columns.depth[cut][judged], weight, 1),
        unreachable=float(weight[columns.no_path[cut][judged]].sum()),
        uncertain=float(weight[columns.uncertain[cut][judged]].sum()),
    )


def _with_levels(
    row: SummaryRow, requirement: Requirement, columns: _Columns, people: Floats, cut: slice, *, own: bool
) -> SummaryRow:
    """Add the levels of D3, the target, and, for the requirement's own group, the headcount of places (D8)."""
    if row.covered is None:
        return row
    judged = columns.judged[cut]
    has_optimum = requirement.optimum is not None or any(step.optimum is not None for step in requirement.by_density)
    best = float(people[cut][judged & columns.optimum[cut]].sum())
    target = requirement.target
    served, full = (float(np.nansum(values[cut])) for values in (columns.served, columns.full))
    is_tested = own and bool(np.isfinite(columns.served[cut]).any())
    return replace(
        row,
        below_minimum=max(0.0, row.judged - row.covered),
        between=max(0.0, row.covered - best) if has_optimum else None,
        at_optimum=best if has_optimum else None,
        target=target,
        target_met=None if target is None or row.coverage is None else row.coverage >= target * (1 - _SLACK),
        served=served if is_tested else None,
        full=full if is_tested else None,
        out_of_reach=max(0.0, row.judged - served - full) if is_tested else None,
    )


def _change(before: _Columns, after: _Columns) -> _Change:
    """Tell where a requirement changes; only points that are judged both times gain or lose."""
    both = before.judged & after.judged
    reach = both & np.isfinite(before.minutes) & np.isfinite(after.minutes)
    minutes = np.full(len(both), np.nan)
    minutes[reach] = after.minutes[reach] - before.minutes[reach]
    return _Change(before, after, both & after.met & ~before.met, both & before.met & ~after.met, minutes)


def _change_row(
    key: tuple[str, str, str, str], change: _Change, people: tuple[Floats, Floats], cut: slice, *, own: bool
) -> ChangeRow:
    """Tell how one requirement changes in one area for one group: its people before, and in the variant."""
    before, after = people[0][cut], people[1][cut]
    return ChangeRow(
        *key,
        people=float(before.sum()),
        gain=float(after[change.gain[cut]].sum()),
        lose=float(after[change.lose[cut]].sum()),
        minutes=weighted_mean(change.minutes[cut], after),
        coverage_before=_share(change.before, before, cut),
        coverage_after=_share(change.after, after, cut),
        deserts_resolved=None,
        deserts_new=None,
        served_before=_served(change.before, cut) if own else None,
        served_after=_served(change.after, cut) if own else None,
        people_after=float(after.sum()),
    )


def _served(columns: _Columns, cut: slice) -> float | None:
    """Return the people who find a place (D8), None where capacity is not tested."""
    served = columns.served[cut]
    return float(np.nansum(served)) if np.isfinite(served).any() else None


def _share(columns: _Columns, people: Floats, cut: slice) -> float | None:
    """Return the share of people met among those judged."""
    judged = columns.judged[cut]
    return coverage(columns.met[cut], np.zeros(len(judged), np.bool_), judged, people).share


def _desert_rows(pair: Pair, area: Area, *, resolved: int, new: int) -> Sequence[ChangeRow]:
    """Tell how life deserts change in one area; how many were resolved and are new stands with the total alone."""
    here = area.rows
    was, becomes = (one.assessment.desert[here] >= 0 for one in (pair.before, pair.after))
    demand, later = pair.before.world.demand, pair.after.world.demand
    rows = []
    for group in (TOTAL, *(group for group in demand.groups if group != TOTAL and group in later.groups)):
        people = later.of(group)[here]
        counted = group == TOTAL
        rows.append(
            ChangeRow(
                variant=pair.after.name,
                district=area.id,
                requirement=_DESERT,
                group=group,
                people=float(demand.of(group)[here].sum()),
                gain=float(people[was & ~becomes].sum()),
                lose=float(people[becomes & ~was].sum()),
                minutes=None,
                coverage_before=None,
                coverage_after=None,
                deserts_resolved=resolved if counted else None,
                deserts_new=new if counted else None,
                people_after=float(people.sum()),
            )
        )
    return rows


def _vanished(assessment: Assessment, still_desert: Bools) -> list[Desert]:
    """Return the deserts of an assessment none of whose points is ``still_desert``."""
    label = assessment.desert
    surviving = set(np.unique(label[(label >= 0) & still_desert]).tolist())
    return [desert for desert in assessment.deserts if desert.label not in surviving]
