"""Life zones by nearest centre: who belongs where, whatever the order of the input."""

from __future__ import annotations

import json

import numpy as np
import pytest

from lifezone.divide import ask, divide
from lifezone.errors import InputError
from lifezone.scenario.spec import ScenarioSpec
from tests.zoning.towns import world_of, zones_by_id

PEOPLE = {"a": 4000, "b": 2200, "c": 1500, "d": 800, "e": 600}
MINUTES = {
    "a": {"A": 5}, "b": {"B": 5}, "c": {"C": 5, "B": 14, "A": 25}, "d": {"A": 12, "B": 8, "C": 20},
    "e": {"A": 30, "B": 16, "C": 9},
}  # fmt: skip


def divided(world, **function):
    spec = ScenarioSpec.model_validate_json(
        json.dumps({"zones": {"functions": [{"id": "medical", "kinds": ["clinic"], **function}]}})
    )
    return divide(ask(world, spec)).functions[0]


def test_nearest__everybody_belongs_to_the_nearest_centre_in_reach() -> None:
    world = world_of(PEOPLE, MINUTES)
    zones = divided(world, reach="30 min")
    assert zones_by_id(zones, world) == {"a": "A", "b": "B", "c": "C", "d": "B", "e": "C"}
    assert [(one.centre, one.catchment) for one in zones.zones] == [("A", 4000), ("B", 3000), ("C", 2100)]
    assert sum(one.people for one in zones.zones) == 9100
    assert [one.containment for one in zones.zones] == [1.0, 1.0, 1.0]


def test_nearest__beyond_the_reach_nobody_belongs_anywhere() -> None:
    world = world_of(PEOPLE, MINUTES)
    zones = divided(world, reach="8 min")
    assert zones_by_id(zones, world) == {"a": "A", "b": "B", "c": "C", "d": "B", "e": None}
    assert np.isinf(zones.cost[4])
    assert zones.share[4] == 0


def test_centres__facilities_within_a_kilometre_are_one() -> None:
    place = {"A": (0.0, 0.0), "B": (1000.0, 0.0), "C": (2001.0, 0.0)}
    world = world_of(PEOPLE, MINUTES, place=place)
    zones = divided(world, reach="30 min")
    assert [one.facilities for one in zones.zones] == [("A", "B"), ("C",)]
    assert zones.zones[0].x_m == 500.0
    assert zones_by_id(zones, world) == {"a": "A", "b": "A", "c": "C", "d": "A", "e": "C"}
    assert len(divided(world, centre="0 m").zones) == 3


def test_nearest__order_of_input_and_ties_change_nothing() -> None:
    tied = {**MINUTES, "b": {"B": 5, "A": 5}, "e": {"C": 9, "B": 9}}
    first = world_of(PEOPLE, tied)
    turned = world_of(
        dict(reversed(PEOPLE.items())), dict(reversed(tied.items())), place={"C": (0, 0), "B": (9e4, 0), "A": (3e5, 0)}
    )
    one, other = divided(first, reach="30 min"), divided(turned, reach="30 min")
    assert zones_by_id(one, first) == zones_by_id(other, turned)
    assert zones_by_id(one, first)["b"] == "A"
    assert [zone.people for zone in one.zones] == [zone.people for zone in other.zones]


def test_capture__is_the_share_that_uses_what_is_near() -> None:
    zones = divided(world_of(PEOPLE, MINUTES), reach="30 min", capture="22.1 %")
    assert zones.zones[0].catchment == pytest.approx(4000 * 0.221)
    assert zones.zones[0].containment == pytest.approx(0.221)
    assert zones.zones[0].people == 4000


def test_ask__every_fault_is_told_at_once() -> None:
    spec = ScenarioSpec.model_validate_json(
        '{"zones": {"functions": [{"id": "m", "kinds": ["school"], "groups": {"births": 1, "total": -1}},'
        ' {"id": "n", "kinds": ["clinic"], "reach": "2 km"}]}}'
    )
    with pytest.raises(InputError) as told:
        ask(world_of(PEOPLE, MINUTES), spec)
    assert [str(fault).split(":")[0] for fault in told.value.faults] == [
        "zones.functions[0].kinds", "zones.functions[0].groups.births", "zones.functions[0].groups.total",
        "zones.functions[1].reach",
    ]  # fmt: skip
