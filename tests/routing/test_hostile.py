"""Networks that break careless routing, worked by hand: seconds and metres from point to facility."""

from __future__ import annotations

import numpy as np
import pytest

from lifezone.errors import SolveError
from lifezone.model import Access
from lifezone.routing import ModeRoads, border_times, k_nearest, linked_groups, linked_pairs, nearest, within
from tests.routing.networks import BOTH, FORTH, SHUT, network_of

ACCESS = Access(limit_m=20.0, speed_mps=1.0)
ONE = np.array([0], np.int32)


def ask(network, here, there, *, metric="time", direction="to_facility"):
    """Return (seconds, metres) by each of the searches, which must agree; inf where there is no way."""
    roads = ModeRoads.build(network, "car", ACCESS)
    point, facility = (roads.attach(np.array([float(x)]), np.array([float(y)])) for x, y in (here, there))
    options = {"metric": metric, "direction": direction}
    answers = {
        tuple(float(column[0]) for column in times.nearest()[1:3])
        for times in (
            nearest(roads, point, facility, ONE, **options),
            k_nearest(roads, point, facility, ONE, 1, **options),
            within(roads, point, facility, ONE, 1e15, **options),
        )
    }
    assert len(answers) == 1
    return answers.pop()


NOWHERE = (np.inf, np.inf)
LINE = [(0, 0), (100, 0), (200, 0), (300, 0)]


def test_single_segment__is_travelled_both_ways_or_one():
    both = network_of(LINE[:2], [(0, 1, 100, 50, BOTH)])
    assert ask(both, (20, 0), (80, 0)) == (30.0, 60.0)
    assert ask(both, (80, 0), (20, 0)) == (30.0, 60.0)
    one_way = network_of(LINE[:2], [(0, 1, 100, 50, FORTH)])
    assert ask(one_way, (20, 0), (80, 0)) == (30.0, 60.0)
    assert ask(one_way, (80, 0), (20, 0)) == NOWHERE
    assert ask(one_way, (80, 0), (20, 0), direction="from_facility") == (30.0, 60.0)
    assert ask(one_way, (20, 0), (20, 0)) == (0.0, 0.0)
    assert ask(one_way, (20, 5), (20, -3)) == (8.0, 0.0)


def test_one_way_ring__leads_round_to_what_lies_behind():
    square = [(0, 0), (100, 0), (100, 100), (0, 100)]
    ring = network_of(square, [(i, (i + 1) % 4, 100, 10, FORTH) for i in range(4)])
    assert ask(ring, (20, 0), (80, 0)) == (6.0, 60.0)
    assert ask(ring, (80, 0), (20, 0)) == (34.0, 340.0)
    assert ask(ring, (80, 0), (20, 0), direction="from_facility") == (6.0, 60.0)
    assert ask(ring, (0, 50), (0, 0)) == (5.0, 50.0)


def test_two_way_ring__is_taken_the_short_way():
    square = [(0, 0), (100, 0), (100, 100), (0, 100)]
    ring = network_of(square, [(i, (i + 1) % 4, 100, 10, BOTH) for i in range(4)])
    assert ask(ring, (20, 0), (0, 20)) == (4.0, 40.0)
    assert ask(ring, (100, 80), (100, 20)) == (6.0, 60.0)
    assert ask(ring, (50, 0), (50, 100))[1] == 200.0


def test_one_way_trap__lets_in_and_not_out():
    trap = network_of([*LINE[:3], (200, 100)], [(0, 1, 100, 10, BOTH), (1, 2, 100, 10, FORTH), (2, 3, 100, 10, FORTH)])
    roads = ModeRoads.build(trap, "car", ACCESS)
    inside = roads.attach(np.array([200.0]), np.array([50.0]))
    assert inside.anchors.segment.tolist() == [2]
    assert ask(trap, (0, 0), (200, 50)) == (25.0, 250.0)
    assert ask(trap, (200, 50), (0, 0)) == NOWHERE


def test_parallel_roads__quicker_for_time_shorter_for_length():
    """A 100 m lane of 60 s beside a 300 m bypass of 20 s, from junction to junction."""
    places = [*LINE, (150, 80)]
    roads = [
        (0, 1, 100, 10, BOTH),
        (1, 2, 100, 60, BOTH),
        (1, 4, 150, 10, BOTH),
        (4, 2, 150, 10, BOTH),
        (2, 3, 100, 10, BOTH),
    ]
    network = network_of(places, roads)
    assert ask(network, (0, 0), (300, 0)) == (40.0, 500.0)
    assert ask(network, (0, 0), (300, 0), metric="length") == (80.0, 300.0)


