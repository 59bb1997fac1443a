"""The sheet that every map is drawn on: where map, panel, titles and footer stand, and how the parts become a PNG.

Bitmaps are put together in numpy; matplotlib's Agg draws lines, text and symbols onto transparent figures of its object
interface (no pyplot, no global state). Coordinates on the sheet are pixels from the top left.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
from matplotlib import image
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patheffects import withStroke
from matplotlib.transforms import IdentityTransform

from lifezone.report.extent import Extent
from lifezone.report.maps.fonts import DPI, font
from lifezone.report.maps.inks import Pixels

__all__ = ["FOOTER_TOP", "MAP", "PANEL", "SHEET", "Frame", "Label", "Symbols", "blend", "overlay", "rasterise", "save"]

SHEET: Final = (1400, 1100)
"""Width and height of a map, pixels."""
MAP: Final = (20, 104, 990, 934)
"""Left, top, width and height of the map proper."""
PANEL: Final = (1026, 104, 354, 934)
"""Left, top, width and height of the legend."""
FOOTER_TOP: Final = 1046

_COMPRESSION: Final = 2  # 6 saves a fifth of the size and costs half as much time again
_HALO_PX: Final = 3.0


@dataclass(frozen=True)
class Frame:
    """Which ground the map shows: metres to pixels, the same scale both ways.

    Attributes:
        west: easting of the map's left edge, metres.
        north: northing of its top edge.
        metres: ground metres per pixel.
        width: pixels.
        height: pixels.
    """

    west: float
    north: float
    metres: float
    width: int
    height: int

    @staticmethod
    def around(extent: Extent) -> Frame:
        """Return the frame of the sheet's map that holds an extent."""
        west, south, east, north = extent
        _left, _top, width, height = MAP
        metres = max((east - west) / width, (north - south) / height)
        return Frame((west + east - width * metres) / 2, (north + south + height * metres) / 2, metres, width, height)

    @property
    def extent(self) -> Extent:
        """West, south, east, north, metres."""
        return self.west, self.north - self.height * self.metres, self.west + self.width * self.metres, self.north

    def pixels(self, x_m: np.ndarray, y_m: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Return column and row (from the top) as fractions of pixels."""
        return (x_m - self.west) / self.metres, (self.north - y_m) / self.metres


@dataclass(frozen=True)
class Label:
    """One line of text on the sheet; ``y`` is its middle."""

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
    """Markers on the sheet, all alike."""

    x: np.ndarray
    y: np.ndarray
    marker: str
    size: float = 9.0
    fill: str = "#14213d"
    edge: str = "#ffffff"


def overlay(sheet: Pixels, labels: Sequence[Label], symbols: Sequence[Symbols]) -> None:
    """Draw symbols, then text, onto the sheet (in place)."""
    height, width = sheet.shape[:2]
    figure = _figure(width, height)
    identity = IdentityTransform()
    for many in symbols:
        line = Line2D(
            many.x, height - many.y, linestyle="none", marker=many.marker, markersize=many.size * 72 / DPI,
            markerfacecolor=many.fill, markeredgecolor=many.edge, markeredgewidth=0.7, transform=identity,
        )  # fmt: skip
        figure.add_artist(line)
    for label in labels:
        text = figure.text(
            label.x, height - label.y, label.text, fontproperties=font(label.size, bold=label.bold), color=label.colour,
            ha=label.align, va="center_baseline", transform=identity, parse_math=False,
        )  # fmt: skip
        if label.halo:
            text.set_path_effects([withStroke(linewidth=_HALO_PX, foreground="#ffffff")])
    blend(sheet, rasterise(figure))


def rasterise(figure: Figure) -> np.ndarray:
    """Return a figure as u8[h, w, 4], colours not multiplied by opacity."""
    canvas = FigureCanvasAgg(figure)
    canvas.draw()
    return np.asarray(canvas.buffer_rgba())


def blend(base: Pixels, over: np.ndarray) -> None:
    """Lay a transparent picture over an opaque one of the same size, in place."""
    alpha = over[..., 3]
    at = np.nonzero(alpha)
    ink = over[at].astype(np.uint16)
    opacity = ink[:, 3:4]
    base[at] = (ink[:, :3] * opacity + base[at].astype(np.uint16) * (255 - opacity) + 127) // 255


def save(sheet: Pixels, path: Path) -> None:
    """Write a sheet as PNG without date or program name, so that the same map is the same bytes."""
    opaque = np.full((*sheet.shape[:2], 4), 255, np.uint8)
    opaque[..., :3] = sheet
    metadata: dict[str, Any] = {"Software": None}
    pil: dict[str, Any] = {"compress_level": _COMPRESSION}
    image.imsave(path, opaque, format="png", metadata=metadata, pil_kwargs=pil)


def _figure(width: int, height: int) -> Figure:
    """Return a transparent figure of a size in pixels."""
    return Figure(figsize=(width / DPI, height / DPI), dpi=DPI, facecolor="none", edgecolor="none", frameon=False)
