"""Goals of a Pareto front: what a set of sites is worth, and the best one within limits of the others.

    sites        facilities that stand
    cost         money of opening and closing, less savings, by (3) and (11)
    mean_time    Σ a_i t_i ÷ Σ a_i, by (15) and (16)
    worst_time   max t_i: everybody has a site within it, by (10)
    beyond       Σ a_i (1 − z_i), by (4)
    equity       FGT 2 (D2), by (15) and (16) over g²

All are better when less. People whom no site can reach are left out of the mean and the worst time; they count as
beyond and with depth 1. Whom some site reaches must be reached where the mean or the worst time is among the goals.
Few sites to choose from: every set is looked at (``every_set``). Where only the number of sites is limited, or money
and every site costs the same, the methods that are made for one goal answer: p-median, p-center, MCLP; a limit on the
worst time leaves the longer trips out. They also say how few sites are as good. What is left goes to HiGHS, which
starts from the best answer known that keeps the limits.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Final

import numpy as np

from lifezone.model import Bools, Floats, GoalValue, Ints, Longs
from lifezone.siting.center import p_center
from lifezone.siting.cover import max_cover
from lifezone.siting.equity import least_fgt2, severity
from lifezone.siting.every_set import best_sets, is_small, least_within
from lifezone.siting.family import money, ruled_sites
from lifezone.siting.found import Found, infeasible, read
from lifezone.siting.median import p_median
from lifezone.siting.milp import Model
from lifezone.siting.problem import FREE, SHUT, STANDS, Problem, serve
from lifezone.siting.radius import radius
from lifezone.siting.reduce import settle
from lifezone.siting.stop import Clock

__all__ = ["GOALS", "Goals", "goal_values", "objective_goal", "unit_of_goal"]

GOALS: Final = ("mean_time", "equity", "beyond", "cost", "worst_time", "sites")
"""In the order in which one of them is made least and the others are limited: the first vary most finely."""
_FINE: Final = 1e-6
"""Part of the largest value: values of a goal that varies finely count as one when they are nearer; told."""
_SCALE: Final = 1000.0
"""Limits are scaled to about this size, so that the solver's tolerance of 1e-6 lies far below a step."""


_UNITS: Final[Mapping[str, str]] = {
    "mean_time": "{unit}", "equity": "FGT 2", "beyond": "people", "cost": "won", "worst_time": "{unit}",
    "sites": "sites",
}  # fmt: skip
"""What each goal counts; ``{unit}`` is seconds or metres."""


_SOLVERS: Final = {"mean_time": p_median, "worst_time": p_center, "beyond": max_cover, "equity": least_fgt2}
"""Methods that are made for one goal and a number of sites."""


def objective_goal(problem: Problem) -> str:
    """Return the goal that is made least while the others are limited."""
    return min(problem.goals, key=GOALS.index)


def unit_of_goal(problem: Problem, goal: str) -> str:
    """Return what a goal counts."""
    return _UNITS[goal].format(unit=problem.unit)


def goal_values(problem: Problem, standing: Bools) -> tuple[GoalValue, ...]:
    """Return what every goal of the question comes to."""
    worth = Goals(problem, {}).worth(standing)
    first = objective_goal(problem) if problem.goals else ""
    return tuple(GoalValue(name, value, unit_of_goal(problem, name), name == first) for name, value in worth.items())


