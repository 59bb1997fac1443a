"""Tables: encodings, delimiters, ids that keep their zeros, faults with line numbers, hostile bytes."""

from __future__ import annotations

from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lifezone.errors import InputError
from lifezone.sources.tables import Table, read_table
from lifezone.sources.where import Compare, keep_rows

KOREAN = "코드,이름,인구\n01,한빛읍,120\n02,달빛면,30\n"


def written(folder: Path, data: bytes | str, name: str = "t.csv") -> str:
    (folder / name).write_bytes(data.encode() if isinstance(data, str) else data)
    return name


def read(folder: Path, data: bytes | str, name: str = "t.csv", **options: str) -> Table:
    return read_table(folder, written(folder, data, name), **options)


@pytest.mark.parametrize(
    ("encoding", "told"),
    [(name, name) for name in ("utf-8", "utf-8-sig", "cp949", "utf-16", "utf-16-le", "utf-16-be")],
)
def test_encoding__is_found_out(tmp_path: Path, encoding: str, told: str) -> None:
    long = KOREAN + "03,abcdefghij,5\n" * 40
    table = read(tmp_path, long.encode(encoding))
    assert table.encoding == told
    assert table.columns == ("코드", "이름", "인구")
    assert table.text("코드")[:2].tolist() == ["01", "02"]
    assert table.text("이름")[1] == "달빛면"


@pytest.mark.parametrize("delimiter", [",", "\t", ";", "|"])
def test_delimiter__is_found_out_even_when_others_stand_in_quotes(tmp_path: Path, delimiter: str) -> None:
    rows = [["id", "note", "n"], ["1", '"a,b;c|d\te"', "5"], ["2", '"x,y;z|w\tv"', "6"]]
    text = "".join(f"{delimiter.join(row)}\n" for row in rows)
    table = read(tmp_path, text)
    assert table.columns == ("id", "note", "n")
    assert table.text("note").tolist() == ["a,b;c|d\te", "x,y;z|w\tv"]


def test_lines__count_quoted_line_breaks_and_blank_lines(tmp_path: Path) -> None:
    # line 1 header, 2–3 one record, 4 blank, 5 record, 6 only commas, 7 record
    table = read(tmp_path, 'id,n\n"a\nb",1\n\nc,2\n,\nd,3\n')
    assert table.line.tolist() == [2, 5, 7]
    assert read(tmp_path, "id,n\r\na,1\r\n\r\nb,2\r\n").line.tolist() == [2, 4]


def test_numbers__name_the_lines_of_what_is_not_one(tmp_path: Path) -> None:
    table = read(tmp_path, 'n\n1\nx\n-\n" 2 "\n"1,234"\n+3e2\n1_0\ninf\n')
    numbers, faults = table.numbers("n", ("groups", "total"))
    np.testing.assert_array_equal(numbers, [1, np.nan, np.nan, 2, 1234, 300, np.nan, np.nan])
    (fault,) = faults
    assert "line 3 'x', line 8 '1_0', line 9 'inf'" in fault.message
    assert fault.path == ("groups", "total")
    assert len(table.numbers("n", (), thousands=False)[1][0].message.split("line")) == 5


@pytest.mark.parametrize(
    ("data", "message"),
    [
        ("", "is empty"),
        ("a,b\n1,2,3\n4\n5,6\n", "the header has 2 fields, but line 2 has 3, line 3 has 1"),
        ('a,b\n1,"2\n3,4\n', "a quote opened in line 2 is never closed"),
        (b"a,b\n\x80\xff,1\n", "cannot be read as utf-8 or cp949, from line 2"),
        (b"PK\x03\x04\x00\x00\x00\x00", "zero bytes"),
    ],
)
def test_broken_text__is_told(tmp_path: Path, data: bytes | str, message: str) -> None:
    with pytest.raises(InputError, match=message):
        read(tmp_path, data)


def test_rows_that_all_end_in_a_delimiter__are_read(tmp_path: Path) -> None:
    table = read(tmp_path, "a,b\n1,2,\n3,4,\n")
    assert table.columns == ("a", "b", "")
    assert table.text("b").tolist() == ["2", "4"]


def test_missing_column__suggests_the_nearest_and_lists_all(tmp_path: Path) -> None:
    (fault,) = read(tmp_path, "name,people\nx,1\n").missing("peple", ("groups", "total"))
    assert fault.message == "t.csv has no column 'peple': did you mean 'people'? It has name, people"
    (twice,) = read(tmp_path, "name,name\nx,1\n").missing("name", ())
    assert "more than one column 'name'" in twice.message


