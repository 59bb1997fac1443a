from __future__ import annotations

import math

import numpy as np
import pytest
from scipy.stats import linregress, t

from lifezone.monitor.attribution import AttributionRow
from lifezone.monitor.boundaries import ThresholdSpec, WarningsSpec
from lifezone.monitor.series import Classes
from lifezone.monitor.warning import trend_of, warning_rows
from tests.monitor.series_of import RISK, indicator, series_of

NAN = math.nan


def one(values, **more):
    return warning_rows(series_of([values], **more))


def test_trend__as_scipy():
    years, value = np.array([0.0, 5, 10, 12]), np.array([3.0, 2.5, 2.4, 1.9])
    mine, theirs = trend_of(years, value), linregress(years, value)
    assert (mine.slope, mine.error, mine.fit) == pytest.approx((theirs.slope, theirs.stderr, theirs.rvalue**2))


def test_warning__who_crossed_since_when():
    (row,) = [row for row in one([0.6, 0.55, 0.45]) if row.kind == "crossed"]
    assert (row.worse, row.class_en, row.class_before_en) == (True, "risk", "normal")
    assert (row.edition_before, row.edition, row.since, row.bound) == ("2020", "2025", "2025", 0.5)


def test_warning__stays_in_an_alarming_class_since_it_came_in():
    (row,) = one([0.3, 0.19, 0.19])
    assert (row.kind, row.since, row.class_en) == ("stays", "2020", "high risk")
    assert one([0.3, 0.3, 0.3]) == []  # the middle class is not alarming


def test_warning__a_gap_does_not_end_a_class():
    (row,) = one([0.19, NAN, 0.18])
    assert (row.kind, row.since, row.edition_before) == ("stays", "2015", "2015")


def test_warning__better_is_told_last():
    rows = warning_rows(series_of([[0.4, 0.45, 0.55], [0.6, 0.55, 0.45]]))
    kinds = [(row.kind, row.worse, row.district) for row in rows]
    assert kinds == [("crossed", True, "d1"), ("nears", True, "d1"), ("crossed", False, "d0")] or kinds == [
        ("crossed", True, "d1"), ("crossed", False, "d0")
    ]  # fmt: skip
    assert kinds[-1] == ("crossed", False, "d0")


def test_warning__several_bounds_at_once_tell_the_last():
    (row,) = [row for row in one([0.6, 0.6, 0.1]) if row.kind == "crossed"]
    assert (row.bound, row.class_before_en, row.class_en) == (0.2, "normal", "high risk")


def test_warning__why_is_the_larger_part_of_the_ratio():
    # women 40 → 30, old people 70 → 75: 40/70 = .5714 → 30/75 = .4
    # numerator ½(30/70 − 40/70 + 30/75 − 40/75) = −.138095; denominator the rest, −.033333
    (row,) = [row for row in one([NAN, 40 / 70, 0.4], top=[[NAN, 40, 30]], low=[[NAN, 70, 75]])
              if row.kind == "crossed"]  # fmt: skip
    assert row.why == "numerator"
    assert row.why_part == pytest.approx(-0.138095, abs=1e-6)
    assert row.why_part + row.why_rest == pytest.approx(0.4 - 40 / 70)


def test_warning__why_knows_the_scale_of_percent():
    classes = Classes((20.0,), ("보통", "초고령"), ("normal", "super-aged"))
    info = indicator("elderly_share", "less", classes, "%")
    (row,) = one([NAN, 18, 24], info=info, top=[[NAN, 18, 21.6]], low=[[NAN, 100, 90]])
    # 18/100 → 21.6/90: people left did ½(18/90 − .18 + 21.6/90 − 21.6/100) = 2.2 points, more old people 3.8
    assert (row.why, row.why_part, row.why_rest) == ("numerator", pytest.approx(3.8), pytest.approx(2.2))


