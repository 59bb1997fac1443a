"""Roads of an area: cut at its very edge, closed or slowed inside, as they were outside."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from lifezone.assess import Memory, attach_demand
from lifezone.edits.cut import cut_segments
from lifezone.edits.road_area import cut_at_edge
from lifezone.errors import InputError
from lifezone.routing import ModeRoads, nearest
from tests.edits.worlds import CRS, X0, Y0, change, context, lon_lat, network, world


def flooded(edit, around=None):
    before = world()
    after, told = change(before, {"road": {"area": edit}}, around)
    assert after.facilities is before.facilities
    assert after.demand is before.demand
    assert np.isfinite(before.network.seconds["car"]).all()
    return after.network, told


def test_area__closes_exactly_what_lies_inside() -> None:
    # a circle of 200 m round 900 m: dry to 700 m, closed to 1,100 m over a vertex at 1,000 m, dry on
    roads, told = flooded({"near": lon_lat(900, 0), "within": "200 m", "close": True})
    assert roads.x_m[4:] == pytest.approx(X0 + np.array([700, 1100]), abs=0.1)
    assert list(zip(roads.tail.tolist(), roads.head.tolist(), strict=True)) == [(0, 4), (1, 5), (2, 3), (4, 1), (5, 2)]
    assert roads.metres == pytest.approx([700, 100, 1000, 300, 900], abs=0.1)
    for mode, speed in (("car", 10), ("walk", 1)):
        seconds = roads.seconds[mode].reshape(-1, 2)
        assert np.isinf(seconds).all(axis=1).tolist() == [False, True, False, True, False]
        assert seconds[[0, 2, 4], 0] == pytest.approx(np.array([700, 1000, 900]) / speed, abs=0.2)
    assert roads.way.tolist() == [0, 1, 2, 0, 1]
    assert "closed for car, walk over 0.4 km" in told


def test_area__slows_cars_alone_and_no_ferry() -> None:
    roads, told = flooded({"near": lon_lat(1500, 0), "within": "5 km", "factor": 0.5})
    assert roads.seconds["car"].tolist() == [200, 200, 200, 200, 100, 100]
    assert roads.seconds["walk"].tolist() == [1000] * 6
    assert "speed × 0.5 for car over 2.0 km" in told
    roads, _ = flooded(
        {"near": lon_lat(1500, 0), "within": "5 km", "factor": 0.5, "modes": ["walk"], "ways": ["ferry"]}
    )
    assert roads.seconds["car"].tolist() == [100] * 6
    assert roads.seconds["walk"].tolist() == [1000] * 4 + [2000] * 2


def test_area__a_polygon_in_degrees_and_a_file_give_the_same(tmp_path) -> None:
    corners = [(700, -50), (1100, -50), (1100, 50), (700, 50)]
    written, _ = flooded({"polygon": [lon_lat(*corner) for corner in corners], "close": True})
    box = shapely.Polygon([(X0 + x, Y0 + y) for x, y in corners])
    gpd.GeoDataFrame(geometry=[box], crs=CRS).to_crs("EPSG:5186").to_file(tmp_path / "flood.gpkg")
    around = context(tmp_path)
    read, told = flooded({"path": "flood.gpkg", "close": True}, around)
    assert read.x_m == pytest.approx(written.x_m, abs=0.01)
    assert np.array_equal(np.isinf(read.seconds["car"]), np.isinf(written.seconds["car"]))
    assert "inside flood.gpkg" in told
    assert around.study.inputs[0]["path"] == "flood.gpkg"


@pytest.mark.parametrize(
    ("edit", "message"),
    [
        ({"near": lon_lat(500, 400), "within": "20 m", "close": True}, "no road lies within 20 m of"),
        ({"near": lon_lat(500, 0), "within": "20 m", "close": True, "ways": ["motorway"]}, "no road of the class"),
        ({"near": lon_lat(500, 0), "within": "20 m", "close": True, "ways": ["secondary"]}, "no such road lies"),
        ({"near": lon_lat(500, 0), "within": "20 m", "close": True, "modes": ["sledge"]}, "no times for sledge"),
        (
            {"polygon": [lon_lat(*at) for at in ((0, 0), (100, 100), (100, 0), (0, 100))], "close": True},
            "crosses itself",
        ),
    ],
)
def test_area__that_does_not_fit_says_why(edit, message) -> None:
    with pytest.raises(InputError, match=message):
        change(world(), {"road": {"area": edit}})


def test_area__people_behind_the_flood_are_cut_off_the_others_are_not() -> None:
    after, _ = change(world(), {"road": {"area": {"near": lon_lat(1300, 0), "within": "100 m", "close": True}}})
    memory = Memory()
    roads = ModeRoads.build(after.network, "car", after.access["car"])
    clinic = np.array([0], np.int32)
    times = nearest(
        roads, attach_demand(after, "car", memory),
        roads.attach(after.facilities.x_m[clinic], after.facilities.y_m[clinic]), clinic,
    )  # fmt: skip
    seconds = times.nearest()[1]
    assert seconds[:2] == pytest.approx([0, 80])
    assert np.isinf(seconds[2:]).all()


@given(st.lists(st.floats(0.01, 0.99), min_size=1, max_size=5, unique=True), st.integers(0, 2))
@settings(max_examples=40, deadline=None)
def test_cut__conserves_length_time_and_who_is_who(parts, segment) -> None:
    roads = network()
    cut, owner = cut_segments(roads, {segment: sorted(parts)})
    assert cut.n_segments == 3 + len(parts)
    assert np.bincount(owner, weights=cut.metres) == pytest.approx(roads.metres)
    for mode in roads.modes:
        both = cut.seconds[mode].reshape(-1, 2)
        assert np.bincount(owner, weights=both[:, 0]) == pytest.approx(roads.seconds[mode][0::2])
        assert np.bincount(owner, weights=both[:, 1]) == pytest.approx(roads.seconds[mode][1::2])
    assert cut.metres == pytest.approx(
        np.hypot(cut.x_m[cut.tail] - cut.x_m[cut.head], cut.y_m[cut.tail] - cut.y_m[cut.head])
    )
    assert np.array_equal(cut.way, roads.way[owner])
    assert not cut.beyond[4:].any()


@given(st.floats(-500, 3500), st.floats(10, 1500))
@settings(max_examples=40, deadline=None)
def test_cut_at_edge__what_lies_inside_has_the_length_that_shapely_measures(middle, radius) -> None:
    roads = network()
    shape = shapely.Point(X0 + middle, Y0).buffer(radius)
    cut, inside = cut_at_edge(roads, shape, np.ones(3, np.bool_))
    line = shapely.LineString([(X0, Y0), (X0 + 3000, Y0)])
    assert cut.metres[inside].sum() == pytest.approx(shapely.intersection(line, shape).length, abs=0.05)


def test_ferry__half_the_interval_is_waited_for_once_a_crossing() -> None:
    before = world()
    after, told = change(before, {"road": {"ferry": {"near": lon_lat(2500, 20), "interval": "60 min"}}})
    # the road leads on from the ferry without a junction, so the wait stands where the ferry itself begins
    more = after.network.seconds["car"] - before.network.seconds["car"]
    assert more.tolist() == [0, 0, 0, 0, 1800, 1800]
    assert (after.network.seconds["walk"] - before.network.seconds["walk"]).tolist() == [0, 0, 0, 0, 1800, 1800]
    assert "a departure every 60 min, half of it waited for (+30 min a crossing for car, walk)" in told
    back, _ = change(after, {"road": {"ferry": {"near": lon_lat(2500, 20), "interval": "20 min", "was": "60 min"}}})
    assert (back.network.seconds["car"] - before.network.seconds["car"]).tolist() == [0, 0, 0, 0, 600, 600]


@pytest.mark.parametrize(
    ("edit", "message"),
    [
        ({"near": lon_lat(500, 0), "interval": "60 min"}, "no ferry within 500 m"),
        ({"near": lon_lat(2500, 0), "interval": "10 min", "was": "60 min"}, "do not include so long a wait"),
    ],
)
def test_ferry__that_is_not_there_or_waits_that_are_not_say_why(edit, message) -> None:
    with pytest.raises(InputError, match=message):
        change(world(), {"road": {"ferry": edit}})
