"""Judging one small world by hand: every number of this file is a sum that can be checked on paper."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from lifezone.assess import Memory, assess, road_parts
from lifezone.model import (
    Access,
    Convention,
    Demand,
    DesertTest,
    Districts,
    Facilities,
    Network,
    Reason,
    Requirement,
    Standard,
    World,
)

CAR = Access(limit_m=500.0, speed_mps=1.0, terminal_s=180.0)
WALK = Access(limit_m=500.0, speed_mps=1.0)


def line_world(*, one_way: bool = False, border: bool = False) -> World:
    """A road of three 1 km segments along y = 0, and an islet of one segment 5 km to the north.

    0 ──1 km── 1 ──1 km── 2 ──1 km── 3          4 ── 5   (y = 5,000)
    """
    x_m = np.array([0.0, 1000, 2000, 3000, 0, 1000])
    y_m = np.array([0.0, 0, 0, 0, 5000, 5000])
    car = np.repeat(np.full(4, 100.0), 2)  # 10 m/s
    if one_way:
        car[1:6:2] = np.inf  # eastwards only on the long road
    network = Network(
        x_m=x_m,
        y_m=y_m,
        border=np.array([False, False, False, border, False, False]),
        tail=np.array([0, 1, 2, 4], np.int32),
        head=np.array([1, 2, 3, 5], np.int32),
        metres=np.full(4, 1000.0),
        seconds={"car": car, "walk": np.full(8, 1000.0)},
        way=np.zeros(4, np.int16),
        ways=("residential",),
        name=np.zeros(4, np.int32),
        names=("",),
        crs="EPSG:5179",
    )
    demand = Demand(
        ids=np.array(["a", "b", "far", "islet"], dtype=object),
        x_m=np.array([250.0, 2500, 1500, 500]),
        y_m=np.array([30.0, 0, 2500, 5000]),
        people=np.array([[100.0, 20], [60, 0], [9, 1], [7, 7]]),
        groups=("total", "age_65_plus"),
        district=np.zeros(4, np.int32),
        urban=np.zeros(4, bool),
    )
    facilities = Facilities(
        ids=np.array(["clinic-1", "clinic-2"], dtype=object),
        x_m=np.array([1500.0, 3000]),
        y_m=np.array([-50.0, 0]),
        kind=np.zeros(2, np.int32),
        kinds=("clinic", "library"),
        name=np.array(["", ""], dtype=object),
        capacity=np.full(2, np.nan),
        cost=np.full(2, np.nan),
        open=np.array([True, True]),
        hours=np.array(["", ""], dtype=object),
    )
    return World(network, demand, facilities, Districts(("all",), ("전체",)), {"car": CAR, "walk": WALK}, "EPSG:5179")


def rule(key: str, **more: object) -> Requirement:
    return Requirement(**{"id": key, "kinds": ("clinic",), "mode": "car", "bound": 400.0, **more})  # type: ignore[arg-type]


def judged(world: World, *rules: Requirement, desert: DesertTest | None = None, memory: Memory | None = None):
    return assess(world, Standard("test", tuple(rules), desert), memory=memory)


def test_assess__door_to_door_is_walk_road_walk_and_parking() -> None:
    verdict = judged(line_world(), rule("car")).verdicts["car"]
    # a: 30 m walk + (1500 − 250) m at 10 m/s + 50 m walk + 180 s; b: 500 m east at 10 m/s + 180 s, no walks
    assert verdict.seconds[:2].tolist() == pytest.approx([30 + 125 + 50 + 180, 50 + 180])
    assert verdict.metres[:2].tolist() == pytest.approx([1250, 500])
    assert verdict.access_m[:2].tolist() == pytest.approx([80, 0])
    assert verdict.facility.tolist() == [0, 1, -1, -1]


def test_assess__every_reason_is_its_own() -> None:
    world = line_world()
    result = judged(
        world,
        rule("car"),
        rule("near", bound=300.0),
        rule("library", kinds=("library",)),
        rule("hospital", kinds=("hospital",)),
        rule("elderly", group="age_65_plus"),
        rule("town", setting="urban"),
    )
    reasons = {key: [Reason(code).name for code in verdict.reason] for key, verdict in result.verdicts.items()}
    assert reasons["car"] == ["MET", "MET", "OFF_NETWORK", "UNREACHABLE"]
    assert reasons["near"] == ["TOO_FAR", "MET", "OFF_NETWORK", "UNREACHABLE"]
    assert reasons["library"][0] == "NO_FACILITY"  # a source without rows
    assert reasons["hospital"] == ["NOT_ASSESSED"] * 4  # no source
    assert reasons["elderly"] == ["MET", "NOT_JUDGED", "OFF_NETWORK", "UNREACHABLE"]
    assert reasons["town"] == ["NOT_JUDGED"] * 4
    # unmet and judged: a: near, library; b: library; far and islet: car, near, library, elderly
    assert result.deficits.tolist() == [2, 1, 4, 4]
    assert any("hospital: not assessed" in warning for warning in result.warnings)


def test_assess__a_bound_in_metres_is_along_the_road_and_inclusive() -> None:
    verdict = judged(line_world(), rule("road", metric="length", bound=1250.0)).verdicts["road"]
    assert [Reason(code).name for code in verdict.reason[:2]] == ["MET", "MET"]
    assert verdict.hangs_on_access.tolist() == [True, False, False, False]  # 1,250 m of road, 80 m of walks on top
    beyond = judged(line_world(), rule("road", metric="length", bound=1249.0)).verdicts["road"]
    assert Reason(beyond.reason[0]) is Reason.TOO_FAR


def test_assess__one_way_streets_count_in_the_direction_of_travel() -> None:
    there = judged(line_world(one_way=True), rule("to")).verdicts["to"]
    back = judged(line_world(one_way=True), rule("from", direction="from_facility")).verdicts["from"]
    assert np.isfinite(there.seconds[:2]).all()
    # nothing drives westwards: an ambulance from 1,500 m reaches b at 2,500 m, but not a at 250 m
    assert np.isinf(back.seconds[0])
    assert back.seconds[1] == pytest.approx(50 + 100 + 180)
    assert back.facility[1] == 0


def test_assess__a_nearer_one_beyond_the_cut_road_makes_a_time_at_most() -> None:
    verdict = judged(line_world(border=True), rule("car")).verdicts["car"]
    # the road is cut at 3,000 m: a gets there in 30 + 275 + 180 s and to its clinic in 385 s, so nothing is nearer;
    # b gets there in 50 + 180 s, as soon as to its clinic, which stands right there: still certain (inclusive)
    assert verdict.certified[:2].tolist() == [True, True]
    world = line_world(border=True)
    moved = replace(world.facilities, x_m=np.array([1500.0, 1400.0]))
    later = judged(replace(world, facilities=moved), rule("car")).verdicts["car"]
    assert later.certified[:2].tolist() == [True, False]


def test_assess__off_network_and_parts_are_told_with_people() -> None:
    result = judged(line_world(), rule("car"))
    assert any("1 of 4 demand points (<10 of 176 people)" in warning for warning in result.warnings)
    assert any("1.0 km is not connected" in warning and "<10 people" in warning for warning in result.warnings)
    memory = Memory()
    judged(line_world(), rule("car"), memory=memory)
    (part,) = road_parts(line_world(), "car", Memory())
    assert (part["kilometres"], part["people"]) == (1.0, 7.0)


def test_assess__a_facility_far_from_any_road_is_named() -> None:
    world = line_world()
    hill = replace(world.facilities, y_m=np.array([-50.0, 3000]))
    result = judged(replace(world, facilities=hill), rule("car"))
    assert any("1 of 2 open facilities" in warning and "clinic-2" in warning for warning in result.warnings)


def test_assess__all_kinds_of_a_requirement_count_by_the_slowest() -> None:
    world = line_world()
    both = replace(world.facilities, kind=np.array([0, 1], np.int32))
    verdict = judged(replace(world, facilities=both), rule("both", kinds=("clinic", "library"), match="all"))
    # a: library at 3,000 m is the slower: 30 + 275 + 180; b: clinic: 100 + 50 + 180
    assert verdict.verdicts["both"].seconds[:2].tolist() == pytest.approx([485, 330])
    assert verdict.verdicts["both"].facility[:2].tolist() == [1, 0]


def test_assess__deserts_join_along_the_walking_network() -> None:
    world = line_world()
    test = DesertTest(
        {"medical": ("near",), "culture": ("library",)}, at_least=2, must_have=("medical",), link_m=1000.0
    )
    rules = (rule("near", bound=1.0), rule("library", kinds=("library",)))
    result = judged(world, *rules, desert=test)
    # a and b are 2,250 m apart on foot; far and islet stand alone: four deserts, by falling people
    assert result.desert.tolist() == [0, 1, 2, 3]
    assert [desert.named for desert in result.deserts] == [True, True, False, False]
    joined = judged(world, *rules, desert=replace(test, link_m=2250.0))
    assert joined.desert.tolist() == [0, 0, 1, 2]
    assert joined.deserts[0].people == (160.0, 20.0)
    assert set(joined.deserts[0].missing) == {"medical", "culture"}


def test_assess__memory_changes_nothing() -> None:
    memory = Memory()
    world = line_world()
    rules = (rule("car"), rule("road", metric="length", bound=500.0), rule("walk", mode="walk"))
    once = judged(world, *rules, memory=memory)
    again = judged(world, *rules, memory=memory)
    fresh = judged(world, *rules)
    for key, verdict in fresh.verdicts.items():
        for other in (once.verdicts[key], again.verdicts[key]):
            assert np.array_equal(verdict.seconds, other.seconds)
            assert np.array_equal(verdict.metres, other.metres)
            assert np.array_equal(verdict.facility, other.facility)


def test_assess__nobody_nothing_nowhere() -> None:
    world = line_world()
    empty = replace(world, demand=world.demand.take(np.zeros(0, np.int64)), facilities=Facilities.empty(["clinic"]))
    test = DesertTest({"medical": ("car",)}, at_least=1)
    result = judged(empty, rule("car"), desert=test)
    assert len(result.verdicts["car"].seconds) == 0
    assert result.deserts == ()


def test_assess__a_cell_that_could_not_be_spread_stays_as_coarse_as_it_was() -> None:
    # a, b were spread to 50 m; the islet's point still stands for a 1 km cell (half-diagonal 707 m)
    world = line_world()
    demand = replace(world.demand, cell_m=50.0, sides_m=np.array([50.0, 50, 50, 1000]))
    islet = replace(world.facilities, x_m=np.array([1500.0, 900]), y_m=np.array([-50.0, 5000]))
    world = replace(world, demand=demand, facilities=islet)
    result = judged(
        world,
        rule("near", mode="walk", metric="length", bound=500.0),  # 400 m along the road, but 500 m < 707 m
        rule("far", mode="walk", metric="length", bound=1250.0),  # 850 m inside the bound, 1.3 · 707 = 919 m: uncertain
        rule("car", bound=220.0),  # 40 + 180 s: exactly on the bound
    )
    near, far, car = (result.verdicts[key] for key in ("near", "far", "car"))
    assert Reason(near.reason[3]) is Reason.NOT_ASSESSED
    assert near.metres[3] == pytest.approx(400)
    assert np.isnan(near.depth[3])
    assert Reason(far.reason[3]) is Reason.MET
    assert far.uncertain.tolist() == [True, False, False, True]  # a: 1,250 m, on the bound
    assert Reason(car.reason[3]) is Reason.MET
    assert car.uncertain[3]
    assert any("near: not assessed for <10 people" in warning for warning in result.warnings)
    assert result.deficits[3] == 0


def test_assess__the_second_nearest_and_slower_roads() -> None:
    result = judged(line_world(), rule("second", nearest=2), rule("third", nearest=3), rule("slow", speed_share=0.5))
    # a: the second clinic stands at 3,000 m: 30 + 275 + 180 s; b: at 1,500 m: 100 + 50 + 180 s
    assert result.verdicts["second"].seconds[:2].tolist() == pytest.approx([485, 330])
    assert result.verdicts["second"].facility[:2].tolist() == [1, 0]
    assert Reason(result.verdicts["third"].reason[0]) is Reason.NO_FACILITY
    # a: the road takes 250 s instead of 125 s, the walks and the parking stay
    assert result.verdicts["slow"].seconds[:2].tolist() == pytest.approx([30 + 250 + 50 + 180, 100 + 180])


def test_assess__an_official_reading_takes_the_shortest_way() -> None:
    reads = (
        Convention("36 km/h", speed_mps=10.0),
        Convention("half", speed_share=0.5),
        Convention("mean", area_mean=True),
    )
    result = judged(line_world(), rule("car", bound=124.0, official=reads))
    by_road, slow, mean = result.official["car"]
    # a: 1,250 m at 10 m/s are 125 s, b: 500 m are 50 s; the modelled times of 385 and 230 s are both beyond 124 s
    assert (by_road.value[:2].tolist(), by_road.met.tolist()) == ([1250, 500], [False, True, False, False])
    assert slow.value[:2].tolist() == pytest.approx([510, 280])
    assert mean.value is result.verdicts["car"].seconds
    assert not result.verdicts["car"].met.any()


def test_assess__cells_too_coarse_keep_their_minutes_without_a_verdict() -> None:
    world = line_world()
    coarse = replace(world, demand=replace(world.demand, cell_m=1000.0, cells=True))
    result = judged(coarse, rule("near", mode="walk", bound=500.0))
    verdict = result.verdicts["near"]
    assert [Reason(code).name for code in verdict.reason] == ["NOT_ASSESSED"] * 4
    assert verdict.seconds[:2].tolist() == pytest.approx([30 + 1250 + 50, 500])
    assert (verdict.facility[:2].tolist(), np.isnan(verdict.depth).all()) == ([0, 1], True)
    assert any("cannot judge a bound" in warning for warning in result.warnings)
