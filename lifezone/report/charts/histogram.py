"""A histogram of people by travel time: classes of one width within the bound and beyond it, and who never arrives.

A class ends at the bound, so that no bar mixes people within it with people beyond it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import numpy as np

from lifezone.access import within
from lifezone.model import Floats
from lifezone.report.charts import style
from lifezone.report.charts.cumulative import Curve
from lifezone.report.maps import inks

__all__ = ["classes", "histogram"]

HEIGHT_PX: Final = 280
_WITHIN: Final = 4
_BEYOND: Final = 4


def classes(curve: Curve, bound: float) -> tuple[Floats, Floats]:
    """Return f64[9] upper ends of classes, and f64[10] people in each.

    Four classes of a quarter of the bound within it, four beyond it, then all longer trips (end ``inf``), then those
    with no trip at all.

    Args:
        curve: people and their times.
        bound: of the requirement.
    """
    ends = np.append(bound * np.arange(1, _WITHIN + _BEYOND + 1) / _WITHIN, np.inf)
    reached = np.isfinite(curve.value)
    below = np.array([float(curve.people[reached & within(curve.value, end)].sum()) for end in ends])
    never = float(curve.people[~reached].sum())
    return ends, np.append(np.diff(below, prepend=0.0), never)


def histogram(
    names: Sequence[str], people: Sequence[float | None], words: Sequence[str], *, up: str, bound: str, prefix: str,
    alt: str,
) -> str:  # fmt: skip
    """Draw the classes of :func:`classes` as upright bars.

    Args:
        names: below each bar.
        people: height of each bar; None = not shown.
        words: above each bar.
        up: title of the axis with its unit.
        bound: name of the bound, a line after the fourth bar.
        prefix: of ids: the chart's id.
        alt: what the chart says.
    """
    fills = [*(inks.WITHIN[min(n, 2)] for n in range(_WITHIN)), *(inks.BEYOND[min(n // 2, 2)] for n in range(_BEYOND))]
    fills += [inks.BEYOND[2], inks.UNREACHABLE]

    def draw(figure: Any) -> None:
        axes = figure.add_axes((0.085, 0.15, 0.895, 0.68))
        axes.grid(axis="y", linewidth=0.6)
        for position, value in enumerate(people):
            if value:
                (bar,) = axes.bar([position], [value], width=0.86, **style.area_style(fills[position]))
                bar.set_gid(f"bar{position}")
            axes.annotate(words[position], (position, value or 0), xytext=(0, 3), textcoords="offset points",
                          ha="center", va="bottom", fontsize=style.SMALL_PX - 1, annotation_clip=False)  # fmt: skip
        axes.set_xlim(-0.6, len(people) - 0.4)
        axes.set_ylim(0, 1.08 * max([1.0, *(value or 0.0 for value in people)]))
        axes.set_xticks(range(len(names)), list(names), fontsize=style.SMALL_PX - 1)
        axes.tick_params(axis="x", length=0)
        style.thousands(axes.yaxis)
        line = axes.axvline(_WITHIN - 0.5, color=style.BOUND, linewidth=1.6, linestyle=(0, (5, 3)))
        line.set_gid("bound")
        axes.annotate(bound, (_WITHIN - 0.5, 1), xycoords=("data", "axes fraction"), xytext=(5, 8), ha="left",
                      textcoords="offset points", va="bottom", color=style.BOUND, fontsize=style.SMALL_PX,
                      fontweight="bold", annotation_clip=False)  # fmt: skip
        style.axis_title(axes, up, horizontal=False)

    return style.chart(draw, prefix=prefix, height_px=HEIGHT_PX, alt=alt)
