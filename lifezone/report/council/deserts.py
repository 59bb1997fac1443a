"""⑦ Gaps and life deserts: who lives in them, where, what is lost, what would end them, and what variants do."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd

from lifezone.model import TOTAL, DesertTest
from lifezone.report.charts.bars import Bar, bars
from lifezone.report.council.columns import column, said
from lifezone.report.council.desert_cures import desert_names, lost_now
from lifezone.report.council.desert_list import named_deserts
from lifezone.report.council.phrases import function_name
from lifezone.report.council.phrasing import group_text
from lifezone.report.council.shown import WITHHELD, hidden_rows, is_small, part_of, parts, people, share
from lifezone.report.document import (
    Block,
    Cell,
    Chart,
    Heading,
    Notice,
    Paragraph,
    Picture,
    Section,
    Shown,
    Table,
)
from lifezone.report.maps import inks
from lifezone.report.material import ALL, Material
from lifezone.report.told_always import notices
from lifezone.report.words import Texts
from lifezone.report.words.grammar import DASH

__all__ = ["section"]

_MOST_ROWS = 15


def section(material: Material, texts: Texts) -> Section | None:
    """Return the deserts of the baseline and how variants change them; None where the standard has no desert test."""
    test = material.standard.desert
    gaps = _gaps(material)
    if test is None or not len(gaps):
        return None
    blocks: list[Block] = [*_lead(material, texts, test, gaps)]
    picture = f"{material.entry(material.baseline)['folder']}/maps/deserts.png"
    if material.has(picture):
        variant = material.variant_name(material.baseline, texts.language)
        blocks.append(Picture("deserts_map", texts.say("deserts.picture", variant=variant), picture,
                              texts.say("deserts.picture_alt")))  # fmt: skip
    blocks += [*_groups(material, texts, gaps), *_functions(material, texts, test, gaps)]
    blocks += [*_districts(material, texts, gaps), *named_deserts(material, texts), *_variants(material, texts)]
    blocks += _without_car(material, texts, test)
    return Section("deserts", texts.say("deserts.title"), tuple(blocks))


def _gaps(material: Material) -> pd.DataFrame:
    """Return the baseline's rows of ``gaps.csv``."""
    rows = material.table("gaps")
    return rows[rows["variant"] == material.baseline].reset_index(drop=True)


def _told(gaps: pd.DataFrame, what: str, *, district: str = ALL, group: str = TOTAL) -> tuple[float, float]:
    """Return people concerned, and all of them."""
    rows = gaps[(gaps["what"] == what) & (gaps["district"] == district) & (gaps["group"] == group)]
    return (float(rows.iloc[0]["concerned"]), float(rows.iloc[0]["people"])) if len(rows) else (0.0, 0.0)


def _lead(material: Material, texts: Texts, test: DesertTest, gaps: pd.DataFrame) -> Iterator[Block]:
    """Say how many people live in deserts, by which rule, and what could not be judged."""
    concerned, everybody = _told(gaps, "desert")
    rows = material.table("deserts")
    rows = rows[rows["variant"] == material.baseline]
    if not len(rows):
        yield Paragraph(texts.say("deserts.lead_none"), "lead")
    else:
        names = desert_names(material, material.baseline, texts.language)
        named = np.array([bool(names[int(label)]) for label in rows["desert"]])
        part = share(concerned, everybody, disclose=material.disclose)
        both = parts([float(rows["people_total"][own].sum()) for own in (named, ~named)], disclose=material.disclose)
        in_named, in_rest = (said(texts, cell, "people") for cell in both)
        concerned_told = said(texts, part_of(concerned, everybody, disclose=material.disclose), "people")
        told = [texts.say(
            "deserts.lead", people=concerned_told, total=everybody, share=said(texts, part, "percent"),
            named=int(named.sum()), named_people=in_named, scattered=int((~named).sum()), scattered_people=in_rest,
        )]  # fmt: skip
        if named.any():
            largest = rows[named].sort_values("people_total", ascending=False, kind="stable").iloc[0]
            missing = [function_name(texts, one) for one in str(largest["missing_functions"]).split(";")]
            told.append(texts.say("deserts.largest", name=names[int(largest["desert"])],
                                  people=largest["people_total"], missing=missing))  # fmt: skip
        yield Paragraph(" ".join(told), "lead")
    gap, deep = (said(texts, part_of(*_told(gaps, what), disclose=material.disclose), "people")
                 for what in ("gap", "deep"))  # fmt: skip
    yield Paragraph(texts.say("deserts.depth", gap=gap, deep=deep))
    yield Paragraph(_rule(texts, test), "note")
    yield from notices(material, texts, "modelled", "border")
    silent = set(material.manifest["not_assessed"])
    unjudged = [name for name, ids in test.functions.items() if set(ids) <= silent]
    if unjudged:
        yield Notice("warning", texts.say("deserts.not_assessed", functions=[
            function_name(texts, one) for one in unjudged]))  # fmt: skip


