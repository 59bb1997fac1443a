"""What moved between two surveys by more than chance; many figures are tested, so that false alarms are counted."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from lifezone.monitor.change import LEVEL, Evidence, Figure, adjusted, evidence
from lifezone.monitor.survey.answers import AnswerRow

__all__ = ["SurveyChange", "survey_changes"]


@dataclass(frozen=True)
class SurveyChange:
    """One figure in two editions.

    Attributes:
        edition: the later one.
        edition_before: the earlier one.
        question: its id.
        by: dimension; empty = everybody.
        class_: class.
        measure: share, agree or mean.
        answer: code of the answer.
        label: the answer in words.
        before: share or mean in the earlier edition.
        now: in the later one.
        absolute: now − before.
        points: that in percentage points, of shares.
        test: which test, or why there is none.
        statistic: z or t.
        p_value: two-sided.
        p_adjusted: for the number of tests between these two editions (Benjamini and Hochberg).
        significant: whether that is at most .05; None without a test.
    """

    edition: str
    edition_before: str
    question: str
    by: str
    class_: str
    measure: str
    answer: str
    label: str
    before: float
    now: float
    absolute: float
    points: float | None
    test: str
    statistic: float | None
    p_value: float | None
    p_adjusted: float | None
    significant: bool | None


def survey_changes(
    before: Sequence[AnswerRow], now: Sequence[AnswerRow], *, level: float = LEVEL
) -> list[SurveyChange]:
    """Compare the figures that two editions both show.

    Args:
        before: rows of the earlier edition, everybody's and cross-tables'.
        now: of the later one.
        level: of significance, after adjusting.
    """
    earlier = {row.key: row for row in before if row.value is not None}
    pairs = [(earlier[row.key], row) for row in now if row.value is not None and row.key in earlier]
    tests = [evidence(_figure(a), _figure(b), "mean" if b.measure == "mean" else "share") for a, b in pairs]
    fair = adjusted([test.p_value for test in tests])
    return [_row(a, b, test, p, level) for (a, b), test, p in zip(pairs, tests, fair, strict=True)]


def _figure(row: AnswerRow) -> Figure:
    """Return what a test must know of a row."""
    counts = row.n_effective if row.n_effective is not None else 0.0
    return Figure(row.value or 0.0, counts, math.nan if row.deviation is None else row.deviation)


def _row(before: AnswerRow, now: AnswerRow, test: Evidence, p_adjusted: float, level: float) -> SurveyChange:
    """Make one row."""
    was, is_ = before.value or 0.0, now.value or 0.0
    tested = test.is_tested
    return SurveyChange(
        now.edition, before.edition, now.question, now.by, now.class_, now.measure, now.answer, now.label, was, is_,
        is_ - was, None if now.measure == "mean" else 100 * (is_ - was), test.test,
        test.statistic if tested else None, test.p_value if tested else None, p_adjusted if tested else None,
        p_adjusted <= level if tested else None,
    )  # fmt: skip