@dataclass(frozen=True, eq=False)
class Goals:
    """The goals of one question.

    Attributes:
        problem: the question.
        steps: least difference that counts, by goal; only for goals that vary finely.
        seed: of heuristics and solver.
    """

    problem: Problem
    steps: Mapping[str, float]
    seed: int = 0
    _by_number: dict[tuple[str, int, float], Found] = field(default_factory=dict)
    _seen: list[Bools] = field(default_factory=list)

    @cached_property
    def best_sets(self) -> tuple[Bools, Floats] | None:
        """bool[n, S] and f64[n, goals]: every set that no other is as good as; None = too many sets to look at."""
        if self.steps or not is_small(self.problem):
            return None
        standing = best_sets(self.problem, reach_all=self.all_reached)
        exact = [list(self.worth(one).values()) for one in standing]  # sums as everybody else forms them
        return standing, np.array(exact, np.float64).reshape(-1, len(self.problem.goals))

    @cached_property
    def wanted(self) -> Bools:
        """bool[R] rows with people that some site reaches."""
        return np.asarray(self.problem.reachable & (self.problem.people > 0))

    @cached_property
    def levels(self) -> Floats:
        """f64[n] every value that the worst time can take, ascending."""
        problem = self.problem
        use = (problem.fixed[problem.pairs.site] != SHUT) & self.wanted[problem.pairs.row]
        return np.unique(problem.pairs.cost[use])

    def unit(self, goal: str) -> str:
        """Return what a goal counts."""
        return unit_of_goal(self.problem, goal)

    @property
    def all_reached(self) -> bool:
        """Whether everybody whom some site reaches must be reached."""
        return bool({"mean_time", "worst_time"} & set(self.problem.goals))

    def worth(self, standing: Bools) -> dict[str, float]:
        """Return the value of every goal asked for."""
        problem = self.problem
        cost = serve(problem.pairs, standing).cost
        people, reached = problem.people[self.wanted], cost[self.wanted]
        everyone = float(problem.people.sum())
        found = {
            "sites": lambda: float(standing.sum()),
            "cost": lambda: problem.money(standing),
            "mean_time": lambda: float((people * reached).sum() / people.sum()) if len(people) else 0.0,
            "worst_time": lambda: float(reached.max(initial=0.0)),
            "beyond": lambda: float(problem.people[~(cost <= problem.bounds)].sum()),
            "equity": lambda: float((problem.people * severity(cost, problem.bounds)).sum()) / everyone
            if everyone > 0 else 0.0,
        }  # fmt: skip
        return {goal: found[goal]() for goal in problem.goals}

    def below(self, goal: str, value: float) -> float:
        """Return the largest limit that a strictly better value keeps."""
        problem = self.problem
        if goal == "sites":
            return value - 1.0
        if goal == "worst_time":
            at = int(np.searchsorted(self.levels, value)) - 1
            return float(self.levels[at]) if at >= 0 else -1.0
        if goal in self.steps:
            return value - self.steps[goal]
        if goal == "beyond" and (problem.people == np.rint(problem.people)).all():
            return value - 0.5
        if goal == "cost" and (unit := self._least_coin()):
            return value - unit / 2.0
        return value - _FINE * self._size(goal)

    def _size(self, goal: str) -> float:
        """Return about the largest value that a goal can take."""
        problem = self.problem
        match goal:
            case "mean_time":
                return float(self.levels[-1]) if len(self.levels) else 1.0
            case "beyond":
                return float(problem.people.sum())
            case "cost":
                costs = (problem.open_cost, problem.close_cost)
                return float(sum(cost.sum() for cost in costs if cost is not None))
            case _:
                return 1.0

    def is_fine(self, goal: str) -> bool:
        """Whether a goal varies so finely that a step had to be set."""
        whole = bool((self.problem.people == np.rint(self.problem.people)).all())
        return (
            goal in ("mean_time", "equity")
            or (goal == "beyond" and not whole)
            or (goal == "cost" and not self._least_coin())
        )

    def _least_coin(self) -> int:
        """Return the largest amount that divides every cost, 0 when they are not whole."""
        problem = self.problem
        found = 0
        for costs in (problem.open_cost, problem.close_cost, problem.saving):
            if costs is None:
                continue
            if (costs != np.rint(costs)).any():
                return 0
            found = math.gcd(found, *np.unique(costs).astype(np.int64).tolist())
        return found

    def least(self, goal: str, limits: Mapping[str, float], *, time_limit: float | None = None) -> Found:
        """Return the sites with the least value of a goal within limits of others, in the unit of the goal.

        Args:
            goal: one of those asked for.
            limits: by other goals, inclusive; ``inf`` = none.
            time_limit: seconds.
        """
        limits = {name: limit for name, limit in limits.items() if np.isfinite(limit)}
        if any(limit < 0 for limit in limits.values()):
            return infeasible()
        if self.best_sets is not None:
            return least_within(self.problem.goals, *self.best_sets, goal, limits)
        found = self._made_for_it(goal, limits, time_limit)
        if found is None:
            found = self._fewest(goal, limits, time_limit)
        if found is None and goal == "worst_time":
            found = self._least_worst(limits, time_limit)
        if found is None:
            found = self._solved(goal, limits, time_limit)
        if len(found.standing):
            self._seen.append(found.standing)
        return found

    def _made_for_it(self, goal: str, limits: Mapping[str, float], time_limit: float | None) -> Found | None:
        """Answer by the method of one goal where only the number of sites is limited; None = there are other rules."""
        radius = limits.get("worst_time", np.inf)
        rest = {name: limit for name, limit in limits.items() if name != "worst_time"}
        reach = self.all_reached and goal in ("beyond", "equity")
        if goal not in _SOLVERS or not self._is_number or not set(rest) <= {"sites", "cost"} or reach:
            return None
        problem = self.problem
        most, must = self._most_sites(rest), int((problem.standing & ~problem.open_now).sum())
        if most < must:
            return infeasible()
        if most == 0 and not problem.open_now.any():
            return infeasible() if self.all_reached else None
        key = (goal, most, radius)
        if key not in self._by_number:
            found = self._numbered(goal, most, radius, time_limit)
            if found.status not in ("optimal", "infeasible"):
                return found
            self._by_number[key] = found
        return self._by_number[key]

    def _numbered(self, goal: str, most: int, radius: float, time_limit: float | None) -> Found:
        """Solve for one goal and a number of new sites, with no trip longer than ``radius``."""
        problem = replace(self.problem, choose=most, at_most=False, budget=float("inf"))
        if np.isfinite(radius):
            problem = replace(problem, pairs=problem.pairs.select(bound=radius))
            if (self.wanted & ~problem.reachable).any():
                return infeasible()
        found = _SOLVERS[goal](problem, time_limit=time_limit, seed=self.seed)
        if not len(found.standing):
            return found
        people, total = float(self.problem.people[self.wanted].sum()), float(self.problem.people.sum())
        bound = {"mean_time": found.bound / people if people else 0.0, "beyond": total - found.bound}
        return replace(found, bound=bound.get(goal, found.bound))

    @cached_property
    def _price(self) -> float | None:
        """What every site costs that may open, where that is the same for all and nothing else is paid; else None."""
        problem = self.problem
        if problem.open_cost is None or problem.saving is not None:
            return None
        prices = problem.open_cost[(problem.fixed == FREE) & ~problem.open_now]
        return float(prices[0]) if len(prices) and (prices == prices[0]).all() and prices[0] > 0 else None

    @cached_property
    def _is_number(self) -> bool:
        """Whether the rules of the question come to a number of sites, and nothing closes."""
        problem = self.problem
        pays = np.isfinite(problem.budget) or "cost" in problem.goals
        settled = not (problem.open_now & (problem.fixed != STANDS)).any()
        return settled and replace(problem, budget=float("inf")).is_plain and not (pays and self._price is None)

    def _most_sites(self, limits: Mapping[str, float]) -> int:
        """Return how many sites may open within limits on sites and money."""
        problem = self.problem
        free = int(((problem.fixed != SHUT) & ~problem.open_now).sum())
        most = free if problem.choose is None else min(problem.choose, free)
        if "sites" in limits:
            most = min(most, int(limits["sites"] - problem.open_now.sum()))
        money = min(problem.budget, limits.get("cost", np.inf))
        if np.isfinite(money) and self._price is not None:
            settled = problem.standing | problem.open_now
            new = int((problem.standing & ~problem.open_now).sum())
            most = min(most, new + math.floor((money - problem.money(settled)) / self._price + 1e-9))
        return most

    def _fewest(self, goal: str, limits: Mapping[str, float], time_limit: float | None) -> Found | None:
        """Find the fewest (cheapest) sites that are as good in one goal, number by number; None = other rules.

        As ties are what is asked, the number that is known to do is mostly the fewest: one question more proves it.
        """
        rest = {name: limit for name, limit in limits.items() if name not in ("sites", "cost", "worst_time")}
        if goal not in ("sites", "cost") or len(rest) != 1 or not self._is_number:
            return None
        ((name, limit),) = rest.items()
        radius = limits.get("worst_time", np.inf)
        numbers = {key: limits[key] for key in ("sites", "cost") if key in limits}
        enough, best = self._most_sites(numbers), Found("unknown", np.zeros(0, np.bool_), float("nan"))
        for (asked, most, within), known in self._by_number.items():
            if (asked, within) == (name, radius) and most <= enough and self._keeps(known, name, limit):
                enough, best = most, known
        clock = Clock(time_limit)
        least = int((self.problem.standing & ~self.problem.open_now).sum())
        for most in range(enough - bool(len(best.standing)), least - 1, -1):
            if clock.left_s() <= 0:
                return replace(best, status="feasible") if len(best.standing) else best
            some = {"worst_time": radius, "sites": float(most + self.problem.open_now.sum())}
            found = self._made_for_it(name, some, clock.limit_s())
            if found is None or found.status not in ("optimal", "infeasible"):
                return None
            if not self._keeps(found, name, limit):
                break
            best = found
        return replace(best, bound=self.worth(best.standing)[goal]) if len(best.standing) else infeasible()

    def _keeps(self, found: Found, goal: str, limit: float) -> bool:
        """Whether an answer keeps a limit."""
        return bool(len(found.standing)) and self.worth(found.standing)[goal] <= limit

    def _least_worst(self, limits: Mapping[str, float], time_limit: float | None) -> Found:
        """Find the least worst time by halving its values, each step a question of whether any sites fit."""
        low, high, best = 0, len(self.levels), np.zeros(0, np.bool_)
        while low < high:
            middle = (low + high) // 2
            found = self._solved("", {**limits, "worst_time": float(self.levels[middle])}, time_limit)
            if found.status == "infeasible":
                low = middle + 1
            elif not len(found.standing):
                return Found("feasible" if len(best) else "unknown", best, float(self.levels[low]))
            else:
                best = found.standing
                high = int(np.searchsorted(self.levels, self.worth(best)["worst_time"]))
        return Found("optimal", best, float(self.levels[low])) if len(best) else infeasible()

    def _solved(self, goal: str, limits: Mapping[str, float], time_limit: float | None) -> Found:
        """Solve a model of one goal and limits of others; without a goal, any sites will do."""
        model = Model()
        y, taken = ruled_sites(model, self._limited(limits))
        base = 0.0
        for name in self.problem.goals:
            if name == "worst_time" or (name != goal and name not in limits):
                continue
            column, value, fixed = self._expression(model, y, name)
            if name == goal:
                model.more_cost(column, value)
                base = fixed
            else:
                scale = _SCALE / max(float(np.abs(value).max(initial=0.0)), abs(limits[name]), 1e-9)
                model.row(column, value * scale, high=(limits[name] - fixed) * scale)
        known = self._known(goal, limits)
        start = None
        if known is not None:
            start = np.full(model.n_columns, np.nan)
            start[y] = known
        solved = model.solve(time_limit=time_limit, start=start, seed=self.seed)
        return read(solved, y, base=base, assigned=taken, start=known)

    def _known(self, goal: str, limits: Mapping[str, float]) -> Bools | None:
        """Return bool[S] the best answer found so far that keeps the limits, None = there is none."""
        best, least = None, np.inf
        for standing in self._seen:
            worth = self.worth(standing)
            if all(worth[name] <= limit for name, limit in limits.items()) and worth.get(goal, 0.0) < least:
                best, least = standing, worth.get(goal, 0.0)
        return best

    def _limited(self, limits: Mapping[str, float]) -> Problem:
        """Return the question in which everybody is reached, within the worst time that is allowed."""
        problem = replace(self.problem, at_most=True)
        if not self.all_reached:
            return problem
        most = limits.get("worst_time", float(self.levels[-1]) if len(self.levels) else 0.0)
        reach = np.where(self.wanted, most, np.inf)
        return replace(
            problem, must_reach=reach if problem.must_reach is None else np.minimum(reach, problem.must_reach)
        )

    def _expression(self, model: Model, y: Ints, goal: str) -> tuple[Longs, Floats, float]:
        """Add what a goal needs; return columns, values and constant of its sum."""
        problem = replace(self.problem, at_most=True)
        if goal == "sites":
            return y.astype(np.int64), np.ones(len(y)), 0.0
        if goal == "cost":
            return money(model, problem, y)
        if goal == "beyond":
            reduced = settle(problem.near, problem.people, problem.fixed)
            z = model.columns(reduced.pairs.n_rows)
            n = np.arange(len(z))
            model.rows(
                len(n), np.concatenate([reduced.pairs.row, n]), np.concatenate([y[reduced.pairs.site], z]),
                np.concatenate([np.ones(len(reduced.pairs.site)), -np.ones(len(n))]), low=0.0,
            )  # fmt: skip
            fixed = float(problem.people[reduced.row_of != -1].sum())
            return z.astype(np.int64), -reduced.people, fixed
        usable = problem.pairs.only(problem.fixed[problem.pairs.site] != SHUT)
        if goal == "mean_time":
            t = radius(model, problem, y, usable.only(self.wanted[usable.row]))
            return t.summed(np.where(self.wanted, problem.people, 0.0) / float(problem.people[self.wanted].sum()))
        weight = problem.people / float(problem.people.sum())
        t = radius(model, problem, y, usable, value=severity(usable.cost, problem.bounds[usable.row]), unserved=1.0)
        column, value, fixed = t.summed(weight)
        return column, value, fixed + float(weight[np.diff(usable.first) == 0].sum())
