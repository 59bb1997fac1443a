"""Rules beyond one bound: growth, density, k-th nearest, conversion speed, conventions, levels, targets; by hand."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from lifezone.access import kth_nearest
from lifezone.errors import InputError
from lifezone.model import Convention, DensityBound, DesertTest, Growth, Reason, Requirement, TravelTimes
from lifezone.standards import StandardSpec, judge, resolve, summarise
from lifezone.standards.density import people_per_km2
from lifezone.standards.gaps import gaps
from lifezone.standards.official import as_read, differences, reading
from tests.standards.making import CAR, demand, trip, variant, verdict, world

FIRE = Requirement("fire", ("fire_station",), "car", 420.0, growth=Growth(2500.0, 500.0, 60.0))


def rules(*entries: dict, **block: object):
    return resolve(StandardSpec.model_validate({"requirements": list(entries), **block})).requirements


def faults(*entries: dict, **block: object) -> str:
    with pytest.raises(InputError) as caught:
        rules(*entries, **block)
    return str(caught.value)


CLINIC = {"id": "clinic", "kind": "clinic", "mode": "car", "bound": "15 min"}


def test_growth__is_seven_minutes_and_one_more_for_each_half_kilometre() -> None:
    # REFERENCE_KR 1: 2.5 km → 7 min, 5 km → 12 min; between them the bound grows with every metre
    people = demand({"total": [1.0] * 5})
    minutes, metres = [7.0, 12.0, 12.1, 7.6, 3.0], [2500.0, 5000.0, 5000.0, 2750.0, 100.0]
    found = judge(FIRE, trip(minutes, metres=metres), people, access=CAR, off_network=np.zeros(5, bool))
    assert (found.bound / 60).tolist() == pytest.approx([7, 12, 12, 7.5, 7])
    assert found.met.tolist() == [True, True, False, False, True]
    assert found.depth.tolist() == pytest.approx([0, 0, 1 - 12 / 12.1, 1 - 7.5 / 7.6, 0])
    whole = replace(FIRE, growth=replace(FIRE.growth, whole_steps=True))
    stepped = judge(whole, trip([7.4, 8.0], metres=[2999.0, 3000.0]), demand({"total": [1, 1]}), access=CAR,
                    off_network=np.zeros(2, bool))  # fmt: skip
    assert stepped.met.tolist() == [False, True]


def test_growth__never_reaches_the_unreachable() -> None:
    people = demand({"total": [5.0]})
    found = judge(FIRE, trip([np.inf]), people, access=CAR, off_network=np.zeros(1, bool))
    assert Reason(found.reason[0]) is Reason.UNREACHABLE
    assert found.depth[0] == 1


def test_density__thin_points_have_their_own_bound_and_optimum() -> None:
    # three points in one square kilometre hold 290 people, one alone in another holds 1,000
    people = demand({"total": [100.0, 90, 100, 1000]}, x_m=[100, 500, 900, 2500], y_m=[0, 0, 0, 0])
    assert people_per_km2(world(people), "cell").tolist() == [290, 290, 290, 1000]
    rule = Requirement("shop", ("retail",), "car", 1600.0, metric="length", optimum=800.0,
                       by_density=(DensityBound(300.0, 16000.0),))  # fmt: skip
    density = people_per_km2(world(people), "cell")
    found = judge(rule, trip([1, 20, 30, 3], metres=[700, 16000, 16001, 1601]), people, access=CAR,
                  off_network=np.zeros(4, bool), density=density)  # fmt: skip
    assert found.met.tolist() == [True, True, False, False]
    assert found.optimum.tolist() == [False] * 4  # the thin bound has no optimum; the dense point is beyond its own
    assert rule.bound_text == "1.6 km (16 km below 300/km²)"


def test_kth_nearest__is_the_kth_of_every_row_and_nothing_where_there_are_fewer() -> None:
    times = TravelTimes(
        np.array([0, 3, 4]), np.array([5, 2, 7, 1], np.int32), np.array([60.0, 90, 300, 10]),
        np.array([1.0, 2, 3, 4]), np.array([9.0, 8, 7, 6]), "time", "car",
    )  # fmt: skip
    second = kth_nearest(times, 2)
    assert (second.facility.tolist(), second.seconds.tolist()) == ([2, -1], [90.0, np.inf])
    assert kth_nearest(times, 1).facility.tolist() == times.nearest()[0].tolist()


def test_speed__turns_minutes_into_metres_and_back_when_changed() -> None:
    (rule,) = rules({**CLINIC, "mode": "walk", "bound": "10 min", "optimum": "5 min", "speed": "3 km/h"})
    assert (rule.metric, rule.bound, rule.optimum) == ("length", pytest.approx(500), pytest.approx(250))
    assert rule.bound_text == "10 min at 3 km/h (500 m)"
    again = {r.id: r for r in rules({"id": "clinic", "speed": "3 km/h"}, extends="kr-auri-2019")}["clinic"]
    assert (again.metric, again.bound) == ("length", pytest.approx(25 * 50))
    metres = {r.id: r for r in rules({"id": "park", "bound": "900 m"}, extends="kr-ngii-distance")}["park"]
    assert (metres.metric, metres.bound, metres.speed_mps) == ("length", 900, None)


@pytest.mark.parametrize(
    ("entry", "words"),
    [
        ({"grows": {"by": "1 min", "each": "0.5 km", "beyond": "2.5 km"}, "bound": "2 km"}, "cannot grow"),
        ({"speed": "3 km/h", "bound": "2 km"}, "in metres already"),
        ({"by_density": [{"below": 300, "bound": "9 km"}]}, "not in the same unit"),
        ({"by_density": [{"below": 300, "bound": "9 min"}, {"below": 50, "bound": "99 min"}]}, "'below' must rise"),
        ({"official": [{}]}, "exactly one"),
        ({"official": [{"speed": "3 km/h"}, {"speed": "3 km/h"}]}, "written twice"),
        ({"nearest": 2, "kinds": ["clinic", "pharmacy"], "kind": None, "match": "all"}, "match: all"),
        ({"nearest": 2, "capacity": {}}, "places are counted for"),
        ({"speed_share": "65 %", "bound": "1 km"}, "slows trips"),
    ],
)
def test_rule__that_does_not_fit_together_is_a_fault(entry: dict, words: str) -> None:
    assert words in faults({**CLINIC, **entry})


def test_conventions__read_minutes_as_metres_and_count_whose_verdict_differs() -> None:
    # 10 min on foot; at 3 km/h 500 m. A: 9 min door to door, 510 m along the road: modelled alone.
    # B: 11 min with a long access walk, 480 m: official alone. C: both. D, 7 people: neither.
    people = demand({"total": [100.0, 20, 300, 7]})
    rule = Requirement("park", ("park",), "walk", 600.0, official=(Convention("3 km/h", speed_mps=3 / 3.6),))
    found = verdict(rule, people, [9, 11, 5, 40])
    read = as_read(rule, rule.official[0])
    assert read is not None
    assert (read.metric, read.bound) == ("length", pytest.approx(500))
    official = reading(rule.official[0], read, trip([9, 11, 5, 40], metres=[510, 480, 200, 2000]), found, density=None)
    told = variant(people, {"park": found}, [rule])
    told.assessment.official["park"] = (official,)
    (row,) = differences(told)
    assert (row.judged, row.met, row.met_officially) == (427, 400, 320)
    assert (row.differs, row.only_modelled, row.only_official) == (120, 100, 20)
    metres = (100 * 510 + 20 * 480 + 300 * 200 + 7 * 2000) / 427
    assert (row.official_metres, row.official_minutes) == (pytest.approx(metres), pytest.approx(metres / 50))


def test_conventions__an_area_mean_judges_everybody_alike() -> None:
    # rural standard: mean over the points 8, 9 and 19 min = 12 min > 10: nobody; the island is no number in the mean
    people = demand({"total": [500.0, 300, 40, 10]})
    rule = Requirement("school", ("school",), "car", 600.0, official=(Convention("area mean", area_mean=True),))
    found = verdict(rule, people, [8, 9, 19, np.inf])
    told = variant(people, {"school": found}, [rule])
    told.assessment.official["school"] = (reading(rule.official[0], None, None, found, density=None),)
    (row,) = differences(told)
    assert row.official_minutes == pytest.approx(12)
    assert (row.met, row.met_officially, row.only_modelled, row.no_path) == (800, 0, 800, 10)
    assert row.modelled_minutes == pytest.approx((500 * 8 + 300 * 9 + 40 * 19) / 840)


def test_conventions__of_a_set_hold_for_its_way_of_travel() -> None:
    auri = {r.id: r for r in resolve(StandardSpec(extends="kr-auri-2019")).requirements}
    assert [one.id for one in auri["clinic"].official] == ["3 km/h"]
    county = {r.id: r for r in resolve(StandardSpec(extends="kr-county")).requirements}
    assert [one.id for one in county["rural_clinic"].official] == ["area mean"]
    assert [one.id for one in county["urban_clinic"].official] == ["3 km/h"]
    changed = {r.id: r for r in rules({"id": "clinic", "bound": "1 km"}, extends="kr-auri-2019")}
    assert changed["clinic"].official == ()  # a speed says nothing of a bound in metres


def test_summary__levels_and_targets_add_up() -> None:
    # D3: 20–30 min; 18, 25, 31 → optimum, between, below, for 10, 20 and 70 people
    people = demand({"total": [10.0, 20, 70]})
    rule = Requirement("welfare", ("social_welfare_centre",), "car", 1800.0, optimum=1200.0, target=0.3)
    (row,) = summarise(variant(people, {"welfare": verdict(rule, people, [18, 25, 31])}, [rule]))
    assert (row.below_minimum, row.between, row.at_optimum) == (70, 20, 10)
    assert (row.target, row.target_met, row.served) == (0.3, True, None)
    more = replace(rule, target=0.31, optimum=None)
    (row,) = summarise(variant(people, {"welfare": verdict(more, people, [18, 25, 31])}, [more]))
    assert (row.between, row.at_optimum, row.target_met) == (None, None, False)


def test_gaps__count_people_by_group_and_function() -> None:
    people = demand({"total": [200.0, 40, 900], "children": [20, 0, 90]})
    two = [Requirement(key, (kind,), "car", 900.0) for key, kind in (("clinic", "clinic"), ("shop", "retail"))]
    told = variant(people, {}, two, test=DesertTest({"medical": ("clinic",), "shopping": ("shop",)}))
    lost = np.array([[True, True], [True, False], [False, False]])
    assessment = replace(told.assessment, lost=lost, deep=np.array([True, False, False]),
                         desert=np.array([0, -1, -1], np.int32))  # fmt: skip
    found = {(row.group, row.what): (row.concerned, row.share) for row in gaps(replace(told, assessment=assessment))}
    assert found["total", "gap"] == (240, pytest.approx(240 / 1140))
    assert found["children", "gap"] == (20, pytest.approx(20 / 110))
    assert (found["total", "deep"][0], found["total", "desert"][0]) == (200, 200)
    assert (found["total", "lost_medical"][0], found["total", "lost_shopping"][0]) == (240, 200)
