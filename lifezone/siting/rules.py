"""Questions with money, capacities, least use or rules of coverage: a first plan, then the whole model by HiGHS."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from lifezone.model import Bools
from lifezone.siting.found import Found, infeasible, read
from lifezone.siting.milp import Solved, Tell
from lifezone.siting.problem import SHUT, Problem
from lifezone.siting.ruled import Ruled, ruled_model
from lifezone.siting.start import first_plan
from lifezone.siting.stop import Clock

__all__ = ["center_by_rules", "solve_by_rules"]

_FINISH_S = 60.0
"""Time for working out who goes where for sites that are chosen already."""


def solve_by_rules(
    problem: Problem, method: str, *, share: float = 1.0, time_limit: float | None = None, tell: Tell | None = None,
    seed: int = 0, start: Bools | None = None, total: int | None = None,
) -> Found:  # fmt: skip
    """Answer a question with rules; p_center by :func:`center_by_rules`.

    Args:
        problem: the question.
        method: its method.
        share: set_cover: of the people.
        time_limit: seconds.
        tell: told of progress.
        seed: of the first plan and of the solver.
        start: bool[S] a plan that is known; None = one is looked for.
        total: how many of the sites that are free to choose stand; None = not asked.

    The first plan is the solver's start, and the answer when the time ends before the solver has a better one.
    """
    clock = Clock(time_limit)
    if start is None:
        start = first_plan(problem, method, share=share, seed=seed, clock=clock)
    ruled = ruled_model(problem, method, share=share, total=total)
    return _best(ruled, start, clock, tell, seed)


def _best(ruled: Ruled, start: Bools | None, clock: Clock, tell: Tell | None, seed: int) -> Found:
    """Solve from a first plan."""
    known = None if start is None else _finished(ruled, start, seed)
    if known is not None and tell is not None:
        tell(known.objective, np.inf if ruled.model.maximise else -np.inf)
    solved = ruled.model.solve(
        time_limit=clock.limit_s(), start=None if known is None else known.x, tell=tell, seed=seed
    )
    if known is not None and not len(solved.x) and solved.status != "infeasible":
        solved = replace(solved, status="feasible", x=known.x, objective=known.objective)
    return read(solved, ruled.y, assigned=ruled.shares)


def _finished(ruled: Ruled, standing: Bools, seed: int) -> Solved | None:
    """Return the whole answer with these sites, None when they break a rule."""
    settled = np.full(ruled.model.n_columns, np.nan)
    settled[ruled.y] = standing
    solved = ruled.model.solve(settled=settled, time_limit=_FINISH_S, seed=seed, stops=False)
    return solved if len(solved.x) else None


def center_by_rules(
    problem: Problem, *, time_limit: float | None = None, tell: Tell | None = None, seed: int = 0
) -> Found:
    """Find the least worst trip under rules by halving the sorted travel costs."""
    clock = Clock(time_limit)
    wanted = problem.reachable & (problem.people > 0)
    usable = problem.pairs.only((problem.fixed[problem.pairs.site] != SHUT) & wanted[problem.pairs.row])
    costs = np.unique(usable.cost) if len(usable.cost) else np.zeros(1)
    has = np.diff(usable.first) > 0
    least = float(usable.cost[usable.first[:-1][has]].max(initial=0.0))  # nobody can do better with all sites open
    low, high = int(np.searchsorted(costs, least)), len(costs) - 1
    start = first_plan(problem, "p_center", seed=seed, clock=clock)
    found = _best(ruled_model(problem, "p_center", radius=float(costs[high])), start, clock, None, seed)
    if not len(found.standing):
        return infeasible() if found.status == "infeasible" else replace(found, bound=float(costs[low]))
    high = min(high, _worst(problem, found, costs))
    while low < high:
        if clock.left_s() <= 0:
            return replace(found, status="feasible", bound=float(costs[low]))
        if tell is not None:
            tell(float(costs[high]), float(costs[low]))
        middle = (low + high) // 2
        tried = _best(ruled_model(problem, "p_center", radius=float(costs[middle])), None, clock, None, seed)
        if tried.status == "infeasible":
            low = middle + 1
        elif len(tried.standing):
            found, high = tried, min(middle, _worst(problem, tried, costs))
        else:
            return replace(found, status="feasible", bound=float(costs[low]))
    return replace(found, status="optimal", bound=float(costs[low]))


def _worst(problem: Problem, found: Found, costs: np.ndarray) -> int:
    """Return the place among ``costs`` of the worst trip of a plan."""
    from lifezone.siting.problem import serve  # noqa: PLC0415

    wanted = problem.reachable & (problem.people > 0)
    cost = serve(problem.pairs, found.standing).cost[wanted]
    if found.serving is not None:
        row, site, _ = found.serving
        pairs = problem.pairs
        key = pairs.row.astype(np.int64) * pairs.n_sites + pairs.site
        used = np.isin(key, row.astype(np.int64) * pairs.n_sites + site) & wanted[pairs.row]
        cost = pairs.cost[used]
    return int(np.searchsorted(costs, cost.max(initial=0.0)))
