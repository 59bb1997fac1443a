"""How far below the bound people are: the Foster–Greer–Thorbecke family over travel times (D2).

(1)  g = max(0, 1 − bound / t), and g = 1 where nothing is reachable
(2)  FGT_a = Σ people · g^a / Σ people for a > 0
(3)  FGT_0 = Σ people with g > 0 / Σ people, the share unmet

Reference: Foster, Greer, Thorbecke (1984), Econometrica 52: 761–766, with travel time in the place of income: as a
longer time is worse, the gap is 1 − bound/t, where theirs is 1 − income/line.
"""

from __future__ import annotations

import numpy as np

from lifezone.model import Floats

__all__ = ["TOLERANCE", "depth", "fgt", "within"]

TOLERANCE = 1e-9
"""Relative slack of an inclusive bound: sums of many float64 edges may end a hair above it."""


def within(value: Floats, bound: float | Floats) -> np.ndarray:
    """Return bool[n] where ``value`` (seconds or metres, as the bound) is within the inclusive bound."""
    return np.asarray(value <= bound * (1.0 + TOLERANCE))


def depth(value: Floats, bound: float | Floats) -> Floats:
    """Return f64[n] the depth g of equation (1): 0 within the bound, 1 unreachable, NaN where ``value`` is NaN.

    Args:
        value: f64[n] seconds or metres, ``inf`` = unreachable.
        bound: in the same unit, above 0; one, or f64[n] where it differs from point to point.
    """
    gap = 1.0 - bound / np.maximum(value, bound)  # the maximum in (1) taken inside: no division by 0
    return np.where(within(value, bound), 0.0, gap)


def fgt(depths: Floats, people: Floats, alpha: int) -> float | None:
    """Return FGT_alpha of equations (2) and (3), None where nobody is judged.

    Args:
        depths: f64[n] depth g; NaN = not judged, left out.
        people: f64[n] people ≥ 0.
        alpha: 0 (share unmet), 1 (mean depth) or 2 (severity).
    """
    judged = ~np.isnan(depths)
    weight = people[judged]
    total = float(weight.sum())
    if total <= 0:
        return None
    gap = depths[judged]
    measure = (gap > 0).astype(np.float64) if alpha == 0 else gap**alpha
    return float((weight * measure).sum() / total)
