"""One table of tags: who may use a way in which direction, and how fast. Read through a real .osm file."""

from __future__ import annotations

import math
from pathlib import Path
from xml.sax.saxutils import quoteattr

import numpy as np
import pytest
from pyproj import Transformer

from lifezone.model import Network
from lifezone.sources.reading import Reading
from lifezone.sources.roads import OsmFile

# car forward, car backward, walk forward, walk backward
CASES: list[tuple[str, str]] = [
    # every class of road is open to cars both ways and to feet
    *((f"highway={way}", "ccww") for way in (
        "trunk", "trunk_link", "primary", "primary_link", "secondary", "secondary_link", "tertiary", "tertiary_link",
        "unclassified", "residential", "living_street", "service", "road",
    )),
    ("highway=motorway", "c..."), ("highway=motorway_link", "cc.."), ("highway=motorway oneway=no", "cc.."),
    ("highway=motorway_link oneway=yes", "c..."), ("highway=motorway foot=yes", "c.ww"),
    ("highway=trunk motorroad=yes", "cc.."), ("highway=track", "..ww"),  # default preset: no cars on tracks
    ("highway=track motor_vehicle=yes", "ccww"), ("highway=track vehicle=yes", "..ww"),
    # service roads
    ("highway=service service=parking_aisle", "ccww"), ("highway=service service=driveway", "ccww"),
    ("highway=service service=driveway access=private", "...."), ("highway=service service=emergency_access", "..ww"),
    ("highway=service access=customers", "ccww"), ("highway=service area=yes", "..ww"),
    # the most specific tag wins
    ("highway=residential access=no", "...."), ("highway=residential access=private", "...."),
    ("highway=residential access=no foot=yes", "..ww"), ("highway=residential access=no motorcar=yes", "cc.."),
    ("highway=residential vehicle=no", "..ww"), ("highway=residential vehicle=no motor_vehicle=yes", "ccww"),
    ("highway=residential motor_vehicle=no", "..ww"), ("highway=residential motor_vehicle=no motorcar=yes", "ccww"),
    ("highway=residential motor_vehicle=yes motorcar=no", "..ww"),
    ("highway=residential motor_vehicle=destination", "ccww"), ("highway=residential access=destination", "ccww"),
    ("highway=residential motor_vehicle=agricultural", "..ww"), ("highway=residential motor_vehicle=forestry", "..ww"),
    ("highway=residential motor_vehicle=agricultural;destination", "ccww"),
    ("highway=residential access=unknown", "ccww"), ("highway=residential access=permissive", "ccww"),
    ("highway=residential foot=no", "cc.."), ("highway=residential foot=use_sidepath", "cc.."),
    ("highway=residential access=no bus=yes", "...."), ("highway=residential motor_vehicle=private foot=no", "...."),
    # one-way
    ("highway=residential oneway=yes", "c.ww"), ("highway=residential oneway=1", "c.ww"),
    ("highway=residential oneway=true", "c.ww"), ("highway=residential oneway=-1", ".cww"),
    ("highway=residential oneway=reverse", ".cww"), ("highway=residential oneway=no", "ccww"),
    ("highway=residential oneway=reversible", "ccww"), ("highway=residential oneway=alternating", "ccww"),
    ("highway=residential oneway=yes oneway:motorcar=no", "ccww"),
    ("highway=residential oneway:motor_vehicle=yes", "c.ww"),
    ("highway=residential junction=roundabout", "c.ww"), ("highway=residential junction=circular", "c.ww"),
    ("highway=residential junction=roundabout oneway=no", "ccww"),
    ("highway=residential junction=roundabout oneway=-1", ".cww"),
    ("highway=residential motor_vehicle:backward=no", "c.ww"), ("highway=residential vehicle:forward=no", ".cww"),
    # feet
    ("highway=footway", "..ww"), ("highway=path", "..ww"), ("highway=steps", "..ww"), ("highway=pedestrian", "..ww"),
    ("highway=bridleway", "..ww"), ("highway=corridor", "..ww"), ("highway=platform", "..ww"),
    ("highway=footway foot=no", "...."), ("highway=path access=no", "...."),
    ("highway=path access=no foot=designated", "..ww"),
    ("highway=path foot=private", "...."), ("highway=pedestrian area=yes", "..ww"),
    ("highway=cycleway", "...."), ("highway=cycleway foot=yes", "..ww"), ("highway=cycleway foot=designated", "..ww"),
    ("highway=busway", "...."), ("highway=busway foot=yes", "..ww"), ("highway=via_ferrata", "...."),
    ("highway=residential oneway=yes oneway:foot=yes", "c.w."), ("highway=residential oneway:foot=-1", "cc.w"),
    ("highway=footway oneway=yes", "..w."), ("highway=footway oneway=-1", "...w"),
    ("highway=footway oneway=yes oneway:foot=no", "..ww"), ("highway=path oneway=yes", "..ww"),
    ("highway=footway oneway=yes bicycle=yes", "..ww"), ("highway=steps conveying=forward", "..w."),
    ("highway=steps conveying=backward", "...w"), ("highway=residential foot:backward=no", "ccw."),
    # not roads
    ("highway=construction", "...."), ("highway=proposed", "...."),
    ("highway=construction construction=primary", "...."),
    ("highway=raceway", "...."), ("highway=rest_area", "...."), ("highway=services", "...."),
    ("highway=elevator", "...."),
    ("route=bus", "...."), ("route=shuttle_train", "...."),
    # ferries
    ("route=ferry", "ccww"), ("route=ferry foot=yes", "..ww"), ("route=ferry foot=yes motor_vehicle=yes", "ccww"),
    ("route=ferry motorcar=no", "..ww"), ("route=ferry foot=no motor_vehicle=yes", "cc.."),
    ("route=ferry access=private", "...."), ("route=ferry bicycle=yes", "..ww"), ("route=ferry oneway=yes", "c.w."),
]  # fmt: skip


