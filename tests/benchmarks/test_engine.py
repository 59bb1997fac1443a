"""The engine's benchmark writes every ratio under its name, with answers that agree, whatever is installed."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

import pytest

from benchmarks import contests, peers
from benchmarks.engine import NAMES, main
from benchmarks.engine_table import AIMS, MARKS, table
from benchmarks.measure import optional
from benchmarks.networks import ROOT

MODULES = {
    "nearest_vs_pandana": "pandana",
    "k_nearest_vs_pandana": "pandana",
    "matrix_vs_pandana": "pandana",
    "prepare_vs_routingkit": "routingkit_ch",
}


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    path = tmp_path_factory.mktemp("engine") / "told.json"
    main(["--nodes", "1200", "--json", str(path)])
    told: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return told


def test_engine__every_name_holds_a_ratio_or_null(report: dict[str, Any]) -> None:
    for name in NAMES:
        missing = name == "matrix_vs_osrm" or (name in MODULES and optional(MODULES[name]) is None)
        assert (report[name] is None) == missing, name
        if not missing:
            ratio = report[name]["ratio"]
            assert math.isfinite(ratio)
            assert ratio > 0
            assert report[name]["equal"] is True, name


def test_engine__says_what_was_timed_on_what(report: dict[str, Any]) -> None:
    assert 900 < report["nodes"] < 1500
    told = [report[name] for name in NAMES if report[name] is not None]
    functions = {one["ours"]["function"] for one in told}
    assert {"lifezone.routing.nearest_field", "lifezone.routing.node_matrix", "lifezone.routing.Field.open"} < functions
    assert all({"unit", "peer"} < set(one) for one in told)
    assert {"order", "customise", "contract"} < set(report["preparing"])


def test_engine__the_table_tells_all_and_what_was_missed(report: dict[str, Any]) -> None:
    text = table(report)
    assert all(aim.against in text for aim in AIMS.values())
    assert "| OSRM `table` | not installed |" in text
    assert set(NAMES) < set(AIMS) | {"nearest_vs_pandana"}
    slow = {**report, "matrix_vs_scipy": {**report["matrix_vs_scipy"], "ratio": 1.5, "equal": False}}
    assert "| 1.5 × | 1,000 ×, missed | **no** |" in table(slow)


def test_engine__a_peer_that_is_not_installed_is_null(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(peers, "optional", lambda _name: None)
    nothing: Any = None  # a missing peer is given no roads
    assert peers.pandana_of(nothing) is None
    assert contests.k_nearest(nothing, None) == {"k_nearest_vs_pandana": None}
    assert contests.preparation(nothing) == {"prepare_vs_routingkit": None}


def test_readme__holds_the_marks() -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    assert all(text.count(mark) == 1 for mark in MARKS)


def test_engine__too_few_nodes_are_refused(tmp_path: Path) -> None:
    with pytest.raises(SystemExit):
        main(["--nodes", "10", "--json", str(tmp_path / "x.json")])


def test_engine__a_report_that_could_not_be_written_is_refused_before_it_is_measured(tmp_path, capsys) -> None:
    for path in (tmp_path, tmp_path / "nowhere" / "told.json"):
        with pytest.raises(SystemExit):
            main(["--nodes", "1200", "--json", str(path)])
        assert "no file can be written there" in capsys.readouterr().err
