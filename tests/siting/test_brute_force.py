"""Every method against trying all sets of sites."""

from __future__ import annotations

from itertools import combinations

import networkx as nx
import numpy as np
import pytest

from lifezone.siting import solve
from tests.siting.instances import choices, cost_matrix, random_problem


def nearest(costs, stands):
    return np.where(stands, costs, np.inf).min(axis=1)


@pytest.mark.parametrize("seed", range(7))
@pytest.mark.parametrize("n_open", [0, 2])
def test_p_median__equals_the_best_of_all_sets(seed, n_open):
    problem = random_problem(np.random.default_rng(seed), n_open=n_open, choose=3)
    costs = cost_matrix(problem)
    counted = np.isfinite(costs).any(axis=1) & (problem.people > 0)
    totals = [float((problem.people[counted] * nearest(costs[counted], s)).sum()) for s in choices(problem)]
    plan = solve(problem, "p_median")
    if np.isinf(min(totals)):
        assert plan.status == "infeasible"
        assert plan.reasons
    else:
        assert plan.status == "optimal"
        assert plan.objective == pytest.approx(min(totals), abs=1e-9)


@pytest.mark.parametrize("seed", range(7))
@pytest.mark.parametrize("n_open", [0, 2])
def test_max_cover__equals_the_best_of_all_sets(seed, n_open):
    problem = random_problem(np.random.default_rng(seed), n_open=n_open, choose=2)
    costs = cost_matrix(problem)
    most = max(float(problem.people[nearest(costs, s) <= problem.bound].sum()) for s in choices(problem))
    plan = solve(problem, "max_cover")
    assert plan.status == "optimal"
    assert plan.objective == plan.bound == most
    assert len(plan.opened) == 2


@pytest.mark.parametrize("seed", range(7))
def test_set_cover__equals_the_smallest_of_all_sets(seed):
    problem = random_problem(np.random.default_rng(seed), n_open=seed % 3, dense=0.9)
    costs = cost_matrix(problem)
    lived = problem.people > 0
    fits = [s for s in choices(problem) if (nearest(costs, s)[lived] <= problem.bound).all()]
    plan = solve(problem, "set_cover")
    if not fits:
        assert plan.status == "infeasible"
        assert plan.reasons
    else:
        assert plan.status == "optimal"
        assert len(plan.opened) == min(int((s & ~problem.open_now).sum()) for s in fits)


@pytest.mark.parametrize("seed", range(7))
@pytest.mark.parametrize("n_open", [0, 2])
def test_p_center__equals_the_best_of_all_sets(seed, n_open):
    problem = random_problem(np.random.default_rng(seed), n_open=n_open, choose=3)
    costs = cost_matrix(problem)
    counted = np.isfinite(costs).any(axis=1) & (problem.people > 0)
    worst = min(float(nearest(costs, s)[counted].max()) for s in choices(problem))
    plan = solve(problem, "p_center")
    if np.isinf(worst):
        assert plan.status == "infeasible"
    else:
        assert plan.status == "optimal"
        assert plan.objective == worst


@pytest.mark.parametrize("seed", range(7))
def test_backup_cover__equals_the_best_of_all_sets(seed):
    problem = random_problem(np.random.default_rng(seed), dense=0.95)
    costs = cost_matrix(problem)
    lived = problem.people > 0
    within = [(s, ((costs <= problem.bound) & s).sum(axis=1)) for s in choices(problem)]
    fits = [(s, n) for s, n in within if (n[lived] >= 1).all()]
    plan = solve(problem, "backup_cover")
    if not fits:
        assert plan.status == "infeasible"
        return
    fewest = min(int(s.sum()) for s, _ in fits)
    most = max(float(problem.people[n >= 2].sum()) for s, n in fits if s.sum() == fewest)
    assert plan.status == "optimal"
    assert plan.objective == most


@pytest.mark.parametrize("seed", range(5))
def test_max_cover__capacities_are_kept_and_nothing_better_exists(seed):
    rng = np.random.default_rng(seed)
    problem = random_problem(rng, choose=2, capacity=rng.integers(5, 25, 7).astype(float), nearest_only=False)
    costs = cost_matrix(problem)
    best = 0.0
    for stands in choices(problem):  # whom two sites can take: a flow, by trying every cut of people and sites
        best = max(best, largest_flow(problem, costs, stands))
    plan = solve(problem, "max_cover")
    assert plan.status == "optimal"
    assert plan.objective == pytest.approx(best, abs=1e-6)


def largest_flow(problem, costs, stands):
    graph = nx.DiGraph()
    for i in range(problem.n_rows):
        graph.add_edge("all", ("row", i), capacity=float(problem.people[i]))
        for j in np.flatnonzero(stands & (costs[i] <= problem.bound)).tolist():
            graph.add_edge(("row", i), ("site", j), capacity=float("inf"))
            graph.add_edge(("site", j), "end", capacity=float(problem.capacity[j]))
    return nx.maximum_flow_value(graph, "all", "end") if "end" in graph else 0.0


@pytest.mark.parametrize("seed", range(5))
def test_close__equals_the_best_of_all_sets(seed):
    rng = np.random.default_rng(seed)
    problem = random_problem(rng, n_sites=6, n_open=6, dense=1.0, choose=3)
    problem = problem.with_fixed(np.full(6, -1, np.int8))
    costs = cost_matrix(problem)
    totals = []
    for shut in combinations(range(6), 3):
        stands = np.ones(6, np.bool_)
        stands[list(shut)] = False
        totals.append(float((problem.people * nearest(costs, stands)).sum()))
    plan = solve(problem, "close")
    assert plan.status == "optimal"
    assert plan.objective == pytest.approx(min(totals), abs=1e-9)
    assert len(plan.closed) == 3
