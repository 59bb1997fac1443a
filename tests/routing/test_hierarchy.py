"""The hierarchy on random, hostile and real roads: every cost equal to scipy's on the same integer costs."""

from __future__ import annotations

import geopandas as gpd
import numba
import numpy as np
import pytest
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import dijkstra

from benchmarks.graphs import road_like
from lifezone.errors import InputError
from lifezone.model import SearchGraph
from lifezone.routing import build_graph
from lifezone.routing.hierarchy import (
    UNREACHED,
    cost_between,
    customise,
    from_arrays,
    integer_costs,
    order_nodes,
    recustomise,
    to_arrays,
    unpack,
)
from tests.routing.networks import random_network


def graph_of(n, edges, seconds=None):
    """Make a search graph of directed edges (tail, head), sorted by tail; each edge is its own chain."""
    tail = np.array([e[0] for e in edges], np.int32)
    head = np.array([e[1] for e in edges], np.int32)
    m = len(edges)
    seconds = np.arange(1.0, m + 1) if seconds is None else np.asarray(seconds, float)
    none = np.empty(0, np.int32)
    return SearchGraph(
        mode="car", vertex=np.arange(n, dtype=np.int32), node=np.arange(n, dtype=np.int32),
        arrive=np.arange(n, dtype=np.int32), wait_s=np.empty(0),
        first_out=np.searchsorted(tail, np.arange(n + 1)).astype(np.int64), head=head,
        chain=np.arange(m, dtype=np.int32), chain_from=tail, chain_to=head, chain_seconds=seconds,
        chain_metres=10 * seconds, chain_first=np.arange(m + 1), chain_arc=none, arc_chain=none,
        arc_seconds=np.empty(0), arc_metres=np.empty(0), part=none, part_metres=np.empty(0),
    )  # fmt: skip


def places(graph, network):
    return network.x_m[graph.vertex], network.y_m[graph.vertex]


def from_scipy(graph, cost, sources):
    """Return the costs from some nodes to all, inf where there is no way; parallel edges: the least."""
    n = graph.n_nodes
    tail = np.repeat(np.arange(n), np.diff(graph.first_out))
    by = np.lexsort((cost, graph.head, tail))
    by = by[cost[by] < UNREACHED]
    first = np.r_[True, (np.diff(tail[by]) != 0) | (np.diff(graph.head[by]) != 0)][: len(by)]
    by = by[first]
    return dijkstra(csr_matrix((cost[by].astype(float), (tail[by], graph.head[by])), shape=(n, n)), indices=sources)


def swept(weights, source):
    """Return the costs from one node to all by climbing and descending the arcs that are left for sweeps."""
    h = weights.hierarchy
    cost = np.full(h.n_nodes, np.inf)
    cost[h.rank[source]] = 0
    for r in range(h.n_nodes):
        row = slice(weights.climb_first[r], weights.climb_first[r + 1])
        upper = weights.climb_head[row]
        cost[upper] = np.minimum(cost[upper], cost[r] + weights.climb_cost[row])
    for r in range(h.n_nodes - 1, -1, -1):
        row = slice(weights.descend_first[r], weights.descend_first[r + 1])
        over = cost[weights.descend_head[row]] + weights.descend_cost[row]
        cost[r] = min(cost[r], over.min(initial=np.inf))
    return np.where(cost < UNREACHED, cost, np.inf)[h.rank]


def check_ways(graph, weights, pairs):
    """Check cost and edges of ways against scipy."""
    by_source = {a: from_scipy(graph, weights.edge_cost, a) for a in {a for a, _ in pairs}}
    tail = np.repeat(np.arange(graph.n_nodes), np.diff(graph.first_out))
    for a, b in pairs:
        wanted = by_source[a][b]
        cost, edges = cost_between(weights, a, b), unpack(weights, a, b)
        assert cost == (wanted if np.isfinite(wanted) else UNREACHED)
        assert weights.edge_cost[edges].sum() == (cost if np.isfinite(wanted) else 0)
        if len(edges):
            assert [tail[edges[0]], graph.head[edges[-1]]] == [a, b]
            assert (graph.head[edges[:-1]] == tail[edges[1:]]).all()


