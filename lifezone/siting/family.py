"""The model family: one set of variables and rules that every siting problem takes its parts from.

Sites j, demand rows i, people a_i, travel cost c_ij, N_i = sites within the bound of row i.

     y_j ∈ {0, 1}   site j stands                     z_i ∈ [0, 1]   row i counts as covered
     x_ij ∈ [0, 1]  share of row i sent to site j

 (1) y_j fixed where a site must stand or may not
 (2) Σ_{j new} y_j = p            (≤ p where money or a least use may stop earlier)
 (3) Σ cost of opening, closing, running − savings of standing together ≤ budget
 (4) z_i ≤ Σ_{j ∈ N_i} y_j
 (5) Σ_j x_ij = 1,   x_ij ≤ y_j
 (6) Σ_i a_i x_ij ≤ K_j y_j        capacity
 (7) Σ_i a_i x_ij ≥ L_j y_j        least use (a facility below its viability threshold may not stand)
 (8) Σ_{k: c_ik > c_ij} x_ik + y_j ≤ 1   everybody goes to the nearest site that stands (Wagner and Falkson 1975),
     in the compact form of ``nearest``
 (9) Σ_{i in d} a_i z_i ≥ m_d      coverage of each district
(10) Σ_{j ∈ N_i} y_j ≥ 1           for rows that may not lose cover
(11) s_ab ≤ y_a, s_ab ≤ y_b        saving of two kinds in one building
(12) Σ_{j new} y_j = Σ_{j closed} (1 − y_j)   facilities move, their number stays

Sources: Church and Murray 2018, *Location Covering Models*; Daskin 2013, *Network and Discrete Location*.
"""

from __future__ import annotations

import numpy as np

from lifezone.model import Floats, Ints, Longs
from lifezone.siting.milp import Model
from lifezone.siting.nearest import Shares, nearest_shares, worth_asking
from lifezone.siting.problem import FREE, STANDS, Pairs, Problem

__all__ = ["assign", "cover", "must_keep", "sent_people", "sites"]


def sites(model: Model, problem: Problem, *, cost: Floats | float = 0.0) -> Ints:
    """Add y with rules (1), (2), (3), (11), (12); return its columns."""
    fixed = problem.fixed
    y = model.columns(
        problem.n_sites,
        cost=cost,
        low=(fixed == STANDS).astype(float),
        high=((fixed == FREE) | (fixed == STANDS)).astype(float),
        integer=True,
    )
    new = np.flatnonzero(~problem.open_now)
    old = np.flatnonzero(problem.open_now)
    if problem.choose is not None:
        model.row(y[new], 1.0, low=-np.inf if problem.at_most else problem.choose, high=problem.choose)
    if problem.swaps:
        model.row(
            np.concatenate([y[new], y[old]]), np.ones(problem.n_sites), low=len(old), high=len(old)
        )  # (12): Σ new − Σ (1 − y old) = 0
    if np.isfinite(problem.budget):
        _budget(model, problem, y)
    return y


def _budget(model: Model, problem: Problem, y: Ints) -> None:
    """Add (3) and (11)."""
    price, fixed_part = np.zeros(problem.n_sites), 0.0
    if problem.open_cost is not None:
        price += np.where(problem.open_now, 0.0, problem.open_cost)
    if problem.close_cost is not None:
        closing = np.where(problem.open_now, problem.close_cost, 0.0)
        price -= closing
        fixed_part = float(closing.sum())
    if problem.running_cost is not None:
        price += problem.running_cost
    columns, values = [y], [price]
    new = ~problem.open_now
    pairs = [(a, b, saving) for a, b, saving in problem.together if new[a] and new[b]]
    if pairs:
        s = model.columns(len(pairs))
        for side in (0, 1):
            at = np.array([pair[side] for pair in pairs])
            n = np.arange(len(pairs))
            model.rows(
                len(pairs), np.tile(n, 2), np.concatenate([s, y[at]]), np.repeat([1.0, -1.0], len(pairs)), high=0.0
            )
        columns.append(s)
        values.append(-np.array([pair[2] for pair in pairs]))
    model.row(np.concatenate(columns), np.concatenate(values), high=problem.budget - fixed_part)


