"""Roads from Overpass and Nominatim, asked from a server that runs here on a free port and answers as they do."""

from __future__ import annotations

import json
import math
import socket
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlparse

import numpy as np
import osmnx
import pytest
import shapely
from pydantic import ValidationError

from lifezone.errors import InputError
from lifezone.model import Kind
from lifezone.sources.osm_facilities import OsmFacilities
from lifezone.sources.reading import Reading
from lifezone.sources.roads import OsmArea, OsmBbox, OsmFile, OsmPlace, OsmPoint, asking

BOX = [126.99, 35.99, 127.03, 36.02]
STATUS = """Connected as: 2130706433
Current time: 2026-01-01T00:00:00Z
Announced endpoint: none
Rate limit: 2
2 slots available now.
Currently running queries (pid, space limit, time limit, start time):
"""
PLACES = {1: (127.0, 36.0), 2: (127.01, 36.0), 3: (127.01, 36.01), 4: (127.02, 36.01), 5: (127.06, 36.01)}
PLACES[6] = (127.0, 36.01)
WAYS: dict[int, tuple[list[int], dict[str, str]]] = {
    20: ([1, 2, 3], {"highway": "primary", "maxspeed": "60", "name": "가로"}),
    21: ([3, 4, 5], {"highway": "residential", "oneway": "-1"}),
    22: ([1, 6], {"highway": "residential", "access": "private"}),
    23: ([6, 3], {"highway": "footway"}),
}
FERRY: dict[int, tuple[list[int], dict[str, str]]] = {30: ([2, 4], {"route": "ferry", "duration": "00:20"})}
THINGS: list[dict[str, Any]] = [
    {"type": "node", "id": 50, "lat": 36.005, "lon": 127.005, "tags": {"place": "village", "name": "한빛리"}},
    {"type": "node", "id": 51, "lat": 36.006, "lon": 127.006, "tags": {"amenity": "pharmacy", "name": "약국"}},
]


def elements(ways: dict[int, tuple[list[int], dict[str, str]]]) -> list[dict[str, Any]]:
    used = sorted({node for nodes, _ in ways.values() for node in nodes})
    return [
        *({"type": "node", "id": i, "lon": PLACES[i][0], "lat": PLACES[i][1]} for i in used),
        *({"type": "way", "id": i, "nodes": nodes, "tags": tags} for i, (nodes, tags) in ways.items()),
    ]


