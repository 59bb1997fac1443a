"""Sparse rows of travel costs put together, cut and turned round in passes over arrays: no sort sees all pairs at once.

A province has hundreds of millions of pairs: counting sorts take one pass and four or eight bytes a pair, where a
lexicographic sort takes minutes and three times the memory of the pairs themselves.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from lifezone.kernels.jit import kernel

__all__ = [
    "columns_of", "fill_selected", "nearest_standing", "reaches_any", "selected_sizes", "sort_rows", "strew_rows",
    "without_repeats",
]  # fmt: skip

Float64s = npt.NDArray[np.float64]
Int32s = npt.NDArray[np.int32]
Int64s = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]


@kernel
def strew_rows(row: Int32s, site: Int32s, cost: Float64s, first: Int64s, n_sites: int) -> tuple[Int32s, Float64s]:
    """Return sites and costs of loose pairs in rows, ascending by site within a row (two stable counting sorts).

    Args:
        row: i32[K].
        site: i32[K].
        cost: f64[K].
        first: i64[R+1] boundaries of the rows.
        n_sites: S.
    """
    start = np.zeros(n_sites + 1, np.int64)
    for j in site:
        start[j + 1] += 1
    for j in range(n_sites):
        start[j + 1] += start[j]
    by_site = np.empty(len(site), np.int64)
    for k in range(len(site)):
        by_site[start[site[k]]] = k
        start[site[k]] += 1
    at = first[:-1].copy()
    in_site, in_cost = np.empty(len(site), np.int32), np.empty(len(site), np.float64)
    for q in range(len(by_site)):
        k = by_site[q]
        in_site[at[row[k]]], in_cost[at[row[k]]] = site[k], cost[k]
        at[row[k]] += 1
    return in_site, in_cost


@kernel
def sort_rows(first: Int64s, site: Int32s, cost: Float64s, begin: int, end: int) -> None:
    """Sort some rows by cost, in place; equal costs keep the order of their sites."""
    for i in range(begin, end):
        low, high = first[i], first[i + 1]
        order = np.argsort(cost[low:high], kind="mergesort")
        cost[low:high] = cost[low:high][order]
        site[low:high] = site[low:high][order]


@kernel
def without_repeats(first: Int64s, site: Int32s, cost: Float64s, n_sites: int) -> int:
    """Drop all but the first pair of a row and a site, in place; ``first`` is written; return how many are left."""
    seen = np.full(n_sites, -1, np.int64)
    used, low = 0, first[0]
    for i in range(len(first) - 1):
        high = first[i + 1]
        for k in range(low, high):
            if seen[site[k]] != i:
                seen[site[k]] = i
                site[used], cost[used] = site[k], cost[k]
                used += 1
        low, first[i + 1] = high, used
    return used


@kernel
def columns_of(first: Int64s, site: Int32s, n_sites: int) -> tuple[Int64s, Int32s]:
    """Return the transpose: i64[S+1] boundaries, and i32[K] the rows of each site, ascending."""
    start = np.zeros(n_sites + 2, np.int64)
    for j in site:
        start[j + 2] += 1
    for j in range(n_sites):
        start[j + 2] += start[j + 1]
    row = np.empty(len(site), np.int32)
    for i in range(len(first) - 1):
        for k in range(first[i], first[i + 1]):
            row[start[site[k] + 1]] = i
            start[site[k] + 1] += 1
    return start[:-1], row


@kernel
def selected_sizes(first: Int64s, site: Int32s, cost: Float64s, sites: Flags, rows: Flags, bound: Float64s) -> Int64s:
    """Return i64[R] how many pairs each row keeps: of chosen sites, within the row's bound, in chosen rows."""
    size = np.zeros(len(rows), np.int64)
    for i in range(len(rows)):
        if rows[i]:
            for k in range(first[i], first[i + 1]):
                if cost[k] > bound[i]:
                    break
                if sites[site[k]]:
                    size[i] += 1
    return size


@kernel
def fill_selected(
    first: Int64s,
    site: Int32s,
    cost: Float64s,
    sites: Flags,
    rows: Flags,
    bound: Float64s,
    kept: Int32s,
    spent: Float64s,
) -> None:
    """Write sites and costs of the pairs that :func:`selected_sizes` counts."""
    used = 0
    for i in range(len(rows)):
        if rows[i]:
            for k in range(first[i], first[i + 1]):
                if cost[k] > bound[i]:
                    break
                if sites[site[k]]:
                    kept[used], spent[used] = site[k], cost[k]
                    used += 1


@kernel
def nearest_standing(
    first: Int64s, site: Int32s, cost: Float64s, stands: Flags, nearest: Int32s, least: Float64s
) -> None:
    """Write the nearest standing site of every row (−1 = none) and its cost (inf)."""
    for i in range(len(nearest)):
        nearest[i], least[i] = -1, np.inf
        for k in range(first[i], first[i + 1]):
            if stands[site[k]]:
                nearest[i], least[i] = site[k], cost[k]
                break


@kernel
def reaches_any(first: Int64s, site: Int32s, sites: Flags, found: Flags) -> None:
    """Write whether some of the chosen sites is in each row."""
    for i in range(len(found)):
        found[i] = False
        for k in range(first[i], first[i + 1]):
            if sites[site[k]]:
                found[i] = True
                break
