"""H3 cells: hexagons that are known by their index alone, as Kontur and many transport data sets give them.

A row stands at the middle of its cell. Indexes may be written as 15 hexadecimal digits (``89a881a5a2bffff``) or as the
whole number that they are.
"""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import replace
from typing import Final

import numpy as np
import shapely

from lifezone.errors import Fault, InputError
from lifezone.sources.tables import Table

__all__ = ["cell_side_m", "placed_by_h3"]

_SAMPLE: Final = 1000
"""Cells whose area is asked for; over one study areas differ by a few per cent."""
_SHORTEST_DECIMAL: Final = 17
"""Digits from which an index is taken for a whole number; a hexadecimal one has 15 or 16."""


def placed_by_h3(table: Table, column: str) -> Table:
    """Return the table with the middle of each row's cell as its geometry; rows without an index have none.

    Raises:
        InputError: the column is missing, or a cell in it is no H3 index.
    """
    import h3  # noqa: PLC0415  (only studies with such cells need it)

    faults = table.missing(column, ("h3",))
    if faults:
        raise InputError(faults)
    texts = table.text(column)
    lon, lat = np.full(len(texts), np.nan), np.full(len(texts), np.nan)
    bad = np.zeros(len(texts), np.bool_)
    finest: Counter[int] = Counter()
    for at, text in enumerate(texts.tolist()):
        if not text:
            continue
        cell = _index(text)
        if cell and h3.is_valid_cell(cell):
            lat[at], lon[at] = h3.cell_to_latlng(cell)
            finest[h3.get_resolution(cell)] += 1
        else:
            bad[at] = True
    if bad.any():
        shown = [repr(text[:40]) for text in texts[bad][:3].tolist()]
        raise InputError(Fault(f"{table.path}: column {column!r} must hold H3 cells such as 89a881a5a2bffff: "
                               f"{', '.join(shown)} in {table.lines_of(bad)}", ("h3",)))  # fmt: skip
    points = np.full(len(texts), None, dtype=object)
    known = np.isfinite(lon)
    points[known] = shapely.points(lon[known], lat[known])
    notes = table.notes
    if len(finest) > 1:
        told = ", ".join(f"{count:,} of resolution {level}" for level, count in sorted(finest.items()))
        notes = (*notes, f"{table.path}: H3 cells of several sizes ({told}); the largest counts as cell size")
    return replace(table, geometry=points, crs="EPSG:4326", notes=notes)


def cell_side_m(table: Table, column: str) -> float:
    """Return the root of the area of the table's cells in metres: the median of the largest resolution there is."""
    import h3  # noqa: PLC0415

    cells = [cell for text in table.text(column).tolist() if text and (cell := _index(text))]
    if not cells:
        return 0.0
    levels = [h3.get_resolution(cell) for cell in cells]
    coarsest = min(levels)
    same = [cell for cell, level in zip(cells, levels, strict=True) if level == coarsest][:_SAMPLE]
    return math.sqrt(float(np.median([h3.cell_area(cell, unit="m^2") for cell in same])))


def _index(text: str) -> str:
    """Return an index as hexadecimal text, empty when it is none."""
    import h3  # noqa: PLC0415

    if len(text) >= _SHORTEST_DECIMAL and text.isascii() and text.isdigit():
        return str(h3.int_to_str(int(text))) if int(text) < 1 << 64 else ""
    text = text.lower().removeprefix("0x").lstrip("0")
    return text if text.isascii() and text.isalnum() else ""
