"""Cumulative people by travel time or road distance: who arrives within how long, the bound as a line.

(1)  y(x) = people with value ≤ x ÷ all judged people

The unreachable are among all judged people, so a curve ends below 100 % where somebody never arrives: that part is
hatched. Curves are drawn at a fixed set of x, straight in between. Unless small counts may be shown, people are rounded
to tens before they are drawn, as whoever opens the file can read coordinates back.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from lifezone.access import TOLERANCE
from lifezone.model import Floats
from lifezone.report.charts import style
from lifezone.report.maps import inks
from lifezone.standards.disclosure import LEAST_GROUP

__all__ = ["Curve", "CurveWords", "cumulative", "positions", "within"]

HEIGHT_PX: Final = 320
_STEPS: Final = (0.5, 1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10000)
_MOST_STEPS: Final = 60
_LABELS: Final = 10
_BEYOND: Final = 3.0
"""The axis ends at this many bounds at the latest; who needs longer is told in the table."""
_PART_SHOWN: Final = 0.98
_HALF: Final = 0.5


@dataclass(frozen=True, eq=False)
class Curve:
    """People by what a trip costs, in one variant.

    Attributes:
        name: of the variant.
        value: f64[n] minutes or metres of those who are judged, ``inf`` = unreachable.
        people: f64[n] persons ≥ 0.
    """

    name: str
    value: Floats
    people: Floats

    @property
    def judged(self) -> float:
        """Everybody in it."""
        return float(self.people.sum())


@dataclass(frozen=True)
class CurveWords:
    """What stands in the drawing: titles of the axes with units, the bound, and what never arrives."""

    across: str
    up: str
    bound: str
    never: str


def within(curve: Curve, at: Floats, *, exact: bool) -> Floats:
    """Return f64[k] the share of people with a value ≤ each of ``at``, equation (1); NaN where nobody is judged.

    Args:
        curve: the people.
        at: f64[k] minutes or metres; ``inf`` asks for all who arrive at all.
        exact: False = people are rounded to tens.
    """
    judged = curve.judged
    if judged <= 0:
        return np.full(len(at), np.nan)
    reached = np.isfinite(curve.value)
    order = np.argsort(curve.value[reached], kind="stable")
    total = np.concatenate([[0.0], np.cumsum(curve.people[reached][order])])
    found = total[np.searchsorted(curve.value[reached][order], at * (1 + TOLERANCE), side="right")]
    if not exact:
        # what is left of everybody is rounded, so that a curve which takes all of them ends at exactly 100 %
        found = judged - np.round((judged - found) / LEAST_GROUP) * LEAST_GROUP
    return np.clip(found / judged, 0.0, 1.0).astype(np.float64)


def positions(curves: Sequence[Curve], bound: float) -> Floats:
    """Return where curves are drawn: even steps from 0 to where nearly all have arrived, the bound among them.

    Args:
        curves: of all variants.
        bound: of the requirement, in the same unit.
    """
    ends = [bound * 1.2]
    for curve in curves:
        reached = curve.value[np.isfinite(curve.value) & (curve.people > 0)]
        if len(reached):
            ends.append(float(np.quantile(reached, _PART_SHOWN)))
    end = min(max(ends), _BEYOND * bound)
    step = next((one for one in _STEPS if end / one <= _MOST_STEPS), _STEPS[-1])
    return np.unique(np.append(np.arange(math.ceil(end / step) + 1) * float(step), bound))


def cumulative(curves: Sequence[Curve], bound: float, words: CurveWords, *, prefix: str, alt: str, exact: bool) -> str:
    """Draw the curves of all variants, the first one as the baseline.

    Args:
        curves: the baseline's first.
        bound: of the requirement, in the curves' unit.
        words: what stands in the drawing.
        prefix: of ids: the chart's id.
        alt: what the chart says.
        exact: small counts may be read back from it.
    """
    at = positions(curves, bound)

    def draw(figure: Any) -> None:
        rows = math.ceil(len(curves) / 2) if len(curves) > 1 else 0
        height = HEIGHT_PX + 20 * rows
        axes = figure.add_axes((0.075, 60 / height, 0.885, (HEIGHT_PX - 110) / height))
        axes.set_xlim(0, at[-1])
        axes.set_ylim(0, 100)
        axes.grid(axis="y")
        _never(axes, curves[0], words, exact=exact)
        for number, curve in enumerate(curves):
            look = style.series(number)
            (line,) = axes.plot(
                at, 100 * within(curve, at, exact=exact), label=style.shorten(curve.name, 260), marker=look.marker,
                markevery=(3 * number % 7, max(1, len(at) // 7)), **style.line_style(look),
            )  # fmt: skip
            line.set_gid(f"curve{number}")
        _bound(axes, bound, words.bound, float(within(curves[0], np.array([bound]), exact=exact)[0]))
        axes.set_xticks(_ticks(at[-1]))
        style.thousands(axes.xaxis, digits=1 if at[-1] < 5 else 0)
        style.axis_title(axes, words.across, horizontal=True)
        style.axis_title(axes, words.up, horizontal=False)
        if rows:
            axes.legend(loc="upper left", bbox_to_anchor=(0, 1 + (rows * 20 + 26) / (HEIGHT_PX - 110)), ncols=2,
                        borderaxespad=0, handlelength=4, columnspacing=2)  # fmt: skip

    rows = math.ceil(len(curves) / 2) if len(curves) > 1 else 0
    return style.chart(draw, prefix=prefix, height_px=HEIGHT_PX + 20 * rows, alt=alt)


def _never(axes: Any, curve: Curve, words: CurveWords, *, exact: bool) -> None:
    """Hatch the part of the baseline's people that no way leads to a facility."""
    reached = 100 * float(within(curve, np.array([np.inf]), exact=exact)[0])
    if not reached < 100:
        return
    band = axes.axhspan(reached, 100, **style.area_style(inks.UNREACHABLE), alpha=0.75)
    band.set_gid("never")
    axes.annotate(
        words.never, (1, 1), xycoords="axes fraction", xytext=(0, 8), textcoords="offset points", ha="right",
        va="bottom", fontsize=style.SMALL_PX, color=style.MUTED,
    )  # fmt: skip


def _bound(axes: Any, bound: float, words: str, share: float) -> None:
    """Draw the bound as a dashed line with its name where the baseline's curve is not: at its foot or at its head."""
    line = axes.axvline(bound, color=style.BOUND, linewidth=1.6, linestyle=(0, (5, 3)))
    line.set_gid("bound")
    right = bound < 0.6 * axes.get_xlim()[1]
    axes.annotate(
        words, (bound, 88 if share < _HALF else 4), xytext=(6 if right else -6, 0), textcoords="offset points",
        ha="left" if right else "right", va="bottom", color=style.BOUND, fontsize=style.SMALL_PX, fontweight="bold",
    )  # fmt: skip


def _ticks(end: float) -> Floats:
    """Return round positions from 0 on, at most ten."""
    step = next((one for one in _STEPS if end / one <= _LABELS), _STEPS[-1])
    return np.arange(int(end / step) + 1, dtype=np.float64) * step
