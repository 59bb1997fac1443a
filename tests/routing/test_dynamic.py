"""Fields under edits against a full search over the changed world, after every step, to the last bit."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

import numpy as np
import pytest

from benchmarks.graphs import road_like
from lifezone.errors import InputError
from lifezone.model import Access, Anchors
from lifezone.routing import ModeRoads, nearest
from lifezone.routing.dynamic import Field, Places, Variants, other_seconds
from lifezone.routing.times import search
from tests.routing.networks import BOTH, network_of, random_network

ACCESS = Access(limit_m=60.0, speed_mps=0.8, terminal_s=180.0)
AT_END = 1e-6


def rehung(network, mode, anchors):
    """Hang a point at a vertex on any open road there: its own may have been shut."""
    segment, part = anchors.segment.copy(), anchors.part.copy()
    is_open = np.isfinite(network.seconds[mode].reshape(-1, 2)).any(axis=1)
    for i in np.flatnonzero(segment >= 0):
        s = segment[i]
        if AT_END < part[i] < 1 - AT_END or is_open[s]:
            continue
        vertex = network.tail[s] if part[i] <= AT_END else network.head[s]
        for t in np.flatnonzero(is_open & ((network.tail == vertex) | (network.head == vertex)))[:1]:
            segment[i], part[i] = t, 0.0 if network.tail[t] == vertex else 1.0
    return Anchors(segment, part, anchors.gap_m)


def recomputed(network, mode, demand, sites, **options):
    """Search everything anew: roads contracted again, every point hung again on its anchor."""
    roads = ModeRoads.build(network, mode, ACCESS)
    positions = np.array(sorted(sites), np.int32)
    rows = [sites[position] for position in positions]
    anchors = Anchors(*(np.array([row[c] for row in rows], ("i4", "f8", "f8")[c]) for c in range(3)))
    points = roads.hang(rehung(network, mode, demand))
    return nearest(roads, points, roads.hang(rehung(network, mode, anchors)), positions, **options).nearest()


class Model:
    """The edits, kept in the plainest way: a list, and a world made anew from it at every look."""

    def __init__(self, network, mode, demand, sites, is_open):
        self.network, self.mode, self.demand = network, mode, demand
        self.sites, self.is_open = sites, is_open
        self.edits = {}

    def facilities(self):
        where, is_open = dict(self.sites), dict(self.is_open)
        for kind, *rest in self.edits.values():
            if kind == "open":
                is_open[rest[0]] = True
            if kind == "close":
                is_open[rest[0]] = False
            if kind in ("open", "move") and rest[1] is not None:
                where[rest[0]] = rest[1]
            if kind == "only":
                where.update(rest[0])
                is_open.update(dict.fromkeys(rest[0], True) | dict.fromkeys(rest[1], False))
        return {p: where[p] for p in sorted(where) if is_open.get(p)}

    def roads(self):
        seconds = self.network.seconds[self.mode].copy()
        for kind, *rest in self.edits.values():
            if kind == "arcs":
                arcs, factor = rest
                seconds[arcs] = seconds[arcs] / factor if factor else np.inf
            if kind == "weigh":
                arcs, instead = rest
                seconds[arcs] = np.where(np.isfinite(seconds[arcs]), instead, np.inf)
        return replace(self.network, seconds={self.mode: seconds})

    def answer(self, **options):
        return recomputed(self.roads(), self.mode, self.demand, self.facilities(), **options)


def anchored(rng, network, mode, n):
    """Strew points over open segments: on vertices, together on one segment, off the network."""
    open_segment = np.flatnonzero(np.isfinite(network.seconds[mode].reshape(-1, 2)).any(axis=1))
    few = rng.choice(open_segment, 6)
    segment = np.where(rng.random(n) < 0.4, rng.choice(few, n), rng.choice(open_segment, n)).astype(np.int32)
    part = np.where(rng.random(n) < 0.4, rng.choice([0.0, 1.0, 0.5], n), rng.random(n))
    gap_m = rng.choice([0.0, 4.0, 8.0, 31.7], n)
    off = rng.random(n) < 0.04
    segment[off], gap_m[off] = -1, np.inf
    return Anchors(segment, part, gap_m)


def row_of(anchors, i):
    return int(anchors.segment[i]), float(anchors.part[i]), float(anchors.gap_m[i])


class Session:
    """A field and its model, edited alike at random."""

    def __init__(self, seed, *, side=6, n_points=60, n_sites=12, metric="time", direction="to_facility", network=None):
        self.rng = rng = np.random.default_rng(seed)
        mode = "car"
        network = random_network(seed, side, bends=3) if network is None else network
        self.network = replace(network, seconds={mode: network.seconds[mode]})
        self.points, self.sites = (anchored(rng, network, mode, n) for n in (n_points, n_sites))
        self.positions = rng.permutation(3 * n_sites)[:n_sites].astype(np.int32)
        is_open = rng.random(n_sites) < 0.6
        self.options = {"metric": metric, "direction": direction}
        self.roads = ModeRoads.build(self.network, mode, ACCESS)
        self.field = Field(self.roads, self.roads.hang(self.points), self.roads.hang(self.sites), self.positions,
                           is_open=is_open, **self.options)  # fmt: skip
        at = {int(p): row_of(self.sites, i) for i, p in enumerate(self.positions)}
        opened = dict(zip(self.positions.tolist(), is_open, strict=True))
        self.model = Model(self.network, mode, self.points, at, opened)
        self.before = self.field.nearest()
        self.check(None)

    def place(self):
        anchors = anchored(self.rng, self.network, "car", 1)
        return self.roads.hang(anchors), row_of(anchors, 0)

    def step(self):
        rng, field, model = self.rng, self.field, self.model
        opened = list(model.facilities())
        placed = [e[1] for e in model.edits.values() if e[0] == "open" and e[2]]
        placed += [p for e in model.edits.values() if e[0] == "only" for p in e[1]]
        known = sorted({*model.sites, *placed})
        closed = [p for p in known if p not in opened]
        what = rng.choice(["open", "open at", "close", "move", "only", "arcs", "arcs", "weigh", "undo", "undo"])
        if what == "open" and closed:
            edit = ("open", int(rng.choice(closed)), None)
            change = field.open(edit[1])
        elif what == "open at":
            at, row = self.place()
            edit = ("open", int(rng.choice(closed)) if closed and rng.random() < 0.5 else max(known) + 1, row)
            change = field.open(edit[1], at)
        elif what == "close" and opened:
            edit = ("close", int(rng.choice(opened)))
            change = field.close(edit[1])
        elif what == "move" and opened:
            at, row = self.place()
            edit = ("move", int(rng.choice(opened)), row)
            change = field.move(edit[1], at)
        elif what == "only":
            edit, change = self.open_only(opened, known)
        elif what == "weigh":
            arcs = np.unique(rng.integers(0, 2 * self.network.n_segments, 3))
            seconds = rng.choice([0.0, 7.5, 80.0, np.inf], len(arcs))
            edit = ("weigh", arcs, seconds)
            change = field.reweigh(dict(zip(arcs.tolist(), seconds.tolist(), strict=True)))
        elif what == "undo" and model.edits:
            number = int(rng.choice(list(model.edits)))
            change = field.undo(number)
            del model.edits[number]
            return self.check(change)
        else:
            edit, change = self.edit_arcs()
        model.edits[change.edit] = edit
        return self.check(change)

    def open_only(self, opened, known):
        """Keep most as they are, move some, open and close others: what differs is what the edit is."""
        rng, now = self.rng, self.model.facilities()
        wanted = [p for p in (*known, max(known) + 2) if rng.random() < (0.8 if p in opened else 0.3)]
        rows = {p: now[p] if p in now and rng.random() < 0.7 else self.place()[1] for p in wanted}
        anchors = Anchors(*(np.array([row[c] for row in rows.values()], ("i4", "f8", "f8")[c]) for c in range(3)))
        change = self.field.open_only(np.array(wanted, np.int32), self.roads.hang(anchors))
        return ("only", {p: row for p, row in rows.items() if now.get(p) != row}, now.keys() - rows.keys()), change

    def edit_arcs(self):
        rng = self.rng
        busy = self.points.segment[self.points.segment >= 0]
        pool = busy if rng.random() < 0.5 else np.arange(self.network.n_segments)
        segments = np.unique(rng.choice(pool, rng.integers(1, 4)))
        sense = str(rng.choice(["both", "forth", "back"]))
        factor = float(rng.choice([0.0, 0.25, 0.7, 1.0, 2.0, 3.0]))
        arcs = np.concatenate([2 * segments + d for d in {"both": (0, 1), "forth": (0,), "back": (1,)}[sense]])
        if factor:
            return ("arcs", arcs, factor), self.field.speed(segments, factor, sense=sense)
        return ("arcs", arcs, factor), self.field.shut(segments, sense=sense)

    def check(self, change):
        wanted, got = self.model.answer(**self.options), self.field.nearest()
        for column, (a, b) in enumerate(zip(got, wanted, strict=True)):
            np.testing.assert_array_equal(a, b, err_msg=f"column {column}")
        if change is not None:
            differs = np.logical_or.reduce([a != b for a, b in zip(self.before, got, strict=True)])
            np.testing.assert_array_equal(change.points, np.flatnonzero(differs))
        self.before = got


def full_of_ties(seed, side):
    """A random network with round seconds, many of them 0, and round metres."""
    network = random_network(seed, side, bends=2)
    seconds = np.rint(network.seconds["car"] / 5) * 5
    return replace(network, seconds={"car": seconds}, metres=np.rint(network.metres / 20) * 20 + 20)


@pytest.mark.parametrize("direction", ["to_facility", "from_facility"])
@pytest.mark.parametrize("metric", ["time", "length"])
@pytest.mark.parametrize("seed", range(6))
def test_field__equals_a_full_search_after_any_edit_and_undo(seed, metric, direction):
    network = full_of_ties(seed, 5) if seed % 2 else None
    session = Session(seed, metric=metric, direction=direction, network=network)
    for _ in range(25):
        session.step()


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(100, 140))
def test_field__equals_a_full_search_after_thousands_of_edits(seed):
    options = {"metric": ("time", "length")[seed % 2], "direction": ("to_facility", "from_facility")[seed // 2 % 2]}
    network = full_of_ties(seed, 4 + seed % 4) if seed % 3 else random_network(seed, 4 + seed % 4, bends=3)
    session = Session(seed, network=network, **options)
    for _ in range(40):
        session.step()


def test_field__equals_a_full_search_on_a_larger_road_network():
    session = Session(77, network=road_like(10_000, 5), n_points=2_000, n_sites=100)
    for _ in range(12):
        session.step()
    owner, seconds, metres = session.field.labels()
    network = session.model.roads()
    roads = ModeRoads.build(network, "car", ACCESS)
    sites = session.model.facilities()
    anchors = Anchors(*(np.array([row[c] for row in sites.values()], ("i4", "f8", "f8")[c]) for c in range(3)))
    label = search(roads, roads.hang(rehung(network, "car", anchors)), "time", "to_facility")
    mine, theirs = session.roads.graph, roads.graph
    both = (mine.node >= 0) & (theirs.node >= 0)
    here, there = mine.node[both], theirs.node[both]
    np.testing.assert_array_equal(seconds[here], label["cost"][there])
    np.testing.assert_array_equal(metres[here], label["other"][there])
    positions = np.append(np.array(sorted(sites), np.int32), -1)
    np.testing.assert_array_equal(owner[here], positions[label["owner"][there]])


def line_field(roads, here, there, **options):
    """A straight road along x with points and facilities at the given places."""
    network = network_of([(0, 0), (100, 0), (200, 0), (300, 0)], roads)
    ways = ModeRoads.build(network, "car", Access(limit_m=20.0, speed_mps=1.0))
    points = ways.attach(np.array(here, float), np.zeros(len(here)))
    sites = ways.attach(np.array(there, float), np.zeros(len(there)))
    return Field(ways, points, sites, np.arange(len(there), dtype=np.int32), **options)


TWO_WAY = [(0, 1, 100, 100, BOTH), (1, 2, 100, 100, BOTH), (2, 3, 100, 100, BOTH)]


def test_close__gives_the_cell_to_the_facility_on_the_same_segment():
    """Facility 0 at 140, 1 at 150; the point at 10 goes 130 to the first, without it 140 to the second."""
    field = line_field(TWO_WAY, [10], [140, 150])
    assert field.nearest()[1].tolist() == [130.0]
    assert field.close(0).points.tolist() == [0]
    assert [column.tolist() for column in field.nearest()[:3]] == [[1], [140.0], [140.0]]


def test_shut__cuts_a_chain_in_two_and_keeps_both_stubs():
    """Points at 50, 150, 250, facilities at 10 and 290, the middle shut: 40 and 40, and nothing for who lives there."""
    field = line_field(TWO_WAY, [50, 150, 250], [10, 290])
    assert field.nearest()[1].tolist() == [40.0, 140.0, 40.0]
    change = field.shut([1])
    assert change.points.tolist() == [1]
    assert field.nearest()[0].tolist() == [0, -1, 1]
    field.close(0)
    assert field.nearest()[0].tolist() == [-1, -1, 1]
    assert field.undo(change.edit).points.tolist() == [0, 1]
    assert field.nearest()[1].tolist() == [240.0, 140.0, 40.0]


def test_speed__changes_legs_and_direct_ways_on_its_segment():
    """Half speed on the first segment from 0 to 100: from 50 to 80 takes 60 s, to 180 100 + 80 s."""
    field = line_field(TWO_WAY, [50], [80, 180])
    field.speed([0], 0.5)
    assert [column.tolist() for column in field.nearest()[:3]] == [[0], [60.0], [30.0]]
    field.close(0)
    assert [column.tolist() for column in field.nearest()[:3]] == [[1], [180.0], [130.0]]


def test_speed__in_one_sense_leaves_the_other():
    field = line_field(TWO_WAY, [20], [80])
    assert field.speed([0], 0.5, sense="back").points.tolist() == []
    assert field.speed([0], 0.5, sense="forth").points.tolist() == [0]
    assert field.nearest()[1].tolist() == [120.0]


def test_shut__all_roads_at_a_junction_cuts_off_even_who_stands_there_with_the_facility():
    field = line_field(TWO_WAY, [0, 100], [0, 100])
    assert field.nearest()[1].tolist() == [0.0, 0.0]
    assert field.shut([0]).points.tolist() == [0]
    assert field.nearest()[0].tolist() == [-1, 1]
    assert field.shut([1]).points.tolist() == [1]
    assert field.nearest()[0].tolist() == [-1, -1]


def test_ties__go_to_the_lower_position_whatever_the_order_of_opening():
    field = line_field(TWO_WAY, [150], [50, 250], is_open=np.array([False, True]))
    assert field.nearest()[0].tolist() == [1]
    assert field.open(0).points.tolist() == [0]
    assert field.nearest()[0].tolist() == [0]


def test_undo__in_any_order_applies_what_is_left():
    """Half speed twice is a quarter; undoing the first leaves a half, whatever floats make of it."""
    field = line_field(TWO_WAY, [0], [90])
    first, second = field.speed([0], 0.3), field.speed([0], 0.7)
    assert field.nearest()[1].tolist() == [round(90 / 0.3 / 0.7, 6)]
    field.undo(first.edit)
    assert field.nearest()[1].tolist() == [round(90 / 0.7, 6)]
    field.undo(second.edit)
    assert field.nearest()[1].tolist() == [90.0]
    assert field.edits == ()


def test_move__tells_points_whose_access_walk_alone_changed():
    """By length the metres stay 50; the walk at the facility is 5 m in place of 0."""
    network = network_of([(0, 0), (100, 0)], [(0, 1, 100, 100, BOTH)])
    roads = ModeRoads.build(network, "car", Access(limit_m=20.0, speed_mps=1.0))
    at = roads.attach(np.array([60.0, 60.0]), np.array([0.0, 5.0]))
    point = roads.attach(np.array([10.0]), np.array([0.0]))
    field = Field(roads, point, at.take(np.array([0])), np.array([3], np.int32), metric="length")
    assert field.move(3, at.take(np.array([1]))).points.tolist() == [0]
    assert [column.tolist() for column in field.nearest()] == [[3], [55.0], [50.0], [5.0]]


def bridged(network, *, at=(0, 3), seconds=10.0):
    """Build a straight road between two vertices."""
    return replace(
        network, tail=np.append(network.tail, np.int32(at[0])), head=np.append(network.head, np.int32(at[1])),
        metres=np.append(network.metres, 300.0), way=np.append(network.way, network.way[0]),
        name=np.append(network.name, network.name[0]),
        seconds={mode: np.append(arcs, [seconds, seconds]) for mode, arcs in network.seconds.items()},
    )  # fmt: skip


def split(network, *, segment, part, to, seconds=10.0):
    """Split a segment by a new vertex, from which a new road leads on: who hangs on it has to hang anew."""
    s, new = segment, network.n_vertices
    x_m, y_m = (
        (1 - part) * axis[network.tail[s]] + part * axis[network.head[s]] for axis in (network.x_m, network.y_m)
    )
    head, metres = network.head.copy(), network.metres.copy()
    head[s], metres[s] = new, metres[s] * part
    cut = {mode: arcs.copy() for mode, arcs in network.seconds.items()}
    for arcs in cut.values():
        arcs[2 * s : 2 * s + 2] *= part
    rest = {mode: arcs[2 * s : 2 * s + 2] * (1 - part) for mode, arcs in network.seconds.items()}
    return replace(
        network, x_m=np.append(network.x_m, x_m), y_m=np.append(network.y_m, y_m),
        border=np.append(network.border, False),
        tail=np.append(network.tail, np.array([new, new], np.int32)),
        head=np.append(head, np.array([network.head[s], to], np.int32)),
        metres=np.append(metres, [network.metres[s] * (1 - part), 120.0]),
        way=np.append(network.way, network.way[[s, s]]), name=np.append(network.name, network.name[[s, s]]),
        seconds={mode: np.concatenate([cut[mode], rest[mode], [seconds, seconds]]) for mode in cut},
    )  # fmt: skip


def road_session(seed, side=5):
    rng = np.random.default_rng(seed)
    network = random_network(seed, side)
    network = replace(network, seconds={"car": network.seconds["car"]})
    roads = ModeRoads.build(network, "car", ACCESS)
    xy = [rng.uniform(0, 500, n) for n in (40, 40, 6, 6)]
    demand, sites = roads.attach(xy[0], xy[1]), roads.attach(xy[2], xy[3])
    field = Field(roads, demand, sites, np.arange(6, dtype=np.int32), places=Places(*xy))
    return rng, network, xy, field


@pytest.mark.parametrize("seed", range(6))
def test_add_road__stacks_with_other_edits_and_is_undone_in_any_order(seed):
    build_and_undo(seed, 14)


def build_and_undo(seed, steps, side=5):
    """Edit at random, new roads among it, and check every step."""
    rng, network, xy, field = road_session(seed, side)
    edits = {}
    before = field.nearest()
    for step in range(steps):
        what = ["road", "split", "speed", "shut", "new", "undo", "open", "undo"][rng.integers(8)] if step else "road"
        made = [number for number, e in edits.items() for _ in range(e[2] if e[0] == "road" else 0)]
        if what in ("road", "split"):
            ends = tuple(rng.choice(network.n_vertices, 2, replace=False).tolist())
            build = partial(bridged, at=ends, seconds=float(rng.integers(1, 40)))
            if what == "split":
                build = partial(split, segment=int(rng.integers(network.n_segments)), part=rng.random(), to=ends[0])
            edit = ("road", build, 1 if what == "road" else 2)
            change = field.add_road(edit[1])
        elif what in ("speed", "shut", "new"):
            segment = network.n_segments + len(made) - 1 if what == "new" else int(rng.integers(network.n_segments))
            home = None
            if segment >= network.n_segments:
                home = made[segment - network.n_segments]
                segment -= network.n_segments + made.index(home)
            factor = 0.0 if what == "shut" else 0.4
            edit = ("arcs", home, segment, factor)
            at = segment if home is None else segment + network.n_segments + made.index(home)
            change = field.shut([at]) if what == "shut" else field.speed([at], factor)
        elif what == "open":
            x, y = rng.uniform(0, 500, 2)
            edit = ("site", 100 + step, (x, y))
            change = field.open(edit[1], field.roads.attach(np.array([x]), np.array([y])), xy=(x, y))
        elif edits:
            number = int(rng.choice(list(edits)))
            change = field.undo(number)
            del edits[number]
            edit = None
        else:
            continue
        if edit:
            edits[change.edit] = edit
        got = field.nearest()
        for a, b in zip(got, afresh(network, xy, edits), strict=True):
            np.testing.assert_array_equal(a, b)
        differs = np.logical_or.reduce([a != b for a, b in zip(before, got, strict=True)])
        np.testing.assert_array_equal(change.points, np.flatnonzero(differs))
        before = got


def afresh(network, xy, edits):
    """Carry the edits out one after another; points hang on the roads as they were when the last road was built."""
    hung, at = network, {}
    for number, (kind, *rest) in edits.items():
        if kind == "road":
            at[number] = network.n_segments
            network = hung = rest[0](network)
        elif kind == "arcs" and (rest[0] is None or rest[0] in at):
            segment = rest[1] if rest[0] is None else at[rest[0]] + rest[1]
            seconds = network.seconds["car"].copy()
            arcs = slice(2 * segment, 2 * segment + 2)
            seconds[arcs] = seconds[arcs] / rest[2] if rest[2] else np.inf
            network = replace(network, seconds={"car": seconds})
    base = ModeRoads.build(hung, "car", ACCESS)
    new = {e[1]: e[2] for e in edits.values() if e[0] == "site"}
    x = np.append(xy[2], [place[0] for place in new.values()])
    y = np.append(xy[3], [place[1] for place in new.values()])
    points, sites = base.attach(xy[0], xy[1]).anchors, base.attach(x, y).anchors
    roads = ModeRoads.build(network, "car", ACCESS)
    return nearest(
        roads, roads.hang(rehung(network, "car", points)), roads.hang(rehung(network, "car", sites)),
        np.array([*range(6), *new], np.int32),
    ).nearest()  # fmt: skip


def test_network__holds_every_edit_that_is_left():
    _, network, _, field = road_session(1)
    field.speed([2, 5], 0.5)
    shut = field.shut([5], sense="back")
    wanted = network.seconds["car"].copy()
    wanted[[4, 5, 10, 11]] /= 0.5
    np.testing.assert_array_equal(np.delete(field.network.seconds["car"], 11), np.delete(wanted, 11))
    assert field.network.seconds["car"][11] == np.inf
    field.undo(shut.edit)
    np.testing.assert_array_equal(field.network.seconds["car"], wanted)
    positions, at = field.open_facilities()
    assert positions.tolist() == [0, 1, 2, 3, 4, 5]
    assert at.n_points == 6


def test_times__are_the_same_as_nearest():
    session = Session(3)
    times = session.field.times()
    for a, b in zip(times.nearest(), session.field.nearest(), strict=True):
        np.testing.assert_array_equal(a, b)
    rows = np.array([7, 3], np.int32)
    for a, b in zip(session.field.nearest(rows), session.field.nearest(), strict=True):
        np.testing.assert_array_equal(a, b[rows])


@pytest.mark.parametrize("direction", ["to_facility", "from_facility"])
@pytest.mark.parametrize("metric", ["time", "length"])
def test_variants__equal_a_full_search_over_each_of_them(metric, direction):
    session = Session(8, n_sites=20, metric=metric, direction=direction)
    roads, rng = session.roads, session.rng
    demand, sites = roads.hang(session.points), roads.hang(session.sites)
    order = np.argsort(session.positions)
    variants = Variants(roads, demand, sites.take(order[:12]), session.positions[order[:12]], **session.options)
    base = nearest(roads, demand, sites.take(order[:12]), session.positions[order[:12]], **session.options).nearest()
    for step in range(8):
        rows = np.sort(rng.choice(20, rng.integers(0, 20), replace=False)) if step else np.arange(12)
        positions, at = session.positions[order[rows]], sites.take(order[rows])
        slower = session.network.seconds["car"].copy()
        slower[rng.integers(0, len(slower), step)] *= 2
        after = replace(session.network, seconds={"car": slower})
        arcs, seconds = other_seconds(session.network, after, "car")
        answer = variants.nearest(at, positions, arcs, seconds)
        there = ModeRoads.build(after, "car", ACCESS)
        wanted = nearest(
            there, there.hang(session.points), there.hang(at.anchors), positions, **session.options
        ).nearest()  # fmt: skip
        for got, expected in zip(answer[1:], wanted, strict=True):
            np.testing.assert_array_equal(got, expected)
        differs = np.logical_or.reduce([a != b for a, b in zip(answer[1:], base, strict=True)])
        assert set(np.flatnonzero(differs)) <= set(answer.points.tolist())


def test_other_seconds__gives_none_when_more_than_speed_differs():
    network = random_network(3, 4)
    assert [len(column) for column in other_seconds(network, network, "car")] == [0, 0]
    shut = network.seconds["car"].copy()
    shut[np.flatnonzero(np.isfinite(shut))[0]] = np.inf
    assert other_seconds(network, replace(network, seconds={"car": shut}), "car") is None
    assert other_seconds(network, replace(network, metres=network.metres + 1), "car") is None
    assert other_seconds(network, network, "tram") is None
    twice = replace(network, seconds={mode: arcs * 2 for mode, arcs in network.seconds.items()})
    arcs, seconds = other_seconds(network, twice, "car")
    np.testing.assert_array_equal(seconds, 2 * network.seconds["car"][arcs])


def test_undo__of_a_dragged_facility_leaves_nothing_behind():
    session = Session(4)
    field, at = session.field, session.place()[0]
    position = int(field.open_facilities()[0][0])
    for _ in range(50):
        field.undo(field.move(position, at).edit)
    assert len(field._spots) == len(session.positions) + 1


def test_field__refuses_what_cannot_be():
    field = line_field(TWO_WAY, [0], [90])
    edits = [
        lambda: field.open(0), lambda: field.close(1), lambda: field.open(7), lambda: field.undo(0),
        lambda: field.speed([0], 0.0), lambda: field.speed([0], np.inf), lambda: field.shut([]),
        lambda: field.shut([3]), lambda: field.shut([0], sense="up"), lambda: field.add_road(bridged),
        lambda: field.open(-1), lambda: line_field(TWO_WAY, [0], [90], is_open=np.array([True, True])),
        lambda: Field(field.roads, field.demand, field.demand, np.array([-1], np.int32)),
        lambda: field.open(4, line_field(TWO_WAY, [0, 1], [90]).demand),
        lambda: field.reweigh({}), lambda: field.reweigh({6: 1.0}), lambda: field.reweigh({0: -1.0}),
        lambda: field.reweigh({0: np.nan}), lambda: field.open_only([0], line_field(TWO_WAY, [0, 1], [90]).demand),
        lambda: field.open_only([0, 0], line_field(TWO_WAY, [0, 1], [90]).demand),
    ]  # fmt: skip
    for edit in edits:
        with pytest.raises(InputError):
            edit()
    assert field.edits == ()
    assert field.nearest()[1].tolist() == [90.0]


def test_add_road__changes_nothing_when_it_fails():
    _, _, _, field = road_session(2)
    before = field.nearest()

    def impossible(network):
        raise InputError("no such place")

    with pytest.raises(InputError):
        field.add_road(impossible)
    assert field.edits == ()
    field.speed([0], 0.5)
    field.undo(field.edits[0])
    for a, b in zip(before, field.nearest(), strict=True):
        np.testing.assert_array_equal(a, b)
