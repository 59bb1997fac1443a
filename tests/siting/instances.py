"""Small siting questions made at random, and their answers by trying everything."""

from __future__ import annotations

from itertools import combinations

import numpy as np

from lifezone.siting import FREE, STANDS, Pairs, Problem


def random_problem(rng, *, n_rows=14, n_sites=7, dense=0.8, n_open=0, **options):
    """Return a question with whole people and costs in halves; some pairs are missing."""
    row, site = np.nonzero(rng.random((n_rows, n_sites)) < dense)
    cost = rng.integers(1, 60, len(row)) / 2.0
    open_now = np.zeros(n_sites, np.bool_)
    open_now[rng.choice(n_sites, n_open, replace=False)] = True
    return Problem(
        Pairs.of(row.astype(np.int32), site.astype(np.int32), cost, n_rows, n_sites),
        rng.integers(0, 9, n_rows).astype(float),
        open_now,
        np.where(open_now, STANDS, FREE).astype(np.int8),
        bound=15.0,
        **options,
    )


def cost_matrix(problem):
    """Return f64[R, S], inf where there is no pair."""
    costs = np.full((problem.n_rows, problem.n_sites), np.inf)
    for i in range(problem.n_rows):
        for k in range(problem.pairs.first[i], problem.pairs.first[i + 1]):
            costs[i, problem.pairs.site[k]] = problem.pairs.cost[k]
    return costs


def choices(problem):
    """Yield every set of sites that may stand together: bool[S]."""
    free = np.flatnonzero((problem.fixed == FREE) & ~problem.open_now).tolist()
    sizes = range(len(free) + 1) if problem.choose is None else [problem.choose]
    for size in sizes:
        for opened in combinations(free, size):
            stands = problem.open_now & (problem.fixed != 0)
            stands[list(opened)] = True
            yield stands
