"""Who must be covered: shares of groups, districts, people who are covered today, and trips that may not grow."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from lifezone.errors import Fault, InputError
from lifezone.improve.people import Rows
from lifezone.model import Floats, Ints, Requirement, World
from lifezone.siting.problem import Pairs, Quota, serve

if TYPE_CHECKING:
    from lifezone.siting.spec_base import SitesBase

__all__ = ["CoverRules", "cover_rules", "row_bounds"]


class CoverRules(NamedTuple):
    """Rules of coverage.

    Attributes:
        quotas: shares of groups.
        unit: i32[R] district of each row, apart for each kind.
        least_cover: f64[units] people who must be covered in each, None = no such rule.
        must_reach: f64[R] cost within which a row must have a site, None = no such rule.
    """

    quotas: tuple[Quota, ...]
    unit: Ints
    least_cover: Floats | None
    must_reach: Floats | None


def row_bounds(world: World, rules: tuple[Requirement, ...], rows: Rows, notes: list[str]) -> Floats:
    """Return f64[R] the bound of each row: its kind's, by density where the standard says so; ``inf`` = none."""
    from lifezone.standards.density import bounds_at, people_per_km2  # noqa: PLC0415

    bound = np.full(len(rows.point), np.inf)
    for k, rule in enumerate(rules):
        if rule.bound is None:
            continue
        if rule.by_density and not np.isfinite(world.demand.x_m).all():
            raise InputError(Fault(f"the bound of {rule.kinds[0]} depends on how densely people live, which is not "
                                   "known without coordinates: give bound", ("bound",)))  # fmt: skip
        density = people_per_km2(world, rule.density_of) if rule.by_density else None
        at_point, _ = bounds_at(rule, np.zeros(world.demand.n_points), density)
        of_kind = rows.need == k
        bound[of_kind] = at_point[rows.point[of_kind]]
        if rule.growth is not None:
            notes.append(f"the bound of {rule.kinds[0]} grows with the trip in the standard; here the plain one counts")
    return bound


def cover_rules(
    world: World, spec: SitesBase, rules: tuple[Requirement, ...], rows: Rows, pairs: Pairs, open_now: np.ndarray,
    bound: Floats, faults: list[Fault],
) -> CoverRules:  # fmt: skip
    """Return the rules that a question has on who is covered.

    Args:
        world: the world asked about.
        spec: the question.
        rules: mode and bound of each kind.
        rows: its rows.
        pairs: trips of the rows.
        open_now: bool[S] sites that are open today.
        bound: f64[R] within which a row is covered.
        faults: groups that nobody knows, a standard without a target.
    """
    n_districts = len(world.districts.ids) + 1  # the last one is outside all
    district = np.where(world.demand.district < 0, n_districts - 1, world.demand.district)[rows.point]
    unit = (rows.need * n_districts + district).astype(np.int32)
    today = serve(pairs, np.asarray(open_now, np.bool_)).cost
    return CoverRules(
        _quotas(world, spec, rows, faults), unit,
        _least_cover(spec, rules, rows, unit, n_districts, today <= bound, faults), _must_reach(spec, today, bound),
    )  # fmt: skip


def _quotas(world: World, spec: SitesBase, rows: Rows, faults: list[Fault]) -> tuple[Quota, ...]:
    """Return a quota for each group and kind."""
    found = []
    key = "cover" if spec.cover is not None else "share"
    for group, share in spec.least_shares.items():
        if group not in world.demand.groups:
            known = ", ".join(world.demand.groups)
            faults.append(Fault(f"people are not given by the group {group!r}; there are {known}", (key, group)))
            continue
        for k, kind in enumerate(spec.asked):
            people = np.where(rows.need == k, world.demand.of(group)[rows.point], 0.0)
            found.append(Quota(f"{share:.4g} of {group}, {kind}", people, share * float(people.sum())))
    return tuple(found)


def _least_cover(
    spec: SitesBase, rules: tuple[Requirement, ...], rows: Rows, unit: Ints, n_districts: int, covered: np.ndarray,
    faults: list[Fault],
) -> Floats | None:  # fmt: skip
    """Return f64[units] people who must be covered."""
    told = spec.district_cover
    if told is None:
        return None
    n_units = n_districts * len(rules)
    if told == "today":
        return np.bincount(unit, weights=rows.people * covered, minlength=n_units).astype(np.float64)
    share = np.full(len(rules), np.nan if isinstance(told, str) else told)
    for k, rule in enumerate(rules):
        if told == "standard" and rule.target is None:
            faults.append(Fault(f"the standard has no target for {rule.kinds[0]}: write a share such as 80 %",
                                ("district_cover",)))  # fmt: skip
        elif told == "standard":
            share[k] = rule.target
    people = np.bincount(unit, weights=rows.people, minlength=n_units)
    least: Floats = np.nan_to_num(np.repeat(share, n_districts)) * people
    return least


def _must_reach(spec: SitesBase, today: Floats, bound: Floats) -> Floats | None:
    """Return f64[R] the cost within which each row must have a standing site."""
    if not spec.keep_covered and spec.most_extra is None:
        return None
    limit = np.full(len(today), np.inf)
    if spec.keep_covered:
        limit[today <= bound] = bound[today <= bound]
    if spec.most_extra is not None:
        limit = np.minimum(limit, today + spec.most_extra.value)
    return limit
