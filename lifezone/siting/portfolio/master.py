"""The model that chooses and times projects, over the bounds on what they are worth that are known so far.

    b_ps ∈ {0, 1}   project p begins in year s (within its years)        y_pt = Σ_{s + d_p ≤ t} b_ps  in operation in t
    v_k ∈ [0, 1]    community k is served                                η_ct ≥ 0  burden of cluster c in period t

(1) Σ_s b_ps ≤ 1,  = 1 where it must be
(2) b_qs ≤ y_ps     what q requires is finished when q begins
(3) Σ_{p ∈ X} Σ_s b_ps ≤ |X| − 1      projects that do not go together
(4) Σ_{p serves k} Σ_s b_ps ≤ m       projects of one community;   v_k ≤ Σ_{p serves k} Σ_s b_ps
(5) Σ_ps cost_ps b_ps ≤ budget;  spending of each year ≤ its money, or up to each year ≤ the money up to it
(6) η_ct ≥ constant + slope · y_t     every bound of :class:`lifezone.siting.portfolio.value.Measure` found so far
(7) goals decided before keep their value, less what may be given up
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from lifezone.model import Floats, Ints, Longs
from lifezone.siting.milp import Model, Solved, Tell
from lifezone.siting.portfolio.problem import NEVER, PortfolioProblem
from lifezone.siting.portfolio.value import Lower

__all__ = ["TIDY", "Known", "Master"]

TIDY = "tidy"
"""Last of all: few projects, begun early; what adds nothing to any objective is left out."""

_SLACK = 1e-7
"""Share of an earlier objective by which a later one may miss it, for the solver's tolerance."""


@dataclass
class Known:
    """Bounds found so far by measure and period; **grows**."""

    lower: dict[tuple[str, int], list[Lower]] = field(default_factory=dict)

    def add(self, measure: str, period: int, bound: Lower) -> None:
        """Keep one bound."""
        self.lower.setdefault((measure, period), []).append(bound)


