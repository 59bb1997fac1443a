"""Exact reductions of coverage questions: equal rows merged, settled rows and useless sites left out.

They hold where only *which* sites stand matters (no capacity, no least use): (a) a row that a standing site covers is
covered; (b) a row that no site can cover never is; (c) rows with the same sites are one row with their people added;
(d) a site whose rows are a part of another's, for no less money, is never needed (Toregas and ReVelle 1973); for set
cover also (e) a row whose sites include all sites of another row is covered with it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from lifezone.model import Bools, Floats, Ints
from lifezone.siting.problem import FREE, SHUT, STANDS, Pairs

__all__ = ["Reduced", "core_of_cover", "dominated_sites", "merge_rows", "needless_rows", "settle"]

if TYPE_CHECKING:
    from lifezone.kernels.dominate import Sets

_MOST_WORK: Final = 4_000_000_000
"""Looks at members; beyond it domination costs more than it saves (some ten seconds)."""


@dataclass(frozen=True, eq=False)
class Reduced:
    """A smaller coverage question.

    Attributes:
        pairs: merged rows × all sites, pairs of free sites alone.
        people: f64[merged rows].
        row_of: i32[R] merged row of each row; −1 = covered anyway, −2 = never covered.
        covered: bool[R] covered by what stands anyway.
    """

    pairs: Pairs
    people: Floats
    row_of: Ints
    covered: Bools


def settle(near: Pairs, people: Floats, fixed: np.ndarray) -> Reduced:
    """Apply (a), (b), (c)."""
    covered = near.reach_any(fixed == STANDS)
    usable = near.select(sites=fixed != SHUT, rows=~covered)
    coverable = np.diff(usable.first) > 0
    merged, member = merge_rows(usable.rows(coverable))
    open_rows = np.flatnonzero(~covered)
    row_of = np.where(covered, -1, -2).astype(np.int32)
    row_of[open_rows[coverable]] = member
    together = np.bincount(member, weights=people[open_rows[coverable]], minlength=merged.n_rows).astype(np.float64)
    return Reduced(merged, together, row_of, covered)


def core_of_cover(settled: Pairs, price: Floats, fixed: np.ndarray) -> tuple[Pairs, np.ndarray]:
    """Apply (d) and (e) to a set cover in turns until neither finds anything.

    Args:
        settled: rows that are still to be covered, pairs of free sites.
        price: f64[S] what each site costs.
        fixed: i8[S].

    Returns:
        The rows that must be covered still, with pairs of the sites still free, and i8[S] with needless sites shut.
    """
    pairs, fixed = settled, fixed.copy()
    while True:
        rows = needless_rows(pairs)
        pairs = pairs.rows(~rows)
        out = dominated_sites(pairs, price, fixed)
        fixed[out] = SHUT
        if not out.any():
            return pairs, fixed
        pairs = pairs.select(sites=fixed == FREE)


def merge_rows(pairs: Pairs) -> tuple[Pairs, Ints]:
    """Merge rows with the very same sites; return the merged rows and i32[R] which one each row became."""
    if pairs.n_rows == 0:
        return pairs, np.empty(0, np.int32)
    site = _sets_of_rows(pairs).member
    keys = [site[a:b].tobytes() for a, b in zip(pairs.first[:-1].tolist(), pairs.first[1:].tolist(), strict=True)]
    number: dict[bytes, int] = {}
    member = np.array([number.setdefault(key, len(number)) for key in keys], np.int32)
    chosen = np.zeros(pairs.n_rows, np.bool_)
    chosen[np.unique(member, return_index=True)[1]] = True
    return pairs.rows(chosen), member


def dominated_sites(pairs: Pairs, price: Floats | None, fixed: np.ndarray) -> Bools:
    """Return bool[S] free sites that (d) leaves out; of equal sites the lowest stays.

    ``price`` f64[S] is what a site costs; None = all the same.
    """
    from lifezone.kernels.dominate import Sets, inside_others  # noqa: PLC0415

    rows = _sets_of_rows(pairs)
    sets = Sets(rows.by_member, rows.holder, rows.first, rows.member)
    size = np.diff(sets.first)
    free = np.ascontiguousarray(fixed == FREE)
    cost = np.zeros(pairs.n_sites) if price is None else np.ascontiguousarray(price, np.float64)
    out = inside_others(sets, cost, free, np.argsort(size, kind="stable"), _MOST_WORK)
    out |= (size == 0) & free
    return np.asarray(out)


def needless_rows(pairs: Pairs) -> Bools:
    """Return bool[R] rows that (e) leaves out of a set cover: another row's sites are all among theirs."""
    from lifezone.kernels.dominate import including_others  # noqa: PLC0415

    size = np.diff(pairs.first)
    return np.asarray(including_others(_sets_of_rows(pairs), np.argsort(size, kind="stable"), _MOST_WORK))


def _sets_of_rows(pairs: Pairs) -> Sets:
    """Return each row's sites, ascending, and each site's rows: a transpose of the transpose is sorted."""
    from lifezone.kernels.dominate import Sets  # noqa: PLC0415
    from lifezone.kernels.pairs import columns_of  # noqa: PLC0415

    by_site, row = pairs.columns
    first, site = columns_of(by_site, row, pairs.n_rows)
    return Sets(first, site, by_site, row)
