from __future__ import annotations

import math
from fractions import Fraction
from itertools import permutations

import numpy as np
import pytest

from lifezone.errors import InputError
from lifezone.monitor.shapley import ratio_parts, shapley, split


def by_orders(worth: list[float], n: int) -> list[float]:
    """Average what each part adds over every order of swapping."""
    found = [0.0] * n
    orders = list(permutations(range(n)))
    for order in orders:
        done = 0
        for part in order:
            found[part] += (worth[done | 1 << part] - worth[done]) / len(orders)
            done |= 1 << part
    return found


def test_shapley__gloves_game():
    # one left glove (0), two right gloves (1, 2): a pair is worth 1; the published value is 2/3, 1/6, 1/6
    worth = [Fraction(int(bool(s & 1 and s & 6))) for s in range(8)]
    assert shapley(worth) == [Fraction(2, 3), Fraction(1, 6), Fraction(1, 6)]


@pytest.mark.parametrize("n", [1, 2, 3, 4])
def test_shapley__is_the_mean_over_all_orders(n):
    random = np.random.default_rng(n)
    worth = random.random(1 << n).tolist()
    assert [float(one) for one in shapley([Fraction(one) for one in worth])] == pytest.approx(by_orders(worth, n))


def test_split__adds_up_to_the_last_digit():
    random = np.random.default_rng(7)
    names = ("people", "facilities", "roads", "standard")
    for digits in (0, 3, 9):
        for _ in range(200):
            found = split((random.random(16) * 10 ** random.integers(0, 4)).tolist(), names, digits=digits)
            unit = 10**digits
            parts = sum(round(part * unit) for part in found.parts.values())
            assert parts == round(found.after * unit) - round(found.before * unit)


def test_split__rounds_each_part_by_less_than_two_units():
    random = np.random.default_rng(8)
    for _ in range(200):
        worth = random.random(16)
        exact = by_orders(worth.tolist(), 4)
        found = split(worth.tolist(), ("a", "b", "c", "d"), digits=3)
        assert np.abs(np.array(list(found.parts.values())) - exact).max() < 0.002


def test_split__a_part_that_changes_nothing_gets_exactly_zero():
    random = np.random.default_rng(9)
    worth = random.random(16)
    for part in range(4):
        same = np.array([worth[s & ~(1 << part)] for s in range(16)])
        found = split(same.tolist(), ("a", "b", "c", "d"))
        assert found.parts["abcd"[part]] == 0.0


def test_split__one_part_that_changes_all_gets_all():
    worth = [0.25 if not s & 2 else 0.75 for s in range(16)]
    assert dict(split(worth, "abcd").parts) == {"a": 0.0, "b": 0.5, "c": 0.0, "d": 0.0}


def test_split__does_not_depend_on_the_order_of_parts():
    worth = np.random.default_rng(10).random(16)
    order = (2, 0, 3, 1)  # bit i of the shuffled game is part order[i]
    shuffled = [worth[sum(1 << order[i] for i in range(4) if s >> i & 1)] for s in range(16)]
    mine = split(worth.tolist(), "abcd", digits=6).parts
    other = split(shuffled, [("abcd")[one] for one in order], digits=6).parts
    assert all(abs(mine[key] - other[key]) <= 1e-6 + 1e-12 for key in "abcd")  # a unit may go to another part
    assert sum(mine.values()) == pytest.approx(sum(other.values()), abs=1e-12)


def test_split__is_symmetric():
    # what a part does depends only on how many were swapped
    worth = [float(s.bit_count() ** 2) for s in range(16)]
    assert set(split(worth, "abcd").parts.values()) == {4.0}


def test_split__is_empty_where_a_world_has_no_figure():
    found = split([0.2, math.nan, 0.3, 0.4], "ab")
    assert not found.is_known
    assert (found.before, found.after) == (0.2, 0.4)


def test_split__refuses_a_wrong_number_of_worlds():
    with pytest.raises(InputError, match="2 parts need 4"):
        split([1.0, 2.0, 3.0], "ab")
    with pytest.raises(InputError, match="power of two"):
        shapley([Fraction(1)] * 3)


def test_split__of_no_parts_is_no_change():
    found = split([0.4], ())
    assert (found.before, found.after, dict(found.parts)) == (0.4, 0.4, {})


def test_ratio_parts__hand_worked():
    # 40/100 → 30/120: numerator ½(30/100 − 40/100 + 30/120 − 40/120) = −.091667, denominator ½(40/120 − 40/100 +
    # 30/120 − 30/100) = −.058333; together .25 − .40 = −.15
    top, bottom = ratio_parts((40, 30), (100, 120))
    assert top == pytest.approx(-0.0916666667)
    assert bottom == pytest.approx(-0.0583333333)
    assert top + bottom == pytest.approx(-0.15)


def test_ratio_parts__nothing_over_zero():
    assert all(math.isnan(part) for part in ratio_parts((1, 2), (0, 5)))
