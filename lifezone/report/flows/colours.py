"""Colours of urban areas: neighbours never alike, told apart by the colour-blind, darker the closer to the centre."""

from __future__ import annotations

from typing import Final

import numpy as np

from lifezone.model.flows import FlowMap
from lifezone.model.urban import UrbanAreas

__all__ = ["HUES", "LINES", "SHADES", "hues_of"]

HUES: Final = (
    ("#1f4e79", "#4f83b6", "#8fb4d9", "#c6daec"),
    ("#7a3e0a", "#bf6f24", "#e3a768", "#f4d9ba"),
    ("#1d6b5c", "#3fa08d", "#86cabc", "#c5e6df"),
    ("#6b2a5b", "#a65a94", "#cf9bc3", "#ead1e4"),
    ("#6d6212", "#a89a2c", "#d2c66d", "#ebe5bd"),
    ("#3d3d7c", "#6f6fb8", "#a9a9db", "#d5d5f0"),
    ("#74262b", "#b3565b", "#d99a9d", "#efd2d3"),
    ("#35551f", "#6a9447", "#a5c58a", "#d5e5c7"),
)
"""Eight hues in four shades: centre, subcentre or closely tied, surrounding, loosely tied."""
SHADES: Final = ("#3b3b3b", "#7d7d7d", "#b4b4b4", "#dcdcdc")
"""The four shades without hue, for legends."""
LINES: Final = ("#b9bcc4", "#e0a35c", "#c25b1c", "#7b1e1e")
"""Ties of 2–5, 5–10, 10–20 and 20 % or more."""
_NEAR: Final = 6
"""Where no shapes are known, areas whose centres are among so many nearest are taken for neighbours."""


def hues_of(found: UrbanAreas, known: FlowMap) -> dict[int, int]:
    """Return the hue of each area by its centre; areas that touch differ as long as eight hues are enough."""
    centres = [one.centre for one in found.areas]
    touching = _touching(found, known, centres)
    hue: dict[int, int] = {}
    order = sorted(range(len(centres)), key=lambda at: (-found.areas[at].residents, centres[at]))
    for turn, at in enumerate(order):
        used = {hue[centres[other]] for other in np.flatnonzero(touching[at]).tolist() if centres[other] in hue}
        free = [number for number in range(len(HUES)) if number not in used]
        choices = free or list(range(len(HUES)))
        hue[centres[at]] = min(choices, key=lambda number: (number - turn) % len(HUES))
    return hue


def _touching(found: UrbanAreas, known: FlowMap, centres: list[int]) -> np.ndarray:
    """Return bool[n, n] which areas touch, or lie near one another."""
    if len(centres) < 2:
        return np.zeros((len(centres), len(centres)), np.bool_)
    member = found.area[:, None] == np.array(centres, np.int64)[None, :]
    if known.neighbours is not None:
        between = member.T.astype(np.int64) @ known.neighbours.astype(np.int64) @ member.astype(np.int64) > 0
    else:
        x, y = known.x_m[centres], known.y_m[centres]
        far = np.nan_to_num(np.hypot(x[:, None] - x[None, :], y[:, None] - y[None, :]))
        between = far <= np.sort(far, axis=1)[:, min(_NEAR, len(centres) - 1)][:, None]
        between = between | between.T
    np.fill_diagonal(between, val=False)
    found_: np.ndarray = between
    return found_