def _rule(texts: Texts, test: DesertTest) -> str:
    """Say in sentences what makes a desert here."""
    names = [function_name(texts, one) for one in test.functions]
    told = [texts.say("deserts.rule", functions=names, at_least=test.at_least)]
    if test.must_have:
        told.append(texts.say("deserts.rule_must", must=[function_name(texts, one) for one in test.must_have]))
    return " ".join([*told, texts.say("deserts.rule_gap")])


def _groups(material: Material, texts: Texts, gaps: pd.DataFrame) -> list[Block]:
    """Return people by group in gaps, deserts and deep deserts, as table and bars."""
    disclose, variant = material.disclose, material.variant_name(material.baseline, texts.language)
    rows: list[tuple[Cell, ...]] = []
    chart: list[Bar] = []
    for group in material.groups:
        name = group_text(material, texts, group)
        desert, everybody = _told(gaps, "desert", group=group)
        if not everybody > 0:
            continue
        gap, deep = _told(gaps, "gap", group=group)[0], _told(gaps, "deep", group=group)[0]
        part = share(desert, everybody, disclose=disclose)
        rows.append((
            name, people(everybody, disclose=disclose), part_of(gap, everybody, disclose=disclose),
            share(gap, everybody, disclose=disclose), part_of(desert, everybody, disclose=disclose), part,
            part_of(deep, everybody, disclose=disclose),
        ))  # fmt: skip
        words = said(texts, part, "percent")
        exact = part is not None and not isinstance(part, Shown)
        if exact and desert > 0:
            words = texts.say("deserts.with_people", share=words, people=desert)
        chart.append(Bar(name, 100 * float(part) if exact else None, words))  # type: ignore[arg-type]
    if not rows:
        return []
    columns = (
        column(texts, "group", texts.say("deserts.col_group")),
        column(texts, "people", texts.say("deserts.col_all"), "people"),
        column(texts, "gap", texts.say("deserts.col_gap"), "people"),
        column(texts, "gap_share", texts.say("deserts.col_gap_share"), "percent"),
        column(texts, "desert", texts.say("deserts.col_desert"), "people"),
        column(texts, "desert_share", texts.say("deserts.col_desert_share"), "percent"),
        column(texts, "deep", texts.say("deserts.col_deep"), "people"),
    )
    table = Table("deserts_groups", texts.say("deserts.groups", variant=variant), columns, tuple(rows),
                  texts.say("deserts.groups_note"), totals=1)  # fmt: skip
    alt = _groups_alt(texts, chart)
    svg = bars(chart, across=texts.say("deserts.groups_axis"), prefix="deserts_groups_chart", alt=alt, end=100)
    return [Heading(texts.say("deserts.groups_title")),
            Chart("deserts_groups_chart", texts.say("deserts.groups_chart"), svg, alt), table]  # fmt: skip


def _groups_alt(texts: Texts, chart: list[Bar]) -> str:
    """Say which group has the highest and the lowest share."""
    known = sorted((bar for bar in chart if bar.value is not None), key=lambda bar: bar.value or 0.0)
    ends = [texts.write((bar.value or 0.0) / 100, "percent") for bar in (known[0], known[-1])] if known else []
    if len(known) > 1 and ends[0] != ends[1]:
        return texts.say("deserts.groups_alt", worst=known[-1].name, worst_share=ends[1], best=known[0].name,
                         best_share=ends[0])  # fmt: skip
    return texts.say("deserts.groups_alt_one", worst_share=ends[0] if ends else DASH)


