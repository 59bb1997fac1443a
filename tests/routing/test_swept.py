"""Travel times by sweeps against the exact engine, on random and hostile networks, at fine and at coarse steps."""

from __future__ import annotations

from dataclasses import fields

import numpy as np
import pytest
from scipy.sparse.csgraph import dijkstra

from lifezone.errors import InputError
from lifezone.model import Access
from lifezone.routing import ModeRoads, k_nearest, nearest, within
from lifezone.routing.hierarchy import customise, order_nodes
from lifezone.routing.matrix import cost_rows, node_matrix, within_reach
from lifezone.routing.rounding import INF, farthest, finest_steps, whole_costs
from lifezone.routing.swept import (
    Prepared,
    doubtful,
    k_nearest_of_kinds,
    nearest_of_kinds,
    nearest_within_drift,
    settle,
)
from tests.routing.networks import as_matrix, network_of, random_network

ACCESS = Access(limit_m=60.0, speed_mps=0.8, terminal_s=90.0)
CASES = [(mode, metric, direction) for mode in ("car", "walk") for metric in ("time", "length")
         for direction in ("to_facility", "from_facility")]  # fmt: skip


def scene(seed, mode, *, n_points=150, kinds=5, **options):
    """Return roads, people and kinds of 0 to 9 facilities; some share a place, some lie off the network."""
    network = random_network(seed, **options)
    roads = ModeRoads.build(network, mode, ACCESS)
    rng = np.random.default_rng(500 + seed)
    high = float(network.x_m.max())
    people = roads.attach(rng.uniform(-80, high, n_points), rng.uniform(-80, high, n_points))
    x, y = rng.uniform(-80, high, 10 * kinds), rng.uniform(-80, high, 10 * kinds)
    x[1::7], y[1::7] = x[0], y[0]
    supply = roads.attach(x, y)
    chosen = [np.sort(rng.permutation(10 * kinds)[: 2 * i if i < kinds - 1 else 30]) for i in range(kinds)]
    return roads, people, [(supply.take(rows), (3 * rows).astype(np.int32)) for rows in chosen]


def prepared_by(roads, metric, steps=None):
    graph = roads.graph
    hierarchy = order_nodes(graph, roads.network.x_m[graph.vertex], roads.network.y_m[graph.vertex])
    if steps is None:
        return Prepared.build(roads, hierarchy, metric, longest_leg=1e4)
    return Prepared(roads, customise(hierarchy, whole_costs(roads, metric, steps)), metric, steps)


def values(times, metric):
    _, seconds, metres, _ = times.nearest()
    return seconds if metric == "time" else metres


def same(one, other):
    return all(np.array_equal(getattr(one, f.name), getattr(other, f.name)) for f in fields(one))


@pytest.mark.parametrize("seed", range(2))
@pytest.mark.parametrize(("mode", "metric", "direction"), CASES)
def test_nearest_of_kinds__is_the_exact_answer_at_fine_steps(seed, mode, metric, direction):
    """At 2**16 steps a second no two trips of these networks change places: every column is the same, to the byte."""
    roads, people, kinds = scene(seed, mode)
    prepared = prepared_by(roads, metric)
    assert prepared.steps == 2.0**16 or metric == "length" or mode == "walk"
    found = nearest_of_kinds(prepared, people, kinds, direction=direction)
    for (supply, positions), times in zip(kinds, found, strict=True):
        exact = nearest(roads, people, supply, positions, metric=metric, direction=direction)
        assert same(times, exact)


DENSE = {"kept": 0.95, "bends": 0, "one_way": 0.1}
"""So many ways from place to place that coarse costs take the wrong one now and then."""


@pytest.mark.parametrize("steps", [0.03, 0.2, 10.0])
@pytest.mark.parametrize(("metric", "direction"), [("time", "to_facility"), ("length", "from_facility")])
def test_nearest_of_kinds__stays_within_the_stated_drift_at_coarse_steps(steps, metric, direction):
    """Trips told are real ones: never below the best, and above it by no more than both trips' drift."""
    worse = 0
    for seed in range(4):
        roads, people, kinds = scene(seed, "car", **DENSE)
        prepared = prepared_by(roads, metric, steps)
        for (supply, positions), times in zip(
            kinds, nearest_of_kinds(prepared, people, kinds, direction=direction), strict=True
        ):
            got = values(times, metric)
            best = values(nearest(roads, people, supply, positions, metric=metric, direction=direction), metric)
            assert np.array_equal(np.isfinite(got), np.isfinite(best))
            row = np.flatnonzero(np.isfinite(best))
            more = got[row] - best[row]
            assert (more >= -1e-6).all()
            assert all(m <= prepared.drift.within(b) + prepared.drift.within(g) + 1e-6
                       for m, b, g in zip(more, best[row], got[row], strict=True))  # fmt: skip
            worse += int((more > 1e-6).sum())
    assert worse > 0 or steps > 0.1  # else nothing was tested


