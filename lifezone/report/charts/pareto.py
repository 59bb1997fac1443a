"""A Pareto front: every choice that no other beats, what stands behind it, and the plan that was taken."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from lifezone.report.charts import style
from lifezone.report.charts.style import GRID, INK, MUTED, SMALL_PX, TEXT_PX, WIDTH_PX, label_width

__all__ = ["Choice", "pareto_chart"]

_HEIGHT_PX: Final = 380
_PLOT: Final = (64, 66, 20, 44)
"""Left, top, right, bottom around the axes, px."""
_FRONT: Final = "#1f5a96"
_BEHIND: Final = "#8d9094"
_TAKEN: Final = "#a3310a"
_NEAR_PX: Final = 13.0
"""Labels nearer to one another than this cannot be read: the table has them."""


@dataclass(frozen=True)
class Choice:
    """One plan.

    Attributes:
        x: its value in the goal of the horizontal axis.
        y: in that of the vertical one.
        label: what is written beside it, its number in the table.
        on_front: no other choice is as good in both and better in one.
        taken: it is the plan of the report.
        bound: the best that ``y`` can be at that ``x`` where this is not proved, else None.
    """

    x: float
    y: float
    label: str = ""
    on_front: bool = True
    taken: bool = False
    bound: float | None = None


def pareto_chart(
    choices: Sequence[Choice], *, prefix: str, titles: tuple[str, str], words: tuple[str, str, str],
    falling: bool = True, alt: str = "",
) -> str:  # fmt: skip
    """Return two goals against each other as ``<svg>``.

    Args:
        choices: on the front and behind it.
        prefix: id of the chart.
        titles: of the horizontal and of the vertical axis, with units.
        words: what a choice on the front, one behind it, and the one taken are called.
        falling: less is better upwards too; False where more is (people covered).
        alt: what the chart says.
    """

    def draw(figure: Figure) -> None:
        left, top, right, bottom = _PLOT
        axes = figure.add_axes((
            left / WIDTH_PX, bottom / _HEIGHT_PX, (WIDTH_PX - left - right) / WIDTH_PX,
            (_HEIGHT_PX - top - bottom) / _HEIGHT_PX,
        ))  # fmt: skip
        _points(axes, choices, falling=falling)
        _numbers(axes, choices)
        axes.grid(color=GRID)
        axes.tick_params(length=0)
        axes.locator_params(nbins=6)
        axes.xaxis.set_major_formatter(_ticks(axes.get_xlim()))
        axes.yaxis.set_major_formatter(_ticks(axes.get_ylim()))
        style.axis_title(axes, titles[0], horizontal=True)
        style.axis_title(axes, titles[1], horizontal=False)
        _legend(figure, choices, words)

    return style.chart(draw, prefix=prefix, height_px=_HEIGHT_PX, alt=alt)


def _points(axes: Axes, choices: Sequence[Choice], *, falling: bool) -> None:
    """Draw the front as a stair, what stands behind it, and a ring round the plan."""
    front = sorted((one for one in choices if one.on_front), key=lambda one: (one.x, one.y if falling else -one.y))
    behind = [one for one in choices if not one.on_front and not one.taken]
    axes.plot([one.x for one in front], [one.y for one in front], color=_FRONT, linewidth=1.2, drawstyle="steps-post",
              zorder=2)  # fmt: skip
    axes.plot([one.x for one in behind], [one.y for one in behind], linestyle="none", marker="x", markersize=6,
              markeredgewidth=1.4, color=_BEHIND, zorder=2)  # fmt: skip
    axes.plot([one.x for one in front], [one.y for one in front], linestyle="none", marker="o", markersize=8,
              color=_FRONT, markeredgecolor="#ffffff", zorder=3)  # fmt: skip
    for one in front:
        if one.bound is not None:
            axes.plot([one.x, one.x], [one.y, one.bound], color=MUTED, linewidth=1, linestyle=(0, (2, 2)), zorder=1)
    taken = [one for one in choices if one.taken]
    axes.plot([one.x for one in taken], [one.y for one in taken], linestyle="none", marker="o", markersize=16,
              markerfacecolor="none", markeredgecolor=_TAKEN, markeredgewidth=2.2, zorder=4)  # fmt: skip
    axes.margins(0.08, 0.1)


def _numbers(axes: Axes, choices: Sequence[Choice]) -> None:
    """Write labels beside the points as far as they do not touch one another."""
    written: list[tuple[float, float, float]] = []
    for one in sorted(choices, key=lambda one: (not one.taken, not one.on_front)):
        place = axes.transData.transform((one.x, one.y))
        wide = label_width(one.label, SMALL_PX) + _NEAR_PX
        if not one.label or any(abs(place[0] - x) < max(wide, other) and abs(place[1] - y) < _NEAR_PX
                                for x, y, other in written):  # fmt: skip
            continue
        written.append((float(place[0]), float(place[1]), wide))
        colour = INK if one.on_front or one.taken else MUTED
        axes.annotate(one.label, (one.x, one.y), xytext=(9, 7), textcoords="offset points", fontsize=SMALL_PX,
                      color=colour, zorder=5)  # fmt: skip


def _legend(figure: Figure, choices: Sequence[Choice], words: tuple[str, str, str]) -> None:
    """Explain the marks that occur."""
    there = (any(one.on_front for one in choices), any(not one.on_front and not one.taken for one in choices),
             any(one.taken for one in choices))  # fmt: skip
    looks: tuple[dict[str, Any], ...] = (
        {"marker": "o", "markersize": 8, "color": _FRONT, "markeredgecolor": "#ffffff"},
        {"marker": "x", "markersize": 6, "markeredgewidth": 1.4, "color": _BEHIND},
        {"marker": "o", "markersize": 12, "markerfacecolor": "none", "markeredgecolor": _TAKEN, "markeredgewidth": 2.2},
    )
    axes = figure.add_axes((0, 1 - 36 / _HEIGHT_PX, 1, 36 / _HEIGHT_PX))
    axes.set_axis_off()
    axes.set_xlim(0, WIDTH_PX)
    axes.set_ylim(36, 0)
    x = float(_PLOT[0])
    for seen, look, word in zip(there, looks, words, strict=True):
        if seen:
            axes.plot([x], [16], linestyle="none", **look)
            axes.text(x + 14, 16, word, fontsize=TEXT_PX, va="center", color=INK)
            x += 14 + style.label_width(word) + 22


def _ticks(limits: tuple[float, float]) -> Any:
    """Return how the numbers of an axis are written: with decimals only where it is short."""
    digits = 0 if limits[1] - limits[0] > 12 else 1 if limits[1] - limits[0] > 1.2 else 2
    return lambda value, _: f"{value:,.{digits}f}"
