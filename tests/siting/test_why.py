"""What is said of impossible questions is true: by trying every set of sites, and in words."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from lifezone.siting import FREE, Pairs, Problem, solve
from lifezone.siting.why import conflict, with_rules
from lifezone.siting.why_words import length_of, won
from tests.siting.enumeration import best
from tests.siting.mixes import METHODS, draw


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("seed", range(7))
def test_why__the_rules_named_conflict_and_none_can_be_spared(seed, method):
    problem, share = draw(seed, method)
    if best(problem, method, share) is not None:
        return
    found = conflict(problem, method, share=share)
    assert found is not None
    assert found.sure
    rules = list(found.rules)
    if "everybody" in rules or method == "max_cover":  # others are judged by whom they leave out, which goes with it
        assert best(with_rules(problem, rules), method, share) is None
    for rule in set(rules) - {"everybody"}:
        rest = [other for other in rules if other != rule]
        if "everybody" in rules or method == "max_cover":
            assert best(with_rules(problem, rest), method, share) is not None, rule
    if "budget" in found.remedy:
        short, _ = found.remedy["budget"]
        assert best(replace(problem, budget=problem.budget + short), method, share) is not None
        assert best(replace(problem, budget=problem.budget + short - 0.5), method, share) is None
    if "number" in found.remedy and problem.choose is not None:
        n = int(found.remedy["number"][1])
        assert best(replace(problem, choose=n), method, share) is not None
    if found.bound is not None:
        nearer = problem.pairs.cost[problem.pairs.cost < found.bound]
        assert best(replace(problem, bound=found.bound), method, share) is not None
        assert best(replace(problem, bound=float(nearer.max())), method, share) is None


def line(n_sites, **rules):
    """Return eleven cells a minute apart, two people each, and sites on the first of them."""
    row, site = np.indices((11, n_sites)).reshape(2, -1)
    pairs = Pairs.of(row.astype(np.int32), site.astype(np.int32), 60.0 * np.abs(row - site), 11, n_sites)
    names = [f"cell-{i}" for i in range(11)]
    return Problem(pairs, np.full(11, 2.0), np.zeros(n_sites, np.bool_), np.full(n_sites, FREE, np.int8),
                   row_names=names, **rules)  # fmt: skip


def test_why__says_whom_no_site_reaches_and_which_bound_would_do():
    plan = solve(line(6, bound=200.0), "set_cover")  # sites at 0–5, cells at 0–10: 9 and 10 are 4 and 5 minutes away
    assert plan.reasons == (
        "2 demand points are reached by no allowed site within 3 min 20 s, with 1–4 people: cell-9, cell-10",
        "at best, 1–4 people are left out",
        "with a bound of 5 min there would be a plan",
    )
    assert plan.reasons_ko == (
        "2개 지점의 1~4명은 3분 20초 안에 닿는 후보지가 없습니다: cell-9, cell-10",
        "가장 나은 안에서도 1~4명이 빠집니다",
        "기준을 5분으로 하면 안이 있습니다",
    )


def test_why__says_how_many_sites_it_takes_and_names_the_fewest_cells():
    problem = line(11, bound=60.0, choose=3)  # a site covers three cells in a row: four are needed for eleven
    found = conflict(problem, "set_cover")
    assert found.rules == ("number", "everybody")
    assert len(found.rows) == 4  # four cells at least three apart need a site each
    assert np.diff(found.rows).min() >= 3
    plan = solve(problem, "set_cover")
    assert "with 4 sites instead of 3 there would be a plan" in plan.reasons
    assert "3곳이 아니라 4곳이면 안이 있습니다" in plan.reasons_ko


def test_why__says_how_much_money_is_missing():
    costs = {"open_cost": np.full(11, 1.5e8), "budget": 4.8e8}
    plan = solve(line(11, bound=60.0, **costs), "set_cover")
    assert "the budget is short by 120 million won: 600 million won would do" in plan.reasons
    assert "예산이 1억 2,000만 원 모자랍니다. 6억 원이면 됩니다" in plan.reasons_ko


def test_why__says_how_many_places_are_missing():
    plan = solve(line(3, choose=3, capacity=np.full(3, 5.0), nearest_only=False), "p_median")
    assert "places for 7 people more would do" in plan.reasons  # 22 people, 15 places


def test_words__times_lengths_and_money():
    assert length_of(1039.2, "seconds") == ("17 min 20 s", "17분 20초")
    assert length_of(1200.4, "metres") == ("1,201 m", "1,201 m")
    assert won(1.2e8) == ("120 million won", "1억 2,000만 원")
    assert won(55.0) == ("55 won", "55원")
    assert won(3e9) == ("3,000 million won", "30억 원")
