"""Draw a document as one HTML file."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, partial
from importlib.resources import files
from typing import Any, Final

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from lifezone.report.document import Document, Heading, Section, Table
from lifezone.report.html.cells import Drawn, draw_cell
from lifezone.report.html.foreign import marked
from lifezone.report.html.live import LiveParts, live_parts
from lifezone.report.html.pictures import Embedded
from lifezone.report.html.scripts import joined
from lifezone.report.words import Texts

__all__ = ["html_page"]

_SCRIPTS: Final = "report.js"


@dataclass(frozen=True)
class Grid:
    """A table with its cells drawn, row by row."""

    table: Table
    rows: tuple[tuple[Drawn, ...], ...]


def html_page(document: Document, pictures: Mapping[str, Embedded], texts: Texts) -> str:
    """Return the page of a document.

    Args:
        document: what to draw.
        pictures: those of its pictures that stand in the page, by path; see :class:`lifezone.report.html.Embedder`.
        texts: the words of the document's language.
    """
    live = live_parts(document)
    folder = files("lifezone.report.html")
    style = folder.joinpath("report.css").read_text(encoding="utf-8") + live.style
    script = joined(folder, _SCRIPTS) + live.script
    return _environment().get_template("report.html.jinja").render(
        document=document,
        pictures=pictures,
        live=live,
        style=Markup(style),  # noqa: S704 (our own file)
        script=Markup(script),  # noqa: S704
        policy=_policy(style, script, live),
        say=texts.say,
        marked=partial(marked, language=document.language),
        grid=partial(_grid, texts=texts),
        heading_id=_heading_id,
        is_a=_is_a,
    )  # fmt: skip


@cache
def _environment() -> Environment:
    return Environment(
        loader=PackageLoader("lifezone.report.html"), autoescape=True, undefined=StrictUndefined, trim_blocks=True,
        lstrip_blocks=True, keep_trailing_newline=True,
    )  # fmt: skip


def _policy(style: str, script: str, live: LiveParts) -> str:
    """Return the content security policy: nothing is loaded, our own scripts and styles run, pictures are data."""
    hashes = [_hash(script)] if script else []
    return "; ".join(
        (
            "default-src 'none'",
            f"style-src {' '.join(_hash(one) for one in (style,))}",
            f"script-src {' '.join(hashes) or chr(39) + 'none' + chr(39)}",
            f"img-src data:{' blob:' if live.script else ''}",
            "base-uri 'none'",
            "form-action 'none'",
        )
    )


def _hash(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode('utf-8')).digest()).decode('ascii')}'"


def _grid(table: Table, *, texts: Texts) -> Grid:
    rows = tuple(
        tuple(draw_cell(value, column, texts) for value, column in zip(row, table.columns, strict=True))
        for row in table.rows
    )
    return Grid(table, rows)


def _heading_id(section: Section, heading: Heading) -> str:
    """Return the anchor of a heading: the position of its like in its section."""
    own = [block for block in section.blocks if isinstance(block, Heading)]
    return f"{section.id}-{next(at for at, one in enumerate(own, 1) if one is heading)}"


def _is_a(block: Any, name: str) -> bool:
    return type(block).__name__ == name
