"""The sheets of plans in a workbook: what was asked and how good the answer is, its sites, who gains, the audit."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import fields
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from lifezone.model import Planned, Plans, WhoRow
from lifezone.report.disclosure import NOTE
from lifezone.report.plan_words import NO_PLAN, STATES, aim, objective, proof
from lifezone.report.plans import site_rows
from lifezone.report.workbook import FILE, add_sheet, formats_of, new_book, safe
from lifezone.standards.disclosure import LEAST_GROUP

if TYPE_CHECKING:
    import xlsxwriter

__all__ = ["add_plan_sheets", "write_plan_workbook"]

_HEAD: Final = ("variant", "kind", "method", "asked", "objective", "proof", "opened", "closed", "status", "gap",
                "people", "unreached", "cost_won")  # fmt: skip
_PRIVATE: Final = ("mean_minutes", "worst_minutes", "mean_metres", "worst_metres")
"""Amounts that are left out for a handful of people: they tell where these live."""


def write_plan_workbook(result: Plans, folder: Path, *, disclose: bool) -> None:
    """Write ``result.xlsx`` of plans alone."""
    book = new_book(folder / FILE, result.name)
    formats = formats_of(book)
    sheet = book.add_worksheet("안내 notes")
    sheet.set_column(0, 0, 26)
    sheet.set_column(1, 2, 70)
    lines = [
        (result.name, "", ""),
        ("한계값 / bound", "어떤 계획도 이보다 나을 수 없는 값", "no plan can do better than this"),
        ("차이 / gap", "계획과 한계값의 차이, 0이면 최선이 증명됨", "from the plan to the bound; 0 = proved best"),
        ("감사 / audit", "계획의 모든 주장을 다른 코드로 이동 시간에서 다시 계산한 것",
         "every claim computed again from the travel times by other code"),
        ("공개 원칙 / disclosure", "10명 미만은 <10으로 표시합니다.", NOTE),
        *(("알림 / note", "", note) for note in result.provenance.warnings),
    ]  # fmt: skip
    for at, row in enumerate(lines):
        for column, text in enumerate(row):
            sheet.write_string(at, column, safe(text), formats["title" if at == 0 else "wrap"])
    add_plan_sheets(book, formats, [(name, found) for name, _, found in result.plans], disclose=disclose)
    book.close()


def add_plan_sheets(
    book: xlsxwriter.Workbook, formats: Mapping[str, Any], plans: Sequence[tuple[str, Planned]], *, disclose: bool
) -> None:
    """Add the sheets of some plans to a workbook."""
    add_sheet(book, formats, "계획 plans", _HEAD, [_plan_row(*one, disclose) for one in plans], disclose)
    tables = [site_rows(found) for _, found in plans]
    head = list(dict.fromkeys(name for names, _ in tables for name in names if name not in ("lon", "lat")))
    sites = []
    for (name, _), (names, rows) in zip(plans, tables, strict=True):
        for row in rows:
            told = dict(zip(names, row, strict=True))
            told["state"] = " / ".join(STATES[told["state"]])
            if not disclose and 0 < told["people"] < LEAST_GROUP:
                told |= dict.fromkeys(_PRIVATE)
            sites.append([name, *(told.get(key) for key in head)])
    add_sheet(book, formats, "계획의 시설 sites", ["variant", *head], sites, disclose)
    names = [field.name for field in fields(WhoRow)]
    who = [[name, *(_who_cell(row, key, disclose) for key in names)] for name, found in plans for row in found.who]
    add_sheet(book, formats, "계획의 득실 who", ["variant", *names], who, disclose)
    later = [
        [name, one.year, one.people, one.objective, one.best, one.worse, ", ".join(one.opened), ", ".join(one.closed),
         "; ".join(one.notes)]
        for name, found in plans for one in found.later
    ]  # fmt: skip
    if later:
        head = [
            "variant",
            "year",
            "people",
            "objective",
            "best_then",
            "share_behind",
            "best_opens",
            "best_closes",
            "notes",
        ]
        add_sheet(book, formats, "나중 연도 later", head, later, disclose)
    claims = [
        [name, claim.what, claim.claimed, claim.found, claim.ok] for name, found in plans for claim in found.plan.audit
    ]
    add_sheet(book, formats, "감사 audit", ["variant", "claim", "claimed", "recomputed", "ok"], claims, True)


def _plan_row(name: str, found: Planned, disclose: bool) -> list[Any]:
    """Return the row of one plan, its objective in units that people read."""
    plan = found.plan
    if plan.status in NO_PLAN:
        told = [" / ".join(NO_PLAN[plan.status]), "; ".join((*plan.reasons_ko, *plan.reasons))]
    else:
        value = objective(found, plan.objective, disclose=disclose)
        told = [" / ".join(dict.fromkeys(value)), " / ".join(proof(found, disclose=disclose))]
    costs = [use.cost for use in found.sites if use.state == "opened"]
    known = [cost for cost in costs if cost is not None]
    return [
        name, found.kind, plan.method, " / ".join(aim(plan.method)), *told, ", ".join(found.opened),
        ", ".join(found.closed), plan.status, plan.gap if plan.gap < float("inf") else None, found.people,
        found.unreached, sum(known) if costs and len(known) == len(costs) else None,
    ]  # fmt: skip


def _who_cell(row: WhoRow, key: str, disclose: bool) -> Any:
    """Return a value of a row; means of a handful of people are left out."""
    few = {"mean_won": row.winners, "mean_lost": row.losers}.get(key)
    return None if few is not None and not disclose and 0 < few < LEAST_GROUP else getattr(row, key)
