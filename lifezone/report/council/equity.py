"""⑧ Equity: how unequal travel is, for whom and where, how deep what is unmet is, and what not to conclude from it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd

from lifezone.access import depth, fgt, weighted_mean, weighted_quantile
from lifezone.report.charts.cumulative import Curve
from lifezone.report.charts.lorenz import lorenz, lorenz_shares
from lifezone.report.council.columns import column, csv_key
from lifezone.report.council.equity_gaps import district_gaps, group_gaps, largest_group_gap, setting_gaps
from lifezone.report.council.equity_times import times_chart
from lifezone.report.council.points import Judged, judged, main_requirements, told_requirements
from lifezone.report.council.shown import figure, is_small, part_of, share
from lifezone.report.document import Block, Cell, Chart, Column, Heading, Paragraph, Section, Table, Terms
from lifezone.report.material import Material
from lifezone.report.told_always import notices
from lifezone.report.words import Texts
from lifezone.siting.gini import gini_index
from lifezone.siting.tail import tail_mean

__all__ = ["Spread", "section", "spread_of"]

_MOST_CURVES: Final = 6
_MOST_VARIANTS: Final = 5
_LORENZ_ROWS: Final = 11
_READ: Final = ("gini", "tenth", "fgt", "groups", "not")


@dataclass(frozen=True)
class Spread:
    """How travel to a service is spread over the people who reach one; None where nobody does."""

    mean: float | None
    p10: float | None
    median: float | None
    p90: float | None
    worst_tenth: float | None
    gini: float | None
    unreachable: float
    judged: float


def spread_of(own: Judged) -> Spread:
    """Return the spread of a requirement's minutes or metres.

    Quantiles and means are those of :mod:`lifezone.access`; the farthest tenth and the Gini index those by which sites
    are chosen (:mod:`lifezone.siting`).
    """
    reached = np.isfinite(own.value)
    value, people = own.value[reached], own.people[reached]
    count = float(own.people.sum())
    never = float(own.people[~reached].sum())
    if not people.sum() > 0:
        return Spread(None, None, None, None, None, None, never, count)
    low, middle, high = (weighted_quantile(value, people, part) for part in (0.1, 0.5, 0.9))
    return Spread(weighted_mean(value, people), low, middle, high, tail_mean(value, people)[0],
                  gini_index(value, people), never, count)  # fmt: skip


def section(material: Material, texts: Texts) -> Section | None:
    """Return how unequal access is in the baseline, and what variants change of it."""
    told = {key: own for key in told_requirements(material)
            if (own := judged(material, material.baseline, key)) is not None}  # fmt: skip
    spreads = {key: spread_of(own) for key, own in told.items()}
    blocks: list[Block] = [Paragraph(_lead(material, texts, told, spreads), "lead"),
                           *notices(material, texts, "modelled")]  # fmt: skip
    if told:
        blocks += [Heading(texts.say("equity.spread_title")), _spread_table(material, texts, told, spreads)]
        farthest = _farthest(material, spreads)
        blocks += [] if farthest is None else [times_chart(material, texts, farthest, told[farthest])]
        blocks += _services_lorenz(material, texts, told)
        blocks += _variants(material, texts, told, spreads)
        blocks += [*group_gaps(material, texts), *setting_gaps(material, texts), *district_gaps(material, texts)]
        blocks += [Heading(texts.say("equity.depth_title")), _depth_table(material, texts, told)]
    pairs = tuple((texts.say(f"equity.read_{key}_key"), texts.say(f"equity.read_{key}")) for key in _READ)
    blocks += [Heading(texts.say("equity.read_title")), Terms(pairs)]
    return Section("equity", texts.say("equity.title"), tuple(blocks))


def _lead(material: Material, texts: Texts, told: dict[str, Judged], spreads: dict[str, Spread]) -> str:
    """Say where the farthest tenth is worst off beside the mean, and which group is farthest below everybody."""
    key = _farthest(material, spreads)
    if key is None:
        return texts.say("equity.lead_none")
    worst, mean = spreads[key].worst_tenth or 0.0, spreads[key].mean or 1.0
    text = "equity.lead" if told[key].rule.metric == "time" else "equity.lead_metres"
    sentences = [texts.say(text, name=material.requirement_name(key, texts.language), worst=worst,
                           mean=mean, times=worst / mean)]  # fmt: skip
    gap = largest_group_gap(material)
    if gap is None:
        sentences.append(texts.say("equity.lead_groups_none"))
    else:
        requirement, group, difference = gap
        sentences.append(texts.say(
            "equity.lead_groups", name=material.requirement_name(requirement, texts.language),
            group=material.group_name(group, texts.language), gap=-difference,
        ))  # fmt: skip
    return " ".join(sentences)


def _farthest(material: Material, spreads: dict[str, Spread]) -> str | None:
    """Return the service whose farthest tenth is worst off beside its mean; None where nobody travels."""
    main = [key for key in main_requirements(material) if key in spreads] or list(spreads)
    ratios = {
        key: one.worst_tenth / one.mean for key in main
        if (one := spreads[key]).worst_tenth is not None and one.mean is not None and one.mean > 0
        and not is_small(one.judged - one.unreachable)
    }  # fmt: skip
    return max(ratios, key=lambda one: ratios[one]) if ratios else None


def _unit(texts: Texts, own: Judged) -> str:
    return texts.say("charts.unit_minutes") if own.rule.metric == "time" else "m"


def _spread_cells(own: Judged, one: Spread, *, disclose: bool) -> list[Cell]:
    """Return the figures of a spread; whole metres, tenths of minutes."""
    digits = 1 if own.rule.metric == "time" else 0
    reached = one.judged - one.unreachable
    cells = [figure(value, reached, disclose=disclose, digits=digits)
             for value in (one.mean, one.p10, one.median, one.p90, one.worst_tenth)]  # fmt: skip
    return [*cells, figure(one.gini, reached, disclose=disclose, digits=3),
            part_of(one.unreachable, one.judged, disclose=disclose)]  # fmt: skip


def _spread_table(material: Material, texts: Texts, told: dict[str, Judged], spreads: dict[str, Spread]) -> Table:
    """Return mean, P10, median, P90, farthest tenth and Gini index by service."""
    rows = tuple(
        (material.requirement_name(key, texts.language), _unit(texts, own),
         *_spread_cells(own, spreads[key], disclose=material.disclose))
        for key, own in told.items()
    )  # fmt: skip
    columns = (column(texts, "service", texts.say("equity.col_service")),
               column(texts, "unit", texts.say("equity.col_unit")), *_figures(texts))  # fmt: skip
    variant = material.variant_name(material.baseline, texts.language)
    return Table("equity_spread", texts.say("equity.spread", variant=variant), columns, rows,
                 texts.say("equity.spread_note"), most=30)  # fmt: skip


def _figures(texts: Texts) -> tuple[Column, ...]:
    """Return the columns of a spread."""
    return (
        column(texts, "mean", texts.say("equity.col_mean"), "number", digits=1),
        column(texts, "p10", texts.say("equity.col_p10"), "number", digits=1),
        column(texts, "median", texts.say("equity.col_median"), "number", digits=1),
        column(texts, "p90", texts.say("equity.col_p90"), "number", digits=1),
        column(texts, "worst_tenth", texts.say("equity.col_worst"), "number", digits=1),
        column(texts, "gini", texts.say("equity.col_gini"), "number", digits=3),
        column(texts, "unreachable", texts.say("equity.col_never"), "people"),
    )


def _services_lorenz(material: Material, texts: Texts, told: dict[str, Judged]) -> list[Block]:
    """Return the Lorenz curves of the services that are told at length, today."""
    keys = [key for key in main_requirements(material) if key in told][:_MOST_CURVES] or list(told)[:_MOST_CURVES]
    curves = [told[key].curve(material.requirement_name(key, texts.language)) for key in keys]
    curves = [curve for curve in curves if _shows(curve, disclose=material.disclose)]
    if not curves:
        return []
    told_by_curve = [texts.say("equity.lorenz_alt", name=curve.name, gini=_gini(curve)) for curve in curves]
    readings = [_reading(texts, curve) for curve in curves[:2]]
    chart = _lorenz_chart(texts, curves, "equity_lorenz", texts.say("equity.lorenz_services"),
                          " ".join(told_by_curve), metres=told[keys[0]].rule.metric == "length")  # fmt: skip
    return [chart, Paragraph(" ".join(readings))]


def _shows(curve: Curve, *, disclose: bool) -> bool:
    """Tell whether a curve may be drawn: somebody travels, and they are not few."""
    reached = np.isfinite(curve.value)
    people = float(curve.people[reached].sum())
    travels = float((curve.people[reached] * curve.value[reached]).sum())
    return travels > 0 and (disclose or not is_small(people))


def _gini(curve: Curve) -> float:
    reached = np.isfinite(curve.value)
    return gini_index(curve.value[reached], curve.people[reached])


def _reading(texts: Texts, curve: Curve) -> str:
    """Say in words what a Lorenz curve shows."""
    _, y = lorenz_shares(curve, _LORENZ_ROWS)
    return texts.say("equity.lorenz_reading", name=curve.name, half=round(float(y[5]), 3),
                     tenth=round(1 - float(y[9]), 3))  # fmt: skip


def _lorenz_chart(texts: Texts, curves: list[Curve], prefix: str, caption: str, alt: str, *, metres: bool) -> Chart:
    """Return a chart of curves with the values at every tenth of the people."""
    up = texts.say("charts.lorenz_travel_m" if metres else "charts.lorenz_travel")
    svg = lorenz(curves, across=texts.say("charts.lorenz_people"), up=up, equal=texts.say("charts.lorenz_equal"),
                 prefix=prefix, alt=alt)  # fmt: skip
    values = [lorenz_shares(curve, _LORENZ_ROWS)[1] for curve in curves]
    at = np.linspace(0, 1, _LORENZ_ROWS)
    rows = tuple((round(float(x), 3), *(round(float(y[row]), 3) for y in values)) for row, x in enumerate(at))
    columns = (column(texts, "people", texts.say("equity.col_people_share"), "percent"),
               *(column(texts, f"travel_{number}", curve.name, "percent")
                 for number, curve in enumerate(curves, start=1)))  # fmt: skip
    data = Table(f"{prefix}_data", texts.say("equity.lorenz_data"), columns, rows)
    return Chart(prefix, caption, svg, alt, data, texts.say("equity.lorenz_note"))


def _variants(material: Material, texts: Texts, told: dict[str, Judged], spreads: dict[str, Spread]) -> list[Block]:
    """Return baseline and variants side by side, for services whose travel a variant changes."""
    rows: list[tuple[Cell, ...]] = []
    charts: list[Block] = []
    for key in [one for one in main_requirements(material) if one in told]:
        name = material.requirement_name(key, texts.language)
        own = told[key]
        changed = [(variant, other) for variant in material.others[:_MOST_VARIANTS]
                   if (other := judged(material, variant, key)) is not None and not _same(own, other)]  # fmt: skip
        if not changed:
            continue
        for variant, other in ((material.baseline, own), *changed):
            one = spreads[key] if variant == material.baseline else spread_of(other)
            rows.append((name, material.variant_name(variant, texts.language), _unit(texts, own),
                         *_spread_cells(other, one, disclose=material.disclose)))  # fmt: skip
        curves = [other.curve(material.variant_name(variant, texts.language))
                  for variant, other in ((material.baseline, own), *changed)]  # fmt: skip
        curves = [curve for curve in curves if _shows(curve, disclose=material.disclose)]
        if len(curves) > 1:
            alt = " ".join([
                texts.say("equity.lorenz_alt", name=name, gini=_gini(curves[0])),
                *(texts.say("equity.lorenz_alt_variant", variant=one.name, gini=_gini(one)) for one in curves[1:]),
            ])  # fmt: skip
            charts.append(_lorenz_chart(texts, curves, f"equity_lorenz_{csv_key(key)}",
                                        texts.say("equity.lorenz", name=name), alt,
                                        metres=own.rule.metric == "length"))  # fmt: skip
    if not rows:
        return []
    columns = (column(texts, "service", texts.say("equity.col_service")),
               column(texts, "variant", texts.say("equity.col_variant")),
               column(texts, "unit", texts.say("equity.col_unit")), *_figures(texts))  # fmt: skip
    return [Heading(texts.say("equity.variants_title")),
            Table("equity_variants", texts.say("equity.variants"), columns, tuple(rows),
                  texts.say("equity.variants_note"), most=15), *charts]  # fmt: skip


def _same(one: Judged, other: Judged) -> bool:
    return np.array_equal(one.value, other.value) and np.array_equal(one.people, other.people)


def _depth_table(material: Material, texts: Texts, told: dict[str, Judged]) -> Table:
    """Return FGT 0, 1 and 2 by service (D2); FGT 1 is the shortfall of ``summary.csv``."""
    summary = material.headline("summary", material.baseline).set_index("requirement")
    rows: list[tuple[Cell, ...]] = []
    for key, own in told.items():
        below = depth(own.value, own.bound)
        counted = float(own.people.sum())
        unmet = float(own.people[below > 0].sum())
        shortfall = summary["shortfall"].get(key)
        first = fgt(below, own.people, 1) if shortfall is None or pd.isna(shortfall) else float(shortfall)
        few = is_small(unmet) and not material.disclose
        rows.append((
            material.requirement_name(key, texts.language), share(unmet, counted, disclose=material.disclose),
            None if few else figure(first, counted, disclose=material.disclose, digits=4),
            None if few else figure(fgt(below, own.people, 2), counted, disclose=material.disclose, digits=4),
        ))  # fmt: skip
    columns = (
        column(texts, "service", texts.say("equity.col_service")),
        column(texts, "fgt0", texts.say("equity.col_fgt0"), "percent"),
        column(texts, "fgt1", texts.say("equity.col_fgt1"), "number", digits=3),
        column(texts, "fgt2", texts.say("equity.col_fgt2"), "number", digits=3),
    )
    variant = material.variant_name(material.baseline, texts.language)
    return Table("equity_depth", texts.say("equity.depth", variant=variant), columns, tuple(rows),
                 texts.say("equity.depth_note"), most=30)  # fmt: skip