def write_ways(path: Path, tagged: list[str]) -> None:
    """Write an .osm file with one two-node way for each text of tags, named by it, 0.001 degrees of latitude long."""
    nodes, ways = [], []
    for i, text in enumerate(tagged):
        lon = 127 + i * 0.001
        nodes += [
            f'<node id="{2 * i + 1}" lat="36" lon="{lon:.4f}"/>',
            f'<node id="{2 * i + 2}" lat="36.001" lon="{lon:.4f}"/>',
        ]
        tags = [*(pair.partition("=") for pair in text.split()), ("name", "=", text)]
        written = "".join(f"<tag k={quoteattr(k)} v={quoteattr(v)}/>" for k, _, v in tags)
        ways.append(f'<way id="{i + 1}"><nd ref="{2 * i + 1}"/><nd ref="{2 * i + 2}"/>{written}</way>')
    path.write_text(f"<osm version='0.6'>{''.join((*nodes, *ways))}</osm>", encoding="utf-8")


def read(path: Path, **speeds: object) -> Network:
    return OsmFile(path=path.name).load(Reading(folder=path.parent, crs="EPSG:5179", speeds=speeds)).network


def arcs(network: Network, name: str) -> tuple[float, ...]:
    """km/h of car forward and backward, walk forward and backward; 0 = closed or the way is not there."""
    at = [i for i in range(network.n_segments) if network.names[network.name[i]] == name]
    if not at:
        return (0.0, 0.0, 0.0, 0.0)
    (s,) = at
    turned = network.y_m[network.tail[s]] > network.y_m[network.head[s]]
    assert not turned  # tail is the first node of the way
    seconds = [network.seconds[mode][2 * s + back] for mode in ("car", "walk") for back in (0, 1)]
    return tuple(0.0 if math.isinf(t) else network.metres[s] / t * 3.6 for t in seconds)


@pytest.fixture(scope="module")
def network(tmp_path_factory: pytest.TempPathFactory) -> Network:
    path = tmp_path_factory.mktemp("tags") / "tags.osm"
    write_ways(path, [tags for tags, _ in CASES])
    return read(path)


@pytest.mark.parametrize(("tags", "open_to"), CASES)
def test_tags__say_who_may_use_a_way(network: Network, tags: str, open_to: str) -> None:
    found = "".join(letter if kmh > 0 else "." for letter, kmh in zip("ccww", arcs(network, tags), strict=True))
    assert found == open_to


SPEEDS: list[tuple[str, float, float]] = [
    # limit forward and backward in km/h; the factor is set to 1
    ("highway=primary", 80, 80), ("highway=primary zone:traffic=KR:urban", 50, 50),
    ("highway=primary maxspeed=70", 70, 70), ("highway=primary maxspeed=30 maxspeed:backward=50", 30, 50),
    ("highway=primary maxspeed:forward=40", 40, 80), ("highway=primary maxspeed=KR:urban", 50, 50),
    ("highway=primary maxspeed:type=KR:rural", 60, 60), ("highway=primary maxspeed=signals", 80, 80),
    ("highway=primary maxspeed=20_mph", 80, 80), ("highway=motorway maxspeed=none", 100, 0),
    ("highway=track", 15, 15), ("highway=living_street maxspeed=walk", 7, 7),
]  # fmt: skip


