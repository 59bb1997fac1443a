"""Places by nearness (D8): by hand, against the slow twin, against the largest flow of scipy, and as properties."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse import csr_array
from scipy.sparse.csgraph import maximum_flow

from lifezone.access import serve
from lifezone.model import TravelTimes
from tests import naive


def times(n_points: int, pairs: list[tuple[float, int, int]]) -> TravelTimes:
    """Trips from (seconds, point, facility)."""
    pairs = sorted(pairs, key=lambda one: (one[1], one[0], one[2]))
    first = np.concatenate([[0], np.cumsum(np.bincount([p for _, p, _ in pairs], minlength=n_points))])
    seconds = np.array([s for s, _, _ in pairs], float)
    facility = np.array([f for _, _, f in pairs], np.int32)
    return TravelTimes(first.astype(np.int64), facility, seconds, seconds, seconds, "time", "car")


@st.composite
def towns(draw):
    n_points, n_facilities = draw(st.integers(1, 7)), draw(st.integers(1, 4))
    pairs = draw(
        st.dictionaries(
            st.tuples(st.integers(0, n_points - 1), st.integers(0, n_facilities - 1)), st.integers(1, 9), max_size=20
        )
    )
    seekers = draw(st.lists(st.integers(0, 30), min_size=n_points, max_size=n_points))
    places = draw(st.lists(st.integers(0, 40), min_size=n_facilities, max_size=n_facilities))
    return [(float(s), p, f) for (p, f), s in pairs.items()], seekers, places


def test_serve__the_nearest_take_the_places_and_the_others_go_on_or_stay_without() -> None:
    # school A has 60 places, B 20. a: 50 children, 5 min to A; b: 30, 8 min to A and 12 to B; c: 10, 9 min to B.
    # A takes 50 of a and 10 of b; B takes 10 of c, then 10 of b; 10 of b stay without.
    pairs = [(5.0, 0, 0), (8.0, 1, 0), (12.0, 1, 1), (9.0, 2, 1)]
    served, in_reach = serve(times(4, pairs), np.array([50.0, 30, 10, 7]), np.array([60.0, 20]))
    assert served.tolist() == [50, 20, 10, 0]
    assert in_reach.tolist() == [True, True, True, False]


def test_serve__an_unknown_capacity_takes_everybody_and_a_tie_goes_to_the_first() -> None:
    pairs = [(5.0, 0, 0), (5.0, 1, 0), (6.0, 1, 1)]
    assert serve(times(2, pairs), np.array([8.0, 9]), np.array([10.0, np.inf]))[0].tolist() == [8, 9]
    assert serve(times(2, pairs[:2]), np.array([8.0, 9]), np.array([10.0]))[0].tolist() == [8, 2]


@settings(max_examples=60, deadline=None)
@given(towns(), st.integers(0, 3), st.integers(1, 20))
def test_serve__agrees_with_its_twin_and_never_takes_a_place_away(town, where, more) -> None:
    pairs, seekers, places = town
    found, in_reach = serve(times(len(seekers), pairs), np.array(seekers, float), np.array(places, float))
    assert found.tolist() == pytest.approx(naive.served(pairs, seekers, places))
    assert (found <= seekers).all()
    assert (found[~in_reach] == 0).all()
    by_facility = {f for _, _, f in pairs}
    assert found.sum() <= sum(places[f] for f in by_facility) + 1e-9
    wider = list(places)
    wider[where % len(places)] += more
    after, _ = serve(times(len(seekers), pairs), np.array(seekers, float), np.array(wider, float))
    assert (after >= found - 1e-9).all()


@settings(max_examples=40, deadline=None)
@given(towns())
def test_serve__serves_at_least_half_of_the_most_that_could_be_and_never_more(town) -> None:
    # an assignment to which no pair can be added serves at least half of the largest one
    pairs, seekers, places = town
    n, m = len(seekers), len(places)
    graph = np.zeros((n + m + 2, n + m + 2), np.int32)
    graph[0, 1 : n + 1] = seekers
    graph[n + 1 : n + m + 1, n + m + 1] = places
    for _, p, f in pairs:
        graph[1 + p, n + 1 + f] = 1000
    most = maximum_flow(csr_array(graph), 0, n + m + 1).flow_value
    found = serve(times(n, pairs), np.array(seekers, float), np.array(places, float))[0].sum()
    assert most / 2 - 1e-9 <= found <= most + 1e-9
