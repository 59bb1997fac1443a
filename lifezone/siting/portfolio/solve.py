"""Choose and time projects, one objective after the other, each proved before the next.

For every objective: solve :class:`lifezone.siting.portfolio.master.Master` over the bounds known so far, compute what
its plan is truly worth, add the bounds that are equal to it there, and go on until the model promises no more than the
best plan has (Benders 1962; logic-based as in Hooker and Ottosson 2003, since the worth of a combination of road
projects is looked up, not linear). The linear relaxation is brought to its end first. What the model promises is a
valid upper bound at every moment, so a time limit leaves the best plan with its gap.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from lifezone.model import Floats, Longs
from lifezone.siting.milp import Solved, Tell
from lifezone.siting.portfolio.master import TIDY, Known, Master
from lifezone.siting.portfolio.problem import COUNTS, NEVER, PortfolioProblem
from lifezone.siting.portfolio.value import LEAST, Measure
from lifezone.siting.stop import Clock

__all__ = ["FoundPortfolio", "Reached", "solve_portfolio"]

_CLOSE = 1e-7
"""Relative difference at which a plan counts as proved."""
_MOST_ROUNDS = 60
"""Rounds on the linear relaxation; the integer rounds go on from whatever it gave."""
_LEAST_S = 0.05
"""Seconds that a step gets when the time is over, so that it has a bound at least."""
_MODEL_SIZE = 1000.0
"""What the largest gain of a measure is in the model."""


@dataclass(frozen=True)
class Reached:
    """What was reached of one objective.

    Attributes:
        name: the objective.
        value: of the plan.
        bound: no plan has more, among those that keep the objectives before.
        proved: the bound was reached; the plan may have less where something was given up for later objectives.
    """

    name: str
    value: float
    bound: float
    proved: bool


@dataclass(frozen=True, eq=False)
class FoundPortfolio:
    """The best plan found.

    Attributes:
        start: i64[n] first year of building, counted from 0; −1 = not carried out. Empty when nothing keeps the rules.
        reached: one entry an objective, first to last.
        stopped: whether the time ended before everything was proved.
    """

    start: Longs
    reached: tuple[Reached, ...]
    stopped: bool = False


def solve_portfolio(
    problem: PortfolioProblem, *, time_limit: float = 600.0, seed: int = 0, tell: Tell | None = None
) -> FoundPortfolio:
    """Find the plan that is best by the first objective, of those by the second, and so on.

    Args:
        problem: the question.
        time_limit: seconds for all objectives together.
        seed: of the solver.
        tell: told of (best plan, bound) of the objective at hand.
    """
    clock = Clock(time_limit)
    known = _first_bounds(problem)
    nothing = np.full(problem.projects.n, NEVER, np.int64)
    best: Longs | None = None if problem.projects.must else nothing
    kept: dict[str, float] = {}
    bounds: list[tuple[str, float, bool]] = []
    for aim in problem.objective:
        best, bound = _Stage(problem, known, aim, kept, clock, seed, tell).run(best)
        if best is None:
            return FoundPortfolio(np.empty(0, np.int64), (), stopped=bound > -np.inf)
        value = problem.goal(aim, best)
        proved = bound - value <= _CLOSE * max(1.0, abs(value))
        bounds.append((aim, value if proved else bound, proved))
        kept[aim] = _least(value, problem.give_up, counts=aim in COUNTS)
    assert best is not None  # there is an objective at least
    for aim in (*(problem.objective if problem.give_up else ()), TIDY):  # nothing is given up for nothing
        kept = {name: problem.goal(name, best) for name in problem.objective}
        best = _Stage(problem, known, aim, kept, clock, seed, None).run(best)[0]
        assert best is not None  # it was known before
    reached = []
    for name, bound, proved in bounds:
        value = problem.goal(name, best)
        near = abs(bound - value) <= _CLOSE * max(1.0, abs(value))
        reached.append(Reached(name, value, value if near else bound, proved))
    return FoundPortfolio(best, tuple(reached), stopped=not all(one.proved for one in reached))


def _least(value: float, give_up: float, *, counts: bool) -> float:
    """Return what later objectives must leave of a value."""
    least = value - give_up * abs(value)
    return float(np.ceil(least - 1e-9)) if counts else least


def _first_bounds(problem: PortfolioProblem) -> Known:
    """Return the bounds at nothing done, which are equal to the truth for projects that meet no other."""
    known = Known()
    nothing, everything = np.zeros(problem.projects.n), np.ones(problem.projects.n)
    for name, measure in problem.measures.items():
        if name not in problem.objective:
            continue
        for period in range(problem.n_years):
            known.add(name, period, measure.lower(period, nothing, 0))
            if len(measure.frame.states) > 1:
                known.add(name, period, measure.lower(period, nothing, LEAST))
                known.add(name, period, measure.lower(period, everything, LEAST))
    return known


class _Stage:
    """One objective being decided."""

    def __init__(self, problem: PortfolioProblem, known: Known, aim: str, kept: Mapping[str, float], clock: Clock,
                 seed: int, tell: Tell | None) -> None:  # fmt: skip
        self.problem, self.known, self.aim, self.kept = problem, known, aim, kept
        self.clock, self.seed = clock, seed
        self.tell = None if tell is None else self._in_units(tell)
        self.scale = {name: _scale(measure, problem.n_years) for name, measure in problem.measures.items()}
        self.master = Master(problem, known, aim, kept, self.scale)
        self.measures = [name for name in problem.measures if name in (aim, *kept)]

    def run(self, best: Longs | None) -> tuple[Longs | None, float]:
        """Return the best plan and the bound of this objective; no plan and −∞ when none keeps the rules."""
        if self.measures:
            self._relax()
        best_value = -np.inf if best is None else self._worth(best)
        bound = np.inf
        while True:
            solved = self.master.solve(
                time_limit=max(self.clock.left_s(), _LEAST_S), start=best, seed=self.seed, tell=self.tell
            )
            if solved.status == "infeasible":
                return best, -np.inf if best is None else bound
            bound = min(bound, self._bound(solved))
            if not len(solved.x):
                return best, bound
            plan = self.master.plan(solved)
            value = self._worth(plan)
            if value > best_value + _CLOSE * max(1.0, abs(value)) and self._keeps(plan):
                best, best_value = plan, value
            done = best is not None and bound - best_value <= _CLOSE * max(1.0, abs(best_value))
            if done or self.clock.left_s() <= 0 or not self._add(plan):
                return best, bound

    def _worth(self, plan: Longs) -> float:
        """Return the true value of a plan by this objective; more is better."""
        if self.aim == TIDY:
            begun = plan >= 0
            return -float(begun.sum() + plan[begun].sum() / (self.problem.n_years * self.problem.projects.n))
        return self.problem.goal(self.aim, plan)

    def _in_units(self, tell: Tell) -> Tell:
        """Return a listener to the model that tells values in the objective's own unit."""
        return lambda value, bound: tell(self.master.value(value), self.master.value(bound))

    def _bound(self, solved: Solved) -> float:
        """Return what the model promises at most."""
        return -solved.bound if self.aim == TIDY else self.master.value(solved.bound)

    def _keeps(self, plan: Longs) -> bool:
        """Tell whether a plan truly leaves the objectives decided before as they must be."""
        return all(
            self.problem.goal(name, plan) >= least - _CLOSE * max(1.0, abs(least)) for name, least in self.kept.items()
        )

    def _relax(self) -> None:
        """Add bounds at answers of the linear relaxation until they hold nothing new."""
        for _ in range(_MOST_ROUNDS):
            solved = self.master.solve(time_limit=max(self.clock.left_s(), _LEAST_S), relax=True)
            if solved.status != "optimal" or self.clock.left_s() <= 0:
                return
            y = solved.x[self.master.y]
            if not self._add_at(y, solved.x, fractional=True):
                return

    def _add(self, plan: Longs) -> bool:
        """Add the bounds that are equal to the truth at a plan; False when they are all known."""
        y = np.stack([self.problem.operating(plan, t + 1) for t in range(self.problem.n_years)], axis=1)
        return self._add_at(y.astype(np.float64), None, fractional=False)

    def _add_at(self, y: Floats, x: Floats | None, *, fractional: bool) -> bool:
        """Add bounds at f64[n, T] ``y``; of a relaxed answer ``x`` only those that it breaks."""
        added = False
        for name in self.measures:
            measure = self.problem.measures[name]
            for t in range(self.problem.n_years):
                for state in _states_at(measure, y[:, t], fractional=fractional):
                    bound = measure.lower(t, y[:, t], state)
                    now = bound.constant + bound.slope @ y[:, t]
                    if x is not None:
                        has = x[self.master.eta_of[name][t]] * self.scale[name]
                    else:
                        has = self._had(name, t, y[:, t])
                    if not (now > has + self.scale[name] * 1e-6 + 1e-9 * np.abs(now)).any():
                        continue
                    self.known.add(name, t, bound)
                    self.master.add(name, t, bound)
                    added = True
        return added

    def _had(self, name: str, period: int, y: Floats) -> Floats:
        """Return f64[C] the strongest bounds known at a point."""
        found = [bound.constant + bound.slope @ y for bound in self.known.lower.get((name, period), [])]
        return np.max(found, axis=0) if found else np.zeros(len(self.problem.measures[name].clusters[1]))


def _states_at(measure: Measure, y: Floats, *, fractional: bool) -> tuple[int, ...]:
    """Return the states whose bounds are looked at for an answer of the model."""
    frame = measure.frame
    if len(frame.states) == 1:
        return (0,)
    wanted = frozenset(q for q in frame.shapers.tolist() if y[q] > 0.5)
    number = next((k for k, state in enumerate(frame.states) if state == wanted), None)
    if fractional:
        return (LEAST,) if number is None else (LEAST, number)
    return () if number is None else (number,)


def _scale(measure: Measure, n_years: int) -> float:
    """Return what one unit of the model stands for."""
    largest = sum(float(measure.today_of(t).sum()) for t in range(n_years))
    return max(largest / _MODEL_SIZE, 1e-9)
