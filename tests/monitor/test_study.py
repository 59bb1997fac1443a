"""A monitoring study from its file to its folder: hand-worked tables, every fault at once, the same bytes twice."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from typer.testing import CliRunner

from lifezone.cli import app
from lifezone.errors import ScenarioError
from lifezone.monitor.series import Series, Why
from lifezone.monitoring import monitor
from lifezone.report.monitored import Monitored, open_monitored, write_monitored

SCENARIO = Path(__file__).parents[2] / "scenarios" / "monitoring.yaml"
DISTRICTS = "code,name,name_en,centre\n01,가시,Ga city,01\n02,나군,Na county,01\n03,다군,Da county,\n"
STUDY = """
name: 시험
districts: {table: {path: d.csv, id: code, name: name, name_en: name_en, centre: centre}}
editions:
  - edition: 2015
    tables: [{type: table, path: p15.csv, id: code, columns: {all: people, 65+: old, 0-14: young}}]
  - edition: 2020
    tables: [{type: table, path: p20.csv, id: code, columns: {all: people, 65+: old, 0-14: young}}]
"""
P15 = "code,people,old,young\n01,1000,150,200\n02,500,150,50\n03,300,120,\n"
P20 = "code,people,old,young\n01,1100,180,200\n02,400,200,0\n03,290,125,20\n"


class Folder:
    """A folder to write small studies into."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.write(**{"d.csv": DISTRICTS, "p15.csv": P15, "p20.csv": P20, "s.yaml": STUDY})

    def write(self, **texts: str | bytes) -> None:
        for name, text in texts.items():
            (self.folder / name).write_bytes(text if isinstance(text, bytes) else text.encode())

    def study(self, *pairs: tuple[str, str]) -> Path:
        text = STUDY
        for old, new in pairs:
            assert old in text
            text = text.replace(old, new)
        self.write(**{"s.yaml": text})
        return self.folder / "s.yaml"

    def series(self, *pairs: tuple[str, str]) -> Series:
        return monitor(self.study(*pairs)).series

    def faults(self, *pairs: tuple[str, str]) -> list[str]:
        with pytest.raises(ScenarioError) as caught:
            monitor(self.study(*pairs))
        return [str(fault).removeprefix(str(self.folder / "s.yaml")) for fault in caught.value.faults]


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    return Folder(tmp_path)


def test_series__is_worked_by_hand(folder: Folder) -> None:
    series = folder.series()
    assert series.ids == ("01", "02", "03")
    assert series.name_of(1, "ko") == "나군"
    assert series.name_of(1, "en") == "Na county"
    assert [one.name for one in series.editions] == ["2015", "2020"]
    assert series.centre.tolist() == [0, 0, -1]
    np.testing.assert_allclose(series.of("ageing_index"), [[75, 90], [300, np.nan], [np.nan, 625]])
    at = series.at("ageing_index")
    assert series.why[:, :, at].tolist() == [
        [Why.COMPUTED, Why.COMPUTED], [Why.COMPUTED, Why.ZERO_DENOMINATOR], [Why.EMPTY_CELL, Why.COMPUTED]
    ]  # fmt: skip
    np.testing.assert_allclose(series.numerator[:, 1, at], [180, 200, 125])
    np.testing.assert_allclose(series.denominator[:, 1, at], [200, 0, 20])
    np.testing.assert_allclose(series.whole[:, at], [np.nan, 505 / 220 * 100])
    np.testing.assert_allclose(series.of("people_change")[:, 1], [100, -100, -10])
    assert (series.why[:, 0, series.at("people_change")] == Why.NO_EARLIER_EDITION).all()
    assert series.whole[1, series.at("people_change")] == -10
    share = series.of("elderly_share")
    np.testing.assert_allclose(share[:, 1], [18000 / 1100, 50, 12500 / 290])
    assert series.klass[:, 1, series.at("elderly_share")].tolist() == [2, 3, 3]


