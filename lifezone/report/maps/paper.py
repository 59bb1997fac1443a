"""The sheet that every map is drawn on: where map, panel, titles and footer stand, and how the parts become a PNG.

Bitmaps are put together in numpy; matplotlib's Agg draws lines, text and symbols onto transparent pictures (no pyplot,
no global state). Coordinates on the sheet are pixels from the top left.
"""

from __future__ import annotations

import struct
import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from lifezone.report.extent import Extent
from lifezone.report.maps.inks import Pixels

__all__ = ["FOOTER_TOP", "MAP", "PANEL", "SHEET", "Frame", "Lifted", "blend", "lifted", "png_of", "rasterise", "save"]

SHEET: Final = (1400, 1100)
"""Width and height of a map, pixels."""
MAP: Final = (20, 104, 940, 934)
"""Left, top, width and height of the map proper."""
PANEL: Final = (978, 104, 402, 934)
"""Left, top, width and height of the legend."""
FOOTER_TOP: Final = 1046

_COMPRESSION: Final = 3  # 6 saves a seventh of the size and costs twice the time

Lifted = tuple[np.ndarray, np.ndarray, np.ndarray]
"""Where a transparent picture shows, its ink times its opacity, and what it lets through."""


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


def rasterise(figure: Figure) -> np.ndarray:
    """Return a figure as u8[h, w, 4], colours not multiplied by opacity."""
    canvas = FigureCanvasAgg(figure)
    canvas.draw()
    return np.asarray(canvas.buffer_rgba())


def lifted(over: np.ndarray) -> Lifted:
    """Return the part of a transparent picture that is not quite transparent, ready to be laid over many others."""
    at = np.flatnonzero(over[..., 3])
    ink = over.reshape(-1, 4)[at].astype(np.uint16)
    opacity = ink[:, 3:4].copy()
    ink[:, 3] = 255
    return at, ink * opacity + 127, 255 - opacity


def blend(base: Pixels, over: Lifted) -> None:
    """Lay a picture over an opaque one of the same size, in place."""
    at, ink, rest = over
    flat = base.reshape(-1, 4)
    flat[at] = (ink + flat[at] * rest) // 255


def save(sheet: Pixels, path: Path) -> None:
    """Write a sheet as PNG (:func:`png_of`)."""
    path.write_bytes(png_of(sheet))


def png_of(sheet: Pixels) -> bytes:
    """Return a sheet as PNG without date or program name, so that the same map is the same bytes.

    Written by hand, since a general encoder tries five filters on every row: 80 ms a map against 28, and no smaller.
    """
    height, width = sheet.shape[:2]
    rows = np.zeros((height, 1 + 3 * width), np.uint8)
    rows[:, 1:].reshape(height, width, 3)[...] = sheet[..., :3]  # the reshaped rows are a view
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)  # 8 bits a channel, red green blue
    parts = [b"\x89PNG\r\n\x1a\n"]
    for kind, data in ((b"IHDR", header), (b"IDAT", zlib.compress(rows.data, _COMPRESSION)), (b"IEND", b"")):
        parts.append(struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data)))
    return b"".join(parts)
