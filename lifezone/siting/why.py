"""Why no plan keeps every rule: the fewest rules that cannot all be kept, how far off they are, and what would do.

    (a) the rules of a question are dropped one by one, least telling first; one without which the rest can still not be
        kept stays out. What is left is irreducible: drop any, and there is a plan (deletion filter; Chinneck 2008,
        *Feasibility and Infeasibility in Optimization*).
    (b) of the cells and districts under such a rule, those are left out in halves that are not needed either
        (QuickXplain; Junker 2004).
    (c) each rule left is made soft in turn: the least breach says how many sites, won, places or people it takes.
    (d) for covers, the least bound that would do is searched.

Every step asks the whole model (``ruled``) whether anything fits, so the answer holds for all rules together, whichever
method found that nothing does. A step that takes too long counts as "may fit": the rule stays in, and that is told.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any, Final

import numpy as np

from lifezone.model import Bools, Floats, Ints, Longs
from lifezone.siting.problem import FREE, SHUT, STANDS, Problem
from lifezone.siting.ruled import SERVES_ALL, ruled_model
from lifezone.siting.stop import Clock

__all__ = ["EXPLAINED", "Conflict", "conflict"]

EXPLAINED: Final = frozenset({"set_cover", "max_cover", "backup_cover", "p_median", "p_center", "close"})
"""Methods whose rules are all in the family's model."""
_LONGEST_S: Final = 60.0
"""Time for the whole explanation."""
_ONE_S: Final = 10.0
"""Time for one question whether anything fits."""
_MOST_PAIRS: Final = 3_000_000
"""Pairs of cells and sites beyond which only cells that no site reaches are told."""
_YES_OR_NO: Final = frozenset({"nearest", "swaps", "apart"})
"""Rules that are kept or not, without more or less."""
_COUNTS: Final = frozenset({"capacity", "least_use", "nearest"})
"""Rules about how many people come: fewer cells are another question, so that none are singled out."""
_MOST_LOOKS: Final = 150
"""Questions asked to find the cells of a conflict."""
_RULES: Final = (
    "never", "open", "stay", "swaps", "apart", "nearest", "kept", "districts", "yearly", "least_use", "capacity",
    "budget", "number", "everybody",
)  # fmt: skip
"""In the order in which they are dropped: what says least to a planner goes first."""


@dataclass(frozen=True)
class Conflict:
    """Rules that cannot be kept together.

    Attributes:
        rules: their names, as in ``_RULES``.
        rows: i32[n] cells that already make it so under the rule ``everybody`` or ``kept``; none = not told apart.
        units: i32[n] districts, likewise.
        sure: nothing was cut short; otherwise fewer rules or cells may do.
        remedy: for each rule that would do if it were looser: the least breach with which all others can be kept, and
            what the plan with it has of it (sites, won).
        bound: least bound for which the question has a plan; None = not searched or no bound does.
        alone: i32[n] cells that no allowed site reaches within the bound: they need no other reason.
    """

    rules: tuple[str, ...]
    rows: Ints
    units: Ints
    sure: bool
    remedy: dict[str, tuple[float, float]] = field(default_factory=dict)
    bound: float | None = None
    alone: Ints = field(default_factory=lambda: np.empty(0, np.int32))


def conflict(problem: Problem, method: str, *, share: float = 1.0) -> Conflict | None:
    """Find out why a question has no plan.

    Args:
        problem: the question.
        method: one of :data:`EXPLAINED`.
        share: set_cover: of the people.

    Returns:
        The conflict; None when the time was too short to tell anything.
    """
    if method == "close":
        fixed = np.where(problem.open_now, problem.fixed, SHUT).astype(np.int8)
        problem = replace(problem.with_fixed(fixed), pairs=problem.pairs.select(sites=problem.open_now))
    problem = replace(problem, at_most=problem.at_most or method == "set_cover")
    case = _Case(problem, method, share, Clock(_LONGEST_S))
    every = [rule for rule in _RULES if _is_there(problem, method, rule)]
    if len(problem.pairs.cost) > _MOST_PAIRS:
        alone = _alone(case, every)
        return Conflict((), alone, alone[:0], False, alone=alone) if len(alone) else None
    if case.fits(every) is not False:
        return None
    rules = _irreducible(every, case)
    alone = _alone(case, rules)
    rows, units = (alone, alone[:0]) if len(alone) else _cells(case, rules)
    remedy = {rule: found for rule in rules if (found := case.remedy(rule, every)) is not None}
    bound = _bound_that_does(case, every) if "everybody" in rules and method not in SERVES_ALL else None
    return Conflict(tuple(rules), rows, units, not case.cut_short, remedy, bound, alone)


