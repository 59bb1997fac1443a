"""What is told always (DEFINITIONS, "Told always"), as facts of a result and as notices of a report.

Sections take the kinds that concern them: ``notices(material, texts, "border", "capacity")``. Whether something must be
told is decided here and nowhere else, so that two sections never say two things.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Literal

import shapely

from lifezone.report.document import Notice
from lifezone.report.material import Material
from lifezone.report.words import Texts
from lifezone.standards.disclosure import LEAST_DESERT, LEAST_GROUP, LEAST_PEOPLE

__all__ = ["Caveat", "caveats", "notices"]

CaveatKind = Literal["modelled", "border", "capacity", "schools", "legal", "disclosure"]

KINDS: Final[tuple[CaveatKind, ...]] = ("modelled", "border", "capacity", "schools", "legal", "disclosure")
"""In the order in which they are told."""


@dataclass(frozen=True)
class Caveat:
    """Something that whoever reads the numbers must know.

    Attributes:
        kind: what it is about; also the kind of its notice.
        key: of its text, below ``told``.
        facts: what the text takes.
    """

    kind: CaveatKind
    key: str
    facts: Mapping[str, Any] = field(default_factory=dict)


def caveats(material: Material) -> tuple[Caveat, ...]:
    """Return everything that must be told of a result."""
    return material.remembered(("caveats",), lambda: _caveats(material))


def _caveats(material: Material) -> tuple[Caveat, ...]:
    return (
        *(Caveat("modelled", f"modelled_{what}") for what in material.modelled),
        _border(material),
        _capacity(material),
        *_schools(material),
        *_legal(material),
        _disclosure(material),
    )


def notices(material: Material, texts: Texts, *kinds: CaveatKind) -> tuple[Notice, ...]:
    """Return the notices of some kinds, or of all where none is named; what is modelled in one notice."""
    wanted = kinds or KINDS
    found = [one for one in caveats(material) if one.kind in wanted]
    by_kind = {kind: [one for one in found if one.kind == kind] for kind in KINDS}
    told = []
    for kind, own in by_kind.items():
        if own:
            sentences = [texts.say(f"told.{one.key}", **_named(one, material, texts)) for one in own]
            told.append(Notice(kind, " ".join(sentences)))
    return tuple(told)


def _named(one: Caveat, material: Material, texts: Texts) -> dict[str, Any]:
    """Return the facts of a caveat with requirements by their names."""
    names = [material.requirement_name(key, texts.language) for key in one.facts.get("requirements", ())]
    return {**one.facts, "names": names}


def _border(material: Material) -> Caveat:
    """Tell whether people and facilities beyond the study area were loaded."""
    beyond = float(material.manifest["people"]["beyond_area"])
    facilities = _facilities_beyond(material)
    if beyond > 0 and facilities:
        return Caveat("border", "border_loaded", {"people": beyond, "facilities": facilities})
    if facilities:
        return Caveat("border", "border_facilities", {"facilities": facilities})
    return Caveat("border", "border_people" if beyond > 0 else "border_none", {"people": beyond})


def _facilities_beyond(material: Material) -> int:
    """Count the open facilities outside the study area; 0 where its ground is not known."""
    world = material.variant(material.baseline).world
    polygons, supply = world.districts.polygon, world.facilities
    if polygons is None:
        return 0
    area = shapely.union_all(polygons)
    shapely.prepare(area)
    return int((supply.open & ~shapely.intersects_xy(area, supply.x_m, supply.y_m)).sum())


def _capacity(material: Material) -> Caveat:
    """Tell for which requirements places were counted."""
    rows = material.headline("summary", material.baseline)
    tested = tuple(str(key) for key in rows.loc[rows["served"].notna(), "requirement"])
    return Caveat("capacity", "capacity_some", {"requirements": tested}) if tested else Caveat("capacity", "capacity")


def _schools(material: Material) -> Iterator[Caveat]:
    """Tell where schools are judged by the nearest one, though the education office assigns them."""
    judged = [rule.id for rule in material.rules.values() if any("school" in kind for kind in rule.kinds)]
    if judged:
        kinds = {one.get("kind") for one in material.scenario.get("allowed") or []}
        yield Caveat("schools", "schools_areas" if any("school" in str(kind) for kind in kinds) else "schools_nearest")


def _legal(material: Material) -> Iterator[Caveat]:
    """Tell that nobody checked whether something may be built on a candidate."""
    opened = any(plan.get("opened") or "projects" in plan for plan in material.plans.values())
    edits = [str(edit) for name in material.others for edit in material.entry(name)["edits"]]
    if opened or any(edit.startswith("open ") for edit in edits):
        yield Caveat("legal", "legal")


def _disclosure(material: Material) -> Caveat:
    limits = {"cell": LEAST_PEOPLE, "group": LEAST_GROUP, "desert": LEAST_DESERT}
    return Caveat("disclosure", "disclosed" if material.disclose else "disclosure", limits)
