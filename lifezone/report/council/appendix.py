"""⑭ Appendix: inputs, what was noticed and left out, remarks on figures, settings, words, how to repeat it all."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from lifezone.report.council.columns import column
from lifezone.report.document import Block, Bullets, Cell, Heading, Paragraph, Section, Table, Terms
from lifezone.report.front_matter import input_name
from lifezone.report.material import Material
from lifezone.report.swap import file_hash
from lifezone.report.words import Texts
from lifezone.report.words.told import told_in, without_folders

__all__ = ["TERMS", "section"]

TERMS: Final = (
    "demand_point", "group", "facility", "candidate", "capacity", "travel_time", "requirement", "standard", "setting",
    "coverage", "uncertain", "shortfall", "desert", "zone", "urban_area", "alliance", "district", "scenario", "variant",
    "plan", "gap", "flow", "containment",
)  # fmt: skip
"""Words of the program that a reader meets, in the order in which they build on one another."""
_NEEDS: Final = {
    "candidate": "siting", "plan": "siting", "gap": "siting", "zone": "zones", "urban_area": "urban_areas",
    "alliance": "alliances", "flow": "flows", "containment": "flows", "desert": "deserts", "variant": "variants",
}  # fmt: skip
"""Words that only runs with such a part use."""
_PARTS: Final = (
    "variants", "deserts", "zones", "flows", "urban_areas", "ties", "alliances", "city_classes", "compact_city",
    "siting", "portfolio", "without_car", "designations", "items", "capacity", "maps",
)  # fmt: skip
"""Parts that a report tells of when they are not there."""
_HASH_LETTERS: Final = 16
_MOST_ROWS: Final = 15


def section(material: Material, texts: Texts) -> Section:
    """Return what stands behind the report."""
    blocks: list[Block] = [
        Heading(texts.say("appendix.inputs")),
        _inputs(material, texts),
        *_left_out(material, texts),
        *_remarks(material, texts),
        *_settings(material, texts),
        *_not_asked(material, texts),
        Heading(texts.say("appendix.terms")),
        Terms(tuple(_term(texts, key) for key in TERMS if _NEEDS.get(key) not in material.absent)),
        *_repeat(material, texts),
    ]
    return Section("appendix", texts.say("appendix.title"), tuple(blocks))


def _inputs(material: Material, texts: Texts) -> Table:
    """Return every input with its date, size and hash."""
    columns = (
        column(texts, "name", texts.say("appendix.column_input")),
        column(texts, "what", texts.say("appendix.column_what")),
        column(texts, "date", texts.say("appendix.column_date")),
        column(texts, "kilobytes", texts.say("appendix.column_kilobytes"), "count"),
        column(texts, "sha256", texts.say("appendix.column_hash")),
    )
    rows = tuple(_input_row(one, material, texts) for one in material.manifest["inputs"])
    note = texts.say("appendix.inputs_note", letters=_HASH_LETTERS)
    return Table("appendix_inputs", texts.say("appendix.inputs_caption"), columns, rows, note, most=_MOST_ROWS)


def _input_row(one: dict[str, Any], material: Material, texts: Texts) -> tuple[Cell, ...]:
    size, sha = one.get("bytes"), one.get("sha256")
    undated = {key: value for key, value in one.items() if key != "date"}
    date = texts.write(str(one["date"]), "date") if one.get("date") else None
    kilobytes = max(1, round(size / 1000)) if size else None
    what = told_in(texts.language, str(one.get("what") or ""), _names(material, texts))
    return input_name(undated, texts), what or None, date, kilobytes, str(sha)[:_HASH_LETTERS] if sha else None


def _left_out(material: Material, texts: Texts) -> Iterator[Block]:
    """Tell records that were refused or changed while reading, and the run's warnings, each once."""
    names = _names(material, texts)
    read = [note for key in ("network", "demand", "facilities") for note in material.manifest["notes"].get(key, [])]
    said = [told_in(texts.language, without_folders(note), names) for note in dict.fromkeys(read)]
    yield Heading(texts.say("appendix.records"))
    yield Bullets(tuple(said)) if said else Paragraph(texts.say("appendix.no_records"))
    first = list(dict.fromkeys([*material.manifest["warnings"], *material.entry(material.baseline)["warnings"]]))
    warned = [told_in(texts.language, without_folders(note), names) for note in first if note not in read]
    for other in material.others:
        name = material.variant_name(other, texts.language)
        own = [note for note in material.entry(other)["warnings"] if note not in first]
        warned += [f"{name}: {told_in(texts.language, without_folders(note), names)}" for note in own]
    yield Heading(texts.say("appendix.warnings"))
    yield Bullets(tuple(warned)) if warned else Paragraph(texts.say("appendix.no_warnings"))


