"""Fronts against all sets of sites."""

from __future__ import annotations

import threading
from dataclasses import replace
from itertools import combinations

import numpy as np
import pytest

from lifezone.siting import FREE, solve
from lifezone.siting.pareto import knee
from lifezone.siting.stop import keeps_best
from tests.siting.instances import cost_matrix, random_problem
from tests.siting.test_goals import all_choices, fgt2, nearest

GOALS = ("sites", "cost", "mean_time", "worst_time", "beyond", "equity")
PAIRS = list(combinations(GOALS, 2))
TRIPLES = list(combinations(GOALS, 3))


@pytest.fixture(params=["every set", "limits"])
def way(request, monkeypatch):
    """Both ways to a front: looking at every set, and limit by limit as for questions with many sites."""
    if request.param == "limits":
        monkeypatch.setattr("lifezone.siting.goals.is_small", lambda problem: False)


def worth(problem, costs, stands):
    cost = nearest(costs, stands)
    counted = np.isfinite(costs).any(axis=1) & (problem.people > 0)
    people = problem.people[counted]
    return {
        "sites": float(stands.sum()),
        "cost": float(problem.open_cost[stands & ~problem.open_now].sum()),
        "mean_time": float((people * cost[counted]).sum() / people.sum()),
        "worst_time": float(cost[counted].max()),
        "beyond": float(problem.people[~(cost <= problem.bound)].sum()),
        "equity": fgt2(problem, cost),
    }


def whole_front(problem):
    """Every value of a set of sites that no other set is as good as."""
    costs = cost_matrix(problem)
    all_reached = {"mean_time", "worst_time"} & set(problem.goals)
    found = set()
    for stands in all_choices(problem):
        values = worth(problem, costs, stands)
        if all_reached and np.isinf(values["worst_time"]):
            continue
        found.add(tuple(round(values[goal], 9) for goal in problem.goals))
    return sorted(a for a in found if not any(b != a and all(y <= x for x, y in zip(a, b, strict=True)) for b in found))


def asked(seed, goals, **options):
    rng = np.random.default_rng(seed)
    problem = random_problem(rng, n_rows=12, n_sites=6, n_open=seed % 3, dense=0.85, at_most=True, **options)
    cost = rng.integers(1, 6, 6) * 1e6 if seed % 2 else rng.random(6) * 5e6
    problem = replace(problem, goals=goals, bound=9.0, open_cost=cost)
    match seed % 4:
        case 1:
            return replace(problem, fixed=np.full(6, FREE, np.int8))  # those that are open may close
        case 2:
            return replace(problem, choose=3)
        case 3:
            return replace(problem, budget=1.2e7)
        case _:
            return problem


def check(problem):
    front = whole_front(problem)
    plan = solve(problem, "pareto")
    if not front:
        assert plan.status == "infeasible"
        return
    assert plan.whole
    points = sorted(tuple(goal.value for goal in point.goals) for point in plan.front)
    assert len(points) == len(front)
    np.testing.assert_allclose(points, front, rtol=1e-7, atol=1e-7)
    assert all(point.status == "optimal" and point.gap == 0 for point in plan.front)
    assert any((point.opened.tolist(), point.closed.tolist()) == (plan.opened.tolist(), plan.closed.tolist())
               for point in plan.front)  # fmt: skip


@pytest.mark.usefixtures("way")
@pytest.mark.parametrize("goals", PAIRS, ids="-".join)
@pytest.mark.parametrize("seed", range(4))
def test_pareto__two_goals_give_the_whole_front(seed, goals):
    check(asked(seed, goals))


@pytest.mark.usefixtures("way")
@pytest.mark.parametrize("goals", TRIPLES, ids="-".join)
@pytest.mark.parametrize("seed", range(1))
def test_pareto__three_goals_give_the_whole_front(seed, goals):
    check(asked(seed + TRIPLES.index(goals), goals[::-1]))


