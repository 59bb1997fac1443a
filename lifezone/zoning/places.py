"""Capacity-limited assignment: everybody gets a place where there is one, and all together travel the least.

    min  Σ_ij c_ij x_ij + M · Σ_i u_i                                                                       (1)
    Σ_j x_ij + u_i = people_i        for every point i                                                      (2)
    Σ_i x_ij       ≤ places_j        for every centre j that stands                                         (3)
    x, u ≥ 0

M is above the longest chain of moves that one more place could cost, so that first as many as possible get a place.
Exact by HiGHS up to :data:`MOST_EXACT` pairs. Beyond, prices on full centres are raised until people spread out
(the Lagrangian dual of (3), a lower bound of (1)), and a plan that keeps every limit is filled from them; the gap
between plan and bound is told.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final, Literal

import numpy as np
from pydantic import Field

from lifezone.errors import SolveError
from lifezone.model import Bools, Floats
from lifezone.spec import Spec
from lifezone.zoning.assign import Assigned, by_largest_share, summed
from lifezone.zoning.choices import Choices

__all__ = ["MOST_EXACT", "Capacity", "CapacityUse", "Places", "place_by_prices", "place_exactly"]

MOST_EXACT: Final = 400_000
"""Pairs up to which the linear programme is solved: about ten seconds."""
_ROUNDS: Final = 300
_TINY: Final = 1e-9


class Capacity(Spec):
    """Everybody uses a centre that has a place left, and all together travel the least."""

    method: Literal["capacity"] = Field(description="By places: nobody where none is left, least travel in all.")
    people_per_place: float = Field(
        1.0, gt=0, description="People that one unit of capacity serves, e.g. 3500 where capacity counts doctors."
    )


@dataclass(frozen=True, eq=False)
class Places:
    """An assignment that keeps every limit.

    Attributes:
        people: f64[K] people of each pair.
        cost: Σ people × cost, without those who get no place.
        unplaced: people in reach of some centre who get no place.
        bound: nothing better exists, in (1).
        value: (1) of this assignment.
    """

    people: Floats
    cost: float
    unplaced: float
    bound: float
    value: float

    @property
    def gap(self) -> float:
        """How far (1) may be from the best, as a share of what all travel: a person left out counts as M."""
        above = max(self.value - self.bound, 0.0)
        return above / self.cost if self.cost > 0 else 0.0


@dataclass(eq=False)
class CapacityUse:
    """The users of every centre by places; keeps the largest gap of its answers.

    Attributes:
        choices: who may use what.
        places: f64[C] people each centre can serve.
        weight: f64[P] people.
        gap: the largest gap told so far.
        unplaced: people without a place in the last answer.
    """

    choices: Choices
    places: Floats
    weight: Floats
    gap: float = 0.0
    unplaced: float = 0.0

    def assign(self, alive: Bools) -> Assigned:
        """Return the users of the centres that stand."""
        choices = self.choices
        pairs = np.flatnonzero(alive[choices.centre] & (self.weight[choices.row] > 0))
        place = place_exactly if len(pairs) <= MOST_EXACT else place_by_prices
        row, centre, cost = choices.row[pairs], choices.centre[pairs], choices.cost[pairs]
        found = place(row, centre, cost, self.weight, self.places * alive)
        self.gap, self.unplaced = max(self.gap, found.gap), found.unplaced
        share = np.zeros(len(choices.cost))
        share[pairs] = found.people / self.weight[row]
        return by_largest_share(choices, share, self.weight)


def _penalty(cost: Floats, n_centres: int) -> float:
    """Return M."""
    return (n_centres + 1.0) * float(cost.max(initial=0.0)) + 1.0


def place_exactly(row: np.ndarray, centre: np.ndarray, cost: Floats, weight: Floats, places: Floats) -> Places:
    """Solve (1)–(3) by HiGHS.

    Args:
        row: i32[K] point of each pair.
        centre: i32[K] centre of each pair.
        cost: f64[K].
        weight: f64[P] people.
        places: f64[C].

    Raises:
        SolveError: HiGHS did not finish.
    """
    from scipy.optimize import linprog  # noqa: PLC0415  (slow to import)
    from scipy.sparse import coo_array, hstack  # noqa: PLC0415

    if not len(row):
        return Places(np.zeros(0), 0.0, 0.0, 0.0, 0.0)
    points, at = np.unique(row, return_inverse=True)
    k, n, m = len(row), len(points), len(places)
    penalty = _penalty(cost, m)
    ones = np.ones(k)
    left = coo_array((np.ones(n), (np.arange(n), np.arange(n))), shape=(n, n))
    served: Any = hstack([coo_array((ones, (at, np.arange(k))), shape=(n, k)), left]).tocsr()
    within: Any = coo_array((ones, (centre, np.arange(k))), shape=(m, k + n)).tocsr()
    found = linprog(
        np.concatenate([cost, np.full(n, penalty)]), A_ub=within, b_ub=places, A_eq=served, b_eq=weight[points],
        bounds=(0, None), method="highs",
    )  # fmt: skip
    if found.x is None:
        raise SolveError(f"the assignment by places was not solved: {found.message}")
    people = np.maximum(found.x[:k], 0.0)
    unplaced = float(np.maximum(found.x[k:], 0.0).sum())
    value = float(found.fun or 0.0)
    return Places(people, float((people * cost).sum()), unplaced, value, value)


def place_by_prices(row: np.ndarray, centre: np.ndarray, cost: Floats, weight: Floats, places: Floats) -> Places:
    """Find an assignment that keeps every limit, and a bound, by prices on full centres; see the module.

    Args and returns as :func:`place_exactly`; rows ascending.
    """
    if not len(row):
        return Places(np.zeros(0), 0.0, 0.0, 0.0, 0.0)
    starts = np.flatnonzero(np.append(True, row[1:] != row[:-1]))
    people = weight[row[starts]]
    owner = np.repeat(np.arange(len(starts)), np.diff(np.append(starts, len(row))))
    penalty = _penalty(cost, len(places))
    price, bound, best = np.zeros(len(places)), -np.inf, None
    step = float(cost.mean())
    for turn in range(_ROUNDS):
        dear = cost + price[centre]
        least = np.minimum(np.minimum.reduceat(dear, starts), penalty)
        value = float((people * least).sum() - (price * places).sum())
        bound = max(bound, value)
        if turn % 20 == 0 or turn == _ROUNDS - 1:
            filled = _filled(dear, cost, centre, owner, people, places, penalty)
            best = filled if best is None or filled[1] < best[1] else best
        wants = np.flatnonzero((dear <= least[owner] + _TINY) & (least[owner] < penalty))
        ties = np.bincount(owner[wants], minlength=len(starts))
        demand = summed(centre[wants], people[owner[wants]] / ties[owner[wants]], len(places))
        over = demand - places
        scale = np.abs(over) / np.maximum(places, 1.0)
        price = np.maximum(price + step * np.sign(over) * np.minimum(scale, 1.0), 0.0)
        step *= 0.985
    assert best is not None  # the first round fills
    served, value = best
    gone = float(people.sum() - served.sum())
    return Places(served, float((served * cost).sum()), max(gone, 0.0), min(bound, value), value)


def _filled(
    dear: Floats, cost: Floats, centre: np.ndarray, owner: np.ndarray, people: Floats, places: Floats, penalty: float
) -> tuple[Floats, float]:
    """Fill places in rounds: everybody asks the centre that is least dear; who regrets most is served first."""
    left, waiting = places.copy(), people.copy()
    served = np.zeros(len(dear))
    is_open = left[centre] > 0
    while is_open.any():
        pairs = np.flatnonzero(is_open & (waiting[owner] > 0))
        if not len(pairs):
            break
        first, regret = _first_choice(pairs, dear, owner, penalty)
        order = first[np.lexsort((owner[first], -regret, centre[first]))]
        at = centre[order]
        ahead = np.cumsum(waiting[owner[order]])
        begins = np.append(True, at[1:] != at[:-1])
        before = ahead - waiting[owner[order]]
        before -= np.repeat(before[begins], np.diff(np.append(np.flatnonzero(begins), len(at))))
        given = np.clip(left[at] - before, 0.0, waiting[owner[order]])
        served[order] += given
        waiting[owner[order]] -= given
        left -= summed(at, given, len(left))
        left[left < _TINY] = 0.0
        waiting[waiting < _TINY] = 0.0
        is_open = left[centre] > 0
    return served, float((served * cost).sum() + penalty * waiting.sum())


def _first_choice(pairs: np.ndarray, dear: Floats, owner: np.ndarray, penalty: float) -> tuple[np.ndarray, Floats]:
    """Return the least dear pair of every point that has one, and what its second one would cost more."""
    order = pairs[np.lexsort((dear[pairs], owner[pairs]))]
    is_first = np.append(True, owner[order][1:] != owner[order][:-1])
    first = np.flatnonzero(is_first)
    after = np.minimum(first + 1, len(order) - 1)
    has_second = (first + 1 < len(order)) & ~is_first[after]
    second = np.where(has_second, dear[order[after]], penalty)
    return order[first], second - dear[order[first]]
