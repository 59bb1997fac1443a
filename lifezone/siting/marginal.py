"""What each candidate would do alone: people newly within the bound, people newly reached at all, travel saved.

For a candidate j that opens beside what is open today, with b_i the cost of row i today and B_i its bound

    covered_j = Σ_i a_i [c_ij ≤ B_i < b_i]      reached_j = Σ_i a_i [c_ij < b_i = ∞]
    saved_j = Σ_i a_i max(0, b_i − c_ij) where b_i < ∞

over the pairs of the question: one pass over the rows, however many candidates there are.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from lifezone.model import Floats, Ints
from lifezone.siting.problem import SHUT, Problem, serve

__all__ = ["Marginal", "marginal_coverage"]


@dataclass(frozen=True, eq=False)
class Marginal:
    """What n candidates would do, each alone, in the order of their sites.

    Attributes:
        site: i32[n] sites that are closed today and may open.
        covered: f64[n] people newly within the bound; 0 where the question has no bound.
        reached: f64[n] people whom no open site reaches today and this one would.
        saved: f64[n] people × seconds (metres) saved by those who are reached today already.
        rank: i32[n] 1 = the best: most people newly within the bound, then most saved, then newly reached.
    """

    site: Ints
    covered: Floats
    reached: Floats
    saved: Floats
    rank: Ints


def marginal_coverage(problem: Problem, before: Floats | None = None) -> Marginal:
    """Return what every candidate would do alone.

    Args:
        problem: the question. Trips that its pairs leave out count nothing, so that with pairs within a reach ``saved``
            is what is saved by trips within that reach.
        before: f64[R] each row's cost today, ``inf`` = reached by nothing; None = by the pairs of the question, which
            may stop at a reach.
    """
    from lifezone.kernels.coverage import add_marginals  # noqa: PLC0415

    if before is None:
        before = serve(problem.pairs, problem.open_now).cost
    covered, reached, saved = (np.zeros(problem.n_sites) for _ in range(3))
    pairs = problem.pairs
    add_marginals(
        pairs.first, pairs.site, pairs.cost, problem.people, np.asarray(before, np.float64), problem.bounds,
        covered, reached, saved,
    )  # fmt: skip
    site = np.flatnonzero(~problem.open_now & (problem.fixed != SHUT)).astype(np.int32)
    covered, reached, saved = covered[site], reached[site], saved[site]
    rank = np.empty(len(site), np.int32)
    rank[np.lexsort((site, -reached, -saved, -covered))] = np.arange(1, len(site) + 1)
    return Marginal(site, covered, reached, saved, rank)
