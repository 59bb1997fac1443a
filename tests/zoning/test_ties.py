"""Reciprocal ties: the worked example of D11 and properties."""

from __future__ import annotations

import numpy as np
import pytest

from lifezone.zoning.ties import composite, reciprocal_ties, reciprocity, service_shares, service_ties

FLOW = np.array(
    [
        [900, 40, 20, 10, 30],
        [300, 600, 50, 0, 50],
        [120, 60, 800, 0, 20],
        [60, 0, 20, 920, 0],
        [20, 10, 10, 0, 960],
    ],
    dtype=float,
)
A, B, C, D, E = range(5)


def tie(a, b, flow=FLOW):
    return next(one for one in reciprocal_ties(flow) if (one.a, one.b) == (a, b))


def test_example_of_d11__a_and_b():
    found = tie(A, B)
    assert (round(found.balance, 3), round(found.strength, 4)) == (0.235, 0.0665)
    assert (found.name, found.depends) == ("dependent", B)


def test_example_of_d11__b_and_c():
    found = tie(B, C)
    assert (round(found.balance, 3), round(found.strength, 5)) == (0.909, 0.00785)
    assert (found.name, found.depends) == ("reciprocal", -1)


def test_example_of_d11__a_and_e():
    found = tie(A, E)
    assert (found.balance, round(found.strength, 4), found.name) == (0.8, 0.0011, "reciprocal")


def test_example_of_d11__too_little_is_weak():
    assert (round(tie(C, E).balance, 3), tie(C, E).share_ba, tie(C, E).name) == (0.667, 0.01, "weak")
    assert (tie(C, D).balance, tie(C, D).name) == (0.0, "weak")


def test_example_of_d11__map_wide():
    assert reciprocity(FLOW) == pytest.approx(320 / 820)


def test_a_renamed_map__has_the_same_ties():
    order = np.random.default_rng(1).permutation(5)
    shuffled = FLOW[np.ix_(order, order)]
    names = {frozenset((one.a, one.b)): (one.name, one.strength) for one in reciprocal_ties(FLOW)}
    for one in reciprocal_ties(shuffled):
        name, strength = names[frozenset(order[[one.a, one.b]].tolist())]
        assert (one.name, one.strength) == (name, pytest.approx(strength))
        if one.depends >= 0:
            assert order[one.depends] == tie(*sorted(order[[one.a, one.b]].tolist())).depends


def test_symmetric_flows__are_fully_reciprocal():
    flow = FLOW + FLOW.T
    assert reciprocity(flow) == 1.0
    assert all(one.balance == 1.0 for one in reciprocal_ties(flow))


def test_nobody_moves__no_ties_and_no_number():
    assert reciprocal_ties(np.diag([5.0, 7.0])) == ()
    assert np.isnan(reciprocity(np.diag([5.0, 7.0])))


def test_a_district_where_nobody_lives__gets_no_share():
    flow = np.array([[90.0, 10.0], [0.0, 0.0]])
    found = tie(0, 1, flow)
    assert np.isnan(found.share_ba)
    assert (found.name, found.depends) == ("dependent", 0)


def test_services__complementary_only_in_different_functions():
    medical = np.array([[0.7, 0.3], [0.0, 1.0]])
    shopping = np.array([[1.0, 0.0], [0.25, 0.75]])
    found = service_ties({"medical": medical, "shopping": shopping})
    assert len(found) == 1
    assert found[0].complementary
    assert found[0].reciprocity == pytest.approx(2 * 0.25 / 0.55)
    one_way = service_ties({"medical": medical, "shopping": np.eye(2)})[0]
    assert not one_way.complementary
    levels = service_ties({"medical": medical, "shopping": shopping}, {"medical": "care", "shopping": "care"})[0]
    assert not levels.complementary  # two levels of one function
    same = service_ties({"medical": np.array([[0.5, 0.5], [0.5, 0.5]])})[0]
    assert not same.complementary  # each the other's in one and the same function: nobody complements anybody
    assert service_ties({}) == ()


def test_service_shares__count_people_and_those_nobody_serves():
    district = np.array([0, 0, 1, 1, -1])
    served_in = np.array([0, 1, 1, -1, 0])
    people = np.array([30.0, 10.0, 6.0, 2.0, 99.0])
    assert service_shares(district, served_in, people, 3) == pytest.approx(
        np.array([[0.75, 0.25, 0], [0, 0.75, 0], [np.nan] * 3]), nan_ok=True
    )


def test_composite__only_of_the_parts_that_are_weighed():
    service = service_ties({"medical": np.array([[0.7, 0.3], [0.1, 0.9]])})[0]
    assert composite(tie(A, B), service, {"balance": 1.0}) == tie(A, B).balance
    assert composite(tie(A, B), None, {"service": 2.0}) == 0.0
    assert composite(tie(A, B), service, {"balance": 1, "service": 3}) == pytest.approx(
        (tie(A, B).balance + 3 * service.reciprocity) / 4
    )
