"""The auditor: every claim of a plan computed again from the travel times alone, by other means than the solvers'.

It takes loose pairs (row, site, cost), not the solvers' sorted rows, and shares no code with them but the types. Each
claim is told with what was claimed, what was found, and whether it holds.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import numpy as np

from lifezone.model import Bools, Claim, Floats, Ints, Plan
from lifezone.siting.audit_goals import goal_claims, goal_value, spent
from lifezone.siting.problem import FREE, SHUT, STANDS, Problem

__all__ = ["audit", "objective_of"]

_CLOSE: Final = 1e-9
"""Relative difference of two sums of the same numbers in another order."""
_PIECE: Final = 4_000_000
"""Pairs looked at together."""
_SLACK: Final = 1e-6
"""Absolute difference that a solver's tolerance may leave on a limit."""


def audit(problem: Problem, plan: Plan, *, share: float = 1.0) -> tuple[Claim, ...]:
    """Check a plan.

    Args:
        problem: the question that was asked.
        plan: its answer.
        share: share of the people that a set cover had to reach.

    Returns:
        Claims; all ``ok`` when the plan is what it says.
    """
    if plan.status in ("infeasible", "unknown"):
        return ()
    standing = problem.open_now.copy()
    standing[plan.opened] = True
    standing[plan.closed] = False
    claims = [*_sites(problem, plan, standing), *_number(problem, plan)]
    claims += _money(problem, plan)
    claims += _served(problem, plan, standing)
    claims += _covered(problem, plan, standing, share)
    claims += goal_claims(problem, plan, standing, _least_costs(problem, standing), _counted(problem))
    return (*claims, *_worth(problem, plan, standing))


def _sites(problem: Problem, plan: Plan, standing: Bools) -> list[Claim]:
    """Check which sites are opened and closed."""
    wrong_open = [j for j in plan.opened.tolist() if problem.open_now[j] or problem.fixed[j] == SHUT]
    wrong_closed = [j for j in plan.closed.tolist() if not problem.open_now[j] or problem.fixed[j] == STANDS]
    twice = len(plan.opened) + len(plan.closed) - len({*plan.opened.tolist(), *plan.closed.tolist()})
    ignored = int(((problem.fixed == STANDS) & ~standing).sum() + ((problem.fixed == SHUT) & standing).sum())
    return [
        _none("sites opened that are open today or may not open", len(wrong_open)),
        _none("sites closed that are not open today or must stay", len(wrong_closed)),
        _none("sites named twice", twice),
        _none("sites that had to stand or stay shut and do not", ignored),
    ]


def _number(problem: Problem, plan: Plan) -> list[Claim]:
    """Check how many are opened (closed)."""
    claims = []
    if problem.choose is not None:
        n = len(plan.closed) if plan.method == "close" else len(plan.opened)
        fits = n <= problem.choose if problem.at_most or plan.method in _AT_MOST else n == problem.choose
        claims.append(Claim("number of sites chosen", float(problem.choose), float(n), fits))
    for k, number in enumerate(problem.choose_each):
        if number is None:
            continue
        chosen = plan.closed if plan.method == "close" else plan.opened
        n = sum(1 for j in chosen.tolist() if problem.site_kind[j] == k)
        fits = n <= number if problem.at_most or plan.method in _AT_MOST else n == number
        claims.append(Claim(f"number of sites chosen, {problem.kinds[k]}", float(number), float(n), fits))
    if problem.swaps:
        claims.append(Claim("as many closed as opened", float(len(plan.opened)), float(len(plan.closed)),
                            len(plan.opened) == len(plan.closed)))  # fmt: skip
    return claims


def _money(problem: Problem, plan: Plan) -> list[Claim]:
    """Check the budgets, summed site by site."""
    yearly = 0.0
    opened, closed = set(plan.opened.tolist()), set(plan.closed.tolist())
    for j in range(problem.n_sites):
        if not (problem.open_now[j] or j in opened) or j in closed:
            continue
        yearly += float(problem.running_cost[j]) if problem.running_cost is not None else 0.0
    limits = (("money", problem.budget, spent(problem, plan)), ("yearly money", problem.yearly_budget, yearly))
    return [
        Claim(f"{what} within the budget", limit, found, found <= limit * (1 + _CLOSE) + _SLACK)
        for what, limit, found in limits if np.isfinite(limit)
    ]  # fmt: skip


