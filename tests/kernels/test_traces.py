"""Trips followed back through swept fields, against a slow twin; small enough for NUMBA_DISABLE_JIT=1."""

from __future__ import annotations

import numpy as np
import pytest

from lifezone.kernels.queue import clear_labels
from lifezone.kernels.records import EDGE, LABEL, SEED, Edges
from lifezone.kernels.rows import join_rows
from lifezone.kernels.trace import Started, Tight, Traces, clear_traces, link_seeds, trace
from lifezone.kernels.trace_lists import trace_lists
from lifezone.routing.sweeps import INF, Rooms, Seeds, ask, filled, filled_lists
from tests.kernels.elimination import all_costs, eliminated


def case(seed, n=18):
    """Return arcs (tail, head, whole, cost, other) with many ties in whole costs, and seeds likewise."""
    rng = np.random.default_rng(seed)
    ends = rng.integers(0, n, (int(2.2 * n), 2))
    arcs = sorted((int(a), int(b), int(w), w + round(rng.uniform(-0.4, 0.4), 2), float(rng.integers(0, 3)))
                  for (a, b), w in zip(ends, rng.choice([1, 1, 2, 3], len(ends)), strict=True) if a != b)  # fmt: skip
    starts = zip(rng.integers(0, n, 6), rng.choice([0, 1, 3], 6), strict=True)
    seeds = [(int(v), int(w), float(w), float(rng.integers(0, 3)), i // 2) for i, (v, w) in enumerate(starts)]
    return rng, n, arcs, seeds


def best_trips(n, arcs, seeds, owner=None):
    """Return per node (whole, cost, owner, other) of the best trip of least whole cost, by repeated relaxing."""
    label = [None] * n
    for v, whole, cost, other, mine in seeds:
        if owner in (None, mine):
            label[v] = min(filter(None, [label[v], (whole, cost, mine, other)]))
    for _ in range(n + 1):
        for a, b, whole, cost, other in arcs:
            if label[b]:
                w, c, o, m = label[b]
                label[a] = min(filter(None, [label[a], (w + whole, round(c + cost, 9), o, m + other)]))
    return label


def laid_out(n, arcs, seeds, rng, k=1):
    weights = eliminated(n, [arc[:3] for arc in arcs], rng.permutation(n))
    asked = ask(weights, np.arange(n, dtype=np.int32))
    edge = np.zeros(len(arcs), EDGE)
    edge["head"], edge["cost"], edge["other"] = ([arc[i] for arc in arcs] for i in (1, 3, 4))
    first = np.concatenate([[0], np.cumsum(np.bincount([arc[0] for arc in arcs], minlength=n))]).astype(np.int64)
    whole = np.array([arc[2] for arc in arcs], np.uint32)
    tight = Tight(Edges(first, edge, 1.0), whole)
    seed = np.zeros(len(seeds), SEED)
    for i, (v, _, cost, other, owner) in enumerate(seeds):
        seed[i] = (cost, other, v, owner)
    started = Started(seed, np.array([s[1] for s in seeds], np.uint32), np.full(n, -1, np.int32),
                      np.empty(len(seeds), np.int32))  # fmt: skip
    link_seeds(started)
    label = np.empty(n * k, LABEL)
    clear_labels(label)
    traces = Traces(label, np.zeros(n * k, np.uint8), np.empty(n * k, np.int32),
                    np.empty((n + len(arcs)) * k + 1, np.int32))  # fmt: skip
    return asked, Seeds.of([(seed["node"], started.whole, seed["owner"])]), tight, started, traces


def as_tuple(label):
    return (round(float(label["cost"]), 9), int(label["owner"]), float(label["other"])) if label["owner"] >= 0 else None


@pytest.mark.parametrize("seed", range(5))
def test_trace__equals_its_twin_and_leaves_no_trace(seed):
    rng, n, arcs, seeds = case(seed)
    asked, questions, tight, started, traces = laid_out(n, arcs, seeds, rng)
    nodes = rng.integers(0, n, 9).astype(np.int32)
    wanted = best_trips(n, arcs, seeds)
    with filled(questions, asked, "u32", 16, Rooms()) as field:
        known = field[asked.row, 0].copy()
    seen = trace(tight, started, known, nodes, traces)
    for v in nodes:
        assert as_tuple(traces.label[v]) == (wanted[v] and wanted[v][1:])
    assert len(set(traces.seen[:seen].tolist())) == seen
    clear_traces(traces, seen)
    assert not traces.state.any()
    assert (traces.label["owner"] == -1).all()
    assert (traces.label["cost"] == np.inf).all()


@pytest.mark.parametrize("k", [1, 2, 4])
@pytest.mark.parametrize("seed", range(4))
def test_trace_lists__equals_its_twin_owner_by_owner(seed, k):
    rng, n, arcs, seeds = case(seed)
    asked, questions, tight, started, traces = laid_out(n, arcs, seeds, rng, k)
    by_owner = [best_trips(n, arcs, seeds, owner) for owner in range(3)]
    nodes = np.arange(n, dtype=np.int32)
    with filled_lists(questions, asked, k, Rooms()) as field:
        lists = field[asked.row]
    trace_lists(tight, started, lists, nodes, traces)
    for v in range(n):
        trips = sorted((trip[0], trip[2], trip) for trip in (labels[v] for labels in by_owner) if trip)[:k]
        wanted = [trip[1:] for _, _, trip in trips] + [None] * (k - len(trips))
        assert [as_tuple(traces.label[v * k + j]) for j in range(k)] == wanted


def test_join_rows__takes_the_better_leg():
    cost = np.array([[10, 30, INF], [INF, 0, 5]], np.uint32)
    place = np.array([[0, 1], [2, -1], [-1, -1], [1, 2]], np.int32)
    leg = np.array([[5.0, 1.0], [2.0, np.inf], [np.inf, np.inf], [4.0, 0.0]])
    out = np.empty((2, 4))
    join_rows(cost, place, leg, 0.1, out)
    # row 0: 5 + 1 against 1 + 3; nothing; nothing; 4 + 3.   row 1: 1 + 0; 2 + 0.5; nothing; 4 + 0 against 0 + 0.5
    np.testing.assert_allclose(out, [[4.0, np.inf, np.inf, 7.0], [1.0, 2.5, np.inf, 0.5]])


def test_all_costs__the_oracle_knows_zero_costs():
    assert all_costs(3, [(0, 1, 0), (1, 2, 3), (0, 2, 9)]).tolist() == [[0, 0, 3], [INF, 0, 3], [INF, INF, 0]]
