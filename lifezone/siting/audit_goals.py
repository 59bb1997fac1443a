"""The auditor's own terms for separation and equity: by other formulas than the solvers', from loose costs alone."""

from __future__ import annotations

import math
from itertools import pairwise
from typing import Final

import numpy as np

from lifezone.model import Bools, Claim, Floats, Plan
from lifezone.siting.problem import SHUT, STANDS, Problem

__all__ = ["goal_claims", "goal_value", "spent"]

_TENTH: Final = 0.1
_CLOSE: Final = 1e-9


def goal_value(problem: Problem, plan: Plan, standing: Bools, least: Floats, counted: Bools) -> float:
    """Return the objective of p-dispersion or equity.

    Args:
        problem: the question.
        plan: its answer.
        standing: bool[S] sites that stand in it.
        least: f64[R] cost to the nearest of them, inf = none.
        counted: bool[R] rows with people that some allowed site reaches.
    """
    if plan.method == "p_dispersion":
        return _separation(problem, standing)
    if plan.method == "desert_first":
        return _lifted(problem, standing)
    if plan.method == "pareto":
        first = next((goal.name for goal in plan.goals if goal.is_objective), "")
        return _goal(problem, plan, standing, least, first) if first else math.nan
    if problem.least == "fgt2":
        return _severity(problem, plan, least)
    people, cost = problem.people[counted], least[counted]
    if not len(people):
        return 0.0
    return _worst_mean(people, cost) if problem.least == "worst_tenth" else _gini(people, cost)


def goal_claims(problem: Problem, plan: Plan, standing: Bools, least: Floats, counted: Bools) -> list[Claim]:
    """Check separations and the bound on the mean."""
    claims = []
    if problem.apart > 0:
        found = _separation(problem, standing)
        claims.append(Claim("least separation kept", problem.apart, found, found >= problem.apart * (1 - 1e-8)))
    if plan.method == "equity" and problem.least == "gini" and math.isfinite(problem.mean_at_most):
        people, cost = problem.people[counted], least[counted]
        mean = math.fsum(a * t for a, t in zip(people, cost, strict=True)) / math.fsum(people)
        limit = problem.mean_at_most
        claims.append(Claim("mean within its bound", limit, mean, mean <= limit * (1 + 1e-6)))
    if plan.method == "desert_first" and problem.cure is not None and not problem.cure.allow_losses:
        now, then = (_deserts(problem, stands) for stands in (problem.open_now, standing))
        fallen = sum(b and not a for a, b in zip(now, then, strict=True))
        claims.append(Claim("places that become deserts", 0.0, float(fallen), fallen == 0))
    for goal in plan.goals if plan.method == "pareto" else ():
        found = _goal(problem, plan, standing, least, goal.name)
        close = abs(found - goal.value) <= 1e-8 * max(1.0, abs(found))
        claims.append(Claim(f"goal {goal.name}", goal.value, found, close))
    if plan.method == "pareto":
        names = [goal.name for goal in plan.goals]
        untold = sum(name not in names for name in problem.goals)
        claims.append(Claim("goals of the front that are not told", 0.0, float(untold), untold == 0))
    if plan.front:
        claims.append(_none_beaten(plan))
        among = sum([goal.value for goal in point.goals] == [goal.value for goal in plan.goals] for point in plan.front)
        claims.append(Claim("the plan is a point of its front", 1.0, float(among > 0), among > 0))
    return claims


def _goal(problem: Problem, plan: Plan, standing: Bools, least: Floats, goal: str) -> float:
    """Return the value of one goal of a front."""
    reached = [
        (a, t) for a, t, some in zip(problem.people.tolist(), least.tolist(), _anyone(problem), strict=True)
        if a > 0 and some
    ]  # fmt: skip
    match goal:
        case "sites":
            return float(sum(standing.tolist()))
        case "cost":
            return spent(problem, plan)
        case "mean_time":
            return math.fsum(a * t for a, t in reached) / math.fsum(a for a, _ in reached) if reached else 0.0
        case "worst_time":
            return max((t for _, t in reached), default=0.0)
        case "beyond":
            return math.fsum(
                a for a, t, b in zip(problem.people.tolist(), least.tolist(), problem.bounds.tolist(), strict=True)
                if not t <= b
            )  # fmt: skip
        case _:
            return _severity(problem, plan, least)


def _anyone(problem: Problem) -> list[bool]:
    """Tell for each row whether a site reaches it that may stand."""
    may = (problem.fixed != SHUT).tolist()
    sites, first = problem.pairs.site.tolist(), problem.pairs.first.tolist()
    return [any(may[j] for j in sites[a:b]) for a, b in pairwise(first)]


