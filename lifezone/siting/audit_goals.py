"""The auditor's own terms for separation and equity: by other formulas than the solvers', from loose costs alone."""

from __future__ import annotations

import math
from typing import Final

import numpy as np

from lifezone.model import Bools, Claim, Floats, Plan
from lifezone.siting.problem import SHUT, STANDS, Problem

__all__ = ["goal_claims", "goal_value"]

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
    return claims


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
