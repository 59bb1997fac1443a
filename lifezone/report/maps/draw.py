"""Which maps a run gets, and each of them from its parts."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Final

import numpy as np

from lifezone.model import Assessment, Demand, Facilities, Kind, Requirement, Result, Variant, Verdicts, World
from lifezone.progress import SILENT, Progress
from lifezone.report.maps import change, deserts, plan, times, words
from lifezone.report.maps.atlas import Atlas, View, common_rows, picture
from lifezone.report.maps.legend import (
    MARKERS,
    Row,
    Sheet,
    Titles,
    composed,
    drawn,
    free_height,
    heading,
    map_symbols,
    note_rows,
)
from lifezone.report.maps.paper import save
from lifezone.report.maps.text import Symbols
from lifezone.report.names import file_stem, variant_folder

__all__ = ["draw_changes", "draw_maps", "draw_sheet", "packaged_kinds", "wanted_maps"]

_MOST_EDITS: Final = 4
_MOST_SYMBOLS: Final = 4_000
"""More symbols of a kind than this cover the map they stand on; they are counted in the legend."""
_EDGE_PX: Final = 6
"""Facilities nearer to the edge of the map are left out: half a symbol misleads."""
_NO_DATA: Final = "자료 없음 no data"


def draw_maps(
    result: Result, folder: Path, *, progress: Progress = SILENT, disclose: bool = False
) -> dict[str, dict[str, list[str]]]:
    """Draw every map that a run gets into ``<variant>/maps``.

    The baseline gets every requirement that was assessed and the deserts; a variant gets the requirements that differ
    from the baseline, a difference map for each of which a time changed, and the deserts.

    Returns:
        Per variant ``drawn`` (file names) and ``unchanged`` (requirement ids that look like the baseline's).
    """
    kinds = dict(result.kinds) or packaged_kinds()
    atlas = Atlas(result, kinds, disclose)
    wanted = wanted_maps(result)
    told: dict[str, dict[str, list[str]]] = {}
    with progress.step("drawing maps", sum(len(jobs) for jobs in wanted.values())) as advance:
        for variant in result.variants:
            place = folder / variant_folder(variant.name) / "maps"
            place.mkdir(parents=True)
            for stem, kind, key in wanted[variant.name]:
                save(drawn(draw_sheet(atlas, variant, kind, key)), place / f"{stem}.png")
                advance(1)
            told[variant.name] = {
                "drawn": [f"{stem}.png" for stem, _kind, _key in wanted[variant.name]],
                "unchanged": _unchanged(result, variant, wanted[variant.name]),
            }
    return told


def draw_changes(result: Result, folder: Path, *, progress: Progress = SILENT, disclose: bool = False) -> list[str]:
    """Draw the difference map of every requirement in which the second of two variants differs from the first.

    Returns:
        The file names, in the order of the standard.
    """
    atlas = Atlas(result, dict(result.kinds) or packaged_kinds(), disclose)
    variant = result.variants[1]
    keys = [key for _stem, kind, key in _wanted(result, variant) if kind == "change"]
    folder.mkdir(parents=True)
    with progress.step("drawing maps", len(keys)) as advance:
        for key in keys:
            save(drawn(draw_sheet(atlas, variant, "change", key)), folder / f"change_{file_stem(key)}.png")
            advance(1)
    return [f"change_{file_stem(key)}.png" for key in keys]


def wanted_maps(result: Result) -> dict[str, list[tuple[str, str, str]]]:
    """Return per variant the maps to draw: file stem, what it shows, and the requirement's id (or a plan's kind)."""
    return {variant.name: list(_wanted(result, variant)) for variant in result.variants}


def _wanted(result: Result, variant: Variant) -> Iterator[tuple[str, str, str]]:
    baseline = result.baseline
    rules = {rule.id: rule for rule in variant.assessment.standard.requirements}
    inside = variant.world.demand.inside
    same_people = np.array_equal(baseline.world.demand.ids, variant.world.demand.ids) and np.array_equal(
        baseline.world.demand.inside, inside
    )
    for key, after in variant.assessment.verdicts.items():
        if not (after.judged[inside]).any():
            continue
        before = baseline.assessment.verdicts.get(key)
        if variant is baseline or before is None or not same_people:
            yield f"requirement_{file_stem(key)}", "times", key
            continue
        same_supply = _same_supply(rules[key], baseline.world.facilities, variant.world.facilities)
        same_roads = baseline.world.network is variant.world.network
        if not (same_supply and same_roads and change.same_verdicts(before, after, inside)):
            yield f"requirement_{file_stem(key)}", "times", key
        if change.is_changed(rules[key], before, after, inside):
            yield f"change_{file_stem(key)}", "change", key
    if variant.assessment.standard.desert is not None:
        yield "deserts", "deserts", ""
    if variant.planned is not None:
        for effect in variant.planned.effects:
            yield from plan.wanted(variant.planned, effect)


def _same_supply(rule: Requirement, one: Facilities, other: Facilities) -> bool:
    """Tell whether the same facilities of a requirement's kinds are drawn in both."""
    drawn = [
        sorted(
            zip(f.ids[rows].tolist(), f.x_m[rows].tolist(), f.y_m[rows].tolist(), f.open[rows].tolist(), strict=True)
        )
        for f in (one, other)
        for rows in [np.flatnonzero(np.isin(f.kind, [f.kinds.index(kind) for kind in rule.kinds if kind in f.kinds]))]
    ]
    return bool(drawn[0] == drawn[1])


