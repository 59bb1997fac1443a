"""Contraction against hand-worked cases, and against scipy and networkx on the raw graph."""

from __future__ import annotations

import networkx as nx
import numpy as np
import pytest
from scipy.sparse.csgraph import dijkstra

from lifezone.errors import InputError
from lifezone.routing import build_graph
from tests.routing.networks import BACK, BOTH, FORTH, SHUT, as_matrix, network_of, random_network

LINE = [(0, 0), (100, 0), (200, 0), (300, 0)]


def nodes(network, **options):
    return sorted(build_graph(network, "car", **options).vertex.tolist())


def test_contraction__swallows_a_two_way_bend_and_sums_it():
    graph = build_graph(network_of(LINE, [(0, 1, 100, 10, BOTH), (2, 1, 100, 20, BOTH), (2, 3, 100, 30, BOTH)]), "car")
    assert sorted(graph.vertex.tolist()) == [0, 3]
    assert graph.chain_seconds.tolist() == [60.0, 60.0]
    assert graph.chain_metres.tolist() == [300.0, 300.0]
    assert graph.part_metres.tolist() == [600.0]
    chain = graph.arc_chain[0]  # 0 → 1 starts the chain that goes on against segment 1 and along segment 2
    assert graph.chain_arc[graph.chain_first[chain] : graph.chain_first[chain + 1]].tolist() == [0, 3, 4]
    assert graph.arc_seconds[[0, 3, 4]].tolist() == [0.0, 10.0, 30.0]


def test_contraction__swallows_a_one_way_bend_but_keeps_the_change_to_two_way():
    assert nodes(network_of(LINE, [(0, 1, 1, 1, FORTH), (2, 1, 1, 1, BACK), (2, 3, 1, 1, BOTH)])) == [0, 2, 3]


def test_contraction__keeps_where_two_one_ways_meet_head_on():
    assert nodes(network_of(LINE[:3], [(0, 1, 1, 1, FORTH), (2, 1, 1, 1, FORTH)])) == [0, 1, 2]


def test_contraction__ignores_closed_roads():
    roads = [(0, 1, 1, 1, BOTH), (1, 2, 1, 1, BOTH), (1, 3, 1, 1, SHUT)]
    assert nodes(network_of(LINE, roads)) == [0, 2]
    graph = build_graph(network_of(LINE, [(0, 1, 1, 1, SHUT)]), "car")
    assert (graph.n_nodes, graph.n_edges, len(graph.part_metres)) == (0, 0, 0)
    assert graph.arc_chain.tolist() == [-1, -1]


def test_contraction__keeps_the_lowest_vertex_of_a_ring():
    ring = [(3, 1, 1, 1, BOTH), (1, 2, 1, 1, BOTH), (2, 3, 1, 1, BOTH)]
    graph = build_graph(network_of(LINE, ring), "car")
    assert graph.vertex.tolist() == [1]
    assert graph.n_edges == 0
    assert graph.chain_seconds.tolist() == [3.0, 3.0]
    one_way = build_graph(network_of(LINE, [(3, 1, 1, 1, BACK), (2, 1, 1, 1, FORTH), (2, 3, 1, 1, BACK)]), "car")
    assert one_way.vertex.tolist() == [1]
    assert one_way.chain_seconds.tolist() == [3.0]


def test_contraction__keeps_loops_and_parallel_roads():
    roads = [(0, 0, 50, 5, BOTH), (0, 1, 10, 3, BOTH), (1, 0, 30, 1, BOTH), (1, 2, 1, 1, BOTH)]
    graph = build_graph(network_of(LINE[:3], roads), "car")
    assert sorted(graph.vertex.tolist()) == [0, 1, 2]
    assert len(graph.chain_from) == 8
    assert graph.n_edges == 6  # the loop's two chains are no edges
    assert graph.part_metres.tolist() == [2 * (50 + 10 + 30 + 1)]


