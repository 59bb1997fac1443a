"""Life zones with a minimum population: the worked example of D9, its variants, and properties on random towns."""

from __future__ import annotations

import json

import numpy as np
import pytest

from lifezone.divide import ask, divide
from lifezone.errors import InputError
from lifezone.scenario.spec import ScenarioSpec
from lifezone.zoning.thresholds import presets
from tests.zoning.towns import world_of, zones_by_id

PEOPLE = {"a": 4000, "b": 2200, "c": 1500, "d": 800, "e": 600}
MINUTES = {
    "a": {"A": 5}, "b": {"B": 5}, "c": {"C": 5, "B": 19, "A": 30}, "d": {"A": 12, "B": 8, "C": 20},
    "e": {"A": 30, "B": 16, "C": 9},
}  # fmt: skip
"""c reaches C in 5 minutes, B 14 later, A 25 later: the example tells what c's people lose."""
SURVIVAL = {"people": 3000, "kind": "survival"}


def divided(world, **function):
    base = {"id": "m", "kinds": ["clinic"], "reach": "30 min", "minimum": SURVIVAL}
    spec = ScenarioSpec.model_validate_json(json.dumps({"zones": {"functions": [{**base, **function}]}}))
    return divide(ask(world, spec)).functions[0]


def test_d9__the_worked_example() -> None:
    world = world_of(PEOPLE, MINUTES)
    zones = divided(world)
    assert zones_by_id(zones, world) == {"a": "A", "b": "B", "c": "B", "d": "B", "e": "B"}
    (step,) = zones.merges
    assert (step.centre, step.users, step.points, step.people, step.outside) == ("C", 2100, 2, 2100, 0)
    assert step.added / 60 == 1500 * 14 + 600 * 7 == 25_200
    assert step.to == (("B", 2100.0),)
    assert [(one.centre, one.catchment, one.viable) for one in zones.zones] == [("A", 4000, True), ("B", 5100, True)]
    assert [one.merged_because for one in zones.zones] == ["", "C (2100 < 3000)"]
    everywhere = zones.costs[0]
    assert (everywhere.district, everywhere.group, everywhere.people) == (-1, "total", 2100)
    assert everywhere.added / 60 == 25_200


def test_d9__people_of_a_dropped_centre_part_where_their_next_one_differs() -> None:
    world = world_of(PEOPLE, {**MINUTES, "e": {"A": 30, "B": 40, "C": 9}})
    zones = divided(world)
    assert zones_by_id(zones, world)["e"] == "A"
    assert [(one.centre, one.catchment) for one in zones.zones] == [("A", 4600), ("B", 4500)]


def test_d9__people_without_another_centre_reach_none() -> None:
    world = world_of(PEOPLE, {**MINUTES, "e": {"A": 31, "B": 40, "C": 9}})
    zones = divided(world)
    assert zones_by_id(zones, world)["e"] is None
    assert zones.merges[0].outside == 600
    assert zones.merges[0].added / 60 == 1500 * 14
    assert zones.costs[0].outside == 600


def test_d9__protected_centres_stay_and_are_told_as_subsidised() -> None:
    zones = divided(world_of(PEOPLE, MINUTES), protected=["C"])
    assert zones.merges == ()
    assert [(one.centre, one.viable, one.subsidised) for one in zones.zones] == [
        ("A", True, False), ("B", True, False), ("C", False, True),
    ]  # fmt: skip
    assert any("subsidised: C" in english for _korean, english in zones.notes)


def test_d9__the_last_centre_is_never_dropped_silently() -> None:
    zones = divided(world_of(PEOPLE, MINUTES), minimum={"people": 1e6, "kind": "survival"})
    assert [(step.centre, step.users) for step in zones.merges] == [("C", 2100), ("A", 4000)]
    assert [(one.centre, one.viable, one.subsidised) for one in zones.zones] == [("B", False, False)]
    assert any("B is the last centre" in english for _korean, english in zones.notes)


def test_d9__ties_go_to_the_lowest_id() -> None:
    world = world_of({"a": 10, "b": 10, "c": 30}, {"a": {"A": 1, "C": 9}, "b": {"B": 1, "C": 9}, "c": {"C": 1}})
    zones = divided(world, minimum={"people": 40, "kind": "survival"})
    assert [step.centre for step in zones.merges] == ["A", "B"]
    assert zones.zones[0].merged_because == "A (10 < 40); B (10 < 40)"


def test_d9__capture_lowers_the_users() -> None:
    births = world_of({"a": 500, "b": 1400}, {"a": {"A": 5, "B": 20}, "b": {"B": 5}})
    assert divided(births, minimum={"people": 300, "kind": "survival"}).merges == ()
    zones = divided(births, minimum={"people": 300, "kind": "survival"}, capture="22.1 %")
    assert [(step.centre, step.users) for step in zones.merges] == [("A", pytest.approx(110.5))]
    assert not any("upper bound" in english for _korean, english in zones.notes)


def test_d9__upper_bound_is_told_where_everybody_counts() -> None:
    assert any("upper bound" in english for _ko, english in divided(world_of(PEOPLE, MINUTES)).notes)


