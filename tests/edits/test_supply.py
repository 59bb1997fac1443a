"""Merge, open several, hours and mobile services: exactly what changed and what did not."""

from __future__ import annotations

import numpy as np
import pytest

from lifezone.edits import apply_all
from lifezone.edits.spec import EditSpec
from lifezone.errors import InputError
from tests.edits.worlds import X0, change, context, differing, lon_lat, world


def faults_of(edit, around=None):
    with pytest.raises(InputError) as caught:
        change(world(), edit, around)
    return {(fault.path, fault.message) for fault in caught.value.faults}


def test_merge__adds_capacity_and_closes_the_others() -> None:
    before = world()
    after, told = change(before, {"merge": {"into": "c1", "ids": ["c2"]}})
    assert after.facilities.capacity[:2].tolist() == [5.0, 2.0]  # 3 + 2 places
    assert after.facilities.open.tolist() == [True, False, False, True]
    assert differing(before.facilities, after.facilities) == {"capacity", "open"}
    assert after.network is before.network
    assert after.demand is before.demand
    assert told == "merge c2 into c1 (capacity 3 + 2)"


def test_merge__a_capacity_as_written_and_one_that_is_not_known() -> None:
    after, _ = change(world(), {"merge": {"into": "c1", "ids": ["c2"], "capacity": 4}})
    assert after.facilities.capacity[0] == 4
    opened, _ = change(world(), {"open": {"id": "c3"}})
    after, told = change(opened, {"merge": {"into": "c1", "ids": ["c2", "c3"]}})
    assert after.facilities.capacity[0] == 5
    assert "without 1 that is not known" in told
    after, told = change(opened, {"merge": {"into": "c3", "ids": ["c1"]}})
    assert np.isnan(after.facilities.capacity[2])
    assert "not known, stays as it is" in told


def test_merge__kinds_shut_ones_and_unknown_ids_are_faults() -> None:
    assert faults_of({"merge": {"into": "c1", "ids": ["c2", "lib"]}}) == {
        (("merge", "ids", 1), "'lib' is of the kind public_library, 'c1' of clinic: merge one kind")
    }
    assert faults_of({"merge": {"into": "c3", "ids": ["c1"]}}) == {
        (("merge", "into"), "'c3' is not open: leave it out")
    }
    assert {path for path, _ in faults_of({"merge": {"into": "c1", "ids": ["x", "y"]}})} == {
        ("merge", "ids", 0), ("merge", "ids", 1)
    }  # fmt: skip


def test_open__several_candidates_at_once() -> None:
    shut, _ = change(world(), {"close": {"ids": ["c1", "lib"]}})
    after, told = change(shut, {"open": {"ids": ["c1", "c3"]}})
    assert after.facilities.open.tolist() == [True, True, True, False]
    assert told == "open c1, c3"


def test_open__a_table_opens_every_row_even_those_it_calls_closed(tmp_path) -> None:
    rows = ["no,x,y,beds,state"] + [
        f"n{i},{lon_lat(at, 0)[0]},{lon_lat(at, 0)[1]},{i},폐업" for i, at in enumerate((100, 900), 1)
    ]
    (tmp_path / "new.csv").write_text("\n".join(rows), encoding="utf-8")
    table = {"type": "table", "path": "new.csv", "kind": "clinic", "id": "no", "x": "x", "y": "y", "capacity": "beds",
             "open": "state"}  # fmt: skip
    around = context(tmp_path)
    before = world()
    after, told = change(before, {"open": {"from": table}}, around)
    assert after.facilities.ids.tolist() == ["c1", "c2", "c3", "lib", "n1", "n2"]
    assert after.facilities.open.tolist() == [True, True, False, True, True, True]
    assert after.facilities.capacity[-2:].tolist() == [1, 2]
    assert after.facilities.x_m[-2:] == pytest.approx(X0 + np.array([100, 900]), abs=0.01)
    assert told.startswith("open 2 clinic from new.csv: n1, n2")
    assert [entry["path"] for entry in around.study.inputs] == ["new.csv"]
    with pytest.raises(InputError, match="n1, n2: facilities of these ids exist already"):
        change(after, {"open": {"from": table}}, around)


def test_hours__change_the_hours_alone() -> None:
    before = world()
    after, told = change(before, {"hours": {"id": "c1", "hours": "Mo-Fr 09:00-18:00"}})
    assert differing(before.facilities, after.facilities) == {"hours"}
    assert after.facilities.hours.tolist() == ["Mo-Fr 09:00-18:00", "", "", ""]
    assert told == "hours of c1: unknown → Mo-Fr 09:00-18:00"