@pytest.mark.parametrize(
    ("path", "message"),
    [
        ("https://a.example/t.csv", "is not a local file"), ("/vsicurl/x.csv", "is not a local file"),
        ("file:///etc/x.csv", "is not a local file"), ("\\\\host\\x.csv", "is not a local file"),
        ("tt.csv", "did you mean 't.csv'"), (".", "is a folder"), ("t.xlsx", "save it as CSV"),
        ("t.vrt", "expected one of"),
    ],
)  # fmt: skip
def test_path__must_be_a_local_table(tmp_path: Path, path: str, message: str) -> None:
    written(tmp_path, "a\n1\n")
    written(tmp_path, "x", "t.xlsx")
    written(tmp_path, "<VRT/>", "t.vrt")
    with pytest.raises(InputError, match=message):
        read_table(tmp_path, path)


@pytest.mark.parametrize("name", ["t.gpkg", "t.shp", "t.geojson", "t.parquet"])
def test_layers__that_are_not_what_their_name_says_are_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(InputError, match=r"is not a \.|cannot be read as Parquet"):
        read(tmp_path, "<OGRVRTDataSource/>", name)


@pytest.mark.parametrize("name", ["t.gpkg", "t.shp", "t.geojson", "t.parquet"])
def test_layers__give_text_numbers_and_geometry(tmp_path: Path, name: str) -> None:
    frame = gpd.GeoDataFrame(
        {"code": ["01", "02", None], "n": [1.0, 2.5, None], "k": [7, 8, 9]},
        geometry=[shapely.Point(127, 36), shapely.Point(128, 37), None], crs=4326,
    )  # fmt: skip
    frame.to_parquet(tmp_path / name) if name.endswith("parquet") else frame.to_file(tmp_path / name, engine="pyogrio")
    table = read_table(tmp_path, name)
    assert table.text("code").tolist() == ["01", "02", ""]
    assert table.text("k").tolist() == ["7", "8", "9"]
    np.testing.assert_array_equal(table.numbers("n", ())[0], [1, 2.5, np.nan])
    assert table.geometry is not None
    assert table.geometry[1] == shapely.Point(128, 37)
    assert table.geometry[2] is None
    assert table.line.tolist() == [1, 2, 3]


def test_several_layers__must_be_named(tmp_path: Path) -> None:
    frame = gpd.GeoDataFrame({"a": ["1"]}, geometry=[shapely.Point(0, 0)], crs=4326)
    for layer in ("one", "two"):
        frame.to_file(tmp_path / "t.gpkg", layer=layer, engine="pyogrio")
    with pytest.raises(InputError, match="has 2 layers, name one: one, two"):
        read_table(tmp_path, "t.gpkg")
    with pytest.raises(InputError, match="did you mean 'two'"):
        read_table(tmp_path, "t.gpkg", layer="twoo")
    assert read_table(tmp_path, "t.gpkg", layer="two").n_rows == 1


def test_parquet__whole_floats_are_ids_without_a_point(tmp_path: Path) -> None:
    pd.DataFrame({"code": [101.0, None, 103.5]}).to_parquet(tmp_path / "t.parquet")
    assert read_table(tmp_path, "t.parquet").text("code").tolist() == ["101", "", "103.5"]


@pytest.mark.parametrize(("encoding", "cpg"), [("utf-8", None), ("cp949", None), ("cp949", "949"), ("cp949", "EUC-KR")])
def test_shapefile__text_encoding_is_decided_by_cpg_or_bytes(tmp_path: Path, encoding: str, cpg: str | None) -> None:
    frame = gpd.GeoDataFrame({"name": ["한빛읍", "달빛면"]}, geometry=[shapely.Point(0, 0)] * 2, crs=4326)
    frame.to_file(tmp_path / "t.shp", engine="pyogrio", encoding=encoding)
    (tmp_path / "t.cpg").unlink()
    if cpg:
        (tmp_path / "t.cpg").write_text(cpg, encoding="ascii")
    assert read_table(tmp_path, "t.shp").text("name").tolist() == ["한빛읍", "달빛면"]


