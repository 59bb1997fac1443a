"""Which demand point owns each pixel: squares for cells, discs for points, so that a map is one look-up per pixel."""

from __future__ import annotations

from typing import Final

import numpy as np

from lifezone.model import Demand
from lifezone.report.maps.inks import BARE
from lifezone.report.maps.paper import Frame

__all__ = ["codes_of", "owners"]

_MOST_RADIUS: Final = 6.0
_LEAST_RADIUS: Final = 2.0
_SHARE_COVERED: Final = 0.15


def owners(frame: Frame, demand: Demand) -> np.ndarray:
    """Return i32[h, w] the position of the demand point drawn at each pixel, −1 = none.

    Cells are drawn as squares of their true size, at least one pixel; points as discs of one size that leaves most of
    the map free. Where they overlap, the one with more people is on top.
    """
    owner = np.full((frame.height, frame.width), -1, dtype=np.int32)
    rank = np.argsort(demand.total, kind="stable")
    x, y = frame.pixels(demand.x_m[rank], demand.y_m[rank])
    if demand.cells and demand.cell_m > 0:
        half = demand.cell_m / frame.metres / 2
        left, top = np.rint(x - half).astype(np.int64), np.rint(y - half).astype(np.int64)
        right = np.maximum(np.rint(x + half).astype(np.int64), left + 1)
        bottom = np.maximum(np.rint(y + half).astype(np.int64), top + 1)
        radius = np.inf
    else:
        room = frame.width * frame.height * _SHARE_COVERED / max(len(rank), 1)
        radius = float(np.clip(np.sqrt(room / np.pi), _LEAST_RADIUS, _MOST_RADIUS))
        left, top = np.floor(x - radius).astype(np.int64), np.floor(y - radius).astype(np.int64)
        right, bottom = np.ceil(x + radius).astype(np.int64) + 1, np.ceil(y + radius).astype(np.int64) + 1
    left, right = np.clip(left, 0, frame.width), np.clip(right, 0, frame.width)
    top, bottom = np.clip(top, 0, frame.height), np.clip(bottom, 0, frame.height)
    _stamp(owner, rank, (left, top, right, bottom), (x, y, radius))
    return owner


def codes_of(owner: np.ndarray, codes: np.ndarray) -> np.ndarray:
    """Return u8[h, w] the code of each pixel's demand point, :data:`BARE` where there is none."""
    coloured: np.ndarray = np.append(codes, np.uint8(BARE)).astype(np.uint8)[owner]
    return coloured


def _stamp(
    owner: np.ndarray,
    rank: np.ndarray,
    box: tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray],
    disc: tuple[np.ndarray, np.ndarray, float],
) -> None:
    """Write each point's position into the pixels of its box that lie within its disc; later points win."""
    left, top, right, bottom = box
    width = right - left
    area = width * (bottom - top)
    point = np.repeat(np.arange(len(rank)), area)
    within = np.arange(len(point)) - np.repeat(np.cumsum(area) - area, area)
    column = left[point] + within % np.maximum(width, 1)[point]
    row = top[point] + within // np.maximum(width, 1)[point]
    x, y, radius = disc
    if np.isfinite(radius):
        inside = (column + 0.5 - x[point]) ** 2 + (row + 0.5 - y[point]) ** 2 <= radius**2
        point, column, row = point[inside], column[inside], row[inside]
    owner[row, column] = rank[point]
