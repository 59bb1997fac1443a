"""The lean search and the sums that follow it, against slow twins and the search that carries both metrics."""

from __future__ import annotations

import numpy as np
import pytest

from lifezone.kernels.field import CHUNK, RING, search_field
from lifezone.kernels.nearest import search_nearest
from lifezone.kernels.other import sum_other
from lifezone.kernels.records import ARC, NODE, Arcs
from lifezone.routing.roads import _leads_on
from tests import naive
from tests.kernels.test_searches import NOBODY, as_records, as_tuples, cleared, random_case


def as_arcs(given):
    n = len(given.first) - 1
    blank = np.zeros(n + 1, NODE)
    blank["cost"], blank["owner"], blank["first"] = np.inf, -1, given.first
    arc = np.zeros(len(given.edge), ARC)
    arc["cost"], arc["head"] = given.edge["cost"], given.edge["head"]
    arc["onward"] = _leads_on(given.first, given.edge["head"])
    return Arcs(blank, arc, given.per_cost)


def solve(given, seed):
    arcs = as_arcs(given)
    node = arcs.blank.copy()
    search_field(arcs, seed, node)
    assert (node["first"] == given.first).all()
    return node[:-1]


def owners(node):
    return [(float(x["cost"]), int(x["owner"])) if x["owner"] >= 0 else None for x in node]


def twin(n, edges, seeds):
    return [x and x[:2] for x in naive.nearest_labels(n, edges, seeds)]


@pytest.mark.parametrize("per_cost", [0.01, 1.0, 7.0, 5000.0])
@pytest.mark.parametrize("case", range(5))
def test_search_field__equals_its_twin_for_any_bucket_width(case, per_cost):
    n, edges, seeds = random_case(case)
    given, seed, _ = as_records(n, edges, seeds, per_cost)
    assert owners(solve(given, seed)) == twin(n, edges, seeds)


@pytest.mark.parametrize("case", range(3))
def test_search_field__takes_a_ferry_of_any_weight(case):
    """Weights at the end of the ring of buckets, beyond it, and far beyond it."""
    weights = (0.0, 1.0, RING - 1.0, float(RING), RING + 1.0, 3.0 * RING, 1e12)
    n, edges, seeds = random_case(case, weights=weights)
    given, seed, _ = as_records(n, edges, seeds, 1.0)
    assert owners(solve(given, seed)) == twin(n, edges, seeds)


@pytest.mark.parametrize("cost", [1.0, 2.0 * RING, 1e9])
def test_search_field__grows_its_pool(cost):
    """More entries at once than the pool begins with: from one junction."""
    n = 6 * RING * CHUNK if hasattr(search_field, "py_func") else 700
    head = np.arange(1, n)
    edges = [(0, int(v), cost, 1.0) for v in head] + [(int(v), int(v) % (n - 1) + 1, 1.0, 1.0) for v in head]
    given, seed, _ = as_records(n, edges, [(0, 0.0, 0, 0.0)], 1.0)
    assert (solve(given, seed)["cost"][1:] == cost).all()


def test_search_field__takes_many_seeds_and_none():
    n, edges, _ = random_case(0)
    given, seed, _ = as_records(n, edges, [], 1.0)
    assert owners(solve(given, seed)) == [None] * n
    seeds = [(v % n, float(v % 7), v, 0.0) for v in range(5 * CHUNK)]
    given, seed, _ = as_records(n, edges, seeds, 1.0)
    assert owners(solve(given, seed)) == twin(n, edges, seeds)
    seed["cost"][0] = np.inf  # a facility off the network
    assert owners(solve(given, seed[:1])) == [None] * n


def test_leads_on__is_false_where_all_edges_lead_straight_back():
    #      0 <-> 1 <-> 2, 2 -> 3, 1 => 4 (two edges there, two back), 5 on its own
    edges = [(0, 1), (1, 0), (1, 2), (2, 1), (2, 3), (1, 4), (1, 4), (4, 1), (4, 1)]
    given, _, tail = as_records(6, [(a, b, 1.0, 1.0) for a, b in edges], [], 1.0)
    got = dict(zip(zip(tail.tolist(), given.edge["head"].tolist(), strict=True),
                   _leads_on(given.first, given.edge["head"]).tolist(), strict=True))  # fmt: skip
    assert got == {(0, 1): True, (1, 0): False, (1, 2): True, (2, 1): True, (2, 3): False, (1, 4): False, (4, 1): True}


@pytest.mark.parametrize("weights", [(1.0, 2.0, 3.0), (1.0, 1.5, 7.25), (0.0, 1.0, 2.0)])
@pytest.mark.parametrize("case", range(6))
def test_sum_other__equals_the_search_with_both_metrics_or_tells_of_a_circle(case, weights):
    """Weights of few values: many trips of equal cost, of which the one that is least in the other metric counts."""
    n, edges, seeds = random_case(case, weights=weights)
    given, seed, _ = as_records(n, edges, seeds, 1.0)
    back, _, _ = as_records(n, [(b, a, cost, other) for a, b, cost, other in edges], seeds, 1.0)
    node = solve(given, seed)
    label, other = cleared(n), np.full(n, np.inf)
    search_nearest(given, seed, label, np.inf, NOBODY)
    assert as_tuples(label) == naive.nearest_labels(n, edges, seeds)
    asked = np.flatnonzero(node["owner"] >= 0)[::2]
    is_sound = sum_other(back, seed, node, asked, other)
    assert is_sound or 0.0 in weights
    if is_sound:
        assert other[asked].tolist() == label["other"][asked].tolist()