@pytest.mark.parametrize("kind", ["presence", "target", "policy"])
def test_d9__only_survival_acts_by_itself(kind) -> None:
    zones = divided(world_of(PEOPLE, MINUTES), minimum={"people": 3000, "kind": kind})
    assert zones.merges == ()
    assert [one.viable for one in zones.zones] == [True, True, False]
    told = divided(world_of(PEOPLE, MINUTES), minimum={"people": 3000, "kind": kind}, merge="always")
    assert [step.centre for step in told.merges] == ["C"]
    assert any("association" in english for _ko, english in told.notes) == (kind == "presence")


def test_d9__survival_can_be_asked_not_to_act() -> None:
    assert divided(world_of(PEOPLE, MINUTES), merge="never").merges == ()


def test_preset__a_published_figure_keeps_its_source_and_may_be_overridden() -> None:
    world = world_of(PEOPLE, MINUTES)
    zones = divided(world, minimum={"preset": "kr-krei-2022/pharmacy"})
    assert (zones.threshold.people, zones.threshold.kind, zones.threshold.confidence) == (2604, "presence", "V")
    assert "KREI" in zones.threshold.source
    acting = divided(world, minimum={"preset": "kr-krei-2022/pharmacy", "kind": "survival"})
    assert [step.centre for step in acting.merges] == ["C"]
    assert any("association, not cost" in english for _ko, english in acting.notes)
    assert divided(world, minimum={"preset": "kr-krei-2022/pharmacy", "people": 10}).threshold.people == 10


def test_presets__are_the_published_numbers() -> None:
    known = presets()
    wanted = {
        "kr-krihs-648/obstetrics": 300, "kr-delivery-2025/delivery_hospital": 37_707,
        "kr-supply/public_library": 43_000,
        "kr-supply/sports_hall": 34_000, "kr-school-2016/elementary_school_myeon": 60, "jp-mlit-2014/clinic/at_50": 500,
        "jp-mlit-2020/clinic/at_50": 3500, "jp-mlit-2020/clinic/at_80": 5500, "jp-mlit-2014/bank/at_80": 9500,
        "us-bresnahan-reiss-1991/doctor_second": 3490, "kr-krei-2022/hospital_or_clinic": 3205,
    }  # fmt: skip
    assert {key: known[key].people for key in wanted} == wanted
    assert known["kr-krihs-648/obstetrics"].unit == "births"
    assert all(one.source and one.confidence and one.note for one in known.values())


@pytest.mark.parametrize(
    ("minimum", "message"),
    [
        ({"preset": "kr-krei-2022/pharmcy"}, "did you mean kr-krei-2022/pharmacy"),
        ({"preset": "kr-krihs-648/obstetrics"}, "counts births, not people: say by groups"),
        ({"fit": "logit"}, "at least 10 districts are needed"),
    ],
)
def test_minimum__what_does_not_fit_is_refused(minimum, message) -> None:
    with pytest.raises(InputError, match=message):
        divided(world_of(PEOPLE, MINUTES), minimum=minimum)


@pytest.mark.parametrize(
    "minimum",
    [{"people": 3000}, {}, {"fit": "logit", "people": 3}, {"people": 0, "kind": "policy"}],
)
def test_minimum__a_number_needs_its_kind(minimum) -> None:
    with pytest.raises(ValueError, match=r"kind|people|fit|greater"):
        divided(world_of(PEOPLE, MINUTES), minimum=minimum)


def slow_d9(people, minutes, need, reach, protected=()):
    """D9 in words: dictionaries, every point by itself."""
    alive = sorted({one for row in minutes.values() for one in row})

    def zone(point):
        near = [(t, one) for one, t in minutes[point].items() if one in alive and t <= reach]
        return min(near)[1] if near else None

    dropped = []
    while len(alive) > 1:
        users = {one: sum(n for point, n in people.items() if zone(point) == one) for one in alive}
        weak = sorted((users[one], one) for one in alive if users[one] < need and one not in protected)
        if not weak:
            break
        dropped.append(weak[0])
        alive.remove(weak[0][1])
    return dropped, {point: zone(point) for point in people}


@pytest.mark.parametrize("seed", range(12))
def test_d9__as_in_words_on_random_towns(seed) -> None:
    rng = np.random.default_rng(seed)
    people = {f"p{i:02}": int(rng.integers(0, 400)) for i in range(40)}
    minutes = {
        p: {f"F{j}": int(rng.integers(1, 45)) for j in range(9) if rng.random() < 0.7} or {"F0": 5} for p in people
    }
    protected = ["F3"] if seed % 2 else []
    dropped, zone = slow_d9(people, minutes, need=900, reach=30, protected=protected)
    world = world_of(people, minutes)
    zones = divided(world, minimum={"people": 900, "kind": "survival"}, protected=protected)
    assert [(step.users, step.centre) for step in zones.merges] == dropped
    assert zones_by_id(zones, world) == zone
    alive = {one.centre for one in zones.zones}
    assert all(one.viable or one.subsidised or len(alive) == 1 for one in zones.zones)
    assert sum(one.people for one in zones.zones) + sum(people[p] for p in people if zone[p] is None) == sum(
        people.values()
    )
