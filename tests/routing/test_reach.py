"""Linked points: against networkx, and joined one into another."""

from __future__ import annotations

import numpy as np
import pytest

from lifezone.errors import InputError
from lifezone.model import Access
from lifezone.routing import ModeRoads, costs_within, linked_groups, linked_pairs, map_threads, within
from tests import naive
from tests.routing.networks import BOTH, FORTH, distances, network_of, random_network


def scene(seed, mode):
    network = random_network(seed)
    roads = ModeRoads.build(network, mode, Access(60.0, 0.8))
    rng = np.random.default_rng(seed)
    points = roads.attach(*rng.uniform(-40, 860, (2, 60)))
    return roads, points, rng.integers(0, 8, 60).astype(np.uint32)


@pytest.mark.parametrize("mode", ["car", "walk"])
@pytest.mark.parametrize("link_m", [0.0, 150.0, 400.0])
@pytest.mark.parametrize("seed", [0, 1])
def test_linked__are_points_within_the_distance_either_way_that_share_something(seed, mode, link_m):
    roads, points, shares = scene(seed, mode)
    metres = distances(roads.network, mode, points.anchors, points.anchors, "metres")
    near = np.minimum(metres, metres.T) <= link_m
    for mask in (None, shares):
        linked = near if mask is None else near & ((mask[:, None] & mask[None, :]) != 0)
        wanted = [(a, b) for a in range(60) for b in range(a + 1, 60) if linked[a, b]]
        a, b = linked_pairs(roads, points, link_m, mask)
        assert list(zip(a.tolist(), b.tolist(), strict=True)) == wanted
        assert linked_groups(roads, points, link_m, mask).tolist() == naive.groups_of(60, wanted)


def test_linked_groups__join_one_into_another_but_not_over_what_is_not_shared():
    line = [(100.0 * i, 0.0) for i in range(4)]
    roads = ModeRoads.build(network_of(line, [(i, i + 1, 100, 10, BOTH) for i in range(3)]), "car", Access(5.0, 1.0))
    points = roads.attach(np.array([0.0, 100.0, 200.0, 300.0]), np.zeros(4))
    assert linked_groups(roads, points, 100.0).tolist() == [0, 0, 0, 0]
    assert linked_groups(roads, points, 99.0).tolist() == [0, 1, 2, 3]
    assert linked_groups(roads, points, 100.0, np.array([1, 3, 2, 1])).tolist() == [0, 0, 0, 1]
    assert linked_groups(roads, points, 100.0, np.array([1, 0, 1, 1])).tolist() == [0, 1, 2, 2]
    assert linked_groups(roads, points, 200.0, np.array([1, 2, 1, 1])).tolist() == [0, 1, 0, 0]


def test_linked_pairs__hold_for_one_way_roads_in_either_direction():
    roads = ModeRoads.build(network_of([(0, 0), (100, 0)], [(0, 1, 100, 10, FORTH)]), "car", Access(5.0, 1.0))
    points = roads.attach(np.array([80.0, 20.0]), np.zeros(2))
    assert [column.tolist() for column in linked_pairs(roads, points, 60.0)] == [[0], [1]]
    assert linked_groups(roads, points, 60.0).tolist() == [0, 0]


def test_linked_groups__of_nobody_are_none():
    roads, points, _ = scene(0, "walk")
    nobody = points.take(np.zeros(0, int))
    assert linked_groups(roads, nobody, 100.0).tolist() == []
    with pytest.raises(InputError, match="expected 60 masks, got 2"):
        linked_groups(roads, points, 100.0, np.zeros(2))


@pytest.mark.parametrize("mode", ["car", "walk"])
@pytest.mark.parametrize("metric", ["time", "length"])
@pytest.mark.parametrize("direction", ["to_facility", "from_facility"])
def test_costs_within__are_those_of_within_to_the_last_digit(mode, metric, direction):
    roads, points, _ = scene(3, mode)
    roads = ModeRoads.build(roads.network, mode, Access(60.0, 0.8, terminal_s=7.25))
    facilities = points.take(np.arange(5, 60, 2))
    positions = np.arange(facilities.n_points, dtype=np.int32)
    for reach in (0.0, 40.0, 350.0, np.inf):
        wanted = within(roads, points, facilities, positions, reach, metric=metric, direction=direction)
        for threads in (1, 3):
            found = costs_within(roads, points, facilities, reach, metric=metric, direction=direction, threads=threads)
            np.testing.assert_array_equal(found.first, wanted.first)
            np.testing.assert_array_equal(found.facility, wanted.facility)
            np.testing.assert_array_equal(found.cost, wanted.seconds if metric == "time" else wanted.metres)
    most = np.random.default_rng(1).uniform(0.0, 300.0, 60)
    all_pairs = costs_within(roads, points, facilities, np.inf, metric=metric, direction=direction)
    found = costs_within(roads, points, facilities, most, metric=metric, direction=direction, threads=2)
    kept = all_pairs.cost <= np.repeat(most, np.diff(all_pairs.first))
    np.testing.assert_array_equal(found.facility, all_pairs.facility[kept])
    np.testing.assert_array_equal(found.cost, all_pairs.cost[kept])
    nobody = costs_within(roads, points.take(np.empty(0, np.int64)), facilities, 9.0)
    assert (nobody.first.tolist(), len(nobody.cost)) == ([0], 0)
    nowhere = costs_within(roads, points, facilities.take(np.empty(0, np.int64)), 9.0)
    assert (nowhere.first.tolist(), len(nowhere.cost)) == ([0] * 61, 0)


@pytest.mark.parametrize("threads", [2, 3, 16])
def test_threads__change_nothing(threads):
    roads, points, shares = scene(2, "car")
    positions = np.arange(60, dtype=np.int32)
    one = within(roads, points, points, positions, 300.0)
    many = within(roads, points, points, positions, 300.0, threads=threads)
    for column in ("first", "facility", "seconds", "metres", "access_m"):
        np.testing.assert_array_equal(getattr(one, column), getattr(many, column))
    pairs, same = (
        linked_pairs(roads, points, 300.0, shares),
        linked_pairs(roads, points, 300.0, shares, threads=threads),
    )
    for a, b in zip(pairs, same, strict=True):
        np.testing.assert_array_equal(a, b)


def test_map_threads__keeps_the_order_and_raises_what_was_raised():
    assert map_threads(lambda i: i * i, range(50), 4) == [i * i for i in range(50)]
    assert map_threads(lambda i: i * i, range(3), 0) == [0, 1, 4]

    def fail(i):
        if i == 3:
            raise InputError("three")
        return i

    for threads in (1, 4):
        with pytest.raises(InputError, match="three"):
            map_threads(fail, range(9), threads)
