"""What things are called in one language: groups, variants, districts, studies; ids where nothing better is known."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final, Literal

__all__ = ["Language", "district_label", "group_label", "study_label", "variant_label"]

Language = Literal["ko", "en"]

_GROUPS: Final = {
    "total": ("전체 인구", "everybody"),
    "households": ("가구", "households"),
    "women_20_39": ("20–39세 여성", "women aged 20–39"),
    "women_20_45": ("20–45세 여성", "women aged 20–45"),
}
_SPAN: Final = re.compile(r"(?:(women|men|female|male)_)?(?:age_)?(\d+)_(\d+)")
_OPEN: Final = re.compile(r"(?:(women|men|female|male)_)?(?:age_)?(\d+)_(?:plus|over)")
_SEXES: Final = {
    "women": ("여성", "women"),
    "female": ("여성", "women"),
    "men": ("남성", "men"),
    "male": ("남성", "men"),
}
_HANGUL: Final = re.compile("[가-힣]")
_LATIN: Final = re.compile("[A-Za-z]")
_LEAST_LETTERS: Final = 6
"""Fewer letters than that are a word of the other language (KTX), not the title in it."""


def group_label(group: str, language: Language) -> str:
    """Return a group as people say it: ``age_65_plus`` is 65세 이상 and aged 65 and over."""
    at = int(language == "en")
    if group in _GROUPS:
        return _GROUPS[group][at]
    for pattern, korean, english in (
        (_SPAN, "{0}–{1}세", "aged {0}–{1}"), (_OPEN, "{0}세 이상", "aged {0} and over"),
    ):  # fmt: skip
        found = pattern.fullmatch(group)
        if found is not None:
            sex = _SEXES.get(found[1] or "", ("", ""))[at]
            words = (korean, english)[at].format(*(int(number) for number in found.groups()[1:]))
            return " ".join(filter(None, (words, sex) if language == "ko" else (sex, words)))
    return group.replace("_", " ")


def variant_label(name: str, language: Language) -> str:
    """Return a variant's name; only the baseline has one in each language."""
    return ("현재", "today")[int(language == "en")] if name == "baseline" else name


def district_label(district: Mapping[str, Any], language: Language) -> str:
    """Return a district's name: in the language where it has one, else as it is, else its id."""
    names = (district.get("name"), district.get("name_en"))
    first, second = names if language == "ko" else names[::-1]
    return str(first or second or district["id"])


def study_label(name: str, language: Language) -> str:
    """Return a study's name; of a name in both languages (``한빛군 의원은 어디에? · Where …?``) the half that fits."""
    halves = [half.strip() for half in re.split(r" [·/|] ", name)]
    if len(halves) == 2:
        korean = [_is_korean(half) for half in halves]
        if sorted(korean) == [False, True] and len(_LATIN.findall(halves[korean.index(False)])) >= _LEAST_LETTERS:
            return halves[korean.index(language == "ko")]
    return name


def _is_korean(text: str) -> bool:
    return len(_HANGUL.findall(text)) * 2 > len(_LATIN.findall(text))