def _pieces(problem: Problem) -> Iterator[tuple[Ints, Ints, Floats]]:
    """Yield loose pairs (row, site, cost), so many at a time that those of a province need no gigabytes beside them."""
    first = problem.pairs.first
    low = 0
    while low < problem.n_rows:
        high = max(int(np.searchsorted(first, first[low] + _PIECE, side="right")) - 1, low + 1)
        at = slice(int(first[low]), int(first[high]))
        row = np.repeat(np.arange(low, high, dtype=np.int32), np.diff(first[low : high + 1]))
        yield row, problem.pairs.site[at], problem.pairs.cost[at]
        low = high


def _least_costs(problem: Problem, standing: Bools) -> Floats:
    """Return f64[R] the least cost to a standing site, from loose pairs; inf = none."""
    least = np.full(problem.n_rows, np.inf)
    for row, site, cost in _pieces(problem):
        use = standing[site]
        np.minimum.at(least, row[use], cost[use])
    return least


def _served(problem: Problem, plan: Plan, standing: Bools) -> list[Claim]:
    """Check who is sent where: to standing sites, to the nearest where that is the rule, within every limit."""
    row, site, share = _sent(plan)
    claims = [_none("people sent to a site that does not stand", int((~standing[site]).sum()))]
    cost = _costs_of(problem, row, site)
    claims.append(_none("people sent to a site out of reach", int(np.isinf(cost).sum())))
    if problem.nearest_only:
        least = _least_costs(problem, standing)[row]
        farther = (cost > least * (1 + _CLOSE)) & (share > _SLACK)
        claims.append(_none("people not sent to the nearest site that stands", int(farther.sum())))
    over = np.bincount(row, weights=share, minlength=problem.n_rows)
    claims.append(_none("demand points sent more than once", int((over > 1 + 1e-6).sum())))
    load = np.bincount(site, weights=problem.people[row] * share, minlength=problem.n_sites)
    if problem.capacity is not None:
        full = load > problem.capacity * (1 + 1e-6) + 1e-6
        claims.append(_none("sites over their capacity", int((full & standing).sum())))
    if problem.least_use is not None:
        under = load < problem.least_use * (1 - 1e-6) - 1e-6
        claims.append(_none("sites under their least use", int((under & standing & (problem.fixed == FREE)).sum())))
    return claims


def _sent(plan: Plan) -> tuple[np.ndarray, np.ndarray, Floats]:
    """Return row, site and share of everything that is sent."""
    if plan.split is not None:
        return plan.split
    row = np.flatnonzero(plan.serving >= 0)
    return row, plan.serving[row], np.ones(len(row))


def _costs_of(problem: Problem, row: np.ndarray, site: np.ndarray) -> Floats:
    """Return the travel cost of some pairs by looking each up; inf = there is no such pair."""
    found = np.full(len(row), np.inf)
    order = np.argsort(row, kind="stable")
    turn = np.zeros(len(row), np.int64)  # how many pairs of the same row were asked before
    turn[order] = np.arange(len(row)) - np.searchsorted(row[order], row[order])
    for one in range(int(turn.max(initial=-1)) + 1):
        asked, place = np.flatnonzero(turn == one), np.full(problem.n_rows, -1)
        place[row[asked]] = asked
        wanted = np.full(problem.n_rows, -1)
        wanted[row[asked]] = site[asked]
        for in_row, in_site, cost in _pieces(problem):
            same = in_site == wanted[in_row]
            np.minimum.at(found, place[in_row[same]], cost[same])
    return found


def _covered(problem: Problem, plan: Plan, standing: Bools, share: float) -> list[Claim]:
    """Check coverage: everybody of a set cover, each district, rows that may not lose it."""
    least = _least_costs(problem, standing)
    inside = least <= problem.bounds
    claims = []
    if plan.method in ("set_cover", "backup_cover"):
        total, within = float(problem.people.sum()), float(problem.people[inside].sum())
        wanted = total * share
        claims.append(Claim("people within the bound", wanted, within, within >= wanted * (1 - _CLOSE) - _SLACK))
    if problem.least_cover is not None and problem.district is not None:
        served = _served_inside(problem, plan, inside)
        have = np.bincount(problem.district, weights=problem.people * served, minlength=len(problem.least_cover))
        short = int((have < problem.least_cover * (1 - 1e-6) - _SLACK).sum())
        claims.append(_none("districts below their least coverage", short))
    for quota in problem.quotas:
        reached = float((quota.people * _served_inside(problem, plan, inside)).sum())
        enough = reached >= quota.least * (1 - 1e-6) - _SLACK
        claims.append(Claim(f"people within the bound, {quota.what}", quota.least, reached, enough))
    if problem.must_reach is not None:
        beyond = np.isfinite(problem.must_reach) & (least > problem.must_reach * (1 + _CLOSE))
        claims.append(_none("demand points pushed beyond the bound", int(beyond.sum())))
    return claims


