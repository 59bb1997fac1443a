"""Edits as written: one key each, what each needs, and how clearly the rest is refused."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from lifezone.edits.spec import AddRoad, ChangeSpeed, CloseRoad, EditSpec, OpenFacility
from lifezone.scenario.validate import validate


def edit(data: dict[str, Any]) -> EditSpec:
    spec = validate(EditSpec, data, {}).spec
    assert spec is not None
    return spec


def faults_of(data: Any) -> list[str]:
    return [str(fault) for fault in validate(EditSpec, data, {}).faults]


def test_edit__open_is_a_new_facility_or_a_candidate() -> None:
    new = edit({"open": {"kind": "clinic", "at": [127.41, 36.52], "id": "n", "name": "새 의원", "capacity": 3}})
    assert new.kind == "open"
    assert isinstance(new.change, OpenFacility)
    assert (new.change.is_new, new.change.at, new.change.capacity) == (True, (127.41, 36.52), 3.0)
    candidate = edit({"open": {"id": "site-4"}})
    assert isinstance(candidate.change, OpenFacility)
    assert not candidate.change.is_new


def test_edit__close_takes_one_or_several() -> None:
    assert edit({"close": {"id": "a"}}).change.all_ids == ("a",)  # type: ignore[union-attr]
    assert edit({"close": {"ids": ["b", "a"]}}).change.all_ids == ("b", "a")  # type: ignore[union-attr]


def test_edit__roads_are_added_closed_and_changed() -> None:
    road = edit({"road": {"add": {"from": [127, 36], "to": [127.1, 36], "way": "secondary", "speed": "36 km/h"}}}).road
    assert road is not None
    assert isinstance(road.change, AddRoad)
    assert (road.kind, road.change.start, road.change.speed, road.change.oneway) == ("add", (127.0, 36.0), 10.0, False)
    road = edit({"road": {"close": {"near": [127, 36], "within": "50 m"}}}).road
    assert road is not None
    assert isinstance(road.change, CloseRoad)
    assert (road.kind, road.change.within) == ("close", 50.0)
    road = edit({"road": {"speed": {"way": "secondary", "factor": 1.2}}}).road
    assert road is not None
    assert isinstance(road.change, ChangeSpeed)
    assert (road.kind, road.change.factor, road.change.speed) == ("speed", 1.2, None)


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (
            {},
            "expected an edit: a map of one key (open, close, merge, move, resize, hours, mobile, people, road), got",
        ),
        (
            {"open": None},
            "expected an edit: a map of one key (open, close, merge, move, resize, hours, mobile, people, road), got",
        ),
        ([], "expected an edit: a map of one key"),
        (
            {"open": {"id": "a"}, "close": {"id": "b"}},
            "an edit is a map of one key, got open and close: write 2 entries",
        ),
        ({"opne": {"id": "a"}}, "opne: unknown key 'opne'; did you mean 'open'?"),
        ({"zones": {}}, "zones: 'zones' is not in this version"),
        ({"people": {}}, "people: expected an edit of people: a map of one key (scale, replace, project, move)"),
        ({"open": {}}, "open: write kind and at for a new facility, id alone or ids to open candidates"),
        ({"open": {"kind": "clinic"}}, "open: write kind and at for a new facility"),
        (
            {"open": {"id": "a", "capacity": 5}},
            "open: a candidate is opened as it is listed: leave out name and capacity",
        ),
        (
            {"open": {"kind": "clinic", "at": [127, 36], "capacity": -1}},
            "open.capacity: expected a number at least 0, got",
        ),
        ({"close": {}}, "close: write either id for one facility or ids for several"),
        ({"close": {"id": "a", "ids": ["b"]}}, "close: write either id for one facility or ids for several"),
        ({"close": {"ids": []}}, "close.ids: expected something here, it is empty"),
        ({"close": {"ids": ["a", "a"]}}, "close.ids: ids names a facility twice"),
        ({"close": {"id": ""}}, "close.id: expected something here, it is empty"),
        ({"close": {"id": 17}}, "close.id: expected text, got 17, which YAML reads as a number: quote it: '17'"),
        ({"close": "a"}, "close: expected a block of keys, got the text 'a'"),
        ({"move": {"id": "a"}}, "move.to: this key is missing"),
        (
            {"move": {"id": "a", "to": [36, 127]}},
            "move.to: [36, 127] is not [longitude, latitude] in degrees; longitude",
        ),
        ({"move": {"id": "a", "to": [200, 95]}}, "move.to: [200, 95] is not [longitude, latitude] in degrees"),
        ({"move": {"id": "a", "to": [127]}}, "move.to: expected a place [longitude, latitude] in degrees such as"),
        (
            {"move": {"id": "a", "to": ["127", 36]}},
            "move.to: expected a place [longitude, latitude] in degrees such as",
        ),
        ({"move": {"id": "a", "to": {"lon": 1}}}, "move.to: expected a place [longitude, latitude] in degrees such as"),
        (
            {"move": {"id": "a", "to": [127, 36, 5]}},
            "move.to: expected a place [longitude, latitude] in degrees such as",
        ),
        ({"resize": {"id": "a"}}, "resize.capacity: this key is missing"),
        ({"resize": {"id": "a", "capacity": "many"}}, "resize.capacity: expected a number, got the text 'many'"),
        (
            {"road": {}},
            "road: expected a road edit: a map of one key (add, close, speed, area, ferry), got an empty one",
        ),
        ({"road": {"clse": {}}}, "road.clse: unknown key 'clse'; did you mean 'close'?"),
        (
            {"road": {"add": {}, "close": {}}},
            "road: a road edit is a map of one key, got add and close: write 2 entries",
        ),
        (
            {"road": {"add": {"from": [1, 2], "to": [1, 2], "way": "x"}}},
            "road.add: a road that starts and ends at the same",
        ),
        ({"road": {"add": {"start": [1, 2], "to": [1, 3], "way": "x"}}}, "road.add.from: this key is missing"),
        ({"road": {"speed": {"factor": 2}}}, "road.speed: write way, near or both: which roads change their speed?"),
        ({"road": {"speed": {"way": "x"}}}, "road.speed: write either factor or speed"),
        (
            {"road": {"speed": {"way": "x", "factor": 2, "speed": "50 km/h"}}},
            "road.speed: write either factor or speed",
        ),
        ({"road": {"speed": {"way": "x", "factor": 0}}}, "road.speed.factor: expected a number above 0, got 0"),
        (
            {"road": {"speed": {"way": "x", "speed": 50}}},
            "road.speed.speed: expected a speed such as '3 km/h', got 50 without",
        ),
        ({"road": {"speed": {"way": "x", "speed": "0 km/h"}}}, "road.speed.speed: expected a speed above zero"),
        ({"road": {"close": {"near": [127, 36], "within": 50}}}, "road.close.within: expected a length such as"),
    ],
)
def test_edit__says_what_is_wrong(data: Any, message: str) -> None:
    told = faults_of(data)
    assert any(line.startswith(message) for line in told), told


def test_edit__can_be_made_in_python() -> None:
    made = EditSpec.model_validate({"move": {"id": "a", "to": (127.0, 36.0)}})
    assert made == edit({"move": {"id": "a", "to": [127, 36]}})
    with pytest.raises(ValidationError):
        EditSpec.model_validate({"open": {"id": "a"}, "close": {"id": "b"}})


@given(st.floats(-180, 180), st.floats(-90, 90))
def test_edit__every_place_on_earth_is_a_place(lon: float, lat: float) -> None:
    assert edit({"move": {"id": "a", "to": [lon, lat]}}).change.to == (lon, lat)  # type: ignore[union-attr]
