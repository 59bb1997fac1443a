"""Plans over several states of the world against trying all sets of sites, and from a scenario file to plan.json."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pytest

from lifezone.errors import ScenarioError
from lifezone.report.plans import write_plans
from lifezone.run import plans
from lifezone.siting import solve
from lifezone.siting.robust import Future, chosen_share, judged, robust_claims, robust_plan, with_factors
from tests.siting.enumeration import affordable, best, right_number, sets_of_sites, worth
from tests.siting.instances import random_problem
from tests.siting.studies import write_study


def states(seed, method):
    """Return a question and three states of the world with other people, trips and bounds."""
    rng = np.random.default_rng([seed, len(method)])
    n_open = 5 if method == "close" else seed % 3
    problem = random_problem(rng, n_rows=10, n_sites=6, n_open=n_open, dense=1.0, choose=2)
    if method == "close":
        problem = problem.with_fixed(np.full(6, -1, np.int8))
    elif seed % 2:
        problem = replace(problem, open_cost=rng.integers(1, 5, 6).astype(float), budget=5.0, at_most=True)
    futures = [Future("today", problem, 2.0)]
    for name in ("slow", "aged"):
        other = with_factors(problem, people=rng.uniform(0.2, 2.0, 10), times=rng.uniform(0.5, 2.0, 10))
        futures.append(Future(name, replace(other, bound=float(rng.choice([10.0, 15.0, 20.0])))))
    return problem, futures


@pytest.mark.parametrize("method", ["p_median", "p_center", "max_cover", "close"])
@pytest.mark.parametrize("goal", ["min_max_regret", "worst", "expected"])
@pytest.mark.parametrize("seed", range(3))
def test_robust__is_the_best_of_all_sets_of_sites(seed, goal, method):
    problem, futures = states(seed, method)
    sign = -1.0 if method == "max_cover" else 1.0
    alone = [sign * best(one.problem, method) for one in futures]
    values = []
    for stands in sets_of_sites(problem):
        if right_number(problem, method, stands) and affordable(problem, stands):
            found = [worth(one.problem, method, stands) for one in futures]
            if None in found:
                continue
            under = [sign * value for value in found]
            if goal == "expected":
                values.append(sum(one.weight * v for one, v in zip(futures, under, strict=True)) / 4.0)
            else:
                values.append(
                    max(v - (b if goal == "min_max_regret" else 0.0) for v, b in zip(under, alone, strict=True))
                )
    plan = robust_plan(problem, method, goal, futures)
    wanted = min(values) if goal == "min_max_regret" else sign * min(values)
    assert plan.status == "optimal"
    assert plan.objective == pytest.approx(wanted, abs=1e-6)
    assert all(claim.ok for claim in plan.audit)
    assert [one.name for one in plan.judged] == ["today", "slow", "aged"]
    assert [one.best for one in plan.judged] == pytest.approx([sign * value for value in alone], abs=1e-6)
    if goal == "min_max_regret":
        assert max(one.regret for one in plan.judged) == pytest.approx(plan.objective, abs=1e-6)


@pytest.mark.parametrize("goal", ["min_max_regret", "worst", "expected"])
def test_robust__the_audit_catches_each_number_that_is_off(goal):
    problem, futures = states(0, "p_median")
    plan = robust_plan(problem, "p_median", goal, futures)
    stands = problem.open_now.copy()
    stands[plan.opened] = True

    def broken(told):
        return [claim.what for claim in robust_claims(told, futures, stands) if not claim.ok]

    assert broken(plan) == []
    assert f"{goal} over 3 states of the world" in broken(replace(plan, objective=plan.objective + 0.5))
    for key, what in (("value", "value under slow"), ("regret", "regret under slow"), ("best", "nothing better than")):
        wrong = replace(plan.judged[1], **{key: getattr(plan.judged[1], key) + 1000.0})
        told = replace(plan, judged=(plan.judged[0], wrong, plan.judged[2]))
        assert any(claim.startswith(what) for claim in broken(told))


def test_robust__an_ordinary_plan_is_told_what_it_loses_elsewhere():
    problem, futures = states(0, "p_median")
    plan = solve(problem, "p_median")
    standing = problem.open_now.copy()
    standing[plan.opened] = True
    today, *others = judged(futures, "p_median", standing)
    assert today.regret == pytest.approx(0.0, abs=1e-9)
    for one, future in zip(others, futures[1:], strict=True):
        assert one.value == pytest.approx(worth(future.problem, "p_median", standing))
        assert one.regret == pytest.approx(one.value - best(future.problem, "p_median"), abs=1e-9)


def test_chosen_share__samples_are_drawn_one_by_one_and_exact_inputs_choose_one_plan():
    problem, _ = states(0, "p_median")
    plan = solve(problem, "p_median")
    surely = chosen_share(problem, "p_median", n=3, people=0.0, times=0.0, seed=7)
    assert np.flatnonzero(surely).tolist() == plan.opened.tolist()
    assert set(surely[plan.opened]) == {1.0}
    ten = chosen_share(problem, "p_median", n=10, people=0.9, times=0.5, seed=7)
    assert ten.sum() == pytest.approx(problem.choose)
    assert (chosen_share(problem, "p_median", n=10, people=0.9, times=0.5, seed=7) == ten).all()
    five = chosen_share(problem, "p_median", n=5, people=0.9, times=0.5, seed=7)
    assert (five * 5 <= ten * 10 + 1e-9).all()  # the first five samples are among the ten
    assert len(np.unique(ten)) > 2


ROBUST = (
    "method: max_cover, choose: 2, bound: 20 min, robust: min_max_regret, scenarios: [{name: slow, times: 1.5}, "
    "{name: strict, bound: 12 min}, {name: fewer, people: 0.7}], samples: {n: 8, people: 30 %, times: 20 %}"
)


def test_robust__a_scenario_file_gives_values_regrets_and_shares(tmp_path):
    path = write_study(tmp_path, ROBUST)
    write_plans(plans(path), tmp_path / "out")
    plan = json.loads((tmp_path / "out" / "plan" / "plan.json").read_text(encoding="utf-8"))
    assert plan["robust"] == "min_max_regret"
    assert [one["name"] for one in plan["scenarios"]] == ["today", "slow", "strict", "fewer"]
    assert plan["objective"] == pytest.approx(max(one["regret"] for one in plan["scenarios"]))
    assert sum(plan["chosen_share"].values()) == pytest.approx(2.0)
    assert plan["reasons"][0] == "chosen so that the largest regret is least over 4 states of the world"
    assert plan["reasons_ko"][0] == "4가지 상황에 걸쳐 가장 큰 후회가 최소인 안입니다"


@pytest.mark.parametrize(
    ("siting", "fault"),
    [
        ("method: p_median, choose: 2, robust: worst", "robust needs scenarios"),
        ("method: p_median, choose: 2, scenarios: [{name: a, year: 2035}]", "2035 is not among the projections"),
        ("method: p_median, choose: 2, scenarios: [{name: a}, {name: a}]", "two scenarios are called 'a'"),
        ("method: set_cover, bound: 30 min, scenarios: [{name: a}]", "scenarios are for"),
    ],
)
def test_robust__what_makes_no_sense_is_a_fault(tmp_path, siting, fault):
    with pytest.raises(ScenarioError, match=fault):
        plans(write_study(tmp_path, siting))
