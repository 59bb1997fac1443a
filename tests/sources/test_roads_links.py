"""Tables of links: the real Korean one, small ones by hand, and everything that can be wrong with them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import geopandas as gpd
import networkx as nx
import numpy as np
import pytest
import shapely
from pydantic import ValidationError

from lifezone.errors import InputError
from lifezone.model import Network
from lifezone.sources.reading import Reading
from lifezone.sources.roads import Links, Roads

NODES = "NODE_ID,x,y\nA,127.00,36.00\nB,127.01,36.00\nC,127.01,36.01\n"
LINKS = "LINK_ID,F_NODE,T_NODE,MAX_SPD,LANES,LENGTH\n1,A,B,60,2,1000\n2,B,A,30,2,1000\n3,B,C,50,1,1200\n"


def load(folder: Path, *, speeds: dict[str, Any] | None = None, clip: Any = None, **spec: Any) -> Roads:
    links = Links.model_validate({"type": "links", **spec})
    return links.load(Reading(folder=folder, crs="EPSG:5179", speeds=speeds or {}, clip=clip))


def tables(folder: Path, links: str = LINKS, nodes: str = NODES) -> dict[str, Any]:
    (folder / "links.csv").write_text(links, encoding="utf-8")
    (folder / "nodes.csv").write_text(nodes, encoding="utf-8")
    return {"path": "links.csv", "nodes": {"path": "nodes.csv"}}


def kmh(network: Network, mode: str = "car") -> list[list[float]]:
    """Speeds forward and backward of each segment, 0 = closed."""
    with np.errstate(divide="ignore", invalid="ignore"):
        return (np.repeat(network.metres, 2) / network.seconds[mode] * 3.6).round(6).reshape(-1, 2).tolist()


def graph_of(network: Network, weight: str) -> nx.DiGraph:
    """The raw arcs of a network as a networkx graph, the least of parallel ones."""
    graph = nx.DiGraph()
    for s in range(network.n_segments):
        for back in (0, 1):
            seconds = network.seconds["car"][2 * s + back]
            if np.isinf(seconds):
                continue
            u, v = (network.tail[s], network.head[s])[:: 1 - 2 * back]
            cost = float(seconds if weight == "seconds" else network.metres[s])
            if not graph.has_edge(u, v) or graph[u][v]["cost"] > cost:
                graph.add_edge(int(u), int(v), cost=cost)
    return graph


def test_links__korean_columns_need_no_mapping(tmp_path: Path) -> None:
    network = load(tmp_path, **tables(tmp_path)).network
    assert network.n_segments == 2  # A–B both ways, B→C one way
    assert network.metres.tolist() == [1000, 1200]
    assert kmh(network) == [[60, 30], [50, 0]]
    assert kmh(network, "walk") == [[3, 3], [3, 3]]
    assert any("1 two-way" in note and "1 one-way" in note for note in network.notes)


def test_links__columns_in_small_letters_or_mapped(tmp_path: Path) -> None:
    plain = load(tmp_path, **tables(tmp_path)).network
    head, _, rest = LINKS.partition("\n")
    lower = load(tmp_path, **tables(tmp_path, f"{head.lower()}\n{rest}", NODES.replace("NODE_ID", "node_id"))).network
    other = f"id,von,nach,v,n,laenge\n{rest}"
    spec = tables(tmp_path, other, NODES.replace("NODE_ID,x,y", "knoten,ost,nord"))
    spec["nodes"] |= {"id": "knoten", "x": "ost", "y": "nord"}
    mapped = load(
        tmp_path, **spec, **{"from": "von", "to": "nach", "speed": "v", "length": "laenge", "lanes": "n"}
    ).network
    for network in (lower, mapped):
        assert np.array_equal(network.seconds["car"], plain.seconds["car"])
        assert np.array_equal(network.x_m, plain.x_m)


def test_links__the_key_from_is_understood() -> None:
    assert Links.model_validate({"type": "links", "path": "x", "from": "F"}).from_ == "F"
    assert Links(path="x", from_="F").model_dump(by_alias=True)["from"] == "F"
    with pytest.raises(ValidationError):
        Links.model_validate({"type": "links", "path": "x", "form": "F"})


def test_links__length_is_spread_along_the_line_and_bends_are_vertices(tmp_path: Path) -> None:
    # in EPSG:5179 metres: 300 east, 100 north; stated 800 m, so twice the drawn length
    line = shapely.LineString([(950_000, 1_800_000), (950_300, 1_800_000), (950_300, 1_800_100)])
    frame = gpd.GeoDataFrame(
        {"F_NODE": ["A"], "T_NODE": ["B"], "MAX_SPD": [36.0], "LENGTH": [800.0]}, geometry=[line], crs="EPSG:5179"
    )
    frame.to_file(tmp_path / "l.gpkg")
    network = load(tmp_path, path="l.gpkg").network
    assert network.n_vertices == 3
    assert network.metres == pytest.approx([600, 200])
    assert network.seconds["car"][::2] == pytest.approx([60, 20])  # 36 km/h = 10 m/s
    assert np.isinf(network.seconds["car"][1::2]).all()
    west, south, east, north = Links(path="l.gpkg").extent(tmp_path)
    assert (east - west) * 90_000 == pytest.approx(300, rel=0.02)
    assert (north - south) * 111_000 == pytest.approx(100, rel=0.02)


@pytest.mark.parametrize(("length", "segments"), [(800.0, 2), (800.9, 2), (806.0, 2), (900.0, 4)])
def test_links__twins_are_one_road_unless_their_lengths_differ(tmp_path: Path, length: float, segments: int) -> None:
    line = shapely.LineString([(950_000, 1_800_000), (950_300, 1_800_000), (950_300, 1_800_100)])
    frame = gpd.GeoDataFrame(
        {"F_NODE": ["A", "B"], "T_NODE": ["B", "A"], "MAX_SPD": [36.0, 72.0], "LENGTH": [800.0, length]},
        geometry=[line, line.reverse()], crs="EPSG:5179",
    )  # fmt: skip
    frame.to_file(tmp_path / "l.gpkg")
    network = load(tmp_path, path="l.gpkg").network
    assert network.n_segments == segments
    arcs = network.seconds["car"]
    assert arcs[np.isfinite(arcs)].sum() == pytest.approx(800 / 10 + length / 20)  # each direction by its own length


def test_links__twins_along_other_lines_stay_apart(tmp_path: Path) -> None:
    there = shapely.LineString([(950_000, 1_800_000), (950_300, 1_800_050), (950_600, 1_800_000)])
    back = shapely.LineString([(950_600, 1_800_000), (950_300, 1_799_950), (950_000, 1_800_000)])
    frame = gpd.GeoDataFrame(
        {"F_NODE": ["A", "B"], "T_NODE": ["B", "A"], "MAX_SPD": [36.0, 36.0], "LENGTH": [610.0, 610.0]},
        geometry=[there, back], crs="EPSG:5179",
    )  # fmt: skip
    frame.to_file(tmp_path / "l.gpkg")
    network = load(tmp_path, path="l.gpkg").network
    assert network.n_segments == 4
    assert np.isinf(network.seconds["car"]).sum() == 4


def test_links__oneway_column_opens_the_other_rows_both_ways(tmp_path: Path) -> None:
    links = "F_NODE,T_NODE,MAX_SPD,LENGTH,one\nA,B,60,1000,no\nB,C,50,1200,1\n"
    network = load(tmp_path, **tables(tmp_path, links), oneway="one").network
    assert kmh(network) == [[60, 60], [50, 0]]


def test_links__loops_parallels_and_zero_lengths_survive(tmp_path: Path) -> None:
    links = "F_NODE,T_NODE,MAX_SPD,LENGTH\nA,B,60,1000\nA,B,30,1000\nB,A,30,1000\nC,C,20,300\nB,C,50,0\n"
    network = load(tmp_path, **tables(tmp_path, links)).network
    assert kmh(network)[:2] == [[60, 30], [30, 0]]
    assert network.metres.tolist() == [1000, 1000, 300, 0]
    assert network.tail[2] == network.head[2]
    assert network.seconds["car"][6] == 0
    assert np.isinf(network.seconds["car"][7])


def test_links__fast_links_and_motorways_are_closed_to_feet(tmp_path: Path) -> None:
    links = "F_NODE,T_NODE,MAX_SPD,LENGTH,ROAD_RANK\nA,B,90,1000,103\nB,C,80,1200,101\nC,A,80,1500,107\n"
    roads = load(tmp_path, **tables(tmp_path, links))
    assert kmh(roads.network, "walk") == [[0, 0], [0, 0], [3, 3]]
    assert roads.network.ways == ("motorway", "primary", "unclassified")
    assert any("but for 2 of motorways" in note for note in roads.notes)


def test_links__stated_speeds_are_driven_unless_a_factor_is_set(tmp_path: Path) -> None:
    spec = tables(tmp_path)
    assert kmh(load(tmp_path, **spec, speeds={"preset": "kr"}).network)[0] == [60, 30]
    assert kmh(load(tmp_path, **spec, speeds={"factor": 0.65}).network)[0] == [39, 19.5]
    by_rank = tables(
        tmp_path, LINKS.replace("LANES", "ROAD_RANK").replace(",2,", ",103,").replace(",1,1200", ",107,1200")
    )
    own = load(tmp_path, **by_rank, speeds={"car": {"primary": "40 km/h"}}).network
    assert kmh(own) == [[40, 40], [50, 0]]


def test_links__class_alone_gives_the_preset_speed(tmp_path: Path) -> None:
    links = "F_NODE,T_NODE,LENGTH,highway\nA,B,1000,primary\n"
    network = load(tmp_path, **tables(tmp_path, links), speeds={"preset": "kr", "factor": 1}).network
    assert kmh(network) == [[80, 0]]


def test_links__modes_limit_who_may_use_them(tmp_path: Path) -> None:
    network = load(tmp_path, **tables(tmp_path), modes=["walk"]).network
    assert np.isinf(network.seconds["car"]).all()
    assert np.isfinite(network.seconds["walk"]).all()


def test_links__without_lengths_are_measured(tmp_path: Path) -> None:
    links = "F_NODE,T_NODE,MAX_SPD\nB,C,50\n"
    roads = load(tmp_path, **tables(tmp_path, links))
    assert roads.network.metres[0] == pytest.approx(1109.6, abs=0.2)  # 0.01 degrees of a meridian at 36°
    assert any("lengths are measured" in note for note in roads.notes)


def test_links__clip_marks_the_border(tmp_path: Path) -> None:
    network = load(tmp_path, **tables(tmp_path), clip=shapely.box(126.9, 35.9, 127.005, 36.1)).network
    assert network.n_segments == 1
    assert network.border.tolist() == [False, True]


@pytest.mark.parametrize(
    ("links", "nodes", "told"),
    [
        ("F_NOD,T_NODE,MAX_SPD\nA,B,50\n", NODES, ["name the column for 'from'", "it has F_NOD, T_NODE, MAX_SPD"]),
        ("F_NODE,T_NODE,LENGTH\nA,B,50\n", NODES, ["name the column for 'speed'"]),
        (LINKS.replace("3,B,C", "3,B,Z").replace("2,B,A", "2,Q,A"), NODES, ["not place: Z (line 4)", "Q (line 3)"]),
        (LINKS.replace(",60,", ",0,").replace(",30,", ",-3,"), NODES, ["MAX_SPD must be above 0 km/h: line 2, line 3"]),
        (LINKS.replace(",60,", ",,"), NODES, ["MAX_SPD must be above 0 km/h: line 2"]),
        (LINKS.replace(",60,", ",600,"), NODES, ["must be in km/h, 200 at most: line 2"]),
        (LINKS.replace(",60,", ",fast,"), NODES, ["'MAX_SPD' must hold numbers", "fast"]),
        (LINKS.replace("1200", "-1"), NODES, ["LENGTH must be 0 or more metres: line 4"]),
        (LINKS.replace("1,A,B", "1,,B"), NODES, ["rows without a node: line 2"]),
        (LINKS, NODES.replace("NODE_ID", "code"), ["name the column with the node's id"]),
        (LINKS, NODES + "A,127,36\n", ["node ids repeat: A"]),
        (LINKS, NODES.replace("127.01,36.01", ","), ["does not place: C"]),
        (LINKS, "NODE_ID,x,y\nA,956000,1770000\nB,957000,1770000\nC,957000,1771000\n", ["not in degrees", "give crs"]),
    ],
)  # fmt: skip
def test_links__faults_are_told_with_rows(tmp_path: Path, links: str, nodes: str, told: list[str]) -> None:
    with pytest.raises(InputError) as caught:
        load(tmp_path, **tables(tmp_path, links, nodes))
    for text in told:
        assert text in str(caught.value)


def test_links__several_faults_are_told_at_once(tmp_path: Path) -> None:
    wrong = LINKS.replace(",60,", ",0,").replace("1200", "-1").replace("2,B,A", "2,,A")
    with pytest.raises(InputError) as caught:
        load(tmp_path, **tables(tmp_path, wrong))
    assert [fault.path for fault in caught.value.faults] == [("speed",), ("length",), ("from",)]


def test_links__without_geometry_or_nodes_say_so(tmp_path: Path) -> None:
    tables(tmp_path)
    with pytest.raises(InputError, match="name the table of nodes"):
        load(tmp_path, path="links.csv")
    with pytest.raises(InputError, match="there is no file") as caught:
        load(tmp_path, path="links.csv", nodes={"path": "nods.csv"})
    assert caught.value.faults[0].path == ("nodes", "path")


def test_links__geometry_without_a_crs_is_refused(tmp_path: Path) -> None:
    line = shapely.LineString([(200_000, 400_000), (200_300, 400_000)])
    frame = gpd.GeoDataFrame({"F_NODE": ["A"], "T_NODE": ["B"], "MAX_SPD": [36.0]}, geometry=[line])
    with pytest.warns(UserWarning, match="crs"):
        frame.to_file(tmp_path / "l.shp")
    with pytest.raises(InputError, match="does not say its coordinate system"):
        load(tmp_path, path="l.shp")
    assert load(tmp_path, path="l.shp", crs="EPSG:5186").network.metres == pytest.approx([300], rel=1e-3)


def test_doan__every_link_is_there_with_its_length_and_time(shared: Path) -> None:
    table = gpd.read_file(shared / "daejeon" / "doan_links.gpkg")
    network = load(shared / "daejeon", path="doan_links.gpkg").network
    arcs = network.seconds["car"]
    assert arcs[np.isfinite(arcs)].sum() == pytest.approx((table.LENGTH / table.MAX_SPD * 3.6).sum(), rel=1e-9)
    one_way_m = np.where(np.isfinite(arcs.reshape(-1, 2)), network.metres[:, None], 0).sum()
    assert one_way_m == pytest.approx(table.LENGTH.sum(), rel=1e-9)
    lines = {(row.F_NODE, row.T_NODE, tuple(row.geometry.coords)) for row in table.itertuples()}
    two_way = sum((head, tail, line[::-1]) in lines for tail, head, line in lines) // 2
    assert any(f"{two_way:,} two-way" in note for note in network.notes)


@pytest.mark.parametrize("weight", ["seconds", "metres"])
def test_doan__shortest_ways_are_those_of_networkx_on_the_table(shared: Path, weight: str) -> None:
    table = gpd.read_file(shared / "daejeon" / "doan_links.gpkg")
    spec = {"path": "doan_links.gpkg", "nodes": {"path": "doan_nodes.gpkg"}}
    network = load(shared / "daejeon", **spec).network
    places = gpd.read_file(shared / "daejeon" / "doan_nodes.gpkg").to_crs("EPSG:5179").set_index("NODE_ID").geometry
    plain = nx.MultiDiGraph()
    for row in table.itertuples():
        plain.add_edge(
            row.F_NODE, row.T_NODE, cost=row.LENGTH / (row.MAX_SPD / 3.6) if weight == "seconds" else row.LENGTH
        )
    ours = graph_of(network, weight)
    vertex = {(round(x, 3), round(y, 3)): i for i, (x, y) in enumerate(zip(network.x_m, network.y_m, strict=True))}
    position = {
        node: vertex[round(places[node].x, 3), round(places[node].y, 3)] for node in plain if node in places.index
    }
    start = sorted(position)[100]
    expected = nx.single_source_dijkstra_path_length(plain, start, weight="cost")
    found = nx.single_source_dijkstra_path_length(ours, position[start], weight="cost")
    assert len(expected) > 1500
    for node, cost in expected.items():
        # twins may differ by one metre in length; their mean is kept
        assert found[position[node]] == pytest.approx(cost, rel=1e-9 if weight == "seconds" else 1e-3)
