"""Differences of coverage between groups, between urban and rural points, and between districts, in points."""

from __future__ import annotations

from typing import Final

import numpy as np
import pandas as pd

from lifezone.model import TOTAL
from lifezone.report.council.columns import column, csv_key
from lifezone.report.council.phrasing import group_text
from lifezone.report.council.points import coverage_at, settings, told_requirements
from lifezone.report.council.shown import is_small, share
from lifezone.report.document import Block, Cell, Heading, Paragraph, Table
from lifezone.report.material import ALL, Material
from lifezone.report.words import Texts

__all__ = ["district_gaps", "group_gaps", "largest_group_gap", "setting_gaps"]

_CLEAR: Final = 0.01
"""A smaller difference is not worth a sentence."""


def _by_group(material: Material) -> pd.DataFrame:
    """Return the baseline's rows of the whole area for requirements that are for everybody, all groups."""
    rows = material.table("summary")
    rows = rows[(rows["variant"] == material.baseline) & (rows["district"] == ALL) & (rows["judged"] > 0)]
    own = [material.effective_group(str(key)) == TOTAL for key in rows["requirement"]]
    return rows[np.array(own, np.bool_)].reset_index(drop=True)


def largest_group_gap(material: Material) -> tuple[str, str, float] | None:
    """Return requirement, group and difference where a group is farthest below everybody; None where none is."""
    rows = _by_group(material)
    everybody = rows[rows["group"] == TOTAL].set_index("requirement")["coverage"].to_dict()
    worst: tuple[str, str, float] | None = None
    for _, row in rows[rows["group"] != TOTAL].iterrows():
        key = str(row["requirement"])
        if key not in everybody or not isinstance(share(row["covered"], row["judged"], disclose=False), (int, float)):
            continue
        difference = float(row["coverage"]) - float(everybody[key])
        if difference < -_CLEAR and (worst is None or difference < worst[2]):
            worst = (key, str(row["group"]), round(difference, 3))
    return worst


def group_gaps(material: Material, texts: Texts) -> list[Block]:
    """Return coverage of every group side by side with its difference to everybody."""
    rows = _by_group(material)
    groups = [group for group in material.groups if group != TOTAL and group in set(rows["group"])]
    heading = Heading(texts.say("equity.groups_title"))
    if not len(rows) or not groups:
        return [heading, Paragraph(texts.say("equity.groups_none"))]
    by_key = {(str(row["requirement"]), str(row["group"])): row for _, row in rows.iterrows()}
    body: list[tuple[Cell, ...]] = []
    for key in dict.fromkeys(rows["requirement"]):
        whole = _coverage(material, by_key.get((key, TOTAL)))
        cells: list[Cell] = [material.requirement_name(key, texts.language), whole]
        for group in groups:
            own = _coverage(material, by_key.get((key, group)))
            cells += [own, difference(own, whole)]
        body.append(tuple(cells))
    columns = [column(texts, "service", texts.say("equity.col_service")),
               column(texts, "everybody", texts.say("equity.col_all"), "percent")]  # fmt: skip
    for group in groups:
        name = group_text(material, texts, group)
        columns += [column(texts, csv_key(group), texts.say("equity.col_group", group=name), "percent"),
                    column(texts, f"{csv_key(group)}_difference", texts.say("equity.col_difference", group=name),
                           "points")]  # fmt: skip
    variant = material.variant_name(material.baseline, texts.language)
    return [heading, Table("equity_groups", texts.say("equity.groups", variant=variant), tuple(columns), tuple(body),
                           texts.say("equity.groups_note"), most=30)]  # fmt: skip


def setting_gaps(material: Material, texts: Texts) -> list[Block]:
    """Return coverage at urban and rural points, of services that judge both by one bound."""
    study = material.variant(material.baseline)
    urban = settings(study)
    if urban is None:
        return []
    heading = Heading(texts.say("equity.setting_title"))
    body: list[tuple[Cell, ...]] = []
    for key in told_requirements(material):
        rule = material.rules[key]
        if rule.setting != "any" or rule.by_density:
            continue
        group = material.effective_group(key)
        told = [coverage_at(study, key, np.flatnonzero(study.world.demand.inside & own), group)
                for own in (urban, ~urban)]  # fmt: skip
        cells = [share(covered, counted, disclose=material.disclose) for counted, covered in told]
        body.append((material.requirement_name(key, texts.language), *cells, difference(cells[1], cells[0])))
    if not body:
        return [heading, Paragraph(texts.say("equity.setting_apart"))]
    columns = (
        column(texts, "service", texts.say("equity.col_service")),
        column(texts, "urban", texts.say("equity.col_urban"), "percent"),
        column(texts, "rural", texts.say("equity.col_rural"), "percent"),
        column(texts, "difference", texts.say("equity.col_gap"), "points"),
    )
    variant = material.variant_name(material.baseline, texts.language)
    return [heading, Table("equity_settings", texts.say("equity.setting", variant=variant), columns, tuple(body),
                           texts.say("equity.setting_note"))]  # fmt: skip


def district_gaps(material: Material, texts: Texts) -> list[Block]:
    """Return the districts with the highest and the lowest coverage of every service."""
    rows = material.table("summary")
    rows = rows[(rows["variant"] == material.baseline) & (rows["district"] != ALL) & (rows["judged"] > 0)]
    body: list[tuple[Cell, ...]] = []
    for key in told_requirements(material):
        own = rows[(rows["requirement"] == key) & (rows["group"] == material.effective_group(key))]
        own = own[[material.disclose or not is_small(count) for count in own["judged"]]]
        if len(own) < 2:
            continue
        order = own.sort_values("coverage", kind="stable")
        least, best = order.iloc[0], order.iloc[-1]
        cells = [_coverage(material, row) for row in (best, least)]
        body.append((
            material.requirement_name(key, texts.language),
            material.district_name(str(best["district"]), texts.language), cells[0],
            material.district_name(str(least["district"]), texts.language), cells[1], difference(cells[0], cells[1]),
        ))  # fmt: skip
    if not body:
        return []
    columns = (
        column(texts, "service", texts.say("equity.col_service")),
        column(texts, "highest", texts.say("equity.col_best")),
        column(texts, "highest_share", texts.say("equity.col_best_share"), "percent"),
        column(texts, "lowest", texts.say("equity.col_least")),
        column(texts, "lowest_share", texts.say("equity.col_least_share"), "percent"),
        column(texts, "range", texts.say("equity.col_range"), "points"),
    )
    variant = material.variant_name(material.baseline, texts.language)
    return [Heading(texts.say("equity.districts_title")),
            Table("equity_districts", texts.say("equity.districts", variant=variant), columns, tuple(body),
                  texts.say("equity.districts_note"), most=30)]  # fmt: skip


def difference(one: Cell, other: Cell) -> Cell:
    """Return one share less another as a difference; None where either is not told exactly."""
    if isinstance(one, (int, float)) and isinstance(other, (int, float)):
        return round(one - other, 3)
    return None


def _coverage(material: Material, row: pd.Series | None) -> Cell:
    """Return a coverage as it may be shown."""
    return None if row is None else share(row["covered"], row["judged"], disclose=material.disclose)
