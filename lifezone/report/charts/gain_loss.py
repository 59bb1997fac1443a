"""Gain–loss bars: people who lose to the left, people who gain to the right, those for whom nothing changes in words.

Those without a change are most of a county: as a bar they would press the others flat, so they stand as a number.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from lifezone.report.charts import style
from lifezone.report.charts.style import GRID, INK, MUTED, SMALL_PX, TEXT_PX, WIDTH_PX, area_style, label_width
from lifezone.report.maps import inks

__all__ = ["GainLoss", "gain_loss_bars"]

_ROW_PX: Final = 26
_TOP_PX: Final = 44
_BOTTOM_PX: Final = 30
_MOST_LABEL_PX: Final = 210
_GAP_PX: Final = 12


@dataclass(frozen=True)
class GainLoss:
    """One row.

    Attributes:
        label: the requirement or district.
        gain: people, as long as the bar is.
        lose: people, likewise.
        gain_text: what stands beside the bar; hidden counts are no bar and ``<10``.
        lose_text: likewise.
        same_text: people without a change, at the right.
    """

    label: str
    gain: float
    lose: float
    gain_text: str
    lose_text: str
    same_text: str


def gain_loss_bars(
    rows: Sequence[GainLoss], *, prefix: str, gain: str, lose: str, same: str, unit: str, alt: str = ""
) -> str:  # fmt: skip
    """Return the bars as ``<svg>``.

    Args:
        rows: from the top.
        prefix: id of the chart.
        gain: heading of the right side.
        lose: heading of the left side.
        same: heading of the numbers at the right.
        unit: title of the axis.
        alt: what the chart says.
    """
    left = min(max((label_width(row.label) for row in rows), default=0.0) + _GAP_PX, _MOST_LABEL_PX)
    right = max(label_width(text, SMALL_PX) for text in (same, *(row.same_text for row in rows))) + 2 * _GAP_PX
    height = _TOP_PX + _ROW_PX * max(len(rows), 1) + _BOTTOM_PX

    def draw(figure: Figure) -> None:
        width = WIDTH_PX - left - right
        axes = figure.add_axes((left / WIDTH_PX, _BOTTOM_PX / height, width / WIDTH_PX,
                                (height - _TOP_PX - _BOTTOM_PX) / height))  # fmt: skip
        _bars(axes, rows, width)
        _headings(figure, left, height, (lose, gain, same))
        for at, row in enumerate(rows):
            y = _TOP_PX + _ROW_PX * (at + 0.5)
            label = style.shorten(row.label, left - _GAP_PX)
            _write(figure, height, left - _GAP_PX, y, label, TEXT_PX, INK, "right")
            _write(figure, height, WIDTH_PX - 4, y, row.same_text, SMALL_PX, MUTED, "right")
        style.axis_title(axes, unit, horizontal=True)

    return style.chart(draw, prefix=prefix, height_px=height, alt=alt)


def _bars(axes: Axes, rows: Sequence[GainLoss], width: float) -> None:
    """Draw the bars with the numbers at their ends, and leave room for these."""
    most_lose, most_gain = (max((getattr(row, side) for row in rows), default=0.0) for side in ("lose", "gain"))
    room = [max((label_width(getattr(row, f"{side}_text"), SMALL_PX) for row in rows), default=0.0) + 10
            for side in ("lose", "gain")]  # fmt: skip
    unit = (most_lose + most_gain) / max(width - sum(room), 1.0) or 1.0
    axes.set_xlim(-most_lose - room[0] * unit, most_gain + room[1] * unit)
    axes.set_ylim(max(len(rows), 1) - 0.5, -0.5)
    places = list(range(len(rows)))
    axes.barh(places, [row.gain for row in rows], height=0.62, **area_style(inks.GAIN))
    axes.barh(places, [-row.lose for row in rows], height=0.62, **area_style(inks.LOSE))
    for at, row in enumerate(rows):
        for text, end, aside, align in ((row.gain_text, row.gain, 4, "left"), (row.lose_text, -row.lose, -4, "right")):
            if text:
                axes.annotate(text, (end, at), xytext=(aside, 0), textcoords="offset points", ha=align, va="center",
                              fontsize=SMALL_PX, color=INK)  # fmt: skip
    axes.axvline(0, color=INK, linewidth=1)
    axes.set_yticks([])
    axes.spines["left"].set_visible(False)
    axes.locator_params(axis="x", nbins=5)
    axes.grid(axis="x", color=GRID)
    axes.tick_params(length=0)
    axes.xaxis.set_major_formatter(lambda value, _: f"{abs(value):,.0f}")


def _headings(figure: Figure, left: float, height: float, words: tuple[str, str, str]) -> None:
    """Write what the two sides and the numbers at the right mean, with a patch of each ink."""
    lose, gain, same = words
    axes = figure.add_axes((0, 1 - _TOP_PX / height, 1, _TOP_PX / height))
    axes.set_axis_off()
    axes.set_xlim(0, WIDTH_PX)
    axes.set_ylim(_TOP_PX, 0)
    second = left + 24 + label_width(lose) + 24
    for x, text, ink in ((left, lose, inks.LOSE), (second, gain, inks.GAIN)):
        axes.barh(16, 16, left=x, height=12, **area_style(ink))
        axes.text(x + 22, 16, text, fontsize=TEXT_PX, va="center", color=INK)
    axes.text(WIDTH_PX - 4, 34, same, fontsize=SMALL_PX, va="center", ha="right", color=MUTED)


def _write(figure: Figure, height: float, x: float, y: float, text: str, size: float, colour: str, align: str) -> None:
    """Write a text at pixels from the top left."""
    figure.text(x / WIDTH_PX, 1 - y / height, text, fontsize=size, color=colour, ha=align, va="center")
