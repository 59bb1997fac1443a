"""Early warning: who crossed a bound, since when, why; and whom a straight line leads there soon.

(1)  crossed: the class of the newest figure is another one than that of the figure before it
(2)  stays: the newest figure is in an alarming class, and so was the one before; since the edition that it came in
(3)  nears: a straight line (least squares over the newest editions, three or more) leads to the next worse class
     within the horizon; years = (bound − newest figure) ÷ slope, and the span that the slope's 80 % interval allows
(4)  why: the change of a ratio is split into that of its numerator and of its denominator (Shapley, adding up exactly);
     that of coverage into people, facilities, roads and standard where two runs were swapped; that of a mean over
     requirements among them

A line through a few figures is no forecast: it says where things go if nothing changes its course, and nothing says
that it does not. How many figures it rests on and how well it fits them is told with it.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np

from lifezone.model import Floats
from lifezone.monitor.attribution import ALL_MET, PARTS, AttributionRow
from lifezone.monitor.boundaries import Bounds, WarningsSpec, bounds_of
from lifezone.monitor.change import LEVEL, evidence_of_errors
from lifezone.monitor.series import NO_CLASS, Series
from lifezone.monitor.shapley import ratio_parts

__all__ = ["Trend", "WarningRow", "trend_of", "warning_rows"]

_CONFIDENCE: Final = 0.80
_YEAR_DAYS: Final = 365.25
_COVERAGE: Final = "soc_access"
"""Family of indicators of coverage by requirement."""
_CLASS: Final = "national_minimum_class"
"""Mean of coverage over requirements, with its class (D4)."""
_OF_ALL: Final = {"national_minimum_share": ALL_MET}


@dataclass(frozen=True)
class WarningRow:
    """One warning, or one piece of good news, about a district.

    Attributes:
        kind: ``crossed``, ``stays`` or ``nears``.
        worse: whether it is for the worse; None where the indicator has no worse end.
        indicator: its id.
        district: id.
        name: its name.
        edition: of the newest figure.
        value: that figure.
        class_: its class, in Korean.
        class_en: in English.
        edition_before: of the figure before.
        value_before: that figure.
        class_before: its class, in Korean; of ``nears`` the class ahead.
        class_before_en: in English.
        bound: which was crossed, or is ahead.
        since: edition in which the present class came in.
        why: what did most of it: ``numerator``, ``denominator``, ``people``, ``facilities``, ``roads``, ``standard``,
            or the coverage of a requirement (its indicator).
        why_part: what that added to the figure.
        why_rest: what all else added.
        years: to the bound, of ``nears``.
        years_low: at the earliest.
        years_high: at the latest; None = perhaps never.
        slope: per year.
        fit: R² of the line.
        figures: how many it rests on.
        significant: of sampled figures, whether they differ by more than chance (5 %, one test alone).
    """

    kind: Literal["crossed", "stays", "nears"]
    worse: bool | None
    indicator: str
    district: str
    name: str
    edition: str
    value: float
    class_: str
    class_en: str
    edition_before: str = ""
    value_before: float | None = None
    class_before: str = ""
    class_before_en: str = ""
    bound: float | None = None
    since: str = ""
    why: str = ""
    why_part: float | None = None
    why_rest: float | None = None
    years: float | None = None
    years_low: float | None = None
    years_high: float | None = None
    slope: float | None = None
    fit: float | None = None
    figures: int | None = None
    significant: bool | None = None


@dataclass(frozen=True)
class Trend:
    """A straight line through figures.

    Attributes:
        slope: per year.
        error: standard error of the slope; NaN through two figures.
        fit: R²; NaN where figures do not differ.
        figures: how many.
    """

    slope: float
    error: float
    fit: float
    figures: int


def trend_of(years: Floats, value: Floats) -> Trend:
    """Draw a straight line through figures by least squares.

    Args:
        years: f64[n] when, n ≥ 2, not all the same.
        value: f64[n] figures.
    """
    at, off = years - years.mean(), value - value.mean()
    spread = float((at * at).sum())
    slope = float((at * off).sum()) / spread
    left = float(((off - slope * at) ** 2).sum())
    total, n = float((off * off).sum()), len(value)
    error = math.sqrt(left / (n - 2) / spread) if n > 2 else math.nan
    return Trend(slope, error, 1 - left / total if total > 0 else math.nan, n)


def warning_rows(
    series: Series, spec: WarningsSpec | None = None, attribution: Sequence[AttributionRow] = ()
) -> list[WarningRow]:
    """Return every warning: what crossed for the worse first, then what stays, what nears, and what became better.

    Args:
        series: the indicators.
        spec: thresholds and how far to look ahead.
        attribution: what changed coverage, where runs were swapped.
    """
    spec = spec or WarningsSpec()
    swapped = {(row.edition, row.edition_before, row.district, row.requirement): row for row in attribution
               if row.measure == "coverage"}  # fmt: skip
    rows = [
        row
        for bounds in bounds_of(series, spec.thresholds)
        for district in range(len(series.ids))
        for row in _of_district(series, bounds, district, spec, swapped)
    ]
    order = {("crossed", True): 0, ("crossed", None): 1, ("stays", True): 2, ("nears", True): 3, ("crossed", False): 4}
    return sorted(rows, key=lambda row: order[row.kind, row.worse])  # stable: indicators and districts keep their order


def _of_district(
    series: Series, bounds: Bounds, district: int, spec: WarningsSpec,
    swapped: Mapping[tuple[str, str, str, str], AttributionRow],
) -> Iterator[WarningRow]:  # fmt: skip
    """Yield the warnings about one district and one indicator."""
    klass = bounds.klass[district]
    known = np.flatnonzero(klass != NO_CLASS)
    if not len(known):
        return
    last, now = int(known[-1]), int(klass[known[-1]])
    value = float(series.value[district, last, bounds.indicator])
    head = {"indicator": series.indicators[bounds.indicator].id, "district": series.ids[district],
            "name": series.name[district], "edition": series.editions[last].name, "value": value,
            "class_": bounds.ko[now], "class_en": bounds.en[now]}  # fmt: skip
    since = series.editions[_came_in(klass, known)].name
    if len(known) > 1:
        first, was = int(known[-2]), int(klass[known[-2]])
        before = {"edition_before": series.editions[first].name, "class_before": bounds.ko[was],
                  "value_before": float(series.value[district, first, bounds.indicator]),
                  "class_before_en": bounds.en[was], "since": since}  # fmt: skip
        if was != now:
            why = _why(series, bounds.indicator, district, (first, last), swapped)
            sure = _significant(series, bounds.indicator, district, (first, last))
            yield WarningRow(kind="crossed", significant=sure, worse=_worse(bounds, was, now),
                             bound=_crossed(bounds, was, now), **head, **before, **why)  # type: ignore[arg-type]  # fmt: skip
        elif bounds.is_alarming(now):
            yield WarningRow(kind="stays", worse=True, **head, **before)  # type: ignore[arg-type]
    yield from _nearing(series, bounds, district, now, spec, head | {"since": since})


def _came_in(klass: np.ndarray, known: np.ndarray) -> int:
    """Return the edition in which the present class came in; editions without a figure do not end it."""
    at = len(known) - 1
    while at > 0 and klass[known[at - 1]] == klass[known[-1]]:
        at -= 1
    return int(known[at])


def _worse(bounds: Bounds, was: int, now: int) -> bool | None:
    """Tell whether a class is worse than another."""
    return None if bounds.worse is None else bounds.gravity(now) > bounds.gravity(was)


def _crossed(bounds: Bounds, was: int, now: int) -> float:
    """Return the bound that was crossed; of several the last one."""
    return bounds.breaks[now - 1] if now > was else bounds.breaks[now]


def _significant(series: Series, indicator: int, district: int, editions: tuple[int, int]) -> bool | None:
    """Tell whether two sampled figures differ by more than chance; None for full counts."""
    value, error = (cube[district, list(editions), indicator] for cube in (series.value, series.standard_error))
    found = evidence_of_errors(float(value[0]), float(value[1]), float(error[0]), float(error[1]))
    return found.p_value <= LEVEL if found.is_tested else None


def _why(
    series: Series, indicator: int, district: int, editions: tuple[int, int],
    swapped: Mapping[tuple[str, str, str, str], AttributionRow],
) -> dict[str, object]:  # fmt: skip
    """Say what did most of a change: a part of the swapped runs, or the numerator or denominator of the ratio."""
    first, last = editions
    info = series.indicators[indicator]
    asked = info.id.partition(":")[2] if info.family == _COVERAGE else _OF_ALL.get(info.id, "")
    row = swapped.get((series.editions[last].name, series.editions[first].name, series.ids[district], asked))
    if row is not None and row.people is not None:
        parts: dict[str, float] = {part: float(getattr(row, part)) for part in PARTS}
    elif info.id == _CLASS:
        parts = _by_requirement(series, district, editions)
        was, now = (float(series.value[district, edition, indicator]) for edition in editions)
        if not math.isclose(sum(parts.values()), now - was, abs_tol=1e-6):  # a requirement that the class leaves out
            return {}
    else:
        cells = [[float(cube[district, edition, indicator]) for edition in editions]
                 for cube in (series.numerator, series.denominator, series.value)]  # fmt: skip
        (top0, top1), (low0, low1), (old, new) = cells
        above, below = ratio_parts((top0, top1), (low0, low1))
        scale = new * low1 / top1 if top1 else old * low0 / top0 if top0 else math.nan
        if not math.isfinite(above * scale) or not math.isclose((above + below) * scale, new - old, abs_tol=1e-9):
            return {}
        parts = {"numerator": above * scale, "denominator": below * scale}
    if not parts:
        return {}
    change = sum(parts.values())
    most = max(parts, key=lambda part: parts[part] * (1 if change >= 0 else -1))
    return {"why": most, "why_part": parts[most], "why_rest": change - parts[most]}


def _by_requirement(series: Series, district: int, editions: tuple[int, int]) -> dict[str, float]:
    """Split the change of a mean over requirements among them; empty where one is known in one edition alone."""
    first, last = editions
    columns = [at for at, info in enumerate(series.indicators) if info.family == _COVERAGE]
    values = series.value[district][:, columns]
    told = ~np.isnan(values[[first, last]])
    if (told[0] != told[1]).any() or not told[0].any():
        return {}
    moved = (values[last] - values[first]) / told[0].sum()
    return {series.indicators[at].id: float(one) for at, one in zip(columns, moved, strict=True) if not np.isnan(one)}


def _nearing(
    series: Series, bounds: Bounds, district: int, now: int, spec: WarningsSpec, head: Mapping[str, object]
) -> Iterator[WarningRow]:
    """Yield a warning where a straight line leads to the next worse class within the horizon."""
    value = series.value[district, :, bounds.indicator]
    known = np.flatnonzero(~np.isnan(value))[-spec.editions :]
    step = -1 if bounds.worse == "low" else 1
    if bounds.worse is None or len(known) < 3 or not 0 <= now + step < len(bounds.en):
        return
    bound = bounds.breaks[now - 1] if step < 0 else bounds.breaks[now]
    days = np.array([np.datetime64(series.editions[at].date) for at in known])
    line = trend_of((days - days[0]) / np.timedelta64(1, "D") / _YEAR_DAYS, value[known])
    gap = bound - float(value[known[-1]])
    if line.slope * step <= 0 or gap * step < 0 or gap / line.slope > spec.horizon_years:
        return
    from scipy.stats import t  # noqa: PLC0415  (slow to import)

    reach = float(t.ppf((1 + _CONFIDENCE) / 2, line.figures - 2)) * line.error
    fast, slow = abs(line.slope) + reach, abs(line.slope) - reach
    yield WarningRow(
        kind="nears", worse=True, class_before=bounds.ko[now + step], class_before_en=bounds.en[now + step],
        bound=bound, years=gap / line.slope, years_low=abs(gap) / fast,
        years_high=abs(gap) / slow if slow > 0 else None,
        slope=line.slope, fit=None if math.isnan(line.fit) else line.fit, figures=line.figures,
        **head,  # type: ignore[arg-type]
    )  # fmt: skip
