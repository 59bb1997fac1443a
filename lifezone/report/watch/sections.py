"""Sections about warnings, what changed coverage, designations and changes, in one language."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Sequence
from typing import Final

from lifezone.monitor.attribution import ALL_MET, PARTS, AttributionRow
from lifezone.monitor.designation_rule import BEYOND, INDEX, RuleEntry
from lifezone.monitor.series import IndicatorInfo, Series
from lifezone.monitor.since import ALL
from lifezone.monitor.warning import WarningRow
from lifezone.monitor.watch import Watched
from lifezone.report.document import Block, Cell, Column, Paragraph, Section, Table
from lifezone.report.watch.survey import survey_section
from lifezone.report.words.texts import Texts
from lifezone.report.words.told import told_in
from lifezone.standards.names import NameSpec

__all__ = ["watch_sections"]

_SHARE: Final = 100.0
_UNSAID: Final = re.compile(r"\W+")


def watch_sections(watched: Watched, series: Series, texts: Texts) -> list[Section]:
    """Return the sections that a study has something for: warnings, changes, what changed, designations, surveys.

    Args:
        watched: rows of every part.
        series: its indicators, for names and units.
        texts: of the language.
    """
    makers: tuple[Callable[[Watched, Series, Texts], Section | None], ...] = (
        _warnings, _changes, _attribution, _designations, survey_section,
    )  # fmt: skip
    made = [make(watched, series, texts) for make in makers]
    return [section for section in made if section is not None]


def _figure(value: float | None, info: IndicatorInfo | None, texts: Texts) -> str:
    """Write an indicator's value with its unit."""
    if value is None or info is None:
        return "–" if value is None else f"{value:,.1f}"
    number = f"{value:,.{info.decimals}f}"
    key = f"watch.unit.{_UNSAID.sub('_', info.unit).strip('_')}"
    if texts.has(key):
        return texts.say(key, n=number)
    return f"{number} {info.unit}" if info.unit else number


def _signed(value: float | None, info: IndicatorInfo | None) -> str:
    """Write a difference of an indicator with its sign."""
    digits = 2 if info is None else max(info.decimals, 2)
    return "–" if value is None else f"{value:+,.{digits}f}"


def _info(series: Series, indicator: str) -> IndicatorInfo | None:
    """Return an indicator by its id."""
    return series.indicators[series.at(indicator)] if series.has(indicator) else None


def _named(series: Series, indicator: str, texts: Texts) -> str:
    """Return what an indicator is called."""
    info = _info(series, indicator)
    return indicator if info is None else info.said(texts.language)


def _district(series: Series, key: str, texts: Texts) -> str:
    """Return what a district is called."""
    if key == ALL:
        return texts.say("watch.all")
    return series.name_of(series.ids.index(key), texts.language) if key in series.ids else key


def _warnings(watched: Watched, series: Series, texts: Texts) -> Section | None:
    """Return the early warning."""
    if not any(one.classes is not None for one in series.indicators) and not watched.warnings:
        return None
    counts = {
        "worse": sum(row.kind == "crossed" and row.worse is True for row in watched.warnings),
        "better": sum(row.kind == "crossed" and row.worse is False for row in watched.warnings),
        "stays": sum(row.kind == "stays" for row in watched.warnings),
        "nears": sum(row.kind == "nears" for row in watched.warnings),
    }
    if not watched.warnings:
        return Section(
            "warnings", texts.say("watch.warnings.title"), (Paragraph(texts.say("watch.warnings.none"), "lead"),)
        )
    columns = tuple(
        Column(key, texts.say(f"watch.warnings.{key}"))
        for key in ("district", "indicator", "event", "value", "since", "why")
    )
    rows = tuple(_warning(row, series, texts) for row in watched.warnings)
    blocks: list[Block] = [Paragraph(texts.say("watch.warnings.lead", **counts), "lead")]
    blocks.append(Table("warnings", texts.say("watch.warnings.caption"), columns, rows, most=30))
    if counts["nears"]:
        blocks.append(Paragraph(texts.say("watch.warnings.trend"), "note"))
    return Section("warnings", texts.say("watch.warnings.title"), tuple(blocks))


