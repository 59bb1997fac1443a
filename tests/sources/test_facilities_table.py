"""Facilities from tables: mapping, encodings, open states, and nothing dropped silently."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lifezone.errors import InputError
from lifezone.model import Kind
from lifezone.sources.facility_table import FacilityTable
from lifezone.sources.reading import Reading

KINDS = {key: Kind(key, key, key) for key in ("clinic", "hospital", "elementary_school")}
DAEJEON = shapely.box(127.2, 36.2, 127.5, 36.5)


def reading(folder: Path, **more: Any) -> Reading:
    return Reading(folder=folder, crs=more.pop("crs", "EPSG:5179"), kinds=KINDS, **more)


def table(folder: Path, text: str | bytes, **keys: Any) -> FacilityTable:
    (folder / "f.csv").write_bytes(text if isinstance(text, bytes) else text.encode())
    return FacilityTable(**{"type": "table", "path": "f.csv", "kind": "clinic", "x": "x", "y": "y", **keys})


def faults(spec: FacilityTable, folder: Path, **more: Any) -> list[str]:
    with pytest.raises(InputError) as caught:
        spec.load(reading(folder, **more))
    return [str(fault) for fault in caught.value.faults]


def test_columns__are_mapped(tmp_path: Path) -> None:
    head, one, two = (
        "no,이름,x,y,병상,비용,영업,시간",
        '007,가의원,127.3,36.3,"1,200",,영업/정상,평일 9시',
        "008,나의원,127.4,36.4,,5e6,폐업,",
    )
    text = f"{head}\n{one}\n{two}\n"
    spec = table(
        tmp_path, text.encode("cp949"), id="no", name="이름", capacity="병상", cost="비용", open="영업", hours="시간"
    )
    found = spec.load(reading(tmp_path))
    assert (found.ids.tolist(), found.name.tolist()) == (["007", "008"], ["가의원", "나의원"])
    np.testing.assert_array_equal(found.capacity, [1200, np.nan])
    np.testing.assert_array_equal(found.cost, [np.nan, 5e6])
    assert (found.open.tolist(), found.hours.tolist()) == ([True, False], ["평일 9시", ""])
    assert (found.kinds, found.kind.tolist()) == (("clinic",), [0, 0])


def test_defaults__number_by_file_order_and_open(tmp_path: Path) -> None:
    text = "x,y,t\n127.1,36.3,a\n127.3,36.3,b\n,,a\n127.4,36.3,a\n"
    found = table(tmp_path, text, where={"t": "a"}).load(reading(tmp_path))
    assert found.ids.tolist() == ["clinic-1", "clinic-3"]
    assert found.open.all()
    assert not table(tmp_path, text, open=False).load(reading(tmp_path)).open.any()


@pytest.mark.parametrize("word", ["true", "T", "1", "1.0", "Y", "예", "open", "영업", "운영"])
def test_open__words_that_say_yes(tmp_path: Path, word: str) -> None:
    assert table(tmp_path, f"x,y,o\n127,36,{word}\n", open="o").load(reading(tmp_path)).open.tolist() == [True]


@pytest.mark.parametrize("word", ["false", "F", "0", "0.0", "n", "아니오", "closed", "폐업", "휴업", "후보"])
def test_open__words_that_say_no(tmp_path: Path, word: str) -> None:
    assert table(tmp_path, f"x,y,o\n127,36,{word}\n", open="o").load(reading(tmp_path)).open.tolist() == [False]


def test_faults__are_told_together_with_lines(tmp_path: Path) -> None:
    text = "id,x,y,beds,o\na,127,36,-2,maybe\na,127,36,x,yes\n,127,36,1,\n"
    told = faults(table(tmp_path, text, id="id", capacity="beds", open="o"), tmp_path)
    assert told == [
        "capacity: f.csv: column 'beds' must hold numbers: line 3 'x'",
        "capacity: f.csv: capacity must be 0 or more in line 2",
        "open: f.csv: column 'o' must say open or closed (true, false, 1, 0, y, n, 영업, 폐업 …): 'maybe', '' "
        "in line 2, line 4",
        "id: f.csv: the id is empty in line 4",
        "id: f.csv: ids must be unique; repeated: a in line 2, line 3",
    ]
    assert faults(table(tmp_path, "X,y\n1,2\n", kind="clinics", name="n"), tmp_path) == [
        "kind: unknown kind 'clinics': did you mean 'clinic'?",
        "x: f.csv has no column 'x': did you mean 'X'? It has X, y",
        "name: f.csv has no column 'n'; it has X, y",
    ]


def test_unplaced_outside_and_twins__are_told_not_dropped_silently(tmp_path: Path) -> None:
    text = "id,name,x,y\na,가,127.3,36.3\nb,가,127.3,36.3\nc,나,,\nd,다,0,0\ne,라,129,35\n"
    place = reading(tmp_path, clip=DAEJEON)
    found = table(tmp_path, text, id="id", name="name").load(place)
    assert found.ids.tolist() == ["a", "b"]
    assert found.notes[1:] == (
        "f.csv: 2 clinic rows have no coordinates, left out: c, d; line 4, line 5",
        "f.csv: 1 clinic rows lie outside the area and its surroundings, left out",
        "f.csv: 1 clinic rows have the name and place of an earlier one, kept: line 3",
    )
    assert {key: place.inputs[0][key] for key in ("rows", "selected", "used", "refused")} == {
        "rows": 5, "selected": 5, "used": 2, "refused": 2,
    }  # fmt: skip


def test_no_rows__are_a_kind_that_nobody_reaches(tmp_path: Path) -> None:
    for text, keys in (("x,y,t\n127,36,a\n", {"where": {"t": "b"}}), ("x,y\n", {})):
        found = table(tmp_path, text, **keys).load(reading(tmp_path))
        assert (found.n_facilities, found.kinds) == (0, ("clinic",))
        assert "nobody has one in reach" in " ".join(found.notes)


def test_swapped__is_a_fault(tmp_path: Path) -> None:
    assert "x and y are swapped" in faults(table(tmp_path, "x,y\n36.3,127.3\n"), tmp_path)[0]


def test_extent__holds_all_rows(tmp_path: Path) -> None:
    assert table(tmp_path, "x,y\n127,36\n128,37\n").extent(tmp_path) == pytest.approx((127, 36, 128, 37))


def test_real_schools__cp949(shared: Path) -> None:
    path = "korea_raw/schools_nationwide_20250325_cp949.csv"
    found = FacilityTable(
        type="table", path=path, kind="elementary_school", id="학교ID", x="경도", y="위도", name="학교명",
        where={"학교급구분": "초등학교", "운영상태": "운영"},
    ).load(reading(shared, clip=DAEJEON))  # fmt: skip
    frame = pd.read_csv(shared / path, encoding="cp949", dtype=str)
    frame = frame[frame["학교급구분"].eq("초등학교") & frame["운영상태"].eq("운영")]
    near = frame["경도"].astype(float).between(127.2, 127.5) & frame["위도"].astype(float).between(36.2, 36.5)
    assert found.ids.tolist() == frame["학교ID"][near].tolist()
    assert found.n_facilities > 150


def test_real_hospitals__old_datum(shared: Path) -> None:
    spec = FacilityTable(
        type="table", path="korea_raw/localdata_hospitals_nationwide_2022.csv", kind="hospital", id="관리번호",
        x="좌표정보(x)", y="좌표정보(y)", crs="EPSG:5174", name="사업장명", capacity="병상수",
        where={"영업상태명": "영업/정상"},
    )  # fmt: skip
    place = reading(shared)
    found = spec.load(place)
    assert (place.inputs[0]["selected"], place.inputs[0]["refused"], found.n_facilities) == (4674, 296, 4378)
    assert "296 hospital rows have no coordinates" in " ".join(found.notes)


def test_real_clinics__bom_and_missing_coordinates(shared: Path) -> None:
    found = FacilityTable(
        type="table", path="korea_raw/hira_jeonbuk_medical_2025.csv", kind="clinic", x="좌표(X)", y="좌표(Y)",
        name="요양기관명",
    ).load(reading(shared))  # fmt: skip
    assert found.n_facilities == 2940 - 25
    assert "25 clinic rows have no coordinates" in " ".join(found.notes)


def test_real_hexagons__with_at_least_one_school(shared: Path) -> None:
    path = "porto_alegre/poa_hexgrid.csv"
    found = FacilityTable(
        type="table", path=path, kind="elementary_school", x="lon", y="lat", capacity="schools",
        where={"schools": {"at_least": 1}},
    ).load(reading(shared, crs="EPSG:32722"))  # fmt: skip
    frame = pd.read_csv(shared / path)
    assert found.n_facilities == int((frame["schools"] >= 1).sum())
    assert found.capacity.sum() == frame["schools"].sum()


GOOD = "id,이름,x,y,beds,o\n1,가,127.3,36.3,5,y\n2,나,127.4,36.4,,n\n"


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    encoding=st.sampled_from(["utf-8", "cp949", "utf-16", "utf-8-sig"]),
    cuts=st.lists(st.tuples(st.integers(0, 120), st.integers(0, 4), st.binary(max_size=4)), max_size=6),
)
def test_mangled_bytes__raise_nothing_but_input_errors(tmp_path: Path, encoding: str, cuts: list[Any]) -> None:
    data = GOOD.encode(encoding)
    for at, length, new in cuts:
        data = data[:at] + new + data[at + length :]
    spec = table(tmp_path, data, id="id", name="이름", capacity="beds", open="o")
    try:
        found = spec.load(reading(tmp_path))
    except InputError:
        return
    assert np.isfinite(found.x_m).all()