def test_not_computed__names_what_is_not_given(folder: Folder) -> None:
    told = {one.indicator: one for one in folder.series().not_computed}
    assert told["extinction_risk"].needs == "female 20-39"
    assert "여성 20–39세" in told["extinction_risk"].reason_ko
    assert told["soc_access"].needs == "results"
    assert told["moves_with_centre"].needs == "flows:moves"
    assert "ageing_index" not in told


def test_whole__is_not_told_where_a_district_is_missing(folder: Folder) -> None:
    folder.write(**{"p20.csv": "code,people,old,young\n01,1100,180,200\n03,290,125,20\n"})
    series = folder.series()
    assert np.isnan(series.whole[1, series.at("people")])
    assert series.why[1, 1, series.at("people")] == Why.NO_ROW


def test_single_district_and_edition__are_enough(folder: Folder) -> None:
    folder.write(**{"d.csv": "code\n01\n", "p20.csv": "code,people,old,young\n01,10,5,0\n"})
    text = "districts: {table: {path: d.csv, id: code}}\neditions: [{edition: 2020, tables: [{path: p20.csv, id: code,"
    folder.write(**{"one.yaml": f"{text} type: table, columns: {{all: people, 65+: old, 0-14: young}}}}]}}]\n"})
    result = monitor(folder.folder / "one.yaml")
    assert result.name == "one"
    assert result.series.of("elderly_share").tolist() == [[50.0]]
    assert not result.series.has("people_change")


def test_encodings_and_names__cp949_and_names_of_districts_are_read(folder: Folder) -> None:
    folder.write(
        **{"p20.csv": '이름,계,노인,아이\n가시,"1,100",180,200\n나군,400,200,0\n다군,290,125,20\n'.encode("cp949")}
    )
    series = folder.series(
        ("{type: table, path: p20.csv, id: code, columns: {all: people, 65+: old, 0-14: young}}",
         "{type: table, path: p20.csv, id: 이름, columns: {all: 계, 65+: 노인, 0-14: 아이}}")
    )  # fmt: skip
    np.testing.assert_allclose(series.of("ageing_index")[:, 1], [90, np.nan, 625])


@pytest.mark.parametrize(
    ("pairs", "says"),
    [
        ((("65+: old", "65+: olds"),), "columns.65+: p15.csv has no column 'olds': did you mean 'old'?"),
        ((("65+: old", "65+: olds"),), ":6:81 editions[0].tables[0].columns.65+"),
        ((("0-14: young", "0-14years: young"),), "no indicator asks for '0-14years'"),
        ((("editions:", "editons:"),), "unknown key 'editons'; did you mean 'editions'?"),
        ((("edition: 2020", "edition: 2015"),), "two editions have the same edition: 2015"),
        ((("edition: 2020", "edition: 이천이십년"),), "the day of '이천이십년' is not known"),
        ((("p20.csv", "p21.csv"),), "there is no file p21.csv"),
        ((("name: 시험", "name: 시험\nindicators: [ageing_indx]"),), "'ageing_indx'; did you mean 'ageing_index'?"),
        ((("name: 시험", "name: 시험\nbase: 쉰"),), "base: '쉰' is no edition and no day"),
        ((("id: code, name: name", "id: code, name: nam"),), "d.csv has no column 'nam': did you mean 'name'?"),
        ((("edition: 2015\n    tables", "edition: 2015\n    table"),), "unknown key 'table'"),
    ],
)  # fmt: skip
def test_study__faults_say_where_and_what_to_do(folder: Folder, pairs: Any, says: str) -> None:
    assert any(says in fault for fault in folder.faults(*pairs))


@pytest.mark.parametrize(
    ("table", "says"),
    [
        ("code,people,old,young\n01,1100,180,200\n01,400,200,0\n", "a district stands twice: 01"),
        ("code,people,old,young\n01,-5,180,200\n", "is below 0 or endless in line 2"),
        ("code,people,old,young\n01,many,180,200\n", "must hold numbers: line 2 'many'"),
        ("code,people,old,young\n09,5,1,1\n", "the study does not know 09 in line 2"),
        ("code,people,old,young\n,5,1,1\n01,5,1,1\n", "no district in line 2"),
        ("code,people,old,young\n", "has no row"),
        ("", "is empty"),
        ("code,people,people,old\n01,5,5,1\n", "more than one column 'people'"),
    ],
)
def test_table__hostile_ones_are_faults(folder: Folder, table: str, says: str) -> None:
    folder.write(**{"p20.csv": table})
    assert any(says in fault for fault in folder.faults())


