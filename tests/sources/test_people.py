"""People from tables and rasters: what is read, what is refused, and that people in are people out."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pytest
import rasterio
import shapely
from affine import Affine
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from lifezone.errors import InputError
from lifezone.model import Districts
from lifezone.sources.people import PeopleRaster, PeopleTable
from lifezone.sources.reading import Reading

KOREA = "EPSG:5179"


def reading(folder: Path, **more: Any) -> Reading:
    return Reading(folder=folder, crs=more.pop("crs", KOREA), **more)


def table(folder: Path, text: str, **keys: Any) -> PeopleTable:
    (folder / "p.csv").write_text(text, encoding="utf-8")
    return PeopleTable(**{"type": "table", "path": "p.csv", "x": "x", "y": "y", "groups": {"total": "n"}, **keys})


def faults(spec: PeopleTable | PeopleRaster, folder: Path, **more: Any) -> list[str]:
    with pytest.raises(InputError) as caught:
        spec.load(reading(folder, **more))
    return [str(fault) for fault in caught.value.faults]


def test_table__keeps_ids_names_and_people(tmp_path: Path) -> None:
    text = "id,x,y,n,old,name\n001,127.30,36.30,10,4,가마을\n002,127.40,36.40,2.5,1,\n"
    spec = table(tmp_path, text, id="id", groups={"total": "n", "age_65_plus": "old"}, name="name", estimated=["total"])
    place = reading(tmp_path)
    demand = spec.load(place)
    assert demand.ids.tolist() == ["001", "002"]
    assert demand.people.tolist() == [[10, 4], [2.5, 1]]
    assert (demand.groups, demand.estimated, demand.people_read) == (("total", "age_65_plus"), ("total",), 12.5)
    assert demand.name is not None
    assert demand.name.tolist() == ["가마을", ""]
    assert (demand.cell_m, demand.cells, demand.district.tolist()) == (0, False, [0, 0])
    assert {key: place.inputs[0][key] for key in ("path", "rows", "used", "refused", "encoding")} == {
        "path": "p.csv", "rows": 2, "used": 2, "refused": 0, "encoding": "utf-8",
    }  # fmt: skip
    assert len(place.inputs[0]["sha256"]) == 64


def test_table__every_fault_is_told_at_once_with_lines(tmp_path: Path) -> None:
    text = "id,x,y,n,old\na,127,36,-1,1\na,127,36,x,1\n,127,36,5,1e10\nb,127,36,inf,\n"
    told = faults(table(tmp_path, text, id="id", groups={"total": "n", "old": "old"}), tmp_path)
    assert told == [
        "groups.total: p.csv: column 'n' must hold numbers: line 3 'x', line 5 'inf'",
        "groups.total: p.csv: people must be 0 to 10⁹ in column 'n': -1 in line 2",
        "groups.old: p.csv: people must be 0 to 10⁹ in column 'old': 10000000000 in line 4",
        "id: p.csv: column 'id' is empty in line 4",
        "id: p.csv: ids must be unique; repeated: a in line 2, line 3",
    ]


def test_table__missing_columns_are_told_together(tmp_path: Path) -> None:
    told = faults(table(tmp_path, "idd,x,lat,n\n1,127,36,5\n", id="id", crs="EPSG:1"), tmp_path)
    assert [line.split(":")[0] for line in told] == ["y", "crs", "id"]
    assert "did you mean 'idd'?" in told[2]


def test_blank_people__are_a_fault_unless_blank_says_what_they_mean(tmp_path: Path) -> None:
    text = "x,y,n,old\n127,36,,\n127,36.1,5,\n127,36.2,6,1\n"
    groups = {"total": "n", "old": "old"}
    assert faults(table(tmp_path, text, groups=groups), tmp_path) == [
        "groups.total: p.csv: column 'n' has no number in line 2; mend it, or say with blank what an empty cell means",
        "groups.old: p.csv: column 'old' has no number in line 2, line 3; mend it, or say with blank what an empty "
        "cell means",
    ]
    zero = table(tmp_path, text, groups=groups, blank="zero").load(reading(tmp_path))
    assert zero.people.tolist() == [[0, 0], [5, 0], [6, 1]]
    left = table(tmp_path, text, groups=groups, blank="leave_out").load(reading(tmp_path))
    assert left.ids.tolist() == ["p2", "p3"]
    assert left.people.tolist() == [[5, 0], [6, 1]]


def test_people_without_coordinates__are_a_fault_but_not_places_without_people(tmp_path: Path) -> None:
    assert "7 people have no coordinates in line 3" in faults(table(tmp_path, "x,y,n\n127,36,5\n,36,7\n"), tmp_path)[0]
    demand = table(tmp_path, "x,y,n\n127,36,5\n,36,0\n").load(reading(tmp_path))
    assert demand.n_points == 1
    assert "1 places without people have no coordinates" in " ".join(demand.notes)


def test_clip_and_districts__leave_out_and_tell(tmp_path: Path) -> None:
    text = "x,y,n\n127.05,36.05,5\n127.15,36.05,7\n127.25,36.05,11\n"
    squares = gpd.GeoSeries([shapely.box(127.0, 36.0, 127.1, 36.1)], crs=4326).to_crs(KOREA)
    districts = Districts(("a",), ("a",), ("a",), squares.to_numpy())
    demand = table(tmp_path, text).load(
        reading(tmp_path, clip=shapely.box(127.0, 36.0, 127.2, 36.1), districts=districts)
    )
    assert demand.ids.tolist() == ["p1", "p2"]
    assert demand.district.tolist() == [0, -1]
    assert demand.people_read == 23
    told = " ".join(demand.notes)
    assert "11 people at 1 points lie outside the area" in told
    assert "7 people at 1 points lie outside every district" in told


def test_nobody_in_the_area__is_a_fault_that_names_the_crs(tmp_path: Path) -> None:
    """229,000 m east, 403,000 m north in EPSG:5186 is Daejeon (127.32 E, 36.23 N); in EPSG:5174 it is 100 km off."""
    clip = shapely.box(127.2, 36.1, 127.5, 36.5)
    spec = table(tmp_path, "x,y,n\n229000,403000,5\n", crs="EPSG:5174")
    (told,) = faults(spec, tmp_path, clip=clip)
    assert told == "crs: p.csv: no point lies in the area; in EPSG:5186 most would: check crs, or that of the area"


def test_district_column__is_checked_against_districts_and_polygons(tmp_path: Path) -> None:
    square = gpd.GeoSeries([shapely.box(127.0, 36.0, 127.1, 36.1)], crs=4326).to_crs(KOREA).to_numpy()
    districts = Districts(("01", "02"), ("a", "b"), ("a", "b"), np.array([square[0], shapely.box(0, 0, 1, 1)], object))
    rows = "x,y,n,d\n127.05,36.05,5,02\n127.25,36.05,7,99\n127.26,36.05,7,\n"
    demand = table(tmp_path, rows, district="d").load(reading(tmp_path, districts=districts))
    assert demand.district.tolist() == [1, -1, -1]
    inside = table(tmp_path, rows + "127.06,36.05,1,77\n", district="d")
    assert "line 5 lie in the area but name no district of it: 77" in faults(inside, tmp_path, districts=districts)[0]
    wrong = table(tmp_path, "x,y,n,d\n127.05,36.05,5,x\n", district="d")
    assert "names no district of the study; it has x, the districts are 01, 02" in faults(
        wrong, tmp_path, districts=districts
    )[0]  # fmt: skip
    assert "the study has no districts" in faults(wrong, tmp_path)[0]


@pytest.mark.parametrize(
    "keys",
    [
        {"groups": {"old": "n"}},
        {"groups": {"total": "n", "65+": "n"}},
        {"estimated": ["x"]},
        {"cell": 100},
        {"colour": "red"},
    ],
)
def test_spec__refuses_what_is_not_one(tmp_path: Path, keys: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        table(tmp_path, "x,y,n\n", **keys)


def shapes(folder: Path, polygons: list[Any], people: list[float | None], crs: str = KOREA) -> PeopleTable:
    frame = gpd.GeoDataFrame({"n": people}, geometry=polygons, crs=crs)
    frame.to_file(folder / "s.gpkg", engine="pyogrio")
    return PeopleTable(type="table", path="s.gpkg", groups={"total": "n"})


def test_square_polygons__are_cells_and_empty_numbers_are_not_published(tmp_path: Path) -> None:
    squares = [shapely.box(at, 2e6, at + 100, 2e6 + 100) for at in range(990_000, 990_500, 100)]
    demand = shapes(tmp_path, squares, [1, 2, None, 0, 5]).load(reading(tmp_path))
    assert (demand.cells, demand.cell_m) == (True, 100)
    assert demand.ids.tolist() == ["p1", "p2", "p4", "p5"]
    assert demand.shapes is None
    assert demand.x_m.tolist() == [990_050, 990_150, 990_350, 990_450]
    assert "1 of 5 places give no number of people: not counted" in demand.notes[0]


def test_square_polygons__in_another_crs_are_cells_too(tmp_path: Path) -> None:
    squares = [shapely.box(at, 4e5, at + 500, 4e5 + 500) for at in range(200_000, 203_000, 500)]
    demand = shapes(tmp_path, squares, [1.0] * 6, crs="EPSG:5186").load(reading(tmp_path))
    assert (demand.cells, demand.cell_m) == (True, 500)


def test_other_polygons__stand_for_a_point_inside(tmp_path: Path) -> None:
    ring = shapely.difference(shapely.box(0, 0, 100, 100), shapely.box(0, 20, 80, 80))  # the centroid lies in the gap
    ring = shapely.transform(ring, lambda xy: xy + np.array([990_000, 2_000_000]))
    demand = shapes(tmp_path, [ring, shapely.box(990_000, 2e6, 992_000, 2e6 + 300)], [3.0, 4.0]).load(reading(tmp_path))
    assert shapely.contains_xy(ring, demand.x_m[0], demand.y_m[0])
    assert (demand.cells, demand.cell_m) == (False, 0)
    assert shapely.equals(demand.shapes, [ring, shapely.box(990_000, 2e6, 992_000, 2e6 + 300)]).all()
    assert "differ in size" in " ".join(demand.notes)


def test_hexagons__are_no_squares_but_of_one_size(tmp_path: Path) -> None:
    angle = np.arange(6) * np.pi / 3
    hexagon = np.column_stack([np.cos(angle), np.sin(angle)]) * 100
    polygons = [shapely.Polygon(hexagon + np.array([990_000 + 300 * at, 2e6])) for at in range(5)]
    demand = shapes(tmp_path, polygons, [1.0] * 5).load(reading(tmp_path))
    assert not demand.cells
    assert demand.cell_m == pytest.approx((1.5 * 3**0.5) ** 0.5 * 100, rel=1e-3)  # area of a hexagon: 3√3/2 · r²


def test_cell__says_what_a_row_of_points_stands_for(tmp_path: Path) -> None:
    demand = table(tmp_path, "x,y,n\n127,36,5\n", cell="100 m").load(reading(tmp_path))
    assert (demand.cells, demand.cell_m) == (True, 100)


def test_table_extent__is_in_degrees_and_holds_the_cells(tmp_path: Path) -> None:
    extent = table(tmp_path, "x,y,n\n127,36,5\n127.1,36.2,1\n,,0\n", cell="2220 m").extent(tmp_path)
    assert extent == pytest.approx((126.9876, 35.99, 127.1124, 36.21), abs=2e-4)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(people=st.lists(st.floats(0, 1e6, allow_nan=False).map(lambda n: round(n, 3)), min_size=1, max_size=30),
       west=st.integers(0, 20).map(lambda at: 127.005 + at / 100))  # fmt: skip
def test_people_in__are_people_out(tmp_path: Path, people: list[float], west: float) -> None:
    rows = "".join(f"{127 + at / 100},{36},{n!r}\n" for at, n in enumerate(people))
    clip = shapely.box(west - 1, 35, west, 37)
    inside = sum(n for at, n in enumerate(people) if 127 + at / 100 <= west)
    spec = table(tmp_path, "x,y,n\n" + rows)
    if not any(127 + at / 100 <= west for at in range(len(people))):
        return
    demand = spec.load(reading(tmp_path, clip=clip))
    assert demand.people_read == pytest.approx(sum(people), rel=1e-9)
    assert demand.total.sum() == pytest.approx(inside, rel=1e-9)


def raster(folder: Path, bands: Any, *, crs: str | None = KOREA, nodata: float | None = -1.0, cell: float = 100.0,
           origin: tuple[float, float] = (990_000, 1_820_000), dtype: str = "float64") -> None:  # fmt: skip
    data = np.asarray(bands, dtype=dtype)
    data = data[None] if data.ndim == 2 else data
    with rasterio.open(
        folder / "r.tif", "w", driver="GTiff", count=len(data), height=data.shape[1], width=data.shape[2], dtype=dtype,
        crs=crs, nodata=nodata, transform=Affine(cell, 0, origin[0], 0, -cell, origin[1]),
    ) as file:  # fmt: skip
        file.write(data)


def raster_spec(**keys: Any) -> PeopleRaster:
    return PeopleRaster(**{"type": "raster", "path": "r.tif", "groups": {"total": 1}, **keys})


def test_raster__cells_with_people_become_points(tmp_path: Path) -> None:
    raster(tmp_path, [[[1, 0, -1], [4, 5.5, 0]], [[1, 0, 3], [-1, 2, 0]]])
    demand = raster_spec(groups={"total": 1, "old": 2}, scale=2.0).load(reading(tmp_path))
    assert demand.ids.tolist() == ["r0c0", "r1c0", "r1c1"]
    assert demand.people.tolist() == [[2, 2], [8, 0], [11, 4]]
    assert demand.x_m.tolist() == [990_050, 990_050, 990_150]
    assert demand.y_m.tolist() == [1_819_950, 1_819_850, 1_819_850]
    assert (demand.cells, demand.cell_m) == (True, pytest.approx(100))
    assert demand.notes[0] == "r.tif: of 6 cells 2 hold nobody and 1 no data, left out"
    assert "1 cells have no data for one of the groups" in demand.notes[1]


def test_raster__in_degrees_tells_its_true_cell_side(tmp_path: Path) -> None:
    raster(tmp_path, [[1.0, 2.0]], crs="EPSG:4326", cell=0.01, origin=(127.0, 36.0))
    demand = raster_spec().load(reading(tmp_path))
    # 0.01° at 36°N: 1109.6 m north, 901.5 m east (WGS 84 series); root of the product
    assert demand.cell_m == pytest.approx((1109.6 * 901.5) ** 0.5, rel=2e-3)


def test_raster__clip_reads_a_window_and_keeps_the_sum(tmp_path: Path) -> None:
    data = np.random.default_rng(3).integers(0, 50, (300, 400)).astype(float)
    raster(tmp_path, data)
    whole = raster_spec().load(reading(tmp_path))
    assert whole.total.sum() == data.sum()
    corner = gpd.GeoSeries([shapely.box(1_000_000, 1_800_000, 1_010_000, 1_810_000)], crs=KOREA).to_crs(4326)
    clip = shapely.segmentize(corner.iloc[0], 0.001)
    part = raster_spec().load(reading(tmp_path, clip=clip))
    assert part.total.sum() == data[100:200, 100:200].sum()
    assert set(part.ids) < set(whole.ids)


@pytest.mark.parametrize(
    ("bands", "nodata", "message"),
    [
        (
            [[1.0, -9999.0]],
            None,
            "1 cells hold negative numbers (row 0 column 1: -9999): where that means no data, say",
        ),
        ([[np.nan, 1.0]], None, "1 cells hold NaN"),
        ([[np.inf, 1.0]], None, "1 cells hold more than 10⁹ people"),
        ([[0.0, -1.0]], -1.0, "nobody lives in the area"),
    ],
)
def test_raster__impossible_people_are_refused(
    tmp_path: Path, bands: list[list[float]], nodata: float | None, message: str
) -> None:
    raster(tmp_path, bands, nodata=nodata)
    assert message in faults(raster_spec(), tmp_path)[0]


def test_raster__nodata_can_be_declared_in_the_scenario(tmp_path: Path) -> None:
    raster(tmp_path, [[1.0, -9999.0]], nodata=None)
    assert raster_spec(nodata=-9999.0).load(reading(tmp_path)).total.tolist() == [1]
    raster(tmp_path, [[1.0, np.nan]], nodata=np.nan)
    assert raster_spec().load(reading(tmp_path)).total.tolist() == [1]
    raster(tmp_path, [[1.0, np.nan]], nodata=None)
    assert raster_spec(nodata="nan").load(reading(tmp_path)).total.tolist() == [1]


def test_raster__faults_name_band_crs_and_format(tmp_path: Path) -> None:
    raster(tmp_path, [[1.0]])
    assert faults(raster_spec(groups={"total": 1, "old": 2}), tmp_path) == [
        "groups.old: r.tif has 1 bands, band 2 is not there"
    ]
    far = shapely.box(0, 0, 1, 1)
    assert "does not touch the area" in faults(raster_spec(), tmp_path, clip=far)[0]
    raster(tmp_path, [[1.0]], crs=None)
    assert "does not say its coordinate system" in faults(raster_spec(), tmp_path)[0]
    assert raster_spec(crs=KOREA).load(reading(tmp_path)).n_points == 1
    (tmp_path / "r.tif").write_bytes(b"<VRTDataset/>")
    assert "cannot be read as a raster" in faults(raster_spec(), tmp_path)[0]
    (tmp_path / "r.vrt").write_bytes(b"<VRTDataset/>")
    assert "expected a raster" in faults(raster_spec(path="r.vrt"), tmp_path)[0]
    with pytest.raises(InputError, match="not a local file"):
        raster_spec(path="/vsicurl/http://a.example/r.tif").load(reading(tmp_path))


def test_raster_extent__is_in_degrees(tmp_path: Path) -> None:
    raster(tmp_path, np.ones((10, 10)), crs="EPSG:4326", cell=0.1, origin=(127.0, 37.0))
    assert raster_spec().extent(tmp_path) == pytest.approx((127, 36, 128, 37))


def test_official_grid__loads_as_published(shared: Path) -> None:
    spec = PeopleTable(type="table", path="korea_raw/daejeon_1km_grid_nlsp.shp", id="gid", groups={"total": "val"})
    demand = spec.load(reading(shared))
    assert (demand.n_points, demand.cells, demand.cell_m) == (474, True, 1000)
    assert demand.total.sum() == demand.people_read == 1_439_294  # pandas: frame.val.sum()
    assert demand.ids[0] == "다바8516"
    assert "158 of 632 places give no number of people" in demand.notes[0]


def test_porto_alegre__counts_812_935_people(shared: Path) -> None:
    spec = PeopleTable(type="table", path="porto_alegre/poa_hexgrid.csv", id="id", x="lon", y="lat",
                       groups={"total": "population"})  # fmt: skip
    demand = spec.load(reading(shared, crs="EPSG:32722"))
    assert (demand.n_points, demand.total.sum()) == (1_227, 812_935)
