"""Fill a form from the tables of a result: one line a value, or who must fill it in."""

from __future__ import annotations

import csv
import math
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import pandas as pd

from lifezone.report.council.shown import hidden_rows, is_small, part_of, share
from lifezone.report.council.shown import people as shown_people
from lifezone.report.document import Cell, Shown
from lifezone.report.forms.reading import Field, Form
from lifezone.report.forms.tables import table_of
from lifezone.report.material import Material
from lifezone.report.sheets import quoted
from lifezone.report.words import Texts

__all__ = ["FilledForm", "Line", "fill", "write_form"]

_WHOLES: Final = {
    ("summary", "coverage"): ("covered", "judged"), ("gaps", "share"): ("concerned", "people"),
    ("groups", "share"): ("people", "whole"),
    ("summary", "covered"): ("covered", "judged"), ("gaps", "concerned"): ("concerned", "people"),
}  # fmt: skip
"""Columns that are a part of a whole, or a share of it: the part's and the whole's columns."""
_WITHHELD: Final = "…"
"""Large enough to be shown, but with the others it would tell a small one."""


@dataclass(frozen=True)
class Line:
    """One line of a filled form.

    Attributes:
        section: the part of the form.
        label: the field.
        value: as it is read, with its unit; empty where somebody must fill it in.
        where: table and column, or empty.
        note: of the field.
        by_hand: who fills it in; empty where a value stands.
    """

    section: str
    label: str
    value: str
    where: str = ""
    note: str = ""
    by_hand: str = ""


@dataclass(frozen=True)
class FilledForm:
    """A form with its values, in one language."""

    form: Form
    name: str
    basis: str
    lines: tuple[Line, ...]


def fill(form: Form, material: Material, texts: Texts) -> FilledForm:
    """Fill a form in one language; small counts stay hidden."""
    at = int(texts.language == "en")
    lines = [
        line
        for section in form.sections
        for field in section.fields
        for line in _lines(field, section.title[at], material, texts)
    ]
    return FilledForm(form, form.name[at], form.basis[at], tuple(lines))


def _lines(field: Field, section: str, material: Material, texts: Texts) -> Iterator[Line]:
    """Fill one field: a line, or a line for each value of a column."""
    at = int(texts.language == "en")
    label, note = field.label[at], field.note[at]
    where = f"{field.table}: {field.column or field.how}" if field.table else ""
    if not field.table:
        yield Line(section, label, "", "", note, field.by_hand[at])
        return
    rows = _filtered(field, material)
    if rows.empty or (field.column and field.column not in rows) or (field.each and field.each not in rows):
        by_hand = field.by_hand[at] or texts.say("forms.not_in_result")
        yield Line(section, label, "", where, note, by_hand)
        return
    parts = [("", rows)] if not field.each else [
        (str(key), rows[rows[field.each] == key]) for key in dict.fromkeys(rows[field.each].dropna())
    ]  # fmt: skip
    withheld = _withheld(field, [own for _, own in parts], disclose=material.disclose)
    for (key, own), is_withheld in zip(parts, withheld, strict=True):
        name = texts.say("forms.each", label=label, name=_named(field.each, key, material, texts)) if key else label
        value = _WITHHELD if is_withheld else _value(field, own, material, texts)
        missing = "" if value else field.by_hand[at] or texts.say("forms.no_value")
        yield Line(section, name, value, where, note, missing)


def _withheld(field: Field, parts: list[pd.DataFrame], *, disclose: bool) -> list[bool]:
    """Return which parts of a total must not be told, since a small one would follow: districts add up to the area."""
    part, whole = _WHOLES.get((field.table, field.column), (field.column, field.of))
    additive = field.each == "district" and field.unit in ("people", "percent")
    if not additive or any(part not in one or len(one) != 1 for one in parts):
        return [False] * len(parts)
    values = [float(one[part].fillna(0.0).iloc[0]) for one in parts]
    wholes = [float(one[whole].fillna(0.0).iloc[0]) if whole and whole in one else math.inf for one in parts]
    hidden = hidden_rows(values, wholes, disclose=disclose)
    small = [is_small(value) or is_small(all_ - value) for value, all_ in zip(values, wholes, strict=True)]
    return [bool(one) and not own for one, own in zip(hidden, small, strict=True)]