@pytest.mark.parametrize("steps", [0.03, 1.0, None])
@pytest.mark.parametrize("metric", ["time", "length"])
def test_settle__gives_the_exact_verdict_at_every_bound(metric, steps):
    """Bounds on, just below and just above exact values, where a verdict is easiest to get wrong."""
    changed = 0
    for seed in range(3):
        roads, people, kinds = scene(seed, "car", kinds=3, **DENSE)
        prepared = prepared_by(roads, metric, steps)
        found = [*nearest_of_kinds(prepared, people, kinds), *nearest_within_drift(prepared, people, kinds)]
        for supply, times in zip([*kinds, *kinds], found, strict=True):
            best = values(nearest(roads, people, *supply, metric=metric), metric)
            worse = np.flatnonzero(np.isfinite(best) & (values(times, metric) != best))
            finite = best[np.r_[worse[:6], np.flatnonzero(np.isfinite(best))[:6]]]
            for bound in [b + d for b in finite for d in (-1e-3, 0.0, 1e-3)]:
                settled = settle(prepared, people, supply, times, bound)
                assert np.array_equal(values(settled, metric) <= bound, best <= bound)
                changed += int(((values(times, metric) <= bound) != (best <= bound)).sum())
    assert changed > 0 or steps != 0.03  # at coarse steps some verdicts would have been wrong


@pytest.mark.parametrize("steps", [1.0, None])
@pytest.mark.parametrize(("mode", "metric", "direction"), CASES)
def test_nearest_within_drift__is_off_by_the_stated_drift_at_most(mode, metric, direction, steps):
    roads, people, kinds = scene(2, mode)
    prepared = prepared_by(roads, metric, steps)
    for supply, times in zip(kinds, nearest_within_drift(prepared, people, kinds, direction=direction), strict=True):
        exact = nearest(roads, people, *supply, metric=metric, direction=direction)
        got, best = values(times, metric), values(exact, metric)
        assert np.array_equal(np.isfinite(got), np.isfinite(best))
        row = np.isfinite(best)
        off = prepared.drift.within_each(best[row]) + prepared.drift.within_each(got[row])
        assert (np.abs(got[row] - best[row]) <= off + 1e-6).all()
        if steps is None:
            assert np.array_equal(times.facility, exact.facility)
            assert np.array_equal(times.access_m, exact.access_m)


@pytest.mark.parametrize("k", [1, 3, 50])
@pytest.mark.parametrize("seed", range(2))
@pytest.mark.parametrize(("mode", "metric", "direction"), CASES[::3])
def test_k_nearest_of_kinds__is_the_exact_answer_at_fine_steps(seed, mode, metric, direction, k):
    roads, people, kinds = scene(seed, mode, n_points=60, kinds=3)
    prepared = prepared_by(roads, metric)
    found = k_nearest_of_kinds(prepared, people, kinds, k, direction=direction, threads=2)
    for (supply, positions), times in zip(kinds, found, strict=True):
        assert same(times, k_nearest(roads, people, supply, positions, k, metric=metric, direction=direction))


