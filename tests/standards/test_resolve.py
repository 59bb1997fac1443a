"""What a planner writes: every fault at once, changes by id, mixtures of sets."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from lifezone.errors import InputError
from lifezone.model import DesertTest
from lifezone.standards import StandardSpec, preset, resolve


def made(**block: Any) -> Any:
    return resolve(StandardSpec.model_validate(block))


def faults(**block: Any) -> list[str]:
    with pytest.raises(InputError) as raised:
        made(**block)
    return [str(fault) for fault in raised.value.faults]


CLINIC = {"id": "clinic_car", "kind": "clinic", "mode": "car", "bound": "15 min"}


def test_resolve__bare_extends_is_the_packaged_set() -> None:
    assert made(extends="kr-auri-2019") is preset("kr-auri-2019")


def test_resolve__the_scenario_of_design_works() -> None:
    standard = made(
        extends="kr-auri-2019",
        requirements=[
            {**CLINIC, "group": "total", "source": "county council 2026"},
            {"id": "pharmacy_road", "kind": "pharmacy", "mode": "car", "bound": "2 km"},
        ],
        desert={
            "functions": {"medical": ["clinic_car"], "shopping": ["retail"]},
            "at_least": 2,
            "must_have": ["medical", "shopping"],
            "link": "1 km",
            "least_people": 50,
        },
    )
    assert standard.id == "scenario"
    assert [r.id for r in standard.requirements][-2:] == ["clinic_car", "pharmacy_road"]
    added = standard.requirements[-1]
    assert (added.bound, added.metric, added.standard, added.name_ko) == (2000, "length", "scenario", "약국")
    functions = {"medical": ("clinic_car",), "shopping": ("retail",)}
    assert standard.desert == DesertTest(functions, 2, ("medical", "shopping"), 1000, 50)
    assert standard.walk_mps == pytest.approx(3 / 3.6)
    assert standard.name_en.endswith("(changed)")


def test_resolve__a_change_keeps_the_rest_and_loses_the_source() -> None:
    standard = made(extends="kr-rural-2020", requirements=[{"id": "clinic", "bound": "40 min"}])
    clinic, rural = standard.requirements[0], preset("kr-rural-2020").requirements[0]
    assert (clinic.bound, clinic.optimum, clinic.kinds, clinic.setting) == (2400, 1800, rural.kinds, "rural")
    assert (clinic.standard, clinic.confidence, clinic.date) == ("scenario", "", "")
    assert clinic.source == "scenario, changed from kr-rural-2020"
    assert standard.requirements[1:] == preset("kr-rural-2020").requirements[1:]


def test_resolve__a_new_note_alone_leaves_the_figure_the_sets_own() -> None:
    clinic = made(extends="kr-auri-2019", requirements=[{"id": "clinic", "note": "ask"}]).requirements[0]
    assert (clinic.note, clinic.standard, clinic.confidence) == ("ask", "kr-auri-2019", "V2")


def test_resolve__a_bound_in_the_other_unit_drops_the_old_optimum() -> None:
    clinic = made(extends="kr-rural-2020", requirements=[{"id": "clinic", "bound": "20 km"}]).requirements[0]
    assert (clinic.bound, clinic.metric, clinic.optimum) == (20_000, "length", None)


def test_resolve__a_bound_better_than_the_old_optimum_is_a_fault() -> None:
    (fault,) = faults(extends="kr-rural-2020", requirements=[{"id": "clinic", "bound": "20 min"}])
    assert fault.startswith("requirements[0].bound: the local optimum must be less time than the bound 20 min")
    assert made(extends="kr-rural-2020", requirements=[{"id": "clinic", "bound": "20 min", "optimum": None}])


def test_resolve__two_sets_need_different_ids() -> None:
    (fault,) = faults(extends=["kr-auri-2019", "kr-molit-2018-notice"])
    assert fault.startswith("extends[1]: kr-molit-2018-notice and kr-auri-2019 both have kindergarten, elementary")
    assert "prefix" in fault
    both = made(extends=["kr-auri-2019", {"preset": "kr-molit-2018-notice", "prefix": "a_"}])
    assert len(both.requirements) == 12 + 20
    assert both.desert.functions["medical"] == ("a_health_centre",)
    assert both.requirements[12].standard == "kr-molit-2018-notice"
    assert made(extends=["kr-auri-2019", "who-lcogs-120"]).requirements[-1].id == "surgery"


def test_resolve__desert_fields_not_given_come_from_the_set() -> None:
    test = made(extends="kr-auri-2019", desert={"link": "2 km"}).desert
    assert test == DesertTest(preset("kr-auri-2019").desert.functions, 2, ("medical", "shopping"), 2000, 50)
    short = made(extends="kr-auri-2019", desert={"any_of": ["clinic", "retail"], "at_least": 1}).desert
    assert short == DesertTest({"clinic": ("clinic",), "retail": ("retail",)}, 1, (), 1000, 50)
    assert made(extends="kr-auri-2019", desert=None).desert is None


def test_resolve__ten_faults_are_ten_lines() -> None:
    found = faults(
        extends=["kr-auri-2019", "kr-aury"],
        requirements=[
            {"id": "a", "kind": "clinc", "mode": "car", "bound": "15 min", "optimum": "20 min"},
            {"id": "a", "kind": "clinic", "mode": "car", "bound": "15 min"},
            {"id": "b"},
            {"id": "c", "kind": "pharmacy", "mode": "car", "bound": "2 km", "optimum": "5 min"},
            {"id": "Ü", "kinds": ["약국", "pharmacy"], "kind": "pharmacy", "mode": "walk", "bound": None},
        ],
        desert={"functions": {"m": ["c"]}, "must_have": ["shop"], "at_least": 1},
    )
    assert [line.split(": ")[0] for line in found] == [
        "extends[1]",
        "requirements[0].kind",
        "requirements[0].optimum",
        "requirements[1].id",
        "requirements[2].kind",
        "requirements[2].mode",
        "requirements[2].bound",
        "requirements[3].optimum",
        "requirements[4].id",
        "requirements[4].kinds",
        "requirements[4].kinds[0]",
        "desert.must_have[0]",
    ]
    assert "did you mean clinic?" in found[1]
    assert "did you mean pharmacy?" in found[10]


@pytest.mark.parametrize(
    ("block", "message"),
    [
        ({}, "requirements: a standard needs requirements"),
        ({"extends": "kr-rurul-2020"}, "extends: unknown standard 'kr-rurul-2020': did you mean kr-rural-2020?"),
        ({"extends": [{"preset": "x-y"}]}, "extends[0].preset: unknown standard 'x-y': expected one of city-15"),
        ({"requirements": [CLINIC], "desert": {"at_least": 2}}, "desert: which requirements make a desert?"),
        ({"requirements": [CLINIC], "desert": {"any_of": ["clinic"], "at_least": 1}},
         "desert.any_of[0]: unknown requirement 'clinic': did you mean clinic_car?"),
        ({"requirements": [CLINIC], "desert": {"functions": {"m": ["clinic_car"]}}},
         "desert.at_least: 2 of 1 functions can never be lost"),
        ({"requirements": [CLINIC], "desert": {"functions": {"m": []}, "at_least": 1}},
         "desert.functions.m: the function 'm' needs an anchor requirement"),
        ({"requirements": [CLINIC], "desert": {"functions": {}, "at_least": 1}},
         "desert.functions: a desert test needs at least one function"),
        ({"requirements": [CLINIC], "desert": {"functions": {"m": ["clinic_car"]}, "any_of": ["clinic_car"]}},
         "desert.any_of: give either 'functions' or 'any_of', not both"),
        ({"extends": "kr-molit-2018-notice", "desert": {"any_of": ["clinic"], "at_least": 1}},
         "desert.any_of[0]: requirement 'clinic' has no bound, so it cannot anchor a function"),
        ({"requirements": [{**CLINIC, "id": "desert"}]}, "requirements[0].id: the id 'desert' is taken"),
        ({"requirements": [{**CLINIC, "bound": None, "optimum": "5 min"}]},
         "requirements[0].optimum: an optimum without a bound"),
        ({"requirements": [{"id": "a", "kinds": [], "mode": "car", "bound": "5 min"}]},
         "requirements[0].kind: which facilities serve it?"),
    ],
)  # fmt: skip
def test_resolve__says_what_is_wrong(block: dict[str, Any], message: str) -> None:
    (fault,) = faults(**block)
    assert fault.startswith(message)


def test_resolve__33_functions_are_too_many() -> None:
    many = [{**CLINIC, "id": f"r{i}"} for i in range(33)]
    (fault,) = faults(requirements=many, desert={"any_of": [one["id"] for one in many]})
    assert "at most 32 functions, here are 33" in fault


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"bound": 15}, "without a unit"),
        ({"bound": "0 min"}, "above zero"),
        ({"bound": "fast"}, "expected a time such as"),
        ({"bound": "-3 min"}, "not negative"),
        ({"mode": "bike"}, "'car', 'walk', 'bicycle' or 'transit'"),
        ({"match": "both"}, "'any' or 'all'"),
        ({"setting": "town"}, "'any', 'urban' or 'rural'"),
        ({"bonud": "15 min"}, "Extra inputs are not permitted"),
        ({"date": 2026}, "valid string"),
    ],
)
def test_spec__refuses_what_it_cannot_read(change: dict[str, Any], message: str) -> None:
    with pytest.raises(ValidationError, match=message):
        StandardSpec.model_validate({"requirements": [{**CLINIC, **change}]})


def test_spec__has_a_json_schema_with_descriptions() -> None:
    schema = StandardSpec.model_json_schema()
    described = schema["$defs"]["RequirementSpec"]["properties"]
    assert all(described[name].get("description") for name in described)


HUBS = ["public_library", "social_welfare", "health_centre", "er_hospital", "culture", "public_sports", "hub_park"]


def test_resolve__only_some_of_a_set_with_the_tests_that_need_no_others() -> None:
    whole = preset("kr-auri-2019")
    both = made(extends=["kr-auri-2019", {"preset": "kr-molit-2018-notice", "only": HUBS}])
    assert [rule.id for rule in both.requirements] == [rule.id for rule in whole.requirements] + HUBS
    assert {rule.mode for rule in both.requirements[-7:]} == {"car"}
    assert both.desert == whole.desert  # the notice's own needs requirements that are not taken
    anchors = ["health_centre", "retail", "elementary", "small_library"]
    alone = made(extends=[{"preset": "kr-molit-2018-notice", "only": anchors, "prefix": "n_"}])
    assert {rule.id for rule in alone.requirements} == {f"n_{key}" for key in anchors}
    assert alone.desert is not None


@pytest.mark.parametrize(("only", "words"), [
    (["hub_park", "moon"], "extends[0].only: kr-molit-2018-notice has no moon: give some of kindergarten"),
    ([], "extends[0].only: nothing is taken: give some of kindergarten"),
])  # fmt: skip
def test_resolve__only_names_requirements_of_the_set(only: list[str], words: str) -> None:
    (fault,) = faults(extends=[{"preset": "kr-molit-2018-notice", "only": only}])
    assert fault.startswith(words)
