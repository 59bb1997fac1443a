"""What a survey says: shares of answers, means of scales, cross-tables, gaps; few respondents are never shown."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final, Literal, NamedTuple

import numpy as np

from lifezone.model import Bools, Floats
from lifezone.monitor.survey.estimate import Estimate, estimated
from lifezone.monitor.survey.hidden import hidden_in_grid, hidden_in_line
from lifezone.monitor.survey.respondents import Respondents
from lifezone.monitor.survey.spec import QuestionSpec, SurveySpec

__all__ = ["AnswerRow", "GapRow", "Part", "answer_rows", "crosstab_rows", "gap_rows", "parts_of"]

Measure = Literal["share", "agree", "mean"]
NOT_TOLD: Final = ""
"""Class of those who did not say theirs."""


@dataclass(frozen=True)
class AnswerRow:
    """One figure of one question, of everybody or of one class; figures are None where few people answered.

    Attributes:
        edition: of the survey.
        question: its id.
        asks: importance, performance, disparity, intention or other.
        about: what it is about.
        by: dimension, ``age`` or ``age × gender``; empty = everybody.
        class_: class, ``20–39`` or ``20–39 × female``; empty = everybody, or those who did not say (by is given then).
        measure: ``share`` of one answer, ``agree`` = share of the answers that are added up, ``mean`` of a scale.
        answer: code of the answer; of ``agree`` all of them.
        label: the answer in words.
        value: share (0 to 1) or mean.
        error: its standard error.
        low: lower end of the interval.
        high: upper end.
        margin: half its width.
        n: respondents who answered.
        no_answer: those who did not.
        n_effective: what they count for.
        design_effect: n ÷ n_effective.
        deviation: standard deviation of the answers.
        hidden: why figures are not shown; empty = they are.
    """

    edition: str
    question: str
    asks: str
    about: str
    by: str
    class_: str
    measure: Measure
    answer: str
    label: str
    value: float | None = None
    error: float | None = None
    low: float | None = None
    high: float | None = None
    margin: float | None = None
    n: int | None = None
    no_answer: int | None = None
    n_effective: float | None = None
    design_effect: float | None = None
    deviation: float | None = None
    hidden: str = ""

    @property
    def key(self) -> tuple[str, ...]:
        """What names the figure in every edition."""
        return self.question, self.by, self.class_, self.measure, self.answer


@dataclass(frozen=True)
class GapRow:
    """How important a thing is and how well it is done (Martilla and James 1977), by those who answered both.

    Attributes:
        edition: of the survey.
        about: the thing.
        scale: lowest and highest value of both means.
        importance: mean.
        performance: mean.
        gap: importance − performance.
        gap_low: lower end of its interval.
        gap_high: upper end.
        n: respondents who answered both.
        quadrant: ``concentrate`` (important, done badly), ``keep_up``, ``low_priority``, ``overdone``; cut at the means
            over all things. Empty with one thing alone.
        hidden: why figures are not shown; empty = they are.
    """

    edition: str
    about: str
    scale: str
    importance: float | None = None
    performance: float | None = None
    gap: float | None = None
    gap_low: float | None = None
    gap_high: float | None = None
    n: int | None = None
    quadrant: str = ""
    hidden: str = ""


class Part(NamedTuple):
    """Some respondents: by which dimension, of which class, which they are, and why they are hidden."""

    by: str
    class_: str
    rows: Bools
    hidden: str = ""


def answer_rows(people: Respondents, spec: SurveySpec, edition: str) -> list[AnswerRow]:
    """Return the rows of ``survey.csv``: everybody."""
    everybody = np.ones(people.n, np.bool_)
    return [
        row
        for question in spec.questions
        for row in _rows(people, spec, question, edition, _least(Part("", "", everybody), people, question, spec))
    ]


def crosstab_rows(people: Respondents, spec: SurveySpec, edition: str) -> list[AnswerRow]:
    """Return the rows of ``survey_crosstabs.csv``: by every dimension, then by every pair."""
    return [
        row
        for question in spec.questions
        for part in parts_of(people, spec, question)
        for row in _rows(people, spec, question, edition, part)
    ]


def gap_rows(people: Respondents, spec: SurveySpec, edition: str) -> list[GapRow]:
    """Return the rows of ``survey_gaps.csv``: things whose importance and performance were both asked on scales."""
    asked = {(one.about, one.asks): one for one in spec.questions if one.about and one.scale}
    pairs = [(one, asked[about, "performance"]) for (about, asks), one in asked.items()
             if asks == "importance" and (about, "performance") in asked]  # fmt: skip
    alike = len({one.scale for pair in pairs for one in pair}) <= 1
    rows = [_gap(people, spec, edition, *pair, alike=alike) for pair in pairs]
    told = [row for row in rows if row.importance is not None]
    if len(told) < 2:
        return rows
    cuts = tuple(float(np.mean([getattr(row, name) for row in told])) for name in ("importance", "performance"))
    return [row if row.importance is None else replace(row, quadrant=_quadrant(row, *cuts)) for row in rows]


def parts_of(people: Respondents, spec: SurveySpec, question: QuestionSpec) -> Iterator[Part]:
    """Yield the classes of every dimension and pair, with those hidden that may not be shown."""
    told = _answered(people, question)
    alone: dict[str, dict[str, bool]] = {}
    for name in spec.by:
        classes = _classes(people, name)
        count = np.array([(told & (people.classes[name] == one)).sum() for one in classes], np.int64)
        hidden = hidden_in_line(count, spec.least)
        alone[name] = dict(zip(classes, hidden.tolist(), strict=True))
        for one, much, why in zip(classes, count.tolist(), hidden.tolist(), strict=True):
            yield Part(name, one, people.classes[name] == one, _why(much, spec.least, hidden=why))
    for a, b in spec.crosstabs:
        yield from _pairs(people, spec, told, (a, b), alone)


def _pairs(
    people: Respondents, spec: SurveySpec, told: Bools, pair: tuple[str, str], alone: dict[str, dict[str, bool]]
) -> Iterator[Part]:
    """Yield the cells of two dimensions crossed."""
    a, b = pair
    rows, columns = _classes(people, a), _classes(people, b)
    mine = {(i, j): (people.classes[a] == i) & (people.classes[b] == j) for i in rows for j in columns}
    count = np.array([[(told & mine[i, j]).sum() for j in columns] for i in rows], np.int64)
    flags = [np.array([alone[name][one] for one in classes], np.bool_) for name, classes in ((a, rows), (b, columns))]
    hidden = hidden_in_grid(count, spec.least, flags[0], flags[1])
    for x, i in enumerate(rows):
        for y, j in enumerate(columns):
            if count[x, y]:
                why = _why(int(count[x, y]), spec.least, hidden=bool(hidden[x, y]))
                yield Part(f"{a} × {b}", f"{i} × {j}", mine[i, j], why)


def _classes(people: Respondents, name: str) -> tuple[str, ...]:
    """Return the classes of a dimension, those who did not say theirs last."""
    return (*people.order[name], *([NOT_TOLD] if (people.classes[name] == NOT_TOLD).any() else ()))


def _why(n: int, least: int, *, hidden: bool) -> str:
    """Say why figures are not shown."""
    if not hidden:
        return ""
    return f"fewer than {least} respondents" if n < least else "hidden so that no small class follows by subtraction"


def _answered(people: Respondents, question: QuestionSpec) -> Bools:
    """Return bool[n] who answered and counts."""
    told: Bools = (people.answers[question.id] != "") & (people.weight > 0)
    return told


def _least(part: Part, people: Respondents, question: QuestionSpec, spec: SurveySpec) -> Part:
    """Hide everybody where too few answered at all."""
    n = int((_answered(people, question) & part.rows).sum())
    return part._replace(hidden=_why(n, spec.least, hidden=0 < n < spec.least))


def _rows(
    people: Respondents, spec: SurveySpec, question: QuestionSpec, edition: str, part: Part
) -> Iterator[AnswerRow]:
    """Yield the figures of one question and part: each answer, those added up, the mean of a scale."""
    told = _answered(people, question)
    counts = part.rows & (people.weight > 0)
    n, silent = int((told & part.rows).sum()), int((counts & ~told).sum())
    code = people.answers[question.id]
    if told.sum() < spec.least and part.by:
        part = part._replace(hidden=part.hidden or f"fewer than {spec.least} respondents")
    for measure, answer, label, value in _measures(question, code, told):
        row = AnswerRow(
            edition, question.id, question.asks, question.about, part.by, part.class_, measure, answer, label,
            hidden=part.hidden,
        )  # fmt: skip
        if part.hidden:
            yield row
            continue
        found = _estimate(people, spec, np.where(part.rows, value, np.nan), "mean" if measure == "mean" else "share")
        yield replace(
            row, value=_or_none(found.value), error=_or_none(found.error), low=_or_none(found.low),
            high=_or_none(found.high), margin=_or_none(found.margin), n=n, no_answer=silent,
            n_effective=_or_none(found.n_effective), design_effect=_or_none(found.design_effect),
            deviation=_or_none(found.deviation),
        )  # fmt: skip


def _measures(question: QuestionSpec, code: np.ndarray, told: Bools) -> Iterator[tuple[Measure, str, str, Floats]]:
    """Yield each figure of a question: what it measures, of which answer, in words, f64[n] with NaN = no answer."""
    if question.choices:
        answers = list(question.choices)
    else:
        answers = sorted(set(code[told].tolist()), key=float)
        low, high = question.scale
        if low.is_integer() and high.is_integer() and high - low <= 10:
            answers = sorted({*answers, *(f"{one}" for one in range(int(low), int(high) + 1))}, key=float)
    for one in answers:
        yield "share", one, question.choices.get(one, one), np.where(told, (code == one).astype(float), np.nan)
    agreeing = question.agreeing
    if agreeing:
        value = np.where(told, np.isin(code.astype(str), np.array(agreeing)).astype(float), np.nan)
        words = ", ".join(question.choices.get(one, one) for one in agreeing)
        yield "agree", ";".join(agreeing), words, value
    if question.scale:
        numbers = np.array([float(one) if is_told else math.nan for one, is_told in zip(code, told, strict=True)])
        yield "mean", "", "", numbers


def _estimate(people: Respondents, spec: SurveySpec, value: Floats, kind: Literal["share", "mean"]) -> Estimate:
    """Estimate a figure of those whose value is not NaN."""
    return estimated(value, people.weight, kind, strata=people.strata, confidence=spec.confidence,
                     interval=spec.interval)  # fmt: skip


def _gap(
    people: Respondents, spec: SurveySpec, edition: str, wanted: QuestionSpec, done: QuestionSpec, *, alike: bool
) -> GapRow:
    """Tell of one thing; scales that differ are brought to 0 to 100."""
    values = []
    for question in (wanted, done):
        codes, told = people.answers[question.id], _answered(people, question)
        number = np.array([float(one) if is_told else math.nan for one, is_told in zip(codes, told, strict=True)])
        low, high = question.scale
        values.append(number if alike else 100 * (number - low) / (high - low))
    both = ~np.isnan(values[0]) & ~np.isnan(values[1])
    scale = f"{wanted.scale[0]:g}–{wanted.scale[1]:g}" if alike else "0–100"
    n, row = int(both.sum()), GapRow(edition, wanted.about, scale)
    if n < spec.least:
        return replace(row, hidden=f"fewer than {spec.least} respondents")
    importance, performance, gap = (
        _estimate(people, spec, np.where(both, one, np.nan), "mean")
        for one in (values[0], values[1], values[0] - values[1])
    )
    return replace(
        row, importance=_or_none(importance.value), performance=_or_none(performance.value), gap=_or_none(gap.value),
        gap_low=_or_none(gap.low), gap_high=_or_none(gap.high), n=n,
    )  # fmt: skip


def _quadrant(row: GapRow, importance: float, performance: float) -> str:
    """Name the field of the importance–performance grid."""
    wanted, done = (row.importance or 0.0) >= importance, (row.performance or 0.0) >= performance
    if wanted:
        return "keep_up" if done else "concentrate"
    return "overdone" if done else "low_priority"


def _or_none(value: float) -> float | None:
    """Return None for what is not known."""
    return value if math.isfinite(value) else None
