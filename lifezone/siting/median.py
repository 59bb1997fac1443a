"""p-median: least total travel (Hakimi 1964; ReVelle and Swain 1970).

    min Σ_ij a_i c_ij x_ij   subject to (1), (2), (3), (5), and (6) to (8) where asked

Plain questions go: interchange from several starts (an upper bound) → Lagrangian relaxation of (5) (a lower bound, and
sites that no better answer uses, or all do) → branching on the sites left, each part bounded in the same way. On the
OR-Library set that takes a tenth of the time that HiGHS takes for what the first bound leaves open; questions with
money, capacities or rules of coverage go to HiGHS whole. A row that no allowed site reaches is left out and told; a row
that some site reaches must be served.

A province (10⁵ rows, 10⁴ sites, 10⁸ pairs) goes the same way: interchange from the greedy start, the relaxation in
blocks of rows on all cores, sites that no better answer uses dropped with their pairs, and so on until time is over.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from lifezone.model import Bools
from lifezone.siting.branch import branch
from lifezone.siting.found import Found, infeasible
from lifezone.siting.interchange import interchange
from lifezone.siting.milp import Tell
from lifezone.siting.problem import FREE, SHUT, STANDS, Pairs, Problem, serve
from lifezone.siting.relaxation import MANY_PAIRS, Part, first_prices, is_whole, tighten, total_cost
from lifezone.siting.rules import solve_by_rules
from lifezone.siting.stop import Clock

__all__ = ["p_median"]


def p_median(problem: Problem, *, time_limit: float | None = None, tell: Tell | None = None, seed: int = 0) -> Found:
    """Find the sites with the least total travel of all people."""
    clock = Clock(time_limit)
    wanted = problem.reachable & (problem.people > 0)
    if not problem.is_plain or problem.choose is None:
        return solve_by_rules(problem, "p_median", time_limit=time_limit, tell=tell, seed=seed)
    small = problem.of_rows(wanted)
    small = replace(small, pairs=_pairs_in_question(small.pairs.select(sites=problem.fixed != SHUT), problem))
    stands = interchange(small, seed=seed)
    if stands is None:
        return infeasible(f"there are fewer than {problem.choose} sites to choose from")
    best = total_cost(small, stands)
    if not np.isfinite(best):  # the interchange found no set of sites that reaches everybody
        reaching = _reach_everybody(small, time_limit, seed)
        if isinstance(reaching, Found):
            return reaching
        stands, best = reaching, total_cost(small, reaching)
    whole = is_whole(small)
    enough = 1.0 - 1e-6 if whole else 1e-9 * max(best, 1.0)
    kept = small.standing | ((small.fixed == FREE) & small.open_now)
    n_new = (small.choose or 0) - int((small.standing & ~small.open_now).sum())
    part = Part(kept, (small.fixed == FREE) & ~small.open_now, n_new, first_prices(small, stands), -np.inf)
    if len(small.pairs.cost) >= MANY_PAIRS:
        small, part, stands, best = tighten(small, part, stands, best, enough, clock.left_s, tell)
    found = branch(small, part, stands, best, enough, clock.left_s, tell)
    if found.status == "feasible" and whole:
        found = replace(found, bound=float(np.ceil(found.bound - 1e-6)))
    return found


def _pairs_in_question(pairs: Pairs, problem: Problem) -> Pairs:
    """Return the pairs that cost no more than the nearest site that stands in every answer: nobody takes another."""
    stays = problem.standing | ((problem.fixed == FREE) & problem.open_now)  # what may close costs nothing to keep
    return pairs.select(bound=serve(pairs, stays).cost) if stays.any() else pairs


def _reach_everybody(small: Problem, time_limit: float | None, seed: int) -> Bools | Found:
    """Return bool[S] sites that reach everybody who can be reached, or how many it takes when it takes too many."""
    from lifezone.siting.cover import set_cover  # noqa: PLC0415

    kept = np.where(small.open_now & (small.fixed == FREE), STANDS, small.fixed).astype(np.int8)  # closing helps nobody
    every = replace(small, fixed=kept, bound=float(small.pairs.cost.max()), row_bound=None, choose=None)
    least = set_cover(every, time_limit=time_limit, seed=seed)
    if not len(least.standing):
        return least
    needed = int((least.standing & ~small.open_now).sum())
    if needed > (small.choose or 0) and least.status == "optimal":
        return infeasible(
            f"{small.choose} sites cannot reach every demand point that some site reaches: it takes {needed}; "
            "choose more, or give travel times over a longer reach"
        )
    if needed > (small.choose or 0):
        return Found("unknown", np.zeros(0, np.bool_), float("nan"))
    reaching = np.where(least.standing & (small.fixed != SHUT), STANDS, small.fixed).astype(np.int8)
    stands = interchange(small.with_fixed(reaching), seed=seed)  # the others where they help most
    return least.standing if stands is None else stands
