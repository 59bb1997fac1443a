"""Codes of the Korean statistical grid ↔ cells in EPSG:5179 (UTM-K).

A code is two letters (the 100 km square, west → east and south → north) and digits: ``다사5352`` is a cell of 1 km
(2 + 2 digits), ``다사539520`` of 100 m (3 + 3), ``다사53905203`` of 10 m (4 + 4), ``다사52a54b`` of 500 m (a = +0,
b = +500 m) and ``다사52ab54ba`` of 250 m (aa, ab, ba, bb = +0, 250, 500, 750 m). Squares of 100 km and 10 km have no
digits or 1 + 1. The origin of the letters is (700 000, 1 300 000) (NGII notice 2022-2403; REFERENCE 1.6).

Read: a cell that is absent from a file is *not published*, which is not nobody.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from lifezone.errors import Fault, InputError, some_of
from lifezone.model import Bools, Floats

__all__ = ["GRID_CRS", "SIDES_M", "Cells", "cell_codes", "cells_of", "looks_like_cell"]

GRID_CRS: Final = "EPSG:5179"
LETTERS: Final = "가나다라마바사아자차카타파하"
WEST_M: Final = 700_000.0
SOUTH_M: Final = 1_300_000.0
SQUARE_M: Final = 100_000.0
SIDES_M: Final = (10, 100, 250, 500, 1_000, 10_000, 100_000)
"""Cells that have a code, metres."""
_CODE: Final = re.compile(rf"^([{LETTERS}])([{LETTERS}])(?:(\d{{2}})([ab]{{1,2}})(\d{{2}})([ab]{{1,2}})|(\d*))$")
_HALVES: Final = {"a": 0, "b": 500, "aa": 0, "ab": 250, "ba": 500, "bb": 750}


@dataclass(frozen=True, eq=False)
class Cells:
    """What codes say, n of them.

    Attributes:
        west_m: f64[n] western edge in EPSG:5179, NaN where the text is no code.
        south_m: f64[n] southern edge.
        side_m: f64[n] side of the cell.
        known: bool[n] True where the text is a code.
    """

    west_m: Floats
    south_m: Floats
    side_m: Floats
    known: Bools

    @property
    def x_m(self) -> Floats:
        """f64[n] middle, easting."""
        return self.west_m + self.side_m / 2

    @property
    def y_m(self) -> Floats:
        """f64[n] middle, northing."""
        return self.south_m + self.side_m / 2


def looks_like_cell(text: str) -> bool:
    """Tell whether a text is the code of a cell."""
    return _parsed(text) is not None


def cells_of(codes: Sequence[str] | np.ndarray) -> Cells:
    """Return the cells that codes name; texts that are no codes come back as not known."""
    names, back = np.unique(np.asarray(codes, dtype=object).astype(str), return_inverse=True)
    none = (np.nan, np.nan, np.nan)
    table = np.array([_parsed(name) or none for name in names.tolist()], np.float64).reshape(-1, 3)
    west_m, south_m, side_m = table[back.reshape(-1)].T
    return Cells(west_m, south_m, side_m, np.isfinite(side_m))


def cell_codes(x_m: Floats, y_m: Floats, side_m: int) -> np.ndarray:
    """Return object[n] the code of the cell that each point lies in; a point on an edge belongs to the east or north.

    Args:
        x_m: f64[n] easting in EPSG:5179.
        y_m: f64[n] northing.
        side_m: One of :data:`SIDES_M`.

    Raises:
        InputError: No cells of that size have codes, or a point lies outside the lettered squares.
    """
    if side_m not in SIDES_M:
        raise InputError(Fault(f"no cells of {side_m} m have codes: {', '.join(map(str, SIDES_M))}"))
    east, north = np.asarray(x_m, np.float64) - WEST_M, np.asarray(y_m, np.float64) - SOUTH_M
    far = len(LETTERS) * SQUARE_M
    outside = ~((east >= 0) & (north >= 0) & (east < far) & (north < far))
    if outside.any():
        points = [f"({x:.0f}, {y:.0f})" for x, y in zip(east[outside] + WEST_M, north[outside] + SOUTH_M, strict=True)]
        raise InputError(Fault(f"outside the grid of {GRID_CRS}: {some_of(points)}"))
    return np.array([_code(e, n, side_m) for e, n in zip(east.tolist(), north.tolist(), strict=True)], dtype=object)


def _code(east_m: float, north_m: float, side_m: int) -> str:
    """Return the code of one cell; distances from the south-western corner of the letters."""
    parts = []
    letters = ""
    for metres in (east_m, north_m):
        square, rest = divmod(metres, SQUARE_M)
        letters += LETTERS[int(square)]
        parts.append(_digits(int(rest), side_m))
    return letters + "".join(parts)


def _digits(metres: int, side_m: int) -> str:
    """Return the digits of one axis inside the square of 100 km."""
    if side_m == SQUARE_M:
        return ""
    if side_m in (250, 500):
        within = metres % 1_000 // side_m * side_m
        halves = {value: key for key, value in _HALVES.items() if len(key) == (1 if side_m == 500 else 2)}
        return f"{metres // 1_000:02d}{halves[within]}"
    width = len(str(int(SQUARE_M) // side_m)) - 1
    return f"{metres // side_m:0{width}d}"


def _parsed(text: str) -> tuple[float, float, float] | None:
    """Return west, south and side of one code, or None."""
    found = _CODE.match(text.strip().replace(" ", ""))
    if found is None:
        return None
    column, row, km_x, half_x, km_y, half_y, digits = found.groups()
    west = WEST_M + LETTERS.index(column) * SQUARE_M
    south = SOUTH_M + LETTERS.index(row) * SQUARE_M
    if half_x is not None:
        if len(half_x) != len(half_y):
            return None
        side = 500.0 if len(half_x) == 1 else 250.0
        return west + int(km_x) * 1_000 + _HALVES[half_x], south + int(km_y) * 1_000 + _HALVES[half_y], side
    if len(digits) % 2 or len(digits) > 8:
        return None
    width = len(digits) // 2
    side = SQUARE_M / 10**width
    if width == 0:
        return west, south, side
    return west + int(digits[:width]) * side, south + int(digits[width:]) * side, side
