"""Small networks that tests are run on, and the same networks split at every anchored point for outside oracles."""

from __future__ import annotations

from itertools import pairwise

import networkx as nx
import numpy as np
from scipy.sparse import csr_matrix

from lifezone.model import Anchors, Network

BOTH, FORTH, BACK, SHUT = (True, True), (True, False), (False, True), (False, False)


def network_of(places, roads, *, border=(), mode="car"):
    """Make a network of ``places`` (x, y) and ``roads`` (tail, head, metres, seconds, directions, way)."""
    n = len(roads)
    rows = [(*road, "road")[:6] if len(road) == 5 else road for road in roads]
    seconds = np.full(2 * n, np.inf)
    for s, row in enumerate(rows):
        for direction in (0, 1):
            if row[4][direction]:
                seconds[2 * s + direction] = row[3]
    ways = tuple(sorted({row[5] for row in rows}))
    cut = np.zeros(len(places), np.bool_)
    cut[list(border)] = True
    xy = np.array(places, dtype=float).reshape(-1, 2)
    return Network(
        x_m=xy[:, 0].copy(), y_m=xy[:, 1].copy(), border=cut,
        tail=np.array([row[0] for row in rows], np.int32), head=np.array([row[1] for row in rows], np.int32),
        metres=np.array([row[2] for row in rows], float), seconds={mode: seconds},
        way=np.array([ways.index(row[5]) for row in rows], np.int16), ways=ways,
        name=np.zeros(n, np.int32), names=("",), crs="EPSG:5179",
    )  # fmt: skip


def random_network(seed, side=9, *, one_way=0.3, kept=0.6, bends=2, border=0.03, spoil=True):
    """Make a jittered grid with bends, one-ways, and (``spoil``) parallel roads, loops, rings, islands, no seconds."""
    rng = np.random.default_rng(seed)
    gx, gy = np.meshgrid(np.arange(side), np.arange(side))
    x = list(100.0 * (gx.ravel() + rng.uniform(-0.3, 0.3, side * side)))
    y = list(100.0 * (gy.ravel() + rng.uniform(-0.3, 0.3, side * side)))
    at = np.arange(side * side).reshape(side, side)
    pairs = [*zip(at[:, :-1].ravel(), at[:, 1:].ravel(), strict=True),
             *zip(at[:-1].ravel(), at[1:].ravel(), strict=True)]  # fmt: skip
    pairs = [pairs[i] for i in np.flatnonzero(rng.random(len(pairs)) < kept)]
    if spoil:
        pairs += [pairs[i] for i in rng.integers(0, len(pairs), 4)]  # parallel
        pairs += [(int(v), int(v)) for v in rng.integers(0, side * side, 3)]  # loops, through their bends
        pairs += [(-1, -1), (-1, -1)]  # rings that touch nothing else
    tail, head, forth, back, speed = [], [], [], [], []
    for pair in pairs:
        a, b = pair
        if a < 0:
            x.append(rng.uniform(0, 100 * side))
            y.append(rng.uniform(0, 100 * side))
            a = b = len(x) - 1
        n_bends = rng.integers(0, bends + 1) + (2 if a == b else 0)
        line = [a, *range(len(x), len(x) + n_bends), b]
        for i in range(n_bends):
            share = (i + 1) / (n_bends + 1)
            x.append(x[a] + share * (x[b] - x[a]) + rng.normal(0, 12))
            y.append(y[a] + share * (y[b] - y[a]) + rng.normal(0, 12))
        kind = rng.random()
        is_forth, is_back = (True, True) if kind > one_way else (kind > one_way / 2, kind <= one_way / 2)
        mps = rng.choice([4.0, 8.0, 14.0])
        for u, v in pairwise(line):
            turn = rng.random() < 0.5  # the way a segment was drawn must not matter
            tail.append(v if turn else u)
            head.append(u if turn else v)
            forth.append(is_back if turn else is_forth)
            back.append(is_forth if turn else is_back)
            speed.append(mps)
    tail, head = np.array(tail, np.int32), np.array(head, np.int32)
    x, y = np.array(x), np.array(y)
    metres = np.hypot(x[tail] - x[head], y[tail] - y[head]) * rng.uniform(1, 1.2, len(tail))
    seconds = np.repeat(metres / np.array(speed), 2)
    seconds[1::2] *= rng.uniform(1, 1.5, len(tail))
    if spoil:
        seconds[rng.integers(0, len(seconds), 6)] = 0.0
    seconds[0::2][~np.array(forth)] = np.inf
    seconds[1::2][~np.array(back)] = np.inf
    n = len(tail)
    return Network(
        x_m=x, y_m=y, border=rng.random(len(x)) < border, tail=tail, head=head, metres=metres,
        seconds={"car": seconds, "walk": np.repeat(metres / 0.8, 2)}, way=rng.integers(0, 3, n).astype(np.int16),
        ways=("primary", "residential", "service"), name=rng.integers(0, 4, n).astype(np.int32),
        names=("", "Main", "Mill", "High"), crs="EPSG:5179",
    )  # fmt: skip


