"""p-median by interchange and by Lagrangian relaxation, on sparse rows of travel costs.

Interchange: Teitz and Bart 1968, with the gains of Whitaker 1983 (all swaps of one new site in one pass over its
pairs). Relaxation: Cornuéjols, Fisher and Nemhauser 1977.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from lifezone.kernels.jit import kernel

__all__ = ["Near", "Table", "best_swap", "greedy_median", "place_rows", "raise_bound", "relaxed_gains", "times_chosen"]

Float64s = npt.NDArray[np.float64]
Int32s = npt.NDArray[np.int32]
Int64s = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]

PATIENCE = 30
"""Steps without a better bound before steps get half as long."""
MEMORY = 0.7
"""Share of the last direction kept (Crowder 1976): a third fewer steps on the OR-Library set."""


class Table(NamedTuple):
    """Travel costs of R rows and S sites, sparse, by row and by site.

    Attributes:
        first: i64[R+1] boundaries of the rows, ascending by cost.
        site: i32[K] site of each pair.
        row: i32[K] row of each pair.
        cost: f64[K].
        by_site: i64[S+1] boundaries of ``pair``.
        pair: i64[K] pairs sorted by site, then row.
    """

    first: Int64s
    site: Int32s
    row: Int32s
    cost: Float64s
    by_site: Int64s
    pair: Int64s


class Near(NamedTuple):
    """The two nearest standing sites of every row.

    Attributes:
        pair: i64[R, 2] their pairs, −1 = none.
        cost: f64[R, 2] their costs; what being unserved costs where there is none.
    """

    pair: Int64s
    cost: Float64s


@kernel
def place_rows(table: Table, stands: Flags, rows: Int64s, near: Near, unserved: float) -> None:
    """Find the nearest and second nearest standing site of some rows.

    Args:
        table: travel costs.
        stands: bool[S].
        rows: i64[n] rows to look at.
        near: written.
        unserved: cost of having no site.
    """
    for i in rows:
        found = 0
        near.pair[i, 0] = near.pair[i, 1] = -1
        near.cost[i, 0] = near.cost[i, 1] = unserved
        for k in range(table.first[i], table.first[i + 1]):
            if stands[table.site[k]]:
                near.pair[i, found] = k
                near.cost[i, found] = table.cost[k]
                found += 1
                if found == 2:
                    break


@kernel
def greedy_median(table: Table, people: Float64s, stands: Flags, free: Flags, choose: int, least: Float64s) -> None:
    """Open the site that saves most, ``choose`` times; ties go to the lower site.

    Args:
        table: travel costs.
        people: f64[R].
        stands: bool[S] written: the sites opened too.
        free: bool[S] sites that may open.
        choose: how many.
        least: f64[R] written: cost of the nearest standing site, large where none.
    """
    for _ in range(choose):
        best, most = -1, -1.0
        for j in range(len(stands)):
            if stands[j] or not free[j]:
                continue
            saved = 0.0
            for at in range(table.by_site[j], table.by_site[j + 1]):
                k = table.pair[at]
                i = table.row[k]
                if table.cost[k] < least[i]:
                    saved += people[i] * (least[i] - table.cost[k])
            if saved > most:
                best, most = j, saved
        if best < 0:
            return
        stands[best] = True
        for at in range(table.by_site[best], table.by_site[best + 1]):
            k = table.pair[at]
            least[table.row[k]] = min(least[table.row[k]], table.cost[k])


@kernel
def best_swap(
    table: Table, people: Float64s, stands: Flags, may_open: Flags, may_close: Flags, near: Near
) -> tuple[int, int, float]:
    """Return the swap (site to open, site to close) that saves most, and what it saves; (−1, −1, 0) = none.

    For a new site f and an old one r the saving is gain_f + loss_r + shared_fr: gain_f over all rows, loss_r of sending
    r's rows to their second site, shared_fr what f spares of that loss.
    """
    loss = np.zeros(len(stands))
    for i in range(len(people)):
        if near.pair[i, 0] >= 0:
            loss[table.site[near.pair[i, 0]]] += people[i] * (near.cost[i, 0] - near.cost[i, 1])
    shared = np.zeros(len(stands))
    best_open, best_close, most = -1, -1, 0.0
    for f in range(len(stands)):
        if stands[f] or not may_open[f]:
            continue
        gain = 0.0
        for at in range(table.by_site[f], table.by_site[f + 1]):
            k = table.pair[at]
            i = table.row[k]
            if table.cost[k] >= near.cost[i, 1]:
                continue
            if table.cost[k] < near.cost[i, 0]:
                gain += people[i] * (near.cost[i, 0] - table.cost[k])
                if near.pair[i, 0] >= 0:
                    shared[table.site[near.pair[i, 0]]] += people[i] * (near.cost[i, 1] - near.cost[i, 0])
            elif near.pair[i, 0] >= 0:
                shared[table.site[near.pair[i, 0]]] += people[i] * (near.cost[i, 1] - table.cost[k])
        for r in range(len(stands)):
            if stands[r] and may_close[r]:
                saved = gain + loss[r] + shared[r]
                if saved > most * (1.0 + 1e-12) + 1e-9:
                    best_open, best_close, most = f, r, saved
            shared[r] = 0.0
    return best_open, best_close, most


@kernel
def relaxed_gains(table: Table, people: Float64s, price: Float64s, gain: Float64s) -> None:
    """Write gain_j = Σ_i min(0, a_i c_ij − u_i) of every site.

    Args:
        table: travel costs.
        people: f64[R] a.
        price: f64[R] multipliers u.
        gain: f64[S] written.
    """
    gain[:] = 0.0
    for i in range(len(price)):
        for k in range(table.first[i], table.first[i + 1]):
            less = people[i] * table.cost[k] - price[i]
            if less >= 0.0:
                break
            gain[table.site[k]] += less


@kernel
def times_chosen(table: Table, people: Float64s, price: Float64s, chosen: Flags, count: Int32s) -> None:
    """Write how many chosen sites would serve each row gladly: a_i c_ij < u_i."""
    count[:] = 0
    for i in range(len(price)):
        for k in range(table.first[i], table.first[i + 1]):
            if people[i] * table.cost[k] >= price[i]:
                break
            if chosen[table.site[k]]:
                count[i] += 1


@kernel
def raise_bound(
    table: Table, people: Float64s, standing: Flags, free: Flags, wanted: int, best: float, price: Float64s,
    rounds: int, step: float, enough: float,
) -> float:  # fmt: skip
    """Raise the relaxed bound by subgradient steps and return the best one; its multipliers are left in ``price``.

    Args:
        table: travel costs.
        people: f64[R].
        standing: bool[S] sites that stand.
        free: bool[S] sites of which exactly ``wanted`` open.
        wanted: how many.
        best: value of a known answer.
        price: f64[R] multipliers to start from; written.
        rounds: most steps.
        step: first step length; halved after :data:`PATIENCE` steps without a better bound.
        enough: stop when the bound is within this of ``best``.
    """
    n_rows = len(people)
    now, slope = price.copy(), np.zeros(n_rows)
    gain, count = np.empty(len(free)), np.empty(n_rows, np.int32)
    bound, stale = -np.inf, 0
    chosen = np.zeros(len(free), np.bool_)
    places = np.flatnonzero(free)
    for _ in range(rounds):
        relaxed_gains(table, people, now, gain)
        chosen[:] = standing
        value = now.sum()
        for j in range(len(free)):
            if standing[j]:
                value += gain[j]
        order = np.argsort(gain[places], kind="mergesort")
        for k in range(min(wanted, len(places))):
            chosen[places[order[k]]] = True
            value += gain[places[order[k]]]
        if value > bound:
            bound, stale = value, 0
            price[:] = now
        else:
            stale += 1
        if best - bound <= enough or step < 1e-4:
            break
        if stale >= PATIENCE:
            step, stale = step / 2, 0
        times_chosen(table, people, now, chosen, count)
        norm = 0.0
        for i in range(n_rows):
            slope[i] = MEMORY * slope[i] + (1.0 - MEMORY) * (1.0 - count[i])
            norm += slope[i] * slope[i]
        if norm == 0.0:
            break
        length = step * max(best * 1.001 - value, 1e-9) / norm
        for i in range(n_rows):
            now[i] = max(now[i] + length * slope[i], 0.0)
    return bound
