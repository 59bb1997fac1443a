"""How far sites are from one another, and the rule that some may not stand together.

(14) Σ_{j in Q} y_j ≤ 1 for cliques Q of sites nearer to one another than the least separation

Cliques cover every forbidden pair: one row for many pairs, and a far better linear bound than y_a + y_b ≤ 1. Two sites
that are settled to stand both are not forbidden: the question cannot change them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from lifezone.errors import InputError
from lifezone.model import Bools, Floats, Ints

if TYPE_CHECKING:
    from lifezone.siting.milp import Model
    from lifezone.siting.problem import Problem

__all__ = ["Between", "forbid", "keep_apart"]

_SLACK: Final = 1e-9
"""Relative: a separation that is the least one but for rounding is far enough."""


@dataclass(frozen=True, eq=False)
class Between:
    """Travel costs between sites, each pair once; a pair that is absent has no way between.

    Attributes:
        a: i32[n] site.
        b: i32[n] another, ``a < b``.
        cost: f64[n] the lesser of both directions.
        unit: what it counts, e.g. ``seconds`` or ``metres in a straight line``.
    """

    a: Ints
    b: Ints
    cost: Floats
    unit: str = "seconds"

    def __post_init__(self) -> None:
        """Check what solvers trust."""
        if not (len(self.a) == len(self.b) == len(self.cost)) or (self.a >= self.b).any():
            raise InputError("siting: pairs of sites must be told once each, the lower site first")
        if not (np.isfinite(self.cost).all() and (self.cost >= 0).all()):
            raise InputError("siting: separations must be finite and 0 or more")

    @staticmethod
    def of(a: Ints, b: Ints, cost: Floats, unit: str = "seconds") -> Between:
        """Keep the lesser of both directions of loose pairs; a site and itself are left out."""
        low, high = np.minimum(a, b), np.maximum(a, b)
        wanted = low < high
        low, high, cost = low[wanted], high[wanted], cost[wanted]
        order = np.lexsort((cost, high, low))
        low, high, cost = low[order], high[order], cost[order]
        new = np.ones(len(low), np.bool_)
        new[1:] = (low[1:] != low[:-1]) | (high[1:] != high[:-1])
        return Between(low[new].astype(np.int32), high[new].astype(np.int32), np.asarray(cost[new], float), unit)

    def open_to_choice(self, problem: Problem) -> Bools:
        """Return bool[n] pairs that the question can still change: none may not stand, not both stand anyway."""
        from lifezone.siting.problem import SHUT, STANDS  # noqa: PLC0415

        a, b = problem.fixed[self.a], problem.fixed[self.b]
        return np.asarray((a != SHUT) & (b != SHUT) & ~((a == STANDS) & (b == STANDS)))


def keep_apart(model: Model, problem: Problem, y: Ints, least: float) -> None:
    """Add (14) for the separation ``least``."""
    if problem.between is None or not least > 0:
        return
    between = problem.between
    near = between.open_to_choice(problem) & (between.cost < least * (1 - _SLACK))
    forbid(model, y, between.a[near], between.b[near])


def forbid(model: Model, y: Ints, a: Ints, b: Ints) -> None:
    """Add (14) for pairs that may not stand together."""
    row, site = _cliques(len(y), a, b)
    if len(row):
        model.rows(int(row[-1]) + 1, row, y[site], 1.0, high=1.0)


def _cliques(n_sites: int, a: Ints, b: Ints) -> tuple[Ints, Ints]:
    """Cover edges with cliques, each grown as far as it goes from an edge that is not covered yet.

    Returns:
        i64[n] clique, ascending, and i64[n] its sites.
    """
    if not len(a):
        return np.empty(0, np.int64), np.empty(0, np.int64)
    touches = np.zeros((n_sites, n_sites), np.bool_)
    touches[a, b] = touches[b, a] = True
    bare = touches.copy()
    found: list[Ints] = []
    for one in np.flatnonzero(bare.any(axis=1)).tolist():
        while bare[one].any():
            other = int(bare[one].argmax())
            members = [one, other]
            common = touches[one] & touches[other]
            while common.any():
                wanted = common & bare[one]
                member = int((wanted if wanted.any() else common).argmax())
                members.append(member)
                common &= touches[member]
            clique = np.array(members)
            bare[np.ix_(clique, clique)] = False
            found.append(np.sort(clique))
    size = [len(clique) for clique in found]
    return np.repeat(np.arange(len(found)), size), np.concatenate(found)
