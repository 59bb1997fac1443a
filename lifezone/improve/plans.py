"""From a question's plan to ids and uses of sites, and to the world with that plan."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from lifezone.improve.question import Question
from lifezone.model import Floats, Plan, Planned, SiteUse, World
from lifezone.siting.problem import Problem

__all__ = ["answer", "planned", "with_plan"]


def answer(question: Question, tell: Callable[[float, float], None] | None = None) -> Plan:
    """Solve and audit."""
    from lifezone.siting import solve  # noqa: PLC0415

    spec = question.spec
    return solve(
        question.problem, spec.method, time_limit=spec.time_limit, tell=tell, seed=spec.seed % 2**31, **spec.options()
    )


def planned(question: Question, plan: Plan) -> Planned:
    """Return the plan in ids, with the use of every site."""
    problem, facilities, site = question.problem, question.facilities, question.site
    sent = plan.serving >= 0
    at, cost = plan.serving[sent], _trip_costs(problem, plan)[sent]
    people = problem.people[sent]
    served = np.bincount(at, weights=people, minlength=problem.n_sites)
    total = np.bincount(at, weights=people * cost, minlength=problem.n_sites)
    worst = np.zeros(problem.n_sites)
    np.maximum.at(worst, at, cost)
    lon, lat = _degrees(question)
    opened, closed = set(plan.opened.tolist()), set(plan.closed.tolist())
    uses = []
    for j in range(problem.n_sites):
        if not (j in opened or problem.open_now[j]):
            continue
        state = "opened" if j in opened else "closed" if j in closed else "kept"
        f = int(site[j])
        price = float(facilities.cost[f])
        uses.append(SiteUse(
            str(facilities.ids[f]), str(facilities.name[f]), state, float(served[j]),
            float(total[j] / served[j]) if served[j] > 0 else None, float(worst[j]) if served[j] > 0 else None,
            None if np.isnan(price) else price, float(lon[j]), float(lat[j]),
        ))  # fmt: skip
    ids = facilities.ids[site]
    return Planned(
        plan, question.spec.kind, tuple(map(str, ids[plan.opened])), tuple(map(str, ids[plan.closed])), tuple(uses),
        float(problem.people.sum()), float(problem.people[~problem.reachable].sum()), question.notes,
    )  # fmt: skip


def _trip_costs(problem: Problem, plan: Plan) -> Floats:
    """Return f64[R] the cost of each row's trip to the site that serves it (the largest share of a split row)."""
    pairs = problem.pairs
    at = np.flatnonzero(pairs.site == plan.serving[pairs.row])
    cost = np.full(problem.n_rows, np.inf)
    cost[pairs.row[at]] = pairs.cost[at]
    return cost


def _degrees(question: Question) -> tuple[Floats, Floats]:
    """Return the sites' places in degrees."""
    from pyproj import Transformer  # noqa: PLC0415

    facilities, site = question.facilities, question.site
    turn = Transformer.from_crs(question.world.crs, "EPSG:4326", always_xy=True)
    lon, lat = turn.transform(facilities.x_m[site], facilities.y_m[site])
    return np.asarray(lon), np.asarray(lat)


def with_plan(question: Question, plan: Plan) -> World:
    """Return the world with the plan's sites open (closed); candidates that were not chosen are left out again."""
    facilities, site = question.facilities, question.site
    is_open = facilities.open.copy()
    is_open[site[plan.opened]] = True
    is_open[site[plan.closed]] = False
    keep = np.zeros(facilities.n_facilities, np.bool_)
    keep[: question.world.facilities.n_facilities] = True
    keep[site[plan.opened]] = True
    kept = replace(
        facilities,
        open=is_open[keep],
        place=None if facilities.place is None else facilities.place[keep],
        **{
            name: getattr(facilities, name)[keep]
            for name in ("ids", "x_m", "y_m", "kind", "name", "capacity", "cost", "hours")
        },
    )
    return replace(question.world, facilities=kept)
