"""How far two groups live apart within each district, by its places (cells, tracts).

With a, b, t people of the group, others and all in a place, and A, B their sums over the district:

(1)  dissimilarity  D = ½ Σ |a ÷ A − b ÷ B|        (Duncan and Duncan 1955)
(2)  isolation      P = Σ (a ÷ A)(a ÷ t)           (Bell 1954, Lieberson 1981)

Both rest on how finely places are cut: compare districts and years only by places of one size.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from lifezone.model import Floats, Ints
from lifezone.monitor.counts import UnitTable
from lifezone.monitor.indicator import Found, found
from lifezone.monitor.series import Why

__all__ = ["dissimilarity", "isolation"]

_LEAST_PLACES: Final = 2
_SLACK: Final = 1e-9


def dissimilarity(places: UnitTable, part: Floats, whole: Floats, n_districts: int) -> Found:
    """Return the dissimilarity of a group and all others, equation (1).

    Args:
        places: u places and their districts.
        part: f64[u] people of the group.
        whole: f64[u] everybody.
        n_districts: D.

    Returns:
        Found with A as numerator and A + B as denominator.
    """
    at, why = _usable(places, part, whole, n_districts)
    district, a, b = places.district[at], part[at], (whole - part)[at]
    sum_a, sum_b = (_sums(district, people, n_districts) for people in (a, b))
    why = np.where((why == Why.COMPUTED) & ((sum_a <= 0) | (sum_b <= 0)), Why.ZERO_DENOMINATOR, why)
    with np.errstate(divide="ignore", invalid="ignore"):
        apart = np.abs(a / sum_a[district] - b / sum_b[district])
    value = _sums(district, apart, n_districts) / 2
    return found(value, why, numerator=sum_a, denominator=sum_a + sum_b)


def isolation(places: UnitTable, part: Floats, whole: Floats, n_districts: int) -> Found:
    """Return the isolation of a group, equation (2); arguments as of :func:`dissimilarity`."""
    at, why = _usable(places, part, whole, n_districts)
    district, a, t = places.district[at], part[at], whole[at]
    sum_a = _sums(district, a, n_districts)
    why = np.where((why == Why.COMPUTED) & (sum_a <= 0), Why.ZERO_DENOMINATOR, why)
    with np.errstate(divide="ignore", invalid="ignore"):
        alone = a / sum_a[district] * (a / t)
    value = _sums(district, alone, n_districts)
    return found(value, why, numerator=sum_a, denominator=_sums(district, t, n_districts))


def _usable(places: UnitTable, part: Floats, whole: Floats, n_districts: int) -> tuple[Ints, np.ndarray]:
    """Return positions of places with people, and i8[D] why a district cannot be measured."""
    why = places.why.copy()
    inside = places.district >= 0

    def mark(rows: np.ndarray, reason: Why) -> None:
        bad = np.unique(places.district[rows & inside])
        why[bad[why[bad] == Why.COMPUTED]] = reason

    mark(np.isnan(part) | np.isnan(whole), Why.EMPTY_CELL)
    mark(part > whole * (1 + _SLACK), Why.PART_ABOVE_WHOLE)
    at = np.flatnonzero(inside & (whole > 0) & np.isfinite(part)).astype(np.int32)
    few = np.bincount(places.district[at], minlength=n_districts) < _LEAST_PLACES
    why[few & (why == Why.COMPUTED)] = Why.TOO_FEW
    return at, why


def _sums(district: Ints, values: Floats, n_districts: int) -> Floats:
    return np.bincount(district, values, minlength=n_districts).astype(np.float64)
