"""Every vector format that is read: written by GDAL, read back the same; archives; and what is not what it says."""

from __future__ import annotations

import zipfile
from pathlib import Path

import geopandas as gpd
import pyogrio
import pytest
import shapely

from lifezone.errors import InputError
from lifezone.sources.tables import read_table

SHOPS = gpd.GeoDataFrame(
    {"name": ["가게", "나무"], "no": [1, 2]}, geometry=[shapely.Point(127, 36), shapely.Point(127.5, 36.5)], crs=4326
)
DRIVERS = {"fgb": "FlatGeobuf", "kml": "KML", "gml": "GML", "gpx": "GPX", "sqlite": "SQLite", "geojsonl": "GeoJSONSeq",
           "geojson": "GeoJSON", "gpkg": "GPKG", "mif": "MapInfo File"}  # fmt: skip


@pytest.mark.parametrize("suffix", DRIVERS)
def test_vector__reads_back_what_gdal_wrote(suffix: str, tmp_path: Path) -> None:
    frame = SHOPS[["name", "geometry"]] if suffix in ("gpx", "kml") else SHOPS
    keys = {"layer": "waypoints"} if suffix == "gpx" else {}
    encoding = {"encoding": "UTF-8"} if suffix == "mif" else {}
    pyogrio.write_dataframe(frame, tmp_path / f"a.{suffix}", driver=DRIVERS[suffix], **keys, **encoding)
    table = read_table(tmp_path, f"a.{suffix}", **keys)
    column = "Name" if "Name" in table.columns else "name"
    found = dict(zip(table.text(column).tolist(), shapely.get_x(table.geometry).tolist(), strict=True))
    assert found == pytest.approx({"가게": 127.0, "나무": 127.5})  # FlatGeobuf orders rows by place


def test_vector__several_layers_are_listed(tmp_path: Path) -> None:
    pyogrio.write_dataframe(SHOPS[["name", "geometry"]], tmp_path / "a.gpx", driver="GPX", layer="waypoints")
    with pytest.raises(InputError, match="layers, name one: waypoints, routes"):
        read_table(tmp_path, "a.gpx")


@pytest.mark.parametrize("suffix", ["fgb", "kml", "gml", "gpx", "sqlite", "mif", "dxf", "geojsonl", "zip"])
def test_vector__what_is_not_what_its_name_says_is_refused(suffix: str, tmp_path: Path) -> None:
    for content in (
        b"",
        b"<OGRVRTDataSource><SrcDataSource>http://127.0.0.1:9/x",
        b"id,x\n1,2\n",
        b"fgb\x03" + b"\xff" * 90,
    ):
        (tmp_path / f"a.{suffix}").write_bytes(content)
        with pytest.raises(InputError):
            read_table(tmp_path, f"a.{suffix}")


def test_zip__holds_a_shapefile_in_korean(tmp_path: Path) -> None:
    pyogrio.write_dataframe(SHOPS, tmp_path / "가게.shp", encoding="CP949")
    (tmp_path / "가게.cpg").unlink(missing_ok=True)
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        for part in tmp_path.glob("가게.*"):
            archive.write(part, f"folder/{part.name}")
        archive.writestr("readme.txt", "x")
    table = read_table(tmp_path, "a.zip")
    assert table.text("name").tolist() == ["가게", "나무"]
    assert (table.encoding, table.file.name) == ("cp949", "a.zip")
    with zipfile.ZipFile(tmp_path / "a.zip", "a") as archive:
        archive.writestr("other.geojson", SHOPS.to_json())
    with pytest.raises(InputError, match="holds 2 layers, name one: 가게, other"):
        read_table(tmp_path, "a.zip")
    assert read_table(tmp_path, "a.zip", layer="other").n_rows == 2
    with pytest.raises(InputError, match="did you mean 'other'"):
        read_table(tmp_path, "a.zip", layer="othr")


@pytest.mark.parametrize(
    "path", ["https://x.org/a.gpkg", "s3://bucket/a.tif", "/vsicurl/https://x.org/a.gpkg", "/vsis3/b/a.csv", "gs://b/a"]
)
def test_remote__files_are_never_fetched(path: str, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="is not a local file: download it first and give its path"):
        read_table(tmp_path, path)
