"""What a variant changes, in words: facilities by name and district, roads, people, another standard.

Facilities are compared as they stand, so that edits, siting plans and projects read alike; roads, people and opening
hours are told from the edits of the scenario.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import PurePosixPath
from typing import Any, Final

from lifezone.report.council.places import Places
from lifezone.report.council.spending import Step, spending_of
from lifezone.report.material import Material
from lifezone.report.words import Texts

__all__ = ["changes_told", "named"]

_MOST_NAMED: Final = 8


def changes_told(material: Material, texts: Texts, variant: str) -> tuple[str, ...]:
    """Return what a variant changes against the baseline, a sentence each; empty for the baseline.

    Args:
        material: the folder of results.
        texts: the words.
        variant: its name.
    """
    if variant == material.baseline:
        return ()
    told = [*_facilities(material, texts, variant), *_edits(material, texts, variant)]
    own = material.entry(variant).get("standard")
    if own is not None:
        first, second = (own["name"], own["name_en"]) if texts.language == "ko" else (own["name_en"], own["name"])
        told.append(texts.say("variants.edit.standard", standard=first or second or own["id"]))
    return tuple(told) or tuple(material.entry(variant)["edits"])


def named(texts: Texts, names: Sequence[str]) -> str:
    """Return a list of names, of many the first ones and how many more there are."""
    if len(names) <= _MOST_NAMED:
        return texts.write(list(names), "list")
    more = len(names) - _MOST_NAMED
    return texts.say("variants.edit.more", names=", ".join(names[:_MOST_NAMED]), more=more)


def _facilities(material: Material, texts: Texts, variant: str) -> Iterator[str]:
    """Tell of facilities, by what happens to them and by kind."""
    steps = spending_of(material, variant).steps
    places = {True: Places(material, variant), False: Places(material, material.baseline)}
    groups: dict[tuple[str, str], list[Step]] = {}
    for step in steps:
        groups.setdefault((step.change, step.kind), []).append(step)
    for (change, kind), own in groups.items():
        where = places[change != "closed"]
        names = where.names([step.id for step in own], texts.language)
        yield texts.say(
            f"variants.edit.{change}", kind=material.kind_name(kind, texts.language), n=len(own),
            names=named(texts, names),
        )  # fmt: skip


def _edits(material: Material, texts: Texts, variant: str) -> Iterator[str]:
    """Tell of roads, people and hours as the scenario writes them."""
    for one in material.scenario.get("variants") or ():
        if one.get("name") != variant:
            continue
        for edit in one.get("edits") or ():
            key, value = next(iter(edit.items()))
            if key == "hours":
                ids = value.get("ids") or [value.get("id")]
                names = Places(material, variant).names([str(key) for key in ids], texts.language)
                yield texts.say("variants.edit.hours", names=named(texts, names), hours=str(value["hours"]))
            elif key in ("road", "people"):
                inner, change = next(iter(value.items()))
                yield _road(material, texts, inner, change) if key == "road" else _people(texts, inner, change)


def _road(material: Material, texts: Texts, key: str, change: Mapping[str, Any]) -> str:
    """Tell of one edit of roads."""
    where = _district(material, texts, change)
    if key == "add":
        name = str(change.get("name") or "") or texts.say("variants.edit.road_unnamed")
        return texts.say("variants.edit.road_add", name=name, where=where)
    if key == "area":
        if change.get("close"):
            return texts.say("variants.edit.area_close", where=where)
        return texts.say("variants.edit.area_slow", where=where, share=float(change.get("factor") or 1.0))
    if key == "speed" and change.get("factor") is not None:
        way = str(change.get("way") or "")
        if way:
            return texts.say("variants.edit.speed_way", way=way, share=float(change["factor"]))
        return texts.say("variants.edit.speed_near", where=where, share=float(change["factor"]))
    return texts.say(f"variants.edit.road_{key}", where=where)


def _people(texts: Texts, key: str, change: Mapping[str, Any]) -> str:
    """Tell of one edit of people."""
    if key == "project":
        year = str((change.get("where") or {}).get("year") or "")
        file = PurePosixPath(str(change["path"]).replace("\\", "/")).name
        if year:
            return texts.say("variants.edit.people_year", year=year, file=file)
        return texts.say("variants.edit.people_table", file=file)
    if key == "move":
        start, end = (_districts(change[side]) for side in ("from", "to"))
        told = str(change["share"]) if change.get("share") else None
        if start and end and told:
            return texts.say("variants.edit.people_move", start=texts.write(start, "list"),
                             end=texts.write(end, "list"), share=told)  # fmt: skip
    if key == "scale":
        places = texts.write(_districts(change), "list") if _districts(change) else texts.say("variants.edit.an_area")
        return texts.say("variants.edit.people_scale", places=places, share=float(change["factor"]))
    return texts.say("variants.edit.people_other")


def _districts(change: Mapping[str, Any]) -> list[str]:
    return [str(one) for one in change.get("districts") or ()]


def _district(material: Material, texts: Texts, change: Mapping[str, Any]) -> str:
    """Return the district that an edit of roads touches, or words for an area without one."""
    place = change.get("near") or change.get("from")
    if place is None:
        return texts.say("variants.edit.an_area")
    found = Places(material, material.baseline).district_of_lonlat(float(place[0]), float(place[1]))
    return material.district_name(found, texts.language) if found else texts.say("variants.edit.an_area")
