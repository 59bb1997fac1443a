"""Lagrangian relaxation of the p-median: multipliers raised by subgradient steps, on sparse rows of travel costs.

Cornuéjols, Fisher and Nemhauser 1977. With u_i the price that row i pays to be served,

    L(u) = Σ u_i + Σ_{chosen j} Σ_i min(0, a_i c_ij − u_i)

is a lower bound; of the free sites those with the most negative sum are chosen. A row is read from its near end as far
as its price, so that a step costs what is near, not what is in reach. Where a row leaves far sites out, its price is
held below what they cost: then they add nothing to the sum, and the bound holds for them too.
"""

from __future__ import annotations

import numpy as np

from lifezone.kernels.jit import kernel
from lifezone.kernels.median import Flags, Float64s, Table

__all__ = ["add_gains", "raise_bound", "slope_rows"]

PATIENCE = 30
"""Steps without a better bound before steps get half as long."""
MEMORY = 0.7
"""Share of the last direction kept (Crowder 1976): a third fewer steps on the OR-Library set."""


@kernel
def add_gains(table: Table, people: Float64s, price: Float64s, begin: int, end: int, gain: Float64s) -> None:
    """Add min(0, a_i c_ij − u_i) of some rows to gain_j.

    Args:
        table: travel costs.
        people: f64[R] a.
        price: f64[R] multipliers u.
        begin: first row.
        end: one past the last.
        gain: f64[S] added to.
    """
    for i in range(begin, end):
        for k in range(table.first[i], table.first[i + 1]):
            less = people[i] * table.cost[k] - price[i]
            if less >= 0.0:
                break
            gain[table.site[k]] += less


@kernel
def slope_rows(
    table: Table, people: Float64s, price: Float64s, chosen: Flags, begin: int, end: int, slope: Float64s
) -> float:
    """Mix the direction of some rows, 1 − number of chosen sites that would serve them gladly, into the last one.

    Returns:
        The sum of the squares of ``slope`` over these rows.
    """
    norm = 0.0
    for i in range(begin, end):
        count = 0
        for k in range(table.first[i], table.first[i + 1]):
            if people[i] * table.cost[k] >= price[i]:
                break
            if chosen[table.site[k]]:
                count += 1
        slope[i] = MEMORY * slope[i] + (1.0 - MEMORY) * (1.0 - count)
        norm += slope[i] * slope[i]
    return norm


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
    gain = np.empty(len(free))
    bound, stale = -np.inf, 0
    chosen = np.zeros(len(free), np.bool_)
    places = np.flatnonzero(free)
    for _ in range(rounds):
        gain[:] = 0.0
        add_gains(table, people, now, 0, n_rows, gain)
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
        norm = slope_rows(table, people, now, chosen, 0, n_rows, slope)
        if norm == 0.0:
            break
        length = step * max(best * 1.001 - value, 1e-9) / norm
        for i in range(n_rows):
            now[i] = min(max(now[i] + length * slope[i], 0.0), people[i] * table.beyond[i])
    return bound