def cover(
    model: Model, problem: Problem, y: Ints, near: Pairs, *, gain: Floats | float = 0.0, integer: bool = False
) -> Ints:
    """Add z with rules (4), (9), (10) for ``near`` = pairs within the bound; return its columns."""
    n = near.n_rows
    z = model.columns(n, cost=gain, integer=integer)
    model.rows(
        n,
        np.concatenate([near.row, np.arange(n)]),
        np.concatenate([y[near.site], z]),
        np.concatenate([np.ones(len(near.site)), -np.ones(n)]),
        low=0.0,
    )
    if problem.least_cover is not None and problem.district is not None:
        wanted = np.flatnonzero(problem.least_cover > 0)
        place = np.full(len(problem.least_cover), -1)
        place[wanted] = np.arange(len(wanted))
        at = np.flatnonzero(place[problem.district] >= 0)
        model.rows(len(wanted), place[problem.district[at]], z[at], problem.people[at], low=problem.least_cover[wanted])
    must_keep(model, problem, y, near)
    return z


def must_keep(model: Model, problem: Problem, y: Ints, near: Pairs) -> None:
    """Add (10)."""
    if problem.keep_covered is None or not problem.keep_covered.any():
        return
    kept = near.rows(problem.keep_covered)
    model.rows(kept.n_rows, kept.row, y[kept.site], 1.0, low=1.0)


def assign(
    model: Model, problem: Problem, y: Ints, pairs: Pairs, *, cost: Floats | float = 0.0, everybody: bool = True
) -> Shares:
    """Add x with rules (5) to (8) for the given pairs.

    Args:
        model: being put together.
        problem: the question.
        y: columns of :func:`sites`.
        pairs: who may go where.
        cost: f64[K] of each pair; without ``everybody``, the same for each person of a row and of the rows like it.
        everybody: all of each row with a pair is sent somewhere; otherwise at most all of it, and a site that is full
            turns people away even where they may go to no other.
    """
    by_pair = np.broadcast_to(np.asarray(cost, np.float64), (len(pairs.site),))
    if problem.nearest_only and (problem.capacity is not None or problem.least_use is not None or not everybody):
        some = np.diff(pairs.first) > 0
        keep = worth_asking(problem, pairs)
        left = pairs.only(keep)
        if everybody and (some & (np.diff(left.first) == 0)).any():
            model.rows(1, np.empty(0, np.int64), np.empty(0, np.int64), np.empty(0), low=1.0)  # somebody has no site
        label = np.zeros(problem.n_rows, np.int32)
        if problem.least_cover is not None and problem.district is not None:
            label = problem.district
        shares = nearest_shares(model, y, left, served=everybody, label=label)
        model.more_cost(*shares.terms(np.arange(len(left.site)), np.zeros(len(left.site), np.int64), by_pair[keep])[1:])
    else:
        x = model.columns(len(pairs.site), cost=by_pair)
        _send(model, pairs, x, y, everybody=everybody)
        shares = Shares(pairs, x, np.full(len(x), -1, np.int32))
    _limits(model, problem, y, shares)
    return shares


def _send(model: Model, pairs: Pairs, x: Ints, y: Ints, *, everybody: bool) -> None:
    """Add (5)."""
    some = np.diff(pairs.first) > 0
    number = np.cumsum(some) - 1
    model.rows(int(some.sum()), number[pairs.row], x, 1.0, low=1.0 if everybody else -np.inf, high=1.0)
    k = np.arange(len(x))
    model.rows(
        len(x), np.concatenate([k, k]), np.concatenate([x, y[pairs.site]]),
        np.concatenate([np.ones(len(x)), -np.ones(len(x))]), high=0.0,
    )  # fmt: skip


def _limits(model: Model, problem: Problem, y: Ints, shares: Shares) -> None:
    """Add (6) and (7)."""
    pairs = shares.pairs
    for limit, is_most in ((problem.capacity, True), (problem.least_use, False)):
        if limit is None:
            continue
        where = np.flatnonzero(np.isfinite(limit) if is_most else limit > 0)
        place = np.full(problem.n_sites, -1)
        place[where] = np.arange(len(where))
        at = np.flatnonzero(place[pairs.site] >= 0)
        row, column, value = shares.terms(at, place[pairs.site[at]], problem.people[pairs.row[at]])
        model.rows(
            len(where), np.concatenate([row, np.arange(len(where))]), np.concatenate([column, y[where]]),
            np.concatenate([value, -limit[where]]), low=-np.inf if is_most else 0.0, high=0.0 if is_most else np.inf,
        )  # fmt: skip


def sent_people(model: Model, problem: Problem, shares: Shares, at: Longs, *, low: float) -> None:
    """Add Σ people · x ≥ low over the pairs ``at``."""
    _, column, value = shares.terms(at, np.zeros(len(at), np.int64), problem.people[shares.pairs.row[at]])
    model.row(column, value, low=low)
