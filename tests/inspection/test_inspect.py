"""``lifezone inspect`` as a user runs it."""

from __future__ import annotations

from pathlib import Path

import pytest
from ruamel.yaml import YAML
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


def test_inspect__the_files_of_a_shapefile_are_looked_at_once(tmp_path):
    for ending in (".shp", ".shx", ".dbf", ".prj"):
        (tmp_path / f"grid{ending}").write_bytes(b"")
    (tmp_path / "other.dbf").write_bytes(b"")
    seen, failed = look_at_all([str(path) for path in sorted(tmp_path.iterdir())])
    assert not seen
    assert len(failed) == 2  # the shapefile and the other table, not one for each file


@pytest.mark.shared
def test_inspect__the_parts_of_a_real_shapefile_are_named_and_people_are_not_told_twice(shared):
    done = inspected(*(str(path) for path in sorted((shared / "korea_raw").glob("daejeon_1km_grid_nlsp.*"))))
    assert done.exit_code == 0
    assert done.output.count("인구 / people: 1,439,294") == 1
    assert "딸린 파일 / files that belong to it:" in done.output


@pytest.mark.shared
def test_inspect__a_feed_and_a_table_of_travel_times_get_their_blocks(shared):
    done = inspected(
        str(shared / "porto_alegre/poa_trensurb.zip"),
        str(shared / "verification/accessibility_bho/travel_matrix.csv.gz"),
    )
    assert done.exit_code == 0
    blocks = YAML(typ="safe").load(done.output.partition("loads them")[2])
    assert blocks["facilities"][0] | {"path": ""} == {"type": "gtfs", "path": "", "kind": "bus_stop"}
    assert blocks["times"] | {"path": ""} == {
        "type": "table", "path": "", "from": "from_id", "to": "to_id", "minutes": "travel_time",
    }  # fmt: skip
