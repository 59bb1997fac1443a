"""The prepared engine beside libraries that we did not write: RoutingKit's hierarchy, scipy and networkx.

Real and random roads, and the hostile ones: isolated nodes, a one-way trap, parallel edges, loops, zero seconds, an
island. Costs are the same whole tenths of a second for everybody, so every one must be equal to the digit.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import networkx as nx
import numpy as np
import pytest
from scipy.sparse.csgraph import dijkstra

from benchmarks.graphs import road_like
from lifezone.model import Access
from lifezone.routing import (
    INF,
    ModeRoads,
    Seeds,
    ask,
    customise,
    integer_costs,
    k_nearest_costs,
    nearest_many,
    node_matrix,
    node_pairs,
    order_nodes,
)
from lifezone.sources.reading import Reading
from lifezone.sources.roads import OsmFile
from tests.routing.networks import BOTH, FORTH, as_matrix, network_of, random_network

ROOT = Path(__file__).resolve().parents[2]
ACCESS = Access(300.0, 3 / 3.6)
PLACES = {"andorra/andorra.osm.pbf": "EPSG:25831", "porto_alegre/poa_osm.pbf": "EPSG:31982"}


def prepared(network):
    """Return the search graph of the cars, each edge's tail, and its weights in tenths."""
    roads = ModeRoads.build(network, "car", ACCESS)
    graph = roads.graph
    hierarchy = order_nodes(graph, network.x_m[graph.vertex], network.y_m[graph.vertex])
    return graph, roads.edge_tail(reverse=False), customise(hierarchy, integer_costs(graph, "time"))


def costs_of(table):
    """Return costs as the engine tells them."""
    return np.where(np.isfinite(table), table, INF).astype(np.int64)


def check_all_questions(graph, tail, weights, seed):
    """Ask everything once and compare every cost with scipy."""
    rng = np.random.default_rng(seed)
    n = graph.n_nodes
    arcs = as_matrix(tail, graph.head, weights.edge_cost.astype(float), n)
    sources, targets = (rng.choice(n, min(n, 40), replace=False).astype(np.int32) for _ in range(2))
    table = costs_of(dijkstra(arcs, indices=sources))
    assert np.array_equal(node_matrix(weights, sources, targets), table[:, targets])
    away, every = ask(weights, np.arange(n, dtype=np.int32), direction="from_facility"), np.arange(len(sources))
    one = Seeds.of([(sources, np.zeros(len(sources)), every)])
    cost, owner = nearest_many(one, away, owners=True)
    assert np.array_equal(cost[0], table.min(axis=0))
    reached = table.min(axis=0) < INF
    assert np.array_equal(owner[0][reached], table.argmin(axis=0)[reached])
    k = min(4, len(sources))
    assert np.array_equal(k_nearest_costs(one, away, k)[0][0], np.sort(table, axis=0)[:k].T)
    limit = int(np.median(table[table < INF]))
    found = np.full(table.shape, -1)
    for question, first, place, near in node_pairs(Seeds.at(sources), away, limit, threads=2):
        for b, q in enumerate(question):
            found[q, place[first[b] : first[b + 1]]] = near[first[b] : first[b + 1]]
    assert np.array_equal(found, np.where(table <= limit, table, -1))
    return arcs


def check_routingkit(graph, tail, weights, seed, pairs=400):
    """Compare the cost of some trips with RoutingKit's contraction hierarchy."""
    routingkit = pytest.importorskip("routingkit_ch", reason="ch-router (RoutingKit) is not installed")
    ends = tail.astype(np.uint32), graph.head.astype(np.uint32)
    hierarchy = routingkit.ContractionHierarchy.build(graph.n_nodes, *ends, weights.edge_cost)
    query = routingkit.CHQuery(hierarchy)
    trips = np.random.default_rng(seed).integers(0, graph.n_nodes, (2, pairs)).astype(np.int32)
    told = [query.reset().add_source(a).add_target(b).run().get_distance() for a, b in trips.T.tolist()]
    wanted = [INF if one == routingkit.INF_WEIGHT else one for one in told]
    assert np.diag(node_matrix(weights, *trips)).tolist() == wanted


