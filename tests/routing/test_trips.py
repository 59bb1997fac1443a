"""A trip in full: its sums are those of the travel times, its path runs over open roads of the raw network."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest

from lifezone.model import Access
from lifezone.routing import ModeRoads, trip, within
from tests.routing.networks import BOTH, FORTH, network_of
from tests.routing.test_times import CASES, scene


@pytest.mark.parametrize("seed", [0, 1])
@pytest.mark.parametrize(("mode", "metric", "direction"), CASES)
def test_trip__sums_to_the_travel_times_and_follows_open_roads(seed, mode, metric, direction):
    roads, people, supply = scene(seed, mode, n_points=16, n_facilities=8)
    options = {"metric": metric, "direction": direction}
    times = within(roads, people, supply, np.arange(8, dtype=np.int32), 1e9, **options)
    point = np.repeat(np.arange(16), np.diff(times.first))
    network = roads.network
    for p, f, seconds, metres, access_m in zip(
        point, times.facility, times.seconds, times.metres, times.access_m, strict=True
    ):
        one = trip(roads, people, int(p), supply, int(f), **options)
        assert (one.seconds, one.metres, one.access_m) == (seconds, metres, access_m)
        assert sum(leg.seconds for leg in one.legs) == pytest.approx(seconds, abs=1e-6)
        assert sum(leg.metres for leg in one.legs if leg.kind == "road") == pytest.approx(metres, abs=1e-6)
        start, end = (people, supply) if direction == "to_facility" else (supply, people)
        i, j = (p, f) if direction == "to_facility" else (f, p)
        for attached, at, place in ((start, i, 0), (end, j, -1)):
            s, part = attached.anchors.segment[at], attached.anchors.part[at]
            x = network.x_m[network.tail[s]] * (1 - part) + network.x_m[network.head[s]] * part
            assert one.x_m[place] == pytest.approx(x, abs=1e-3)
    reached = set(zip(point.tolist(), times.facility.tolist(), strict=True))
    missing = next((p, f) for p in range(16) for f in range(8) if (p, f) not in reached)
    assert trip(roads, people, missing[0], supply, missing[1], **options) is None


def test_trip__of_a_journey_by_ferry_reads_as_people_tell_it():
    places = [(0, 0), (100, 0), (100, 50), (1100, 50), (1200, 50)]
    rows = [(0, 1, 100, 10, BOTH), (2, 1, 50, 5, BOTH), (2, 3, 1000, 600, BOTH, "ferry"), (3, 4, 100, 10, FORTH)]
    roads = ModeRoads.build(network_of(places, rows), "car", Access(20.0, 0.5, 180.0))
    home, clinic = roads.attach(np.array([0.0]), np.array([10.0])), roads.attach(np.array([1150.0]), np.array([45.0]))
    one = trip(roads, home, 0, clinic, 0)
    told = [(leg.kind, leg.way, leg.metres, leg.seconds) for leg in one.legs]
    assert told == [
        ("access", "", 10.0, 20.0), ("road", "road", 150.0, 15.0), ("road", "ferry", 1000.0, 600.0),
        ("road", "road", 50.0, 5.0), ("egress", "", 5.0, 10.0), ("terminal", "", 0.0, 180.0),
    ]  # fmt: skip
    assert (one.seconds, one.metres, one.access_m) == (830.0, 1200.0, 15.0)
    assert list(zip(one.x_m, one.y_m, strict=True)) == [(0, 0), (100, 0), (100, 50), (1100, 50), (1150, 50)]
    assert trip(roads, clinic, 0, home, 0) is None
    back = trip(roads, clinic, 0, home, 0, direction="from_facility")
    assert back.seconds == 830.0
    assert list(zip(back.x_m, back.y_m, strict=True)) == list(zip(one.x_m, one.y_m, strict=True))


def test_trip__next_door_has_a_place_and_no_road():
    roads = ModeRoads.build(network_of([(0, 0), (100, 0)], [(0, 1, 100, 10, BOTH)]), "car", Access(20.0, 1.0))
    here = roads.attach(np.array([30.0, 0.0]), np.array([2.0, 0.0]))
    for i, x in ((0, 30.0), (1, 0.0)):
        one = trip(roads, here, i, here, i)
        assert [leg.kind for leg in one.legs] == ["access", "egress"]
        assert (one.x_m.tolist(), one.y_m.tolist()) == ([x], [0.0])


def test_trip__path_never_turns_against_a_one_way_road():
    roads, people, supply = scene(1, "car", n_points=16, n_facilities=8)
    network = roads.network
    ways = {}
    for s in range(network.n_segments):
        ends = [(network.x_m[v], network.y_m[v]) for v in (network.tail[s], network.head[s])]
        for direction in (0, 1):
            if np.isfinite(network.seconds["car"][2 * s + direction]):
                ways[tuple(ends if direction == 0 else ends[::-1])] = s
    checked = 0
    for p in range(16):
        for f in range(8):
            one = trip(roads, people, p, supply, f)
            if one is not None and len(one.x_m) > 3:
                places = list(zip(one.x_m.tolist(), one.y_m.tolist(), strict=True))
                assert all(step in ways for step in pairwise(places[1:-1]))
                checked += 1
    assert checked > 10
