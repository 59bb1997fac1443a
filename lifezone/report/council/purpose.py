"""② Purpose, legal basis and standard: what is asked, which set judged whom, and how sure every figure of it is."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from lifezone.model import TOTAL, DesertTest, Requirement
from lifezone.report.council.columns import column
from lifezone.report.council.facts import records
from lifezone.report.council.phrases import bound_phrase, function_name, requirement_phrase
from lifezone.report.council.shown import people as shown_people
from lifezone.report.document import Block, Cell, Heading, Notice, Paragraph, Section, Table, Terms
from lifezone.report.front_matter import standard_name
from lifezone.report.material import Material
from lifezone.report.told_always import notices
from lifezone.report.words import Texts

__all__ = ["confidence_words", "section", "sets_of"]

_CONFIDENCE: Final = {
    "V": "read", "V2": "read_twice", "C": "computed", "R": "remembered", "R+": "remembered_sure",
    "R?": "remembered_unsure", "U": "unknown", "ours": "ours", "": "untold",
}  # fmt: skip
_OWN: Final = "scenario"
_NATURES: Final = {
    "kr-rural-2020": "official", "kr-molit-2018-notice": "official", "kr-school-1500m": "official",
    "kr-auri-2019": "evaluation", "kr-ngii-distance": "survey", "kr-emergency-30-60": "designation",
    "kr-delivery-60": "designation", "kr-paediatrics-60": "designation", "kr-dialysis-60": "designation",
    "kr-county": "ours", _OWN: "own",
}  # fmt: skip
"""What kind of figure a set gives; every other one is a foreign or published rule."""


def section(material: Material, texts: Texts) -> Section:
    """Return what the study is for, and the rules that it judges by."""
    rules = material.standard.requirements
    people = float(material.manifest["people"]["in_area"])
    lead = texts.say("purpose.lead", people=people, n=len(rules), standard=standard_name(material, texts))
    blocks: list[Block] = [Paragraph(lead, "lead"), *_study(material, texts)]
    blocks += [Heading(texts.say("purpose.who_by_what")), _sets_table(material, texts)]
    blocks += [Terms(tuple((set_name(texts, one), _basis(texts, one)) for one in sets_of(rules)))]
    blocks += _own_standards(material, texts)
    if material.standard.desert is not None:
        blocks += [Heading(texts.say("purpose.desert_test")), *_desert_test(material, texts, material.standard.desert)]
    blocks += [Heading(texts.say("purpose.rules")), _rules_table(material, texts)]
    blocks += [Heading(texts.say("purpose.how_sure")), _confidence_terms(texts, rules)]
    blocks += _legal(material, texts)
    return Section("purpose", texts.say("purpose.title"), tuple(blocks))


def sets_of(rules: Sequence[Requirement]) -> tuple[str, ...]:
    """Return the ids of the sets that requirements come from, in their order."""
    return tuple(dict.fromkeys(rule.standard for rule in rules))


def set_name(texts: Texts, key: str) -> str:
    """Return the name of a set: of a packaged one its own, else that the study wrote it."""
    from lifezone.standards.resolve import preset, preset_ids  # noqa: PLC0415  (reads YAML)

    if key == _OWN:
        return texts.say("purpose.own_set")
    if key not in preset_ids():
        return key
    found = preset(key)
    return (found.name_ko if texts.language == "ko" else found.name_en) or key


def confidence_words(texts: Texts, confidence: str) -> str:
    """Return in words how sure a figure is."""
    key = _CONFIDENCE.get(confidence)
    return confidence if key is None else texts.say(f"purpose.sure_{key}")


def _study(material: Material, texts: Texts) -> Iterator[Block]:
    """Say what is compared, where anything is."""
    if material.others:
        yield Paragraph(
            texts.say(
                "purpose.compares",
                n=len(material.others),
                variants=[material.variant_name(one, texts.language) for one in material.others],
            )
        )
    else:
        yield Paragraph(texts.say("purpose.one_state"))


def _basis(texts: Texts, key: str) -> str:
    """Say on which law, notice or report a set rests."""
    own = f"purpose.set.{key}"
    if texts.has(own):
        return texts.say(own)
    return texts.say("purpose.set_korean" if key.startswith("kr-") else "purpose.set_foreign")


def _sets_table(material: Material, texts: Texts) -> Table:
    """Return which set judged whom: setting and people, with its nature and date."""
    judged = {row["requirement"]: row for row in records(material.headline("summary", material.baseline))}
    rows: list[tuple[Cell, ...]] = []
    for key in sets_of(material.standard.requirements):
        rules = [rule for rule in material.standard.requirements if rule.standard == key]
        for setting in dict.fromkeys(rule.setting for rule in rules):
            own = [rule for rule in rules if rule.setting == setting]
            told_of = [judged[rule.id] for rule in own if rule.id in judged]
            counts = [row["judged"] for row in told_of if row["group"] == TOTAL]
            dates = sorted({rule.date for rule in own if rule.date})
            nature = texts.say(f"purpose.nature_{_NATURES.get(key, 'published')}")
            told = texts.write([texts.write(date, "date") for date in dates], "list") if dates else None
            rows.append(
                (set_name(texts, key), nature, texts.say(f"purpose.setting_{setting}"),
                 shown_people(max(counts, default=None), disclose=material.disclose), len(own), told)
            )  # fmt: skip
    columns = (
        column(texts, "set", texts.say("purpose.column_set")),
        column(texts, "nature", texts.say("purpose.column_nature")),
        column(texts, "setting", texts.say("purpose.column_setting")),
        column(texts, "people", texts.say("purpose.column_people"), "people"),
        column(texts, "rules", texts.say("purpose.column_rules"), "count"),
        column(texts, "date", texts.say("purpose.column_date")),
    )
    return Table(
        "purpose_sets", texts.say("purpose.sets_caption"), columns, tuple(rows), texts.say("purpose.sets_note")
    )


def _rules_table(material: Material, texts: Texts) -> Table:
    """Return every requirement with its figures, source, date and confidence."""
    rows: list[tuple[Cell, ...]] = []
    for rule in material.standard.requirements:
        source = rule.source if rule.standard == _OWN else set_name(texts, rule.standard)
        rows.append((
            material.requirement_name(rule.id, texts.language),
            texts.say(f"purpose.setting_{rule.setting}"),
            texts.say("purpose.no_figure") if rule.bound is None else bound_phrase(material, texts, rule.id)
            + _varies(texts, rule),
            None if rule.optimum is None else _optimum(texts, rule),
            material.group_name(rule.group, texts.language),
            source or None,
            texts.write(rule.date, "date") if rule.date else None,
            confidence_words(texts, rule.confidence),
        ))  # fmt: skip
    columns = tuple(
        column(texts, key, texts.say(f"purpose.column_{key}"))
        for key in ("rule", "setting", "bound", "optimum", "group", "source", "date", "confidence")
    )
    note = texts.say("purpose.rules_note")
    left_out = len(material.standard.not_computed)
    if left_out:
        note = f"{note} {texts.say('purpose.not_computed', n=left_out)}"
    return Table("purpose_rules", texts.say("purpose.rules_caption"), columns, tuple(rows), note)


def _varies(texts: Texts, rule: Requirement) -> str:
    """Say where a bound is not one number."""
    if rule.growth is not None:
        return texts.say("purpose.bound_grows")
    return texts.say("purpose.bound_by_density") if rule.by_density else ""


def _optimum(texts: Texts, rule: Requirement) -> str:
    """Return the local optimum with its unit."""
    optimum = rule.optimum or 0.0
    return texts.write(optimum / 60, "minutes") if rule.metric == "time" else texts.write(optimum, "metres")


def _desert_test(material: Material, texts: Texts, test: DesertTest) -> Iterator[Block]:
    """Say when a place is a life desert, and what tells that a function is lost."""
    text = texts.say("purpose.desert", n=len(test.functions), at_least=test.at_least)
    if test.must_have:
        musts = [function_name(texts, name) for name in test.must_have]
        text += " " + texts.say("purpose.desert_must" if len(musts) > 1 else "purpose.desert_must_one", functions=musts)
    text += " " + texts.say("purpose.desert_link", link=test.link_m, people=test.least_people)
    yield Paragraph(text)
    yield Terms(
        tuple(
            (
                function_name(texts, name),
                texts.say("purpose.function", rules=[requirement_phrase(material, texts, key) for key in anchors]),
            )
            for name, anchors in test.functions.items()
        )
    )


def _confidence_terms(texts: Texts, rules: Sequence[Requirement]) -> Terms:
    """Explain every degree of confidence that occurs."""
    found = {rule.confidence for rule in rules}
    known = [one for one in _CONFIDENCE if one in found]
    return Terms(tuple((confidence_words(texts, one), texts.say(f"purpose.means_{_CONFIDENCE[one]}")) for one in known))


def _own_standards(material: Material, texts: Texts) -> Iterator[Block]:
    """Name the variants that are judged by another standard."""
    for entry in material.manifest["variants"]:
        if "standard" in entry:
            told = entry["standard"]
            name = told["name"] if texts.language == "ko" else told["name_en"]
            yield Paragraph(
                texts.say(
                    "purpose.own_standard",
                    variant=material.variant_name(entry["name"], texts.language),
                    standard=name or told["id"],
                )
            )


def _legal(material: Material, texts: Texts) -> Iterator[Block]:
    """Tell who decides in law: the education office on schools, the ministry on designations, nobody here on sites."""
    yield from notices(material, texts, "legal", "schools")
    if material.standard.designations:
        yield Notice("legal", texts.say("purpose.designation"))
    yield Notice("legal", texts.say("purpose.no_decision"))
