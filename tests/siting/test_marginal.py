"""What every candidate would do alone, against opening each by itself."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from lifezone.siting import SHUT, marginal_coverage
from tests.siting.instances import cost_matrix, random_problem


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("n_open", [0, 1, 3])
def test_marginal_coverage__equals_opening_each_candidate_alone(seed, n_open):
    problem = random_problem(np.random.default_rng(seed), n_open=n_open, dense=0.5)
    costs, people = cost_matrix(problem), problem.people
    before = np.where(problem.open_now, costs, np.inf).min(axis=1)
    found = marginal_coverage(problem)
    assert found.site.tolist() == np.flatnonzero(~problem.open_now).tolist()
    for at, j in enumerate(found.site.tolist()):
        after = np.minimum(before, costs[:, j])
        newly = (after <= problem.bound) & (before > problem.bound)
        assert found.covered[at] == people[newly].sum()
        assert found.reached[at] == people[np.isinf(before) & np.isfinite(after)].sum()
        served = np.isfinite(before)
        assert found.saved[at] == pytest.approx((people[served] * (before[served] - after[served])).sum(), abs=1e-9)
    keys = list(zip(-found.covered, -found.saved, -found.reached, found.site, strict=True))
    assert [keys[at] for at in np.argsort(found.rank)] == sorted(keys)


def test_marginal_coverage__knows_of_trips_beyond_the_pairs():
    """Pairs within the bound alone do not say how far people go today; they are told."""
    problem = random_problem(np.random.default_rng(2), n_open=2, dense=1.0)
    whole = marginal_coverage(problem)
    today = np.where(problem.open_now, cost_matrix(problem), np.inf).min(axis=1)
    near = replace(problem, pairs=problem.pairs.within(problem.bound))
    found = marginal_coverage(near, today)
    assert (found.covered == whole.covered).all()
    assert (found.saved <= whole.saved + 1e-9).all()
    assert found.reached.sum() == 0


def test_marginal_coverage__leaves_out_what_may_not_open_and_asks_for_no_bound():
    problem = random_problem(np.random.default_rng(3), n_open=1, dense=0.7)
    fixed = problem.fixed.copy()
    candidate = int(np.flatnonzero(~problem.open_now)[0])
    fixed[candidate] = SHUT
    found = marginal_coverage(replace(problem.with_fixed(fixed), bound=float("inf")))
    assert candidate not in found.site.tolist()
    assert (found.covered == 0).all()