@pytest.mark.parametrize("steps", [1.0, 10.0, None])
@pytest.mark.parametrize(("mode", "metric", "direction"), CASES)
def test_within_reach__finds_the_exact_pairs(mode, metric, direction, steps):
    """Reaches on exact values of pairs, where a pair is easiest to lose."""
    roads, people, kinds = scene(3, mode, n_points=60)
    prepared, supply = prepared_by(roads, metric, steps), kinds[-1]
    every = within(roads, people, *supply, 1e9, metric=metric, direction=direction)
    value = every.seconds if metric == "time" else every.metres
    for reach in [*np.sort(value)[[len(value) // 9, len(value) // 2]], 1e9]:
        exact = within(roads, people, *supply, reach, metric=metric, direction=direction)
        for method in ("sweeps", "balls", "quicker"):
            got = within_reach(prepared, people, supply, reach, direction=direction, method=method)
            assert pairs(got) == pairs(exact)
            wanted = sorted_values(exact, metric)
            drift = prepared.drift.within(min(reach, value.max())) + 1e-6
            np.testing.assert_allclose(sorted_values(got, metric), wanted, atol=drift, rtol=0)
        assert same(got, exact) or method != "balls"


def pairs(times):
    point = np.repeat(np.arange(times.n_points), np.diff(times.first))
    return sorted(zip(point.tolist(), times.facility.tolist(), strict=True))


def sorted_values(times, metric):
    """Values in the order of point and facility."""
    point = np.repeat(np.arange(times.n_points), np.diff(times.first))
    return (times.seconds if metric == "time" else times.metres)[np.lexsort((times.facility, point))]


@pytest.mark.parametrize("threads", [1, 3])
def test_cost_rows__hold_every_pair_once(threads):
    """70 facilities are three blocks; each row is the exact engine's within drift, unreachable ones endless."""
    roads, people, kinds = scene(5, "car", n_points=30)
    prepared = prepared_by(roads, "time")
    supply = kinds[-1][0].take(np.arange(70) % 30)
    table = np.full((70, 30), -1.0)
    for row, costs in cost_rows(prepared, people, supply, threads=threads):
        table[row] = costs
    exact = within(roads, people, supply, np.arange(70, dtype=np.int32), 1e9)
    wanted = np.full((70, 30), np.inf)
    wanted[exact.facility, np.repeat(np.arange(30), np.diff(exact.first))] = exact.seconds
    np.testing.assert_allclose(table, wanted, atol=0.01, rtol=0)


def test_node_matrix__equals_scipy():
    roads, _, _ = scene(6, "car", spoil=False)
    prepared, graph = prepared_by(roads, "length", 10.0), roads.graph
    tail = np.repeat(np.arange(graph.n_nodes), np.diff(graph.first_out))
    arcs = as_matrix(tail, graph.head, prepared.weights.edge_cost.astype(float), graph.n_nodes)
    table = dijkstra(arcs)
    rng = np.random.default_rng(1)
    sources, targets = (rng.integers(0, graph.n_nodes, n).astype(np.int32) for n in (40, 25))
    wanted = table[np.ix_(sources, targets)]
    got = node_matrix(prepared.weights, sources, targets)
    assert np.array_equal(np.where(got == INF, np.inf, got), wanted)


def test_finest_steps__leave_room_for_the_longest_trip():
    """Two junctions 20,000 km apart by a ferry of 30 days: whole costs stay below INF, at the finest steps that fit."""
    network = network_of([(0, 0), (2e7, 0)], [(0, 1, 2e7, 2_592_000.0, (True, True))])
    roads = ModeRoads.build(network, "car", ACCESS)
    steps = finest_steps(roads, "time")
    assert 2 * 2_592_000 * steps < INF  # the bound counts there and back
    assert 2 * 2_592_000 * 2 * steps >= INF
    assert farthest(roads, "time") >= 2_592_000
    assert (whole_costs(roads, "time", steps) < INF).all()


def test_finest_steps__refuse_what_does_not_fit():
    network = network_of([(0, 0), (1, 0)], [(0, 1, 1.0, 1e9, (True, True))])
    with pytest.raises(InputError, match="too long"):
        finest_steps(ModeRoads.build(network, "car", ACCESS), "time")


def test_doubtful__is_nobody_when_all_is_far_from_the_bound():
    roads, people, kinds = scene(0, "car")
    prepared = prepared_by(roads, "time")
    times = nearest_of_kinds(prepared, people, kinds)[-1]
    assert not doubtful(prepared, times, 1e5).any()
    assert not doubtful(prepared, times, 0.0).any()


@pytest.mark.parametrize("threads", [1, 3])
def test_nearest_of_kinds__many_kinds_and_threads(threads):
    """More kinds than lanes: blocks must not mix."""
    roads, people, kinds = scene(4, "car", n_points=40)
    prepared = prepared_by(roads, "time")
    many = [kinds[i % 5] for i in range(37)]
    found = nearest_of_kinds(prepared, people, many, threads=threads)
    for (supply, positions), times in zip(many, found, strict=True):
        assert same(times, nearest(roads, people, supply, positions))


def test_nearest_of_kinds__people_and_facility_on_one_street_without_a_junction():
    """A one-way street 100 m long, 10 s: the facility 30 m on, the man at 10 m ahead of it, the other one past it."""
    network = network_of([(0, 0), (100, 0)], [(0, 1, 100.0, 10.0, (True, False))])
    roads = ModeRoads.build(network, "car", Access(50.0, 1.0))
    people, supply = roads.attach(np.array([10.0, 60.0]), np.zeros(2)), roads.attach(np.array([30.0]), np.zeros(1))
    times = nearest_of_kinds(prepared_by(roads, "time"), people, [(supply, np.zeros(1, np.int32))])[0]
    assert times.nearest()[1].tolist() == [2.0, np.inf]
    assert times.nearest()[2].tolist() == [20.0, np.inf]


def test_nearest_of_kinds__nobody_and_nothing():
    roads, people, kinds = scene(1, "car")
    prepared = prepared_by(roads, "time")
    assert nearest_of_kinds(prepared, people, []) == []
    nobody = people.take(np.empty(0, np.int64))
    assert nearest_of_kinds(prepared, nobody, kinds)[1].n_points == 0
