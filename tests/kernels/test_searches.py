"""Searches against their slow twins, small enough to run without compiling (NUMBA_DISABLE_JIT=1)."""

from __future__ import annotations

import numpy as np
import pytest

from lifezone.kernels.k_nearest import search_k_nearest
from lifezone.kernels.nearest import follow_back, search_nearest
from lifezone.kernels.queue import BUCKETS, clear_labels
from lifezone.kernels.records import EDGE, LABEL, SEED, Edges
from tests import naive

NOBODY = np.empty(0, np.int32)


def random_case(seed, *, n=40, n_seeds=6, weights=(0.0, 1.0, 1.0, 2.0, 3.5)):
    """Return edges and seeds with many ties, zero weights, loops, parallel edges and nodes that nothing reaches."""
    rng = np.random.default_rng(seed)
    edges = [(int(a), int(b), float(rng.choice(weights)), float(rng.choice(weights)))
             for a, b in rng.integers(0, n, (2 * n, 2))]  # fmt: skip
    seeds = [(int(v), float(rng.choice(weights)), int(owner), float(rng.choice(weights)))
             for owner, v in enumerate(rng.integers(0, n, n_seeds))]  # fmt: skip
    return n, edges, [*seeds, (seeds[0][0], 0.5, 1, 9.0)]  # two owners at one node, one owner at two


def as_records(n, edges, seeds, per_cost):
    ranked = sorted(edges)
    edge = np.zeros(len(edges), EDGE)
    edge["head"] = [b for _, b, _, _ in ranked]
    edge["cost"] = [cost for _, _, cost, _ in ranked]
    edge["other"] = [other for _, _, _, other in ranked]
    tail = np.array([a for a, _, _, _ in ranked], np.int32)
    first = np.concatenate([[0], np.cumsum(np.bincount(tail, minlength=n))]).astype(np.int64)
    seed = np.zeros(len(seeds), SEED)
    for i, (node, cost, owner, other) in enumerate(seeds):
        seed[i] = (cost, other, node, owner)
    return Edges(first, edge, per_cost), seed, tail


def cleared(n):
    label = np.empty(n, LABEL)
    clear_labels(label)
    return label


def as_tuples(label):
    return [(float(x["cost"]), int(x["owner"]), float(x["other"])) if x["owner"] >= 0 else None for x in label]


@pytest.mark.parametrize("per_cost", [0.01, 1.0, 7.0, 5000.0])
@pytest.mark.parametrize("case", range(5))
def test_search_nearest__equals_its_twin_for_any_bucket_width(case, per_cost):
    n, edges, seeds = random_case(case)
    given, seed, _ = as_records(n, edges, seeds, per_cost)
    label = cleared(n)
    search_nearest(given, seed, label, np.inf, NOBODY)
    assert as_tuples(label) == naive.nearest_labels(n, edges, seeds)


@pytest.mark.parametrize("case", range(3))
def test_search_nearest__takes_a_ferry_of_any_weight(case):
    """Weights beyond the ring of buckets, by far: the queue must wait and jump, not wrap round."""
    n, edges, seeds = random_case(case, weights=(0.0, 1.0, 2.0 * BUCKETS, 3.0 * BUCKETS + 1, 1e12))
    given, seed, _ = as_records(n, edges, seeds, 1.0)
    label = cleared(n)
    search_nearest(given, seed, label, np.inf, NOBODY)
    assert as_tuples(label) == naive.nearest_labels(n, edges, seeds)


@pytest.mark.parametrize("limit", [-1.0, 0.0, 1.0, 3.5])
def test_search_nearest__stops_at_the_limit_and_lists_what_it_touched(limit):
    n, edges, seeds = random_case(1)
    given, seed, _ = as_records(n, edges, seeds, 1.0)
    label, touched = cleared(n), np.empty(n + 1, np.int32)
    count = search_nearest(given, seed, label, limit, touched)
    wanted = [x if x and x[0] <= limit else None for x in naive.nearest_labels(n, edges, seeds)]
    assert as_tuples(label) == wanted
    assert sorted(touched[:count].tolist()) == [v for v in range(n) if wanted[v]]


def test_search_nearest__grows_its_pool():
    n = 3 * BUCKETS
    edges = [(0, v, 1.0, 1.0) for v in range(1, n)]
    given, seed, _ = as_records(n, edges, [(0, 0.0, 0, 0.0)], 1.0)
    label = cleared(n)
    search_nearest(given, seed, label, np.inf, NOBODY)
    assert (label["cost"][1:] == 1.0).all()


def test_search_nearest__does_nothing_without_seeds():
    n, edges, _ = random_case(0)
    given, seed, _ = as_records(n, edges, [], 1.0)
    label = cleared(n)
    assert search_nearest(given, seed, label, np.inf, NOBODY) == 0
    assert as_tuples(label) == [None] * n


def test_follow_back__sums_to_the_label():
    n, edges, seeds = random_case(2)
    given, seed, tail = as_records(n, edges, seeds, 1.0)
    label = cleared(n)
    search_nearest(given, seed, label, np.inf, NOBODY)
    for v in np.flatnonzero(label["owner"] >= 0):
        path = follow_back(label, tail, v)
        at = v
        for e in path:
            assert given.edge["head"][e] == at
            at = tail[e]
        assert label["via"][at] == -1
        assert label["cost"][v] == label["cost"][at] + given.edge["cost"][path].sum()
        assert label["other"][v] == label["other"][at] + given.edge["other"][path].sum()


@pytest.mark.parametrize("k", [1, 2, 4, 9])
@pytest.mark.parametrize("case", range(4))
def test_search_k_nearest__equals_its_twin(case, k):
    n, edges, seeds = random_case(case)
    for per_cost in (0.1, 1.0):
        given, seed, _ = as_records(n, edges, seeds, per_cost)
        label = cleared(n * k)
        search_k_nearest(given, seed, label, k)
        got = [[x for x in as_tuples(label[v * k : v * k + k]) if x] for v in range(n)]
        assert got == naive.k_nearest_labels(n, edges, seeds, k)


def test_search_k_nearest__takes_a_ferry_and_grows_its_pool():
    n = 2 * BUCKETS
    edges = [(0, v, 1.0 if v % 2 else 1e9, 1.0) for v in range(1, n)]
    given, seed, _ = as_records(n, edges, [(0, 0.0, 0, 0.0), (0, 5.0, 3, 0.0)], 1.0)
    label = cleared(n * 2)
    search_k_nearest(given, seed, label, 2)
    assert as_tuples(label[2:6]) == [(1.0, 0, 1.0), (6.0, 3, 1.0), (1e9, 0, 1.0), (1e9 + 5, 3, 1.0)]
