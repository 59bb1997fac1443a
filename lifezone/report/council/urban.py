"""Urban areas from flows by every method asked for, and ties between municipalities."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

import pandas as pd

from lifezone.report.council.columns import column, csv_key
from lifezone.report.council.shown import people
from lifezone.report.document import Block, Cell, Heading, Paragraph, Picture, Table
from lifezone.report.flows.page import METHODS, STRUCTURES, purpose_words
from lifezone.report.material import Material
from lifezone.report.names import file_stem
from lifezone.report.towns.page import TIE_WORDS
from lifezone.report.words import Texts
from lifezone.standards.disclosure import LEAST_GROUP

__all__ = ["ties", "town_names", "urban_areas"]

_MOST_ROWS: Final = 12
_MOST_MAPS: Final = 2


def town_names(material: Material, texts: Texts) -> dict[str, str]:
    """Return names of municipalities by id: those of the study's districts, else as flows and towns tell them."""
    found: dict[str, str] = {}
    for table in ("alliance_members", "city_classes", "containment", "urban_areas"):
        for row in material.table(table).to_dict("records"):
            if row.get("name"):
                found.setdefault(str(row["district"]), str(row["name"]))
    return found | {unit: material.district_name(unit, texts.language) for unit in material.districts if unit in found}


def urban_areas(material: Material, texts: Texts) -> Iterator[Block]:
    """Yield the urban areas of every method."""
    frame = material.table("urban_area_summary")
    districts = material.table("urban_areas")
    if districts.empty:
        return
    at = int(texts.language == "en")
    methods = list(dict.fromkeys(str(key) for key in districts["method"]))
    asked = {str(one.get("id") or one["method"]): one for one in material.scenario.get("urban_areas") or ()}
    yield Heading(texts.say("zones.urban_heading"))
    yield Paragraph(texts.say("zones.urban_lead", n=len(methods)))
    for number, method in enumerate(methods):
        kind = str((asked.get(method) or {}).get("method") or method)
        name = METHODS.get(kind, (method, method))[at]
        file = f"zones/maps/urban_areas_{file_stem(method)}.png"
        if number < _MOST_MAPS and material.has(file):
            yield Picture(f"urban-map-{csv_key(method)}", texts.say("zones.urban_map", method=name), file,
                          texts.say("zones.urban_map_alt", method=name))  # fmt: skip
        yield _areas(material, texts, method, name, frame, districts)


def _areas(
    material: Material, texts: Texts, method: str, name: str, frame: pd.DataFrame, districts: pd.DataFrame
) -> Table:
    """Return the areas of one method, the largest first; districts that belong to several are named."""
    at, disclose = int(texts.language == "en"), material.disclose
    own, names = districts[districts["method"] == method], town_names(material, texts)
    overlaps = [names[str(row["district"])] for row in own.to_dict("records") if row.get("overlap")]
    rows = [
        (names.get(str(row["area"]), str(row["area"])), int(row["districts"]),
         people(_number(row["people"]), disclose=disclose), people(_number(row["residents"]), disclose=disclose),
         _number(row["supply_side"]), _number(row["demand_side"]),
         *(STRUCTURES.get(str(row[key]), ("–", "–"))[at] for key in ("by_size", "by_flows")))
        for row in frame[frame["method"] == method].to_dict("records")
    ]  # fmt: skip
    columns = (
        column(texts, "centre", texts.say("zones.col.urban_centre")),
        column(texts, "districts", texts.say("zones.col.districts"), "count"),
        column(texts, "people", texts.say("zones.col.people"), "people"),
        column(texts, "residents", texts.say("zones.col.goers"), "people"),
        column(texts, "supply_side", texts.say("zones.col.supply_side"), "percent"),
        column(texts, "demand_side", texts.say("zones.col.demand_side"), "percent"),
        column(texts, "by_size", texts.say("zones.col.by_size")),
        column(texts, "by_flows", texts.say("zones.col.by_flows")),
    )
    outside = int(own["area"].isna().sum())
    note = [texts.say("zones.urban_note", n=outside)]
    note += [texts.say("zones.urban_overlap", names=overlaps)] if overlaps else []
    return Table(f"urban-{csv_key(method)}", texts.say("zones.urban", method=name), columns, tuple(rows),
                 note=" ".join(note), most=_MOST_ROWS)  # fmt: skip


def ties(material: Material, texts: Texts) -> Iterator[Block]:
    """Yield the strongest ties of every purpose in its newest year."""
    frame = material.table("ties")
    if frame.empty:
        return
    names, at = town_names(material, texts), texts.language
    yield Heading(texts.say("zones.ties_heading"))
    yield Paragraph(texts.say("zones.ties_lead"))
    newest: dict[str, str] = {}
    for row in frame.to_dict("records"):
        purpose, year = str(row["purpose"] or ""), str(row["year"] or "")
        newest[purpose] = max(newest.get(purpose, ""), year)
    for purpose, year in newest.items():
        own = frame[(frame["purpose"].fillna("") == purpose) & (frame["year"].fillna("") == year)]
        order = own.sort_values(["strength", "a", "b"], ascending=[False, True, True]).head(_MOST_ROWS)
        rows = tuple(_tie(material, texts, row, names) for row in order.to_dict("records"))
        columns = (
            column(texts, "a", texts.say("zones.col.town_a")), column(texts, "b", texts.say("zones.col.town_b")),
            column(texts, "there", texts.say("zones.col.there"), "people"),
            column(texts, "back", texts.say("zones.col.back"), "people"),
            column(texts, "balance", texts.say("zones.col.balance"), "number"),
            column(texts, "tie", texts.say("zones.col.tie")),
        )  # fmt: skip
        what = f"{purpose_words(tuple(purpose.split('+')), at)} {year}".strip() if purpose else texts.say(
            "zones.services")  # fmt: skip
        yield Table(f"ties-{csv_key(purpose or 'services')}", texts.say("zones.ties", what=what), columns, rows,
                    note=texts.say("zones.ties_note", n=len(rows), all=len(own)))  # fmt: skip


def _tie(material: Material, texts: Texts, row: Mapping[Any, Any], names: Mapping[str, str]) -> tuple[Cell, ...]:
    """Return one tie; its balance not where a flow is of few people."""
    there, back = float(row["flow_ab"]), float(row["flow_ba"])
    few = not material.disclose and any(0 < flow < LEAST_GROUP for flow in (there, back))
    kind = TIE_WORDS.get(str(row["class"] or ""), ("–", "–"))[int(texts.language == "en")]
    depends = row["depends"]
    if depends:
        one, other = (names.get(str(row[side]), str(row[side])) for side in ("a", "b"))
        ends = (one, other) if str(depends) == str(row["a"]) else (other, one)
        kind += f" ({ends[0]} → {ends[1]})"
    return (
        names.get(str(row["a"]), str(row["a"])), names.get(str(row["b"]), str(row["b"])),
        people(there, disclose=material.disclose), people(back, disclose=material.disclose),
        None if few else _number(row["reciprocity"]), kind,
    )  # fmt: skip


def _number(value: Any) -> float | None:
    return None if value is None or pd.isna(value) else round(float(value), 3)
