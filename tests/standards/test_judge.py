"""Verdicts at the edges: reasons, bounds, cells, borders, access walks, strange demand."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lifezone.access import NearestTrip, coverage
from lifezone.errors import InputError
from lifezone.model import Access, Reason, Requirement
from lifezone.standards import effective_group, has_source, judge, not_assessed, refusal
from tests.standards.making import CAR, WALK, demand, trip, verdict

CLINIC = Requirement("clinic", ("clinic",), "car", 900.0)
POND = Requirement("library", ("public_library",), "walk", 1000.0, metric="length")
NOWHERE = np.zeros(4, np.bool_)
FOUR = demand({"total": [10, 10, 10, 0]})


def names(verdicts: object) -> list[str]:
    return [Reason(code).name for code in verdicts.reason]  # type: ignore[attr-defined]


def test_judge__tells_each_reason() -> None:
    off = np.array([False, False, True, False])
    found = judge(CLINIC, trip([15, np.inf, 3, 3]), FOUR, access=CAR, off_network=off)
    assert names(found) == ["MET", "UNREACHABLE", "OFF_NETWORK", "NOT_JUDGED"]
    assert found.seconds.tolist() == [900, np.inf, np.inf, 180]  # minutes also where nobody is judged
    assert found.facility.tolist() == [0, -1, -1, 0]
    np.testing.assert_array_equal(found.depth, [0, 1, 1, np.nan])
    assert names(verdict(CLINIC, FOUR, [15.01] * 4))[0] == "TOO_FAR"


def test_judge__a_source_without_rows_is_unmet_and_no_source_not_assessed() -> None:
    closed = judge(CLINIC, NearestTrip.none(4), FOUR, access=CAR, off_network=NOWHERE, has_open=False)
    assert names(closed) == ["NO_FACILITY"] * 3 + ["NOT_JUDGED"]
    assert closed.judged.tolist() == [True, True, True, False]
    unknown = judge(CLINIC, NearestTrip.none(4), FOUR, access=CAR, off_network=NOWHERE, has_source=False)
    assert names(unknown) == ["NOT_ASSESSED"] * 4
    assert np.isnan(unknown.seconds).all()
    assert not unknown.judged.any()
    assert names(verdict(replace(CLINIC, bound=None), FOUR, [1] * 4)) == ["NOT_ASSESSED"] * 4
    assert len(not_assessed(0).reason) == 0


def test_judge__bound_is_inclusive_within_rounding() -> None:
    found = verdict(CLINIC, FOUR, [15, 15 * (1 + 1e-10), 15 * (1 + 1e-8), 0])
    assert found.met.tolist() == [True, True, False, False]
    assert found.depth[1] == 0


def test_judge__a_bound_in_metres_looks_at_the_road_alone() -> None:
    walks = trip([99, 99, 99, 1], metres=[1000, 1000.1, 400, 1], access_m=300)
    found = judge(POND, walks, FOUR, access=WALK, off_network=NOWHERE)
    assert found.met.tolist() == [True, False, True, False]
    assert found.hangs_on_access.tolist() == [True, False, False, False]  # 1000 + 300 m would be too far


def test_judge__hangs_on_access_when_the_walks_alone_are_too_much() -> None:
    # 300 m at 3 km/h are 6 min: 20 min are 14 without them, 22 are 16
    found = judge(CLINIC, trip([20, 22, 14, 20], access_m=300), FOUR, access=CAR, off_network=NOWHERE)
    assert found.hangs_on_access.tolist() == [True, False, False, False]


def test_judge__certifies_what_no_trip_beyond_the_roads_can_beat() -> None:
    border = np.array([900.0, 899.0, np.inf, 10.0])
    found = judge(CLINIC, trip([15, 15, np.inf, 5]), FOUR, access=CAR, off_network=NOWHERE, border=border)
    assert found.certified.tolist() == [True, False, True, False]
    assert verdict(CLINIC, FOUR, [15] * 4).certified.all()


def test_judge__uncertain_uses_the_speed_of_the_trip() -> None:
    # 100 m cells: 1.3·h = 91.92 m. 10 m/s on the network after 3 min terminal time: 9.19 s around 900 s
    cells = demand({"total": [1, 1, 1, 1]}, cell_m=100.0, cells=True)
    minutes = np.array([900 - 9.1, 900 - 9.3, 900 + 9.1, 900 + 9.3]) / 60
    seconds = 60 * minutes
    trips = trip(minutes, metres=10 * (seconds - 180))
    found = judge(CLINIC, trips, cells, access=CAR, off_network=NOWHERE)
    assert found.uncertain.tolist() == [True, False, True, False]
    assert not judge(CLINIC, trips, FOUR, access=CAR, off_network=NOWHERE).uncertain.any()  # true points are sure


def test_judge__uncertain_of_a_trip_that_never_moves_takes_the_speed_of_the_others() -> None:
    cells = demand({"total": [1, 1]}, cell_m=100.0)
    off = np.zeros(2, np.bool_)
    trips = NearestTrip(np.zeros(2, np.int32), np.array([895.0, 480.0]), np.array([0.0, 3000.0]), np.zeros(2))
    assert judge(CLINIC, trips, cells, access=CAR, off_network=off).uncertain.tolist() == [True, False]
    still = NearestTrip(np.zeros(2, np.int32), np.array([895.0, 180.0]), np.zeros(2), np.zeros(2))
    assert judge(CLINIC, still, cells, access=CAR, off_network=off).uncertain.tolist() == [True, False]


def test_judge__unreachable_is_not_uncertain_and_nobody_is_not_uncertain() -> None:
    cells = demand({"total": [1, 0, 1]}, cell_m=10_000.0)
    assert verdict(CLINIC, cells, [np.inf, 15, 15]).uncertain.tolist() == [False, False, True]


def test_judge__metres_that_a_table_does_not_give_are_not_assessed() -> None:
    trips = trip([1, 1, 1, 1], metres=[np.nan, 5, 5, 5])
    found = judge(POND, trips, FOUR, access=WALK, off_network=NOWHERE)
    assert names(found) == ["NOT_ASSESSED", "MET", "MET", "NOT_JUDGED"]
    assert np.isnan(found.depth[0])


def test_judge__a_group_without_people_judges_nobody() -> None:
    people = demand({"total": [10, 10], "age_0_6": [0, 0]})
    found = verdict(replace(CLINIC, group="age_0_6"), people, [99, 1])
    assert names(found) == ["NOT_JUDGED"] * 2


def test_judge__no_points_at_all() -> None:
    found = verdict(CLINIC, demand({"total": []}), [])
    assert len(found.reason) == 0


def test_demand__nan_people_are_refused() -> None:
    with pytest.raises(InputError, match="0 or more and finite"):
        demand({"total": [np.nan]})


def test_effective_group__falls_back_to_everybody_with_a_warning() -> None:
    people = demand({"total": [10]})
    old = replace(CLINIC, id="senior_hall", group="age_65_plus")
    group, warning = effective_group(old, people)
    assert group == "total"
    assert warning is not None
    assert "senior_hall" in warning
    assert "'age_65_plus'" in warning
    assert effective_group(CLINIC, people) == ("total", None)
    assert names(verdict(old, people, [99])) == ["TOO_FAR"]


def test_has_source__any_needs_one_kind_and_all_needs_each() -> None:
    both = replace(CLINIC, kinds=("elementary_school", "middle_school"))
    assert has_source(both, ["elementary_school"])
    assert not has_source(replace(both, match="all"), ["elementary_school"])
    assert has_source(replace(both, match="all"), ["middle_school", "elementary_school"])
    assert not has_source(both, ["clinic"])


def test_refusal__a_1_km_cell_cannot_judge_a_500_m_walk() -> None:
    cells = demand({"total": [1]}, cell_m=1000.0, cells=True)
    said = refusal(replace(POND, bound=500.0), cells, 3 / 3.6)
    assert said is not None
    assert "half-diagonal 707 m" in said
    assert "500 m" in said
    ten_minutes = Requirement("retail", ("retail",), "walk", 600.0)  # 500 m at 3 km/h
    assert refusal(ten_minutes, cells, 3 / 3.6) is not None
    assert refusal(ten_minutes, cells, 5 / 3.6) is None  # 833 m
    assert refusal(replace(POND, bound=707.2), cells, 1) is None
    assert refusal(replace(POND, mode="car", bound=700.0), cells, 1) is not None
    assert refusal(CLINIC, cells, 1) is None  # minutes by car
    assert refusal(ten_minutes, demand({"total": [1]}), 3 / 3.6) is None  # true points
    assert refusal(replace(POND, bound=None), cells, 1) is None


@given(
    st.lists(st.tuples(st.floats(0, 200), st.floats(0, 1), st.floats(0, 1000)), min_size=1, max_size=30),
    st.floats(1, 120),
)
def test_judge__more_supply_never_lowers_coverage(points: list[tuple[float, float, float]], bound_min: float) -> None:
    minutes, factor, people = (np.array(column) for column in zip(*points, strict=True))
    where = demand({"total": people})
    rule = replace(CLINIC, bound=60 * bound_min)
    before, after = verdict(rule, where, minutes), verdict(rule, where, minutes * factor)
    shares = [coverage(v.met, v.uncertain, v.judged, where.total).covered for v in (before, after)]
    assert shares[0] <= shares[1] * (1 + 1e-12)
    assert (after.met | ~before.met).all()


def test_judge__is_quick_for_a_million_points() -> None:
    n = 1_000_000
    many = demand({"total": np.ones(n)}, cell_m=100.0)  # type: ignore[arg-type]
    seconds = np.linspace(0, 3600, n)
    trips = NearestTrip(np.zeros(n, np.int32), seconds, seconds * 10, np.zeros(n))
    found = judge(CLINIC, trips, many, access=Access(500, 1.0), off_network=np.zeros(n, np.bool_))
    assert found.met.sum() == 250_000


def test_judge__takes_columns_of_trips_as_they_are_where_nothing_changes() -> None:
    rule = Requirement(id="r", kinds=("clinic",), mode="car", bound=900.0)
    people, near = demand({"total": [1.0, 1.0]}), trip([1.0, np.inf])
    told = judge(rule, near, people, access=CAR, off_network=np.zeros(2, np.bool_))
    assert told.seconds is near.seconds
    assert told.bound.tolist() == [900.0, 900.0]
    off = judge(rule, near, people, access=CAR, off_network=np.array([True, False]))
    assert off.seconds.tolist() == [np.inf, np.inf]
    assert off.facility.tolist() == [-1, -1]
    assert near.seconds[0] == 60.0  # arguments stay as they were
