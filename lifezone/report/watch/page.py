"""Sections of a report as a page of the terminal: first rows of each table, the rest is in the files."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from lifezone.report.document import Bullets, Heading, Notice, Paragraph, Section, Table
from lifezone.report.pages import Lines, Page, Sheet
from lifezone.report.words.texts import Texts

__all__ = ["watched_page"]

_MOST: Final = 12


def watched_page(sections: Sequence[Section], texts: Texts) -> Page:
    """Return sections for the terminal.

    Args:
        sections: as :func:`lifezone.report.watch.watch_sections` makes them.
        texts: of the language.
    """
    page: list[Sheet | Lines] = []
    for section in sections:
        said: list[str] = []
        tables: list[Sheet | Lines] = []
        for block in section.blocks:
            if isinstance(block, Paragraph | Notice | Heading):
                said.append(block.text)
            elif isinstance(block, Bullets):
                said += block.items
            elif isinstance(block, Table):
                tables += _table(block, texts)
        page += [Lines(section.title, tuple(said)), *tables]
    return page


def _table(table: Table, texts: Texts) -> list[Sheet | Lines]:
    """Return the first rows of a table, and how many more there are."""
    header = tuple(f"{one.label} ({one.unit})" if one.unit else one.label for one in table.columns)
    rows = tuple(
        tuple(texts.cell(cell, column) for cell, column in zip(row, table.columns, strict=True))
        for row in table.rows[:_MOST]
    )
    words = next((at for at, one in enumerate(table.columns) if one.format != "text"), len(table.columns))
    found: list[Sheet | Lines] = [Sheet(table.caption, header, rows, words=words)]
    rest = len(table.rows) - len(rows)
    if rest > 0:
        found.append(Lines("", (texts.say("watch.more", n=rest),)))
    return found