def _functions(material: Material, texts: Texts, test: DesertTest, gaps: pd.DataFrame) -> list[Block]:
    """Return people by number of functions lost, and by function."""
    disclose, study = material.disclose, material.variant(material.baseline)
    demand = study.world.demand
    lost = lost_now(study)
    total = np.where(demand.inside, demand.of(TOTAL), 0.0)
    counts = np.bincount(lost.sum(axis=1), weights=total, minlength=len(test.functions) + 1)
    cells = parts(counts.tolist(), disclose=disclose)
    names = [texts.say("deserts.lost_none"),
             *(texts.say("deserts.lost_count", count=n) for n in range(1, len(counts)))]  # fmt: skip
    drawn = [
        Bar(name, None if isinstance(cell, Shown) else float(cell or 0.0), said(texts, cell, "people"),
            inks.LOST[min(number, len(inks.LOST) - 1)])
        for number, (name, cell) in enumerate(zip(names, cells, strict=True))
    ]  # fmt: skip
    everybody = float(counts.sum())
    alt = texts.say("deserts.lost_alt", **{
        key: said(texts, share(value, everybody, disclose=disclose), "percent")
        for key, value in (("none", float(counts[0])), ("two", float(counts[2:].sum())))
    })  # fmt: skip
    svg = bars(drawn, across=texts.say("deserts.lost_axis"), prefix="deserts_lost_chart", alt=alt)
    data = Table("deserts_lost", texts.say("deserts.lost_chart"), (
        column(texts, "lost", texts.say("deserts.lost_title")),
        column(texts, "people", texts.say("deserts.col_people"), "people"),
    ), tuple(zip(names, cells, strict=True)))  # fmt: skip
    rows: list[tuple[Cell, ...]] = []
    for function, ids in test.functions.items():
        concerned, whole = _told(gaps, f"lost_{function}")
        how = ", ".join(material.requirement_name(one, texts.language) for one in ids)
        rows.append((function_name(texts, function), part_of(concerned, whole, disclose=disclose),
                     share(concerned, whole, disclose=disclose), how))  # fmt: skip
    columns = (
        column(texts, "function", texts.say("deserts.col_function")),
        column(texts, "people", texts.say("deserts.col_lost"), "people"),
        column(texts, "share", texts.say("deserts.col_lost_share"), "percent"),
        column(texts, "judged_by", texts.say("deserts.col_lost_how")),
    )
    variant = material.variant_name(material.baseline, texts.language)
    return [
        Heading(texts.say("deserts.lost_title")),
        Chart("deserts_lost_chart", texts.say("deserts.lost_chart"), svg, alt, data),
        Table("deserts_functions", texts.say("deserts.functions", variant=variant), columns, tuple(rows)),
    ]


def _districts(material: Material, texts: Texts, gaps: pd.DataFrame) -> list[Block]:
    """Return gaps and deserts by district, the highest share first."""
    if len(material.districts) < 2:
        return []
    disclose = material.disclose
    told = {what: [_told(gaps, what, district=one) for one in material.districts] for what in ("gap", "desert", "deep")}
    hidden = {what: hidden_rows([a for a, _ in rows], [b for _, b in rows], disclose=disclose)
              for what, rows in told.items()}  # fmt: skip
    rows: list[tuple[float, tuple[Cell, ...]]] = []
    for at, district in enumerate(material.districts):
        everybody = told["desert"][at][1]
        if not everybody > 0:
            continue
        cells: list[Cell] = [material.district_name(district, texts.language), people(everybody, disclose=disclose)]
        for what in ("gap", "desert", "deep"):
            count = part_of(told[what][at][0], everybody, disclose=disclose)
            part = share(told[what][at][0], everybody, disclose=disclose)
            if hidden[what][at] and not isinstance(count, Shown):
                count, part = WITHHELD, None
            cells += [count] if what == "deep" else [count, part]
        rows.append((told["desert"][at][0] / everybody, tuple(cells)))
    rows.sort(key=lambda row: -row[0])
    columns = (
        column(texts, "district", texts.say("deserts.col_district")),
        column(texts, "people", texts.say("deserts.col_all"), "people"),
        column(texts, "gap", texts.say("deserts.col_gap"), "people"),
        column(texts, "gap_share", texts.say("deserts.col_gap_share"), "percent"),
        column(texts, "desert", texts.say("deserts.col_desert"), "people"),
        column(texts, "desert_share", texts.say("deserts.col_desert_share"), "percent"),
        column(texts, "deep", texts.say("deserts.col_deep"), "people"),
    )
    variant = material.variant_name(material.baseline, texts.language)
    blocks: list[Block] = [Heading(texts.say("deserts.districts_title"))]
    if rows and rows[0][0] > 0 and rows[0][1][5] is not None:
        blocks.append(Paragraph(texts.say("deserts.districts_lead", name=rows[0][1][0],
                                          share=said(texts, rows[0][1][5], "percent"))))  # fmt: skip
    blocks.append(Table("deserts_districts", texts.say("deserts.districts", variant=variant), columns,
                        tuple(row for _, row in rows), most=_MOST_ROWS))  # fmt: skip
    return blocks


