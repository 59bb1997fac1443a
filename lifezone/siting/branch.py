"""p-medians proved by branching on sites, each part of the answers bounded by relaxation (Beasley 1985)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Final

import numpy as np

from lifezone.model import Bools
from lifezone.siting.found import Found
from lifezone.siting.milp import Tell
from lifezone.siting.problem import Problem
from lifezone.siting.relaxation import Climb, Part, choose_relaxed, gains_of, raise_part, settle_sites, total_cost
from lifezone.siting.table import table_of

__all__ = ["branch"]

_ROUNDS: Final = 1500
"""Most steps of the subgradient method."""
_ROUNDS_BELOW: Final = 150
"""Steps in a part of the answers, which starts from the multipliers of the whole."""


def branch(
    problem: Problem, whole: Part, stands: Bools, best: float, enough: float, left_s: Callable[[], float],
    tell: Tell | None,
) -> Found:  # fmt: skip
    """Prove the best answer by branching.

    A part is left when its bound reaches the best answer; else the site that saves most is opened in one half and shut
    in the other. Stopped early, the least bound of what is left is the bound.

    Args:
        problem: the question.
        whole: all answers that may be better than the known one.
        stands: bool[S] the known one.
        best: its total.
        enough: difference that counts as none.
        left_s: seconds left.
        tell: told of every better plan and bound.
    """
    parts = [whole]
    rounds, step = _ROUNDS, 2.0
    while parts:
        if left_s() <= 0:
            return Found("feasible", stands, max(min(part.bound for part in parts), 0.0))
        part = parts.pop()
        if best - part.bound <= enough:
            continue
        part = raise_part(problem, part, best, enough, Climb(step), rounds, left_s)
        rounds, step = _ROUNDS_BELOW, 0.5
        if tell is not None:
            tell(best, min([part.bound, *(other.bound for other in parts)]))
        if best - part.bound <= enough:
            continue
        halves, tried = _halves(problem, part, best - enough)
        for answer in tried:
            value = total_cost(problem, answer)
            if value < best:
                stands, best = answer, value
        parts += halves
    return Found("optimal", stands, best)


def _halves(problem: Problem, part: Part, limit: float) -> tuple[list[Part], list[Bools]]:
    """Settle the sites that every answer below ``limit`` shuts or opens, then split on the site that saves most.

    Returns:
        The parts left, the more hopeful one last, and answers worth trying.
    """
    gain = gains_of(table_of(problem.pairs), problem.people, part.price, problem.n_sites)
    relaxed, _ = choose_relaxed(part, part.price, gain)
    part = settle_sites(part, gain, limit)
    left = np.flatnonzero(part.free)
    left = left[np.argsort(gain[left], kind="stable")]
    if part.wanted == 0 or len(left) <= part.wanted:
        answer = part.stands.copy()
        answer[left[: part.wanted]] = True
        return [], [relaxed, answer] if len(left) >= part.wanted else [relaxed]
    with_it, free = part.stands.copy(), part.free.copy()
    with_it[left[0]], free[left[0]] = True, False
    return [
        replace(part, free=free),
        replace(part, stands=with_it, free=free, wanted=part.wanted - 1),
    ], [relaxed]
