"""A document as plain data whose every value is a text: what PDF and HWPX are drawn from.

HTML draws tables itself, since they sort there; paper does not, so a cell here is what is read.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from lifezone.errors import InputError
from lifezone.report.document import (
    Block,
    Bullets,
    Chart,
    Document,
    Heading,
    KeyFigures,
    LiveMap,
    Notice,
    Paragraph,
    Picture,
    Table,
    Terms,
    YearPlayer,
)
from lifezone.report.words import Texts

__all__ = ["MOST_ROWS", "drawings_of", "picture_of", "plain"]

MOST_ROWS: Final = 60
"""Rows of one table that are printed; whoever needs more has the workbook and the CSV files."""


def plain(document: Document, texts: Texts) -> dict[str, Any]:
    """Return a document as data for a page setter; charts and pictures by name (:func:`picture_of`)."""
    return {
        "language": document.language,
        "title": document.title,
        "subtitle": document.subtitle,
        "modelled": document.modelled,
        "sources": list(document.sources),
        "sections": [
            {
                "id": section.id,
                "title": section.title if number is None else f"{number}. {section.title}",
                "blocks": [drawn for block in section.blocks for drawn in _blocks(block, texts)],
            }
            for number, section in document.chapters
        ],
    }


def picture_of(name: str, document: Document, folder: Path) -> bytes:
    """Return what stands behind a name of :func:`plain`: the SVG of a chart or the PNG of a picture.

    Raises:
        InputError: the result folder holds no such picture.
    """
    for section in document.sections:
        for block in section.blocks:
            if isinstance(block, Chart) and name == f"{block.id}.svg":
                return block.svg.encode()
            picture = block.fallback if isinstance(block, (LiveMap, YearPlayer)) else block
            if isinstance(picture, Picture) and name == f"{picture.id}.png":
                path = folder / picture.path
                if not path.is_file():
                    raise InputError(f"{path} is missing: run the scenario again, or make the report without maps")
                return path.read_bytes()
    raise KeyError(name)


def drawings_of(told: dict[str, Any]) -> list[str]:
    """Return the names of all drawings, each once."""
    blocks = (block for section in told["sections"] for block in section["blocks"])
    return list(dict.fromkeys(block["file"] for block in blocks if block["is"] == "drawing"))


def _blocks(block: Block, texts: Texts) -> Sequence[Mapping[str, Any]]:
    """Return what one block becomes on paper; nothing for a live map without a picture."""
    match block:
        case Heading():
            return [{"is": "heading", "text": block.text}]
        case Paragraph():
            return [{"is": "paragraph", "text": block.text, "tone": block.tone}]
        case Bullets():
            return [{"is": "bullets", "items": list(block.items), "ordered": block.ordered}]
        case Terms():
            return [{"is": "terms", "pairs": [list(pair) for pair in block.pairs]}]
        case Notice():
            return [{"is": "notice", "label": texts.say(f"common.notice.{block.kind}"), "text": block.text}]
        case KeyFigures():
            figures = [
                {"label": one.label, "value": one.value, "share": one.share, "detail": one.detail, "tone": one.tone}
                for one in block.figures
            ]
            return [{"is": "figures", "figures": figures}]
        case Table():
            return [_table(block, texts)]
        case Chart():
            return [_drawing(f"{block.id}.svg", block.caption, block.alt, block.note)]
        case Picture():
            return [_drawing(f"{block.id}.png", block.caption, block.alt)]
        case LiveMap() | YearPlayer():
            if block.fallback is None:
                return []
            return [_drawing(f"{block.fallback.id}.png", block.fallback.caption, block.fallback.alt)]


def _drawing(file: str, caption: str, alt: str, note: str = "") -> Mapping[str, Any]:
    return {"is": "drawing", "file": file, "caption": caption, "alt": alt, "note": note}


def _table(table: Table, texts: Texts) -> Mapping[str, Any]:
    """Return a table with its cells as texts, cut to what paper takes."""
    most = MOST_ROWS if table.most is None else min(MOST_ROWS, max(table.most, table.totals))
    left = len(table.rows) - most
    return {
        "is": "table",
        "caption": table.caption,
        "head": [f"{column.label} ({column.unit})" if column.unit else column.label for column in table.columns],
        "words": [column.format == "text" for column in table.columns],
        "rows": [
            [texts.cell(value, column) for value, column in zip(row, table.columns, strict=True)]
            for row in table.rows[:most]
        ],
        "totals": table.totals,
        "note": " · ".join(filter(None, [table.note, *(one.note for one in table.columns)])),
        "left": texts.say("paper.rows_left", n=left, file=f"{table.id}.csv") if left > 0 else "",
    }