class Master:
    """The model for one objective."""

    def __init__(self, problem: PortfolioProblem, known: Known, aim: str, kept: Mapping[str, float],
                 scale: Mapping[str, float]) -> None:  # fmt: skip
        """Put the model together.

        Args:
            problem: the question.
            known: bounds on what projects are worth.
            aim: the objective of this model, or :data:`TIDY`.
            kept: objectives decided before, and the least value that they keep.
            scale: measure → what one unit of the model stands for, so that its numbers are near 1,000.
        """
        self.problem, self.aim, self.scale = problem, aim, scale
        self.model = Model(maximise=aim != TIDY)
        self.begins = self._begins()
        self.y = self._operating()
        self._rules()
        self._money()
        self.served = self._served()
        self.eta_of: dict[str, np.ndarray] = {}
        for name in problem.measures:
            if name in (aim, *kept):
                self._burden(name, known)
        for name, least in kept.items():
            self._keep(name, least)

    def _begins(self) -> np.ndarray:
        """Add b; return i32[n, T] its columns."""
        projects, years = self.problem.projects, self.problem.n_years
        year = np.arange(years)
        allowed = [(year >= projects.earliest[p]) & (year <= self.problem.latest(p)) for p in range(projects.n)]
        gain: Floats | float = 1.0 if self.aim == "projects" else 0.0
        if self.aim == TIDY:
            gain = np.tile(1.0 + year / (years * projects.n), projects.n)
        at = self.model.columns(projects.n * years, cost=gain, high=np.concatenate(allowed).astype(float), integer=True)
        return at.reshape(projects.n, years)

    def _operating(self) -> np.ndarray:
        """Add y for the years after each year of the plan; return i32[n, T]."""
        n, years = self.begins.shape
        y = self.model.columns(n * years).reshape(n, years)
        rows, columns, values = [], [], []
        for p in range(n):
            takes = len(self.problem.projects.costs[p])
            for t in range(1, years + 1):
                begun = self.begins[p, : max(t - takes + 1, 0)]
                number = p * years + t - 1
                rows.append(np.full(len(begun) + 1, number))
                columns.append(np.append(begun, y[p, t - 1]))
                values.append(np.append(np.ones(len(begun)), -1.0))
        self.model.rows(
            n * years, np.concatenate(rows), np.concatenate(columns), np.concatenate(values), low=0.0, high=0.0
        )
        return y

    def _rules(self) -> None:
        """Add (1) to (3)."""
        projects, model = self.problem.projects, self.model
        for p in range(projects.n):
            model.row(self.begins[p], 1.0, low=1.0 if p in projects.must else -np.inf, high=1.0)
        for later, earlier in projects.requires:
            model.row(self.begins[later, :1], 1.0, high=0.0)  # nothing is finished in the first year
            for s in range(1, self.problem.n_years):
                model.row(np.array([self.begins[later, s], self.y[earlier, s - 1]]), np.array([1.0, -1.0]), high=0.0)
        for together in projects.apart:
            model.row(self.begins[list(together)].ravel(), 1.0, high=len(together) - 1)

    def _served(self) -> Ints:
        """Add (4) and v; return the columns of v."""
        problem = self.problem
        members: list[list[int]] = [[] for _ in range(problem.projects.n_villages)]
        for p, villages in enumerate(problem.projects.villages):
            for village in villages:
                members[village].append(p)
        v = self.model.columns(len(members), cost=1.0 if self.aim == "communities" else 0.0)
        for column, projects in zip(v, members, strict=True):
            begun = self.begins[projects].ravel()
            self.model.row(np.append(begun, column), np.append(np.ones(len(begun)), -1.0), low=0.0)
            if problem.per_village is not None and len(projects) > problem.per_village:
                self.model.row(begun, 1.0, high=problem.per_village)
        return v

    def _money(self) -> None:
        """Add (5), in shares of the budget."""
        problem, money = self.problem, self.problem.money
        years = problem.n_years
        spent = np.zeros((years, *self.begins.shape))  # won in year t of project p begun in s
        for p, costs in enumerate(problem.projects.costs):
            for s in range(years - len(costs) + 1):
                spent[s : s + len(costs), p, s] = costs
                if money.pays_running:
                    spent[s + len(costs) :, p, s] = problem.projects.running[p]
        unit = max(money.total, 1.0) / 1000.0
        columns = self.begins.ravel()
        self.model.row(columns, spent.sum(axis=0).ravel() / unit, high=money.total / unit)
        if money.carry_over:
            spent, limit = np.cumsum(spent, axis=0), np.cumsum(money.yearly)
        else:
            limit = money.yearly
        for t in range(years):
            self.model.row(columns, spent[t].ravel() / unit, high=limit[t] / unit)

    def _burden(self, name: str, known: Known) -> None:
        """Add η of one measure, i32[T, C], with the bounds (6) known."""
        years, n_clusters = self.problem.n_years, len(self.problem.measures[name].clusters[1])
        cost = -1.0 if name == self.aim else 0.0
        eta = self.model.columns(n_clusters * years, cost=cost, high=np.inf)
        self.eta_of[name] = eta.reshape(years, n_clusters)
        for t in range(years):
            for bound in known.lower.get((name, t), []):
                self.add(name, t, bound)

    def add(self, name: str, period: int, bound: Lower) -> None:
        """Add one bound (6)."""
        eta, scale = self.eta_of[name][period], self.scale[name]
        cluster, project = np.nonzero(bound.slope)
        n = len(eta)
        self.model.rows(
            n,
            np.concatenate([np.arange(n), cluster]),
            np.concatenate([eta, self.y[project, period]]),
            np.concatenate([np.ones(n), -bound.slope[cluster, project] / scale]),
            low=bound.constant / scale,
        )

    def _keep(self, name: str, least: float) -> None:
        """Add (7)."""
        if name == "communities":
            self.model.row(self.served, 1.0, low=least)
        elif name == "projects":
            self.model.row(self.begins.ravel(), 1.0, low=least)
        else:
            least -= _SLACK * max(1.0, abs(least))
            self.model.row(self.eta_of[name].ravel(), 1.0, high=self._today(name) - least / self.scale[name])

    def _today(self, name: str) -> float:
        """Return the burden without any project over all periods, in units of the model."""
        measure = self.problem.measures[name]
        total = sum(float(measure.today_of(t).sum()) for t in range(self.problem.n_years))
        return total / self.scale[name]

    def solve(
        self, *, time_limit: float, start: Longs | None = None, relax: bool = False, tell: Tell | None = None,
        seed: int = 0,
    ) -> Solved:  # fmt: skip
        """Hand the model to HiGHS, from the plan f64[n] ``start`` where one is known."""
        known = None
        if start is not None:
            known = np.full(self.model.n_columns, np.nan)
            known[self.begins] = 0.0
            for p in np.flatnonzero(start >= 0).tolist():
                known[self.begins[p, start[p]]] = 1.0
        return self.model.solve(time_limit=time_limit, start=known, relax=relax, tell=tell, seed=seed)

    def plan(self, solved: Solved) -> Longs:
        """Return i64[n] the year in which each project begins, or never."""
        begun = solved.x[self.begins] > 0.5
        return np.where(begun.any(axis=1), begun.argmax(axis=1), NEVER).astype(np.int64)

    def value(self, model_value: float) -> float:
        """Return an objective of the model in the objective's own unit."""
        if self.aim not in self.problem.measures:
            return model_value
        return (self._today(self.aim) + model_value) * self.scale[self.aim]