@dataclass
class _Case:
    """A question and how often it was asked; **mutable**."""

    problem: Problem
    method: str
    share: float
    clock: Clock
    cut_short: bool = False

    def fits(self, rules: list[str], problem: Problem | None = None) -> bool | None:
        """Return whether anything keeps these rules; None = the time was too short."""
        asked = with_rules(self.problem if problem is None else problem, rules)
        loose = "everybody" not in rules
        if loose and self.method in SERVES_ALL:
            model = ruled_model(asked, self.method, soft="everybody").model
        else:
            model = ruled_model(asked, self.method, share=0.0 if loose else self.share,
                                soft="everybody" if loose else "").model  # fmt: skip
        model.forget_goal()
        left = min(self.clock.left_s(), _ONE_S)
        status = model.solve(time_limit=left).status if left > 0 else "unknown"
        if status == "unknown":
            self.cut_short = True
            return None
        return status != "infeasible"

    def remedy(self, rule: str, every: list[str]) -> tuple[float, float] | None:
        """Return the least breach of a rule with which all others can be kept, and what that plan has of it."""
        left = min(self.clock.left_s(), _ONE_S)
        if left <= 0:
            self.cut_short = True
            return None
        if rule in _YES_OR_NO:
            rest = [other for other in every if other != rule]
            return (0.0, 0.0) if self.fits(rest) else None
        problem = self.problem
        ruled = ruled_model(problem, self.method, share=self.share, soft=rule)
        solved = ruled.model.solve(time_limit=left)
        if solved.status != "optimal":
            self.cut_short |= solved.status != "infeasible"
            return None
        stands = solved.x[ruled.y] > 0.5
        opened, closed = int((stands & ~problem.open_now).sum()), int((problem.open_now & ~stands).sum())
        value = {"budget": problem.money(stands), "yearly": problem.yearly(stands)}.get(
            rule, float(closed if self.method == "close" else opened)
        )
        return float(solved.objective), value


def _is_there(problem: Problem, method: str, rule: str) -> bool:
    """Whether a question has a rule."""
    new, fixed = ~problem.open_now, problem.fixed
    sends = problem.capacity is not None or problem.least_use is not None
    match rule:
        case "never":
            return bool(((fixed == SHUT) & new).any()) and method != "close"
        case "open":
            return bool(((fixed == STANDS) & new).any())
        case "stay":
            return bool(((fixed == STANDS) & ~new).any())
        case "swaps":
            return problem.swaps
        case "apart":
            return problem.apart > 0
        case "nearest":
            return problem.nearest_only and sends
        case "kept":
            return problem.must_reach is not None
        case "districts":
            return problem.least_cover is not None or bool(problem.quotas)
        case "yearly":
            return bool(np.isfinite(problem.yearly_budget))
        case "least_use" | "capacity":
            return getattr(problem, rule) is not None
        case "budget":
            return bool(np.isfinite(problem.budget))
        case "number":
            return problem.choose is not None or any(number is not None for number in problem.choose_each)
        case _:
            return method != "max_cover"


def with_rules(problem: Problem, rules: list[str]) -> Problem:
    """Return the question with only some of its rules; ``everybody`` is the method's, not the problem's."""
    new, fixed = ~problem.open_now, problem.fixed.copy()
    for rule, where in (
        ("never", (fixed == SHUT) & new), ("open", (fixed == STANDS) & new), ("stay", (fixed == STANDS) & ~new),
    ):  # fmt: skip
        if rule not in rules:
            fixed[where & (problem.fixed != FREE)] = FREE
    without: dict[str, dict[str, Any]] = {
        "swaps": {"swaps": False}, "apart": {"apart": 0.0}, "nearest": {"nearest_only": False},
        "kept": {"must_reach": None}, "districts": {"least_cover": None, "quotas": ()},
        "yearly": {"yearly_budget": float("inf")}, "least_use": {"least_use": None}, "capacity": {"capacity": None},
        "budget": {"budget": float("inf")}, "number": {"choose": None, "choose_each": ()},
    }  # fmt: skip
    changes: dict[str, Any] = {}
    for rule, change in without.items():
        if rule not in rules:
            changes.update(change)
    return replace(problem, fixed=fixed, **changes)


def _irreducible(rules: list[str], case: _Case) -> list[str]:
    """Return the rules without those that are not needed for nothing to fit."""
    for rule in list(rules):
        rest = [other for other in rules if other != rule]
        if case.fits(rest) is False:
            rules = rest
    return rules


