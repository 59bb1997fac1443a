"""Among plans that are equally good, the one whose sites come first: public land and buildings before other places.

A second question after the first is answered and proved:

    min Σ_{j not open today} rank_j y_j   subject to every rule of the method's model, and its objective = the optimum

with the sites of today at rank 0. It is asked of ``set_cover``, ``max_cover``, ``backup_cover``, ``p_median`` and
``p_center``. The others have goals of their own kind, and closing opens nothing. Where the model would be too large, or
the time ends before the answer is proved, the plan says so: it is as good as any, but another one as good may have more
public sites.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import numpy as np

from lifezone.model import Floats
from lifezone.siting.found import Found, read
from lifezone.siting.milp import Model
from lifezone.siting.problem import FREE, STANDS, Problem
from lifezone.siting.ruled import SERVES_ALL, ruled_model
from lifezone.siting.stop import stopping

__all__ = ["UNSETTLED", "by_rank"]

_METHODS: Final = ("set_cover", "max_cover", "backup_cover", "p_median", "p_center")
_MOST_SENT: Final = 20_000
_MOST_NEAR: Final = 100_000
"""Pairs up to which the second question is asked, where people are sent to sites and where they are only covered."""
_LONGEST_S: Final = 60.0
_EQUAL: Final = 1e-9
"""Relative difference up to which two objectives are the same: rounding of sums."""
UNSETTLED: Final = (
    "another plan that is as good may have more public sites: that was not settled, as the question is large or time "
    "was up",
    "똑같이 좋으면서 공공 부지를 더 쓰는 안이 있을 수 있습니다. 문제가 크거나 시간이 다 되어 확인하지 못했습니다",
)
"""What is told then, in English and Korean."""


def by_rank(
    problem: Problem, method: str, found: Found, value: float, *, share: float = 1.0, left_s: float | None = None,
    seed: int = 0,
) -> Found:  # fmt: skip
    """Return an equally good answer with the least sum of ranks; ties of ranks stay as the solver has them.

    Args:
        problem: the question.
        method: how it was answered.
        found: the answer, proved to be the best.
        value: its objective, for ``p_center``: its radius.
        share: set_cover: of the people.
        left_s: seconds left; None = no limit.
        seed: of the solver.
    """
    if method not in _METHODS or problem.rank is None or found.front or not len(found.standing):
        return found
    rank = np.where(problem.open_now, 0, problem.rank).astype(np.float64)
    if _is_first(problem, found, rank):
        return found
    left_s = _LONGEST_S if left_s is None else min(left_s, _LONGEST_S)
    n_pairs = len(problem.pairs.cost) if method in SERVES_ALL else len(problem.near.cost)
    if stopping() or left_s <= 0 or n_pairs > (_MOST_SENT if method == "p_median" else _MOST_NEAR):
        return _unsettled(found)
    radius = value if method == "p_center" else float("inf")
    ruled = ruled_model(problem, method, share=share, radius=radius)
    model, settled = ruled.model, np.full(ruled.model.n_columns, np.nan)
    settled[ruled.y] = found.standing
    first = model.solve(settled=settled, time_limit=left_s, seed=seed)
    if not len(first.x):
        return _unsettled(found)
    _hold(model, first.objective)
    model.more_cost(ruled.y, rank)
    second = model.solve(start=first.x, time_limit=left_s, seed=seed)
    if not len(second.x):
        return _unsettled(found)
    better = read(second, ruled.y, assigned=ruled.shares)
    if float(rank[better.standing].sum()) >= float(rank[found.standing].sum()):
        better = found
    better = replace(found, standing=better.standing, serving=better.serving)
    return better if second.status == "optimal" else _unsettled(better)


def _is_first(problem: Problem, found: Found, rank: Floats) -> bool:
    """Tell whether no plan can have a lower sum of ranks: none of as many new sites where the number is fixed."""
    new = ~problem.open_now
    may, must = new & (problem.fixed == FREE), new & (problem.fixed == STANDS)
    n_new = int((found.standing & new).sum()) - int(must.sum())
    is_fixed = problem.choose is not None and not problem.at_most
    least = np.sort(rank[may])[: n_new if is_fixed else 0].sum() + rank[must].sum()
    return bool(rank[found.standing].sum() <= least)


def _hold(model: Model, objective: float) -> None:
    """Let the model's objective be as good as this from now on, and ask for nothing else yet."""
    cost, offset = model.costs, model.offset
    slack = _EQUAL * max(1.0, abs(objective))
    used = np.flatnonzero(cost)
    if len(used):
        limit = objective - offset
        low, high = (limit - slack, np.inf) if model.maximise else (-np.inf, limit + slack)
        model.row(used, cost[used], low=low, high=high)
    model.forget_goal()
    model.maximise = False


def _unsettled(found: Found) -> Found:
    """Say that ties were not settled."""
    return replace(found, reasons=(*found.reasons, UNSETTLED[0]), reasons_ko=(*found.reasons_ko, UNSETTLED[1]))
