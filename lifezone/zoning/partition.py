"""The best division of a map into alliances, proved, and what comes next to it.

Every admissible group G that gains something is a column of a set-packing model; who is in none stands
alone.

     x_G ∈ {0, 1}   G is an alliance
 (1) max Σ_G v_G x_G
 (2) Σ_{G ∋ m} x_G ≤ 1   for every municipality m
 (3) among the best by (1): min Σ_G x_G (|p_G − T| − Σ_{m ∈ G} |p_m − T|), how far all are from the people wanted
 (4) Σ_{G ∈ P} (1 − x_G) + Σ_{G ∉ P} x_G ≥ 1   for every division P already told, to find the next one

Source: Balas and Padberg 1976, *Set partitioning: a survey*. HiGHS solves, handed over by scipy.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from lifezone.model import Floats, Ints

__all__ = ["Columns", "Division", "best_division", "columns_of", "without_each"]

_SLACK: Final = 1e-9
"""Relative slack within which two sums of gains are equal."""


@dataclass(frozen=True, eq=False)
class Columns:
    """Groups that gain something, of any size.

    Attributes:
        groups: n groups, members ascending.
        value: f64[n] v(G), above 0.
        nearness: f64[n] how much farther from the people wanted the group is than its members alone; rule (3).
        n_districts: M.
    """

    groups: tuple[tuple[int, ...], ...]
    value: Floats
    nearness: Floats
    n_districts: int


@dataclass(frozen=True)
class Division:
    """A division of all municipalities.

    Attributes:
        alliances: chosen groups, by their first members.
        value: Σ v.
        bound: no division has more.
        proved: whether that is proved; False = the time limit cut the search.
    """

    alliances: tuple[tuple[int, ...], ...]
    value: float
    bound: float
    proved: bool


def columns_of(members: Sequence[Ints], values: Sequence[Floats], people: Floats, target: float) -> Columns:
    """Return the groups worth choosing.

    Args:
        members: one i32[n, g] table a size.
        values: f64[n] of each table; groups of 0 or less, and where a member would lose, are left out by NaN or ≤ 0.
        people: f64[M].
        target: people wanted.
    """
    groups: list[tuple[int, ...]] = []
    value: list[float] = []
    for table, worth in zip(members, values, strict=True):
        for at in np.flatnonzero(worth > 0).tolist():
            groups.append(tuple(table[at].tolist()))
            value.append(float(worth[at]))
    order = sorted(range(len(groups)), key=groups.__getitem__)
    sorted_groups = tuple(groups[at] for at in order)
    alone = np.abs(people - target)
    nearness = [abs(float(people[list(one)].sum()) - target) - float(alone[list(one)].sum()) for one in sorted_groups]
    return Columns(sorted_groups, np.array([value[at] for at in order]), np.array(nearness), len(people))


def best_division(
    columns: Columns, *, told: Sequence[Division] = (), never: Sequence[int] = (), time_limit: float = 600.0
) -> Division | None:
    """Return the best division that is not among those ``told``; None when there is no other.

    Args:
        columns: groups to choose from.
        told: divisions found before; rule (4).
        never: columns that may not be chosen.
        time_limit: seconds; the best division so far is returned with its bound.
    """
    n = len(columns.groups)
    if n == len(set(never)):
        alone = Division((), 0.0, 0.0, proved=True)
        return None if any(not one.alliances for one in told) else alone
    ends = time.monotonic() + time_limit
    high = np.ones(n)
    high[list(never)] = 0.0
    first = _choose(columns, -columns.value, high, told, ends=ends)
    if first is None:
        return None
    chosen, bound, proved = first
    value = float(columns.value[chosen].sum())
    if proved:
        least = value - _SLACK * max(1.0, value)
        nearer = _choose(columns, columns.nearness, high, told, least=least, ends=ends)
        if nearer is not None and columns.nearness[nearer[0]].sum() < columns.nearness[chosen].sum():
            chosen = nearer[0]
            value = float(columns.value[chosen].sum())
        bound = value
    return Division(tuple(columns.groups[at] for at in chosen.tolist()), value, max(bound, value), proved)


def _choose(
    columns: Columns, cost: Floats, high: Floats, told: Sequence[Division], *, least: float | None = None, ends: float
) -> tuple[Ints, float, bool] | None:
    """Return (chosen columns, −bound of the cost, proved), or None when nothing keeps the rules."""
    from scipy.optimize import Bounds, LinearConstraint, milp  # noqa: PLC0415
    from scipy.sparse import csr_matrix  # noqa: PLC0415

    n = len(columns.groups)
    size = [len(one) for one in columns.groups]
    row = np.concatenate([np.array(one) for one in columns.groups])
    inside = csr_matrix((np.ones(len(row)), (row, np.repeat(np.arange(n), size))), shape=(columns.n_districts, n))
    rules = [LinearConstraint(inside, -np.inf, 1.0)]
    position = {one: at for at, one in enumerate(columns.groups)}
    for division in told:
        sign = np.ones(n)
        sign[[position[one] for one in division.alliances]] = -1.0
        rules.append(LinearConstraint(sign[None, :], 1.0 - len(division.alliances), np.inf))
    if least is not None:
        rules.append(LinearConstraint(columns.value[None, :], least, np.inf))
    found = milp(
        cost, integrality=np.ones(n, np.int64), bounds=Bounds(0.0, high), constraints=rules,
        options={"time_limit": max(ends - time.monotonic(), 1.0), "mip_rel_gap": 0.0},
    )  # fmt: skip
    if found.x is None:
        if found.status == 2:  # infeasible
            return None
        empty = np.empty(0, np.int32)  # stopped before a first answer: nobody joins anybody
        bound = float(-found.mip_dual_bound) if found.mip_dual_bound is not None else float(columns.value.sum())
        return (empty, bound, False) if not told and least is None else None
    chosen = np.flatnonzero(found.x > 0.5).astype(np.int32)
    return chosen, float(-found.mip_dual_bound), found.status == 0


def without_each(columns: Columns, best: Division, *, time_limit: float = 600.0) -> dict[tuple[int, ...], Division]:
    """Return, for every alliance of the best division, the best division without it: what its members do instead.

    All municipalities choose anew, so that the loss is that of the whole map.
    """
    ends = time.monotonic() + time_limit
    position = {one: at for at, one in enumerate(columns.groups)}
    found = {}
    for alliance in best.alliances:
        left = max(ends - time.monotonic(), 1.0)
        other = best_division(columns, never=[position[alliance]], time_limit=left)
        if other is not None:
            found[alliance] = other
    return found
