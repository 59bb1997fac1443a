"""Fonts that draw Korean on a machine that has none, and the width of text before it is drawn.

The font files of the package ``koreanize_matplotlib`` are found without importing it (its import fails on Python 3.12
and later) and added to matplotlib; DejaVu Sans draws what they lack, such as U+2212.
"""

from __future__ import annotations

import math
import unicodedata
from dataclasses import replace
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final

from matplotlib import font_manager
from matplotlib.ft2font import FT2Font

__all__ = ["FAMILY", "clean", "fit", "font", "text_width", "wrap"]

_KOREAN: Final = "lifezone Korean"
"""Family under which the packaged font is known, so that another version on the machine changes no map."""
FAMILY: Final = (_KOREAN, "DejaVu Sans")
DPI: Final = 100
_FILES: Final = {"NanumGothic.ttf": 400, "NanumGothicBold.ttf": 700}  # the bold one calls itself 600
_MISSING: Final = "□"
_MEASURE_SIZE: Final = 64
_HINTED_IS_WIDER: Final = 1.035  # letters are moved to whole pixels, most of all in small sizes
_BIDI_CONTROLS: Final = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


@cache
def font(size_px: float, *, bold: bool = False) -> font_manager.FontProperties:
    """Return the font of a size in pixels."""
    _fonts()
    return font_manager.FontProperties(
        family=list(FAMILY), weight="bold" if bold else "normal", size=size_px * 72 / DPI
    )


def clean(text: str) -> str:
    """Return text that can be drawn as it stands: one line, no control or direction characters, missing glyphs as □."""
    one_line = " ".join("".join(c for c in text if c not in _BIDI_CONTROLS).split())
    drawable = (c for c in one_line if unicodedata.category(c) not in ("Cc", "Cf", "Cs"))
    return "".join(c if _has_glyph(c) else _MISSING for c in drawable)


def text_width(text: str, size_px: float) -> float:
    """Return the width of cleaned text in pixels, a little on the wide side; bold letters are as wide."""
    return sum(_advance(c) for c in text) * math.ceil(size_px) * _HINTED_IS_WIDER


def fit(text: str, size_px: float, most_px: float) -> str:
    """Return cleaned text, shortened with … when it is wider than ``most_px``."""
    text = clean(text)
    if text_width(text, size_px) <= most_px:
        return text
    while text and text_width(f"{text}…", size_px) > most_px:
        text = text[:-1]
    return f"{text.rstrip()}…"


def wrap(text: str, size_px: float, most_px: float, *, lines: int) -> list[str]:
    """Break cleaned text into at most ``lines`` lines; the last one is shortened when more is left."""
    rows: list[str] = []
    words = clean(text).split(" ")
    while words and len(rows) < lines - 1:
        row = words.pop(0)
        while words and text_width(f"{row} {words[0]}", size_px) <= most_px:
            row = f"{row} {words.pop(0)}"
        rows.append(fit(row, size_px, most_px))
    if words:
        rows.append(fit(" ".join(words), size_px, most_px))
    return rows


@cache
def _fonts() -> tuple[FT2Font, ...]:
    """Register the Korean fonts once and return the faces in the order of fallback."""
    faces = []
    manager = font_manager.fontManager
    spec = find_spec("koreanize_matplotlib")
    for folder in (spec.submodule_search_locations or []) if spec else []:
        for name, weight in _FILES.items():
            path = Path(folder) / "fonts" / name
            if path.is_file():
                manager.addfont(str(path))
                manager.ttflist.append(replace(manager.ttflist[-1], name=_KOREAN, weight=weight))
                faces.append(path)
    regular = [str(path) for path in faces[:1]]
    regular.append(str(font_manager.findfont("DejaVu Sans")))
    return tuple(FT2Font(path) for path in regular)


@cache
def _charmaps() -> tuple[Any, ...]:
    return tuple(face.get_charmap() for face in _fonts())


@cache
def _has_glyph(character: str) -> bool:
    return any(ord(character) in charmap for charmap in _charmaps())


@cache
def _advance(character: str) -> float:
    """Return the width of a character in parts of the font size."""
    for face, charmap in zip(_fonts(), _charmaps(), strict=True):
        if ord(character) in charmap:
            face.set_size(_MEASURE_SIZE, 72)
            return float(face.load_char(ord(character)).linearHoriAdvance) / 65536 / _MEASURE_SIZE
    return 1.0
