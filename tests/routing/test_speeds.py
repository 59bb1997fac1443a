"""Speed presets, posted limits in their forms, a planner's overrides."""

from __future__ import annotations

import math

import pytest

from lifezone.errors import InputError
from lifezone.routing.speeds import CAR_WAYS, SpeedsSpec, built_up_by_tag, load_rules, parse_maxspeed, speed_presets

MILE_KM = 1.609344  # international mile


@pytest.mark.parametrize(
    ("text", "kmh"),
    [
        ("50", 50), (" 50 ", 50), ("50 km/h", 50), ("50km/h", 50), ("50 kph", 50), ("7.5", 7.5), ("7,5", 7.5),
        ("30 mph", 30 * MILE_KM), ("30mph", 30 * MILE_KM), ("5 knots", 5 * 1.852),
        ("KR:urban", 50), ("KR:rural", 60), ("KR:motorway", 100), ("RU:living_street", 20), ("DE:zone:30", 30),
        ("DE:zone30", 30), ("walk", 7), ("none", math.inf), ("80;60", 60), ("60|80", 60), ("signals;70", 70),
    ],
)  # fmt: skip
def test_maxspeed__every_form_is_read(text: str, kmh: float) -> None:
    assert parse_maxspeed(text, load_rules({"preset": "kr"})) == pytest.approx(kmh)


@pytest.mark.parametrize(
    "text", ["", "signals", "variable", "fixme", "0", "-30", "500", "1e3", "KR:", ":", "50 furlongs", "５０ x"]
)
def test_maxspeed__what_cannot_be_read_states_nothing(text: str) -> None:
    assert math.isnan(parse_maxspeed(text, load_rules()))


@pytest.mark.parametrize("preset", speed_presets())
def test_presets__hold_every_class_a_source_and_sane_figures(preset: str) -> None:
    rules = load_rules({"preset": preset})
    assert set(rules.limits_kmh) == set(CAR_WAYS)
    assert rules.source
    assert rules.confidence in {"V", "V2", "C", "R", "U"}
    for way, (rural, built_up) in rules.limits_kmh.items():
        assert 5 <= built_up <= rural <= 130, way
    assert 0.5 <= rules.factor <= 1


def test_presets__korea_brazil_and_a_default_are_there() -> None:
    assert {"default", "kr", "br"} <= set(speed_presets())


def test_car_speed__planner_beats_sign_beats_class() -> None:
    rules = load_rules({"preset": "kr", "factor": 0.5, "car": {"primary": "36 km/h"}})
    # 36 km/h = 10 m/s whatever is posted, and the factor does not touch it
    assert rules.car_mps("primary", 90.0, built_up=False) == pytest.approx(10.0)
    # posted 72 km/h = 20 m/s, driven at one half
    assert rules.car_mps("secondary", 72.0, built_up=False) == pytest.approx(10.0)
    # 시행규칙 제19조: 50 in town, 60 outside; one half of it
    assert rules.car_mps("secondary", math.nan, built_up=True) == pytest.approx(25 / 3.6)
    assert rules.car_mps("secondary", math.nan, built_up=False) == pytest.approx(30 / 3.6)
    assert rules.car_mps("motorway", math.inf, built_up=False) == pytest.approx(50 / 3.6)
    assert rules.car_mps("unheard_of", math.nan, built_up=True) == rules.car_mps("road", math.nan, built_up=True)


def test_car_speed__rural_and_built_up_can_be_set_apart() -> None:
    rules = load_rules({"car": {"trunk": {"rural": "72 km/h", "built_up": "36 km/h"}}})
    assert rules.car_mps("trunk", 50.0, built_up=False) == pytest.approx(20)
    assert rules.car_mps("trunk", 50.0, built_up=True) == pytest.approx(10)


def test_speeds_spec__suggests_the_class_that_was_meant() -> None:
    with pytest.raises(InputError, match="did you mean 'secondary'"):
        load_rules({"car": {"secondry": "4 km/h"}})


def test_speeds_spec__survives_being_written_and_read_again() -> None:
    spec = SpeedsSpec.model_validate({"preset": "kr", "walk": "3 km/h", "car": {"trunk": "45 km/h"}, "factor": 1})
    again = SpeedsSpec.model_validate(spec.model_dump())
    assert load_rules(again).factor == 1
    assert again.car["trunk"].rural == pytest.approx(12.5)
    assert load_rules(spec.model_dump()).driven_mps.keys() == {"trunk"}


def test_speeds_spec__every_fault_is_told_at_once() -> None:
    wrong = {"preset": "xx", "car": {"secondry": "4 km/h", "trunk": "45"}, "factor": 0, "walk": 3, "colour": "red"}
    with pytest.raises(InputError) as caught:
        load_rules(wrong)
    text = str(caught.value)
    assert "no speed preset 'xx'; expected one of br, default, kr" in text
    assert "factor" in text
    assert "without a unit" in text
    assert "colour" in text
    assert "expected a speed such as '3 km/h', got '45' without a unit" in text
    assert len(caught.value.faults) == 5  # a class without a unit hides the misspelt one, which is checked after it


@pytest.mark.parametrize(
    ("tags", "told"),
    [
        ({"zone:traffic": "KR:urban"}, True), ({"maxspeed:type": "DE:rural"}, False),
        ({"source:maxspeed": "FR:zone30"}, True),
        ({"maxspeed": "KR:urban"}, True), ({"maxspeed": "50"}, None), ({"maxspeed:type": "sign"}, None), ({}, None),
        ({"zone:traffic": "DE:rural", "maxspeed:type": "DE:urban"}, False),
    ],
)  # fmt: skip
def test_built_up__tags_decide_where_they_speak(tags: dict[str, str], told: bool | None) -> None:
    assert built_up_by_tag(tags) is told
