"""Tables and charts of the annual report."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import numpy as np

from lifezone.model import Floats
from lifezone.monitor.series import IndicatorInfo
from lifezone.report.charts import style
from lifezone.report.council.columns import csv_key
from lifezone.report.document import Cell, Chart, Column, Shown, Table
from lifezone.report.monitoring.material import MonitorMaterial, unit_of
from lifezone.report.words import Texts

__all__ = ["cell_of", "district_table", "time_chart", "whole_table"]

_MOST: Final = 15
_HEIGHT_PX: Final = 320


def cell_of(material: MonitorMaterial, info: IndicatorInfo, value: float) -> Cell:
    """Return a value of an indicator as a cell: as it is read, sorted by what may be shown."""
    if not np.isfinite(value):
        return None
    text = material.bare(info, value)
    shown = 0.0 if "<" in text else float(np.round(value, info.decimals))
    return Shown(text, shown)


def label(info: IndicatorInfo, texts: Texts) -> str:
    """Return an indicator's name with its unit."""
    unit = unit_of(info.unit, texts)
    return f"{info.said(texts.language)} ({unit})" if unit else info.said(texts.language)


def whole_table(material: MonitorMaterial, texts: Texts, group: str) -> Table:
    """Return indicators of one kind in every edition, of all districts together."""
    series = material.series
    columns = (
        Column("indicator", texts.say("years.indicator")),
        *(Column(f"e{csv_key(one.name)}", one.name, "number") for one in series.editions),
        Column("known", texts.say("years.known"), "count"),
    )
    rows = []
    for at, info in material.indicators(group):
        known = int((~np.isnan(series.value[:, material.newest, at])).sum())
        cells = [cell_of(material, info, value) for value in series.whole[:, at].tolist()]
        rows.append((label(info, texts), *cells, known))
    return Table(
        f"whole-{group}", texts.say("years.whole_caption"), columns, tuple(rows), note=texts.say("years.whole_note"),
        most=_MOST,
    )  # fmt: skip


def district_table(material: MonitorMaterial, texts: Texts, group: str, shown: Sequence[IndicatorInfo]) -> Table:
    """Return the newest figures of every district by some indicators."""
    series = material.series
    columns = (
        Column("district", texts.say("years.district")),
        *(Column(f"i{csv_key(one.id)}", label(one, texts), "number") for one in shown),
    )
    rows = tuple(
        (series.name_of(d, texts.language),
         *(cell_of(material, one, float(series.value[d, material.newest, series.at(one.id)])) for one in shown))
        for d in range(len(series.ids))
    )  # fmt: skip
    caption = texts.say("years.districts_caption", edition=series.editions[material.newest].name)
    return Table(f"districts-{group}", caption, columns, rows, note=texts.say("years.dash"), most=_MOST)


def time_chart(material: MonitorMaterial, texts: Texts, info: IndicatorInfo, prefix: str) -> Chart:
    """Draw an indicator over the editions: the middle half of districts, their median, all together, the two ends."""
    series = material.series
    value, whole = series.of(info.id), series.whole[:, series.at(info.id)]
    years = _years(series.editions)
    ends = _ends(value)
    known = np.asarray(~np.isnan(value).all(axis=0))
    low, middle, high = _quartiles(value, known)

    def draw(figure: Any) -> None:
        axes = figure.add_axes((70 / style.WIDTH_PX, 46 / _HEIGHT_PX, 380 / style.WIDTH_PX, 1 - 100 / _HEIGHT_PX))
        axes.fill_between(years[known], low, high, color="#c9dcee", linewidth=0, label=texts.say("years.quartiles"))
        lines = [(texts.say("years.median"), years[known], middle), (texts.say("years.all"), years, whole)]
        lines += [(series.name_of(d, texts.language), years, value[d]) for d in ends]
        for number, (name, at, line) in enumerate(lines):
            look = style.series(number)
            if not np.isnan(line).all():
                axes.plot(at, line, label=style.shorten(name, 170), marker=look.marker, **style.line_style(look))
        for one in info.classes.breaks if info.classes is not None else ():
            if np.nanmin(value) <= one <= np.nanmax(value):
                axes.axhline(one, color=style.BOUND, linewidth=1.2, linestyle=(0, (5, 3)))
        axes.set_xticks(years, [one.name for one in series.editions])
        axes.grid(axis="y", linewidth=0.6)
        axes.legend(loc="upper left", bbox_to_anchor=(1.03, 1), borderaxespad=0, handlelength=3.4)
        style.axis_title(axes, label(info, texts), horizontal=False)

    told = np.flatnonzero(~np.isnan(whole)).tolist()
    alt = texts.say("years.chart_alt_none", indicator=info.said(texts.language))
    if len(told) > 1:
        first, last = (series.editions[at].name for at in (told[0], told[-1]))
        before, now = (material.value(info, float(whole[at]), texts) for at in (told[0], told[-1]))
        alt = texts.say(
            "years.chart_alt", indicator=info.said(texts.language), first=first, last=last, before=before, now=now
        )
    note = texts.say("years.chart_note") if info.classes is not None else ""
    return Chart(
        prefix, label(info, texts), style.chart(draw, prefix=prefix, height_px=_HEIGHT_PX, alt=alt), alt, note=note
    )


def _years(editions: Sequence[Any]) -> Floats:
    """Return when editions are, in years."""
    days = np.array([np.datetime64(one.date) for one in editions])
    return np.asarray((days - np.datetime64("2000-01-01")) / np.timedelta64(1, "D") / 365.25, np.float64)


def _quartiles(value: Floats, known: np.ndarray) -> tuple[Floats, Floats, Floats]:
    """Return the quarters of districts in every edition in which any is known."""
    low, middle, high = np.nanpercentile(value[:, known], [25, 50, 75], axis=0) if known.any() else np.empty((3, 0))
    return low, middle, high


def _ends(value: Floats) -> list[int]:
    """Return the districts with the lowest and the highest newest figure."""
    newest = value[:, -1]
    if np.isnan(newest).all() or len(newest) < 3:
        return [] if len(newest) != 2 else [0, 1]
    return list(dict.fromkeys([int(np.nanargmin(newest)), int(np.nanargmax(newest))]))
