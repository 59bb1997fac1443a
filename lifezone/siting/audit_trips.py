"""The auditor's rules about people: who is sent where, who is covered, who must not be pushed beyond a bound."""

from __future__ import annotations

from typing import Final

import numpy as np

from lifezone.model import Bools, Claim, Floats, Plan
from lifezone.siting.audit_seen import Seen
from lifezone.siting.problem import FREE, Problem

__all__ = ["TRIPS", "cover_claims", "strange_trips", "trip_claims"]

_CLOSE: Final = 1e-9
"""Relative difference of two sums of the same numbers in another order."""
_SLACK: Final = 1e-6
"""What a solver's tolerance may leave on a limit, absolute and relative."""
_WHOLE: Final = 1e-5
"""Share of a row that may be missing or too much: tolerances of the solver added up over several sites."""
TRIPS: Final = frozenset({"p_median", "p_center", "close"})
"""Methods that send everybody whom any site reaches somewhere, however far."""
_COVERS: Final = frozenset({"set_cover", "max_cover", "backup_cover"})
"""Methods that send people within the bound only."""


def strange_trips(problem: Problem, plan: Plan) -> list[Claim]:
    """Check that whoever is sent is a row of the question, and goes to a site of it, by a share above 0.

    A plan that fails here cannot be looked at further.
    """
    n, s = problem.n_rows, problem.n_sites
    strange = int(((plan.serving < -1) | (plan.serving >= s)).sum()) + abs(len(plan.serving) - n)
    unequal = 0
    if plan.split is not None:
        row, site, share = plan.split
        strange += int(((row < 0) | (row >= n) | (site < 0) | (site >= s)).sum())
        unequal = int((~(np.isfinite(share) & (share > 0))).sum())
    return [_none("people sent from or to places that the question does not have", strange),
            _none("shares of people that are not above 0", unequal)]  # fmt: skip


def trip_claims(seen: Seen, share: float) -> list[Claim]:
    """Check who is sent where: to standing sites, to the nearest where that is the rule, within every limit."""
    problem, plan = seen.problem, seen.plan
    row, site, part = seen.sent
    whole = np.bincount(row, weights=part, minlength=problem.n_rows).astype(np.float64)
    claims = [
        _none("people sent to a site that does not stand", int((~seen.standing[site]).sum())),
        _none("people sent to a site out of reach", int(np.isinf(seen.cost).sum())),
        _none("demand points sent more than once", int((whole > 1 + _WHOLE).sum())),
        _none("demand points that are not sent wholly", int((_must_be_sent(seen, share) & (whole < 1 - _WHOLE)).sum())),
    ]
    if problem.nearest_only or plan.split is None:
        farther = (seen.cost > seen.least[row] * (1 + _CLOSE)) & (part > _SLACK)
        claims.append(_none("people not sent to the nearest site that stands", int(farther.sum())))
    if plan.split is not None:
        claims.append(_none("demand points told to go where few of them go", _misled(problem, plan, whole)))
        if plan.method in _COVERS:
            beyond = int((seen.cost > problem.bounds[row] * (1 + _CLOSE)).sum())
            claims.append(_none("people sent beyond the bound", beyond))
    load = np.bincount(site, weights=problem.people[row] * part, minlength=problem.n_sites).astype(np.float64)
    return claims + _use(seen, load)


def _use(seen: Seen, load: Floats) -> list[Claim]:
    """Check capacities and least use by the people sent to each site."""
    problem, claims = seen.problem, []
    if problem.capacity is not None:
        full = load > problem.capacity * (1 + _SLACK) + _SLACK
        claims.append(_none("sites over their capacity", int((full & seen.standing).sum())))
    if problem.least_use is not None:
        under = load < problem.least_use * (1 - _SLACK) - _SLACK
        claims.append(
            _none("sites under their least use", int((under & seen.standing & (problem.fixed == FREE)).sum()))
        )
    return claims


def _must_be_sent(seen: Seen, share: float) -> Bools:
    """Return bool[R] rows all of whose people must be sent somewhere."""
    problem, plan = seen.problem, seen.plan
    if plan.method in TRIPS or (plan.method == "equity" and problem.least != "fgt2"):
        return seen.counted
    if plan.method == "pareto" and {"mean_time", "worst_time"} & set(problem.goals):
        return seen.counted
    if plan.split is None:  # everybody goes to the nearest site that stands, if there is one
        return np.isfinite(seen.least)
    if plan.method == "backup_cover" or (plan.method == "set_cover" and share >= 1.0):
        return np.asarray(problem.people > 0)
    if plan.method in _COVERS or plan.method == "equity":  # a site that is full may turn people away
        return np.zeros(problem.n_rows, np.bool_)
    return seen.counted


def _misled(problem: Problem, plan: Plan, whole: Floats) -> int:
    """Count rows whose one site told is not where most of them are sent."""
    assert plan.split is not None
    most: dict[int, float] = {}
    there: dict[tuple[int, int], float] = {}
    for i, j, part in zip(*(side.tolist() for side in plan.split), strict=True):
        there[i, j] = there.get((i, j), 0.0) + part
        most[i] = max(most.get(i, 0.0), there[i, j])
    told = plan.serving.tolist()
    return sum(
        there.get((i, told[i]), 0.0) < most[i] * (1 - _CLOSE) if whole[i] > 0 else told[i] != -1
        for i in range(problem.n_rows)
    )


def cover_claims(seen: Seen, share: float) -> list[Claim]:
    """Check coverage: everybody of a set cover, each district, each group, rows that may not lose it."""
    problem, plan, taken = seen.problem, seen.plan, seen.taken
    slack = _CLOSE if plan.split is None else _SLACK
    claims = []
    if plan.method in ("set_cover", "backup_cover"):
        wanted = float(problem.people.sum()) * (share if plan.method == "set_cover" else 1.0)
        within = float((problem.people * taken).sum())
        claims.append(Claim("people within the bound", wanted, within, within >= wanted * (1 - slack) - _SLACK))
    if problem.least_cover is not None and problem.district is not None:
        have = np.bincount(problem.district, weights=problem.people * taken, minlength=len(problem.least_cover))
        short = int((have < problem.least_cover * (1 - slack) - _SLACK).sum())
        claims.append(_none("districts below their least coverage", short))
    for quota in problem.quotas:
        reached = float((quota.people * taken).sum())
        enough = reached >= quota.least * (1 - slack) - _SLACK
        claims.append(Claim(f"people within the bound, {quota.what}", quota.least, reached, enough))
    if problem.must_reach is not None:
        limit = problem.must_reach * (1 + _CLOSE)
        beyond = np.isfinite(limit) & (seen.least > limit)
        if plan.method in TRIPS:  # a near site is of no use to those who are sent to a far one
            row, _, part = seen.sent
            beyond[row[(part > _SLACK) & (seen.cost > limit[row])]] = True
        claims.append(_none("demand points pushed beyond the bound", int(beyond.sum())))
    return claims


def _none(what: str, found: int) -> Claim:
    """Return a claim that there is nothing of a kind."""
    return Claim(what, 0.0, float(found), found == 0)
