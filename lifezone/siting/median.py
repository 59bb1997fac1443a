"""p-median: least total travel (Hakimi 1964; ReVelle and Swain 1970).

    min Σ_ij a_i c_ij x_ij   subject to (1), (2), (3), (5), and (6) to (8) where asked

Plain questions go: interchange from several starts (an upper bound) → Lagrangian relaxation of (5) (a lower bound, and
sites and pairs that no better answer can use) → HiGHS on what is left, which is often nothing. A row that no allowed
site reaches is left out and told; a row that some site reaches must be served.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

import numpy as np

from lifezone.model import Bools, Floats
from lifezone.siting.family import assign, must_keep, sites
from lifezone.siting.found import Found, infeasible, read
from lifezone.siting.milp import Model, Tell
from lifezone.siting.problem import FREE, SHUT, STANDS, Pairs, Problem, serve
from lifezone.siting.table import table_of

if TYPE_CHECKING:
    from lifezone.kernels.median import Near, Table

__all__ = ["interchange", "p_median", "total_cost"]

_STARTS: Final = 8
"""Starts of the interchange beside the greedy one."""
_ROUNDS: Final = 1500
"""Most steps of the subgradient method."""
_PATIENCE: Final = 30
"""Steps without a better bound before steps get half as long."""
_MEMORY: Final = 0.7
"""Share of the last direction kept (Crowder 1976): a third fewer steps on the pmed set."""


def total_cost(problem: Problem, standing: Bools) -> float:
    """Return Σ people × cost to the nearest standing site over the rows that any site reaches; inf = one is not."""
    cost = serve(problem.pairs, standing).cost
    some = problem.reachable & (problem.people > 0)
    return float((problem.people[some] * cost[some]).sum())


def p_median(problem: Problem, *, time_limit: float | None = None, tell: Tell | None = None, seed: int = 0) -> Found:
    """Find the sites with the least total travel of all people."""
    import time  # noqa: PLC0415

    started = time.monotonic()
    wanted = problem.reachable & (problem.people > 0)
    if not problem.is_plain or problem.choose is None:
        return _with_rules(problem, wanted, time_limit, tell, seed)
    usable = problem.pairs.only((problem.fixed[problem.pairs.site] != SHUT) & wanted[problem.pairs.row]).rows(wanted)
    small = replace(
        problem,
        pairs=usable,
        people=problem.people[wanted],
        district=None,
        groups=None,
        row_names=(),
        keep_covered=None,
    )
    stands = interchange(small, seed=seed)
    if stands is None:
        return infeasible(f"there are fewer than {problem.choose} sites to choose from")
    best = total_cost(small, stands)
    if not np.isfinite(best):
        return _needs_more(problem, small, time_limit, seed)
    bound, fixed, price = _relax(small, best, tell)
    left = None if time_limit is None else time_limit - (time.monotonic() - started)
    whole = _is_whole(small)
    if whole:
        bound = float(np.ceil(bound - 1e-6 * max(1.0, abs(bound) * 1e-6)))
    if bound >= best * (1 - 1e-12):
        return Found("optimal", stands, best)
    if left is not None and left <= 0:
        return Found("feasible", stands, bound)
    found = _exact(small.with_fixed(fixed), price, best, bound, stands, left, tell, seed)
    if whole and found.status == "feasible":
        found = replace(found, bound=float(np.ceil(found.bound - 1e-6)))
    return found


def _is_whole(problem: Problem) -> bool:
    """Whether every total is a whole number, so that bounds can be rounded up."""
    products = problem.people[problem.pairs.row] * problem.pairs.cost
    return bool((products == np.rint(products)).all() and products.sum() < 2**50)


def _needs_more(problem: Problem, small: Problem, time_limit: float | None, seed: int) -> Found:
    """Say how many sites it takes to reach everybody who can be reached."""
    from lifezone.siting.cover import set_cover  # noqa: PLC0415

    least = set_cover(
        replace(small, bound=float(small.pairs.cost.max()), choose=None), time_limit=time_limit, seed=seed
    )
    needed = int((least.standing & ~problem.open_now).sum()) if len(least.standing) else 0
    if needed <= (problem.choose or 0):
        return Found("unknown", np.zeros(0, np.bool_), float("nan"))
    return infeasible(
        f"{problem.choose} sites cannot reach every demand point that some site reaches: it takes {needed}; "
        "choose more, or give travel times over a longer reach"
    )


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


def _relax(problem: Problem, best: float, tell: Tell | None) -> tuple[float, np.ndarray, Floats]:
    """Relax (5) with multipliers u and raise the bound L(u) = Σ u_i + Σ_{chosen j} Σ_i min(0, a_i c_ij − u_i).

    Returns:
        The best bound, i8[S] sites fixed by it (no answer better than ``best`` does otherwise), and its multipliers.
    """
    from lifezone.kernels.median import relaxed_gains, times_chosen  # noqa: PLC0415

    table, people = table_of(problem.pairs), problem.people
    price = _first_prices(problem)
    gain, count = np.empty(problem.n_sites), np.empty(problem.n_rows, np.int32)
    whole = _is_whole(problem)
    slope = np.zeros(problem.n_rows)
    bound, step, stale, best_price = -np.inf, 2.0, 0, price
    for turn in range(_ROUNDS):
        relaxed_gains(table, people, price, gain)
        chosen, value = _cheapest(problem, gain, price)
        if value > bound:
            bound, best_price, stale = value, price.copy(), 0
            if tell is not None and turn % 50 == 0:
                tell(best, bound)
        else:
            stale += 1
        if best - bound <= (1.0 - 1e-6 if whole else 1e-9 * best) or step < 1e-4:
            break
        if stale >= _PATIENCE:
            step, stale = step / 2, 0
        times_chosen(table, people, price, chosen, count)
        slope = _MEMORY * slope + (1.0 - _MEMORY) * (1.0 - count)
        norm = float((slope**2).sum())
        if norm == 0:
            break
        price = np.maximum(price + step * max(best * 1.001 - value, 1e-9) / norm * slope, 0.0)
    return bound, _fix(problem, table, best_price, best), best_price


def _first_prices(problem: Problem) -> Floats:
    """Return f64[R] multipliers to start from: what the second nearest site costs each row."""
    first, cost = problem.pairs.first, problem.pairs.cost
    size = np.diff(first)
    at = first[:-1] + np.minimum(size - 1, 1)
    return np.asarray(problem.people * cost[np.minimum(at, len(cost) - 1)])


def _cheapest(problem: Problem, gain: Floats, price: Floats) -> tuple[Bools, float]:
    """Return the sites that minimise the relaxed question, and its value."""
    chosen = problem.standing.copy()
    value = float(price.sum() + gain[chosen].sum())
    old = (problem.fixed == FREE) & problem.open_now  # may close, costs nothing to keep
    chosen |= old
    value += float(gain[old].sum())
    new = np.flatnonzero((problem.fixed == FREE) & ~problem.open_now)
    wanted = (problem.choose or 0) - int((problem.standing & ~problem.open_now).sum())
    if wanted > 0:
        order = new[np.argsort(gain[new], kind="stable")[:wanted]]
        if problem.at_most:
            order = order[gain[order] < 0]
        chosen[order] = True
        value += float(gain[order].sum())
    return chosen, value


def _fix(problem: Problem, table: Table, price: Floats, best: float) -> np.ndarray:
    """Return i8[S] with the free new sites settled that every answer better than ``best`` leaves shut, or opens."""
    from lifezone.kernels.median import relaxed_gains  # noqa: PLC0415

    gain = np.empty(problem.n_sites)
    relaxed_gains(table, problem.people, price, gain)
    chosen, value = _cheapest(problem, gain, price)
    fixed = problem.fixed.copy()
    new = np.flatnonzero((problem.fixed == FREE) & ~problem.open_now)
    inside, outside = new[chosen[new]], new[~chosen[new]]
    if not len(inside) or not len(outside) or problem.at_most:
        return fixed
    slack = 1e-7 * max(1.0, abs(best))
    fixed[outside[value - gain[inside].max() + gain[outside] > best + slack]] = SHUT
    fixed[inside[value - gain[inside] + gain[outside].min() > best + slack]] = STANDS
    return fixed


def _exact(
    problem: Problem, price: Floats, best: float, bound: float, stands: Bools, time_limit: float | None,
    tell: Tell | None, seed: int,
) -> Found:  # fmt: skip
    """Give HiGHS the pairs that a better answer may use."""
    pairs = _pairs_worth(problem, price, best)
    model = Model()
    y = sites(model, problem)
    assign(model, problem, y, pairs, cost=problem.people[pairs.row] * pairs.cost)
    start = np.full(model.n_columns, np.nan)
    start[y] = stands
    solved = model.solve(time_limit=time_limit, start=start, tell=tell, seed=seed)
    if solved.status == "infeasible":  # nothing better than what is known fits
        return Found("optimal", stands, best)
    found = read(solved, y, start=stands)
    if total_cost(problem.with_fixed(problem.fixed), found.standing) > best:
        found = replace(found, standing=stands)
    return replace(found, bound=min(max(found.bound, bound), best))


def _pairs_worth(problem: Problem, price: Floats, best: float) -> Pairs:
    """Return the pairs that an answer as good as ``best`` may use.

    A row never goes past the nearest site that stands anyway. A pair whose use alone lifts the relaxed value above
    ``best`` is left out: L + max(0, a_i c_ij − u_i) > best.
    """
    from lifezone.kernels.median import relaxed_gains  # noqa: PLC0415

    gain = np.empty(problem.n_sites)
    relaxed_gains(table_of(problem.pairs), problem.people, price, gain)
    _, value = _cheapest(problem, gain, price)
    pairs = problem.pairs
    nearest = serve(pairs, problem.standing).cost
    over = np.maximum(problem.people[pairs.row] * pairs.cost - price[pairs.row], 0.0)
    keep = (problem.fixed[pairs.site] != SHUT) & (pairs.cost <= nearest[pairs.row])
    keep &= value + over <= best + 1e-7 * max(1.0, abs(best))
    return pairs.only(keep)


def _with_rules(problem: Problem, wanted: Bools, time_limit: float | None, tell: Tell | None, seed: int) -> Found:
    """Solve with money, capacities, least use or rules of coverage."""
    usable = problem.pairs.only((problem.fixed[problem.pairs.site] != SHUT) & wanted[problem.pairs.row])
    model = Model()
    y = sites(model, problem)
    taken = assign(model, problem, y, usable, cost=problem.people[usable.row] * usable.cost)
    near = problem.pairs.within(problem.bound)
    must_keep(model, problem, y, near)
    if problem.least_cover is not None:
        from lifezone.siting.family import cover  # noqa: PLC0415

        cover(model, replace(problem, keep_covered=None), y, near)
    solved = model.solve(time_limit=time_limit, tell=tell, seed=seed)
    sent = problem.capacity is not None or problem.least_use is not None
    return read(solved, y, assigned=taken if sent else None)