def _alone(case: _Case, rules: list[str]) -> Ints:
    """Return the cells that no allowed site reaches within what is asked of them."""
    problem = case.problem
    usable = problem.pairs.only(problem.fixed[problem.pairs.site] != SHUT)
    limit = None
    if "everybody" in rules and case.method not in SERVES_ALL and case.share >= 1.0:
        limit, asked = problem.bounds, problem.people > 0
    elif "kept" in rules and problem.must_reach is not None:
        limit, asked = problem.must_reach, np.isfinite(problem.must_reach)
    if limit is None:
        return np.empty(0, np.int32)
    near = np.bincount(usable.row[usable.cost <= limit[usable.row]], minlength=problem.n_rows)
    return np.flatnonzero((near == 0) & asked).astype(np.int32)


def _cells(case: _Case, rules: list[str]) -> tuple[Ints, Ints]:
    """Return the fewest cells, and the fewest districts, that already make it so."""
    problem = case.problem
    none = np.empty(0, np.int32)
    rows = units = none
    if _COUNTS & set(rules):
        return rows, units
    if "everybody" in rules and case.share >= 1.0:
        some = _fewest(np.flatnonzero(problem.people > 0), lambda at: case.fits(rules, _of_people(problem, at)), case)
        rows = some.astype(np.int32)
    elif "kept" in rules and problem.must_reach is not None:
        asked = np.flatnonzero(np.isfinite(problem.must_reach))
        rows = _fewest(asked, lambda at: case.fits(rules, _of_kept(problem, at)), case).astype(np.int32)
    if "districts" in rules and problem.least_cover is not None and not problem.quotas:
        asked = np.flatnonzero(problem.least_cover > 0)
        units = _fewest(asked, lambda at: case.fits(rules, _of_units(problem, at)), case).astype(np.int32)
    return rows, units


def _of_people(problem: Problem, at: Longs) -> Problem:
    """Return the question for the people of some rows; capacities and least use count these alone."""
    return replace(problem, people=_only(problem.people, at, 0.0))


def _of_kept(problem: Problem, at: Longs) -> Problem:
    """Return the question with some rows that must keep a site in reach."""
    limits = problem.must_reach
    return problem if limits is None else replace(problem, must_reach=_only(limits, at, np.inf))


def _of_units(problem: Problem, at: Longs) -> Problem:
    """Return the question with the least coverage of some districts."""
    least = problem.least_cover
    return problem if least is None else replace(problem, least_cover=_only(least, at, 0.0))


def _only(values: Floats, at: Longs, other: float) -> Floats:
    """Return the values at some places, and another one elsewhere."""
    kept = np.full(len(values), other)
    kept[at] = values[at]
    return kept


def _fewest(items: Longs, fits: Callable[[Longs], bool | None], case: _Case) -> Longs:
    """Return some of the items that are enough for nothing to fit, and none of which can be spared (QuickXplain)."""
    looks = 0

    def impossible(at: Longs) -> bool:
        nonlocal looks
        looks += 1
        if looks > _MOST_LOOKS or case.clock.left_s() <= 0:
            case.cut_short = True
            return False
        return fits(np.sort(at)) is False

    def needed(background: Longs, added: bool, some: Longs) -> Longs:
        if added and impossible(background):
            return some[:0]
        if len(some) <= 1:
            return some
        first, second = some[: len(some) // 2], some[len(some) // 2 :]
        of_second = needed(np.concatenate([background, first]), len(first) > 0, second)
        of_first = needed(np.concatenate([background, of_second]), len(of_second) > 0, first)
        return np.concatenate([of_first, of_second])

    return np.sort(needed(items[:0], False, items))


def _bound_that_does(case: _Case, rules: list[str]) -> float | None:
    """Return the least bound for which the question has a plan."""
    problem = case.problem
    if len(np.unique(problem.bounds)) > 1:
        return None
    usable: Bools = problem.fixed[problem.pairs.site] != SHUT
    costs = np.unique(problem.pairs.cost[usable & (problem.pairs.cost > problem.bounds.max(initial=0.0))])
    low, high = 0, len(costs)
    while low < high:
        middle = (low + high) // 2
        found = case.fits(rules, replace(problem, bound=float(costs[middle]), row_bound=None))
        if found is None:
            return None
        low, high = (low, middle) if found else (middle + 1, high)
    return float(costs[low]) if low < len(costs) else None