def _names(material: Material, texts: Texts) -> dict[str, str]:
    """Return what people call the requirements, kinds and groups whose ids stand in notes."""
    language = texts.language
    return {
        **{key: material.kind_name(key, language) for key in material.kinds},
        **{key: material.group_name(key, language) for key in material.groups if key != "total"},
        **{key: material.requirement_name(key, language) for key in material.rules},
    }


def _remarks(material: Material, texts: Texts) -> Iterator[Block]:
    """Tell what must be known of single figures of the standard, and what of it was not judged."""
    rules = [rule for rule in material.rules.values() if rule.note]
    pairs = tuple((material.requirement_name(rule.id, texts.language), rule.note) for rule in rules)
    if pairs:
        yield Heading(texts.say("appendix.remarks"))
        yield Terms(pairs)
    reasons = dict(material.standard.not_computed)
    no_figure = [material.requirement_name(key, texts.language) for key in material.manifest["no_figure"]]
    items = [one for one in material.table("items").to_dict("records") if one["note"] and one["district"] == "all"]
    if reasons or no_figure or items:
        yield Heading(texts.say("appendix.not_judged"))
        names = {str(one["id"]): one for one in material.manifest["standard"]["items"]}
        told = [(material.requirement_name(key, texts.language), why) for key, why in reasons.items()]
        told += [(name, texts.say("appendix.no_figure")) for name in no_figure]
        told += [(_item_name(names.get(str(one["item"]), {}), one, texts), texts.say("appendix.no_statistics"))
                 for one in items]  # fmt: skip
        yield Terms(tuple(told))


def _item_name(item: dict[str, Any], row: Any, texts: Texts) -> str:
    first, second = ("name_ko", "name_en") if texts.language == "ko" else ("name_en", "name_ko")
    return str(item.get(first) or item.get(second) or row["item"])


def _settings(material: Material, texts: Texts) -> Iterator[Block]:
    """Tell every setting with its value: first what the study set, then what was left as the program has it."""
    options: dict[str, Any] = material.manifest["options"]
    told = [(key, one) for key, one in options.items() if isinstance(one, dict)]
    known = [(key, one) for key, one in told if one["value"] not in (None, [], {}, "")]
    known.sort(key=lambda pair: bool(pair[1]["default"]))
    rows = tuple(
        (key, _value(one["value"]), texts.say("appendix.by_default" if one["default"] else "appendix.by_study"))
        for key, one in known
    )
    columns = tuple(column(texts, key, texts.say(f"appendix.column_{key}")) for key in ("setting", "value", "set_by"))
    yield Heading(texts.say("appendix.settings"))
    yield Table("appendix_settings", texts.say("appendix.settings_caption"), columns, rows,
                texts.say("appendix.settings_note"), most=_MOST_ROWS)  # fmt: skip


def _value(value: Any) -> str:
    """Write a setting as it stands in a scenario, short."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return ", ".join(str(one) for one in value) if isinstance(value, list) else str(value)


def _not_asked(material: Material, texts: Texts) -> Iterator[Block]:
    """Tell the parts that this report does not have, and what they would need."""
    absent = [key for key in _PARTS if key in material.absent]
    if absent:
        yield Heading(texts.say("appendix.not_asked"))
        yield Bullets(tuple(texts.say(f"appendix.without_{key}") for key in absent))


def _term(texts: Texts, key: str) -> tuple[str, str]:
    return texts.say(f"appendix.term.{key}"), texts.say(f"appendix.means.{key}")


def _repeat(material: Material, texts: Texts) -> Iterator[Block]:
    """Tell how the same numbers come out again."""
    manifest = material.manifest
    scenario = material.folder / "scenario.resolved.yaml"
    versions = ", ".join(f"{name} {version}" for name, version in sorted(manifest.get("versions", {}).items()))
    yield Heading(texts.say("appendix.repeat"))
    yield Paragraph(texts.say("appendix.repeat_how"))
    yield Terms((
        (texts.say("appendix.repeat_run"), "lifezone run scenario.resolved.yaml --out OUT"),
        (texts.say("appendix.repeat_report"), "lifezone report OUT"),
        (texts.say("appendix.repeat_scenario"), f"scenario.resolved.yaml, sha256 {file_hash(scenario)}"),
        (texts.say("appendix.repeat_seed"), str(manifest["scenario"]["seed"])),
        (texts.say("appendix.repeat_versions"), versions),
    ))  # fmt: skip
