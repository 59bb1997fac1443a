"""The compact form of "everybody goes to the nearest site" against the form of Wagner and Falkson."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from lifezone.siting import STANDS, Pairs, Problem, solve
from lifezone.siting.family import assign, sites
from lifezone.siting.milp import Model
from lifezone.siting.nearest import worth_asking
from tests.siting.instances import random_problem


def wagner_falkson(problem):
    """Solve the p-median with capacities and least use in the textbook form, a row at a time."""
    model = Model()
    y = sites(model, problem)
    pairs = problem.pairs
    x = model.columns(len(pairs.site), cost=problem.people[pairs.row] * pairs.cost)
    for i in range(pairs.n_rows):
        own = np.arange(pairs.first[i], pairs.first[i + 1])
        if len(own):
            model.row(x[own], 1.0, low=1.0, high=1.0)
        for k in own:
            model.row(np.array([x[k], y[pairs.site[k]]]), np.array([1.0, -1.0]), high=0.0)
            farther = own[pairs.cost[own] > pairs.cost[k]]
            model.row(np.append(x[farther], y[pairs.site[k]]), 1.0, high=1.0)
    people = problem.people[pairs.row]
    for j in range(problem.n_sites):
        at = np.flatnonzero(pairs.site == j)
        column, value = np.append(x[at], y[j]), people[at]
        if problem.capacity is not None:
            model.row(column, np.append(value, -problem.capacity[j]), high=0.0)
        if problem.least_use is not None and problem.fixed[j] != STANDS:  # nothing is asked of what stands anyway
            model.row(column, np.append(value, -problem.least_use[j]), low=0.0)
    return model.solve()


@pytest.mark.parametrize("seed", range(9))
def test_nearest__the_compact_form_has_the_optimum_of_wagner_and_falkson(seed):
    rng = np.random.default_rng(seed)
    problem = random_problem(rng, n_rows=20, n_sites=8, n_open=seed % 3, dense=rng.choice([0.7, 1.0]), choose=3)
    people = np.maximum(problem.people, 1.0)  # a row without people could be left out by one form alone
    cost = np.floor(problem.pairs.cost / 6) * 6 if seed % 2 else problem.pairs.cost  # many trips of equal length
    pairs = Pairs.of(problem.pairs.row, problem.pairs.site, cost, 20, 8)
    limits = {"capacity": rng.integers(15, 70, 8).astype(float)} if seed % 3 else {}
    if seed % 3 != 1:
        limits["least_use"] = rng.integers(0, 20, 8).astype(float)
    problem = replace(problem, pairs=pairs, people=people, **limits)
    wanted, found = wagner_falkson(problem), solve(problem, "p_median")
    assert found.status == wanted.status
    if wanted.status == "optimal":
        assert found.objective == pytest.approx(wanted.objective, abs=1e-6)


def places(seed, n_rows, n_sites):
    """Return straight distances between points of a square."""
    rng = np.random.default_rng(seed)
    a, b = rng.random((n_rows, 2)), rng.random((n_sites, 2))
    cost = np.hypot(*(a[:, None] - b[None]).transpose(2, 0, 1)) * 3600
    row, site = np.indices(cost.shape).reshape(2, -1).astype(np.int32)
    return Pairs.of(row, site, cost.ravel(), n_rows, n_sites)


def test_nearest__the_model_grows_with_the_pairs_and_not_with_their_squares():
    """2,000 demand points × 500 sites: 250 million entries before, three rows for each pair at most now."""
    pairs = places(1, 2000, 500)
    nothing = np.zeros(500, np.bool_)
    problem = Problem(pairs, np.ones(2000), nothing, np.full(500, -1, np.int8), choose=20, capacity=np.full(500, 150.0))
    model = Model()
    shares = assign(model, problem, sites(model, problem), pairs, cost=pairs.cost)
    assert len(shares.pairs.cost) == 2000 * (500 - 20 + 1)  # one of 20 stands among any 481
    assert model.n_rows <= 3 * len(shares.pairs.cost) + 2000 + 501
    assert model.n_columns <= len(shares.pairs.cost) + 501


def test_nearest__trips_beyond_a_site_that_stands_anyway_are_left_out():
    pairs = places(2, 50, 20)
    fixed = np.full(20, -1, np.int8)
    fixed[:3] = STANDS
    stands = fixed == STANDS
    problem = Problem(pairs, np.ones(50), stands, fixed, choose=2, capacity=np.full(20, 30.0))
    keep = worth_asking(problem, pairs)
    for i in range(50):
        own = slice(pairs.first[i], pairs.first[i + 1])
        anyway = pairs.cost[own][stands[pairs.site[own]]].min()
        assert (keep[own] == (pairs.cost[own] <= anyway)).all()
