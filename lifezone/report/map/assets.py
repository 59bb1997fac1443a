"""The page's own files as two texts: styles, and one ES module that needs nothing from outside.

Leaflet comes from the wheel ``XStatic-Leaflet``: its files are found without importing it (its namespace package may
want ``pkg_resources``); its images are left out of the styles, its pointer to a source map and the schemes of its
addresses are taken off: a report names no address. Our modules
are laid one after the other in the order in which they need each other, without their import and export words: one
``<script type="module">`` whose hash may stand in a content security policy, no ``unsafe-inline``, no ``eval``. A build
step with npm was refused: users and packagers of the wheel have none.
"""

from __future__ import annotations

import base64
import hashlib
import re
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from importlib.util import find_spec
from pathlib import Path
from typing import Final

from lifezone.errors import LifezoneError

__all__ = ["Assets", "assets", "source_hash"]

_START: Final = "start.js"
_SOURCE_MAP: Final = re.compile(r"^//# sourceMappingURL=.*$", re.MULTILINE)
_ADDRESS: Final = re.compile(r"https?://(?!www\.w3\.org/)[^\s\"'<>)]+")
"""Leaflet's home in its attribution, which we do not show, and a bug in a comment: a report names no address."""
_PICTURE: Final = re.compile(r"[^;{}]*url\([^)]*\)[^;}]*;?")
_LEAFLET: Final = ("pkg", "leaflet", "data")


@dataclass(frozen=True)
class Assets:
    """What the head and the end of a page with maps need.

    Attributes:
        styles: text of a ``<style>`` element.
        scripts: text of one ``<script type="module">`` element, to stand after the maps.
    """

    styles: str
    scripts: str


@cache
def assets() -> Assets:
    """Return styles and script of the live map; the same text for every map.

    The script is a block, so that its names are its own where it stands in one module with others.

    Raises:
        LifezoneError: Leaflet's wheel is not installed.
    """
    from lifezone.report.html.scripts import joined  # noqa: PLC0415  (the page draws maps)

    folder = _leaflet()
    library = _ADDRESS.sub("", _SOURCE_MAP.sub("", (folder / "leaflet.js").read_text(encoding="utf-8")))
    looks = _ADDRESS.sub("", _PICTURE.sub("", (folder / "leaflet.css").read_text(encoding="utf-8")))
    own = files(__package__).joinpath("map.css").read_text(encoding="utf-8")
    modules = joined(files(__package__), _START)
    return Assets(styles=f"{looks}\n{own}", scripts=f"{{\n{library.strip()}\n{modules}}}\n")


def source_hash(text: str) -> str:
    """Return how a content security policy names an inline text: ``'sha256-…'``."""
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode('utf-8')).digest()).decode('ascii')}'"


def _leaflet() -> Path:
    """Return the folder of Leaflet's files; only the outermost package is looked up, which imports nothing."""
    spec = find_spec("xstatic")
    for place in (spec.submodule_search_locations or ()) if spec else ():
        folder = Path(place, *_LEAFLET)
        if (folder / "leaflet.js").is_file() and (folder / "leaflet.css").is_file():
            return folder
    raise LifezoneError("Leaflet is missing: pip install XStatic-Leaflet")