def test_warning__why_of_coverage_is_what_was_swapped():
    classes = Classes((50.0, 70.0, 90.0), ("D", "C", "B", "A"), ("D", "C", "B", "A"))
    info = indicator("soc_access:clinic", "more", classes, "%")
    about = ("2020", "2025", "d0", "clinic", "의원", "Clinic", "total", "coverage")
    swapped = AttributionRow(*about, 72, 66, -6, 1, -8, 1, 0)
    rows = warning_rows(series_of([[NAN, 72, 66]], info=info), attribution=[swapped])
    assert (rows[0].why, rows[0].why_part, rows[0].why_rest) == ("facilities", -8, 2)


def test_warning__no_why_where_nothing_was_divided():
    assert one([0.6, 0.55, 0.45])[0].why == ""


def test_warning__nears_by_a_straight_line():
    # .8 .7 .6 every five years: .02 a year, .1 to go, 5 years; the line fits, so its span is 5 years too
    (row,) = one([0.8, 0.7, 0.6])
    assert row.kind == "nears"
    assert (row.class_en, row.class_before_en, row.bound) == ("normal", "risk", 0.5)
    assert row.years == pytest.approx(5, abs=0.01)
    assert (row.slope, row.fit, row.figures) == (pytest.approx(-0.02, abs=1e-4), pytest.approx(1, abs=1e-4), 3)


def test_warning__a_loose_line_may_never_arrive():
    (row,) = one([0.75, 0.8, 0.6])
    line = linregress([0, 5, 10], [0.75, 0.8, 0.6])
    reach = t.ppf(0.9, 1) * line.stderr
    assert row.years_low == pytest.approx(0.1 / (abs(line.slope) + reach), rel=1e-3)
    assert row.years_high is None


@pytest.mark.parametrize(
    "values",
    [
        [0.6, 0.7, 0.8],  # away from the bound
        [0.9, 0.89, 0.88],  # too slow for the horizon
        [NAN, 0.7, 0.6],  # two figures are no trend
        [0.7, 0.7, 0.7],
    ],
)
def test_warning__no_trend_no_warning(values):
    assert one(values) == []


def test_warning__the_worst_class_nears_nothing():
    assert [row.kind for row in one([0.18, 0.15, 0.1])] == ["stays"]


def test_warning__horizon_is_the_studys():
    rows = warning_rows(series_of([[0.9, 0.89, 0.88]]), WarningsSpec(horizon_years=50))
    assert rows == []
    rows = warning_rows(series_of([[0.9, 0.85, 0.8]]), WarningsSpec(horizon_years=31))
    assert rows[0].years == pytest.approx(30, rel=0.01)


def test_warning__a_threshold_of_the_study():
    spec = WarningsSpec(thresholds=[ThresholdSpec(indicator="risk", below=0.55, ko="우리 기준", en="our line"),
                                    ThresholdSpec(indicator="not_there", below=1.0)])  # fmt: skip
    rows = warning_rows(series_of([[0.6, 0.56, 0.54]], info=indicator()), spec)
    crossed = [row for row in rows if row.kind == "crossed"]
    assert [(row.class_, row.class_en, row.class_before_en) for row in crossed] == [("우리 기준", "our line", "within")]
    high = WarningsSpec(thresholds=[ThresholdSpec(indicator="risk", at_least=0.55)])
    (row,) = [row for row in warning_rows(series_of([[0.5, 0.54, 0.55]], info=indicator()), high)
              if row.kind == "crossed"]  # fmt: skip
    assert (row.class_en, row.worse) == ("beyond", True)


def test_warning__a_class_without_a_worse_end_is_told_without_judgement():
    (row,) = one([0.6, 0.55, 0.45], info=indicator(direction="neither", classes=RISK))
    assert (row.kind, row.worse) == ("crossed", None)


@pytest.mark.parametrize("values", [[], [[NAN, NAN, NAN]], [[0.1, NAN, NAN]]])
def test_warning__nobody_to_warn_of(values):
    rows = warning_rows(series_of(np.array(values, float).reshape(-1, 3)))
    assert rows == []


def test_warning__one_edition_alone():
    assert warning_rows(series_of([[0.1]], years=(2025,))) == []


def test_threshold__one_side():
    with pytest.raises(ValueError, match="one of the two"):
        ThresholdSpec(indicator="risk")