def test_where__compares_text_numbers_and_beginnings(tmp_path: Path) -> None:
    table = read(tmp_path, "code,level,n\n4511,초등학교,1.0\n4512,중학교,0\n5211,초등학교,2\n4513,초등학교,\n")

    def lines(where: dict[str, object]) -> list[int]:
        return keep_rows(table, where)[0].line.tolist()  # type: ignore[arg-type]

    assert lines({"level": "초등학교"}) == [2, 4, 5]
    assert lines({"level": ["초등학교", "중학교"], "code": Compare(starts_with="45")}) == [2, 3, 5]
    assert lines({"n": Compare(at_least=1)}) == [2, 4]
    assert lines({"n": Compare(at_most=1)}) == [2, 3]
    assert lines({"n": 1}) == [2]
    _, notes = keep_rows(table, {"level": "초등하교"})
    assert notes == (
        "t.csv: no row has '초등하교' in column 'level': did you mean '초등학교'?; it has '초등학교' (3), '중학교' (1)",
    )
    with pytest.raises(InputError, match="did you mean 'level'"):
        keep_rows(table, {"levl": "x"})


MANGLED = st.one_of(
    st.binary(max_size=300),
    st.text(alphabet='ab,;\t|"\n\r\0\ufeff한 1.-', max_size=200).map(str.encode),
    st.text(alphabet='a,"\n한1', max_size=200).map(lambda text: text.encode("utf-16")),
)


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=MANGLED, suffix=st.sampled_from([".csv", ".tsv", ".geojson", ".parquet", ".gpkg"]))
def test_any_bytes__are_read_or_refused_as_input(tmp_path: Path, data: bytes, suffix: str) -> None:
    name = written(tmp_path, data, f"t{suffix}")
    try:
        table = read_table(tmp_path, name)
    except InputError:
        return
    for column in table.columns:
        if not table.missing(column, ()):
            assert len(table.text(column)) == table.n_rows
            assert len(table.numbers(column, ())[0]) == table.n_rows


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    rows=st.lists(st.tuples(st.text(alphabet="abc한,\"\n '", max_size=6), st.integers(-(10**6), 10**6)), max_size=20),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "cp949", "utf-16"]),
)
def test_tables_that_pandas_writes__are_read_back(tmp_path: Path, rows: list[tuple[str, int]], encoding: str) -> None:
    frame = pd.DataFrame(rows, columns=["이름", "n"])
    frame.to_csv(tmp_path / "t.csv", index=False, encoding=encoding)
    table = read_table(tmp_path, "t.csv")
    assert table.text("이름").tolist() == [text.strip() for text in frame["이름"]]
    np.testing.assert_array_equal(table.numbers("n", ())[0], frame["n"].to_numpy(float))


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    name=st.sampled_from(["t.gpkg", "t.shp", "t.dbf", "t.shx", "t.prj", "t.geojson", "t.parquet"]),
    changes=st.lists(st.tuples(st.floats(0, 1, exclude_max=True), st.integers(0, 255)), min_size=1, max_size=8),
)
def test_damaged_layers__are_read_or_refused_as_input(
    tmp_path: Path, name: str, changes: list[tuple[float, int]]
) -> None:
    frame = gpd.GeoDataFrame(
        {"code": ["01", "가"], "n": [1.5, 2.0]}, geometry=[shapely.box(127, 36, 128, 37)] * 2, crs=4326
    )
    whole = tmp_path / ("t.shp" if name[2:] in {"shp", "dbf", "shx", "prj"} else name)
    frame.to_parquet(whole) if name.endswith("parquet") else frame.to_file(whole, engine="pyogrio")
    data = bytearray((tmp_path / name).read_bytes())
    for at, byte in changes:
        data[int(at * len(data))] = byte
    (tmp_path / name).write_bytes(data)
    try:
        table = read_table(tmp_path, whole.name)
        for column in set(table.columns):
            assert len(table.text(column)) == table.n_rows
    except InputError:
        pass
    for file in tmp_path.iterdir():
        file.unlink()


def test_real_files__are_read_whole(shared: Path) -> None:
    """Row counts by pandas or as published (data/README)."""
    raw = shared / "korea_raw"
    schools = read_table(raw, "schools_nationwide_20250325_cp949.csv")
    assert (schools.n_rows, schools.encoding) == (11_985, "cp949")
    hira = read_table(raw, "hira_jeonbuk_medical_2025.csv")
    assert (hira.encoding, int(np.isnan(hira.numbers("좌표(X)", ())[0]).sum())) == ("utf-8-sig", 25)
    grid = read_table(raw, "daejeon_1km_grid_nlsp.shp")
    assert grid.text("gid")[:2].tolist() == ["다바8516", "라바0120"]
    hospitals = read_table(raw, "localdata_hospitals_nationwide_2022.csv")
    frame = pd.read_csv(raw / "localdata_hospitals_nationwide_2022.csv", encoding="cp949", dtype=str)
    assert hospitals.text("관리번호").tolist() == frame["관리번호"].tolist()
