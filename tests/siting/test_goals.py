"""Separation and equity against trying all sets of sites."""

from __future__ import annotations

from dataclasses import replace

import networkx as nx
import numpy as np
import pytest

from lifezone.siting import FREE, SHUT, STANDS, solve
from lifezone.siting.apart import Between
from lifezone.siting.equity import without_losses
from tests.siting.instances import choices, cost_matrix, random_problem


def nearest(costs, stands):
    return np.where(stands, costs, np.inf).min(axis=1)


def all_choices(problem):
    """Every set of sites that the rules on sites allow; closable ones may close."""
    n = problem.n_sites
    for bits in range(1 << n):
        stands = np.array([(bits >> j) & 1 for j in range(n)], np.bool_)
        if (stands[problem.fixed == SHUT]).any() or not stands[problem.fixed == STANDS].all():
            continue
        opened, closed = int((stands & ~problem.open_now).sum()), int((problem.open_now & ~stands).sum())
        fewest = 0 if problem.at_most else problem.choose
        if problem.choose is not None and not fewest <= opened <= problem.choose:
            continue
        if problem.swaps and opened != closed:
            continue
        if np.isfinite(problem.budget) and problem.money(stands) > problem.budget:
            continue
        yield stands


def random_between(rng, n_sites, dense=0.9):
    a, b = np.nonzero(np.triu(rng.random((n_sites, n_sites)) < dense, 1))
    return Between(a.astype(np.int32), b.astype(np.int32), rng.integers(1, 40, len(a)) / 2.0)


def least_between(problem, stands):
    settled = problem.fixed == STANDS
    found = [
        cost
        for a, b, cost in zip(problem.between.a, problem.between.b, problem.between.cost, strict=True)
        if stands[a] and stands[b] and not (settled[a] and settled[b])
    ]
    return min(found, default=np.inf)


@pytest.mark.parametrize("seed", range(8))
def test_p_dispersion__equals_the_best_of_all_sets(seed):
    rng = np.random.default_rng(seed)
    problem = random_problem(rng, n_sites=8, n_open=seed % 3, choose=2 + seed % 4)
    problem = replace(problem, between=random_between(rng, 8, 0.9 if seed % 2 else 0.5))
    if seed % 5 == 0:
        problem = replace(problem, open_cost=rng.integers(1, 9, 8).astype(float), budget=14.0, at_most=True)
    fixed = problem.fixed.copy()
    if seed % 7 == 0:
        fixed[np.flatnonzero(fixed == FREE)[:2]] = [SHUT, STANDS]
    problem = problem.with_fixed(fixed)
    best = max((least_between(problem, s) for s in all_choices(replace(problem, at_most=False))), default=None)
    plan = solve(problem, "p_dispersion")
    if best is None:
        assert plan.status == "infeasible"
    else:
        assert (plan.status, plan.objective, plan.bound) == ("optimal", best, best)
        assert len(plan.opened) == problem.choose


def test_p_dispersion__is_the_largest_packing_of_a_graph():
    """Knight's graph of a 5 × 5 board: 13 knights that do not attack one another, and no 14."""
    board = nx.Graph(
        ((i, j), (i + a, j + b)) for i in range(5) for j in range(5) for a, b in ((1, 2), (2, 1), (1, -2), (2, -1))
        if i + a < 5 and 0 <= j + b < 5
    )  # fmt: skip
    number = {square: at for at, square in enumerate(sorted(board))}
    a, b = np.array([sorted((number[u], number[v])) for u, v in board.edges]).T
    every_a, every_b = np.triu_indices(25, 1)
    cost = np.full(len(every_a), 2.0)
    near = set(zip(a.tolist(), b.tolist(), strict=True))
    cost[[pair in near for pair in zip(every_a.tolist(), every_b.tolist(), strict=True)]] = 1.0
    problem = random_problem(np.random.default_rng(1), n_rows=3, n_sites=25, choose=13)
    problem = replace(problem, between=Between(every_a.astype(np.int32), every_b.astype(np.int32), cost))
    assert solve(problem, "p_dispersion").objective == 2.0
    assert solve(replace(problem, choose=14), "p_dispersion").objective == 1.0


