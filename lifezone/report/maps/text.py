"""Text and symbols as small pictures, kept and laid onto sheets: most words of a map stand on all the others too.

Matplotlib's own text artists cost 0.3 s a map (45 texts, laid out one by one); a kept stamp costs 20 µs.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import numpy as np
from matplotlib.backends.backend_agg import RendererAgg
from matplotlib.markers import MarkerStyle
from matplotlib.transforms import Affine2D
from scipy import ndimage

from lifezone.report.maps.fonts import DPI, font
from lifezone.report.maps.inks import Pixels, rgb

__all__ = ["Label", "Symbols", "draw_label", "draw_symbols", "lay"]

_ROOM: Final = 6
"""Pixels left free round a stamp, for halos and for glyphs that stick out."""
_HALO: Final = 7
"""Width of the square that spreads a halo, pixels."""
_KEPT: Final = 4096


@dataclass(frozen=True)
class Label:
    """One line of cleaned text on the sheet; ``y`` is the middle of its line."""

    x: float
    y: float
    text: str
    size: float = 15.0
    bold: bool = False
    colour: str = "#1c1c1c"
    align: str = "left"
    halo: bool = False


@dataclass(frozen=True, eq=False)
class Symbols:
    """Markers on the sheet, all alike; ``size`` is their width in pixels."""

    x: np.ndarray
    y: np.ndarray
    marker: str
    size: float = 9.0
    fill: str = "#14213d"
    edge: str = "#ffffff"


def draw_label(sheet: Pixels, label: Label) -> None:
    """Lay one line of text onto the sheet, in place."""
    if not label.text:
        return
    coverage, width, base = _text_stamp(label.text, label.size, label.bold)
    shift = {"left": 0.0, "center": width / 2, "right": width}[label.align]
    left = round(label.x - shift) - _ROOM
    top = round(label.y + label.size * 0.36) - base
    if label.halo:
        lay(sheet, ndimage.maximum_filter(coverage, size=_HALO), "#ffffff", left, top)
    lay(sheet, coverage, label.colour, left, top)


def draw_symbols(sheet: Pixels, many: Symbols) -> None:
    """Lay markers onto the sheet, in place, the later ones on top."""
    edge, fill = _marker_stamp(many.marker, many.size)
    half = edge.shape[0] // 2
    for x, y in zip(np.rint(many.x).astype(int).tolist(), np.rint(many.y).astype(int).tolist(), strict=True):
        lay(sheet, edge, many.edge, x - half, y - half)
        lay(sheet, fill, many.fill, x - half, y - half)


def lay(sheet: Pixels, coverage: np.ndarray, colour: str, left: int, top: int) -> None:
    """Mix a colour into the sheet by a stamp's coverage u8[h, w]; what lies off the sheet is cut."""
    height, width = sheet.shape[:2]
    rows = slice(max(0, -top), max(0, min(coverage.shape[0], height - top)))
    columns = slice(max(0, -left), max(0, min(coverage.shape[1], width - left)))
    part = coverage[rows, columns].astype(np.uint16)[..., None]
    if part.size == 0:
        return
    at = (slice(top + rows.start, top + rows.stop), slice(left + columns.start, left + columns.stop))
    ink = np.array([*rgb(colour), 255], np.uint16)
    sheet[at] = (ink * part + sheet[at].astype(np.uint16) * (255 - part) + 127) // 255


@lru_cache(maxsize=_KEPT)
def _text_stamp(text: str, size: float, bold: bool) -> tuple[np.ndarray, float, int]:
    """Return a line's coverage u8[h, w], its width, and the row of its base line."""
    properties = font(size, bold=bold)
    width, height, descent = RendererAgg(8, 8, DPI).get_text_width_height_descent(text, properties, ismath=False)
    base = int(np.ceil(height)) + _ROOM
    renderer = RendererAgg(int(np.ceil(width)) + 2 * _ROOM, base + int(np.ceil(descent)) + _ROOM, DPI)
    renderer.draw_text(renderer.new_gc(), _ROOM, base, text, properties, 0, ismath=False)
    coverage = np.asarray(renderer.buffer_rgba())[..., 3].copy()
    coverage.flags.writeable = False
    return coverage, float(width), base


@lru_cache(maxsize=_KEPT)
def _marker_stamp(marker: str, size: float) -> tuple[np.ndarray, np.ndarray]:
    """Return the coverage u8[n, n] of a marker with its edge, and of its inside alone."""
    style = MarkerStyle(marker)
    outline = style.get_path().transformed(style.get_transform())
    box = outline.get_extents()
    side = 2 * int(np.ceil(size / 2 + 2)) + 1
    scale = size / max(box.width, box.height)
    stamps = []
    for edge_px in (2.6, 0.0):
        renderer = RendererAgg(side, side, DPI)
        context = renderer.new_gc()
        context.set_linewidth(edge_px * 72 / DPI)
        place = Affine2D().scale(scale).translate(side / 2, side / 2)
        renderer.draw_path(context, outline, place, (0.0, 0.0, 0.0))
        coverage = np.asarray(renderer.buffer_rgba())[..., 3].copy()
        coverage.flags.writeable = False
        stamps.append(coverage)
    return stamps[0], stamps[1]
