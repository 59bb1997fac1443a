"""The auditor: every claim of a plan computed again from the travel times alone, by other means than the solvers'.

It takes loose pairs (row, site, cost), not the solvers' sorted rows, and shares no code with them but the types. Each
claim is told with what was claimed, what was found, and whether it holds. ``audit_trips`` looks at people,
``audit_goals`` at separation, equity, deserts and fronts; this file at sites, money, objective and bound.
"""

from __future__ import annotations

import math
from typing import Final

import numpy as np

from lifezone.model import Bools, Claim, Ints, Plan
from lifezone.siting.audit_goals import goal_claims, goal_value, spent
from lifezone.siting.audit_seen import Seen, pieces
from lifezone.siting.audit_trips import cover_claims, strange_trips, trip_claims
from lifezone.siting.problem import FREE, SHUT, STANDS, Problem

__all__ = ["audit", "bound_claims", "objective_of"]

_CLOSE: Final = 1e-9
"""Relative difference of two sums of the same numbers in another order."""
_SLACK: Final = 1e-6
"""Absolute difference that a solver's tolerance may leave on a limit."""
_AT_MOST: Final = frozenset({"set_cover", "pareto"})
"""Methods that may choose fewer sites than asked for."""
_EXACTLY: Final = frozenset({"p_dispersion"})
"""Methods that may not, even where the number is a limit: fewer sites are always farther apart."""
_MOST: Final = frozenset({"max_cover", "backup_cover", "p_dispersion", "desert_first"})
"""Methods whose objective is better when it is larger."""


def audit(problem: Problem, plan: Plan, *, share: float = 1.0) -> tuple[Claim, ...]:
    """Check a plan.

    Args:
        problem: the question that was asked.
        plan: its answer.
        share: share of the people that a set cover had to reach.

    Returns:
        Claims; all ``ok`` when the plan is what it says. Empty for an answer without sites that says there is none.
    """
    if plan.status in ("infeasible", "unknown"):
        named = len(plan.opened) + len(plan.closed) + int((plan.serving >= 0).sum())
        return (_none("sites and trips of a plan that is said not to be there", named),) if named else ()
    strange = [_none("sites that the question does not have", _unknown(problem, plan)), *strange_trips(problem, plan)]
    if not all(claim.ok for claim in strange):
        return tuple(strange)
    standing = problem.open_now.copy()
    standing[plan.opened] = True
    standing[plan.closed] = False
    seen = Seen(problem, plan, standing)
    claims = [*strange, *_sites(problem, plan, standing), *_number(problem, plan), *_money(problem, plan)]
    claims += trip_claims(seen, share)
    claims += cover_claims(seen, share)
    claims += goal_claims(problem, plan, standing, seen.least, seen.counted)
    return (*claims, *_worth(seen))


def _unknown(problem: Problem, plan: Plan) -> int:
    """Count sites that are named and do not exist."""
    return sum(not 0 <= j < problem.n_sites for j in (*plan.opened.tolist(), *plan.closed.tolist()))


def _sites(problem: Problem, plan: Plan, standing: Bools) -> list[Claim]:
    """Check which sites are opened and closed."""
    wrong_open = [j for j in plan.opened.tolist() if problem.open_now[j] or problem.fixed[j] == SHUT]
    wrong_closed = [j for j in plan.closed.tolist() if not problem.open_now[j] or problem.fixed[j] == STANDS]
    twice = len(plan.opened) + len(plan.closed) - len({*plan.opened.tolist(), *plan.closed.tolist()})
    ignored = int(((problem.fixed == STANDS) & ~standing).sum() + ((problem.fixed == SHUT) & standing).sum())
    if plan.method == "close":
        wrong_open = plan.opened.tolist()
    return [
        _none("sites opened that are open today or may not open", len(wrong_open)),
        _none("sites closed that are not open today or must stay", len(wrong_closed)),
        _none("sites named twice", twice),
        _none("sites that had to stand or stay shut and do not", ignored),
    ]


