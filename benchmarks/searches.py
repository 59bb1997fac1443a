"""Nearest facility of ten kinds from everywhere, beside scipy and pandana, in one process and taking turns.

Two questions, each asked of everybody who can answer it:

- *nodes*: the seconds from every node of the search graph (the roads of one mode, contracted), on one and the same
  graph with its nodes in one and the same order. lifezone answers with ``nearest_field``, the bare search (seconds and
  facility), and with its whole ``nearest`` (facility, seconds, metres and access walk of every trip, in rows); scipy
  and pandana give seconds alone.
- *vertices*: the seconds from every vertex of the roads as they were read, scipy on those roads. That is what somebody
  has who does not contract.

Facilities stand on nodes, so that a library without legs can ask the same. pandana is told the greatest answer as its
``distance``, the least bound with which it can find every facility; setting its points is not timed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from itertools import count
from typing import Any, Final, Literal

import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

from benchmarks.measure import Timing, compiled_kernels, optional, timed
from lifezone.model import Anchors, Floats, Ints
from lifezone.routing import ModeRoads, nearest, nearest_field
from lifezone.routing.roads import Attached

__all__ = ["KINDS", "compare"]

KINDS: Final = 10
NODES_PER_FACILITY: Final = 1000
PANDANA_S: Final = 90.0
"""pandana takes a minute for one kind of a large network: it is asked no more kinds after so long."""
SAME_S: Final = 1e-5
"""Answers may differ by so much: lifezone hands out millionths of a second, scipy adds in another order."""
PANDANA_SAME_S: Final = 2.0
"""pandana rounds every edge to a thousandth of its unit: a trip of 2,000 edges may be off by so much."""

Question = Literal["vertices", "nodes"]


@dataclass
class Contender:
    """Somebody who answers a question.

    Attributes:
        name: as the table shows it.
        question: which one it answers.
        ask: (nodes of the facilities, greatest answer) → a piece of work that gives seconds, ``inf`` = none.
        prepare: what it took to get ready.
        most_s: it is asked no more kinds after this long.
        same_s: answers may differ from scipy's by this.
    """

    name: str
    question: Question
    ask: Callable[[Ints, float], Callable[[], Floats]]
    prepare: Timing | None = None
    most_s: float = float("inf")
    same_s: float = SAME_S
    timings: list[Timing] = field(default_factory=list)
    differ: int = 0
    largest_s: float = 0.0

    @property
    def spent_s(self) -> float:
        """Seconds spent on its turns so far."""
        return sum(one.seconds[0] for one in self.timings)

    def note(self, timing: Timing, found: Floats, expected: Floats) -> None:
        """Keep a timing, and compare what was found with what scipy found on the raw roads."""
        self.timings.append(timing)
        both = np.isfinite(found) & np.isfinite(expected)
        apart = np.abs(found[both] - expected[both])
        self.differ += int((np.isfinite(found) != np.isfinite(expected)).sum()) + int((apart > self.same_s).sum())
        self.largest_s = max(self.largest_s, float(apart.max(initial=0.0)))

    def plain(self) -> dict[str, Any]:
        """Return what was measured as plain data."""
        together = Timing(tuple(one.seconds[0] for one in self.timings), None, _most(self.timings))
        return {
            "name": self.name, "question": self.question, "kinds": len(self.timings), **together.plain(),
            "prepare": None if self.prepare is None else self.prepare.plain(),
            "allowed_s": self.same_s, "differ": self.differ, "largest_s": self.largest_s,
        }  # fmt: skip


def compare(roads: ModeRoads, *, seed: int = 1) -> dict[str, Any]:
    """Ask everybody for the nearest facility of ten kinds and compare the answers.

    Returns:
        Sizes, one entry a contender (scipy on the roads as read is what all answers are compared with), and how many
        kernels were compiled while it was measured (none, or the timings are wrong).
    """
    graph, rng = roads.graph, np.random.default_rng(seed)
    n_open = max(1, graph.n_nodes // NODES_PER_FACILITY)
    kinds = [np.sort(rng.choice(graph.n_nodes, n_open, replace=False)).astype(np.int32) for _ in range(KINDS)]
    vertices = np.flatnonzero(_on_mode(roads)[0] >= 0)
    reference = _scipy(roads, "vertices", vertices)
    contenders = [*_ours(roads, vertices), _scipy(roads, "nodes", vertices)]
    for one in (reference, *contenders):
        one.ask(kinds[0], 0.0)()  # warm up: nobody's first call is timed
    peer = _pandana(roads)
    contenders += [] if peer is None else [peer]
    compiled = compiled_kernels()
    for nodes in kinds:
        timing, expected = timed(reference.ask(nodes, 0.0))
        reference.note(timing, expected, expected)
        at_nodes = _at(vertices, graph.vertex, expected)
        greatest = float(at_nodes[np.isfinite(at_nodes)].max())
        for one in contenders:
            if one.spent_s < one.most_s:
                timing, found = timed(one.ask(nodes, greatest))
                one.note(timing, found, expected if one.question == "vertices" else at_nodes)
    return {
        "mode": roads.mode, "vertices": len(vertices), "nodes": graph.n_nodes, "edges": graph.n_edges,
        "facilities_a_kind": n_open, "contenders": [one.plain() for one in (*contenders, reference)],
        "compiled_while_timed": compiled_kernels() - compiled,
    }  # fmt: skip


def _ours(roads: ModeRoads, vertices: np.ndarray) -> Iterable[Contender]:
    """Return lifezone's answers to both questions."""
    segment, part = _on_mode(roads)
    at_vertices = _hang(roads, segment[vertices], part[vertices])
    at_nodes = _hang(roads, segment[roads.graph.vertex], part[roads.graph.vertex])

    def whole(points: Attached) -> Callable[[Ints, float], Callable[[], Floats]]:
        def ask(nodes: Ints, _greatest: float) -> Callable[[], Floats]:
            supply, positions = at_nodes.take(nodes), np.arange(len(nodes), dtype=np.int32)
            return lambda: nearest(roads, points, supply, positions).nearest()[1]

        return ask

    def search(nodes: Ints, _greatest: float) -> Callable[[], Floats]:
        supply = at_nodes.take(nodes)
        return lambda: nearest_field(roads, supply)[0]

    yield Contender("lifezone, bare search", "nodes", search)
    yield Contender("lifezone", "nodes", whole(at_nodes))
    yield Contender("lifezone", "vertices", whole(at_vertices))


