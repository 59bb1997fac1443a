"""The auditor catches plans of every kind that are not what they say."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from lifezone.siting import audit, solve
from tests.siting.instances import random_problem


@pytest.fixture
def problem():
    return random_problem(np.random.default_rng(5), n_open=1, choose=2, dense=1.0)


def wrong_claims(problem, plan):
    return [claim.what for claim in audit(problem, plan) if not claim.ok]


def test_audit__an_honest_plan_passes(problem):
    for method in ("p_median", "max_cover", "p_center"):
        assert wrong_claims(problem, solve(problem, method)) == []


@pytest.mark.parametrize(
    ("change", "caught"),
    [
        (lambda plan: {"objective": plan.objective * 0.99}, "objective"),
        (lambda plan: {"bound": plan.objective * 1.01}, "bound is no worse than the objective"),
        (lambda plan: {"bound": plan.objective * 0.9}, "gap of a plan said to be optimal"),
        (lambda plan: {"opened": plan.opened[:1]}, "number of sites chosen"),
        (lambda plan: {"serving": np.roll(plan.serving, 1)}, "people not sent to the nearest site that stands"),
    ],
)
def test_audit__catches_a_false_claim(problem, change, caught):
    plan = solve(problem, "p_median")
    assert caught in wrong_claims(problem, replace(plan, **change(plan)))


def test_audit__catches_sites_that_may_not_be_touched(problem):
    plan = solve(problem, "p_median")
    stands = np.flatnonzero(problem.open_now).astype(np.int32)
    twice = replace(plan, opened=np.sort(np.concatenate([plan.opened[:1], stands])).astype(np.int32))
    assert "sites opened that are open today or may not open" in wrong_claims(problem, twice)
    closed = replace(plan, closed=stands)
    assert "sites closed that are not open today or must stay" in wrong_claims(problem, closed)


def test_audit__catches_full_sites(problem):
    roomy = replace(problem, capacity=np.full(7, 1000.0))
    plan = solve(roomy, "p_median")
    narrow = replace(problem, capacity=np.full(7, 5.0))
    assert "sites over their capacity" in wrong_claims(narrow, plan)


def test_audit__catches_people_pushed_beyond_the_bound(problem):
    plan = solve(problem, "p_median")
    far = replace(problem, must_reach=np.full(problem.n_rows, 0.5))
    assert "demand points pushed beyond the bound" in wrong_claims(far, plan)
