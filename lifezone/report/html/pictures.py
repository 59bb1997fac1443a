"""Maps inside the page: PNG files of the result folder with fewer colours, as data URIs, within a limit for all.

A map of a run has a few dozen inks and thousands of shades where lines are smooth. The commonest 256 colours stay
exactly as they are, so that a class is still the colour of its legend; a rarer shade becomes the nearest of them. That
is a third of the bytes. Shrinking the picture itself made it larger, since smoothing adds shades.
"""

from __future__ import annotations

import base64
import io
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import numpy as np

from lifezone.errors import InputError
from lifezone.report.document import Document, LiveMap, Picture

__all__ = ["MOST_BYTES", "Embedded", "Embedder", "pictures_of"]

MOST_BYTES: Final = 8_000_000
"""All pictures of a page together, as they stand in it: a page of 10 MB can still be mailed."""
_COLOURS: Final = 256


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
            elif isinstance(block, LiveMap) and block.fallback is not None:
                yield block.fallback


def _embedded(file: Path) -> Embedded:
    """Return one picture with at most 256 colours."""
    from PIL import Image, UnidentifiedImageError  # noqa: PLC0415

    try:
        with Image.open(file, formats=["PNG"]) as image:
            pixels = np.asarray(image.convert("RGB"), np.uint32)
    except (OSError, UnidentifiedImageError, ValueError) as error:
        raise InputError(f"{file}: is no PNG that can be read ({error}): run the scenario again") from error
    index, palette = _reduced(pixels)
    small = Image.fromarray(index, "P")
    small.putpalette(palette.tobytes())
    out = io.BytesIO()
    small.save(out, "PNG", compress_level=9)
    uri = "data:image/png;base64," + base64.b64encode(out.getvalue()).decode("ascii")
    return Embedded(uri, index.shape[1], index.shape[0])


def _reduced(pixels: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return u8[h, w] positions in a palette u8[n, 3], n ≤ 256: the commonest colours, ties by value.

    Args:
        pixels: u32[h, w, 3], 0–255.
    """
    packed = (pixels[..., 0] << 16) | (pixels[..., 1] << 8) | pixels[..., 2]
    colours, place, count = np.unique(packed, return_inverse=True, return_counts=True)
    kept = np.sort(np.argsort(-count, kind="stable")[:_COLOURS])
    every = np.stack([colours >> 16 & 255, colours >> 8 & 255, colours & 255], axis=1).astype(np.int32)
    nearest = np.empty(len(colours), np.uint8)
    for begin in range(0, len(colours), 4096):
        away = ((every[begin : begin + 4096, None, :] - every[None, kept, :]) ** 2).sum(axis=2)
        nearest[begin : begin + 4096] = away.argmin(axis=1)
    return nearest[place].reshape(packed.shape), every[kept].astype(np.uint8)