def _scipy(roads: ModeRoads, question: Question, vertices: np.ndarray) -> Contender:
    """Return scipy: one search from all facilities on the reversed graph, of roads as read or contracted."""
    graph = roads.graph

    def contracted() -> Any:
        tail = np.repeat(np.arange(graph.n_nodes), np.diff(graph.first_out))
        return _least_csr(graph.head, tail, graph.chain_seconds[graph.chain], graph.n_nodes)

    def raw() -> Any:
        tail, head, seconds = _arcs(roads)
        return _least_csr(head, tail, seconds, roads.network.n_vertices)

    if question == "nodes":
        timing, matrix = timed(contracted)
        every = np.arange(graph.n_nodes)
        return Contender("scipy", question, _scipy_ask(matrix, every, every), timing)
    timing, matrix = timed(raw)
    return Contender("scipy", question, _scipy_ask(matrix, graph.vertex, vertices), timing)


def _scipy_ask(graph: Any, place: np.ndarray, rows: np.ndarray) -> Callable[[Ints, float], Callable[[], Floats]]:
    """Return scipy's form of the question: facilities stand at ``place[node]``, answers are asked at ``rows``."""
    is_all = len(rows) == graph.shape[0]

    def ask(nodes: Ints, _greatest: float) -> Callable[[], Floats]:
        sources = place[nodes]

        def work() -> Floats:
            seconds: Floats = dijkstra(graph, indices=sources, min_only=True)
            return seconds if is_all else seconds[rows]

        return work

    return ask


