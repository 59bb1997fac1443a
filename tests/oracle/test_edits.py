"""Edits worked out a second time by hand: roads built, closed and quickened, facilities opened, closed and moved."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
import shapely
from pyproj import Transformer

from lifezone.assess import Memory, assess
from lifezone.run import variants_of
from tests.oracle.studies import built
from tests.oracle.twin import Twin, arcs_of, lines_of

SCENARIOS = Path(__file__).parents[2] / "scenarios"
TOLERANCE = 2e-6


def at(world, lon, lat):
    return Transformer.from_crs("EPSG:4326", world.crs, always_xy=True).transform(lon, lat)


def edits_of(study, name):
    """What a variant says, so that a study may be moved without these tests."""
    return next(variant for variant in study.scenario.spec.variants if variant.name == name).edits


def compare(study, name, by_hand, kinds):
    """Judge lifezone's edited world, and our own edited world by our own graph."""
    edited = {one.name: one.world for one in variants_of(study)}[name]
    rules = tuple(r for r in study.standard.requirements if set(r.kinds) & set(kinds) and r.bound is not None)
    assert rules
    got = assess(edited, replace(study.standard, requirements=rules, desert=None), memory=Memory())
    twins = {mode: Twin(by_hand, mode) for mode in by_hand.network.modes}
    before = assess(study.world, replace(study.standard, requirements=rules, desert=None))
    moved = 0
    for rule in rules:
        wanted, found = twins[rule.mode].trip_of(rule), got.verdicts[rule.id]
        np.testing.assert_allclose(found.seconds, wanted.seconds, atol=TOLERANCE, rtol=0, err_msg=rule.id)
        np.testing.assert_allclose(found.metres, wanted.metres, atol=TOLERANCE, rtol=0, err_msg=rule.id)
        with np.errstate(invalid="ignore"):
            moved += int((np.abs(before.verdicts[rule.id].seconds - found.seconds) > 1).sum())
    assert moved > 20


@pytest.fixture(scope="module")
def bridges():
    return built(SCENARIOS / "new-bridge.yaml")


def closed(network, chosen):
    shut = np.repeat(chosen, 2)
    return replace(network, seconds={mode: np.where(shut, np.inf, s) for mode, s in network.seconds.items()})


def test_closed_bridge__is_the_graph_without_it(bridges):
    world = bridges.world
    lines = lines_of(world.network, np.arange(world.network.n_segments))
    close = edits_of(bridges, "main-bridge-closed")[0].road.close
    near = shapely.distance(lines, shapely.Point(at(world, *close.near))) <= close.within
    assert near.any()
    by_hand = replace(world, network=closed(world.network, near))
    compare(bridges, "main-bridge-closed", by_hand, ["elementary_school", "clinic", "culture"])


def test_faster_roads__are_the_graph_with_shorter_times(bridges):
    world = bridges.world
    mine = np.repeat(world.network.way == world.network.ways.index("secondary"), 2)
    factor = edits_of(bridges, "faster-local-roads")[0].road.speed.factor
    car = np.where(mine, world.network.seconds["car"] / factor, world.network.seconds["car"])
    by_hand = replace(world, network=replace(world.network, seconds={**world.network.seconds, "car": car}))
    compare(bridges, "faster-local-roads", by_hand, ["elementary_school", "culture"])


def joined(network, x, y, mode="car"):
    """Return the network with a vertex where a new road's end joins it: a junction within 30 m, else a split road."""
    tail, head, segment, _ = arcs_of(network, mode)
    ways = {}
    for a, b in zip(tail.tolist(), head.tolist(), strict=True):
        ways.setdefault(a, set()).add(b)
        ways.setdefault(b, set()).add(a)
    junction = np.array([v for v, beside in ways.items() if len(beside) != 2])
    gap = np.hypot(network.x_m[junction] - x, network.y_m[junction] - y)
    if gap.min() <= 30.0:
        return network, int(junction[gap.argmin()]), False
    usable = np.unique(segment)
    lines = lines_of(network, usable)
    distance = shapely.distance(lines, shapely.Point(x, y))
    s, line = int(usable[distance.argmin()]), lines[distance.argmin()]
    foot = line.interpolate(line.project(shapely.Point(x, y)))
    part = line.project(shapely.Point(x, y)) / line.length
    assert 1e-6 < part < 1 - 1e-6
    middle = network.n_vertices
    grown = replace(
        network,
        x_m=np.append(network.x_m, foot.x),
        y_m=np.append(network.y_m, foot.y),
        border=np.append(network.border, False),
        beyond=None if network.beyond is None else np.append(network.beyond, False),
    )
    first, second = added(grown, network.tail[s], middle, s, part), (middle, network.head[s], 1 - part)
    grown = added(first, second[0], second[1], s, second[2])
    keep = np.arange(grown.n_segments) != s
    return without(grown, keep), middle, distance.min() > 1.0


