"""Least Gini index of travel within a bound on the mean: equal, but not equally far.

    min N ÷ t̄   subject to t̄ ≤ M, (1) to (3), (9), (10), (13) to (17)
    N = Σ_ik a_i a_k |t_i − t_k| ÷ (2 A²),   t̄ = Σ_i a_i t_i ÷ A,   A = Σ_i a_i

N is convex in t, with a tangent at every order of the rows: for people B_i before and F_i behind row i,

(18) N ≥ Σ_i a_i (B_i − F_i) t_i ÷ A²,   equal when the rows are in that order.

The ratio is made least by its sign (Dinkelbach 1967): with λ the best index so far, min N − λ t̄ < 0 exactly when a
better answer exists. Tangents are added where they are broken, first by the linear relaxation, then by whole answers,
each of which is met by its own tangent: no plan is found twice, so the search ends with a proof. A lower bound v of
N − λ t̄ says that no index lies below λ + v ÷ (least mean), which is the bound when the time ends. People whom no site
can reach are left out; whom some site reaches must be reached.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from lifezone.model import Bools, Floats, Ints
from lifezone.siting.family import ruled_sites
from lifezone.siting.found import Found, infeasible, read
from lifezone.siting.milp import Model, Tell
from lifezone.siting.nearest import Shares
from lifezone.siting.problem import SHUT, Problem, serve
from lifezone.siting.radius import Radius, radius
from lifezone.siting.stop import Clock

__all__ = ["gini_index", "least_gini"]

_CLOSE: Final = 1e-7
"""Relative to the mean: differences of N − λ t̄ below it are none."""
_RELAXED: Final = 40
"""Most rounds of the linear relaxation."""


def gini_index(cost: Floats, people: Floats) -> float:
    """Return the Gini index of a cost over people, 0 = all alike; 0 where nobody travels."""
    total = float((people * cost).sum())
    if total <= 0:
        return 0.0
    return float((_tangent(cost, people) * cost).sum() / (total / people.sum()))


def _tangent(cost: Floats, people: Floats) -> Floats:
    """Return f64[n] the coefficients of (18) at a cost."""
    order = np.argsort(cost, kind="stable")
    before = np.empty(len(cost))
    before[order] = np.cumsum(people[order]) - people[order]
    total = float(people.sum())
    return np.asarray(people * (2.0 * before + people - total) / total**2)


@dataclass(frozen=True, eq=False)
class _Asked:
    """The question with its constants: rows that count, their people, and the tangents known."""

    problem: Problem
    wanted: Bools
    people: Floats
    tangents: list[Floats]
    clock: Clock
    seed: int

    def cost(self, stands: Bools) -> Floats:
        """Return f64[n] trips of the rows that count."""
        return serve(self.problem.pairs, stands).cost[self.wanted]

    def mean(self, cost: Floats) -> float:
        """Return the mean of trips over the people who count."""
        return float((self.people * cost).sum() / self.people.sum())


def least_gini(problem: Problem, *, time_limit: float | None = None, tell: Tell | None = None, seed: int = 0) -> Found:
    """Find the sites with the least Gini index whose mean is at most ``problem.mean_at_most``."""
    wanted = problem.reachable & (problem.people > 0)
    if not wanted.any():
        return Found("optimal", problem.standing, 0.0)
    asked = _Asked(problem, wanted, problem.people[wanted], [], Clock(time_limit), seed)
    nearest = problem.pairs.only(problem.fixed[problem.pairs.site] != SHUT).rows(wanted)
    least_mean = asked.mean(nearest.cost[nearest.first[:-1]])
    first = _best_mean(asked)
    if first.status in ("infeasible", "unknown"):
        return first
    return _descend(asked, first, max(least_mean, 1e-300), tell)


def _best_mean(asked: _Asked) -> Found:
    """Return the plan with the least mean, or say that it lies beyond the bound."""
    problem = asked.problem
    model = Model()
    y, taken = ruled_sites(model, problem)
    t = _trips(model, asked, y, exact=False)
    model.more_cost(*t.summed(np.where(asked.wanted, problem.people, 0.0) / asked.people.sum())[:2])
    found = read(model.solve(time_limit=asked.clock.limit_s(), seed=asked.seed), y, assigned=taken)
    if not len(found.standing):
        return found
    mean = asked.mean(asked.cost(found.standing))
    if mean > problem.mean_at_most * (1 + 1e-9):
        if found.status != "optimal":
            return replace(found, status="unknown", standing=np.zeros(0, np.bool_), bound=0.0)
        return infeasible(f"the least mean that these sites can give is {mean:g} {problem.unit}, which is more than "
                          f"{problem.mean_at_most:g}",
                          korean=f"이 후보들로 줄일 수 있는 평균은 {mean:g}{_unit_ko(problem)}까지이고, 정한 한도 "
                          f"{problem.mean_at_most:g}보다 깁니다")  # fmt: skip
    return found


def _unit_ko(problem: Problem) -> str:
    """Return the Korean word for what a cost counts."""
    return "초" if problem.unit == "seconds" else "m"


def _trips(model: Model, asked: _Asked, y: Ints, *, exact: bool) -> Radius:
    """Add the trips of the rows that count."""
    problem = asked.problem
    usable = problem.pairs.only((problem.fixed[problem.pairs.site] != SHUT) & asked.wanted[problem.pairs.row])
    return radius(model, problem, y, usable, exact=exact)


def _descend(asked: _Asked, found: Found, least_mean: float, tell: Tell | None) -> Found:
    """Improve the index until nothing better exists, or the time ends."""
    cost = asked.cost(found.standing)
    best, index = found, gini_index(cost, asked.people)
    close = _CLOSE * max(asked.mean(cost), 1e-9)
    asked.tangents.append(_tangent(cost, asked.people))
    _relaxed(asked, index, close)
    bound, seen = 0.0, {found.standing.tobytes()}
    while index > 0:
        if asked.clock.left_s() <= 0:
            return replace(best, status="feasible", bound=bound)
        built = _build(asked, index)
        solved = built.model.solve(time_limit=asked.clock.limit_s(), seed=asked.seed)
        below = solved.bound - index * built.fixed
        bound = max(bound, min(index, index + below / least_mean))
        if tell is not None:
            tell(index, bound)
        if below >= -close:
            break
        if not len(solved.x):
            return replace(best, status="feasible", bound=bound)
        now = read(solved, built.y, assigned=built.taken)
        if now.standing.tobytes() in seen:  # only the solver's own tolerance is left between it and its tangent
            return replace(best, status="optimal" if index - bound <= _CLOSE * 10 * index else "feasible", bound=bound)
        seen.add(now.standing.tobytes())
        cost = asked.cost(now.standing)
        asked.tangents.append(_tangent(cost, asked.people))
        if (value := gini_index(cost, asked.people)) < index:
            best, index = now, value
    return replace(best, status="optimal", bound=index)


def _relaxed(asked: _Asked, index: float, close: float) -> None:
    """Add the tangents that the linear relaxation breaks."""
    for _ in range(_RELAXED):
        if asked.clock.left_s() <= 0:
            return
        built = _build(asked, index)
        solved = built.model.solve(relax=True, time_limit=asked.clock.limit_s(), seed=asked.seed)
        if not len(solved.x):
            return
        cost = built.trips.read(solved.x)[asked.wanted]
        tangent = _tangent(cost, asked.people)
        if float((tangent * cost).sum()) <= float(solved.x[built.spread]) + close:
            return
        asked.tangents.append(tangent)


@dataclass(frozen=True, eq=False)
class _Built:
    """min N − λ t̄ over the tangents known: its columns of sites, who goes where, trips, N, and t̄ that is settled."""

    model: Model
    y: Ints
    taken: Shares | None
    trips: Radius
    spread: int
    fixed: float


def _build(asked: _Asked, index: float) -> _Built:
    """Put N − λ t̄ together, without the constant −λ · ``fixed``."""
    problem, wanted = asked.problem, asked.wanted
    model = Model()
    y, taken = ruled_sites(model, problem)
    t = _trips(model, asked, y, exact=True)
    column, value, fixed = t.summed(np.where(wanted, problem.people, 0.0) / asked.people.sum())
    model.more_cost(column, -index * value)
    if np.isfinite(problem.mean_at_most):
        model.row(column, value, high=problem.mean_at_most * (1 + 1e-9) - fixed)
    spread = model.columns(1, cost=1.0, high=np.inf)
    rows, at = np.flatnonzero(wanted), np.full(problem.n_rows, -1)
    at[rows] = np.arange(len(rows))
    trip = model.columns(len(rows), high=np.inf)
    model.rows(
        len(rows), np.concatenate([np.arange(len(rows)), at[t.row]]), np.concatenate([trip, t.column]),
        np.concatenate([np.ones(len(rows)), -t.step]), low=t.base[rows], high=t.base[rows],
    )  # fmt: skip
    for tangent in asked.tangents:
        model.row(np.concatenate([spread, trip]), np.concatenate([[1.0], -tangent]), low=0.0)  # (18)
    return _Built(model, y, taken, t, int(spread[0]), fixed)
