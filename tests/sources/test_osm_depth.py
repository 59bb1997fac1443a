"""Bicycles, barriers, signals, conditional access and ferries by their OpenStreetMap tags."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pytest
import shapely

from lifezone.edits.roads import change_ferry, change_speed
from lifezone.model import Access, Anchors, Network, World
from lifezone.routing import ModeRoads, nearest
from lifezone.routing.speeds import load_rules
from lifezone.sources.osm.tags import way_traits
from lifezone.sources.reading import Reading
from lifezone.sources.roads import OsmFile
from lifezone.sources.turns import with_nodes

RULES = load_rules({"bicycle": "15 km/h"})


def tags_of(text: str) -> dict[str, str]:
    return dict(part.split("=", 1) for part in text.split())


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # forward, backward, pushed
        ("highway=residential", (True, True, False)),
        ("highway=residential oneway=yes", (True, False, False)),
        ("highway=residential oneway=yes oneway:bicycle=no", (True, True, False)),
        ("highway=residential oneway=yes cycleway=opposite_lane", (True, True, False)),
        ("highway=residential oneway=yes cycleway:left=lane cycleway:left:oneway=-1", (True, True, False)),
        ("highway=residential oneway=-1", (False, True, False)),
        ("highway=residential oneway=no oneway:bicycle=yes", (True, False, False)),
        ("highway=residential bicycle:backward=no", (True, False, False)),
        ("highway=primary junction=roundabout", (True, False, False)),
        ("highway=cycleway", (True, True, False)),
        ("highway=cycleway oneway=yes", (True, False, False)),
        ("highway=path", (True, True, False)),
        ("highway=track", (True, True, False)),
        ("highway=service access=private", (False, False, True)),
        ("highway=service access=private bicycle=yes", (True, True, False)),
        ("highway=residential motor_vehicle=no", (True, True, False)),
        ("highway=residential vehicle=no", (True, True, True)),
        ("highway=residential bicycle=dismount", (True, True, True)),
        ("highway=primary bicycle=no foot=yes", (False, False, True)),
        ("highway=footway", (True, True, True)),
        ("highway=footway bicycle=yes", (True, True, False)),
        ("highway=pedestrian", (True, True, True)),
        ("highway=steps", (True, True, True)),
        ("highway=steps bicycle=yes", (True, True, True)),
        ("highway=motorway", (False, False, True)),
        ("highway=trunk motorroad=yes", (False, False, True)),
    ],
)
def test_bicycle__goes_where_tags_let_it(text, expected):
    traits = way_traits(tags_of(text), RULES)
    found = (False, False, True) if traits is None else (*traits.bicycle, traits.pushed)
    assert found == expected


def test_bicycle__is_not_read_unless_asked_for():
    assert way_traits(tags_of("highway=cycleway foot=no"), load_rules()) is None


def test_conditional_access__is_told_not_guessed():
    traits = way_traits(tags_of("highway=residential motor_vehicle:conditional=no@(20:00-06:00)"), RULES)
    assert traits.car == (True, True)
    assert "conditional" in traits.told


STREET = """<osm version="0.6">
<node id="1" lat="36.000" lon="127"/><node id="2" lat="36.001" lon="127">{}</node>
<node id="3" lat="36.002" lon="127"/><node id="4" lat="36.002" lon="127.001"/><node id="5" lat="36.003" lon="127"/>
<way id="1"><nd ref="1"/><nd ref="2"/><nd ref="3"/><tag k="highway" v="residential"/></way>
<way id="2"><nd ref="3"/><nd ref="4"/><tag k="highway" v="residential"/></way>
<way id="3"><nd ref="3"/><nd ref="5"/><tag k="highway" v="residential"/></way></osm>"""


def street(folder: Path, tags: str, **speeds: object) -> Network:
    written = "".join(f'<tag k="{key}" v="{value}"/>' for key, value in tags_of(tags).items())
    (folder / "s.osm").write_text(STREET.format(written), encoding="utf-8")
    settings = {"bicycle": "15 km/h", **speeds}
    roads = OsmFile(path="s.osm").load(Reading(folder=folder, crs="EPSG:5179", speeds=settings))
    return with_nodes(roads.network, roads.ids, roads.tagged_nodes, load_rules(settings).delays_s)


def seconds_between(network: Network, mode: str, start: tuple[int, float], end: tuple[int, float]) -> float:
    """Return the seconds from (segment, part) to another, inf = unreachable."""
    roads = ModeRoads.build(network, mode, Access(math.inf, 1.0))
    one, other = (
        roads.hang(Anchors(np.array([s], np.int32), np.array([p]), np.zeros(1))) for s, p in (start, end)
    )  # fmt: skip
    return float(nearest(roads, one, other, np.array([0], np.int32)).nearest()[1][0])


@pytest.mark.parametrize(
    ("tags", "car", "bicycle", "walk"),
    [
        ("barrier=bollard", False, True, True),
        ("barrier=bollard motor_vehicle=yes", True, True, True),
        ("barrier=gate", True, True, True),
        ("barrier=gate access=private", False, False, False),
        ("barrier=gate access=private foot=yes bicycle=yes", False, True, True),
        ("barrier=gate locked=yes", False, True, True),
        ("barrier=lift_gate motorcar=no", False, True, True),
        ("barrier=stile", False, False, True),
        ("barrier=cycle_barrier", False, True, True),
        ("barrier=kerb", True, True, True),
        ("barrier=toll_booth", True, True, True),
    ],
)
def test_barrier__stops_whom_it_is_for(tmp_path, tags, car, bicycle, walk):
    network = street(tmp_path, tags)
    passes = {mode: math.isfinite(seconds_between(network, mode, (0, 0.5), (1, 0.5))) for mode in network.modes}
    assert passes == {"car": car, "bicycle": bicycle, "walk": walk}
    for mode in network.modes:  # who lives on one side keeps that side
        assert math.isfinite(seconds_between(network, mode, (1, 0.5), (2, 0.5)))
        assert math.isfinite(seconds_between(network, mode, (0, 0.75), (0, 0.25)))


def test_barrier__on_a_junction_is_counted_and_left_out(tmp_path):
    bare = 'lon="127"/><node id="4"'
    text = STREET.format("").replace(bare, 'lon="127"><tag k="barrier" v="bollard"/></node><node id="4"')
    (tmp_path / "j.osm").write_text(text, encoding="utf-8")
    roads = OsmFile(path="j.osm").load(Reading(folder=tmp_path, crs="EPSG:5179"))
    network = with_nodes(roads.network, roads.ids, roads.tagged_nodes, {})
    assert math.isfinite(seconds_between(network, "car", (0, 0.5), (2, 0.5)))
    assert "barriers (car): 0 cannot be passed; 1 drawn on a junction are left out" in network.notes


@pytest.mark.parametrize(
    ("tags", "forth", "back"),
    [
        ("highway=traffic_signals", 10, 10),
        ("highway=traffic_signals traffic_signals:direction=forward", 10, 0),
        ("highway=traffic_signals traffic_signals:direction=backward", 0, 10),
        ("highway=crossing", 1, 1),
        ("highway=crossing crossing=traffic_signals", 10, 10),
        ("highway=stop direction=forward", 4, 0),
        ("highway=street_lamp", 0, 0),
    ],
)
def test_signals__make_cars_wait_who_go_on(tmp_path, tags, forth, back):
    free, waited = street(tmp_path, tags), street(tmp_path, tags, period="free")
    for start, end, expected in (((0, 0.5), (1, 0.5), forth), ((1, 0.5), (0, 0.5), back), ((0, 0.1), (0, 0.9), 0)):
        gained = seconds_between(waited, "car", start, end) - seconds_between(free, "car", start, end)
        assert gained == pytest.approx(expected, abs=1e-6)
        assert seconds_between(waited, "walk", start, end) == seconds_between(free, "walk", start, end)


def test_period__peak_slows_cars_by_the_preset(tmp_path):
    free, peak = street(tmp_path, "highway=none"), street(tmp_path, "highway=none", period="peak")
    np.testing.assert_allclose(peak.seconds["car"], free.seconds["car"] / 0.9)  # a rural street
    np.testing.assert_array_equal(peak.seconds["walk"], free.seconds["walk"])
    assert any("period peak: speeds times 0.9 outside and 0.7 inside" in note for note in peak.notes)
    own = street(tmp_path, "highway=traffic_signals", delays={"traffic_signals": "12 s"})
    assert seconds_between(own, "car", (0, 0.5), (1, 0.5)) == pytest.approx(
        seconds_between(free, "car", (0, 0.5), (1, 0.5)) + 12, abs=1e-6
    )


FERRY = """<osm version="0.6">
<node id="1" lat="36.000" lon="127"/><node id="2" lat="36.001" lon="127"/><node id="3" lat="36.01" lon="127"/>
<node id="4" lat="36.02" lon="127"/><node id="5" lat="36.021" lon="127"/>
<way id="1"><nd ref="1"/><nd ref="2"/><tag k="highway" v="residential"/></way>
<way id="2"><nd ref="2"/><nd ref="3"/><nd ref="4"/><tag k="route" v="ferry"/><tag k="duration" v="30"/>{}</way>
<way id="3"><nd ref="4"/><nd ref="5"/><tag k="highway" v="residential"/></way></osm>"""


@pytest.mark.parametrize(
    ("interval", "settings", "wait_s"),
    [("02:00", {}, 3600), ("PT20M", {}, 600), ("", {}, 1800), ("", {"ferry_interval": "40 min"}, 1200),
     ("sometimes", {}, 1800)],
)  # fmt: skip
def test_ferry__is_waited_for_half_its_interval_once_a_crossing(tmp_path, interval, settings, wait_s):
    tag = f'<tag k="interval" v="{interval}"/>' if interval else ""
    (tmp_path / "f.osm").write_text(FERRY.format(tag), encoding="utf-8")
    found = OsmFile(path="f.osm").load(Reading(folder=tmp_path, crs="EPSG:5179", speeds=settings))
    network = found.network
    half = (network.metres[0] + network.metres[3]) / 2 / network.metres[0]  # of the roads ashore, in first segments
    ashore = {mode: float(half * network.seconds[mode][0]) for mode in ("car", "walk")}
    for mode in ("car", "walk"):
        for start, end in (((0, 0.5), (3, 0.5)), ((3, 0.5), (0, 0.5))):
            assert seconds_between(network, mode, start, end) == pytest.approx(ashore[mode] + 1800 + wait_s, abs=1e-5)
    told = any("ferry segments without an interval" in note for note in network.notes)
    assert told == (interval in ("", "sometimes"))


TOWN = shapely.box(1.495, 42.495, 1.545, 42.52)
"""Andorra la Vella."""


def andorra(shared: Path, **speeds: object) -> Network:
    reading = Reading(shared / "andorra", "EPSG:32631", clip=TOWN, speeds=speeds)
    roads = OsmFile(path="andorra.osm.pbf").load(reading)
    return with_nodes(roads.network, roads.ids, roads.tagged_nodes, load_rules(speeds).delays_s)


def test_andorra__by_bicycle_and_in_peak(shared):
    free, peak = andorra(shared, bicycle="15 km/h", period="free"), andorra(shared, bicycle="15 km/h", period="peak")
    rng = np.random.default_rng(1)
    east, north = ((values.min(), values.max()) for values in (free.x_m, free.y_m))
    x, y = rng.uniform(*east, 300), rng.uniform(*north, 300)
    seconds = {}
    for name, network, mode in (("free", free, "car"), ("peak", peak, "car"), ("ride", free, "bicycle"),
                                ("walk", free, "walk")):  # fmt: skip
        roads = ModeRoads.build(network, mode, Access(100.0, 1.0))
        places = roads.attach(x, y)
        people, supply = places.take(np.arange(10, 300)), places.take(np.arange(10))
        seconds[name] = nearest(roads, people, supply, np.arange(10, dtype=np.int32)).nearest()[1]
    both = np.isfinite(seconds["free"])
    assert np.array_equal(both, np.isfinite(seconds["peak"]))
    assert both.sum() > 100
    assert np.all(seconds["peak"][both] >= seconds["free"][both])
    assert 1.2 < np.median(seconds["peak"][both] / seconds["free"][both]) < 3
    ridden = np.isfinite(seconds["ride"]) & np.isfinite(seconds["walk"])
    assert ridden.sum() > 150
    # a bicycle is pushed where it may not be ridden, so it is slower than feet only over another access walk
    assert np.mean(seconds["ride"][ridden] <= seconds["walk"][ridden] + 1e-6) > 0.95
    assert np.median(seconds["ride"][ridden] / seconds["walk"][ridden]) < 0.7


def test_ferry__edits_know_what_is_waited_already(tmp_path):
    (tmp_path / "f.osm").write_text(FERRY.format('<tag k="interval" v="60"/>'), encoding="utf-8")
    network = OsmFile(path="f.osm").load(Reading(folder=tmp_path, crs="EPSG:5179")).network
    assert network.boarding_s.tolist() == [0, 0, 1800, 0, 0, 1800, 0, 0]
    world = World(network, None, None, None, {}, "EPSG:5179")  # type: ignore[arg-type]
    often, told = change_ferry(world, (127.0, 36.01), interval_s=1200.0)
    assert "-20 min a crossing" in told
    before, after = (seconds_between(one, "car", (0, 0.5), (3, 0.5)) for one in (network, often.network))
    assert after - before == pytest.approx(-1200)
    again, _ = change_ferry(often, (127.0, 36.01), interval_s=3600.0)
    assert seconds_between(again.network, "car", (0, 0.5), (3, 0.5)) == pytest.approx(before)
    fast, _ = change_speed(world, way="ferry", factor=2.0)
    assert seconds_between(fast.network, "car", (0, 0.5), (3, 0.5)) == pytest.approx(before - 900)  # half of 30 min
