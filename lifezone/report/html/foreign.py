"""Text of one language inside the other, marked so that it is read aloud and drawn as what it is."""

from __future__ import annotations

import re
from typing import Final

from markupsafe import Markup, escape

from lifezone.report.labels import Language

__all__ = ["marked"]

_HANGUL: Final = r"[가-힣ㄱ-ㅎㅏ-ㅣ]"
_KOREAN: Final = re.compile(rf"{_HANGUL}(?:[\s·0-9()\-–,.]*{_HANGUL})*")
_WORD: Final = r"[A-Za-z][A-Za-z'’\-]*"
_ENGLISH: Final = re.compile(rf"{_WORD}(?:[ ,;:]+{_WORD}){{2,}}")
"""Three words or more: shorter ones (km, PNG, GeoPackage) are read alike in both languages."""


def marked(text: str, language: Language) -> Markup:
    """Return text escaped for HTML, runs of the other language in ``<span lang=…>``."""
    pattern, other = (_ENGLISH, "en") if language == "ko" else (_KOREAN, "ko")
    parts, at = [], 0
    for found in pattern.finditer(text):
        parts += [escape(text[at : found.start()]), Markup('<span lang="{}">{}</span>').format(other, found[0])]
        at = found.end()
    return Markup("").join([*parts, escape(text[at:])])
