"""Bars lying down: one a row, each with its own words at its end; rows of one ink, or of an ink each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from lifezone.report.charts import style
from lifezone.report.maps import inks
from lifezone.report.maps.inks import Ink

__all__ = ["Bar", "bars"]

_ROW_PX: Final = 30
_HEAD_PX: Final = 14
_FOOT_PX: Final = 42
_MOST_LABEL_PX: Final = 200


@dataclass(frozen=True)
class Bar:
    """One row.

    Attributes:
        name: what is counted.
        value: length of the bar, ≥ 0; None = not shown, the words say why.
        words: at the end of the bar: the value as people read it.
        ink: fill and pattern.
    """

    name: str
    value: float | None
    words: str
    ink: Ink = inks.BEYOND[0]


def bars(rows: Sequence[Bar], *, across: str, prefix: str, alt: str, end: float | None = None) -> str:
    """Draw bars from the top, all from 0.

    Args:
        rows: in their order.
        across: title of the axis with its unit.
        prefix: of ids: the chart's id.
        alt: what the chart says.
        end: where the axis ends, or None for the longest bar.
    """
    height = _HEAD_PX + _FOOT_PX + _ROW_PX * max(len(rows), 1)
    left = min(_MOST_LABEL_PX, max([60.0, *(style.label_width(row.name) + 14 for row in rows)]))
    right = 24 + (max([0.0, *(style.label_width(row.words, style.SMALL_PX) for row in rows)]))
    longest = end if end is not None else max([0.0, *(row.value or 0.0 for row in rows)]) or 1.0

    def draw(figure: Any) -> None:
        axes = figure.add_axes(
            (left / style.WIDTH_PX, _FOOT_PX / height, (style.WIDTH_PX - left - right) / style.WIDTH_PX,
             1 - (_HEAD_PX + _FOOT_PX) / height)
        )  # fmt: skip
        axes.set_xlim(0, longest)
        axes.set_ylim(len(rows) - 0.5, -0.5)
        axes.set_yticks(range(len(rows)), [style.shorten(row.name, left - 12) for row in rows], fontsize=style.TEXT_PX)
        axes.tick_params(axis="y", length=0)
        axes.grid(axis="x", linewidth=0.6)
        for position, row in enumerate(rows):
            _bar(axes, position, row)
        style.thousands(axes.xaxis, digits=0 if longest >= 5 else 1)
        style.axis_title(axes, across, horizontal=True)

    return style.chart(draw, prefix=prefix, height_px=height, alt=alt)


def _bar(axes: Any, position: int, row: Bar) -> None:
    """Draw one bar with its words."""
    if row.value is not None and row.value > 0:
        (bar,) = axes.barh([position], [row.value], height=0.62, **style.area_style(row.ink))
        bar.set_gid(f"bar{position}")
    axes.annotate(
        row.words, (row.value or 0.0, position), xytext=(5, 0), textcoords="offset points", ha="left", va="center",
        fontsize=style.SMALL_PX, annotation_clip=False,
    )  # fmt: skip
