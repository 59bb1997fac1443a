from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import percentileofscore, rankdata

from lifezone.monitor.ranks import rank_changes, ranked


def test_ranked__ties_share_a_rank_and_the_next_is_left_out():
    found = ranked(np.array([9.0, 7.0, 7.0, 3.0]))
    assert found.rank.tolist() == [1, 2, 2, 4]
    assert found.ties.tolist() == [0, 1, 1, 0]
    assert found.percentile.tolist() == [87.5, 50.0, 50.0, 12.5]  # (3 + ½)/4, (1 + 1)/4, (0 + ½)/4


def test_ranked__lower_is_better():
    assert ranked(np.array([9.0, 7.0, 7.0, 3.0]), better="less").rank.tolist() == [4, 2, 2, 1]


def test_ranked__none_stands_apart():
    found = ranked(np.array([np.nan, 2.0, 1.0, np.nan]))
    assert found.rank.tolist() == [0, 1, 2, 0]
    assert found.of.tolist() == [0, 2, 2, 0]
    assert np.isnan(found.percentile[[0, 3]]).all()


def test_ranked__as_scipy():
    random = np.random.default_rng(3)
    value = random.integers(0, 20, 100).astype(float)
    found = ranked(value, better="less")
    assert found.rank.tolist() == rankdata(value, method="min").astype(int).tolist()
    up = ranked(value)
    assert up.percentile == pytest.approx(percentileofscore(value, value, kind="mean"))
    assert up.percentile + found.percentile == pytest.approx(100)


def test_ranked__within_groups():
    found = ranked(np.array([1.0, 2.0, 3.0, 4.0]), group=["si", "gun", "si", "gun"])
    assert found.rank.tolist() == [2, 2, 1, 1]
    assert found.of.tolist() == [2, 2, 2, 2]


def test_ranked__order_of_adding_breaks_no_tie():
    value = np.array([0.1 + 0.2, 0.3, 1e12 + 0.001, 1e12, np.inf, -np.inf, 0.0, -0.0])
    assert ranked(value).rank.tolist() == [4, 4, 2, 2, 1, 8, 6, 6]


@pytest.mark.parametrize("value", [[], [np.nan], [np.nan, np.nan]])
def test_ranked__nobody_to_rank(value):
    found = ranked(np.array(value, dtype=float))
    assert found.rank.tolist() == [0] * len(value)


def test_ranked__one_district_is_the_middle():
    found = ranked(np.array([5.0]))
    assert (found.rank.tolist(), found.percentile.tolist()) == ([1], [50.0])


def test_rank_changes__counts_only_those_with_both_figures():
    # the best of 2024 has no figure in 2025: the others do not climb by that
    places, known = rank_changes(np.array([9.0, 5.0, 4.0, 3.0]), np.array([np.nan, 4.0, 5.0, 3.0]))
    assert known.tolist() == [False, True, True, True]
    assert places[known].tolist() == [-1, 1, 0]


def test_rank_changes__sum_to_nothing_without_ties():
    random = np.random.default_rng(4)
    places, known = rank_changes(random.random(50), random.random(50))
    assert known.all()
    assert places.sum() == 0