def _variants(material: Material, texts: Texts) -> list[Block]:
    """Return deserts by variant: how many are named and scattered, resolved and new, people out and in."""
    moved = material.table("changes")
    moved = moved[(moved["requirement"] == "desert") & (moved["district"] == ALL) & (moved["group"] == TOTAL)]
    if not len(moved):
        return []
    disclose, table = material.disclose, material.table("deserts")
    by_variant = {str(row["variant"]): row for _, row in moved.iterrows()}
    rows: list[tuple[Cell, ...]] = []
    for variant in material.variants:
        found = table[table["variant"] == variant]
        names = desert_names(material, variant, texts.language)
        named = np.array([bool(names[int(one)]) for one in found["desert"]], np.bool_)
        in_all = float(found["people_total"].sum())
        in_named, in_rest = parts([float(found["people_total"][named].sum()),
                                   float(found["people_total"][~named].sum())], disclose=disclose)  # fmt: skip
        change = by_variant.get(variant)
        cells: list[Cell] = [material.variant_name(variant, texts.language), people(in_all, disclose=disclose),
                             int(named.sum()), in_named, int((~named).sum()), in_rest]  # fmt: skip
        if change is None:
            cells += [None] * 4
        else:
            if not disclose and (is_small(float(change["gain"])) or is_small(float(change["lose"]))):
                for at in (1, 3, 5):  # what the baseline leaves of them would tell how few
                    cells[at] = WITHHELD
            cells += [*(None if pd.isna(change[key]) else int(change[key]) for key in
                        ("deserts_resolved", "deserts_new")),
                      *(people(float(change[key]), disclose=disclose) for key in ("gain", "lose"))]  # fmt: skip
        rows.append(tuple(cells))
    columns = (
        column(texts, "variant", texts.say("equity.col_variant")),
        column(texts, "people", texts.say("deserts.col_desert"), "people"),
        column(texts, "named", texts.say("deserts.col_named"), "count"),
        column(texts, "people_named", texts.say("deserts.col_people"), "people"),
        column(texts, "scattered", texts.say("deserts.col_scattered"), "count"),
        column(texts, "people_scattered", texts.say("deserts.col_people"), "people"),
        column(texts, "resolved", texts.say("deserts.col_resolved"), "count"),
        column(texts, "new", texts.say("deserts.col_new"), "count"),
        column(texts, "out", texts.say("deserts.col_out"), "people"),
        column(texts, "in", texts.say("deserts.col_in"), "people"),
    )
    return [Heading(texts.say("deserts.variants_title")), Paragraph(_variants_lead(material, texts, moved)),
            Table("deserts_variants", texts.say("deserts.variants"), columns, tuple(rows),
                  texts.say("deserts.variants_note"), totals=1)]  # fmt: skip


def _variants_lead(material: Material, texts: Texts, moved: pd.DataFrame) -> str:
    """Say which variant lifts most people out, and which lets most fall in."""
    told = []
    for key, text in (("gain", "deserts.variants_best"), ("lose", "deserts.variants_worse")):
        row = moved.sort_values(key, ascending=False, kind="stable").iloc[0]
        if row[key] > 0:
            name = material.variant_name(str(row["variant"]), texts.language)
            told.append(texts.say(text, name=name, people=float(row[key])))
    return " ".join(told) or texts.say("deserts.variants_none")


def _without_car(material: Material, texts: Texts, test: DesertTest) -> list[Block]:
    """Say for how many people the anchors are within the bound by car only, where the run asked for it."""
    anchors = {one for ids in test.functions.values() for one in ids}
    rows = material.headline("without_car", material.baseline)
    rows = rows[rows["requirement"].isin(anchors) & (rows["car_only"] > 0)]
    if not len(rows):
        return []
    worst = rows.sort_values("car_only", ascending=False, kind="stable").iloc[0]
    name = material.requirement_name(str(worst["requirement"]), texts.language)
    return [Heading(texts.say("deserts.without_car_title")),
            Paragraph(texts.say("deserts.without_car", name=name, people=float(worst["car_only"])))]  # fmt: skip
