"""Lorenz curves of travel: which part of all travel falls on which part of the people.

(1)  people in ascending order of their time; x = their share of all people, y = their share of all travel

The farther a curve hangs below the line of equal times, the more of the travelling falls on few; twice the area between
them is the Gini index (:func:`lifezone.siting.gini.gini_index`).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import numpy as np

from lifezone.model import Floats
from lifezone.report.charts import style
from lifezone.report.charts.cumulative import Curve

__all__ = ["lorenz", "lorenz_shares"]

_SIDE_PX: Final = 330
_POINTS: Final = 51


def lorenz_shares(curve: Curve, points: int = _POINTS) -> tuple[Floats, Floats]:
    """Return f64[k] shares of people and of travel, equation (1), at even steps of people, without the unreachable.

    Args:
        curve: people and their times.
        points: how many, 2 or more. Few of them tell nobody's own time.
    """
    reached = np.isfinite(curve.value) & (curve.people > 0)
    order = np.argsort(curve.value[reached], kind="stable")
    people = curve.people[reached][order]
    travel = people * curve.value[reached][order]
    if not travel.sum() > 0:
        return np.linspace(0, 1, points), np.linspace(0, 1, points)
    x = np.concatenate([[0.0], np.cumsum(people)]) / people.sum()
    y = np.concatenate([[0.0], np.cumsum(travel)]) / travel.sum()
    at = np.linspace(0, 1, points)
    return at, np.interp(at, x, y)


def lorenz(curves: Sequence[Curve], *, across: str, up: str, equal: str, prefix: str, alt: str) -> str:
    """Draw the curves of several services or variants.

    Args:
        curves: named; drawn in their order.
        across: title of the axis of people, with its unit.
        up: title of the axis of travel, with its unit.
        equal: names the diagonal.
        prefix: of ids: the chart's id.
        alt: what the chart says.
    """
    height = _SIDE_PX + 96

    def draw(figure: Any) -> None:
        axes = figure.add_axes((52 / style.WIDTH_PX, 56 / height, _SIDE_PX / style.WIDTH_PX, _SIDE_PX / height))
        axes.set_xlim(0, 100)
        axes.set_ylim(0, 100)
        axes.grid(axis="both", linewidth=0.6)
        (diagonal,) = axes.plot(
            [0, 100], [0, 100], color=style.BOUND, linewidth=1.4, linestyle=(0, (5, 3)), label=equal
        )
        diagonal.set_gid("equal")
        for number, curve in enumerate(curves):
            look = style.series(number)
            x, y = lorenz_shares(curve)
            (line,) = axes.plot(
                100 * x, 100 * y, label=style.shorten(curve.name, 210), marker=look.marker,
                markevery=(4 + 2 * number % 9, 10), clip_on=False, **style.line_style(look),
            )  # fmt: skip
            line.set_gid(f"curve{number}")
        axes.legend(loc="upper left", bbox_to_anchor=(1.04, 1), borderaxespad=0, handlelength=4, labelspacing=0.9)
        style.axis_title(axes, across, horizontal=True)
        style.axis_title(axes, up, horizontal=False)

    return style.chart(draw, prefix=prefix, height_px=height, alt=alt)