def _pandana(roads: ModeRoads) -> Contender | None:
    """Return pandana on the search graph, or None where it is not installed."""
    pandana, pandas = optional("pandana"), optional("pandas")
    if pandana is None:
        return None
    graph = roads.graph
    x_m, y_m = pandas.Series(roads.network.x_m[graph.vertex]), pandas.Series(roads.network.y_m[graph.vertex])
    tail = pandas.Series(np.repeat(np.arange(graph.n_nodes), np.diff(graph.first_out)))
    weight = pandas.DataFrame({"seconds": graph.chain_seconds[graph.chain]})
    timing, network = timed(lambda: pandana.Network(x_m, y_m, tail, pandas.Series(graph.head), weight, twoway=False))
    number = count()

    def ask(nodes: Ints, greatest: float) -> Callable[[], Floats]:
        reach, kind = greatest + 1.0, f"kind {next(number)}"  # a name used again keeps its first reach
        network.set_pois(kind, reach * 1.01, 1, x_m[nodes], y_m[nodes])  # 32-bit: equal is not surely enough

        def work() -> Floats:
            found = network.nearest_pois(reach, kind, num_pois=1, max_distance=np.inf)[1].to_numpy(np.float64)
            return np.where(found >= reach, np.inf, found)

        return work

    return Contender("pandana", "nodes", ask, timing, PANDANA_S, PANDANA_SAME_S)


def _arcs(roads: ModeRoads) -> tuple[np.ndarray, np.ndarray, Floats]:
    """Return tail, head and seconds of every raw arc that is open to the mode and no loop."""
    network, seconds = roads.network, roads.network.seconds[roads.mode]
    tail = np.column_stack([network.tail, network.head]).ravel()
    head = np.column_stack([network.head, network.tail]).ravel()
    open_arc = np.isfinite(seconds) & (tail != head)
    return tail[open_arc], head[open_arc], seconds[open_arc]


def _least_csr(tail: np.ndarray, head: np.ndarray, seconds: Floats, n: int) -> Any:
    """Return a CSR graph with the quickest of parallel edges (scipy would add them up)."""
    order = np.lexsort((seconds, head, tail))
    tail, head, seconds = tail[order], head[order], seconds[order]
    first = np.r_[True, (np.diff(tail) != 0) | (np.diff(head) != 0)]
    return csr_array((seconds[first], (tail[first], head[first])), shape=(n, n))


def _on_mode(roads: ModeRoads) -> tuple[Ints, Floats]:
    """Return a raw segment on which each vertex is an end, −1 = none of the mode, and which end it is."""
    network = roads.network
    used = np.flatnonzero((roads.graph.arc_chain[0::2] >= 0) | (roads.graph.arc_chain[1::2] >= 0)).astype(np.int32)
    segment, part = np.full(network.n_vertices, -1, np.int32), np.zeros(network.n_vertices)
    segment[network.head[used]], part[network.head[used]] = used, 1.0
    segment[network.tail[used]], part[network.tail[used]] = used, 0.0
    return segment, part


def _hang(roads: ModeRoads, segment: Ints, part: Floats) -> Attached:
    """Hang points on the very vertices."""
    return roads.hang(Anchors(segment, part, np.zeros(len(segment))))


def _at(vertices: np.ndarray, wanted: np.ndarray, values: Floats) -> Floats:
    """Return the values of the wanted vertices; ``vertices`` ascend and hold all of them."""
    found: Floats = values[np.searchsorted(vertices, wanted)]
    return found


def _most(timings: list[Timing]) -> float | None:
    """Return the most memory that any turn took on top, None when it was not told."""
    told = [one.grown_mib for one in timings if one.grown_mib is not None]
    return max(told) if told else None
