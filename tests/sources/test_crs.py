"""Coordinates: the study's CRS, the old Korean datum, swapped and missing coordinates."""

from __future__ import annotations

from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

from lifezone.errors import InputError
from lifezone.sources.crs import bounds_in_degrees, inside_clip, parse_crs, place, study_crs, to_crs

DAEJEON = shapely.box(127.2, 36.2, 127.5, 36.5)


@pytest.mark.parametrize(
    ("extent", "crs"),
    [
        ((126.0, 35.0, 127.0, 36.0), "EPSG:5179"), ((124.6, 33.1, 131.9, 38.6), "EPSG:5179"),
        ((1.4, 42.4, 1.8, 42.7), "EPSG:32631"), ((-51.3, -30.3, -51.0, -29.9), "EPSG:32722"),
        ((179.0, 1.0, 180.0, 2.0), "EPSG:32660"), ((-180.0, -2.0, -179.0, -1.0), "EPSG:32701"),
    ],
)  # fmt: skip
def test_study_crs__is_the_usual_one(extent: tuple[float, float, float, float], crs: str) -> None:
    assert study_crs(extent) == crs
    west, south, east, north = extent
    if crs.startswith("EPSG:32"):  # geopandas estimates the same zone
        assert str(gpd.GeoSeries([shapely.box(west, south, east, north)], crs=4326).estimate_utm_crs()) == crs


@pytest.mark.parametrize("extent", [(1.0, 2.0, 0.0, 3.0), (0.0, 0.0, np.nan, 1.0), (-181.0, 0.0, 0.0, 1.0)])
def test_study_crs__refuses_no_area(extent: tuple[float, float, float, float]) -> None:
    with pytest.raises(InputError, match="no such area"):
        study_crs(extent)


@pytest.mark.parametrize("text", ["EPSG:0", "wgs", "https://epsg.example/1", "EPSG:4978", ""])
def test_crs__that_is_none_is_refused(text: str) -> None:
    with pytest.raises(InputError, match="unknown coordinate system"):
        parse_crs(text)


def test_to_crs__agrees_with_geopandas_and_leaves_no_infinity() -> None:
    points = gpd.GeoSeries(gpd.points_from_xy([200000.0, 210000.0], [450000.0, 460000.0]), crs=5174).to_crs(5179)
    x, y = to_crs(np.array([200000.0, 210000.0, np.nan]), np.array([450000.0, 460000.0, 1.0]), "EPSG:5174", "EPSG:5179")
    np.testing.assert_allclose(x[:2], points.x, atol=1e-6)
    np.testing.assert_allclose(y[:2], points.y, atol=1e-6)
    assert np.isnan(x[2])
    assert np.isnan(to_crs(np.array([0.0]), np.array([95.0]), "EPSG:4326", "EPSG:5179")[0]).all()


def test_old_korean_datum__lands_on_the_same_hospitals(shared: Path) -> None:
    """Hospitals of one name in both files: geocoders differ by metres; a wrong datum would be off by hundreds."""
    old = pd.read_csv(shared / "korea_raw/localdata_hospitals_nationwide_2022.csv", encoding="cp949", dtype=str)
    old = old[old["영업상태명"].eq("영업/정상") & old["도로명전체주소"].fillna("").str.contains("전라북도")]
    new = pd.read_csv(shared / "korea_raw/hira_jeonbuk_medical_2025.csv", encoding="utf-8-sig", dtype=str)
    both = old.merge(new.drop_duplicates("요양기관명", keep=False), left_on="사업장명", right_on="요양기관명")
    x, y = both["좌표정보(x)"].astype(float).to_numpy(), both["좌표정보(y)"].astype(float).to_numpy()
    x_m, y_m = to_crs(x, y, "EPSG:5174", "EPSG:5179")
    east, north = to_crs(both["좌표(X)"].to_numpy(float), both["좌표(Y)"].to_numpy(float), "EPSG:4326", "EPSG:5179")
    apart_m = np.hypot(x_m - east, y_m - north)
    assert len(both) > 150
    assert np.nanmedian(apart_m) < 15
    assert np.nanpercentile(apart_m, 75) < 30


def test_place__takes_degrees_without_a_crs_and_tells() -> None:
    placed = place(
        np.array([127.3, 127.4]), np.array([36.3, 36.4]), crs=None, study="EPSG:5179", clip=None, what="t.csv"
    )
    assert placed.notes == ("t.csv: no crs is given, x and y are taken as longitude and latitude (EPSG:4326)",)
    assert placed.inside.all()


