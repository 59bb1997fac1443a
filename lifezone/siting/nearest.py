"""Rule (8) in a compact form: everybody goes to the nearest site that stands, with one variable for each way out.

Walk down the sites of a row from the nearest on. After some of them the row is *still on its way* exactly when none of
these stands, so that

    s_A ∈ [0, 1]   nobody of the set A of sites stands            s_∅ = 1
    s_{A ∪ G} ≤ s_A,   s_{A ∪ G} ≤ 1 − y_j (j ∈ G),   s_{A ∪ G} ≥ s_A − Σ_{j ∈ G} y_j
    x_ij = s_A − s_{A ∪ {j}}   for the site j that follows A in the order of row i

and rows that have passed the same *set* of sites share its variable, whatever the order was (Church 2003, *COBRA*;
García, Labbé and Marín 2011). G is one site, or several at the same cost, between which people may be split. The form
of Wagner and Falkson needs Σ n² entries for rows of n sites, this one at most 7 n.

Left out, as no plan can send anybody there: sites farther than one that stands anyway, and sites so far down the row
that more stand than are left behind it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from lifezone.model import Bools, Floats, Ints, Longs
from lifezone.siting.milp import Model
from lifezone.siting.problem import SHUT, STANDS, Pairs, Problem

__all__ = [
    "Shares", "Steps", "least_standing", "link_sets", "nearest_shares", "sets_passed", "steps_of", "worth_asking",
]  # fmt: skip

_KEYS: Final = (0x9E3779B97F4A7C15, 0xD1B54A32D192ED03)
"""Seeds of the two 64-bit numbers that a site adds to the key of a set (Zobrist hashing); any fixed ones would do."""


@dataclass(frozen=True, eq=False)
class Shares:
    """The share x_ij of every pair, as columns of the model: ``plus`` − ``minus``.

    Attributes:
        pairs: who may go where.
        plus: i32[K].
        minus: i32[K], −1 = nothing is taken off.
    """

    pairs: Pairs
    plus: Ints
    minus: Ints

    def terms(self, at: Longs, row: Ints | Longs, value: Floats) -> tuple[Longs, Longs, Floats]:
        """Return rows, columns and values of Σ value · x over the pairs ``at``."""
        less = self.minus[at] >= 0
        return (
            np.concatenate([row, row[less]]).astype(np.int64),
            np.concatenate([self.plus[at], self.minus[at][less]]).astype(np.int64),
            np.concatenate([value, -value[less]]),
        )

    def read(self, x: Floats) -> Floats:
        """Return f64[K] the shares in a solution."""
        less = self.minus >= 0
        share = x[self.plus]
        share[less] -= x[self.minus[less]]
        return np.clip(share, 0.0, 1.0)


def least_standing(problem: Problem, *, closing: bool = False) -> int:
    """Return how many sites stand in every plan, at least; ``closing``: numbers to choose count what closes."""
    old, new = problem.open_now, ~problem.open_now
    if closing:
        kept = int((problem.fixed[old] == STANDS).sum())
        return kept if problem.choose is None else max(int(old.sum()) - problem.choose, kept)
    if problem.swaps:
        return int(old.sum())
    opened = int((problem.fixed[new] == STANDS).sum())
    if not problem.at_most:
        opened = max(opened, problem.choose or 0, sum(number or 0 for number in problem.choose_each))
    opened = min(opened, int((problem.fixed[new] != SHUT).sum()))  # a closure's number counts none of these
    return opened + int((problem.fixed[old] == STANDS).sum())


def worth_asking(problem: Problem, pairs: Pairs, *, closing: bool = False) -> Bools:
    """Return bool[K] the pairs that somebody can use while people go to the nearest site."""
    allowed = problem.fixed[pairs.site] != SHUT
    site, cost, row = pairs.site[allowed], pairs.cost[allowed], pairs.row[allowed]
    anyway = np.full(pairs.n_rows, np.inf)
    stands = problem.fixed[site] == STANDS
    np.minimum.at(anyway, row[stands], cost[stands])
    behind = int((problem.fixed != SHUT).sum()) - least_standing(
        problem, closing=closing
    )  # may all be shut: the next one stands then
    first = np.concatenate([[0], np.cumsum(np.bincount(row, minlength=pairs.n_rows))])
    at_last = np.arange(len(cost)) - first[row] == behind
    last = np.full(pairs.n_rows, np.inf)
    last[row[at_last]] = cost[at_last]
    keep = np.array(allowed, np.bool_)
    keep[allowed] = (cost <= anyway[row]) & (cost <= last[row])
    return keep


def nearest_shares(model: Model, y: Ints, pairs: Pairs, *, served: bool, label: Ints) -> Shares:
    """Add s with rule (8) for the given pairs and return the shares.

    Args:
        model: being put together.
        y: columns of the sites.
        pairs: who may go where, as :func:`worth_asking` leaves them.
        served: all who find a site are served by it, and everybody finds one; otherwise a site may turn people away.
        label: i32[R] rows of one label may be counted together where people are turned away.
    """
    if not len(pairs.cost):
        return Shares(pairs, np.empty(0, np.int32), np.empty(0, np.int32))
    steps = steps_of(pairs)
    before, after, edge = sets_passed(pairs, steps)
    n_sets = int(max(before.max(initial=0), after.max(initial=0))) + 1
    s = model.columns(n_sets, low=np.arange(n_sets) == 0)
    if served:
        last = np.zeros(n_sets, np.bool_)
        last[after[steps.last]] = True
        ends = np.flatnonzero(last)
        model.rows(len(ends), np.arange(len(ends)), s[ends], 1.0, high=0.0)  # (5)
    link_sets(model, y, s, pairs, steps, before, after, edge)
    single = steps.size[steps.of] == 1
    plus, minus = s[before[steps.of]].copy(), s[after[steps.of]].copy()
    apart = np.flatnonzero(np.ones(len(single), np.bool_) if not served else ~single)
    if len(apart):
        plus[apart], minus[apart] = _shared(model, y, s, pairs, apart, before[steps.of], after[steps.of],
                                            edge[steps.of], label, served=served), -1  # fmt: skip
    return Shares(pairs, plus.astype(np.int32), minus.astype(np.int32))


@dataclass(frozen=True, eq=False)
class Steps:
    """Sites of one cost in one row.

    Attributes:
        of: i64[K] step of each pair.
        start: i64[T] its first pair.
        size: i64[T] how many sites it has.
        last: bool[T] the row ends with it.
        is_first: bool[T] the row begins with it.
    """

    of: Longs
    start: Longs
    size: Longs
    last: Bools
    is_first: Bools


def steps_of(pairs: Pairs) -> Steps:
    """Group the pairs of each row by cost."""
    n = len(pairs.cost)
    new_row = np.zeros(n, np.bool_)
    new_row[pairs.first[:-1][np.diff(pairs.first) > 0]] = True
    new = new_row.copy()
    new[1:] |= pairs.cost[1:] != pairs.cost[:-1]
    start = np.flatnonzero(new)
    is_first = new_row[start]
    last = np.append(is_first[1:], True)
    return Steps(np.cumsum(new) - 1, start, np.diff(np.append(start, n)), last, is_first)


def sets_passed(pairs: Pairs, steps: Steps) -> tuple[Longs, Longs, Longs]:
    """Number the sets passed before and after each step, 0 = none; and the pairs of both (edges).

    A set is known by two sums of 64-bit numbers drawn for its sites: with a million sets, two differ and are taken for
    one with a chance below 10⁻²⁶.
    """
    keys: list[npt.NDArray[np.uint64]] = []
    for seed in _KEYS:
        of_site = np.random.default_rng(seed).integers(0, 2**64, pairs.n_sites, dtype=np.uint64)
        total = np.cumsum(of_site[pairs.site], dtype=np.uint64)
        start = pairs.first[pairs.row]
        keys.append(total - total[start] + of_site[pairs.site[start]])
    end = steps.start + steps.size - 1
    key = np.zeros((len(end) + 1, 2), np.uint64)
    key[1:] = np.stack([one[end] for one in keys], axis=1)
    _, number = np.unique(key.view([("a", np.uint64), ("b", np.uint64)]).ravel(), return_inverse=True)
    by_first = np.full(int(number.max(initial=0)) + 1, len(number), np.int64)
    np.minimum.at(by_first, number, np.arange(len(number)))
    rank = np.empty(len(by_first), np.int64)
    rank[np.argsort(by_first, kind="stable")] = np.arange(len(by_first))
    set_of = rank[number]  # numbered as they come; the empty set is 0
    after = set_of[1:]
    before = np.where(steps.is_first, 0, np.concatenate([[0], after[:-1]]))
    _, edge = np.unique(before * (len(by_first) + 1) + after, return_inverse=True)
    return before, after, edge.astype(np.int64)


def link_sets(
    model: Model, y: Ints, s: Ints, pairs: Pairs, steps: Steps, before: Longs, after: Longs, edge: Longs
) -> None:
    """Tie s to y, once for every edge between sets."""
    _, chosen = np.unique(edge, return_index=True)
    n = np.arange(len(chosen))
    a, b = s[before[chosen]], s[after[chosen]]
    ones = np.ones(len(n))
    model.rows(len(n), np.tile(n, 2), np.concatenate([b, a]), np.concatenate([ones, -ones]), high=0.0)
    size = steps.size[chosen]
    row = np.repeat(n, size)
    pair = np.repeat(steps.start[chosen] - np.concatenate([[0], np.cumsum(size)[:-1]]), size) + np.arange(size.sum())
    site = y[pairs.site[pair]]
    model.rows(
        len(n), np.concatenate([n, n, row]), np.concatenate([b, a, site]),
        np.concatenate([ones, -ones, np.ones(len(row))]), low=0.0,
    )  # fmt: skip
    k = np.arange(len(row))
    model.rows(len(row), np.tile(k, 2), np.concatenate([b[row], site]), 1.0, high=1.0)


def _shared(
    model: Model, y: Ints, s: Ints, pairs: Pairs, at: Longs, before: Longs, after: Longs, edge: Longs, label: Ints,
    *, served: bool,
) -> Ints:  # fmt: skip
    """Add a share of its own for pairs at equal costs, or where people may be turned away; return its column by pair.

    Rows that take the same edge and have the same label are one: a split of their sum is a split of each.
    """
    labels = int(label.max(initial=0)) + 1
    group = edge[at] * labels + label[pairs.row[at]]
    key = group * pairs.n_sites + pairs.site[at]
    _, lead, which = np.unique(key, return_index=True, return_inverse=True)
    x = model.columns(len(lead))
    site = y[pairs.site[at[lead]]]
    k = np.arange(len(lead))
    model.rows(len(k), np.tile(k, 2), np.concatenate([x, site]), np.repeat([1.0, -1.0], len(k)), high=0.0)
    _, first, of_group = np.unique(group[lead], return_index=True, return_inverse=True)
    n = np.arange(len(first))
    a, b = s[before[at[lead[first]]]], s[after[at[lead[first]]]]
    model.rows(
        len(n), np.concatenate([of_group, n, n]), np.concatenate([x, a, b]),
        np.concatenate([np.ones(len(x)), -np.ones(len(n)), np.ones(len(n))]), low=0.0 if served else -np.inf, high=0.0,
    )  # fmt: skip
    return x[which]
