"""OpenStreetMap's servers in bad weather: a server that runs here and misbehaves in every way that they do."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

import numpy as np
import pytest

from lifezone.errors import InputError
from lifezone.sources.reading import Reading
from lifezone.sources.roads import OsmBbox, asking
from tests.sources.test_roads_osmnx import BOX, FERRY, THINGS, WAYS, elements, snapshot

Handler = Callable[["Answers", str, int], bool]
"""Gets the answering side, the query and how many points its polygon has; True when it has answered."""


class Answers(BaseHTTPRequestHandler):
    server: Weather

    def log_message(self, *args: Any) -> None:
        """Say nothing."""

    def send(self, body: bytes, code: int = 200, length: int | None = None, **headers: str) -> None:
        self.send_response(code)
        self.send_header("Content-Length", str(len(body) if length is None else length))
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(body)

    def do_POST(self) -> None:
        query = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())["data"][0]
        what = "ferry" if '"ferry"' in query else "roads" if "way[" in query and "node[" not in query else "things"
        self.server.asked.append(query)
        if self.server.handler(self, what, query):
            return
        found = {"ferry": elements(FERRY), "roads": elements(WAYS), "things": THINGS}[what]
        self.send(json.dumps({"elements": found}).encode())


class Weather(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Answers)
        self.asked: list[str] = []
        self.handler: Any = lambda *_: False


@pytest.fixture
def weather(monkeypatch: pytest.MonkeyPatch) -> Iterator[Weather]:
    monkeypatch.setattr(asking, "PAUSES_S", (0.0, 0.0))
    slept: list[float] = []
    monkeypatch.setattr(asking.time, "sleep", slept.append)
    with Weather() as running:
        running.slept = slept  # type: ignore[attr-defined]
        thread = threading.Thread(target=running.serve_forever, args=(0.01,), daemon=True)
        thread.start()
        before = snapshot()
        yield running
        assert snapshot() == before
        running.shutdown()
        thread.join()


def area(weather: Weather, **keys: Any) -> OsmBbox:
    address = f"http://127.0.0.1:{weather.server_address[1]}"
    return OsmBbox(bbox=keys.pop("bbox", BOX), endpoint=f"{address}/api", nominatim=address, cache="c", **keys)


def load(weather: Weather, folder: Path, **keys: Any) -> Any:
    return area(weather, **keys).load(Reading(folder=folder, crs="EPSG:5179", speeds={"factor": 1}))


def first(times: int, do: Callable[[Answers], None], what: str = "roads") -> Any:
    left = [times]

    def handler(side: Answers, asked: str, _query: str) -> bool:
        if asked != what or left[0] <= 0:
            return False
        left[0] -= 1
        do(side)
        return True

    return handler


def kept(folder: Path) -> list[dict[str, Any]]:
    return [json.loads(path.read_text(encoding="utf-8")) for path in sorted((folder / "c").glob("*.json"))]


def test_weather__too_many_requests_waits_as_long_as_the_server_says(weather: Weather, tmp_path: Path) -> None:
    weather.handler = first(1, lambda side: side.send(b"slow down", 429, Retry_After="17"))
    roads = load(weather, tmp_path)
    assert roads.network.n_segments == 6
    assert 17.0 in weather.slept  # type: ignore[attr-defined]
    assert "status 429 Too Many Requests: asked again after 17 s" in roads.notes


def test_weather__a_wait_without_end_is_not_waited_for(weather: Weather, tmp_path: Path) -> None:
    weather.handler = first(99, lambda side: side.send(b"", 429, Retry_After="86400"))
    with pytest.raises(InputError, match="asks to wait 86,400 s"):
        load(weather, tmp_path)
    assert len(weather.asked) == 1
    assert 86400.0 not in weather.slept  # type: ignore[attr-defined]


def test_weather__half_a_body_is_asked_again_and_never_kept(weather: Weather, tmp_path: Path) -> None:
    whole = json.dumps({"elements": elements(WAYS)}).encode()
    for do in (
        lambda side: side.send(whole[: len(whole) // 2]),  # a proxy that closed the text early
        lambda side: side.send(whole[:-40], length=len(whole)),  # the line broke
        lambda side: side.send(b"<html>The server is probably too busy</html>"),
        lambda side: side.send(b""),
    ):
        folder = tmp_path / str(len(weather.asked))
        folder.mkdir()
        weather.handler = first(2, do)
        roads = load(weather, folder)
        assert roads.network.n_segments == 6
        assert sum("asked again" in note for note in roads.notes) >= 1
        assert all(isinstance(answer["elements"], list) for answer in kept(folder))
        assert len(kept(folder)) == 3
    weather.handler = first(99, lambda side: side.send(whole[:-9]))
    gone = tmp_path / "gone"
    gone.mkdir()
    with pytest.raises(InputError, match=r"after 3 tries .half an answer"):
        load(weather, gone)
    assert kept(gone) == []


def test_weather__part_of_the_data_with_a_remark_is_no_answer(weather: Weather, tmp_path: Path) -> None:
    part = {"elements": elements(WAYS)[:3], "remark": 'runtime error: Query timed out in "recurse" at line 1'}
    weather.handler = first(1, lambda side: side.send(json.dumps(part).encode()))
    roads = load(weather, tmp_path)
    assert roads.network.n_segments == 6
    assert any("Query timed out" in note and "asked in pieces of" in note for note in roads.notes)
    assert not any("remark" in answer for answer in kept(tmp_path))


def size_of(query: str) -> float:
    """Width times height of the polygon that a query asks about, in square degrees."""
    numbers = np.array(query.split("poly:'")[1].split("'", maxsplit=1)[0].split(), dtype=float)
    return float(np.ptp(numbers[0::2]) * np.ptp(numbers[1::2]))


@pytest.mark.parametrize("code", [504, 413])
def test_weather__an_area_too_large_is_cut_until_it_fits(weather: Weather, tmp_path: Path, code: int) -> None:
    whole = (BOX[2] - BOX[0]) * (BOX[3] - BOX[1])

    def handler(side: Answers, _what: str, query: str) -> bool:
        if size_of(query) <= whole / 3:
            return False
        side.send(b"too much", code)
        return True

    weather.handler = handler
    roads = load(weather, tmp_path)
    assert roads.network.n_segments == 6  # every way once, though several pieces hold it
    assert any(note.endswith("km²") for note in roads.notes)
    pieces = [query for query in weather.asked if size_of(query) <= whole / 3]
    assert len(pieces) >= 8


def test_weather__pieces_that_were_answered_are_not_asked_again(weather: Weather, tmp_path: Path) -> None:
    whole = (BOX[2] - BOX[0]) * (BOX[3] - BOX[1])
    small: list[str] = []

    def handler(side: Answers, what: str, query: str) -> bool:
        if size_of(query) > whole / 3:
            side.send(b"", 413)
            return True
        small.append(query)
        if what == "roads" and len(small) == 5:
            side.send(b"", 500)
            return True
        return False

    weather.handler = handler
    assert load(weather, tmp_path).network.n_segments == 6
    assert len(small) - len(set(small)) == 1  # only the one that failed


def test_weather__a_server_that_is_silent_is_given_up(
    weather: Weather, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(asking, "TIMEOUT_S", 0.05)
    monkeypatch.setattr(asking, "FINEST", 1)
    done = threading.Event()

    def handler(*_: Any) -> bool:
        done.wait(20)
        return True

    weather.handler = handler
    begin = time.monotonic()
    with pytest.raises(InputError, match="no answer in time"):
        load(weather, tmp_path)
    done.set()
    assert len(weather.asked) <= 8
    assert time.monotonic() - begin < 15
    assert kept(tmp_path) == []


def test_weather__an_empty_answer_is_doubted_once_and_not_kept(weather: Weather, tmp_path: Path) -> None:
    empty = json.dumps({"elements": []}).encode()
    left = [2]  # roads and ferries of the first question

    def handler(side: Answers, _what: str, _query: str) -> bool:
        if left[0] <= 0:
            return False
        left[0] -= 1
        side.send(empty)
        return True

    weather.handler = handler
    roads = load(weather, tmp_path)
    assert roads.network.n_segments == 6
    assert any("an empty answer: asked again" in note for note in roads.notes)
    left[0] = 99
    other = tmp_path / "other"
    other.mkdir()
    with pytest.raises(InputError, match="nothing was found"):
        load(weather, other)
    assert kept(other) == []


def test_weather__an_answer_half_written_to_the_disk_is_asked_for_again(weather: Weather, tmp_path: Path) -> None:
    before = load(weather, tmp_path).network
    for path in (tmp_path / "c").glob("*.json"):
        path.write_text(path.read_text(encoding="utf-8")[:-20], encoding="utf-8")
    asked = len(weather.asked)
    again = load(weather, tmp_path)
    assert np.array_equal(again.network.seconds["car"], before.seconds["car"])
    assert len(weather.asked) > asked
    assert any("answers on disk were damaged" in note for note in again.notes)
    assert len(kept(tmp_path)) == 3
