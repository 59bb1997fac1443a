"""People who reach by car but not on foot, worked by hand."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from lifezone.model import Assessment, Facilities, Requirement, Standard, Variant
from lifezone.standards import judge
from lifezone.standards.judge import not_assessed
from lifezone.standards.without_car import by_mode_standard, paired, without_car_rows
from tests.standards import making

RULE = Requirement(id="clinic", kinds=("clinic",), mode="car", bound=900.0)


def world_variant(walk: list[float] | None) -> Variant:
    """Four points of 10, 20, 40 and 80 people; by car 5, 20, 10, 99 minutes, on foot as given; the bound is 15."""
    people = making.demand({"total": [10, 20, 40, 80], "old": [1, 2, 4, 0]})
    both = by_mode_standard(Standard("s", (RULE,)))
    n = people.n_points
    verdicts = {
        rule.id: not_assessed(n)
        if minutes is None
        else judge(rule, making.trip(minutes), people, access=making.WALK, off_network=np.zeros(n, bool))
        for rule, minutes in zip(both.requirements, ([5, 20, 10, 99], walk), strict=True)
    }
    assessment = Assessment(both, verdicts, np.zeros(n, np.int32), np.zeros((n, 0), bool), np.full(n, -1), ())
    variant = making.variant(people, {"clinic": verdicts["clinic:car"]}, (RULE,))
    return replace(variant, by_mode=paired(assessment))


def test_without_car__counts_who_reaches_one_way_alone() -> None:
    total, old = without_car_rows(world_variant([10, 12, 16, 99]))
    # by car within 15: 10 + 40; on foot: 10 + 20; both 10; car alone 40; foot alone 20; neither 80
    assert (total.judged, total.by_car, total.on_foot) == (150, 50, 30)
    assert (total.both, total.car_only, total.foot_only, total.neither) == (10, 40, 20, 80)
    assert (old.group, old.people, old.car_only, old.neither) == ("old", 7, 4, 0)


def test_without_car__a_way_that_is_not_assessed_gives_no_figure() -> None:
    row = without_car_rows(world_variant(None))[0]
    assert (row.judged, row.by_car, row.car_only) == (0, None, None)


def test_without_car__judges_what_can_be_done_both_ways() -> None:
    rules = (
        RULE,
        replace(RULE, id="ambulance", direction="from_facility"),
        replace(RULE, id="bus", mode="transit"),
        replace(RULE, id="listed", bound=None),
        replace(RULE, id="park", mode="walk", bound=500.0, metric="length"),
    )
    found = by_mode_standard(Standard("s", rules)).requirements
    assert [rule.id for rule in found] == ["clinic:car", "clinic:walk", "park:car", "park:walk"]
    assert [rule.mode for rule in found] == ["car", "walk", "car", "walk"]


def test_least_capacity__leaves_out_small_and_unknown_ones() -> None:
    n = 4
    text = np.array([""] * n, dtype=object)
    stops = Facilities(
        ids=np.array(list("abcd"), dtype=object), x_m=np.zeros(n), y_m=np.zeros(n), kind=np.zeros(n, np.int32),
        kinds=("bus_stop",), name=text, capacity=np.array([2.0, 3.0, np.nan, 9.0]), cost=np.full(n, np.nan),
        open=np.array([True, True, True, False]), hours=text,
    )  # fmt: skip
    assert stops.open_of(["bus_stop"], 3).tolist() == [1]
    assert stops.open_of(["bus_stop"]).tolist() == [0, 1, 2]
