"""How every chart looks, and one ``<svg>`` of a matplotlib figure that is the same bytes each time.

Letters stay text in the font of the page, or of the PDF, which is not the one that matplotlib measures with: whoever
lays out labels leaves a tenth more room than :func:`label_width` says, anchors them at the side that must align, and
puts titles of axes above the axis rather than turned beside it. What matplotlib writes as ``style="…"`` becomes
attributes: a strict content security policy forbids the former, and a ``<style>`` would reach the whole page.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from io import BytesIO
from typing import Any, Final
from xml.etree import ElementTree as ET

from matplotlib import rc_context
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure
from matplotlib.text import Text
from matplotlib.ticker import FuncFormatter

from lifezone.report.maps import inks
from lifezone.report.maps.fonts import FAMILY, clean, fit, font, text_width
from lifezone.report.maps.inks import Ink

__all__ = [
    "BOUND", "GRID", "INK", "MUTED", "SERIES", "SMALL_PX", "TEXT_PX", "WIDTH_PX", "Series", "area_style", "axis_title",
    "chart", "label_width", "line_style", "series", "shorten", "svg_of", "thousands",
]  # fmt: skip

WIDTH_PX: Final = 680
"""Width of a chart: the text's width on A4 at 96 px an inch; taller ones only grow downwards."""
TEXT_PX: Final = 12
SMALL_PX: Final = 11
INK: Final = "#22252a"
MUTED: Final = "#5b5f66"
GRID: Final = "#dcdcd8"
BOUND: Final = "#a3310a"
"""The bound of a standard: always dashed, always labelled."""

_FAMILY: Final = (
    "'Noto Sans KR', 'Noto Sans CJK KR', 'NanumGothic', 'Malgun Gothic', 'Apple SD Gothic Neo', 'DejaVu Sans', "
    "sans-serif"
)
_OTHER_FONTS_ARE_WIDER: Final = 1.1
_SVG: Final = "http://www.w3.org/2000/svg"
_XLINK_HREF: Final = "{http://www.w3.org/1999/xlink}href"
_HATCHES: Final[dict[str, str | None]] = {
    "plain": None,
    "sparse": "//",
    "rising": "/////",
    "falling": "\\" * 5,
    "cross": "xxxx",
    "dots": "----",  # matplotlib's dots weigh 250 kB a pattern
}


@dataclass(frozen=True)
class Series:
    """How a line and its points are drawn: colour, marker and dash each tell it from its neighbours.

    Attributes:
        colour: dark enough on white for text as well.
        marker: matplotlib's marker.
        dash: on and off lengths in px, or None for a whole line.
    """

    colour: str
    marker: str
    dash: tuple[float, ...] | None = None


SERIES: Final = (
    Series(INK, "o"),
    Series(inks.GAIN.fill, "s", (7, 3)),
    Series(inks.BEYOND[0].fill, "^", (2, 2)),
    Series("#2d7a68", "D", (7, 2, 2, 2)),
    Series("#6a3d8f", "v", (12, 3)),
    Series("#8a6d00", "P", (4, 2, 1, 2, 1, 2)),
    Series("#7d7f84", "X", (1, 2)),
)
"""The baseline first, then variants in the order of the scenario."""

_STYLE: Final[dict[str, Any]] = {
    "svg.fonttype": "none",
    "svg.hashsalt": "lifezone",
    "path.simplify": False,
    "text.parse_math": False,
    "font.size": TEXT_PX,
    "text.color": INK,
    "axes.edgecolor": MUTED,
    "axes.labelcolor": INK,
    "axes.linewidth": 0.8,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.axisbelow": True,
    "axes.grid": False,
    "axes.unicode_minus": True,
    "grid.color": GRID,
    "grid.linewidth": 0.8,
    "xtick.color": MUTED,
    "ytick.color": MUTED,
    "xtick.labelcolor": INK,
    "ytick.labelcolor": INK,
    "xtick.labelsize": SMALL_PX,
    "ytick.labelsize": SMALL_PX,
    "lines.linewidth": 1.8,
    "lines.markersize": 6,
    "hatch.linewidth": 0.8,
    "figure.facecolor": "#ffffff",
    "axes.facecolor": "#ffffff",
    "legend.frameon": False,
    "legend.fontsize": TEXT_PX,
}


def chart(
    draw: Callable[[Figure], None], *, prefix: str, height_px: float, width_px: float = WIDTH_PX, alt: str = ""
) -> str:
    """Return the ``<svg>`` of what ``draw`` puts on an empty figure.

    Args:
        draw: gets a :class:`matplotlib.figure.Figure` of that size, 1 pt = 1 px, margins unset; adds axes and artists.
        prefix: of all ids in the drawing, unique in the document: the id of the chart.
        height_px: of the drawing.
        width_px: of the drawing.
        alt: what it says, for those who do not see it.
    """
    font(TEXT_PX)  # registers the packaged fonts
    with rc_context({**_STYLE, "font.family": list(FAMILY)}):
        figure = Figure(figsize=(width_px / 72, height_px / 72), dpi=72)
        draw(figure)
        return svg_of(figure, prefix, alt=alt)