def _number(problem: Problem, plan: Plan) -> list[Claim]:
    """Check how many are opened (closed), of all kinds and of each."""
    chosen = (plan.closed if plan.method == "close" else plan.opened).tolist()
    may_be_fewer = (problem.at_most or plan.method in _AT_MOST) and plan.method not in _EXACTLY
    asked = [("number of sites chosen", problem.choose, len(chosen))]
    for k, number in enumerate(problem.choose_each):
        of_kind = sum(1 for j in chosen if problem.site_kind[j] == k)
        asked.append((f"number of sites chosen, {problem.kinds[k]}", number, of_kind))
    claims = [
        Claim(what, float(number), float(n), n <= number if may_be_fewer else n == number)
        for what, number, n in asked if number is not None
    ]  # fmt: skip
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


def _worth(seen: Seen) -> list[Claim]:
    """Check the objective, and what is said of the best possible."""
    plan = seen.plan
    value = _objective(seen)
    near = value == plan.objective or abs(value - plan.objective) <= _CLOSE * max(1.0, abs(value)) * 10
    return [
        Claim("objective", plan.objective, value, bool(near)),
        *bound_claims(plan, best_is_most=plan.method in _MOST),
    ]


def bound_claims(plan: Plan, *, best_is_most: bool) -> list[Claim]:
    """Check that the bound is on the right side of the objective, the gap, and that a proved plan has none."""
    low, high = (plan.objective, plan.bound) if best_is_most else (plan.bound, plan.objective)
    right = low <= high + _CLOSE * abs(plan.objective if math.isfinite(plan.objective) else 0.0) + _SLACK
    gap = 0.0 if plan.objective == plan.bound else math.inf
    if gap and plan.objective:
        gap = abs((plan.objective - plan.bound) / plan.objective)
    same = gap == plan.gap or abs(gap - plan.gap) <= _CLOSE
    claims = [Claim("bound is no worse than the objective", plan.bound, plan.objective, bool(right)),
              Claim("gap between objective and bound", plan.gap, gap, bool(same))]  # fmt: skip
    if plan.status == "optimal":
        claims.append(Claim("gap of a plan said to be optimal", 0.0, gap, gap <= 1e-6))
    return claims


def objective_of(problem: Problem, plan: Plan, standing: Bools) -> float:
    """Return the objective of a plan's method, from loose pairs."""
    return _objective(Seen(problem, plan, standing))


def _objective(seen: Seen) -> float:
    """Return the objective: by everybody's nearest site, or by the site that people are sent to."""
    problem, plan, standing, least, counted = seen.problem, seen.plan, seen.standing, seen.least, seen.counted
    match plan.method:
        case "set_cover":
            return float((standing & (problem.fixed == FREE)).sum())
        case "max_cover":
            return float((problem.people * seen.taken).sum())
        case "backup_cover":
            return float(problem.people[_backed_up(problem, *_in_reach(seen))].sum())
        case "p_center" if plan.split is None:
            return float(least[counted].max()) if counted.any() else 0.0
        case "p_center":
            return float(seen.cost[problem.people[seen.sent[0]] > 0].max(initial=0.0))
        case "p_dispersion" | "equity" | "pareto" | "desert_first":
            return goal_value(problem, plan, standing, least, counted)
        case _:
            if plan.split is None:
                return float((problem.people[counted] * least[counted]).sum())
            row, _, share = seen.sent
            return float((problem.people[row] * share * seen.cost).sum())


def _in_reach(seen: Seen) -> tuple[Ints, Ints]:
    """Return rows and sites of all pairs with a standing site within the bound."""
    rows, sites = [np.empty(0, np.int32)], [np.empty(0, np.int32)]
    for row, site, cost in pieces(seen.problem):
        near = (cost <= seen.problem.bounds[row]) & seen.standing[site]
        rows.append(row[near])
        sites.append(site[near])
    return np.concatenate(rows), np.concatenate(sites)


def _backed_up(problem: Problem, row: Ints, site: Ints) -> Bools:
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


def _none(what: str, found: int) -> Claim:
    """Return a claim that there is nothing of a kind."""
    return Claim(what, 0.0, float(found), found == 0)
