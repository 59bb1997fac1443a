"""Turn rules from OpenStreetMap relations and from tables: what is applied, and why the rest is not."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import shapely
from pydantic import ValidationError

from lifezone.errors import InputError
from lifezone.model import Network
from lifezone.sources.reading import Reading
from lifezone.sources.roads import Links, OsmFile
from lifezone.sources.turns import TurnsSpec, with_turns

# A crossing at node 5: way 1 from the west, 2 to the east, 3 from the south (one-way), 4 to the north, 6 a footway;
# way 7 runs right through node 8, the east end of way 2.
CROSSING = """<osm version="0.6">
<node id="1" lat="36.000" lon="126.999"/><node id="2" lat="36.000" lon="127.001"/>
<node id="3" lat="35.999" lon="127.000"/><node id="4" lat="36.001" lon="127.000"/>
<node id="5" lat="36.000" lon="127.000"/><node id="6" lat="36.001" lon="127.001"/>
<node id="9" lat="35.999" lon="127.001"/><node id="10" lat="36.0015" lon="127.001"/>
<way id="1"><nd ref="1"/><nd ref="5"/><tag k="highway" v="primary"/></way>
<way id="2"><nd ref="5"/><nd ref="2"/><tag k="highway" v="primary"/></way>
<way id="3"><nd ref="3"/><nd ref="5"/><tag k="highway" v="residential"/><tag k="oneway" v="yes"/></way>
<way id="4"><nd ref="5"/><nd ref="4"/><tag k="highway" v="residential"/></way>
<way id="6"><nd ref="5"/><nd ref="6"/><tag k="highway" v="footway"/></way>
<way id="7"><nd ref="9"/><nd ref="2"/><nd ref="10"/><tag k="highway" v="residential"/></way>
{}</osm>"""


def relation(number: int, value: str, come: int = 1, go: int = 4, via: str = 'type="node" ref="5"', **tags: str) -> str:
    """Write a restriction; ``value`` is the tag ``restriction`` unless tags say otherwise."""
    named = {"restriction": value, **{key.replace("__", ":"): text for key, text in tags.items()}}
    lines = "".join(f'<tag k="{key}" v="{text}"/>' for key, text in named.items() if text)
    return (
        f'<relation id="{number}"><member type="way" ref="{come}" role="from"/><member {via} role="via"/>'
        f'<member type="way" ref="{go}" role="to"/><tag k="type" v="restriction"/>{lines}</relation>'
    )


def read(folder: Path, *relations: str, clip: Any = None, **spec: Any) -> Network:
    (folder / "a.osm").write_text(CROSSING.format("".join(relations)), encoding="utf-8")
    reading = Reading(folder=folder, crs="EPSG:5179", clip=clip)
    roads = OsmFile(path="a.osm").load(reading)
    return with_turns(roads.network, roads.ids, TurnsSpec.model_validate(spec), roads.relations, reading)


def turns_of(network: Network) -> list[tuple[Any, ...]]:
    """Return the rules as (x and y of where they come from and go to, seconds, only), in degrees of the compass."""
    turns = network.turns["car"]

    def compass(arc: int, end: int) -> str:
        ends = (network.tail[arc // 2], network.head[arc // 2])[:: 1 if arc % 2 == 0 else -1]
        here, there = ends[1 - end], ends[end]
        dx, dy = network.x_m[here] - network.x_m[there], network.y_m[here] - network.y_m[there]
        return "WESN"[(0 if dx < 0 else 1) if abs(dx) > abs(dy) else (2 if dy < 0 else 3)]

    return [
        (compass(int(come), 1), compass(int(go), 0), seconds, only)
        for come, go, seconds, only in zip(turns.from_arc, turns.to_arc, turns.seconds.tolist(), turns.only.tolist(),
                                           strict=True)
    ]  # fmt: skip


def told(network: Network) -> str:
    return next(note for note in network.notes if note.startswith("turn restrictions (car)"))


@pytest.mark.parametrize(
    ("value", "expected"),
    [("no_left_turn", ("W", "N", np.inf, False)), ("only_left_turn", ("W", "N", 0.0, True))],
)
def test_restrictions__name_the_arm_they_come_from_and_the_one_they_go_to(tmp_path, value, expected):
    network = read(tmp_path, relation(1, value))
    assert turns_of(network) == [expected]
    assert told(network) == "turn restrictions (car): 1 read, 1 turns ruled"


@pytest.mark.parametrize(
    ("text", "why"),
    [
        (relation(1, "", restriction__hgv="no_left_turn"), "1 are for other vehicles alone"),
        (relation(1, "", restriction__conditional="no_left_turn @ (Mo-Fr 07:00-09:00)"), "1 hold at some times only"),
        (relation(1, "no_left_turn", **{"except": "bus;motorcar"}), "1 except car"),
        (relation(1, "no_parking"), "1 have a value that is not known"),
        (relation(1, "no_left_turn", via='type="way" ref="2"'), "1 lead over a way"),
        (relation(1, "no_left_turn").replace('role="to"', 'role="end"'), "1 lack a from, via or to member"),
        (relation(1, "no_left_turn", go=99), "1 name a road that is not loaded"),
        (relation(1, "no_left_turn", go=6), "1 concern a road that is closed to car"),
        (relation(1, "no_left_turn", go=3), "1 concern a road that is closed to car"),
        (relation(1, "no_left_turn", come=2, go=7, via='type="node" ref="2"'), "1 name a road that runs through"),
    ],
)
def test_restrictions__that_are_not_applied_are_told_with_the_reason(tmp_path, text, why):
    network = read(tmp_path, text)
    assert turns_of(network) == []
    assert f"1 read, 0 turns ruled; not applied: {why}" in told(network)


def test_restrictions__for_motorcars_go_before_those_for_all(tmp_path):
    assert turns_of(read(tmp_path, relation(1, "no_left_turn", restriction__motorcar="only_left_turn"))) == [
        ("W", "N", 0.0, True)
    ]


def test_restrictions__on_turning_round_mean_one_arm(tmp_path):
    assert turns_of(read(tmp_path, relation(1, "no_u_turn", come=1, go=1))) == [("W", "W", np.inf, False)]


def test_restrictions__with_several_ways_rule_each_of_them(tmp_path):
    several = relation(1, "no_entry").replace("<member", '<member type="way" ref="2" role="from"/><member', 1)
    assert sorted(turns_of(read(tmp_path, several))) == [("E", "N", np.inf, False), ("W", "N", np.inf, False)]


def test_restrictions__said_twice_count_once_and_contradictions_are_told(tmp_path):
    network = read(
        tmp_path, *(relation(i, value) for i, value in enumerate(["no_left_turn"] * 2 + ["only_left_turn"], 1))
    )
    assert len(turns_of(network)) == 2
    assert told(network).endswith("3 read, 2 turns ruled; 1 contradict one another, the ban holds")


def test_restrictions__beyond_the_clip_are_not_counted(tmp_path):
    east = shapely.box(127.0005, 35.99, 127.01, 36.01)
    network = read(tmp_path, relation(1, "no_left_turn", come=2, go=7, via='type="node" ref="2"'),
                   relation(2, "no_left_turn", via='type="node" ref="4"'), clip=east)  # fmt: skip
    assert told(network).startswith("turn restrictions (car): 1 read")


def test_restrictions__can_be_left_alone_and_costs_be_had(tmp_path):
    network = read(tmp_path, relation(1, "no_left_turn"), restrictions=False, costs="drive_left")
    turns = network.turns["car"]
    assert (len(turns.seconds), turns.left_s, turns.right_s, turns.u_turn_s) == (0, 2.1, 5.4, 27.5)
    assert any("2.1 s to the left, 5.4 s to the right" in note for note in network.notes)
    assert read(tmp_path, costs={"left": "8 s", "u_turn": "30 s"}).turns["car"].left_s == 8.0
    assert not read(tmp_path, u_turns="dead_ends").turns["car"].turns_round


def test_turns__a_block_that_says_nothing_is_refused():
    with pytest.raises(ValidationError, match="says nothing about turns"):
        TurnsSpec.model_validate({"restrictions": False})


def test_turn_table__names_osm_nodes_and_ways(tmp_path):
    (tmp_path / "t.csv").write_text("junction,into,out_of,what,wait\n5,1,4,banned,\n5,1,2,,12.5\n5,4,1,allowed,\n")
    table = {"path": "t.csv", "node": "junction", "from": "into", "to": "out_of", "type": "what", "seconds": "wait"}
    network = read(tmp_path, restrictions=False, table=table)
    assert sorted(turns_of(network)) == [("W", "E", 12.5, False), ("W", "N", np.inf, False)]


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("node,from,to,type\n5,1,4,maybe\n", r"t.csv, line 2: expected banned, only, allowed or a code .* maybe"),
        ("node,from,to,type\n5,west,4,banned\n", r"t.csv, line 2: expected whole numbers"),
        ("node,from,to,type\n5,1,4,banned\n77,1,4,banned\n", r"1 of its junctions are not in the roads: '?77"),
        ("node,from,to,type\n77,1,4,banned\n", r"none of its junctions, e.g. 77, is in the roads"),
        ("node,from,to\n5,1,4\n", r"name the column with the type or the seconds"),
        ("node,from,seconds\n5,1,4\n", r"name the column with the link that leads on; there are"),
        ("node,from,to,seconds\n5,1,4,-3\n", r"line 2: seconds must be 0 or more"),
        ("node,from,to,seconds\n5,1,4,soon\n", r"column 'seconds' must hold numbers: line 2 'soon'"),
    ],
)
def test_turn_table__faults_say_what_and_where(tmp_path, text, why):
    (tmp_path / "t.csv").write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match=why):
        read(tmp_path, restrictions=False, table={"path": "t.csv"})


NODES = "NODE_ID,x,y\nA,127.00,36.00\nB,127.01,36.00\nC,127.01,36.01\nD,127.02,36.00\n"
LINKS = "LINK_ID,F_NODE,T_NODE,MAX_SPD,LENGTH\n1,A,B,60,1000\n2,B,A,60,1000\n3,B,C,50,1200\n4,B,D,60,900\n"


def korean(folder: Path, turninfo: str, links: str = LINKS, **spec: Any) -> Network:
    for name, text in (("links.csv", links), ("nodes.csv", NODES), ("TURNINFO.csv", turninfo)):
        (folder / name).write_text(text, encoding="utf-8")
    reading = Reading(folder=folder, crs="EPSG:5179")
    roads = Links.model_validate({"type": "links", "path": "links.csv", "nodes": {"path": "nodes.csv"}}).load(reading)
    spec = {"restrictions": False, "table": {"path": "TURNINFO.csv"}, **spec}
    return with_turns(roads.network, roads.ids, TurnsSpec.model_validate(spec), roads.relations, reading)


def test_turn_table__of_the_korean_node_links_is_understood_as_published(tmp_path):
    head = "NODE_ID,TURN_ID,ST_LINK,ED_LINK,TURN_TYPE,TURN_OPER,REMARK\n"
    rows = "B,0001,1,3,101,1,\nB,0002,1,4,001,1,\nB,0003,1,2,011,1,\n"
    assert turns_of(korean(tmp_path, head + rows)) == [("W", "N", np.inf, False)]


def test_turn_table__needs_roads_with_ids(tmp_path):
    with pytest.raises(InputError, match="no ids of junctions and links"):
        korean(tmp_path, "NODE_ID,ST_LINK,ED_LINK,TURN_TYPE\nB,1,3,101\n", LINKS.replace("LINK_ID", "number"))


def test_turn_table__of_a_real_korean_city(shared, tmp_path):
    import geopandas as gpd  # noqa: PLC0415

    links = gpd.read_file(shared / "daejeon" / "doan_links.gpkg", columns=["LINK_ID", "F_NODE", "T_NODE"])
    links = links.astype({"LINK_ID": str, "F_NODE": str, "T_NODE": str})
    pairs = links.merge(links, left_on="T_NODE", right_on="F_NODE", suffixes=("", "_to"))
    pairs = pairs[pairs["F_NODE"] != pairs["T_NODE_to"]].drop_duplicates(["LINK_ID", "LINK_ID_to"]).head(500)
    table = pairs[["T_NODE", "LINK_ID", "LINK_ID_to"]].set_axis(["NODE_ID", "ST_LINK", "ED_LINK"], axis=1)
    table.assign(TURN_TYPE="003").to_csv(tmp_path / "turns.csv", index=False)
    reading = Reading(folder=shared / "daejeon", crs="EPSG:5186")
    roads = Links.model_validate({"type": "links", "path": "doan_links.gpkg"}).load(reading)
    spec = TurnsSpec.model_validate({"restrictions": False, "table": {"path": str(tmp_path / "turns.csv")}})
    network = with_turns(roads.network, roads.ids, spec, None, reading)
    assert len(network.turns["car"].seconds) == 500
    assert "table of turns (car): 500 read, 500 turns ruled" in network.notes
