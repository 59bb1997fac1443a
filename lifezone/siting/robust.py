"""Plans that hold under several states of the world s: other speeds, years, standards.

With f_s(y) the objective under s (as something to make small) and V_s its best possible value under s alone:

    min_max_regret   min R   subject to f_s(y) − V_s ≤ R for every s      (Kouvelis and Yu 1997)
    worst            min R   subject to f_s(y) ≤ R for every s
    expected         min Σ_s w_s f_s(y) ÷ Σ_s w_s

over the rules of the question as it is asked (``ruled``). f_s is by the nearest site that stands: total travel for
p_median and close, the worst trip for p_center, minus the people within the bound for max_cover. Where a best value is
not proved in time, its bound takes the place of V_s, so that no regret is told too small.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from lifezone.errors import InputError, LifezoneError
from lifezone.model import Bools, Claim, Floats, Ints, Judged, Plan
from lifezone.siting.audit import audit, bound_claims, objective_of
from lifezone.siting.family import cover, send
from lifezone.siting.milp import Model, Tell
from lifezone.siting.problem import SHUT, Pairs, Problem, serve
from lifezone.siting.ruled import ruled_model
from lifezone.siting.solve import solve, unit_of
from lifezone.siting.stop import Clock

__all__ = ["ROBUST", "Future", "chosen_share", "judged", "robust_claims", "robust_plan"]

ROBUST: Final = frozenset({"p_median", "p_center", "max_cover", "close"})
"""Methods whose objective can be weighed over several states of the world."""


@dataclass(frozen=True, eq=False)
class Future:
    """A state of the world: the same rows and sites with other people, trips or bounds.

    Attributes:
        name: what it is called.
        problem: the question under it.
        weight: in an expected value.
    """

    name: str
    problem: Problem
    weight: float = 1.0


def value_of(problem: Problem, method: str, standing: Bools) -> float:
    """Return the objective of a set of sites, everybody at the nearest."""
    cost = serve(problem.pairs, standing).cost
    counted = problem.reachable & (problem.people > 0)
    if method == "max_cover":
        return float(problem.people[cost <= problem.bounds].sum())
    if method == "p_center":
        return float(cost[counted].max(initial=0.0))
    return float((problem.people[counted] * cost[counted]).sum())


def judged(
    futures: Sequence[Future], method: str, standing: Bools, *, time_limit: float | None = None, seed: int = 0,
    best: Sequence[float] | None = None,
) -> tuple[Judged, ...]:  # fmt: skip
    """Return what a set of sites is worth under every state of the world, beside the best possible there."""
    if best is None:
        best = [plan.bound for plan in _alone(futures, method, Clock(time_limit), seed)]
    sign = -1.0 if method == "max_cover" else 1.0
    found = []
    for one, most in zip(futures, best, strict=True):
        value = value_of(one.problem, method, standing)
        found.append(Judged(one.name, value, float(most), max(0.0, sign * (value - most))))
    return tuple(found)


def _alone(futures: Sequence[Future], method: str, clock: Clock, seed: int) -> list[Plan]:
    """Return the best plan under each state of the world by itself."""
    plans = []
    for at, one in enumerate(futures):
        left = clock.limit_s()
        plans.append(solve(one.problem, method, time_limit=None if left is None else left / (len(futures) - at),
                           seed=seed))  # fmt: skip
    return plans


def robust_plan(
    problem: Problem, method: str, goal: str, futures: Sequence[Future], *, time_limit: float | None = None,
    tell: Tell | None = None, seed: int = 0,
) -> Plan:  # fmt: skip
    """Find the plan that is best over several states of the world, with bound, gap and audit.

    Args:
        problem: the question as it is asked; its rules hold.
        method: one of :data:`ROBUST`.
        goal: ``min_max_regret``, ``worst`` or ``expected``.
        futures: the states, today among them where it counts.
        time_limit: seconds for everything together; half of it for the best plans of each state.
        tell: told of every better plan and bound.
        seed: of heuristics and solver.
    """
    if method not in ROBUST or problem.capacity is not None or problem.least_use is not None:
        raise InputError(f"siting: robust plans are for {', '.join(sorted(ROBUST))}, without capacities or least use")
    clock = Clock(time_limit)
    alone = _alone(futures, method, Clock(None if time_limit is None else time_limit / 2), seed)
    lost = next((plan for plan in alone if plan.status not in ("optimal", "feasible")), None)
    if lost is not None:
        return lost
    sign = -1.0 if method == "max_cover" else 1.0
    best = [sign * plan.bound for plan in alone]

    def worth(standing: Bools) -> float:
        values = [sign * value_of(one.problem, method, standing) for one in futures]
        return _weigh(goal, values, best, [one.weight for one in futures])

    start = min((_standing(problem, plan) for plan in alone), key=worth)
    model, y = _model(problem, method, goal, futures, best)
    known = np.full(model.n_columns, np.nan)
    known[y] = start
    solved = model.solve(time_limit=clock.limit_s(), start=known, tell=tell, seed=seed)
    standing = solved.x[y] > 0.5 if len(solved.x) else start
    if worth(start) < worth(standing):
        standing = start
    flip = 1.0 if goal == "min_max_regret" else sign
    least = worth(standing)
    bound = least if solved.status == "optimal" else max(solved.bound, 0.0 if goal == "min_max_regret" else -np.inf)
    told = judged(futures, method, standing, best=[sign * value for value in best])
    return _told(problem, method, goal, futures, told, standing, flip * least, flip * bound, solved.status, alone)


def _standing(problem: Problem, plan: Plan) -> Bools:
    """Return the sites that stand with a plan."""
    standing = problem.open_now.copy()
    standing[plan.opened], standing[plan.closed] = True, False
    return standing


def _weigh(goal: str, values: Sequence[float], best: Sequence[float], weights: Sequence[float]) -> float:
    """Return what values under each state come to."""
    if goal == "expected":
        return float(np.dot(values, weights) / np.sum(weights))
    return float(max(np.subtract(values, best) if goal == "min_max_regret" else values))


def _model(
    problem: Problem, method: str, goal: str, futures: Sequence[Future], best: Sequence[float]
) -> tuple[Model, Ints]:
    """Put the model together: the rules of the question, and f_s for every state."""
    asked = problem
    if method == "close":
        asked = problem.with_fixed(np.where(problem.open_now, problem.fixed, SHUT).astype(np.int8))
    ruled = ruled_model(asked, method)
    model, y = ruled.model, ruled.y
    model.forget_goal()
    model.maximise = False
    weights = np.array([one.weight for one in futures])
    level = model.columns(1, cost=0.0 if goal == "expected" else 1.0, high=np.inf,
                          low=0.0 if goal == "min_max_regret" else -np.inf)  # fmt: skip
    for s, one in enumerate(futures):
        column, value = _objective(model, replace(one.problem, fixed=asked.fixed), method, y)
        if goal == "expected":
            model.more_cost(column, value * weights[s] / weights.sum())
        else:
            limit = best[s] if goal == "min_max_regret" else 0.0
            model.row(np.concatenate([column, level]), np.append(value, -1.0), high=limit)
    return model, y


def _objective(model: Model, problem: Problem, method: str, y: Ints) -> tuple[Ints, Floats]:
    """Add the variables of f_s and return its terms."""
    if method == "max_cover":
        return cover(model, y, problem.near), -problem.people
    wanted = problem.reachable & (problem.people > 0)
    pairs = problem.pairs.select(sites=problem.fixed != SHUT, rows=wanted)
    x = model.columns(len(pairs.site))
    send(model, pairs, x, y, everybody=True)
    if method != "p_center":
        return x, problem.people[wanted][pairs.row] * pairs.cost
    worst = model.columns(1, high=np.inf)
    n = np.arange(pairs.n_rows)
    model.rows(
        pairs.n_rows, np.concatenate([pairs.row, n]), np.concatenate([x, np.repeat(worst, len(n))]),
        np.concatenate([pairs.cost, -np.ones(len(n))]), high=0.0,
    )  # fmt: skip
    return worst, np.ones(1)


def _told(
    problem: Problem, method: str, goal: str, futures: Sequence[Future], told: tuple[Judged, ...], standing: Bools,
    objective: float, bound: float, status: str, alone: Sequence[Plan],
) -> Plan:  # fmt: skip
    """Return the plan, its rules audited by the question's own audit and its values by the auditor's formulas."""
    value = value_of(problem, method, standing)
    plan = Plan(
        method, np.flatnonzero(standing & ~problem.open_now).astype(np.int32),
        np.flatnonzero(problem.open_now & ~standing).astype(np.int32), serve(problem.pairs, standing).site,
        value, value, unit_of(problem, method), "feasible", sum(one.seconds for one in alone),
    )  # fmt: skip
    proved = status == "optimal" and all(one.status == "optimal" for one in alone)
    weighed = replace(
        plan, objective=objective, bound=objective if proved else bound, status="optimal" if proved else "feasible",
        judged=told, robust=goal,
    )  # fmt: skip
    most = method == "max_cover" and goal != "min_max_regret"
    claims = [
        *audit(problem, plan),
        *robust_claims(weighed, futures, standing),
        *bound_claims(weighed, best_is_most=most),
    ]
    wrong = [claim for claim in claims if not claim.ok]
    if wrong:
        raise LifezoneError(f"the audit of the robust plan failed: {wrong[0].what}. Please report this.")
    return replace(weighed, audit=tuple(claims))


def robust_claims(plan: Plan, futures: Sequence[Future], standing: Bools) -> list[Claim]:
    """Compute every value, every regret and the goal again by the auditor's formulas."""
    goal, sign = plan.robust, -1.0 if plan.method == "max_cover" else 1.0
    claims, found = [], []
    for one, said in zip(futures, plan.judged, strict=True):
        again = objective_of(one.problem, plan, standing)
        regret, slack = sign * (again - said.best), 1e-8 * max(1.0, abs(again))
        claims.append(Claim(f"value under {one.name}", said.value, again, bool(abs(again - said.value) <= slack)))
        if one.problem.is_plain:  # other rules may be broken in a state, which its own best plan may not do
            claims.append(Claim(f"nothing better than the best under {one.name}", said.best, again,
                                bool(regret >= -max(slack, 1e-6))))  # fmt: skip
        same = abs(max(regret, 0.0) - said.regret) <= slack
        claims.append(Claim(f"regret under {one.name}", said.regret, max(regret, 0.0), bool(same)))
        found.append(regret if goal == "min_max_regret" else again)
    weights = [one.weight for one in futures]
    pick: Callable[[Sequence[float]], float] = min if sign < 0 and goal == "worst" else max
    total = (
        sum(w * v for w, v in zip(weights, found, strict=True)) / sum(weights) if goal == "expected" else pick(found)
    )
    scale = max(1.0, abs(total), *(abs(one.best) for one in plan.judged))
    close = abs(total - plan.objective) <= 1e-8 * scale
    return [*claims, Claim(f"{goal} over {len(found)} states of the world", plan.objective, float(total), bool(close))]


