"""What of a count may be read: nothing small, and nothing that a reader gets by taking one shown figure off another."""

from __future__ import annotations

import pytest

from lifezone.report.council.columns import said
from lifezone.report.council.shown import figure, hidden_rows, part_of, parts, people, share, tenth
from lifezone.report.document import Shown
from lifezone.report.words import texts_of


def text(cell: object) -> object:
    return cell.text if isinstance(cell, Shown) else cell


def test_people__small_ones_are_below_ten_and_nobody_is_nobody() -> None:
    assert [text(people(count, disclose=False)) for count in (0.0, 0.4, 9.0, 10.0, 12.5, None)] == [
        0, "<10", "<10", 10, 12.5, None,
    ]  # fmt: skip
    assert people(3.0, disclose=True) == 3


def test_part_of__is_hidden_where_the_rest_is_small() -> None:
    assert text(part_of(1235.0, 1240.0, disclose=False)) == ">1,230"
    assert part_of(1230.0, 1240.0, disclose=False) == 1230
    assert part_of(1240.0, 1240.0, disclose=False) == 1240
    assert text(part_of(3.0, 8.0, disclose=False)) == "<10"
    assert part_of(1235.0, 1240.0, disclose=True) == 1235


@pytest.mark.parametrize(
    ("part", "whole", "told"),
    [
        (616.0, 1000.0, 0.616), (0.0, 1000.0, 0.0), (1000.0, 1000.0, 1.0), (4.0, 1000.0, "<1.0%"),
        (996.0, 1000.0, ">99.0%"), (4.0, 8.0, None), (0.0, 0.0, None), (131.0, 812_935.0, "<0.1%"),
        (812_804.0, 812_935.0, ">99.9%"), (6.0, 1234.0, "<0.9%"),
    ],
)  # fmt: skip
def test_share__tells_no_small_part_and_no_small_rest(part: float, whole: float, told: object) -> None:
    assert text(share(part, whole, disclose=False)) == told


def test_share__bounds_hold_for_every_count_they_stand_for() -> None:
    for whole in range(11, 400, 7):
        for part in range(1, 10):
            below, above = share(part, whole, disclose=False), share(whole - part, whole, disclose=False)
            if isinstance(below, Shown):
                assert part / whole < float(below.text[1:-1]) / 100
            if isinstance(above, Shown) and above.text.startswith(">"):
                assert (whole - part) / whole > float(above.text[1:-1]) / 100


def test_tenth__what_is_not_nothing_never_reads_as_nothing() -> None:
    assert [text(tenth(value)) for value in (0.0, 0.0004, 0.5, 0.9996, 1.0)] == [0.0, "<0.1%", 0.5, ">99.9%", 1.0]


def test_parts__hide_a_second_one_where_a_single_one_would_follow() -> None:
    assert [text(cell) for cell in parts([500.0, 7.0, 30.0], disclose=False)] == [500, "<10", "…"]
    assert [text(cell) for cell in parts([500.0, 7.0, 3.0], disclose=False)] == [500, "<10", "<10"]
    assert [text(cell) for cell in parts([500.0, 7.0, 0.0], disclose=False)] == ["…", "<10", 0]
    assert parts([500.0, 7.0], disclose=True) == [500, 7]


def test_hidden_rows__are_never_a_single_one() -> None:
    assert hidden_rows([5.0, 50.0, 60.0], [100.0, 100.0, 90.0], disclose=False).tolist() == [True, False, True]
    assert hidden_rows([5.0, 97.0, 60.0], [100.0, 100.0, 90.0], disclose=False).tolist() == [True, True, False]
    assert not hidden_rows([5.0], [100.0], disclose=True).any()


def test_hidden_rows__hide_a_second_one_that_is_neither_all_nor_none() -> None:
    # 211 + 121 + 6 = 338 is shown: with the row of nobody hidden beside the six, six would follow.
    hidden = hidden_rows([211.0, 121.0, 6.0, 0.0], [2395.0, 1589.0, 957.0, 300.0], disclose=False)
    assert hidden.tolist() == [False, True, True, False]
    hidden = hidden_rows([2184.0, 1468.0, 951.0, 1373.0], [2395.0, 1589.0, 957.0, 1373.0], disclose=False)
    assert hidden.tolist() == [False, True, True, False]
    assert hidden_rows([6.0, 0.0, 0.0], [957.0, 300.0, 400.0], disclose=False).tolist() == [True, True, False]


def test_hidden_rows__of_nothing_are_none() -> None:
    assert len(hidden_rows([], [], disclose=False)) == 0


def test_figure__is_not_told_of_few_people() -> None:
    assert figure(12.345, 9.0, disclose=False) is None
    assert figure(12.345, 10.0, disclose=False) == 12.3
    assert figure(float("nan"), 100.0, disclose=False) is None
    assert figure(12.345, 9.0, disclose=True) == 12.345


def test_said__writes_hidden_cells_as_sentences_do() -> None:
    korean, english = texts_of("ko"), texts_of("en")
    assert said(korean, Shown(">1,230", 1.0), "people") == "1,230명 초과"
    assert said(english, Shown("<0.1%", 1.0), "percent") == "under 0.1%"
    assert said(english, 1234, "people") == "1,234 people"
    assert said(korean, None, "percent") == "–"
