"""One indicator on one sheet: a row for each edition, in it the ground, the cartogram, tiles and circles.

The classes are the same in every map of the sheet, a cartogram's square and a circle are the same number of people in
every year. PNG and SVG are drawn by the same calls.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
import shapely
from matplotlib import rc_context
from matplotlib.collections import PathCollection
from matplotlib.figure import Figure
from matplotlib.path import Path as Line

from lifezone.model import Floats, Ints
from lifezone.monitor.breaks import YearClasses
from lifezone.monitor.years import YearShapes
from lifezone.report.charts import style
from lifezone.report.maps.fonts import FAMILY, clean, fit, font
from lifezone.report.maps.inks import Ink
from lifezone.report.maps.paper import rasterise, save
from lifezone.report.years.looks import NO_DATA, class_inks, class_texts

__all__ = ["Sheet", "SheetWords", "draw_sheet"]

_PANEL_PX: Final = 370
_GAP_PX: Final = 14
_LEFT_PX: Final = 70
_HEAD_PX: Final = 118
_HATCH: Final = {"rising": "////", "plain": None}
_PIXELS_KEPT: Final = 0.6
"""Borders are drawn as finely as so many pixels."""
_BORDER: Final = {"linewidth": 0.45, "edgecolor": "#4a4a4a"}


@dataclass(frozen=True)
class SheetWords:
    """What stands on a sheet.

    Attributes:
        title: the indicator with its unit.
        subtitle: of which districts, which editions.
        columns: over the four columns.
        no_data: beside the hatch.
        no_size: in the place of a cartogram without figures.
        same: that a square and a circle are so many people, with ``{}`` for the figure.
        sources: lines below.
        watermark: where figures are modelled or invented; empty = they are not.
    """

    title: str
    subtitle: str
    columns: tuple[str, str, str, str]
    no_data: str
    no_size: str
    same: str
    sources: tuple[str, ...]
    watermark: str = ""


@dataclass(frozen=True, eq=False)
class Sheet:
    """What a sheet shows.

    Attributes:
        editions: E names.
        value: f64[D, E].
        classes: the same for all editions.
        decimals: of its values.
        words: what stands on it.
        names: D names that stand in the districts of the first two maps, or empty.
    """

    editions: tuple[str, ...]
    value: Floats
    classes: YearClasses
    decimals: int
    words: SheetWords
    names: tuple[str, ...] = ()


def draw_sheet(sheet: Sheet, shapes: YearShapes, stem: Path) -> tuple[Path, Path]:
    """Write ``<stem>.png`` and ``<stem>.svg``.

    Args:
        sheet: what to show.
        shapes: the shapes of every edition.
        stem: path without its ending; the folder is there.

    Returns:
        Both files.
    """
    font(style.TEXT_PX)  # registers the packaged fonts
    png, svg = stem.with_name(f"{stem.name}.png"), stem.with_name(f"{stem.name}.svg")
    with rc_context({"text.parse_math": False, "svg.fonttype": "none", "svg.hashsalt": "lifezone",
                     "font.family": list(FAMILY), "hatch.linewidth": 0.6, "path.simplify": False}):  # fmt: skip
        save(rasterise(_figure(sheet, shapes, dpi=144)), png)
        drawn = style.svg_of(_figure(sheet, shapes, dpi=72), stem.name, alt=sheet.words.title)
        svg.write_text(drawn + "\n", encoding="utf-8", newline="\n")
    return png, svg


def _figure(sheet: Sheet, shapes: YearShapes, dpi: int) -> Figure:
    """Draw the sheet; 1 px = 1 pt."""
    rows, legend, tall = len(sheet.editions), _legend_px(sheet), _tall_px(shapes)
    width = _LEFT_PX + 4 * (_PANEL_PX + _GAP_PX) + 10
    height = _HEAD_PX + rows * (tall + _GAP_PX) + legend
    figure = Figure(figsize=(width / 72, height / 72), dpi=dpi, facecolor="#ffffff")
    paper = figure.add_axes((0, 0, 1, 1))
    paper.set_xlim(0, width)
    paper.set_ylim(height, 0)
    paper.axis("off")
    _words(paper, sheet, width)
    klass = sheet.classes.of(sheet.value)
    for row, edition in enumerate(sheet.editions):
        top = _HEAD_PX + row * (tall + _GAP_PX)
        paper.text(8, top + tall / 2, fit(edition, 19, _LEFT_PX - 10), fontsize=19, fontweight="bold", va="center",
                   color=style.INK)  # fmt: skip
        for column in range(4):
            left = _LEFT_PX + column * (_PANEL_PX + _GAP_PX)
            box = (left / width, 1 - (top + tall) / height, _PANEL_PX / width, tall / height)
            _panel(figure.add_axes(box), sheet, shapes, (row, column), klass[:, row])
    _legend(paper, sheet, shapes, height - legend)
    if sheet.words.watermark:
        paper.text(width / 2, height / 2, clean(sheet.words.watermark), fontsize=54, color="#b00020", alpha=0.16,
                   rotation=30, ha="center", va="center", zorder=50)  # fmt: skip
    return figure


def _words(paper: Any, sheet: Sheet, width: float) -> None:
    """Write title and headings."""
    words = sheet.words
    paper.text(20, 34, fit(words.title, 25, width - 40), fontsize=25, fontweight="bold", va="center", color=style.INK)
    paper.text(20, 68, fit(words.subtitle, 15, width - 40), fontsize=15, va="center", color=style.MUTED)
    for column, head in enumerate(words.columns):
        left = _LEFT_PX + column * (_PANEL_PX + _GAP_PX)
        paper.text(left + _PANEL_PX / 2, 100, fit(head, 15, _PANEL_PX), fontsize=15, ha="center", va="center",
                   color=style.INK)  # fmt: skip


def _panel(axes: Any, sheet: Sheet, shapes: YearShapes, at: tuple[int, int], klass: Ints) -> None:
    """Draw one map."""
    row, column = at
    axes.set_aspect("equal")
    axes.axis("off")
    west, south, east, north = _window(shapes)
    axes.set_xlim(west, east)
    axes.set_ylim(south, north)
    lines = _lines(shapes, row, column, (east - west) / _PANEL_PX * _PIXELS_KEPT)
    if lines is None:
        axes.text(
            (west + east) / 2,
            (south + north) / 2,
            clean(sheet.words.no_size),
            ha="center",
            va="center",
            fontsize=14,
            color=style.MUTED,
        )
        return
    looks = [*class_inks(sheet.classes), NO_DATA]
    for number, ink in enumerate(looks):
        own = [lines[one] for one in np.flatnonzero(klass == (number if number < len(looks) - 1 else -1)).tolist()]
        if own:
            axes.add_collection(PathCollection(own, **_fill(ink)))
    if sheet.names and column < 2:
        _names(axes, sheet.names, shapes.borders.polygons if column == 0 else shapes.polygons[row])


def _names(axes: Any, names: tuple[str, ...], polygons: np.ndarray | None) -> None:
    """Write the names of districts inside them."""
    if polygons is None:
        return
    for name, point in zip(names, shapely.point_on_surface(polygons), strict=True):
        axes.text(point.x, point.y, clean(name), fontsize=12, ha="center", va="center", color=style.INK,
                  bbox={"facecolor": "#ffffff", "alpha": 0.75, "edgecolor": "none", "pad": 1.5})  # fmt: skip


def _fill(ink: Ink) -> dict[str, Any]:
    """Return matplotlib's options of an ink."""
    hatch = _HATCH[ink.pattern]
    edge = {"edgecolor": ink.line, "linewidth": 0.45} if hatch else _BORDER
    return {"facecolor": ink.fill, "hatch": hatch, **edge}