def chosen_share(
    problem: Problem, method: str, *, n: int, people: float, times: float, seed: int, time_limit: float | None = None
) -> Floats:
    """Return f64[S] in which share of sampled inputs each site opens (``close``: closes).

    Args:
        problem: the question.
        method: its method.
        n: samples.
        people: people of each demand point vary by up to this share either way.
        times: trips from each demand point vary by up to this share either way, all of its trips alike.
        seed: of the samples; sample k is drawn from (seed, k) alone.
        time_limit: seconds for all of them.
    """
    clock, count, done = Clock(time_limit), np.zeros(problem.n_sites), 0
    points = np.arange(problem.n_rows) if problem.point is None else problem.point
    for k in range(n):
        if clock.left_s() <= 0:
            break
        rng = np.random.default_rng([seed, k])
        draw = 1.0 + rng.uniform(-1.0, 1.0, (2, int(points.max(initial=0)) + 1)) * np.array([[people], [times]])
        sample = with_factors(problem, people=draw[0][points], times=draw[1][points])
        plan = solve(sample, method, time_limit=clock.limit_s(), seed=seed)
        done += 1
        count[plan.closed if method == "close" else plan.opened] += 1.0
    return count / max(done, 1)


def with_factors(problem: Problem, *, people: Floats, times: Floats) -> Problem:
    """Return the question with the people and the trips of each row multiplied."""
    pairs = problem.pairs
    cost = pairs.cost * np.repeat(times, np.diff(pairs.first))
    return replace(problem, pairs=Pairs(pairs.first, pairs.site, cost, pairs.n_sites), people=problem.people * people)
