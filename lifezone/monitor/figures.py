"""Names of the figures that tables give and indicators ask for.

Groups of people by age and sex are written as everywhere: ``all``, ``65+``, ``0-14``, ``female 20-39``; whatever ages a
file counts, a group is put together of them. Everything else has a word of its own here; a table may add further words
for indicators of its own.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from lifezone.sources.korea.groups import parse_group

__all__ = ["FIGURES", "Figure", "figure_name", "is_group"]


@dataclass(frozen=True)
class Figure:
    """A figure: Korean and English name."""

    ko: str
    en: str


FIGURES: Final[dict[str, Figure]] = {
    "births": Figure("출생아 수", "births"),
    "households": Figure("가구", "households"),
    "single_households": Figure("1인가구", "single-person households"),
    "movers_in": Figure("전입자", "in-movers"),
    "movers_out": Figure("전출자", "out-movers"),
    "movers_in_20_29": Figure("20대 전입자", "in-movers in their 20s"),
    "movers_out_20_29": Figure("20대 전출자", "out-movers in their 20s"),
    "commuters_in": Figure("유입 통근·통학자", "in-commuters"),
    "commuters_out": Figure("유출 통근·통학자", "out-commuters"),
    "grdp": Figure("지역내총생산", "gross regional domestic product"),
    "low_income": Figure("저소득 인구", "low-income people"),
    "income_people": Figure("소득 집계 인구", "people whose income is known"),
    "old_buildings": Figure("노후 건축물", "old buildings"),
    "buildings": Figure("건축물", "buildings"),
}
"""Figures that the packaged indicators ask for, beside groups of people by age."""


def is_group(name: str) -> bool:
    """Whether a figure is a group of people by age and sex."""
    return parse_group(name) is not None


def figure_name(name: str, language: str) -> str:
    """Return what a figure is called."""
    if name in FIGURES:
        return FIGURES[name].ko if language == "ko" else FIGURES[name].en
    group = parse_group(name)
    if group is None:
        return name
    if group.low is None:
        return {"ko": "인구", "en": "people"}[language]
    if language == "ko":
        sex = {"female": "여성 ", "male": "남성 "}.get(group.sex, "")
        return f"{sex}{group.low}세 이상" if name.endswith("+") else f"{sex}{group.low}–{group.high}세"
    sex = {"female": "women ", "male": "men "}.get(group.sex, "people ")
    return f"{sex}{group.low}+" if name.endswith("+") else f"{sex}{group.low}–{group.high}"
