"""People of variants that project, move or replace them: by group, and by district."""

from __future__ import annotations

from typing import Final

import numpy as np
import pandas as pd

from lifezone.model import TOTAL
from lifezone.report.council.columns import column
from lifezone.report.council.phrasing import group_text
from lifezone.report.council.shown import is_small, people
from lifezone.report.document import Block, Cell, Column, Heading, Paragraph, Table
from lifezone.report.material import ALL, Material
from lifezone.report.words import Texts

__all__ = ["changed_people", "people_by_variant"]

_MOST_VARIANTS: Final = 4


def people_by_variant(material: Material) -> pd.DataFrame:
    """Return people before and after, of every variant that changes them: variant, district, group, people, after.

    They come from ``changes.csv``, where every requirement repeats them.
    """
    rows = material.table("changes")[["variant", "district", "group", "people", "people_after"]]
    rows = rows.drop_duplicates(["variant", "district", "group"]).dropna(subset=["people_after"])
    moved = rows[~np.isclose(rows["people"], rows["people_after"])]["variant"].unique()
    return rows[rows["variant"].isin(moved)].reset_index(drop=True)


def changed_people(material: Material, texts: Texts) -> list[Block]:
    """Return the tables of people in variants that change them, or a sentence that none does."""
    rows = people_by_variant(material)
    heading = Heading(texts.say("people.change_title"))
    variants = [name for name in material.others if name in set(rows["variant"])][:_MOST_VARIANTS]
    if not variants:
        return [heading, Paragraph(texts.say("people.none_changed"))]
    leads = []
    for name in variants:
        own = rows[(rows["variant"] == name) & (rows["district"] == ALL) & (rows["group"] == TOTAL)]
        if len(own):
            before, after = float(own.iloc[0]["people"]), float(own.iloc[0]["people_after"])
            leads.append(texts.say("people.change_lead", variant=material.variant_name(name, texts.language),
                                   before=before, after=after, difference=after - before))  # fmt: skip
    columns = _columns(material, texts, variants)
    by_group = [
        (group_text(material, texts, group), *_cells(material, rows, variants, ALL, group)) for group in material.groups
    ]
    by_district = [
        (material.district_name(one, texts.language), *_cells(material, rows, variants, one, TOTAL))
        for one in material.districts
    ]
    note = texts.say("people.change_note")
    first = column(texts, "group", texts.say("people.col_group"))
    second = column(texts, "district", texts.say("people.col_district"))
    return [
        heading, Paragraph(" ".join(leads)),
        Table("people_change_groups", texts.say("people.change"), (first, *columns), tuple(by_group), note),
        Table("people_change_districts", texts.say("people.change_districts"), (second, *columns),
              tuple(by_district), note),
    ]  # fmt: skip


def _columns(material: Material, texts: Texts, variants: list[str]) -> list[Column]:
    """Return today, and people and change for each variant."""
    found = [column(texts, "today", texts.say("people.col_today"), "people")]
    for number, name in enumerate(variants, start=1):
        words = material.variant_name(name, texts.language)
        found += [column(texts, f"people_{number}", texts.say("people.col_variant", variant=words), "people"),
                  column(texts, f"change_{number}", texts.say("people.col_change", variant=words),
                         "percent")]  # fmt: skip
    return found


def _cells(material: Material, rows: pd.DataFrame, variants: list[str], district: str, group: str) -> list[Cell]:
    """Return people today, then people and relative change in each variant; no change where few would show."""
    here = rows[(rows["district"] == district) & (rows["group"] == group)]
    later = dict(zip(here["variant"], here["people_after"].astype(float), strict=True))
    if not len(here):
        return [None] * (1 + 2 * len(variants))
    disclose, today = material.disclose, float(here.iloc[0]["people"])
    cells = [people(today, disclose=disclose)]
    for name in variants:
        after = later.get(name)
        few = is_small(today) or is_small(after)
        change = None if after is None or today <= 0 or (few and not disclose) else round((after - today) / today, 3)
        cells += [people(after, disclose=disclose), change]
    return cells
