"""Anchors against shapely; legs by hand."""

from __future__ import annotations

import numpy as np
import pytest
import shapely

from lifezone.model import Access, Anchors
from lifezone.routing import ModeRoads, anchor, arriving_legs, build_graph, leaving_legs
from lifezone.routing.anchors import segments_of_main
from tests.routing.networks import BOTH, FORTH, SHUT, network_of, random_network


def attach(network, x, y, *, limit=1000.0):
    graph = build_graph(network, "car")
    return anchor(network, graph, np.array(x, float), np.array(y, float), limit_m=limit)


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("limit", [25.0, 200.0, np.inf])
def test_anchor__finds_the_nearest_road_of_a_main_part(seed, limit):
    network = random_network(seed)
    graph = build_graph(network, "car")
    rng = np.random.default_rng(seed)
    x, y = rng.uniform(-300, 1200, (2, 300))
    got = anchor(network, graph, x, y, limit_m=limit)
    ends = np.stack([np.column_stack([network.x_m[e], network.y_m[e]]) for e in (network.tail, network.head)], axis=1)
    away = shapely.distance(shapely.points(x, y)[:, None], shapely.linestrings(ends)[None, :])
    main, usable = segments_of_main(graph), np.isfinite(network.seconds["car"]).reshape(-1, 2).any(axis=1)
    for p in range(300):
        near = np.where(main, away[p], np.inf)
        if near.min() > limit:
            near = np.where(usable, away[p], np.inf)
        if near.min() > limit:
            assert (got.segment[p], got.gap_m[p]) == (-1, np.inf)
            continue
        assert got.gap_m[p] == pytest.approx(near.min(), abs=1e-9)
        assert near[got.segment[p]] == pytest.approx(near.min(), abs=1e-9)
        a, b = ends[got.segment[p]]
        place = a + got.part[p] * (b - a)
        assert np.hypot(*(place - [x[p], y[p]])) == pytest.approx(got.gap_m[p], abs=1e-9)
    assert not main.all()
    assert main.any()


def test_anchor__gives_ties_to_the_lowest_segment():
    roads = [(2, 0, 1, 1, BOTH), (1, 0, 1, 1, BOTH)]
    got = attach(network_of([(0, 0), (100, 0), (0, 100)], roads), [-3, 20], [-7, 20])
    assert got.segment.tolist() == [0, 0]  # below the junction; on the diagonal between two roads
    assert got.part.tolist() == [1.0, 0.8]


def test_anchor__prefers_a_main_road_within_the_limit_to_a_nearer_trap():
    places = [(0, 0), (100, 0), (50, 10), (60, 10), (500, 500), (510, 500)]
    roads = [(0, 1, 100, 9, BOTH), (1, 2, 50, 9, FORTH), (2, 3, 10, 9, FORTH), (4, 5, 10, 9, BOTH), (2, 2, 0, 0, SHUT)]
    network = network_of(places, roads)
    assert attach(network, [55], [11]).segment.tolist() == [0]  # segment 2 leads in, never out
    assert attach(network, [55], [11], limit=5.0).segment.tolist() == [2]
    assert attach(network, [505], [501]).segment.tolist() == [3]  # 20 m of 200 m: a tenth is a main part
    assert attach(network, [55], [60], limit=5.0).segment.tolist() == [-1]


def test_anchor__has_nothing_to_hang_on_where_all_is_closed():
    network = network_of([(0, 0), (100, 0)], [(0, 1, 100, 9, SHUT)])
    got = attach(network, [1.0], [1.0])
    assert (got.segment.tolist(), got.gap_m.tolist()) == ([-1], [np.inf])
    roads = ModeRoads.build(network, "car", Access(1000.0, 1.0))
    attached = roads.attach(np.array([1.0]), np.array([1.0]))
    assert attached.gap_s.tolist() == [np.inf]
    assert attached.leaving.node.tolist() == [[-1, -1]]


def test_anchor__takes_a_road_without_length():
    network = network_of([(0, 0), (0, 0)], [(0, 1, 0, 5, BOTH)])
    got = attach(network, [3], [4])
    assert (got.segment.tolist(), got.part.tolist(), got.gap_m.tolist()) == ([0], [0.0], [5.0])


def legs_at(network, segment, part):
    graph = build_graph(network, "car")
    anchors = Anchors(np.array([segment], np.int32), np.array([part]), np.zeros(1))
    return graph, leaving_legs(network, graph, anchors), arriving_legs(network, graph, anchors)


