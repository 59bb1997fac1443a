"""Flow tables: any form, and every fault at once with its lines."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
import shapely

from lifezone.errors import InputError
from lifezone.model import Districts
from lifezone.sources.flows import Crosswalk, FlowsTable, KoreaFlows, MunicipalityTable
from lifezone.zoning.flow_map import Surroundings, flow_map
from lifezone.zoning.modelled import GravityFlows, RadiationFlows
from lifezone.zoning.neighbours import neighbours_of

HEAD = "code,name,people,x,y,jobs,workers\n"
TOWNS = "code,name,people,x,y,jobs,workers\nA,가람시,60000,0,0,900,700\nB,나래군,20000,0,9000,300,400\n" \
    "C,다온군,10000,12000,0,200,300\n"  # fmt: skip
TABLE = MunicipalityTable(
    path="towns.csv", id="code", name="name", people="people", x="x", y="y", crs="EPSG:5179",
    figures={"jobs": "jobs", "workers": "workers"},
)  # fmt: skip


def table(**keys):
    return FlowsTable.model_validate({"path": "f.csv", "from": "a", "to": "b", "people": "n", **keys})


def read(folder, text, *, towns=TOWNS, encoding="utf-8", more=(), **keys):
    """The flow map of one table and the towns."""
    (folder / "f.csv").write_bytes(text.encode(encoding))
    (folder / "towns.csv").write_text(towns, encoding="utf-8")
    study = Surroundings(folder, "EPSG:5179", [])
    sources = [(("flows", 0), table(**keys)), *((("flows", at + 1), one) for at, one in enumerate(more))]
    return flow_map(sources, TABLE, study)


def faults_of(*args, **keys):
    with pytest.raises(InputError) as caught:
        read(*args, **keys)
    return [(fault.path, fault.message) for fault in caught.value.faults]


def test_flows__are_read_by_pair_whatever_the_order(tmp_path):
    rows = ["A,A,500", "A,B,40", "B,A,120.5", "C,C,0", "B,B,200"]
    one = read(tmp_path, "\n".join(["a,b,n", *rows])).matrix(("commuting",), "")
    two = read(tmp_path, "\n".join(["a,b,n", *rows[::-1]])).matrix(("commuting",), "")
    assert one.tolist() == [[500, 40, 0], [120.5, 200, 0], [0, 0, 0]]
    assert (one == two).all()


@pytest.mark.parametrize("encoding", ["utf-8-sig", "cp949", "utf-16"])
def test_flows__may_name_districts_in_any_encoding(tmp_path, encoding):
    known = read(tmp_path, "a,b,n\n가람시,나래 군,7\n", encoding=encoding)
    assert known.matrix(("commuting",), "")[0, 1] == 7


def test_flows__parquet_is_read_too(tmp_path):
    (tmp_path / "towns.csv").write_text(TOWNS, encoding="utf-8")
    pd.DataFrame({"a": ["A"], "b": ["B"], "n": [3]}).to_parquet(tmp_path / "f.parquet")
    study = Surroundings(tmp_path, "EPSG:5179", [])
    known = flow_map([(("flows",), table(path="f.parquet"))], TABLE, study)
    assert known.matrix(("commuting",), "")[0, 1] == 3
    assert study.inputs[-1]["used"] == 1


def test_flows__purposes_and_years_stand_apart(tmp_path):
    text = "a,b,n,why,when\nA,B,5,1,2015\nA,B,6,2,2015\nA,B,9,1,2020\n"
    known = read(tmp_path, text, purpose="why", words={"1": "commuting", "2": "schooling"}, year="when")
    assert known.purposes == ("commuting", "schooling")
    assert known.years(("commuting",)) == ("2015", "2020")
    assert known.years(("commuting", "schooling")) == ("2015",)
    assert known.matrix(("commuting", "schooling"), "2015")[0, 1] == 11


def test_flows__a_column_for_each_purpose(tmp_path):
    known = read(tmp_path, "a,b,w,p\nA,B,5,2\nB,B,0,1\n", people={"commuting": "w", "schooling": "p"}, **{"in": 2020})
    assert known.matrix(("commuting",), "2020").sum() == 5
    assert known.matrix(("schooling",), "2020").sum() == 3


def test_flows__every_fault_is_told_at_once(tmp_path):
    text = "a,b,n\nA,B,-3\nA,,4\nB,A,\nB,B,many\n"
    found = faults_of(tmp_path, text)
    assert [path for path, _ in found] == [("flows", 0, "people"), ("flows", 0, "people"), ("flows", 0, "to")]
    assert "'many'" in found[0][1]
    assert "line 5" in found[0][1]
    assert "below 0 in line 2" in found[1][1]
    assert "line 3" in found[2][1]
    assert "no number in line 4" in faults_of(tmp_path, "a,b,n\nA,B,3\nB,B,2\nB,A,\n")[0][1]


def test_flows__unknown_districts_and_pairs_that_stand_twice_are_listed(tmp_path):
    text = "a,b,n\nA,X,50\nY,A,7\nA,B,1\nA,B,2\n"
    found = faults_of(tmp_path, text)
    assert len(found) == 2
    assert "2 districts are not known to the study: X, Y" in found[0][1]
    assert "line 2, line 3" in found[0][1]
    assert "stands twice" in found[1][1]
    assert "line 5" in found[1][1]


def test_flows__unknown_districts_can_be_left_out_or_added(tmp_path):
    text = "a,b,n\nA,X,50\nA,B,1\nA,B,2\n"
    out = read(tmp_path, text, unknown="leave_out", duplicates="add_up")
    assert out.matrix(("commuting",), "").sum() == 3
    assert any("rows of 50 people left out" in note for note in out.notes)
    more = read(tmp_path, text, unknown="add", duplicates="add_up")
    assert more.districts.ids == ("A", "B", "C", "X")
    assert more.added.tolist() == [False, False, False, True]
    assert more.matrix(("commuting",), "")[0, 3] == 50


def test_flows__one_purpose_and_year_comes_from_one_source(tmp_path):
    found = faults_of(tmp_path, "a,b,n\nA,B,1\n", more=[table()])
    assert found == [(("flows", 1), "flows for commuting stand in f.csv too: give another purpose (for) or year (in)")]


def test_flows__korean_codes_of_both_sides_of_a_change_meet(tmp_path):
    towns = f"{HEAD}52111,전주시완산구,1,950000,1700000,1,1\n52130,군산시,1,910000,1700000,1,1\n"
    text = "a,b,n\n45111,52130,5\n4513000000,45130,7\n"
    known = read(tmp_path, text, towns=towns, codes="korea")
    assert known.districts.ids == ("52111", "52130")
    assert known.matrix(("commuting",), "").tolist() == [[0, 5], [0, 7]]
    assert "45111" in faults_of(tmp_path, text, towns=towns)[0][1]


def test_flows__old_codes_of_the_districts_are_no_hindrance(tmp_path):
    towns = f"{HEAD}45111,전주시완산구,1,950000,1700000,1,1\n45130,군산시,1,910000,1700000,1,1\n"
    known = read(tmp_path, "a,b,n\n52111,45130,5\n", towns=towns, codes="korea")
    assert known.matrix(("commuting",), "").tolist() == [[0, 5], [0, 0]]


def test_flows__a_crosswalk_joins_and_splits(tmp_path):
    (tmp_path / "old.csv").write_text("old,new,part\nP,A,0.25\nP,B,0.75\nQ,A,1\n", encoding="utf-8")
    walk = {"path": "old.csv", "old": "old", "new": "new", "share": "part"}
    known = read(tmp_path, "a,b,n\nP,Q,100\nQ,P,8\nA,A,1\n", crosswalk=walk)
    assert known.matrix(("commuting",), "").tolist() == [[25 + 2 + 1, 6, 0], [75, 0, 0], [0, 0, 0]]


def test_crosswalk__shares_that_do_not_add_up_are_a_fault(tmp_path):
    (tmp_path / "old.csv").write_text("old,new,part\nP,A,0.5\nP,B,0.4\nQ,,1\nR,A,2\n", encoding="utf-8")
    with pytest.raises(InputError) as caught:
        Crosswalk(path="old.csv", old="old", new="new", share="part").load(tmp_path, [])
    assert len(caught.value.faults) == 2
    (tmp_path / "old.csv").write_text("old,new\nP,A\nP,B\n", encoding="utf-8")
    with pytest.raises(InputError, match="give share"):
        Crosswalk(path="old.csv", old="old", new="new").load(tmp_path, [])


def korea(folder, text, **keys):
    (folder / "k.csv").write_bytes(text.encode("cp949"))
    study = Surroundings(folder, "", [])
    return flow_map([(("flows",), KoreaFlows.model_validate({"type": "korea", "path": "k.csv", **keys}))], None, study)


def test_korea__commuting_with_and_without_a_header(tmp_path):
    for header in ("", "거주지코드,통근통학지코드,통근통학인구\n"):
        known = korea(tmp_path, header + '45111,45130,"1,000"\n52111,52130,5\n45130,45130,7\n')
        assert known.districts.ids == ("52111", "52130")
        assert known.matrix(known.purposes, "").tolist() == [[0, 1005], [0, 7]]


def test_korea__purpose_and_year_columns_are_understood(tmp_path):
    text = "시점,출발지,도착지,통근통학구분,인구\n2015,A시,B시,통근,5\n2020,A시,B시,통학,6\n2020,A시,A시,통근,-\n"
    known = korea(tmp_path, text)
    assert [(one.purpose, one.year) for one in known.flows] == [("commuting", "2015"), ("schooling", "2020")]
    assert any("1 of 3 rows" in note for note in known.notes)


def test_korea__moves_count_each_row_and_negative_numbers_are_refused(tmp_path):
    known = korea(tmp_path, "전출지코드,전입지코드,전입연도\n41110,11110,2022\n41110,11110,2022\n")
    assert (known.purposes, known.matrix(("moves",), "2022").sum()) == (("moves",), 2)
    with pytest.raises(InputError, match="below 0 in line 2"):
        korea(tmp_path, "거주지,통근지,통근인구\nA시,B시,-4\n")


def test_municipalities__faults_are_told_at_once(tmp_path):
    towns = "code,name,people,x,y,jobs,workers\nA,a,-1,0,0,1,1\nA,b,2,0,0,x,1\n,c,2,0,0,1,1\n"
    found = faults_of(tmp_path, "a,b,n\nA,A,1\n", towns=towns)
    paths = [path for path, _ in found]
    assert paths[:2] == [("municipalities", "id"), ("municipalities", "id")]
    assert ("municipalities", "people") in paths
    assert ("municipalities", "figures", "jobs") in paths


def test_modelled__gravity_meets_totals_and_is_labelled(tmp_path):
    gravity = {"type": "gravity", "for": "schooling", "out": "workers", "come": "jobs", "mean_trip": "7 km"}
    known = read(tmp_path, "a,b,n\nA,B,1\n", more=[GravityFlows.model_validate(gravity)])
    flows = known.matrix(("schooling",), "")
    assert flows.sum(axis=1) == pytest.approx([700, 400, 300])
    assert flows.sum(axis=0) == pytest.approx(np.array([900, 300, 200]))
    assert "gravity" in known.modelled(("schooling", "commuting"), "")
    assert known.modelled(("commuting",), "") == ""
    km = np.array([[4.5, 9, 12], [9, 4.5, 15], [12, 15, 6]])  # inside: half the way to the nearest other
    assert (flows * km).sum() / flows.sum() == pytest.approx(7)


def test_modelled__like_observed_takes_their_mean_trip(tmp_path):
    gravity = {"type": "gravity", "for": "schooling", "out": "workers", "come": "jobs", "like": "commuting"}
    known = read(tmp_path, "a,b,n\nA,A,60\nB,A,40\n", more=[GravityFlows.model_validate(gravity)])
    flows = known.matrix(("schooling",), "")
    km = np.array([[4.5, 9, 12], [9, 4.5, 15], [12, 15, 6]])
    assert (flows * km).sum() / flows.sum() == pytest.approx((60 * 4.5 + 40 * 9) / 100)


def test_modelled__what_is_missing_is_told(tmp_path):
    wrong = [
        {"type": "gravity", "for": "a", "out": "nothing", "come": "jobs", "mean_trip": "5 km"},
        {"type": "gravity", "for": "b", "out": "workers", "come": "jobs", "mean_trip": "5000 km"},
        {"type": "gravity", "for": "c", "out": "workers", "come": "jobs", "like": "shopping"},
    ]
    found = faults_of(tmp_path, "a,b,n\nA,B,1\n", more=[GravityFlows.model_validate(one) for one in wrong])
    assert [path for path, _ in found] == [("flows", 1, "out"), ("flows", 2, "mean_trip"), ("flows", 3, "like")]
    radiation = RadiationFlows.model_validate({"type": "radiation", "leaving": "workers", "for": "moves"})
    known = read(tmp_path, "a,b,n\nA,B,1\n", more=[radiation])
    assert known.matrix(("moves",), "").sum(axis=1) == pytest.approx([700, 400, 300])
    assert known.modelled(("moves",), "") == "radiation"


def test_neighbours__islands_get_the_nearest_and_the_rim_is_told():
    boxes = [shapely.box(x, y, x + 1000, y + 1000) for y in (0, 1000, 2000) for x in (0, 1000, 2000)]
    polygons = np.array([*boxes, shapely.box(9000, 0, 9500, 500)], dtype=object)
    touching, rim, islands = neighbours_of(polygons)
    assert islands == (9,)
    assert np.flatnonzero(touching[9]).tolist() == [2]
    assert touching[4].sum() == 8
    assert rim.tolist() == [True] * 4 + [False] + [True] * 5
    assert (touching == touching.T).all()


def test_flow_map__districts_of_the_study_are_taken_where_no_table_is_given(tmp_path):
    (tmp_path / "f.csv").write_text("a,b,n\n2,1,5\n", encoding="utf-8")
    polygons = np.array([shapely.box(0, 0, 9, 9), shapely.box(9, 0, 20, 9)], dtype=object)
    study = Surroundings(tmp_path, "EPSG:5179", [], Districts(("2", "1"), ("둘", "하나"), (), polygons))
    known = flow_map([(("flows",), table())], None, study)
    assert known.districts.ids == ("1", "2")
    assert known.districts.name == ("하나", "둘")
    assert known.x_m[0] > known.x_m[1]
    assert known.neighbours.tolist() == [[False, True], [True, False]]
    assert np.isnan(known.people).all()
