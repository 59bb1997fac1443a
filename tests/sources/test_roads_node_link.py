"""The standard node-link files, written in their exact layout: links, nodes and turn rules."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow as pa
import pyogrio
import pytest
import shapely
from typer.testing import CliRunner

from lifezone.cli import app
from lifezone.errors import InputError
from lifezone.inspection import look_at_all, scenario_yaml
from lifezone.scenario import gather
from lifezone.sources import Reading
from lifezone.sources.roads import NodeLink
from lifezone.sources.roads.node_link import Companion
from lifezone.sources.turns import TurnsSpec, TurnTable, with_turns

X0, Y0 = 230_000.0, 415_000.0  # in EPSG:5186, the south of Daejeon
PLACES = {"1840000100": (0, 0), "1840000200": (1_000, 0), "1840000300": (2_000, 0), "1840000400": (1_000, 1_000)}
A, B, C, D = PLACES
#        link, from, to, rank, road use, connect, max speed, rest_veh, length
LINKS = [
    ("1840000101", A, B, "107", "0", "000", 60, "0", 1_000.0),
    ("1840000102", B, A, "107", "0", "000", 60, "0", 1_000.0),
    ("1840000103", B, C, "103", "0", "000", 80, "4", 1_000.0),
    ("1840000104", B, D, "101", "0", "102", 0, "0", 1_100.0),  # a ramp without a speed
    ("1840000105", D, B, "106", "0", "000", 50, "1", 1_000.0),  # closed to cars
    ("1840000106", C, D, "106", "1", "000", 50, "0", 1_500.0),  # not in use
]
TURNS = [
    (B, "0001", "1840000101", "1840000104", "101", "0"),  # no left from A–B into B–D
    (B, "0002", "1840000101", "1840000102", "011", "0"),  # a U-turn is allowed
    (B, "0003", "1840000101", "1840000103", "102", "1"),  # straight on, at some hours only
    (B, "0004", "9999999999", "1840000103", "003", "0"),  # a link that is not there
    (D, "0005", "1840000104", "1840000103", "003", "0"),  # links that do not meet
]


def written(folder: Path) -> NodeLink:
    """Write MOCT_LINK.shp, MOCT_NODE.shp and TURNINFO.dbf as published: CP949, EPSG:5186."""
    place = {key: (X0 + x, Y0 + y) for key, (x, y) in PLACES.items()}
    lines = [shapely.LineString([place[one[1]], place[one[2]]]) for one in LINKS]
    n = len(LINKS)
    fields = ("LINK_ID", "F_NODE", "T_NODE", "ROAD_RANK", "ROAD_USE", "CONNECT", "MAX_SPD", "REST_VEH", "LENGTH")
    column = {name: [row[at] for row in LINKS] for at, name in enumerate(fields)}
    table = pa.table({
        "LINK_ID": column["LINK_ID"], "F_NODE": column["F_NODE"], "T_NODE": column["T_NODE"], "LANES": [2] * n,
        "ROAD_RANK": column["ROAD_RANK"], "ROAD_TYPE": ["000"] * n, "ROAD_NO": ["1"] * n, "ROAD_NAME": ["계백로"] * n,
        "ROAD_USE": column["ROAD_USE"], "MULTI_LINK": ["0"] * n, "CONNECT": column["CONNECT"],
        "MAX_SPD": column["MAX_SPD"], "REST_VEH": column["REST_VEH"], "REST_W": [0] * n, "REST_H": [0] * n,
        "LENGTH": column["LENGTH"], "REMARK": [""] * n, "wkb": [shapely.to_wkb(line) for line in lines],
    })  # fmt: skip
    kind = {"crs": "EPSG:5186", "geometry_name": "wkb", "encoding": "CP949", "driver": "ESRI Shapefile"}
    pyogrio.write_arrow(table, folder / "MOCT_LINK.shp", geometry_type="LineString", **kind)
    points = pa.table({
        "NODE_ID": list(place), "NODE_TYPE": ["101"] * 4, "NODE_NAME": ["교차로"] * 4, "TURN_P": ["0"] * 4,
        "REMARK": [""] * 4, "wkb": [shapely.to_wkb(shapely.Point(xy)) for xy in place.values()],
    })  # fmt: skip
    pyogrio.write_arrow(points, folder / "MOCT_NODE.shp", geometry_type="Point", **kind)
    names = ("NODE_ID", "TURN_ID", "ST_LINK", "ED_LINK", "TURN_TYPE", "TURN_OPER")
    turns = pa.table(
        {name: [row[at] for row in TURNS] for at, name in enumerate(names)} | {"REMARK": [""] * len(TURNS)}
    )
    pyogrio.write_arrow(turns, folder / "TURNINFO.dbf", driver="ESRI Shapefile", encoding="CP949", geometry_type=None)
    return NodeLink(type="node_link", path="MOCT_LINK.shp")


def vertices(network) -> dict[tuple[int, int], int]:
    """Return place, from the corner of the written file → vertex."""
    places = zip(network.x_m, network.y_m, strict=True)
    return {(round(float(x - X0)), round(float(y - Y0))): at for at, (x, y) in enumerate(places)}


def ends(network, arc: int) -> tuple[int, int]:
    """Return the vertices that an arc leads from and to."""
    one, two = network.tail[arc // 2], network.head[arc // 2]
    return (int(one), int(two)) if arc % 2 == 0 else (int(two), int(one))


def test_node_link__ranks_speeds_ramps_and_restrictions_are_read(tmp_path):
    reading = Reading(tmp_path, "EPSG:5186")
    network = written(tmp_path).load(reading).network
    at = {
        (round(float(x - X0)), round(float(y - Y0))): v
        for v, (x, y) in enumerate(zip(network.x_m, network.y_m, strict=True))
    }
    a, b, c, d = (at[PLACES[key]] for key in (A, B, C, D))
    car = {ends(network, arc): float(s) for arc, s in enumerate(network.seconds["car"]) if np.isfinite(s)}
    assert car[(a, b)] == pytest.approx(60.0)  # 1 km at 60 km/h
    assert car[(b, a)] == pytest.approx(60.0)
    assert car[(b, c)] == pytest.approx(45.0)  # closed to lorries only
    assert (b, d) in car  # no speed: that of a motorway ramp
    assert (d, b) not in car  # closed to cars
    assert (c, d) not in car  # not in use
    assert set(network.ways) == {"unclassified", "primary", "motorway_link", "tertiary"}
    assert network.names[network.name[0]] == "계백로"
    notes = " ".join(network.notes)
    assert "1 links that are not in use" in notes
    assert "1 links are closed to cars" in notes
    assert "1 links state no speed" in notes
    assert reading.inputs[0]["rows"] == 6
    assert (reading.inputs[0]["used"], reading.inputs[0]["refused"]) == (5, 1)


def test_node_link__turn_rules_name_the_arcs_of_their_links(tmp_path):
    reading = Reading(tmp_path, "EPSG:5186")
    roads = written(tmp_path).load(reading)
    rules = TurnsSpec(table=TurnTable(path="TURNINFO.dbf"))
    network = with_turns(roads.network, roads.ids, rules, roads.relations, reading)
    turns = network.turns["car"]
    at = vertices(network)
    a, b, d = (at[PLACES[key]] for key in (A, B, D))
    pairs = zip(turns.from_arc, turns.to_arc, strict=True)
    banned = [(ends(network, int(one)), ends(network, int(two))) for one, two in pairs]
    assert ((a, b), (b, d)) in banned
    assert np.isinf(turns.seconds).all()


def test_node_link__a_table_without_geometry_needs_its_nodes(tmp_path):
    text = "LINK_ID,F_NODE,T_NODE,LANES,ROAD_RANK,MAX_SPD,LENGTH\n1,a,b,2,107,36,1000\n"
    (tmp_path / "l.csv").write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match="name the nodes"):
        NodeLink(type="node_link", path="l.csv").load(Reading(tmp_path, "EPSG:5186"))
    (tmp_path / "n.csv").write_text("NODE_ID,x,y\na,230000,415000\nb,231000,415000\n", encoding="utf-8")
    spec = NodeLink(type="node_link", path="l.csv", nodes=Companion(path="n.csv"), crs="EPSG:5186")
    network = spec.load(Reading(tmp_path, "EPSG:5186")).network
    assert network.seconds["car"].tolist() == [100.0, np.inf]


def test_node_link__inspect_joins_the_files_into_one_network_that_loads(tmp_path):
    written(tmp_path)
    files = [str(tmp_path / name) for name in ("MOCT_LINK.shp", "MOCT_NODE.shp", "TURNINFO.dbf")]
    seen, failed = look_at_all(files)
    assert not failed
    assert [one.report.form for one in seen] == ["node_link_link", "node_link_node", "node_link_turn"]
    yaml = scenario_yaml(seen, tmp_path)
    assert "turns: {table: {path: TURNINFO.dbf}}" in yaml
    (tmp_path / "p.csv").write_text("x,y,n\n127.34,36.34,5\n", encoding="utf-8")
    rest = (
        "demand: {type: table, path: p.csv, x: x, y: y, groups: {total: n}}\n"
        "facilities: [{type: table, path: p.csv, kind: clinic, x: x, y: y}]\n"
        "standard: {requirements: [{id: c, kind: clinic, mode: car, bound: 30 min}]}\n"
    )
    (tmp_path / "s.yaml").write_text(yaml + rest, encoding="utf-8")
    _, built, faults = gather(tmp_path / "s.yaml")
    assert not faults, [str(fault) for fault in faults]
    assert len(built.world.network.turns["car"].from_arc) >= 1
    done = CliRunner().invoke(app, ["inspect", *files])
    assert done.exit_code == 0
    assert "표준노드링크" in done.output


@pytest.mark.shared
def test_node_link__real_links_read_as_link_tables_do(shared):
    from lifezone.sources.roads import Links  # noqa: PLC0415

    one = NodeLink(type="node_link", path="daejeon/doan_links.gpkg").load(Reading(shared, "EPSG:5179")).network
    two = Links(path="daejeon/doan_links.gpkg").load(Reading(shared, "EPSG:5179")).network
    assert np.array_equal(one.seconds["car"], two.seconds["car"])
    assert np.array_equal(one.tail, two.tail)
