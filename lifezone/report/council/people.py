"""③ Area and people: districts, ages, density, urban and rural, people that a variant changes, quality of the data."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
import shapely

from lifezone.model import TOTAL, Floats, Variant
from lifezone.report.charts.bars import Bar, bars
from lifezone.report.council.columns import column, csv_key, said
from lifezone.report.council.people_changes import changed_people
from lifezone.report.council.phrasing import group_text
from lifezone.report.council.points import settings
from lifezone.report.council.shown import WITHHELD, hidden_rows, parts, people, share
from lifezone.report.document import Block, Bullets, Cell, Chart, Heading, Paragraph, Section, Shown, Table
from lifezone.report.maps import inks
from lifezone.report.material import ALL, Material
from lifezone.report.told_always import notices
from lifezone.report.words import Texts
from lifezone.report.words.told import told_in, without_folders

__all__ = ["section"]

_OLD: Final = "age_65_plus"
_M2_PER_KM2: Final = 1e6
_MOST_ROWS: Final = 25
_MOST_BARS: Final = 30


def section(material: Material, texts: Texts) -> Section | None:
    """Return who lives where, and how well that is known."""
    study = material.variant(material.baseline)
    counts, area_m2 = _counts(material, study), _area_m2(study)
    blocks: list[Block] = [Paragraph(_lead(material, texts, counts, area_m2), "lead"),
                           *notices(material, texts, "modelled")]  # fmt: skip
    blocks += [_table(material, texts, study, counts, area_m2), *_group_chart(material, texts, counts)]
    blocks += [*_setting(material, texts, study), *changed_people(material, texts), *_quality(material, texts, study)]
    return Section("people", texts.say("people.title"), tuple(blocks))


def _counts(material: Material, study: Variant) -> dict[str, Floats]:
    """Return f64[D] people by district for each group."""
    demand, n = study.world.demand, len(material.districts)
    inside = demand.inside
    return {
        group: np.bincount(demand.district[inside], weights=demand.of(group)[inside], minlength=n)[:n].astype(float)
        for group in (TOTAL, *(one for one in demand.groups if one != TOTAL))
    }


def _area_m2(study: Variant) -> Floats | None:
    """Return f64[D] area by district, NaN where there is no boundary; None without any."""
    shapes = study.world.districts.polygon
    if shapes is None:
        return None
    found = np.array([np.nan if shape is None else float(shapely.area(shape)) for shape in shapes])
    return found if np.isfinite(found).any() else None


def _lead(material: Material, texts: Texts, counts: dict[str, Floats], area_m2: Floats | None) -> str:
    """Say how many people live there, how dense, and how old they are."""
    total = counts[TOTAL]
    everybody = float(total.sum())
    key = "people.lead" if material.districts != (ALL,) else "people.lead_whole"
    told = [texts.say(key, districts=len(material.districts), people=everybody)]
    if area_m2 is not None and np.isfinite(area_m2).all() and area_m2.sum() > 0:
        km2 = float(area_m2.sum()) / _M2_PER_KM2
        told.append(texts.say("people.lead_area", km2=km2, density=everybody / km2))
    ends = _ends(material, texts, counts, _OLD)
    if ends:
        old = float(counts[_OLD].sum())
        part = said(texts, share(old, everybody, disclose=material.disclose), "percent")
        told.append(texts.say("people.lead_old", people=old, share=part, **ends))
    return " ".join(told)


def _shares(material: Material, counts: dict[str, Floats], group: str) -> list[Cell]:
    """Return a group's share of everybody by district; None where it may not be told."""
    hidden = hidden_rows(counts[group].tolist(), counts[TOTAL].tolist(), disclose=material.disclose)
    found = [share(float(a), float(b), disclose=material.disclose)
             for a, b in zip(counts[group], counts[TOTAL], strict=True)]  # fmt: skip
    return [None if is_hidden and not isinstance(cell, Shown) else cell
            for cell, is_hidden in zip(found, hidden, strict=True)]  # fmt: skip


