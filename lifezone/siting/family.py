"""The model family: one set of variables and rules that every siting problem takes its parts from.

Sites j, demand rows i, people a_i, travel cost c_ij, N_i = sites within the bound of row i.

     y_j ∈ {0, 1}   site j stands                     z_i ∈ [0, 1]   row i counts as covered
     x_ij ∈ [0, 1]  share of row i sent to site j

 (1) y_j fixed where a site must stand or may not
 (2) Σ_{j new} y_j = p            (≤ p where money or a least use may stop earlier), of all kinds or of each
 (3) Σ cost of opening and closing − Σ s_j ≤ budget,   Σ yearly cost of what stands ≤ yearly budget
 (4) z_i ≤ Σ_{j ∈ N_i} y_j
 (5) Σ_j x_ij = 1,   x_ij ≤ y_j
 (6) Σ_i a_i x_ij ≤ K_j y_j        capacity
 (7) Σ_i a_i x_ij ≥ L_j y_j        least use (a facility below its viability threshold may not stand)
 (8) Σ_{k: c_ik > c_ij} x_ik + y_j ≤ 1   everybody goes to the nearest site that stands (Wagner and Falkson 1975),
     in the compact form of ``nearest``
 (9) Σ_{i in d} a_i z_i ≥ m_d      coverage of each district
(10) Σ_{j: c_ij ≤ m_i} y_j ≥ 1     for rows that must have a site within m_i (nobody pushed beyond the bound);
     x_ij = 0 where c_ij > m_i and people are sent elsewhere than to the nearest
(11) s_j ≤ S_j y_j, s_j ≤ S_j Σ_{k ≠ j in its building} y_k   saving of several kinds in one building
(12) Σ_{j new} y_j = Σ_{j closed} (1 − y_j)   facilities move, their number stays
(13) Σ_i b_i z_i ≥ q               coverage of a group (a district, a kind) with b_i people in row i
(14) Σ_{j in Q} y_j ≤ 1           sites that must keep apart (``apart``)

(15) to (17), everybody's own travel time, stand in ``radius``.

Sources: Church and Murray 2018, *Location Covering Models*; Daskin 2013, *Network and Discrete Location*.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from lifezone.model import Floats, Ints, Longs
from lifezone.siting.apart import keep_apart
from lifezone.siting.milp import Model
from lifezone.siting.nearest import Shares, nearest_shares, worth_asking
from lifezone.siting.problem import FREE, SHUT, STANDS, Pairs, Problem

__all__ = [
    "assign", "cover", "covered_enough", "money", "must_keep", "ruled_sites", "send", "sent_enough", "sent_people",
    "sites",
]  # fmt: skip


def sites(model: Model, problem: Problem, *, cost: Floats | float = 0.0, closing: bool = False, soft: str = "") -> Ints:
    """Add y with rules (1), (2), (3), (11), (12), (14); return its columns.

    Args:
        model: being put together.
        problem: the question.
        cost: f64[S] of y in the objective.
        closing: numbers to choose count the sites of today that close.
        soft: rule that may be broken at the price of the breach: ``number``, ``budget``, ``yearly``, ``open``,
            ``never`` or ``stay``.
    """
    low, high, breach = _fixed(problem, soft)
    y = model.columns(problem.n_sites, cost=np.broadcast_to(cost, (problem.n_sites,)) + breach, low=low, high=high,
                      integer=True)  # fmt: skip
    model.offset -= float(breach[breach < 0].sum())
    some = np.flatnonzero(problem.open_now == closing)
    numbers = [(some, problem.choose)]
    numbers += [(some[problem.site_kind[some] == k], number) for k, number in enumerate(problem.choose_each)]
    for at, number in numbers:
        if number is not None:
            stays = len(at) - number if closing else number
            least = -np.inf if problem.at_most and not closing else stays
            most = np.inf if problem.at_most and closing else stays
            is_soft = soft == "number"
            model.row(*_softened(model, y[at], np.ones(len(at)), low=is_soft, high=is_soft), low=least, high=most)
    if problem.swaps:
        n_old = int(problem.open_now.sum())
        model.row(y, 1.0, low=n_old, high=n_old)  # (12): Σ new − Σ (1 − y old) = 0
    if np.isfinite(problem.budget):
        spent, price, settled = money(model, problem, y)
        model.row(*_softened(model, spent, price, low=False, high=soft == "budget"), high=problem.budget - settled)
    if np.isfinite(problem.yearly_budget) and problem.running_cost is not None:
        column, value = _softened(model, y, problem.running_cost, low=False, high=soft == "yearly")
        model.row(column, value, high=problem.yearly_budget)
    keep_apart(model, problem, y, problem.apart)
    return y


def ruled_sites(model: Model, problem: Problem) -> tuple[Ints, Shares | None]:
    """Add y with every rule that the question has, for methods whose goal is not made of covers or trips.

    Returns:
        Columns of the sites, and who goes where when a capacity or a least use asks for it.
    """
    y = sites(model, problem)
    must_keep(model, problem, y)
    if problem.capacity is None and problem.least_use is None:
        if problem.least_cover is not None or problem.quotas:
            covered_enough(model, problem, cover(model, y, problem.near))
        return y, None
    wanted = problem.reachable & (problem.people > 0)
    usable = problem.pairs.only((problem.fixed[problem.pairs.site] != SHUT) & wanted[problem.pairs.row])
    shares = assign(model, problem, y, usable)
    sent_enough(model, problem, shares)
    return y, shares


def _fixed(problem: Problem, soft: str) -> tuple[Floats, Floats, Floats]:
    """Return the limits of y by (1), and what a site costs whose limit may be broken."""
    fixed, new = problem.fixed, ~problem.open_now
    low, high = (fixed == STANDS).astype(float), (fixed != SHUT).astype(float)
    breach = np.zeros(problem.n_sites)
    if soft == "never":
        loose = (fixed == SHUT) & new
        high[loose], breach[loose] = 1.0, 1.0
    elif soft in ("open", "stay"):
        loose = (fixed == STANDS) & (new if soft == "open" else ~new)
        low[loose], breach[loose] = 0.0, -1.0
    return low, high, breach


def _softened(
    model: Model, column: Ints | Longs, value: Floats, *, low: bool, high: bool
) -> tuple[Ints | Longs, Floats]:
    """Add to a row what may be missing and what may be too much, each at a price of 1."""
    for is_soft, sign in ((low, 1.0), (high, -1.0)):
        if is_soft:
            column = np.concatenate([column, model.columns(1, cost=1.0, high=np.inf)])
            value = np.append(value, sign)
    return column, value


def money(model: Model, problem: Problem, y: Ints) -> tuple[Longs, Floats, float]:
    """Add (11); return columns, values and constant of what opening and closing cost."""
    price, fixed_part = np.zeros(problem.n_sites), 0.0
    if problem.open_cost is not None:
        price += np.where(problem.open_now, 0.0, problem.open_cost)
    if problem.close_cost is not None:
        closing = np.where(problem.open_now, problem.close_cost, 0.0)
        price -= closing
        fixed_part = float(closing.sum())
    columns, values = [y], [price]
    if problem.saving is not None and problem.building is not None:
        site, mates = _shared_buildings(problem, problem.building)
        s = model.columns(len(site))
        n = np.arange(len(site))
        model.rows(len(site), np.tile(n, 2), np.concatenate([s, y[site]]), np.repeat([1.0, -1.0], len(site)), high=0.0)
        count = np.array([len(one) for one in mates], np.int64)
        others = np.concatenate([*mates, np.empty(0, np.int32)]).astype(np.int64)
        model.rows(
            len(site), np.concatenate([n, np.repeat(n, count)]), np.concatenate([s, y[others]]),
            np.concatenate([np.ones(len(site)), -np.ones(int(count.sum()))]), high=0.0,
        )  # fmt: skip
        columns.append(s)
        values.append(-problem.saving[site])
    return np.concatenate(columns).astype(np.int64), np.concatenate(values), fixed_part


def _shared_buildings(problem: Problem, building: Ints) -> tuple[Ints, list[Ints]]:
    """Return the sites that are cheaper beside another one, and for each the others in its building."""
    assert problem.saving is not None
    members: dict[int, list[int]] = {}
    for j in np.flatnonzero((building >= 0) & (problem.fixed != SHUT)).tolist():
        members.setdefault(int(building[j]), []).append(j)
    site, mates = [], []
    for j in np.flatnonzero(~problem.open_now & (problem.saving > 0) & (building >= 0)).tolist():
        others = [k for k in members.get(int(building[j]), []) if k != j]
        if others and problem.fixed[j] != SHUT:
            site.append(j)
            mates.append(np.array(others, np.int32))
    return np.array(site, np.int32), mates


def cover(model: Model, y: Ints, near: Pairs, *, gain: Floats | float = 0.0) -> Ints:
    """Add z with rule (4) for ``near`` = pairs within the bound; return its columns."""
    n = near.n_rows
    z = model.columns(n, cost=gain)
    model.rows(
        n,
        np.concatenate([near.row, np.arange(n)]),
        np.concatenate([y[near.site], z]),
        np.concatenate([np.ones(len(near.site)), -np.ones(n)]),
        low=0.0,
    )
    return z


def covered_enough(model: Model, problem: Problem, z: Ints, *, soft: bool = False) -> None:
    """Add (9) and (13) where a row counts as covered by z; soft: at the price of every person less."""
    for rows, people, least in _cover_rules(problem):
        model.row(*_softened(model, z[rows], people, low=soft, high=False), low=least)


def _cover_rules(problem: Problem) -> Iterator[tuple[Longs, Floats, float]]:
    """Yield the rows, people and least number of every rule (9) and (13)."""
    for quota in problem.quotas:
        rows = np.flatnonzero(quota.people > 0)
        yield rows, quota.people[rows], quota.least * (1 - 1e-12)
    if problem.least_cover is not None and problem.district is not None:
        for d in np.flatnonzero(problem.least_cover > 0).tolist():
            rows = np.flatnonzero(problem.district == d)
            yield rows, problem.people[rows], float(problem.least_cover[d])


def must_keep(model: Model, problem: Problem, y: Ints, *, soft: bool = False) -> None:
    """Add (10); soft: at the price of the people who are let go."""
    if problem.must_reach is None:
        return
    asked = np.isfinite(problem.must_reach)
    kept = problem.pairs.only(problem.pairs.cost <= problem.must_reach[problem.pairs.row]).rows(asked)
    row, column = kept.row, y[kept.site]
    if soft:
        lost = model.columns(kept.n_rows, cost=problem.people[asked])
        row, column = np.concatenate([row, np.arange(kept.n_rows, dtype=np.int32)]), np.concatenate([column, lost])
    model.rows(kept.n_rows, row, column, 1.0, low=1.0)


def assign(
    model: Model, problem: Problem, y: Ints, pairs: Pairs, *, cost: Floats | float = 0.0, everybody: bool = True,
    soft: str = "", closing: bool = False,
) -> Shares:  # fmt: skip
    """Add x with rules (5) to (8) for the given pairs.

    Args:
        model: being put together.
        problem: the question.
        y: columns of :func:`sites`.
        pairs: who may go where.
        cost: f64[K] of each pair.
        everybody: all of each row with a pair is sent somewhere; otherwise at most all of it, and a site that is full
            turns people away even where they may go to no other.
        soft: ``capacity`` or ``least_use`` may be broken at the price of the breach.
        closing: numbers to choose count the sites of today that close.
    """
    by_pair = np.broadcast_to(np.asarray(cost, np.float64), (len(pairs.site),))
    if not problem.nearest_only and problem.must_reach is not None and soft != "kept":
        by_pair, pairs = _not_too_far(model, problem, pairs, by_pair, everybody=everybody)
    if problem.nearest_only and (problem.capacity is not None or problem.least_use is not None or not everybody):
        some = np.diff(pairs.first) > 0
        keep = worth_asking(problem, pairs, closing=closing)
        left = pairs.only(keep)
        if everybody and (some & (np.diff(left.first) == 0)).any():
            model.never()  # somebody has no site
        label = np.zeros(problem.n_rows, np.int32)
        if problem.least_cover is not None and problem.district is not None:
            label = problem.district
        if problem.quotas or not (everybody or _same_for_all(problem, pairs, by_pair)):
            label = np.arange(problem.n_rows, dtype=np.int32)  # rows that take the same way are worth different things
        shares = nearest_shares(model, y, left, served=everybody, label=label)
        model.more_cost(*shares.terms(np.arange(len(left.site)), np.zeros(len(left.site), np.int64), by_pair[keep])[1:])
    else:
        x = model.columns(len(pairs.site), cost=by_pair)
        send(model, pairs, x, y, everybody=everybody)
        shares = Shares(pairs, x, np.full(len(x), -1, np.int32))
    _limits(model, problem, y, shares, soft)
    return shares


def _not_too_far(
    model: Model, problem: Problem, pairs: Pairs, cost: Floats, *, everybody: bool
) -> tuple[Floats, Pairs]:
    """Return costs and pairs within ``must_reach``: nobody is sent farther than that, past a nearer site."""
    assert problem.must_reach is not None
    keep = pairs.cost <= problem.must_reach[pairs.row]
    left = pairs.only(keep)
    if everybody and ((np.diff(pairs.first) > 0) & (np.diff(left.first) == 0)).any():
        model.never()
    return cost[keep], left


def _same_for_all(problem: Problem, pairs: Pairs, cost: Floats) -> bool:
    """Whether every person costs the same, wherever sent."""
    people = problem.people[pairs.row]
    each = cost[people > 0] / people[people > 0]
    return not len(each) or bool(np.ptp(each) <= 1e-12 * max(abs(float(each[0])), 1.0))


def send(model: Model, pairs: Pairs, x: Ints, y: Ints, *, everybody: bool) -> None:
    """Add (5)."""
    some = np.diff(pairs.first) > 0
    number = np.cumsum(some) - 1
    model.rows(int(some.sum()), number[pairs.row], x, 1.0, low=1.0 if everybody else -np.inf, high=1.0)
    k = np.arange(len(x))
    model.rows(
        len(x), np.concatenate([k, k]), np.concatenate([x, y[pairs.site]]),
        np.concatenate([np.ones(len(x)), -np.ones(len(x))]), high=0.0,
    )  # fmt: skip


def _limits(model: Model, problem: Problem, y: Ints, shares: Shares, soft: str) -> None:
    """Add (6) and (7); a site that stands whatever is decided has no least use."""
    pairs = shares.pairs
    for limit, is_most in ((problem.capacity, True), (problem.least_use, False)):
        if limit is None:
            continue
        where = np.flatnonzero(np.isfinite(limit) if is_most else (limit > 0) & (problem.fixed == FREE))
        place = np.full(problem.n_sites, -1)
        place[where] = np.arange(len(where))
        at = np.flatnonzero(place[pairs.site] >= 0)
        row, column, value = shares.terms(at, place[pairs.site[at]], problem.people[pairs.row[at]])
        n = np.arange(len(where))
        row, column = np.concatenate([row, n]), np.concatenate([column, y[where]])
        value = np.concatenate([value, -limit[where]])
        if soft == ("capacity" if is_most else "least_use"):
            breach = model.columns(len(n), cost=1.0, high=np.inf)
            row, column = np.concatenate([row, n]), np.concatenate([column, breach])
            value = np.concatenate([value, np.full(len(n), -1.0 if is_most else 1.0)])
        model.rows(len(n), row, column, value, low=-np.inf if is_most else 0.0, high=0.0 if is_most else np.inf)


def sent_people(model: Model, problem: Problem, shares: Shares, *, low: float, soft: bool = False) -> None:
    """Let at least so many people be sent somewhere; soft: at the price of every person less."""
    everyone = np.arange(len(shares.pairs.site))
    _, column, value = shares.terms(everyone, np.zeros_like(everyone), problem.people[shares.pairs.row])
    model.row(*_softened(model, column, value, low=soft, high=False), low=low)


def sent_enough(model: Model, problem: Problem, shares: Shares, *, soft: bool = False) -> None:
    """Add (9) and (13) where people are sent: who is sent to a site within the bound is covered."""
    row = shares.pairs.row
    inside = shares.pairs.cost <= problem.bounds[row]
    for rows, people, least in _cover_rules(problem):
        weight = np.zeros(problem.n_rows)
        weight[rows] = people
        at = np.flatnonzero(inside & (weight[row] > 0))
        _, column, value = shares.terms(at, np.zeros(len(at), np.int64), weight[row[at]])
        model.row(*_softened(model, column, value, low=soft, high=False), low=least)
