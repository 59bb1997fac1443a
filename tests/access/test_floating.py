"""Floating catchments and closures: published toys, PySAL's closed forms, slow twins, conservation."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lifezone.access import floating_catchment, only_here
from tests import naive
from tests.access.test_served import times, towns


@settings(max_examples=60, deadline=None)
@given(towns(), st.integers(0, 3))
def test_floating__agrees_with_its_twin_conserves_supply_and_never_falls_with_more(town, where) -> None:
    pairs, people, supply = town
    zones = [(3.0, 1.0), (6.0, 0.68), (8.0, 0.22)]
    ask = times(len(people), pairs)
    found = floating_catchment(ask, np.array(people, float), np.array(supply, float), zones)
    assert found.tolist() == pytest.approx(naive.floating_catchment(pairs, people, supply, zones))
    reached = {f for s, p, f in pairs if s <= 8 and people[p] > 0}
    assert float(found @ np.array(people, float)) == pytest.approx(sum(supply[f] for f in reached))
    more = list(supply)
    more[where % len(supply)] += 5
    assert (floating_catchment(ask, np.array(people, float), np.array(more, float), zones) >= found - 1e-9).all()


def test_floating__of_a_hand_worked_village() -> None:
    # APL-like: doctor 1 gives 5,000 consultations a year. a 1,000 people at 8 min (weight 1), b 600 at 12 min (2/3):
    # shared by 1,000 + 400 = 1,400, so 3.571 a head; a 3.571, b 2/3 of it = 2.381, c 30 min away: 0
    found = floating_catchment(
        times(3, [(480.0, 0, 0), (720.0, 1, 0), (1800.0, 2, 0)]), np.array([1000.0, 600, 50]), np.array([5000.0]),
        [(600.0, 1.0), (900.0, 2 / 3), (1200.0, 1 / 3)],
    )  # fmt: skip
    assert found.tolist() == pytest.approx([5000 / 1400, 5000 / 1400 * 2 / 3, 0])


def test_floating__of_a_single_catchment_is_supply_over_people_everywhere() -> None:
    # REFERENCE 4.1 T4 (tests of PySAL access): an unbounded catchment gives ΣS/ΣP, 25 / 5 = 5 everywhere
    pairs = [(float(abs(p - f)), p, f) for p in range(5) for f in range(3)]
    found = floating_catchment(times(5, pairs), np.ones(5), np.array([5.0, 8, 12]), [(np.inf, 1.0)])
    assert found.tolist() == pytest.approx([5.0] * 5)


def test_floating__unknown_supply_counts_nothing() -> None:
    assert floating_catchment(times(1, [(1.0, 0, 0)]), np.ones(1), np.array([np.nan]), [(9.0, 1.0)]).tolist() == [0]


@settings(max_examples=60, deadline=None)
@given(towns(), st.integers(1, 9))
def test_only_here__agrees_with_its_twin(town, bound) -> None:
    pairs, people, places = town
    found = only_here(times(len(people), pairs), np.array(people, float), float(bound), len(places))
    assert found.tolist() == pytest.approx(naive.only_here(pairs, people, float(bound), len(places)))


def test_only_here__of_two_side_by_side_nobody_depends_on_one_alone() -> None:
    # hospital 0 alone serves the west (6,000 people in 20 min, the next in 45); 1 and 2 stand in one town
    pairs = [(20.0, 0, 0), (45.0, 0, 1), (10.0, 1, 1), (11.0, 1, 2)]
    assert only_here(times(2, pairs), np.array([6000.0, 9000]), 30.0, 3).tolist() == [6000, 0, 0]
