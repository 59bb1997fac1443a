"""GeoTIFF, GeoJSON, a workbook and QGIS styles: what they hold, what they hide, the same bytes twice."""

from __future__ import annotations

import hashlib
import json
import re
import xml.etree.ElementTree as ET
import zipfile
from dataclasses import replace

import geopandas as gpd
import numpy as np
import openpyxl
import pyogrio
import pytest
import rasterio

from lifezone.model import Reason
from lifezone.report import frames
from lifezone.report.rasters import grid_of, why_no_grid
from lifezone.report.writing import write
from lifezone.standards.disclosure import LEAST_GROUP
from tests.report import worlds

LAYERS = ("parquet", "gpkg", "geotiff", "geojson", "xlsx")


@pytest.fixture(scope="module")
def result():
    return replace(worlds.result(maps=False, cells=800), layers=LAYERS)


@pytest.fixture(scope="module")
def out(result, tmp_path_factory):
    folder = tmp_path_factory.mktemp("layers") / "out"
    write(result, folder)
    return folder


def test_layers__are_the_same_bytes_twice_and_only_what_is_asked_for(result, out, tmp_path) -> None:
    write(result, tmp_path / "again")
    hashes = [
        {path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
         for path in folder.rglob("*") if path.is_file() and path.name != "manifest.json"}
        for folder in (out, tmp_path / "again")
    ]  # fmt: skip
    assert hashes[0] == hashes[1]
    assert {"result.xlsx", "rasters/baseline_minutes.tif", "baseline/cells.geojson"} <= hashes[0].keys()
    write(replace(result, layers=("parquet",)), tmp_path / "few")
    assert not [path for path in (tmp_path / "few").rglob("*") if path.suffix in (".tif", ".xlsx", ".gpkg", ".geojson")]


def test_rasters__hold_every_cell_where_it_lies(result, out) -> None:
    variant = result.baseline
    cells = frames.cells(variant)
    demand = variant.world.demand.take(variant.world.demand.inside)
    with rasterio.open(out / "rasters" / "baseline_minutes.tif") as file:
        keys = list(variant.assessment.verdicts)
        assert list(file.descriptions) == keys
        assert file.units[0] == "min"
        assert file.crs.to_epsg() == 5179
        assert np.isnan(file.nodata)
        places = list(zip(demand.x_m, demand.y_m, strict=True))
        read = np.array(list(file.sample(places)))
        assert np.isfinite(file.read(1)).sum() == np.isfinite(cells[f"{keys[0]}_minutes"]).sum()
    for at, key in enumerate(keys):
        assert read[:, at] == pytest.approx(cells[f"{key}_minutes"].to_numpy(np.float32), nan_ok=True)
    with rasterio.open(out / "rasters" / "baseline_people.tif") as file:
        assert file.descriptions == ("total", "age_6_11")
        assert np.nansum(file.read(1), dtype=np.float64) == pytest.approx(demand.total.sum(), rel=1e-6)
    with rasterio.open(out / "rasters" / "baseline_metres.tif") as file:
        assert file.descriptions == ("school_road",)


def test_rasters__reasons_and_deserts_are_codes_with_names(result, out) -> None:
    variant = result.baseline
    inside = variant.world.demand.inside
    with rasterio.open(out / "rasters" / "baseline_reason.tif") as file:
        at = file.descriptions.index("clinic_car") + 1
        values, tags = file.read(at), file.tags(at)
    reasons = variant.assessment.verdicts["clinic_car"].reason[inside]
    for why in Reason:
        if why:
            assert (values == why).sum() == (reasons == why).sum()
            assert tags[f"code_{int(why)}"] == why.name.lower()
    with rasterio.open(out / "rasters" / "baseline_deserts.tif") as file:
        assert file.descriptions == ("deficits", "desert")
        label = file.read(2)
    assert (label >= 0).sum() == (variant.assessment.desert[inside] >= 0).sum()


def test_rasters__grids_that_are_none_say_why() -> None:
    people = worlds.demand(cells=200)
    assert why_no_grid(people) == ""
    row, column, height, width, _ = grid_of(people)
    assert (row.min(), column.min(), row.max() + 1, column.max() + 1) == (0, 0, height, width)
    assert "people are points" in why_no_grid(worlds.demand(cells=200, grid=False))
    turned = replace(people, x_m=people.x_m + 0.01 * people.y_m)
    assert "on no common grid" in why_no_grid(turned)
    assert "nobody lives" in why_no_grid(replace(people, district=np.full_like(people.district, -1)))


def test_geojson__is_in_degrees_and_hides_small_counts(result, out, tmp_path) -> None:
    raw = frames.cells(result.baseline)
    shown = gpd.read_file(out / "baseline" / "cells.geojson")
    assert shown.crs.to_epsg() == 4326
    assert shown.total_bounds[0] > 120
    assert len(shown) == len(raw)
    few = (raw["people_total"] > 0) & (raw["people_total"] < 5)
    assert few.any()
    assert shown["people_total"].isna().tolist() == few.tolist()
    assert shown["clinic_car_reason"].fillna("").tolist() == raw["clinic_car_reason"].fillna("").tolist()
    deserts = gpd.read_file(out / "baseline" / "deserts.geojson")
    assert deserts.loc[frames.deserts(result.baseline)["people_total"] < 50, "name"].isna().all()
    assert "crs" not in json.loads((out / "baseline" / "cells.geojson").read_text(encoding="utf-8"))
    write(replace(result, layers=("geojson",)), tmp_path / "all", disclose=True)
    assert gpd.read_file(tmp_path / "all" / "baseline" / "cells.geojson")["people_total"].notna().all()


