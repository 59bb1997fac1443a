from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest

from lifezone.monitor.change import FULL_COUNT
from lifezone.monitor.since import change_rows, comparisons, rank_rows
from tests.monitor.series_of import indicator, series_of

NAN = math.nan


def test_change_rows__hand_worked():
    rows = change_rows(series_of([[40, 50, 45], [NAN, 10, 10]], info=indicator(unit="%", direction="less")))
    first = rows[0]
    assert (first.edition_before, first.edition, first.district) == ("2015", "2020", "d0")
    assert (first.absolute, first.relative, first.points, first.better) == (10, 0.25, 10, False)
    assert first.test == FULL_COUNT
    assert [(row.district, row.edition, row.better) for row in rows] == [
        ("d0", "2020", False),
        ("all", "2020", True),
        ("d0", "2025", True),
        ("d1", "2025", None),
        ("all", "2025", True),
    ]  # fmt: skip  (the mean of the whole: 40, 30, 27.5)


def test_change_rows__compares_with_the_last_edition_that_is_known():
    rows = [row for row in change_rows(series_of([[40, NAN, 44]])) if row.district == "d0"]
    assert [(row.edition_before, row.edition, row.absolute) for row in rows] == [("2015", "2025", 4)]
    assert rows[0].points is None


def test_change_rows__a_sample_is_tested_and_adjusted():
    series = series_of([[60, 55], [60, 20]], info=indicator(unit="%", sampled=True), years=(2020, 2025),
                       error=[[3, 4], [3, 4]])  # fmt: skip
    rows = change_rows(series)
    assert [row.district for row in rows] == ["d0", "d1"]  # the error of the whole is not known here
    assert [row.statistic for row in rows] == pytest.approx([-1, -8])
    assert rows[0].p_adjusted == pytest.approx(rows[0].p_value)  # the larger of two: p · 2/2
    assert rows[1].p_adjusted == pytest.approx(2 * rows[1].p_value)
    assert [row.significant for row in rows] == [False, True]


@pytest.mark.parametrize("values", [[[1.0]], [[NAN]]])
def test_change_rows__one_edition_has_nothing_to_compare(values):
    assert change_rows(series_of(values, years=(2025,), info=indicator())) == []


def test_rank_rows__ties_and_places():
    values = [[3, 1], [2, 3], [2, 2], [NAN, 9]]
    rows = [row for row in rank_rows(series_of(values, years=(2020, 2025), info=indicator())) if row.among == "all"]
    told = {(row.edition, row.district): (row.rank, row.of, row.ties, row.places) for row in rows}
    assert told["2020", "d0"] == (1, 3, 0, None)
    assert told["2020", "d1"] == told["2020", "d2"] == (2, 3, 1, None)
    assert told["2025", "d3"] == (1, 4, 0, None)  # not known before
    assert told["2025", "d0"] == (4, 4, 0, -2)  # first of the three known both times, then third
    assert told["2025", "d1"] == (2, 4, 0, 1)


def test_comparisons__by_type_and_province():
    ids, names = ("11110", "26710", "26720"), ("종로구", "기장군", "다른군")
    series = series_of([[1.0], [2.0], [3.0]], years=(2025,), ids=ids, names=names)
    assert comparisons(series) == {"all": ("all",) * 3, "type": ("구", "군", "군"), "province": ("11", "26", "26")}
    english = replace(series, name=("Jongno-gu", "Gijang-gun", "Other-gun"))
    assert comparisons(replace(english, name_en=english.name))["type"] == ("구", "군", "군")
    assert comparisons(replace(series, name=("A", "B", "C"), name_en=("A", "B", "C"), ids=("a", "b", "c"))) == {
        "all": ("all",) * 3
    }


def test_rank_rows__within_types():
    names = ("종로구", "기장군", "다른군")
    rows = rank_rows(series_of([[1.0], [2.0], [3.0]], years=(2025,), names=names, info=indicator()))
    told = {(row.among, row.name): (row.rank, row.of) for row in rows}
    assert told["type", "기장군"] == (2, 2)
    assert told["all", "기장군"] == (2, 3)
    assert told["type", "종로구"] == (1, 1)


def test_rank_rows__nobody():
    empty = series_of(np.empty((0, 1)), years=(2025,))
    assert rank_rows(empty) == []
    assert change_rows(empty) == []
