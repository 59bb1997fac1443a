"""Kinds that nothing joins are answered one by one, with the same answer as the model of all of them."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from lifezone.siting import Pairs, solve
from lifezone.siting.by_kind import is_of_parts
from lifezone.siting.rules import solve_by_rules
from tests.siting.instances import random_problem


def two_kinds(rng):
    plain = random_problem(rng, n_rows=16, n_sites=9, n_open=2)
    need, kind = np.arange(16, dtype=np.int32) % 2, np.arange(9, dtype=np.int32) % 2
    own = need[plain.pairs.row] == kind[plain.pairs.site]
    pairs = Pairs.of(plain.pairs.row[own], plain.pairs.site[own], plain.pairs.cost[own], 16, 9)
    return replace(plain, pairs=pairs, kinds=("clinic", "pharmacy"), kind=kind, need=need, choose_each=(1, 2))


@pytest.mark.parametrize("method", ["p_median", "max_cover"])
def test_by_kind__is_the_best_of_the_whole_model(method):
    rng = np.random.default_rng(3)
    n_answers = 0
    for _ in range(8):
        problem = two_kinds(rng)
        assert is_of_parts(problem, method)
        plan, whole = solve(problem, method), solve_by_rules(problem, method)
        assert (plan.status == "infeasible") == (whole.status == "infeasible")
        if plan.status != "infeasible":
            n_answers += 1
            assert plan.status == "optimal"
            assert plan.objective == pytest.approx(whole.bound)
            assert np.bincount(problem.kind[plan.opened], minlength=2).tolist() == [1, 2]
    assert n_answers >= 3


def test_by_kind__not_where_something_joins_the_kinds():
    problem = two_kinds(np.random.default_rng(3))
    for joined in (replace(problem, choose=2, choose_each=()), replace(problem, budget=3.0),
                   replace(problem, at_most=True), replace(problem, choose_each=(1, None))):  # fmt: skip
        assert not is_of_parts(joined, "p_median")
    assert not is_of_parts(problem, "p_center")
