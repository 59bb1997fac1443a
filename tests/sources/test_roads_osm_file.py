"""OpenStreetMap files: real ones, clipped ones, cut ones, broken ones, and the cache."""

from __future__ import annotations

import bz2
import gzip
import re
from pathlib import Path

import numpy as np
import pytest
import shapely
from pyproj import Geod

from lifezone.errors import InputError
from lifezone.model import Network
from lifezone.sources.crs import inside_clip
from lifezone.sources.reading import Reading
from lifezone.sources.roads import OsmFile, Roads

HEAD = '<osm version="0.6">'
SQUARE = """
<node id="1" lat="36.00" lon="127.00"/><node id="2" lat="36.00" lon="127.01"/>
<node id="3" lat="36.01" lon="127.01"/><node id="4" lat="36.02" lon="127.01"/>
<way id="20"><nd ref="3"/><nd ref="4"/><tag k="highway" v="residential"/><tag k="name" v="나길"/></way>
<way id="10"><nd ref="1"/><nd ref="2"/><nd ref="2"/><nd ref="3"/>
  <tag k="name" v="가로"/><tag k="highway" v="trunk"/></way>
"""


def load(path: Path, **reading: object) -> Roads:
    fields = {"crs": "EPSG:5179", **reading}
    return OsmFile(path=path.name).load(Reading(folder=path.parent, **fields))  # type: ignore[arg-type]


def write(path: Path, body: str) -> Path:
    path.write_text(f"{HEAD}{body}</osm>", encoding="utf-8")
    return path


def same(one: Network, other: Network) -> bool:
    columns = ("x_m", "y_m", "border", "tail", "head", "metres", "way", "name")
    return (
        all(np.array_equal(getattr(one, column), getattr(other, column)) for column in columns)
        and all(np.array_equal(one.seconds[mode], other.seconds[mode]) for mode in ("car", "walk"))
        and (one.ways, one.names, one.crs, one.notes) == (other.ways, other.names, other.crs, other.notes)
    )


def drive_vertices(network: Network, mode: str) -> int:
    open_ = np.isfinite(network.seconds[mode][::2]) | np.isfinite(network.seconds[mode][1::2])
    return len(np.unique(np.concatenate([network.tail[open_], network.head[open_]])))


def test_osm_file__gives_one_segment_between_each_two_nodes(tmp_path: Path) -> None:
    network = load(write(tmp_path / "a.osm", SQUARE)).network
    assert (network.n_vertices, network.n_segments) == (4, 3)  # the repeated node makes no segment
    assert [network.names[i] for i in network.name] == ["가로", "가로", "나길"]  # by way id, then along the way
    _, _, first = Geod(ellps="WGS84").inv(127.00, 36.00, 127.01, 36.00)
    assert network.metres[0] == pytest.approx(first, abs=1e-9)
    assert network.metres[1] == pytest.approx(1109.6, abs=0.2)  # 0.01 degrees of a meridian at 36°
    assert not network.border.any()
    assert network.seconds["walk"][0] == pytest.approx(network.metres[0] / (3 / 3.6))


@pytest.mark.parametrize("order", [0, 1])
def test_osm_file__order_of_the_file_does_not_matter(tmp_path: Path, order: int) -> None:
    nodes, ways = SQUARE.strip().splitlines()[:2], SQUARE.strip().splitlines()[2:]
    mixed = "\n".join([*ways, *nodes] if order else [*nodes[::-1], *ways])
    assert same(load(write(tmp_path / "a.osm", SQUARE)).network, load(write(tmp_path / "b.osm", mixed)).network)


def test_osm_file__reads_packed_xml(tmp_path: Path) -> None:
    plain = write(tmp_path / "a.osm", SQUARE)
    (tmp_path / "a.osm.gz").write_bytes(gzip.compress(plain.read_bytes()))
    (tmp_path / "a.osm.bz2").write_bytes(bz2.compress(plain.read_bytes()))
    for name in ("a.osm.gz", "a.osm.bz2"):
        assert same(load(plain).network, load(tmp_path / name).network)


def test_osm_file__takes_nodes_drawn_in_an_editor(tmp_path: Path) -> None:
    drawn = re.sub(r'(id|ref)="(\d+)"', r'\1="-\2"', SQUARE)
    network = load(write(tmp_path / "a.osm", drawn)).network
    assert network.n_segments == 3
    assert network.metres.sum() == pytest.approx(load(write(tmp_path / "b.osm", SQUARE)).network.metres.sum())


def test_border__is_where_a_node_is_missing(tmp_path: Path) -> None:
    body = SQUARE.replace('<nd ref="4"/>', '<nd ref="4"/><nd ref="99"/>').replace(
        '<nd ref="1"/>', '<nd ref="98"/><nd ref="1"/>'
    )
    network = load(write(tmp_path / "a.osm", body)).network
    assert network.n_segments == 3
    assert network.border.tolist() == [True, False, False, True]


