"""The border certificate (D6): a study clipped smaller against the same study on the whole country.

Certified times must be those of the whole; the others must be 'at most'. Points must hang where they do on the whole
roads, and no speed may hang on where the clip runs.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from lifezone.assess import Memory, assess, attach_demand, attach_facilities
from tests.oracle.studies import andorra, every_way

KINDS = ["pharmacy", "parking", "elementary_school", "clinic"]


@pytest.fixture(scope="module")
def country(shared):
    return andorra(shared, area__crs="EPSG:32631").world


@pytest.fixture(scope="module", params=["[1.48, 42.48, 1.56, 42.54], 0 m", "[1.50, 42.50, 1.53, 42.52], 200 m"])
def pair(request, shared, country):
    """The clipped world, and the whole country with the people of the clipped one."""
    box, _, buffer = request.param.rpartition(", ")
    clipped = andorra(shared, area__crs="EPSG:32631", area__bbox=box, area__buffer=buffer, demand__spacing="60 m").world
    assert clipped.network.n_segments < 0.5 * country.network.n_segments
    clipped = replace(clipped, demand=replace(clipped.demand, cell_m=0.0))
    return clipped, replace(country, demand=clipped.demand)


@pytest.mark.shared
def test_border__certified_times_are_exact_and_the_others_at_most(pair):
    clipped, whole = pair
    standard = every_way(KINDS)
    here, there = assess(clipped, standard), assess(whole, standard)
    certified = at_most = 0
    for key, got in here.verdicts.items():
        wanted = there.verdicts[key]
        a, b = (got.seconds, wanted.seconds) if "time" in key else (got.metres, wanted.metres)
        sure = got.certified
        np.testing.assert_allclose(a[sure], b[sure], atol=2e-6, rtol=0, err_msg=key)
        assert (a[~sure] >= b[~sure] - 2e-6).all(), key
        certified += int(sure.sum())
        at_most += int((a[~sure] > b[~sure] + 1).sum())
    assert certified > 500
    assert at_most > 50  # the clip does cost some of them a nearer facility


@pytest.mark.shared
def test_border__a_clip_moves_no_anchor_and_no_speed(pair):
    clipped, whole = pair
    ids = {str(one): at for at, one in enumerate(whole.facilities.ids)}
    same = np.array([ids[str(one)] for one in clipped.facilities.ids], np.int32)
    for mode in ("car", "walk"):
        seen = [Memory(), Memory()]
        points = [attach_demand(world, mode, memory) for world, memory in zip(pair, seen, strict=True)]
        supply = [
            attach_facilities(clipped, np.arange(len(same), dtype=np.int32), mode, seen[0]),
            attach_facilities(whole, same, mode, seen[1]),
        ]
        inner = ~clipped.network.beyond
        for ours, theirs in (points, supply):
            near = ours.anchors.segment >= 0
            near[near] = inner[clipped.network.tail[ours.anchors.segment[near]]]
            assert near.any()
            np.testing.assert_allclose(ours.gap_m[near], theirs.gap_m[near], atol=1e-6)
        speeds = [speed_by_place(world.network, mode) for world in pair]
        assert all(speeds[1][place] == value for place, value in speeds[0].items())


def speed_by_place(network, mode):
    """Return rounded ends of a segment → rounded seconds both ways; of segments at one place the last."""
    xy = np.round(np.column_stack([network.x_m, network.y_m]), 1)
    ends = np.column_stack([xy[network.tail], xy[network.head]])
    seconds = np.round(network.seconds[mode].reshape(-1, 2), 6)
    return dict(zip(map(tuple, ends.tolist()), map(tuple, seconds.tolist()), strict=True))


@pytest.mark.shared
def test_border__is_told_where_the_whole_country_was_cut(country):
    verdict = assess(country, every_way(["clinic"], modes=("walk",))).verdicts["clinic_walk_time_to"]
    assert 0 < (~verdict.certified).sum() < 0.5 * len(verdict.certified)
