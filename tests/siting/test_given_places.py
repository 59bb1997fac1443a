"""What ready-made times and rules on trips promise: nobody is left out, nobody is sent farther than a rule allows."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations

import numpy as np
import pytest
from scipy.optimize import linprog

from lifezone.run import plans
from lifezone.siting import FREE, Pairs, Problem, solve
from tests.siting.studies import write_study


def test_times__count_for_a_facility_beyond_the_people(tmp_path):
    path = write_study(tmp_path, "method: max_cover, choose: 1, bound: 10 min", n_rows=3, n_sites=2)
    (tmp_path / "people.csv").write_text("id,lon,lat,people\np0,127.0,36.5,3\np1,127.01,36.5,4\n", encoding="utf-8")
    (tmp_path / "clinics.csv").write_text(
        "id,lon,lat,open,beds\nnear,127.0,36.5,false,0\nfar,128.3,36.5,false,0\n", encoding="utf-8"
    )
    (tmp_path / "pairs.csv").write_text(
        "demand,facility,seconds\np0,near,500\np0,far,400\np1,far,599\n", encoding="utf-8"
    )
    plan = plans(path).plans[0][2]
    assert (plan.opened, plan.plan.objective) == (("far",), 7.0)


def test_worst_tenth__leaves_out_who_is_not_counted(tmp_path):
    """Five points, the last without people: 10 of 100 people at p0 and p1 have the longest trips, whatever opens."""
    path = write_study(tmp_path, "method: equity, least: worst_tenth, choose: 1", n_rows=3, n_sites=2)
    people = "".join(f"p{i},{127 + i / 100:.2f},36.5,{n}\n" for i, n in enumerate((5, 5, 90, 0)))
    (tmp_path / "people.csv").write_text("id,lon,lat,people\n" + people, encoding="utf-8")
    (tmp_path / "clinics.csv").write_text(
        "id,lon,lat,open,beds\na,127.0,36.5,false,0\nb,127.01,36.5,false,0\n", encoding="utf-8"
    )
    trips = {"a": (700, 900, 100, 9000), "b": (600, 800, 300, 1)}
    rows = "".join(f"p{i},{site},{s}\n" for site, row in trips.items() for i, s in enumerate(row))
    (tmp_path / "pairs.csv").write_text("demand,facility,seconds\n" + rows, encoding="utf-8")
    plan = plans(path).plans[0][2]
    assert (plan.opened, plan.plan.objective) == (("b",), pytest.approx(700.0))


def test_worst_tenth__takes_rows_of_several_points(tmp_path):
    """A row nobody reaches is left out before the first plan is looked for."""
    pairs = Pairs.of(np.array([0, 0, 1, 1]), np.array([0, 1, 0, 1]), np.array([60.0, 90.0, 80.0, 30.0]), 3, 2)
    problem = Problem(
        pairs, np.array([1.0, 1.0, 5.0]), np.zeros(2, bool), np.full(2, FREE, np.int8), choose=1, least="worst_tenth",
        need=np.zeros(3, np.int32), point=np.arange(3, dtype=np.int32),
    )  # fmt: skip
    plan = solve(problem, "equity")
    assert (plan.opened.tolist(), plan.objective) == ([0], pytest.approx(80.0))


@pytest.mark.parametrize("seed", range(12))
@pytest.mark.parametrize("method", ["p_median", "close"])
def test_most_extra__holds_for_the_seat_that_somebody_is_sent_to(seed, method):
    """Where people are sent for the best of all, their own trip may not grow too long, whatever stands nearer."""
    rng = np.random.default_rng(seed)
    n_rows, n_sites = 5, 4
    costs = rng.integers(1, 30, (n_rows, n_sites)).astype(float)
    people = rng.integers(1, 9, n_rows).astype(float)
    capacity = rng.integers(4, 20, n_sites).astype(float)
    is_open = np.ones(n_sites, bool) if method == "close" else np.arange(n_sites) < 1
    limit = costs[:, is_open].min(axis=1) + 8.0
    row, site = np.nonzero(costs)
    problem = Problem(
        Pairs.of(row, site, costs[row, site], n_rows, n_sites), people, is_open, np.full(n_sites, FREE, np.int8),
        choose=1 if method == "close" else 2, capacity=capacity, nearest_only=False, must_reach=limit,
    )  # fmt: skip
    best = np.inf
    for size in range(1, n_sites + 1):
        for chosen in map(list, combinations(range(n_sites), size)):
            stands = np.isin(np.arange(n_sites), chosen)
            n = (is_open & ~stands).sum() if method == "close" else (stands & ~is_open).sum()
            if n == problem.choose:
                best = min(best, _least_travel(costs, people, capacity, limit, chosen))
    plan = solve(problem, method)
    if best == np.inf:
        assert plan.status == "infeasible"
        return
    assert plan.split is not None
    sent, to, share = plan.split
    assert (costs[sent, to][share > 1e-6] <= limit[sent][share > 1e-6]).all()
    assert plan.objective == pytest.approx(best)
    loose = solve(replace(problem, must_reach=None), method)
    assert loose.objective <= plan.objective + 1e-6


def _least_travel(costs, people, capacity, limit, chosen):
    """Return the least travel with some sites, by a linear program; ``inf`` when there is no room."""
    n, width = len(people), len(chosen)
    cost = costs[:, chosen]
    room = np.zeros((width, n * width))
    whole = np.zeros((n, n * width))
    for i in range(n):
        whole[i, i * width : (i + 1) * width] = 1.0
        for j in range(width):
            room[j, i * width + j] = people[i]
    most = np.where(cost <= limit[:, None], 1.0, 0.0).ravel()
    answer = linprog(
        (people[:, None] * cost).ravel(), A_ub=room, b_ub=capacity[chosen], A_eq=whole, b_eq=np.ones(n),
        bounds=list(zip(np.zeros(n * width), most, strict=True)),
    )  # fmt: skip
    return answer.fun if answer.status == 0 else np.inf
