"""Pages of text and tables for the terminal: drawn with rich there, plain and never cut where output goes to a file."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rich.box import SIMPLE_HEAD
from rich.cells import cell_len
from rich.console import Console
from rich.markup import escape
from rich.table import Table

__all__ = ["Lines", "Page", "Sheet", "show", "text"]


@dataclass(frozen=True)
class Sheet:
    """A table: names of columns, rows, and how many columns from the left hold words (the others are numbers)."""

    title: str
    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    words: int = 1


@dataclass(frozen=True)
class Lines:
    """Sentences below a heading."""

    title: str
    lines: tuple[str, ...]


Page = Sequence[Sheet | Lines]


def show(page: Page, console: Console | None = None) -> None:
    """Print a page: tables with rich on a terminal, plain text with aligned columns otherwise."""
    console = Console() if console is None else console
    if not console.is_terminal:
        console.file.write(text(page))
        return
    for part in page:
        console.print(f"[bold]{escape(_clean(part.title))}[/bold]", highlight=False)
        if isinstance(part, Sheet):
            console.print(_table(part))
        else:
            for line in part.lines:
                console.print(f"  {escape(_clean(line))}", highlight=False)
            console.print()


def text(page: Page) -> str:
    """Return a page as plain text: columns aligned by the width of Korean letters, nothing wrapped or cut."""
    out: list[str] = []
    for part in page:
        out.append(_clean(part.title))
        if isinstance(part, Sheet):
            rows = [tuple(_clean(cell) for cell in row) for row in (part.header, *part.rows)]
            widths = [max(cell_len(row[column]) for row in rows) for column in range(len(part.header))]
            out += ["  " + _aligned(row, widths, part.words) for row in rows]
        else:
            out += [f"  {_clean(line)}" for line in part.lines]
        out.append("")
    return "\n".join(out) + "\n"


def _table(part: Sheet) -> Table:
    table = Table(box=SIMPLE_HEAD, pad_edge=False)
    for position, name in enumerate(part.header):
        is_number = position >= part.words
        table.add_column(escape(name), justify="right" if is_number else "left", overflow="fold")
    for row in part.rows:
        table.add_row(*(escape(_clean(cell)) for cell in row))
    return table


def _aligned(row: tuple[str, ...], widths: list[int], words: int) -> str:
    cells = []
    for position, (cell, width) in enumerate(zip(row, widths, strict=True)):
        space = " " * (width - cell_len(cell))
        cells.append(cell + space if position < words else space + cell)
    return "  ".join(cells).rstrip()


def _clean(words: str) -> str:
    """Return text that cannot steer a terminal: one line, control characters left out."""
    return " ".join("".join(c if c.isprintable() else " " for c in words).split())