def _unchanged(result: Result, variant: Variant, wanted: list[tuple[str, str, str]]) -> list[str]:
    if variant is result.baseline:
        return []
    drawn = {key for _stem, kind, key in wanted if kind == "times"}
    inside = variant.world.demand.inside
    return [
        key for key, verdicts in variant.assessment.verdicts.items()
        if key not in drawn and verdicts.judged[inside].any()
    ]  # fmt: skip


def draw_sheet(atlas: Atlas, variant: Variant, kind: str, key: str) -> Sheet:
    """Draw one map of :func:`wanted_maps`."""
    rules = {rule.id: rule for rule in variant.assessment.standard.requirements}
    if kind == "deserts":
        return _deserts(atlas, variant)
    if kind in plan.VIEWS and variant.planned is not None:
        return plan.draw(atlas, variant.name, variant.planned, kind, key, words.footer(atlas.result))
    if kind == "change":
        return _change(atlas, variant, rules[key])
    return _times(atlas, variant, rules[key])


def _times(atlas: Atlas, variant: Variant, rule: Requirement) -> Sheet:
    """Draw the map of one requirement."""
    view = atlas.view(variant.world, rule.setting)
    demand, verdicts = _inside(variant, rule)
    code = times.codes(rule, verdicts, demand)
    symbols, supply_rows = _supply(atlas, view, variant.world, rule.kinds)
    table = times.rows(rule, verdicts, demand, code, disclose=atlas.disclose) + supply_rows
    titles = _titles(atlas, view, variant, rule, *words.variant_name(variant))
    table += common_rows(view, variant.world)
    return composed(view.frame, picture(view, code, times.INKS), titles, table, [], symbols, ground=view.ground)


def _change(atlas: Atlas, variant: Variant, rule: Requirement) -> Sheet:
    """Draw what a variant changes for one requirement."""
    baseline = atlas.result.baseline
    view = atlas.view(variant.world, rule.setting)
    demand, after = _inside(variant, rule)
    _demand, before = _inside(baseline, rule)
    code = change.codes(rule, before, after, demand)
    (old_ko, old_en), (new_ko, new_en) = words.variant_name(baseline), words.variant_name(variant)
    names = (
        old_ko if old_ko == old_en else f"{old_ko} / {old_en}",
        new_ko if new_ko == new_en else f"{new_ko} / {new_en}",
    )
    symbols, supply_rows = _supply(atlas, view, variant.world, rule.kinds)
    table = change.rows(rule, names, demand, code, disclose=atlas.disclose)
    for edit in variant.edits[:_MOST_EDITS]:
        table += note_rows(f"• {edit}", lines=2)
    titles = _titles(atlas, view, variant, rule, f"{old_ko} → {new_ko}", f"{old_en} → {new_en}")
    table += supply_rows + common_rows(view, variant.world)
    return composed(view.frame, picture(view, code, change.INKS), titles, table, [], symbols, ground=view.ground)


