"""Texts of reports in one language: looked up by key, filled by forms.

A placeholder is ``{field}``, ``{field:form}`` or ``{field:form:…}``; a Korean particle may be the last part of any of
them: ``{place:은/는}``, ``{people:people:이/가}``, ``{names:list:을/를}``.

=====================  =================================================  ==========================================
form                   takes                                              writes
=====================  =================================================  ==========================================
(none)                 a text, a :class:`Shown`, a whole number           as it is, 1,234
``people``             persons                                            1,234명, 10명 미만; 1,234 people
``count``              a number of things                                 1,234
``number`` ``:digits`` a number                                           12.3
``percent`` ``:digits`` a share of 1                                      61.6%, 0.1% 미만, over 99.9%
``points`` ``rise``    a difference of shares, with or without its sign   +3.4%p, 3.4%p; 3.4 percentage points
``interval``           two shares                                         97.6–98.4%
``minutes``            minutes                                            14.1분, 2시간 5분; 14.1 min
``metres``             metres                                             850 m, 1.2 km
``money``              won                                                12.3억 원; 1.23 billion won
``date``               ISO date, month or year                            2026년 11월 22일; 22 November 2026
``list``               texts                                              가, 나, 다; a, b and c
``rank``               a rank, or (rank, whether tied)                    공동 3위; joint 3rd
``plural:one|many``    a number                                           the noun alone
``a``                  a phrase                                           a clinic, an hour
``change:up|down|same`` a difference                                      늘었다, 줄었다, 그대로이다
``abs:form``           a number                                           its amount in that form
=====================  =================================================  ==========================================
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache, partial
from importlib.resources import files
from typing import Any, Final

from lifezone.report.document import Cell, Column, Shown
from lifezone.report.words import grammar
from lifezone.report.words.grammar import Language
from lifezone.report.words.particles import PAIRS, with_particle
from lifezone.standards.disclosure import LEAST_GROUP, shown_group

__all__ = ["PLACEHOLDER", "Texts", "texts_of"]

PLACEHOLDER: Final = re.compile(r"\{(\w+)(?::([^{}]*))?\}")
_MILLION: Final = 1e6
_LINE_END: Final = re.compile(r"\s*\n\s*")


@dataclass(frozen=True)
class Texts:
    """All texts of a language.

    Attributes:
        language: ``ko`` or ``en``.
        disclose: lift the disclosure rule of counts.
        table: text by key (``deserts.lead``).
    """

    language: Language
    disclose: bool = False
    table: Mapping[str, str] = field(default_factory=dict, repr=False)

    def has(self, key: str) -> bool:
        """Return whether there is such a text."""
        return key in self.table

    def say(self, key: str, /, **values: Any) -> str:
        """Return a text with its placeholders filled.

        Args:
            key: ``section.name``.
            **values: what the placeholders take; fields that the text does not use are passed over.

        Raises:
            KeyError: there is no such text, or a field is missing: a fault of the program.
        """
        if key not in self.table:
            raise KeyError(f"no text {key!r} in {self.language}.yaml")
        return PLACEHOLDER.sub(partial(self._filled, key, values), self.table[key])

    def write(self, value: Any, form: str = "") -> str:
        """Write one value by a form: ``write(0.616, "percent")``, ``write("한빛군", "은/는")``."""
        *parts, last = form.split(":")
        pair = last if last in PAIRS else ""
        if not pair:
            parts.append(last)
        name, argument = (parts[0], ":".join(parts[1:])) if parts else ("", "")
        text = _written(self, name, value, argument)
        return with_particle(text, pair) if pair and self.language == "ko" else text

    def cell(self, value: Cell, column: Column) -> str:
        """Write a cell of a table by its column; the unit stands in the heading where the column has one.

        Without a unit in the heading, shares, minutes, metres, money and points carry their own. Money is in million
        won, as :data:`lifezone.report.document.Format` says. A dash where there is no value.
        """
        if value is None:
            return grammar.DASH
        if isinstance(value, Shown):
            return value.text
        if isinstance(value, str):
            return value
        return _cell(self, float(value), column)

    def _filled(self, key: str, values: Mapping[str, Any], found: re.Match[str]) -> str:
        """Return what stands in the place of one placeholder."""
        name, form = found[1], found[2] or ""
        if name not in values:
            raise KeyError(f"the text {key!r} in {self.language}.yaml needs {name!r}")
        value = values[name]
        if form.startswith("plural:") and self._hides(key, name, value):
            value = LEAST_GROUP  # "fewer than 10 people fall": a singular would tell that it is one
        return self.write(value, form)

    def _hides(self, key: str, name: str, value: Any) -> bool:
        """Tell whether a text writes a value as people that may not be shown."""
        if self.disclose or isinstance(value, (str, Shown)) or not 0 < value < LEAST_GROUP:
            return False
        return any(
            one[1] == name and (one[2] or "").split(":")[0] == "people" for one in PLACEHOLDER.finditer(self.table[key])
        )


@cache
def texts_of(language: Language, disclose: bool = False) -> Texts:
    """Return all texts of a language, read once."""
    return Texts(language, disclose, _table(language))


@cache
def _table(language: Language) -> Mapping[str, str]:
    """Read a language's file: nested keys, joined by dots."""
    from ruamel.yaml import YAML  # noqa: PLC0415  (slow to import)

    raw = files("lifezone.report.words").joinpath(f"{language}.yaml").read_text(encoding="utf-8")
    flat: dict[str, str] = {}
    _flatten(YAML(typ="safe", pure=True).load(raw), "", flat)
    return flat


