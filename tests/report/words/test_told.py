"""Notes of a run in Korean."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest
from ruamel.yaml import YAML

import lifezone
from lifezone.report.words.told import is_told_in_korean, told_in, without_folders

HOME = Path(lifezone.__file__).parent
ROOMS = ("assess.py", "caveats.py", "ferries.py", "scenario/frame.py", "scenario/world.py", "scenario/alternatives.py",
         "standards/judge.py", "standards/places.py", "standards/attendance.py", "sources/roads", "sources/synthetic",
         "sources/people", "sources/osm_facilities.py", "sources/osm/features.py", "sources/facility_table.py",
         "sources/slope.py", "improve/neighbours.py", "improve/money.py")  # fmt: skip
NAMES = {"notes", "warnings"}
PIECES = {"Q7 or with Q7 km/h and more"}
"""Ends of sentences that are made in two steps; their whole forms are in the table."""


def _files():
    """Yield the sources of the rooms."""
    for room in ROOMS:
        yield from [HOME / room] if room.endswith(".py") else sorted((HOME / room).rglob("*.py"))


def _form(node):
    """Return a text of the source with its fields as marks, or None."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    if isinstance(node, ast.JoinedStr):
        return "".join(part.value if isinstance(part, ast.Constant) else "Q7" for part in node.values)
    return None


def _told_in(tree):
    """Yield the texts that are added to ``notes`` and ``warnings``."""
    for node in ast.walk(tree):
        values = []
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "append":
            if isinstance(node.func.value, ast.Name) and node.func.value.id in NAMES:
                values = node.args
        elif isinstance(node, ast.AugAssign) and isinstance(node.target, ast.Name) and node.target.id in NAMES:
            values = getattr(node.value, "elts", [])
        for value in values:
            text = _form(value)
            if text is not None and text.count(" ") > 2:
                yield text


def test_told__every_note_that_the_main_rooms_make_has_a_korean_form():
    texts = {text: file.name for file in _files() for text in _told_in(ast.parse(file.read_text(encoding="utf-8")))}
    assert len(texts) > 25
    silent = {text: file for text, file in texts.items() if not is_told_in_korean(text) and text not in PIECES}
    assert not silent


@pytest.mark.parametrize(
    ("sentence", "korean"),
    [
        ("coordinates: EPSG:5179, chosen from where the study lies", "좌표계: EPSG:5179 (대상지역 위치에 따라 고름)"),
        ("walking at 3 km/h, as the standard assumes", "보행 속도 3 km/h (기준이 정한 값)"),
        (
            "car: a part of the roads of 1.5 km is not connected both ways with the largest one; <10 people hang on it",
            "자동차: 전체 도로망과 양방향으로 이어지지 않는 1.5 km 구간이 있고, 10명 미만이 그 구간에 붙어 있음",
        ),
        (
            "ferries: were none to run, no facility could be reached any more by people: rural_fire 146; "
            "it would take longer for: nobody; met now and not then for: rural_fire <10",
            "여객선이 끊기면 시설에 아예 가지 못하는 사람: rural_fire 146. 더 오래 걸리는 사람: 없음. "
            "기준 안에서 밖으로 밀려나는 사람: rural_fire 10 미만",
        ),
        (
            "loaded to 30 km beyond the area; the standard reaches to 60 km (rural_clinic, 60 min by car): set "
            "area.buffer to load more",
            "대상지역 밖 30 km까지 불러옴. 기준은 60 km까지 미치므로(rural_clinic, 60분 by car) 더 불러오려면 "
            "area.buffer를 정할 것",
        ),
    ],
)  # fmt: skip
def test_told__says_the_same_with_the_same_numbers(sentence, korean):
    assert told_in("ko", sentence) == korean
    assert told_in("en", sentence) == sentence


def test_told__ids_are_said_as_people_call_them_and_nothing_else_is_touched():
    names = {"rural_fire": "소방차 도착", "car": "승용차"}
    said = told_in("ko", "the verdict hangs on the access leg alone for people: rural_fire 146, rural_fire_2 3", names)
    assert said.endswith(": 소방차 도착 146, rural_fire_2 3")
    assert told_in("en", "rural_fire: x", {"rural_fire": "fire engine"}) == "fire engine: x"


def test_told__what_is_not_known_stays_as_it_is():
    assert told_in("ko", "something nobody has thought of") == "something nobody has thought of"
    assert not is_told_in_korean("something nobody has thought of")


def test_told__both_halves_of_every_form_have_the_same_fields():
    pairs = YAML(typ="safe").load((HOME / "report" / "words" / "told.yaml").read_text(encoding="utf-8"))
    for english, korean in pairs:
        fields = [set(re.findall(r"\{(\w+)", text)) for text in (english, korean)]
        assert fields[0] == fields[1], english
        assert re.search("[가-힣]", korean), korean
    assert len({english for english, _ in pairs}) == len(pairs)


def test_told_in__tells_the_runs_of_a_feed_with_the_day_of_the_week() -> None:
    told = told_in("ko", "bus.zip: 2,374 runs on 2019-05-15, a Wednesday (as the scenario says)")
    assert told == "bus.zip: 2019-05-15(수)의 운행 2,374회 [시나리오가 정한 날]"
    told = told_in("ko", "bus.zip: 9 runs on 2019-05-15, a Wednesday (20 of 22 weekdays have its 9 runs)")
    assert told == "bus.zip: 2019-05-15(수)의 운행 9회 [평일 22일 가운데 20일의 운행이 9회]"


def test_told_in__says_in_korean_how_many_there_are_in_all() -> None:
    told = told_in("ko", "x, y … (50 in all): in no attendance area, open only to people who are in none either")
    assert told.startswith("x, y … (모두 50개):")


@pytest.mark.parametrize(
    ("note", "shown"),
    [
        ("/home/kim/data/clinics.csv: no row is a clinic", "clinics.csv: no row is a clinic"),
        (r"C:\Users\kim\clinics.csv: x", "clinics.csv: x"),
        ("tables/clinics.csv: x", "tables/clinics.csv: x"),
        ("3 km/h, 1/2 of a/b", "3 km/h, 1/2 of a/b"),
        ("and/or", "and/or"),
    ],
)
def test_told__a_report_does_not_tell_how_a_disk_is_laid_out(note, shown):
    assert without_folders(note) == shown


def test_told__lines_of_files_are_counted_in_korean():
    sentence = "a.csv: no row is a clinic: nobody has one in reach"
    assert "행" in told_in("ko", sentence)
    assert told_in("ko", "synthetic roads, none of them exists: 3 segments, line 38 km").endswith("38행 km")
