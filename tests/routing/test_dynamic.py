"""Fields under edits against a full search over the changed world, after every step, to the last bit."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from lifezone.model import Access, Anchors
from lifezone.routing import ModeRoads, nearest
from lifezone.routing.dynamic import Field
from tests.routing.networks import random_network

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
        return {p: where[p] for p in sorted(where) if is_open.get(p)}

    def roads(self):
        seconds = self.network.seconds[self.mode].copy()
        for kind, *rest in self.edits.values():
            if kind == "arcs":
                arcs, factor = rest
                seconds[arcs] = seconds[arcs] / factor if factor else np.inf
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
        known = sorted({*model.sites, *(e[1] for e in model.edits.values() if e[0] == "open" and e[2])})
        closed = [p for p in known if p not in opened]
        what = rng.choice(["open", "open at", "close", "move", "arcs", "arcs", "undo", "undo"])
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
        elif what == "undo" and model.edits:
            number = int(rng.choice(list(model.edits)))
            change = field.undo(number)
            del model.edits[number]
            return self.check(change)
        else:
            edit, change = self.edit_arcs()
        model.edits[change.edit] = edit
        return self.check(change)

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


@pytest.mark.parametrize("direction", ["to_facility", "from_facility"])
@pytest.mark.parametrize("metric", ["time", "length"])
@pytest.mark.parametrize("seed", range(6))
def test_field__equals_a_full_search_after_any_edit_and_undo(seed, metric, direction):
    session = Session(seed, metric=metric, direction=direction)
    for _ in range(30):
        session.step()