def _filtered(field: Field, material: Material) -> pd.DataFrame:
    """Return the rows of the field's table that its filter leaves; a requirement's rows are of its own group."""
    rows = table_of(material, field.table)
    if field.table in ("summary", "changes", "winners_losers", "conventions") and "group" not in field.filter:
        own = [material.effective_group(key, name) if key in material.rules else group for key, name, group in
               zip(rows["requirement"], rows["variant"], rows["group"], strict=True)]  # fmt: skip
        rows = rows[rows["group"] == pd.Series(own, index=rows.index, dtype=object)]
    for column, values in field.filter.items():
        if column not in rows:
            return rows.iloc[:0]
        rows = rows[rows[column].astype(str).isin(_meant(values, material))]
    return rows


def _meant(values: tuple[str, ...], material: Material) -> set[str]:
    """Return what filter values stand for."""
    found: set[str] = set()
    for value in values:
        special = {"$baseline": (material.baseline,), "$others": material.others, "$districts": material.districts}
        found |= set(special.get(value, (value,)))
    return found


def _named(column: str, key: str, material: Material, texts: Texts) -> str:
    """Return what an id is called."""
    language = texts.language
    match column:
        case "requirement":
            return material.requirement_name(key, language) if key in material.rules else _what(key, texts)
        case "district":
            return material.district_name(key, language)
        case "variant":
            return material.variant_name(key, language)
        case "group":
            return material.group_name(key, language)
        case "kind":
            return material.kind_name(key, language)
        case "what":
            return _what(key, texts)
    return key


def _what(key: str, texts: Texts) -> str:
    """Return what people have lost."""
    from lifezone.report.council.phrases import function_name  # noqa: PLC0415

    known = f"forms.what_{key}"
    return texts.say(known) if texts.has(known) else function_name(texts, key.removeprefix("lost_"))


def _value(field: Field, rows: pd.DataFrame, material: Material, texts: Texts) -> str:
    """Return the value of some rows as it is read; empty where there is none."""
    if field.how == "count":
        return texts.write(len(rows), "count")
    told = rows[field.column].dropna()
    if told.empty:
        return ""
    if field.unit == "text":
        names = dict.fromkeys(_named(field.column, str(one), material, texts) for one in told)
        return texts.write(list(names), "list")
    cell = _cell(field, rows, material)
    if cell is None:
        return ""
    if isinstance(cell, Shown):
        return cell.text
    return texts.write(float(cell), field.unit)


def _cell(field: Field, rows: pd.DataFrame, material: Material) -> Cell:
    """Return one number of some rows by the disclosure rule."""
    disclose = material.disclose
    part, whole = _WHOLES.get((field.table, field.column), ("", ""))
    whole = field.of or whole
    if whole and whole in rows and field.how in ("only", "sum"):
        if field.how == "only" and len(rows) != 1:
            return None
        shares = field.unit == "percent"
        parts, wholes = float(rows[part or field.column].sum()), float(rows[whole].sum())
        return share(parts, wholes, disclose=disclose) if shares else part_of(parts, wholes, disclose=disclose)
    value = _reduced(field.how, rows[field.column])
    if value is None or not math.isfinite(value):
        return None
    return shown_people(value, disclose=disclose) if field.unit == "people" else value


def _reduced(how: str, values: pd.Series[Any]) -> float | None:
    """Return one number of many; None where ``only`` finds several."""
    told = pd.to_numeric(values, errors="coerce").dropna()
    if told.empty or (how == "only" and len(told) != 1):
        return None
    if how in ("only", "sum"):
        return float(told.sum())
    return float({"mean": told.mean, "largest": told.max, "smallest": told.min}[how]())


def write_form(filled: FilledForm, texts: Texts, path: Path) -> None:
    """Write a filled form as CSV with a byte order mark, as spreadsheets of offices want Korean text."""
    head = [texts.say(f"forms.column_{key}") for key in ("section", "label", "value", "by_hand", "where", "note")]
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        rows = csv.writer(file, lineterminator="\r\n")
        rows.writerow(head)
        for line in filled.lines:
            cells = (line.section, line.label, line.value, line.by_hand, line.where, line.note)
            rows.writerow([quoted(one) for one in cells])
