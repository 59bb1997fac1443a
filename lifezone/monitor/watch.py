"""What a study says beyond its figures: surveys, changes, ranks, warnings, designations; one answer of all of them.

watched = watch(spec, series, folder)     Watched: rows of every part, and the series with what surveys add
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lifezone.errors import Fault, InputError
from lifezone.model import DesignationStep
from lifezone.monitor.attribution import AttributionRow
from lifezone.monitor.designation import designated_ids, designation_rows
from lifezone.monitor.designation_rule import FigureSpec, RuleEntry, rule_of
from lifezone.monitor.perception import perception_series
from lifezone.monitor.series import Series
from lifezone.monitor.since import ChangeRow, RankRow, change_rows, rank_rows
from lifezone.monitor.study import StudySpec
from lifezone.monitor.survey import (
    AnswerRow,
    GapRow,
    SurveyChange,
    SurveySpec,
    answer_rows,
    crosstab_rows,
    gap_rows,
    read_respondents,
    survey_changes,
)
from lifezone.monitor.warning import WarningRow, warning_rows

__all__ = ["Designated", "Watched", "watch"]


@dataclass(frozen=True)
class Designated:
    """One step of a rule about one district, by the figures of one edition."""

    edition: str
    step: DesignationStep


@dataclass(frozen=True)
class Watched:
    """Rows of every part; empty where a study does not ask for it.

    Attributes:
        answers: what surveys say, of everybody.
        crosstabs: by classes.
        gaps: importance and performance.
        survey_changes: figures of surveys in two editions.
        changes: indicators in two editions.
        ranks: where districts stand.
        warnings: early warning.
        attribution: what changed coverage, from swapped runs.
        designations: every step of every rule.
        rules: the rules, whole.
        notes: what was assumed or left out.
        inputs: what the manifest says of the files.
    """

    answers: tuple[AnswerRow, ...] = ()
    crosstabs: tuple[AnswerRow, ...] = ()
    gaps: tuple[GapRow, ...] = ()
    survey_changes: tuple[SurveyChange, ...] = ()
    changes: tuple[ChangeRow, ...] = ()
    ranks: tuple[RankRow, ...] = ()
    warnings: tuple[WarningRow, ...] = ()
    attribution: tuple[AttributionRow, ...] = ()
    designations: tuple[Designated, ...] = ()
    rules: tuple[RuleEntry, ...] = ()
    notes: tuple[str, ...] = ()
    inputs: tuple[dict[str, Any], ...] = ()


@dataclass(frozen=True)
class _Surveys:
    """Rows of all surveys of a study, by position of the edition."""

    specs: dict[int, SurveySpec]
    answers: dict[int, list[AnswerRow]]
    crosstabs: dict[int, list[AnswerRow]]
    gaps: list[GapRow]
    changes: list[SurveyChange]


def watch(
    spec: StudySpec, series: Series, folder: Path, *, attribution: Sequence[AttributionRow] = (),
    modelled: str = "", from_runs: frozenset[str] = frozenset(),
) -> tuple[Watched, Series]:  # fmt: skip
    """Return what a study says beyond its figures, and its series with what surveys add.

    Args:
        spec: the study.
        series: its indicators.
        folder: where its relative paths start.
        attribution: what changed coverage, where runs were swapped.
        modelled: what of the newest run is modelled, so that nothing may be designated by it; empty = nothing.
        from_runs: families of indicators that come from runs.

    Raises:
        InputError: a survey, a rule or a list of designated districts is at fault; every fault with its path.
    """
    faults, inputs, notes = list[Fault](), list[dict[str, Any]](), list[str]()
    surveys = _surveys(spec, series, folder, inputs, notes, faults)
    rules = _rules(spec, series, folder, inputs, notes, faults)
    if faults:
        raise InputError(faults)
    added = perception_series(series, surveys.specs, {
        at: [*rows, *surveys.crosstabs[at]] for at, rows in surveys.answers.items()
    }) if surveys.specs else None  # fmt: skip
    series = series if added is None else series.joined(added)
    steps = [
        Designated(series.editions[-1].name, step)
        for rule, listed in rules
        for step in designation_rows(series, rule, designated=listed, modelled=_modelled(rule, modelled, from_runs))
    ]
    watched = Watched(
        answers=tuple(row for rows in surveys.answers.values() for row in rows),
        crosstabs=tuple(row for rows in surveys.crosstabs.values() for row in rows),
        gaps=tuple(surveys.gaps), survey_changes=tuple(surveys.changes), changes=tuple(change_rows(series)),
        ranks=tuple(rank_rows(series)), warnings=tuple(warning_rows(series, spec.warnings, attribution)),
        attribution=tuple(attribution), designations=tuple(steps), rules=tuple(rule for rule, _ in rules),
        notes=tuple(dict.fromkeys(notes)), inputs=tuple(inputs),
    )  # fmt: skip
    return watched, series


def _surveys(
    spec: StudySpec, series: Series, folder: Path, inputs: list[dict[str, Any]], notes: list[str], faults: list[Fault]
) -> _Surveys:
    """Read every survey, oldest first, and compare each with the one before."""
    found = _Surveys({}, {}, {}, [], [])
    for position, (at, edition) in enumerate(spec.ordered):
        if edition.survey is None:
            continue
        try:
            people = read_respondents(folder, edition.survey, inputs)
        except InputError as error:
            faults += [fault.under(("editions", at, "survey")) for fault in error.faults]
            continue
        name = series.editions[position].name
        notes += [f"{name}: {note}" for note in people.notes]
        answers, crosstabs = (make(people, edition.survey, name) for make in (answer_rows, crosstab_rows))
        if found.answers:
            last = max(found.answers)
            found.changes.extend(survey_changes([*found.answers[last], *found.crosstabs[last]], [*answers, *crosstabs]))
        found.specs[position], found.answers[position], found.crosstabs[position] = edition.survey, answers, crosstabs
        found.gaps.extend(gap_rows(people, edition.survey, name))
    return found


def _rules(
    spec: StudySpec, series: Series, folder: Path, inputs: list[dict[str, Any]], notes: list[str], faults: list[Fault]
) -> list[tuple[RuleEntry, frozenset[str] | None]]:
    """Return every rule as a whole, with the districts that are designated today."""
    found: list[tuple[RuleEntry, frozenset[str] | None]] = []
    for at, entry in enumerate(spec.designations):
        try:
            rule = rule_of(entry)
            listed, told = designated_ids(rule, folder, series.ids, inputs)
        except InputError as error:
            faults += [fault.under(("designations", at)) for fault in error.faults]
            continue
        if any(rule.id == other.id for other, _ in found):
            faults.append(Fault(f"rule {rule.id!r} stands twice: give one another id", ("designations", at, "id")))
        notes += told
        found.append((rule, listed))
    return found


def _modelled(rule: RuleEntry, modelled: str, from_runs: frozenset[str]) -> str:
    """Return what is modelled of the figures that a rule takes from runs."""
    figures: list[FigureSpec] = [*rule.tests.values(), *(rule.index.parts.values() if rule.index else ())]
    return modelled if any(one.indicator.partition(":")[0] in from_runs for one in figures) else ""