def _ends(material: Material, texts: Texts, counts: dict[str, Floats], group: str) -> dict[str, str]:
    """Return the districts with the highest and the lowest share of a group; empty where there are not two."""
    if group not in counts:
        return {}
    known = [(float(cell), at) for at, cell in enumerate(_shares(material, counts, group))
             if isinstance(cell, (int, float))]  # fmt: skip
    if len(known) < 2 or min(known)[0] == max(known)[0]:
        return {}
    found = {}
    for key, (value, at) in (("least", min(known)), ("most", max(known))):
        found[key] = material.district_name(material.districts[at], texts.language)
        found[f"{key}_share"] = texts.write(value, "percent")
    return found


def _table(
    material: Material, texts: Texts, study: Variant, counts: dict[str, Floats], area_m2: Floats | None
) -> Table:
    """Return people, area, density and groups by district, the whole area on top."""
    disclose, urban = material.disclose, settings(study)
    columns = [column(texts, "district", texts.say("people.col_district")),
               column(texts, "people", texts.say("people.col_people"), "people")]  # fmt: skip
    by_column: list[Sequence[Cell]] = [parts(counts[TOTAL].tolist(), disclose=disclose)]
    whole: list[Cell] = [texts.say("people.all"), people(float(counts[TOTAL].sum()), disclose=disclose)]
    if area_m2 is not None:
        km2 = area_m2 / _M2_PER_KM2
        columns += [column(texts, "area_km2", texts.say("people.col_area"), "number", digits=1),
                    column(texts, "density", texts.say("people.col_density"), "number", digits=1)]  # fmt: skip
        by_column += [[_number(value, 1) for value in km2],
                      [None if isinstance(cell, Shown) else _number(count / one, 1) if one > 0 else None
                       for cell, count, one in zip(by_column[0], counts[TOTAL], km2, strict=True)]]  # fmt: skip
        all_km2 = float(km2.sum())
        whole += [_number(all_km2, 1), _number(float(counts[TOTAL].sum()) / all_km2, 1) if all_km2 > 0 else None]
    if urban is not None:
        demand = study.world.demand
        own = demand.inside & urban
        n = len(material.districts)
        towns = np.bincount(demand.district[own], weights=demand.total[own], minlength=n)[:n]
        hidden = hidden_rows(towns.tolist(), counts[TOTAL].tolist(), disclose=disclose)
        for key, label, values in (("urban", "people.col_urban", towns),
                                   ("rural", "people.col_rural", counts[TOTAL] - towns)):  # fmt: skip
            columns.append(column(texts, key, texts.say(label), "people"))
            by_column.append([_hidden(people(float(value), disclose=disclose), bool(few))
                              for value, few in zip(values, hidden, strict=True)])  # fmt: skip
            whole.append(people(float(values.sum()), disclose=disclose))
    for group in (one for one in counts if one != TOTAL):
        name = group_text(material, texts, group)
        columns += [column(texts, f"people_{csv_key(group)}", name, "people"),
                    column(texts, f"share_{csv_key(group)}", texts.say("people.col_share", group=name),
                           "percent")]  # fmt: skip
        hidden = hidden_rows(counts[group].tolist(), counts[TOTAL].tolist(), disclose=disclose)
        by_column.append([_hidden(people(float(value), disclose=disclose), bool(few))
                          for value, few in zip(counts[group], hidden, strict=True)])  # fmt: skip
        by_column.append(_shares(material, counts, group))
        whole += [people(float(counts[group].sum()), disclose=disclose),
                  share(float(counts[group].sum()), float(counts[TOTAL].sum()), disclose=disclose)]  # fmt: skip
    names = [material.district_name(one, texts.language) for one in material.districts]
    several = material.districts != (ALL,)  # a study without districts has one, which is the whole area
    rows = [tuple(whole), *(zip(names, *by_column, strict=True) if several else ())]
    return Table("people_districts", texts.say("people.districts"), tuple(columns), tuple(rows),
                 texts.say("people.districts_note"), totals=1, most=_MOST_ROWS)  # fmt: skip


def _hidden(cell: Cell, is_hidden: bool) -> Cell:
    """Return a cell, withheld where it would tell a hidden one."""
    return WITHHELD if is_hidden and not isinstance(cell, Shown) else cell


def _number(value: float, digits: int) -> Cell:
    return round(float(value), digits) if np.isfinite(value) else None


