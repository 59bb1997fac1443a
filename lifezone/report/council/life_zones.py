"""Life zones of every function: who is in them, whom nothing reaches, which have too few people, what merging costs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

import pandas as pd

from lifezone.report.council.columns import column, csv_key
from lifezone.report.council.places import Places
from lifezone.report.council.shown import figure, part_of, parts, people, share
from lifezone.report.council.zone_overlap import overlap
from lifezone.report.document import Block, Cell, Heading, Paragraph, Picture, Table
from lifezone.report.material import ALL, Material
from lifezone.report.words import Texts
from lifezone.report.zones.words import function_words, mode_words

__all__ = ["Function", "functions_of", "life_zones"]

_MOST_ROWS: Final = 12
_ZONE_COLUMNS: Final = (
    "zone", "centre", "name", "people", "in_area", "catchment", "facilities", "containment", "viable", "subsidised",
)  # fmt: skip
_SECONDS_AN_HOUR: Final = 60.0


@dataclass(frozen=True)
class Function:
    """One function as the scenario asks for it.

    Attributes:
        id: its key in the files.
        name: in the language of the report.
        kinds: keys of the kinds that serve it.
        mode: how people travel.
        reach: the farthest trip, in words.
        groups: whose people are counted.
    """

    id: str
    name: str
    kinds: tuple[str, ...]
    mode: str
    reach: str
    groups: tuple[str, ...]


def functions_of(material: Material, texts: Texts) -> list[Function]:
    """Return the functions that the run divided its area by, in their order."""
    asked = (material.scenario.get("zones") or {}).get("functions") or ()
    at = int(texts.language == "en")
    found = []
    for one in asked:
        key, name = str(one["id"]), one.get("name") or {}
        words = function_words(key, str(one.get("function") or ""), str(one.get("level") or ""),
                               (str(name.get("ko") or ""), str(name.get("en") or "")))  # fmt: skip
        found.append(Function(
            key, words[at], tuple(one.get("kinds") or ()), mode_words(str(one["mode"]))[at],
            _reach(texts, str(one["reach"])),
            tuple(one.get("groups") or ()),
        ))  # fmt: skip
    return [one for one in found if material.has(f"zones/{one.id}.parquet")]


def _reach(texts: Texts, told: str) -> str:
    """Return a quantity of the scenario (``30 min``, ``3000 m``) in the language."""
    number, _, unit = told.partition(" ")
    form = {"min": "minutes", "m": "metres"}.get(unit)
    return told if form is None else texts.write(float(number), form)


def life_zones(material: Material, texts: Texts) -> Iterator[Block]:
    """Yield the life zones of the baseline, and how many they are in the other variants."""
    functions = functions_of(material, texts)
    if not functions:
        return
    yield Paragraph(texts.say("zones.lead", n=len(functions)), "lead")
    yield _overview(material, texts, functions)
    if material.has("zones/maps/_all.png"):
        yield Picture("zones-all", texts.say("zones.all_map"), "zones/maps/_all.png", texts.say("zones.all_map_alt"))
    yield from _thresholds(material, texts, functions)
    for one in functions:
        yield from _function(material, texts, one)
    yield from overlap(material, texts, functions)
    yield from _blind_spots(material, texts, functions)
    yield from _variants(material, texts, functions)


def _zones_of(material: Material, function: str, variant: str | None = None) -> pd.DataFrame:
    """Return the zones of a function that hold people of the study area, the largest first."""
    path = material.path_of(f"zones/{function}.parquet", variant)
    frame = pd.read_parquet(path, columns=list(_ZONE_COLUMNS))
    return frame[frame["in_area"] > 0].sort_values(["in_area", "zone"], ascending=[False, True])


def _whole(material: Material, variant: str | None = None) -> dict[str, Mapping[str, Any]]:
    """Return by function who is served at home, abroad or not at all, over the whole area."""
    rows = material.table("zones/municipalities", variant).to_dict("records")
    return {str(row["function"]): {str(key): value for key, value in row.items()} for row in rows
            if row["municipality"] == ALL}  # fmt: skip


def _overview(material: Material, texts: Texts, functions: list[Function]) -> Table:
    """Return one row a function."""
    whole, rows = _whole(material), []
    several = any(row["abroad"] > 0 for row in whole.values())
    for one in functions:
        zones, row = _zones_of(material, one.id), whole[one.id]
        weak, kept = int((zones["viable"] == False).sum()), int(zones["subsidised"].sum())  # noqa: E712
        merged = material.table("zones/merges")
        rows.append((
            one.name, ", ".join(material.kind_name(kind, texts.language) for kind in one.kinds),
            texts.say("zones.within", mode=one.mode, reach=one.reach), len(zones),
            people(row["people"], disclose=material.disclose),
            part_of(row["beyond"], row["people"], disclose=material.disclose),
            share(row["abroad"], row["people"], disclose=material.disclose) if several else None,
            weak, kept, int((merged["function"] == one.id).sum()),
        ))  # fmt: skip
    columns = [
        column(texts, "function", texts.say("zones.col.function")),
        column(texts, "kinds", texts.say("zones.col.kinds")),
        column(texts, "reach", texts.say("zones.col.reach")),
        column(texts, "zones", texts.say("zones.col.zones"), "count"),
        column(texts, "people", texts.say("zones.col.people"), "people"),
        column(texts, "beyond", texts.say("zones.col.beyond"), "people"),
        column(texts, "share_abroad", texts.say("zones.col.abroad"), "percent"),
        column(texts, "below", texts.say("zones.col.below"), "count"),
        column(texts, "subsidised", texts.say("zones.col.subsidised"), "count"),
        column(texts, "merged", texts.say("zones.col.merged"), "count"),
    ]  # fmt: skip
    kept_columns = [at for at in range(len(columns)) if several or columns[at].key != "share_abroad"]
    return Table("zones-overview", texts.say("zones.overview"), tuple(columns[at] for at in kept_columns),
                 tuple(tuple(row[at] for at in kept_columns) for row in rows),
                 note=texts.say("zones.overview_note"))  # fmt: skip


def _thresholds(material: Material, texts: Texts, functions: list[Function]) -> Iterator[Table]:
    """Yield the least number of users of every function with its source and date."""
    frame, names = material.table("zones/thresholds"), {one.id: one.name for one in functions}
    rows = []
    for row in frame.to_dict("records"):
        kind = f"zones.threshold.{row['kind']}"
        rows.append((
            names.get(str(row["function"]), str(row["function"])), float(row["people"]),
            texts.say(kind) if texts.has(kind) else str(row["kind"]), str(row["source"] or row["method"]),
            str(row["date"] or ""), str(row["confidence"] or ""),
        ))  # fmt: skip
    if not rows:
        return
    columns = (
        column(texts, "function", texts.say("zones.col.function")),
        column(texts, "people", texts.say("zones.col.least"), "number"),
        column(texts, "kind", texts.say("zones.col.threshold_kind")),
        column(texts, "source", texts.say("zones.col.source")), column(texts, "date", texts.say("zones.col.date")),
        column(texts, "confidence", texts.say("zones.col.confidence")),
    )  # fmt: skip
    yield Table("zones-thresholds", texts.say("zones.thresholds"), columns, tuple(rows),
                note=texts.say("zones.thresholds_note"))  # fmt: skip


def _function(material: Material, texts: Texts, one: Function) -> Iterator[Block]:
    """Yield map, zones and mergers of one function."""
    yield Heading(texts.say("zones.of", function=one.name))
    file = f"zones/maps/{one.id}.png"
    if material.has(file):
        caption = texts.say("zones.map", function=one.name)
        yield Picture(f"zones-map-{csv_key(one.id)}", caption, file, texts.say("zones.map_alt", function=one.name))
    yield _zones_table(material, texts, one)
    yield from _mergers(material, texts, one)


def _zones_table(material: Material, texts: Texts, one: Function) -> Table:
    """Return the zones of a function with their people and verdicts."""
    rows = _zones_of(material, one.id).to_dict("records")
    counts = parts([float(row["in_area"]) for row in rows], disclose=material.disclose)
    thresholds = {str(row["function"]): row["people"] for row in material.table("zones/thresholds").to_dict("records")
                  if row["providers"] == 1}  # fmt: skip
    body: list[tuple[Cell, ...]] = []
    for row, count in zip(rows, counts, strict=True):
        verdict = "none" if pd.isna(row["viable"]) else "kept" if row["subsidised"] else (
            "enough" if row["viable"] else "below")  # fmt: skip
        body.append((
            str(row["name"] or row["centre"]), count, people(float(row["catchment"]), disclose=material.disclose),
            int(row["facilities"]), figure(row["containment"], row["people"], disclose=material.disclose, digits=3),
            texts.say(f"zones.verdict.{verdict}"),
        ))  # fmt: skip
    columns = (
        column(texts, "zone", texts.say("zones.col.zone")),
        column(texts, "in_area", texts.say("zones.col.in_area"), "people"),
        column(texts, "users", texts.say("zones.col.users"), "people"),
        column(texts, "facilities", texts.say("zones.col.facilities"), "count"),
        column(texts, "containment", texts.say("zones.col.containment"), "percent"),
        column(texts, "verdict", texts.say("zones.col.verdict")),
    )
    least = thresholds.get(one.id)
    note = texts.say("zones.zones_note")
    if least is not None and pd.notna(least):
        note += " " + texts.say("zones.zones_least", n=float(least))
    return Table(f"zones-{csv_key(one.id)}", texts.say("zones.zones_table", function=one.name), columns, tuple(body),
                 note=note, most=_MOST_ROWS)  # fmt: skip


def _mergers(material: Material, texts: Texts, one: Function) -> Iterator[Block]:
    """Yield the centres that were merged away: who moves where, and what that adds to travel."""
    frame = material.table("zones/merges")
    rows = frame[frame["function"] == one.id].to_dict("records")
    if not rows:
        return
    costs = material.table("zones/merge_costs")
    total = costs[(costs["function"] == one.id) & (costs["district"] == ALL) & (costs["group"] == "total")]
    timed = bool(pd.notna(rows[0]["person_minutes"]))
    key, scale = ("person_minutes", _SECONDS_AN_HOUR) if timed else ("person_km", 1.0)
    for whole in total.to_dict("records"):
        yield Paragraph(texts.say(
            "zones.merge_cost" if timed else "zones.merge_cost_km", n=len(rows), people=float(whole["people_moved"]),
            added=float(whole[key]) / scale, outside=float(whole["newly_outside"]),
        ))  # fmt: skip
    places = Places(material, material.baseline)
    body: list[tuple[Cell, ...]] = []
    for row in rows:
        moved = float(row["people"])
        to = [places.name(part.split(" (")[0], texts.language) for part in str(row["to"] or "").split(";") if part]
        body.append((
            places.name(str(row["centre"]), texts.language), figure(row["users"], row["users"],
            disclose=material.disclose, digits=0), float(row["need"]), people(moved, disclose=material.disclose),
            figure(float(row[key]) / scale, moved, disclose=material.disclose, digits=0),
            part_of(float(row["newly_outside"]), moved, disclose=material.disclose), ", ".join(to),
        ))  # fmt: skip
    columns = (
        column(texts, "centre", texts.say("zones.col.centre")),
        column(texts, "users", texts.say("zones.col.users"), "number"),
        column(texts, "least", texts.say("zones.col.least"), "number"),
        column(texts, "people", texts.say("zones.col.moved"), "people"),
        column(texts, "added", texts.say("zones.col.added" if timed else "zones.col.added_km"), "number"),
        column(texts, "newly_outside", texts.say("zones.col.newly_outside"), "people"),
        column(texts, "to", texts.say("zones.col.to")),
    )
    yield Table(f"zones-merged-{csv_key(one.id)}", texts.say("zones.merged", function=one.name), columns, tuple(body),
                note=texts.say("zones.merged_note"), most=_MOST_ROWS)  # fmt: skip


def _blind_spots(material: Material, texts: Texts, functions: list[Function]) -> Iterator[Table]:
    """Yield whom no zone of a function reaches, by mode and group."""
    frame, names = material.table("zones/blind_spots"), {one.id: one.name for one in functions}
    if frame.empty:
        return
    at = int(texts.language == "en")
    rows = [
        (names.get(str(row["function"]), str(row["function"])), mode_words(str(row["mode"]))[at],
         material.group_name(str(row["group"]), texts.language),
         people(float(row["people"]), disclose=material.disclose),
         part_of(float(row["beyond"]), float(row["people"]), disclose=material.disclose),
         share(float(row["beyond"]), float(row["people"]), disclose=material.disclose))
        for row in frame[frame["district"] == ALL].to_dict("records")
    ]  # fmt: skip
    columns = (
        column(texts, "function", texts.say("zones.col.function")), column(texts, "mode", texts.say("zones.col.mode")),
        column(texts, "group", texts.say("zones.col.group")),
        column(texts, "people", texts.say("zones.col.people"), "people"),
        column(texts, "beyond", texts.say("zones.col.beyond"), "people"),
        column(texts, "share", texts.say("zones.col.share"), "percent"),
    )  # fmt: skip
    yield Table("zones-blind-spots", texts.say("zones.blind_spots"), columns, tuple(rows),
                note=texts.say("zones.blind_spots_note"), most=_MOST_ROWS)  # fmt: skip


def _variants(material: Material, texts: Texts, functions: list[Function]) -> Iterator[Table]:
    """Yield how zones differ between the variants, where they do."""
    told: list[tuple[Cell, ...]] = []
    differs = False
    for one in functions:
        before: tuple[float, float] | None = None
        for variant in material.variants:
            own = None if variant == material.baseline else variant
            if not material.has(f"zones/{one.id}.parquet", own):
                continue
            count, row = len(_zones_of(material, one.id, own)), _whole(material, own)[one.id]
            now = (float(count), float(row["beyond"]))
            differs |= before is not None and now != before
            before = now if before is None else before
            told.append((one.name, material.variant_name(variant, texts.language), count,
                         part_of(row["beyond"], row["people"], disclose=material.disclose),
                         None if row["minutes"] is None else figure(row["minutes"], row["people"],
                                                                    disclose=material.disclose)))  # fmt: skip
    if not differs:
        return
    columns = (
        column(texts, "function", texts.say("zones.col.function")),
        column(texts, "variant", texts.say("variants.col.variant")),
        column(texts, "zones", texts.say("zones.col.zones"), "count"),
        column(texts, "beyond", texts.say("zones.col.beyond"), "people"),
        column(texts, "minutes", texts.say("zones.col.minutes"), "minutes"),
    )
    yield Table("zones-variants", texts.say("zones.variants"), columns, tuple(told), most=2 * _MOST_ROWS)
