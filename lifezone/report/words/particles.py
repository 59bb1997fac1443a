"""Korean particles by the sound that a word ends in: 은/는, 이/가, 을/를, 과/와, 으로/로."""

from __future__ import annotations

import re
from enum import Enum
from typing import Final

__all__ = ["PAIRS", "End", "end_of", "with_particle"]


class End(Enum):
    """How a word ends when it is read aloud."""

    VOWEL = "vowel"
    RIEUL = "ㄹ"
    CONSONANT = "consonant"
    UNKNOWN = "unknown"


PAIRS: Final = {
    "은/는": "은(는)", "이/가": "이(가)", "을/를": "을(를)", "과/와": "와(과)", "으로/로": "(으)로",
    "이라/라": "(이)라", "이나/나": "(이)나", "이며/며": "(이)며", "이고/고": "(이)고", "이다/다": "(이)다",
}  # fmt: skip
"""Particle after a consonant / after a vowel → how both are written where the sound is not known."""

_FIRST, _LAST, _FINALS, _RIEUL = 0xAC00, 0xD7A3, 28, 8
_DIGITS: Final = dict(zip("0123456789", "영일이삼사오육칠팔구", strict=True))
_LETTERS: Final = {
    "l": End.RIEUL, "r": End.RIEUL, "m": End.CONSONANT, "n": End.CONSONANT,
}  # fmt: skip
"""Names of letters that do not end in a vowel: 엘, 알, 엠, 엔."""
_UNITS: Final = {
    "%": End.VOWEL, "%p": End.VOWEL, "‰": End.VOWEL, "m": End.VOWEL, "km": End.VOWEL, "cm": End.VOWEL,
    "mm": End.VOWEL, "m²": End.VOWEL, "㎡": End.VOWEL, "km²": End.VOWEL, "㎢": End.VOWEL, "㎞": End.VOWEL,
    "ha": End.VOWEL, "km/h": End.VOWEL, "m/s": End.VOWEL, "°": End.VOWEL, "℃": End.VOWEL, "°C": End.VOWEL,
    "kg": End.CONSONANT, "g": End.CONSONANT, "t": End.CONSONANT, "h": End.CONSONANT, "min": End.CONSONANT,
    "s": End.VOWEL, "kW": End.VOWEL, "L": End.VOWEL,
}  # fmt: skip
"""Units after a number, as they are read: 퍼센트, 미터, 킬로그램, 톤, 시간, 분."""
_SYMBOLS: Final = {
    "%": End.VOWEL, "㎡": End.VOWEL, "㎢": End.VOWEL, "㎞": End.VOWEL, "℃": End.VOWEL, "°": End.VOWEL,
    "+": End.VOWEL, "&": End.VOWEL, "₩": End.CONSONANT, "$": End.VOWEL, "€": End.VOWEL,
}  # fmt: skip
_BRACKETS: Final = re.compile(
    r"\s*(?:\([^()]*\)|\[[^\[\]]*\]|\{[^{}]*\}|<[^<>]*>|（[^（）]*）|〈[^〈〉]*〉|《[^《》]*》)$"
)
_QUOTES: Final = "\"'’”」』.,…!?·~ \t\u00a0"
_CLOSING: Final = ")]}>）〉》"
_OPENING: Final = "([{<（〈《‘“「『\"' "
_UNIT: Final = re.compile(r"[0-9.]\s?([^\s0-9.,]+)$")
_NUMBER: Final = re.compile(r"([0-9][0-9,]*)(\.[0-9]+)?$")
_WORD: Final = re.compile(r"[A-Za-z]+$")
_TRILLIONS: Final = range(12, 16)
"""Zeros at the end of a number that is read … 조, the only power of ten that ends in a vowel."""
_VOWEL_WORDS: Final = tuple("aiouywrsxzfvdjqh")
"""Words that end in these letters are written with a last open syllable in Korean: 센터, 로드, 박스, 버스."""


def end_of(text: str) -> End:
    """Return how a word ends when it is read aloud in Korean.

    A bracket behind a word is passed over, as the particle goes with the word before it; so are quotes and full stops.
    Digits are read as Sino-Korean numbers, units after a number by their names, capital letters one by one. An
    English word is read as it is usually transcribed; where that cannot be told from its spelling (clinic, home), and
    for other scripts, the end is unknown.
    """
    word = _bare(text)
    if not word:
        return End.UNKNOWN
    unit = _UNIT.search(word)
    if unit and unit[1] in _UNITS:
        return _UNITS[unit[1]]
    number = _NUMBER.search(word)
    if number:
        return _number_end(number[1].replace(",", ""), bool(number[2]), word[-1])
    if word[-1] in _SYMBOLS:
        return _SYMBOLS[word[-1]]
    latin = _WORD.search(word)
    return _latin_end(latin[0]) if latin else _syllable_end(word[-1])


def with_particle(text: str, pair: str) -> str:
    """Return a word with the particle that its end asks for: ``with_particle("한빛군", "은/는")`` = ``한빛군은``.

    Args:
        text: the word.
        pair: one of :data:`PAIRS`: the form after a consonant, ``/``, the form after a vowel. ㄹ counts as a vowel for
            으로/로.
    """
    both = PAIRS[pair]
    closed, opened = pair.split("/")
    end = end_of(text)
    if end is End.UNKNOWN:
        return text + both
    if pair == "으로/로" and end is End.RIEUL:
        return text + opened
    return text + (opened if end is End.VOWEL else closed)


def _bare(text: str) -> str:
    """Return a word without the brackets, quotes and stops behind it, unless nothing else is left."""
    word = text.strip().rstrip(_QUOTES)
    while _BRACKETS.search(word):
        shorter = _BRACKETS.sub("", word).rstrip(_QUOTES)
        if not shorter.strip(_OPENING):
            return word.strip(_OPENING + _CLOSING)
        word = shorter
    return word.rstrip(_QUOTES + _CLOSING)


def _number_end(whole: str, decimals: bool, last: str) -> End:
    """Return how a number ends: 10 as 십, 1,000,000,000,000 as 조, 0.30 digit by digit."""
    if not decimals and len(whole) - len(whole.rstrip("0")) in _TRILLIONS and whole.strip("0"):
        return End.VOWEL
    return _syllable_end(_DIGITS[last])


def _latin_end(word: str) -> End:
    """Return how letters end: capitals by the name of the last one, words as they are transcribed."""
    last = word[-1].lower()
    if word[-1].isupper() or len(word) == 1:
        return _LETTERS.get(last, End.VOWEL)
    if last == "l":
        return End.RIEUL
    if last in "mn" or word.lower().endswith("ng"):
        return End.CONSONANT
    return End.VOWEL if last in _VOWEL_WORDS else End.UNKNOWN


def _syllable_end(letter: str) -> End:
    """Return how a Hangul syllable ends."""
    code = ord(letter)
    if not _FIRST <= code <= _LAST:
        return End.UNKNOWN
    final = (code - _FIRST) % _FINALS
    return End.VOWEL if final == 0 else End.RIEUL if final == _RIEUL else End.CONSONANT
