"""Questions with few sites to choose from: every set of sites is looked at, whatever the goals and rules.

Twenty plots of which five may open are 21,700 sets: their goals are summed in a second or two, where a mixed-integer
model of each limit takes as long. What is left after dropping sets that another one is as good as in every goal is the
front, and answers every question for the best plan within limits. Capacities and least uses, which say who may go
where, are not looked at in this way.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from math import comb
from typing import Final

import numpy as np

from lifezone.model import Bools, Floats, Longs
from lifezone.siting.equity import severity
from lifezone.siting.found import Found, infeasible
from lifezone.siting.problem import FREE, Pairs, Problem

__all__ = ["best_sets", "is_small", "least_within", "unbeaten"]

_MOST_SETS: Final = 60_000
_MOST_WORK: Final = 300_000_000
"""Sets × demand rows, some five seconds."""
_PIECE: Final = 3_000_000
"""Trips looked at together."""


@dataclass(frozen=True, eq=False)
class _Sets:
    """Some sets of sites and the trips with them.

    Attributes:
        standing: bool[n, S].
        cost: f64[n, R] everybody's trip, inf = none.
    """

    standing: Bools
    cost: Floats


def is_small(problem: Problem) -> bool:
    """Whether all sets of sites can be looked at."""
    if problem.capacity is not None or problem.least_use is not None:
        return False
    n_new, n_old = len(_new(problem)), len(_old(problem))
    if n_old > 16:
        return False
    most = _most_new(problem)
    n_sets = 2**n_old * sum(comb(n_new, size) for size in range(min(most, n_new) + 1)) if most < 40 else _MOST_SETS + 1
    return n_sets <= _MOST_SETS and n_sets * problem.n_rows <= _MOST_WORK


def best_sets(problem: Problem, *, reach_all: bool) -> Bools:
    """Return bool[n, S] every set of sites that keeps the rules and that no other is as good as in every goal.

    Args:
        problem: the question.
        reach_all: everybody whom some site reaches must be reached.
    """
    standing, values = [np.zeros((0, problem.n_sites), np.bool_)], [np.zeros((0, len(problem.goals)))]
    wanted = np.asarray(problem.reachable & (problem.people > 0))
    for some in _good_sets(problem):
        fits = np.isfinite(some.cost[:, wanted]).all(axis=1) | (not reach_all)
        worth = _worth(problem, wanted, some.standing[fits], some.cost[fits])
        best = unbeaten(worth)
        standing.append(some.standing[fits][best])
        values.append(worth[best])
    return np.concatenate(standing)[unbeaten(np.concatenate(values))]


def least_within(
    names: Sequence[str], standing: Bools, values: Floats, goal: str, limits: Mapping[str, float]
) -> Found:
    """Return the set of sites with the least value of a goal within limits of others.

    Args:
        names: of the goals.
        standing: bool[n, S] sets.
        values: f64[n, goals] what each comes to.
        goal: to be made least.
        limits: by goal, inclusive.
    """
    fits = np.ones(len(values), np.bool_)
    for name, limit in limits.items():
        fits &= values[:, names.index(name)] <= limit
    if not fits.any():
        return infeasible()
    value = np.where(fits, values[:, names.index(goal)], np.inf)
    return Found("optimal", standing[int(value.argmin())], float(value.min()))


def _worth(problem: Problem, wanted: Bools, standing: Bools, cost: Floats) -> Floats:
    """Return f64[n, goals] what sets of sites are worth."""
    reached, people = cost[:, wanted], problem.people[wanted]
    values = []
    for goal in problem.goals:
        match goal:
            case "sites":
                value = standing.sum(axis=1)
            case "cost":
                value = np.array([problem.money(one) for one in standing])
            case "mean_time":
                value = reached @ people / people.sum() if len(people) else np.zeros(len(cost))
            case "worst_time":
                value = reached.max(axis=1, initial=0.0)
            case "beyond":
                value = ~(cost <= problem.bounds) @ problem.people
            case _:
                lost = severity(cost, np.broadcast_to(problem.bounds, cost.shape))
                value = lost @ problem.people / max(float(problem.people.sum()), 1e-300)
        values.append(np.asarray(value, np.float64))
    return np.stack(values, axis=1)


def unbeaten(values: Floats) -> Longs:
    """Return positions of the rows that no other one is as good as in every column, less is better; of equal ones one.

    Args:
        values: f64[n, goals].
    """
    kept: list[int] = []
    best = np.empty((len(values), values.shape[1]))
    for at in np.lexsort(values.T[::-1]).tolist():
        if not (best[: len(kept)] <= values[at]).all(axis=1).any():
            best[len(kept)] = values[at]
            kept.append(at)
    return np.array(kept, np.int64)


def _good_sets(problem: Problem) -> Iterator[_Sets]:
    """Yield all sets of sites that keep every rule of the question, some at a time.

    ``choose`` (and of each kind) is the most that may open.
    """
    matrix = _matrix(problem.pairs)
    old = _old(problem)
    for n_kept in range(len(old) + 1):
        for kept in combinations(old.tolist(), n_kept):
            base = problem.standing.copy()
            base[list(kept)] = True
            for standing in _opened(problem, base):
                cost = _trips(matrix, base, standing)
                fits = _keeps_rules(problem, standing, cost)
                if fits.any():
                    yield _Sets(standing[fits], cost[fits])


def _new(problem: Problem) -> np.ndarray:
    """Return the sites that may open or not."""
    return np.flatnonzero((problem.fixed == FREE) & ~problem.open_now)


def _old(problem: Problem) -> np.ndarray:
    """Return the sites that may close or not."""
    return np.flatnonzero((problem.fixed == FREE) & problem.open_now)


def _most_new(problem: Problem) -> int:
    """Return how many of the free sites may open, as ``choose`` says; negative where too many must open already."""
    n_new = len(_new(problem))
    if problem.choose is None:
        return n_new
    return min(problem.choose - int((problem.standing & ~problem.open_now).sum()), n_new)


def _matrix(pairs: Pairs) -> Floats:
    """Return f64[S, R] trips, inf = out of reach."""
    matrix = np.full((pairs.n_sites, pairs.n_rows), np.inf)
    matrix[pairs.site, pairs.row] = pairs.cost
    return matrix


def _opened(problem: Problem, base: Bools) -> Iterator[Bools]:
    """Yield bool[n, S]: the sites of ``base`` and every choice of new ones."""
    new = _new(problem)
    piece = max(_PIECE // max(problem.n_rows, 1), 1)
    for size in range(_most_new(problem) + 1):
        chosen = np.array(list(combinations(new.tolist(), size)), np.int64).reshape(comb(len(new), size), size)
        for low in range(0, len(chosen), piece):
            some = chosen[low : low + piece]
            standing = np.repeat(base[None], len(some), axis=0)
            np.put_along_axis(standing, some, True, axis=1)
            yield standing


def _trips(matrix: Floats, base: Bools, standing: Bools) -> Floats:
    """Return f64[n, R] the trip to the nearest standing site."""
    cost = np.repeat(matrix[base].min(axis=0, initial=np.inf)[None], len(standing), axis=0)
    for j in np.flatnonzero((standing & ~base).any(axis=0)).tolist():
        some = standing[:, j]
        cost[some] = np.minimum(cost[some], matrix[j])
    return cost


def _keeps_rules(problem: Problem, standing: Bools, cost: Floats) -> Bools:
    """Return bool[n] sets that keep the rules on money, numbers of a kind, distances and coverage."""
    fits = np.ones(len(standing), np.bool_)
    if np.isfinite(problem.budget):
        fits &= np.array([problem.money(one) for one in standing]) <= problem.budget * (1 + 1e-12)
    if np.isfinite(problem.yearly_budget) and problem.running_cost is not None:
        fits &= standing @ problem.running_cost <= problem.yearly_budget * (1 + 1e-12)
    opened, closed = standing & ~problem.open_now, problem.open_now & ~standing
    for k, number in enumerate(problem.choose_each):
        if number is not None:
            n = opened[:, problem.site_kind == k].sum(axis=1)
            fits &= n <= number
    if problem.swaps:
        fits &= opened.sum(axis=1) == closed.sum(axis=1)
    if problem.between is not None and problem.apart > 0:
        between = problem.between
        near = between.open_to_choice(problem) & (between.cost < problem.apart * (1 - 1e-9))
        fits &= ~(standing[:, between.a[near]] & standing[:, between.b[near]]).any(axis=1)
    if problem.must_reach is not None:
        fits &= (cost <= problem.must_reach).all(axis=1)
    inside = cost <= problem.bounds
    for quota in problem.quotas:
        fits &= inside @ quota.people >= quota.least * (1 - 1e-9)
    if problem.least_cover is not None and problem.district is not None:
        for d in np.flatnonzero(problem.least_cover > 0).tolist():
            people = np.where(problem.district == d, problem.people, 0.0)
            fits &= inside @ people >= problem.least_cover[d] * (1 - 1e-9)
    return fits
