"""The terminal's short answer of a monitoring study."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from lifezone.monitor.series import IndicatorInfo, Series
from lifezone.report.monitored import Monitored
from lifezone.report.pages import Lines, Page, Sheet
from lifezone.report.watch import watch_sections, watched_page
from lifezone.report.words.grammar import Language
from lifezone.report.words.texts import texts_of
from lifezone.report.words.told import told_in
from lifezone.standards.disclosure import LEAST_GROUP

__all__ = ["monitored_page", "notes_in", "shown_value"]

_MOST_NOTES = 12


def shown_value(value: float, info: IndicatorInfo, *, disclose: bool = False) -> str:
    """Write a value with the indicator's digits; a small count of people is not shown, a missing value is a dash."""
    if np.isnan(value):
        return "–"
    if (info.additive or info.unit == "people") and 0 < abs(value) < LEAST_GROUP and not disclose:
        return f"<{LEAST_GROUP}"
    return f"{value:,.{info.decimals}f}"


def notes_in(series: Series, language: str) -> tuple[str, ...]:
    """Return what was assumed or left out, in a language; a note begins with its edition where it is about one."""
    said: Language = "ko" if language == "ko" else "en"
    names = {one.name for one in series.editions}
    told = []
    for note in series.notes:
        head, _, rest = note.partition(": ")
        told.append(f"{head}: {told_in(said, rest)}" if head in names else told_in(said, note))
    return tuple(told)


def monitored_page(result: Monitored, out: Path, *, language: str = "en", disclose: bool = False) -> Page:
    """Return the answer: what was computed, the whole study's values, what is missing, where files are."""
    series, korean = result.series, language == "ko"
    first, last = series.editions[0].name, series.editions[-1].name
    span = first if first == last else f"{first}–{last}"
    counted = (f"{len(series.ids):,}개 지역, {len(series.editions)}개 시점 ({span}), 지표 {len(series.indicators)}개"
               if korean else f"{len(series.ids):,} districts, {len(series.editions)} editions ({span}), "
               f"{len(series.indicators)} indicators")  # fmt: skip
    page: list[Sheet | Lines] = [Lines(result.name, (counted,))]
    if series.indicators:
        page.append(_values(series, korean=korean, disclose=disclose))
    if series.not_computed:
        page.append(_lacking(series, korean=korean))
    texts = texts_of("ko" if korean else "en", disclose)
    page += watched_page(watch_sections(result.watched, series, texts), texts)
    told = list(notes_in(series, language)[:_MOST_NOTES])
    if len(series.notes) > _MOST_NOTES:
        rest = len(series.notes) - _MOST_NOTES
        told.append(f"… 그 밖에 {rest:,}건은 manifest.json" if korean else f"… and {rest:,} more in manifest.json")
    if told:
        page.append(Lines("알림" if korean else "Notes", tuple(told)))
    page.append(Lines("파일" if korean else "Files", (f"{out}에 저장" if korean else f"written to {out}",)))
    return page


def _values(series: Series, *, korean: bool, disclose: bool) -> Sheet:
    """Return the table of indicators: the whole study by edition, and how many districts have a value."""
    header = ("지표", "단위", *(f"전체 {one.name}" for one in series.editions), "지역 수") if korean else (
        "indicator", "unit", *(f"all {one.name}" for one in series.editions), "districts")  # fmt: skip
    rows = []
    for at, info in enumerate(series.indicators):
        known = int((~np.isnan(series.value[:, :, at])).any(axis=1).sum())
        whole = [shown_value(one, info, disclose=disclose) for one in series.whole[:, at].tolist()]
        language = "ko" if korean else "en"
        rows.append((info.said(language), info.unit_in(language), *whole, f"{known:,}/{len(series.ids):,}"))
    return Sheet("지표" if korean else "Indicators", header, tuple(rows), words=2)


def _lacking(series: Series, *, korean: bool) -> Sheet:
    """Return the table of what is not computed."""
    header = ("지표", "시점", "까닭") if korean else ("indicator", "edition", "reason")
    everywhere = "전체" if korean else "all"
    editions: dict[tuple[str, str], list[str]] = {}
    for one in series.not_computed:
        told = (one.ko, one.reason_ko) if korean else (one.en, one.reason_en)
        editions.setdefault(told, []).append(one.edition or everywhere)
    rows = tuple((name, ", ".join(when), reason) for (name, reason), when in editions.items())
    return Sheet("계산하지 않은 지표" if korean else "Not computed", header, rows, words=3)
