"""The kernels of the hierarchy against slow twins and networkx."""

from __future__ import annotations

from itertools import combinations

import networkx as nx
import numpy as np
import pytest

from lifezone.kernels import chordal, flow, order, repair


def random_graph(seed, n=24, degree=3.0):
    """Return a random graph on places and its rows."""
    rng = np.random.default_rng(seed)
    xy = rng.random((n, 2))
    pairs = sorted(combinations(range(n), 2), key=lambda p: np.hypot(*(xy[p[0]] - xy[p[1]])) * rng.uniform(0.7, 1.6))
    graph = nx.Graph()
    graph.add_nodes_from(range(n))
    graph.add_edges_from(pairs[: int(n * degree / 2)])
    return graph, xy, *rows_of(graph)


def rows_of(graph):
    first = np.r_[0, np.cumsum([graph.degree(v) for v in range(len(graph))])].astype(np.int64)
    head = [u for v in range(len(graph)) for u in sorted(graph.neighbors(v))]
    return first, np.array(head, np.int32)


def eliminate(graph, node):
    """Return each rank's upper neighbours by playing the elimination game."""
    left, rows, rank = graph.copy(), [], {v: r for r, v in enumerate(node)}
    for v in node:
        beside = list(left.neighbors(v))
        rows.append(sorted(rank[u] for u in beside))
        left.add_edges_from(combinations(beside, 2))
        left.remove_node(v)
    return rows


@pytest.mark.parametrize("seed", range(8))
def test_neighbours__are_the_graph_without_directions_parallels_and_loops(seed):
    rng = np.random.default_rng(seed)
    n = 12
    tail = np.sort(rng.integers(0, n, 30)).astype(np.int32)
    head = rng.integers(0, n, 30).astype(np.int32)
    first_out = np.searchsorted(tail, np.arange(n + 1)).astype(np.int64)
    first, beside = order.neighbours_of(first_out, head)
    graph = nx.Graph()
    graph.add_nodes_from(range(n))
    graph.add_edges_from((int(a), int(b)) for a, b in zip(tail, head, strict=True) if a != b)
    expected_first, expected = rows_of(graph)
    assert first.tolist() == expected_first.tolist()
    assert beside.tolist() == expected.tolist()


@pytest.mark.parametrize("seed", range(12))
def test_early_elimination__adds_no_edge_and_leaves_three_neighbours(seed):
    graph, _, first, head = random_graph(seed, degree=2.6)
    degree = np.diff(first).astype(np.int32)
    early, gone = order.eliminate_low(first, head, degree)
    left = graph.copy()
    for v in early.tolist():
        beside = list(left.neighbors(v))
        assert len(beside) <= 2
        left.remove_node(v)
        left.add_edges_from(combinations(beside, 2))
    assert sorted(left.nodes) == np.flatnonzero(~gone).tolist()
    assert all(degree_ >= 3 for _, degree_ in left.degree)
    core_first, core_head, node = order.core_of(first, head, degree, gone)
    tail = np.repeat(np.arange(len(node)), np.diff(core_first))
    got = {frozenset((int(node[a]), int(node[b]))) for a, b in zip(tail, core_head, strict=True)}
    assert got == {frozenset(e) for e in left.edges}
    twin = order.twin_arcs(core_first, core_head)
    assert (core_head[twin] == tail).all()
    assert (tail[twin] == core_head).all()


def test_early_elimination__takes_a_long_chain_in_few_layers():
    n = 64
    graph = nx.path_graph(n)
    graph.add_edges_from((a, n + i) for i, a in enumerate((0, 0, n - 1, n - 1)))
    first, head = rows_of(graph)
    early, _ = order.eliminate_low(first, head.copy(), np.diff(first).astype(np.int32))
    rank = np.argsort(early).astype(np.int32)
    parent = chordal.elimination_tree(first, head, early, rank)
    depth = np.zeros(len(parent), int)
    for r in range(len(parent) - 1, -1, -1):
        depth[r] = depth[parent[r]] + 1 if parent[r] >= 0 else 0
    assert depth.max() < n / 3


@pytest.mark.parametrize("seed", range(10))
def test_cut__is_as_small_as_the_greatest_flow(seed):
    graph, xy, first, head = random_graph(seed, n=20, degree=4.0)
    first = first.astype(np.int32)
    room = flow.make_room(20, len(head))
    flow.list_cell(first, head, order.twin_arcs(first, head), np.arange(20, dtype=np.int32), room)
    line = np.argsort(xy[:, 0], kind="stable").astype(np.int32)
    fixed = 5
    cut = flow.least_cut(line, fixed, len(head), room)
    wide = nx.DiGraph()
    for a, b in graph.edges:
        wide.add_edge(a, b, capacity=1)
        wide.add_edge(b, a, capacity=1)
    for v in line[:fixed].tolist():
        wide.add_edge("s", v)
    for v in line[-fixed:].tolist():
        wide.add_edge(v, "t")
    assert cut == nx.maximum_flow_value(wide, "s", "t")
    side = room.node[:20, flow.LEVEL] >= 0
    assert sum(side[a] != side[b] for a, b in graph.edges) == cut
    assert not side[line[:fixed]].any()
    assert side[line[-fixed:]].all()
    assert flow.least_cut(line, fixed, max(cut, 1), room) == cut