def test_border__is_what_lies_outside_the_box_of_the_header(tmp_path: Path) -> None:
    box = '<bounds minlat="35.99" minlon="126.99" maxlat="36.015" maxlon="127.02"/>'
    path = write(tmp_path / "a.osm", box + SQUARE)
    assert load(path).network.border.tolist() == [False, False, False, True]
    assert OsmFile(path="a.osm").extent(tmp_path) == pytest.approx((126.99, 35.99, 127.02, 36.015))


def test_extent__without_a_header_is_that_of_the_nodes(tmp_path: Path) -> None:
    write(tmp_path / "a.osm", SQUARE)
    assert OsmFile(path="a.osm").extent(tmp_path) == pytest.approx((127.0, 36.0, 127.01, 36.02))


def test_clip__keeps_segments_with_an_end_inside_and_marks_the_rest(tmp_path: Path) -> None:
    clip = shapely.box(127.005, 35.9, 127.02, 36.015)  # nodes 2 and 3
    roads = load(write(tmp_path / "a.osm", SQUARE), clip=clip)
    assert roads.network.n_segments == 3
    assert roads.network.border.tolist() == [True, False, False, True]
    tighter = load(tmp_path / "a.osm", clip=shapely.box(127.005, 35.9, 127.02, 36.005)).network
    assert tighter.n_segments == 2
    assert tighter.border.sum() == 2


def test_clip__that_holds_no_road_gives_an_empty_network(tmp_path: Path) -> None:
    network = load(write(tmp_path / "a.osm", SQUARE), clip=shapely.box(10, 10, 11, 11)).network
    assert (network.n_vertices, network.n_segments) == (0, 0)


def test_names_and_water__come_along(tmp_path: Path) -> None:
    body = (
        SQUARE
        + """
    <node id="50" lat="36.005" lon="127.005"><tag k="place" v="village"/><tag k="name" v="한빛리"/>
      <tag k="name:en" v="Hanbit"/></node>
    <node id="51" lat="36.006" lon="127.005"><tag k="place" v="town"/><tag k="name" v="읍내"/></node>
    <node id="52" lat="36.007" lon="127.005"><tag k="place" v="hamlet"/></node>
    <way id="60"><nd ref="1"/><nd ref="2"/><nd ref="3"/><nd ref="1"/><tag k="natural" v="water"/></way>
    <relation id="70"><member type="way" ref="61" role="outer"/><member type="way" ref="62" role="outer"/>
      <tag k="type" v="multipolygon"/><tag k="natural" v="water"/></relation>
    <node id="53" lat="36.0" lon="127.1"/><node id="54" lat="36.0" lon="127.11"/>
    <node id="55" lat="36.01" lon="127.11"/>
    <way id="61"><nd ref="53"/><nd ref="54"/><nd ref="55"/></way><way id="62"><nd ref="55"/><nd ref="53"/></way>
    """
    )
    roads = load(write(tmp_path / "a.osm", body))
    assert roads.places.name.tolist() == ["읍내", "한빛리"]
    assert roads.places.name_en.tolist() == ["", "Hanbit"]
    assert roads.places.rank.tolist() == [0, 1]
    assert roads.water is not None
    # two right triangles of 0.01 x 0.01 degrees: 901.8 m x 1109.6 m / 2 each
    assert roads.water.area == pytest.approx(2 * 901.8 * 1109.6 / 2, rel=0.01)


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("a.osm", b"", "is empty"), ("a.osm.pbf", b"", "is empty"),
        ("a.osm", b"<html></html>", "cannot be read as OpenStreetMap"),
        ("a.osm", b"<osm version='0.6'><node", "damaged"),
        ("a.osm", b"hello", "cannot be read as OpenStreetMap"), ("a.osm.pbf", b"hello world", "cannot be read"),
        ("a.osm.gz", b"hello", "cannot be read"), ("a.osm", b"<osm version='0.6'></osm>", "holds no roads"),
        ("a.osm", b"<osm version='0.3'></osm>", "cannot be read"),
        ("a.osm", f"{HEAD}<node id='1' lat='1' lon='1'/></osm>".encode(), "holds no roads"),
        ("a.osm", f"{HEAD}<node id='x' lat='1' lon='1'/></osm>".encode(), "illegal id"),
        ("a.osm", f"{HEAD}<node id='1' lat='1x' lon='1'/></osm>".encode(), "characters after coordinate"),
        ("a.osm", f"{HEAD}<node id='1' timestamp='2p11' lat='1' lon='1'/></osm>".encode(), "can not parse timestamp"),
        ("a.png", b"x", "expected a file ending in"),
    ],
)  # fmt: skip
def test_broken_files__are_told_in_words(tmp_path: Path, name: str, content: bytes, told: str) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(InputError, match=told) as caught:
        load(tmp_path / name)
    assert caught.value.faults[0].path == ("path",)


def test_missing_file__is_told_with_the_nearest_name(tmp_path: Path) -> None:
    write(tmp_path / "county.osm", SQUARE)
    with pytest.raises(InputError, match=r"no file countyy\.osm .*did you mean 'county\.osm'"):
        load(tmp_path / "countyy.osm")
    with pytest.raises(InputError, match="no file"):
        OsmFile(path="nothing.osm.pbf").extent(tmp_path)


