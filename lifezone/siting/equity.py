"""Equity: the sites that make a measure of unequal travel least, never by making anybody's trip longer unless allowed.

    fgt2         min Σ_i a_i g(t_i)² ÷ Σ_i a_i,   g(t) = max(0, 1 − bound ÷ t), 1 where nothing is reached (D2)
    worst_tenth  min the mean t_i of the tenth of the people whose trips are longest (``tail``)
    gini         min Σ_ik a_i a_k |t_i − t_k| ÷ (2 (Σ a)² t̄)   subject to t̄ ≤ a stated mean (``gini``)

all subject to (1) to (3), (5) to (10), (13) and (14), t_i = the trip to the nearest site that stands.

FGT 2 falls where any trip becomes shorter, so it is a p-median with g² in the place of the cost, and one more site
that stands everywhere and costs 1: nobody is left unreached in the model. With plain rules the p-median's own proof
takes it; other rules go to HiGHS by levels of radius, in which all trips within the bound are one level. Capacities
send people by (5) to (8); who finds no place counts as reaching nothing.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from lifezone.access import depth
from lifezone.model import Floats
from lifezone.siting.family import assign, must_keep, ruled_sites, sent_enough, sites
from lifezone.siting.found import Found, infeasible, read
from lifezone.siting.gini import least_gini
from lifezone.siting.median import p_median
from lifezone.siting.milp import Model, Tell
from lifezone.siting.problem import SHUT, STANDS, Pairs, Problem, serve
from lifezone.siting.radius import radius
from lifezone.siting.tail import worst_tenth

__all__ = ["equity", "least_fgt2", "severity", "without_losses"]


def equity(problem: Problem, *, time_limit: float | None = None, tell: Tell | None = None, seed: int = 0) -> Found:
    """Find the sites that make the measure ``problem.least`` least."""
    if not problem.nearest_only and (problem.capacity is not None or problem.least_use is not None):
        return infeasible(
            "equity judges everybody's nearest facility: people cannot be sent elsewhere (assignment)",
            korean="형평은 모두가 가장 가까운 시설에 가는 것으로 따지므로, 다른 곳으로 배정할 수 없습니다(assignment)",
        )
    solver = {"fgt2": least_fgt2, "worst_tenth": worst_tenth, "gini": least_gini}[problem.least]
    return solver(problem, time_limit=time_limit, tell=tell, seed=seed)


def without_losses(problem: Problem) -> Problem:
    """Return the question in which nobody's trip becomes longer than it is today; the same where nothing may close."""
    if not (problem.open_now & (problem.fixed != STANDS)).any():
        return problem
    today = serve(problem.pairs, problem.open_now).cost
    limit = today if problem.must_reach is None else np.minimum(today, problem.must_reach)
    return replace(problem, must_reach=limit)


def severity(cost: Floats, bound: Floats) -> Floats:
    """Return f64[n] g² of D2 under the bound of each; ``inf`` = unreached."""
    return np.asarray(depth(np.asarray(cost, np.float64), bound) ** 2)


def least_fgt2(problem: Problem, *, time_limit: float | None = None, tell: Tell | None = None, seed: int = 0) -> Found:
    """Find the sites with the least FGT 2; people whom no site reaches count with depth 1."""
    people = float(problem.people.sum())
    if not people > 0:
        return Found("optimal", problem.standing, 0.0)
    if problem.is_plain and problem.choose is not None:
        found = p_median(_with_nothing(problem), time_limit=time_limit, tell=tell, seed=seed)
        return replace(found, standing=found.standing[:-1], bound=found.bound / people)
    if problem.capacity is not None or problem.least_use is not None:
        found = _with_places(problem, time_limit, tell, seed)
    else:
        found = _with_rules(problem, time_limit, tell, seed)
    return replace(found, bound=found.bound / people)


def _with_nothing(problem: Problem) -> Problem:
    """Return the p-median question with g² for costs, and a last site that stands for reaching nothing."""
    pairs, n = problem.pairs, problem.n_rows
    everyone = np.arange(n, dtype=np.int32)
    priced = Pairs.of(
        np.concatenate([pairs.row, everyone]),
        np.concatenate([pairs.site, np.full(n, pairs.n_sites, np.int32)]),
        np.concatenate([severity(pairs.cost, problem.bounds[pairs.row]), np.ones(n)]),
        n, pairs.n_sites + 1,
    )  # fmt: skip
    return replace(
        problem, pairs=priced, open_now=np.append(problem.open_now, True),
        fixed=np.append(problem.fixed, STANDS).astype(np.int8), bound=float("inf"), row_bound=None, open_cost=None,
        close_cost=None, running_cost=None, building=None, saving=None, beside=None, rank=None, kinds=(), kind=None,
        between=None, site_names=(),
    )  # fmt: skip


def _with_rules(problem: Problem, time_limit: float | None, tell: Tell | None, seed: int) -> Found:
    """Solve with money or rules of coverage, by levels of radius."""
    model = Model()
    y, _ = ruled_sites(model, problem)
    usable = problem.pairs.only(problem.fixed[problem.pairs.site] != SHUT)
    t = radius(model, problem, y, usable, value=severity(usable.cost, problem.bounds[usable.row]), unserved=1.0)
    column, value, fixed = t.summed(problem.people)
    model.more_cost(column, value)
    reached = np.diff(usable.first) > 0
    return read(
        model.solve(time_limit=time_limit, tell=tell, seed=seed), y, base=fixed + float(problem.people[~reached].sum())
    )


def _with_places(problem: Problem, time_limit: float | None, tell: Tell | None, seed: int) -> Found:
    """Solve where sites can be full or need a least use."""
    model = Model()
    y = sites(model, problem)
    must_keep(model, problem, y)
    usable = problem.pairs.only((problem.fixed[problem.pairs.site] != SHUT) & (problem.people > 0)[problem.pairs.row])
    spared = problem.people[usable.row] * (severity(usable.cost, problem.bounds[usable.row]) - 1.0)
    taken = assign(model, problem, y, usable, cost=spared, everybody=False)
    sent_enough(model, problem, taken)
    solved = model.solve(time_limit=time_limit, tell=tell, seed=seed)
    return read(solved, y, base=float(problem.people.sum()), assigned=taken)