@pytest.mark.parametrize("method", ["p_median", "max_cover", "p_center", "set_cover", "backup_cover", "equity"])
@pytest.mark.parametrize("seed", range(6))
def test_apart__every_method_keeps_it_and_finds_the_best(method, seed):
    rng = np.random.default_rng(seed)
    problem = random_problem(rng, n_sites=7, n_open=1, dense=1.0, choose=None if method == "set_cover" else 3)
    problem = replace(problem, bound=22.0, between=random_between(rng, 7), apart=7.0)
    costs = cost_matrix(problem)
    fits = [s for s in all_choices(problem) if least_between(problem, s) >= 7.0]
    plan = solve(problem, method)
    value = {
        "p_median": lambda s: (problem.people * nearest(costs, s)).sum(),
        "p_center": lambda s: nearest(costs, s)[problem.people > 0].max(),
        "max_cover": lambda s: -problem.people[nearest(costs, s) <= 22.0].sum(),
        "equity": lambda s: fgt2(problem, nearest(costs, s)),
        "set_cover": lambda s: s[~problem.open_now].sum()
        if (nearest(costs, s) <= 22.0)[problem.people > 0].all() else np.inf,
        "backup_cover": lambda s: -problem.people[((costs <= 22.0) & s).sum(axis=1) >= 2].sum()
        if (nearest(costs, s) <= 22.0)[problem.people > 0].all() else np.inf,
    }[method]  # fmt: skip
    best = min((value(s) for s in fits), default=np.inf)
    if np.isinf(best):
        assert plan.status == "infeasible"
    else:
        assert abs(plan.objective) == pytest.approx(abs(best), abs=1e-9)
        assert plan.status == "optimal"


def fgt2(problem, cost):
    g = np.where(np.isinf(cost), 1.0, np.maximum(0.0, 1.0 - problem.bound / cost))
    return float((problem.people * g**2).sum() / problem.people.sum())