def test_contraction__keeps_what_it_is_asked_to():
    network = network_of(LINE, [(0, 1, 1, 1, BOTH), (1, 2, 1, 1, BOTH)])
    assert nodes(network, keep=np.array([False, True, False, True])) == [0, 1, 2]  # 3 has no road: no node
    with pytest.raises(InputError, match="4 vertices"):
        build_graph(network, "car", keep=np.array([True]))
    with pytest.raises(InputError, match="no times for mode 'bus'"):
        build_graph(network, "bus")


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("mode", ["car", "walk"])
def test_contraction__puts_every_open_arc_on_one_chain(seed, mode):
    network = random_network(seed)
    graph = build_graph(network, mode)
    is_open = np.isfinite(network.seconds[mode])
    assert sorted(graph.chain_arc.tolist()) == np.flatnonzero(is_open).tolist()
    assert ((graph.arc_chain >= 0) == is_open).all()
    start = np.where(np.arange(len(is_open)) % 2 == 0, np.repeat(network.tail, 2), np.repeat(network.head, 2))
    end = np.where(np.arange(len(is_open)) % 2 == 1, np.repeat(network.tail, 2), np.repeat(network.head, 2))
    for chain in range(len(graph.chain_from)):
        arcs = graph.chain_arc[graph.chain_first[chain] : graph.chain_first[chain + 1]]
        assert (end[arcs[:-1]] == start[arcs[1:]]).all()
        assert (arcs[:-1] // 2 != arcs[1:] // 2).all()  # no turning round
        assert graph.node[start[arcs[0]]] == graph.chain_from[chain]
        assert graph.node[end[arcs[-1]]] == graph.chain_to[chain]
        assert (graph.node[start[arcs[1:]]] == -1).all()
    degree = np.diff(graph.first_out)
    assert (graph.chain_from[graph.chain] == np.repeat(np.arange(graph.n_nodes), degree)).all()
    assert (graph.chain_to[graph.chain] == graph.head).all()
    assert (graph.chain_from[graph.chain] != graph.head).all()


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("mode", ["car", "walk"])
def test_contraction__agrees_with_the_raw_graph_to_1e_9(seed, mode):
    network = random_network(seed, spoil=False)
    graph = build_graph(network, mode)
    arc = np.flatnonzero(np.isfinite(network.seconds[mode]))
    tail = np.where(arc % 2 == 0, network.tail[arc // 2], network.head[arc // 2])
    head = np.where(arc % 2 == 0, network.head[arc // 2], network.tail[arc // 2])
    out = np.repeat(np.arange(graph.n_nodes), np.diff(graph.first_out))
    for raw, chained in (
        (network.seconds[mode][arc], graph.chain_seconds),
        (network.metres[arc // 2], graph.chain_metres),
    ):
        wanted = dijkstra(as_matrix(tail, head, raw, network.n_vertices), indices=graph.vertex)[:, graph.vertex]
        got = dijkstra(as_matrix(out, graph.head, chained[graph.chain], graph.n_nodes))
        np.testing.assert_allclose(got, wanted, rtol=1e-9, atol=1e-9)


@pytest.mark.parametrize("seed", range(4))
def test_parts__are_those_of_networkx_by_falling_length(seed):
    network = random_network(seed)
    graph = build_graph(network, "car")
    outside = nx.MultiDiGraph()
    outside.add_nodes_from(range(graph.n_nodes))
    for a, b, metres in zip(graph.chain_from, graph.chain_to, graph.chain_metres, strict=True):
        outside.add_edge(int(a), int(b), metres=metres)
    joined = outside.copy()  # roads that were cut meet beyond the cut, whether at a node or within a chain
    for v in np.flatnonzero(network.border):
        chains = [c for a in range(len(graph.arc_chain)) if (c := graph.arc_chain[a]) >= 0
                  and v in (network.tail[a // 2], network.head[a // 2])]  # fmt: skip
        at = graph.node[v]
        joined.add_edges_from([(int(at if at >= 0 else graph.chain_from[c]), "beyond") for c in chains])
        joined.add_edges_from([("beyond", int(at if at >= 0 else graph.chain_to[c])) for c in chains])
    parts = [frozenset(part) - {"beyond"} for part in nx.strongly_connected_components(joined)]
    length = {p: sum(d["metres"] for _, _, d in outside.subgraph(p).edges(data=True)) for p in parts}
    ranked = sorted(parts, key=lambda part: (-round(length[part], 6), min(part)))
    assert [frozenset(np.flatnonzero(graph.part == i).tolist()) for i in range(len(graph.part_metres))] == ranked
    np.testing.assert_allclose(graph.part_metres, [length[part] for part in ranked])
