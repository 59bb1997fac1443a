"""Turn bans and costs against a line graph of all arcs, searched by networkx."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from lifezone.errors import InputError
from lifezone.model import Access, Anchors, Network, Turns
from lifezone.routing import ModeRoads, build_graph, k_nearest, nearest, trip, within
from lifezone.routing.dynamic import Field
from tests.routing.networks import BOTH, network_of, random_network
from tests.routing.turning import ends_of, is_between, oracle_table, with_rules

ACCESS = Access(np.inf, 1.0, 0.0)


def points(network: Network, seed: int, n: int) -> Anchors:
    """Hang points on random open segments, a third of them on vertices, but none at a wait between junctions."""
    rng = np.random.default_rng(seed)
    usable = np.flatnonzero(np.isfinite(network.seconds["car"]).reshape(-1, 2).any(axis=1))
    segment = rng.choice(usable, n).astype(np.int32)
    part = np.where(rng.random(n) < 0.35, rng.integers(0, 2, n), rng.integers(1, 8, n) / 8)
    waiting = {ends_of(network, arc)[1] for arc in network.turns["car"].wait_arc.tolist()}
    for i, s in enumerate(segment.tolist()):
        vertex = int(network.tail[s] if part[i] == 0 else network.head[s])
        if part[i] in (0, 1) and vertex in waiting and is_between(network, "car", vertex):
            part[i] = 0.5
    return Anchors(segment, part.astype(float), np.zeros(n))


def attached(network: Network, n=12, f=4):
    """Return roads, demand and facilities."""
    roads = ModeRoads.build(network, "car", ACCESS)
    return roads, roads.hang(points(network, 1, n)), roads.hang(points(network, 2, f))


def crossing(**turns) -> Network:
    """Make a crossing: vertex 0 in the middle, 1 west, 2 east, 3 south, 4 north; segments 0 to 3 lead to it.

    Each has 100 m and 10 s. Arc ``2*s`` comes to the middle from vertex ``s + 1``, ``2*s + 1`` leaves it.
    """
    places = [(0, 0), (-100, 0), (100, 0), (0, -100), (0, 100)]
    network = network_of(places, [(v, 0, 100, 10, BOTH) for v in (1, 2, 3, 4)])
    return replace(network, turns={"car": Turns(**turns)})


def rules(*rows):
    """Return the arrays of rules (from, to, seconds, only)."""
    come, go, seconds, only = zip(*rows, strict=True)
    return {"from_arc": np.array(come, np.int32), "to_arc": np.array(go, np.int32),
            "seconds": np.array(seconds, float), "only": np.array(only, np.bool_)}  # fmt: skip


def least(network: Network, start, end):
    """Return seconds and metres from one (segment, part) to another, inf = unreachable."""
    roads = ModeRoads.build(network, "car", ACCESS)
    one, other = (
        roads.hang(Anchors(np.array([s], np.int32), np.array([p], float), np.zeros(1))) for s, p in (start, end)
    )
    times = nearest(roads, one, other, np.array([0], np.int32))
    _, seconds, metres, _ = times.nearest()
    return float(seconds[0]), float(metres[0])


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("direction", ["to_facility", "from_facility"])
def test_turns__times_are_those_of_the_line_graph(seed, direction):
    costs = [{}, {"left_s": 7.5, "right_s": 2.0, "u_turn_s": 20.0}, {"turns_round": False}][seed % 3]
    # turns are judged over 15 m of road, the oracle's by single segments: long ones alone where they cost time
    bends, spoil = (0, False) if seed % 3 == 1 else (2, True)
    network = with_rules(random_network(seed, 5, bends=bends, spoil=spoil, border=0.0), seed, **costs)
    roads, demand, facilities = attached(network)
    expected = oracle_table(network, "car", demand.anchors, facilities.anchors, direction, "s")
    times = k_nearest(roads, demand, facilities, np.arange(4, dtype=np.int32), 4, direction=direction)
    found = np.full(expected.shape, np.inf)
    found[np.repeat(np.arange(12), np.diff(times.first)), times.facility] = times.seconds
    np.testing.assert_array_equal(found, np.round(expected, 6))


def test_turns__lengths_are_those_of_the_line_graph():
    network = with_rules(random_network(7, 5, border=0.0), 7, share=0.3)
    roads, demand, facilities = attached(network)
    expected = oracle_table(network, "car", demand.anchors, facilities.anchors, "to_facility", "m")
    _, _, metres, _ = nearest(roads, demand, facilities, np.arange(4, dtype=np.int32), metric="length").nearest()
    np.testing.assert_array_equal(metres, np.round(expected.min(axis=1), 6))


def test_turns__a_banned_left_turn_goes_on_and_turns_round():
    # West to north is a left turn of 20 s; banned: 10 s on to the east, round there, back and right: 10+10+10+10 s.
    assert least(crossing(), (0, 0.0), (3, 0.0)) == (20.0, 200.0)
    assert least(crossing(**rules((0, 7, np.inf, False))), (0, 0.0), (3, 0.0)) == (40.0, 400.0)


def test_turns__an_only_rule_bans_turning_round_too():
    # From the west only straight on: to the south it is east, round, back and left, 10+10+10+10 s.
    network = crossing(**rules((0, 3, 0.0, True)))
    assert least(network, (0, 0.0), (2, 0.0)) == (40.0, 400.0)
    assert least(network, (2, 0.0), (3, 0.0)) == (20.0, 200.0)


def test_turns__who_starts_at_the_junction_may_take_any_road():
    network = crossing(**rules(*((a, b, np.inf, False) for a in (0, 2, 4, 6) for b in (1, 3, 5, 7))))
    assert [least(network, (0, 1.0), (s, 0.0))[0] for s in range(4)] == [10.0] * 4
    assert [least(network, (s, 0.5), (2, 1.0))[0] for s in range(4)] == [5.0] * 4
    assert least(network, (0, 1.0), (3, 1.0)) == (0.0, 0.0)
    assert least(network, (0, 0.0), (3, 0.0)) == (np.inf, np.inf)  # unreachable is no number


def test_turns__costs_go_by_the_side_of_the_turn():
    network = crossing(left_s=8.0, right_s=3.0, u_turn_s=30.0)
    assert [least(network, (0, 0.0), (s, 0.0))[0] for s in (1, 2, 3)] == [20.0, 23.0, 28.0]  # east, south, north


def test_turns__waits_are_paid_by_who_goes_on():
    # A road of two segments and a bend with a signal of 6 s for those who come from the west.
    network = network_of([(0, 0), (100, 0), (200, 0)], [(0, 1, 100, 10, BOTH), (1, 2, 100, 10, BOTH)])
    network = replace(network, turns={"car": Turns(wait_arc=np.array([0], np.int32), wait_s=np.array([6.0]))})
    assert build_graph(network, "car").n_nodes == 2  # no node is made for it
    assert least(network, (0, 0.5), (1, 0.5)) == (16.0, 100.0)
    assert least(network, (1, 0.5), (0, 0.5)) == (10.0, 100.0)
    assert least(network, (0, 0.5), (0, 0.75)) == (2.5, 25.0)


def test_turns__a_ban_costs_one_node_and_one_edge():
    plain, ruled = (build_graph(network, "car") for network in (crossing(), crossing(**rules((0, 7, np.inf, False)))))
    assert (ruled.n_nodes - plain.n_nodes, ruled.n_edges - plain.n_edges) == (1, 1)


def test_turns__without_rules_the_graph_is_the_same():
    network = random_network(3)
    plain, ruled = build_graph(network, "car"), build_graph(replace(network, turns={"car": Turns()}), "car")
    for name in ("vertex", "node", "arrive", "first_out", "head", "chain_seconds", "chain_arc", "part"):
        np.testing.assert_array_equal(getattr(plain, name), getattr(ruled, name))


def test_turns__a_ban_may_cut_a_place_off_and_its_part_says_so():
    # Vertex 2 lies behind the junction 1, where nobody may go straight on to it.
    network = network_of([(0, 0), (100, 0), (200, 0), (100, 100)],
                         [(0, 1, 100, 10, BOTH), (1, 2, 100, 10, BOTH), (1, 3, 100, 10, BOTH)])  # fmt: skip
    network = replace(network, turns={"car": Turns(**rules((0, 2, np.inf, False), (5, 2, np.inf, False)))})
    assert least(network, (0, 0.0), (1, 0.5)) == (np.inf, np.inf)
    assert least(network, (1, 0.5), (0, 0.0)) == (15.0, 150.0)
    graph = build_graph(network, "car")
    assert graph.part[graph.chain_from[graph.arc_chain[2]]] != graph.part[graph.chain_to[graph.arc_chain[0]]]


def test_turns__loops_and_parallel_roads_are_told_apart():
    # Banned left from the west (arc 0) into the loop (arc 2); its other end stays open.
    roads = [(0, 1, 100, 10, BOTH), (1, 2, 70, 7, BOTH), (2, 3, 100, 10, BOTH), (3, 1, 70, 7, BOTH)]
    network = network_of([(0, 0), (100, 0), (150, 50), (150, -50)], roads)
    network = replace(network, turns={"car": Turns(**rules((0, 2, np.inf, False)))})
    assert least(network, (0, 0.0), (1, 1.0)) == (27.0, 270.0)
    assert least(network, (1, 1.0), (0, 0.0)) == (17.0, 170.0)


def test_turns__two_points_on_one_road_meet_without_a_turn():
    network = crossing(**rules(*((0, b, np.inf, False) for b in (1, 3, 5, 7))))
    assert least(network, (0, 0.25), (0, 0.75)) == (5.0, 50.0)
    assert least(network, (0, 0.75), (0, 0.25)) == (5.0, 50.0)


def test_turns__a_trip_tells_its_waits():
    network = crossing(left_s=8.0)
    roads = ModeRoads.build(network, "car", ACCESS)
    one, other = (roads.hang(Anchors(np.array([s], np.int32), np.array([0.5]), np.zeros(1))) for s in (0, 3))
    found = trip(roads, one, 0, other, 0)
    assert [(leg.kind, leg.seconds, leg.metres) for leg in found.legs if leg.seconds] == [
        ("road", 10.0, 100.0), ("waits", 8.0, 0.0)]  # fmt: skip
    assert (found.seconds, found.metres) == (18.0, 100.0)
    assert list(zip(found.x_m, found.y_m, strict=True)) == [(-50, 0), (0, 0), (0, 50)]


@pytest.mark.parametrize("seed", range(3))
def test_turns__reach_and_fields_and_trips_agree(seed):
    network = with_rules(random_network(seed + 20, 6), seed, left_s=5.0)
    roads, demand, facilities = attached(network, 20, 5)
    positions = np.arange(5, dtype=np.int32)
    times = k_nearest(roads, demand, facilities, positions, 5)
    reached = within(roads, demand, facilities, positions, 60.0)
    assert len(reached.seconds) == (times.seconds <= 60).sum()
    np.testing.assert_array_equal(np.sort(reached.seconds), np.sort(times.seconds[times.seconds <= 60]))
    field = Field(roads, demand, facilities, positions)
    usable = np.flatnonzero(np.isfinite(network.seconds["car"]).reshape(-1, 2).any(axis=1))
    rng = np.random.default_rng(seed)
    for segment in rng.choice(usable, 6):
        field.speed([int(segment)], float(rng.choice([0.25, 0.5, 2.0])))
    field.close(int(positions[1]))
    again = ModeRoads.build(field.network, "car", ACCESS)
    rest = np.delete(positions, 1)
    expected = nearest(again, again.hang(demand.anchors), again.hang(facilities.take(rest).anchors), rest).nearest()
    for mine, theirs in zip(field.nearest(), expected, strict=True):
        np.testing.assert_array_equal(mine, theirs)
    owner, seconds, _, _ = nearest(roads, demand, facilities, positions).nearest()
    for p in np.flatnonzero(owner >= 0)[:8]:
        assert trip(roads, demand, int(p), facilities, int(owner[p])).seconds == seconds[p]


def test_turns__rules_that_do_not_meet_are_refused():
    with pytest.raises(InputError, match="does not start where"):
        crossing(**rules((1, 3, np.inf, False)))
    with pytest.raises(InputError, match="does not exist"):
        crossing(**rules((0, 99, np.inf, False)))
    with pytest.raises(InputError, match="0 or more"):
        Turns(wait_arc=np.array([0], np.int32), wait_s=np.array([-1.0]))


def test_turns__roads_keep_their_rules_when_cut():
    turns = Turns(**rules((0, 7, np.inf, False), (6, 1, 5.0, False)), wait_arc=np.array([0, 6], np.int32),
                  wait_s=np.array([1.0, 2.0])).after_cuts(np.array([0]), np.array([4]))  # fmt: skip
    # Segment 0 led to the middle: what came by arc 0 comes by arc 8 now, what left by arc 1 leaves by arc 9.
    assert turns.from_arc.tolist() == [8, 6]
    assert turns.to_arc.tolist() == [7, 9]
    assert turns.wait_arc.tolist() == [8, 6]
