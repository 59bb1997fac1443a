"""What ``lifezone compare`` prints: what differs in the inputs first, then who gains, who loses, who is pushed out."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from lifezone.model import TOTAL, Requirement
from lifezone.report.comparison import Comparison
from lifezone.report.pages import Lines, Page, Sheet
from lifezone.report.tables import ALL
from lifezone.standards.disclosure import shown_group
from lifezone.standards.judge import effective_group
from lifezone.standards.rows import ChangeRow
from lifezone.standards.winners import ANY

__all__ = ["comparison_page"]

_MOST_DIFFERENCES: Final = 20
_MOST_DISTRICTS: Final = 8
_WORD: Final = 60


def comparison_page(comparison: Comparison, out: Path | None, *, language: str = "en", disclose: bool = False) -> Page:
    """Return the short answer of a comparison.

    Args:
        comparison: the two results.
        out: where the files are, or None when none were written.
        language: ``ko`` or ``en``.
        disclose: show counts of fewer than 10 people as they are.
    """
    korean = language == "ko"
    page: list[Sheet | Lines] = [_inputs(comparison, korean)]
    if comparison.notes:
        page.append(Lines("비교할 수 없는 것" if korean else "What could not be compared", comparison.notes))
    page.append(_coverage(comparison, korean, disclose))
    deserts = _deserts(comparison, korean, disclose)
    page += [deserts] if deserts is not None else []
    page.append(_winners(comparison, korean, disclose))
    pushed = _pushed(comparison, korean, disclose)
    page += [pushed] if pushed is not None else []
    if out is not None:
        names = ("differences.csv", "changes.csv", "winners_losers.csv", "pushed_beyond.csv", "cells.parquet", "maps")
        lines = tuple(str(out / name) for name in names if (out / name).exists())
        page.append(Lines("결과 파일" if korean else "Files", lines))
    return page


def _inputs(comparison: Comparison, korean: bool) -> Sheet | Lines:
    """Name what the two were made of, where it differs."""
    found = comparison.differences
    title = "두 결과의 입력이 다른 곳" if korean else "Inputs that differ"
    if not found:
        same = "입력과 설정이 모두 같습니다" if korean else "none: same files, settings, standard and versions"
        return Lines(title, (same,))
    hidden = len(found) - _MOST_DIFFERENCES
    if hidden > 0:
        title += f" (외 {hidden}건은 differences.csv)" if korean else f" ({hidden} more in differences.csv)"
    rows = tuple((one.part, one.what, _cut(one.before), _cut(one.after)) for one in found[:_MOST_DIFFERENCES])
    head = ("구분", "무엇") if korean else ("part", "what")
    return Sheet(title, (*head, *comparison.names), rows, words=4)


def _coverage(comparison: Comparison, korean: bool, disclose: bool) -> Sheet:
    """Tell coverage before and after, and who gains and loses, by requirement."""
    rows = []
    for rule, change in _headlines(comparison):
        name = (rule.name_ko if korean else rule.name_en) or rule.id
        gain, lose = (shown_group(people, disclose=disclose) for people in (change.gain, change.lose))
        minutes = "" if change.minutes is None else f"{change.minutes:+.2f}"
        rows.append((name, f"{rule.bound_text} {rule.mode}", change.group, _share(change.coverage_before),
                     _share(change.coverage_after), f"+{gain}", f"−{lose}", minutes))  # fmt: skip
    head = (
        ("기준", "한도", "대상", *comparison.names, "새로 충족", "미충족 전환", "평균 분 변화") if korean
        else ("requirement", "bound", "for", *comparison.names, "gain", "lose", "mean minutes")
    )  # fmt: skip
    title = "기준 안에 사는 사람" if korean else "People within the bound"
    return Sheet(title, head, tuple(rows), words=3)


def _headlines(comparison: Comparison) -> list[tuple[Requirement, ChangeRow]]:
    """Return the row of the whole area and the requirement's own group, for every requirement that both judge."""
    before = comparison.pair.before
    told = {(row.requirement, row.group): row for row in comparison.tables.changes if row.district == ALL}
    found = []
    for rule in before.assessment.standard.requirements:
        row = told.get((rule.id, effective_group(rule, before.world.demand)[0]))
        if row is not None:
            found.append((rule, row))
    return found


