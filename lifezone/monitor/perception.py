"""What a survey says of districts, as indicators beside all others: with standard errors, few respondents left out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final, Literal

import numpy as np

from lifezone.monitor.series import NO_CLASS, Direction, IndicatorInfo, Series, Why
from lifezone.monitor.survey.answers import AnswerRow
from lifezone.monitor.survey.spec import QuestionSpec, SurveySpec

__all__ = ["DISTRICT", "perception_series"]

DISTRICT: Final = "district"
"""The dimension of ``by`` whose classes are ids of districts."""
_DIRECTION: Final[Mapping[str, Direction]] = {"performance": "more", "disparity": "less"}
_WHOLE: Final = ""


def perception_series(
    like: Series, surveys: Mapping[int, SurveySpec], rows: Mapping[int, Sequence[AnswerRow]]
) -> Series | None:
    """Return the indicators that surveys give: of each question the share that agrees, and the mean of its scale.

    Args:
        like: the series whose districts and editions these are told by.
        surveys: edition → its survey.
        rows: edition → the rows of everybody and of all classes.

    Returns:
        The series, or None where no question has such a figure.
    """
    asked: dict[str, tuple[QuestionSpec, Literal["agree", "mean"]]] = {}
    for spec in surveys.values():
        for question in spec.questions:
            if question.agreeing:
                asked.setdefault(f"survey:{question.id}", (question, "agree"))
            if question.scale:
                asked.setdefault(f"survey_mean:{question.id}", (question, "mean"))
    if not asked:
        return None
    shape = (len(like.ids), len(like.editions), len(asked))
    value, error, low = (np.full(shape, np.nan) for _ in range(3))
    why, whole = np.full(shape, Why.NOT_GIVEN, np.int8), np.full(shape[1:], np.nan)
    position = {one: at for at, one in enumerate(like.ids)}
    for at, (question, measure) in enumerate(asked.values()):
        for edition, told in rows.items():
            if DISTRICT in surveys[edition].by and any(one.id == question.id for one in surveys[edition].questions):
                why[:, edition, at] = Why.NO_ROW
            for row in told:
                if row.question != question.id or row.measure != measure:
                    continue
                scale = 100.0 if measure == "agree" else 1.0
                if row.by == "" and row.value is not None:
                    whole[edition, at] = scale * row.value
                if row.by != DISTRICT or row.class_ not in position:
                    continue
                here = (position[row.class_], edition, at)
                if row.value is None:
                    why[here] = Why.TOO_FEW
                    continue
                value[here], low[here] = scale * row.value, float(row.n or 0)
                error[here] = np.nan if row.error is None else scale * row.error
                why[here] = Why.COMPUTED
    infos = tuple(_info(key, *one) for key, one in asked.items())
    return Series(
        like.ids, like.name, like.name_en, like.editions, infos, value, np.full(shape, np.nan), low, why,
        np.full(shape, NO_CLASS, np.int32), error, whole, like.centre,
    )  # fmt: skip


def _info(key: str, question: QuestionSpec, measure: Literal["agree", "mean"]) -> IndicatorInfo:
    """Return what is told of one question's figure."""
    ko, en = question.name.ko or question.name.en or question.id, question.name.en or question.name.ko or question.id
    answers = ", ".join(question.choices.get(one, one) for one in question.agreeing)
    if measure == "agree":
        return IndicatorInfo(
            key, f"{ko} ({answers})", f"{en} ({answers})", "%", "perception", question.better or _better(question),
            f"weighted share of those who answered {answers}", "survey of the study; denominator = respondents",
            "hidden below the least number of respondents", sampled=True,
        )  # fmt: skip
    low, high = (f"{one:g}" for one in question.scale)
    return IndicatorInfo(
        key, f"{ko} (평균, {low}–{high}점)", f"{en} (mean, {low}–{high})", "", "perception",
        question.better or _better(question), "weighted mean of the scale",
        "survey of the study; denominator = respondents", "hidden below the least number of respondents", decimals=2,
        sampled=True,
    )  # fmt: skip


def _better(question: QuestionSpec) -> Direction:
    """Return which answers are better, by what is asked."""
    return _DIRECTION.get(question.asks, "neither")
