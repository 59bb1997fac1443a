from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import pytest

from lifezone.errors import ScenarioError
from lifezone.monitor.watch import Watched
from lifezone.monitoring import monitor
from lifezone.report.document import Paragraph, Table
from lifezone.report.monitored import open_monitored, write_monitored
from lifezone.report.monitored_page import monitored_page
from lifezone.report.pages import text
from lifezone.report.watch import open_watched, watch_sections, watched_page
from lifezone.report.words.texts import texts_of

ROADS = """
name: 두 해
area: {network: {type: synthetic}, districts: {type: synthetic}}
demand: {type: synthetic}
facilities: [{type: synthetic}]
standard:
  requirements:
    - {id: clinic, kind: clinic, mode: car, bound: 15 min, name: {ko: 의원, en: Clinic}}
variants:
  - {name: east, edits: [{open: {kind: clinic, at: [127.47, 36.52], capacity: 1}}]}
"""
STUDY = """
name: 시험
districts: {table: {path: districts.csv, id: code, name: name, name_en: name_en}}
editions:
  - edition: 2015
    tables: [{type: table, path: t2015.csv, id: code, columns: {all: people, 65+: old, female 20-39: women}}]
  - edition: 2020
    tables: [{type: table, path: t2020.csv, id: code, columns: {all: people, 65+: old, female 20-39: women}}]
    scenario: roads.yaml
    survey: &survey
      path: s2020.csv
"""
SURVEY = """
      by: {district: sgg, gender: {column: sex, names: {'1': 남, '2': 여}}}
      questions:
        - {id: want, column: q1, asks: importance, about: 의료, scale: [1, 5], name: {ko: 중요한가, en: Important}}
        - {id: done, column: q2, asks: performance, about: 의료, scale: [1, 5]}
        - {id: stay, column: q3, asks: intention, choices: {'1': 정주, '2': 이주}, agree: ['1']}
"""
REST = """
  - edition: 2025
    tables: [{type: table, path: t2025.csv, id: code, columns: {all: people, 65+: old, female 20-39: women}}]
    scenario: {path: roads.yaml, variant: east}
    survey:
      path: s2025.csv
"""
END = """
warnings: {thresholds: [{indicator: 'survey:stay', below: 55, ko: 정주 55% 미만, en: stay below 55 %}]}
designations:
  - {extends: kr-growth-promotion-2026, eligible: {types: [eup, myeon]}, designated: ['9901310']}
  - id: ours
    name: {ko: 우리 요건, en: our rule}
    tests: {old: {indicator: elderly_share, at_least: 22}}
    grades: [{grade: 해당, all_of: [old]}]
    exceptions: {'9901390': 산간}
"""
DISTRICTS = [("9901250", "한빛읍", "Hanbit-eup"), ("9901310", "새터면", "Saeteo-myeon"),
             ("9901390", "아랫골면", "Araetgol-myeon")]  # fmt: skip


