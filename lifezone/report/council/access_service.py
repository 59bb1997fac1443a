"""One service at length: the finding, the cumulative curve, districts as dots and as a table, its map."""

from __future__ import annotations

from typing import Final

import numpy as np
import pandas as pd

from lifezone.model import Requirement
from lifezone.report.charts.cumulative import Curve, CurveWords, cumulative, positions, within
from lifezone.report.charts.dots import Dot, DotWords, dots
from lifezone.report.council.columns import column, csv_key, said
from lifezone.report.council.points import judged
from lifezone.report.council.shown import WITHHELD, figure, hidden_rows, is_small, part_of, people, share, tenth
from lifezone.report.document import Block, Cell, Chart, Column, Heading, Paragraph, Picture, Shown, Table
from lifezone.report.material import ALL, Material
from lifezone.report.names import file_stem
from lifezone.report.words import Texts
from lifezone.standards.classes import BREAKS

__all__ = ["curve_chart", "district_columns", "district_row", "districts_of", "service_blocks"]

_MOST_DOTS: Final = 40
_MOST_CURVES: Final = 5
_MOST_ROWS: Final = 12
_TABLE_STEPS: Final = 12


def service_blocks(material: Material, texts: Texts, requirement: str) -> list[Block]:
    """Return the blocks of one service; none where nobody is judged."""
    rows = material.headline("summary", material.baseline)
    found = rows[rows["requirement"] == requirement]
    if not len(found) or not found.iloc[0]["judged"] > 0:
        return []
    language = texts.language
    name = material.requirement_name(requirement, language)
    row = found.iloc[0]
    districts = districts_of(material, requirement)
    blocks: list[Block] = [
        Heading(texts.say("access.service", name=name, bound=material.bound_name(requirement, language))),
        Paragraph(_finding(material, texts, name, row, districts)),
    ]
    chart = curve_chart(material, texts, requirement)
    blocks += [] if chart is None else [chart]
    if len(districts) > 1:
        blocks.append(_dots(material, texts, requirement, row, districts))
        blocks.append(Table(
            f"access_{csv_key(requirement)}", texts.say("access.by_district", name=name), district_columns(texts),
            tuple(district_row(material, texts, districts)), texts.say("access.attainment_note"), most=_MOST_ROWS,
        ))  # fmt: skip
    picture = f"{material.entry(material.baseline)['folder']}/maps/requirement_{file_stem(requirement)}.png"
    if material.has(picture):
        variant = material.variant_name(material.baseline, language)
        bound = material.bound_name(requirement, language)
        blocks.append(Picture(f"access_map_{csv_key(requirement)}", texts.say("access.picture", name=name,
                      variant=variant), picture, texts.say("access.picture_alt", name=name, bound=bound)))  # fmt: skip
    return blocks


def districts_of(material: Material, requirement: str) -> pd.DataFrame:
    """Return the baseline's rows of a requirement by district, only where somebody is judged, worst first."""
    rows = material.table("summary")
    own = rows["group"] == material.effective_group(requirement)
    rows = rows[own & (rows["variant"] == material.baseline) & (rows["requirement"] == requirement)]
    rows = rows[(rows["district"] != ALL) & (rows["judged"] > 0)]
    return rows.sort_values("coverage", kind="stable").reset_index(drop=True)


def district_columns(texts: Texts) -> tuple[Column, ...]:
    """Return the columns of :func:`district_row`."""
    return (
        column(texts, "district", texts.say("access.col_district")),
        column(texts, "judged", texts.say("access.col_judged"), "people"),
        column(texts, "covered", texts.say("access.col_covered"), "people"),
        column(texts, "coverage", texts.say("access.col_coverage"), "percent"),
        column(texts, "mean_minutes", texts.say("access.col_mean"), "minutes"),
        column(texts, "p90_minutes", texts.say("access.col_p90"), "minutes"),
        column(texts, "unreachable", texts.say("access.col_never"), "people"),
    )


def district_row(material: Material, texts: Texts, rows: pd.DataFrame) -> list[tuple[Cell, ...]]:
    """Return a row a district: judged, within, coverage, mean, P90, out of reach."""
    disclose = material.disclose
    hidden = hidden_rows(rows["covered"].tolist(), rows["judged"].tolist(), disclose=disclose)
    body: list[tuple[Cell, ...]] = []
    for (_, row), is_hidden in zip(rows.iterrows(), hidden, strict=True):
        count = part_of(row["covered"], row["judged"], disclose=disclose)
        part = share(row["covered"], row["judged"], disclose=disclose)
        if is_hidden and not isinstance(count, Shown):
            count, part = WITHHELD, None
        body.append((
            material.district_name(str(row["district"]), texts.language), people(row["judged"], disclose=disclose),
            count, part, figure(row["mean_minutes"], row["judged"], disclose=disclose),
            figure(row["p90_minutes"], row["judged"], disclose=disclose),
            part_of(row["unreachable"], row["judged"], disclose=disclose),
        ))  # fmt: skip
    return body


