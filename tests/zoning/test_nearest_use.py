"""Lists of the nearest few, filled again when they run out, give what whole lists give."""

from __future__ import annotations

import numpy as np
import pytest

from lifezone.zoning.choices import Choices
from lifezone.zoning.minimum import merge_small
from lifezone.zoning.nearest import NearestUse

REACH = 30.0


def choices(cost, alive, most=None):
    """Rows of the centres that stand within the reach, the nearest ``most`` where given."""
    rows, cut = [], np.zeros(len(cost), np.bool_)
    for p, row in enumerate(cost):
        near = [j for j in np.lexsort((np.arange(len(row)), row)) if alive[j] and row[j] <= REACH]
        cut[p] = most is not None and len(near) >= most
        rows.append(near[:most])
    first = np.concatenate([[0], np.cumsum([len(row) for row in rows])])
    centre = np.array([j for row in rows for j in row], np.int32)
    point = np.repeat(np.arange(len(cost)), np.diff(first))
    return Choices(first, centre, cost[point, centre], centre.copy(), cost.shape[1], cut if most else None)


@pytest.mark.parametrize("seed", range(8))
@pytest.mark.parametrize("most", [1, 2, 4])
def test_nearest_use__short_lists_filled_again_are_as_good_as_whole_ones(seed, most) -> None:
    rng = np.random.default_rng(seed)
    n, m = 80, 10
    cost = rng.integers(1, 60, (n, m)).astype(float)
    weight = rng.integers(0, 50, n).astype(float)
    everything = np.ones(m, np.bool_)
    asked = []

    def refill(alive):
        asked.append(alive.sum())
        return choices(cost, alive, most)

    ids = [f"c{j}" for j in range(m)]
    protected = np.arange(m) == 3
    whole = merge_small(NearestUse(choices(cost, everything), weight), 400, protected, weight, 0.9, ids)
    short = merge_small(NearestUse(refill(everything), weight, refill), 400, protected, weight, 0.9, ids)
    assert short[2] == whole[2]
    for name in ("label", "cost", "facility", "users"):
        assert np.array_equal(getattr(short[0], name), getattr(whole[0], name))
    assert len(asked) > 1 or not whole[2]


def test_nearest_use__a_centre_that_stands_again_is_used_again() -> None:
    cost = np.array([[1.0, 2.0], [5.0, 3.0]])
    use = NearestUse(choices(cost, np.ones(2, np.bool_)), np.ones(2))
    assert use.assign(np.array([False, True])).label.tolist() == [1, 1]
    assert use.assign(np.array([True, True])).label.tolist() == [0, 1]
    assert use.assign(np.array([True, False])).label.tolist() == [0, 0]
