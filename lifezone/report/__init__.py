"""What a run leaves behind: tables, layers, maps, the manifest, the console's short answer, frames for notebooks.

Decided: outputs only read; a folder of results is replaced as a whole (:mod:`lifezone.report.swap`); data files hold
raw values, what people look at follows the disclosure rule (:mod:`lifezone.report.disclosure`); frames and files come
from the same functions; maps are drawn on bitmaps (:mod:`lifezone.report.maps`), since a county of cells as polygons
took seconds a map. Refused: interactive maps (they come with the report), tiles from outside, a lock on the folder.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from lifezone.report.frames import (
        cells,
        changes,
        classes,
        conventions,
        deserts,
        designations,
        facilities,
        gaps,
        items,
        summary,
    )
    from lifezone.report.progress import RichProgress
    from lifezone.report.swap import check_out, repair
    from lifezone.report.tables import Tables, tables_of
    from lifezone.report.writing import write

__all__ = [
    "RichProgress", "Tables", "cells", "changes", "check_out", "classes", "conventions", "deserts", "designations",
    "facilities", "gaps", "items", "repair", "summary", "tables_of", "write",
]  # fmt: skip

_HOMES = {
    **dict.fromkeys(
        (
            "cells",
            "changes",
            "classes",
            "conventions",
            "deserts",
            "designations",
            "facilities",
            "gaps",
            "items",
            "summary",
        ),
        "frames",
    ),
    "RichProgress": "progress",
    **dict.fromkeys(("check_out", "repair"), "swap"),
    **dict.fromkeys(("Tables", "tables_of"), "tables"),
    "write": "writing",
}


def __getattr__(name: str) -> Any:
    """Import a public name on first use: a command that only repairs a folder waits for no GIS library (PEP 562)."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