def spent(problem: Problem, plan: Plan) -> float:
    """Return what opening and closing cost, site by site."""
    opened, closed = plan.opened.tolist(), plan.closed.tolist()
    stands = {*np.flatnonzero(problem.open_now).tolist(), *opened} - set(closed)
    total = 0.0
    for j in opened:
        total += 0.0 if problem.open_cost is None else float(problem.open_cost[j])
        if problem.saving is not None and problem.building is not None and problem.building[j] >= 0:
            shared = any(k != j and problem.building[k] == problem.building[j] for k in stands)
            total -= float(problem.saving[j]) if shared else 0.0
    return total + sum(0.0 if problem.close_cost is None else float(problem.close_cost[j]) for j in closed)


def _lifted(problem: Problem, standing: Bools) -> float:
    """Return the people in deserts today, less those in deserts with a set of sites."""
    people = [] if problem.cure is None else problem.cure.people.tolist()
    now, then = _deserts(problem, problem.open_now), _deserts(problem, standing)
    return math.fsum(a * (was - is_) for a, was, is_ in zip(people, now, then, strict=True))


def _deserts(problem: Problem, standing: Bools) -> list[bool]:
    """Tell for each cell whether it is a desert, cell by cell and function by function (D1)."""
    cure, found = problem.cure, []
    if cure is None:
        return []
    for cell in range(len(cure.people)):
        judged: set[int] = set()
        met: set[int] = set()
        for anchor in cure.anchors:
            if not anchor.judged[cell]:
                continue
            judged.add(anchor.function)
            near = [
                int(part.others[cell]) + sum(
                    1 for j in part.pairs.site[part.pairs.first[cell] : part.pairs.first[cell + 1]].tolist()
                    if standing[j]
                )
                for part in anchor.parts
            ]  # fmt: skip
            if min(near) >= anchor.nearest:
                met.add(anchor.function)
        lost = judged - met
        found.append(len(lost) >= cure.at_least and (not cure.must_have or bool(lost & set(cure.must_have))))
    return found


def _none_beaten(plan: Plan) -> Claim:
    """Check that no point of the front is as good as another one in every goal."""
    points = [[goal.value for goal in point.goals] for point in plan.front]
    beaten = sum(
        any(at != other and all(b <= a for a, b in zip(mine, yours, strict=True)) for other, yours in enumerate(points))
        for at, mine in enumerate(points)
    )
    return Claim("points of the front that another one beats", 0.0, float(beaten), beaten == 0)


def _separation(problem: Problem, standing: Bools) -> float:
    """Return the least separation of two standing sites, one by one; settled pairs are left out."""
    least = math.inf
    between = problem.between
    if between is None:
        return least
    stand = set(np.flatnonzero(standing).tolist())
    settled = set(np.flatnonzero(problem.fixed == STANDS).tolist())
    shut = set(np.flatnonzero(problem.fixed == SHUT).tolist())
    for a, b, cost in zip(between.a.tolist(), between.b.tolist(), between.cost.tolist(), strict=True):
        if {a, b} <= stand and not {a, b} <= settled and not {a, b} & shut:
            least = min(least, cost)
    return least


def _severity(problem: Problem, plan: Plan, least: Floats) -> float:
    """Return FGT 2 (D2), person by person: who is not sent anywhere has depth 1."""
    rows, share, cost = np.arange(problem.n_rows, dtype=np.int32), np.ones(problem.n_rows), least
    if plan.split is not None:
        rows, site, share = plan.split
        known = {
            (i, j): c
            for i, j, c in zip(problem.pairs.row.tolist(), problem.pairs.site.tolist(), problem.pairs.cost.tolist(),
                               strict=True)
        }  # fmt: skip
        cost = np.array([known.get((i, j), math.inf) for i, j in zip(rows.tolist(), site.tolist(), strict=True)])
    total, sent = 0.0, np.zeros(problem.n_rows)
    for i, part, t in zip(rows.tolist(), share.tolist(), cost.tolist(), strict=True):
        bound = float(problem.bounds[i])
        g = 1.0 if math.isinf(t) else 0.0 if t <= bound * (1 + _CLOSE) else 1.0 - bound / t
        total += problem.people[i] * part * g * g
        sent[i] += part
    total += float((problem.people * np.clip(1.0 - sent, 0.0, 1.0)).sum())
    everyone = float(problem.people.sum())
    return total / everyone if everyone > 0 else 0.0


def _worst_mean(people: Floats, cost: Floats) -> float:
    """Return the mean of the worst tenth, taken from the far end until it is full."""
    left = wanted = _TENTH * math.fsum(people)
    total = 0.0
    for t, a in sorted(zip(cost.tolist(), people.tolist(), strict=True), reverse=True):
        part = min(a, left)
        if part > 0:
            total += part * t
        left -= part
    return total / wanted


def _gini(people: Floats, cost: Floats) -> float:
    """Return the Gini index by the area under the Lorenz curve."""
    order = sorted(zip(cost.tolist(), people.tolist(), strict=True))
    travel, everyone = math.fsum(t * a for t, a in order), math.fsum(people)
    if travel <= 0:
        return 0.0
    area, so_far = 0.0, 0.0
    for t, a in order:
        following = so_far + t * a / travel
        area += a / everyone * (so_far + following) / 2.0
        so_far = following
    return 1.0 - 2.0 * area
