"""Edited labels against a search from nothing, small enough to run without compiling (NUMBA_DISABLE_JIT=1)."""

from __future__ import annotations

import heapq

import numpy as np
import pytest

from lifezone.kernels.edit_heap import pop_least, push
from lifezone.kernels.edit_legs import direct_way, on_grid, settle, sum_chain
from lifezone.kernels.edit_records import CHAIN, COUNTERS, HEAPED, LEG, NODE, PIECE, SLOT
from lifezone.model import Access
from lifezone.routing import ModeRoads
from lifezone.routing.dynamic import Field
from tests import naive
from tests.routing.networks import random_network


def twin_of(ground):
    """Search from nothing over the edges and seeds that the arrays hold now."""
    n = len(ground.node) - 1
    edges = []
    for u in range(n):
        for e in range(ground.node[u]["out"], ground.node[u + 1]["out"]):
            road = ground.out[e]
            if road["cost"] < np.inf:
                edges.append((u, int(road["head"]), float(road["cost"]), float(road["other"])))
    seeds = [(int(leg["node"]), float(leg["cost"]), int(leg["owner"]), float(leg["other"]))
             for leg in ground.site if leg["open"] and leg["cost"] < np.inf]  # fmt: skip
    return naive.nearest_labels(n, edges, seeds)


@pytest.mark.parametrize("seed", range(3))
def test_make_changes__leaves_the_labels_of_a_search_from_nothing(seed):
    rng = np.random.default_rng(seed)
    network = random_network(seed, 4)
    roads = ModeRoads.build(network, "car", Access(limit_m=200.0, speed_mps=1.0))
    points = roads.attach(*rng.uniform(0, 400, (2, 20)))
    sites = roads.attach(*rng.uniform(0, 400, (2, 6)))
    field = Field(roads, points, sites, np.arange(6, dtype=np.int32), metric="time" if seed else "length")
    for _ in range(12):
        opened = field.open_facilities()[0].tolist()
        closed = [position for position in range(6) if position not in opened]
        what = rng.integers(4)
        if what == 0 and closed:
            field.open(int(rng.choice(closed)))
        elif what == 1 and opened:
            field.close(int(rng.choice(opened)))
        elif what == 2 and field.edits:
            field.undo(int(rng.choice(field.edits)))
        else:
            field.speed(rng.integers(0, network.n_segments, 2), float(rng.choice([0.2, 0.5, 2.0])))
        ground = field._laid.ground
        got = [(float(x["cost"]), int(x["owner"]), float(x["other"])) if x["owner"] >= 0 else None
               for x in ground.node[:-1]]  # fmt: skip
        assert got == twin_of(ground)
        assert ground.tally[HEAPED] == 0
        assert (ground.node["slot"] == -1).all()


def test_heap__gives_nodes_by_cost_and_moves_them_up():
    rng = np.random.default_rng(1)
    n = 60
    node, heap, tally = np.zeros(n, NODE), np.zeros(n, SLOT), np.zeros(COUNTERS, np.int64)
    node["slot"] = -1
    node["cost"] = rng.permutation(n) + 100.0
    for v in rng.permutation(n):
        push(node, heap, tally, v)
    for v in rng.choice(n, 20, replace=False):
        node[v]["cost"] -= 80.5
        push(node, heap, tally, v)
    wanted = [(float(node[v]["cost"]), v) for v in range(n)]
    heapq.heapify(wanted)
    for _ in range(n):
        assert pop_least(node, heap, tally) == heapq.heappop(wanted)[1]
    assert tally[HEAPED] == 0


def chain_of(costs):
    """A chain of arcs with these seconds from node 0 to node 1, ten metres each."""
    piece, chain = np.zeros(len(costs), PIECE), np.zeros(1, CHAIN)
    piece["cost"], piece["twin"] = costs, -1
    piece["other"] = np.where(np.isfinite(costs), 10.0, np.inf)
    chain["stop"], chain["end"], chain["sites"] = len(costs), 1, -1
    sum_chain(chain, piece, 0)
    return chain, piece


def leg_at(piece, part):
    """A leg on piece ``piece`` at ``part``; at 0 and 1 the vertex there."""
    leg = np.zeros(1, LEG)
    leg["piece"], leg["part"] = piece, part
    leg["leave"], leg["arrive"] = piece + (part == 1.0), piece - (part == 0.0)
    return leg


def test_settle__counts_shut_arcs_instead_of_adding_them():
    """Arcs of 4, 6, shut, 8 seconds: before the gap only the start can be reached, behind it only the end."""
    chain, piece = chain_of([4.0, 6.0, np.inf, 8.0])
    node = np.zeros(2, NODE)
    before, behind = leg_at(1, 0.5), leg_at(3, 0.25)
    for leg, arriving, wanted in (
        (before, True, 7.0), (before, False, np.inf), (behind, True, np.inf), (behind, False, 6.0),
        (leg_at(1, 1.0), True, 10.0), (leg_at(1, 1.0), False, np.inf), (leg_at(3, 0.0), False, 8.0),
        (leg_at(2, 0.5), True, np.inf), (leg_at(2, 0.5), False, np.inf),
    ):  # fmt: skip
        settle(node, chain, piece, leg[0], arriving)
        assert leg[0]["cost"] == wanted


def test_direct_way__leads_ahead_and_not_over_a_shut_arc():
    chain, piece = chain_of([4.0, 6.0, np.inf, 8.0])
    node = np.zeros(2, NODE)
    legs = [leg_at(0, 0.5), leg_at(1, 0.5), leg_at(1, 1.0), leg_at(3, 0.0), leg_at(3, 0.5)]
    for leg in legs:
        settle(node, chain, piece, leg[0], True)
    a, b, end, start, d = (leg[0] for leg in legs)
    nowhere = (np.inf, np.inf)
    assert direct_way(piece, a, b) == (5.0, 10.0)
    assert direct_way(piece, b, a) == nowhere
    assert direct_way(piece, b, end) == (3.0, 5.0)
    assert direct_way(piece, end, start) == nowhere
    assert direct_way(piece, start, end) == nowhere
    assert direct_way(piece, start, d) == (4.0, 5.0)
    assert direct_way(piece, end, end) == (0.0, 0.0)
    assert direct_way(piece, a, d) == nowhere


def test_on_grid__leaves_endless_and_coarse_numbers():
    assert on_grid(np.inf) == np.inf
    assert on_grid(2.0**40 + 1) == 2.0**40 + 1
    assert on_grid(0.3) * 2.0**34 == round(0.3 * 2.0**34)