class Server(ThreadingHTTPServer):
    """Answers like Overpass and Nominatim; counts what it was asked; fails the first ``busy`` times."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Answers)
        self.asked: list[str] = []
        self.busy = 0
        self.code = 429
        self.empty = False

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"


class Answers(BaseHTTPRequestHandler):
    server: Server

    def log_message(self, *args: Any) -> None:
        """Say nothing."""

    def _send(self, body: str, code: int = 200) -> None:
        data = body.encode()
        self.send_response(code)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def do_GET(self) -> None:
        url = urlparse(self.path)
        self.server.asked.append(url.path)
        if url.path == "/api/status":
            self._send(STATUS)
        elif url.path == "/search":
            name = parse_qs(url.query)["q"][0]
            found = json.loads(shapely.to_geojson(shapely.box(*BOX)))
            if name == "A point":
                found = {"type": "Point", "coordinates": [127, 36]}
            row = {"place_id": 1, "osm_type": "relation", "osm_id": 7, "lat": "36", "lon": "127", "class": "boundary",
                   "type": "administrative", "importance": 0.5, "display_name": name, "name": name,
                   "boundingbox": ["35.99", "36.02", "126.99", "127.03"], "geojson": found}  # fmt: skip
            self._send(json.dumps([] if name == "Nowhere" else [row]))
        else:
            self._send("", 404)

    def do_POST(self) -> None:
        query = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())["data"][0]
        self.server.asked.append("ferry" if '"ferry"' in query else "roads" if '"highway"' in query else "things")
        if self.server.busy > 0:
            self.server.busy -= 1
            self._send("busy", self.server.code)
            return
        answer = elements(FERRY if '"ferry"' in query else WAYS) if "way[" in query and "node[" not in query else THINGS
        if self.server.empty:
            answer = []
        self._send(json.dumps({"version": 0.6, "generator": "test", "elements": answer}))


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    monkeypatch.setattr(asking, "PAUSES_S", (0.0, 0.0))
    monkeypatch.setattr(osmnx._nominatim.time, "sleep", lambda _seconds: None)
    with Server() as running:
        thread = threading.Thread(target=running.serve_forever, args=(0.01,), daemon=True)
        thread.start()
        before = snapshot()
        yield running
        assert snapshot() == before  # every setting is put back, whatever happened
        running.shutdown()
        thread.join()


def snapshot() -> dict[str, Any]:
    settings = {name: repr(value) for name, value in vars(osmnx.settings).items() if not name.startswith("__")}
    return {**settings, "look-up": socket.getaddrinfo}


def reading(folder: Path, **more: Any) -> Reading:
    return Reading(folder=folder, **{"crs": "EPSG:5179", "speeds": {"factor": 1}, **more})


def at(server: Server, spec: type[OsmArea], **fields: Any) -> Any:
    return spec.model_validate(
        {**fields, "endpoint": f"{server.address}/api", "nominatim": server.address, "cache": "c"}
    )


def test_osm_bbox__reads_roads_as_they_are_mapped(server: Server, tmp_path: Path) -> None:
    source = at(server, OsmBbox, bbox=BOX)
    assert source.extent(tmp_path) == pytest.approx(tuple(BOX))
    study = reading(tmp_path)
    roads = source.load(study)
    network = roads.network
    # 20: two pieces; 21: 3–4 and 4–5, node 5 lies outside; 23 on foot; 30 ferry; 22 is private
    assert network.n_segments == 6
    assert [network.ways[way] for way in network.way] == ["primary"] * 2 + ["residential"] * 2 + ["footway", "ferry"]
    assert network.border.sum() == 1
    assert any(note == "1 ways closed to cars and feet left out" for note in network.notes)
    with np.errstate(divide="ignore"):
        car = (np.repeat(network.metres, 2) / network.seconds["car"] * 3.6).reshape(-1, 2)
    assert car[0] == pytest.approx([60, 60])
    # oneway=-1 on nodes 3, 4, 5: cars run west
    for s in (2, 3):
        east = network.x_m[network.head[s]] > network.x_m[network.tail[s]]
        assert (car[s] > 0).tolist() == ([False, True] if east else [True, False])
    assert network.seconds["car"][10:] == pytest.approx([1200 + 1800] * 2)  # 20 minutes, and half an hour of waiting
    assert roads.places.name.tolist() == ["한빛리"]
    assert study.inputs[0]["what"] == "roads"
    assert server.address in study.inputs[0]["path"]


def test_osm_bbox__is_the_same_network_as_from_a_file(server: Server, tmp_path: Path) -> None:
    nodes = "".join(f'<node id="{i}" lon="{x}" lat="{y}"/>' for i, (x, y) in PLACES.items())
    ways = "".join(
        f'<way id="{i}">' + "".join(f'<nd ref="{n}"/>' for n in refs)
        + "".join(f'<tag k="{k}" v="{v}"/>' for k, v in tags.items()) + "</way>"
        for i, (refs, tags) in {**WAYS, **FERRY}.items()
    )  # fmt: skip
    (tmp_path / "same.osm").write_text(f'<osm version="0.6">{nodes}{ways}</osm>', encoding="utf-8")
    asked = at(server, OsmBbox, bbox=BOX).load(reading(tmp_path)).network
    read = OsmFile(path="same.osm").load(reading(tmp_path, clip=shapely.box(*BOX))).network
    for column in ("x_m", "y_m", "border", "tail", "head", "metres", "way", "name"):
        assert np.array_equal(getattr(asked, column), getattr(read, column)), column
    for mode in ("car", "walk"):
        assert np.array_equal(asked.seconds[mode], read.seconds[mode])


def test_osm_place__asks_nominatim_and_point_draws_a_square(server: Server, tmp_path: Path) -> None:
    place = at(server, OsmPlace, place="Hanbit")
    assert place.extent(tmp_path) == pytest.approx(tuple(BOX))
    assert place.load(reading(tmp_path)).network.n_segments == 6
    assert server.asked.count("/search") == 1  # kept on disk
    point = at(server, OsmPoint, at=[127.01, 36.005], distance="2 km")
    west, south, east, north = point.extent(tmp_path)
    assert (north - south) * 111_000 == pytest.approx(4000, rel=0.01)
    assert (east - west) * 111_000 * math.cos(math.radians(36)) == pytest.approx(4000, rel=0.01)
    assert point.load(reading(tmp_path)).network.n_segments == 6


def test_osm_area__clip_is_what_is_asked_for_and_border(server: Server, tmp_path: Path) -> None:
    clip = shapely.box(127.005, 35.99, 127.03, 36.02)
    network = at(server, OsmPlace, place="Hanbit").load(reading(tmp_path, clip=clip)).network
    assert "/search" not in server.asked
    assert network.border.sum() == 3  # nodes 1, 5 and 6


def test_osm_area__asks_once_and_then_reads_the_disk(server: Server, tmp_path: Path) -> None:
    source = at(server, OsmBbox, bbox=BOX)
    first = source.load(reading(tmp_path)).network
    asked = len(server.asked)
    assert {"roads", "ferry", "things"} == set(server.asked)
    again = source.load(reading(tmp_path)).network
    assert len(server.asked) == asked
    assert np.array_equal(first.seconds["car"], again.seconds["car"])
    assert list((tmp_path / "c").glob("*.json"))


@pytest.mark.parametrize("code", [429, 504, 500, 503])
def test_osm_area__a_busy_server_is_asked_again_and_then_given_up(server: Server, tmp_path: Path, code: int) -> None:
    server.code, server.busy = code, 2
    assert at(server, OsmBbox, bbox=BOX).load(reading(tmp_path)).network.n_segments == 6
    server.busy = 1000
    other = at(server, OsmBbox, bbox=[126.98, 35.99, 127.03, 36.02])
    with pytest.raises(
        InputError, match=rf"no usable answer from .* after {12 if code == 504 else 3} tries \(status {code}"
    ) as caught:
        other.load(reading(tmp_path))
    assert caught.value.faults[0].path == ("endpoint",)


def test_osm_area__nothing_found_is_told(server: Server, tmp_path: Path) -> None:
    server.empty = True
    with pytest.raises(InputError, match="nothing was found") as caught:
        at(server, OsmBbox, bbox=BOX).load(reading(tmp_path))
    assert caught.value.faults[0].path == ("bbox",)
    with pytest.raises(InputError, match="nothing was found") as caught:
        at(server, OsmPlace, place="Nowhere").extent(tmp_path)
    assert caught.value.faults[0].path == ("place",)
    with pytest.raises(InputError, match="has no boundary"):
        at(server, OsmPlace, place="A point").extent(tmp_path)


def test_osm_area__a_dead_server_is_told(server: Server, tmp_path: Path) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    source = OsmPlace(place="Hanbit", nominatim=f"http://127.0.0.1:{port}", cache="c")
    with pytest.raises(InputError, match=f"no usable answer from http://127.0.0.1:{port}") as caught:
        source.extent(tmp_path)
    assert caught.value.faults[0].path == ("nominatim",)


def test_osm_facilities__come_from_the_server_of_the_roads(server: Server, tmp_path: Path) -> None:
    kinds = {"pharmacy": Kind("pharmacy", "약국", "pharmacy", ({"amenity": "pharmacy"},))}
    study = reading(tmp_path, kinds=kinds, network_source=at(server, OsmBbox, bbox=BOX))
    found = OsmFacilities(kind="pharmacy").load(study)
    assert found.ids.tolist() == ["node/51"]
    assert found.name.tolist() == ["약국"]
    server.empty = True
    nothing = OsmFacilities(kind="pharmacy").load(
        reading(tmp_path, kinds=kinds, network_source=at(server, OsmBbox, bbox=[0, 0, 1, 1]))
    )
    assert nothing.n_facilities == 0


@pytest.mark.parametrize(
    ("spec", "fields"),
    [
        (OsmBbox, {"bbox": [127.03, 35.99, 126.99, 36.02]}), (OsmBbox, {"bbox": [0.0, 0.0, 1.0]}),
        (OsmBbox, {"bbox": [35.0, 126.0, 36.0, 127.0]}), (OsmPoint, {"at": [36.0, 127.0], "distance": "1 km"}),
        (OsmPoint, {"at": [127.0, 36.0], "distance": 1000}), (OsmPlace, {"place": ""}),
        (OsmPlace, {"place": "x", "endpoint": "overpass"}), (OsmPlace, {"place": "x", "nominatim": "file:///etc/passwd"}),
    ],
)  # fmt: skip
def test_osm_area__odd_specs_are_refused(spec: type[OsmArea], fields: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        spec.model_validate(fields)
