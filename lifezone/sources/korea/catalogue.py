"""The catalogue of known forms, and which of them a table is: by its headings, or by what its cells look like."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, Final

from lifezone.sources.korea.grid import looks_like_cell
from lifezone.sources.korea.registration import is_registration

__all__ = ["Form", "Match", "catalogue", "headerless", "kind_words", "match_of", "name_endings", "normal", "recognise"]

_GLUE: Final = re.compile(r"[\s_.\-·]+")
_PROVINCE: Final = re.compile(r"(특별시|광역시|특별자치시|특별자치도|도)$")
_DISTRICT: Final = re.compile(r"[가-힣]+(시|군|구)$")
_CODE: Final = re.compile(r"^\d{5,10}$")
_NUMBER: Final = re.compile(r"^-?[\d,]+(\.\d+)?$")


@dataclass(frozen=True)
class Form:
    """One known form.

    Attributes:
        key: Its word.
        ko: Korean name.
        en: English name.
        sort: What it is for: facilities, people, districts, roads, flows, births, designations, attributes, other.
        columns: Role → normalised headings, in the order of preference.
        needs: Roles that must be there.
        any_of: Sets of roles of which one each must be there.
        kind: The kind of all rows, where the form is about one.
        crs: CRS of x and y where they are not degrees.
        weak: True where headings are so common that any other form goes first.
        polygons: True where the table must have polygons.
        pattern: ``registration`` where headings carry dates and ages.
    """

    key: str
    ko: str
    en: str
    sort: str
    columns: Mapping[str, tuple[str, ...]]
    needs: tuple[str, ...]
    any_of: tuple[tuple[str, ...], ...] = ()
    kind: str = ""
    crs: str = ""
    weak: bool = False
    polygons: bool = False
    pattern: str = ""


@dataclass(frozen=True)
class Match:
    """A form that fits, and which column of the table plays each role."""

    form: Form
    roles: Mapping[str, str]


def normal(text: str) -> str:
    """Return a heading or word as it is compared: no spaces, underscores or dots, one case, one width."""
    return _GLUE.sub("", unicodedata.normalize("NFKC", text.replace("\ufeff", ""))).casefold()


@cache
def catalogue() -> tuple[Form, ...]:
    """Return every known form, in the catalogue's order."""
    return tuple(_form(key, entry, _raw()["common"]) for key, entry in _raw()["forms"].items())


def kind_words() -> dict[str, str | None]:
    """Return normalised word → kind, or None for what is known and no kind that a standard asks for."""
    return {normal(str(word)): kind for word, kind in _raw()["words"].items()}


def name_endings() -> tuple[tuple[str, str], ...]:
    """Return (end of a name, kind), the first that fits counts."""
    return tuple((str(end), str(kind)) for end, kind in _raw()["name_endings"])


def recognise(columns: Sequence[str], *, polygons: bool = False, sort: str = "") -> list[Match]:
    """Return the forms that a table's headings fit, best first; none = it is not a known form.

    Strong forms go before weak ones; then the one that explains more columns by headings of its own.

    Args:
        columns: Headings in the file's order.
        polygons: Whether rows are drawn as polygons.
        sort: Only forms for this; empty = any.
    """
    by_name: dict[str, str] = {}
    for column in columns:
        by_name.setdefault(normal(column), column)
    found = []
    for order, form in enumerate(catalogue()):
        if (sort and form.sort != sort) or (form.polygons and not polygons):
            continue
        if form.pattern == "registration" and not is_registration(columns):
            continue
        roles = _roles(form, by_name)
        needed = all(role in roles for role in form.needs)
        if needed and all(any(role in roles for role in some) for some in form.any_of):
            own = {roles[role] for role in form.columns if role in roles and role not in _raw()["common"]}
            found.append(((form.weak, -len(own) - 2 * form.polygons, order), Match(form, roles)))
    return [match for _, match in sorted(found, key=lambda pair: pair[0])]


def match_of(key: str, columns: Sequence[str]) -> Match:
    """Return a form by its key with the roles that the headings play, whether or not all that it needs are there."""
    form = next(form for form in catalogue() if form.key == key)
    return Match(form, _roles(form, {normal(column): column for column in reversed(columns)}))


def headerless(first: Sequence[str]) -> tuple[str, tuple[str, ...]] | None:
    """Return the key of a form whose *data* the first line looks like, and the headings to put above; else None."""
    cells = [cell.strip().strip('"') for cell in first]
    if (
        len(cells) == 4
        and re.fullmatch(r"(19|20)\d\d", cells[0])
        and looks_like_cell(cells[1])
        and re.fullmatch(r"[a-z]{2}_[a-z]{2}_\d{3}", cells[2])
    ):
        return "sgis_grid", ("year", "cell", "item", "value")
    is_flow = len(cells) in (3, 4) and all(_CODE.match(cell) for cell in cells[-3:-1]) and _NUMBER.match(cells[-1])
    if is_flow and (len(cells) == 3 or re.fullmatch(r"(19|20)\d\d", cells[0])):
        return "commuting", (*(["연도"] if len(cells) == 4 else []), "출발지", "도착지", "인구")
    if len(cells) == 2 and _PROVINCE.search(cells[0]) and _DISTRICT.fullmatch(cells[1]):
        return "designation", ("시도", "시군구")
    return None


def _roles(form: Form, by_name: Mapping[str, str]) -> dict[str, str]:
    """Return role → column for every role whose heading the table has."""
    roles = {}
    for role, headings in form.columns.items():
        column = next((by_name[heading] for heading in headings if heading in by_name), None)
        if column is not None:
            roles[role] = column
    return roles


@cache
def _raw() -> dict[str, Any]:
    """Read the packaged catalogue once."""
    from ruamel.yaml import YAML  # noqa: PLC0415  (slow to import)

    text = files("lifezone.sources.korea").joinpath("forms.yaml").read_text(encoding="utf-8")
    raw: dict[str, Any] = YAML(typ="safe", pure=True).load(text)
    return raw


def _form(key: str, entry: Mapping[str, Any], common: Mapping[str, Sequence[str]]) -> Form:
    """Make a form of its entry; common headings come after its own."""
    own = entry.get("columns", {})
    columns = {
        role: tuple(dict.fromkeys(normal(str(name)) for name in (*own.get(role, ()), *common.get(role, ()))))
        for role in dict.fromkeys((*own, *common))
    }
    return Form(
        key=key, ko=entry["ko"], en=entry["en"], sort=entry["sort"], columns=columns, needs=tuple(entry["needs"]),
        any_of=tuple(tuple(some) for some in entry.get("any", ())), kind=entry.get("kind", ""),
        crs=entry.get("crs", ""), weak=bool(entry.get("weak")), polygons=bool(entry.get("polygons")),
        pattern=entry.get("pattern", ""),
    )  # fmt: skip
