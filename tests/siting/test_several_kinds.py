"""Several kinds at once, quotas, budgets, shared buildings, second covers apart: against trying all sets of sites."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations

import numpy as np
import pytest

from lifezone.siting import FREE, STANDS, Pairs, Problem, Quota, solve
from tests.siting.instances import cost_matrix

N_PLACES, N_POINTS = 4, 6


def two_kinds(rng, *, n_open=1, **options):
    """Return six points that want two kinds, four places where each may stand: sites 0–3 and 4–7."""
    costs = np.full((2 * N_POINTS, 2 * N_PLACES), np.inf)
    minutes = rng.integers(1, 40, (N_POINTS, N_PLACES)) / 2.0
    minutes[rng.random(minutes.shape) < 0.15] = np.inf
    costs[:N_POINTS, :N_PLACES] = costs[N_POINTS:, N_PLACES:] = minutes
    row, site = np.nonzero(np.isfinite(costs))
    people = rng.integers(0, 9, N_POINTS).astype(float)
    open_now = np.zeros(2 * N_PLACES, np.bool_)
    open_now[rng.choice(2 * N_PLACES, n_open, replace=False)] = True
    given = {
        "pairs": Pairs.of(row.astype(np.int32), site.astype(np.int32), costs[row, site], *costs.shape),
        "people": np.tile(people, 2),
        "open_now": open_now,
        "fixed": np.where(open_now, STANDS, FREE).astype(np.int8),
        "row_bound": np.repeat([10.0, 6.0], N_POINTS),
        "kinds": ("clinic", "pharmacy"),
        "kind": np.repeat([0, 1], N_PLACES).astype(np.int32),
        "need": np.repeat([0, 1], N_POINTS).astype(np.int32),
        "point": np.tile(np.arange(N_POINTS), 2).astype(np.int32),
        "building": np.tile(np.arange(N_PLACES), 2).astype(np.int32),
    }
    return Problem(**(given | options))


def all_sets(problem):
    """Yield every set of sites that may stand: bool[S]."""
    free = np.flatnonzero(problem.fixed == FREE).tolist()
    for size in range(len(free) + 1):
        for chosen in combinations(free, size):
            stands = problem.fixed == STANDS
            stands[list(chosen)] = True
            yield stands


def nearest(problem, stands):
    return np.where(stands, cost_matrix(problem), np.inf).min(axis=1)


def opened_of(problem, stands, kind):
    return int((stands & ~problem.open_now & (problem.kind == kind)).sum())


def people_near(problem, stands, people=None):
    return float((problem.people if people is None else people)[nearest(problem, stands) <= problem.row_bound].sum())


def travel(problem, stands):
    counted = np.isfinite(cost_matrix(problem)).any(axis=1) & (problem.people > 0)
    return float((problem.people[counted] * nearest(problem, stands)[counted]).sum())


def check_best(problem, method, fits, value, best=max, **options):
    """Compare a plan with the best of all sets that fit."""
    values = [v for v in (value(problem, s) for s in all_sets(problem) if fits(s)) if np.isfinite(v)]
    plan = solve(problem, method, **options)
    if not values:
        assert plan.status == "infeasible"
        return
    assert plan.status == "optimal"
    assert plan.objective == pytest.approx(best(values), abs=1e-6)


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize(("method", "value", "best"), [("max_cover", people_near, max), ("p_median", travel, min)])
def test_several_kinds__a_number_of_each_and_of_all(seed, method, value, best):
    problem = two_kinds(np.random.default_rng(seed), choose_each=(1, 2), choose=3)
    check_best(problem, method, lambda s: opened_of(problem, s, 0) == 1 and opened_of(problem, s, 1) == 2, value, best)
    only_sum = replace(problem, choose_each=(), choose=2)
    check_best(only_sum, method, lambda s: (s & ~problem.open_now).sum() == 2, value, best)


def money(problem, stands):
    """Return the cost site by site: a building with two kinds in it is cheaper for what opens there."""
    total = 0.0
    for j in np.flatnonzero(stands & ~problem.open_now).tolist():
        shared = any(stands[k] and k != j and problem.building[k] == problem.building[j] for k in range(len(stands)))
        total += problem.open_cost[j] - (problem.saving[j] if shared else 0.0)
    return total


@pytest.mark.parametrize("seed", range(4))
def test_shared_buildings__the_saving_counts_in_the_budget(seed):
    rng = np.random.default_rng(seed)
    problem = two_kinds(
        rng, open_cost=rng.integers(3, 9, 8).astype(float), saving=rng.integers(1, 4, 8).astype(float), budget=14.0,
        at_most=True,
    )  # fmt: skip
    check_best(problem, "max_cover", lambda s: money(problem, s) <= 14.0, people_near)
    assert all(problem.money(s) == pytest.approx(money(problem, s)) for s in all_sets(problem))


@pytest.mark.parametrize("seed", range(4))
def test_yearly_budget__limits_what_stands(seed):
    rng = np.random.default_rng(seed)
    running = rng.integers(1, 6, 8).astype(float)
    problem = two_kinds(rng, n_open=2, running_cost=running, yearly_budget=11.0, at_most=True)
    problem = problem.with_fixed(np.full(8, FREE, np.int8))
    check_best(problem, "max_cover", lambda s: running[s].sum() <= 11.0, people_near)


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize(("method", "value", "best"), [("max_cover", people_near, max), ("p_median", travel, min)])
def test_quotas__so_many_of_a_group_are_covered(seed, method, value, best):
    rng = np.random.default_rng(seed)
    old = np.tile(rng.integers(0, 5, N_POINTS), 2).astype(float)
    problem = two_kinds(rng, choose=3)
    problem = replace(problem, quotas=(Quota("old", old, 0.6 * old.sum()),))
    check_best(
        problem, method,
        lambda s: (s & ~problem.open_now).sum() == 3 and people_near(problem, s, old) >= 0.6 * old.sum(), value, best,
    )  # fmt: skip


@pytest.mark.parametrize("seed", range(4))
def test_must_reach__nobody_is_taken_farther_than_told(seed):
    rng = np.random.default_rng(seed)
    problem = two_kinds(rng, n_open=6, choose=2)
    problem = problem.with_fixed(np.full(8, FREE, np.int8))
    today = nearest(problem, problem.open_now)
    limit = np.where(np.isfinite(today), today + 5.0, np.inf)
    problem = replace(problem, must_reach=limit)

    def fits(stands):
        kept = not (stands & ~problem.open_now).any() and (problem.open_now & ~stands).sum() == 2
        return kept and (nearest(problem, stands) <= limit).all()

    check_best(problem, "close", fits, travel, min)


@pytest.mark.parametrize("seed", range(4))
def test_backup_cover__the_second_stands_apart_from_the_first(seed):
    rng = np.random.default_rng(seed)
    beside = (np.array([0, 1, 4], np.int32), np.array([1, 2, 5], np.int32))
    problem = two_kinds(rng, choose=4, row_bound=np.full(12, 16.0), beside=beside, n_open=0)
    close = {(0, 1), (1, 2), (4, 5)}
    near = cost_matrix(problem) <= 16.0
    lived = problem.people > 0

    def twice(_, stands):
        total = 0.0
        for i in range(problem.n_rows):
            sites = np.flatnonzero(near[i] & stands).tolist()
            total += problem.people[i] * any(pair not in close for pair in combinations(sites, 2))
        return float(total)

    check_best(
        problem, "backup_cover", lambda s: s.sum() == 4 and (near & s).any(axis=1)[lived].all(), twice
    )  # fmt: skip