def test_faults__of_every_block_are_told_at_once(folder: Folder) -> None:
    folder.write(**{"p20.csv": "code,people,old,young\n09,5,1,1\n"})
    found = folder.faults(("65+: old, 0-14: young}}]\n  - edition: 2020", "65+: odl, 0-14: yung}}]\n  - edition: 2020"))
    assert sum("p15.csv has no column" in fault for fault in found) == 2
    assert any("does not know 09" in fault for fault in found)


def test_two_tables_of_one_figure__are_a_fault(folder: Folder) -> None:
    twice = "{type: table, path: p15.csv, id: code, columns: {all: people}}"
    found = folder.faults(("tables: [{type: table, path: p15", f"tables: [{twice}, {{type: table, path: p15"))
    assert any("all stand in another table of this edition too" in fault for fault in found)


def test_own_indicators__ratio_share_change_and_difference(folder: Folder) -> None:
    own = """
own:
  - {id: per_thousand, ko: 천분율, en: Old per thousand, kind: ratio, numerator: 65+, denominator: all, scale: 1000}
  - {id: both, ko: 노소, en: Old and young, kind: share, numerator: [65+, 0-14], denominator: all,
     classes: {breaks: [40], ko: [낮음, 높음], en: [low, high]}}
  - {id: grown, ko: 증가, en: Growth, kind: change, numerator: all}
  - {id: more, ko: 늘어난 수, en: More, kind: difference, numerator: 65+}
  - {id: count, ko: 수, en: Count, kind: count, numerator: 65+}
"""
    series = folder.series(("name: 시험", f"name: 시험{own}"))
    np.testing.assert_allclose(series.of("per_thousand")[:, 0], [150, 300, 400])
    np.testing.assert_allclose(series.of("both")[:, 1], [38000 / 1100, 50, 50])
    assert series.klass[:, 1, series.at("both")].tolist() == [0, 1, 1]
    np.testing.assert_allclose(series.of("grown")[:, 1], [10, -20, -1000 / 300])
    np.testing.assert_allclose(series.of("more")[:, 1], [30, 50, 5])
    np.testing.assert_allclose(series.of("count")[:, 1], [180, 200, 125])


@pytest.mark.parametrize(
    ("own", "says"),
    [
        ("{id: Bad id, ko: 가, en: a, kind: count, numerator: all}", "expected small letters, digits and _"),
        ("{id: people, ko: 가, en: a, kind: count, numerator: all}", "'people' is a packaged indicator"),
        ("{id: x, ko: 가, en: a, kind: share, numerator: all}", "a share needs a denominator"),
        ("{id: x, ko: 가, en: a, kind: count, numerator: startup}", "no table has a column for 'startup'"),
    ],
)
def test_own_indicators__faults(folder: Folder, own: str, says: str) -> None:
    assert any(says in fault for fault in folder.faults(("name: 시험", f"name: 시험\nown: [{own}]")))