STOPS = [
    {"at": lon_lat(500, 0), "name": "윗말", "days": ["Mo", "Th"]},
    {"at": lon_lat(1500, 0), "days": ["Tu"], "weeks": [1, 3]},
    {"at": lon_lat(1900, 0), "days": ["We"]},
]


def test_mobile__stops_visited_often_enough_are_facilities_the_others_are_told() -> None:
    before = world()
    service = {"kind": "clinic", "id": "bus", "name": "이동진료", "stops": STOPS, "capacity": 1}
    after, told = change(before, {"mobile": service})
    # 8, 2 and 4 visits in four weeks; once a week (4) counts
    assert after.facilities.ids.tolist()[4:] == ["bus-1", "bus-3"]
    assert after.facilities.open[4:].all()
    assert after.facilities.x_m[4:] == pytest.approx(X0 + np.array([500, 1900]), abs=0.01)
    assert after.facilities.capacity[4:].tolist() == [8 / 20, 4 / 20]
    assert after.facilities.hours.tolist()[4:] == ["Mo,Th", "We"]
    assert after.facilities.name[4] == "이동진료 윗말"
    assert "2 of 3 stops are visited at least 4 times" in told
    assert told.endswith("not often enough: stop 2 (2 in four weeks)")
    every_fortnight, _ = change(before, {"mobile": {**service, "at_least": 2}})
    assert every_fortnight.facilities.n_facilities == 7
    assert every_fortnight.facilities.hours[5] == "Tu[1,3]"


def test_mobile__no_stop_often_enough_still_makes_the_kind_assessed() -> None:
    after, told = change(world(), {"mobile": {"kind": "pharmacy", "id": "p", "stops": STOPS, "at_least": 20}})
    assert after.facilities.n_facilities == 4
    assert "pharmacy" in after.facilities.kinds
    assert "0 of 3 stops" in told


def test_mobile__two_buses_of_one_id_and_places_elsewhere_are_faults() -> None:
    once, _ = change(world(), {"mobile": {"kind": "clinic", "id": "bus", "stops": STOPS}})
    with pytest.raises(InputError, match="bus-1 exists already"):
        change(once, {"mobile": {"kind": "clinic", "id": "bus", "stops": STOPS}})
    far = {"mobile": {"kind": "clinic", "id": "far", "stops": [{"at": [10.0, 50.0], "days": ["Mo"]}]}}
    assert {path for path, _ in faults_of(far)} == {("mobile", "stops", 0, "at")}


def in_turn(*edits):
    return apply_all(world(), [EditSpec.model_validate(edit) for edit in edits])


def test_edits__each_meets_the_world_that_the_earlier_ones_left() -> None:
    _, _, faults = in_turn(
        {"close": {"id": "c1"}}, {"close": {"id": "c1"}}, {"open": {"id": "c3"}}, {"open": {"id": "c3"}},
        {"merge": {"into": "c1", "ids": ["c2"]}},
    )  # fmt: skip
    assert [str(fault) for fault in faults] == [
        "[1].close.id: 'c1' is not open (closed by edits[0]): leave it out",
        "[3].open.id: 'c3' is open already (opened by edits[2]): leave it out",
        "[4].merge.into: 'c1' is not open (closed by edits[0]): leave it out",
    ]
    after, told, faults = in_turn({"close": {"id": "c1"}}, {"open": {"id": "c1"}})
    assert not faults
    assert differing(after.facilities, world().facilities) == set()
    assert told == ("close c1", "open c1")


def test_edits__what_a_faulty_edit_should_have_made_is_blamed_once() -> None:
    _, _, faults = in_turn(
        {"open": {"kind": "clinic", "id": "n", "at": [10.0, 50.0]}}, {"resize": {"id": "n", "capacity": 2}},
        {"resize": {"id": "m", "capacity": 2}},
    )  # fmt: skip
    assert [fault.path for fault in faults] == [(0, "open", "at"), (2, "resize", "id")]


@pytest.mark.parametrize(
    "edit",
    [
        {"resize": {"id": "c1", "capacity": 3}},
        {"road": {"speed": {"way": "secondary", "factor": 1}}},
        {"people": {"scale": {"factor": 1}}},
        {"hours": {"id": "c1", "hours": ""}},
    ],
)
def test_edits__one_that_changes_nothing_says_so(edit) -> None:
    _, told = change(world(), edit)
    assert told.endswith(": nothing changes")
