"""Networks with turn rules, and the same as a line graph of all arcs, node by node, for outside oracles."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace

import networkx as nx
import numpy as np

from lifezone.model import Anchors, Network, Turns

GRID = 2.0**34


def grid(value):
    return float(np.rint(value * GRID) / GRID)


def ends_of(network: Network, arc: int) -> tuple[int, int]:
    """Return the vertices that an arc leads from and to."""
    pair = int(network.tail[arc // 2]), int(network.head[arc // 2])
    return pair if arc % 2 == 0 else pair[::-1]


class Roads:
    """One mode's open arcs by vertex, looked up once."""

    def __init__(self, network: Network, mode: str):
        self.network, self.turns = network, network.turns.get(mode, Turns())
        self.seconds = network.seconds[mode]
        self.out, self.into = defaultdict(list), defaultdict(list)
        for a in np.flatnonzero(np.isfinite(self.seconds)).tolist():
            start, end = ends_of(network, a)
            self.out[start].append(a)
            self.into[end].append(a)
        turns = self.turns
        self.wait, self.rule, self.only = defaultdict(float), defaultdict(float), defaultdict(set)
        for arc, wait_s in zip(turns.wait_arc.tolist(), turns.wait_s.tolist(), strict=True):
            self.wait[arc] += wait_s
        for a, b, s, only in zip(
            turns.from_arc.tolist(), turns.to_arc.tolist(), turns.seconds.tolist(), turns.only.tolist(), strict=True
        ):
            self.rule[a, b] += s
            if only:
                self.only[a].add(b)

    def roads_at(self, vertex: int) -> set[int]:
        return {arc // 2 for arc in (*self.out[vertex], *self.into[vertex])}

    def is_between(self, vertex: int) -> bool:
        """Say whether a road merely goes on at a vertex: two segments, no loop, as many arcs in as out."""
        segments = self.roads_at(vertex)
        if len(segments) != 2 or any(self.network.tail[s] == self.network.head[s] for s in segments):
            return False
        return len(self.out[vertex]) == len(self.into[vertex])

    def turn_seconds(self, a: int, b: int, straight_deg=45.0) -> float:
        """Return the seconds from arc ``a`` into arc ``b``, inf = banned."""
        vertex, turns, network = ends_of(self.network, a)[1], self.turns, self.network
        total = self.wait[a] + self.rule[a, b]
        if a in self.only and b not in self.only.get(a, ()):
            return np.inf
        if a ^ 1 == b:
            others = [c for c in self.out[vertex] if c != b]
            goes_on = any(np.isfinite(self.turn_seconds(a, c)) for c in others)
            nowhere_else = self.is_between(vertex) or not turns.turns_round
            if nowhere_else and goes_on and b not in self.only.get(a, ()):
                return np.inf
            return total + turns.u_turn_s
        if (turns.left_s or turns.right_s) and len(self.roads_at(vertex)) >= 3:
            p, q, r = (
                complex(network.x_m[v], network.y_m[v])
                for v in (ends_of(network, a)[0], vertex, ends_of(network, b)[1])
            )
            turn = np.degrees(np.angle((r - q) / (q - p)))
            if abs(turn) > straight_deg:
                total += turns.left_s if turn > 0 else turns.right_s
        return total


def is_between(network: Network, mode: str, vertex: int) -> bool:
    """Say whether a road merely goes on at a vertex."""
    return Roads(network, mode).is_between(vertex)


def line_graph(network: Network, mode: str) -> nx.DiGraph:
    """Return every arc as a way from ("in", arc) to ("out", arc), and every turn as a way between arcs."""
    roads, seconds = Roads(network, mode), network.seconds[mode]
    graph = nx.DiGraph()
    for a in np.flatnonzero(np.isfinite(seconds)).tolist():
        graph.add_edge(("in", a), ("out", a), s=grid(seconds[a]), m=grid(network.metres[a // 2]))
        for b in roads.out[ends_of(network, a)[1]]:
            cost = roads.turn_seconds(a, b)
            if np.isfinite(cost):
                graph.add_edge(("out", a), ("in", b), s=cost, m=0.0)
    return graph


def vertex_of(network: Network, segment: int, part: float) -> int:
    """Return the vertex that a place on a segment is, −1 = none."""
    return int(network.tail[segment]) if part <= 1e-6 else int(network.head[segment]) if part >= 1 - 1e-6 else -1


def add_points(graph: nx.DiGraph, network: Network, mode: str, anchors: Anchors, kind: str) -> None:
    """Join points to a line graph: ("leave", kind, i) leads on, ("reach", kind, i) is led to."""
    roads, seconds = Roads(network, mode), network.seconds[mode]
    for i, (segment, part) in enumerate(zip(anchors.segment.tolist(), anchors.part.tolist(), strict=True)):
        leave, reach = ("leave", kind, i), ("reach", kind, i)
        graph.add_edge(leave, reach, s=0.0, m=0.0)
        vertex = vertex_of(network, segment, part)
        for a in roads.out[vertex] if vertex >= 0 else ():
            graph.add_edge(leave, ("in", a), s=0.0, m=0.0)
        for a in roads.into[vertex] if vertex >= 0 else ():
            graph.add_edge(("out", a), reach, s=0.0, m=0.0)
        for a in (2 * segment, 2 * segment + 1):
            if vertex < 0 and np.isfinite(seconds[a]):
                share = part if a % 2 == 0 else 1 - part
                whole, long = grid(seconds[a]), grid(network.metres[segment])
                done, run = grid(share * whole), grid(share * long)
                graph.add_edge(leave, ("out", a), s=whole - done, m=long - run)
                graph.add_edge(("in", a), reach, s=done, m=run)


def oracle_table(network: Network, mode: str, demand: Anchors, facilities: Anchors, direction: str, weight: str):
    """Return f64[P, F] least costs over the line graph, points on one arc meeting directly where one lies ahead."""
    graph = line_graph(network, mode)
    add_points(graph, network, mode, demand, "demand")
    add_points(graph, network, mode, facilities, "facility")
    starts, ends = ("demand", "facility") if direction == "to_facility" else ("facility", "demand")
    rows, columns = (demand, facilities) if direction == "to_facility" else (facilities, demand)
    table = np.full((len(rows.segment), len(columns.segment)), np.inf)
    for i in range(len(rows.segment)):
        found = nx.single_source_dijkstra_path_length(graph, ("leave", starts, i), weight=weight)
        for j in range(len(columns.segment)):
            table[i, j] = min(
                found.get(("reach", ends, j), np.inf), _direct(network, mode, rows, i, columns, j, weight)
            )
    return table if direction == "to_facility" else table.T


def _direct(network, mode, rows, i, columns, j, weight):
    """Return the cost along one arc from one point to another that lies ahead on it."""
    best = np.inf
    one, other = (vertex_of(network, int(at.segment[k]), float(at.part[k])) for at, k in ((rows, i), (columns, j)))
    if one == other >= 0:
        return 0.0
    if rows.segment[i] != columns.segment[j]:
        return best
    segment, p, q = int(rows.segment[i]), float(rows.part[i]), float(columns.part[j])
    for direction, (here, there) in enumerate(((p, q), (1 - p, 1 - q))):
        seconds = network.seconds[mode][2 * segment + direction]
        if there >= here and np.isfinite(seconds):
            whole = grid(seconds) if weight == "s" else grid(network.metres[segment])
            best = min(best, grid(there * whole) - grid(here * whole))
    return best


def with_rules(network: Network, seed: int, *, share=0.15, mode="car", **costs) -> Network:
    """Add random bans, costs, ``only`` rules and waits to a network, some twice, some against each other."""
    rng = np.random.default_rng(seed)
    is_open = np.isfinite(network.seconds[mode])
    arcs = np.arange(len(is_open))
    pairs = [
        (a, b)
        for a in arcs
        for b in np.flatnonzero(
            np.where(arcs % 2 == 0, network.tail[arcs // 2], network.head[arcs // 2]) == ends_of(network, a)[1]
        ).tolist()
    ]
    picked = [pairs[i] for i in np.flatnonzero(rng.random(len(pairs)) < share)]
    picked += picked[:3]
    come, go = np.array(picked, np.int32).reshape(-1, 2).T
    only = rng.random(len(come)) < 0.1
    seconds = np.where(only, 0.0, np.where(rng.random(len(come)) < 0.6, np.inf, rng.integers(1, 40, len(come)) / 4))
    waits = rng.choice(arcs, len(arcs) // 10).astype(np.int32)
    turns = Turns(come.copy(), go.copy(), seconds, only, waits, rng.integers(0, 60, len(waits)) / 4, **costs)
    return replace(network, turns={mode: turns})
