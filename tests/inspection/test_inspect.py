"""``lifezone inspect`` as a user runs it."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner

from lifezone.cli import app
from lifezone.inspection import look_at_all, scenario_yaml


def inspected(*arguments: str):
    return CliRunner().invoke(app, ["inspect", *arguments])


@pytest.mark.shared
def test_inspect__knows_every_real_file(shared):
    suffixes = (".csv", ".geojson", ".shp", ".gpkg", ".tif", ".zip", ".pbf", ".osm", ".graphml")
    files = [
        path for folder in ("korea_raw", "jeonbuk", "daejeon", "porto_alegre", "small_osm", "seoul_roads")
        for path in sorted((shared / folder).iterdir()) if path.suffix in suffixes
    ]  # fmt: skip
    assert len(files) > 20
    seen, failed = look_at_all([str(path) for path in files])
    assert not failed
    assert all(one.report.accounted for one in seen), [one.report.path for one in seen if not one.report.accounted]
    assert "facilities:" in scenario_yaml(seen, Path())


@pytest.mark.shared
def test_inspect__prints_rows_and_yaml_in_two_languages(shared):
    done = inspected(str(shared / "korea_raw/hira_jeonbuk_medical_2025.csv"))
    assert done.exit_code == 0
    assert "심평원 병의원·약국 현황 / HIRA clinics" in done.output
    assert "사용 / used 2,292" in done.output
    assert "좌표가 없는 행 25개 / 25 rows have no coordinates" in done.output
    assert "{type: korea, path:" in done.output


def test_inspect__bad_rows_are_no_error_a_bad_file_is(tmp_path):
    good = tmp_path / "a.csv"
    good.write_text("학교ID,학교명,학교급구분,위도,경도\nB1,가,초등학교,x,y\n깨진 줄\n", encoding="utf-8")
    assert inspected(str(good)).exit_code == 0
    broken = tmp_path / "b.gpkg"
    broken.write_bytes(b"no")
    done = inspected(str(good), str(broken), str(tmp_path / "none.csv"))
    assert done.exit_code == 2
    assert "초중등학교" in done.output  # the good one is told all the same
    assert "none.csv" in done.output


def test_inspect__an_unknown_table_is_a_table_with_guesses(tmp_path):
    path = tmp_path / "t.csv"
    path.write_text("no,title,lon,lat,people\n1,a,127.1,36.1,5\n2,b,127.2,36.2,7\n", encoding="utf-8")
    done = inspected(str(path))
    assert done.exit_code == 0
    assert "표 / a table" in done.output
    assert "groups: {total: people}" in done.output
