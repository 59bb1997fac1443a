"""Everybody's own travel time in a model, by levels of radius rather than by pairs.

Row i has distinct values D_1 < … < D_L over its sites (costs, or any value that does not fall with the cost). With the
sets A of sites passed on the way down a row and s_A = 1 when none of them stands (``nearest``)

(15) s_{A ∪ G} ≥ s_A − Σ_{j ∈ G} y_j,   s_∅ = 1,   s of all sites of a row = 0: everybody is served
(16) t_i = D_1 + Σ_k (D_k+1 − D_k) · s_{A_ik},   A_ik = sites of row i with values up to D_k
(17) s_{A ∪ G} ≤ s_A,   s_{A ∪ G} ≤ 1 − y_j for j ∈ G

(15) alone makes t_i at least the value of the nearest site that stands, which is enough where less is better; with (17)
it *is* that value. There is one variable a set where (5) has one a pair; the linear bound is the same.

Sources: Cornuejols, Nemhauser and Wolsey 1980; Elloumi 2010, *A tighter formulation of the p-median problem*;
Church 2003, *COBRA*.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from lifezone.model import Floats, Ints, Longs
from lifezone.siting.milp import Model
from lifezone.siting.nearest import Steps, link_sets, sets_passed, steps_of, worth_asking
from lifezone.siting.problem import Pairs, Problem

__all__ = ["Radius", "radius"]


@dataclass(frozen=True, eq=False)
class Radius:
    """Values of rows as expressions: ``base`` + Σ ``step`` · ``column`` over the entries of each row.

    Attributes:
        base: f64[R] D_1, 0 for a row without pairs.
        row: i64[n] row of each entry.
        column: i64[n] column s.
        step: f64[n] D_k+1 − D_k.
    """

    base: Floats
    row: Longs
    column: Longs
    step: Floats

    def summed(self, weight: Floats) -> tuple[Longs, Floats, float]:
        """Return columns, values and constant of Σ_i weight_i · t_i."""
        return self.column, weight[self.row] * self.step, float((weight * self.base).sum())

    def read(self, x: Floats) -> Floats:
        """Return f64[R] the values in a solution."""
        more = np.bincount(self.row, weights=self.step * x[self.column], minlength=len(self.base))
        return np.asarray(self.base + more, np.float64)


def radius(
    model: Model, problem: Problem, y: Ints, pairs: Pairs, *, value: Floats | None = None, exact: bool = False,
    unserved: float | None = None,
) -> Radius:  # fmt: skip
    """Add s with (15), and (17) where asked.

    Args:
        model: being put together.
        problem: says which sites may stand, and how many stand at least.
        y: columns of the sites.
        pairs: who may go where.
        value: f64[K] of each pair, not falling with the cost; None = the cost.
        exact: with (17), where larger values could pay.
        unserved: value of a row that no standing site reaches, at least the largest value; None = everybody with a
            pair must be served.

    Returns:
        The value of each row that has pairs.
    """
    priced = Pairs(pairs.first, pairs.site, pairs.cost if value is None else value, pairs.n_sites)
    left = priced.only(worth_asking(problem, priced))
    base = np.zeros(pairs.n_rows)
    if not len(left.cost):
        return Radius(base, np.empty(0, np.int64), np.empty(0, np.int64), np.empty(0))
    steps = steps_of(left)
    before, after, edge = sets_passed(left, steps)
    n_sets = int(after.max()) + 1
    s = model.columns(n_sets, low=np.arange(n_sets) == 0)
    if exact:
        link_sets(model, y, s, left, steps, before, after, edge)
    else:
        _never_nearer(model, y, s, left, steps, before, after, edge)
    row, level = left.row[steps.start], left.cost[steps.start]
    base[row[steps.is_first]] = level[steps.is_first]
    if unserved is None:
        ends = np.unique(after[steps.last])
        model.rows(len(ends), np.arange(len(ends)), s[ends], 1.0, high=0.0)
    following = np.append(level[1:], 0.0)
    following[steps.last] = level[steps.last] if unserved is None else unserved
    climbs = following > level
    return Radius(base, row[climbs].astype(np.int64), s[after[climbs]].astype(np.int64), (following - level)[climbs])


def _never_nearer(
    model: Model, y: Ints, s: Ints, pairs: Pairs, steps: Steps, before: Longs, after: Longs, edge: Longs
) -> None:
    """Add (15), once for every edge between sets."""
    _, chosen = np.unique(edge, return_index=True)
    n, size = np.arange(len(chosen)), steps.size[chosen]
    row = np.repeat(n, size)
    pair = np.repeat(steps.start[chosen] - np.concatenate([[0], np.cumsum(size)[:-1]]), size) + np.arange(size.sum())
    ones = np.ones(len(n))
    model.rows(
        len(n), np.concatenate([n, n, row]),
        np.concatenate([s[after[chosen]], s[before[chosen]], y[pairs.site[pair]]]),
        np.concatenate([ones, -ones, np.ones(len(row))]), low=0.0,
    )  # fmt: skip