def _deserts(atlas: Atlas, variant: Variant) -> Sheet:
    """Draw the life deserts of a variant."""
    view = atlas.view(variant.world)
    assessment, inside = variant.assessment, variant.world.demand.inside
    demand, label = variant.world.demand.take(inside), assessment.desert[inside]
    code = deserts.codes(assessment, inside, demand)
    painted = picture(view, code, deserts.INKS)
    all_lined = deserts.outline(painted, view.frame, view.owner, label, assessment)
    korean, english = words.variant_name(variant)
    titles = Titles(f"생활사막 — {korean}", f"Life deserts — {english}", atlas.result.name, words.footer(atlas.result))
    symbols, supply_rows = _supply(atlas, view, variant.world, _anchor_kinds(assessment))
    names = deserts.labels(assessment, view.frame, demand, label, taken=view.ground.names, disclose=atlas.disclose)
    table = deserts.rows(assessment, demand, code, label, disclose=atlas.disclose)
    table += [] if all_lined else note_rows("테두리는 큰 곳부터 그림 / the largest have an outline", lines=1)
    table += [row for row in supply_rows if row.value != _NO_DATA] + common_rows(view, variant.world)
    table += deserts.list_rows(assessment, demand, most_px=free_height(table), disclose=atlas.disclose)
    return composed(view.frame, painted, titles, table, names, symbols, ground=view.ground)


def _anchor_kinds(assessment: Assessment) -> tuple[str, ...]:
    """Return the kinds that serve the desert test's functions, in its order."""
    test, rules = assessment.standard.desert, {rule.id: rule for rule in assessment.standard.requirements}
    anchors = [key for keys in test.functions.values() for key in keys] if test is not None else []
    return tuple(dict.fromkeys(kind for key in anchors if key in rules for kind in rules[key].kinds))


def _inside(variant: Variant, rule: Requirement) -> tuple[Demand, Verdicts]:
    """Return demand and verdicts of the study area alone."""
    rows, verdicts = variant.world.demand.inside, variant.assessment.verdicts[rule.id]
    columns = {name: getattr(verdicts, name)[rows] for name in verdicts.__dataclass_fields__}
    return variant.world.demand.take(rows), replace(verdicts, **columns)


def _supply(atlas: Atlas, view: View, world: World, kinds: tuple[str, ...]) -> tuple[list[Symbols], list[Row]]:
    """Return markers and legend rows of the facilities of some kinds within the frame."""
    supply = world.facilities
    x, y = view.frame.pixels(supply.x_m, supply.y_m)
    seen = (x > _EDGE_PX) & (x < view.frame.width - _EDGE_PX) & (y > _EDGE_PX) & (y < view.frame.height - _EDGE_PX)
    symbols: list[Symbols] = []
    table: list[Row] = [heading("시설 / facilities", "지도 안 on map")]
    for position, kind in enumerate(kinds):
        marker = MARKERS[position % len(MARKERS)]
        korean, english = words.kind_words(kind, atlas.kinds)
        text = f"{korean} / {english}"
        if kind not in supply.kinds:
            table.append(Row(text, _NO_DATA, marker=marker, height=22))
            continue
        own = seen & (supply.kind == supply.kinds.index(kind))
        table.append(Row(text, f"{int((own & supply.open).sum()):,}", marker=marker, height=22))
        for rows, hollow in ((own & ~supply.open, True), (own & supply.open, False)):
            if 0 < rows.sum() <= _MOST_SYMBOLS:
                symbols.append(map_symbols(x[rows], y[rows], marker, hollow=hollow))
        if (own & ~supply.open).any():
            count = f"{int((own & ~supply.open).sum()):,}"
            table.append(Row("닫힘·후보 / closed or candidate", count, marker=marker, hollow=True, height=22))
        if (own & supply.open).sum() > _MOST_SYMBOLS:
            table += note_rows("너무 많아 그리지 않음 / too many to draw", lines=1)
    return symbols, table


def _titles(atlas: Atlas, view: View, variant: Variant, rule: Requirement, korean: str, english: str) -> Titles:
    """Return the titles of a requirement's map for a variant (or ``A → B``)."""
    name_ko, name_en = words.requirement_names(rule, atlas.kinds)
    metric_ko, metric_en = words.metric_words(rule)
    bound_ko, bound_en = words.bound_words(rule)
    group = words.group_words(rule, variant.world.demand)
    source = " ".join(part for part in (rule.source, rule.date) if part)
    zoom = "판정하는 곳 확대 / zoomed to where it judges" if view.zoomed else ""
    return Titles(
        f"{name_ko}: {metric_ko} · 기준 {bound_ko} — {korean}",
        f"{name_en}: {metric_en} · bound {bound_en} — {english}",
        " · ".join(part for part in (f"대상 / for: {group}", f"[{rule.standard}] {source}".strip(), zoom) if part),
        words.footer(atlas.result),
    )


def packaged_kinds() -> dict[str, Kind]:
    """Return the packaged table of kinds, for results that carry none."""
    from lifezone.standards.kinds import load_kinds  # noqa: PLC0415  (reads a YAML file)

    return load_kinds()