HOSTILE = {
    "nothing": (0, []),
    "one node": (1, []),
    "two nodes apart": (2, []),
    "two nodes, one way": (2, [(0, 1)]),
    "parallel both ways": (2, [(0, 1), (0, 1), (0, 1), (1, 0)]),
    "a loop": (3, [(0, 0), (0, 1), (1, 1), (1, 2)]),
    "a trap": (5, [(0, 1), (1, 2), (2, 0), (1, 3), (3, 4), (4, 3)]),
    "islands": (9, [(0, 1), (1, 0), (3, 4), (4, 5), (5, 3), (7, 8)]),
    "a star": (40, [(0, i) for i in range(1, 40)] + [(i, 0) for i in range(1, 40, 2)]),
    "a ring": (30, [(i, (i + 1) % 30) for i in range(30)]),
    "everything joined": (12, [(i, j) for i in range(12) for j in range(12) if i != j]),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hierarchy__holds_on_hostile_graphs(name):
    n, edges = HOSTILE[name]
    graph = graph_of(n, edges, np.random.default_rng(1).integers(0, 9, len(edges)))
    hierarchy = order_nodes(graph, np.zeros(n), np.zeros(n))  # all in one place
    for perfect in (False, True):
        weights = customise(hierarchy, integer_costs(graph, "time"), perfect=perfect)
        for source in range(n):
            np.testing.assert_array_equal(swept(weights, source), from_scipy(graph, weights.edge_cost, source))
    check_ways(graph, weights, [(a, b) for a in range(min(n, 6)) for b in range(n)])


def test_hierarchy__cuts_a_clique_larger_than_a_leaf():
    n = 90
    graph = graph_of(n, [(i, j) for i in range(n) for j in range(n) if i != j])
    hierarchy = order_nodes(graph, np.arange(n) * 1.0, np.zeros(n))
    assert hierarchy.n_arcs == n * (n - 1) // 2
    weights = customise(hierarchy, integer_costs(graph, "time"))
    np.testing.assert_array_equal(swept(weights, 5), from_scipy(graph, weights.edge_cost, 5))


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("metric", ["time", "length"])
def test_hierarchy__agrees_with_scipy_on_random_roads(seed, metric):
    network = random_network(seed, side=12)
    graph = build_graph(network, "car")
    hierarchy = order_nodes(graph, *places(graph, network))
    cost = integer_costs(graph, metric)
    basic, perfect = customise(hierarchy, cost, perfect=False), customise(hierarchy, cost)
    assert len(perfect.climb_head) < len(basic.climb_head)
    for source in np.random.default_rng(seed).integers(0, graph.n_nodes, 6).tolist():
        wanted = from_scipy(graph, cost, source)
        np.testing.assert_array_equal(swept(basic, source), wanted)
        np.testing.assert_array_equal(swept(perfect, source), wanted)
    check_ways(graph, perfect, np.random.default_rng(seed + 9).integers(0, graph.n_nodes, (60, 2)).tolist())


def test_hierarchy__has_an_arc_for_every_edge_and_a_tree_above():
    network = random_network(3, side=14)
    graph = build_graph(network, "car")
    h = order_nodes(graph, *places(graph, network))
    assert sorted(h.node.tolist()) == list(range(graph.n_nodes))
    assert (h.node[h.rank] == np.arange(graph.n_nodes)).all()
    lower = np.repeat(np.arange(h.n_nodes), np.diff(h.up_first))
    assert (h.up_head > lower).all()
    assert (np.diff(h.up_head)[np.diff(lower) == 0] > 0).all()
    has = np.diff(h.up_first) > 0
    assert (h.parent[has] == h.up_head[h.up_first[:-1][has]]).all()
    assert (h.parent[~has] == -1).all()
    tail = np.repeat(np.arange(graph.n_nodes), np.diff(graph.first_out))
    ends = np.stack([h.rank[tail], h.rank[graph.head]])
    assert (lower[h.edge_arc >> 1] == ends.min(axis=0)).all()
    assert (h.up_head[h.edge_arc >> 1] == ends.max(axis=0)).all()
    assert ((h.edge_arc & 1) == (ends[0] > ends[1])).all()


def test_hierarchy__is_the_same_every_time_and_survives_being_kept():
    network = random_network(4, side=14)
    graph = build_graph(network, "car")
    one, other = (order_nodes(graph, *places(graph, network)) for _ in range(2))
    kept = from_arrays({name: array.copy() for name, array in to_arrays(other).items()})
    for name, array in to_arrays(one).items():
        np.testing.assert_array_equal(array, to_arrays(kept)[name])
        assert array.dtype == to_arrays(kept)[name].dtype
    cost = integer_costs(graph, "time")
    np.testing.assert_array_equal(customise(one, cost).climb_cost, customise(kept, cost).climb_cost)
    with pytest.raises(InputError, match="no array parent"):
        from_arrays({k: v for k, v in to_arrays(one).items() if k != "parent"})


def test_road_like__agrees_with_scipy_for_hundreds_of_pairs():
    network = road_like(1500, 2)
    graph = build_graph(network, "car")
    hierarchy = order_nodes(graph, *places(graph, network))
    weights = customise(hierarchy, integer_costs(graph, "time"))
    rng = np.random.default_rng(3)
    check_ways(graph, weights, [(int(a), int(b)) for a in rng.integers(0, graph.n_nodes, 12)
                                for b in rng.integers(0, graph.n_nodes, 30)])  # fmt: skip
    np.testing.assert_array_equal(swept(weights, 7), from_scipy(graph, weights.edge_cost, 7))


@pytest.mark.shared
@pytest.mark.parametrize("metric", ["time", "length"])
def test_doan__agrees_with_scipy(shared, metric):
    links = gpd.read_file(shared / "daejeon" / "doan_links.gpkg").to_crs("EPSG:5179")
    names = sorted({*links.F_NODE, *links.T_NODE})
    at = {name: i for i, name in enumerate(names)}
    ends = sorted(zip(links.F_NODE.map(at), links.T_NODE.map(at), links.LENGTH / (links.MAX_SPD / 3.6), strict=True))
    graph = graph_of(len(names), [e[:2] for e in ends], [e[2] for e in ends])
    place = np.zeros((len(names), 2))
    for link, line in zip(links.itertuples(), links.geometry, strict=True):
        place[at[link.F_NODE]] = np.asarray(getattr(line, "geoms", [line])[0].coords)[0, :2]
    weights = customise(order_nodes(graph, *place.T), integer_costs(graph, metric))
    for source in range(0, graph.n_nodes, 97):
        np.testing.assert_array_equal(swept(weights, source), from_scipy(graph, weights.edge_cost, source))
    check_ways(graph, weights, np.random.default_rng(5).integers(0, graph.n_nodes, (200, 2)).tolist())


def test_integer_costs__are_rounded_once_and_at_least_one_step():
    graph = graph_of(3, [(0, 1), (0, 2), (1, 0), (1, 2), (2, 0), (2, 1)], [0.0, 0.04, 0.26, 12.34, 1e12, 107374182.0])
    assert integer_costs(graph, "time").tolist() == [1, 1, 3, 123, UNREACHED, 1073741820]
    assert integer_costs(graph, "length")[3] == 1234
    with pytest.raises(InputError, match="time or length"):
        integer_costs(graph, "money")


def test_costs__out_of_range_are_refused():
    graph = graph_of(2, [(0, 1), (1, 0)])
    hierarchy = order_nodes(graph, np.zeros(2), np.zeros(2))
    weights = customise(hierarchy, np.array([1, 2]))
    for cost, message in [([1], "expected 2"), ([0, 1], "from 1 to"), ([1, UNREACHED + 1], "from 1 to")]:
        with pytest.raises(InputError, match=message):
            customise(hierarchy, np.array(cost))
    with pytest.raises(InputError, match="numbered 0 to 1"):
        recustomise(weights, np.array([2]), np.array([5]))
    with pytest.raises(InputError, match="in place"):
        recustomise(weights, np.array([0]), np.array([5]), in_place=True)


def test_closed_edges__are_not_travelled():
    graph = graph_of(3, [(0, 1), (0, 2), (1, 2)])
    hierarchy = order_nodes(graph, np.zeros(3), np.zeros(3))
    weights = customise(hierarchy, np.array([UNREACHED, UNREACHED, 4]))
    assert cost_between(weights, 0, 2) == UNREACHED
    assert not len(unpack(weights, 0, 2))
    assert cost_between(weights, 1, 2) == 4
    assert cost_between(weights, 1, 1) == 0


def test_long_ways__do_not_wrap():
    n = 6
    graph = graph_of(n, [(i, i + 1) for i in range(n - 1)])
    hierarchy = order_nodes(graph, np.arange(n) * 1.0, np.zeros(n))
    weights = customise(hierarchy, np.full(n - 1, UNREACHED // 3, np.uint32))
    assert cost_between(weights, 0, 2) == 2 * (UNREACHED // 3)
    assert cost_between(weights, 0, n - 1) == UNREACHED  # four thirds and more of the largest cost
    assert max(weights.climb.max(), weights.descend.max()) <= UNREACHED


@pytest.mark.parametrize(("seed", "in_place"), [(0, False), (1, True), (2, True)])
def test_recustomise__equals_customising_anew_after_thousands_of_edits(seed, in_place):
    network = random_network(seed, side=10)
    graph = build_graph(network, "car")
    hierarchy = order_nodes(graph, *places(graph, network))
    weights = customise(hierarchy, integer_costs(graph, "time"), perfect=False)
    rng = np.random.default_rng(seed)
    for _ in range(20 if runs_as_python() else 1200):
        k = int(rng.choice([1, 1, 1, 2, 6]))
        edges = rng.integers(0, len(graph.head), k)
        kept = weights.climb.copy()
        changed = recustomise(weights, edges, rng.choice([1, 2, 40, 300, 5000, UNREACHED], k), in_place=in_place)
        assert (changed is weights) == in_place
        if not in_place:
            np.testing.assert_array_equal(weights.climb, kept)
        weights = changed
        anew = customise(hierarchy, weights.edge_cost, perfect=False)
        np.testing.assert_array_equal(weights.climb, anew.climb)
        np.testing.assert_array_equal(weights.descend, anew.descend)


def runs_as_python():
    """Tell whether kernels run as plain Python."""
    return bool(numba.config.DISABLE_JIT)


def test_recustomise__gives_perfect_weights_when_asked_and_takes_many_edits_at_once():
    network = random_network(8, side=10)
    graph = build_graph(network, "car")
    hierarchy = order_nodes(graph, *places(graph, network))
    weights = customise(hierarchy, integer_costs(graph, "time"))
    rng = np.random.default_rng(1)
    for share in (0.005, 0.05, 1.0):
        edges = np.flatnonzero(rng.random(len(graph.head)) < share)
        weights = recustomise(weights, edges, rng.integers(1, 900, len(edges)), perfect=True)
        anew = customise(hierarchy, weights.edge_cost)
        for name in ("climb", "descend", "climb_first", "climb_head", "climb_cost", "descend_head", "descend_cost"):
            np.testing.assert_array_equal(getattr(weights, name), getattr(anew, name))
        np.testing.assert_array_equal(swept(weights, 3), from_scipy(graph, weights.edge_cost, 3))
