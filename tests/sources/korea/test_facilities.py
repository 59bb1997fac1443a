"""Facilities from published files: recognised, every row accounted for, the same in a run as in an inspection."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import pytest
import shapely
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lifezone.errors import InputError
from lifezone.sources import Reading
from lifezone.sources.korea import KoreaFacilities
from lifezone.sources.korea.catalogue import catalogue, kind_words, name_endings, recognise
from lifezone.sources.korea.facility_rows import count_rows
from lifezone.sources.korea.gazetteer import Boundaries
from lifezone.standards import load_kinds

CELL = st.text(alphabet='가나 0123456789.-,"\n초등학교운영\ufffd\t', max_size=8)
SCHOOLS = "학교ID,학교명,학교급구분,운영상태,소재지도로명주소,위도,경도,데이터기준일자\n"
HIRA = "암호화요양기호,요양기관명,종별코드,종별코드명,시도코드명,주소,개설일자,총의사수,좌표(X),좌표(Y)\n"


def written(folder: Path, name: str, text: str, encoding: str = "utf-8") -> KoreaFacilities:
    (folder / name).write_bytes(text.encode(encoding))
    return KoreaFacilities(type="korea", path=name)


def counted(spec: KoreaFacilities, folder: Path):
    opened, rows, report = spec.read(folder)
    count_rows(rows, opened, report, rows.why == "")
    return rows, report


def reading(folder: Path, clip=None) -> Reading:
    return Reading(folder, "EPSG:5179", clip=clip, kinds=load_kinds())


def test_catalogue__every_kind_it_names_is_in_the_table_of_kinds():
    kinds = load_kinds()
    named = {kind for kind in kind_words().values() if kind} | {kind for _, kind in name_endings()}
    named |= {form.kind for form in catalogue() if form.kind}
    assert named <= set(kinds)


def test_catalogue__every_form_recognises_its_own_headings():
    for form in catalogue():
        if form.pattern:
            continue
        roles = [*form.needs, *(some[0] for some in form.any_of)]
        headings = [form.columns[role][0] for role in roles]
        assert form in [match.form for match in recognise(headings, polygons=form.polygons)], form.key


REAL = {
    # counted with pandas from the files: rows, then rows by kind of those with a place
    "korea_raw/schools_nationwide_20250325_cp949.csv":
        (11_985, {"elementary_school": 6_298, "middle_school": 3_298, "high_school": 2_389}),
    "jeonbuk/fac_school_20250325.csv":
        (752, {"elementary_school": 409, "middle_school": 209, "high_school": 134}),
    "jeonbuk/fac_kindergarten_daycare_zones.csv": (329, {"kindergarten": 224, "daycare": 105}),
    "jeonbuk/fac_medical_hira_2025.csv":
        (2_914, {"clinic": 1_224, "dentist": 598, "health_branch": 146, "health_centre": 15, "health_post": 239,
                 "hospital": 69}),
    "korea_raw/hira_jeonbuk_medical_2025.csv":
        (2_940, {"clinic": 1_224, "dentist": 598, "health_branch": 147, "health_centre": 15, "health_post": 239,
                 "hospital": 69}),
}  # fmt: skip


@pytest.mark.shared
@pytest.mark.parametrize("path", sorted(REAL))
def test_facilities__real_lists_hold_what_was_counted_by_hand(shared, path):
    _, report = counted(KoreaFacilities(type="korea", path=path), shared)
    assert (report.rows, report.kinds) == REAL[path]
    assert report.accounted


@pytest.mark.shared
def test_facilities__every_real_list_is_accounted_for_to_the_last_row(shared):
    for path in sorted([*shared.glob("jeonbuk/fac_*.csv"), *shared.glob("korea_raw/[hls]*.csv")]):
        encoding = "cp949" if "cp949" in path.name or "localdata_h" in path.name else "utf-8-sig"
        with path.open(encoding=encoding, newline="") as stream:
            records = sum(1 for _ in csv.reader(stream))
        _, report = counted(KoreaFacilities(type="korea", path=str(path)), shared)
        assert report.accounted, path
        assert report.rows == records - 1, path


@pytest.mark.shared
def test_facilities__permits_say_who_is_open_and_lie_in_korea(shared):
    rows, report = counted(
        KoreaFacilities(type="korea", path="korea_raw/localdata_hospitals_nationwide_2022.csv", duplicates="keep"),
        shared,
    )
    assert report.crs == "EPSG:5174"
    assert report.facts["states"] == {"영업/정상": 4_674, "폐업": 2_099, "취소/말소/만료/정지/중지": 151, "휴업": 68}
    assert int(rows.is_open.sum()) == 4_674
    assert {finding.key: finding.count for finding in report.findings}["no_coordinates"] == 662
    jeonbuk = counted(KoreaFacilities(type="korea", path="jeonbuk/fac_hospital_beds_localdata_2022.csv"), shared)[0]
    place = {str(name): (x, y) for name, x, y in zip(rows.name, rows.lon, rows.lat, strict=True)}
    gaps = [np.hypot(place[n][0] - x, place[n][1] - y)
            for n, x, y in zip(jeonbuk.name.tolist(), jeonbuk.lon, jeonbuk.lat, strict=True) if n in place]  # fmt: skip
    assert len(gaps) > 100
    assert np.nanmedian(gaps) < 1e-5  # about a metre: the same points that somebody else transformed


def test_facilities__the_name_of_the_file_and_its_encoding_do_not_matter(tmp_path):
    rows = "B1,가초등학교,초등학교,운영,전북특별자치도 군산시 가길 1,35.95,126.70,2025-03-25\n"
    for encoding in ("utf-8", "utf-8-sig", "cp949"):
        found, report = counted(written(tmp_path, "공원.csv", SCHOOLS + rows, encoding), tmp_path)
        assert (report.form, report.used, found.name[0]) == ("school", 1, "가초등학교")


def test_facilities__each_row_is_left_out_for_its_own_reason(tmp_path):
    text = HIRA + (
        "a,가의원,31,의원,전북,전북특별자치도 군산시 가길 1,1999-01-01,2,126.7,35.95\n"  # used
        "b,나의원,31,의원,전북,전북특별자치도 군산시 나길 1,1999-02-30,2,,\n"  # no coordinates, no such day
        "c,다의원,31,의원,전북,전북특별자치도 군산시 다길 1,1999-01-01,2,35.95,126.7\n"  # exchanged
        "d,라의원,31,의원,전북,전북특별자치도 군산시 라길 1,1999-01-01,2,2.35,48.85\n"  # Paris
        "e,마의원,31,의원,전북,전북특별자치도 군산시 마길 1,1999-01-01,2,동경,북위\n"  # no numbers
        "f,바한의원,93,한의원,전북,전북특별자치도 군산시 바길 1,1999-01-01,2,126.7,35.95\n"  # another kind
        "g,사의원,31,의원,전북,전북특별자치도 군산시 사길 1,1999-01-01,2,127.0,37.5\n"  # in Seoul
        "h,가 의원,31,의원,전북,전북특별자치도 군산시 가길 1,1999-01-01,2,126.7001,35.95\n"  # the first again
        "i,아의원,31,의원\n"  # broken
        "j,자,77,우주정거장,전북,전북특별자치도 군산시 자길 1,1999-01-01,2,126.7,35.95\n"  # who knows
    )
    rows, report = counted(written(tmp_path, "a.csv", text), tmp_path)
    assert report.left_out == {
        "odd_row": 1, "no_coordinates": 1, "swapped": 1, "not_in_korea": 1, "bad_coordinates": 1, "other_kind": 1,
        "duplicate": 1, "no_kind": 1,
    }  # fmt: skip
    assert (report.rows, report.used, report.accounted) == (10, 2, True)
    keys = {finding.key for finding in report.findings}
    assert {"impossible_date", "outside_province", "twins", "unknown_kind", "odd_rows"} <= keys
    assert rows.name[rows.why == ""].tolist() == ["가의원", "사의원"]


def test_facilities__a_run_gets_places_kinds_capacity_and_the_same_report(tmp_path):
    text = HIRA + (
        "a,가의원,31,의원,전북,전북특별자치도 군산시 가길 1,1999-01-01,2,126.7,35.95\n"
        "b,나병원,21,병원,전북,전북특별자치도 군산시 나길 1,1999-01-01,9,126.71,35.96\n"
        "c,다의원,31,의원,전북,전북특별자치도 군산시 다길 1,1999-01-01,1,129.0,35.2\n"
    )
    spec = written(tmp_path, "a.csv", text)
    here = reading(tmp_path, clip=shapely.box(126, 35.5, 127, 36.5))
    found = spec.load(here)
    assert found.kinds == ("clinic", "hospital")
    assert found.ids.tolist() == ["a", "b"]
    assert found.capacity[0] == 2  # doctors
    assert np.isnan(found.capacity[1])  # beds are not told
    record = here.inputs[0]
    assert (record["rows"], record["used"], record["refused"]) == (3, 2, 1)
    assert record["report"]["left_out"] == {"outside_area": 1}
    assert record["report"]["form"] == "hira"


def test_facilities__map_kinds_and_closed_choose_what_counts(tmp_path):
    text = HIRA + (
        "a,가의원,31,의원,전북,전북특별자치도 군산시,1999-01-01,2,126.7,35.95\n"
        "b,나한의원,93,한의원,전북,전북특별자치도 군산시,1999-01-01,1,126.72,35.95\n"
    )
    written(tmp_path, "a.csv", text)
    spec = KoreaFacilities(type="korea", path="a.csv", map={"한의원": "clinic"}, kinds=["clinic", "pharmacy"])
    found = spec.load(reading(tmp_path))
    assert found.n_facilities == 2
    assert found.kinds == ("clinic", "pharmacy")  # a pharmacy was asked for and there is none: unmet, not unknown
    with pytest.raises(InputError, match="unknown kind 'clinik'"):
        KoreaFacilities(type="korea", path="a.csv", kinds=["clinik"]).load(reading(tmp_path))


def test_facilities__metres_without_a_system_are_not_guessed_in_a_run(tmp_path):
    text = HIRA + "a,가의원,31,의원,전북,전북특별자치도 군산시,1999-01-01,2,927000,1776000\n"
    spec = written(tmp_path, "a.csv", text)
    assert spec.read(tmp_path)[2].crs == "EPSG:5179"
    with pytest.raises(InputError, match="give crs \\(EPSG:5179 fits"):
        spec.load(reading(tmp_path))


def test_facilities__another_table_is_told_what_it_is_not(tmp_path):
    (tmp_path / "x.csv").write_text("a,b\n1,2\n", encoding="utf-8")
    with pytest.raises(InputError, match="no known Korean file of facilities"):
        KoreaFacilities(type="korea", path="x.csv").load(reading(tmp_path))


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.lists(CELL, max_size=9), max_size=8), st.sampled_from(["utf-8", "cp949", "utf-8-sig"]))
def test_facilities__fuzzed_rows_are_accounted_for_or_told(tmp_path, cells, encoding):
    text = SCHOOLS + "".join(",".join(row) + "\n" for row in cells)
    spec = written(tmp_path, "f.csv", text.encode(encoding, "ignore").decode(encoding), encoding)
    try:
        rows, report = counted(spec, tmp_path)
    except InputError as error:
        told = str(error)
    else:
        told = "read"
        assert report.accounted
        assert len(set(rows.ids)) == len(rows.ids)
    assert told


@pytest.mark.shared
def test_facilities__rows_without_coordinates_stand_at_their_district_only_when_asked(shared):
    boundaries = Boundaries(path="jeonbuk/emd_2021_population_202006.geojson")
    path = "korea_raw/hira_jeonbuk_medical_2025.csv"
    plain, _ = counted(KoreaFacilities(type="korea", path=path, boundaries=boundaries), shared)
    spec = KoreaFacilities(type="korea", path=path, boundaries=boundaries, missing="district_middle")
    placed, report = counted(spec, shared)
    assert int((plain.why == "no_coordinates").sum()) == 21
    assert int((placed.why == "no_coordinates").sum()) == 0
    flagged = [str(name) for name in placed.name if str(name).endswith("중심]")]
    assert len(flagged) == report.facts["at_district_middle"] == 21
    assert "우리치과의원 [읍면동 중심]" in flagged  # 순창군 순창읍
    assert report.accounted
