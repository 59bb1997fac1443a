"""Colours and hatches of the maps: told apart by the colour-blind, in greyscale and on a bad copier.

Travel times run from light to dark: three greens within the bound, three browns beyond it, lightness falling all the
way, so that grey keeps the order and the hue tells which side of the bound one is on. White is never a value. Refused:
red and green; a diverging ramp for times (both ends look alike in grey).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Final

import numpy as np

__all__ = ["BARE", "Ink", "Pixels", "paint", "rgb", "swatch"]

Pixels = np.ndarray
"""u8[h, w, 4] red, green, blue and 255."""

BARE: Final = 255
"""Code of a pixel where nobody lives: the ground shows."""


@dataclass(frozen=True)
class Ink:
    """A fill, and lines of a pattern over it."""

    fill: str
    line: str = "#000000"
    pattern: str = "plain"


WITHIN: Final = (Ink("#d3ede6"), Ink("#9fd6c8"), Ink("#62b5a2"))
BEYOND: Final = (Ink("#b9622a"), Ink("#843a0c"), Ink("#4d1c04"))
NOBODY: Final = Ink("#f1f0ec", "#c4c2bb", "sparse")
OUTSIDE: Final = Ink("#e3e5e8")
WATER: Final = Ink("#cddcec")
NOT_JUDGED: Final = Ink("#d6d3dd", "#8d8999", "dots")
UNREACHABLE: Final = Ink("#77787b", "#e8e8e8", "rising")
OFF_NETWORK: Final = Ink("#77787b", "#e8e8e8", "falling")
NO_FACILITY: Final = Ink("#77787b", "#e8e8e8", "cross")
GAIN: Final = Ink("#1f5a96")
QUICKER: Final = Ink("#93bbe0")
UNCHANGED: Final = Ink("#d6d2c8")
SLOWER: Final = Ink("#e0a878", "#8b410f", "rising")
LOSE: Final = Ink("#7a3108", "#f0c9a8", "cross")
LOST: Final = (Ink("#d3e6e0"), Ink("#ddc07f"), Ink("#c2762e"), Ink("#8a3f10"), Ink("#4a1a04"))
"""Functions lost: none, one (a gap), two, three, four or more."""

_PATTERNS: Final = ("plain", "sparse", "rising", "falling", "cross", "dots")


def paint(codes: np.ndarray, inks: Sequence[Ink], ground: Pixels) -> Pixels:
    """Return the ground with codes painted over it.

    Args:
        codes: u8[h, w] position in ``inks``; :data:`BARE` leaves the ground.
        inks: what each code looks like.
        ground: u8[h, w, 4].
    """
    table = np.zeros((256, 2, 4), np.uint8)
    bit = np.zeros(256, np.uint8)
    for code, ink in enumerate(inks):
        table[code] = (*rgb(ink.fill), 255), (*rgb(ink.line), 255)
        bit[code] = _PATTERNS.index(ink.pattern)
    height, width = codes.shape
    hit = (_pattern_bits(height, width) >> np.take(bit, codes)) & 1
    whole = np.take(table.view(np.uint32).reshape(512), codes.astype(np.uint16) * 2 + hit)
    painted = np.where(codes == BARE, _whole(ground), whole)
    return painted[..., None].view(np.uint8)


@cache
def swatch(ink: Ink, height: int, width: int) -> Pixels:
    """Return a legend patch of an ink with a thin frame."""
    patch = paint(np.zeros((height, width), np.uint8), [ink], np.zeros((height, width, 4), np.uint8))
    patch[[0, -1], :, :3] = 90
    patch[:, [0, -1], :3] = 90
    return patch


@cache
def _pattern_bits(height: int, width: int) -> np.ndarray:
    """u8[h, w]: bit ``i`` is set where pattern ``i`` draws a line."""
    x, y = np.arange(width)[None, :], np.arange(height)[:, None]
    rising, falling = (x + y) % 6 < 2, (x - y) % 6 < 2
    lines = ((x + y) % 9 < 1, rising, falling, ((x + y) % 7 < 1) | ((x - y) % 7 < 1), (x % 4 < 1) & (y % 4 < 1))
    bits = np.zeros((height, width), np.uint8)
    for position, mask in enumerate(lines, start=1):
        bits |= np.where(mask, 1 << position, 0).astype(np.uint8)
    return bits


def _whole(picture: Pixels) -> np.ndarray:
    """u32[h, w]: each pixel as one number, which is four times as quick to move."""
    return np.ascontiguousarray(picture).view(np.uint32)[..., 0]


def rgb(colour: str) -> tuple[int, int, int]:
    """Return red, green and blue of ``#rrggbb``."""
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)
