"""The auditor passes plans that are what they say, and catches plans of every kind that are not."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from lifezone.errors import LifezoneError
from lifezone.model import Plan
from lifezone.siting import FREE, METHODS, Pairs, Problem, audit, solve
from tests.siting.instances import random_problem
from tests.siting.mixes import METHODS as MIXED
from tests.siting.mixes import draw
from tests.siting.test_deserts import random_cure
from tests.siting.test_goals import random_between
from tests.siting.wrong_plans import wrong

GOALS = (("mean_time", "sites"), ("beyond", "cost"), ("worst_time", "equity"))
MEASURES = ("fgt2", "worst_tenth", "gini")
KINDS = (*MIXED, "p_dispersion", "equity", "pareto", "desert_first")
SEEDS = range(9)


def question(method, seed):
    """Return a random question of a method, and the share that a set cover has to reach."""
    if method in MIXED:
        return draw(seed, method)
    rng = np.random.default_rng([seed, KINDS.index(method)])
    problem = random_problem(rng, n_rows=9, n_sites=6, n_open=1, choose=2)
    match method:
        case "p_dispersion":
            problem = replace(problem, between=random_between(rng, 6))
        case "equity":
            mean = 40.0 if MEASURES[seed % 3] == "gini" else float("inf")
            problem = replace(problem, least=MEASURES[seed % 3], mean_at_most=mean)
        case "pareto":
            cost = rng.integers(1, 9, 6).astype(float)
            problem = replace(problem, goals=GOALS[seed % 3], open_cost=cost, at_most=True)
        case _:
            cure = random_cure(rng, 9, 6, allow_losses=bool(seed % 2))
            problem = replace(problem, cure=cure, fixed=np.full(6, FREE, np.int8))
    return problem, 1.0


def answers(method):
    """Yield question, plan and share wherever there is a plan."""
    for seed in SEEDS:
        problem, share = question(method, seed)
        plan = solve(problem, method, **({"share": share} if method == "set_cover" else {}))
        if plan.status == "optimal":
            yield problem, plan, share


def broken(problem, plan, share=1.0):
    return [claim.what for claim in audit(problem, plan, share=share) if not claim.ok]


def test_audit__passes_right_plans_and_catches_each_made_wrong_in_one_thing():
    made, caught = set(), set()
    for method in KINDS:
        n_plans = 0
        for problem, plan, share in answers(method):
            n_plans += 1
            assert broken(problem, plan, share) == []
            made |= {claim.what for claim in plan.audit}
            for asked, told, part, what in wrong(problem, plan, share):
                assert what in broken(asked, told, part), (method, what)
                caught.add(what)
        assert n_plans >= 2, method
    by_hand = {"gap between objective and bound", "places that become deserts", "people within the bound, the old"}
    assert made - caught <= by_hand, "a claim that no wrong plan was seen to break"


def test_audit__catches_a_gap_that_is_not_that_of_objective_and_bound():
    class Flattering(Plan):
        gap = 0.001

    problem = random_problem(np.random.default_rng(5), n_open=1, choose=2, dense=1.0)
    plan = solve(problem, "p_median")
    told = {name: getattr(plan, name) for name in Plan.__dataclass_fields__}
    assert "gap between objective and bound" in broken(problem, Flattering(**told | {"bound": plan.objective * 0.9}))


def test_audit__catches_a_place_that_becomes_a_desert():
    """Random closings until one makes a desert: the claim fails just where the deserts, counted anew, grow."""
    grown = 0
    for seed in range(20):
        rng = np.random.default_rng(seed)
        problem = random_problem(rng, n_rows=9, n_sites=6, n_open=4)
        problem = replace(problem, cure=random_cure(rng, 9, 6, allow_losses=False), fixed=np.full(6, FREE, np.int8))
        closed = np.flatnonzero(problem.open_now).astype(np.int32)
        now, then = (problem.cure.deserts(stands) for stands in (problem.open_now, np.zeros(6, bool)))
        plan = Plan("desert_first", closed[:0], closed, np.full(9, -1, np.int32), 0.0, 0.0, "people", "feasible", 0.0)
        assert ("places that become deserts" in broken(problem, plan)) == bool((then & ~now).any())
        grown += bool((then & ~now).any())
    assert grown


def test_audit__catches_sites_of_a_plan_that_is_said_not_to_be_there():
    problem = random_problem(np.random.default_rng(5), n_open=1, choose=2, dense=1.0)
    plan = solve(problem, "p_median")
    assert broken(problem, replace(plan, status="infeasible")) == [
        "sites and trips of a plan that is said not to be there"
    ]


def test_audit__a_center_with_places_is_the_trip_of_those_who_are_sent():
    """Two points at one site with room for one of them: the other goes the longer way, and that is the worst trip."""
    pairs = Pairs.of(np.array([0, 0, 1, 1]), np.array([0, 1, 0, 1]), np.array([1.0, 9.0, 2.0, 7.0]), 2, 2)
    problem = Problem(pairs, np.ones(2), np.zeros(2, bool), np.full(2, FREE, np.int8), choose=2,
                      capacity=np.ones(2), nearest_only=False)  # fmt: skip
    plan = solve(problem, "p_center")
    assert plan.objective == 7.0
    assert "objective" in broken(problem, replace(plan, objective=2.0, bound=2.0))


def test_audit__coverage_with_places_counts_those_who_are_taken_in():
    """One site near to three people has room for two: all are in reach, and a cover of all is wrong."""
    pairs = Pairs.of(np.array([0, 1, 2]), np.zeros(3, int), np.ones(3), 3, 1)
    problem = Problem(
        pairs, np.ones(3), np.zeros(1, bool), np.full(1, FREE, np.int8), bound=2.0, capacity=np.full(1, 2.0)
    )
    some = np.array([0, 1], np.int32), np.zeros(2, np.int32), np.ones(2)
    plan = Plan("set_cover", np.zeros(1, np.int32), np.empty(0, np.int32), np.array([0, 0, -1], np.int32), 1.0, 1.0,
                "sites", "feasible", 0.0, split=some)  # fmt: skip
    assert set(broken(problem, plan)) == {"people within the bound", "demand points that are not sent wholly"}
    assert broken(problem, plan, 0.6) == []


def test_solve__refuses_a_plan_whose_proof_is_not_of_its_worth(monkeypatch):
    """A solver that is wrong about what its sites are worth is caught, though the sites keep every rule."""
    problem = random_problem(np.random.default_rng(5), n_open=1, choose=2, dense=1.0)
    honest = METHODS["p_median"]

    def mistaken(*args, **options):
        found = honest(*args, **options)
        return replace(found, bound=found.bound * 0.9)

    monkeypatch.setitem(METHODS, "p_median", mistaken)
    with pytest.raises(LifezoneError, match="audit"):
        solve(problem, "p_median")


def test_audit__sees_somebody_sent_too_far_though_a_site_stands_near():
    """Both sites stand; the near one has room for one of two people, so that one is sent past the limit."""
    pairs = Pairs.of(np.array([0, 0]), np.array([0, 1]), np.array([10.0, 90.0]), 1, 2)
    stands = np.ones(2, np.bool_)
    question = Problem(
        pairs, np.array([2.0]), stands, np.ones(2, np.int8), choose=0, capacity=np.array([1.0, 5.0]),
        nearest_only=False, must_reach=np.array([30.0]),
    )  # fmt: skip
    nobody = np.empty(0, np.int32)
    split = (np.array([0, 0], np.int32), np.array([0, 1], np.int32), np.array([0.5, 0.5]))
    plan = Plan(
        "p_median", nobody, nobody, np.array([0], np.int32), 100.0, 100.0, "people·seconds", "optimal", 0.0, split=split
    )
    pushed = next(one for one in audit(question, plan) if one.what == "demand points pushed beyond the bound")
    assert (pushed.found, pushed.ok) == (1.0, False)
    assert solve(question, "p_median").status == "infeasible"
