"""Maps made small enough to stand in one file: the same picture with at most 256 colours.

A map of the result is 0.4 MB in full colour; forty of them make a report that no mail takes. Maps are drawn with a few
dozen inks, and the in-between shades of letters and lines bear being grouped: a third of the size.
"""

from __future__ import annotations

from functools import lru_cache
from io import BytesIO
from typing import Final

__all__ = ["on_paper", "shrunk"]

_COLOURS: Final = 256
_COMPRESSION: Final = 6  # 9 saves a twentieth and takes fourteen times as long


def on_paper(name: str, data: bytes) -> bytes:
    """Return a drawing as a page takes it: pictures shrunk, SVG as it is."""
    return shrunk(data) if name.endswith(".png") else data


@lru_cache(maxsize=64)
def shrunk(png: bytes, *, most_px: int | None = None) -> bytes:
    """Return a PNG with at most 256 colours, and no wider than ``most_px`` where that is given.

    The same picture gives the same bytes: the palette is found by median cut (which keeps the inks of plain areas as
    they are; octrees and most frequent colours moved them) and nothing is dithered.
    """
    from PIL import Image  # noqa: PLC0415  (only where pictures are put into a file)

    picture = Image.open(BytesIO(png)).convert("RGB")
    if most_px is not None and picture.width > most_px:
        height = max(1, round(picture.height * most_px / picture.width))
        picture = picture.resize((most_px, height), Image.Resampling.LANCZOS)
    few = picture.quantize(_COLOURS, method=Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE)
    out = BytesIO()
    few.save(out, "PNG", compress_level=_COMPRESSION)
    return out.getvalue() if out.tell() < len(png) else png