def test_speeds__follow_signs_and_classes(tmp_path: Path) -> None:
    write_ways(tmp_path / "speeds.osm", [tags for tags, *_ in SPEEDS])
    found = read(tmp_path / "speeds.osm", preset="kr", factor=1)
    for tags, ahead, back in SPEEDS:
        assert arcs(found, tags)[:2] == pytest.approx((ahead, back)), tags
        if "motorway" not in tags:
            assert arcs(found, tags)[2:] == pytest.approx((3, 3)), tags


@pytest.mark.parametrize(
    ("duration", "minutes"),
    [("00:30", 30), ("1:15", 75), ("00:30:30", 30.5), ("20", 20), ("PT40M", 40), ("PT1H30M", 90), ("P1DT1H", 1500)],
)
def test_ferry__takes_its_duration_for_both_modes(tmp_path: Path, duration: str, minutes: float) -> None:
    tags = f"route=ferry duration={duration}"
    write_ways(tmp_path / "ferry.osm", [tags])
    found = read(tmp_path / "ferry.osm", ferry_interval="0 min")
    for mode in ("car", "walk"):
        assert found.seconds[mode] == pytest.approx([minutes * 60] * 2)
    assert found.ways == ("ferry",)


def test_ferry__without_a_duration_goes_at_the_preset_speed_and_is_told(tmp_path: Path) -> None:
    write_ways(tmp_path / "ferry.osm", ["route=ferry", "route=ferry duration=soon"])
    found = read(tmp_path / "ferry.osm", ferry="18 km/h", ferry_interval="0 min")
    assert arcs(found, "route=ferry") == pytest.approx((18, 18, 18, 18))
    assert arcs(found, "route=ferry duration=soon") == pytest.approx((18, 18, 18, 18))
    assert any(note.startswith("2 ferry segments without a duration") for note in found.notes)
    assert any(note.startswith("2 ferry segments without a word on passengers") for note in found.notes)


def test_ferry__duration_is_spread_over_its_pieces_by_length(tmp_path: Path) -> None:
    text = """<osm version="0.6">
    <node id="1" lat="36" lon="127"/><node id="2" lat="36.01" lon="127"/><node id="3" lat="36.04" lon="127"/>
    <way id="1"><nd ref="1"/><nd ref="2"/><nd ref="3"/><tag k="route" v="ferry"/>
    <tag k="duration" v="40"/></way></osm>"""
    (tmp_path / "f.osm").write_text(text, encoding="utf-8")
    found = read(tmp_path / "f.osm", ferry_interval="0 min")
    share = found.metres / found.metres.sum()
    assert found.seconds["car"][::2] == pytest.approx(share * 2400)
    assert found.seconds["car"].sum() == pytest.approx(2 * 2400)


def test_reversible__is_told(network: Network) -> None:
    assert any("1 segments of reversible roads" in note for note in network.notes)
    assert any("1 segments of alternating" in note for note in network.notes)


def test_closed_ways__are_counted(network: Network) -> None:
    closed = sum(open_to == "...." for _, open_to in CASES)
    assert any(note.startswith(f"{closed} ways closed") for note in network.notes)


def test_built_up__a_cell_with_one_km_of_streets_is_built_up(tmp_path: Path) -> None:
    # cells are 500 m wide in the study's CRS. Cell A: 10 streets of 110 m (1.1 km) and a secondary road; cell B: 9 of
    # them (0.99 km) and a secondary road
    to_degrees = Transformer.from_crs("EPSG:5179", "EPSG:4326", always_xy=True)
    nodes, ways = [], []
    for x, way in [
        *((950_050 + 30 * i, "residential") for i in range(10)), (950_400, "secondary"),
        *((951_050 + 30 * i, "residential") for i in range(9)), (951_400, "secondary"),
    ]:  # fmt: skip
        n = len(ways)
        for k, y in enumerate((1_800_100, 1_800_210)):
            lon, lat = to_degrees.transform(x, y)
            nodes.append(f'<node id="{2 * n + k + 1}" lat="{lat:.7f}" lon="{lon:.7f}"/>')
        ends = f'<nd ref="{2 * n + 1}"/><nd ref="{2 * n + 2}"/>'
        ways.append(f'<way id="{n + 1}">{ends}<tag k="highway" v="{way}"/></way>')
    (tmp_path / "t.osm").write_text(f"<osm version='0.6'>{''.join(nodes)}{''.join(ways)}</osm>", encoding="utf-8")
    found = read(tmp_path / "t.osm", preset="kr", factor=1)
    secondary = np.flatnonzero(found.way == found.ways.index("secondary"))
    west_first = secondary[np.argsort(found.x_m[found.tail[secondary]])]
    kmh = found.metres[west_first] / found.seconds["car"][2 * west_first] * 3.6
    assert kmh == pytest.approx([50, 60])
