"""Lower bounds of p-medians by Lagrangian relaxation, of small questions and of whole provinces.

    L(u) = Σ u_i + Σ_{chosen j} Σ_i min(0, a_i c_ij − u_i)

Small ones run in one kernel. Large ones run step by step, rows in blocks that are spread over the cores: the blocks are
the same for any number of threads and are added up in their order, so that the answer is the same too. Between two
stages every site that no answer better than the known one opens is dropped with its pairs, and the sites that the
relaxation would choose are the start of another interchange.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import TYPE_CHECKING, Final

import numpy as np

from lifezone.model import Bools, Floats
from lifezone.routing.threads import map_threads
from lifezone.siting.interchange import Search
from lifezone.siting.milp import Tell
from lifezone.siting.problem import SHUT, Problem, serve
from lifezone.siting.table import table_of

if TYPE_CHECKING:
    from lifezone.kernels.median import Table

__all__ = [
    "MANY_PAIRS", "Climb", "Part", "choose_relaxed", "first_prices", "gains_of", "is_whole", "raise_part",
    "settle_sites", "tighten", "total_cost",
]  # fmt: skip

MANY_PAIRS: Final = 3_000_000
"""From so many pairs a step takes longer than spreading it over threads."""
_BLOCKS: Final = 8
"""Blocks of rows of a large question, whatever the number of threads."""
_THREADS: Final = min(os.cpu_count() or 1, _BLOCKS)
_BLOCK: Final = 4_000_000
"""Pairs looked at together where a product of each is needed."""
_STAGE_ROUNDS: Final = 80
"""Steps between two tries to drop sites."""
_STAGES: Final = 12
_PATIENCE: Final = 10
"""Steps without a better bound before steps of a large question get half as long."""
_LEAST_STEP: Final = 0.005
_WORTH_DROPPING: Final = 0.8
"""Sites are dropped when at most this share of the free ones is left (the pairs are copied then)."""


@dataclass(frozen=True, eq=False)
class Part:
    """A part of the answers.

    Attributes:
        stands: bool[S] sites that stand in all of them.
        free: bool[S] sites that stand in some.
        wanted: how many of the free ones open.
        price: f64[R] multipliers u.
        bound: no answer of the part is better.
    """

    stands: Bools
    free: Bools
    wanted: int
    price: Floats
    bound: float


def total_cost(problem: Problem, standing: Bools) -> float:
    """Return Σ people × cost to the nearest standing site over the rows that any site reaches; inf = one is not."""
    cost = serve(problem.pairs, standing).cost
    some = problem.reachable & (problem.people > 0)
    return float((problem.people[some] * cost[some]).sum())


def first_prices(problem: Problem, stands: Bools) -> Floats:
    """Return f64[R] multipliers to start from: halfway from what the nearest site of a plan costs to the second one.

    Where there is no second, the farthest pair of the row stands for it.
    """
    from lifezone.kernels.median import two_nearest  # noqa: PLC0415

    cost = np.empty((problem.n_rows, 2))
    two_nearest(table_of(problem.pairs), stands, cost)
    return np.asarray(problem.people * cost.mean(axis=1))


def is_whole(problem: Problem) -> bool:
    """Whether every total is a whole number, so that bounds can be rounded up."""
    pairs, total = problem.pairs, 0.0
    for low in range(0, len(pairs.cost), _BLOCK):
        at = slice(low, min(low + _BLOCK, len(pairs.cost)))
        row = np.searchsorted(pairs.first, np.arange(at.start, at.stop), side="right") - 1
        products = problem.people[row] * pairs.cost[at]
        total += float(products.sum())
        if (products != np.rint(products)).any() or total >= 2**50:
            return False
    return True


def gains_of(table: Table, people: Floats, price: Floats, n_sites: int) -> Floats:
    """Return f64[S] Σ_i min(0, a_i c_ij − u_i) of every site."""
    from lifezone.kernels.relax import add_gains  # noqa: PLC0415

    blocks = _blocks(table)

    def work(block: tuple[int, int]) -> Floats:
        gain = np.zeros(n_sites)
        add_gains(table, people, price, *block, gain)
        return gain

    made = map_threads(work, blocks, _THREADS if len(blocks) > 1 else 1)
    total = made[0]
    for gain in made[1:]:
        total += gain
    return total


def _blocks(table: Table) -> list[tuple[int, int]]:
    """Return ranges of rows with about as many pairs each; one range where there are few."""
    n_rows = len(table.first) - 1
    if len(table.cost) < MANY_PAIRS:
        return [(0, n_rows)]
    cuts = np.searchsorted(table.first, np.linspace(0, len(table.cost), _BLOCKS + 1)[1:-1])
    edges = [0, *cuts.tolist(), n_rows]
    return list(pairwise(edges))


@dataclass
class Climb:
    """How far the subgradient method has come: the step length outlives a stage."""

    step: float = 2.0
    stale: int = 0


def raise_part(
    problem: Problem, part: Part, best: float, enough: float, climb: Climb, rounds: int, left_s: Callable[[], float]
) -> Part:
    """Return a part with its bound raised by at most ``rounds`` steps; its multipliers are those of the best bound."""
    from lifezone.kernels.relax import raise_bound, slope_rows  # noqa: PLC0415

    table, people = table_of(problem.pairs), problem.people
    blocks = _blocks(table)
    if len(blocks) == 1:
        price = part.price.copy()
        bound = raise_bound(table, people, part.stands, part.free, part.wanted, best, price, rounds, climb.step, enough)
        return replace(part, price=price, bound=max(float(bound), part.bound))
    now, slope = part.price.copy(), np.zeros(len(people))
    price, bound = part.price, part.bound
    for _ in range(rounds):
        gain = gains_of(table, people, now, len(part.free))
        chosen, value = choose_relaxed(part, now, gain)
        if value > bound:
            price, bound, climb.stale = now.copy(), value, 0
        else:
            climb.stale += 1
        if climb.stale >= _PATIENCE:
            climb.step, climb.stale = climb.step / 2, 0
        if best - bound <= enough or climb.step < _LEAST_STEP or left_s() <= 0:
            break

        def work(block: tuple[int, int], now: Floats = now, chosen: Bools = chosen) -> float:
            return slope_rows(table, people, now, chosen, *block, slope)

        norm = sum(map_threads(work, blocks, _THREADS))
        if norm == 0.0:
            break
        now = np.maximum(now + climb.step * max(best * 1.001 - value, 1e-9) / norm * slope, 0.0)
        np.minimum(now, people * table.beyond, out=now)
    return replace(part, price=price, bound=bound)


def choose_relaxed(part: Part, price: Floats, gain: Floats) -> tuple[Bools, float]:
    """Return bool[S] the sites that the relaxation chooses, and L(u)."""
    places = np.flatnonzero(part.free)
    inside = places[np.argsort(gain[places], kind="stable")][: part.wanted]
    chosen = part.stands.copy()
    chosen[inside] = True
    return chosen, float(price.sum() + gain[part.stands].sum() + gain[inside].sum())


def settle_sites(part: Part, gain: Floats, limit: float) -> Part:
    """Shut the sites that no answer below ``limit`` opens, and open those that all of them do."""
    places = np.flatnonzero(part.free)
    order = places[np.argsort(gain[places], kind="stable")]
    inside, outside = order[: part.wanted], order[part.wanted :]
    if not (len(inside) and len(outside)):
        return part
    value = float(part.price.sum() + gain[part.stands].sum() + gain[inside].sum())
    stands, free = part.stands.copy(), part.free.copy()
    free[outside[value - gain[inside].max() + gain[outside] > limit]] = False
    must = inside[value - gain[inside] + gain[outside].min() > limit]
    stands[must], free[must] = True, False
    return replace(part, stands=stands, free=free, wanted=part.wanted - len(must))


def tighten(
    problem: Problem, part: Part, stands: Bools, best: float, enough: float, left_s: Callable[[], float],
    tell: Tell | None,
) -> tuple[Problem, Part, Bools, float]:  # fmt: skip
    """Raise the bound of a large question in stages, with sites dropped and plans improved between them.

    Returns:
        The question without the pairs of dropped sites, the part that is left, the best sites and their cost.
    """
    climb = Climb()
    for _ in range(_STAGES):
        part = raise_part(problem, part, best, enough, climb, _STAGE_ROUNDS, left_s)
        if tell is not None:
            tell(best, max(part.bound, 0.0))
        if best - part.bound <= enough or left_s() <= 0:
            break
        gain = gains_of(table_of(problem.pairs), problem.people, part.price, problem.n_sites)
        chosen, _ = choose_relaxed(part, part.price, gain)
        found, cost, _ = Search.of(problem).improve(chosen)
        if cost < best and (exact := total_cost(problem, found)) < best:
            stands, best = found, exact
        part = settle_sites(part, gain, best - enough)
        usable = part.free | part.stands | stands
        if usable.sum() <= _WORTH_DROPPING * (problem.fixed != SHUT).sum():
            fixed = np.where(usable, problem.fixed, SHUT).astype(np.int8)
            problem = replace(problem, pairs=problem.pairs.select(sites=usable), fixed=fixed)
        if climb.step < _LEAST_STEP:
            break
    return problem, part, stands, best
