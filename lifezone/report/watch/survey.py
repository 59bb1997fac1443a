"""The section about the perception survey."""

from __future__ import annotations

from typing import Final

from lifezone.monitor.perception import DISTRICT
from lifezone.monitor.series import Series
from lifezone.monitor.survey import AnswerRow, GapRow
from lifezone.monitor.watch import Watched
from lifezone.report.document import Block, Cell, Column, Paragraph, Section, Table
from lifezone.report.words.texts import Texts

__all__ = ["survey_section"]

_MEASURES: Final = ("agree", "mean", "share")


def survey_section(watched: Watched, series: Series, texts: Texts) -> Section | None:
    """Return what the newest survey says, by class too, how it moved, and gaps of importance and performance."""
    if not watched.answers:
        return None
    newest = watched.answers[-1].edition
    own = [row for row in watched.answers if row.edition == newest]
    most = max((row.n or 0 for row in own), default=0)
    hidden = sum(bool(row.hidden) for row in (*own, *watched.crosstabs) if row.edition == newest)
    blocks: list[Block] = [Paragraph(texts.say("survey.lead", edition=newest, n=most), "lead")]
    blocks.append(_answers(watched, series, texts, newest, own))
    if any(row.edition == newest for row in watched.gaps):
        blocks.append(_gaps(watched, texts, newest))
    classes = [row for row in watched.crosstabs if row.edition == newest and row.measure in _MEASURES[:2]]
    if classes:
        blocks.append(_crosstabs(texts, series, classes))
    blocks.append(Paragraph(texts.say("survey.margin"), "note"))
    if hidden:
        blocks.append(Paragraph(texts.say("survey.hidden", n=hidden), "note"))
    return Section("survey", texts.say("survey.title"), tuple(blocks))


def _question(row: AnswerRow, series: Series, texts: Texts) -> str:
    """Return a question in words."""
    key = f"survey_mean:{row.question}" if row.measure == "mean" else f"survey:{row.question}"
    if series.has(key):
        said = series.indicators[series.at(key)].said(texts.language)
        return said if row.measure == "mean" else said.rpartition(" (")[0] or said
    return row.question


def _value(row: AnswerRow, texts: Texts) -> str:
    """Write a share with its margin in points, or a mean with its own; why where it is not shown."""
    if row.value is None:
        return texts.say("survey.few")
    if row.margin is None:
        return f"{row.value:.2f}" if row.measure == "mean" else texts.write(row.value, "percent")
    if row.measure == "mean":
        return f"{row.value:.2f} ± {row.margin:.2f}"
    return texts.say("survey.share", share=row.value, margin=row.margin)


def _answers(watched: Watched, series: Series, texts: Texts, newest: str, own: list[AnswerRow]) -> Table:
    """Return the answers of everybody, with what moved since the survey before."""
    moved = {(row.question, row.measure, row.answer): row for row in watched.survey_changes
             if row.edition == newest and row.by == ""}  # fmt: skip
    rows: list[tuple[Cell, ...]] = []
    for row in own:
        change = moved.get((row.question, row.measure, row.answer))
        if change is None:
            said = "–"
        else:
            size = f"{change.absolute:+.2f}" if row.measure == "mean" else texts.write(change.absolute, "points")
            state = "untested" if change.significant is None else "significant" if change.significant else "chance"
            said = f"{size} ({texts.say(f'survey.{state}')})"
        label = texts.say("survey.mean") if row.measure == "mean" else row.label
        rows.append((_question(row, series, texts), label, _value(row, texts), row.n, said))
    columns = (
        *(Column(key, texts.say(f"survey.{key}")) for key in ("question", "answer", "value")),
        Column("n", texts.say("survey.respondents"), "count"),
        Column("since", texts.say("survey.since")),
    )
    return Table("survey", texts.say("survey.caption", edition=newest), columns, tuple(rows), most=30)


def _gaps(watched: Watched, texts: Texts, newest: str) -> Table:
    """Return importance and performance of things."""
    columns = (
        Column("about", texts.say("survey.about")),
        *(Column(key, texts.say(f"survey.{key}"), "number", digits=2) for key in ("importance", "performance", "gap")),
        Column("quadrant", texts.say("survey.quadrant")),
    )
    rows = tuple(
        (row.about, row.importance, row.performance, row.gap, _place(row, texts))
        for row in watched.gaps
        if row.edition == newest
    )
    return Table("survey_gaps", texts.say("survey.gaps"), columns, rows)


def _place(row: GapRow, texts: Texts) -> str:
    """Say where a thing stands in the grid of importance and performance."""
    if row.hidden:
        return texts.say("survey.few")
    return texts.say(f"survey.quadrants.{row.quadrant}") if row.quadrant else "–"


def _crosstabs(texts: Texts, series: Series, rows: list[AnswerRow]) -> Table:
    """Return the main figures by class."""
    columns = (
        *(Column(key, texts.say(f"survey.{key}")) for key in ("question", "by", "class", "answer", "value")),
        Column("n", texts.say("survey.respondents"), "count"),
    )
    told = tuple(
        (_question(row, series, texts), _dimension(row.by, texts), _class(row, series, texts),
         texts.say("survey.mean") if row.measure == "mean" else row.label, _value(row, texts), row.n)
        for row in rows
    )  # fmt: skip
    return Table("survey_crosstabs", texts.say("survey.crosstabs"), columns, told, most=30)


def _class(row: AnswerRow, series: Series, texts: Texts) -> str:
    """Return what a class is called: a district by its name."""
    if row.by == DISTRICT and row.class_ in series.ids:
        return series.name_of(series.ids.index(row.class_), texts.language)
    return row.class_ or texts.say("survey.not_told")


def _dimension(by: str, texts: Texts) -> str:
    """Return what a dimension is called; those that are usual have a name in both languages."""
    return " × ".join(
        texts.say(f"survey.dimension.{one}") if texts.has(f"survey.dimension.{one}") else one for one in by.split(" × ")
    )
