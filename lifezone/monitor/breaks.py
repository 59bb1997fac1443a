"""Classes that are the same in all years: an indicator's own, or quantiles of all years together."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from lifezone.model import Floats, Ints
from lifezone.monitor.series import NO_CLASS, IndicatorInfo

__all__ = ["YearClasses", "year_classes"]

_COUNT: Final = 5
_FEW: Final = 2
"""Digits of bounds that are found, counted from the first that differs between them."""


@dataclass(frozen=True)
class YearClasses:
    """Classes for all editions of one indicator.

    Attributes:
        breaks: K − 1 bounds, ascending; a value on a bound belongs to the class above it.
        names: K names by language, or empty where classes are told by their bounds.
        bad: how many classes, from the lowest values on, or from the highest where ``bad_is_low`` is False, lie beyond
            the bound; 0 = no bound tells good from bad.
        bad_is_low: which end is the worse one; None = neither.
        published: whether the bounds are those of the indicator, not found in the figures.
    """

    breaks: tuple[float, ...]
    names_ko: tuple[str, ...]
    names_en: tuple[str, ...]
    bad: int
    bad_is_low: bool | None
    published: bool

    @property
    def count(self) -> int:
        """How many classes there are."""
        return len(self.breaks) + 1

    def of(self, value: Floats) -> Ints:
        """Return i32 the class of each value, −1 where it is NaN."""
        found = np.searchsorted(np.array(self.breaks), value + 1e-12, side="right")
        return np.asarray(np.where(np.isnan(value), NO_CLASS, found), np.int32)


def year_classes(info: IndicatorInfo, value: Floats) -> YearClasses:
    """Return the classes of an indicator, the same for all districts and editions.

    An indicator with classes keeps them. Else bounds lie so that classes hold about equally many figures of all
    editions together (quantiles), rounded; 0 is a bound where figures lie on both sides of it.

    Args:
        info: the indicator.
        value: f64[D, E] its values, NaN where missing.
    """
    bad_is_low = {"more": True, "less": False, "neither": None}[info.direction]
    if info.classes is not None:
        own = info.classes
        bad = own.alarming if bad_is_low is not None else 0
        return YearClasses(tuple(own.breaks), own.ko, own.en, bad, bad_is_low, published=True)
    known = value[~np.isnan(value)]
    breaks = _found(known)
    bad = 0
    if len(known) and known.min() < 0 < known.max():
        nearest = min(breaks, key=abs, default=None)
        breaks = tuple(sorted({*(one for one in breaks if one != nearest), 0.0}))
        below = breaks.index(0.0) + 1
        bad = 0 if bad_is_low is None else below if bad_is_low else len(breaks) + 1 - below
    return YearClasses(breaks, (), (), bad, bad_is_low, published=False)


def _found(known: Floats) -> tuple[float, ...]:
    """Return rounded bounds of classes with about equally many values; fewer where values are few or alike."""
    from mapclassify import Quantiles  # noqa: PLC0415

    different = np.unique(known)
    if len(different) < 2:
        return ()
    upper = np.asarray(Quantiles(known, k=min(_COUNT, len(different))).bins, np.float64)[:-1]
    spread = float(different[-1] - different[0])
    digits = _FEW - 1 - int(np.floor(np.log10(spread)))
    rounded = np.unique(np.round(upper, digits)) + 0.0
    return tuple(float(one) for one in rounded if different[0] < one <= different[-1])
