"""Exact reductions of coverage questions: equal rows merged, settled rows and useless sites left out.

They hold where only *which* sites stand matters (no capacity, no least use): (a) a row that a standing site covers is
covered; (b) a row that no site can cover never is; (c) rows with the same sites are one row with their people added;
(d) a site whose rows are a part of another's, for no less money, is never needed (Toregas and ReVelle 1973); for set
cover also (e) a row whose sites include all sites of another row is covered with it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from lifezone.model import Bools, Floats, Ints
from lifezone.siting.problem import FREE, SHUT, STANDS, Pairs

__all__ = ["Reduced", "dominated_sites", "merge_rows", "needless_rows", "settle"]

_MOST_WORK: Final = 60_000_000
"""Shared rows of pairs of sites looked at; beyond it domination costs more than it saves."""


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
    standing = fixed[near.site] == STANDS
    covered = np.bincount(near.row[standing], minlength=near.n_rows) > 0
    usable = near.only((fixed[near.site] != SHUT) & ~covered[near.row])
    coverable = np.diff(usable.first) > 0
    row_of = np.where(covered, -1, -2).astype(np.int32)
    merged, member = merge_rows(usable.rows(coverable))
    row_of[coverable] = member
    together = np.bincount(member, weights=people[coverable], minlength=merged.n_rows).astype(np.float64)
    return Reduced(merged, together, row_of, covered)


def merge_rows(pairs: Pairs) -> tuple[Pairs, Ints]:
    """Merge rows with the very same sites; return the merged rows and i32[R] which one each row became."""
    if pairs.n_rows == 0:
        return pairs, np.empty(0, np.int32)
    order = np.lexsort((pairs.site, pairs.row))
    site = pairs.site[order].astype(np.int32)
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
    from scipy.sparse import csr_matrix  # noqa: PLC0415

    out = np.zeros(pairs.n_sites, np.bool_)
    size = np.bincount(pairs.site, minlength=pairs.n_sites)
    per_row = np.diff(pairs.first)
    if float((per_row.astype(float) ** 2).sum()) > _MOST_WORK:
        return out
    rows: Any = csr_matrix(
        (np.ones(len(pairs.site), np.int32), (pairs.row, pairs.site)), shape=(pairs.n_rows, pairs.n_sites)
    )
    shared: Any = (rows.T @ rows).tocoo()
    a, b, both = shared.row, shared.col, shared.data
    cost = np.zeros(pairs.n_sites) if price is None else price
    inside = (a != b) & (both == size[a]) & (cost[b] <= cost[a]) & (fixed[a] == FREE) & (fixed[b] == FREE)
    equal = (size[a] == size[b]) & (cost[a] == cost[b])
    out[a[inside & (~equal | (b < a))]] = True
    out[(size == 0) & (fixed == FREE)] = True
    return out


def needless_rows(pairs: Pairs) -> Bools:
    """Return bool[R] rows that (e) leaves out of a set cover: another row's sites are all among theirs."""
    from scipy.sparse import csr_matrix  # noqa: PLC0415

    size = np.diff(pairs.first)
    per_site = np.bincount(pairs.site, minlength=pairs.n_sites).astype(float)
    out = np.zeros(pairs.n_rows, np.bool_)
    if float((per_site**2).sum()) > _MOST_WORK:
        return out
    rows: Any = csr_matrix(
        (np.ones(len(pairs.site), np.int32), (pairs.row, pairs.site)), shape=(pairs.n_rows, pairs.n_sites)
    )
    shared: Any = (rows @ rows.T).tocoo()
    a, b, both = shared.row, shared.col, shared.data
    inside = (a != b) & (both == size[b]) & ((size[a] > size[b]) | (b < a))  # all sites of b are sites of a
    out[a[inside]] = True
    return out
