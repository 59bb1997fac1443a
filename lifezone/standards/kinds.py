"""The closed table of facility kinds: one packaged YAML, which a scenario's ``kinds:`` block may widen (D7)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from difflib import get_close_matches
from functools import cache
from importlib.resources import files
from typing import Annotated, Any, Final

from pydantic import Field

from lifezone.errors import Fault, InputError
from lifezone.model import Kind
from lifezone.spec import Spec

__all__ = ["KindSpec", "kinds_spec", "load_kinds", "read_packaged_yaml", "unknown_kind"]

_KEY: Final = re.compile(r"[a-z][a-z0-9_]*")
_MOST_SUGGESTIONS: Final = 3

Tags = Annotated[tuple[dict[str, str], ...], Field(strict=False)]


class KindSpec(Spec):
    """One kind of facility: its names, how OpenStreetMap tags it, what counts as one."""

    ko: str = Field("", description="Korean name")
    en: str = Field("", description="English name")
    osm: Tags = Field((), description="Alternatives of OSM tags; all tags of one must hold; '*' is any value")
    osm_not: Tags = Field((), description="OSM objects that fit one of these do not count")
    counts: str = Field("", description="What counts as one, in words")
    capacity_unit: str = Field("", description="Unit of capacity: beds, places, seats")


def load_kinds() -> dict[str, Kind]:
    """Return the packaged table of kinds, by key, in the table's order."""
    return dict(_packaged())


def kinds_spec(block: Mapping[str, KindSpec], kinds: Mapping[str, Kind] | None = None) -> dict[str, Kind]:
    """Widen the table by a scenario's ``kinds:`` block.

    A key that is already there is changed in the fields that the block gives (other OSM tags for another country, say);
    a new key is a new kind and needs a name.

    Args:
        block: kinds by key, as written in the scenario.
        kinds: the table to widen; None = the packaged one.

    Returns:
        A new table.

    Raises:
        InputError: keys that are not lower-case words, new kinds without a name, empty OSM alternatives; the paths
            start below ``kinds``.
    """
    table = load_kinds() if kinds is None else dict(kinds)
    faults: list[Fault] = []
    for key, spec in block.items():
        faults.extend(_faults(key, spec, is_new=key not in table))
        given = {_FIELDS[name]: getattr(spec, name) for name in _FIELDS if name in spec.model_fields_set}
        table[key] = replace(table.get(key, Kind(key, "", "")), **given)
        kind = table[key]
        table[key] = replace(kind, name_ko=kind.name_ko or kind.name_en, name_en=kind.name_en or kind.name_ko)
    if faults:
        raise InputError(faults)
    return table


def unknown_kind(key: str, kinds: Mapping[str, Kind]) -> str:
    """Say that ``key`` is no kind, and which ones it may have meant (by key, Korean or English name)."""
    names = {name: kind.key for kind in kinds.values() for name in (kind.key, kind.name_en, kind.name_ko)}
    near = _unique(names[name] for name in get_close_matches(key, names, n=2 * _MOST_SUGGESTIONS, cutoff=0.6))
    if near:
        return f"unknown kind {key!r}: did you mean {' or '.join(near[:_MOST_SUGGESTIONS])}?"
    return f"unknown kind {key!r}: expected one of {', '.join(kinds)}, or describe it in the block 'kinds'"


def read_packaged_yaml(*parts: str) -> Any:
    """Read a YAML file that is packaged with this room, e.g. ``read_packaged_yaml("presets", "city-15.yaml")``."""
    from ruamel.yaml import YAML  # noqa: PLC0415  (slow to import)

    text = files("lifezone.standards").joinpath(*parts).read_text(encoding="utf-8")
    return YAML(typ="safe", pure=True).load(text)


_FIELDS: Final = {
    "ko": "name_ko",
    "en": "name_en",
    "osm": "osm",
    "osm_not": "osm_not",
    "counts": "counts",
    "capacity_unit": "capacity_unit",
}


@cache
def _packaged() -> dict[str, Kind]:
    """Read the packaged table once."""
    raw = read_packaged_yaml("kinds.yaml")
    return kinds_spec({key: KindSpec.model_validate(entry) for key, entry in raw.items()}, {})


def _faults(key: str, spec: KindSpec, *, is_new: bool) -> list[Fault]:
    """List what is wrong with one entry."""
    faults = []
    if not _KEY.fullmatch(key):
        faults.append(Fault(f"{key!r}: a kind's key is lower-case letters, digits and _, e.g. 'night_clinic'", (key,)))
    if is_new and not (spec.ko or spec.en):
        faults.append(Fault("a new kind needs a name: give 'ko' or 'en'", (key,)))
    faults.extend(
        Fault("an alternative without tags would fit every object: give at least one tag", (key, field, at))
        for field in ("osm", "osm_not")
        for at, tags in enumerate(getattr(spec, field))
        if not tags
    )
    return faults


def _unique(items: Iterable[str]) -> list[str]:
    """Return the items once each, in order."""
    return list(dict.fromkeys(items))
