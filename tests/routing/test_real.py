"""A real Korean network: thousands of pairs against scipy on the raw graph."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pytest
from scipy.sparse.csgraph import dijkstra

from lifezone.model import Access, Anchors, Network
from lifezone.routing import ModeRoads, nearest, trip, within
from tests.routing.networks import as_matrix, split_arcs


@pytest.fixture(scope="module")
def doan(shared):
    """Daejeon Doan as directed links, bends and all, in metres."""
    links = gpd.read_file(shared / "daejeon" / "doan_links.gpkg").to_crs("EPSG:5179")
    place, tail, head, metres, seconds = {}, [], [], [], []
    for link, line in zip(links.itertuples(), links.geometry, strict=True):
        xy = np.vstack([np.asarray(part.coords)[:, :2] for part in getattr(line, "geoms", [line])])
        names = [link.F_NODE, *((link.LINK_ID, i) for i in range(1, len(xy) - 1)), link.T_NODE]
        at = [place.setdefault(name, (len(place), *p))[0] for name, p in zip(names, xy.tolist(), strict=True)]
        step = np.hypot(*np.diff(xy, axis=0).T)
        step *= float(link.LENGTH) / max(step.sum(), 1e-9)
        tail += at[:-1]
        head += at[1:]
        metres += step.tolist()
        seconds += (step / (float(link.MAX_SPD) / 3.6)).tolist()
    xy, n = np.array(list(place.values()))[:, 1:], len(tail)
    car = np.full(2 * n, np.inf)
    car[0::2] = seconds
    return Network(
        x_m=xy[:, 0].copy(), y_m=xy[:, 1].copy(), border=np.zeros(len(xy), np.bool_), tail=np.array(tail, np.int32),
        head=np.array(head, np.int32), metres=np.array(metres), seconds={"car": car}, way=np.zeros(n, np.int16),
        ways=("road",), name=np.zeros(n, np.int32), names=("",), crs="EPSG:5179",
    )  # fmt: skip


@pytest.mark.shared
@pytest.mark.parametrize("metric", ["time", "length"])
def test_doan__agrees_with_scipy_for_thousands_of_pairs(doan, metric):
    roads = ModeRoads.build(doan, "car", Access(300.0, 3 / 3.6, 180.0))
    rng = np.random.default_rng(7)
    at = rng.integers(0, doan.n_vertices, 240)
    every = roads.attach(doan.x_m[at] + rng.normal(0, 60, 240), doan.y_m[at] + rng.normal(0, 60, 240))
    people, supply = every.take(np.arange(200)), every.take(np.arange(200, 240))
    tail, head, seconds, metres, vertex, n = split_arcs(doan, "car", Anchors(
        every.anchors.segment, every.anchors.part, every.anchors.gap_m))  # fmt: skip
    weight = seconds if metric == "time" else metres
    wanted = dijkstra(as_matrix(tail, head, weight, n), indices=vertex[:200])[:, vertex[200:]]
    if metric == "time":
        wanted += people.gap_s[:, None] + supply.gap_s[None, :] + 180.0
    positions = np.arange(40, dtype=np.int32)
    times = within(roads, people, supply, positions, 1e9, metric=metric)
    got = np.full((200, 40), np.inf)
    got[np.repeat(np.arange(200), np.diff(times.first)), times.facility] = (
        times.seconds if metric == "time" else times.metres
    )
    wanted[~np.isfinite(people.gap_s)] = np.inf
    wanted[:, ~np.isfinite(supply.gap_s)] = np.inf
    np.testing.assert_allclose(got, wanted, atol=2e-6)
    assert np.isfinite(got).sum() > 4000
    facility, seconds, metres, _ = nearest(roads, people, supply, positions, metric=metric).nearest()
    np.testing.assert_allclose(seconds if metric == "time" else metres, wanted.min(axis=1), atol=2e-6)
    p = int(np.flatnonzero(facility >= 0)[0])
    one = trip(roads, people, p, supply, int(facility[p]), metric=metric)
    assert (one.seconds, one.metres) == (seconds[p], metres[p])
    share = roads.graph.part_metres[0] / roads.graph.part_metres.sum()
    assert share > 0.9  # 92.5 % of the links are strongly connected