def _window(shapes: YearShapes) -> tuple[float, float, float, float]:
    """Return the extent that holds every map of the sheet, with a little room."""
    drawn = [shapes.borders.polygons, shapes.tiles.polygons, *(one for one in shapes.polygons if one is not None)]
    bounds = np.array([shapely.total_bounds(one) for one in drawn])
    for one in shapes.circles:
        if one is not None:
            reach = one.radius_m[:, None]
            bounds = np.vstack([bounds, np.hstack([(one.at - reach).min(axis=0), (one.at + reach).max(axis=0)])])
    least, most = bounds[:, :2].min(axis=0), bounds[:, 2:].max(axis=0)
    room = 0.02 * float((most - least).max())
    return (*(least - room).tolist(), *(most + room).tolist())


def _tall_px(shapes: YearShapes) -> float:
    """Return the height of a map whose width is given."""
    west, south, east, north = _window(shapes)
    return float(np.clip(_PANEL_PX * (north - south) / (east - west), 0.3 * _PANEL_PX, 2.0 * _PANEL_PX))


def _lines(shapes: YearShapes, row: int, column: int, detail_m: float) -> list[Line] | None:
    """Return the outline of every district in one map, None where there is none."""
    if column == 0:
        return _outlines(shapely.coverage_simplify(shapes.borders.polygons, detail_m))
    if column == 1:
        polygons = shapes.polygons[row]
        return None if polygons is None else _outlines(shapely.coverage_simplify(polygons, detail_m))
    if column == 2:
        return _outlines(shapes.tiles.polygons)
    round_ones = shapes.circles[row]
    if round_ones is None:
        return None
    unit = Line.unit_circle()
    dot_m = 2 * detail_m
    return [Line(unit.vertices * max(radius, dot_m) + at, unit.codes)
            for at, radius in zip(round_ones.at, round_ones.radius_m.tolist(), strict=True)]  # fmt: skip


