"""District codes of both systems and their dated changes: whatever a file carries is brought to today's.

A code is matched after its changes; where that fails, or where the systems differ, the name decides (province, si-gun-
gu, eup-myeon-dong), old names read as new ones. Codes are compared without the zeros that fill them up.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, Final

import numpy as np

from lifezone.sources.korea.provinces import PROVINCES, province_of

__all__ = ["Change", "UnitName", "changes", "code_system", "modern_code", "parse_unit", "stem"]

_MOIS: Final = frozenset(code for one in PROVINCES for code in (one.code, one.old_code))
_SGIS: Final = {one.sgis: one.code for one in PROVINCES}
_SGIS_HEADINGS: Final = ("admcd", "admdrcd", "totoacd", "totregcd")
_DIGITS: Final = re.compile(r"^\d+$")


@dataclass(frozen=True)
class Change:
    """One dated change of a code or a name."""

    date: str
    old: str
    new: str
    what: str
    province: str = ""
    sigungu: str = ""


@dataclass(frozen=True)
class UnitName:
    """The parts of a name: province code of today (may be empty), si-gun-gu without spaces, eup-myeon-dong."""

    province: str
    sigungu: str
    emd: str


def changes() -> tuple[Change, ...]:
    """Return every dated change of codes and names, in the order of the packaged table."""
    raw = _raw()
    coded = [
        Change(row["date"], row["from"], row["to"], row["name"])
        for part in ("sigungu", "provinces")
        for row in raw[part]
    ]
    named = [
        Change(row["date"], row["from"], row["to"], f"{row['sigungu']} {row['from']} → {row['to']}", row["province"],
               row["sigungu"])
        for row in raw["units"]
    ]  # fmt: skip
    return (*coded, *named)


def stem(code: str) -> str:
    """Return a code without the zeros that fill it up: ``4511100000`` → ``45111``, ``4500000000`` → ``45``."""
    if not _DIGITS.match(code):
        return code
    if len(code) == 10 and code.endswith("00"):
        code = code[:8]
    if len(code) == 8 and code.endswith("000"):
        code = code[:5]
    if len(code) == 5 and code.endswith("000"):
        code = code[:2]
    return code


@cache
def modern_code(code: str, date: str = "9999-12-31") -> str:
    """Return the code that a district has on a day, today without one; its stem (see :func:`stem`).

    Args:
        code: Code of the interior ministry, of any length.
        date: ISO date; changes up to that day are applied to older codes, later ones are undone.
    """
    found = stem(code)
    raw = _raw()
    for table, width in (("sigungu", 5), ("provinces", 2)):
        for row in raw[table]:
            old, new = (row["from"], row["to"]) if row["date"] <= date else (row["to"], row["from"])
            if found[:width] == old:
                found = new + found[width:]
    return found


def code_system(heading: str, codes: np.ndarray) -> str:
    """Return ``mois`` or ``sgis``: by the heading of the column, else by the provinces that the codes begin with."""
    known = [code for code in codes.tolist() if _DIGITS.match(str(code))]
    if any(len(code) == 10 for code in known):
        return "mois"
    if heading in _SGIS_HEADINGS:
        return "sgis"
    provinces = {code[:2] for code in known}
    only_mois, only_sgis = provinces - set(_SGIS), provinces - _MOIS
    return "sgis" if len(only_sgis) > len(only_mois) else "mois"


def sgis_province(code: str) -> str:
    """Return today's code of the province that a code of Statistics Korea begins with, or empty."""
    return _SGIS.get(code[:2], "")


def mois_province(code: str) -> str:
    """Return today's code of the province that a code of the interior ministry begins with, or empty."""
    found = modern_code(code)[:2]
    return found if found in _MOIS else ""


def parse_unit(name: str, province: str = "") -> UnitName:
    """Read the name of a district: ``전라북도 전주시완산구 중앙동``, ``수원시 장안구``, ``종로구``, ``중앙동``.

    Old names of eup and myeon become those of today.

    Args:
        name: The name; parts are separated by spaces.
        province: Code of the province where the name does not hold it.
    """
    words = name.split()
    found = province_of(words[0]) if words else ""
    if found and (len(words) > 1 or province_of(words[0])):
        words = words[1:]
    sigungu = ""
    while words and words[0][-1] in "시군구" and len(words[0]) > 1:
        sigungu += words.pop(0)
    emd = "".join(words)
    return UnitName(found or province, sigungu, _modern_name(found or province, sigungu, emd))


def _modern_name(province: str, sigungu: str, emd: str) -> str:
    """Return today's name of an eup or myeon."""
    return _renamed().get((province, sigungu, emd), emd)


@cache
def _renamed() -> dict[tuple[str, str, str], str]:
    """Return (province, si-gun-gu, old name) → new name."""
    return {(row["province"], row["sigungu"], row["from"]): row["to"] for row in _raw()["units"]}


@cache
def _raw() -> dict[str, Any]:
    """Read the packaged table once."""
    from ruamel.yaml import YAML  # noqa: PLC0415  (slow to import)

    text = files("lifezone.sources.korea").joinpath("crosswalk.yaml").read_text(encoding="utf-8")
    raw: dict[str, Any] = YAML(typ="safe", pure=True).load(text)
    return raw
