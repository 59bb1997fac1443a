"""The portfolio's model against every schedule of small random instances, and its auditor against wrong plans."""

from __future__ import annotations

import itertools
from dataclasses import replace

import numpy as np
import pytest

from lifezone.siting.portfolio import (
    Block,
    Frame,
    Measure,
    Money,
    PortfolioProblem,
    Projects,
    Reached,
    audit_portfolio,
    solve_portfolio,
)

GOALS = [("m",), ("m", "communities", "projects"), ("communities", "m"), ("projects", "m", "communities")]


def instance(seed: int, *, n: int = 4, years: int = 3, known: int = 2) -> PortfolioProblem:
    """A random question: sites opened and closed, up to two road projects, one or two rows, people who may move."""
    rng = np.random.default_rng(seed)
    n_roads, n_rows = int(rng.integers(0, 3)), int(rng.integers(1, 3))
    n_sites = n + 1
    by = np.zeros((n_sites, n))
    by[np.arange(n - n_roads), np.arange(n - n_roads)] = 1.0
    standing = np.zeros(n_sites)
    standing[n] = 1.0
    by[n, 0] = -float(rng.integers(0, 2))  # the first project may close what stands
    roads = range(n - n_roads, n)
    states = tuple(frozenset(some) for size in range(n_roads + 1) for some in itertools.combinations(roads, size))
    frame = Frame(n, states, standing, by, rng.random((known, years)))
    blocks = tuple(_block(rng, states, n_sites, n_rows, known) for _ in range(2))
    costs = tuple(tuple(rng.integers(1, 6, rng.integers(1, 3)).astype(float).tolist()) for _ in range(n))
    villages = tuple(tuple(rng.choice(3, rng.integers(1, 3), replace=False).tolist()) for _ in range(n))
    projects = Projects(
        tuple(f"p{p}" for p in range(n)), costs, rng.integers(0, 2, n).astype(float), rng.integers(0, 2, n), villages,
        3,
        requires=((1, 2),) if rng.random() < 0.4 else (), apart=((0, 3),) if rng.random() < 0.4 else (),
    )  # fmt: skip
    money = Money(
        float(rng.integers(5, 12)), rng.integers(2, 7, years).astype(float), bool(rng.random() < 0.5),
        bool(rng.random() < 0.5),
    )  # fmt: skip
    most = int(rng.integers(1, 4)) if rng.random() < 0.5 else None
    return PortfolioProblem(projects, money, {"m": Measure(frame, blocks)}, GOALS[seed % 4], most)


def _block(rng, states, n_sites: int, n_rows: int, known: int, n: int = 6) -> Block:
    first = []
    for _ in range(n_rows):
        cost = rng.integers(0, 60, (n_sites + 1, n)).astype(float)
        cost[-1] = np.maximum(cost[-1], 30)
        first.append(cost)
    weight = rng.random((n, known)) * 10
    costs, weights = [tuple(first)], [weight]
    for _ in states[1:]:
        costs.append(tuple(cost * rng.choice([1, 1, 0.5, 1.2], size=cost.shape) for cost in first))
        weights.append(weight if rng.random() < 0.7 else weight * rng.choice([1, 2, 0.5], size=(n, 1)))
    return Block(np.arange(n_sites), tuple(costs), tuple(weights))


def burden(measure: Measure, at_work: frozenset[int]) -> np.ndarray:
    """Equation (2), element by element."""
    frame = measure.frame
    state = frame.states.index(at_work & frozenset().union(*frame.states))
    stands = [frame.standing[j] + sum(frame.by[j, p] for p in at_work) > 0.5 for j in range(len(frame.standing))]
    total = np.zeros(frame.period.shape[0])
    for block in measure.blocks:
        for e in range(block.n_elements):
            rows = [
                min([cost[-1, e], *(cost[at, e] for at, j in enumerate(block.site) if stands[j])])
                for cost in block.cost[state]
            ]
            total += max(rows) * block.weight[state][e]
    return total


def every_plan(problem: PortfolioProblem):
    """Every schedule that keeps the rules."""
    projects, money, years = problem.projects, problem.money, problem.n_years
    for start in itertools.product(range(-1, years), repeat=projects.n):
        ends = [s + len(projects.costs[p]) for p, s in enumerate(start)]
        begun = [p for p, s in enumerate(start) if s >= 0]
        if any(start[p] < projects.earliest[p] or ends[p] > years for p in begun):
            continue
        spent = np.zeros(years)
        for p in begun:
            spent[start[p] : ends[p]] += projects.costs[p]
            spent[ends[p] :] += projects.running[p] if money.pays_running else 0.0
        over = np.cumsum(spent - money.yearly) if money.carry_over else spent - money.yearly
        if spent.sum() > money.total + 1e-9 or (over > 1e-9).any():
            continue
        if any(start[q] >= 0 and not 0 <= start[p] < ends[p] <= start[q] for q, p in projects.requires):
            continue
        if any(set(some) <= set(begun) for some in projects.apart):
            continue
        counts = [sum(village in projects.villages[p] for p in begun) for village in range(3)]
        if problem.per_village is None or max(counts) <= problem.per_village:
            yield start


