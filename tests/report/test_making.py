"""A report put into a folder of results: whole or not at all, the same bytes again, told in the manifest."""

from __future__ import annotations

import errno
import hashlib
import json
import os
import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from lifezone.cli import app
from lifezone.errors import InputError, LifezoneError
from lifezone.model import ReportWish
from lifezone.report import council, making, write
from lifezone.report.document import Document, Paragraph, Section
from lifezone.report.making import make_report
from lifezone.report.material import Material
from lifezone.report.words import Texts
from tests.report import worlds


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("결과 folder") / "out"
    write(worlds.result(cells=300, maps=False), folder)
    return folder


@pytest.fixture
def out(source: Path, tmp_path: Path) -> Path:
    folder = tmp_path / "out"
    shutil.copytree(source, folder)
    return folder


@pytest.fixture(autouse=True)
def _short_report(monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> None:
    """Sections have tests of their own: here a report is short, but where a test asks for the whole one."""
    if "same_report_as_the_command" in request.node.name:
        return
    text = f"{worlds.EVIL} 한빛"

    def short(material: Material, texts: Texts) -> Document:
        told = (Paragraph(text), Paragraph(f"{material.disclose} {material.groups}"))
        return Document(texts.language, text, "", (Section("one", text, told),))

    monkeypatch.setattr(council, "council_report", short)


def hashes(folder: Path) -> dict[str, str]:
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def manifest_of(folder: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    return found


def pages(made: list[Path]) -> list[str]:
    """Return the names of the report's files, without the values for forms beside it."""
    return [path.name for path in made if path.parent.name != "forms"]


def test_make_report__adds_files_and_changes_no_other(out: Path) -> None:
    (out / "notes.txt").write_text("of the user")
    before = hashes(out)
    made = make_report(out)
    assert pages(made) == ["report.ko.html", "report.en.html"]
    after = hashes(out)
    assert set(after) - set(before) == {path.relative_to(out).as_posix() for path in made}
    assert {name for name in before if before[name] != after[name]} == {"manifest.json"}
    told = manifest_of(out)
    assert {name: entry["sha256"] for name, entry in told["report"].items()} == {
        name: after[name] for name in (path.relative_to(out).as_posix() for path in made)
    }
    assert list(told)[-1] == "run"
    assert told["report"]["report.ko.html"]["language"] == "ko"
    assert sorted(one.name for one in out.parent.iterdir()) == ["out"]


def test_make_report__same_folder_same_bytes(out: Path) -> None:
    make_report(out)
    first = hashes(out)
    make_report(out)
    assert hashes(out) == first


def test_make_report__does_not_hang_on_what_the_run_section_says(out: Path) -> None:
    make_report(out)
    first = hashes(out)
    told = manifest_of(out)
    told["run"]["started"] = "2030-01-01T00:00:00Z"
    told["run"]["host"] = "elsewhere"
    (out / "manifest.json").write_text(json.dumps(told, ensure_ascii=False), encoding="utf-8")
    make_report(out)
    second = hashes(out)
    assert {name for name in first if first[name] != second[name]} <= {"manifest.json"}


def test_make_report__another_format_leaves_those_that_are_there(out: Path) -> None:
    make_report(out, languages=("ko",))
    page = (out / "report.ko.html").read_bytes()
    made = make_report(out, languages=("en",), formats=("xlsx",))
    assert pages(made) == ["report.en.xlsx"]
    assert (out / "report.ko.html").read_bytes() == page
    told = {name for name in manifest_of(out)["report"] if not name.startswith("forms/")}
    assert told == {"report.en.xlsx", "report.ko.html"}


def test_write__makes_the_same_report_as_the_command(tmp_path: Path) -> None:
    result = worlds.result(cells=120, maps=False, variants=False)
    write(replace(result, report=ReportWish(languages=("ko",))), tmp_path / "one")
    write(result, tmp_path / "two")
    make_report(tmp_path / "two", languages=("ko",))
    first, second = hashes(tmp_path / "one"), hashes(tmp_path / "two")
    assert {name for name in first.keys() | second.keys() if first.get(name) != second.get(name)} <= {"manifest.json"}
    told = [manifest_of(tmp_path / name) for name in ("one", "two")]
    assert told[0]["report"] == told[1]["report"]


def test_write__results_stand_when_the_report_fails(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object, **__: object) -> None:
        raise InputError("no report today")

    monkeypatch.setattr(making, "_write", fail)
    with pytest.raises(InputError, match="no report today"):
        write(replace(worlds.result(cells=300, maps=False), report=ReportWish()), tmp_path / "out")
    told = manifest_of(tmp_path / "out")
    assert {name: sha for name, sha in hashes(tmp_path / "out").items() if name != "manifest.json"} == told["files"]


@pytest.mark.parametrize("at", ["_write", "_keep", "_tell"])
def test_make_report__leaves_the_older_one_whole_when_it_fails(
    out: Path, monkeypatch: pytest.MonkeyPatch, at: str
) -> None:
    make_report(out)
    before = hashes(out)
    real = getattr(making, at)

    def fail(*arguments: Any, **more: Any) -> None:
        real(*arguments, **more)
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(making, at, fail)
    with pytest.raises(LifezoneError, match="the disk is full"):
        make_report(out, disclose=True)
    assert hashes(out) == before
    assert sorted(one.name for one in out.parent.iterdir()) == ["out"]


def test_make_report__finishes_a_swap_that_was_cut_off(out: Path) -> None:
    make_report(out)
    before = hashes(out)
    out.rename(out.with_name("out.old"))
    assert make_report(out)
    assert hashes(out) == before


def test_make_report__copies_where_files_cannot_be_linked(out: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = hashes(out)

    def refuse(*_: object) -> None:
        raise OSError(errno.EPERM, "Operation not permitted")

    monkeypatch.setattr(os, "link", refuse)
    make_report(out, languages=("en",))
    after = hashes(out)
    assert {name: after[name] for name in before if name != "manifest.json"} == {
        name: sha for name, sha in before.items() if name != "manifest.json"
    }


def test_make_report__refuses_unknown_languages_and_formats_at_once(out: Path) -> None:
    with pytest.raises(InputError) as caught:
        make_report(out, languages=("ko", "fr"), formats=("docx",))
    told = str(caught.value)
    assert "no report in 'fr'" in told
    assert "no report format 'docx': expected one of html, pdf, xlsx, hwpx, maps" in told


def test_make_report__names_the_command_for_a_missing_package(out: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(making, "find_spec", lambda _: None)
    with pytest.raises(InputError, match=r"python -m pip install 'lifezone\[hwpx\]'"):
        make_report(out, formats=("hwpx",))
    assert "report" not in manifest_of(out)


def test_report__says_what_was_written_in_the_language(out: Path) -> None:
    told = CliRunner().invoke(app, ["report", str(out), "--lang", "ko", "--quiet"])
    assert told.exit_code == 0, told.output
    assert "보고서" in told.output
    assert "report.ko.html (" in told.output
    assert "report.en.html" not in told.output


def test_report__exits_with_2_where_the_folder_is_none_of_ours(tmp_path: Path) -> None:
    (tmp_path / "x.txt").write_text("mine")
    told = CliRunner().invoke(app, ["report", str(tmp_path)])
    assert told.exit_code == 2
    assert "holds no result of lifezone" in told.output
    assert [one.name for one in tmp_path.iterdir()] == ["x.txt"]


@pytest.mark.parametrize("arguments", [["--lang", "fr"], ["--format", "docx"], ["--format", ","]])
def test_report__exits_with_2_for_what_it_does_not_know(out: Path, arguments: list[str]) -> None:
    assert CliRunner().invoke(app, ["report", str(out), *arguments]).exit_code == 2
