"""The live maps of a page: their data, and the map's own script and style, where a document holds any."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib.resources import files

from markupsafe import Markup

from lifezone.report.document import Document, LiveMap, YearPlayer
from lifezone.report.html.scripts import joined, safe_json
from lifezone.report.map import assets

__all__ = ["LiveParts", "live_parts"]


@dataclass(frozen=True)
class LiveParts:
    """What live maps need in a page.

    Attributes:
        data: JSON by the map's id, ready to stand in a ``<script>``.
        style: style sheet; empty where there is no live map.
        script: module; empty where there is none.
    """

    data: Mapping[str, Markup] = field(default_factory=dict)
    style: str = ""
    script: str = ""


def live_parts(document: Document) -> LiveParts:
    """Return what the live maps of a document need."""
    blocks = [block for section in document.sections for block in section.blocks]
    maps = [block for block in blocks if isinstance(block, LiveMap)]
    players = [block for block in blocks if isinstance(block, YearPlayer)]
    style = script = ""
    if maps:
        own = assets()
        style, script = own.styles, own.scripts
    if players:
        folder = files("lifezone.report.years")
        style += folder.joinpath("player.css").read_text(encoding="utf-8")
        script += f"\n{{\n{joined(folder, 'player.js')}\n}}\n"  # a block: its names are its own
    live: list[LiveMap | YearPlayer] = [*maps, *players]
    return LiveParts({one.id: _data(one) for one in live}, style, script)


def _data(one: LiveMap | YearPlayer) -> Markup:
    text = json.dumps(one.payload, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    return Markup(safe_json(text))  # noqa: S704 (nothing in it can end the element)
