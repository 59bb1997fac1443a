"""Population rasters as WorldPop and GHSL give them: one file or band a group, other grids, pieces of blocks."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import rasterio
import shapely
from affine import Affine
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import ValidationError
from pyproj import Transformer

from lifezone.errors import InputError
from lifezone.sources.people import PeopleRaster, grids, raster
from lifezone.sources.reading import Reading

KOREA = "EPSG:5179"
CORNER = Affine(100.0, 0, 1_000_000, 0, -100.0, 1_900_000)


def write(path: Path, *bands: np.ndarray, crs: str = KOREA, transform: Affine = CORNER, **more: Any) -> None:
    height, width = bands[0].shape
    with rasterio.open(
        path, "w", driver="GTiff", height=height, width=width, count=len(bands), dtype=bands[0].dtype, crs=crs,
        transform=transform, **more,
    ) as file:  # fmt: skip
        for at, band in enumerate(bands, 1):
            file.write(band, at)


def reading(folder: Path, **more: Any) -> Reading:
    return Reading(folder=folder, **{"crs": KOREA, **more})


def load(folder: Path, **keys: Any) -> Any:
    return PeopleRaster.model_validate({"type": "raster", **keys}).load(reading(folder))


def test_raster__a_group_may_be_files_of_its_own_added_up(tmp_path: Path) -> None:
    total = np.array([[10, 20], [0, 40]], np.float32)
    men = np.array([[1, 2], [0, -9]], np.float32)
    women = np.array([[3, -9], [0, -9]], np.float32)
    write(tmp_path / "ppp.tif", total)
    write(tmp_path / "m_65.tif", men, nodata=-9)
    write(tmp_path / "f_65.tif", np.zeros_like(men), women, nodata=-9)
    old = [{"path": "m_65.tif"}, {"path": "f_65.tif", "band": 2}]
    demand = load(tmp_path, path="ppp.tif", groups={"age_65_plus": old, "total": 1})
    assert demand.ids.tolist() == ["r0c0", "r0c1", "r1c1"]
    assert demand.of("total").tolist() == [10, 20, 40]
    assert demand.of("age_65_plus").tolist() == [4, 2, 0]
    assert "ppp.tif: 1 cells have no data for one of the groups, taken as 0" in demand.notes
    assert "age_65_plus: 2 bands added up" in demand.notes
    same = load(tmp_path, groups={"total": {"path": "ppp.tif"}, "age_65_plus": old})
    assert same.people.tolist() == demand.people[:, ::-1].tolist()


def test_raster__other_grids_and_absent_bands_are_told_together(tmp_path: Path) -> None:
    write(tmp_path / "a.tif", np.ones((2, 2), np.float32))
    write(tmp_path / "wide.tif", np.ones((2, 3), np.float32))
    write(tmp_path / "moved.tif", np.ones((2, 2), np.float32), transform=CORNER @ Affine.translation(0.5, 0))
    write(tmp_path / "other.tif", np.ones((2, 2), np.float32), crs="EPSG:5186")
    groups = {
        "total": 1,
        **{f"g{at}": {"path": name} for at, name in enumerate(["wide.tif", "moved.tif", "other.tif"])},
    }
    with pytest.raises(InputError) as caught:
        load(tmp_path, path="a.tif", groups=groups)
    told = str(caught.value)
    assert "groups.g0.path: wide.tif lies on another grid than a.tif: 3 × 2 cells" in told
    assert "another corner" in told
    assert "another coordinate system" in told
    with pytest.raises(InputError, match=r"groups\.old\.path: there is no file gone"):
        load(tmp_path, path="a.tif", groups={"total": 1, "old": {"path": "gone.tif"}})
    with pytest.raises(InputError, match=r"groups.old\[1\]: a.tif has 1 bands, band 4 is not there"):
        load(tmp_path, path="a.tif", groups={"total": 1, "old": [1, 4]})


def test_raster__a_band_needs_a_file() -> None:
    for groups in ({"total": 1}, {"total": [{"path": "a.tif"}, 2]}, {"total": []}):
        with pytest.raises(ValidationError, match=r"a band alone is one of path|at least one band"):
            PeopleRaster.model_validate({"type": "raster", "groups": groups})


def test_raster__equal_area_world_grids_are_read_in_their_own_crs(tmp_path: Path) -> None:
    # GHS-POP: World Mollweide, 100 m, nodata −200
    to = Transformer.from_crs("EPSG:4326", "ESRI:54009", always_xy=True)
    x, y = (round(value, -2) for value in to.transform(127.4, 36.5))
    people = np.array([[5.5, -200], [2.5, 0]], np.float64)
    write(tmp_path / "ghs.tif", people, crs="ESRI:54009", transform=Affine(100, 0, x, 0, -100, y), nodata=-200)
    demand = load(tmp_path, path="ghs.tif", groups={"total": 1})
    assert demand.total.tolist() == [5.5, 2.5]
    assert demand.cell_m == pytest.approx(100, abs=0.2)  # equal-area: the root of the area stays 100 m
    lon, lat = Transformer.from_crs(KOREA, "EPSG:4326", always_xy=True).transform(demand.x_m[0], demand.y_m[0])
    assert to.transform(lon, lat) == pytest.approx((x + 50, y - 50), abs=0.01)


@pytest.mark.parametrize("stored", [{"tiled": True, "blockxsize": 16, "blockysize": 16}, {"blockysize": 1}, {}])
def test_raster__pieces_of_blocks_give_what_one_read_gives(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, stored: dict[str, Any]
) -> None:
    random = np.random.default_rng(7)
    people = np.where(random.random((50, 70)) < 0.4, random.integers(1, 90, (50, 70)), 0).astype(np.float32)
    write(tmp_path / "p.tif", people, **stored)
    x0, y0 = CORNER.c, CORNER.f
    box = shapely.box(x0 + 930, y0 - 4300, x0 + 6120, y0 - 720)
    back = Transformer.from_crs(KOREA, "EPSG:4326", always_xy=True)
    clip = shapely.transform(shapely.segmentize(box, 50), lambda xy: np.column_stack(back.transform(*xy.T)))
    row, column = np.nonzero(people)
    x, y = x0 + 100 * column + 50, y0 - 100 * row - 50
    inside = (x > x0 + 930) & (x < x0 + 6120) & (y < y0 - 720) & (y > y0 - 4300)
    expected = [f"r{r}c{c}" for r, c in zip(row[inside], column[inside], strict=True)]
    for cells in (1, 40, 600, 1 << 21):
        monkeypatch.setattr(grids, "_PIECE_CELLS", cells)
        demand = PeopleRaster(type="raster", path="p.tif", groups={"total": 1}).load(reading(tmp_path, clip=clip))
        assert demand.ids.tolist() == expected
        assert demand.total.tolist() == people[row[inside], column[inside]].tolist()


@settings(max_examples=60, deadline=None)
@given(
    block=st.tuples(st.integers(1, 9), st.integers(1, 9)),
    window=st.tuples(*[st.integers(0, 20)] * 2, *[st.integers(1, 30)] * 2),
    layers=st.integers(1, 4), cells=st.integers(1, 200),
)  # fmt: skip
def test_pieces__cover_the_window_once(block: tuple[int, int], window: Any, layers: int, cells: int) -> None:
    class Stored:
        block_shapes = (block,)

    before, grids._PIECE_CELLS = grids._PIECE_CELLS, cells
    try:
        cut = list(grids.pieces(Stored(), window, layers))
    finally:
        grids._PIECE_CELLS = before
    top, left, height, width = window
    count = np.zeros((top + height, left + width), int)
    for y, x, h, w in cut:
        assert h > 0
        assert w > 0
        count[y : y + h, x : x + w] += 1
    assert (count[top:, left:] == 1).all()
    assert count.sum() == height * width


def test_raster__more_cells_than_a_study_holds_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path / "p.tif", np.ones((5, 5), np.float32))
    monkeypatch.setattr(raster, "_MOST_POINTS", 24)
    with pytest.raises(InputError, match=r"give area\.districts or area\.bbox"):
        load(tmp_path, path="p.tif", groups={"total": 1})


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(at=st.integers(0, 900), with_=st.binary(min_size=1, max_size=60), cut=st.integers(0, 900))
def test_raster__a_damaged_file_gives_people_or_a_message(at: int, with_: bytes, cut: int, tmp_path: Path) -> None:
    write(tmp_path / "p.tif", np.arange(64, dtype=np.float32).reshape(8, 8), tiled=True, blockxsize=16, blockysize=16)
    whole = bytearray((tmp_path / "p.tif").read_bytes())
    whole[at : at + len(with_)] = with_
    (tmp_path / "q.tif").write_bytes(bytes(whole[: len(whole) - cut] if cut % 3 == 0 else whole))
    try:
        demand = load(tmp_path, path="q.tif", groups={"total": 1})
    except InputError:
        return
    assert (demand.people >= 0).all()
