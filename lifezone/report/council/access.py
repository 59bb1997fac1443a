"""⑥ Access by service and mode: attainment, times, districts, the farthest places, and what official counting says."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from lifezone.report.council.access_places import worst_places
from lifezone.report.council.access_service import district_columns, district_row, service_blocks
from lifezone.report.council.columns import column, said
from lifezone.report.council.points import main_requirements, told_requirements
from lifezone.report.council.shown import figure, is_small, part_of, people, share
from lifezone.report.document import Block, Cell, Heading, Notice, Paragraph, Section, Table
from lifezone.report.material import Material
from lifezone.report.told_always import notices
from lifezone.report.words import Texts

__all__ = ["section"]

_GOOD = 0.9
_POOR = 0.5
_MOST_ROWS = 12


def section(material: Material, texts: Texts) -> Section | None:
    """Return how many people each service reaches within its bound, where and how long the others need."""
    rows = material.headline("summary", material.baseline)
    blocks: list[Block] = [_lead(material, texts, rows), Paragraph(
        texts.say("access.variant_note", variant=material.variant_name(material.baseline, texts.language)), "note"
    ), *_notices(material, texts)]  # fmt: skip
    if len(rows):
        blocks += [_attainment(material, texts, rows), _times(material, texts, rows)]
    blocks += _without_car(material, texts)
    for requirement in main_requirements(material):
        blocks += service_blocks(material, texts, requirement)
    blocks += [*_others(material, texts), *worst_places(material, texts), *_conventions(material, texts)]
    return Section("access", texts.say("access.title"), tuple(blocks))


def _lead(material: Material, texts: Texts, rows: pd.DataFrame) -> Paragraph:
    """Say in how many services nearly all, or not even half, are within the bound."""
    known = rows[rows["coverage"].notna()]
    if not len(known):
        return Paragraph(texts.say("access.lead_none"), "lead")
    order = known.sort_values("coverage", kind="stable")
    worst, best = order.iloc[0], order.iloc[-1]
    names = [material.requirement_name(str(row["requirement"]), texts.language) for row in (worst, best)]
    shares = [said(texts, share(row["covered"], row["judged"], disclose=material.disclose), "percent")
              for row in (worst, best)]  # fmt: skip
    several = "access.lead" if worst["coverage"] < best["coverage"] else "access.lead_same"
    key = several if len(known) > 1 else "access.lead_one"
    return Paragraph(texts.say(
        key, count=len(known), good=int((known["coverage"] >= _GOOD).sum()),
        poor=int((known["coverage"] < _POOR).sum()), best=names[1], best_share=shares[1], worst=names[0],
        worst_share=shares[0],
    ), "lead")  # fmt: skip


def _notices(material: Material, texts: Texts) -> Iterator[Block]:
    """Tell what limits every number of this section: modelled data, capacity, the border, what was not judged."""
    language = texts.language
    yield from notices(material, texts, "modelled", "border", "capacity", "schools")
    loose = {key: one["uncertified"] for key, one in material.entry(material.baseline)["requirements"].items()}
    if loose and max(loose.values()) > 0:
        worst = max(loose, key=lambda key: float(loose[key]))
        name = material.requirement_name(worst, language)
        yield Notice("warning", texts.say("access.border", name=name, people=loose[worst]))
    for key, ids in (("access.not_assessed", material.manifest["not_assessed"]),
                     ("access.no_figure", material.manifest["no_figure"])):  # fmt: skip
        if ids:
            yield Paragraph(texts.say(key, names=[material.requirement_name(one, language) for one in ids]), "note")


def _for_whom(material: Material, texts: Texts, requirement: str) -> str:
    """Return the group that is judged, and the setting where it is."""
    group = material.group_name(material.effective_group(requirement), texts.language)
    setting = material.rules[requirement].setting
    if setting not in ("urban", "rural"):
        return group
    where = texts.say("access.urban") if setting == "urban" else texts.say("access.rural")
    return texts.say("access.group_setting", group=group, setting=where)


def _bound(material: Material, texts: Texts, requirement: str) -> str:
    """Return the bound with the mode, as a table tells it."""
    mode = material.rules[requirement].mode
    mode = texts.say(f"charts.{mode}") if texts.has(f"charts.{mode}") else mode
    return texts.say("access.bound_mode", mode=mode, bound=material.bound_name(requirement, texts.language))


def _attainment(material: Material, texts: Texts, rows: pd.DataFrame) -> Table:
    """Return the standard × service table."""
    disclose = material.disclose
    has_target = bool(rows["target"].notna().any())
    columns = [
        column(texts, "service", texts.say("access.col_service")),
        column(texts, "bound", texts.say("access.col_bound")),
        column(texts, "for", texts.say("access.col_for")),
        column(texts, "judged", texts.say("access.col_judged"), "people"),
        column(texts, "covered", texts.say("access.col_covered"), "people"),
        column(texts, "coverage", texts.say("access.col_coverage"), "percent"),
        column(texts, "coverage_low", texts.say("access.col_low"), "percent"),
        column(texts, "coverage_high", texts.say("access.col_high"), "percent"),
        column(texts, "beyond", texts.say("access.col_beyond"), "people"),
    ]
    if has_target:
        columns += [column(texts, "target", texts.say("access.col_target"), "percent"),
                    column(texts, "target_met", texts.say("access.col_target_met"))]  # fmt: skip
    body: list[tuple[Cell, ...]] = []
    for _, row in rows.iterrows():
        requirement = str(row["requirement"])
        judged = row["judged"]
        cells: list[Cell] = [
            material.requirement_name(requirement, texts.language), _bound(material, texts, requirement),
            _for_whom(material, texts, requirement),
            None if pd.isna(row["covered"]) else people(judged, disclose=disclose),
            part_of(row["covered"], judged, disclose=disclose), share(row["covered"], judged, disclose=disclose),
            *interval(row, disclose=disclose), part_of(row["below_minimum"], judged, disclose=disclose),
        ]  # fmt: skip
        if has_target:
            reached = None if row["target_met"] is None else texts.say(
                "access.yes" if row["target_met"] else "access.no"
            )  # fmt: skip
            cells += [None if pd.isna(row["target"]) else round(float(row["target"]), 3), reached]
        body.append(tuple(cells))
    variant = material.variant_name(material.baseline, texts.language)
    return Table("access_attainment", texts.say("access.attainment", variant=variant), tuple(columns), tuple(body),
                 texts.say("access.attainment_note"), most=30)  # fmt: skip


def interval(row: pd.Series, *, disclose: bool) -> tuple[Cell, Cell]:
    """Return [low, high] of a coverage; an end that stands for few people is not told."""
    ends: list[Cell] = []
    for key in ("coverage_low", "coverage_high"):
        value, judged = row[key], row["judged"]
        few = pd.isna(value) or 0.5 < abs(value - row["coverage"]) * judged < 9.5
        told = None if few and not disclose else share(None if pd.isna(value) else value * judged, judged,
                                                       disclose=disclose)  # fmt: skip
        ends.append(told)
    return ends[0], ends[1]


def _times(material: Material, texts: Texts, rows: pd.DataFrame) -> Table:
    """Return mean, median and P90, who cannot get there, who is uncertain, and the levels of D3 where there are any."""
    disclose = material.disclose
    levels = bool(rows["at_optimum"].notna().any())
    columns = [
        column(texts, "service", texts.say("access.col_service")),
        column(texts, "mean_minutes", texts.say("access.col_mean"), "minutes"),
        column(texts, "median_minutes", texts.say("access.col_median"), "minutes"),
        column(texts, "p90_minutes", texts.say("access.col_p90"), "minutes"),
        column(texts, "unreachable", texts.say("access.col_never"), "people"),
        column(texts, "uncertain", texts.say("access.col_uncertain"), "people"),
    ]
    if levels:
        columns += [column(texts, "between", texts.say("access.col_between"), "people"),
                    column(texts, "at_optimum", texts.say("access.col_optimum"), "people")]  # fmt: skip
    body: list[tuple[Cell, ...]] = []
    for _, row in rows.iterrows():
        cells: list[Cell] = [material.requirement_name(str(row["requirement"]), texts.language)]
        cells += [figure(row[key], row["judged"], disclose=disclose)
                  for key in ("mean_minutes", "median_minutes", "p90_minutes")]  # fmt: skip
        cells += [part_of(row[key], row["judged"], disclose=disclose) for key in ("unreachable", "uncertain")]
        if levels:
            few = is_small(row["judged"] - row["covered"]) and not disclose
            cells += [
                part_of(row[key], row["judged" if few else "covered"], disclose=disclose)
                for key in ("between", "at_optimum")
            ]
        body.append(tuple(cells))
    variant = material.variant_name(material.baseline, texts.language)
    return Table("access_times", texts.say("access.times", variant=variant), tuple(columns), tuple(body),
                 texts.say("access.times_note"), most=30)  # fmt: skip


def _others(material: Material, texts: Texts) -> list[Block]:
    """Return every district × service that is not told at length."""
    main = main_requirements(material)
    rest = [key for key in told_requirements(material) if key not in main]
    if not rest or len(material.districts) < 2:
        return []
    table = material.table("summary")
    table = table[(table["variant"] == material.baseline) & (table["district"] != "all") & (table["judged"] > 0)]
    body: list[tuple[Cell, ...]] = []
    for key in rest:
        rows = table[(table["requirement"] == key) & (table["group"] == material.effective_group(key))]
        name = material.requirement_name(key, texts.language)
        body += [(name, *cells) for cells in district_row(material, texts, rows)]
    columns = (column(texts, "service", texts.say("access.col_service")), *district_columns(texts))
    variant = material.variant_name(material.baseline, texts.language)
    return [Heading(texts.say("access.others")), Table(
        "access_others", texts.say("access.others_table", variant=variant), columns, tuple(body),
        texts.say("access.attainment_note"), most=_MOST_ROWS,
    )]  # fmt: skip


def _conventions(material: Material, texts: Texts) -> list[Block]:
    """Say how many verdicts official counting turns, and where that is explained."""
    rows = material.headline("conventions", material.baseline)
    if not len(rows):
        return []
    worst = rows.sort_values("differs", ascending=False, kind="stable").iloc[0]
    key = "access.conventions" if worst["differs"] > 0 else "access.conventions_same"
    name = material.requirement_name(str(worst["requirement"]), texts.language)
    return [Heading(texts.say("access.conventions_title")),
            Paragraph(texts.say(key, name=name, people=worst["differs"]))]  # fmt: skip


def _without_car(material: Material, texts: Texts) -> list[Block]:
    """Return every service by car and on foot, where the run asked for it."""
    rows = material.headline("without_car", material.baseline)
    rows = rows[rows["by_car"].notna() & (rows["judged"] > 0)]
    if not len(rows):
        return []
    disclose = material.disclose
    columns = (
        column(texts, "service", texts.say("access.col_service")),
        column(texts, "judged", texts.say("access.col_judged"), "people"),
        column(texts, "by_car", texts.say("access.col_car"), "percent"),
        column(texts, "on_foot", texts.say("access.col_foot"), "percent"),
        column(texts, "car_only", texts.say("access.col_car_only"), "people"),
    )
    body = tuple(
        (material.requirement_name(str(row["requirement"]), texts.language), people(row["judged"], disclose=disclose),
         share(row["by_car"], row["judged"], disclose=disclose),
         share(row["on_foot"], row["judged"], disclose=disclose),
         part_of(row["car_only"], row["judged"], disclose=disclose))
        for _, row in rows.iterrows()
    )  # fmt: skip
    worst = rows.sort_values("car_only", ascending=False, kind="stable").iloc[0]
    name = material.requirement_name(str(worst["requirement"]), texts.language)
    variant = material.variant_name(material.baseline, texts.language)
    key = "access.without_car" if worst["car_only"] > 0 else "access.without_car_none"
    return [
        Heading(texts.say("access.without_car_title")),
        Paragraph(texts.say(key, name=name, people=worst["car_only"])),
        Table("access_without_car", texts.say("access.without_car_table", variant=variant), columns, body,
              most=30),
    ]  # fmt: skip
