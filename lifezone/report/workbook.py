"""An XLSX workbook of the tables, for handing on: notes and units first, small counts hidden, text stays text.

A spreadsheet is what people look at and send on: counts under 10 show ``<10`` as on the console (D of the disclosure
rule), and shares that would give such a count away are left empty. Numbers keep their full precision below a format
that people read. The creation date is fixed, so that the same result has the same bytes.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import fields
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import lifezone
from lifezone.model import TOTAL, Result
from lifezone.report.disclosure import NOTE
from lifezone.report.tables import Tables
from lifezone.standards.disclosure import LEAST_GROUP, shown_desert
from lifezone.standards.rows import ChangeRow, ClassRow, PushedRow, SummaryRow, WinnerRow

if TYPE_CHECKING:
    import xlsxwriter

__all__ = ["FILE", "add_sheet", "formats_of", "new_book", "safe", "write_workbook"]

FILE: Final = "result.xlsx"
_DATE: Final = datetime(2000, 1, 1, tzinfo=UTC).replace(tzinfo=None)
_COUNTS: Final = frozenset(
    {
        "people",
        "judged",
        "covered",
        "unreachable",
        "uncertain",
        "gain",
        "lose",
        "people_after",
        "winners",
        "losers",
        "mixed",
        "unchanged",
        "newly_reached",
        "cut_off",
        "served",
        "full",
        "out_of_reach",
        "served_before",
        "served_after",
        "within",
        "unreached",
        "covered_before",
        "covered_after",
        "newly_covered",
        "no_longer_covered",
    }
)
_MONEY: Final = ("cost", "cost_won")
_SHARES: Final = ("coverage", "share", "low", "high", "gap")
_UNITS: Final[Mapping[str, tuple[str, str]]] = {
    "people": ("그 지역에 사는 대상 인구", "people of the group who live there"),
    "judged": ("판정한 사람", "people judged"),
    "covered": ("기준 안에 사는 사람", "people within the bound"),
    "coverage": ("기준 안에 사는 비율, low와 high는 불확실 구간", "share within the bound; low and high: its interval"),
    "minutes": ("문에서 문까지 분, 음수는 빨라짐", "minutes door to door; negative = quicker"),
    "shortfall": ("부족 깊이(FGT 1), 0에서 1", "depth of shortfall (FGT 1), 0 to 1"),
    "unreachable": ("갈 수 없는 사람", "people with no path, off the roads or without a facility"),
    "gain": ("새로 기준 안에 든 사람", "people newly within the bound"),
    "lose": ("기준 밖으로 밀려난 사람", "people no longer within the bound"),
    "winners": ("나아진 사람(0.1분, 10 m 이상)", "people who are better off by 0.1 min or 10 m at least"),
    "losers": ("나빠진 사람", "people who are worse off"),
    "cut_off": ("갈 수 없게 된 사람", "people who no longer reach any"),
    "facility": ("전에 이용하던 시설", "facility used before"),
    "class": ("등급 A–D", "class A to D"),
}
"""What columns mean, in Korean and English."""


def write_workbook(result: Result, tables: Tables, folder: Path, *, disclose: bool) -> None:
    """Write ``result.xlsx``."""
    from lifezone.report.plan_workbook import add_plan_sheets  # noqa: PLC0415  (it adds to what this module makes)

    book = new_book(folder / FILE, result.name)
    formats = formats_of(book)
    _notes(book, formats, result)
    made: Sequence[tuple[str, type, Iterable[Any]]] = (
        ("요약 summary", SummaryRow, tables.summary),
        ("변화 changes", ChangeRow, tables.changes),
        ("득실 winners_losers", WinnerRow, tables.winners),
        ("밀려남 pushed_beyond", PushedRow, tables.pushed),
        ("등급 classes", ClassRow, tables.classes),
    )
    for name, kind, rows in made:
        header = [field.name for field in fields(kind)]
        add_sheet(book, formats, name, header, ([getattr(row, key) for key in header] for row in rows), disclose)
    _deserts(book, formats, result, disclose)
    _requirements(book, formats, result)
    plans = [(variant.name, variant.planned) for variant in result.variants if variant.planned is not None]
    if plans:
        add_plan_sheets(book, formats, plans, disclose=disclose)
    book.close()


def new_book(path: Path, title: str) -> xlsxwriter.Workbook:
    """Return an empty workbook that takes text for text and has a fixed date."""
    import xlsxwriter  # noqa: PLC0415  (only where a workbook is asked for)

    options = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    book = xlsxwriter.Workbook(str(path), options)
    book.set_properties({"title": title[:255], "created": _DATE, "author": f"lifezone {lifezone.__version__}"})
    return book


def formats_of(book: xlsxwriter.Workbook) -> dict[str, Any]:
    """Return the formats of cells."""
    return {
        "head": book.add_format({"bold": True, "bg_color": "#e3e5e8", "text_wrap": True, "valign": "top"}),
        "count": book.add_format({"num_format": "#,##0"}),
        "share": book.add_format({"num_format": "0.0%"}),
        "number": book.add_format({"num_format": "0.00"}),
        "text": book.add_format({"num_format": "@"}),
        "wrap": book.add_format({"text_wrap": True, "valign": "top"}),
        "title": book.add_format({"bold": True, "font_size": 14}),
    }


def _notes(book: xlsxwriter.Workbook, formats: Mapping[str, Any], result: Result) -> None:
    """Write the first sheet: what this is, what columns mean, what must be known."""
    sheet = book.add_worksheet("안내 notes")
    sheet.set_column(0, 0, 26)
    sheet.set_column(1, 2, 70)
    standard = result.baseline.assessment.standard
    lines: list[tuple[str, str, str]] = [
        ("기준 / standard", f"{standard.id}: {standard.name_ko}", standard.name_en),
        ("변형 / variants", ", ".join(one.name for one in result.variants), "baseline = 지금 / as it is"),
        ("공개 원칙 / disclosure", "10명 미만은 <10으로 표시하고, 그 값이 드러나는 비율은 비웁니다.", NOTE),
        (
            "빈칸 / empty",
            "해당 없음 또는 값이 없음. 갈 수 없는 곳은 숫자로 바꾸지 않습니다.",
            "not applicable or not defined; unreachable is never a number",
        ),
        *((name, *words) for name, words in _UNITS.items()),
        *(("알림 / warning", "", warning) for warning in result.provenance.warnings),
    ]
    demand, network = result.baseline.world.demand, result.baseline.world.network
    if demand.modelled or network.modelled:
        what = "; ".join(part for part in (demand.modelled, network.modelled) if part)
        lines.insert(0, ("모형 자료 / modelled", "지정·판정 자료로 쓸 수 없음", f"not for designation: {what}"))
    sheet.write_string(0, 0, safe(result.name), formats["title"])
    for at, row in enumerate(lines, 2):
        for column, text in enumerate(row):
            sheet.write_string(at, column, safe(text), formats["wrap"])
    for at, variant in enumerate(result.variants[1:], len(lines) + 3):
        sheet.write_string(at, 0, safe(f"변형 / variant {variant.name}"), formats["wrap"])
        sheet.write_string(at, 1, safe("; ".join(variant.edits)), formats["wrap"])


def add_sheet(
    book: xlsxwriter.Workbook,
    formats: Mapping[str, Any],
    name: str,
    header: Sequence[str],
    rows: Iterable[Sequence[Any]],
    disclose: bool,
) -> None:
    """Write one table with a frozen head and a filter."""
    sheet = book.add_worksheet(name[:31])
    shown = [column.rstrip("_") for column in header]
    for at, column in enumerate(shown):
        sheet.write_string(0, at, column, formats["head"])
        if column in _UNITS:
            sheet.write_comment(0, at, " / ".join(_UNITS[column]), {"author": "lifezone"})
    count = 0
    for count, row in enumerate(rows, 1):
        hidden = not disclose and _gives_away(dict(zip(header, row, strict=True)))
        for at, (column, value) in enumerate(zip(header, row, strict=True)):
            _cell(sheet, formats, (count, at), column, value, hide_share=hidden, disclose=disclose)
    sheet.freeze_panes(1, 0)
    sheet.autofilter(0, 0, max(count, 1), len(header) - 1)
    sheet.set_column(0, len(header) - 1, 14)


def _cell(
    sheet: Any,
    formats: Mapping[str, Any],
    at: tuple[int, int],
    column: str,
    value: Any,
    *,
    hide_share: bool,
    disclose: bool,
) -> None:
    """Write one value: counts hidden when small, shares as percent, text as text."""
    is_count = column in _COUNTS or column.startswith("people_")
    if value is None:
        return
    if isinstance(value, str):
        sheet.write_string(*at, safe(value), formats["text"])
    elif isinstance(value, bool):
        sheet.write_boolean(*at, value)
    elif column in _MONEY:
        sheet.write_number(*at, round(float(value), 6), formats["count"])
    elif is_count and not disclose and 0 < value < LEAST_GROUP:
        sheet.write_string(*at, f"<{LEAST_GROUP}")
    elif is_count:
        sheet.write_number(*at, round(float(value), 6), formats["count"])
    elif any(word in column for word in _SHARES):
        if not hide_share:
            sheet.write_number(*at, round(float(value), 9), formats["share"])
    else:
        sheet.write_number(*at, round(float(value), 6), formats["number"])


def _gives_away(row: Mapping[str, Any]) -> bool:
    """Tell whether a share of this row, times its people, would tell a count that is hidden."""
    whole = row.get("judged", row.get("people"))
    parts = [row.get("covered"), row.get("gain"), row.get("lose")]
    if not isinstance(whole, int | float):
        return False
    left = [value for part in parts if isinstance(part, int | float) for value in (part, whole - part)]
    return 0 < whole < LEAST_GROUP or any(0 < value < LEAST_GROUP for value in left)


def _deserts(book: xlsxwriter.Workbook, formats: Mapping[str, Any], result: Result, disclose: bool) -> None:
    """Write the life deserts; small ones without a name."""
    groups = result.baseline.world.demand.groups
    header = [
        "variant",
        "desert",
        "name",
        "name_en",
        *(f"people_{group}" for group in groups),
        "missing",
        "worst_minutes",
        "district",
    ]
    rows = []
    for variant in result.variants:
        own, ids = variant.world.demand.groups, variant.world.districts.ids
        for one in variant.assessment.deserts:
            people = dict(zip(own, one.people, strict=True))
            names = [shown_desert(one, people[TOTAL], language, disclose=disclose) or None for language in ("ko", "en")]
            worst = one.worst_seconds / 60 if one.worst_seconds < float("inf") else None
            rows.append(
                [
                    variant.name,
                    str(one.label),
                    *names,
                    *(people.get(group) for group in groups),
                    ", ".join(one.missing),
                    worst,
                    ids[one.district] if 0 <= one.district < len(ids) else None,
                ]
            )
    add_sheet(book, formats, "생활사막 deserts", header, rows, disclose)


def _requirements(book: xlsxwriter.Workbook, formats: Mapping[str, Any], result: Result) -> None:
    """Write the rules that were judged by, with source, date and confidence."""
    header = [
        "id",
        "name_ko",
        "name_en",
        "kinds",
        "mode",
        "bound",
        "group",
        "setting",
        "source",
        "date",
        "confidence",
        "note",
    ]
    rows = [
        [
            rule.id,
            rule.name_ko,
            rule.name_en,
            ", ".join(rule.kinds),
            rule.mode,
            rule.bound_text,
            rule.group,
            rule.setting,
            rule.source,
            rule.date,
            rule.confidence,
            rule.note,
        ]
        for rule in dict.fromkeys(
            rule for variant in result.variants for rule in variant.assessment.standard.requirements
        )
    ]
    add_sheet(book, formats, "기준 requirements", header, rows, True)


def safe(text: str) -> str:
    """Return text without characters that XML cannot hold, at most as long as a cell takes."""
    return "".join(c for c in text if c.isprintable() or c in "\n\t")[:32_000]
