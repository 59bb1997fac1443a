"""Named deserts one by one: people by group, what is lost, the longest trip, what would end them, how they look."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd

from lifezone.model import TOTAL
from lifezone.report.charts.sketch import Layer, Marks, Panel, box_of, sketches
from lifezone.report.council.columns import column, csv_key
from lifezone.report.council.desert_cures import Cure, cures, desert_names, far_m, lifted_by
from lifezone.report.council.ground import border_rings, road_lines
from lifezone.report.council.phrases import function_name
from lifezone.report.council.phrasing import group_text
from lifezone.report.council.shown import is_small, parts, people
from lifezone.report.document import Block, Cell, Chart, Heading, Paragraph, Shown, Table
from lifezone.report.maps import inks
from lifezone.report.maps.legend import MARKERS
from lifezone.report.material import Material
from lifezone.report.words import Texts
from lifezone.report.words.grammar import DASH

__all__ = ["named_deserts"]

_MOST_ROWS: Final = 15
_MOST_THUMBS: Final = 6
_MOST_CURED: Final = 60
"""Deserts for which cures are worked out: a nation has thousands, and nobody reads so far."""
_MOST_GROUPS: Final = 4
_MARGIN_M: Final = 700.0
_COLOURS: Final = ("#1f5a96", "#2d7a68", "#6a3d8f", "#8a6d00", "#22252a", "#a3310a")


@dataclass(frozen=True)
class _Named:
    """A desert that may be named, with what would end it."""

    label: int
    name: str
    people: float
    cures: tuple[Cure, ...]


def named_deserts(material: Material, texts: Texts) -> list[Block]:
    """Return the list of named deserts with the scattered ones together, and thumbnails of the largest."""
    rows = material.table("deserts")
    rows = rows[rows["variant"] == material.baseline]
    rows = rows.sort_values("people_total", ascending=False, kind="stable").reset_index(drop=True)
    if not len(rows):
        return []
    study = material.variant(material.baseline)
    known = desert_names(material, material.baseline, texts.language)
    names = [known[int(one)] for one in rows["desert"]]
    named = [
        _Named(int(row["desert"]), name, float(row["people_total"]),
               tuple(cures(study, int(row["desert"]))) if at < _MOST_CURED else ())
        for at, ((_, row), name) in enumerate(zip(rows.iterrows(), names, strict=True)) if name
    ]  # fmt: skip
    is_named = np.array([bool(name) for name in names], np.bool_)
    blocks: list[Block] = [Heading(texts.say("deserts.list_title"))]
    blocks += [_who_table(material, texts, rows, is_named, named), *_thumbs(material, texts, named)]
    if named:
        blocks += [Heading(texts.say("deserts.cures_title")), Paragraph(_lead(texts, named)),
                   _cure_table(material, texts, rows[is_named], named)]  # fmt: skip
    return blocks


def _lead(texts: Texts, named: Sequence[_Named]) -> str:
    """Say how many deserts a single function would end, and which function ends most."""
    told = [texts.say("deserts.cure_lead", count=len(named),
                      single=sum(any(cure.ends_it for cure in one.cures) for one in named))]  # fmt: skip
    ended: dict[str, list[float]] = {}
    for one in named:
        for cure in one.cures:
            if cure.ends_it:
                ended.setdefault(cure.function, []).append(one.people)
    if ended:
        best = max(ended, key=lambda function: (len(ended[function]), sum(ended[function])))
        told.append(texts.say("deserts.cure_lead_most", name=function_name(texts, best), count=len(ended[best]),
                              people=sum(ended[best])))  # fmt: skip
    return " ".join(told)


def _who_table(
    material: Material, texts: Texts, rows: pd.DataFrame, named: np.ndarray, found: Sequence[_Named]
) -> Table:
    """Return people by group and what is lost, a row a named desert, the scattered ones together in the last."""
    disclose = material.disclose
    groups = [group for group in material.groups if group != TOTAL and f"people_{group}" in rows][:_MOST_GROUPS]
    counted = []
    for group in (TOTAL, *groups):
        values = rows[f"people_{group}"].to_numpy(np.float64)
        counted.append(parts([*values[named].tolist(), float(values[~named].sum())], disclose=disclose))
    body: list[tuple[Cell, ...]] = [
        (at + 1, one.name, material.district_name(str(row["district"]), texts.language),
         *(cells[at] for cells in counted),
         ", ".join(function_name(texts, key) for key in str(row["missing_functions"]).split(";")))
        for at, (one, (_, row)) in enumerate(zip(found, rows[named].iterrows(), strict=True))
    ]  # fmt: skip
    scattered = int((~named).sum())
    if scattered:
        last = texts.say("deserts.scattered", count=scattered)
        body.append((None, last, None, *(cells[-1] for cells in counted), None))
    columns = (
        column(texts, "number", texts.say("deserts.col_number"), "count"),
        column(texts, "desert", texts.say("deserts.col_name")),
        column(texts, "district", texts.say("deserts.col_district")),
        column(texts, "people", texts.say("deserts.col_people"), "people"),
        *(column(texts, f"people_{csv_key(group)}", group_text(material, texts, group), "people") for group in groups),
        column(texts, "missing", texts.say("deserts.col_missing")),
    )
    variant = material.variant_name(material.baseline, texts.language)
    return Table("deserts_named", texts.say("deserts.list", variant=variant), columns, tuple(body), most=_MOST_ROWS)


def _cure_table(material: Material, texts: Texts, rows: pd.DataFrame, found: Sequence[_Named]) -> Table:
    """Return the longest trip and what would end each named desert.

    Args:
        material: the folder of results.
        texts: the words.
        rows: of the named deserts, in their order.
        found: the same deserts.
    """
    study = material.variant(material.baseline)
    body: list[tuple[Cell, ...]] = []
    for at, (one, (_, row)) in enumerate(zip(found, rows.iterrows(), strict=True)):
        worst = row["worst_minutes"]
        body.append((
            at + 1, one.name, people(one.people, disclose=material.disclose),
            Shown(texts.say("deserts.never"), 1e9) if pd.isna(worst) else round(float(worst), 1),
            round(far_m(study, one.label)) if one.cures else None, _cure_text(texts, one),
            _variant_text(material, texts, one),
        ))  # fmt: skip
    columns = (
        column(texts, "number", texts.say("deserts.col_number"), "count"),
        column(texts, "desert", texts.say("deserts.col_name")),
        column(texts, "people", texts.say("deserts.col_people"), "people"),
        column(texts, "worst_minutes", texts.say("deserts.col_worst"), "minutes"),
        column(texts, "farthest", texts.say("deserts.col_far"), "metres"),
        column(texts, "cure", texts.say("deserts.col_cure")),
        column(texts, "variant", texts.say("deserts.col_variant")),
    )
    variant = material.variant_name(material.baseline, texts.language)
    return Table("deserts_cures", texts.say("deserts.cures", variant=variant), columns, tuple(body),
                 texts.say("deserts.list_note"), most=_MOST_ROWS)  # fmt: skip


def _cure_text(texts: Texts, one: _Named) -> str:
    """Say which single functions would end a desert, or what the best of them does."""
    if not one.cures:
        return DASH
    ending = [function_name(texts, cure.function) for cure in one.cures if cure.ends_it]
    if ending:
        return texts.say("deserts.cure_all", names=ending)
    best = one.cures[0]
    if not best.lifted > 0 or is_small(best.lifted):
        return texts.say("deserts.cure_none")
    if is_small(best.everybody - best.lifted):
        return texts.say("deserts.cure_most", name=function_name(texts, best.function))
    return texts.say("deserts.cure_part", name=function_name(texts, best.function), people=best.lifted)


def _variant_text(material: Material, texts: Texts, one: _Named) -> Cell:
    """Say which variants of the run end a desert, or lift part of its people."""
    if not material.others or not one.cures:
        return None
    before, ending, partly = material.variant(material.baseline), [], []
    for variant in material.others:
        lifted, everybody = lifted_by(before, material.variant(variant), one.label)
        name = material.variant_name(variant, texts.language)
        if everybody > 0 and lifted >= everybody - 1e-6:
            ending.append(name)
        elif lifted > 0:
            partly.append((lifted, name, everybody - lifted))
    if ending:
        return texts.say("deserts.resolved_by", names=ending)
    if partly:
        lifted, name, left = max(partly)
        key = "deserts.lifted_most" if is_small(left) and not material.disclose else "deserts.lifted_by"
        return texts.say(key, name=name, people=lifted)
    return texts.say("deserts.no_variant")


def _thumbs(material: Material, texts: Texts, named: Sequence[_Named]) -> list[Block]:
    """Return small maps of the largest named deserts: where people live, roads, facilities of what is lost."""
    shown = named[:_MOST_THUMBS]
    if not shown:
        return []
    kinds = _kinds(material, shown)
    panels = [_panel(material, texts, number, one, kinds) for number, one in enumerate(shown, start=1)]
    more = len(named) - len(shown)
    note = texts.say("deserts.thumbs_more" if more else "deserts.thumbs_all", count=len(shown), more=more)
    alt = texts.say("deserts.thumbs_alt", count=len(shown))
    svg = sketches(panels, across=min(3, len(shown)), panel_height_px=200, prefix="deserts_thumbs", alt=alt)
    return [Chart("deserts_thumbs", texts.say("deserts.thumbs"), svg, alt, None, note)]


def _kinds(material: Material, shown: Sequence[_Named]) -> list[str]:
    """Return the kinds of facilities that the lost functions of some deserts ask for, at most six."""
    test = material.standard.desert
    if test is None:
        return []
    lost = {cure.function for one in shown for cure in one.cures}
    ids = [one for function, anchors in test.functions.items() if function in lost for one in anchors]
    kinds = dict.fromkeys(kind for one in ids if one in material.rules for kind in material.rules[one].kinds)
    return list(kinds)[: len(_COLOURS)]


def _panel(material: Material, texts: Texts, number: int, one: _Named, kinds: Sequence[str]) -> Panel:
    """Return one small map."""
    study = material.variant(material.baseline)
    demand, supply = study.world.demand, study.world.facilities
    own = study.assessment.desert == one.label
    side = demand.cell_m if demand.cell_m > 0 else 100.0
    margin = max(_MARGIN_M, 0.25 * max(float(np.ptp(demand.x_m[own])), float(np.ptp(demand.y_m[own]))))
    box = box_of(demand.x_m[own], demand.y_m[own], margin)
    near = (demand.x_m >= box[0] - margin) & (demand.x_m <= box[2] + margin) & (demand.y_m >= box[1] - margin)
    near &= (demand.y_m <= box[3] + margin) & (demand.of(TOTAL) > 0) & ~own
    layers = (
        Layer(demand.x_m[near], demand.y_m[near], side, inks.OUTSIDE, texts.say("deserts.thumb_others")),
        Layer(demand.x_m[own], demand.y_m[own], side, inks.BEYOND[0], texts.say("deserts.thumb_cells")),
    )
    marks = []
    for at, kind in enumerate(kinds):
        rows = supply.open_of((kind,)) if kind in supply.kinds else np.empty(0, np.int64)
        rows = rows[(supply.x_m[rows] >= box[0] - margin) & (supply.x_m[rows] <= box[2] + margin)
                    & (supply.y_m[rows] >= box[1] - margin) & (supply.y_m[rows] <= box[3] + margin)]  # fmt: skip
        if len(rows):
            marks.append(Marks(supply.x_m[rows], supply.y_m[rows], MARKERS[at], _COLOURS[at],
                               material.kind_name(kind, texts.language)))  # fmt: skip
    wide = (box[0] - margin, box[1] - margin, box[2] + margin, box[3] + margin)
    title = texts.say("deserts.thumb", number=number, name=one.name, people=one.people)
    return Panel(title, box, road_lines(study.world, wide), border_rings(study.world, wide), layers, marks)