def test_island__is_out_of_reach_and_a_slow_ferry_is_not():
    places = [*LINE[:2], (1000, 0), (1100, 0)]
    roads = [(0, 1, 100, 10, BOTH), (2, 3, 100, 10, BOTH)]
    assert ask(network_of(places, roads), (0, 0), (1100, 0)) == NOWHERE
    ferry = network_of(places, [*roads, (1, 2, 900, 1e9, BOTH, "ferry")])
    assert ask(ferry, (0, 0), (1100, 0)) == (1e9 + 20, 1100.0)
    assert ask(ferry, (1100, 0), (0, 0), metric="length") == (1e9 + 20, 1100.0)


def test_zero_seconds__do_not_stop_a_trip_or_tie_it_in_a_knot():
    square = [(0, 0), (100, 0), (100, 100), (0, 100), (200, 0), (-100, 0)]
    roads = [*[(i, (i + 1) % 4, 100, 0, BOTH) for i in range(4)], (1, 4, 100, 10, BOTH), (0, 5, 100, 10, BOTH)]
    network = network_of(square, roads)
    assert ask(network, (-100, 0), (200, 0)) == (20.0, 300.0)  # of equal times the shorter way
    assert ask(network, (50, 100), (50, 0)) == (0.0, 200.0)


def test_a_stretch_without_time__still_has_a_before_and_a_behind():
    network = network_of(LINE[:2], [(0, 1, 100, 0, FORTH)])
    assert ask(network, (20, 0), (80, 0)) == (0.0, 60.0)
    assert ask(network, (80, 0), (20, 0)) == NOWHERE


def test_dead_ends_loops_and_isolated_vertices__are_no_obstacle():
    places = [*LINE, (350, 50), (900, 900)]
    roads = [
        (0, 1, 100, 10, BOTH),
        (1, 1, 60, 6, BOTH),
        (1, 2, 100, 10, BOTH),
        (2, 3, 100, 10, BOTH),
        (3, 3, 40, 4, FORTH),
    ]
    network = network_of(places, roads)
    assert ask(network, (0, 0), (300, 0)) == (30.0, 300.0)
    assert ask(network, (350, 50), (300, 0)) == NOWHERE  # off the network: 70 m from any road
    assert ask(network, (900, 900), (0, 0)) == NOWHERE


def test_everything_closed__reaches_nothing():
    network = network_of(LINE, [(0, 1, 100, 10, SHUT), (1, 2, 100, 10, SHUT)], border=[1])
    assert ask(network, (0, 0), (100, 0)) == NOWHERE
    roads = ModeRoads.build(network, "car", ACCESS)
    people = roads.attach(np.array([0.0, 100.0]), np.zeros(2))
    assert np.isinf(border_times(roads, people)).all()
    assert linked_groups(roads, people, 1000.0).tolist() == [0, 1]
    assert [len(column) for column in linked_pairs(roads, people, 1000.0)] == [0, 0]


def test_a_network_without_roads__reaches_nothing():
    network = network_of([], [])
    assert ask(network, (0, 0), (100, 0)) == NOWHERE


def test_terminal_time_and_both_walks__count_once_each():
    network = network_of(LINE[:2], [(0, 1, 100, 50, BOTH)])
    roads = ModeRoads.build(network, "car", Access(20.0, 0.5, terminal_s=180.0))
    people, supply = roads.attach(np.array([20.0]), np.array([10.0])), roads.attach(np.array([80.0]), np.array([-5.0]))
    times = nearest(roads, people, supply, ONE)
    assert times.seconds.tolist() == [10 / 0.5 + 30 + 5 / 0.5 + 180]
    assert times.access_m.tolist() == [15.0]
    assert within(roads, people, supply, ONE, 240.0).seconds.tolist() == [240.0]
    assert within(roads, people, supply, ONE, 239.999).seconds.tolist() == []
    assert within(roads, people, supply, ONE, 100.0).seconds.tolist() == []


def test_egress_walk__decides_between_facilities_for_time_only():
    """a is nearer along the road but 15 m off it at 0.1 m/s; b lies at the road."""
    network = network_of(LINE[:2], [(0, 1, 100, 50, BOTH)])
    roads = ModeRoads.build(network, "car", Access(20.0, 0.1))
    people, supply = (
        roads.attach(np.array([10.0]), np.array([0.0])),
        roads.attach(np.array([40.0, 90.0]), np.array([15.0, 0.0])),
    )
    both = np.array([0, 1], np.int32)
    assert nearest(roads, people, supply, both).facility.tolist() == [1]
    assert nearest(roads, people, supply, both, metric="length").facility.tolist() == [0]


def test_weights_beyond_all_measure__are_refused():
    star = [(0, 0), *((i, 1) for i in range(20))]
    network = network_of(star, [(0, i, 1, 1e300 if i == 1 else 1, BOTH) for i in range(1, 21)])
    roads = ModeRoads.build(network, "car", ACCESS)
    with pytest.raises(SolveError, match="too large to search"):
        roads.edges("time", reverse=True)
