"""Start the report of a file that was opened."""

from __future__ import annotations

from dataclasses import replace

from lifezone.sources.korea.catalogue import Match
from lifezone.sources.korea.opening import Opened
from lifezone.sources.korea.report import FileReport

__all__ = ["report_of"]


def report_of(path: str, opened: Opened, match: Match | None) -> FileReport:
    """Start the report of a file."""
    report = FileReport(path, rows=opened.rows, encoding=opened.table.encoding, has_header=opened.has_header)
    if match is not None:
        form = match.form
        report = replace(report, form=form.key, ko=form.ko, en=form.en, sort=form.sort, columns=dict(match.roles))
    if opened.odd_rows:
        shown = ", ".join(f"line {line} has {fields}" for line, fields in opened.odd_rows[:5])
        report.find("odd_rows", f"열 수가 머리글({len(opened.table.columns)}개)과 다른 행 {len(opened.odd_rows):,}개",
                    f"{len(opened.odd_rows):,} rows have another number of fields than the header",
                    count=len(opened.odd_rows), where=shown)  # fmt: skip
    if opened.spoiled:
        report.find("spoiled", f"읽을 수 없는 글자 {opened.spoiled:,}개",
                    f"{opened.spoiled:,} letters cannot be decoded",
                    count=opened.spoiled)  # fmt: skip
    return report
