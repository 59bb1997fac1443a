"""A dot plot: one row a place, its share with the interval, class breaks or a mean as upright lines."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from lifezone.report.charts import style
from lifezone.report.maps import inks

__all__ = ["Dot", "DotWords", "dots"]

_ROW_PX: Final = 24
_HEAD_PX: Final = 56
_FOOT_PX: Final = 40
_MOST_LABEL_PX: Final = 190


@dataclass(frozen=True)
class Dot:
    """One row.

    Attributes:
        name: of the place.
        share: part of 1, or None where it is not known or not shown; ``note`` says which.
        low: least share, or None.
        high: greatest share, or None.
        note: stands in the row where there is no share.
        whole: the row is the whole area; drawn otherwise.
    """

    name: str
    share: float | None
    low: float | None = None
    high: float | None = None
    note: str = ""
    whole: bool = False


@dataclass(frozen=True)
class DotWords:
    """Title of the axis with its unit, and the upright lines: share and name from the left (``.5, "C"``)."""

    across: str
    breaks: Sequence[tuple[float, str]] = ()
    below: str = ""
    """Name of what lies left of the first break."""


def dots(rows: Sequence[Dot], words: DotWords, *, prefix: str, alt: str) -> str:
    """Draw the rows from the top.

    Args:
        rows: in their order.
        words: what stands in the drawing.
        prefix: of ids: the chart's id.
        alt: what the chart says.
    """
    height = _HEAD_PX + _FOOT_PX + _ROW_PX * max(len(rows), 1)
    left = min(_MOST_LABEL_PX, max([60.0, *(style.label_width(row.name) + 14 for row in rows)]))

    def draw(figure: Any) -> None:
        axes = figure.add_axes(
            (left / style.WIDTH_PX, _FOOT_PX / height, (style.WIDTH_PX - left - 24) / style.WIDTH_PX,
             1 - (_HEAD_PX + _FOOT_PX) / height)
        )  # fmt: skip
        axes.set_xlim(0, 100)
        axes.set_ylim(len(rows) - 0.5, -0.5)
        axes.set_yticks(range(len(rows)), [style.shorten(row.name, left - 12) for row in rows], fontsize=style.TEXT_PX)
        axes.tick_params(axis="y", length=0)
        axes.set_xticks(range(0, 101, 10))
        axes.grid(axis="both", linewidth=0.6)
        axes.spines["left"].set_visible(False)
        _breaks(axes, words)
        for position, row in enumerate(rows):
            _dot(axes, position, row)
        style.axis_title(axes, words.across, horizontal=True)

    return style.chart(draw, prefix=prefix, height_px=height, alt=alt)


def _dot(axes: Any, position: int, row: Dot) -> None:
    """Draw one row: a line from low to high and the dot, or the note."""
    if row.share is None:
        axes.text(1, position, row.note, ha="left", va="center", fontsize=style.SMALL_PX, color=style.MUTED)
        return
    low, high = row.share if row.low is None else row.low, row.share if row.high is None else row.high
    if high > low:
        (line,) = axes.plot(
            [100 * low, 100 * high], [position] * 2, color=inks.GAIN.fill, linewidth=5, alpha=0.45,
            solid_capstyle="butt",
        )  # fmt: skip
        line.set_gid(f"interval{position}")
    (dot,) = axes.plot(
        [100 * row.share], [position], marker="D" if row.whole else "o", markersize=8 if row.whole else 7,
        color=style.INK if row.whole else inks.GAIN.fill, linestyle="none", clip_on=False,
    )  # fmt: skip
    dot.set_gid(f"dot{position}")


def _breaks(axes: Any, words: DotWords) -> None:
    """Draw the class breaks and write each class above its stretch."""
    ends = [0.0, *(share for share, _ in words.breaks), 1.0]
    names = [words.below, *(name for _, name in words.breaks)]
    for share, _ in words.breaks:
        axes.axvline(100 * share, color=style.BOUND, linewidth=1.4, linestyle=(0, (5, 3)))
    for start, end, name in zip(ends[:-1], ends[1:], names, strict=True):
        axes.annotate(
            name, (50 * (start + end), 1), xycoords=("data", "axes fraction"), xytext=(0, 8), ha="center", va="bottom",
            textcoords="offset points", fontsize=style.TEXT_PX, fontweight="bold", color=style.BOUND,
        )  # fmt: skip
