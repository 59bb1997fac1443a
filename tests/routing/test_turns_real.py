"""Turn restrictions of a real country against the line graph of all its arcs."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import shapely

from lifezone.model import Access
from lifezone.routing import ModeRoads, k_nearest
from lifezone.sources.reading import Reading
from lifezone.sources.roads import OsmFile
from lifezone.sources.turns import TurnsSpec, with_turns
from tests.routing.turning import oracle_table

TOWN = shapely.box(1.495, 42.495, 1.545, 42.52)
"""Andorra la Vella."""


@pytest.fixture(scope="module")
def andorra(shared):
    reading = Reading(shared / "andorra", "EPSG:32631", clip=TOWN)
    roads = OsmFile(path="andorra.osm.pbf").load(reading)
    return with_turns(roads.network, roads.ids, TurnsSpec(), roads.relations, reading)


def test_turns__restrictions_of_andorra_are_those_of_the_line_graph(andorra):
    rng = np.random.default_rng(5)
    x, y = (
        rng.uniform(andorra.x_m.min(), andorra.x_m.max(), 400),
        rng.uniform(andorra.y_m.min(), andorra.y_m.max(), 400),
    )
    roads = ModeRoads.build(andorra, "car", Access(200.0, 1.0))
    everyone = roads.attach(x, y)
    near = np.flatnonzero(everyone.anchors.segment >= 0)
    facilities, demand = everyone.take(near[:12]), everyone.take(near[12:112])
    expected = oracle_table(andorra, "car", demand.anchors, facilities.anchors, "from_facility", "s")
    times = k_nearest(roads, demand, facilities, np.arange(12, dtype=np.int32), 12, direction="from_facility")
    found = np.full(expected.shape, np.inf)
    at = np.repeat(np.arange(100), np.diff(times.first)), times.facility
    found[at] = times.seconds - demand.gap_s[at[0]] - facilities.gap_s[at[1]]
    np.testing.assert_allclose(found, expected, rtol=0, atol=1e-6)  # times are rounded to a microsecond


def test_turns__restrictions_of_andorra_make_some_trips_longer_and_none_shorter(andorra):
    rng = np.random.default_rng(6)
    x, y = (
        rng.uniform(andorra.x_m.min(), andorra.x_m.max(), 600),
        rng.uniform(andorra.y_m.min(), andorra.y_m.max(), 600),
    )
    seconds = []
    for network in (andorra, replace(andorra, turns={})):
        roads = ModeRoads.build(network, "car", Access(200.0, 1.0))
        everyone = roads.attach(x, y)
        near = np.flatnonzero(everyone.anchors.segment >= 0)
        times = k_nearest(roads, everyone.take(near[20:]), everyone.take(near[:20]), np.arange(20, dtype=np.int32), 20)
        table = np.full((len(near) - 20, 20), np.inf)
        table[np.repeat(np.arange(len(near) - 20), np.diff(times.first)), times.facility] = times.seconds
        seconds.append(table)
    ruled, free = seconds
    assert np.all(ruled >= free)
    assert np.any(ruled > free)
    assert len(andorra.turns["car"].seconds) >= 10
