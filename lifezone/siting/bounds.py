"""Bounds that need no solver: what not even all allowed sites together could better.

They stand in where a solver was stopped before it had a bound, so that every plan can tell how far it may be off.
"""

from __future__ import annotations

import numpy as np

from lifezone.siting.problem import SHUT, Problem

__all__ = ["simple_bound"]


def simple_bound(problem: Problem, method: str) -> float:
    """Return a value that no plan can better; NaN for a method that is not known here.

    Args:
        problem: the question.
        method: its method.
    """
    usable = problem.pairs.only(problem.fixed[problem.pairs.site] != SHUT)
    has = np.diff(usable.first) > 0
    least = np.full(problem.n_rows, np.inf)
    least[has] = usable.cost[usable.first[:-1][has]]
    wanted = has & (problem.people > 0)
    near = np.bincount(usable.row[usable.cost <= problem.bounds[usable.row]], minlength=problem.n_rows)
    match method:
        case "set_cover":
            return 0.0
        case "max_cover":
            return float(problem.people[near >= 1].sum())
        case "backup_cover":
            return float(problem.people[near >= 2].sum())
        case "p_center":
            return float(least[wanted].max(initial=0.0))
        case "p_median" | "close":
            return float((problem.people[wanted] * least[wanted]).sum())
        case _:
            return float("nan")
