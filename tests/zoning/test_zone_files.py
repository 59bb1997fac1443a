"""What the zones command leaves behind: files of the contract, maps, the terminal's answer, faults, the same bytes."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pyogrio
import pytest
from typer.testing import CliRunner

from lifezone.cli import app
from lifezone.report.maps.zones import colours_of, filled

STUDY = """name: four hamlets
area: {crs: EPSG:5179, bbox: [127.0, 36.0, 127.2, 36.1]}
demand: {type: table, path: people.csv, id: id, x: x, y: y, groups: {total: n, births: b}}
facilities: [{type: table, path: halls.csv, kind: clinic, id: id, x: x, y: y, name: name}]
times: {type: table, path: times.csv, from: a, to: b, minutes: t}
zones:
  functions:
    - {id: births, function: medical, name: {ko: 분만, en: births}, kinds: [clinic], groups: {births: 1}, capture: 50 %,
       minimum: {preset: kr-krihs-648/obstetrics}, reach: 30 min}
    - {id: doctor, function: medical, level: village, kinds: [clinic], reach: 20 min}
"""
TABLES = {
    "people.csv": "id,x,y,n,b\na,127.01,36.05,9000,700\nb,127.08,36.05,4000,400\nc,127.12,36.05,30,3\n"
    "d,127.18,36.02,8,1\n",
    "halls.csv": "id,x,y,name\nA,127.01,36.05,하나\nB,127.08,36.05,둘\nC,127.12,36.05,<b>셋\n",
    "times.csv": "a,b,t\na,A,3\nb,B,3\nb,A,25\nc,C,3\nc,B,12\nd,C,22\nd,B,29\n",
}


@pytest.fixture
def study(tmp_path: Path) -> Path:
    for name, text in TABLES.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    (tmp_path / "s.yaml").write_text(STUDY, encoding="utf-8")
    return tmp_path


def zones(*arguments: object):
    return CliRunner().invoke(app, ["zones", *map(str, arguments), "-q"])


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_zones__files_of_the_contract(study) -> None:
    done = zones(study / "s.yaml", "--out", study / "o", "--lang", "en")
    assert done.exit_code == 0, done.output
    found = gpd.read_parquet(study / "o" / "zones" / "births.parquet")
    assert {"zone", "centre", "people", "facilities", "containment", "viable", "merged_because"} <= set(found.columns)
    # births × .5: A 350, B 200 < 300 and C 2 < 300 drop, C first; c and d then to B, then b to A, c and d to nobody
    assert found["centre"].tolist() == ["A"]
    assert found["merged_because"].tolist() == ["B (202 < 300)"]
    assert found["people"].tolist() == [1100]
    members = {row["id"]: row for row in rows(study / "o" / "zones.csv")}
    assert [members[one]["births_zone"] for one in "abcd"] == ["A", "A", "", ""]
    assert [members[one]["doctor_zone"] for one in "abcd"] == ["A", "B", "C", ""]
    assert members["b"]["births_minutes"] == "25"
    merges = rows(study / "o" / "zones" / "merges.csv")
    assert [(row["centre"], row["users"], row["newly_outside"]) for row in merges] == [
        ("C", "2", "0"),
        ("B", "202", "4"),
    ]
    costs = {(row["district"], row["group"]): row for row in rows(study / "o" / "zones" / "merge_costs.csv")}
    assert float(costs["all", "total"]["person_minutes"]) == 4000 * 22
    assert float(costs["all", "total"]["newly_outside"]) == 38
    assert "births_baseline" in "".join(str(one[0]) for one in pyogrio.list_layers(study / "o" / "result.gpkg"))
    manifest = json.loads((study / "o" / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["part"] == "zones"
    assert set(manifest["variants"][0]["maps"]) >= {"births.png", "doctor.png", "_all.png"}
    assert "last centre" not in done.output


def test_zones__are_said_in_korean_and_small_counts_are_not_shown(study) -> None:
    korean = zones(study / "s.yaml", "--out", study / "o", "--lang", "ko").output
    assert "생활권 · 현재" in korean
    assert "분만" in korean
    assert "<10" in korean
    shown = zones(study / "s.yaml", "--out", study / "o", "--lang", "en", "--disclose").output
    assert "8 (0.1 %)" in shown


def test_zones__the_same_bytes_in_any_order_of_rows(study) -> None:
    assert zones(study / "s.yaml", "--out", study / "o").exit_code == 0
    for name, text in TABLES.items():
        head, *body = text.splitlines()
        (study / name).write_text("\n".join([head, *reversed(body)]) + "\n", encoding="utf-8")
    assert zones(study / "s.yaml", "--out", study / "p").exit_code == 0
    for name in ("zones/merges.csv", "zones/merge_costs.csv", "zones/agreement.csv", "zones/thresholds.csv"):
        assert (study / "o" / name).read_bytes() == (study / "p" / name).read_bytes()
    one, other = (pd.read_csv(study / at / "zones.csv").sort_values("id", ignore_index=True) for at in "op")
    pd.testing.assert_frame_equal(one, other)


def test_zones__all_faults_at_once_and_nothing_written(study) -> None:
    text = STUDY.replace("kr-krihs-648/obstetrics", "kr-krihs-648/obstetric").replace("level: village", "mode: boat")
    (study / "s.yaml").write_text(text, encoding="utf-8")
    done = zones(study / "s.yaml", "--out", study / "o")
    assert done.exit_code == 2
    assert "zones.functions[0].minimum.preset: no figure is called" in done.stderr
    assert "did you mean kr-krihs-648/obstetrics" in done.stderr
    assert not (study / "o").exists()


def test_zones__nothing_to_divide_is_a_fault(study) -> None:
    (study / "s.yaml").write_text(STUDY.split("zones:", maxsplit=1)[0], encoding="utf-8")
    done = zones(study / "s.yaml", "--out", study / "o")
    assert done.exit_code == 2
    assert "nothing is to be divided" in done.stderr


def test_maps__zones_that_touch_differ_in_colour() -> None:
    rng = np.random.default_rng(4)
    at = rng.integers(0, 60, (25, 2))
    label = np.full((60, 60), -1, np.int32)
    label[at[:, 0], at[:, 1]] = np.arange(25)
    ground = filled(label)
    assert (ground >= 0).all()
    colour = colours_of(ground, 25)[ground]
    for one, other, a, b in (
        (ground[1:], ground[:-1], colour[1:], colour[:-1]),
        (ground[:, 1:], ground[:, :-1], colour[:, 1:], colour[:, :-1]),
    ):
        assert (a[one != other] != b[one != other]).all()


def test_check__a_study_that_only_divides_needs_no_standard(study) -> None:
    done = CliRunner().invoke(app, ["check", str(study / "s.yaml"), "-q", "--lang", "en"])
    assert done.exit_code == 0, done.stderr
    text = STUDY.replace("kr-krihs-648/obstetrics", "kr-krihs-648/obstetric")
    (study / "s.yaml").write_text(text, encoding="utf-8")
    wrong = CliRunner().invoke(app, ["check", str(study / "s.yaml"), "-q"])
    assert wrong.exit_code == 2
    assert wrong.stderr.count("\n") == 1
    assert "s.yaml:9:26 zones.functions[0].minimum.preset: no figure is called" in wrong.stderr