def test_scenario__merger_code_change_and_border_of_the_packaged_study() -> None:
    result = monitor(SCENARIO)
    series = result.series
    assert series.ids == ("99101", "99102", "99103", "99210", "99301")
    tables = SCENARIO.parent / "tables" / "monitoring"

    def raw(year: int, column: str) -> dict[str, float]:
        with (tables / f"districts_{year}.csv").open(encoding="utf-8") as file:
            return {row["code"]: float(row[column]) for row in csv.DictReader(file)}

    people, old, young = raw(2005, "people"), raw(2005, "age_65_up"), raw(2005, "age_0_14")
    got = series.of("people")[:, 0]
    np.testing.assert_allclose(got, [
        people["99101"] + 0.08 * people["99103"], people["99102"], 0.92 * people["99103"],
        people["99201"] + people["99202"], people["98301"],
    ])  # fmt: skip
    assert series.whole[0, series.at("people")] == sum(people.values())
    merged = 100 * (old["99201"] + old["99202"]) / (young["99201"] + young["99202"])  # never a mean of two ratios
    assert series.of("ageing_index")[3, 0] == pytest.approx(merged)
    assert series.why[0, 2, series.at("daytime_population")] == Why.NOT_REBASED  # its border changed after 2015
    assert not np.isnan(series.of("daytime_population")[:, 3]).any()
    assert {one.indicator for one in series.not_computed if not one.edition} == {
        "soc_access", "national_minimum_share", "national_minimum_class"
    }  # fmt: skip
    assert series.has("location_quotient:제조업")
    with (tables / "low_income_cells_2020.csv").open(encoding="utf-8") as file:
        cells = list(csv.DictReader(file))
    share = 100 * sum(float(row["low_income"]) for row in cells) / sum(float(row["people"]) for row in cells)
    assert series.whole[3, series.at("low_income_share")] == pytest.approx(share)


def test_base__an_older_edition_tells_everything_by_its_districts(folder: Folder) -> None:
    folder.write(**{
        "changes.csv": "date,old,new,back\n2018-01-01,02,02,.75\n2018-01-01,03,02,.25\n",
        "p20.csv": "code,people,old,young\n01,1100,180,200\n02,400,200,0\n",
    })  # fmt: skip
    series = folder.series(("name: 시험", "name: 시험\nbase: 2015\ncode_changes: {path: changes.csv, back: back}"))
    assert series.of("people")[:, 1].tolist() == [1100.0, 300.0, 100.0]


def test_base__districts_that_the_changes_undo_are_told(folder: Folder) -> None:
    folder.write(**{"changes.csv": "date,old,new\n2018-01-01,77,02\n2018-01-01,78,02\n"})
    found = folder.faults(("name: 시험", "name: 시험\nbase: 2015\ncode_changes: {path: changes.csv}"))
    assert any("02 in line 3: by code_changes it was no district of the study on 2015-12-31" in one for one in found)


def written(result: Monitored, out: Path) -> dict[str, bytes]:
    write_monitored(result, out)
    return {path.name: path.read_bytes() for path in sorted(out.iterdir())}


def test_folder__holds_every_number_with_its_parts_and_the_same_bytes_twice(tmp_path: Path) -> None:
    first, second = written(monitor(SCENARIO), tmp_path / "a"), written(monitor(SCENARIO), tmp_path / "b")
    assert sorted(first) == [
        "changes.csv", "designations.csv", "indicators.csv", "indicators.gpkg", "manifest.json", "not_computed.csv",
        "ranks.csv", "study.resolved.yaml", "survey.csv", "survey_changes.csv", "survey_crosstabs.csv",
        "survey_gaps.csv",
        "warnings.csv",
    ]  # fmt: skip
    own = [json.loads(files.pop("manifest.json")) for files in (first, second)]
    assert first == second
    assert all(manifest.pop("run")["seconds"] > 0 for manifest in own)
    assert own[0] == own[1]
    rows = list(csv.DictReader(first["indicators.csv"].decode().splitlines()))
    told = [row for row in rows if row["indicator"] == "extinction_risk" and row["district"] == "99103"]
    assert [row["edition"] for row in told] == ["2005", "2010", "2015", "2020"]
    for row in told:
        assert float(row["value"]) == pytest.approx(float(row["numerator"]) / float(row["denominator"]), abs=1e-8)
        assert (row["group"], row["class"]) == ("status", "risk" if float(row["value"]) >= 0.2 else "high risk")
    assert all((row["value"] == "") == (row["reason"] != "") for row in rows)
    manifest = own[0]
    assert manifest["part"] == "monitor"
    assert len(manifest["inputs"]) >= 15
    assert all(len(entry["sha256"]) == 64 for entry in manifest["inputs"])


