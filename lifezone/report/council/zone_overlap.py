"""How zones of different functions lie over one another and over borders: in words, then in numbers; never as one."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

import pandas as pd

from lifezone.report.council.columns import column
from lifezone.report.council.places import Places
from lifezone.report.council.shown import people, share
from lifezone.report.document import Block, Cell, Heading, Paragraph, Picture, Table
from lifezone.report.material import Material
from lifezone.report.words import Texts

if TYPE_CHECKING:
    from lifezone.report.council.life_zones import Function

__all__ = ["overlap"]

_SAME, _PARTLY = 0.75, 0.4
"""Adjusted Rand indices from which on two divisions are called much alike, and alike in part."""
_MOST_ROWS: Final = 8
_BORDERS: Final = "municipalities"


def overlap(material: Material, texts: Texts, functions: list[Function]) -> Iterator[Block]:
    """Yield how far functions agree, what people's daily combinations are, and who crosses a border."""
    frame = material.table("zones/agreement")
    if frame.empty and len(functions) < 2:
        return
    yield Heading(texts.say("zones.overlap_heading"))
    yield Paragraph(texts.say("zones.never_one"))
    names = {one.id: one.name for one in functions} | {_BORDERS: texts.say("zones.borders")}
    rows: list[tuple[Cell, ...]] = []
    for row in frame.to_dict("records"):
        rand = row["adjusted_rand"]
        word = "none" if pd.isna(rand) else "same" if rand >= _SAME else "partly" if rand >= _PARTLY else "other"
        rows.append((
            names.get(str(row["one"]), str(row["one"])), names.get(str(row["other"]), str(row["other"])),
            texts.say(f"zones.alike.{word}"), None if pd.isna(rand) else round(float(rand), 3),
            None if pd.isna(row["jaccard"]) else round(float(row["jaccard"]), 3),
        ))  # fmt: skip
    if rows:
        columns = (
            column(texts, "one", texts.say("zones.col.one")), column(texts, "other", texts.say("zones.col.other")),
            column(texts, "alike", texts.say("zones.col.alike")),
            column(texts, "rand", texts.say("zones.col.rand"), "number"),
            column(texts, "jaccard", texts.say("zones.col.jaccard"), "number"),
        )  # fmt: skip
        yield Table("zones-agreement", texts.say("zones.agreement"), columns, tuple(rows),
                    note=texts.say("zones.agreement_note"), most=2 * _MOST_ROWS)  # fmt: skip
    yield from _profiles(material, texts, functions)
    if material.has("zones/maps/_borders.png"):
        yield Picture("zones-borders", texts.say("zones.border_map"), "zones/maps/_borders.png",
                      texts.say("zones.border_map_alt"))  # fmt: skip


def _profiles(material: Material, texts: Texts, functions: list[Function]) -> Iterator[Block]:
    """Yield the combinations of centres that most people belong to."""
    frame = material.table("zones/profiles")
    keys = [one for one in functions if one.id in frame]
    if frame.empty or len(keys) < 2:
        return
    total, first = float(frame["people"].sum()), frame.iloc[0]
    yield Paragraph(texts.say("zones.profiles_lead", n=len(frame), people=float(first["people"])))
    places = Places(material, material.baseline)
    rows = [
        (*(places.name(str(row[one.id]), texts.language) if row[one.id] else None for one in keys),
         people(float(row["people"]), disclose=material.disclose),
         share(float(row["people"]), total, disclose=material.disclose))
        for row in frame.head(_MOST_ROWS).to_dict("records")
    ]  # fmt: skip
    columns = (
        *(column(texts, f"centre_{at}", one.name) for at, one in enumerate(keys)),
        column(texts, "people", texts.say("zones.col.people"), "people"),
        column(texts, "share", texts.say("zones.col.share"), "percent"),
    )
    yield Table("zones-profiles", texts.say("zones.profiles"), columns, tuple(rows),
                note=texts.say("zones.profiles_note", n=len(rows), all=len(frame)))  # fmt: skip