@pytest.mark.parametrize("n", [1, 2, 64])
def test_leaf_order__is_a_permutation(n):
    graph, _, first, head = random_graph(3, n=n, degree=min(3.0, n - 1))
    nodes = np.arange(n, dtype=np.int32)
    local = np.full(n, -1, np.int32)
    order.order_leaf(first.astype(np.int32), head, local, nodes)
    assert sorted(nodes.tolist()) == list(range(n))
    assert (local == -1).all()
    chosen = graph.degree(int(nodes[0]))
    assert chosen == min(d for _, d in graph.degree)


@pytest.mark.parametrize("word", [0, 1, 2**63, 2**64 - 1, 0x5555555555555555, 0xF0F0])
def test_count_bits__counts(word):
    assert order.count_bits(np.uint64(word)) == word.bit_count()


def test_dissection__puts_separators_last():
    side = 12
    graph = nx.convert_node_labels_to_integers(nx.grid_2d_graph(side, side))
    x, y = np.divmod(np.arange(side * side), side)
    first, head = rows_of(graph)
    first = first.astype(np.int32)
    lines = (x, y, x + y, x - y)
    sorted_by = np.array([*(np.argsort(v, kind="stable") for v in lines), np.arange(side * side)], np.int32)
    order.dissect(first, head, order.twin_arcs(first, head), sorted_by, flow.make_room(len(x), len(head)))
    node = sorted_by[-1]
    assert sorted(node.tolist()) == list(range(side * side))
    graph.remove_nodes_from(node[-side:].tolist())
    assert max(len(part) for part in nx.connected_components(graph)) < 0.8 * side * side


@pytest.mark.parametrize("seed", range(15))
def test_completion__has_the_arcs_of_the_elimination_game(seed):
    graph, _, first, head = random_graph(seed, degree=[0.5, 2.0, 3.0, 5.0][seed % 4])
    n = len(graph)
    node = np.random.default_rng(seed).permutation(n).astype(np.int32)
    rank = np.argsort(node).astype(np.int32)
    parent = chordal.elimination_tree(first, head, node, rank)
    assert parent.tolist() == [row[0] if row else -1 for row in eliminate(graph, node.tolist())]
    place = chordal.postorder(parent)
    assert sorted(place.tolist()) == list(range(n))
    node = node[np.argsort(place)]
    moved = np.full(n, -1, np.int32)
    moved[place] = np.where(parent >= 0, place[parent], -1)
    rank = np.argsort(node).astype(np.int32)
    up_first, up_head = chordal.complete(first, head, node, rank, moved)
    chordal.sort_rows(up_first, up_head)
    rows = [up_head[up_first[r] : up_first[r + 1]].tolist() for r in range(n)]
    assert rows == eliminate(graph, node.tolist())
    size = np.ones(n, int)
    for r in range(n):
        assert moved[r] == (rows[r][0] if rows[r] else -1)
        if moved[r] >= 0:
            size[moved[r]] += size[r]
    for r in range(n):  # a subtree has the ranks just before its root
        below = [q for q in range(r) if moved[q] == r]
        assert all(r - size[r] < q < r for q in below)
    low_first, low_tail, low_arc = chordal.lower_arcs(up_first, up_head)
    for r in range(n):
        low = low_arc[low_first[r] : low_first[r + 1]]
        assert (up_head[low] == r).all()
        assert low_tail[low_first[r] : low_first[r + 1]].tolist() == [q for q in range(r) if r in rows[q]]
        for v in range(r + 1, n):
            arc = chordal.find_arc(up_first, up_head, r, v)
            assert (arc >= 0) == (v in rows[r])


def test_waiting_rows__come_out_lowest_first_and_once():
    rng = np.random.default_rng(5)
    empty = np.zeros(0, np.uint32)
    work = repair.Mending(
        empty, empty, empty, empty, np.zeros(0, np.uint8), np.zeros(50, np.bool_), np.zeros(51, np.int64),
        empty, empty,
    )  # fmt: skip
    waiting: set[int] = set()
    for _ in range(400):
        if rng.random() < 0.6 or not waiting:
            row = int(rng.integers(0, 50))
            repair.push_row(row, work)
            waiting.add(row)
        else:
            assert repair.pop_row(work) == min(waiting)
            waiting.remove(min(waiting))
        assert work.heap[0] == len(waiting)
