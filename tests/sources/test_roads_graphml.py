"""GraphML as OSMnx saves it: a real one (version 1.7), one saved here by version 2, broken ones."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import networkx as nx
import numpy as np
import osmnx
import pytest
import shapely
from pyproj import Transformer

from lifezone.errors import InputError
from lifezone.sources.reading import Reading
from lifezone.sources.roads import GraphMl, Roads

SEOUL = "seoul_roads/central_seoul_drive_20231218.graphml"


def load(folder: Path, name: str, **reading: Any) -> Roads:
    return GraphMl(path=name).load(Reading(folder=folder, **{"crs": "EPSG:5179", **reading}))


def saved(folder: Path, *edges: tuple[int, int, dict[str, Any]], name: str = "g.graphml") -> str:
    graph = nx.MultiDiGraph(crs="epsg:4326")
    places = {1: (127.0, 37.0), 2: (127.01, 37.0), 3: (127.01, 37.01)}
    for node, (x, y) in places.items():
        graph.add_node(node, x=x, y=y, street_count=1)
    for i, (u, v, data) in enumerate(edges):
        graph.add_edge(u, v, osmid=i, oneway=False, reversed=False, **{"length": 1000.0, **data})
    osmnx.save_graphml(graph, folder / name)
    return name


def kmh(roads: Roads) -> list[list[float]]:
    network = roads.network
    with np.errstate(divide="ignore"):
        return (np.repeat(network.metres, 2) / network.seconds["car"] * 3.6).round(6).reshape(-1, 2).tolist()


def test_seoul__every_edge_keeps_its_saved_length(shared: Path) -> None:
    roads = load(shared, SEOUL, speeds={"preset": "kr"})
    network = roads.network
    graph = nx.read_graphml(shared / SEOUL)
    assert graph.number_of_edges() == 8830
    lengths = sum(float(data["length"]) for _, _, data in graph.edges(data=True) if data.get("access") != "no")
    arcs = np.isfinite(network.seconds["car"].reshape(-1, 2))
    closed = 4  # told in the notes
    assert any(f"{closed} edges closed" in note for note in roads.notes)
    assert np.where(arcs, network.metres[:, None], 0).sum() == pytest.approx(lengths, rel=2e-3)
    assert GraphMl(path=SEOUL).extent(shared) == pytest.approx((126.95, 37.544, 127.007, 37.589), abs=1e-3)


def test_seoul__shortest_lengths_are_those_of_networkx(shared: Path) -> None:
    network = load(shared, SEOUL).network
    graph = nx.read_graphml(shared / SEOUL)
    closed = [(u, v) for u, v, data in graph.edges(data=True) if data.get("access") in {"no", "private"}]
    graph.remove_edges_from(closed)
    for *_, data in graph.edges(data=True):
        data["metres"] = float(data["length"])
    ours = nx.DiGraph()
    for s in range(network.n_segments):
        for back in (0, 1):
            if np.isfinite(network.seconds["car"][2 * s + back]):
                u, v = (int(network.tail[s]), int(network.head[s]))[:: 1 - 2 * back]
                ours.add_edge(u, v, metres=min(network.metres[s], ours.get_edge_data(u, v, {}).get("metres", np.inf)))
    to_metres = Transformer.from_crs("EPSG:4326", "EPSG:5179", always_xy=True)
    vertex = {(round(x, 3), round(y, 3)): i for i, (x, y) in enumerate(zip(network.x_m, network.y_m, strict=True))}

    def place(node: str) -> int | None:
        x, y = to_metres.transform(float(graph.nodes[node]["x"]), float(graph.nodes[node]["y"]))
        return vertex.get((round(x, 3), round(y, 3)))

    start = sorted(graph)[50]
    expected = nx.single_source_dijkstra_path_length(graph, start, weight="metres")
    found = nx.single_source_dijkstra_path_length(ours, place(start), weight="metres")
    assert len(expected) > 2000
    for node, metres in expected.items():
        assert found[place(node)] == pytest.approx(metres, abs=0.5, rel=1e-5)


def test_graphml__twins_become_one_road_with_bends(tmp_path: Path) -> None:
    bend = shapely.LineString([(127.0, 37.0), (127.005, 37.003), (127.01, 37.0)])
    name = saved(
        tmp_path,
        (1, 2, {"highway": "primary", "maxspeed": "60", "geometry": bend, "name": "가로"}),
        (2, 1, {"highway": "primary", "maxspeed": "30", "geometry": bend.reverse(), "name": "가로"}),
        (2, 3, {"highway": ["residential", "tertiary"], "maxspeed": ["50", "40"], "length": 1200.0}),
    )
    network = load(tmp_path, name, speeds={"factor": 1}).network
    assert network.n_segments == 3
    assert network.metres == pytest.approx([500, 500, 1200], rel=1e-3)
    assert kmh(load(tmp_path, name, speeds={"factor": 1})) == [[60, 30], [60, 30], [40, 0]]
    assert [network.ways[way] for way in network.way] == ["primary", "primary", "residential"]
    assert network.names[network.name[0]] == "가로"
    assert np.isfinite(network.seconds["walk"]).all()


def test_graphml__saved_times_and_speeds_are_kept(tmp_path: Path) -> None:
    name = saved(
        tmp_path,
        (1, 2, {"highway": "primary", "travel_time": 100.0, "speed_kph": 99.0}),
        (2, 3, {"highway": "primary", "speed_kph": 45.0}),
    )
    assert kmh(load(tmp_path, name)) == [[36, 0], [45, 0]]
    assert kmh(load(tmp_path, name, speeds={"factor": 0.5})) == [[18, 0], [22.5, 0]]
    assert kmh(load(tmp_path, name, speeds={"car": {"primary": "20 km/h"}})) == [[20, 0], [20, 0]]


def test_graphml__roundabouts_and_motorways_are_not_turned(tmp_path: Path) -> None:
    name = saved(
        tmp_path,
        (2, 1, {"highway": "motorway", "maxspeed": "100"}),
        (3, 2, {"highway": "tertiary", "junction": "roundabout", "maxspeed": "30"}),
    )
    roads = load(tmp_path, name, speeds={"factor": 1})
    assert kmh(roads) == [[100, 0], [30, 0]]
    assert np.isinf(roads.network.seconds["walk"]).tolist() == [True, True, False, False]


def test_graphml__without_lengths_is_measured(tmp_path: Path) -> None:
    name = saved(tmp_path, (2, 3, {"highway": "primary", "length": "unknown"}))
    assert load(tmp_path, name).network.metres[0] == pytest.approx(1109.8, abs=0.3)


def test_graphml__clip_marks_the_border(tmp_path: Path) -> None:
    name = saved(tmp_path, (1, 2, {"highway": "primary"}), (2, 3, {"highway": "primary"}))
    network = load(tmp_path, name, clip=shapely.box(126.9, 36.9, 127.005, 37.1)).network
    assert network.n_segments == 1
    assert network.border.tolist() == [False, True]


GRAPH = "<graphml xmlns='http://graphml.graphdrawing.org/xmlns'>{}</graphml>"
PAIR = "<node id='a'/><node id='b'/><edge source='a' target='b'/>"


@pytest.mark.parametrize(
    "content",
    [
        "", "hello", "<html></html>", GRAPH.format(""),
        GRAPH.format("<graph edgedefault='directed'><node id='a'/></graph>"),
        GRAPH.format(f"<graph edgedefault='undirected'>{PAIR}</graph>"),
        GRAPH.format(f"<graph edgedefault='directed'>{PAIR}</graph>"),
    ],
)  # fmt: skip
def test_graphml__broken_files_are_told(tmp_path: Path, content: str) -> None:
    (tmp_path / "g.graphml").write_text(content, encoding="utf-8")
    with pytest.raises(InputError, match=r"g\.graphml") as caught:
        load(tmp_path, "g.graphml")
    assert caught.value.faults[0].path == ("path",)


def test_graphml__missing_file_is_told(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="there is no file"):
        load(tmp_path, "none.graphml")
