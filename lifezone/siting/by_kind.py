"""Kinds that nothing joins are answered one by one: each is then a plain question, for which there are quicker ways.

Total travel and people covered are sums over kinds, and a number for each kind binds that kind alone; so the best of
all is the best of each. Money, a number for all kinds together, capacities and rules of coverage go to one model whole.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Final

import numpy as np

from lifezone.siting.found import Found
from lifezone.siting.problem import SHUT, Problem
from lifezone.siting.stop import Clock

__all__ = ["is_of_parts", "solve_by_kind"]

_SUMS: Final = ("p_median", "max_cover")


def is_of_parts(problem: Problem, method: str) -> bool:
    """Tell whether a question falls apart into one for each kind."""
    if method not in _SUMS or problem.need is None or len(problem.kinds) < 2 or problem.choose is not None:
        return False
    told = len(problem.choose_each) > 0 and all(number is not None for number in problem.choose_each)
    return told and not problem.at_most and replace(problem, choose_each=()).is_plain


def solve_by_kind(
    problem: Problem, solver: Callable[..., Found], *, time_limit: float | None = None, seed: int = 0
) -> Found:
    """Answer the question of each kind, and put the answers together.

    Args:
        problem: a question that :func:`is_of_parts`.
        solver: answers one kind.
        time_limit: seconds for all kinds.
        seed: of the solver.
    """
    clock, status, bound = Clock(time_limit), "optimal", 0.0
    standing = np.zeros(problem.n_sites, np.bool_)
    for k, number in enumerate(problem.choose_each):
        own = problem.site_kind == k
        part = problem.of_rows(np.asarray(problem.need == k)).with_fixed(
            np.where(own, problem.fixed, SHUT).astype(np.int8)
        )
        part = replace(part, choose=number, choose_each=(), open_now=problem.open_now & own)
        found = solver(part, time_limit=clock.limit_s(), seed=seed)
        if not len(found.standing):
            return found
        status = found.status if found.status != "optimal" else status
        standing |= found.standing & own
        bound += _value(part, solver, found) if found.status == "optimal" else found.bound
    return Found(status, standing, bound)


def _value(part: Problem, solver: Callable[..., Found], found: Found) -> float:
    """Return what a proved answer is worth."""
    from lifezone.siting.problem import serve  # noqa: PLC0415

    cost = serve(part.pairs, found.standing).cost
    if solver.__name__ == "max_cover":
        return float(part.people[cost <= part.bounds].sum())
    some = part.reachable & (part.people > 0)
    return float((part.people[some] * cost[some]).sum())
