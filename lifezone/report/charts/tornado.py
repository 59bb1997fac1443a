"""A tornado: how far the plan's own goal moves under each other state of the world, the widest on top."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from matplotlib.figure import Figure

from lifezone.report.charts import style
from lifezone.report.charts.style import GRID, INK, MUTED, SMALL_PX, TEXT_PX, WIDTH_PX, area_style, label_width
from lifezone.report.maps import inks

__all__ = ["State", "tornado"]

_ROW_PX: Final = 30
_TOP_PX: Final = 62
_BOTTOM_PX: Final = 34
_MOST_LABEL_PX: Final = 220
_GAP_PX: Final = 12
_BEST: Final = "#22252a"


@dataclass(frozen=True)
class State:
    """One state of the world.

    Attributes:
        name: what it is called.
        value: of the plan there.
        best: of the best plan there, None where it is not known.
    """

    name: str
    value: float
    best: float | None = None


def tornado(
    states: Sequence[State], today: float, *, prefix: str, unit: str, words: tuple[str, str, str, str],
    less_is_better: bool, write: Callable[[float], str], alt: str = "",
) -> str:  # fmt: skip
    """Return the bars as ``<svg>``.

    Args:
        states: other states; drawn from the widest difference to the least.
        today: the plan's value as the question was asked.
        prefix: id of the chart.
        unit: title of the axis.
        words: what worse, better, today and the best plan of a state are called.
        less_is_better: whether a smaller value is a better one.
        write: writes a value.
        alt: what the chart says.
    """
    order = sorted(states, key=lambda one: -abs(one.value - today))
    left = min(max((label_width(one.name) for one in order), default=0.0) + _GAP_PX, _MOST_LABEL_PX)
    height = _TOP_PX + _ROW_PX * max(len(order), 1) + _BOTTOM_PX

    def draw(figure: Figure) -> None:
        wide = WIDTH_PX - left - 24
        axes = figure.add_axes((left / WIDTH_PX, _BOTTOM_PX / height, wide / WIDTH_PX,
                                (height - _TOP_PX - _BOTTOM_PX) / height))  # fmt: skip
        values = [today, *(one.value for one in order), *(one.best for one in order if one.best is not None)]
        room = max(label_width(write(value), SMALL_PX) for value in values) + 10
        span = (max(values) - min(values)) / max(wide - 2 * room, 1.0) or abs(today) / wide or 1.0
        axes.set_xlim(min(values) - room * span, max(values) + room * span)
        axes.set_ylim(max(len(order), 1) - 0.5, -0.5)
        for at, one in enumerate(order):
            worse = (one.value > today) == less_is_better and one.value != today
            axes.barh(at, one.value - today, left=today, height=0.56, **area_style(inks.LOSE if worse else inks.GAIN))
            right = one.value >= today
            axes.annotate(write(one.value), (one.value, at), xytext=(5 if right else -5, 0), textcoords="offset points",
                          ha="left" if right else "right", va="center", fontsize=SMALL_PX, color=INK)  # fmt: skip
            if one.best is not None and one.best != one.value:
                axes.plot([one.best, one.best], [at - 0.36, at + 0.36], color=_BEST, linewidth=2.4)
            figure.text((left - _GAP_PX) / WIDTH_PX, 1 - (_TOP_PX + _ROW_PX * (at + 0.5)) / height,
                        style.shorten(one.name, left - _GAP_PX), ha="right", va="center", fontsize=TEXT_PX,
                        color=INK)  # fmt: skip
        axes.axvline(today, color=INK, linewidth=1.2)
        axes.annotate(f"{words[2]}: {write(today)}", (today, 1), xycoords=("data", "axes fraction"), xytext=(0, 7),
                      textcoords="offset points", ha="center", fontsize=SMALL_PX, color=MUTED,
                      annotation_clip=False)  # fmt: skip
        axes.set_yticks([])
        axes.spines["left"].set_visible(False)
        axes.locator_params(axis="x", nbins=5)
        axes.grid(axis="x", color=GRID)
        axes.tick_params(length=0)
        axes.xaxis.set_major_formatter(lambda value, _: write(value))
        style.axis_title(axes, unit, horizontal=True)
        _legend(figure, height, words, order, (less_is_better, today))

    return style.chart(draw, prefix=prefix, height_px=height, alt=alt)


def _legend(
    figure: Figure, height: float, words: tuple[str, str, str, str], states: Sequence[State],
    told: tuple[bool, float],
) -> None:  # fmt: skip
    """Explain the inks that occur, and the stroke of the best plan."""
    less_is_better, today = told
    worse = [(one.value > today) == less_is_better for one in states if one.value != today]
    axes = figure.add_axes((0, 1 - 32 / height, 1, 32 / height))
    axes.set_axis_off()
    axes.set_xlim(0, WIDTH_PX)
    axes.set_ylim(32, 0)
    x = 8.0
    for seen, word, ink in ((any(worse), words[0], inks.LOSE), (not all(worse), words[1], inks.GAIN)):
        if seen:
            axes.barh(14, 16, left=x, height=12, **area_style(ink))
            axes.text(x + 22, 14, word, fontsize=TEXT_PX, va="center", color=INK)
            x += 22 + label_width(word) + 22
    if any(one.best is not None and one.best != one.value for one in states):
        axes.plot([x + 8, x + 8], [6, 22], color=_BEST, linewidth=2.4)
        axes.text(x + 18, 14, words[3], fontsize=TEXT_PX, va="center", color=INK)
