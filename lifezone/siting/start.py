"""A first plan for questions with rules: a solver's start, and an answer when the time ends before there is a better.

Sites are opened greedily, then opened, closed and swapped at random as long as less is broken, or as little is broken
for a better worth. What is judged: money, capacities and least use by nearest assignment, districts, cells that keep
their cover, people left out. Whether a plan keeps every rule is decided by the model itself, with its sites settled.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Final

import numpy as np

from lifezone.model import Bools, Floats, Ints
from lifezone.siting.problem import FREE, STANDS, Problem
from lifezone.siting.stop import Clock
from lifezone.siting.table import table_of

if TYPE_CHECKING:
    from lifezone.kernels.median import Table

__all__ = ["Judge", "first_plan"]

_TRIES: Final = 3000
"""Most sets of sites looked at."""
_TRIES_PER_SITE: Final = 40
_FAR: Final = 10.0
"""People without a site count as if it were so many times as far as the farthest trip."""


@dataclass(frozen=True, eq=False)
class Judge:
    """How good a set of sites is for a question: what it breaks first, its worth second; less is better.

    Attributes:
        problem: the question.
        method: what its worth is.
        share: set_cover: of the people.
    """

    problem: Problem
    method: str
    share: float = 1.0

    @cached_property
    def _table(self) -> Table:
        """Travel costs as the kernels want them; trips beyond the bound say nothing about coverage alone."""
        covers = self.method in ("set_cover", "max_cover", "backup_cover")
        return table_of(self.problem.near if covers and self.problem.must_reach is None else self.problem.pairs)

    @cached_property
    def _wanted(self) -> Bools:
        """bool[R] rows with people that a site can reach."""
        return np.asarray(self.problem.reachable & (self.problem.people > 0))

    def look(self, standing: Bools) -> tuple[float, float]:
        """Return how much is broken, 0 = nothing that can be seen here; and the worth."""
        problem, (site, costs) = self.problem, self._near(standing)
        cost = costs[:, 0]
        inside = (site[:, 0] >= 0) & (cost <= problem.bounds)
        load, taken = self._loads(site[:, 0], inside)
        broken = self._broken(standing, cost, inside, load, taken)
        match self.method:
            case "set_cover":
                return broken, float(standing[problem.fixed == FREE].sum())
            case "max_cover":
                return broken, -taken
            case "backup_cover":
                return broken, -float(problem.people[(site[:, 1] >= 0) & (costs[:, 1] <= problem.bounds)].sum())
            case "p_center":
                return broken, float(cost[self._wanted].max(initial=0.0))
            case _:
                return broken, float((problem.people * cost)[self._wanted].sum())

    def _near(self, standing: Bools) -> tuple[Ints, Floats]:
        """Return i32[R, 2] the two nearest standing sites of every row, and what they cost."""
        from lifezone.kernels.places import two_sites  # noqa: PLC0415

        n, far = self.problem.n_rows, _FAR * float(self.problem.pairs.cost.max(initial=1.0)) + 1.0
        site, cost = np.empty((n, 2), np.int32), np.empty((n, 2))
        two_sites(self._table, standing, far, site, cost)
        return site, cost

    def _loads(self, site: Ints, inside: Bools) -> tuple[Floats, float]:
        """Return f64[S] people who come to each site, and how many people are taken in within the bound."""
        problem = self.problem
        comes = site >= 0 if self._serves_all else inside
        load = np.bincount(site[comes], weights=problem.people[comes], minlength=problem.n_sites).astype(np.float64)
        if problem.capacity is None:
            return load, float(problem.people[inside].sum())
        if not problem.nearest_only:  # people can be sent on: only the places of all sites together are looked at
            return load, min(float(problem.people[inside].sum()), float(problem.capacity[np.unique(site[comes])].sum()))
        return load, float(np.minimum(load, problem.capacity).sum())

    @property
    def _serves_all(self) -> bool:
        """Whether everybody is sent somewhere, however far."""
        return self.method in ("p_median", "p_center", "close", "equity", "p_dispersion")

    def _broken(self, standing: Bools, cost: Floats, inside: Bools, load: Floats, taken: float) -> float:
        """Return what is broken, each rule as a share of what it is about."""
        problem = self.problem
        everyone = max(float(problem.people.sum()), 1.0)
        broken = 0.0
        if self._serves_all:
            broken += float(problem.people[self._wanted].sum() - load.sum()) / everyone
        elif self.method != "max_cover":
            broken += max(self.share * everyone - taken, 0.0) / everyone
        if problem.capacity is not None and self.method != "max_cover":
            full = np.maximum(load - problem.capacity, 0.0)[standing].sum()
            room = problem.capacity[standing].sum()
            broken += float(full if problem.nearest_only else max(load.sum() - room, 0.0)) / everyone
        if problem.least_use is not None:
            short = np.maximum(problem.least_use - load, 0.0)
            broken += float(short[standing & (problem.fixed == FREE)].sum()) / everyone
        if np.isfinite(problem.budget):
            broken += max(problem.money(standing) - problem.budget, 0.0) / max(problem.budget, 1.0)
        if problem.must_reach is not None:
            asked = np.isfinite(problem.must_reach)
            broken += float((asked & (cost > problem.must_reach)).sum()) / max(int(asked.sum()), 1)
        if problem.least_cover is not None and problem.district is not None:
            have = np.bincount(problem.district, weights=problem.people * inside, minlength=len(problem.least_cover))
            broken += float(np.maximum(problem.least_cover - have, 0.0).sum()) / everyone
        for quota in problem.quotas:
            broken += max(quota.least - float(quota.people[inside].sum()), 0.0) / max(quota.least, 1.0)
        some = np.asarray(problem.open_now & ~standing if self.method == "close" else standing & ~problem.open_now)
        for k, number in enumerate(problem.choose_each):
            n = int(some[problem.site_kind == k].sum())
            if number is not None:
                broken += max(n - number, 0) if problem.at_most else abs(n - number)
        if np.isfinite(problem.yearly_budget):
            broken += max(problem.yearly(standing) - problem.yearly_budget, 0.0) / max(problem.yearly_budget, 1.0)
        return broken


def first_plan(problem: Problem, method: str, *, share: float = 1.0, seed: int = 0, clock: Clock) -> Bools | None:
    """Return bool[S] sites of a good plan, as far as it can be seen without a solver; None = too few sites.

    The number to open or close is kept all the way.
    """
    judge = Judge(problem, method, share)
    now = _open_some(judge, method)
    if now is None:
        return None
    rng = np.random.default_rng(seed)
    best = judge.look(now)
    tries = min(_TRIES, _TRIES_PER_SITE * max(int((problem.fixed == FREE).sum()), 1))
    for _ in range(tries):
        if clock.left_s() <= 0 and best[0] <= 0:  # a plan that breaks nothing is worth the second it may take
            break
        turned = _move(problem, method, now, rng)
        if turned is None:
            break
        now[turned] = ~now[turned]
        found = judge.look(now)
        if found <= best:
            best = found
        else:
            now[turned] = ~now[turned]
    return now


def _open_some(judge: Judge, method: str) -> Bools | None:
    """Return as many sites as are asked for: those of today and the first free ones that help most."""
    problem = judge.problem
    old, new = problem.open_now, ~problem.open_now
    now = np.asarray((problem.fixed == STANDS) | (old & (problem.fixed == FREE)))
    free = np.flatnonzero((problem.fixed == FREE) & new)
    if method == "close":
        may = np.flatnonzero((problem.fixed == FREE) & old)
        if problem.choose is None or problem.choose > len(may):
            return None if problem.choose is not None else now
        for _ in range(problem.choose):
            _turn_best(judge, now, may[now[may]])
        return now
    number = problem.choose
    if number is None and problem.choose_each and None not in problem.choose_each:
        number = sum(one or 0 for one in problem.choose_each)
    wanted = None if number is None else number - int((now & new).sum())
    if wanted is not None and (wanted < 0 or wanted > len(free)) and not problem.at_most:
        return None
    exact = wanted is not None and not problem.at_most
    most = len(free) if wanted is None else min(wanted, len(free))
    for _ in range(most):
        before = judge.look(now)
        at = _turn_best(judge, now, free[~now[free]])
        if not exact and judge.look(now) >= before:
            now[at] = False
            break
    if problem.swaps:
        may = np.flatnonzero((problem.fixed == FREE) & old)
        for _ in range(min(int((now & new).sum()), len(may))):
            _turn_best(judge, now, may[now[may]])
    return now


_LOOKS: Final = 60
"""Sites compared for each opening; of more, as many are taken evenly."""


def _turn_best(judge: Judge, now: Bools, among: Ints) -> int:
    """Open or close the one site with the best outcome; of many, some are compared."""
    some = among if len(among) <= _LOOKS else among[np.linspace(0, len(among) - 1, _LOOKS).astype(int)]
    looks = []
    for j in some.tolist():
        now[j] = ~now[j]
        looks.append(judge.look(now))
        now[j] = ~now[j]
    best = int(some[min(range(len(looks)), key=looks.__getitem__)])
    now[best] = ~now[best]
    return best


def _move(problem: Problem, method: str, now: Bools, rng: np.random.Generator) -> Ints | None:
    """Draw sites to turn over so that the number asked for stays; None = there is no move."""
    new, free = ~problem.open_now, problem.fixed == FREE
    kinds = []
    for group in (free & new, free & ~new):
        inside, outside = np.flatnonzero(group & now), np.flatnonzero(group & ~now)
        if len(inside) and len(outside):
            kinds.append((inside, outside))
    exact_new = problem.choose is not None and not problem.at_most and method != "close"
    singles = []
    if not problem.swaps:
        if not exact_new and method != "close":
            room = problem.choose is None or int((now & new).sum()) < problem.choose
            singles.append(np.flatnonzero(free & new & (now | room)))
        if method != "close":
            singles.append(np.flatnonzero(free & ~new))
    choices = [*kinds, *[(one,) for one in singles if len(one)]]
    if not choices:
        return None
    drawn = choices[int(rng.integers(len(choices)))]
    return np.array([rng.choice(part) for part in drawn], np.int64)