def table(path: Path, rows: list[tuple]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(rows)


@pytest.fixture(scope="module")
def study(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("study")
    (folder / "roads.yaml").write_text(ROADS, encoding="utf-8")
    table(folder / "districts.csv", [("code", "name", "name_en"), *DISTRICTS])
    for year, old in ((2015, 190), (2020, 205), (2025, 230)):
        rows = [(code, 1000 - (year - 2015) * at, old, 100) for at, (code, *_) in enumerate(DISTRICTS)]
        table(folder / f"t{year}.csv", [("code", "people", "old", "women"), *rows])
    random = np.random.default_rng(4)
    for year, share in ((2020, 0.7), (2025, 0.4)):
        rows = [(DISTRICTS[0 if n % 4 else 1][0], 1 + n % 2, 4 + n % 2, 2 + n % 3, 1 if random.random() < share else 2)
                for n in range(200)]  # fmt: skip
        table(folder / f"s{year}.csv", [("sgg", "sex", "q1", "q2", "q3"), *rows])
    body = STUDY.replace("&survey", "").rstrip() + SURVEY + REST.strip("\n") + SURVEY + END
    (folder / "study.yaml").write_text(body, encoding="utf-8")
    return folder / "study.yaml"


@pytest.fixture(scope="module")
def result(study):
    return monitor(study)


def test_watch__a_study_tells_every_part(result):
    watched = result.watched
    assert {row.edition for row in watched.answers} == {"2020", "2025"}
    assert {row.by for row in watched.crosstabs} == {"district", "gender"}
    assert [row.about for row in watched.gaps] == ["의료", "의료"]
    assert any(row.significant for row in watched.survey_changes if row.question == "stay")
    assert {row.edition for row in watched.changes} == {"2020", "2025"}
    assert {row.among for row in watched.ranks} == {"all", "type"}
    assert {one.step.designation for one in watched.designations} == {"kr-growth-promotion-2026", "ours"}


def test_watch__only_facilities_changed_and_all_of_it_is_theirs(result):
    rows = [row for row in result.watched.attribution if row.requirement == "clinic" and row.district == "all"]
    assert {row.measure for row in rows} == {"coverage", "covered", "uncovered"}
    for row in rows:
        assert row.facilities == row.change != 0
        assert (row.people, row.roads, row.standard) == (0, 0, 0)
        assert (row.edition_before, row.edition, row.name, row.name_en) == ("2020", "2025", "의원", "Clinic")


def test_watch__surveys_are_indicators_of_districts_with_errors(result):
    series = result.series
    at = series.at("survey:stay")
    assert series.indicators[at].group == "perception"
    assert series.indicators[at].sampled
    first = series.value[0, :, at]
    assert np.isnan(first[0])
    assert first[1] > first[2]
    assert (series.standard_error[0, 1:, at] > 0).all()
    answer = next(r for r in result.watched.answers if (r.edition, r.question, r.measure) == ("2025", "stay", "agree"))
    assert series.whole[2, at] == pytest.approx(100 * answer.value)


def test_watch__a_threshold_on_a_survey_warns(result):
    (row,) = [row for row in result.watched.warnings if row.indicator == "survey:stay" and row.district == "9901250"
              and row.kind == "crossed"]  # fmt: skip
    assert (row.class_, row.significant, row.worse) == ("정주 55% 미만", True, True)


def test_watch__designations_by_old_people_and_exception(result):
    grades = {(one.step.designation, one.step.id): one.step.grade for one in result.watched.designations
              if one.step.step == "grade"}  # fmt: skip
    # 230 of 1,000, of 990 and of 980: at least 22 % in all of them
    assert [grades["ours", code] for code, *_ in DISTRICTS] == ["해당"] * 3
    assert {grades["kr-growth-promotion-2026", code] for code, *_ in DISTRICTS} == {None}
    reasons = [one.step.reason for one in result.watched.designations if one.step.step == "grade"]
    assert "by exception: 산간" in reasons


def test_watch__tables_are_read_back_as_they_were(result, tmp_path):
    write_monitored(result, tmp_path / "out")
    back = open_watched(tmp_path / "out")
    for part in ("answers", "gaps", "warnings", "attribution", "designations", "rules", "survey_changes"):
        mine, theirs = getattr(result.watched, part), getattr(back, part)
        assert len(mine) == len(theirs) > 0, part
    assert [(row.kind, row.indicator, row.district, row.since) for row in back.warnings] == [
        (row.kind, row.indicator, row.district, row.since) for row in result.watched.warnings
    ]
    assert [one.step.grade for one in back.designations if one.step.step == "grade"] == [
        one.step.grade for one in result.watched.designations if one.step.step == "grade"
    ]
    manifest, series = open_monitored(tmp_path / "out")
    assert {"s2020.csv", "s2025.csv"} <= {entry["path"] for entry in manifest["inputs"]}
    for language in ("ko", "en"):
        texts = texts_of(language)
        mine = watched_page(watch_sections(result.watched, result.series, texts), texts)
        assert text(mine) == text(watched_page(watch_sections(back, series, texts), texts))


def test_watch__an_empty_folder_tells_nothing(tmp_path):
    assert open_watched(tmp_path) == Watched()


def test_watch__sections_speak_both_languages(result):
    titles = {
        "ko": {"조기 경보", "기준 충족률이 달라진 까닭", "지정 요건 점검", "주민 인식 조사"},
        "en": {"Early warning", "What changed coverage", "Tests of designations", "Perception survey"},
    }
    for language, words in titles.items():
        sections = watch_sections(result.watched, result.series, texts_of(language))
        assert words <= {section.title for section in sections}
        ids = [block.id for section in sections for block in section.blocks if isinstance(block, Table)]
        assert len(set(ids)) == len(ids)
        for section in sections:
            for block in section.blocks:
                if isinstance(block, Paragraph):
                    assert block.text.endswith((".", "다.", "다"))
                if isinstance(block, Table):
                    assert all(len(row) == len(block.columns) for row in block.rows)
    page = text(monitored_page(result, Path("out"), language="ko"))
    assert "우리 요건" in page
    assert "자료 없음" in page


def test_watch__faults_stand_where_they_are_written(study, tmp_path):
    broken = study.read_text(encoding="utf-8").replace("column: q1", "column: q9").replace("kr-growth", "kr-grow")
    (study.parent / "broken.yaml").write_text(broken, encoding="utf-8")
    with pytest.raises(ScenarioError) as told:
        monitor(study.parent / "broken.yaml")
    paths = {str(fault).split(" ")[1] for fault in told.value.faults}
    assert any(path.startswith("editions[1].survey.questions[0]") for path in paths)
    assert any(path.startswith("designations[0].extends") for path in paths)


def test_watch__one_edition_and_no_survey_is_quiet(study):
    text_ = study.read_text(encoding="utf-8")
    start = text_.index("  - edition: 2020")
    (study.parent / "one.yaml").write_text(text_[:start], encoding="utf-8")
    watched = monitor(study.parent / "one.yaml").watched
    assert not watched.answers
    assert not watched.changes
    assert not watched.attribution
    assert not watched.designations
