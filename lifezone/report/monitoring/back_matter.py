"""What is not computed and why, how indicators are made, changes of codes, inputs with hashes."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from lifezone.report.document import Block, Bullets, Column, Heading, Paragraph, Section, Table
from lifezone.report.monitoring.material import MonitorMaterial
from lifezone.report.words import Texts

__all__ = ["appendix", "method", "not_computed", "not_told"]

_MOST: Final = 20
_HASH: Final = 16


def not_computed(material: MonitorMaterial, texts: Texts) -> Section:
    """Return the indicators that are not computed, each with its reason."""
    korean = texts.language == "ko"
    columns = (
        Column("indicator", texts.say("years.indicator")), Column("edition", texts.say("years.edition")),
        Column("reason", texts.say("years.reason")),
    )  # fmt: skip
    rows = tuple(
        (one.ko if korean else one.en, one.edition or texts.say("years.every_edition"),
         one.reason_ko if korean else one.reason_en)
        for one in material.series.not_computed
    )  # fmt: skip
    lead = Paragraph(texts.say("years.not_computed_lead" if rows else "years.all_computed"))
    table = (Table("not-computed-list", texts.say("years.not_computed"), columns, rows, most=_MOST),) if rows else ()
    return Section("not-computed", texts.say("years.not_computed"), (lead, *table))


def not_told(material: MonitorMaterial, texts: Texts) -> Section | None:
    """Return what this study was not asked for, each with what it would take; None where it was asked for all."""
    watched = material.watched
    items = [
        *([] if watched.attribution else [texts.say("years.no_attribution")]),
        *([] if watched.designations else [texts.say("years.no_designations")]),
        *([] if watched.answers else [texts.say("years.no_survey")]),
        *([] if material.sheets() else [texts.say("years.no_maps")]),
    ]
    return Section("not-told", texts.say("years.not_told"), (Bullets(tuple(items)),)) if items else None


def method(material: MonitorMaterial, texts: Texts) -> Section:
    """Return formula, unit, source, direction and missing-data rule of every indicator; and how maps are made."""
    columns = (
        Column("indicator", texts.say("years.indicator")), Column("group", texts.say("years.group")),
        Column("direction", texts.say("years.direction")), Column("formula", texts.say("years.formula")),
        Column("source", texts.say("years.source")), Column("missing", texts.say("years.missing")),
    )  # fmt: skip
    groups = {"status": texts.say("years.status"), "policy": texts.say("years.policy"),
              "perception": texts.say("years.perception")}  # fmt: skip
    ways = {"more": texts.say("years.way_more"), "less": texts.say("years.way_less"),
            "neither": texts.say("years.way_neither")}  # fmt: skip
    rows = tuple(
        (one.said(texts.language), groups[one.group], ways[one.direction], one.formula, one.source, one.missing)
        for one in material.series.indicators
    )
    blocks: list[Block] = [
        Paragraph(texts.say("years.method_lead")),
        Table("formulas", texts.say("years.formulas"), columns, rows, most=_MOST),
        Heading(texts.say("years.method_maps")), Paragraph(texts.say("years.method_maps_text")),
        Heading(texts.say("years.code_changes")), *_codes(material, texts),
    ]  # fmt: skip
    return Section("method", texts.say("method.title"), tuple(blocks))


def _codes(material: MonitorMaterial, texts: Texts) -> list[Block]:
    """Return by which districts everything is told, and what was told while reading."""
    base = texts.write(str(material.manifest["base"]), "date")
    blocks: list[Block] = [Paragraph(texts.say("years.base", day=base, n=len(material.series.ids)))]
    notes = tuple(material.series.notes)
    return [*blocks, Bullets(notes)] if notes else blocks


def appendix(material: MonitorMaterial, texts: Texts) -> Section:
    """Return inputs with hashes, and how to repeat the study."""
    columns = (
        Column("file", texts.say("years.file")), Column("rows", texts.say("years.rows"), "count"),
        Column("used", texts.say("years.used"), "count"), Column("refused", texts.say("years.refused"), "count"),
        Column("sha256", "SHA-256"),
    )  # fmt: skip
    rows = tuple(
        (Path(str(one.get("path", ""))).name, one.get("rows"), one.get("used"), one.get("refused"),
         str(one.get("sha256") or "")[:_HASH])
        for one in material.manifest["inputs"]
    )  # fmt: skip
    files = tuple(f"{name}: {known[:_HASH]}" for name, known in material.manifest["files"].items()
                  if not name.startswith("maps/"))  # fmt: skip
    return Section("appendix", texts.say("appendix.title"), (
        Table("inputs", texts.say("years.inputs"), columns, rows, note=texts.say("years.inputs_note"), most=_MOST),
        Heading(texts.say("years.results")), Bullets(files), Paragraph(texts.say("years.repeat"), "note"),
    ))  # fmt: skip
