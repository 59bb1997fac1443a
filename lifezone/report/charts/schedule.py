"""A schedule: projects by year, building and in operation, with what is spent in each year below."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from lifezone.report.charts import style
from lifezone.report.charts.style import GRID, INK, MUTED, SMALL_PX, TEXT_PX, WIDTH_PX, area_style, label_width
from lifezone.report.maps import inks
from lifezone.report.maps.inks import Ink

__all__ = ["Bar", "Money", "schedule_chart"]

_ROW_PX: Final = 24
_TOP_PX: Final = 58
_MONEY_PX: Final = 120
_GAP_PX: Final = 12
_MOST_LABEL_PX: Final = 240
_AFTER: Final = 0.5
"""Years that operation is drawn on beyond the last year of the plan: it goes on."""
_BUILDING: Final = inks.GAIN
_RUNNING: Final = inks.QUICKER
_UNSEEN: Final = Ink("#ded8c8", "#7f7a6c", "rising")


@dataclass(frozen=True)
class Bar:
    """One project.

    Attributes:
        label: its name and whom it serves.
        start: year in which building begins.
        opens: first year in operation.
        measured: whether its effect on travel is measured.
    """

    label: str
    start: int
    opens: int
    measured: bool = True


@dataclass(frozen=True)
class Money:
    """One year of the plan, in whatever unit the chart says: what is spent and what there is, None = no limit."""

    year: int
    spent: float
    budget: float | None


def schedule_chart(
    bars: Sequence[Bar], money: Sequence[Money], *, prefix: str, words: tuple[str, str, str], spent: str, alt: str = ""
) -> str:  # fmt: skip
    """Return projects over years as ``<svg>``.

    Args:
        bars: from the top.
        money: the years of the plan, ascending, one at least.
        prefix: id of the chart.
        words: building, in operation, in operation with an effect that is not measured.
        spent: title of the money below.
        alt: what the chart says.
    """
    left = min(max((label_width(bar.label) for bar in bars), default=0.0) + _GAP_PX, _MOST_LABEL_PX)
    rows_px = _ROW_PX * max(len(bars), 1)
    height = _TOP_PX + rows_px + _MONEY_PX
    first, end = money[0].year, money[-1].year + 1

    def draw(figure: Figure) -> None:
        def place(top: float, tall: float) -> Axes:
            return figure.add_axes((left / WIDTH_PX, 1 - (top + tall) / height, (WIDTH_PX - left - 16) / WIDTH_PX,
                                    tall / height))  # fmt: skip

        _projects(place(_TOP_PX, rows_px), bars, first, end)
        for at, bar in enumerate(bars):
            figure.text((left - _GAP_PX) / WIDTH_PX, 1 - (_TOP_PX + _ROW_PX * (at + 0.5)) / height,
                        style.shorten(bar.label, left - _GAP_PX), ha="right", va="center", fontsize=TEXT_PX,
                        color=INK)  # fmt: skip
        _spending(place(_TOP_PX + rows_px + 46, _MONEY_PX - 70), money, first, end, spent)
        _legend(figure, height, bars, words)

    return style.chart(draw, prefix=prefix, height_px=height, alt=alt)


def _projects(axes: Axes, bars: Sequence[Bar], first: int, end: int) -> None:
    """Draw a row for every project."""
    for at, bar in enumerate(bars):
        axes.barh(at, bar.opens - bar.start, left=bar.start, height=0.64, **area_style(_BUILDING))
        lasting = area_style(_RUNNING if bar.measured else _UNSEEN)
        axes.barh(at, max(end + _AFTER - bar.opens, 0), left=bar.opens, height=0.64, **lasting)
    axes.set_ylim(max(len(bars), 1) - 0.5, -0.5)
    axes.set_yticks([])
    axes.xaxis.tick_top()
    _years(axes, first, end)
    axes.spines["left"].set_visible(False)
    axes.spines["bottom"].set_visible(False)


def _spending(axes: Axes, money: Sequence[Money], first: int, end: int, title: str) -> None:
    """Draw what is spent in every year, in the frame of what there is."""
    years = [one.year + 0.5 for one in money]
    most = max([*(one.spent for one in money), *(one.budget or 0.0 for one in money), 1e-9])
    limited = [(year, one.budget) for year, one in zip(years, money, strict=True) if one.budget is not None]
    axes.bar([year for year, _ in limited], [limit for _, limit in limited], width=0.7, facecolor="none",
             edgecolor=MUTED, linewidth=1)  # fmt: skip
    axes.bar(years, [one.spent for one in money], width=0.7, **area_style(_BUILDING))
    for year, one in zip(years, money, strict=True):
        text = f"{one.spent:,.0f}" if one.budget is None else f"{one.spent:,.0f} / {one.budget:,.0f}"
        axes.annotate(text, (year, max(one.spent, one.budget or 0.0)), xytext=(0, 4), textcoords="offset points",
                      ha="center", fontsize=SMALL_PX, color=INK, annotation_clip=False)  # fmt: skip
    axes.set_ylim(0, most * 1.05)
    axes.set_yticks([])
    axes.spines["left"].set_visible(False)
    _years(axes, first, end)
    axes.annotate(title, (0, 1), xytext=(0, 20), xycoords="axes fraction", textcoords="offset points", ha="left",
                  fontsize=SMALL_PX, color=MUTED, annotation_clip=False)  # fmt: skip


def _years(axes: Axes, first: int, end: int) -> None:
    """Write the years between their lines."""
    axes.set_xlim(first, end + _AFTER)
    step = max(1, (end - first) // 12)
    shown = list(range(first, end, step))
    axes.set_xticks([year + 0.5 for year in shown], [str(year) for year in shown])
    axes.tick_params(length=0)
    for year in range(first, end + 1):
        axes.axvline(year, color=GRID, linewidth=0.8, zorder=0)


def _legend(figure: Figure, height: float, bars: Sequence[Bar], words: tuple[str, str, str]) -> None:
    """Explain the inks that occur."""
    axes = figure.add_axes((0, 1 - 30 / height, 1, 30 / height))
    axes.set_axis_off()
    axes.set_xlim(0, WIDTH_PX)
    axes.set_ylim(30, 0)
    seen = (bool(bars), any(bar.measured for bar in bars), any(not bar.measured for bar in bars))
    x = 8.0
    for there, word, ink in zip(seen, words, (_BUILDING, _RUNNING, _UNSEEN), strict=True):
        if there:
            axes.barh(13, 16, left=x, height=12, **area_style(ink))
            axes.text(x + 22, 13, word, fontsize=TEXT_PX, va="center", color=INK)
            x += 22 + label_width(word) + 20
