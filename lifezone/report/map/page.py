"""The map's place in a page that is not a report's: its element, the picture for pages without scripts, its data."""

from __future__ import annotations

import json
from typing import Any, Final

from markupsafe import Markup, escape

from lifezone.report.document import LiveMap
from lifezone.report.words import Texts

__all__ = ["labels_of", "markup"]

_LABELS: Final = "map.js."


def markup(live_map: LiveMap, fallback: str = "") -> Markup:
    """Return the element of a map and its data, to stand before the script of :func:`lifezone.report.map.assets`.

    Args:
        live_map: what is shown.
        fallback: safe HTML that is seen until the map is drawn, and for good where scripts are off.
    """
    name = escape(live_map.id)
    data = _json(live_map.payload)
    return Markup(  # noqa: S704  (the parts are escaped, JSON carries no "<")
        f'<div class="live-map" data-live-map="{name}-data" role="group" aria-label="{escape(live_map.caption)}"></div>'
        f'<div class="live-fallback">{fallback}</div>'
        f'<script type="application/json" id="{name}-data">{data}</script>'
    )


def labels_of(texts: Texts) -> dict[str, str]:
    """Return the words of the script by key, with their placeholders as they are."""
    return {key.removeprefix(_LABELS): text for key, text in texts.table.items() if key.startswith(_LABELS)}


def _json(value: Any) -> str:
    """Write JSON that cannot end its script element."""
    from lifezone.report.html.scripts import safe_json  # noqa: PLC0415  (the page draws maps)

    return safe_json(json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False))
