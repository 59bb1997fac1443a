"""Notes of a run in Korean: the program tells them in English sentences, this finds the form of each and says it again.

Notes are made all over the program, by whoever notices something, as one English sentence with numbers and names in it
(data files hold them as they are). What people read in Korean goes through :func:`told_in`; a sentence whose form is
not in ``told.yaml`` stays English, and callers mark it as such. Refused: message ids in every room that can notice
something, for the sake of two languages of one reader.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache, partial
from importlib.resources import files
from typing import Final

from lifezone.report.words.grammar import Language
from lifezone.report.words.particles import PAIRS, with_particle

__all__ = ["is_told_in_korean", "told_in", "without_folders"]

_FIELD: Final = re.compile(r"\{(\w+)(?::([^{}]*))?\}")
_MODES: Final = {"car": "자동차", "walk": "보행", "bicycle": "자전거", "transit": "대중교통"}
_UNDER_PEOPLE: Final = re.compile(r"<(\d+)명")
_UNDER: Final = re.compile(r"<(\d+)(?=$|[\s,.;)])")
_LINES: Final = re.compile(r"\blines? (\d[\d,]*)")
_FOLDERS: Final = re.compile(r"(?<![\w.])(?:[A-Za-z]:)?(?:[\\/][^\\/\s:;,()]+)+[\\/](?=[^\\/\s:;,()]+)")
_ID: Final = re.compile(r"[A-Za-z][A-Za-z0-9]*(?:_[A-Za-z0-9]+)*")
_IN_ALL: Final = re.compile(r"\(([\d,]+) in all\)")
_WEEKDAYS: Final = dict(zip(("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
                            "월화수목금토일", strict=True))  # fmt: skip
_MINUTES: Final = re.compile(r"(?<=\d) min\b")


def told_in(language: Language, sentence: str, names: Mapping[str, str] | None = None) -> str:
    """Return a note in a language; as it is where its form is not known.

    Args:
        language: ``ko`` or ``en``.
        sentence: as the program told it.
        names: what people call an id that may stand in it (of requirements, kinds, groups), in that language.
    """
    return _named(_korean(sentence) if language == "ko" else sentence, names or {})


def _korean(sentence: str) -> str:
    """Return a sentence in Korean, or as it is."""
    for pattern, korean in _forms():
        found = pattern.fullmatch(sentence)
        if found is not None:
            said = _IN_ALL.sub(r"(모두 \1개)", _FIELD.sub(partial(_filled, found), korean))
            said = _LINES.sub(r"\1행", said)
            return _UNDER.sub(r"\1 미만", _UNDER_PEOPLE.sub(r"\1명 미만", _MINUTES.sub("분", said)))
    return sentence


def _filled(found: re.Match[str], part: re.Match[str]) -> str:
    """Return what stands in the place of one field."""
    return _said(found[part[1]], part[2] or "")


def _named(sentence: str, names: Mapping[str, str]) -> str:
    """Return a sentence with ids said as people call them."""
    if not names:
        return sentence
    return _ID.sub(lambda one: names.get(one[0], one[0]), sentence)


def without_folders(sentence: str) -> str:
    """Return a note whose absolute paths are names of files: a report tells nobody how somebody's disk is laid out."""
    return _FOLDERS.sub("", sentence)


def is_told_in_korean(sentence: str) -> bool:
    """Tell whether a note has a Korean form."""
    return any(pattern.fullmatch(sentence) for pattern, _korean in _forms())


@cache
def _forms() -> tuple[tuple[re.Pattern[str], str], ...]:
    """Return the forms of sentences, those with most fixed letters first: the closest fit wins."""
    from ruamel.yaml import YAML  # noqa: PLC0415  (slow to import)

    raw = files("lifezone.report.words").joinpath("told.yaml").read_text(encoding="utf-8")
    pairs = [(str(english), str(korean)) for english, korean in YAML(typ="safe", pure=True).load(raw)]
    pairs.sort(key=lambda pair: -len(_FIELD.sub("", pair[0])))
    return tuple((_pattern(english), korean) for english, korean in pairs)


def _pattern(english: str) -> re.Pattern[str]:
    """Return what a sentence of that form looks like."""
    parts = re.split(r"\{(\w+)\}", english)
    text = "".join(f"(?P<{part}>.+?)" if at % 2 else re.escape(part) for at, part in enumerate(parts))
    return re.compile(text, re.DOTALL)


def _said(value: str, form: str) -> str:
    """Return a part of the sentence in the form that the Korean one asks for."""
    if form == "told":
        return _korean(value)
    if form == "mode":
        return _MODES.get(value, value)
    if form == "weekday":
        return _WEEKDAYS.get(value, value)
    if form == "none":
        return "없음" if value == "nobody" else value
    return with_particle(value, form) if form in PAIRS else value