def worst_tenth(people, cost):
    """Tenths of persons: every person ten times, the farthest tenth of them."""
    each = np.sort(np.repeat(cost, (people * 10).astype(int)))[::-1]
    return each[: len(each) // 10].mean()


def gini(people, cost):
    total = people.sum()
    spread = (people[:, None] * people[None, :] * np.abs(cost[:, None] - cost[None, :])).sum()
    mean = (people * cost).sum() / total
    return spread / (2 * total**2 * mean)


def varied_problem(seed, dense):
    """A plain question, one with closures, one with a budget, one with moves, one with districts to cover."""
    rng = np.random.default_rng(seed)
    problem = random_problem(rng, n_rows=12, n_sites=7, n_open=2, choose=2, dense=dense)
    match seed % 5:
        case 1:
            return problem.with_fixed(np.full(7, FREE, np.int8))
        case 2:
            return replace(problem, open_cost=rng.integers(1, 9, 7).astype(float), budget=9.0, at_most=True)
        case 3:
            return replace(problem, fixed=np.full(7, FREE, np.int8), swaps=True)
        case 4:
            people = np.bincount(np.arange(12) % 2, weights=problem.people)
            return replace(
                problem, district=(np.arange(12) % 2).astype(np.int32), least_cover=np.floor(people * 0.6), choose=3
            )
        case _:
            return problem


def allowed(problem, costs):
    for stands in all_choices(problem):
        cost = nearest(costs, stands)
        if problem.least_cover is not None:
            have = np.bincount(problem.district, weights=problem.people * (cost <= problem.bound))
            if (have < problem.least_cover).any():
                continue
        if problem.must_reach is not None and (cost > problem.must_reach).any():
            continue
        yield cost


@pytest.mark.parametrize("seed", range(8))
@pytest.mark.parametrize("losses", [True, False])
def test_equity__least_fgt2_equals_the_best_of_all_sets(seed, losses):
    problem = replace(varied_problem(seed, 0.7), bound=8.0, least="fgt2")
    problem = problem if losses else without_losses(problem)
    values = [fgt2(problem, cost) for cost in allowed(problem, cost_matrix(problem))]
    plan = solve(problem, "equity")
    if not values:
        assert plan.status == "infeasible"
    else:
        assert plan.status == "optimal"
        assert plan.objective == pytest.approx(min(values), abs=1e-9)
        assert plan.unit == "FGT 2"


@pytest.mark.parametrize("seed", range(8))
@pytest.mark.parametrize("losses", [True, False])
def test_equity__worst_tenth_equals_the_best_of_all_sets(seed, losses):
    problem = replace(varied_problem(seed, 0.8), least="worst_tenth")
    problem = problem if losses else without_losses(problem)
    costs = cost_matrix(problem)
    counted = np.isfinite(costs).any(axis=1) & (problem.people > 0)
    values = [
        worst_tenth(problem.people[counted], cost[counted])
        for cost in allowed(problem, costs)
        if np.isfinite(cost[counted]).all()
    ]
    plan = solve(problem, "equity")
    if not values:
        assert plan.status == "infeasible"
    else:
        assert plan.status == "optimal"
        assert plan.objective == pytest.approx(min(values), rel=1e-7)


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("losses", [True, False])
def test_equity__least_gini_equals_the_best_of_all_sets(seed, losses):
    problem = replace(varied_problem(seed, 0.95), least="gini", mean_at_most=9.0 + seed % 3)
    problem = problem if losses else without_losses(problem)
    costs = cost_matrix(problem)
    counted = np.isfinite(costs).any(axis=1) & (problem.people > 0)
    people = problem.people[counted]
    values = [
        gini(people, cost[counted])
        for cost in allowed(problem, costs)
        if np.isfinite(cost[counted]).all() and (people * cost[counted]).sum() <= problem.mean_at_most * people.sum()
    ]
    plan = solve(problem, "equity")
    if not values:
        assert plan.status == "infeasible"
    else:
        assert plan.status == "optimal"
        assert plan.objective == pytest.approx(min(values), rel=1e-6)


@pytest.mark.parametrize("least", ["fgt2", "worst_tenth"])
@pytest.mark.parametrize("seed", range(6))
def test_equity__capacities_hold_at_the_nearest(least, seed):
    rng = np.random.default_rng(seed)
    problem = random_problem(rng, n_rows=10, n_sites=6, choose=3, dense=1.0, capacity=rng.integers(12, 40, 6) * 1.0)
    problem = replace(problem, least=least, bound=8.0)
    costs = cost_matrix(problem) + np.arange(6) * 1e-3  # no ties: everybody's nearest is one
    row, site = np.indices(costs.shape).reshape(2, -1).astype(np.int32)
    problem = replace(problem, pairs=type(problem.pairs).of(row, site, costs.ravel(), 10, 6))
    values = []
    for stands in choices(problem):
        cost, at = nearest(costs, stands), np.where(stands, costs, np.inf).argmin(axis=1)
        load = np.bincount(at, weights=problem.people, minlength=6)
        if least == "worst_tenth":
            if (load <= problem.capacity).all():
                values.append(worst_tenth(problem.people[problem.people > 0], cost[problem.people > 0]))
            continue
        total = 0.0
        for j in np.flatnonzero(stands):  # who finds no place has depth 1: the place goes to whom it spares most
            g = np.where(at == j, np.maximum(0.0, 1 - 8.0 / cost), 0.0) ** 2
            left = problem.capacity[j]
            for i in sorted(np.flatnonzero(at == j), key=lambda i: g[i]):
                taken = min(left, problem.people[i])
                total += taken * g[i] + (problem.people[i] - taken)
                left -= taken
        values.append(total / problem.people.sum())
    plan = solve(problem, "equity")
    if not values:
        assert plan.status == "infeasible"
    else:
        assert plan.status == "optimal"
        assert plan.objective == pytest.approx(min(values), rel=1e-6, abs=1e-9)


@pytest.mark.parametrize("rule", ["apart", "budget", "districts", "kinds"])
@pytest.mark.parametrize("seed", range(3))
def test_p_center__opens_as_many_as_asked_under_every_rule(seed, rule):
    rng = np.random.default_rng(seed)
    problem = random_problem(rng, n_sites=8, n_open=1, dense=1.0, choose=4)
    match rule:
        case "apart":
            problem = replace(problem, between=random_between(rng, 8), apart=4.0)
        case "budget":
            problem = replace(problem, open_cost=rng.integers(1, 5, 8).astype(float), budget=12.0)
        case "districts":
            district = np.arange(14, dtype=np.int32) % 2
            least = np.floor(np.bincount(district, weights=problem.people) * 0.8)
            problem = replace(problem, district=district, least_cover=least, bound=20.0)
        case _:
            kind = np.arange(8, dtype=np.int32) % 2
            need = np.arange(14, dtype=np.int32) % 2
            same = kind[problem.pairs.site] == need[problem.pairs.row]
            problem = replace(problem, pairs=problem.pairs.only(same), kinds=("a", "b"), kind=kind, need=need,
                              choose=None, choose_each=(2, 2))  # fmt: skip
    plan = solve(problem, "p_center")
    assert plan.status in ("optimal", "infeasible")
    assert len(plan.opened) == (4 if plan.status == "optimal" else 0)
