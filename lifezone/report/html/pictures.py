"""Maps inside the page: PNG files of the result folder with fewer colours, as data URIs, within a limit for all."""

from __future__ import annotations

import base64
from collections.abc import Iterable
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path
from typing import Final

from lifezone.errors import InputError
from lifezone.report.document import Document, LiveMap, Picture, YearPlayer
from lifezone.report.pictures import shrunk

__all__ = ["MOST_BYTES", "Embedded", "Embedder", "pictures_of"]

MOST_BYTES: Final = 8_000_000
"""All pictures of a page together, as they stand in it: a page of 10 MB can still be mailed."""


@dataclass(frozen=True)
class Embedded:
    """A picture as it stands in a page.

    Attributes:
        uri: ``data:image/png;base64,…``.
        width: pixels.
        height: pixels.
    """

    uri: str
    width: int
    height: int


@dataclass
class Embedder:
    """Pictures of one folder, each made once for all languages.

    Attributes:
        folder: the folder of results.
        most_bytes: see :data:`MOST_BYTES`.
    """

    folder: Path
    most_bytes: int = MOST_BYTES
    _made: dict[str, Embedded | None] = field(default_factory=dict)

    def embed(self, document: Document) -> dict[str, Embedded]:
        """Return the pictures of a document by their path, without those that would pass the limit.

        Raises:
            InputError: a picture is not there or is no PNG.
        """
        found: dict[str, Embedded] = {}
        left = self.most_bytes
        for path in dict.fromkeys(picture.path for picture in pictures_of(document)):
            one = self._picture(path)
            if one is not None and len(one.uri) <= left:
                found[path] = one
                left -= len(one.uri)
        return found

    def _picture(self, path: str) -> Embedded | None:
        if path not in self._made:
            file = (self.folder / path).resolve()
            if not file.is_relative_to(self.folder.resolve()) or not file.is_file():
                raise InputError(f"{self.folder / path} is missing: run the scenario again with output.maps: true")
            self._made[path] = _embedded(file)
        return self._made[path]


def pictures_of(document: Document) -> Iterable[Picture]:
    """Yield the pictures of a document in their order, those that stand in for live maps too."""
    for section in document.sections:
        for block in section.blocks:
            if isinstance(block, Picture):
                yield block
            elif isinstance(block, (LiveMap, YearPlayer)) and block.fallback is not None:
                yield block.fallback


def _embedded(file: Path) -> Embedded:
    """Return one picture with fewer colours."""
    from PIL import Image, UnidentifiedImageError  # noqa: PLC0415

    try:
        small = shrunk(file.read_bytes())
        with Image.open(BytesIO(small), formats=["PNG"]) as image:
            width, height = image.size
    except (OSError, UnidentifiedImageError, ValueError) as error:
        raise InputError(f"{file}: is no PNG that can be read ({error}): run the scenario again") from error
    return Embedded("data:image/png;base64," + base64.b64encode(small).decode("ascii"), width, height)
