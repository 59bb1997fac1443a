"""The worst-off tenth: least mean trip of the tenth of the people whose trips are longest.

    min η + Σ_i a_i u_i ÷ (β Σ_i a_i)   subject to u_i ≥ t_i − η, u_i ≥ 0, (1) to (3), (9), (10), (13) to (16)

is the conditional value at risk of travel (Rockafellar and Uryasev 2000; Ogryczak and Zawadzki 2002 for locations): at
its least, η is the trip that the tenth begins with and the objective is its mean. The tenth is cut exactly, through a
demand point where need be. η cannot lie below the same quantile with all sites open, nor above a known answer, so trips
up to the first are one level. For a fixed η the question is a p-median with max(0, c − η) for costs: a few of these
give the start. People whom no site can reach are left out; whom some site reaches must be reached.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import numpy as np

from lifezone.model import Bools, Floats
from lifezone.siting.family import ruled_sites
from lifezone.siting.found import Found, read
from lifezone.siting.interchange import interchange
from lifezone.siting.milp import Model, Tell
from lifezone.siting.problem import SHUT, Problem, serve
from lifezone.siting.radius import radius

__all__ = ["WORST", "tail_mean", "worst_tenth"]

WORST: Final = 0.1
"""Share of the people who count as the worst off."""
_STARTS: Final = 4
"""Most rounds of the start; it mostly settles after two."""


def tail_mean(cost: Floats, people: Floats, share: float = WORST) -> tuple[float, float]:
    """Return the mean cost of the worst-off share of the people, and the cost it begins with.

    Args:
        cost: f64[n] of each row.
        people: f64[n] ≥ 0, some above 0.
        share: above 0, at most 1.
    """
    order = np.argsort(-cost, kind="stable")
    cost, people = cost[order], people[order]
    wanted = share * float(people.sum())
    before = np.cumsum(people) - people
    part = np.clip(wanted - before, 0.0, people)
    taken = part > 0
    return float((part[taken] * cost[taken]).sum() / wanted), float(cost[taken][-1])


def worst_tenth(problem: Problem, *, time_limit: float | None = None, tell: Tell | None = None, seed: int = 0) -> Found:
    """Find the sites that are best for the worst-off tenth of the people."""
    wanted = problem.reachable & (problem.people > 0)
    if not wanted.any():
        return Found("optimal", problem.standing, 0.0)
    usable = problem.pairs.only((problem.fixed[problem.pairs.site] != SHUT) & wanted[problem.pairs.row])
    people = problem.people[wanted]
    best = usable.rows(wanted).cost[usable.rows(wanted).first[:-1]]  # everybody's trip with all sites open
    least, eta = tail_mean(best, people)
    stands = _start(problem, wanted, eta, seed)
    model = Model()
    y, taken = ruled_sites(model, problem)
    t = radius(model, problem, y, usable, value=np.maximum(usable.cost - eta, 0.0))
    over = np.flatnonzero(wanted & ((np.bincount(t.row, minlength=problem.n_rows) > 0) | (t.base > 0)))
    n, number = np.arange(len(over)), np.full(problem.n_rows, -1)
    number[over] = n
    rise = model.columns(1, cost=1.0, high=np.inf)
    u = model.columns(len(n), cost=problem.people[over] / (people.sum() * WORST), high=np.inf)
    model.rows(
        len(n), np.concatenate([n, n, number[t.row]]), np.concatenate([u, np.repeat(rise, len(n)), t.column]),
        np.concatenate([np.ones(2 * len(n)), -t.step]), low=t.base[over],
    )  # fmt: skip
    start = None
    if stands is not None:
        start = np.full(model.n_columns, np.nan)
        start[y] = stands
    solved = model.solve(time_limit=time_limit, start=start, tell=tell, seed=seed)
    found = read(solved, y, base=eta, assigned=taken, start=stands)
    return replace(found, bound=max(found.bound, least))


def _start(problem: Problem, wanted: Bools, eta: float, seed: int) -> Bools | None:
    """Return bool[S] a good answer to a plain question: p-medians of what lies beyond η, which then moves."""
    if not problem.is_plain or problem.choose is None:
        return None
    best, least = None, np.inf
    lived = problem.of_rows(wanted)
    usable = lived.pairs.only(lived.fixed[lived.pairs.site] != SHUT)
    people = lived.people
    for _ in range(_STARTS):
        beyond = replace(usable, cost=np.maximum(usable.cost - eta, 0.0))
        stands = interchange(replace(lived, pairs=beyond), seed=seed, starts=2)
        if stands is None:
            return best
        cost = serve(usable, stands).cost
        if not np.isfinite(cost).all():
            return best
        value, eta = tail_mean(cost, people)
        if value >= least * (1 - 1e-12):
            return best
        best, least = stands, value
    return best
