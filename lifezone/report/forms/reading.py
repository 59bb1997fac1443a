"""Read the map of a form: strict, every fault at once with its line."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from io import StringIO
from pathlib import Path
from typing import Any, Final, Literal

from lifezone.errors import Fault, InputError
from lifezone.report.forms.tables import FORM_TABLES, OF_VARIANTS, known_columns, open_columns

__all__ = ["Field", "Form", "FormSection", "form_paths", "packaged_forms", "read_form"]

FOLDER: Final = "forms"
"""Where a run keeps the maps that the user gave, below its folder."""
Unit = Literal["people", "percent", "minutes", "metres", "count", "number", "money", "text"]
UNITS: Final = ("people", "percent", "minutes", "metres", "count", "number", "money", "text")
HOWS: Final = ("only", "sum", "mean", "largest", "smallest", "count")
"""How the rows that a filter leaves become one value."""
_FORM_KEYS: Final = ("form", "name", "basis", "confidence", "sections")
_FIELD_KEYS: Final = ("label", "table", "filter", "column", "how", "each", "unit", "of", "note", "by_hand")
_ID: Final = re.compile(r"[a-z][a-z0-9_]*")
_MOST_BYTES: Final = 200_000

Pair = tuple[str, str]


@dataclass(frozen=True)
class Field:
    """One field of a form.

    Attributes:
        label: Korean and English.
        table: of :data:`FORM_TABLES`; empty = it is filled in by hand.
        filter: column → values, one of which a row must have; ``$baseline`` and ``$others`` stand for variants.
        column: whose value it is.
        how: of :data:`HOWS`.
        each: column, one line of the form for each of whose values, or empty for a single line.
        unit: how it is written.
        of: column of the whole that a share is a share of, so that small parts stay hidden.
        note: Korean and English.
        by_hand: who fills it in, from what; Korean and English.
        line: in the file.
    """

    label: Pair
    table: str = ""
    filter: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    column: str = ""
    how: str = "only"
    each: str = ""
    unit: str = "text"
    of: str = ""
    note: Pair = ("", "")
    by_hand: Pair = ("", "")
    line: int = 0


@dataclass(frozen=True)
class FormSection:
    """A part of a form."""

    title: Pair
    fields: tuple[Field, ...]


@dataclass(frozen=True)
class Form:
    """The map of a form.

    Attributes:
        id: also the name of its file.
        name: Korean and English.
        basis: law and office, Korean and English.
        confidence: how sure it is that this is the official form (``V`` … ``U``).
        sections: its parts.
    """

    id: str
    name: Pair
    basis: Pair
    confidence: str
    sections: tuple[FormSection, ...]


@cache
def packaged_forms() -> tuple[Form, ...]:
    """Return the forms that come with the program."""
    folder = files("lifezone.report.forms")
    names = sorted(entry.name for entry in folder.iterdir() if entry.name.endswith(".yaml"))
    return tuple(_read(folder.joinpath(name).read_text(encoding="utf-8"), name) for name in names)


def form_paths(folder: Path) -> tuple[Path, ...]:
    """Return the maps that a run kept in its folder, in the order of their names."""
    own = folder / FOLDER
    return tuple(sorted(own.glob("*.yaml"))) if own.is_dir() else ()


def read_form(path: Path) -> Form:
    """Read the map of a form.

    Raises:
        InputError: it cannot be read or has faults; every one with its line.
    """
    try:
        data = path.read_bytes()
        if len(data) > _MOST_BYTES:
            raise InputError(f"{path}: {len(data):,} bytes; the map of a form has at most {_MOST_BYTES:,}")
        text = data.decode("utf-8-sig")
    except OSError as error:
        raise InputError(f"{path}: cannot be read ({error.strerror})") from error
    except UnicodeDecodeError as error:
        raise InputError(f"{path}: is no UTF-8 text") from error
    return _read(text, str(path))


def _read(text: str, where: str) -> Form:
    """Read YAML text into a form."""
    from ruamel.yaml import YAML  # noqa: PLC0415  (slow to import)
    from ruamel.yaml.error import YAMLError  # noqa: PLC0415

    if re.search(r"(?m)^[^#\"']*(?:[:\-,\[{]\s+)[&*!]\w", text):
        raise InputError(f"{where}: anchors, aliases and tags are not read")
    try:
        told = YAML(typ="rt", pure=True).load(StringIO(text))
    except YAMLError as error:
        line = getattr(getattr(error, "problem_mark", None), "line", None)
        at = "" if line is None else f":{line + 1}"
        raise InputError(f"{where}{at}: {getattr(error, 'problem', None) or error}") from error
    if not isinstance(told, Mapping):
        raise InputError(f"{where}: a form is a mapping with {', '.join(_FORM_KEYS)}")
    faults: list[Fault] = []
    _unknown(told, _FORM_KEYS, where, faults)
    form_id = told.get("form")
    if not isinstance(form_id, str) or not _ID.fullmatch(form_id):
        faults.append(Fault(f"{where}{_line(told, 'form')}: form: lower-case letters, digits and _, got {form_id!r}"))
    sections = tuple(_sections(told, where, faults))
    name = _pair(told, "name", where, faults, needed=True)
    basis = _pair(told, "basis", where, faults)
    made = Form(str(form_id), name, basis, str(told.get("confidence", "U")), sections)
    if faults:
        raise InputError(faults)
    return made


def _sections(told: Mapping[str, Any], where: str, faults: list[Fault]) -> Iterator[FormSection]:
    """Read the parts of a form."""
    listed = told.get("sections")
    if not isinstance(listed, list) or not listed:
        faults.append(Fault(f"{where}{_line(told, 'sections')}: sections: a list of parts, each with title and fields"))
        return
    for one in listed:
        if not isinstance(one, Mapping) or not isinstance(one.get("fields"), list):
            faults.append(Fault(f"{where}{_line(one)}: a part has a title and fields"))
            continue
        _unknown(one, ("title", "fields"), where, faults)
        title = _pair(one, "title", where, faults, needed=True)
        fields = [_field(each, where, faults) for each in one["fields"] if _is_field(each, where, faults)]
        yield FormSection(title, tuple(fields))


def _is_field(told: Any, where: str, faults: list[Fault]) -> bool:
    """Note what is no mapping."""
    if isinstance(told, Mapping):
        return True
    faults.append(Fault(f"{where}: a field is a mapping with label and table or by_hand, got {told!r}"))
    return False


def _field(told: Mapping[str, Any], where: str, faults: list[Fault]) -> Field:
    """Read a field and check its table, columns, filter and unit."""
    _unknown(told, _FIELD_KEYS, where, faults)
    table = told.get("table") or ""
    made = Field(
        label=_pair(told, "label", where, faults, needed=True), table=str(table),
        filter=_filter(told, where, faults), column=str(told.get("column") or ""), how=str(told.get("how") or "only"),
        each=str(told.get("each") or ""), unit=str(told.get("unit") or "text"), of=str(told.get("of") or ""),
        note=_pair(told, "note", where, faults), by_hand=_pair(told, "by_hand", where, faults),
        line=_number(told) or 0,
    )  # fmt: skip
    for key, value, known in (("unit", made.unit, UNITS), ("how", made.how, HOWS)):
        if value not in known:
            faults.append(Fault(f"{where}{_line(told, key)}: no {key} {value!r}; there are {', '.join(known)}"))
    if not table:
        if not any(made.by_hand):
            faults.append(Fault(f"{where}{_line(told)}: a field needs a table, or by_hand: who fills it in"))
        return made
    if table not in FORM_TABLES:
        faults.append(Fault(f"{where}{_line(told, 'table')}: no table {table!r}; there are {', '.join(FORM_TABLES)}"))
        return made
    if not made.column and made.how != "count":
        faults.append(Fault(f"{where}{_line(told)}: a field with a table needs a column, or how: count"))
    named = [("column", made.column), ("each", made.each), ("of", made.of), *(("filter", one) for one in made.filter)]
    for key, name in named:
        if name and not _is_column(str(table), name):
            have = ", ".join(known_columns(str(table)))
            faults.append(Fault(f"{where}{_line(told, key)}: table {table!r} has no column {name!r}; it has {have}"))
    return made


def _is_column(table: str, name: str) -> bool:
    """Tell whether a table has a column, as far as that is known before it is read."""
    return name in known_columns(table) or open_columns(table) or (table in OF_VARIANTS and name == "variant")


def _filter(told: Mapping[str, Any], where: str, faults: list[Fault]) -> dict[str, tuple[str, ...]]:
    """Read a filter: column → a value, or a list of them."""
    given = told.get("filter") or {}
    if not isinstance(given, Mapping):
        faults.append(Fault(f"{where}{_line(told, 'filter')}: filter: column and value, e.g. {{district: all}}"))
        return {}
    return {
        str(key): tuple(str(one) for one in value) if isinstance(value, list) else (str(value),)
        for key, value in given.items()
    }


def _pair(told: Mapping[str, Any], key: str, where: str, faults: list[Fault], *, needed: bool = False) -> Pair:
    """Read a text in both languages; one language stands for both."""
    given = told.get(key)
    if given is None or given == "":
        if needed:
            faults.append(Fault(f"{where}{_line(told, key)}: {key} is missing: write {{ko: …, en: …}}"))
        return "", ""
    if isinstance(given, str):
        return given, given
    if (
        isinstance(given, Mapping)
        and set(given) <= {"ko", "en"}
        and all(isinstance(one, str) for one in given.values())
    ):
        korean, english = str(given.get("ko", "")), str(given.get("en", ""))
        return korean or english, english or korean
    faults.append(Fault(f"{where}{_line(told, key)}: {key}: a text, or {{ko: …, en: …}}"))
    return "", ""


def _unknown(told: Mapping[str, Any], known: tuple[str, ...], where: str, faults: list[Fault]) -> None:
    """Note keys that do not exist."""
    faults.extend(
        Fault(f"{where}{_line(told, key)}: unknown key {str(key)!r}; there are {', '.join(known)}")
        for key in told
        if key not in known
    )


def _line(told: Any, key: Any = None) -> str:
    """Return ``:7`` for where a key, or the mapping itself, stands."""
    number = _number(told, key)
    return "" if number is None else f":{number}"


def _number(told: Any, key: Any = None) -> int | None:
    place = getattr(told, "lc", None)
    if place is None:
        return None
    if key is not None and key in (place.data or {}):
        return int(place.data[key][0]) + 1
    return int(place.line) + 1
