"""Lists of the nearest few, filled again when they run out, give what whole lists give."""

from __future__ import annotations

import numpy as np
import pytest

from lifezone.zoning.assign import nearest_centre
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


class Anew:
    """The nearest centre that stands, looked up for everybody after every drop."""

    def __init__(self, cost, weight):
        self._cost, self._weight = cost, weight

    def assign(self, alive):
        return nearest_centre(choices(self._cost, alive), self._weight)


@pytest.mark.parametrize("seed", range(8))
@pytest.mark.parametrize("most", [None, 1, 3])
def test_nearest_use__step_by_step_is_as_everybody_anew_to_the_last_digit(seed, most) -> None:
    rng = np.random.default_rng(seed)
    n, m = 300, 25
    cost = rng.integers(1, 25 if seed % 2 else 60, (n, m)).astype(float)  # ties, and people whom nothing reaches
    weight = rng.lognormal(1.0, 1.5, n) * (rng.random(n) < 0.9)
    protected = rng.random(m) < 0.1
    need = float(weight.sum() / m * rng.choice([1.2, 3.0, 50.0]))
    ids = [f"c{j:02}" for j in range(m)]
    everything = np.ones(m, np.bool_)

    def refill(rows, alive):
        return choices(cost[rows], alive, most)

    use = NearestUse(choices(cost, everything, most), weight, refill if most else None)
    quick = merge_small(use, need, protected, weight, 0.7, ids)
    slow = merge_small(Anew(cost, weight), need, protected, weight, 0.7, ids)
    assert quick[2] == slow[2]
    assert len(slow[2]) >= 5
    assert np.array_equal(quick[1], slow[1])
    standing = use.assign(slow[1])  # asked at once, after all
    for name in ("label", "cost", "facility", "share", "users"):
        assert np.array_equal(getattr(quick[0], name), getattr(slow[0], name)), name
        assert np.array_equal(getattr(standing, name), getattr(slow[0], name)), name


@pytest.mark.parametrize("seed", range(8))
@pytest.mark.parametrize("most", [1, 2, 4])
def test_nearest_use__short_lists_filled_again_are_as_good_as_whole_ones(seed, most) -> None:
    rng = np.random.default_rng(seed)
    n, m = 80, 10
    cost = rng.integers(1, 60, (n, m)).astype(float)
    weight = rng.integers(0, 50, n).astype(float)
    everything = np.ones(m, np.bool_)
    asked = []

    def refill(rows, alive):
        asked.append(len(rows))
        return choices(cost[rows], alive, most)

    ids = [f"c{j}" for j in range(m)]
    protected = np.arange(m) == 3
    whole = merge_small(NearestUse(choices(cost, everything), weight), 400, protected, weight, 0.9, ids)
    short = merge_small(NearestUse(choices(cost, everything, most), weight, refill), 400, protected, weight, 0.9, ids)
    assert short[2] == whole[2]
    for name in ("label", "cost", "facility", "users"):
        assert np.array_equal(getattr(short[0], name), getattr(whole[0], name))
    assert asked or not whole[2]
    assert all(n < len(cost) for n in asked)  # only those who need it are asked again


def test_nearest_use__a_centre_that_stands_again_is_used_again() -> None:
    cost = np.array([[1.0, 2.0], [5.0, 3.0]])
    use = NearestUse(choices(cost, np.ones(2, np.bool_)), np.ones(2))
    assert use.assign(np.array([False, True])).label.tolist() == [1, 1]
    assert use.assign(np.array([True, True])).label.tolist() == [0, 1]
    assert use.assign(np.array([True, False])).label.tolist() == [0, 0]
