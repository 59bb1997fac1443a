"""What would change the answer: border, cells, seats, modelled data, conventions, other states of the world.

Each rule looks at one thing and says in a sentence how many people it concerns, or nothing where it does not apply.
"""

from __future__ import annotations

import re
from typing import Any, Final

from lifezone.report.council.facts import Covered, Facts, records
from lifezone.report.council.phrases import convention_words, requirement_phrase
from lifezone.report.material import Material
from lifezone.report.words import Texts
from lifezone.standards.disclosure import LEAST_GROUP

__all__ = ["buffer_km", "turning_points"]

_BUFFER: Final = re.compile(r"loaded to ([\d.,]+) (km|m) beyond the area")
_MOST: Final = 6
_LEAST_SHARE: Final = 0.5
"""A site that fewer samples choose is not a sure one."""


def turning_points(material: Material, texts: Texts, facts: Facts) -> tuple[str, ...]:
    """Return what would change the answer, what concerns most first by kind; at most six."""
    if facts.people <= 0 or not facts.covered:
        return ()
    found = (
        _modelled(texts, facts), _other_years(material, texts), _other_worlds(material, texts),
        _samples(material, texts), _cells(material, texts, facts), _border(material, texts, facts),
        _convention(material, texts), _seats(material, texts), _ages(material, texts), _ferries(material, texts),
        _grade(material, texts),
    )  # fmt: skip
    return tuple(filter(None, found))[:_MOST]


def buffer_km(material: Material) -> float | None:
    """Return how far beyond the area roads, people and facilities were loaded, in km; None where it is not told."""
    for note in material.manifest.get("notes", {}).get("world", ()):
        found = _BUFFER.search(str(note))
        if found is not None:
            return float(found[1].replace(",", "")) / (1.0 if found[2] == "km" else 1000.0)
    return None


def _modelled(texts: Texts, facts: Facts) -> str:
    """People or roads that are modelled, or a county that is invented."""
    told = [texts.say(f"common.modelled.{what}") for what in facts.modelled if what not in ("ages", "invented")]
    return texts.say("page_one.turn_modelled", what=told) if told else ""


def _ages(material: Material, texts: Texts) -> str:
    """Ages that are known for larger areas only."""
    groups = [material.group_name(group, texts.language) for group in material.manifest.get("estimated_groups", ())]
    return texts.say("page_one.turn_ages", groups=groups) if groups else ""


def _other_years(material: Material, texts: Texts) -> str:
    """The first later year in which another plan is better."""
    for name, plan in material.plans.items():
        for year in plan.get("later", ()):
            if year.get("still_best") is False and year.get("opened") != plan["opened"]:
                return texts.say(
                    "page_one.turn_year", variant=material.variant_name(name, texts.language), year=str(year["year"])
                )
            if year.get("still_best") is False and year.get("objective") is None:
                return texts.say(
                    "page_one.turn_year_fails",
                    variant=material.variant_name(name, texts.language),
                    year=str(year["year"]),
                )
    later = [year for plan in material.plans.values() for year in plan.get("later", ())]
    if later and all(year.get("still_best") for year in later):
        return texts.say("page_one.turn_year_holds", year=str(max(year["year"] for year in later)))
    return ""


def _other_worlds(material: Material, texts: Texts) -> str:
    """The state of the world under which a plan is farthest from the best there."""
    worst: tuple[float, str, str] | None = None
    for name, plan in material.plans.items():
        for state in plan.get("scenarios", ()):
            regret, best = state.get("regret"), state.get("best")
            if not regret or not best:
                continue
            part = abs(regret / best)
            if worst is None or part > worst[0]:
                worst = (part, name, str(state["name"]))
    if worst is None:
        return ""
    return texts.say(
        "page_one.turn_world",
        variant=material.variant_name(worst[1], texts.language),
        state=_state(texts, worst[2]),
        part=worst[0],
    )


def _state(texts: Texts, name: str) -> str:
    """Return the name of a state of the world; today's in the language."""
    return texts.say("common.today") if name == "today" else name


def _samples(material: Material, texts: Texts) -> str:
    """A chosen site that most samples of uncertain inputs do not choose."""
    for name, plan in material.plans.items():
        shares = plan.get("chosen_share") or {}
        unsure = [site for site in plan["opened"] if shares and shares.get(site, 0.0) < _LEAST_SHARE]
        if unsure:
            share = shares.get(unsure[0], 0.0)
            return texts.say(
                "page_one.turn_samples",
                variant=material.variant_name(name, texts.language),
                site=unsure[0],
                share=share,
            )
    return ""


def _cells(material: Material, texts: Texts, facts: Facts) -> str:
    """The requirement whose verdicts the size of cells leaves open for most people."""
    ranged = [one for one in facts.covered if one.uncertain >= LEAST_GROUP and one.low is not None]
    widest = max(ranged, key=lambda one: one.uncertain, default=None)
    if widest is None:
        return ""
    return texts.say("page_one.turn_cells", requirement=_name(material, texts, widest), people=widest.uncertain,
                     range=(widest.low, widest.high))  # fmt: skip


def _border(material: Material, texts: Texts, facts: Facts) -> str:
    """The requirement for which a nearer facility beyond the loaded roads cannot be ruled out for most people."""
    most = max(facts.covered, key=lambda one: one.uncertified)
    km = buffer_km(material)
    if most.uncertified <= 0:
        return ""
    key = "page_one.turn_border" if km is None else "page_one.turn_border_km"
    return texts.say(key, requirement=_name(material, texts, most), people=most.uncertified, km=(km or 0.0) * 1000.0)


def _convention(material: Material, texts: Texts) -> str:
    """The requirement whose official reading differs for most people."""
    rows = [
        row for row in records(material.headline("conventions", material.baseline)) if row["differs"] >= LEAST_GROUP
    ]
    if not rows:
        return ""
    row = max(rows, key=lambda one: float(one["differs"]))
    how = convention_words(material, texts, str(row["requirement"]), str(row["convention"]))
    return texts.say("page_one.turn_convention", requirement=requirement_phrase(material, texts, row["requirement"]),
                     how=how, people=float(row["differs"]))  # fmt: skip


def _seats(material: Material, texts: Texts) -> str:
    """Capacities that were not tested."""
    return texts.say("page_one.turn_seats") if "capacity" in material.absent else ""


def _ferries(material: Material, texts: Texts) -> str:
    """The requirement that most people meet by ferry alone."""
    told: list[dict[str, Any]] = [one for one in material.manifest.get("ferries", ()) if one.get("lost")]
    if not told:
        return ""
    most = max(told, key=lambda one: float(one["lost"]))
    return texts.say("page_one.turn_ferries", people=float(most["lost"]),
                     requirement=requirement_phrase(material, texts, str(most["requirement"])))  # fmt: skip


def _grade(material: Material, texts: Texts) -> str:
    """Districts whose class uncertain verdicts could change."""
    rows = [row for row in records(material.table("classes")) if row["variant"] == material.baseline]
    n = sum(row["boundary"] is True and row["district"] in material.districts for row in rows)
    return texts.say("page_one.turn_grade", n=n) if n else ""


def _name(material: Material, texts: Texts, one: Covered) -> str:
    return requirement_phrase(material, texts, one.requirement)