def _served_inside(problem: Problem, plan: Plan, inside: Bools) -> Floats:
    """Return f64[R] the share of each row that counts as covered: in reach, and taken in where sites can be full."""
    if plan.split is None:
        return inside.astype(float)
    row, site, share = plan.split
    near = _costs_of(problem, row, site) <= problem.bounds[row]
    return np.bincount(row[near], weights=share[near], minlength=problem.n_rows).astype(np.float64)


def _worth(problem: Problem, plan: Plan, standing: Bools) -> list[Claim]:
    """Check the objective, and that the bound is on the right side of it."""
    value = objective_of(problem, plan, standing)
    near = value == plan.objective or abs(value - plan.objective) <= _CLOSE * max(1.0, abs(value)) * 10
    least = plan.method in _LEAST
    side = plan.bound <= plan.objective * (1 + _CLOSE) + _SLACK if least else (
        plan.bound >= plan.objective * (1 - _CLOSE) - _SLACK
    )  # fmt: skip
    claims = [Claim("objective", plan.objective, value, bool(near))]
    claims.append(Claim("bound is no worse than the objective", plan.bound, plan.objective, bool(side)))
    if plan.status == "optimal":
        claims.append(Claim("gap of a plan said to be optimal", 0.0, plan.gap, plan.gap <= 1e-6))
    return claims


_AT_MOST: Final = frozenset({"set_cover", "pareto"})
"""Methods that may choose fewer sites than asked for."""
_LEAST: Final = frozenset({"set_cover", "p_median", "p_center", "close", "equity", "pareto"})
"""Methods whose objective is better when it is smaller."""


def objective_of(problem: Problem, plan: Plan, standing: Bools) -> float:
    """Return the objective of a plan's method, from loose pairs."""
    least = _least_costs(problem, standing)
    counted = _counted(problem)
    match plan.method:
        case "set_cover":
            return float((standing & (problem.fixed == FREE)).sum())
        case "max_cover":
            return float((problem.people * _served_inside(problem, plan, least <= problem.bounds)).sum())
        case "backup_cover":
            rows, sites = [np.empty(0, np.int32)], [np.empty(0, np.int32)]
            for row, site, cost in _pieces(problem):
                near = (cost <= problem.bounds[row]) & standing[site]
                rows.append(row[near])
                sites.append(site[near])
            return float(problem.people[_backed_up(problem, np.concatenate(rows), np.concatenate(sites))].sum())
        case "p_center":
            return float(least[counted].max()) if counted.any() else 0.0
        case "p_dispersion" | "equity" | "pareto" | "desert_first":
            return goal_value(problem, plan, standing, least, counted)
        case _:
            if plan.split is None:
                return float((problem.people[counted] * least[counted]).sum())
            sent, site, share = plan.split
            return float((problem.people[sent] * share * _costs_of(problem, sent, site)).sum())


def _backed_up(problem: Problem, row: np.ndarray, site: np.ndarray) -> Bools:
    """Return bool[R] rows with two standing sites in reach, where it is asked for apart from each other."""
    if problem.beside is None:
        return np.asarray(np.bincount(row, minlength=problem.n_rows) >= 2)
    close = {frozenset(pair) for pair in zip(*(side.tolist() for side in problem.beside), strict=True)}
    reached: dict[int, list[int]] = {}
    for i, j in zip(row.tolist(), site.tolist(), strict=True):
        reached.setdefault(i, []).append(j)
    found = np.zeros(problem.n_rows, np.bool_)
    for i, sites in reached.items():
        found[i] = any(frozenset((a, b)) not in close for at, a in enumerate(sites) for b in sites[at + 1 :])
    return found


def _counted(problem: Problem) -> Bools:
    """Return bool[R] rows with people that a site reaches which may stand."""
    anyone = np.zeros(problem.n_rows, np.bool_)
    for row, site, _ in _pieces(problem):
        anyone[row[problem.fixed[site] != SHUT]] = True
    return anyone & (problem.people > 0)


def _none(what: str, found: int) -> Claim:
    """Return a claim that there is nothing of a kind."""
    return Claim(what, 0.0, float(found), found == 0)
