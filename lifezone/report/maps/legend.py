"""The panel beside the map: rows from the top, scale and north arrow at its foot, so that nothing ever overlaps.

Every class says how many people it holds and what share that is of all judged.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from lifezone.report.maps import inks
from lifezone.report.maps.fonts import fit, text_width, wrap
from lifezone.report.maps.ground import Ground, border_style, road_styles
from lifezone.report.maps.inks import Ink, Pixels
from lifezone.report.maps.paper import FOOTER_TOP, MAP, PANEL, SHEET, Frame
from lifezone.report.maps.text import Label, Symbols, draw_label, draw_symbols

__all__ = [
    "MARKERS",
    "Row",
    "Sheet",
    "Titles",
    "class_row",
    "composed",
    "drawn",
    "free_height",
    "ground_rows",
    "heading",
    "map_symbols",
    "note_rows",
    "render",
]

MARKERS: Final = ("P", "s", "^", "o", "D", "v", "X", "p", "*", "h")
"""One shape a kind, in the order in which a requirement names them."""

_SWATCH: Final = (34, 17)
_LABEL_X: Final = 46
_VALUE_PX: Final = 160
_GAP_PX: Final = 10
_SCALE_HEIGHT: Final = 74
_GREY: Final = "#555555"


@dataclass(frozen=True)
class Row:
    """One row of the panel: a patch, a marker or a line style at the left, words, and a number at the right.

    Attributes:
        text: what it means.
        value: at the right edge, usually people.
        ink: patch of a class.
        marker: symbol of a facility; ``hollow`` when it is not open.
        fill: colour of the symbol where it has one of its own, with ``edge`` round it.
        line: style of a road or border.
        badge: number of a desert.
        style: ``plain``, ``heading``, ``bound`` (a rule between classes) or ``small``.
        height: pixels.
    """

    text: str
    value: str = ""
    ink: Ink | None = None
    marker: str = ""
    hollow: bool = False
    fill: str = ""
    edge: str = "#ffffff"
    line: dict[str, Any] | None = None
    badge: str = ""
    style: str = "plain"
    height: int = 24


@dataclass(frozen=True)
class Titles:
    """What stands above and below the map: Korean, English, a line of detail, and sources."""

    korean: str
    english: str
    detail: str
    footer: tuple[str, ...]


def heading(text: str, value: str = "") -> Row:
    """Return a bold row."""
    return Row(text, value, style="heading", height=28)


def class_row(ink: Ink, text: str, value: str = "") -> Row:
    """Return the row of a class of the map."""
    return Row(text, value, ink=ink)


def note_rows(text: str, *, lines: int = 3) -> list[Row]:
    """Return small rows with wrapped text."""
    return [Row(row, style="small", height=18) for row in wrap(text, 12.5, PANEL[2] - 4, lines=lines)]


def ground_rows(ground: Ground) -> list[Row]:
    """Return the rows that explain hatch, roads and borders."""
    styles = road_styles()
    rows = [class_row(inks.NOBODY, "사람이 살지 않음 / nobody lives here")]
    if "area" in ground.has:
        rows.append(class_row(inks.OUTSIDE, "대상지역 밖 / outside the study area"))
    if "water" in ground.has:
        rows.append(class_row(inks.WATER, "물 / water"))
    named = {"main": "주요 도로 / main roads", "local": "그 밖의 길 / other roads", "ferry": "뱃길 / ferry"}
    rows += [Row(text, line=styles[key], height=20) for key, text in named.items() if key in ground.has]
    if "districts" in ground.has:
        rows.append(Row("행정구역 경계 / district border", line=border_style(area=False), height=20))
    if "area" in ground.has:
        rows.append(Row("대상지역 경계 / border of the study area", line=border_style(area=True), height=20))
    return rows


def free_height(rows: Sequence[Row]) -> int:
    """Return how many pixels of the panel are left below some rows."""
    return PANEL[3] - _SCALE_HEIGHT - sum(row.height for row in rows)


@dataclass(frozen=True, eq=False)
class Sheet:
    """A map with its panel before text and symbols lie on it: those stay apart for drawings that people edit.

    Attributes:
        pixels: u8[height, width, 4] the map proper and the samples of the panel.
        labels: every line of text, in pixels of the sheet.
        symbols: every marker.
        ground: what of the ground is not part of the pixels, or None.
    """

    pixels: Pixels
    labels: tuple[Label, ...]
    symbols: tuple[Symbols, ...]
    ground: Ground | None = None


def composed(
    frame: Frame,
    picture: Pixels,
    titles: Titles,
    rows: Sequence[Row],
    labels: Sequence[Label],
    symbols: Sequence[Symbols],
    *,
    to_scale: bool = True,
    ground: Ground | None = None,
) -> Sheet:
    """Put a map, its panel, titles and sources together.

    Args:
        frame: scale of the map.
        picture: u8[h, w, 4] the map proper.
        titles: words above and below.
        rows: the panel, from the top; what does not fit any more is left out, scale and north arrow never are.
        labels: text on the map, in the map's own pixels.
        symbols: markers on the map, in the map's own pixels.
        to_scale: whether the picture is a map; a diagram has no scale bar and no north.
        ground: the ground under it.
    """
    sheet = np.full((SHEET[1], SHEET[0], 4), 255, np.uint8)
    left, top, width, height = MAP
    sheet[top : top + height, left : left + width] = picture
    sheet[[top - 1, top + height], left - 1 : left + width + 1, :3] = 60
    sheet[top - 1 : top + height + 1, [left - 1, left + width], :3] = 60
    text = _title_labels(titles)
    marks: list[Symbols] = [_moved(many) for many in symbols]
    text += [_shifted(label) for label in labels]
    _panel(sheet, rows, text, marks)
    if to_scale:
        _scale(sheet, frame, text, marks)
    return Sheet(sheet, tuple(text), tuple(marks), ground)


def drawn(sheet: Sheet) -> Pixels:
    """Return u8[height, width, 4]: a sheet with its symbols and text; the sheet stays as it was."""
    pixels = sheet.pixels.copy()
    for many in sheet.symbols:
        draw_symbols(pixels, many)
    for label in sheet.labels:
        draw_label(pixels, label)
    return pixels


def render(
    frame: Frame,
    picture: Pixels,
    titles: Titles,
    rows: Sequence[Row],
    labels: Sequence[Label],
    symbols: Sequence[Symbols],
    *,
    to_scale: bool = True,
) -> Pixels:
    """Return the pixels of a sheet (:func:`composed`, :func:`drawn`)."""
    return drawn(composed(frame, picture, titles, rows, labels, symbols, to_scale=to_scale))


def _title_labels(titles: Titles) -> list[Label]:
    width = SHEET[0] - 2 * MAP[0]
    labels = [
        Label(MAP[0], 28, fit(titles.korean, 26, width), 26, bold=True),
        Label(MAP[0], 60, fit(titles.english, 19, width), 19, colour="#333333"),
        Label(MAP[0], 86, fit(titles.detail, 14, width), 14, colour=_GREY),
    ]
    for line, words in enumerate(titles.footer):
        labels.append(Label(MAP[0], FOOTER_TOP + 8 + 17 * line, fit(words, 12.5, width), 12.5, colour=_GREY))
    return labels


def _panel(sheet: Pixels, rows: Sequence[Row], text: list[Label], marks: list[Symbols]) -> None:
    """Draw the rows from the top as far as they fit."""
    y, bottom = PANEL[1], PANEL[1] + PANEL[3] - _SCALE_HEIGHT
    for position, row in enumerate(rows):
        last = y + row.height + (0 if position == len(rows) - 1 else 20) > bottom
        if last:
            text.append(
                Label(PANEL[0], y + 9, "… 나머지는 자료 파일에 / the rest is in the data files", 12.5, colour=_GREY)
            )
            return
        _draw_row(sheet, row, y, text, marks)
        y += row.height


def _draw_row(sheet: Pixels, row: Row, y: int, text: list[Label], marks: list[Symbols]) -> None:
    """Draw one row; ``y`` is its top."""
    left, _top, width, _height = PANEL
    middle = y + row.height / 2
    size = {"heading": 15.5, "bound": 14.0, "small": 12.5}.get(row.style, 14.0)
    indent = 0 if row.style in ("heading", "small") else _LABEL_X
    if row.ink is not None:
        top = int(middle - _SWATCH[1] / 2)
        sheet[top : top + _SWATCH[1], left : left + _SWATCH[0]] = inks.swatch(row.ink, _SWATCH[1], _SWATCH[0])
    if row.style == "bound":
        sheet[int(middle) - 1 : int(middle) + 1, left - 4 : left + _SWATCH[0] + 8, :3] = 0
    if row.line is not None:
        _draw_line(sheet, row.line, left, int(middle))
    if row.marker:
        at = np.array([left + _SWATCH[0] / 2]), np.array([middle])
        own = Symbols(*at, row.marker, 13.0, row.fill, row.edge)
        marks.append(own if row.fill else _symbols(*at, row.marker, hollow=row.hollow, size=11.0))
    if row.badge:
        text.append(Label(left + 4, middle, row.badge, 15, bold=True))
        indent = 34
    bold = row.style in ("heading", "bound")
    value = fit(row.value, 13, _VALUE_PX)
    room = width - indent - (text_width(value, 13) + _GAP_PX if value else 0)
    text.append(Label(left + indent, middle, fit(row.text, size, room), size, bold=bold))
    if value:
        text.append(Label(left + width, middle, value, 13, align="right"))


def _draw_line(sheet: Pixels, style: dict[str, Any], left: int, middle: int) -> None:
    """Draw a sample of a line into the sheet."""
    colour = np.array(inks.rgb(style["color"]), np.uint8)
    thick = max(1, round(style["linewidth"] * 1.4))
    columns = np.arange(_SWATCH[0])
    if style.get("linestyle", "solid") != "solid":
        columns = columns[columns % 9 < 6]
    for row in range(middle - thick // 2, middle - thick // 2 + thick):
        sheet[row, left + columns, :3] = colour


def _scale(sheet: Pixels, frame: Frame, text: list[Label], marks: list[Symbols]) -> None:
    """Draw the scale bar and an arrow to grid north at the foot of the panel."""
    left, top, width, height = PANEL
    most_m = (width - 90) * frame.metres
    unit = 10.0 ** math.floor(math.log10(most_m))
    length_m = max(factor * unit for factor in (1, 2, 5) if factor * unit <= most_m)
    pixels = round(length_m / frame.metres)
    y = top + height - 22
    half = left + pixels // 2
    sheet[y : y + 7, left : left + pixels + 1, :3] = 30
    sheet[y + 1 : y + 6, half : left + pixels, :3] = 255
    words = f"{length_m / 1000:g} km" if length_m >= 1000 else f"{length_m:g} m"
    text.append(Label(left, y - 14, "0", 13))
    text.append(Label(left + pixels, y - 14, words, 13, align="right" if pixels > 120 else "left"))
    marks.append(Symbols(np.array([left + width - 22.0]), np.array([y - 22.0]), "^", 18, "#1c1c1c", "#1c1c1c"))
    sheet[y - 16 : y + 6, left + width - 23 : left + width - 21, :3] = 28
    text.append(Label(left + width - 22, y - 42, "북 N", 13, bold=True, align="center"))


def _symbols(x: np.ndarray, y: np.ndarray, marker: str, *, hollow: bool, size: float) -> Symbols:
    if hollow:
        return Symbols(x, y, marker, size, "#ffffff", "#14213d")
    return Symbols(x, y, marker, size)


def map_symbols(x: np.ndarray, y: np.ndarray, marker: str, *, hollow: bool = False) -> Symbols:
    """Return facilities on the map, smaller when they are many."""
    size = 11.0 if len(x) <= 150 else 8.0 if len(x) <= 600 else 5.0
    return _symbols(x, y, marker, hollow=hollow, size=size)


def _moved(many: Symbols) -> Symbols:
    return Symbols(many.x + MAP[0], many.y + MAP[1], many.marker, many.size, many.fill, many.edge)


def _shifted(label: Label) -> Label:
    return Label(
        label.x + MAP[0], label.y + MAP[1], label.text, label.size, label.bold, label.colour, label.align, label.halo
    )