@pytest.mark.parametrize(
    ("x", "y", "crs", "message"),
    [
        ([36.3, 36.4], [127.3, 127.4], None, "x and y are swapped"),
        ([36.3, 36.4], [127.3, 127.4], "EPSG:4326", "x and y are swapped"),
        ([450000.0, 400000.0], [200000.0, 210000.0], "EPSG:5174", "x and y are swapped"),
        ([990000.0, 991000.0], [1810000.0, 1811000.0], None, "2 of 2 points are not in degrees.*give crs"),
        ([127.3, 1273.0], [36.3, 36.4], None, "1 of 2 points are not in degrees"),
        ([127.3], [36.3], "EPSG:99999", "unknown coordinate system"),
    ],
)
def test_place__refuses_what_cannot_be_right(x: list[float], y: list[float], crs: str | None, message: str) -> None:
    with pytest.raises(InputError, match=message):
        place(np.array(x), np.array(y), crs=crs, study="EPSG:5179", clip=None, what="t.csv")


def test_swapped__where_both_ways_are_degrees_shows_by_the_area() -> None:
    """Porto Alegre: −51, −30 exchanged is a place in the ocean, but not in the area."""
    lon, lat = np.array([-51.2, -51.1]), np.array([-30.1, -30.0])
    clip = shapely.box(-51.3, -30.3, -51.0, -29.9)
    with pytest.raises(InputError, match="swapped"):
        place(lat, lon, crs=None, study="EPSG:32722", clip=clip, what="t.csv")
    assert place(lon, lat, crs=None, study="EPSG:32722", clip=clip, what="t.csv").inside.all()


def test_wrong_crs__is_named_when_a_usual_one_fits() -> None:
    x, y = to_crs(np.array([127.3, 127.4]), np.array([36.3, 36.4]), "EPSG:4326", "EPSG:5186")
    with pytest.raises(InputError, match="no point lies in the area; in EPSG:5186 most would") as caught:
        place(x, y, crs="EPSG:5174", study="EPSG:5179", clip=DAEJEON, what="t.csv")
    assert caught.value.faults[0].path == ("crs",)


def test_points_elsewhere__are_told_where_no_usual_system_fits() -> None:
    """Seoul seen from Daejeon: facilities elsewhere are no fault, but they are told."""
    placed = place(np.array([127.0]), np.array([37.5]), crs=None, study="EPSG:5179", clip=DAEJEON, what="t.csv")
    assert not placed.inside.any()
    assert placed.notes[-1] == "t.csv: no point lies in the area"


def test_degrees_under_a_metric_crs__are_a_fault() -> None:
    """127, 36 read as metres is a place in the sea, 600 km or more away; nothing may be computed there."""
    x, y = np.array([np.nan, 127.3, 0.0]), np.array([36.3, 36.3, 0.0])
    for crs in ("EPSG:5179", "EPSG:5186", "EPSG:32652"):
        with pytest.raises(
            InputError, match=rf"look like degrees \(first: 127.3, 36.3\), {crs} is in metres: write crs"
        ):
            place(x, y, crs=crs, study="EPSG:5179", clip=None, what="t.csv")


def test_missing__are_blank_cells_and_null_island() -> None:
    x, y = np.array([127.3, np.nan, 0.0]), np.array([36.3, 36.3, 0.0])
    placed = place(x, y, crs=None, study="EPSG:5179", clip=DAEJEON, what="t.csv")
    assert placed.missing.tolist() == [False, True, True]
    assert placed.inside.tolist() == [True, False, False]


def test_inside_clip__counts_the_boundary() -> None:
    x, y = np.array([127.2, 127.1]), np.array([36.3, 36.3])
    assert inside_clip(x, y, "EPSG:4326", DAEJEON).tolist() == [True, False]


def test_bounds__are_widened_by_metres() -> None:
    west, south, east, north = bounds_in_degrees(np.array([127.0]), np.array([60.0]), "EPSG:4326", margin_m=1110.0)
    assert (south, north) == pytest.approx((59.99, 60.01))
    assert (west, east) == pytest.approx((126.98, 127.02), abs=1e-4)  # a degree is half as long at 60° north
