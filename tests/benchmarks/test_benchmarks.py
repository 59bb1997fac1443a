"""The benchmarks run at their smallest size, with or without the peers, and say what they found."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest

from benchmarks import searches
from benchmarks.__main__ import main
from benchmarks.memory import _peaks
from benchmarks.networks import ROOT
from benchmarks.processes import _run, help_start
from benchmarks.report import markdown, write_block
from benchmarks.stages import compile_kernels


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    folder = tmp_path_factory.mktemp("benchmarks")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("LIFEZONE_SHARED", str(folder))  # Andorra is not at hand there
        compile_kernels()  # from the usual cache
        main(["--nodes", "600", "--parts", "searches", "--json", str(folder / "told.json")])
    report: dict[str, Any] = json.loads((folder / "told.json").read_text(encoding="utf-8"))
    return report


def test_benchmarks__no_answer_differs_from_scipy(told: dict[str, Any]) -> None:
    network = told["searches"]["networks"][-1]
    assert 500 < network["nodes"] < 700
    asked = {(one["name"], one["question"]): one for one in network["contenders"]}
    for ours in (("lifezone", "nodes"), ("lifezone", "vertices"), ("lifezone, bare search", "nodes")):
        assert asked[ours]["differ"] == 0
        assert len(asked[ours]["seconds"]) == 10
    assert {"contract", "first search", "anchor", "open from cache"} == set(network["stages"])
    assert network["compiled_while_timed"] == 0


def test_benchmarks__what_is_not_at_hand_is_said(told: dict[str, Any]) -> None:
    assert "LIFEZONE_SHARED" in told["searches"]["networks"][0]["skipped"]
    assert "its file is not at hand" in markdown(told)


def test_benchmarks__a_peer_that_is_not_installed_is_said(told: dict[str, Any]) -> None:
    network = told["searches"]["networks"][-1]
    alone = {**network, "contenders": [one for one in network["contenders"] if one["name"] != "pandana"]}
    assert "not installed" in markdown({**told, "searches": {**told["searches"], "networks": [alone]}})


def test_benchmarks__a_missing_peer_is_no_contender(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(searches, "optional", lambda _name: None)
    assert searches._pandana(None) is None  # type: ignore[arg-type]


def test_benchmarks__an_aim_that_is_missed_is_said() -> None:
    measured = {"name": "demo", "first_s": 61.0, "warm_s": 9.0, "first_mib": 2049.0, "warm_mib": None}
    text = markdown({"machine": {"cores": 1, "system": "", "python": "", "versions": {}}, "processes": [measured]})
    assert "61.0 s (aim 60 s, missed)" in text
    assert "9.0 s (aim 10 s)" in text
    assert "2,049 MiB (aim 2048 MiB, missed)" in text


def test_benchmarks__a_busy_machine_is_said() -> None:
    machine = {"cores": 2, "system": "", "python": "", "versions": {}, "load": 0.3, "load after": 1.1}
    assert "busy" not in markdown({"machine": machine})
    assert "(load 3.0 to 1.1 on 2 cores)" in markdown({"machine": {**machine, "load": 3.0}})


def test_benchmarks__settings_are_put_back(told: dict[str, Any]) -> None:
    assert told["nodes"] == 600
    assert "MPLCONFIGDIR" not in os.environ or "roads" not in os.environ["LIFEZONE_CACHE"]


def test_memory__peaks_rise_from_stage_to_stage() -> None:
    peak = _peaks(600, 10)["peak_mib"]
    known = [one for one in peak.values() if one is not None]
    assert list(peak) == ["start", "open", "contract", "anchor", "nearest"]
    assert known == sorted(known)


def test_processes__a_command_that_fails_is_no_timing(tmp_path: Path) -> None:
    with pytest.raises(RuntimeError, match=r"ended with 2[\s\S]*nothing\.yaml"):
        _run(["run", str(tmp_path / "nothing.yaml")], tmp_path)


def test_readme__only_the_block_is_written(tmp_path: Path) -> None:
    readme = tmp_path / "README.md"
    before, _, rest = (ROOT / "README.md").read_text(encoding="utf-8").partition("<!-- benchmarks: begin -->")
    after = rest.partition("<!-- benchmarks: end -->")[2]
    readme.write_text((ROOT / "README.md").read_text(encoding="utf-8"), encoding="utf-8")
    write_block(readme, "new")
    marks = "<!-- benchmarks: begin -->\nnew\n<!-- benchmarks: end -->"
    assert readme.read_text(encoding="utf-8") == f"{before}{marks}{after}"


def test_readme__without_marks_nothing_is_written(tmp_path: Path) -> None:
    readme = tmp_path / "README.md"
    readme.write_text("no marks", encoding="utf-8")
    with pytest.raises(ValueError, match="marks"):
        write_block(readme, "new")
    assert readme.read_text(encoding="utf-8") == "no marks"


def test_processes__help_is_told_beside_numpy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("benchmarks.processes.HELP_RUNS", 1)
    taken = help_start()
    assert 0 < taken["cpu_s"] < 60
    assert 0 < taken["numpy_cpu_s"] < 60
    text = markdown({"machine": {"cores": 1, "system": "", "python": "", "versions": {}}, "processes": [taken]})
    assert "lifezone --help" in text
