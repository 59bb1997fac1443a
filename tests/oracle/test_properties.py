"""What must hold whatever the numbers are: more supply never harms, and nothing hangs on how the work is done."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from lifezone.assess import Memory, assess, attach_demand, attach_facilities, roads_of
from lifezone.model import Facilities, Standard
from lifezone.routing import build_graph, linked_pairs, within
from lifezone.sources.graphs import kept_graph
from tests.oracle.studies import DEMO, built, every_way, porto_alegre

OTHER_WAY = {"to_facility": "from_facility", "from_facility": "to_facility"}


@pytest.fixture(scope="module")
def demo():
    return built(DEMO)


@pytest.fixture(scope="module")
def before(demo):
    return assess(demo.world, demo.standard)


def kept(world, mode):
    return kept_graph(world.network, mode)


def same(a, b, columns=("seconds", "metres", "access_m", "facility", "reason", "certified", "uncertain")):
    assert list(a.verdicts) == list(b.verdicts)
    for key, verdict in a.verdicts.items():
        for column in columns:
            np.testing.assert_array_equal(getattr(verdict, column), getattr(b.verdicts[key], column), err_msg=key)


@pytest.mark.parametrize("seed", range(3))
def test_one_more_facility__harms_nobody(demo, before, seed):
    world, rng = demo.world, np.random.default_rng(seed)
    kind, p = rng.integers(len(world.facilities.kinds)), rng.integers(world.demand.n_points)
    text = np.array(["one-more"], object)
    none = np.array([np.nan])
    more = Facilities(
        ids=text, x_m=world.demand.x_m[[p]] + 20, y_m=world.demand.y_m[[p]], kind=np.zeros(1, np.int32),
        kinds=(world.facilities.kinds[kind],), name=text, capacity=none, cost=none, open=np.ones(1, bool), hours=text,
    )  # fmt: skip
    after = assess(replace(world, facilities=world.facilities.append(more)), demo.standard)
    for key, verdict in after.verdicts.items():
        old = before.verdicts[key]
        rule = next(r for r in demo.standard.requirements if r.id == key)
        value = "seconds" if rule.metric == "time" else "metres"
        assert (getattr(verdict, value) <= getattr(old, value)).all(), key
        assert not ((old.reason == 1) & (verdict.reason != 1)).any(), key
    assert not ((after.desert >= 0) & (before.desert < 0)).any()
    assert (after.deficits <= before.deficits).all()


def test_reversed_search__is_the_forward_one_on_reversed_roads(demo):
    world = demo.world
    standard = every_way(["clinic", "retail"])
    back = {mode: seconds.reshape(-1, 2)[:, ::-1].ravel().copy() for mode, seconds in world.network.seconds.items()}
    turned = replace(world, network=replace(world.network, seconds=back))
    mirrored = tuple(replace(rule, direction=OTHER_WAY[rule.direction]) for rule in standard.requirements)
    same(assess(world, standard), assess(turned, Standard("mirror", mirrored)))


def test_contraction__changes_nothing(demo, before):
    def uncontracted(world, mode):
        return build_graph(world.network, mode, keep=np.ones(world.network.n_vertices, np.bool_))

    memory = Memory(graph_of=uncontracted)
    whole = assess(demo.world, demo.standard, memory=memory)
    assert roads_of(demo.world, "walk", memory).graph.n_nodes > 1.5 * build_graph(demo.world.network, "walk").n_nodes
    same(before, whole)
    np.testing.assert_array_equal(before.desert, whole.desert)


@pytest.mark.shared
def test_cache__changes_nothing(shared, tmp_path, monkeypatch):
    monkeypatch.setenv("LIFEZONE_CACHE", str(tmp_path))
    cold = porto_alegre(shared)
    first = assess(cold.world, cold.standard, memory=Memory(graph_of=kept))
    assert len(list(tmp_path.rglob("entry.json"))) == 3  # roads, and a graph for each mode
    warm = porto_alegre(shared)
    same(first, assess(warm.world, warm.standard, memory=Memory(graph_of=kept)))
    same(first, assess(warm.world, warm.standard))


def test_row_order__changes_nothing(demo, before):
    world, rng = demo.world, np.random.default_rng(5)
    rows, places = rng.permutation(world.demand.n_points), rng.permutation(world.facilities.n_facilities)
    supply = world.facilities
    columns = ("ids", "x_m", "y_m", "kind", "name", "capacity", "cost", "open", "hours")
    shuffled = replace(
        world,
        demand=world.demand.take(rows),
        facilities=replace(supply, **{column: getattr(supply, column)[places] for column in columns}),
    )
    after = assess(shuffled, demo.standard)
    for key, verdict in after.verdicts.items():
        old = before.verdicts[key]
        for column in ("seconds", "metres", "reason", "certified", "uncertain"):
            np.testing.assert_array_equal(getattr(verdict, column), getattr(old, column)[rows], err_msg=key)
        ids, old_ids = shuffled.facilities.ids[verdict.facility], supply.ids[old.facility[rows]]
        assert (ids == old_ids).mean() > 0.99, key  # two at one place: the one listed first
    was, now = before.desert[rows], after.desert
    assert len({*zip(was.tolist(), now.tolist(), strict=True)}) == len(set(was.tolist())) == len(set(now.tolist()))
    people = [sorted(desert.people[0] for desert in one.deserts) for one in (before, after)]
    assert people[0] == people[1]


def test_threads__change_nothing(demo):
    world, memory = demo.world, Memory()
    positions = world.facilities.open_of(["clinic", "retail", "daycare"])
    for mode, metric, reach in (("car", "time", 900.0), ("walk", "length", 2000.0)):
        roads, people = roads_of(world, mode, memory), attach_demand(world, mode, memory)
        supply = attach_facilities(world, positions, mode, memory)
        one, many = (within(roads, people, supply, positions, reach, metric=metric, threads=t) for t in (1, 5))
        for column in ("first", "facility", "seconds", "metres", "access_m"):
            np.testing.assert_array_equal(getattr(one, column), getattr(many, column))
        some = people.take(np.arange(0, people.n_points, 9))
        pairs = [linked_pairs(roads, some, 800.0, threads=t) for t in (1, 5)]
        np.testing.assert_array_equal(pairs[0], pairs[1])