def test_pareto__people_in_parts_are_no_whole_numbers():
    problem = asked(0, ("beyond", "worst_time"))
    check(replace(problem, people=problem.people * 0.37))


def test_pareto__a_front_that_was_cut_says_so():
    problem = asked(0, ("cost", "mean_time", "beyond"))
    plan = solve(problem, "pareto", time_limit=0.0)
    assert plan.status == "unknown"
    assert not plan.front
    assert np.isnan(plan.objective)


def test_pareto__takes_the_point_that_was_asked_for():
    problem = asked(0, ("cost", "mean_time"))
    plan = solve(problem, "pareto", take=1)
    cheapest = min(point.goals[0].value for point in plan.front)
    assert plan.goals[0].value == cheapest
    last = solve(problem, "pareto", take=99)
    assert last.goals[1].value == min(point.goals[1].value for point in plan.front)
    assert any("no point 99" in text for text in last.reasons)


@pytest.mark.usefixtures("way")
@pytest.mark.parametrize("goals", [("cost", "beyond"), ("cost", "mean_time"), ("cost", "equity"), ("cost", "sites")])
def test_pareto__sites_at_one_price_are_a_number_of_sites(goals):
    for seed in range(3):
        problem = asked(seed, goals)
        check(replace(problem, open_cost=np.full(6, 3e6), budget=1.1e7 if seed == 2 else np.inf))


@pytest.mark.usefixtures("way")
def test_pareto__rules_hold_at_every_point():
    """Two districts with least coverage and a trip that may not be longer: against the same by filtering all sets."""
    problem = asked(0, ("cost", "mean_time"))
    costs = cost_matrix(problem)
    reach = np.where(np.arange(12) % 4 == 0, 14.0, np.inf)
    problem = replace(problem, must_reach=np.where(costs.min(axis=1) <= reach, reach, np.inf))
    fits = [s for s in all_choices(problem) if (nearest(costs, s) <= problem.must_reach).all()]
    values = {(round(v["cost"], 6), round(v["mean_time"], 9)) for v in (worth(problem, costs, s) for s in fits)
              if np.isfinite(v["mean_time"])}  # fmt: skip
    front = sorted(a for a in values if not any(b != a and b[0] <= a[0] and b[1] <= a[1] for b in values))
    plan = solve(problem, "pareto")
    points = sorted(tuple(goal.value for goal in point.goals) for point in plan.front)
    np.testing.assert_allclose(points, front, rtol=1e-7)


def test_pareto__progress_counts_points_and_a_stop_keeps_them(monkeypatch):
    monkeypatch.setattr("lifezone.siting.goals.is_small", lambda problem: False)
    asked_to_stop, told = threading.Event(), []

    def tell(points, gap):
        told.append((points, gap))
        if points == 2:
            asked_to_stop.set()

    problem = asked(0, ("cost", "mean_time"))
    with keeps_best(asked_to_stop, lambda: None):
        plan = solve(problem, "pareto", tell=tell)
    assert told[0] == (1, 0.0)
    assert told[-1] == (2, 0.0)
    assert len(plan.front) == 2
    assert not plan.whole
    assert len(plan.reasons) == len(plan.reasons_ko)
    assert "better ones may be missing" in " ".join(plan.reasons)
    assert "빠졌을 수 있는" in " ".join(plan.reasons_ko)
    whole = {tuple(goal.value for goal in point.goals) for point in solve(problem, "pareto").front}
    assert {tuple(goal.value for goal in point.goals) for point in plan.front} <= whole


def test_knee__is_nearest_to_the_best_of_all():
    """Ranges 10 and 100: (0.1, 0.2) of them is nearer to the corner than (0, 1), (1, 0) or (0.5, 0.1)."""
    assert knee(np.array([[0.0, 100.0], [1.0, 20.0], [5.0, 10.0], [10.0, 0.0]])) == 1
