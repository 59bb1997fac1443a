"""p-center: least worst travel (Hakimi 1964), by a search over set covers (Minieka 1970).

    min r   subject to (1), (2), Σ_{j: c_ij ≤ r} y_j ≥ 1 for every row

r is one of the travel costs, and no lower one lets p sites cover all; halving the sorted costs proves the answer, and
greedy covers settle most steps without a solver.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from lifezone.model import Bools
from lifezone.siting.cover import set_cover
from lifezone.siting.found import Found, infeasible
from lifezone.siting.milp import Tell
from lifezone.siting.problem import SHUT, Problem, serve
from lifezone.siting.rules import center_by_rules
from lifezone.siting.stop import Clock

__all__ = ["p_center", "worst_cost"]


def worst_cost(problem: Problem, standing: Bools) -> float:
    """Return the cost of the worst served person among the rows that can be reached at all."""
    some = problem.reachable & (problem.people > 0)
    cost = serve(problem.pairs, standing).cost[some]
    return float(cost.max()) if len(cost) else 0.0


def p_center(problem: Problem, *, time_limit: float | None = None, tell: Tell | None = None, seed: int = 0) -> Found:
    """Find the sites whose worst travel is least."""
    from lifezone.siting.interchange import interchange  # noqa: PLC0415

    if not problem.is_plain:
        return center_by_rules(problem, time_limit=time_limit, tell=tell, seed=seed)
    clock = Clock(time_limit)
    wanted = problem.reachable & (problem.people > 0)
    usable = problem.pairs.select(sites=problem.fixed != SHUT, rows=wanted)
    small = replace(
        problem.of_rows(wanted), pairs=usable, people=np.ones(int(wanted.sum())), row_bound=None, bound=float("inf")
    )
    if not len(usable.cost):
        return Found("optimal", problem.standing, 0.0)
    known = interchange(small, seed=seed) if problem.choose is not None else None
    costs = np.unique(usable.cost)
    least = usable.cost[usable.first[:-1]].max()  # nobody can do better than with all sites open
    low = int(np.searchsorted(costs, least))
    high = len(costs)
    stands = known
    if stands is not None and np.isfinite(worst := worst_cost(small, stands)):
        high = int(np.searchsorted(costs, worst))
    else:
        stands = None
    while low < high:
        if clock.left_s() <= 0 and stands is not None:
            return Found("feasible", _filled(problem, stands), float(costs[low]))
        middle = (low + high) // 2
        found = set_cover(replace(small, bound=float(costs[middle])), time_limit=clock.limit_s(), seed=seed)
        if found.status == "infeasible":
            low = middle + 1
        elif len(found.standing):
            stands, high = found.standing, middle
        else:
            filled = np.zeros(0, np.bool_) if stands is None else _filled(problem, stands)
            return Found("unknown" if stands is None else "feasible", filled, float(costs[low]))
        if tell is not None and high < len(costs) and low < len(costs):
            tell(float(costs[high]), float(costs[low]))
    if stands is not None and problem.choose is not None and not problem.at_most:
        stands = _filled(problem, stands)
        if int((stands & ~problem.open_now).sum()) < problem.choose:
            return infeasible(f"there are fewer than {problem.choose} sites to choose from")
    if stands is None:
        return infeasible(
            f"{problem.choose} sites cannot reach every demand point that some site reaches; choose more, or give "
            "travel times over a longer reach"
        )
    return Found("optimal", _filled(problem, stands), float(costs[low]))


def _filled(problem: Problem, stands: Bools) -> Bools:
    """Open further sites, the lowest first, until as many stand as were asked for."""
    if problem.choose is None or problem.at_most or not problem.is_plain:
        return stands
    full = stands.copy()
    free = np.flatnonzero((problem.fixed != SHUT) & ~problem.open_now & ~full)
    full[free[: max(problem.choose - int((full & ~problem.open_now).sum()), 0)]] = True
    return full