def test_large_files__keep_locations_in_a_file_and_give_the_same(shared: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path, clip = shared / "andorra" / "andorra.osm.pbf", shapely.box(1.5, 42.5, 1.53, 42.52)
    small = load(path, crs="EPSG:25831", clip=clip)
    monkeypatch.setattr("lifezone.sources.osm.file.IN_MEMORY_BYTES", 0)
    large = load(path, crs="EPSG:25831", clip=clip, walk_mps=1.0)  # another cache entry
    assert np.array_equal(small.network.x_m, large.network.x_m)
    assert np.array_equal(small.network.seconds["car"], large.network.seconds["car"])


def test_cut_pbf__is_an_input_error(tmp_path: Path, shared: Path) -> None:
    whole = (shared / "andorra" / "andorra.osm.pbf").read_bytes()
    for size in (100, 5_000, len(whole) // 2, len(whole) - 10):
        (tmp_path / f"cut{size}.osm.pbf").write_bytes(whole[:size])
        with pytest.raises(InputError, match="cannot be read as OpenStreetMap data"):
            load(tmp_path / f"cut{size}.osm.pbf")


def test_inputs__are_noted_for_the_manifest(tmp_path: Path) -> None:
    path = write(tmp_path / "a.osm", SQUARE)
    reading = Reading(folder=tmp_path, crs="EPSG:5179")
    OsmFile(path="a.osm").load(reading)
    (record,) = reading.inputs
    assert record["path"] == "a.osm"
    assert record["bytes"] == path.stat().st_size
    assert re.fullmatch("[0-9a-f]{64}", record["sha256"])


def test_cache__changes_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LIFEZONE_CACHE", str(tmp_path / "cache"))
    path = write(tmp_path / "a.osm", SQUARE)
    made, again = load(path), load(path)
    assert same(made.network, again.network)
    assert isinstance(again.network.x_m.base, np.memmap)  # opened by memory map
    entries = {p.parent.name for p in (tmp_path / "cache").rglob("entry.json")}
    assert len(entries) == 1
    # another option, another entry
    faster = load(path, speeds={"factor": 0.5}).network
    assert faster.seconds["car"][0] != made.network.seconds["car"][0]
    load(path, clip=shapely.box(0, 0, 180, 80))
    load(path, walk_mps=1.0)
    assert len(list((tmp_path / "cache").rglob("entry.json"))) == 4


def test_andorra__has_the_roads_that_others_count(shared: Path) -> None:
    # data/README: about 33,600 drive and 132,000 walk nodes
    roads = load(shared / "andorra" / "andorra.osm.pbf", crs="EPSG:25831")
    network = roads.network
    assert drive_vertices(network, "car") == pytest.approx(33_600, rel=0.02)
    assert drive_vertices(network, "walk") == pytest.approx(132_000, rel=0.02)
    assert network.border.any()
    assert "Andorra la Vella" in roads.places.name.tolist()
    assert roads.water is not None
    assert shapely.is_valid(roads.water)
    straight = np.hypot(*(axis[network.head] - axis[network.tail] for axis in (network.x_m, network.y_m)))
    assert np.allclose(network.metres, straight, rtol=2e-3)  # scale of UTM 31 over Andorra


def test_andorra__clipped_is_a_part_of_the_whole(shared: Path) -> None:
    path = shared / "andorra" / "andorra.osm.pbf"
    whole = load(path, crs="EPSG:25831").network
    clip = shapely.Point(1.52, 42.51).buffer(0.03)
    part = load(path, crs="EPSG:25831", clip=clip).network

    def pieces(network: Network) -> set[tuple[float, ...]]:
        ends = [axis[end] for end in (network.tail, network.head) for axis in (network.x_m, network.y_m)]
        return set(zip(*(column.round(3).tolist() for column in (*ends, network.metres)), strict=True))

    assert pieces(part) < pieces(whole)
    assert 0 < part.border.sum() < part.n_vertices / 20
    # nothing with an end inside is missing
    within = inside_clip(whole.x_m, whole.y_m, "EPSG:25831", clip)
    assert part.n_segments == int((within[whole.tail] | within[whole.head]).sum())
    # the border is exactly what lies outside
    outside = ~inside_clip(part.x_m, part.y_m, "EPSG:25831", clip)
    assert np.array_equal(part.border, outside)


def test_gunsan_and_porto_alegre__are_read(shared: Path) -> None:
    gunsan = load(shared / "small_osm" / "gunsan_map.osm", speeds={"preset": "kr"}).network
    assert (gunsan.n_vertices, gunsan.n_segments) == (769, 811)
    porto_alegre = load(shared / "porto_alegre" / "poa_osm.pbf", crs="EPSG:31982", speeds={"preset": "br"}).network
    # data/README counts 32,701, with the 1,000 service roads that are tagged access=no or private; we leave those out
    assert 30_000 < drive_vertices(porto_alegre, "car") < 32_701
