"""Maps as SVG: the same sheets with text, symbols, roads and borders as objects that people move and restyle.

Cells stay one picture inside the drawing: a county has thousands, and nobody edits them one by one.
"""

from __future__ import annotations

from base64 import b64encode
from functools import lru_cache
from html import escape

import numpy as np
from matplotlib.figure import Figure
from matplotlib.markers import MarkerStyle

from lifezone.report.charts.style import svg_of
from lifezone.report.maps.fonts import FAMILY, clean
from lifezone.report.maps.inks import Pixels
from lifezone.report.maps.legend import Sheet
from lifezone.report.maps.paper import MAP, SHEET, png_of
from lifezone.report.maps.text import Label, Symbols
from lifezone.report.pictures import shrunk

__all__ = ["svg_sheet"]

_FONTS = f"'Malgun Gothic', 'Apple SD Gothic Neo', 'Noto Sans KR', NanumGothic, '{FAMILY[1]}', sans-serif"
_ANCHORS = {"left": "start", "center": "middle", "right": "end"}
_BASE = 0.36
"""From the middle of a line to its base, in parts of the letters' size, as the painted maps have it."""


def svg_sheet(sheet: Sheet) -> str:
    """Return a sheet as one SVG document without scripts, links or outside fonts."""
    width, height = SHEET
    parts = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" viewBox="0 0 {width} {height}"'
        f' font-family="{_FONTS}">',
        f'<g id="cells">{_image(sheet.pixels)}</g>',
        f'<g id="ground">{_ground(sheet)}</g>',
        f'<g id="symbols">{"".join(_symbols(many, at) for at, many in enumerate(sheet.symbols))}</g>',
        f'<g id="text">{"".join(map(_label, sheet.labels))}</g>',
        "</svg>",
    ]
    return "\n".join(parts) + "\n"


def _image(pixels: Pixels) -> str:
    data = b64encode(shrunk(png_of(pixels))).decode()
    height, width = pixels.shape[:2]
    return f'<image width="{width}" height="{height}" href="data:image/png;base64,{data}"/>'


def _ground(sheet: Sheet) -> str:
    """Return roads, borders and names, laid where the map is."""
    return "" if sheet.ground is None or sheet.ground.lines is None else _lines(sheet.ground.lines)


@lru_cache(maxsize=8)
def _lines(figure: Figure) -> str:
    """Return the lines of a ground as a drawing within the sheet; the maps of a run share a few."""
    left, top, width, height = MAP
    head, rest = svg_of(figure, "ground").split(">", 1)
    kept = " ".join(part for part in head.split(" ") if not part.startswith(("width=", "height=", "aria-", "xmlns=")))
    return f'{kept} x="{left}" y="{top}" width="{width}" height="{height}">{rest}'


def _symbols(many: Symbols, number: int) -> str:
    """Return markers that are all alike: drawn once, used at every place."""
    if not len(many.x):
        return ""
    style = MarkerStyle(many.marker)
    outline = style.get_path().transformed(style.get_transform())
    box = outline.get_extents()
    scale = many.size / max(box.width, box.height)
    pieces = []
    for points, code in outline.iter_segments(simplify=False, curves=True):
        xy = np.asarray(points).reshape(-1, 2) * (scale, -scale)
        letter = {1: "M", 2: "L", 3: "Q", 4: "C", 79: "Z"}[int(code)]
        pieces.append(letter if letter == "Z" else letter + " ".join(f"{x:.2f} {y:.2f}" for x, y in xy))
    path = f'<path id="mark{number}" d="{"".join(pieces)}" stroke-width="1.3" paint-order="stroke"/>'
    places = zip(np.round(many.x, 1).tolist(), np.round(many.y, 1).tolist(), strict=True)
    uses = "".join(f'<use href="#mark{number}" x="{x:g}" y="{y:g}"/>' for x, y in places)
    return f'<defs>{path}</defs><g fill="{escape(many.fill)}" stroke="{escape(many.edge)}">{uses}</g>'


def _label(label: Label) -> str:
    """Return one line of text; letters with a halo keep it."""
    text = escape(clean(label.text))
    if not text:
        return ""
    bold = ' font-weight="bold"' if label.bold else ""
    halo = ' stroke="#ffffff" stroke-width="5" paint-order="stroke" stroke-linejoin="round"' if label.halo else ""
    return (
        f'<text x="{label.x:.1f}" y="{label.y + label.size * _BASE:.1f}" font-size="{label.size:g}"'
        f' text-anchor="{_ANCHORS[label.align]}" fill="{escape(label.colour)}"{bold}{halo}>{text}</text>'
    )
