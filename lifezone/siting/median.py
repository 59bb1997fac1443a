"""p-median: least total travel (Hakimi 1964; ReVelle and Swain 1970).

    min Σ_ij a_i c_ij x_ij   subject to (1), (2), (3), (5), and (6) to (8) where asked

Plain questions go: interchange from several starts (an upper bound) → Lagrangian relaxation of (5) (a lower bound, and
sites that no better answer uses, or all do) → branching on the sites left, each part bounded in the same way. On the
OR-Library set that takes a tenth of the time that HiGHS takes for what the first bound leaves open; questions with
money, capacities or rules of coverage go to HiGHS whole. A row that no allowed site reaches is left out and told; a row
that some site reaches must be served.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

import numpy as np

from lifezone.model import Bools, Floats
from lifezone.siting.family import assign, cover, must_keep, sent_enough, sites
from lifezone.siting.found import Found, infeasible, read
from lifezone.siting.milp import Model, Tell
from lifezone.siting.problem import FREE, SHUT, STANDS, Problem, serve
from lifezone.siting.table import table_of

if TYPE_CHECKING:
    from lifezone.kernels.median import Near, Table

__all__ = ["interchange", "p_median", "total_cost"]

_STARTS: Final = 8
"""Starts of the interchange beside the greedy one."""
_ROUNDS: Final = 1500
"""Most steps of the subgradient method."""
_ROUNDS_BELOW: Final = 150
"""Steps in a part of the answers, which starts from the multipliers of the whole."""


def total_cost(problem: Problem, standing: Bools) -> float:
    """Return Σ people × cost to the nearest standing site over the rows that any site reaches; inf = one is not."""
    cost = serve(problem.pairs, standing).cost
    some = problem.reachable & (problem.people > 0)
    return float((problem.people[some] * cost[some]).sum())


def p_median(problem: Problem, *, time_limit: float | None = None, tell: Tell | None = None, seed: int = 0) -> Found:
    """Find the sites with the least total travel of all people."""
    started = time.monotonic()
    wanted = problem.reachable & (problem.people > 0)
    if not problem.is_plain or problem.choose is None:
        return _with_rules(problem, wanted, time_limit, tell, seed)
    usable = problem.pairs.only((problem.fixed[problem.pairs.site] != SHUT) & wanted[problem.pairs.row]).rows(wanted)
    small = replace(problem.of_rows(wanted), pairs=usable)
    stands = interchange(small, seed=seed)
    if stands is None:
        return infeasible(f"there are fewer than {problem.choose} sites to choose from")
    best = total_cost(small, stands)
    if not np.isfinite(best):  # the interchange found no set of sites that reaches everybody
        cover = _reach_everybody(small, time_limit, seed)
        if isinstance(cover, Found):
            return cover
        stands, best = cover, total_cost(small, cover)

    def left_s() -> float:
        return float("inf") if time_limit is None else time_limit - (time.monotonic() - started)

    found = _branch(small, stands, best, left_s, tell)
    if found.status == "feasible" and _is_whole(small):
        found = replace(found, bound=float(np.ceil(found.bound - 1e-6)))
    return found


def _is_whole(problem: Problem) -> bool:
    """Whether every total is a whole number, so that bounds can be rounded up."""
    products = problem.people[problem.pairs.row] * problem.pairs.cost
    return bool((products == np.rint(products)).all() and products.sum() < 2**50)


def _reach_everybody(small: Problem, time_limit: float | None, seed: int) -> Bools | Found:
    """Return bool[S] sites that reach everybody who can be reached, or how many it takes when it takes too many."""
    from lifezone.siting.cover import set_cover  # noqa: PLC0415

    kept = np.where(small.open_now & (small.fixed == FREE), STANDS, small.fixed).astype(np.int8)  # closing helps nobody
    every = replace(small, fixed=kept, bound=float(small.pairs.cost.max()), row_bound=None, choose=None)
    least = set_cover(every, time_limit=time_limit, seed=seed)
    if not len(least.standing):
        return least
    needed = int((least.standing & ~small.open_now).sum())
    if needed > (small.choose or 0) and least.status == "optimal":
        return infeasible(
            f"{small.choose} sites cannot reach every demand point that some site reaches: it takes {needed}; "
            "choose more, or give travel times over a longer reach"
        )
    if needed > (small.choose or 0):
        return Found("unknown", np.zeros(0, np.bool_), float("nan"))
    stands = least.standing.copy()
    more = np.flatnonzero((small.fixed == FREE) & ~small.open_now & ~stands)
    stands[more[: (small.choose or 0) - needed]] = True
    return np.asarray(stands)


def interchange(problem: Problem, *, seed: int = 0, starts: int = _STARTS) -> Bools | None:
    """Return bool[S] the best of several interchange searches, the first from a greedy start; None = too few sites."""
    free_new = np.flatnonzero((problem.fixed == FREE) & ~problem.open_now)
    stands = problem.standing | ((problem.fixed == FREE) & problem.open_now)
    wanted = (problem.choose or 0) - int((problem.standing & ~problem.open_now).sum())
    if wanted < 0 or wanted > len(free_new):
        return None
    table = table_of(problem.pairs)
    unserved = 10.0 * (float(problem.pairs.cost.max()) if len(problem.pairs.cost) else 1.0) + 1.0
    may = np.zeros(problem.n_sites, np.bool_)
    may[free_new] = True
    best, least = None, np.inf
    rng = np.random.default_rng(seed)
    for start in range(starts + 1):
        now = stands.copy()
        if start == 0:
            _open_greedily(table, problem.people, now, may, wanted, unserved)
        else:
            now[rng.choice(free_new, wanted, replace=False)] = True
        cost = _swap_until_best(table, problem.people, now, may, unserved)
        if cost < least * (1 - 1e-12):
            best, least = now, cost
    return best


def _open_greedily(table: Table, people: Floats, now: Bools, may: Bools, wanted: int, unserved: float) -> None:
    """Open the first ``wanted`` sites greedily."""
    from lifezone.kernels.median import greedy_median  # noqa: PLC0415

    least = np.full(len(people), unserved)
    standing = now[table.site]
    np.minimum.at(least, table.row[standing], table.cost[standing])
    greedy_median(table, people, now, may, wanted, least)


def _swap_until_best(table: Table, people: Floats, now: Bools, may: Bools, unserved: float) -> float:
    """Swap until nothing is saved; return the total with unserved rows at their price."""
    from lifezone.kernels.median import Near, best_swap, place_rows  # noqa: PLC0415

    near = Near(np.empty((len(people), 2), np.int64), np.empty((len(people), 2)))
    everyone = np.arange(len(people))
    place_rows(table, now, everyone, near, unserved)
    while True:
        opened, closed, _ = best_swap(table, people, now, may, may, near)
        if opened < 0:
            return float((people * near.cost[:, 0]).sum())
        now[opened], now[closed] = True, False
        place_rows(table, now, _touched(table, near, opened, closed), near, unserved)


def _touched(table: Table, near: Near, opened: int, closed: int) -> np.ndarray:
    """Return the rows whose two nearest sites may have changed."""
    new = table.row[table.pair[table.by_site[opened] : table.by_site[opened + 1]]]
    old = np.flatnonzero(((near.pair >= 0) & (table.site[np.maximum(near.pair, 0)] == closed)).any(axis=1))
    return np.union1d(new, old).astype(np.int64)


@dataclass(frozen=True, eq=False)
class _Node:
    """A part of the answers: sites that stand, sites still free, how many of those open, and what is known of it."""

    stands: Bools
    free: Bools
    wanted: int
    price: Floats
    bound: float


def _branch(problem: Problem, stands: Bools, best: float, left_s: Callable[[], float], tell: Tell | None) -> Found:
    """Prove the best answer by branching on sites, each part bounded by relaxation (Beasley 1985).

    A part is left when its bound reaches the best answer; else the site that saves most is opened in one half and shut
    in the other. Stopped early, the least bound of what is left is the bound.
    """
    table, people = table_of(problem.pairs), problem.people
    enough = 1.0 - 1e-6 if _is_whole(problem) else 1e-9 * max(best, 1.0)
    kept = problem.standing | ((problem.fixed == FREE) & problem.open_now)  # what may close costs nothing to keep
    wanted = (problem.choose or 0) - int((problem.standing & ~problem.open_now).sum())
    parts = [_Node(kept, (problem.fixed == FREE) & ~problem.open_now, wanted, _first_prices(problem), -np.inf)]
    rounds, step = _ROUNDS, 2.0
    while parts:
        if left_s() <= 0:
            return Found("feasible", stands, max(min(part.bound for part in parts), 0.0))
        part = parts.pop()
        if best - part.bound <= enough:
            continue
        bound, price = _bound(table, people, part, best, rounds, step, enough)
        rounds, step = _ROUNDS_BELOW, 0.5
        part = replace(part, price=price, bound=max(bound, part.bound))
        if tell is not None:
            tell(best, min([part.bound, *(other.bound for other in parts)]))
        if best - part.bound <= enough:
            continue
        halves, tried = _halves(table, people, part, best - enough)
        for answer in tried:
            value = total_cost(problem, answer)
            if value < best:
                stands, best = answer, value
        parts += halves
    return Found("optimal", stands, best)


def _bound(
    table: Table, people: Floats, part: _Node, best: float, rounds: int, step: float, enough: float
) -> tuple[float, Floats]:
    """Return the relaxed bound of a part, L(u) = Σ u_i + Σ_{chosen j} Σ_i min(0, a_i c_ij − u_i), and its u."""
    from lifezone.kernels.median import raise_bound  # noqa: PLC0415

    price = part.price.copy()
    bound = raise_bound(table, people, part.stands, part.free, part.wanted, best, price, rounds, step, enough)
    return float(bound), price


def _halves(table: Table, people: Floats, part: _Node, limit: float) -> tuple[list[_Node], list[Bools]]:
    """Settle the sites that every answer below ``limit`` shuts or opens, then split on the site that saves most.

    Returns:
        The parts left, the more hopeful one last, and answers worth trying.
    """
    from lifezone.kernels.median import relaxed_gains  # noqa: PLC0415

    gain = np.empty(len(part.free))
    relaxed_gains(table, people, part.price, gain)
    places = np.flatnonzero(part.free)
    order = places[np.argsort(gain[places], kind="stable")]
    inside, outside = order[: part.wanted], order[part.wanted :]
    value = float(part.price.sum() + gain[part.stands].sum() + gain[inside].sum())
    relaxed = part.stands.copy()
    relaxed[inside] = True
    stands, free, wanted = part.stands.copy(), part.free.copy(), part.wanted
    if len(inside) and len(outside):
        free[outside[value - gain[inside].max() + gain[outside] > limit]] = False
        must = inside[value - gain[inside] + gain[outside].min() > limit]
        stands[must], free[must] = True, False
        wanted -= len(must)
    left = order[free[order]]
    if wanted == 0 or len(left) <= wanted:
        answer = stands.copy()
        answer[left[:wanted]] = True
        return [], [relaxed, answer] if len(left) >= wanted else [relaxed]
    with_it, without = stands.copy(), free.copy()
    with_it[left[0]], without[left[0]] = True, False
    return [
        _Node(stands, without, wanted, part.price, part.bound),
        _Node(with_it, without, wanted - 1, part.price, part.bound),
    ], [relaxed]


def _first_prices(problem: Problem) -> Floats:
    """Return f64[R] multipliers to start from: what the second nearest site costs each row."""
    first, cost = problem.pairs.first, problem.pairs.cost
    size = np.diff(first)
    at = first[:-1] + np.minimum(size - 1, 1)
    return np.asarray(problem.people * cost[np.minimum(at, len(cost) - 1)])


def _with_rules(problem: Problem, wanted: Bools, time_limit: float | None, tell: Tell | None, seed: int) -> Found:
    """Solve with money, capacities, least use or rules of coverage."""
    usable = problem.pairs.only((problem.fixed[problem.pairs.site] != SHUT) & wanted[problem.pairs.row])
    model = Model()
    y = sites(model, problem)
    taken = assign(model, problem, y, usable, cost=problem.people[usable.row] * usable.cost)
    sent = problem.capacity is not None or problem.least_use is not None
    if sent:
        sent_enough(model, problem, taken)
        must_keep(model, problem, y)
    elif problem.least_cover is not None or problem.quotas:
        cover(model, problem, y, problem.near)
    else:
        must_keep(model, problem, y)
    solved = model.solve(time_limit=time_limit, tell=tell, seed=seed)
    return read(solved, y, assigned=taken if sent else None)
