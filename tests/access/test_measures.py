"""Measures against hand-worked sums, numpy on people written out one by one, and properties."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from lifezone.access import (
    NearestTrip,
    combine,
    coverage,
    depth,
    fgt,
    nearest,
    weighted_mean,
    weighted_quantile,
    within,
)
from lifezone.model import TravelTimes

TIMES = st.one_of(st.floats(0, 1e5), st.just(np.inf))


def test_quantile__is_the_smallest_time_that_the_share_reaches() -> None:
    # 3 people at 10, 1 at 20, 4 at 30 min: half of 8 people (4) is reached at 20
    minutes, people = np.array([30.0, 10.0, 20.0]), np.array([4.0, 3.0, 1.0])
    assert weighted_quantile(minutes, people, 0.5) == 20
    assert weighted_quantile(minutes, people, 0.51) == 30
    assert weighted_quantile(minutes, people, 3 / 8) == 10
    assert weighted_quantile(minutes, people, 1.0) == 30
    assert weighted_mean(minutes, people) == pytest.approx((30 + 20 + 120) / 8)


def test_quantile__is_none_when_infinite_while_the_mean_is_over_those_who_reach() -> None:
    minutes, people = np.array([10.0, np.inf]), np.array([1.0, 1.0])
    assert weighted_quantile(minutes, people, 0.5) == 10
    assert weighted_quantile(minutes, people, 0.9) is None
    assert weighted_mean(minutes, people) == 10
    assert weighted_mean(np.array([np.inf]), np.array([5.0])) is None


@pytest.mark.parametrize("people", [[], [0.0, 0.0]])
def test_measures__of_nobody_are_none(people: list[float]) -> None:
    values, weight = np.arange(len(people), dtype=float), np.array(people)
    assert weighted_mean(values, weight) is None
    assert weighted_quantile(values, weight, 0.5) is None
    assert fgt(values, weight, 0) is None
    empty = coverage(values > 0, values > 0, values >= 0, weight)
    assert (empty.share, empty.low, empty.high) == (None, None, None)


def test_quantile__nan_is_not_defined_and_left_out() -> None:
    assert weighted_quantile(np.array([np.nan, 4.0]), np.array([9.0, 1.0]), 0.5) == 4


@given(
    st.lists(st.tuples(st.integers(0, 50), st.integers(0, 6)), min_size=1, max_size=30),
    st.sampled_from([0.1, 0.25, 0.5, 0.75, 0.9, 1.0]),
)
def test_quantile__is_numpys_over_people_one_by_one(pairs: list[tuple[int, int]], share: float) -> None:
    minutes, people = (np.array(column, dtype=float) for column in zip(*pairs, strict=True))
    if people.sum() == 0:
        assert weighted_quantile(minutes, people, share) is None
        return
    one_by_one = np.repeat(minutes, people.astype(int))
    assert weighted_quantile(minutes, people, share) == np.quantile(one_by_one, share, method="inverted_cdf")


def test_fgt__of_the_definition() -> None:
    # D1's villages, medical within 15 min: 22, 18, 16, 5, 30 min for 200, 40, 120, 900, 20 people
    people = np.array([200.0, 40, 120, 900, 20])
    gap = depth(np.array([22.0, 18, 16, 5, 30]), 15)
    assert fgt(gap, people, 0) == pytest.approx(380 / 1280)
    assert fgt(gap, people, 1) == pytest.approx((200 * 7 / 22 + 40 * 3 / 18 + 120 / 16 + 20 / 2) / 1280)
    assert round(fgt(gap, people, 1) or 0, 4) == 0.0686


def test_depth__has_its_ends() -> None:
    np.testing.assert_array_equal(depth(np.array([0.0, 15.0, np.inf, np.nan]), 15), [0, 0, 1, np.nan])
    assert within(np.array([15 * (1 + 1e-12)]), 15).all()
    assert not within(np.array([15.001]), 15).any()


@given(arrays.arrays(float, 20, elements=TIMES), arrays.arrays(float, 20, elements=st.floats(0, 1000)))
def test_fgt0__is_the_share_unmet(times: np.ndarray, people: np.ndarray) -> None:
    met = within(times, 900)
    found = fgt(depth(times, 900), people, 0)
    if people.sum() > 0:
        assert found == pytest.approx(people[~met].sum() / people.sum())
        covered = coverage(met, np.zeros(20, bool), np.ones(20, bool), people)
        assert covered.share == pytest.approx(1 - found)
        assert 0 <= fgt(depth(times, 900), people, 2) <= fgt(depth(times, 900), people, 1) <= found
    else:
        assert found is None


@given(
    arrays.arrays(bool, 12), arrays.arrays(bool, 12), arrays.arrays(bool, 12),
    arrays.arrays(float, 12, elements=st.floats(0, 1e6)),
)  # fmt: skip
def test_coverage__lies_in_its_interval(
    met: np.ndarray, uncertain: np.ndarray, judged: np.ndarray, people: np.ndarray
) -> None:
    found = coverage(met, uncertain, judged, people)
    assert 0 <= found.certain <= found.covered <= found.possible * (1 + 1e-12)
    assert found.possible <= found.judged
    if found.judged > 0:
        assert found.low <= found.share <= found.high * (1 + 1e-12)


def test_combine__all_takes_the_slowest_and_any_the_quickest_whole_trip() -> None:
    near = NearestTrip(np.array([3, 4], np.int32), np.array([60.0, 90]), np.array([900.0, 10]), np.array([1.0, 2]))
    far = NearestTrip(
        np.array([7, -1], np.int32), np.array([80.0, np.inf]), np.array([5.0, np.inf]), np.array([3.0, np.inf])
    )
    both = combine([near, far], "all")
    assert (both.facility.tolist(), both.metres[0], both.access_m[0]) == ([7, -1], 5, 3)
    assert np.isinf(both.seconds[1])
    assert combine([near, far], "any").facility.tolist() == [3, 4]
    assert combine([near, far], "all", metric="length").facility.tolist() == [3, -1]
    assert combine([near], "all").seconds.tolist() == [60, 90]


def test_nearest__is_the_first_of_every_row() -> None:
    ints, floats = np.array([5, 2], np.int32), np.array([1.0, 2.0])
    times = TravelTimes(np.array([0, 0, 2]), ints, floats, floats, floats, "time", "car")
    trip = nearest(times)
    assert trip.facility.tolist() == [-1, 5]
    assert trip.seconds.tolist() == [np.inf, 1]
    assert NearestTrip.none(2).facility.tolist() == [-1, -1]