def added(network, a, b, like, share):
    """Append a segment from a to b that is a share of the segment ``like``."""
    return replace(
        network,
        tail=np.append(network.tail, np.int32(a)),
        head=np.append(network.head, np.int32(b)),
        metres=np.append(network.metres, network.metres[like] * share),
        seconds={m: np.append(s, s[2 * like : 2 * like + 2] * share) for m, s in network.seconds.items()},
        way=np.append(network.way, network.way[like]),
        name=np.append(network.name, network.name[like]),
    )


def without(network, keep):
    return replace(
        network,
        **{column: getattr(network, column)[keep] for column in ("tail", "head", "metres", "way", "name")},
        seconds={mode: seconds[np.repeat(keep, 2)] for mode, seconds in network.seconds.items()},
    )


def test_new_bridge__is_the_graph_with_it(bridges):
    world = bridges.world
    network = world.network
    same = network.way == network.ways.index("secondary")
    quickest = network.seconds["car"].reshape(-1, 2).min(axis=1)
    car_mps = np.median((network.metres / quickest)[same & np.isfinite(quickest)])
    new = edits_of(bridges, "new-bridge-in-the-south")[0].road.add
    assert (new.way, new.speed, new.oneway) == ("secondary", None, False)
    places = [at(world, *new.start), at(world, *new.end)]
    run = []
    for end, place in enumerate(places):
        network, vertex, leads_on = joined(network, *place)
        if leads_on:
            network = replace(
                network,
                x_m=np.append(network.x_m, place[0]),
                y_m=np.append(network.y_m, place[1]),
                border=np.append(network.border, False),
                beyond=None if network.beyond is None else np.append(network.beyond, False),
            )
        pair = [vertex, network.n_vertices - 1] if leads_on else [vertex]
        run += pair if end == 0 else pair[::-1]
    for a, b in pairwise(run):
        metres = float(np.hypot(network.x_m[a] - network.x_m[b], network.y_m[a] - network.y_m[b]))
        seconds = {"car": metres / car_mps, "walk": metres / (3 / 3.6)}
        network = replace(
            network,
            tail=np.append(network.tail, np.int32(a)),
            head=np.append(network.head, np.int32(b)),
            metres=np.append(network.metres, metres),
            seconds={mode: np.append(s, [seconds[mode]] * 2) for mode, s in network.seconds.items()},
            way=np.append(network.way, network.way[0]),
            name=np.append(network.name, network.name[0]),
        )
    compare(bridges, "new-bridge-in-the-south", replace(world, network=network), ["elementary_school", "retail"])


def with_supply(world, **columns):
    return replace(world, facilities=replace(world.facilities, **columns))


def test_closed_schools__are_the_graph_without_them():
    study = built(SCENARIOS / "school-closure.yaml")
    ids = edits_of(study, "arae-and-hoban-closed")[0].close.ids
    gone = np.isin(study.world.facilities.ids.astype(str), ids)
    assert gone.sum() == 2
    by_hand = with_supply(study.world, open=study.world.facilities.open & ~gone)
    compare(study, "arae-and-hoban-closed", by_hand, ["elementary_school"])


def test_moved_library__is_the_graph_with_it_there():
    study = built(SCENARIOS / "library-moved.yaml")
    supply = study.world.facilities
    move = edits_of(study, "moved-across-the-river")[0].move
    here = supply.ids.astype(str) == move.id
    x, y = at(study.world, *move.to)
    by_hand = with_supply(study.world, x_m=np.where(here, x, supply.x_m), y_m=np.where(here, y, supply.y_m))
    compare(study, "moved-across-the-river", by_hand, ["public_library"])


def test_opened_candidate_and_new_clinic__are_the_graph_with_them():
    study = built(SCENARIOS / "clinic-in-the-east.yaml")
    supply = study.world.facilities
    again = supply.ids.astype(str) == edits_of(study, "reopened-in-saetbyeol")[0].open.id
    assert not supply.open[again].any()
    compare(study, "reopened-in-saetbyeol", with_supply(study.world, open=supply.open | again), ["clinic"])
    x, y = at(study.world, *edits_of(study, "new-in-noeul")[0].open.at)
    columns = {"ids": "new", "x_m": x, "y_m": y, "kind": supply.kinds.index("clinic"), "name": "", "capacity": 1.0}
    columns |= {"cost": 1.0, "open": True, "hours": ""}
    more = {
        key: np.concatenate([getattr(supply, key), np.array([value], getattr(supply, key).dtype)])
        for key, value in columns.items()
    }
    compare(study, "new-in-noeul", with_supply(study.world, **more), ["clinic"])
