"""The live maps of a page: their data, and the map's own script and style, where a document holds any."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field

from markupsafe import Markup

from lifezone.report.document import Document, LiveMap
from lifezone.report.html.scripts import safe_json
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
    maps = [block for section in document.sections for block in section.blocks if isinstance(block, LiveMap)]
    if not maps:
        return LiveParts()
    own = assets()
    return LiveParts({one.id: _data(one) for one in maps}, own.styles, own.scripts)


def _data(one: LiveMap) -> Markup:
    text = json.dumps(one.payload, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    return Markup(safe_json(text))  # noqa: S704 (nothing in it can end the element)
