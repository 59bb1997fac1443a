"""Where a name goes on the map: beside its point, clear of other names and of the edge, or nowhere."""

from __future__ import annotations

from typing import Final

from lifezone.report.maps.fonts import text_width
from lifezone.report.maps.ground import Box
from lifezone.report.maps.paper import Frame
from lifezone.report.maps.text import Label

__all__ = ["place"]

_SHIFTS_PX: Final = (-20.0, 20.0, -38.0, 38.0)


def place(
    text: str, x: float, y: float, frame: Frame, taken: list[Box], *, size: float, colour: str, bold: bool = True
) -> Label | None:
    """Return a text beside its point where it touches nothing that is taken and stays on the map, or None.

    Args:
        text: cleaned words.
        x: column of the point on the map, pixels.
        y: its row.
        frame: the map.
        taken: boxes that are filled; the text's own is added.
        size: height of the letters, pixels.
        colour: of the letters.
        bold: thick letters.
    """
    width = text_width(text, size) + 6
    right, left_of, centred = x + 12, x - 12 - width, x - width / 2
    places = [(right, y), (left_of, y)]
    places += [(left, y + down) for down in _SHIFTS_PX for left in (centred, right, left_of)]
    for left, middle in places:
        box = (left, middle - 10, left + width, middle + 10)
        outside = left < 2 or middle < 12 or box[2] > frame.width - 2 or middle > frame.height - 12
        if outside or any(box[0] < b[2] and b[0] < box[2] and box[1] < b[3] and b[1] < box[3] for b in taken):
            continue
        taken.append(box)
        return Label(left, middle, text, size, bold=bold, colour=colour, halo=True)
    return None
