"""Closures and mergers: which k facilities close with the least extra travel, and who is pushed beyond the bound.

    min Σ_ij a_i c_ij x_ij   subject to (5) to (8), (10), and Σ_{j open today} (1 − y_j) = k

A p-median read backwards (ReVelle, Murray and Serra 2007, *Location models for ceding market share*): closing k of n is
keeping n − k, and the receiving sites' capacities hold.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from lifezone.siting.found import Found, infeasible
from lifezone.siting.median import p_median
from lifezone.siting.milp import Tell
from lifezone.siting.problem import FREE, SHUT, STANDS, Problem
from lifezone.siting.rules import solve_by_rules

__all__ = ["close_sites"]


def close_sites(problem: Problem, *, time_limit: float | None = None, tell: Tell | None = None, seed: int = 0) -> Found:
    """Find the ``choose`` sites to close; the objective is the total travel of all people afterwards."""
    may_close = problem.open_now & (problem.fixed == FREE)
    asked = [(np.ones(problem.n_sites, np.bool_), problem.choose)]
    asked += [(problem.site_kind == k, number) for k, number in enumerate(problem.choose_each)]
    for of_kind, number in asked:
        if (number or 0) > int((may_close & of_kind).sum()):
            return infeasible(f"{number} sites are to close, but only {int((may_close & of_kind).sum())} may")
    fixed = np.where(problem.open_now, problem.fixed, SHUT).astype(np.int8)
    if sum(number or 0 for _, number in asked) == int((fixed != SHUT).sum()):
        return infeasible("nothing would be left open: choose fewer")
    problem = problem.with_fixed(fixed)
    if not problem.is_plain or problem.choose is None:
        return solve_by_rules(problem, "close", time_limit=time_limit, tell=tell, seed=seed)
    kept = replace(
        problem,
        open_now=np.zeros(problem.n_sites, np.bool_),  # whatever stays is "opened" in the median's eyes
        choose=int((fixed == STANDS).sum()) + int(may_close.sum()) - problem.choose,
    )
    return p_median(kept, time_limit=time_limit, tell=tell, seed=seed)
