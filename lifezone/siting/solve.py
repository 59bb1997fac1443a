"""One question, one plan: pick the solver, read its answer, audit it."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final, Protocol

import numpy as np

from lifezone.errors import InputError, LifezoneError
from lifezone.model import Plan
from lifezone.model.plan import Status
from lifezone.siting.audit import audit, objective_of
from lifezone.siting.bounds import simple_bound
from lifezone.siting.by_kind import is_of_parts, solve_by_kind
from lifezone.siting.center import p_center
from lifezone.siting.close import close_sites
from lifezone.siting.cover import backup_cover, max_cover, set_cover
from lifezone.siting.deserts import desert_first
from lifezone.siting.disperse import p_dispersion
from lifezone.siting.equity import equity
from lifezone.siting.found import Found
from lifezone.siting.goals import goal_values, objective_goal, unit_of_goal
from lifezone.siting.median import p_median
from lifezone.siting.milp import Tell
from lifezone.siting.pareto import pareto
from lifezone.siting.problem import Problem, serve
from lifezone.siting.ranked import by_rank
from lifezone.siting.stop import stopping
from lifezone.siting.why import EXPLAINED, conflict
from lifezone.siting.why_words import Said, say

__all__ = ["METHODS", "UNITS", "solve"]


class Solver(Protocol):
    """A function that answers a question."""

    def __call__(
        self, problem: Problem, *, time_limit: float | None = None, tell: Tell | None = None, seed: int = 0
    ) -> Found:
        """Find the sites."""
        ...


METHODS: Final[Mapping[str, Solver]] = {
    "set_cover": set_cover,
    "max_cover": max_cover,
    "backup_cover": backup_cover,
    "p_median": p_median,
    "p_center": p_center,
    "close": close_sites,
    "p_dispersion": p_dispersion,
    "equity": equity,
    "pareto": pareto,
    "desert_first": desert_first,
}
UNITS: Final[Mapping[str, str]] = {
    "set_cover": "sites",
    "max_cover": "people",
    "backup_cover": "people",
    "p_median": "people·{unit}",
    "p_center": "{unit}",
    "close": "people·{unit}",
    "p_dispersion": "{between}",
    "equity": "{least}",
    "pareto": "{goal}",
    "desert_first": "people",
}
"""What each objective counts; ``{unit}`` is seconds or metres, ``{between}`` that of separations."""
_LEAST: Final = {"fgt2": "FGT 2", "worst_tenth": "{unit}", "gini": "Gini index"}
"""What equity makes least."""
_AGREE: Final = 1e-6
"""Relative difference between what a solver proved and what its plan is found to be worth: the solver's tolerance."""


def unit_of(problem: Problem, method: str) -> str:
    """Return what the objective of a question counts."""
    between = problem.unit if problem.between is None else problem.between.unit
    least = _LEAST[problem.least].format(unit=problem.unit)
    goal = unit_of_goal(problem, objective_goal(problem)) if problem.goals else ""
    return UNITS[method].format(unit=problem.unit, between=between, least=least, goal=goal)


def solve(
    problem: Problem, method: str, *, time_limit: float | None = None, tell: Tell | None = None, seed: int = 0,
    ranked: bool = False, **options: Any,
) -> Plan:  # fmt: skip
    """Answer a siting question and audit the answer.

    Args:
        problem: the question.
        method: one of :data:`METHODS`.
        time_limit: seconds; the best plan so far is returned with its bound.
        tell: told of every better plan and bound.
        seed: of heuristics and solver.
        ranked: among plans that are proved to be equally good, look for the one whose sites come first by ``rank``.
        options: further ones of the method, e.g. ``share`` of a set cover.

    Raises:
        LifezoneError: the audit found that a plan is not what it says: a defect of this program, never an answer.
    """
    if method not in METHODS:
        raise InputError(f"siting: no method {method!r}; there are {', '.join(METHODS)}")
    started = time.monotonic()
    if not options and is_of_parts(problem, method):
        found = solve_by_kind(problem, METHODS[method], time_limit=time_limit, seed=seed)
    else:
        found = METHODS[method](problem, time_limit=time_limit, tell=tell, seed=seed, **options)
    seconds, share = time.monotonic() - started, float(options.get("share", 1.0))
    front = tuple(_audited(problem, _plan(problem, method, point, seconds, share), options) for point in found.front)
    plan = replace(_plan(problem, method, found, seconds, share), front=front, whole=found.whole)
    if ranked and plan.status == "optimal":
        left_s = None if time_limit is None else time_limit - seconds
        first = by_rank(problem, method, found, plan.objective, share=share, left_s=left_s, seed=seed)
        if first is not found:
            plan = _as_good(plan, _plan(problem, method, first, time.monotonic() - started, share))
    return _told_of_stop(_audited(problem, plan, options), time_limit)


def _as_good(plan: Plan, other: Plan) -> Plan:
    """Return another plan in place of one that is proved to be the best, if it is as good but for rounding."""
    return other if abs(other.objective - plan.objective) <= 1e-9 * max(1.0, abs(plan.objective)) else plan