def curve_chart(material: Material, texts: Texts, requirement: str, *, room: str = "access") -> Chart | None:
    """Return the cumulative curve of the baseline and the variants that judge by the same bound; None of nobody.

    Args:
        material: the folder of results.
        texts: the words.
        requirement: its id.
        room: the section that shows it, so that no two charts of a report have one id.
    """
    own = judged(material, material.baseline, requirement)
    if own is None or not np.isfinite(own.value).any():
        return None
    curves = [own.curve(material.variant_name(material.baseline, texts.language))]
    for variant in material.others:
        other = judged(material, variant, requirement)
        if other is not None and len(other.value) and (other.bound, other.rule.metric) == (own.bound, own.rule.metric):
            same = np.array_equal(other.value, own.value) and np.array_equal(other.people, own.people)
            if not same:
                curves.append(other.curve(material.variant_name(variant, texts.language)))
    curves = curves[:_MOST_CURVES]
    name, bound = (material.requirement_name(requirement, texts.language),
                   material.bound_name(requirement, texts.language))  # fmt: skip
    alt = _curve_alt(material, texts, curves, own.bound, name=name, bound_name=bound)
    never = float((own.people[~np.isfinite(own.value)]).sum())
    words = CurveWords(
        across_title(texts, own.rule), texts.say("charts.people_share"), texts.say("charts.bound", bound=bound),
        texts.say("charts.never", share=said(texts, share(never, float(own.people.sum()), disclose=material.disclose),
                  "percent")) if never > 0 else "",
    )  # fmt: skip
    prefix = f"{room}_curve_{csv_key(requirement)}"
    svg = cumulative(curves, own.bound, words, prefix=prefix, alt=alt, exact=material.disclose)
    data = _curve_table(material, texts, requirement, curves, own.bound)
    return Chart(prefix, texts.say("access.curve", name=name), svg, alt, data, texts.say("access.curve_note"))


def across_title(texts: Texts, rule: Requirement) -> str:
    """Return the title of an axis of time or distance."""
    mode = texts.say(f"charts.{rule.mode}") if texts.has(f"charts.{rule.mode}") else rule.mode
    if rule.metric == "length":
        return texts.say("charts.metres_by", mode=mode)
    return texts.say("charts.minutes_from" if rule.direction == "from_facility" else "charts.minutes_by", mode=mode)


def _curve_alt(
    material: Material, texts: Texts, curves: list[Curve], bound: float, *, name: str, bound_name: str
) -> str:
    """Say what share is within the bound, in every variant, and what part never arrives."""
    at = np.array([bound, np.inf])
    shares, is_exact = [], material.disclose or not _tells_few(curves, bound)
    for curve in curves:
        arrived = within(curve, at, exact=is_exact) * curve.judged
        shares.append([said(texts, share(float(count), curve.judged, disclose=material.disclose), "percent")
                       for count in (arrived[0], curve.judged - arrived[1])])  # fmt: skip
    told = [texts.say("access.curve_alt", name=name, bound=bound_name, share=shares[0][0])]
    told += [texts.say("access.curve_alt_variant", variant=curve.name, share=part[0])
             for curve, part in zip(curves[1:], shares[1:], strict=True)]  # fmt: skip
    if not np.isfinite(curves[0].value).all():
        told.append(texts.say("access.curve_alt_never", share=shares[0][1]))
    return " ".join(told)


def _tells_few(curves: list[Curve], bound: float) -> bool:
    """Tell whether few people gain or lose by a variant, so that exact shares within the bound would count them."""
    met = [float(within(curve, np.array([bound]), exact=True)[0]) * curve.judged for curve in curves]
    return any(is_small(abs(count - met[0])) for count in met[1:])


