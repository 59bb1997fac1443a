"""Greedy coverage with exact marginal gains, kept up to date while sites are chosen.

Nemhauser, Wolsey and Fisher 1978, *An analysis of approximations for maximizing submodular set functions*.
"""

from __future__ import annotations

import numpy as np

from lifezone.kernels.jit import kernel
from lifezone.kernels.median import Flags, Float64s, Int32s, Int64s, Table

__all__ = ["add_marginals", "greedy_cover"]


@kernel
def greedy_cover(
    near: Table,
    by_site: Int64s,
    row: Int32s,
    people: Float64s,
    price: Float64s,
    free: Flags,
    covered: Flags,
    money: float,
    choose: int,
) -> tuple[Int32s, Float64s]:
    """Open sites one by one, each the one with most newly covered people a unit of price; ties go to the lower site.

    Args:
        near: pairs within the bound.
        by_site: i64[S+1] boundaries of ``row``.
        row: i32[K] rows of each site.
        people: f64[R].
        price: f64[S] cost of each site; all 1 when only their number counts.
        free: bool[S] sites that may open; written: chosen ones are no longer free.
        covered: bool[R] covered already; written.
        money: limit of the prices' sum.
        choose: most sites to open.

    Returns:
        i32[n] the sites in the order of their choice, and f64[n] people newly covered by each.
    """
    gain = np.zeros(len(free))
    for i in range(len(people)):
        if not covered[i]:
            for k in range(near.first[i], near.first[i + 1]):
                gain[near.site[k]] += people[i]
    chosen = np.empty(choose, np.int32)
    added = np.empty(choose, np.float64)
    n = 0
    while n < choose:
        best, most = -1, 0.0
        for j in range(len(free)):
            if free[j] and gain[j] > 1e-12 and price[j] <= money and gain[j] > most * max(price[j], 1e-300):
                best, most = j, gain[j] / max(price[j], 1e-300)
        if best < 0:
            break
        chosen[n], added[n] = best, gain[best]
        n += 1
        free[best] = False
        money -= price[best]
        for at in range(by_site[best], by_site[best + 1]):
            i = row[at]
            if not covered[i]:
                covered[i] = True
                for k in range(near.first[i], near.first[i + 1]):
                    gain[near.site[k]] -= people[i]
    return chosen[:n], added[:n]


@kernel
def add_marginals(
    first: Int64s, site: Int32s, cost: Float64s, people: Float64s, before: Float64s, bound: Float64s,
    covered: Float64s, reached: Float64s, saved: Float64s,
) -> None:  # fmt: skip
    """Add up what each site would do alone: people newly within their bound, newly reached, and cost saved.

    Args:
        first: i64[R+1] boundaries of the rows, ascending by cost.
        site: i32[K].
        cost: f64[K].
        people: f64[R].
        before: f64[R] cost today, inf = reached by nothing.
        bound: f64[R], inf = none: then nobody is newly within it.
        covered: f64[S] added to.
        reached: f64[S] added to.
        saved: f64[S] added to.
    """
    for i in range(len(people)):
        is_lost = before[i] > bound[i]
        for k in range(first[i], first[i + 1]):
            if cost[k] >= before[i]:
                break
            j = site[k]
            if is_lost and cost[k] <= bound[i]:
                covered[j] += people[i]
            if before[i] == np.inf:
                reached[j] += people[i]
            else:
                saved[j] += people[i] * (before[i] - cost[k])