def _deserts(comparison: Comparison, korean: bool, disclose: bool) -> Lines | None:
    """Tell people lifted out of and fallen into life deserts."""
    row = next(
        (row for row in comparison.tables.changes
         if row.requirement == "desert" and row.district == ALL and row.group == TOTAL), None
    )  # fmt: skip
    if row is None:
        return None
    out, into = (shown_group(people, disclose=disclose) for people in (row.gain, row.lose))
    resolved, new = row.deserts_resolved, row.deserts_new
    if korean:
        line = f"벗어난 사람 {out}명, 새로 들어간 사람 {into}명; 사라진 생활사막 {resolved}곳, 새로 생긴 곳 {new}곳"
    else:
        line = f"{out} people lifted out, {into} fallen in; {resolved} deserts resolved, {new} new"
    return Lines("생활사막" if korean else "Life deserts", (line,))


def _winners(comparison: Comparison, korean: bool, disclose: bool) -> Sheet:
    """Tell winners and losers over all requirements: the whole area by group, then the districts that change most."""
    rows = [row for row in comparison.tables.winners if row.requirement == ANY]
    whole = [row for row in rows if row.district == ALL]
    parts = [
        row for row in rows if row.district != ALL and row.group == TOTAL and row.winners + row.losers + row.mixed > 0
    ]
    parts.sort(key=lambda row: -(row.winners + row.losers + row.mixed))
    units = comparison.pair.before.world.districts
    name_of = dict(zip(units.ids, units.name if korean else units.name_en or units.name, strict=True))
    whole_name = "전체" if korean else "whole area"
    table = tuple(
        (name_of.get(row.district, whole_name), row.group,
         *(shown_group(people, disclose=disclose) for people in (row.winners, row.losers, row.mixed, row.unchanged)))
        for row in [*whole, *parts[:_MOST_DISTRICTS]]
    )  # fmt: skip
    head = (
        ("지역", "대상", "좋아짐", "나빠짐", "엇갈림", "그대로") if korean
        else ("place", "for", "winners", "losers", "mixed", "unchanged")
    )  # fmt: skip
    title = "누가 얻고 누가 잃나 (모든 기준)" if korean else "Winners and losers, all requirements together"
    return Sheet(title, head, table, words=2)


def _pushed(comparison: Comparison, korean: bool, disclose: bool) -> Sheet | None:
    """Tell who is pushed beyond a bound, by the facility used before."""
    rows = [
        row for row in comparison.tables.pushed if row.district == ALL and row.facility != ALL and row.group == TOTAL
    ]
    rows = rows or [row for row in comparison.tables.pushed if row.district == ALL and row.facility != ALL]
    if not rows:
        return None
    rows.sort(key=lambda row: -row.people)
    table = tuple(
        (row.requirement, row.group, row.facility, shown_group(row.people, disclose=disclose),
         "" if row.extra_minutes is None else f"{row.extra_minutes:+.1f}", shown_group(row.cut_off, disclose=disclose))
        for row in rows[:_MOST_DISTRICTS]
    )  # fmt: skip
    head = (
        ("기준", "대상", "전에 이용한 시설", "사람", "늘어난 분", "갈 수 없게 됨") if korean
        else ("requirement", "for", "facility used before", "people", "extra minutes", "cut off")
    )  # fmt: skip
    return Sheet("기준 밖으로 밀려난 사람" if korean else "Pushed beyond the bound", head, table, words=3)


def _share(value: float | None) -> str:
    return "–" if value is None else f"{100 * value:.1f} %"


def _cut(text: str) -> str:
    """Shorten what would not fit on a line; the file has it in full."""
    return text if len(text) <= _WORD else f"{text[: _WORD - 1]}…"
