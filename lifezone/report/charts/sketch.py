"""Small maps as drawings: boundaries, roads, cells and symbols in metres, several panels in one chart.

They stand where a picture file would be too much: a thumbnail of every large desert, the facilities of an area. North
is up in all of them; each has its own scale bar.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final

import numpy as np
from matplotlib.lines import Line2D
from matplotlib.patches import Patch, PathPatch
from matplotlib.path import Path

from lifezone.model import Floats
from lifezone.report.charts import style
from lifezone.report.maps.inks import Ink

__all__ = ["Layer", "Marks", "Panel", "box_of", "sketches"]

_GAP_PX: Final = 14
_TITLE_PX: Final = 24
_LEGEND_ROW_PX: Final = 22
_MOST_SQUARES: Final = 3000
_ROUND_M: Final = (50, 100, 200, 500, 1000, 2000, 5000, 10_000, 20_000, 50_000, 100_000)


@dataclass(frozen=True, eq=False)
class Layer:
    """Squares of one look.

    Attributes:
        x_m: f64[n] middles.
        y_m: f64[n] middles.
        side_m: of each square.
        ink: fill; the pattern is left out, squares are too small for it.
        name: in the legend, empty for none.
    """

    x_m: Floats
    y_m: Floats
    side_m: float
    ink: Ink
    name: str = ""


@dataclass(frozen=True, eq=False)
class Marks:
    """Points of one look.

    Attributes:
        x_m: f64[n].
        y_m: f64[n].
        marker: matplotlib's.
        colour: fill.
        name: in the legend.
        size_px: of the symbol.
        hollow: drawn as an outline: a candidate, or across the border.
    """

    x_m: Floats
    y_m: Floats
    marker: str
    colour: str
    name: str
    size_px: float = 7.0
    hollow: bool = False


@dataclass(frozen=True, eq=False)
class Panel:
    """One small map.

    Attributes:
        title: above it.
        box: west, south, east, north in metres; widened to the panel's shape.
        lines: roads and rivers, each f64[k, 2], with colour and width in px.
        borders: rings of districts, each f64[k, 2].
        layers: squares, later ones above.
        marks: symbols.
    """

    title: str
    box: tuple[float, float, float, float]
    lines: Sequence[tuple[Sequence[Floats], str, float]] = ()
    borders: Sequence[Floats] = ()
    layers: Sequence[Layer] = ()
    marks: Sequence[Marks] = field(default=())


def sketches(
    panels: Sequence[Panel], *, across: int, panel_height_px: float, prefix: str, alt: str, legend_columns: int = 3
) -> str:
    """Draw small maps side by side with one legend below.

    Args:
        panels: in reading order.
        across: how many beside one another.
        panel_height_px: of the drawing of each, without its title.
        prefix: of ids: the chart's id.
        alt: what they show.
        legend_columns: of the legend.
    """
    rows = math.ceil(len(panels) / across)
    names = list(dict.fromkeys(name for panel in panels for name, _ in _entries(panel)))
    legend_px = _LEGEND_ROW_PX * math.ceil(len(names) / legend_columns) + (10 if names else 0)
    height = rows * (panel_height_px + _TITLE_PX + _GAP_PX) + legend_px
    width = (style.WIDTH_PX - _GAP_PX * (across - 1)) / across

    def draw(figure: Any) -> None:
        for number, panel in enumerate(panels):
            row, column = divmod(number, across)
            left = column * (width + _GAP_PX)
            top = row * (panel_height_px + _TITLE_PX + _GAP_PX) + _TITLE_PX
            axes = figure.add_axes((
                left / style.WIDTH_PX, 1 - (top + panel_height_px) / height, width / style.WIDTH_PX,
                panel_height_px / height,
            ))  # fmt: skip
            _panel(axes, panel, width / panel_height_px, width, number)
        _legend(figure, panels, names, legend_columns)

    return style.chart(draw, prefix=prefix, height_px=height, alt=alt)


def _panel(axes: Any, panel: Panel, shape: float, width_px: float, number: int) -> None:
    """Draw one panel; the box is widened so that a metre is as long upwards as across."""
    west, south, east, north = panel.box
    middle_x, middle_y = (west + east) / 2, (south + north) / 2
    half = max((north - south) / 2, (east - west) / 2 / shape, 1.0)
    axes.set_xlim(middle_x - half * shape, middle_x + half * shape)
    axes.set_ylim(middle_y - half, middle_y + half)
    axes.set_xticks([])
    axes.set_yticks([])
    axes.set_facecolor("#fbfbf9")
    for spine in axes.spines.values():
        spine.set_visible(True)
        spine.set_color("#b5b5b0")
    for lines, colour, width in panel.lines:
        axes.add_patch(PathPatch(_compound(lines), fill=False, edgecolor=colour, linewidth=width, zorder=1))
    axes.add_patch(PathPatch(_compound(panel.borders), fill=False, edgecolor="#6b6f76", linewidth=1.0,
                             linestyle=(0, (6, 2)), zorder=2))  # fmt: skip
    for position, layer in enumerate(panel.layers):
        cells = PathPatch(_squares(layer), facecolor=layer.ink.fill, edgecolor="none", zorder=3 + position)
        cells.set_gid(f"cells{number}_{position}")
        axes.add_patch(cells)
    for position, marks in enumerate(panel.marks):
        axes.plot(marks.x_m, marks.y_m, zorder=10 + position, **_symbol(marks))
    title = style.shorten(panel.title, width_px - 4)
    axes.annotate(title, (0, 1), xycoords="axes fraction", xytext=(0, 6), textcoords="offset points", ha="left",
                  va="bottom", fontsize=style.TEXT_PX, fontweight="bold", annotation_clip=False)  # fmt: skip
    _scale_bar(axes, 2 * half * shape)


def _compound(lines: Sequence[Floats]) -> Path:
    """Return many lines as one path: one element of the drawing instead of thousands."""
    kept = [line for line in lines if len(line) > 1]
    if not kept:
        return Path(np.empty((0, 2)))
    codes = [np.array([Path.MOVETO] + [Path.LINETO] * (len(line) - 1), np.uint8) for line in kept]
    return Path(np.concatenate(kept), np.concatenate(codes))


def _squares(layer: Layer) -> Path:
    """Return the squares of a layer as one path; too many to see are drawn as larger ones."""
    while len(layer.x_m) > _MOST_SQUARES:
        layer = _coarser(layer)
    half = layer.side_m / 2
    corners = np.array([(-half, -half), (half, -half), (half, half), (-half, half), (-half, -half)])
    middles = np.column_stack([layer.x_m, layer.y_m])
    if not len(middles):
        return Path(np.empty((0, 2)))
    codes = np.tile(np.array([Path.MOVETO, Path.LINETO, Path.LINETO, Path.LINETO, Path.CLOSEPOLY], np.uint8),
                    len(middles))  # fmt: skip
    return Path((middles[:, None, :] + corners[None, :, :]).reshape(-1, 2), codes)


def _coarser(layer: Layer) -> Layer:
    """Return a layer of squares twice as wide wherever there was one."""
    side = 2 * layer.side_m
    at = np.unique(np.column_stack([np.floor(layer.x_m / side), np.floor(layer.y_m / side)]), axis=0)
    return replace(layer, x_m=(at[:, 0] + 0.5) * side, y_m=(at[:, 1] + 0.5) * side, side_m=side)


def _scale_bar(axes: Any, width_m: float) -> None:
    """Draw a round length at the lower left."""
    length = max((one for one in _ROUND_M if one <= width_m / 4), default=_ROUND_M[0])
    text = f"{length // 1000} km" if length >= 1000 else f"{length} m"
    part = length / width_m
    axes.plot([0.04, 0.04 + part], [0.05, 0.05], transform=axes.transAxes, color=style.INK, linewidth=2, zorder=30,
              solid_capstyle="butt")  # fmt: skip
    axes.annotate(text, (0.04, 0.05), xycoords="axes fraction", xytext=(0, 4), textcoords="offset points", ha="left",
                  va="bottom", fontsize=style.SMALL_PX - 1, zorder=30)  # fmt: skip


def _symbol(marks: Marks) -> dict[str, Any]:
    """Return how a symbol is drawn."""
    return {
        "marker": marks.marker, "linestyle": "none", "markersize": marks.size_px,
        "markerfacecolor": "#ffffff" if marks.hollow else marks.colour,
        "markeredgecolor": marks.colour if marks.hollow else "#ffffff", "markeredgewidth": 1.2 if marks.hollow else 0.7,
    }  # fmt: skip


def _entries(panel: Panel) -> list[tuple[str, Layer | Marks]]:
    """Return what the legend says of a panel."""
    every: list[Layer | Marks] = [*panel.layers, *panel.marks]
    return [(one.name, one) for one in every if one.name]


def _legend(figure: Any, panels: Sequence[Panel], names: Sequence[str], columns: int) -> None:
    """Draw the legend of all panels once, below them."""
    known: dict[str, Layer | Marks] = {
        name: one for panel in reversed(panels) for name, one in reversed(_entries(panel))
    }
    handles: list[Any] = []
    for name in names:
        one = known[name]
        label = style.shorten(name, style.WIDTH_PX / columns - 50)
        if isinstance(one, Marks):
            handles.append(Line2D([], [], label=label, **_symbol(one)))
        else:
            handles.append(Patch(facecolor=one.ink.fill, edgecolor="#8a8a85", linewidth=0.5, label=label))
    if handles:
        figure.legend(handles=handles, loc="lower left", bbox_to_anchor=(0, 0), ncols=columns, borderaxespad=0,
                      columnspacing=1.6, handletextpad=0.6)  # fmt: skip


def box_of(x_m: Floats, y_m: Floats, margin_m: float) -> tuple[float, float, float, float]:
    """Return the box round points with a margin."""
    return (float(np.min(x_m)) - margin_m, float(np.min(y_m)) - margin_m, float(np.max(x_m)) + margin_m,
            float(np.max(y_m)) + margin_m)  # fmt: skip