def _curve_table(material: Material, texts: Texts, requirement: str, curves: list[Curve], bound: float) -> Table:
    """Return the shares at round values, at the bound (as everywhere else), and of all who arrive."""
    rule = material.rules[requirement]
    drawn = positions(curves, bound)
    at = np.unique(np.append(drawn[:: max(1, len(drawn) // _TABLE_STEPS)], bound))
    at = np.append(at[at > 0], np.inf)
    by_curve = [within(curve, at, exact=material.disclose) for curve in curves]
    is_exact = material.disclose or not _tells_few(curves, bound)
    exact = [within(curve, at, exact=is_exact) * curve.judged for curve in curves]
    form = "minutes" if rule.metric == "time" else "metres"
    body: list[tuple[Cell, ...]] = []
    for row, value in enumerate(at):
        cells: list[Cell] = [Shown(texts.say("access.reach_any"), 1e9) if np.isinf(value) else float(value)]
        for number, curve in enumerate(curves):
            if value == bound:
                cells.append(share(float(exact[number][row]), curve.judged, disclose=material.disclose))
            else:
                cells.append(tenth(float(by_curve[number][row])))
        body.append(tuple(cells))
    columns = [column(texts, "within", texts.say("access.col_within"), form)]  # type: ignore[arg-type]
    columns += [column(texts, f"share_{number}", curve.name, "percent") for number, curve in enumerate(curves)]
    name = material.requirement_name(requirement, texts.language)
    return Table(f"access_curve_data_{csv_key(requirement)}", texts.say("access.curve_data", name=name),
                 tuple(columns), tuple(body))  # fmt: skip


def _finding(material: Material, texts: Texts, name: str, row: pd.Series, districts: pd.DataFrame) -> str:
    """Say how many are within the bound, and where most and fewest are."""
    count, covered = float(row["judged"]), float(row["covered"])
    key = "access.finding_all" if covered >= count else "access.finding_none" if covered <= 0 else "access.finding"
    part = said(texts, share(covered, count, disclose=material.disclose), "percent")
    beyond = said(texts, part_of(count - covered, count, disclose=material.disclose), "people")
    told = [texts.say(key, name=name, judged=count, share=part, beyond=beyond)]
    ends = _ends(material, texts, districts)
    if ends:
        told.append(texts.say("access.finding_spread", **ends))
    return " ".join(told)


def _ends(material: Material, texts: Texts, districts: pd.DataFrame) -> dict[str, str]:
    """Return the districts with the most and the least coverage; empty where they do not differ."""
    known = districts[[not is_small(count) or material.disclose for count in districts["judged"]]]
    if len(known) < 2 or known.iloc[0]["coverage"] >= known.iloc[-1]["coverage"]:
        return {}
    found = {}
    for key, row in (("worst", known.iloc[0]), ("best", known.iloc[-1])):
        found[key] = material.district_name(str(row["district"]), texts.language)
        part = share(row["covered"], row["judged"], disclose=material.disclose)
        found[f"{key}_share"] = said(texts, part, "percent")
    return found


def _dots(material: Material, texts: Texts, requirement: str, whole: pd.Series, districts: pd.DataFrame) -> Chart:
    """Return the dot plot of districts, the whole area on top."""
    name = material.requirement_name(requirement, texts.language)
    drawn = districts.head(_MOST_DOTS)
    hidden = hidden_rows(districts["covered"].tolist(), districts["judged"].tolist(), disclose=material.disclose)
    rows = [_dot(texts, texts.say("access.all"), whole, is_hidden=False, whole=True)]
    rows += [_dot(texts, material.district_name(str(row["district"]), texts.language), row, is_hidden=bool(few))
             for (_, row), few in zip(drawn.iterrows(), hidden, strict=False)]  # fmt: skip
    ends = _ends(material, texts, districts)
    alt = texts.say("access.dots_alt", name=name, **ends) if ends else texts.say("access.dots_alt_one", name=name)
    graded = bool(material.table("classes")["class"].notna().any())
    breaks = sorted((least, letter if graded else "") for least, letter in BREAKS)
    words = DotWords(texts.say("charts.within_axis"), breaks, "D" if graded else "")
    note = texts.say("access.dots_note" if graded else "access.dots_note_plain")
    if len(drawn) < len(districts):
        note = f"{note} {texts.say('access.dots_cut', count=len(drawn))}"
    prefix = f"access_dots_{csv_key(requirement)}"
    return Chart(
        prefix, texts.say("access.dots", name=name), dots(rows, words, prefix=prefix, alt=alt), alt, None, note
    )


def _dot(texts: Texts, name: str, row: pd.Series, *, is_hidden: bool, whole: bool = False) -> Dot:
    """Return one row of the dot plot, to a tenth of a percent; hidden where few people would show."""
    if is_hidden or pd.isna(row["coverage"]):
        return Dot(name, None, note=texts.say("access.hidden" if is_hidden else "access.nobody"), whole=whole)
    low, high = (None if pd.isna(row[key]) or 0.5 < abs(row[key] - row["coverage"]) * row["judged"] < 9.5
                 else round(float(row[key]), 3) for key in ("coverage_low", "coverage_high"))  # fmt: skip
    return Dot(name, round(float(row["coverage"]), 3), low, high, whole=whole)