def _warning(row: WarningRow, series: Series, texts: Texts) -> tuple[Cell, ...]:
    """Return one row of the early warning."""
    info = _info(series, row.indicator)
    korean = texts.language == "ko"
    now, before = (row.class_, row.class_before) if korean else (row.class_en, row.class_before_en)
    if row.kind == "crossed":
        event = texts.say("watch.warnings.crossed", before=before, now=now)
        if row.significant is False:
            event += f" ({texts.say('survey.chance')})"
    elif row.kind == "stays":
        event = texts.say("watch.warnings.stays", now=now)
    elif row.years_high is None:
        event = texts.say("watch.warnings.nears_or_never", ahead=before, years=row.years, low=row.years_low)
    else:
        event = texts.say("watch.warnings.nears", ahead=before, years=row.years, low=row.years_low, high=row.years_high)
    why = "" if not row.why else texts.say(
        "watch.warnings.because", part=_part(row.why, series, texts), amount=_signed(row.why_part, info),
        rest=_signed(row.why_rest, info),
    )  # fmt: skip
    return (_district(series, row.district, texts), _named(series, row.indicator, texts), event,
            _figure(row.value, info, texts), row.since, why)  # fmt: skip


def _part(why: str, series: Series, texts: Texts) -> str:
    """Return what a part of a change is called: one of the swapped parts, of the ratio, or a requirement."""
    key = f"watch.part.{why}"
    return texts.say(key) if texts.has(key) else _named(series, why, texts)


def _changes(watched: Watched, series: Series, texts: Texts) -> Section | None:
    """Return how many districts became better and worse by every indicator since the edition before."""
    newest = series.editions[-1].name if series.editions else ""
    rows = []
    for info in series.indicators:
        own = [row for row in watched.changes if row.edition == newest and row.indicator == info.id]
        districts = [row for row in own if row.district != ALL]
        if not districts:
            continue
        tested = [row for row in districts if row.significant is not None]
        rows.append((
            info.said(texts.language), districts[0].edition_before,
            *(_figure(one, info, texts) for one in _together(series, info, districts[0].edition_before)),
            *((sum(row.better is state for row in districts) if info.direction != "neither" else None)
              for state in (True, False)),
            sum(row.absolute > 0 for row in districts), sum(row.absolute < 0 for row in districts),
            sum(row.significant is True for row in tested) if tested else texts.say("watch.changes.full_count"),
        ))  # fmt: skip
    if not rows:
        return None
    texts_of = ("indicator", "since", "before", "now")
    columns = (
        *(Column(key, texts.say(f"watch.changes.{key}")) for key in texts_of),
        *(Column(key, texts.say(f"watch.changes.{key}"), "count") for key in ("better", "worse", "up", "down")),
        Column("significant", texts.say("watch.changes.significant"), note=texts.say("watch.changes.test")),
    )
    told = tuple((*row[:-1], row[-1] if isinstance(row[-1], str) else str(row[-1])) for row in rows)
    table = Table("since_last", texts.say("watch.changes.caption", edition=newest), columns, told,
                  note=texts.say("watch.changes.test"))  # fmt: skip
    return Section("since_last", texts.say("watch.changes.title"), (table,))


def _together(series: Series, info: IndicatorInfo, before: str) -> tuple[float | None, float | None]:
    """Return the values of the whole study in an earlier edition and in the newest one."""
    names = [one.name for one in series.editions]
    pair = [float(series.whole[at, series.at(info.id)]) for at in (names.index(before), len(names) - 1)]
    return tuple(None if math.isnan(one) else one for one in pair)  # type: ignore[return-value]


def _attribution(watched: Watched, series: Series, texts: Texts) -> Section | None:
    """Return what changed coverage between the newest two editions whose runs were swapped."""
    newest = watched.attribution[-1].edition if watched.attribution else ""
    own = [row for row in watched.attribution if row.edition == newest and row.measure == "coverage"]
    if not own:
        return None
    whole = [row for row in own if row.district == ALL]
    everything = next((row for row in whole if row.requirement == ALL_MET), None)
    span = {"before": own[0].edition_before, "after": newest}
    blocks: list[Block] = []
    if everything is not None and everything.people is not None and everything.change is not None:
        lead = "same" if everything.change == 0 else "lead"
        blocks.append(Paragraph(texts.say(
            f"watch.attribution.{lead}", **span, share=(everything.before or 0.0) / _SHARE,
            now=(everything.after or 0.0) / _SHARE, change=everything.change / _SHARE,
            **{part: (getattr(everything, part) or 0.0) / _SHARE for part in PARTS},
        ), "lead"))  # fmt: skip
    by_requirement = texts.say("watch.attribution.by_requirement", **span)
    blocks.append(_split("attribution_requirements", by_requirement, "requirement", whole, texts,
                         lambda row: row.name if texts.language == "ko" else row.name_en))  # fmt: skip
    districts = [row for row in own if row.requirement == ALL_MET and row.district != ALL]
    if districts:
        blocks.append(_split("attribution_districts", texts.say("watch.attribution.by_district", **span), "district",
                             districts, texts, lambda row: _district(series, row.district, texts)))  # fmt: skip
    blocks.append(Paragraph(texts.say("watch.attribution.how"), "note"))
    return Section("attribution", texts.say("watch.attribution.title"), tuple(blocks))


