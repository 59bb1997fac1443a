"""The seventeen provinces: names old and new, codes of both systems, roughly where they lie; and addresses.

Two systems of codes are in use: that of the Ministry of the Interior (행정표준코드, 2 digits of 10) and that of
Statistics Korea (SGIS, 2 digits of 7 or 8). Gangwon became 51 on 2023-06-11 and Jeonbuk 52 on 2024-01-18 (special
self-governing provinces, by their own acts); files of either side of those days meet in one study.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import Final

import numpy as np

from lifezone.model import Bools, Floats

__all__ = [
    "KOREA_BOX",
    "PROVINCES",
    "Address",
    "Province",
    "in_korea",
    "outside_province",
    "parse_address",
    "province_of",
]

KOREA_BOX: Final = (124.5, 33.0, 132.0, 38.7)
"""West, south, east, north of the land of the Republic of Korea in degrees, Marado to Dokdo."""


@dataclass(frozen=True)
class Province:
    """One province.

    Attributes:
        code: code of the interior ministry today.
        old_code: its code before, or the same.
        sgis: code of Statistics Korea.
        names: full names now and before, and short ones.
        box: west, south, east, north in degrees, generously.
    """

    code: str
    old_code: str
    sgis: str
    names: tuple[str, ...]
    box: tuple[float, float, float, float]


PROVINCES: Final = (
    Province("11", "11", "11", ("서울특별시", "서울시", "서울"), (126.7, 37.4, 127.25, 37.75)),
    Province("26", "26", "21", ("부산광역시", "부산시", "부산"), (128.7, 34.85, 129.35, 35.45)),
    Province("27", "27", "22", ("대구광역시", "대구시", "대구"), (128.3, 35.55, 128.95, 36.4)),
    Province("28", "28", "23", ("인천광역시", "인천시", "인천"), (124.5, 36.85, 126.85, 38.05)),
    Province("29", "29", "24", ("광주광역시", "광주"), (126.6, 35.0, 127.05, 35.3)),
    Province("30", "30", "25", ("대전광역시", "대전시", "대전"), (127.2, 36.15, 127.6, 36.55)),
    Province("31", "31", "26", ("울산광역시", "울산시", "울산"), (128.9, 35.25, 129.5, 35.75)),
    Province("36", "36", "29", ("세종특별자치시", "세종시", "세종"), (127.1, 36.35, 127.45, 36.75)),
    Province("41", "41", "31", ("경기도", "경기"), (126.3, 36.85, 127.9, 38.35)),
    Province("51", "42", "32", ("강원특별자치도", "강원도", "강원"), (127.05, 37.0, 129.4, 38.65)),
    Province("43", "43", "33", ("충청북도", "충북"), (127.2, 35.95, 128.7, 37.3)),
    Province("44", "44", "34", ("충청남도", "충남"), (125.5, 35.9, 127.7, 37.1)),
    Province("52", "45", "35", ("전북특별자치도", "전라북도", "전북"), (125.9, 35.25, 127.95, 36.2)),
    Province("46", "46", "36", ("전라남도", "전남"), (125.0, 33.85, 127.95, 35.55)),
    Province("47", "47", "37", ("경상북도", "경북"), (127.75, 35.5, 132.0, 37.6)),
    Province("48", "48", "38", ("경상남도", "경남"), (127.5, 34.45, 129.3, 35.95)),
    Province("50", "50", "39", ("제주특별자치도", "제주도", "제주"), (126.0, 33.0, 127.05, 34.05)),
)
_SHORTENED: Final = {"전라북도특별자치도": "52", "전북도": "52", "강원자치도": "51", "전북자치도": "52"}
_PLACE: Final = re.compile(r"^[가-힣0-9·.,]+(시|군|구|읍|면|동|가|로|리)$")
_UNIT: Final = re.compile(r"[가-힣0-9·.]+(읍|면|동|[0-9]가)(?![가-힣])")
_BRACKET: Final = re.compile(r"\(([^()]*)\)")


@dataclass(frozen=True)
class Address:
    """What an address tells: province code of today (or empty), si-gun-gu without spaces, eup-myeon-dong."""

    province: str
    sigungu: str
    emd: str


@cache
def province_of(word: str) -> str:
    """Return today's code of a province by any of its names, or empty."""
    for province in PROVINCES:
        if word in province.names:
            return province.code
    return _SHORTENED.get(word, "")


@cache
def parse_address(text: str) -> Address:
    """Read province, si-gun-gu and eup-myeon-dong from an address, road or lot; what it does not tell is empty.

    A road address names its legal dong in brackets at the end.
    """
    words = text.replace(",", " ").split()
    if not words:
        return Address("", "", "")
    province = province_of(words[0])
    rest = words[1:] if province else words
    sigungu = ""
    while rest and len(rest[0]) > 1 and rest[0][-1] in "시군구" and _PLACE.match(rest[0]):
        sigungu += rest[0]
        rest = rest[1:]
        if sigungu[-1] in "군구":
            break
    emd = rest[0] if rest and _UNIT.fullmatch(rest[0]) else ""
    if not emd:
        inside = [unit.group() for part in _BRACKET.findall(text) for unit in [_UNIT.match(part.strip())] if unit]
        emd = inside[-1] if inside else ""
    return Address(province, sigungu, emd)


def in_korea(lon: Floats, lat: Floats) -> Bools:
    """Return bool[n] True where a point lies in the box around the Republic of Korea."""
    west, south, east, north = KOREA_BOX
    inside: Bools = (lon >= west) & (lon <= east) & (lat >= south) & (lat <= north)
    return inside


def outside_province(lon: Floats, lat: Floats, province: np.ndarray) -> Bools:
    """Return bool[n] True where a point lies outside the box of the province that its row names.

    Boxes are generous: what they catch is wrong, what they let pass may be.
    """
    outside = np.zeros(len(lon), np.bool_)
    for one in PROVINCES:
        rows = np.flatnonzero(province == one.code)
        west, south, east, north = one.box
        inside = (lon[rows] >= west) & (lon[rows] <= east) & (lat[rows] >= south) & (lat[rows] <= north)
        outside[rows[~inside & np.isfinite(lon[rows])]] = True
    return outside
