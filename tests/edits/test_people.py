"""Edits of people: sums by hand, everybody accounted for, everything else as it was."""

from __future__ import annotations

import numpy as np
import pytest

from lifezone.errors import InputError
from tests.edits.worlds import change, context, differing, lon_lat, world


def people(edit, around=None):
    before = world()
    after, told = change(before, {"people": edit}, around)
    assert differing(before.demand, after.demand) <= {"people", "estimated"}
    assert after.network is before.network
    assert after.facilities is before.facilities
    assert before.demand.people[0, 0] == 100
    return after.demand.people, told


def fault(edit, around=None):
    with pytest.raises(InputError) as caught:
        change(world(), {"people": edit}, around)
    return str(caught.value)


def test_scale__a_district_in_step() -> None:
    after, told = people({"scale": {"factor": 0.5, "districts": ["서면"]}})
    assert after.tolist() == [[50, 20, 5], [25, 5, 2.5], [30, 0, 3], [7, 1, 1]]
    assert told == "people: everybody × 0.5 in 서면: total 150 → 75, old 50 → 25, young 15 → 8"


def test_scale__one_group_takes_the_total_with_it() -> None:
    after, _ = people({"scale": {"factor": 1.5, "groups": ["old"]}})
    assert after.tolist() == [[120, 60, 10], [55, 15, 5], [30, 0, 3], [7.5, 1.5, 1]]


def test_scale__an_area() -> None:
    after, _ = people({"scale": {"factor": 0, "area": {"near": lon_lat(800, 0), "within": "100 m"}}})
    assert after[:, 0].tolist() == [100, 0, 30, 7]
    assert "no demand point lies in this area" in fault(
        {"scale": {"factor": 0, "area": {"near": lon_lat(400, 300), "within": "10 m"}}}
    )


def test_scale__unknown_districts_groups_and_groups_that_may_overlap() -> None:
    assert fault({"scale": {"factor": 2, "districts": ["w", "nn", "mm"]}}).count("no district has the id") == 2
    assert "people.scale.groups[0]: demand has no group 'babies'" in fault(
        {"scale": {"factor": 2, "groups": ["babies"]}}
    )
    assert "groups may overlap" in fault({"scale": {"factor": 2, "groups": ["old", "young"]}})


def test_replace__keeps_where_in_the_district_they_live() -> None:
    after, told = people({"replace": {"district": "w", "groups": {"total": 300, "old": 25}}})
    assert after.tolist() == [[200, 20, 10], [100, 5, 5], [30, 0, 3], [7, 1, 1]]
    assert "total 150 → 300, old 50 → 25" in told


def test_replace__where_nobody_of_the_group_lives_everybody_tells_the_place() -> None:
    after, _ = people({"replace": {"district": "e", "groups": {"old": 6}}})
    assert after[2].tolist() == [36, 6, 3]
    empty, _ = change(world(), {"people": {"scale": {"factor": 0, "districts": ["e"]}}})
    with pytest.raises(InputError, match="nobody lives in e so far, so it is not known where 6 people would"):
        change(empty, {"people": {"replace": {"district": "e", "groups": {"total": 6}}}})


def projection(folder, text):
    (folder / "p.csv").write_text(text, encoding="utf-8")
    return context(folder)


def test_project__brings_every_district_to_its_row(tmp_path) -> None:
    around = projection(tmp_path, "code,year,all,old\nw,2035,75,60\ne,2035,60,12\nw,2030,1,1\nzz,2035,5,5\n")
    edit = {"path": "p.csv", "district": "code", "groups": {"total": "all", "old": "old"}, "where": {"year": 2035}}
    after, told = people({"project": edit}, around)
    assert after.tolist() == [[50, 48, 10], [25, 12, 5], [60, 12, 3], [7, 1, 1]]
    assert told == "people by p.csv: total 180 → 135, old 50 → 72"
    assert around.study.inputs[0]["used"] == 2


def test_project__marks_its_groups_estimated_and_tells_districts_without_a_row(tmp_path) -> None:
    around = projection(tmp_path, "code,all\ne,15\n")
    edit = {"people": {"project": {"path": "p.csv", "district": "code", "groups": {"total": "all"}}}}
    after, told = change(world(), edit, around)
    assert after.demand.estimated == ("total",)
    assert after.demand.people[:, 0].tolist() == [100, 50, 15, 7]
    assert told.endswith("no row for w, which stay")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("code,all\nw,1\nw,2\n", "'w' has two rows"),
        ("code,all\nw,-1\n", "people must be 0 or more in line 2"),
        ("code,all\nw,many\n", "line 2"),
        ("code,all\nw,\n", "people must be 0 or more in line 2"),
        ("kode,all\nw,1\n", "no column 'code'"),
        ("code,all\nzz,1\n", "no row is of a district of this study"),
    ],
)
def test_project__a_table_that_does_not_fit_says_why(tmp_path, text, message) -> None:
    around = projection(tmp_path, text)
    assert message in fault({"project": {"path": "p.csv", "district": "code", "groups": {"total": "all"}}}, around)


def test_move__nobody_is_lost() -> None:
    after, told = people({"move": {"from": {"districts": ["w"]}, "to": {"at": lon_lat(1490, 30)}, "share": "10 %"}})
    assert after.tolist() == [[90, 36, 9], [45, 9, 4.5], [45, 5, 4.5], [7, 1, 1]]
    assert "15 of total move in w" in told.replace("서면", "w")
    after, _ = people({"move": {"from": {"districts": ["e"]}, "to": {"districts": ["w"]}, "people": 30}})
    assert after.sum(axis=0) == pytest.approx([187, 51, 19])
    assert after[:3, 0] == pytest.approx([120, 60, 0])


def test_move__one_group_takes_the_total_with_it() -> None:
    after, _ = people(
        {"move": {"from": {"districts": ["w"]}, "to": {"districts": ["e"]}, "share": "50 %", "group": "old"}}
    )
    assert after.tolist() == [[80, 20, 10], [45, 5, 5], [55, 25, 3], [7, 1, 1]]
    assert np.all(after[:, 1] <= after[:, 0])


def test_move__too_many_and_nobody() -> None:
    assert "only 30 of total live there" in fault(
        {"move": {"from": {"districts": ["e"]}, "to": {"districts": ["w"]}, "people": 31}}
    )
    assert "nobody of old lives there" in fault(
        {"move": {"from": {"districts": ["e"]}, "to": {"districts": ["w"]}, "people": 1, "group": "old"}}
    )
