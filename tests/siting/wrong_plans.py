"""Right plans made wrong in one thing at a time: every claim that an audit makes can be made to fail."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from lifezone.siting import FREE, SHUT, STANDS, Quota
from tests.siting.instances import cost_matrix


def wrong(problem, plan, share):
    """Yield (question, plan, share, the claim that must fail); the plan or the question is changed in one thing."""
    stands = problem.open_now.copy()
    stands[plan.opened], stands[plan.closed] = True, False
    for what, changes in (*_worth(plan), *_sites(problem, plan, stands), *_trips(problem, plan, stands)):
        yield problem, replace(plan, **changes), share, what
    for what, rules in (*_rules(problem, plan, stands), *_covers(problem, plan, stands)):
        yield replace(problem, **rules), plan, share, what
    covered = float((problem.people * _taken(problem, plan, stands)).sum())
    if plan.method == "set_cover" and share < 1 and covered < problem.people.sum() - 1e-3:
        yield problem, plan, 1.0, "people within the bound"


def _worth(plan):
    """The objective, its bound, its status, its points."""
    better = 1.0 if plan.method in ("max_cover", "backup_cover", "p_dispersion", "desert_first") else -1.0
    if not np.isfinite(plan.objective):
        return
    for off in (-1.0, 1e-3, 1.0):
        yield "objective", {"objective": plan.objective + off, "bound": plan.objective + off}
    yield "bound is no worse than the objective", {"bound": plan.objective - better, "status": "feasible"}
    yield "gap of a plan said to be optimal", {"bound": plan.objective + better * (0.01 + abs(plan.objective) * 0.01)}
    for at, goal in enumerate(plan.goals):
        told = list(plan.goals)
        told[at] = replace(goal, value=goal.value + 0.25)
        yield f"goal {goal.name}", {"goals": tuple(told)}
        yield "goals of the front that are not told", {"goals": (*plan.goals[:at], *plan.goals[at + 1 :])}
    if plan.front:
        worse = replace(plan.front[0], goals=tuple(replace(g, value=g.value + 1.0) for g in plan.front[0].goals))
        yield "points of the front that another one beats", {"front": (*plan.front, worse)}
        others = tuple(point for point in plan.front if point.goals != plan.goals)
        yield "the plan is a point of its front", {"front": others or (worse,)}


def _sites(problem, plan, stands):
    """Sites opened and closed that may not be, that do not exist, one too many or too few."""
    fixed, n = problem.fixed, problem.n_sites
    named = "sites that the question does not have"
    yield named, {"opened": _with(plan.opened, n)}
    yield named, {"closed": _with(plan.closed, -1)}
    opened_wrongly = "sites opened that are open today or may not open"
    closed_wrongly = "sites closed that are not open today or must stay"
    for j in np.flatnonzero(stands & problem.open_now)[:1]:
        yield opened_wrongly, {"opened": _with(plan.opened, j)}
    for j in np.flatnonzero((fixed == SHUT) & ~stands)[:1]:
        yield opened_wrongly, {"opened": _with(plan.opened, j)}
        yield "sites that had to stand or stay shut and do not", {"opened": _with(plan.opened, j)}
    for j in np.flatnonzero(~stands & ~problem.open_now)[:1]:
        yield closed_wrongly, {"closed": _with(plan.closed, j)}
        if plan.method == "close":
            yield opened_wrongly, {"opened": _with(plan.opened, j)}
    for j in np.flatnonzero((fixed == STANDS) & problem.open_now)[:1]:
        yield closed_wrongly, {"closed": _with(plan.closed, j)}
        yield "sites that had to stand or stay shut and do not", {"closed": _with(plan.closed, j)}
    for j in plan.opened[:1]:
        yield "sites named twice", {"opened": _with(plan.opened, j)}
    chosen, key = (plan.closed, "closed") if plan.method == "close" else (plan.opened, "opened")
    more = np.flatnonzero((fixed == FREE) & (stands if key == "closed" else ~stands & ~problem.open_now))
    if problem.choose is not None and len(chosen) == problem.choose and len(more):
        yield "number of sites chosen", {key: _with(chosen, more[0])}
    if problem.choose and not problem.at_most and plan.method not in ("set_cover", "pareto"):
        yield "number of sites chosen", {key: chosen[:-1]}
    if problem.swaps and len(more) and key == "opened":
        yield "as many closed as opened", {key: _with(chosen, more[0])}


def _with(sites, one):
    return np.sort(np.append(sites, one)).astype(np.int32)


def _trips(problem, plan, stands):
    """People sent to the wrong place, nowhere, twice, or in part."""
    costs = cost_matrix(problem)
    asked = problem.people > 0
    yield "people sent from or to places that the question does not have", {"serving": plan.serving[:-1]}
    yield "people sent from or to places that the question does not have", {"serving": plan.serving + problem.n_sites}
    for i in np.flatnonzero((plan.serving >= 0) & asked)[:3]:
        here = int(plan.serving[i])
        farther = stands & np.isfinite(costs[i]) & (costs[i] > costs[i, here])
        for what, may in (
            ("people sent to a site that does not stand", ~stands),
            ("people sent to a site out of reach", np.isinf(costs[i])),
            ("people not sent to the nearest site that stands", farther),
            ("people sent beyond the bound", (costs[i] > problem.bounds[i]) & np.isfinite(costs[i])),
        ):  # fmt: skip
            for j in np.flatnonzero(may)[:1]:
                if "nearest" in what and plan.split is not None and not problem.nearest_only:
                    continue
                if "bound" in what and (plan.split is None or not plan.method.endswith("cover")):
                    continue
                yield what, _moved(plan, i, j)
        if plan.split is None:
            yield (
                "demand points that are not sent wholly",
                {"serving": np.where(np.arange(len(asked)) == i, -1, plan.serving)},
            )
            continue
        row, site, part = plan.split
        for what, factor in (
            ("shares of people that are not above 0", -0.5),
            ("demand points sent more than once", 1.5),
        ):
            yield what, {"split": (row, site, np.where(row == i, part * factor, part))}
        if plan.method in ("p_median", "p_center", "close", "backup_cover"):
            yield "demand points that are not sent wholly", {"split": (row, site, np.where(row == i, part * 0.5, part))}
        idle = np.flatnonzero(~np.isin(np.arange(problem.n_sites), site[row == i]))
        told = np.where(np.arange(len(asked)) == i, idle[0] if len(idle) else -1, plan.serving)
        yield "demand points told to go where few of them go", {"serving": told}


def _moved(plan, i, j):
    if plan.split is None:
        return {"serving": np.where(np.arange(len(plan.serving)) == i, j, plan.serving)}
    row, site, part = plan.split
    return {"split": (row, np.where(row == i, j, site), part)}


def _sent(plan):
    if plan.split is not None:
        return plan.split
    row = np.flatnonzero(plan.serving >= 0)
    return row, plan.serving[row], np.ones(len(row))


def _rules(problem, plan, stands):
    """Rules about sites and money that the plan misses by little."""
    load = np.zeros(problem.n_sites)
    for i, j, part in zip(*_sent(plan), strict=True):
        load[j] += problem.people[i] * part
    for j in np.flatnonzero(stands & (load >= 1))[:2]:
        room = np.full(problem.n_sites, np.inf)
        room[j] = load[j] - 1
        yield "sites over their capacity", {"capacity": room}
    for j in np.flatnonzero(stands & (problem.fixed == FREE))[:2]:
        least = np.zeros(problem.n_sites)
        least[j] = load[j] + 1
        yield "sites under their least use", {"least_use": least}
    opening, closing, ones = np.zeros(problem.n_sites), np.zeros(problem.n_sites), np.ones(problem.n_sites)
    opening[plan.opened], closing[plan.closed] = 5.0, 3.0
    spent = 5.0 * len(plan.opened) + 3.0 * len(plan.closed)
    if spent:
        costs = {"open_cost": opening, "close_cost": closing, "saving": None}
        yield "money within the budget", {**costs, "budget": spent - 1}
    if len(plan.opened):  # a building of its own saves nothing
        alone = np.arange(problem.n_sites, dtype=np.int32)
        costs = {"open_cost": opening, "close_cost": None, "building": alone, "saving": ones}
        yield "money within the budget", {**costs, "budget": 5.0 * len(plan.opened) - 0.5}
    if stands.any():
        yield "yearly money within the budget", {"running_cost": ones, "yearly_budget": stands.sum() - 0.5}
    if len(plan.opened) != len(plan.closed) and not problem.swaps:
        yield "as many closed as opened", {"swaps": True}
    chosen = plan.closed if plan.method == "close" else plan.opened
    if len(chosen):
        kinds = {"kinds": ("a", "b"), "kind": np.arange(problem.n_sites, dtype=np.int32) % 2}
        n = int((chosen % 2 == 0).sum())
        if n:
            yield "number of sites chosen, a", {**kinds, "choose_each": (n - 1, None)}
    if problem.between is not None:
        near = [
            cost for a, b, cost in zip(problem.between.a, problem.between.b, problem.between.cost, strict=True)
            if stands[a] and stands[b] and not (problem.fixed[a] == STANDS and problem.fixed[b] == STANDS)
        ]  # fmt: skip
        if near:
            yield "least separation kept", {"apart": min(near) + 0.5}
    if plan.method == "equity" and problem.least == "gini" and plan.objective > 0:
        yield "mean within its bound", {"mean_at_most": 0.1}


def _taken(problem, plan, stands):
    """Return f64[R] the share of each row that is covered."""
    costs = cost_matrix(problem)
    if plan.split is None:
        return (np.where(stands, costs, np.inf).min(axis=1) <= problem.bounds).astype(float)
    taken = np.zeros(problem.n_rows)
    for i, j, part in zip(*plan.split, strict=True):
        taken[i] += part if costs[i, j] <= problem.bounds[i] else 0.0
    return taken


def _covers(problem, plan, stands):
    """Rules of coverage that the plan misses by one person, or by half a second."""
    taken = _taken(problem, plan, stands)
    have = float((problem.people * taken).sum())
    one = np.zeros(problem.n_rows, np.int32)
    yield "districts below their least coverage", {"district": one, "least_cover": np.array([have + 1.0])}
    yield "people within the bound, all", {"quotas": (Quota("all", problem.people, have + 1.0),)}
    nearest = np.where(stands, cost_matrix(problem), np.inf).min(axis=1)
    for i in np.flatnonzero(np.isfinite(nearest))[:1]:
        limit = np.full(problem.n_rows, np.inf)
        limit[i] = nearest[i] - 0.5
        yield "demand points pushed beyond the bound", {"must_reach": limit}
    if plan.method in ("set_cover", "backup_cover"):
        yield "people within the bound", {"people": problem.people + 1.0, "row_bound": np.zeros(problem.n_rows)}
    if plan.method == "backup_cover" and plan.objective > 0:
        a, b = np.triu_indices(problem.n_sites, 1)
        yield "objective", {"beside": (a.astype(np.int32), b.astype(np.int32))}
