"""Sweeps over a hierarchy on roads with turn rules against the exact search."""

from __future__ import annotations

import numpy as np
import pytest

from lifezone.model import Access
from lifezone.routing import ModeRoads, nearest, nearest_of_kinds
from tests.routing.networks import random_network
from tests.routing.test_swept import prepared_by
from tests.routing.test_turns import points
from tests.routing.turning import with_rules

ACCESS = Access(np.inf, 1.0, 0.0)


@pytest.mark.parametrize("metric", ["time", "length"])
@pytest.mark.parametrize("costs", [{}, {"left_s": 7.5, "right_s": 2.0, "u_turn_s": 20.0}])
def test_sweeps__find_what_the_exact_search_finds_where_turns_are_ruled(metric, costs):
    network = with_rules(random_network(31, 8), 31, **costs)
    roads = ModeRoads.build(network, "car", ACCESS)
    demand, facilities = roads.hang(points(network, 1, 60)), roads.hang(points(network, 2, 9))
    prepared = prepared_by(roads, metric)
    kinds = [(facilities.take(np.arange(k, 9, 3)), np.arange(k, 9, 3, dtype=np.int32)) for k in range(3)]
    for found, (supply, positions) in zip(nearest_of_kinds(prepared, demand, kinds), kinds, strict=True):
        exact = nearest(roads, demand, supply, positions, metric=metric)
        for mine, theirs in zip(found.nearest()[1:3], exact.nearest()[1:3], strict=True):
            assert np.array_equal(np.isfinite(mine), np.isfinite(theirs))
        column = 1 if metric == "time" else 2
        mine, theirs = found.nearest()[column], exact.nearest()[column]
        reached = np.isfinite(mine)
        assert np.all(mine[reached] - theirs[reached] <= prepared.drift.within_each(theirs[reached]) + 1e-6)
        assert np.all(mine[reached] >= theirs[reached] - 1e-6)
