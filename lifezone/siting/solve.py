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
from lifezone.siting.center import p_center
from lifezone.siting.close import close_sites
from lifezone.siting.cover import backup_cover, max_cover, set_cover
from lifezone.siting.disperse import p_dispersion
from lifezone.siting.equity import equity
from lifezone.siting.found import Found
from lifezone.siting.median import p_median
from lifezone.siting.milp import Tell
from lifezone.siting.problem import Problem, serve

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
}
"""What each objective counts; ``{unit}`` is seconds or metres, ``{between}`` that of separations."""
_LEAST: Final = {"fgt2": "FGT 2", "worst_tenth": "{unit}", "gini": "Gini index"}
"""What equity makes least."""


def unit_of(problem: Problem, method: str) -> str:
    """Return what the objective of a question counts."""
    between = problem.unit if problem.between is None else problem.between.unit
    least = _LEAST[problem.least].format(unit=problem.unit)
    return UNITS[method].format(unit=problem.unit, between=between, least=least)


def solve(
    problem: Problem, method: str, *, time_limit: float | None = None, tell: Tell | None = None, seed: int = 0,
    **options: Any,
) -> Plan:  # fmt: skip
    """Answer a siting question and audit the answer.

    Args:
        problem: the question.
        method: one of :data:`METHODS`.
        time_limit: seconds; the best plan so far is returned with its bound.
        tell: told of every better plan and bound.
        seed: of heuristics and solver.
        options: further ones of the method, e.g. ``share`` of a set cover.

    Raises:
        LifezoneError: the audit found that a plan is not what it says: a defect of this program, never an answer.
    """
    if method not in METHODS:
        raise InputError(f"siting: no method {method!r}; there are {', '.join(METHODS)}")
    started = time.monotonic()
    found = METHODS[method](problem, time_limit=time_limit, tell=tell, seed=seed, **options)
    plan = _plan(problem, method, found, time.monotonic() - started)
    claims = audit(problem, plan, share=float(options.get("share", 1.0)))
    wrong = [claim for claim in claims if not claim.ok]
    if wrong:
        told = "; ".join(f"{claim.what}: claimed {claim.claimed:g}, found {claim.found:g}" for claim in wrong)
        raise LifezoneError(f"the audit of the plan {method} failed, so it is not told: {told}. Please report this.")
    return replace(plan, audit=claims)


def _plan(problem: Problem, method: str, found: Found, seconds: float) -> Plan:
    """Return what was found as a plan."""
    unit = unit_of(problem, method)
    none = np.empty(0, np.int32)
    if not len(found.standing) and problem.n_sites:
        reasons = found.reasons or (
            ("the solver found no plan that keeps every rule",)
            if found.status == "infeasible"
            else ("the time limit ended before a first plan was found: give it more time",)
        )
        nobody = np.full(problem.n_rows, -1, np.int32)
        status: Status = "infeasible" if found.status == "infeasible" else "feasible"
        return Plan(method, none, none, nobody, float("nan"), found.bound, unit, status, seconds, reasons=reasons)
    standing = found.standing
    serving = serve(problem.pairs, standing).site
    if found.serving is not None:
        row, site, share = found.serving
        serving = np.full(problem.n_rows, -1, np.int32)
        order = np.lexsort((-share, row))  # the largest share of a split row
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
        split=found.serving,
    )
    value = objective_of(problem, plan, standing)
    bound = value if plan.status == "optimal" else found.bound
    return replace(plan, objective=value, bound=bound)