@pytest.fixture(scope="module")
def synthetic():
    return prepared(road_like(6000, 5))


def test_synthetic__every_cost_is_scipys(synthetic):
    check_all_questions(*synthetic, 1)


def test_synthetic__trips_cost_what_routingkit_says(synthetic):
    check_routingkit(*synthetic, 2)


@pytest.fixture(scope="module", params=PLACES)
def place(request, shared):
    path = shared / request.param
    return prepared(OsmFile(path=path.name).load(Reading(path.parent, PLACES[request.param])).network)


@pytest.mark.shared
def test_real_roads__every_cost_is_scipys(place):
    check_all_questions(*place, 3)


@pytest.mark.shared
def test_real_roads__trips_cost_what_routingkit_says(place):
    check_routingkit(*place, 4)


@pytest.mark.parametrize("seed", range(3))
def test_spoilt_roads__every_cost_is_networkx_and_scipys(seed):
    """Parallel roads, loops, rings, islands, roads of no seconds; networkx keeps parallel edges as they are."""
    graph, tail, weights = prepared(random_network(seed, side=7))
    check_all_questions(graph, tail, weights, seed)
    roads = nx.MultiDiGraph()
    roads.add_nodes_from(range(graph.n_nodes))
    roads.add_weighted_edges_from(zip(tail.tolist(), graph.head.tolist(), weights.edge_cost.tolist(), strict=True))
    every = np.arange(graph.n_nodes, dtype=np.int32)
    table = np.full((graph.n_nodes, graph.n_nodes), INF)
    for a, row in nx.all_pairs_dijkstra_path_length(roads):
        table[a, list(row)] = list(row.values())
    assert np.array_equal(node_matrix(weights, every, every), table)


def test_hostile_roads__traps_islands_parallels_and_ferries():
    """Two places, then a one-way trap behind them; an island; a ferry of 30 days; a road of no time."""
    at = [(0, 0), (1000, 0), (2000, 0), (2500, 500), (0, 1000), (1000, 1000), (9000, 0), (5000, 5000), (5500, 5000)]
    roads = [
        (0, 1, 1000.0, 100.0, BOTH), (0, 1, 1200.0, 90.0, FORTH), (1, 2, 1000.0, 80.0, FORTH),
        (2, 3, 700.0, 50.0, FORTH), (3, 2, 900.0, 0.0, FORTH), (0, 4, 1000.0, 0.0, BOTH), (4, 5, 1000.0, 60.0, BOTH),
        (5, 1, 1000.0, 60.0, BOTH), (1, 6, 8000.0, 2_592_000.0, BOTH), (7, 8, 500.0, 30.0, BOTH),
        (5, 5, 10.0, 1.0, BOTH),
    ]  # fmt: skip
    graph, tail, weights = prepared(network_of(at, roads))
    check_all_questions(graph, tail, weights, 0)
    check_routingkit(graph, tail, weights, 0, 60)


def test_kernels__stay_within_their_arrays(tmp_path):
    """Matrices and pairs again with bounds checks, in a process and a cache of their own (.ci/run: all kernels)."""
    checked = {**os.environ, "NUMBA_BOUNDSCHECK": "1", "NUMBA_CACHE_DIR": str(tmp_path)}
    tests = ["tests/kernels/test_sweeps.py", "-k", "rows_of or node_pairs"]
    command = [sys.executable, "-m", "pytest", *tests, "-q", "-p", "no:cacheprovider"]
    done = subprocess.run(command, cwd=ROOT, env=checked, capture_output=True, text=True, encoding="utf-8", check=False)
    assert done.returncode == 0, done.stdout
