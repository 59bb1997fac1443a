"""Official figures that the user gave, beside ours: the difference, and which convention explains how much of it."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from lifezone.report.council.columns import column
from lifezone.report.council.facts import records
from lifezone.report.council.phrases import convention_words
from lifezone.report.council.shown import is_small
from lifezone.report.document import Block, Cell, Heading, Shown, Table
from lifezone.report.material import Material
from lifezone.report.official import FILE, MEASURES, OfficialFigure, read_official
from lifezone.report.words import Texts

__all__ = ["Beside", "beside", "own_figures"]


@dataclass(frozen=True)
class Beside:
    """An official figure beside ours.

    Attributes:
        figure: the official one.
        ours: in the same unit; NaN where we have none.
        people: persons behind our figure.
        convention: the official way of counting that brings ours nearest to it, or empty where none does.
        by_convention: our figure counted so; NaN where none does.
    """

    figure: OfficialFigure
    ours: float
    people: float = 0.0
    convention: str = ""
    by_convention: float = math.nan

    @property
    def explained(self) -> float:
        """Part of the difference that the convention explains, 0 to 1; NaN where there is none to explain."""
        whole = self.figure.figure - self.ours
        rest = self.figure.figure - self.by_convention
        if not math.isfinite(whole) or not math.isfinite(rest) or whole == 0:
            return math.nan
        return max(0.0, 1.0 - abs(rest) / abs(whole))


def beside(one: OfficialFigure, summary: Sequence[dict[str, Any]], conventions: Sequence[dict[str, Any]]) -> Beside:
    """Hold an official figure against ours and against ours counted by each official convention.

    Args:
        one: the official figure.
        summary: rows of ``summary.csv`` of the baseline, of every requirement's own group.
        conventions: rows of ``conventions.csv`` likewise.
    """
    own = next(
        (row for row in summary if (row["district"], row["requirement"]) == (one.district, one.requirement)), None
    )
    if own is None or not own["judged"] > 0:
        return Beside(one, math.nan)
    ours = _measured(one.measure, float(own["covered"]), float(own["judged"]), own)
    nearest, at = "", math.nan
    for row in conventions:
        if (row["district"], row["requirement"]) != (one.district, one.requirement):
            continue
        minutes = {"mean_minutes": row["official_minutes"], "median_minutes": None}
        value = _measured(one.measure, float(row["met_officially"]), float(row["judged"]), minutes)
        if math.isfinite(value) and abs(one.figure - value) < min(_gap(one.figure, at), _gap(one.figure, ours)):
            nearest, at = str(row["convention"]), value
    return Beside(one, ours, float(own["judged"]), nearest, at)


def _measured(measure: str, met: float, judged: float, row: dict[str, Any]) -> float:
    """Return a measure of those who meet a requirement, or of minutes that a row tells; NaN where it tells none."""
    if measure == "covered":
        return met
    if MEASURES[measure] == "share":
        return (met if measure == "coverage" else judged - met) / judged if judged > 0 else math.nan
    value = row.get(measure)
    return math.nan if value is None else float(value)


def _gap(figure: float, value: float) -> float:
    """Return how far a value is from the figure; infinitely where there is none."""
    return abs(figure - value) if math.isfinite(value) else math.inf


def own_figures(material: Material, texts: Texts) -> Iterator[Block]:
    """Return the table of official figures that the user gave, or nothing."""
    if not material.has(FILE):
        return
    figures = read_official(material.path_of(FILE))
    summary, conventions = (_own_rows(material, name) for name in ("summary", "conventions"))
    rows = [_row(material, texts, beside(one, summary, conventions)) for one in figures]
    columns = tuple(
        column(texts, key, texts.say(f"reconciliation.column_{key}"))
        for key in ("district", "rule", "measure", "official_figure", "year", "our_figure", "difference", "because",
                    "source")
    )  # fmt: skip
    yield Heading(texts.say("reconciliation.given"))
    yield Table("reconciliation_given", texts.say("reconciliation.given_caption"), columns, tuple(rows),
                texts.say("reconciliation.given_note"), most=20)  # fmt: skip


def _own_rows(material: Material, name: str) -> list[dict[str, Any]]:
    """Return the rows of the baseline for every requirement's own group."""
    rows = [row for row in records(material.table(name)) if row["variant"] == material.baseline]
    return [row for row in rows if row["group"] == material.effective_group(row["requirement"], material.baseline)]


def _row(material: Material, texts: Texts, one: Beside) -> tuple[Cell, ...]:
    """Write one official figure beside ours."""
    told = one.figure
    hidden = is_small(one.people) and not material.disclose
    ours = "–" if hidden or not math.isfinite(one.ours) else _written(texts, one.ours, told.measure)
    known = not hidden and math.isfinite(one.ours)
    return (
        material.district_name(told.district, texts.language),
        material.requirement_name(told.requirement, texts.language),
        texts.say(f"reconciliation.measure_{told.measure}"),
        Shown(_written(texts, told.figure, told.measure), told.figure),
        texts.write(told.year, "date") if told.year else None,
        Shown(ours, one.ours if known else -1.0),
        _difference(texts, one) if known else None,
        _because(material, texts, one) if known else texts.say("reconciliation.because_no_figure"),
        told.source or None,
    )


def _written(texts: Texts, value: float, measure: str) -> str:
    """Write a figure in the unit of its measure."""
    return texts.write(value, {"share": "percent", "people": "people", "minutes": "minutes"}[MEASURES[measure]])


def _difference(texts: Texts, one: Beside) -> str:
    """Write how far ours is from the official figure, with its direction."""
    gap = one.ours - one.figure.figure
    unit = MEASURES[one.figure.measure]
    if unit == "share":
        return texts.write(gap, "points")
    direction = "more" if gap > 0 else "less"
    if gap == 0:
        return texts.say("reconciliation.alike")
    return texts.say(f"reconciliation.difference_{direction}", amount=_written(texts, abs(gap), one.figure.measure))


def _because(material: Material, texts: Texts, one: Beside) -> str:
    """Say which convention explains how much, and what else may."""
    if one.ours == one.figure.figure:
        return texts.say("reconciliation.because_none")
    if one.convention and math.isfinite(one.explained) and one.explained > 0:
        how = convention_words(material, texts, one.figure.requirement, one.convention)
        counted = _written(texts, one.by_convention, one.figure.measure)
        return texts.say("reconciliation.because_convention", how=how, figure=counted, part=one.explained)
    return texts.say("reconciliation.because_unknown")