def split_arcs(network: Network, mode: str, anchors: Anchors):
    """Return (tail, head, seconds, metres) of the raw graph split at every anchored point, and the points' vertices.

    A point within 1e-6 of an end is that vertex; points in one place share a vertex; a point off the network gets a
    vertex of its own without arcs.
    """
    n, count = network.n_vertices, len(anchors.segment)
    vertex = n + np.arange(count)
    on = {}
    for i in range(count):
        s, part = int(anchors.segment[i]), float(anchors.part[i])
        if s < 0:
            continue
        if part <= 1e-6:
            vertex[i] = network.tail[s]
        elif part >= 1 - 1e-6:
            vertex[i] = network.head[s]
        else:
            vertex[i] = on.setdefault(s, {}).setdefault(part, vertex[i])
    rows = []
    for s in range(network.n_segments):
        stops = [(0.0, network.tail[s]), *sorted(on.get(s, {}).items()), (1.0, network.head[s])]
        for (p, u), (q, v) in pairwise(stops):
            for direction, (a, b) in enumerate(((u, v), (v, u))):
                seconds = network.seconds[mode][2 * s + direction]
                if np.isfinite(seconds):
                    rows.append((a, b, (q - p) * seconds, (q - p) * network.metres[s]))
    table = np.array(rows, dtype=float).reshape(-1, 4)
    return table[:, 0].astype(int), table[:, 1].astype(int), table[:, 2], table[:, 3], vertex, n + count


def as_matrix(tail, head, weight, n):
    """Return a scipy matrix with the least of parallel arcs (scipy would sum them); weights must be above zero."""
    order = np.lexsort((weight, head, tail))
    tail, head, weight = tail[order], head[order], weight[order]
    new = np.ones(len(tail), bool)
    new[1:] = (tail[1:] != tail[:-1]) | (head[1:] != head[:-1])
    return csr_matrix((weight[new], (tail[new], head[new])), shape=(n, n))


def as_multigraph(tail, head, seconds, metres, n):
    """Return a networkx multigraph: zero weights, loops and parallel arcs and all."""
    graph = nx.MultiDiGraph()
    graph.add_nodes_from(range(n))
    graph.add_edges_from(
        (int(a), int(b), {"seconds": s, "metres": m}) for a, b, s, m in zip(tail, head, seconds, metres, strict=True)
    )
    return graph


def distances(network, mode, points, others, weight):
    """Return f64[n, m] least ``seconds`` or ``metres`` from each anchored point to each of the others, by networkx."""
    both = Anchors(*(np.concatenate([getattr(points, c), getattr(others, c)]) for c in ("segment", "part", "gap_m")))
    tail, head, seconds, metres, vertex, n = split_arcs(network, mode, both)
    graph = as_multigraph(tail, head, seconds, metres, n)
    count = len(points.segment)
    table = np.full((count, len(others.segment)), np.inf)
    for i in range(count):
        if points.segment[i] < 0:
            continue
        reached = nx.single_source_dijkstra_path_length(graph, int(vertex[i]), weight=weight)
        for j in range(len(others.segment)):
            if others.segment[j] >= 0:
                table[i, j] = reached.get(int(vertex[count + j]), np.inf)
    return table