def _flatten(node: Mapping[str, Any], prefix: str, flat: dict[str, str]) -> None:
    """Write the leaves of a nested mapping into ``flat``."""
    for key, value in node.items():
        if isinstance(value, Mapping):
            _flatten(value, f"{prefix}{key}.", flat)
        else:
            flat[f"{prefix}{key}"] = _LINE_END.sub(" ", str(value))


def _written(texts: Texts, name: str, value: Any, argument: str) -> str:
    """Write a value by a form that is not about numbers in a language; others go to :func:`_measure`."""
    language = texts.language
    match name:
        case "":
            return _plain(value)
        case "people":
            return value.text if isinstance(value, Shown) else grammar.people(language, value, disclose=texts.disclose)
        case "list":
            return grammar.listed(language, list(value))
        case "date":
            return grammar.day(language, value)
        case "rank":
            rank, tied = value if isinstance(value, tuple) else (value, False)
            return grammar.ordinal(language, rank, tied=tied)
        case "plural":
            return grammar.plural(value, *argument.split("|"))
        case "change":
            return grammar.changed(value, *argument.split("|"))
        case "a":
            return grammar.article(value)
        case "abs":
            return texts.write(abs(value), argument)
    return _measure(language, name, value, argument)


def _measure(language: Language, name: str, value: Any, argument: str) -> str:
    """Write a number by its form, with so many digits where the form takes any."""
    digits = int(argument) if argument else None
    fixed = 1 if digits is None else digits
    match name:
        case "count":
            return grammar.count(value)
        case "number":
            return grammar.number(value, digits)
        case "percent":
            return grammar.percent(language, value, fixed)
        case "points" | "rise":
            return grammar.points(language, value, fixed, signed=name == "points")
        case "interval":
            return grammar.interval(language, value[0], value[1], fixed)
        case "minutes":
            return grammar.minutes(language, value, fixed)
        case "metres":
            return grammar.metres(language, value)
        case "money":
            return grammar.money(language, value)
    raise KeyError(f"no form {name!r} of a placeholder")


def _plain(value: Any) -> str:
    """Write a text, or a whole number; a bare float has no unit and is refused."""
    if isinstance(value, Shown):
        return value.text
    if isinstance(value, bool) or not isinstance(value, (str, int)):
        raise TypeError(f"{value!r} needs a form: {{field:number}}, {{field:percent}}, …")
    return value if isinstance(value, str) else grammar.count(value)


def _cell(texts: Texts, value: float, column: Column) -> str:
    """Write a number in a table, short where the heading carries the unit."""
    language, short = texts.language, bool(column.unit)
    digits = 1 if column.digits is None else column.digits
    match column.format:
        case "people":
            return shown_group(value, disclose=texts.disclose)
        case "count":
            return grammar.count(value)
        case "percent":
            return grammar.percent(language, value, digits, short=short)
        case "points":
            return grammar.points(language, value, digits, short=short)
        case "minutes":
            return grammar.minutes(language, value, digits, short=short)
        case "metres":
            return grammar.metres(language, value, short=short)
        case "money":
            return grammar.million_won(value) if short else grammar.money(language, value * _MILLION)
    return grammar.number(value, column.digits)
