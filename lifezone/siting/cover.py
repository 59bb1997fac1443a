"""Coverage: fewest sites for everyone (LSCP), most people for a number of sites (MCLP), and a second cover.

LSCP (Toregas, Swain, ReVelle and Bergman 1971)

    min Σ f_j y_j   subject to (1), (4) with Σ_i a_i z_i ≥ share · Σ a_i — or (10) for every row when the share is all

MCLP (Church and ReVelle 1974)

    max Σ a_i z_i   subject to (1) to (4), (9), (10); with capacities z gives way to Σ_j x_ij of (5) to (8)

Backup (Daskin and Stern 1981; Hogan and ReVelle 1986): with the fewest sites p* that cover all,

    max Σ a_i u_i   subject to Σ_j y_j = p*, Σ_{j ∈ N_i} y_j ≥ 1 + u_i, u_i ≤ 1, and u_i = 0 where |N_i| < 2:

somebody with one possible site is not backed up, nor somebody whose sites all stand beside one another, where the
second one is asked for apart from the first.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from lifezone.model import Bools, Floats
from lifezone.siting.cover_core import cover_by_relaxation
from lifezone.siting.family import sites
from lifezone.siting.found import Found, infeasible, read
from lifezone.siting.milp import Model, Tell
from lifezone.siting.problem import FREE, SHUT, STANDS, Pairs, Problem
from lifezone.siting.reduce import core_of_cover, dominated_sites, settle
from lifezone.siting.rules import solve_by_rules
from lifezone.siting.stop import Clock
from lifezone.siting.table import table_of

__all__ = ["backup_cover", "max_cover", "set_cover"]


def set_cover(
    problem: Problem, *, share: float = 1.0, time_limit: float | None = None, tell: Tell | None = None, seed: int = 0
) -> Found:
    """Find the fewest (cheapest) sites that cover everybody, or a share of the people.

    Args:
        problem: with a bound; ``choose`` is a limit where it is given. ``open_cost`` and ``running_cost`` are minimised
            instead of the number when the question has them and no budget.
        share: of all people, those out of everybody's reach included.
        time_limit: seconds.
        tell: told of progress.
        seed: of the solver.

    Returns:
        The sites that stand; the objective is their number among those free to choose (or their cost).
    """
    near = problem.near
    alone = _uncoverable(problem, near)
    if share >= 1.0 and len(alone):
        return infeasible(_nobody_reaches(problem, alone))
    problem = replace(problem, at_most=True)
    if share < 1.0 or not problem.is_plain:
        return solve_by_rules(problem, "set_cover", share=share, time_limit=time_limit, tell=tell, seed=seed)
    lived = problem.people > 0  # nobody needs cover where nobody is counted
    near, people = near.rows(lived), problem.people[lived]
    price = np.where(problem.open_now, 0.0, 1.0)  # a site that stands already is taken before a new one
    pairs, fixed = core_of_cover(settle(near, people, problem.fixed).pairs, price, problem.fixed)
    stands = _cover_all_by_greed(problem, pairs, fixed)
    model = Model()
    y = sites(model, problem.with_fixed(fixed), cost=_counted(problem))
    model.rows(pairs.n_rows, pairs.row, y[pairs.site], 1.0, low=1.0)
    start = np.full(model.n_columns, np.nan)
    start[y] = stands
    solved = model.solve(time_limit=time_limit, start=start, tell=tell, seed=seed)
    few = problem.choose is None or int((stands & ~problem.open_now).sum()) <= problem.choose
    return read(solved, y, start=stands if few else None)


def _counted(problem: Problem) -> Floats:
    """Return f64[S] what a set cover minimises: 1 for a site opened anew; 1 for a closable one that stays."""
    return np.where(problem.fixed == STANDS, 0.0, 1.0)


def _uncoverable(problem: Problem, near: Pairs) -> np.ndarray:
    """Return the rows with people that no allowed site is near to."""
    return np.flatnonzero(~near.reach_any(problem.fixed != SHUT) & (problem.people > 0))


def _nobody_reaches(problem: Problem, rows: np.ndarray) -> str:
    """Say which rows no site can cover, and what bound would do."""
    usable = problem.pairs.select(sites=problem.fixed != SHUT)
    least = np.full(problem.n_rows, np.inf)
    has = np.diff(usable.first) > 0
    least[has] = usable.cost[usable.first[:-1][has]]
    names = [problem.row_names[i] if len(problem.row_names) else str(i) for i in rows[:5].tolist()]
    people = float(problem.people[rows].sum())
    some = least[rows][np.isfinite(least[rows])]
    told = " or ".join(f"{bound:g}" for bound in np.unique(problem.bounds[rows]).tolist())
    text = (
        f"{len(rows):,} demand points with {people:,.0f} people have no allowed site within {told} "
        f"{problem.unit}: {', '.join(names)}{' …' if len(rows) > 5 else ''}"
    )
    if len(some) == len(rows):
        return f"{text}; a bound of {float(some.max()):g} {problem.unit} would do"
    return f"{text}; {len(rows) - len(some):,} of them cannot be reached at all"


def _cover_all_by_greed(problem: Problem, pairs: Pairs, fixed: np.ndarray) -> Bools:
    """Return bool[S] a cover of all rows, found greedily."""
    from lifezone.kernels.coverage import greedy_cover  # noqa: PLC0415

    free = fixed == FREE
    chosen, _ = greedy_cover(
        table_of(pairs), *pairs.columns, np.ones(pairs.n_rows), np.ones(problem.n_sites), free.copy(),
        np.zeros(pairs.n_rows, np.bool_), np.inf, problem.n_sites,
    )  # fmt: skip
    stands = fixed == STANDS
    stands[chosen] = True
    return np.asarray(stands)


def max_cover(problem: Problem, *, time_limit: float | None = None, tell: Tell | None = None, seed: int = 0) -> Found:
    """Find the sites that bring most people within the bound.

    Reduced, the question is a p-median in disguise: 0 to a site within the bound, 1 to a place that serves everybody
    else. Interchange and relaxation settle most sites, or all; HiGHS gets what they leave open.
    """
    if not problem.is_plain:
        return solve_by_rules(problem, "max_cover", time_limit=time_limit, tell=tell, seed=seed)
    clock = Clock(time_limit)
    fixed = problem.fixed.copy()
    reduced = settle(problem.near, problem.people, fixed)
    useless = dominated_sites(reduced.pairs, np.where(problem.open_now, 0.0, 1.0), fixed)
    new = (fixed == FREE) & ~problem.open_now
    wanted = int((new | (problem.standing & ~problem.open_now)).sum())
    if problem.choose is not None and (problem.choose < wanted or not problem.at_most):
        wanted = problem.choose
    if int(((new & ~useless) | (problem.standing & ~problem.open_now)).sum()) >= wanted:
        fixed[useless & ~problem.open_now] = SHUT
    base = float(problem.people[reduced.covered].sum())
    return cover_by_relaxation(
        replace(problem.with_fixed(fixed), choose=wanted, at_most=False), reduced, base, clock, tell, seed
    )


def backup_cover(
    problem: Problem, *, time_limit: float | None = None, tell: Tell | None = None, seed: int = 0
) -> Found:
    """Cover everybody with the fewest sites (or ``choose``), and as many people as possible twice."""
    clock = Clock(time_limit)
    start, total = None, None
    if problem.choose is None:
        least = set_cover(problem, time_limit=time_limit, seed=seed)
        if not len(least.standing):
            return least
        start, total = least.standing, int(least.standing[problem.fixed == FREE].sum())
    else:
        alone = _uncoverable(problem, problem.near)
        if len(alone):
            return infeasible(_nobody_reaches(problem, alone))
    return solve_by_rules(
        problem, "backup_cover", time_limit=clock.limit_s(), tell=tell, seed=seed, start=start, total=total
    )
