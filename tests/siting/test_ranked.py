"""Among equally good plans public land comes first: the least sum of ranks, against every set of sites."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from lifezone.siting import Pairs, solve
from lifezone.siting import ranked as second
from tests.siting.enumeration import right_number, sets_of_sites
from tests.siting.instances import cost_matrix, random_problem


def value_of(problem, method, costs, stands):
    """Return the objective of a set of sites, less is better; inf where it is no answer."""
    near = costs[:, stands].min(axis=1, initial=np.inf)
    wanted = (problem.people > 0) & np.isfinite(costs).any(axis=1)
    covered = near <= problem.bound
    if method == "max_cover":
        return -problem.people[covered].sum()
    if method == "set_cover":
        can = (costs <= problem.bound).any(axis=1)
        return stands.sum() if covered[can & wanted].all() else np.inf
    if method == "p_center":
        return near[wanted].max(initial=0)
    return (problem.people * near)[wanted].sum()


@pytest.mark.parametrize("method", ["p_median", "max_cover", "set_cover", "p_center"])
def test_ranked__is_the_least_sum_of_ranks_of_all_best_plans(method):
    rng = np.random.default_rng(5)
    n_told_apart = 0
    for _ in range(12):
        problem = random_problem(rng, n_rows=8, n_sites=7, dense=1.0, n_open=1,
                                 choose=None if method == "set_cover" else 3)  # fmt: skip
        coarse = np.round(problem.pairs.cost / 15) * 15  # many plans are equally good
        problem = replace(problem, pairs=Pairs.of(problem.pairs.row, problem.pairs.site, coarse, 8, 7),
                          rank=rng.integers(0, 3, 7).astype(np.int32))  # fmt: skip
        costs = cost_matrix(problem)
        sets = [one for one in sets_of_sites(problem) if right_number(problem, method, one)]
        values = np.array([value_of(problem, method, costs, one) for one in sets])
        ranks = np.array([problem.rank[one & ~problem.open_now].sum() for one in sets])
        if not np.isfinite(values.min()):
            continue
        best = ranks[values == values.min()]
        plan = solve(problem, method, ranked=True)
        assert plan.status == "optimal"
        assert plan.objective == solve(problem, method).objective
        assert problem.rank[plan.opened].sum() == best.min()
        assert not plan.reasons
        n_told_apart += best.max() > best.min()
    assert n_told_apart >= 3


def test_ranked__a_better_plan_is_never_given_up_for_public_land():
    pairs = Pairs.of(np.array([0, 0, 1, 1]), np.array([0, 1, 0, 1]), np.array([5.0, 6.0, 5.0, 5.0]), 2, 2)
    problem = replace(random_problem(np.random.default_rng(1), n_rows=2, n_sites=2), pairs=pairs, choose=1,
                      people=np.array([1.0, 1.0]), rank=np.array([2, 0], np.int32))  # fmt: skip
    assert solve(problem, "p_median", ranked=True).opened.tolist() == [0]
    equal = replace(problem, pairs=Pairs.of(pairs.row, pairs.site, np.full(4, 5.0), 2, 2))
    assert solve(equal, "p_median", ranked=True).opened.tolist() == [1]


def test_ranked__capacities_hold_in_the_plan_that_is_taken():
    pairs = Pairs.of(np.arange(9) // 3, np.arange(9) % 3, np.full(9, 5.0), 3, 3)
    problem = replace(random_problem(np.random.default_rng(1), n_rows=3, n_sites=3), pairs=pairs, choose=2,
                      people=np.full(3, 10.0), capacity=np.array([20.0, 5.0, 15.0]), nearest_only=False,
                      rank=np.array([1, 0, 1], np.int32))  # fmt: skip
    plan = solve(problem, "p_median", ranked=True)  # site 1 is public, but has no room for the rest with any other one
    assert plan.opened.tolist() == [0, 2]
    assert all(claim.ok for claim in plan.audit)


def test_ranked__says_so_where_it_is_not_settled(monkeypatch):
    monkeypatch.setattr(second, "_MOST_SENT", 1)
    pairs = Pairs.of(np.array([0, 0]), np.array([0, 1]), np.full(2, 5.0), 1, 2)
    problem = replace(random_problem(np.random.default_rng(1), n_rows=1, n_sites=2), pairs=pairs, choose=1,
                      people=np.ones(1), rank=np.array([2, 0], np.int32))  # fmt: skip
    plan = solve(problem, "p_median", ranked=True)
    assert (plan.status, plan.objective) == ("optimal", 5.0)
    assert plan.opened.tolist() == [0]
    assert second.UNSETTLED[0] in plan.reasons
    assert second.UNSETTLED[1] in plan.reasons_ko