def _split(
    id_: str, caption: str, first: str, rows: Sequence[AttributionRow], texts: Texts,
    name: Callable[[AttributionRow], str],
) -> Table:  # fmt: skip
    """Return a table of changes and their parts."""
    columns = (
        Column(first, texts.say(f"watch.attribution.{first}")),
        *(Column(key, texts.say(f"watch.attribution.{key}"), "percent") for key in ("before", "after")),
        *(Column(key, texts.say(f"watch.part.{key}"), "points") for key in PARTS),
    )

    def shares(row: AttributionRow) -> tuple[Cell, ...]:
        values = (row.before, row.after, row.people, row.facilities, row.roads, row.standard)
        return tuple(None if value is None else value / _SHARE for value in values)

    return Table(id_, caption, columns, tuple((name(row), *shares(row)) for row in rows), most=30)


def _designations(watched: Watched, series: Series, texts: Texts) -> Section | None:
    """Return the result of every rule for every district, and its steps."""
    if not watched.designations:
        return None
    results, steps, lacking = [], [], list[str]()
    rules = {str(rule.id): _rule(rule, texts) for rule in watched.rules}
    for one in watched.designations:
        step = one.step
        lacking = [] if step.step == "eligible" else lacking
        name = (rules.get(step.designation, step.designation), _district(series, step.id, texts))
        if step.step == "grade":
            why = _said(step.reason, texts)
            if step.grade is None and lacking:
                why = texts.say("watch.designations.lacking", names=lacking)
            results.append([*name, texts.say(f"watch.designations.{_met(step.grade)}"), why])
        elif step.step == "still":
            results[-1][2] += f" · {texts.say(f'watch.designations.{_state(step.holds, step.reason)}')}"
        holds = "–" if step.holds is None else texts.say(f"watch.designations.{'holds' if step.holds else 'fails'}")
        if step.step not in ("grade", "still"):
            said_step = _step(step.step, step.measure, series, texts)
            if step.value is None and step.step not in ("eligible", "exception", INDEX, BEYOND):
                lacking.append(said_step)
            comparison = texts.say(f"watch.designations.cuts.{step.comparison}") if step.comparison else ""
            steps.append((*name, said_step, step.value, comparison, step.threshold,
                          holds, _said(step.reason, texts)))  # fmt: skip
    said = {key: texts.say(f"watch.designations.{key}") for key in
            ("rule", "district", "result", "reason", "step", "value", "comparison", "cut", "state")}  # fmt: skip
    blocks: list[Block] = [
        Paragraph(texts.say("watch.designations.lead"), "lead"),
        Table("designation_results", texts.say("watch.designations.results"),
              tuple(Column(key, said[key]) for key in ("rule", "district", "result", "reason")),
              tuple(tuple(row) for row in results), most=30),
        Table("designation_steps", texts.say("watch.designations.steps"), (
            *(Column(key, said[key]) for key in ("rule", "district", "step")), Column("value", said["value"], "number"),
            Column("comparison", said["comparison"]), Column("cut", said["cut"], "number"),
            Column("state", said["state"]), Column("reason", said["reason"]),
        ), tuple(steps), most=30),
    ]  # fmt: skip
    return Section("designations", texts.say("watch.designations.title"), tuple(blocks))


def _step(step: str, measure: str, series: Series, texts: Texts) -> str:
    """Return what a step is called: a figure of the index by its indicator."""
    if texts.has(f"watch.designations.steps_of.{step}"):
        return texts.say(f"watch.designations.steps_of.{step}")
    name = step.rpartition(".")[2]
    if step.startswith(f"{INDEX}.") and texts.has(f"watch.designations.figures.{name}"):
        return texts.say(f"watch.designations.figures.{name}")
    return _named(series, measure, texts) if series.has(measure) else name


def _said(reason: str, texts: Texts) -> str:
    """Say the parts of a reason in a language."""
    return "; ".join(told_in(texts.language, part) for part in reason.split("; "))


def _rule(rule: RuleEntry, texts: Texts) -> str:
    """Return what a rule is called."""
    name = rule.name or NameSpec()
    return (name.ko if texts.language == "ko" else name.en) or name.en or name.ko or str(rule.id)


def _met(grade: str | None) -> str:
    """Return the key of a result."""
    return "undecided" if grade is None else "meets" if grade else "does_not"


def _state(holds: bool | None, reason: str) -> str:
    """Return the key of what a result means for a district that is designated today, or is not."""
    if "undecided" in reason:
        return "was_undecided" if reason.startswith("designated") else "new_undecided"
    if holds is None:
        return "newly" if "newly" in reason else "never"
    return "still" if holds else "no_longer"