def _group_chart(material: Material, texts: Texts, counts: dict[str, Floats]) -> list[Block]:
    """Return bars of the share of the old by district, highest first; else of the first group."""
    group = _OLD if _OLD in counts else next((one for one in counts if one != TOTAL), "")
    if not group or len(material.districts) < 2:
        return []
    name = group_text(material, texts, group)
    known = sorted(
        ((float(cell), at) for at, cell in enumerate(_shares(material, counts, group))
         if isinstance(cell, (int, float))), key=lambda pair: (-pair[0], pair[1]),
    )[:_MOST_BARS]  # fmt: skip
    if not known:
        return []
    drawn = [Bar(material.district_name(material.districts[at], texts.language), 100 * value,
                 texts.write(value, "percent"), inks.GAIN) for value, at in known]  # fmt: skip
    ends = _ends(material, texts, counts, group)
    alt = texts.say("people.group_alt" if ends else "people.group_alt_one", group=name, **ends)
    svg = bars(drawn, across=texts.say("people.group_axis", group=name), prefix="people_group_chart", alt=alt)
    return [Chart("people_group_chart", texts.say("people.group_chart", group=name), svg, alt)]


def _setting(material: Material, texts: Texts, study: Variant) -> list[Block]:
    """Say how many people were judged as urban and as rural, where the standard tells them apart."""
    urban = settings(study)
    heading = Heading(texts.say("people.setting_title"))
    if urban is None:
        return [heading, Paragraph(texts.say("people.setting_none"))]
    demand = study.world.demand
    counts = [float(demand.total[demand.inside & own].sum()) for own in (urban, ~urban)]
    words = []
    for count in counts:
        part = said(texts, share(count, sum(counts), disclose=material.disclose), "percent")
        words.append(texts.say("deserts.with_people_first", people=count, share=part))
    return [heading, Paragraph(texts.say("people.setting", urban=words[0], rural=words[1]))]


def _quality(material: Material, texts: Texts, study: Variant) -> list[Block]:
    """Return what was read, loaded and left out, what is estimated or modelled, and the notes of the readers."""
    told, demand, disclose = material.manifest["people"], study.world.demand, material.disclose
    read, loaded = told.get("read"), float(told["loaded"])
    counts = (("people.data_read", read), ("people.data_loaded", loaded), ("people.data_area", told["in_area"]),
              ("people.data_beyond", told["beyond_area"]),
              ("people.data_lost", None if read is None else max(0.0, float(read) - loaded)))  # fmt: skip
    rows: list[tuple[Cell, ...]] = [
        (texts.say(key), None if value is None else Shown(said(texts, people(float(value), disclose=disclose),
         "people"), 0.0)) for key, value in counts
    ]  # fmt: skip
    rows.append((texts.say("people.data_points"),
                 texts.say("people.data_points_value", count=int(told["points_in_area"]))))  # fmt: skip
    size = (texts.say("people.data_size_value", metres=demand.cell_m) if demand.cell_m > 0
            else texts.say("people.data_size_points"))  # fmt: skip
    rows.append((texts.say("people.data_size"), size))
    nothing = texts.say("people.data_nothing")
    groups = [material.group_name(one, texts.language) for one in material.manifest["estimated_groups"]]
    rows.append((texts.say("people.data_estimated"), texts.write(groups, "list") if groups else nothing))
    modelled = material.manifest["modelled"].get("demand") or ""
    source = material.scenario.get("demand")
    invented = isinstance(source, dict) and source.get("type") == "synthetic"
    rows.append(
        (
            texts.say("people.data_modelled"),
            texts.say("people.data_invented")
            if invented
            else told_in(texts.language, modelled)
            if modelled
            else nothing,
        )
    )
    columns = (column(texts, "what", texts.say("people.data_title")),
               column(texts, "value", texts.say("people.col_people")))  # fmt: skip
    notes = [
        told_in(texts.language, without_folders(str(note))) for note in material.manifest["notes"].get("demand", ())
    ]
    blocks: list[Block] = [Heading(texts.say("people.data_title")),
                           Table("people_data", texts.say("people.data_title"), columns, tuple(rows))]  # fmt: skip
    return [*blocks, Paragraph(texts.say("people.data_notes"), "note"), Bullets(tuple(notes))] if notes else blocks
