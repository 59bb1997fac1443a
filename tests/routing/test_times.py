"""Travel times against networkx and scipy on the raw graph, split at every point; and against one another."""

from __future__ import annotations

from dataclasses import fields, replace

import numpy as np
import pytest
from scipy.sparse.csgraph import dijkstra

from lifezone.errors import InputError
from lifezone.kernels.anchor import fill_cells, find_nearest
from lifezone.kernels.contract import mark_nodes, sum_along, trace_chains
from lifezone.kernels.join import join_nearest
from lifezone.kernels.k_nearest import search_k_nearest
from lifezone.kernels.nearest import search_nearest
from lifezone.model import Access, Anchors
from lifezone.routing import ModeRoads, border_times, build_graph, field_room, k_nearest, nearest, nearest_field, within
from lifezone.routing import times as times_module
from lifezone.routing.sides import hooks_of, on_chain_of
from lifezone.routing.times import search, search_lean
from tests.routing.networks import as_matrix, distances, network_of, random_network, split_arcs

ACCESS = Access(limit_m=60.0, speed_mps=0.8, terminal_s=90.0)
CASES = [(mode, metric, direction) for mode in ("car", "walk") for metric in ("time", "length")
         for direction in ("to_facility", "from_facility")]  # fmt: skip


def scene(seed, mode, *, n_points=40, n_facilities=12, access=ACCESS, **options):
    """Return roads, people and supply; several points share a place, some lie on vertices, some off the network."""
    network = random_network(seed, **options)
    roads = ModeRoads.build(network, mode, access)
    rng = np.random.default_rng(1000 + seed)
    places = []
    for n in (n_points, n_facilities):
        on_vertex = rng.integers(0, network.n_vertices, n // 4)
        x = np.concatenate([rng.uniform(-80, 900, n - n // 4), network.x_m[on_vertex]])
        y = np.concatenate([rng.uniform(-80, 900, n - n // 4), network.y_m[on_vertex]])
        places.append((x, y))
    (px, py), (fx, fy) = places
    fx[:2], fy[:2] = px[:2], py[:2]  # people who live at a facility
    fx[3], fy[3] = fx[2], fy[2]  # two facilities in one house
    return roads, roads.attach(px, py), roads.attach(fx, fy)


def door_to_door(roads, people, supply, metric, direction):
    """Return f64[n, m] what is minimised, by networkx on the split raw graph."""
    weight = "seconds" if metric == "time" else "metres"
    if direction == "to_facility":
        table = distances(roads.network, roads.mode, people.anchors, supply.anchors, weight)
    else:
        table = distances(roads.network, roads.mode, supply.anchors, people.anchors, weight).T
    if metric == "length":
        return table
    gaps = people.anchors.gap_m[:, None] + supply.anchors.gap_m[None, :]
    return table + gaps / roads.access.speed_mps + roads.access.terminal_s


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize(("mode", "metric", "direction"), CASES)
def test_nearest__agrees_with_networkx_on_the_split_graph(seed, mode, metric, direction):
    roads, people, supply = scene(seed, mode)
    table = door_to_door(roads, people, supply, metric, direction)
    positions = np.arange(supply.n_points, dtype=np.int32) * 3
    times = nearest(roads, people, supply, positions, metric=metric, direction=direction)
    facility, seconds, metres, access_m = times.nearest()
    got = seconds if metric == "time" else metres
    np.testing.assert_allclose(got, table.min(axis=1), atol=2e-6)
    assert ((facility >= 0) == np.isfinite(got)).all()
    row = np.flatnonzero(facility >= 0)
    np.testing.assert_allclose(table[row, facility[row] // 3], got[row], atol=2e-6)
    np.testing.assert_allclose(access_m[row], people.gap_m[row] + supply.gap_m[facility[row] // 3])
    assert len(row) > 15


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize(("mode", "metric", "direction"), CASES)
def test_all_pairs__agree_with_networkx_and_with_one_another(seed, mode, metric, direction):
    roads, people, supply = scene(seed, mode)
    table = door_to_door(roads, people, supply, metric, direction)
    positions = np.arange(supply.n_points, dtype=np.int32)
    options = {"metric": metric, "direction": direction}
    every = within(roads, people, supply, positions, 1e9, **options)
    ranked = k_nearest(roads, people, supply, positions, 99, **options)
    for column in ("first", "facility", "seconds", "metres", "access_m"):
        np.testing.assert_array_equal(getattr(every, column), getattr(ranked, column))
    got = np.full(table.shape, np.inf)
    point = np.repeat(np.arange(people.n_points), np.diff(every.first))
    got[point, every.facility] = every.seconds if metric == "time" else every.metres
    np.testing.assert_allclose(got, table, atol=2e-6)
    for k in (1, 3):
        few = k_nearest(roads, people, supply, positions, k, **options)
        for p in range(people.n_points):
            mine, all_of_mine = slice(*few.first[p : p + 2]), slice(every.first[p], every.first[p + 1])
            assert few.facility[mine].tolist() == every.facility[all_of_mine][:k].tolist()
            assert few.seconds[mine].tolist() == every.seconds[all_of_mine][:k].tolist()
            assert few.metres[mine].tolist() == every.metres[all_of_mine][:k].tolist()
    one = nearest(roads, people, supply, positions, **options)
    first = k_nearest(roads, people, supply, positions, 1, **options)
    for column in ("first", "facility", "seconds", "metres", "access_m"):
        np.testing.assert_array_equal(getattr(one, column), getattr(first, column))


@pytest.mark.parametrize(("mode", "metric", "direction"), CASES)
def test_within__keeps_exactly_what_is_within_the_reach(mode, metric, direction):
    roads, people, supply = scene(1, mode)
    positions = np.arange(supply.n_points, dtype=np.int32)
    every = within(roads, people, supply, positions, 1e9, metric=metric, direction=direction)
    values = every.seconds if metric == "time" else every.metres
    for reach in (float(np.median(values)), float(values.min()), 0.0, 30.0):  # a value itself: bounds are inclusive
        few = within(roads, people, supply, positions, reach, metric=metric, direction=direction, threads=2)
        kept = values <= reach
        assert few.facility.tolist() == every.facility[kept].tolist()
        assert few.seconds.tolist() == every.seconds[kept].tolist()


@pytest.mark.parametrize("seed", [0, 1])
@pytest.mark.parametrize("mode", ["car", "walk"])
def test_thousands_of_pairs__agree_with_scipy_in_both_columns(seed, mode):
    """Both columns tell of the same trip: metres are summed along scipy's own quickest path."""
    roads, people, supply = scene(seed, mode, n_points=120, n_facilities=40, side=14, spoil=False)
    both = Anchors(*(np.concatenate([getattr(people.anchors, c), getattr(supply.anchors, c)])
                     for c in ("segment", "part", "gap_m")))  # fmt: skip
    tail, head, seconds, metres, vertex, n = split_arcs(roads.network, mode, both)
    matrix = as_matrix(tail, head, seconds, n)
    net, before = dijkstra(matrix, indices=vertex[:120], return_predecessors=True)
    length = {}
    for a, b, s, m in zip(tail, head, seconds, metres, strict=True):
        length[a, b] = min(length.get((a, b), (np.inf, np.inf)), (s, m))
    times = within(roads, people, supply, np.arange(40, dtype=np.int32), 1e9)
    point = np.repeat(np.arange(120), np.diff(times.first))
    assert len(point) > 1500
    for p, f, got_s, got_m in zip(point, times.facility, times.seconds, times.metres, strict=True):
        target = vertex[120 + f]
        gaps = people.gap_m[p] + supply.gap_m[f]
        assert got_s == pytest.approx(net[p, target] + gaps / 0.8 + 90, abs=2e-6)
        walked = 0.0
        while target != vertex[p]:
            walked += length[before[p, target], target][1]
            target = before[p, target]
        assert got_m == pytest.approx(walked, abs=2e-6)


@pytest.mark.parametrize("mode", ["car", "walk"])
def test_contraction__changes_no_digit_of_an_answer(mode):
    roads, people, supply = scene(2, mode)
    plain = build_graph(roads.network, mode, keep=np.ones(roads.network.n_vertices, np.bool_))
    assert plain.n_nodes > roads.graph.n_nodes
    raw = ModeRoads.build(roads.network, mode, ACCESS, plain)
    people_raw, supply_raw = raw.hang(people.anchors), raw.hang(supply.anchors)
    positions = np.arange(supply.n_points, dtype=np.int32)
    for metric in ("time", "length"):
        for direction in ("to_facility", "from_facility"):
            one = within(roads, people, supply, positions, 1e9, metric=metric, direction=direction)
            other = within(raw, people_raw, supply_raw, positions, 1e9, metric=metric, direction=direction)
            for column in ("first", "facility", "seconds", "metres"):
                np.testing.assert_array_equal(getattr(one, column), getattr(other, column))


@pytest.mark.parametrize("metric", ["time", "length"])
def test_reversed_search__equals_forward_search(metric):
    """A trip from p to f, asked from the facility's side and from the point's side."""
    roads, people, supply = scene(3, "car")
    n, m = people.n_points, supply.n_points
    forth = within(roads, people, supply, np.arange(m, dtype=np.int32), 1e9, metric=metric, direction="to_facility")
    back = within(roads, supply, people, np.arange(n, dtype=np.int32), 1e9, metric=metric, direction="from_facility")
    point, facility, order = back.by_facility  # rows of `back` are facilities, its facilities are the points
    rows = np.repeat(np.arange(n), np.diff(forth.first))
    one = sorted(zip(rows, forth.facility, forth.seconds, forth.metres, strict=True))
    other = sorted(zip(facility, point, back.seconds[order], back.metres[order], strict=True))
    assert one == other


@pytest.mark.parametrize(("mode", "metric", "direction"), CASES)
def test_border_times__are_those_to_the_nearest_cut_vertex(mode, metric, direction):
    roads, people, _ = scene(4, mode)
    network = roads.network
    segment = {int(v): s for s in reversed(range(network.n_segments)) for v in (network.tail[s], network.head[s])
               if np.isfinite(network.seconds[mode][2 * s : 2 * s + 2]).any()}  # fmt: skip
    cut = [v for v in np.flatnonzero(network.border) if int(v) in segment]
    part = [0.0 if network.tail[segment[v]] == v else 1.0 for v in cut]
    border = Anchors(np.array([segment[v] for v in cut], np.int32), np.array(part), np.zeros(len(cut)))
    wanted = door_to_door(roads, people, roads.hang(border), metric, direction).min(axis=1)
    np.testing.assert_allclose(border_times(roads, people, metric=metric, direction=direction), wanted, atol=2e-6)


def test_border_times__are_infinite_without_a_border():
    roads, people, _ = scene(4, "car", border=0.0)
    assert np.isinf(border_times(roads, people)).all()


def test_a_bound_met_to_the_second__is_met():
    """9,000 arcs of 0.1 s and a tenth of a metre are 900 s and 900 m, not a hair more."""
    n = 9001
    roads = [(i, i + 1, 0.1, 0.1, (True, True)) for i in range(n - 1)]
    network = network_of([(0.1 * i, 0.0) for i in range(n)], roads)
    mode_roads = ModeRoads.build(network, "car", Access(10.0, 1.0))
    people, supply = (
        mode_roads.attach(np.array([0.0]), np.array([0.0])),
        mode_roads.attach(np.array([900.0]), np.array([0.0])),
    )
    times = nearest(mode_roads, people, supply, np.array([0], np.int32))
    assert times.seconds.tolist() == [900.0]
    assert times.metres.tolist() == [900.0]


def test_ties__go_to_the_lower_position():
    network = network_of([(0, 0), (100, 0), (200, 0)], [(0, 1, 100, 10, (True, True)), (1, 2, 100, 10, (True, True))])
    roads = ModeRoads.build(network, "car", Access(10.0, 1.0))
    people = roads.attach(np.array([100.0]), np.array([0.0]))
    supply = roads.attach(np.array([200.0, 0.0]), np.array([0.0, 0.0]))
    for function in (nearest, lambda *a: k_nearest(*a, 2), lambda *a: within(*a, 100.0)):
        assert function(roads, people, supply, np.array([4, 7], np.int32)).facility[0] == 4
        assert function(roads, people, supply.take(np.array([1, 0])), np.array([4, 7], np.int32)).facility[0] == 4


@pytest.mark.parametrize("seconds", [500.0, 0.0])
@pytest.mark.parametrize("direction", ["to_facility", "from_facility"])
@pytest.mark.parametrize("metric", ["time", "length"])
def test_a_crowded_road__gives_each_point_the_nearest_on_it(metric, direction, seconds):
    """A one-way road of 5 km: of the facilities ahead (behind), the least by way and the facility's own walk."""
    network = network_of([(0, 0), (5000, 0)], [(0, 1, 5000, seconds, (True, False))])
    roads = ModeRoads.build(network, "car", Access(64.0, 0.5))
    rng = np.random.default_rng(7)
    px, fx = rng.integers(0, 5001, 400).astype(float), rng.integers(0, 626, 150) * 8.0
    px[:40], fx[:2] = fx[:40], fx[2]  # people at facilities, several facilities in one house
    py, fy = rng.integers(-4, 5, 400) * 1.0, rng.integers(-16, 17, 150) * 4.0
    people, supply = roads.attach(px, py), roads.attach(fx, fy)
    sign = 1.0 if direction == "to_facility" else -1.0
    metres = sign * (fx[None, :] - px[:, None])
    walk = abs(fy)[None, :] / 0.5 + abs(py)[:, None] / 0.5
    table = np.where(metres < 0, np.inf, metres if metric == "length" else metres * seconds / 5000 + walk)
    options = {"metric": metric, "direction": direction}
    facility, got_s, got_m, _ = nearest(roads, people, supply, np.arange(150, dtype=np.int32), **options).nearest()
    np.testing.assert_allclose(got_m if metric == "length" else got_s, table.min(axis=1), atol=2e-6)
    reached = np.isfinite(table.min(axis=1))
    assert (facility == np.where(reached, table.argmin(axis=1), -1)).all()
    ranked = k_nearest(roads, people, supply, np.arange(150, dtype=np.int32), 4, **options)
    for p in range(400):
        order = np.argsort(table[p], kind="stable")[: min(4, np.isfinite(table[p]).sum())]
        assert ranked.facility[ranked.first[p] : ranked.first[p + 1]].tolist() == order.tolist()


@pytest.mark.parametrize(("mode", "metric", "direction"), CASES)
def test_nearest_field__is_what_points_on_the_nodes_are_told(mode, metric, direction):
    roads, _, supply = scene(2, mode)
    graph, network = roads.graph, roads.network
    used = np.flatnonzero((graph.arc_chain[0::2] >= 0) | (graph.arc_chain[1::2] >= 0)).astype(np.int32)
    segment, part = np.full(network.n_vertices, -1, np.int32), np.zeros(network.n_vertices)
    segment[network.head[used]], part[network.head[used]] = used, 1.0
    segment[network.tail[used]], part[network.tail[used]] = used, 0.0
    nodes = roads.hang(Anchors(segment[graph.vertex], part[graph.vertex], np.zeros(graph.n_nodes)))
    cost, owner = nearest_field(roads, supply, metric=metric, direction=direction)
    positions = np.arange(supply.n_points, dtype=np.int32)
    facility, seconds, metres, _ = nearest(
        roads, nodes, supply, positions, metric=metric, direction=direction
    ).nearest()
    assert owner.tolist() == facility.tolist()
    wanted = metres if metric == "length" else seconds - roads.access.terminal_s
    np.testing.assert_allclose(cost, wanted, atol=2e-6)


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize(("mode", "metric", "direction"), CASES)
def test_the_lean_search__tells_points_what_the_search_with_both_metrics_tells(seed, mode, metric, direction):
    """Both ways of :func:`nearest` to an answer, of which the sizes decide; also where seconds are zero."""
    roads, people, supply = scene(seed, mode)
    on_chain = on_chain_of(supply, metric)
    hooks = hooks_of(people, metric, direction, on_chain)
    one, other = (
        join_nearest(hooks, on_chain, labels)
        for labels in (
            search(roads, supply, metric, direction),
            search_lean(roads, hooks, supply, metric, direction),
        )
    )
    assert one.tobytes() == other.tobytes()
    room = field_room(roads)
    for _ in range(2):
        answer = nearest_field(roads, supply, metric=metric, direction=direction, room=room)
    for got, wanted in zip(answer, nearest_field(roads, supply, metric=metric, direction=direction), strict=True):
        np.testing.assert_array_equal(got, wanted)


@pytest.mark.parametrize("metric", ["time", "length"])
def test_nearest__of_few_points_on_large_roads_takes_the_lean_search(metric, monkeypatch):
    roads, people, supply = scene(1, "car")
    positions = np.arange(supply.n_points, dtype=np.int32)
    wanted = nearest(roads, people, supply, positions, metric=metric)
    monkeypatch.setattr(times_module, "LEAN_FROM_NODES", 0)
    monkeypatch.setattr(times_module, "POINTS_PER_NODE", 1e9)
    got = nearest(roads, people, supply, positions, metric=metric)
    for column in ("first", "facility", "seconds", "metres", "access_m"):
        np.testing.assert_array_equal(getattr(got, column), getattr(wanted, column))


def test_no_facilities__reach_nobody():
    roads, people, supply = scene(0, "car")
    none, positions = supply.take(np.zeros(0, int)), np.empty(0, np.int32)
    for times in (
        nearest(roads, people, none, positions),
        k_nearest(roads, people, none, positions, 3),
        within(roads, people, none, positions, 900.0),
    ):
        assert times.n_points == people.n_points
        assert np.isinf(times.nearest()[1]).all()
    nobody = people.take(np.zeros(0, int))
    assert nearest(roads, nobody, supply, np.arange(supply.n_points, dtype=np.int32)).n_points == 0


def test_k_nearest__refuses_no_k():
    roads, people, supply = scene(0, "car")
    with pytest.raises(InputError, match="k must be 1 or more"):
        k_nearest(roads, people, supply, np.arange(supply.n_points, dtype=np.int32), 0)


def test_memory_mapped_roads__give_the_same_and_compile_nothing_twice(tmp_path):
    """A cache hands out read-only maps of files, which are types of their own to the compiler."""
    roads, people, supply = scene(5, "car")

    def mapped(thing, names):
        changes = {}
        for name in names:
            path = tmp_path / f"{type(thing).__name__}_{name}.npy"
            np.save(path, getattr(thing, name))
            changes[name] = np.load(path, mmap_mode="r")
        return replace(thing, **changes)

    network = mapped(roads.network, ["x_m", "y_m", "border", "tail", "head", "metres", "way", "name"])
    arrays = [f.name for f in fields(roads.graph) if f.name != "mode"]
    positions = np.arange(supply.n_points, dtype=np.int32)
    wanted = k_nearest(roads, people, supply, positions, 3)
    nearest(roads, people, supply, positions)
    kernels = [search_nearest, search_k_nearest, mark_nodes, trace_chains, sum_along, fill_cells, find_nearest]
    before = [len(getattr(one, "signatures", ())) for one in kernels]
    x, y = (np.load(tmp_path / f"Network_{name}.npy", mmap_mode="r") for name in ("x_m", "y_m"))
    for other in (ModeRoads.build(network, "car", ACCESS), ModeRoads(network, mapped(roads.graph, arrays), ACCESS)):
        got = k_nearest(other, other.hang(people.anchors), other.hang(supply.anchors), positions, 3)
        np.testing.assert_array_equal(got.seconds, wanted.seconds)
        np.testing.assert_array_equal(nearest(other, people, supply, positions).seconds,
                                      nearest(roads, people, supply, positions).seconds)  # fmt: skip
        assert (other.attach(x, y).gap_m == roads.attach(x, y).gap_m).all()
    assert [len(getattr(one, "signatures", ())) for one in kernels] == before
