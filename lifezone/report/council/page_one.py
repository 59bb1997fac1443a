"""① Summary on one page: the answer in three sentences, five numbers, one map, and what would change it."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Final, Literal

from lifezone.report.council.answers import answer
from lifezone.report.council.facts import Alternative, Effect, Facts, Part, facts_of
from lifezone.report.council.phrases import counted, requirement_phrase, share_told
from lifezone.report.council.turning import turning_points
from lifezone.report.document import (
    Block,
    Bullets,
    Heading,
    KeyFigure,
    KeyFigures,
    Paragraph,
    Picture,
    Section,
)
from lifezone.report.front_matter import standard_name
from lifezone.report.material import Material
from lifezone.report.told_always import CaveatKind, caveats, notices
from lifezone.report.words import Texts
from lifezone.standards.disclosure import LEAST_GROUP

__all__ = ["figures", "section"]

_FIGURES: Final = 5
Tone = Literal["good", "bad", "neutral"]


def section(material: Material, texts: Texts) -> Section:
    """Return page one."""
    facts = facts_of(material)
    blocks: list[Block] = [Paragraph(texts.say(f"page_one.asks_{facts.question}", **_asked(texts, facts)), "note")]
    blocks += [Paragraph(sentence, "lead") for sentence in answer(material, texts, facts)]
    numbers = figures(material, texts, facts)
    if numbers:
        blocks.append(KeyFigures(numbers))
    blocks += _notices(material, texts)
    blocks += _map(material, texts, facts)
    turns = turning_points(material, texts, facts)
    if turns:
        blocks += [Heading(texts.say("page_one.what_would_change")), Bullets(turns)]
    blocks.append(Paragraph(_basis(material, texts), "note"))
    return Section("page_one", texts.say("page_one.title"), tuple(blocks))


def _asked(texts: Texts, facts: Facts) -> dict[str, object]:
    """Return what the sentence on the question needs."""
    return {"n": len(facts.alternatives), "variants": [one.called(texts.language) for one in facts.alternatives]}


def _basis(material: Material, texts: Texts) -> str:
    """Say of which people and by which standard of which date everything on the page is."""
    name = standard_name(material, texts)
    people = float(material.manifest["people"]["in_area"])
    dates = sorted({rule.date for rule in material.standard.requirements if rule.date})
    if not dates:
        return texts.say("page_one.basis_undated", people=people, standard=name)
    return texts.say("page_one.basis", people=people, standard=name,
                     dates=[texts.write(date, "date") for date in dates])  # fmt: skip


def _notices(material: Material, texts: Texts) -> tuple[Block, ...]:
    """Return what must not be overlooked on the first page: a border that was not crossed, the law.

    What is modelled stands above the page already, on every report that holds anything modelled.
    """
    near_border = [one for one in caveats(material) if one.kind == "border" and one.key != "border_loaded"]
    kinds: tuple[CaveatKind, ...] = ("border", "legal") if near_border else ("legal",)
    return notices(material, texts, *kinds)


def figures(material: Material, texts: Texts, facts: Facts) -> tuple[KeyFigure, ...]:
    """Return five numbers at most: how it is first, then what the alternatives change."""
    if facts.people <= 0 or not facts.covered:
        return ()
    now = [
        *_desert_figures(texts, facts),
        *_coverage_figures(material, texts, facts),
        *_worst_figure(material, texts, facts),
    ]
    changes = [_change_figure(material, texts, one) for one in facts.alternatives if one.compared]
    room = max(_FIGURES - len(changes), 2)
    return tuple([*now[:room], *changes][:_FIGURES])


def _desert_figures(texts: Texts, facts: Facts) -> list[KeyFigure]:
    """Return people in life deserts, and of them the old."""
    found = []
    for part, key in ((facts.desert, "desert"), (facts.old_in_desert, "old")):
        if part is not None and part.whole > 0:
            found.append(_people_figure(texts, part, key, "bad" if part.part > 0 else "good"))
    return found


def _people_figure(texts: Texts, part: Part, key: str, tone: Tone) -> KeyFigure:
    """Return a number of people with its share and denominator."""
    return KeyFigure(
        label=texts.say(f"page_one.figure_{key}"),
        value=texts.write(part.part, "people") if share_told(texts, part) or part.part <= 0 else counted(texts, part),
        share=share_told(texts, part),
        detail=texts.say(f"page_one.figure_{key}_of", people=part.whole),
        tone=tone,
    )


def _coverage_figures(material: Material, texts: Texts, facts: Facts) -> list[KeyFigure]:
    """Return the requirement that the fewest meet, then who has every requirement met."""
    found, lowest = [], facts.lowest
    if lowest is not None:
        ranged = lowest.low is not None and lowest.high is not None and lowest.high > lowest.low
        detail = texts.say(
            "page_one.figure_lowest_range" if ranged else "page_one.figure_lowest_of",
            people=lowest.people.whole, range=(lowest.low or 0.0, lowest.high or 0.0),
            group=material.group_name(lowest.group, texts.language),
        )  # fmt: skip
        found.append(
            KeyFigure(
                label=texts.say(
                    "page_one.figure_lowest", requirement=requirement_phrase(material, texts, lowest.requirement)
                ),
                value=share_told(texts, lowest.people) or counted(texts, lowest.people),
                share=texts.write(lowest.people.part, "people") if share_told(texts, lowest.people) else "",
                detail=detail,
                tone="neutral",
            )
        )
    if facts.all_met is not None and len(facts.covered) > 1:
        found.append(_people_figure(texts, facts.all_met, "all_met", "neutral"))
    return found


def _worst_figure(material: Material, texts: Texts, facts: Facts) -> list[KeyFigure]:
    """Return the district that has it worst."""
    if facts.worst is None or not math.isfinite(facts.worst[1]):
        return []
    key = "worst_desert" if facts.has_desert_test else "worst_one" if len(facts.covered) == 1 else "worst"
    if facts.has_desert_test and facts.worst[1] <= 0:
        return []
    return [
        KeyFigure(
            label=texts.say(f"page_one.figure_{key}"),
            value=material.district_name(facts.worst[0], texts.language),
            share=texts.write(facts.worst[1], "percent"),
            detail=texts.say(f"page_one.figure_{key}_of", n=facts.districts),
            tone="bad",
        )
    ]


def _change_figure(material: Material, texts: Texts, one: Alternative) -> KeyFigure:
    """Return what an alternative changes in the requirement that most people feel, else in life deserts."""
    effect: Effect | None = one.effects[0] if one.effects else one.desert
    label = texts.say("page_one.figure_variant", variant=one.called(texts.language))
    if one.people is not None and (effect is None or effect.size <= 0):
        return KeyFigure(label, texts.write(one.people[1], "people"), detail=texts.say("page_one.figure_people"))
    if effect is None or effect.size <= 0:
        return KeyFigure(label, texts.say("page_one.figure_unchanged"))
    about = (
        texts.say("page_one.figure_about_desert")
        if effect is one.desert
        else texts.say("page_one.figure_about", requirement=requirement_phrase(material, texts, effect.what))
    )
    values = {"gain": effect.gain, "lose": effect.lose}
    kind = "both" if effect.gain > 0 and effect.lose > 0 else "gain" if effect.gain > 0 else "lose"
    written = {key: texts.write(value, "people") for key, value in values.items()}
    value = texts.say("page_one.figure_both", **written) if kind == "both" else written[kind]
    what = texts.say(f"page_one.figure_is_{kind}")
    if effect.sure is not None and effect.sure >= LEAST_GROUP:
        what = texts.say("page_one.figure_sure", what=what, sure=effect.sure)
    tones: dict[str, Tone] = {"both": "neutral", "gain": "good", "lose": "bad"}
    return KeyFigure(label, value, what, about, tones[kind])


def _map(material: Material, texts: Texts, facts: Facts) -> Iterator[Block]:
    """Return the map of page one: the live one, which falls back on the picture that says most."""
    if facts.people > 0:
        from lifezone.report.map import live_map  # noqa: PLC0415  (packs every cell)

        yield live_map(material, texts, fallback=_picture(material, texts, facts))


def _picture(material: Material, texts: Texts, facts: Facts) -> Picture | None:
    """Return the picture of page one: what the first alternative changes, else deserts, else the lowest requirement."""
    for variant, file, key, name in _maps(material, texts, facts):
        path = f"{material.entry(variant)['folder']}/maps/{file}"
        if material.has(path):
            told = {"variant": material.variant_name(variant, texts.language), "requirement": name}
            return Picture("page_one_map", texts.say(f"page_one.map_{key}", **told), path,
                           texts.say(f"page_one.map_{key}_alt", **told))  # fmt: skip
    return None


def _maps(material: Material, texts: Texts, facts: Facts) -> list[tuple[str, str, str, str]]:
    """Return maps in the order in which page one would like them: variant, file, what it shows, requirement."""
    from lifezone.report.names import file_stem  # noqa: PLC0415

    found = []
    for one in facts.alternatives:
        for effect in one.effects[:1]:
            name = requirement_phrase(material, texts, effect.what)
            found.append((one.name, f"change_{file_stem(effect.what)}.png", "change", name))
    found.append((material.baseline, "deserts.png", "deserts", ""))
    if facts.lowest is not None:
        name = requirement_phrase(material, texts, facts.lowest.requirement)
        file = f"requirement_{file_stem(facts.lowest.requirement)}.png"
        found.append((material.baseline, file, "requirement", name))
    return found