def _outlines(polygons: np.ndarray) -> list[Line]:
    """Return a path of all rings of each polygon."""
    return [Line.make_compound_path(*(Line(np.asarray(ring.coords), closed=True) for ring in _rings(one)))
            for one in polygons]  # fmt: skip


def _rings(polygon: Any) -> Sequence[Any]:
    return [ring for part in shapely.get_parts(polygon) for ring in (part.exterior, *part.interiors)]


def _legend_px(sheet: Sheet) -> int:
    """Return the height of legend and sources."""
    return 66 + 26 * -(-(sheet.classes.count + 1) // 4) + 22 * len(sheet.words.sources)


def _legend(paper: Any, sheet: Sheet, shapes: YearShapes, top: float) -> None:
    """Draw the classes, the square of people, the sources."""
    texts = [*class_texts(sheet.classes, "both", sheet.decimals), sheet.words.no_data]
    for number, (ink, text) in enumerate(zip((*class_inks(sheet.classes), NO_DATA), texts, strict=True)):
        x, y = 20 + 385 * (number % 4), top + 18 + 26 * (number // 4)
        look = _fill(ink)
        paper.add_patch(_square(x, y - 9, 30, 18, look))
        paper.text(x + 40, y, fit(text, 14, 335), fontsize=14, va="center", color=style.INK)
    y = top + 18 + 26 * -(-len(texts) // 4)
    people, side_px = _round_square(shapes)
    if people:
        paper.add_patch(_square(20, y - side_px / 2, side_px, side_px, {"facecolor": "#ffffff", **_BORDER}))
        paper.text(30 + max(side_px, 30), y, clean(sheet.words.same.format(f"{people:,.0f}")), fontsize=14, va="center",
                   color=style.INK)  # fmt: skip
    for line, text in enumerate(sheet.words.sources):
        paper.text(20, y + 34 + 22 * line, fit(text, 12.5, 1480), fontsize=12.5, va="center", color=style.MUTED)


def _square(x: float, y: float, width: float, height: float, look: dict[str, Any]) -> Any:
    from matplotlib.patches import Rectangle  # noqa: PLC0415

    return Rectangle((x, y), width, height, **look)


def _round_square(shapes: YearShapes) -> tuple[float, float]:
    """Return a round figure and the side in px of the square that stands for it in the cartograms, (0, 0) for none."""
    west, south, east, north = _window(shapes)
    metres = max((east - west) / _PANEL_PX, (north - south) / _tall_px(shapes))
    if not shapes.figure_per_m2:
        return 0.0, 0.0
    most = (24 * metres) ** 2 * shapes.figure_per_m2
    step = 10 ** np.floor(np.log10(most))
    people = float(step * max(one for one in (1, 2, 5) if one * step <= most * 1.0000001))
    return people, float(np.sqrt(people / shapes.figure_per_m2) / metres)