def truth(problem: PortfolioProblem, start, name: str, known: dict) -> float:
    """The value of a schedule, counted by hand."""
    begun = [p for p, s in enumerate(start) if s >= 0]
    if name == "communities":
        return len({village for p in begun for village in problem.projects.villages[p]})
    if name == "projects":
        return len(begun)
    measure, total = problem.measures[name], 0.0
    for year in range(1, problem.n_years + 1):
        at_work = frozenset(p for p in begun if start[p] + len(problem.projects.costs[p]) <= year)
        for some in (frozenset(), at_work):
            if some not in known:
                known[some] = burden(measure, some)
        total += float((known[frozenset()] - known[at_work]) @ measure.frame.period[:, year - 1])
    return total


@pytest.mark.parametrize("seed", range(9))
def test_portfolio__is_the_best_of_every_schedule(seed) -> None:
    problem, known = instance(seed), {}
    best = max(
        tuple(round(truth(problem, start, name, known), 6) for name in problem.objective)
        for start in every_plan(problem)
    )  # fmt: skip
    found = solve_portfolio(problem)
    assert tuple(found.start.tolist()) in set(every_plan(problem))
    got = [truth(problem, found.start.tolist(), name, known) for name in problem.objective]
    assert got == pytest.approx(best, rel=1e-6, abs=1e-5)
    assert [one.value for one in found.reached] == pytest.approx(got)
    assert all(one.proved and one.bound == pytest.approx(one.value) for one in found.reached)


@pytest.mark.parametrize("seed", range(5))
def test_bounds__never_promise_less_than_any_combination_is_worth(seed) -> None:
    problem = instance(seed)
    measure, rng = problem.measures["m"], np.random.default_rng(seed)
    frame = measure.frame
    lowers = [
        (period, measure.lower(period, rng.random(4), state))
        for period in range(3) for state in (-1, *range(len(frame.states)))
    ]  # fmt: skip
    for chosen in itertools.product((False, True), repeat=4):
        operating = np.array(chosen)
        by_people = burden(measure, frozenset(np.flatnonzero(operating).tolist()))
        for period, lower in lowers:
            told = float((lower.constant + lower.slope @ operating).sum())
            assert told <= float(by_people @ frame.period[:, period]) + 1e-9


def test_portfolio__a_time_limit_leaves_a_valid_bound() -> None:
    problem = instance(5, n=6)
    best = solve_portfolio(replace(problem, objective=("m",)))
    cut = solve_portfolio(replace(problem, objective=("m",)), time_limit=0.0)
    assert cut.reached[0].value <= best.reached[0].value + 1e-6
    assert cut.reached[0].bound >= best.reached[0].value - 1e-6


def judged(problem: PortfolioProblem):
    """Judge combinations by counting."""
    measure = problem.measures["m"]
    return lambda at_work: {"m": burden(measure, frozenset()) - burden(measure, frozenset(at_work))}


def faults(problem: PortfolioProblem, start, reached) -> list[str]:
    """What the auditor finds wrong."""
    return [one.what for one in audit_portfolio(problem, np.array(start), reached, judged(problem)) if not one.ok]


def test_audit__lets_a_true_plan_pass_and_catches_every_wrong_one() -> None:
    problem = replace(instance(1), objective=("m", "communities", "projects"), per_village=None)
    projects = replace(
        problem.projects, costs=((2.0,), (1.0, 1.0), (1.0,), (3.0,)), running=np.array([1.0, 0, 0, 0]),
        earliest=np.array([0, 0, 1, 0]), requires=((3, 2),), apart=((0, 1),), villages=((0,), (0, 1), (1,), (2,)),
    )  # fmt: skip
    problem = replace(problem, projects=projects, money=Money(8.0, np.array([4.0, 3.0, 4.0])))
    found = solve_portfolio(problem)
    start, reached = found.start.tolist(), found.reached
    assert faults(problem, start, reached) == []
    told = {one.name: one for one in reached}
    lies = tuple(replace(one, value=one.value + 1, bound=one.bound + 1) for one in reached)
    assert len(faults(problem, start, lies)) == 3
    low = (replace(told["m"], bound=told["m"].value - 1),)
    assert faults(problem, start, low) == ["m: bound is no worse than the value"]
    none = (Reached("projects", 0.0, 9.0, proved=False),)
    wrong = {
        (-1, -1, 0, -1): "projects begun before they may",
        (-1, 2, -1, -1): "projects not finished in the plan's years",
        (-1, -1, 1, 1): "projects begun before what they require is finished",
        (-1, -1, -1, 2): "projects begun before what they require is finished",
        (0, 0, -1, -1): "projects that do not go together",
        (0, 1, 1, 2): "money of all years",
        (-1, 0, -1, 0): "projects begun before what they require is finished",
    }
    for plan, what in wrong.items():
        assert what in faults(problem, list(plan), none), plan
    strict = replace(problem, money=Money(8.0, np.array([1.0, 3.0, 1.0]), carry_over=False))
    assert "money of year 1" in faults(strict, [0, -1, -1, -1], none)
    assert "money of year 3" not in faults(strict, [0, -1, -1, -1], none)  # 1 of running costs
    one_each = replace(problem, per_village=1)
    assert "projects of one community" in faults(one_each, [-1, 0, 1, -1], none)
    must = replace(problem, projects=replace(projects, must=(2,)))
    assert "projects that must be carried out and are not" in faults(must, [0, -1, -1, -1], none)
