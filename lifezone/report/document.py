"""What a report is made of, before it is HTML, PDF, a workbook or HWPX: sections of blocks, in one language.

Whoever writes a section returns blocks; whoever writes a format draws blocks. Values stay values (a share is 0.616, not
"61.6 %") until a format draws them, so that a table sorts, a workbook calculates and both say the same. Counts that may
not be shown are :class:`Shown` before they come here: no block holds a figure that nobody may read.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

__all__ = [
    "Block", "Bullets", "Cell", "Chart", "Column", "Document", "Format", "Heading", "KeyFigure", "KeyFigures",
    "LiveMap", "Notice", "Paragraph", "Picture", "Section", "Shown", "Table", "Terms", "YearPlayer",
]  # fmt: skip

Format = Literal["text", "people", "count", "percent", "minutes", "metres", "money", "number", "points"]
"""How a value is written: persons; things; a share of 1 as percent; minutes; metres; million won; a plain number;
a difference of shares as percentage points."""


@dataclass(frozen=True)
class Shown:
    """A value that is shown otherwise than it is: ``1–4`` people.

    Attributes:
        text: what is read.
        sort: where it stands when a column is sorted; tells no more than the text does.
    """

    text: str
    sort: float


Cell = str | int | float | Shown | None
"""A value of a table; None = there is none, drawn as ``–``."""


@dataclass(frozen=True)
class Column:
    """A column of a table.

    Attributes:
        key: its name in CSV files: letters, digits and ``_``.
        label: its name for people, without the unit.
        format: how its values are written.
        unit: the unit beside the label (명, %, min); empty for texts.
        digits: decimals, or None for what the format does by itself.
        note: what a reader must know of it.
    """

    key: str
    label: str
    format: Format = "text"
    unit: str = ""
    digits: int | None = None
    note: str = ""


@dataclass(frozen=True)
class Table:
    """A table that people sort, copy and save.

    Attributes:
        id: unique in the document; the CSV file's name.
        caption: what it shows, of which variant, with its date.
        columns: C columns; the first names the row.
        rows: R rows of C cells.
        note: denominators, what was left out, what a dash means.
        totals: so many first rows stay on top when the table is sorted.
        most: rows shown at first; the others unfold. None = all.
    """

    id: str
    caption: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    note: str = ""
    totals: int = 0
    most: int | None = None


@dataclass(frozen=True)
class Heading:
    """A heading inside a section."""

    text: str


@dataclass(frozen=True)
class Paragraph:
    """Sentences. ``lead`` is the answer itself, ``note`` small print."""

    text: str
    tone: Literal["plain", "lead", "note"] = "plain"


@dataclass(frozen=True)
class Bullets:
    """Short sentences below one another."""

    items: tuple[str, ...]
    ordered: bool = False


@dataclass(frozen=True)
class Terms:
    """Words or questions, each with what it means."""

    pairs: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Notice:
    """What is always told (DEFINITIONS, "Told always"), so that nobody overlooks it."""

    kind: Literal["disclosure", "border", "legal", "modelled", "capacity", "schools", "warning"]
    text: str


@dataclass(frozen=True)
class KeyFigure:
    """One of the numbers of page one.

    Attributes:
        label: what is counted.
        value: as it is read, with its unit: ``10,750명``.
        share: part of the whole, or what it changes by; may be empty.
        detail: denominator, group, date.
        tone: whether it is good or bad news; drawn by a sign and a word, never by colour alone.
    """

    label: str
    value: str
    share: str = ""
    detail: str = ""
    tone: Literal["good", "bad", "neutral"] = "neutral"


@dataclass(frozen=True)
class KeyFigures:
    """Numbers side by side."""

    figures: tuple[KeyFigure, ...]


@dataclass(frozen=True)
class Chart:
    """A drawn chart.

    Attributes:
        id: unique in the document.
        caption: what it shows.
        svg: the drawing, one ``<svg>`` element without scripts, links or outside fonts.
        alt: what it says, in a sentence or two, for those who do not see it.
        data: the numbers that it draws, or None where a table of the same section holds them.
        note: how to read it.
    """

    id: str
    caption: str
    svg: str
    alt: str
    data: Table | None = None
    note: str = ""


@dataclass(frozen=True)
class Picture:
    """A picture of the result folder, a PNG map.

    Attributes:
        id: unique in the document.
        caption: what it shows.
        path: below the result folder, with ``/``.
        alt: what it says, for those who do not see it.
    """

    id: str
    caption: str
    path: str
    alt: str


@dataclass(frozen=True)
class LiveMap:
    """The interactive map; formats without scripts show the picture instead.

    Attributes:
        id: unique in the document.
        caption: what it shows.
        alt: what it says, for those who do not see it.
        payload: plain data for :mod:`lifezone.report.map`.
        fallback: the picture for paper and for pages without scripts, or None.
    """

    id: str
    caption: str
    alt: str
    payload: Mapping[str, Any]
    fallback: Picture | None = None


@dataclass(frozen=True)
class YearPlayer:
    """Maps over years that a reader steps through; formats without scripts show the picture instead.

    Attributes:
        id: unique in the document.
        caption: what it shows.
        alt: what it says, for those who do not see it.
        payload: plain data for :mod:`lifezone.report.years`.
        fallback: all years as a picture, for paper and for pages without scripts, or None.
    """

    id: str
    caption: str
    alt: str
    payload: Mapping[str, Any]
    fallback: Picture | None = None


Block = Heading | Paragraph | Bullets | Terms | Notice | KeyFigures | Table | Chart | Picture | LiveMap | YearPlayer


@dataclass(frozen=True)
class Section:
    """A chapter.

    Attributes:
        id: the anchor: ``deserts``.
        title: without its number; numbers are given in order.
        blocks: what stands in it.
    """

    id: str
    title: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True)
class Document:
    """A report in one language.

    Attributes:
        language: ``ko`` or ``en``.
        title: what the study is called.
        subtitle: of what, by which standard, of which date.
        sections: in order; the first is page one.
        sources: lines that stand under everything: data with dates, standard, program.
        modelled: the watermark's words where data are modelled, else empty.
    """

    language: Literal["ko", "en"]
    title: str
    subtitle: str
    sections: tuple[Section, ...]
    sources: tuple[str, ...] = ()
    modelled: str = ""

    @property
    def chapters(self) -> tuple[tuple[int | None, Section], ...]:
        """Sections with their numbers: page one has none."""
        return tuple((number or None, section) for number, section in enumerate(self.sections))