LINE = [(0, 0), (100, 0), (200, 0)]


def test_legs__of_a_two_way_road_lead_both_ways_over_the_bend():
    network = network_of(LINE, [(0, 1, 100, 10, BOTH), (2, 1, 100, 20, BOTH)])
    graph, leaving, arriving = legs_at(network, 1, 0.25)  # 25 m before the end at vertex 2
    a, b = graph.node[0], graph.node[2]
    ways = {(n, s, m) for n, s, m in zip(leaving.node[0], leaving.seconds[0], leaving.metres[0], strict=True)}
    assert ways == {(a, 15.0 + 10.0, 175.0), (b, 5.0, 25.0)}
    assert {(n, s) for n, s in zip(arriving.node[0], arriving.seconds[0], strict=True)} == {(a, 25.0), (b, 5.0)}
    assert sorted(leaving.chain_seconds[0].tolist()) == [5.0, 25.0]
    assert sorted(leaving.chain[0].tolist()) == [0, 1]


def test_legs__of_a_one_way_road_lead_one_way():
    network = network_of(LINE, [(0, 1, 100, 10, FORTH), (1, 2, 100, 20, FORTH)])
    graph, leaving, arriving = legs_at(network, 0, 0.5)
    assert leaving.node.tolist() == [[graph.node[2], -1]]
    assert leaving.seconds.tolist() == [[25.0, np.inf]]
    assert arriving.node.tolist() == [[graph.node[0], -1]]
    assert arriving.seconds.tolist() == [[5.0, np.inf]]
    assert leaving.chain.tolist() == [[0, -1]]


@pytest.mark.parametrize(("segment", "part"), [(0, 0.0), (0, 5e-7), (2, 1.0), (2, 1 - 5e-7)])
def test_legs__of_a_point_at_a_node_are_the_node(segment, part):
    network = network_of(LINE, [(0, 1, 100, 10, BOTH), (1, 2, 100, 20, BOTH), (2, 0, 300, 30, FORTH)])
    graph, leaving, arriving = legs_at(network, segment, part)
    for legs in (leaving, arriving):
        assert legs.node.tolist() == [[graph.node[0], -1]]
        assert (legs.seconds[0, 0], legs.metres[0, 0]) == (0.0, 0.0)
        assert legs.chain.tolist() == [[-1, -1]]


def test_legs__of_a_point_at_a_swallowed_vertex_lie_on_its_chains():
    network = network_of(LINE, [(0, 1, 100, 10, BOTH), (1, 2, 100, 20, BOTH)])
    for segment, part in ((0, 1.0), (0, 1 - 5e-7), (1, 0.0)):
        graph, leaving, _ = legs_at(network, segment, part)
        assert graph.node[1] == -1
        assert sorted(leaving.seconds[0].tolist()) == [10.0, 20.0]


def test_legs__of_a_point_on_a_loop_lead_both_ways_to_its_junction():
    network = network_of(
        [(0, 0), (50, 50), (-50, 50)], [(0, 1, 70, 7, BOTH), (1, 2, 100, 10, BOTH), (2, 0, 70, 7, BOTH)]
    )
    graph, leaving, _ = legs_at(network, 1, 0.5)
    assert graph.n_nodes == 1
    assert leaving.node.tolist() == [[0, 0]]
    assert leaving.seconds.tolist() == [[12.0, 12.0]]


def test_legs__off_the_network_are_none():
    network = network_of(LINE, [(0, 1, 100, 10, BOTH)])
    _, leaving, arriving = legs_at(network, -1, 0.0)
    for legs in (leaving, arriving):
        assert legs.node.tolist() == [[-1, -1]]
        assert np.isinf(legs.seconds).all()


@pytest.mark.parametrize("way", ["ferry", "motorway", "motorway_link"])
def test_anchor__a_way_without_doors_is_passed_over(way):
    # a line along y = 0, 50 m from the first point, and a street along y = 200, 150 m from it and 600 m from the second
    places = [(0, 0), (1000, 0), (0, 200), (1000, 200)]
    street = (2, 3, 1000, 60, BOTH, "street")
    assert attach(network_of(places, [(0, 1, 1000, 60, BOTH, "street"), street]), [500], [50]).segment.tolist() == [0]
    network = network_of(places, [(0, 1, 1000, 60, BOTH, way), street])
    assert attach(network, [500, 500], [50, -400], limit=500).segment.tolist() == [1, -1]