def svg_of(figure: Figure, prefix: str, *, alt: str = "") -> str:
    """Return one ``<svg>`` element: no XML head, script, style, link, font or date; every id begins with ``prefix-``.

    Control characters and line breaks in texts become blanks, and ``$`` is a letter: names come from data.

    Args:
        figure: drawn with matplotlib; ``artist.set_gid("x")`` makes the group ``prefix-x``.
        prefix: unique in the document.
        alt: what it says; empty where a caption beside it says so already.
    """
    for text in figure.findobj(Text):
        text.set_parse_math(False)
        text.set_rotation_mode("anchor")
        text.set_text(clean(text.get_text()))
    file = BytesIO()
    with rc_context(_STYLE):
        FigureCanvasSVG(figure).print_svg(file, metadata={"Date": None, "Creator": None, "Format": None, "Type": None})
    root = ET.fromstring(file.getvalue())  # noqa: S314 (matplotlib's own)
    _plain(root, prefix)
    width, height = root.attrib["viewBox"].split()[2:]
    head = {"viewBox": root.attrib["viewBox"], "width": width, "height": height, "font-family": _FAMILY}
    head |= {"stroke-linejoin": "round", "stroke-linecap": "butt"}
    head |= {"role": "img", "aria-label": alt} if alt else {"aria-hidden": "true"}
    root.attrib.clear()
    root.attrib.update(head)
    return _written(root)


def series(position: int) -> Series:
    """Return the look of a series; beyond the seventh, colours come again with the next one's marker and dash."""
    count = len(SERIES)
    own, other = SERIES[position % count], SERIES[(position + position // count) % count]
    return Series(own.colour, other.marker, other.dash)


def line_style(look: Series) -> dict[str, Any]:
    """Return matplotlib's options of a line with that look."""
    dash: Any = "solid" if look.dash is None else (0, look.dash)
    return {"color": look.colour, "linestyle": dash, "dash_capstyle": "butt"}


def area_style(ink: Ink) -> dict[str, Any]:
    """Return matplotlib's options of a bar or an area in an ink of the maps, its pattern as hatch."""
    return {"facecolor": ink.fill, "edgecolor": ink.line, "hatch": _HATCHES[ink.pattern], "linewidth": 0.6}


def axis_title(axes: Any, text: str, *, horizontal: bool) -> None:
    """Write an axis's title with its unit: below the right end of a horizontal one, above the top of a vertical one."""
    if horizontal:
        axes.set_xlabel(text, loc="right", fontsize=SMALL_PX, color=MUTED)
    else:
        axes.annotate(
            text, (0, 1), xytext=(0, 8), xycoords="axes fraction", textcoords="offset points", ha="left", va="bottom",
            fontsize=SMALL_PX, color=MUTED, annotation_clip=False,
        )  # fmt: skip


def label_width(text: str, size_px: float = TEXT_PX) -> float:
    """Return the room in px that a text needs in whatever font it is drawn."""
    return text_width(clean(text), size_px) * _OTHER_FONTS_ARE_WIDER


def shorten(text: str, most_px: float, size_px: float = TEXT_PX) -> str:
    """Return text, ending in … where it needs more than ``most_px`` px."""
    return fit(text, size_px, most_px / _OTHER_FONTS_ARE_WIDER)


def thousands(axis: Any, *, digits: int = 0) -> None:
    """Write the numbers of an axis as 12,345."""
    axis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:,.{digits}f}"))


def _plain(root: ET.Element, prefix: str) -> None:
    """Take out what reaches beyond the drawing, prefix ids and what points at them, turn styles into attributes."""
    for parent in list(root.iter()):
        for child in list(parent):
            if child.tag in (f"{{{_SVG}}}metadata", f"{{{_SVG}}}style"):
                parent.remove(child)
        for name, value in list(parent.attrib.items()):
            if name == "id":
                parent.set("id", f"{prefix}-{value}")
            elif name == _XLINK_HREF:
                del parent.attrib[name]
                parent.set("href", f"#{prefix}-{value[1:]}")
            elif name == "d":
                parent.set(name, " ".join(value.split()))
            elif "url(#" in value:
                parent.set(name, value.replace("url(#", f"url(#{prefix}-"))
        _attributes_of_style(parent)


def _attributes_of_style(element: ET.Element) -> None:
    """Turn the style of an element into attributes; fonts keep size and weight, the family is the drawing's."""
    for part in element.attrib.pop("style", "").split(";"):
        name, _, value = (piece.strip() for piece in part.partition(":"))
        if name == "font":  # the short form that older matplotlib writes: "700 12px 'DejaVu Sans'"
            size = re.search(r"([\d.]+)px", value)
            weight = re.match(r"(\d{3}|bold) ", value)
            element.set("font-size", size[1] if size else str(TEXT_PX))
            if weight:
                element.set("font-weight", weight[1])
        elif name and name != "font-family":
            element.set(name, value.removesuffix("px") if name == "font-size" else value)


def _written(root: ET.Element) -> str:
    """Return the element as text in the plain namespace of SVG."""
    for element in root.iter():
        element.tag = str(element.tag).removeprefix(f"{{{_SVG}}}")
        element.tail = None
        if element.tag != "text":
            element.text = None
    root.set("xmlns", _SVG)
    return ET.tostring(root, encoding="unicode", short_empty_elements=True)