def sheets_of(path):
    book = openpyxl.load_workbook(path)
    return {sheet.title: list(sheet.iter_rows(values_only=True)) for sheet in book.worksheets}


def test_workbook__holds_the_tables_with_small_counts_hidden(result, out, tmp_path) -> None:
    sheets = sheets_of(out / "result.xlsx")
    assert list(sheets) == ["안내 notes", "요약 summary", "변화 changes", "득실 winners_losers", "밀려남 pushed_beyond",
                            "등급 classes", "생활사막 deserts", "기준 requirements"]  # fmt: skip
    summary = frames.summary(result)
    head, *rows = sheets["요약 summary"]
    assert list(head) == list(summary.columns)
    assert len(rows) == len(summary)
    counts = [column for column in ("people", "judged", "covered", "unreachable") if column in head]
    hidden = 0
    for row, raw in zip(rows, summary.to_dict("records"), strict=True):
        told = dict(zip(head, row, strict=True))
        for column in counts:
            value = raw[column]
            if value is not None and value == value and 0 < value < LEAST_GROUP:
                assert told[column] == "<10"
                hidden += 1
            elif value == value and value is not None:
                assert told[column] == pytest.approx(value, abs=1e-5)
        if told["judged"] == "<10":
            assert told["coverage"] is None
    assert hidden
    write(replace(result, layers=("xlsx",)), tmp_path / "all", disclose=True)
    assert not any("<10" in row for row in sheets_of(tmp_path / "all" / "result.xlsx")["요약 summary"])


def test_workbook__has_notes_units_and_no_formula(result, out) -> None:
    sheets = sheets_of(out / "result.xlsx")
    words = " ".join(str(cell) for row in sheets["안내 notes"] for cell in row if cell)
    for part in ("kr-county", "기준 안에 사는 사람", "depth of shortfall", "312 of 9,804", "open f-2"):
        assert part in words
    with zipfile.ZipFile(out / "result.xlsx") as book:
        for name in book.namelist():
            if name.startswith("xl/worksheets/sheet"):
                assert "<f>" not in book.read(name).decode("utf-8")
    districts = {row[1] for row in sheets["요약 summary"][1:]}
    assert "=d4" in districts
    assert openpyxl.load_workbook(out / "result.xlsx").worksheets[1].cell(1, 1).data_type == "s"


def styles_of(out):
    return pyogrio.read_dataframe(out / "result.gpkg", layer="layer_styles")


def test_styles__every_layer_opens_with_one_and_only_one(result, out) -> None:
    styles = styles_of(out)
    layers = {name for name in pyogrio.list_layers(out / "result.gpkg")[:, 0] if name != "layer_styles"}
    assert set(styles["f_table_name"]) == layers
    assert styles.groupby("f_table_name")["useAsDefault"].sum().eq(1).all()
    assert set(styles["f_geometry_column"]) == {"geom"}
    names = styles.loc[styles["f_table_name"] == "cells_baseline", "styleName"].tolist()
    assert names == ["deserts", *result.baseline.assessment.verdicts]


def test_styles__are_sound_and_speak_of_columns_that_are_there(out) -> None:
    for _, style in styles_of(out).iterrows():
        root = ET.fromstring(style["styleQML"].split("'SYSTEM'>", 1)[1])
        renderer = root.find("renderer-v2")
        assert renderer.get("type") == "RuleRenderer"
        rules, symbols = renderer.findall("rules/rule"), renderer.findall("symbols/symbol")
        assert [rule.get("symbol") for rule in rules] == [symbol.get("name") for symbol in symbols]
        columns = set(pyogrio.read_info(out / "result.gpkg", layer=style["f_table_name"])["fields"])
        named = {name for rule in rules for name in re.findall(r'"([^"]+)"', rule.get("filter"))}
        assert named <= columns, (style["f_table_name"], named - columns)


def test_styles__classes_share_out_all_cells(result, out) -> None:
    """Every filter, put to SQLite, takes each cell once: the classes of a map legend are exclusive and complete."""
    styles = styles_of(out)
    style = styles[(styles["f_table_name"] == "cells_baseline") & (styles["styleName"] == "clinic_car")].iloc[0]
    root = ET.fromstring(style["styleQML"].split("'SYSTEM'>", 1)[1])
    filters = [rule.get("filter") for rule in root.iter("rule")]
    counts = [
        len(pyogrio.read_dataframe(out / "result.gpkg", layer="cells_baseline", where=one, read_geometry=False))
        for one in filters if one != "ELSE"
    ]  # fmt: skip
    reason = frames.cells(result.baseline)["clinic_car_reason"]
    assert sum(counts) == reason.notna().sum()
    assert sum(counts[:3]) == (reason == "met").sum()
    assert sum(counts[3:6]) == (reason == "too_far").sum()
