"""What is left of a reduced MCLP: interchange, relaxation, and HiGHS for the sites that they leave open.

MCLP as a p-median: cost 0 for a site within the bound, cost 1 for a site 0 that always stands and serves everybody
else. Its total is the people not covered, and its Lagrangian relaxation that of (4) (Galvão and ReVelle 1996), so that
everything made for p-medians serves here.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import numpy as np

from lifezone.model import Bools
from lifezone.siting.branch import branch
from lifezone.siting.found import Found, infeasible
from lifezone.siting.interchange import interchange
from lifezone.siting.milp import Model, Tell
from lifezone.siting.problem import FREE, SHUT, STANDS, Pairs, Problem
from lifezone.siting.reduce import Reduced
from lifezone.siting.relaxation import (
    MANY_PAIRS,
    Climb,
    Part,
    first_prices,
    gains_of,
    is_whole,
    raise_part,
    settle_sites,
    tighten,
    total_cost,
)
from lifezone.siting.stop import Clock
from lifezone.siting.table import table_of

__all__ = ["cover_by_relaxation"]

_ROUNDS: Final = 300
"""Steps before HiGHS is asked."""
_MOST_FOR_HIGHS: Final = 600_000
"""Pairs of sites still open that HiGHS is given; beyond it branching goes on as for p-medians."""


def cover_by_relaxation(
    problem: Problem, reduced: Reduced, base: float, clock: Clock, tell: Tell | None, seed: int
) -> Found:
    """Find the sites that cover most of the people whom nothing covers for certain.

    Args:
        problem: plain, with the number of sites to open; needless sites are shut.
        reduced: its rows, merged; people covered anyway left out.
        base: people covered anyway.
        clock: of the whole question.
        tell: told of every better plan and bound.
        seed: of heuristics and solver.
    """
    median = _as_median(problem, reduced)
    stands = interchange(median, seed=seed)
    if stands is None:
        return infeasible(f"there are fewer than {problem.choose} sites to choose from")
    people = base + float(reduced.people.sum())
    best = total_cost(median, stands)
    enough = 1.0 - 1e-6 if is_whole(median) else 1e-9 * max(best, 1.0)
    kept = median.standing | ((median.fixed == FREE) & median.open_now)
    n_new = (median.choose or 0) - int((median.standing & ~median.open_now).sum())
    part = Part(kept, (median.fixed == FREE) & ~median.open_now, n_new, first_prices(median, stands), -np.inf)

    def told(known: float, bound: float) -> None:
        if tell is not None:
            tell(people - known, people - max(bound, 0.0))

    if len(median.pairs.cost) >= MANY_PAIRS:
        median, part, stands, best = tighten(median, part, stands, best, enough, clock.left_s, told)
    else:
        part = raise_part(median, part, best, enough, Climb(), _ROUNDS, clock.left_s)
    if best - part.bound <= enough:
        return Found("optimal", stands[:-1], people - best)
    part = settle_sites(
        part, gains_of(table_of(median.pairs), median.people, part.price, median.n_sites), best - enough
    )
    open_still = median.pairs.select(sites=part.free)
    if len(open_still.cost) > _MOST_FOR_HIGHS:
        found = branch(median, part, stands, best, enough, clock.left_s, told)
    else:
        found = _finish(median, part, open_still, stands, best, clock, told, seed)
    return replace(found, standing=found.standing[:-1], bound=people - found.bound)


def _as_median(problem: Problem, reduced: Reduced) -> Problem:
    """Return the p-median in disguise; the site behind the last one serves everybody at cost 1."""
    pairs, n_rows = reduced.pairs.select(sites=problem.fixed != SHUT), reduced.pairs.n_rows
    last = np.zeros(len(pairs.cost) + n_rows, np.bool_)
    first = pairs.first + np.arange(n_rows + 1)
    last[first[1:] - 1] = True
    site, cost = np.full(len(last), pairs.n_sites, np.int32), np.ones(len(last))
    site[~last], cost[~last] = pairs.site, 0.0
    return Problem(
        Pairs(first, site, cost, pairs.n_sites + 1), reduced.people, np.append(problem.open_now, True),
        np.append(problem.fixed, STANDS).astype(np.int8), choose=problem.choose,
    )  # fmt: skip


def _finish(
    median: Problem, part: Part, open_still: Pairs, stands: Bools, best: float, clock: Clock, tell: Tell, seed: int
) -> Found:
    """Let HiGHS choose among the sites that answers better than the known one may open."""
    sites = np.flatnonzero(part.free)
    number = np.full(median.n_sites, -1)
    number[sites] = np.arange(len(sites))
    taken = part.stands.copy()
    taken[-1] = False
    rows = ~median.pairs.reach_any(taken)
    pairs, people = open_still.rows(rows), median.people[rows]
    model = Model(offset=float(people.sum()))
    y = model.columns(len(sites), integer=True)
    z = model.columns(pairs.n_rows, cost=-people)
    model.row(y, 1.0, low=part.wanted, high=part.wanted)
    n = np.arange(len(z))
    model.rows(
        len(n), np.concatenate([pairs.row, n]), np.concatenate([y[number[pairs.site]], z]),
        np.concatenate([np.ones(len(pairs.site)), -np.ones(len(n))]), low=0.0,
    )  # fmt: skip
    start = np.full(model.n_columns, np.nan)
    if (part.free | part.stands)[stands].all():
        start[y] = stands[sites]
    solved = model.solve(time_limit=clock.limit_s(), start=start, tell=tell, seed=seed)
    if len(solved.x):
        found = part.stands.copy()
        found[sites[solved.x[y] > 0.5]] = True
        value = total_cost(median, found)
        if value < best:
            stands, best = found, value
    if solved.status in ("optimal", "infeasible"):
        return Found("optimal", stands, best)
    return Found("feasible", stands, min(max(solved.bound, part.bound), best))
