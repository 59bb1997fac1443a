"""Exact Pareto fronts over two or three goals by limits (ε-constraint; Haimes 1971, Laumanns and others 2006).

    min f_1   subject to f_k ≤ ε_k (k > 1) and all rules of the question

A *zone* is a set of limits ε. Its best plan z leaves, of all that lies in it, only plans better than z in some limited
goal: the zones with f_k < z_k, one for each k > 1, take the place of the zone; one without a plan is done. Every plan
on the front lies in a zone until it is found, so the front is whole when no zone is left (Kirlik and Sayın 2014 in the
plane of the limits). ε falls by the goal's own least step: the next value of the worst time, one facility, one person,
the least coin. Goals that vary finely (mean time, equity, people in parts) are made least themselves; where one must be
limited, its step is told. A tie in f_1 is broken by making the others least in turn; what another point still dominates
is left out. When the time ends, the zones that are left say which part of the front is not proved.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import numpy as np

from lifezone.siting.found import Found, infeasible
from lifezone.siting.front_words import told_of_front, told_of_steps, told_of_taken
from lifezone.siting.goals import GOALS, Goals
from lifezone.siting.milp import Tell
from lifezone.siting.problem import Problem
from lifezone.siting.stop import Clock

__all__ = ["knee", "pareto"]

Limits = dict[str, float]


@dataclass
class _Search:
    """Zones to look at, what was found, and what is left."""

    goals: Goals
    first: str
    others: tuple[str, ...]
    clock: Clock
    zones: list[Limits] = field(default_factory=list)
    solved: list[tuple[Limits, Found | None]] = field(default_factory=list)
    points: list[tuple[dict[str, float], Found]] = field(default_factory=list)
    left: list[Limits] = field(default_factory=list)


def pareto(
    problem: Problem, *, time_limit: float | None = None, tell: Tell | None = None, seed: int = 0,
    steps: Mapping[str, float] | None = None, take: int | None = None,
) -> Found:  # fmt: skip
    """Find every plan that no other beats in all of ``problem.goals``.

    Args:
        problem: the question; ``choose`` is the most that may open.
        time_limit: seconds for the whole front.
        tell: told how many points are found and the gap of the last one, whenever there is another.
        seed: of heuristics and solver.
        steps: least difference that counts, by goals that vary finely.
        take: which point is the plan, from 1 in the order of the first goal; None = the knee.

    Returns:
        The point that is taken, with the whole front beside it.
    """
    if not problem.nearest_only and (problem.capacity is not None or problem.least_use is not None):
        korean = (
            "파레토 선택지는 모두가 가장 가까운 시설에 가는 것으로 따지므로, 다른 곳으로 배정할 수 없습니다(assignment)"
        )
        return infeasible(
            "a front judges everybody's nearest facility: people cannot be sent elsewhere (assignment)", korean=korean
        )
    first, *others = sorted(problem.goals, key=GOALS.index)
    goals = Goals(problem, steps or {}, seed)
    search = _Search(goals, first, tuple(others), Clock(time_limit))
    search.zones.append(dict.fromkeys(others, float("inf")))
    while search.zones and search.clock.left_s() > 0:
        n_points = len(search.points)
        _look(search, search.zones.pop(0))
        if tell is not None and len(search.points) > n_points:
            tell(len(_undominated(search.points, problem.goals)), _gap(search, search.points[-1]))
    return _answer(search, take)


def _gap(search: _Search, point: tuple[dict[str, float], Found]) -> float:
    """Return how far a point may be from the best of its zone, as a part of its value."""
    value, bound = point[0][search.first], point[1].bound
    if point[1].status == "optimal" or value == bound:
        return 0.0
    return abs(value - bound) / abs(value) if value and np.isfinite(bound) else float("inf")


def _look(search: _Search, zone: Limits) -> None:
    """Find the best plan of a zone, and the zones that take its place."""
    known = next((one for limits, one in search.solved if _answers(search, limits, one, zone)), _UNKNOWN)
    found = known if known is not _UNKNOWN else _best(search, zone)
    search.solved.append((zone, found))
    if found is None:
        return
    if not len(found.standing) or found.status != "optimal":
        search.left.append(zone)
        if not len(found.standing):
            return
    worth = search.goals.worth(found.standing)
    if known is _UNKNOWN:
        search.points.append((worth, found))
    for goal in search.others:
        value = min(worth[goal], zone[goal])  # the solver's tolerance may leave it a hair above its limit
        inner = {**zone, goal: search.goals.below(goal, value)}
        if inner[goal] >= 0 and inner not in search.zones:
            search.zones.append(inner)


_UNKNOWN = Found("unknown", np.zeros(0, np.bool_), float("nan"))
"""No zone that was looked at answers for this one."""


def _answers(search: _Search, limits: Limits, found: Found | None, zone: Limits) -> bool:
    """Whether the answer of a wider zone is that of this one: nothing at all, or a plan that lies in it."""
    if any(zone[goal] > limits[goal] for goal in search.others):
        return False
    if found is None:
        return True
    if found.status != "optimal":
        return False
    worth = search.goals.worth(found.standing)
    return all(worth[goal] <= zone[goal] for goal in search.others)


def _best(search: _Search, zone: Limits) -> Found | None:
    """Return the best plan of a zone, the other goals least in turn where the first leaves a choice; None = no plan."""
    found = search.goals.least(search.first, zone, time_limit=search.clock.limit_s())
    if found.status == "infeasible":
        return None
    if found.status != "optimal" or search.goals.is_fine(search.first):
        return found
    limits = dict(zone)
    worth = search.goals.worth(found.standing)
    limits[search.first] = worth[search.first]
    for goal in search.others:
        rest = {name: limit for name, limit in limits.items() if name != goal}
        if search.clock.left_s() <= 0:
            return replace(found, status="feasible")
        tied = search.goals.least(goal, rest, time_limit=search.clock.limit_s())
        if not len(tied.standing) or tied.status != "optimal":
            return replace(found, status="feasible")
        found = replace(found, standing=tied.standing, serving=tied.serving)
        limits[goal] = search.goals.worth(tied.standing)[goal]
    return found


def _answer(search: _Search, take: int | None) -> Found:
    """Return the front, sorted by the first goal named, and the point that stands for it."""
    names = search.goals.problem.goals
    points = _undominated(search.points, names)
    unsearched = [*search.left, *search.zones]
    if not points:
        return Found("unknown", np.zeros(0, np.bool_), float("nan")) if unsearched else _no_point(search.goals)
    points.sort(key=lambda point: tuple(point[0][name] for name in names))
    values = np.array([[worth[name] for name in names] for worth, _ in points])
    at = knee(values) if take is None else min(take, len(points)) - 1
    said = [told_of_front(len(points), unsearched, search.goals.unit)]
    fine = [goal for goal in search.others if search.goals.is_fine(goal) and search.goals.best_sets is None]
    if fine:
        said.append(told_of_steps([(goal, search.goals.steps.get(goal)) for goal in fine]))
    if take is not None and take > len(points):
        said.append((f"the front has no point {take}: the last one is taken",
                     f"선택지 {take}번은 없어 마지막 것을 골랐습니다"))  # fmt: skip
    said.append(told_of_taken(at + 1, len(points), asked=take is not None))
    front = tuple(found for _, found in points)
    return replace(
        points[at][1], reasons=tuple(english for english, _ in said), reasons_ko=tuple(korean for _, korean in said),
        front=front, whole=not unsearched,
    )  # fmt: skip


def _no_point(goals: Goals) -> Found:
    """Return that no plan keeps every rule."""
    english, korean = "no plan keeps every rule", "모든 조건을 지키는 안이 없습니다"
    if goals.all_reached:
        english += " and reaches everybody whom some site reaches"
        korean = "모든 조건을 지키면서 닿을 수 있는 사람 모두에게 닿는 안이 없습니다"
    return infeasible(english, korean=korean)


def _undominated(points: list[tuple[dict[str, float], Found]], names: tuple[str, ...]) -> list[
    tuple[dict[str, float], Found]
]:  # fmt: skip
    """Return the points that no other is as good as in every goal; of equal ones the first."""
    kept: list[tuple[dict[str, float], Found]] = []
    for at, (worth, found) in enumerate(points):
        mine = [worth[name] for name in names]
        beaten = False
        for other, (theirs, _) in enumerate(points):
            yours = [theirs[name] for name in names]
            as_good = all(b <= a * (1 + 1e-12) + 1e-12 for a, b in zip(mine, yours, strict=True))
            same = all(abs(a - b) <= 1e-12 * max(1.0, abs(a)) for a, b in zip(mine, yours, strict=True))
            beaten |= other != at and as_good and (not same or other < at)
        if not beaten:
            kept.append((worth, found))
    return kept


def knee(values: np.ndarray) -> int:
    """Return the point nearest to the best value of every goal, each goal measured by its range over the front.

    Args:
        values: f64[n, goals].
    """
    low, high = values.min(axis=0), values.max(axis=0)
    part = (values - low) / np.where(high > low, high - low, 1.0)
    return int(np.argmin(np.round((part**2).sum(axis=1), 12)))