def _audited(problem: Problem, plan: Plan, options: Mapping[str, Any]) -> Plan:
    """Return the plan with its audit."""
    claims = audit(problem, plan, share=float(options.get("share", 1.0)))
    wrong = [claim for claim in claims if not claim.ok]
    if wrong:
        told = "; ".join(f"{claim.what}: claimed {claim.claimed:g}, found {claim.found:g}" for claim in wrong)
        raise LifezoneError(
            f"the audit of the plan {plan.method} failed, so it is not told: {told}. Please report this."
        )
    return replace(plan, audit=claims)


def _plan(problem: Problem, method: str, found: Found, seconds: float, share: float) -> Plan:
    """Return what was found as a plan."""
    unit = unit_of(problem, method)
    if not len(found.standing) and problem.n_sites:
        return _no_plan(problem, method, found, unit, seconds, share)
    standing = found.standing
    serving = serve(problem.pairs, standing).site
    if found.serving is not None:
        row, site, part = found.serving
        serving = np.full(problem.n_rows, -1, np.int32)
        order = np.lexsort((-part, row))  # the largest share of a split row
        lead = order[np.unique(row[order], return_index=True)[1]]
        serving[row[lead]] = site[lead]
    plan = Plan(
        method,
        np.flatnonzero(standing & ~problem.open_now).astype(np.int32),
        np.flatnonzero(problem.open_now & ~standing).astype(np.int32),
        serving,
        0.0,
        0.0,
        unit,
        "optimal" if found.status == "optimal" else "feasible",
        seconds,
        reasons=found.reasons,
        reasons_ko=found.reasons_ko,
        split=found.serving,
        goals=goal_values(problem, standing),
    )
    value = objective_of(problem, plan, standing)
    bound = _bound(problem, method, found.bound)
    if plan.status == "optimal" and not abs(found.bound - value) > _AGREE * max(1.0, abs(value)):
        bound = value  # otherwise the solver proved something else than what the auditor finds, and the audit says so
    status: Status = "optimal" if bound == value else plan.status
    return replace(plan, objective=value, bound=bound, status=status)


def _bound(problem: Problem, method: str, proved: float) -> float:
    """Return the better of a solver's bound and the one that needs no solver."""
    simple = simple_bound(problem, method)
    if not np.isfinite(proved):
        return simple if np.isfinite(simple) else proved
    if np.isnan(simple):
        return proved
    return min(proved, simple) if method in ("max_cover", "backup_cover") else max(proved, simple)


def _why(problem: Problem, method: str, share: float) -> list[Said]:
    """Return what stands in the way of a plan; nothing when that was not found out."""
    if method not in EXPLAINED or stopping():
        return []
    found = conflict(problem, method, share=share)
    return [] if found is None else say(problem, method, found, share=share)


def _no_plan(problem: Problem, method: str, found: Found, unit: str, seconds: float, share: float) -> Plan:
    """Return that nothing fits, or that nothing was found in time."""
    none, nobody = np.empty(0, np.int32), np.full(problem.n_rows, -1, np.int32)
    impossible = found.status == "infeasible"
    told = (_IMPOSSIBLE, _TOO_SHORT)[not impossible]
    reasons, korean = (found.reasons, found.reasons_ko) if found.reasons else ((told[0],), (told[1],))
    if impossible and (said := _why(problem, method, share)):
        reasons, korean = tuple(one.en for one in said), tuple(one.ko for one in said)
    bound = float("nan") if impossible else _bound(problem, method, found.bound)
    status: Status = "infeasible" if impossible else "unknown"
    return Plan(method, none, none, nobody, float("nan"), bound, unit, status, seconds, reasons=reasons,
                reasons_ko=korean)  # fmt: skip


_IMPOSSIBLE: Final = ("the solver found no plan that keeps every rule", "모든 조건을 지키는 안이 없습니다")
_TOO_SHORT: Final = (
    "the time ended before a first plan was found that keeps every rule: give it more time",
    "모든 조건을 지키는 첫 안을 찾기 전에 시간이 끝났습니다. 시간을 더 주십시오",
)


def _told_of_stop(plan: Plan, time_limit: float | None) -> Plan:
    """Say why a plan is not proved to be the best."""
    if plan.status != "feasible":
        return plan
    if stopping():
        told = ("stopped by Ctrl-C: this is the best plan found until then",
                "Ctrl-C로 멈췄습니다. 그때까지 찾은 가장 좋은 안입니다")  # fmt: skip
    elif time_limit is not None:
        told = (f"stopped at the time limit of {time_limit:g} s: this is the best plan found until then",
                f"제한 시간 {time_limit:g}초가 되어 멈췄습니다. 그때까지 찾은 가장 좋은 안입니다")  # fmt: skip
    else:
        return plan
    return replace(plan, reasons=(told[0], *plan.reasons), reasons_ko=(told[1], *plan.reasons_ko))
