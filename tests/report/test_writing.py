"""What stands in the files of a run: the contract of DESIGN 7, checked by readers that we did not write."""

from __future__ import annotations

import csv
import errno
import hashlib
import json
import os
import subprocess
import sys
from dataclasses import fields, replace
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pyarrow.parquet as pq
import pyogrio
import pytest
from geopandas.testing import assert_geodataframe_equal

from lifezone.errors import InputError, LifezoneError
from lifezone.model import Reason, Result
from lifezone.report import layers, tables_of, write
from lifezone.report.sheets import _cell
from lifezone.standards.rows import ChangeRow, ClassRow, SummaryRow
from tests.report import worlds


@pytest.fixture(scope="module")
def result() -> Result:
    return worlds.result(cells=600)


@pytest.fixture(scope="module")
def out(result: Result, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("결과 folder") / "out"
    write(result, folder)
    return folder


def read_csv(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def hashes(folder: Path) -> dict[str, str]:
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def test_write__every_file_of_the_contract_is_there(result: Result, out: Path) -> None:
    names = set(hashes(out))
    top = {"manifest.json", "scenario.resolved.yaml", "summary.csv", "deserts.csv", "changes.csv", "classes.csv"}
    assert top | {"result.gpkg", "gaps.csv", "conventions.csv"} <= names
    for variant in result.variants:
        assert {f"{variant.name}/cells.parquet", f"{variant.name}/facilities.parquet"} <= names
        assert f"{variant.name}/maps/deserts.png" in names
    assert "baseline/maps/requirement_clinic_car.png" in names
    assert "clinic-in-the-east/maps/change_clinic_car.png" in names
    assert not any("er_car" in name or "gym_car" in name for name in names)


def test_write__cells_have_the_columns_of_the_contract_in_order(result: Result, out: Path) -> None:
    cells = gpd.read_parquet(out / "baseline" / "cells.parquet")
    wanted = ["id", "district", "people_total", "people_age_6_11"]
    rules = {rule.id: rule for rule in result.baseline.assessment.standard.requirements}
    for key in result.baseline.assessment.verdicts:
        wanted += [f"{key}_{part}" for part in ("minutes", "metres", "access_metres", "met", "facility", "reason")]
        wanted += [f"{key}_level"] * (rules[key].optimum is not None)
    assert any(name.endswith("_level") for name in wanted)
    assert list(cells.columns) == [*wanted, "deficits", "desert", "gap", "deep", "geometry"]
    assert cells.crs == worlds.CRS
    demand = result.baseline.world.demand
    assert cells["id"].tolist() == demand.ids[demand.inside].tolist()
    assert cells["people_total"].sum() == pytest.approx(demand.total[demand.inside].sum(), abs=1e-9)
    assert set(cells.geom_type) == {"Polygon"}
    assert cells.area.to_numpy() == pytest.approx(100.0**2)


def test_write__cells_tell_times_however_far_and_null_where_there_is_no_path(result: Result, out: Path) -> None:
    cells = pd.read_parquet(out / "baseline" / "cells.parquet")
    demand, verdicts = result.baseline.world.demand, result.baseline.assessment.verdicts["clinic_car"]
    facility_ids = result.baseline.world.facilities.ids
    for row, at in enumerate(np.flatnonzero(demand.inside)):
        cell, reason = cells.iloc[row], Reason(verdicts.reason[at])
        if np.isinf(verdicts.seconds[at]):
            assert pd.isna(cell["clinic_car_minutes"])
            assert pd.isna(cell["clinic_car_facility"])
        else:
            assert cell["clinic_car_minutes"] == round(verdicts.seconds[at] / 60, 6)
            assert cell["clinic_car_facility"] == facility_ids[verdicts.facility[at]]
        if reason is Reason.NOT_JUDGED:
            assert pd.isna(cell["clinic_car_reason"])
            assert pd.isna(cell["clinic_car_met"])
        else:
            assert cell["clinic_car_reason"] == reason.name.lower()
            assert cell["clinic_car_met"] == (reason is Reason.MET)
    desert = result.baseline.assessment.desert[demand.inside]
    assert cells["desert"].isna().to_numpy().tolist() == (desert < 0).tolist()
    assert cells["desert"].dropna().tolist() == desert[desert >= 0].tolist()


def test_write__a_kind_without_a_source_is_null_and_one_without_rows_is_unmet(out: Path) -> None:
    cells = pd.read_parquet(out / "baseline" / "cells.parquet")
    assert set(cells["er_car_reason"]) == {"not_assessed"}
    assert cells[["er_car_minutes", "er_car_metres", "er_car_met", "er_car_facility"]].isna().all(axis=None)
    assert set(cells["library_car_reason"].dropna()) == {"no_facility"}
    assert not cells["library_car_met"].dropna().any()


def test_write__no_file_holds_infinity(out: Path) -> None:
    for path in out.rglob("*.parquet"):
        numbers = pd.read_parquet(path).select_dtypes("number").to_numpy(dtype=float, na_value=np.nan)
        assert not np.isinf(numbers).any()
    for path in out.glob("*.csv"):
        assert not {"inf", "-inf", "nan", "NaN"} & {value for row in read_csv(path) for value in row.values()}
    json.loads((out / "manifest.json").read_text(encoding="utf-8"), parse_constant=pytest.fail)


def test_write__sheets_hold_the_rows_and_columns_of_the_contract(result: Result, out: Path) -> None:
    tables = tables_of(result)
    for name, kind in (("summary", SummaryRow), ("changes", ChangeRow), ("classes", ClassRow)):
        rows = getattr(tables, name)
        found = read_csv(out / f"{name}.csv")
        assert list(found[0]) == [field.name.rstrip("_") for field in fields(kind)]
        assert len(found) == len(rows)
    summary = pd.read_csv(out / "summary.csv", dtype={"district": str})
    assert summary["coverage"].tolist() == pytest.approx(
        [np.nan if row.coverage is None else row.coverage for row in tables.summary], abs=1e-9, nan_ok=True
    )
    deserts = read_csv(out / "deserts.csv")
    people = ["people_total", "people_age_6_11"]
    assert list(deserts[0]) == ["variant", "desert", "name", *people, "missing_functions", "worst_minutes", "district"]
    expected = [(variant.name, desert) for variant in result.variants for desert in variant.assessment.deserts]
    assert len(deserts) == len(expected)
    for row, (variant, desert) in zip(deserts, expected, strict=True):
        assert (row["variant"], row["desert"]) == (variant, str(desert.label))
        assert row["name"] == (desert.name_ko if desert.named else "")
        assert row["worst_minutes"] == (
            "" if np.isinf(desert.worst_seconds) else _cell(round(desert.worst_seconds / 60, 6))
        )
        assert row["missing_functions"].split(";") == list(desert.missing)


@pytest.mark.parametrize("text", ["=1+1", "+82 63", "-1", "@SUM(A1)", "\tx", "\rx", "＝1"])
def test_sheets__text_never_becomes_a_formula(text: str) -> None:
    assert _cell(text) == "'" + text


def test_sheets__numbers_stay_as_they_are() -> None:
    values = (-1.5, 0.1 + 0.2, 1e-12, -1e-12, 12345678.25, np.int64(-3), np.bool_(1), None, float("nan"), float("inf"))
    assert [_cell(value) for value in values] == [
        "-1.5", "0.3", "0", "0", "12345678.25", "-3", "true", "", "", "",
    ]  # fmt: skip


def test_write__csv_is_rfc_4180_in_utf_8_and_escapes_ids(out: Path) -> None:
    raw = (out / "summary.csv").read_bytes()
    assert not raw.startswith(b"\xef\xbb\xbf")
    assert raw.count(b"\r\n") == raw.count(b"\n")
    assert "'=d4" in {row["district"] for row in read_csv(out / "summary.csv")}
    assert "학교 통합" in {row["variant"] for row in read_csv(out / "summary.csv")}


def test_write__same_result_is_the_same_bytes_in_another_process_zone_and_locale(tmp_path: Path) -> None:
    write(worlds.result(cells=200, variants=False), tmp_path / "here")
    code = (
        "import sys; sys.path.insert(0, sys.argv[1]); from pathlib import Path; from lifezone.report import write;"
        "from tests.report import worlds; write(worlds.result(cells=200, variants=False), Path(sys.argv[2]))"
    )
    root = Path(__file__).resolve().parents[2]
    settings = {"PYTHONHASHSEED": "7", "TZ": "Asia/Seoul", "LC_ALL": "de_DE.UTF-8", "OGR_CURRENT_DATE": ""}
    command = [sys.executable, "-c", code, str(root), str(tmp_path / "there")]
    subprocess.run(command, check=True, env={**os.environ, **settings}, cwd=tmp_path)
    assert hashes(tmp_path / "here") == hashes(tmp_path / "there")


def test_write__takes_a_path_as_text(tmp_path: Path) -> None:
    """As the README shows it: ``lifezone.write(result, "my-result")``."""
    written = write(worlds.result(cells=20, variants=False, maps=False), str(tmp_path / "out"))
    assert tmp_path / "out" / "manifest.json" in written


def test_write__only_the_manifest_tells_when_and_where(result: Result, tmp_path: Path) -> None:
    for name, run in (("one", {"started": "now"}), ("two", {"started": "later", "host": "there"})):
        write(replace(result, maps=False, provenance=replace(result.provenance, run=run)), tmp_path / name)
    one, two = hashes(tmp_path / "one"), hashes(tmp_path / "two")
    assert {name for name in one if one[name] != two[name]} == {"manifest.json"}
    manifests = [json.loads((tmp_path / name / "manifest.json").read_text(encoding="utf-8")) for name in ("one", "two")]
    assert manifests[0].pop("run") != manifests[1].pop("run")
    assert manifests[0] == manifests[1]


def test_write__gdal_date_is_restored(result: Result, tmp_path: Path) -> None:
    pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": "1999-01-01T00:00:00Z"})
    try:
        write(replace(result, maps=False, variants=result.variants[:1]), tmp_path / "out")
        assert pyogrio.get_gdal_config_option("OGR_CURRENT_DATE") == "1999-01-01T00:00:00Z"
    finally:
        pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": None})


def test_write__geopackage_holds_every_layer(result: Result, out: Path) -> None:
    names = {name for name, _kind in pyogrio.list_layers(out / "result.gpkg")}
    wanted = {f"{what}_{v.name}" for v in result.variants for what in ("cells", "facilities", "deserts", "districts")}
    assert names == wanted | {"roads", "area", "water", "places", "layer_styles"}
    cells = pyogrio.read_dataframe(out / "result.gpkg", layer="cells_baseline")
    parquet = gpd.read_parquet(out / "baseline" / "cells.parquet")
    assert cells["clinic_car_minutes"].tolist() == pytest.approx(parquet["clinic_car_minutes"].tolist(), nan_ok=True)
    assert cells["clinic_car_reason"].fillna("").tolist() == parquet["clinic_car_reason"].fillna("").tolist()
    deserts = pyogrio.read_dataframe(out / "result.gpkg", layer="deserts_baseline")
    assert deserts.is_valid.all()
    assert deserts.area.tolist() == pytest.approx([desert.area_m2 for desert in result.baseline.assessment.deserts])
    names_found = pyogrio.read_dataframe(out / "result.gpkg", layer="facilities_baseline")["name"].tolist()
    assert worlds.EVIL in names_found


def test_roads__lines_join_between_junctions_and_keep_length_and_direction() -> None:
    network = worlds.network()
    roads = layers.roads(network)
    assert roads.length.sum() == pytest.approx(network.metres.sum())
    assert set(roads["car"]) == {"both", "along"}
    one_way = roads[roads["car"] == "along"].geometry.iloc[0].coords
    assert one_way[0] == pytest.approx((network.x_m[network.tail[0]], network.y_m[network.tail[0]]))
    assert set(roads["way"]) == set(network.ways)


def test_manifest__counts_people_and_lists_every_file(result: Result, out: Path) -> None:
    manifest = json.loads((out / "manifest.json").read_text(encoding="utf-8"))
    files = hashes(out)
    files.pop("manifest.json")
    assert manifest["files"] == files
    demand = result.baseline.world.demand
    assert manifest["people"]["loaded"] == pytest.approx(manifest["people"]["read"], abs=1e-9)
    parts = manifest["people"]["in_area"] + manifest["people"]["beyond_area"]
    assert parts == pytest.approx(manifest["people"]["loaded"], abs=1e-9)
    clinic = manifest["variants"][0]["requirements"]["clinic_car"]
    verdicts = result.baseline.assessment.verdicts["clinic_car"]
    unreachable = sum(
        demand.total[i]
        for i in range(demand.n_points)
        if demand.district[i] >= 0 and verdicts.reason[i] == Reason.UNREACHABLE
    )
    assert clinic["unreachable"] == pytest.approx(unreachable)
    assert clinic["judged"] == pytest.approx(sum(clinic[r] for r in ("met", "too_far", "unreachable", "off_network")))
    assert manifest["not_assessed"] == ["er_car"]
    assert manifest["no_figure"] == ["gym_car"]
    assert "raw values" in manifest["disclosure"]
    assert manifest["options"]["limit"] is None
    assert manifest["variants"][1]["maps"]["unchanged"] == ["shop_walk", "school_road", "library_car"]
    assert manifest["run"]["host"] == "here"


def test_write__failure_leaves_the_earlier_results_untouched(
    result: Result, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    small = replace(result, maps=False, variants=result.variants[:1])
    write(small, tmp_path / "out")
    before = hashes(tmp_path / "out")

    def full(*_arguments: object, **_options: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(pyogrio, "write_dataframe", full)
    with pytest.raises(LifezoneError, match="disk is full"):
        write(small, tmp_path / "out")
    monkeypatch.setattr(pyogrio, "write_dataframe", lambda *_a, **_o: (_ for _ in ()).throw(
        pyogrio.errors.DataSourceError("sqlite3 disk I/O error")))  # fmt: skip
    with pytest.raises(LifezoneError, match=r"result\.gpkg, layer cells_baseline: sqlite3 disk I/O error"):
        write(small, tmp_path / "out")
    assert hashes(tmp_path / "out") == before
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


@pytest.mark.parametrize("name", ["../up", "a/b", "a:b", "", "con", "x.", "summary.csv", "결" * 81, "BASELINE"])
def test_write__names_that_cannot_be_folders_are_refused(result: Result, tmp_path: Path, name: str) -> None:
    variants = (*result.variants[:1], replace(result.variants[1], name=name))
    with pytest.raises(InputError, match=r"variants\[1\]\.name"):
        write(replace(result, variants=variants), tmp_path / "out")
    assert not any(tmp_path.iterdir())


@pytest.mark.parametrize("layer", [(), ("parquet",), ("gpkg",)])
def test_write__only_the_layers_asked_for(result: Result, tmp_path: Path, layer: tuple[str, ...]) -> None:
    write(replace(result, maps=False, layers=layer, variants=result.variants[:1]), tmp_path / "out")
    names = set(hashes(tmp_path / "out"))
    assert ("baseline/cells.parquet" in names) == ("parquet" in layer)
    assert ("result.gpkg" in names) == ("gpkg" in layer)
    assert not any(name.endswith(".png") for name in names)


def test_write__nobody_at_all_is_still_a_whole_result(tmp_path: Path) -> None:
    write(worlds.empty_result(), tmp_path / "out")
    assert len(gpd.read_parquet(tmp_path / "out" / "baseline" / "cells.parquet")) == 0
    assert pq.read_schema(tmp_path / "out" / "baseline" / "cells.parquet").field("clinic_car_met").type == "bool"
    assert len(pyogrio.read_dataframe(tmp_path / "out" / "result.gpkg", layer="deserts_baseline")) == 0


def test_write__points_instead_of_cells(tmp_path: Path) -> None:
    write(replace(worlds.result(cells=200, grid=False, variants=False), maps=False), tmp_path / "out")
    cells = gpd.read_parquet(tmp_path / "out" / "baseline" / "cells.parquet")
    assert set(cells.geom_type) == {"Point"}
    deserts = pyogrio.read_dataframe(tmp_path / "out" / "result.gpkg", layer="deserts_baseline")
    assert set(deserts.geom_type) == {"MultiPoint"}


@pytest.mark.parametrize("grid", [True, False])
def test_write__cells_written_block_by_block_read_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, grid: bool
) -> None:
    some = replace(worlds.result(cells=200, grid=grid, variants=False), maps=False, layers=("parquet",))
    write(some, tmp_path / "whole")
    monkeypatch.setattr(layers, "ROWS_AT_ONCE", 67)
    write(some, tmp_path / "blocks")
    whole, blocks = (tmp_path / name / "baseline" / "cells.parquet" for name in ("whole", "blocks"))
    assert pq.read_metadata(whole).num_row_groups == 1
    assert pq.read_metadata(blocks).num_row_groups > 1
    assert_geodataframe_equal(gpd.read_parquet(whole), gpd.read_parquet(blocks))
    assert pq.read_schema(whole).equals(pq.read_schema(blocks))
    assert pq.read_schema(whole).metadata[b"geo"] == pq.read_schema(blocks).metadata[b"geo"]