def test_folder__is_read_back_as_it_was_written(tmp_path: Path) -> None:
    result = monitor(SCENARIO)
    write_monitored(result, tmp_path / "out")
    manifest, series = open_monitored(tmp_path / "out")
    own = result.series
    assert manifest["scenario"]["name"] == result.name
    assert (series.ids, series.name, series.editions, series.indicators, series.not_computed) == (
        own.ids, own.name, own.editions, own.indicators, own.not_computed
    )  # fmt: skip
    for name in ("value", "numerator", "denominator", "standard_error", "whole"):
        np.testing.assert_allclose(getattr(series, name), getattr(own, name), atol=1e-8)
    for name in ("why", "klass", "centre", "is_boundary"):
        np.testing.assert_array_equal(getattr(series, name), getattr(own, name))
    assert series.polygon is not None
    assert len(series.polygon) == 5


def test_resolved_study__gives_the_same_answer(folder: Folder) -> None:
    result = monitor(folder.study())
    folder.write(**{"again.yaml": result.resolved})
    again = monitor(folder.folder / "again.yaml")
    np.testing.assert_array_equal(again.series.value, result.series.value)
    assert again.resolved == result.resolved


def test_command__writes_a_folder_and_refuses_with_exit_2(folder: Folder) -> None:
    run = CliRunner()
    out = folder.folder / "out"
    good = run.invoke(app, ["monitor", str(folder.study()), "--out", str(out), "--lang", "ko", "--quiet"])
    assert good.exit_code == 0, good.output
    assert "노령화지수" in good.output
    assert "계산하지 않은 지표" in good.output
    before = (out / "manifest.json").read_bytes()
    bad = run.invoke(app, ["monitor", str(folder.study(("65+: old", "65+: odl"))), "--out", str(out), "--quiet"])
    assert bad.exit_code == 2
    assert "did you mean 'old'?" in bad.output
    assert (out / "manifest.json").read_bytes() == before
    fresh = run.invoke(app, ["monitor", str(folder.folder / "s.yaml"), "--out", str(folder.folder / "new"), "-q"])
    assert fresh.exit_code == 2
    assert not (folder.folder / "new").exists()


def test_schema__of_studies_names_every_indicator() -> None:
    printed = CliRunner().invoke(app, ["schema", "--monitor"])
    schema = json.loads(printed.output)
    assert schema["title"] == "lifezone monitoring study"
    text = json.dumps(schema["properties"]["indicators"])
    assert "extinction_risk_45" in text
    assert "daytime_population" in text


def test_table__a_district_by_code_and_by_name_stands_twice(folder: Folder) -> None:
    folder.write(**{"p20.csv": P20 + "가시,1100,180,200\n"})
    assert any("a district stands twice: 01, 가시 (line 2, line 5)" in fault for fault in folder.faults())


def test_table__a_merged_district_beside_its_parts_would_count_twice(folder: Folder) -> None:
    blocks = ("editions:\n", "code_changes: {path: c.csv, weight: weight}\neditions:\n")
    changes = "date,old,new,weight\n2018-01-01,91,01,1\n2018-01-01,92,01,1\n"
    folder.write(**{"c.csv": changes, "p15.csv": P15 + "91,600,90,120\n92,400,60,80\n"})
    assert any("01 stands beside 91, 92" in fault for fault in folder.faults(blocks))
    folder.write(**{"c.csv": changes + "2018-01-01,01,01,1\n"})  # it was there before, and took them in
    assert folder.series(blocks).of("people")[0, 0] == 2000


def test_composition__a_category_twice_is_not_added_up_unasked(folder: Folder) -> None:
    table = "{type: composition, subject: industries, path: i.csv, id: code, category: c, count: n}"
    block = ("tables: [{type: table, path: p20", f"tables: [{table}, {{type: table, path: p20")
    folder.write(**{"i.csv": "code,c,n\n01,a,1\n가시,a,1\n01,b,1\n02,a,1\n02,b,1\n03,b,1\n"})
    assert any("01 a (line 2, line 3)" in fault for fault in folder.faults(block))
    asked = (block[0], block[1].replace("count: n}", "count: n, duplicates: add_up}"))
    series = folder.series(asked)
    assert series.numerator[0, 1, series.at("location_quotient:a")] == 2
