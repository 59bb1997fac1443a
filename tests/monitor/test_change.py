from __future__ import annotations

import math

import numpy as np
import pytest
from scipy.stats import ttest_1samp, ttest_ind

from lifezone.errors import InputError
from lifezone.monitor.change import FULL_COUNT, Figure, adjusted, changes, evidence, evidence_of_errors


def test_changes__hand_worked():
    found = changes(np.array([0.4, 0.0, np.nan, 0.5]), np.array([0.5, 0.1, 0.2, np.nan]), whole=1)
    assert found.absolute == pytest.approx([0.1, 0.1, np.nan, np.nan], nan_ok=True)
    assert found.relative == pytest.approx([0.25, np.nan, np.nan, np.nan], nan_ok=True)
    assert found.points == pytest.approx([10, 10, np.nan, np.nan], nan_ok=True)


def test_changes__of_negative_figures_keep_their_sign():
    found = changes(np.array([-10.0]), np.array([-5.0]))
    assert found.absolute.tolist() == [5.0]
    assert found.relative.tolist() == [0.5]
    assert np.isnan(found.points).all()


def test_evidence__two_shares_by_hand():
    # 60/100 against 45/100: pooled .525, error √(.525·.475·.02) = .0706222, z = −.15/.0706222 = −2.123977
    found = evidence(Figure(0.60, 100), Figure(0.45, 100), "share")
    assert found.statistic == pytest.approx(-2.123977, abs=1e-6)
    assert found.p_value == pytest.approx(math.erfc(2.123977 / math.sqrt(2)), abs=1e-6)


def test_evidence__two_means_as_scipy():
    random = np.random.default_rng(5)
    a, b = random.normal(3, 1, 40), random.normal(3.4, 2, 25)
    figures = [Figure(float(one.mean()), len(one), float(one.std(ddof=1))) for one in (a, b)]
    found, theirs = evidence(*figures, "mean"), ttest_ind(b, a, equal_var=False)
    assert found.statistic == pytest.approx(theirs.statistic)
    assert found.p_value == pytest.approx(theirs.pvalue)


def test_evidence__a_sample_against_a_full_count():
    random = np.random.default_rng(6)
    a = random.normal(3, 1, 40)
    sample = Figure(float(a.mean()), 40, float(a.std(ddof=1)))
    found, theirs = evidence(Figure(2.8), sample, "mean"), ttest_1samp(a, 2.8)
    assert (found.statistic, found.p_value) == pytest.approx((theirs.statistic, theirs.pvalue))
    back = evidence(sample, Figure(2.8), "mean")
    assert back.statistic == pytest.approx(-theirs.statistic)


def test_evidence__a_full_count_is_never_tested():
    found = evidence(Figure(0.2), Figure(0.9), "share")
    assert found.test == FULL_COUNT
    assert not found.is_tested


@pytest.mark.parametrize(
    ("before", "now", "kind", "words"),
    [
        (Figure(math.nan, 50), Figure(0.5, 50), "share", "missing"),
        (Figure(0.5, 1.0), Figure(0.5, 50), "share", "fewer than two"),
        (Figure(3.0, 50, 0.0), Figure(4.0, 50, 0.0), "mean", "do not vary"),
        (Figure(3.0, 50, math.nan), Figure(4.0, 50, 1.0), "mean", "do not vary"),
    ],
)
def test_evidence__says_why_there_is_no_test(before, now, kind, words):
    found = evidence(before, now, kind)
    assert words in found.test
    assert not found.is_tested


def test_evidence__everybody_says_the_same_both_times():
    found = evidence(Figure(1.0, 50), Figure(1.0, 40), "share")
    assert found.p_value == 1.0


def test_changes__percent_are_points_already():
    found = changes(np.array([61.6]), np.array([58.1]), whole=100)
    assert found.points == pytest.approx([-3.5])


def test_evidence_of_errors__by_hand():
    # (55 − 60) / √(3² + 4²) = −1
    found = evidence_of_errors(60, 55, 3, 4)
    assert (found.statistic, found.p_value) == pytest.approx((-1, math.erfc(1 / math.sqrt(2))))
    assert evidence_of_errors(60, 55, math.nan, 5).statistic == pytest.approx(-1)
    assert evidence_of_errors(60, 55, math.nan, math.nan).test == FULL_COUNT
    assert not evidence_of_errors(math.nan, 55, 1, 1).is_tested


def test_adjusted__benjamini_and_hochberg_by_hand():
    # sorted .01 .02 .03 .5 of four: p·4/rank = .04 .04 .04 .5
    assert adjusted([0.5, math.nan, 0.01, 0.03, 0.02]) == pytest.approx([0.5, math.nan, 0.04, 0.04, 0.04], nan_ok=True)


@pytest.mark.parametrize("given", [[], [math.nan], [math.nan, math.nan]])
def test_adjusted__nothing_tested(given):
    assert len(adjusted(given)) == len(given)


def test_adjusted__refuses_what_is_no_p_value():
    with pytest.raises(InputError):
        adjusted([1.2])
