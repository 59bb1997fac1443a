"""What an indicator is: one small value with a formula, and what it is computed from.

An indicator asks an :class:`Edition` for figures by name and gets counts of every district; it divides at the very end,
so that a ratio of re-based districts is made of re-based parts.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final, Literal

import numpy as np

from lifezone.model import Bools, Floats, Ints
from lifezone.monitor.series import Classes, Direction, IndicatorInfo, MonitorGroup, Why

if TYPE_CHECKING:
    from lifezone.monitor.edition import Edition

__all__ = [
    "Found", "Indicator", "NotGiven", "Part", "Reasoned", "added", "difference", "found", "growth", "ratio", "share",
    "yearly_growth",
]  # fmt: skip

Reasoned = tuple[Floats, np.ndarray]
"""f64[D] figures and i8[D] :class:`Why` they are missing."""
_SLACK: Final = 1e-9


class NotGiven(Exception):  # noqa: N818  (no error: a message from an edition to whoever asked it)
    """An edition cannot tell a figure; ``needs`` names what is missing."""

    def __init__(self, needs: str) -> None:
        super().__init__(needs)
        self.needs = needs


@dataclass(frozen=True, eq=False)
class Found:
    """One indicator of D districts in one edition.

    Attributes:
        value: f64[D], NaN where not computable.
        why: i8[D] :class:`Why`; where ``value`` is there it is COMPUTED.
        numerator: f64[D], NaN where there is none.
        denominator: f64[D], NaN where there is none.
        standard_error: f64[D], NaN where nothing was sampled.
        boundary: bool[D] whether uncertain verdicts alone could give another class (D4); None = no such verdicts.
        klass: i32[D] class where it does not follow from the value alone, −1 = none; None = it does.
    """

    value: Floats
    why: np.ndarray
    numerator: Floats
    denominator: Floats
    standard_error: Floats
    klass: Ints | None = None
    boundary: Bools | None = None

    @property
    def parts(self) -> Reasoned:
        """The value and why it is missing, as a figure is told: what can be divided again."""
        return self.value, self.why


@dataclass(frozen=True)
class Part:
    """One member of a family of indicators: its key, and what it is called in both languages."""

    key: str
    ko: str
    en: str


Compute = Callable[["Edition"], "Found | Mapping[Part, Found]"]


@dataclass(frozen=True)
class Indicator:
    """One indicator; fields as in :class:`lifezone.monitor.series.IndicatorInfo`, and:

    Attributes:
        needs: the figures, tables or results that it asks for, as :mod:`lifezone.monitor.figures` names them.
        compute: edition → what was found; raises :class:`NotGiven` where the edition does not tell what is needed.
            An edition knows the one before it.
        sticky: a class changes between editions only when the value moves by more than this (D4).
    """

    id: str
    ko: str
    en: str
    unit: str
    group: MonitorGroup
    direction: Direction
    formula: str
    source: str
    missing: str
    needs: tuple[str, ...]
    compute: Compute
    classes: Classes | None = None
    decimals: int = 1
    additive: bool = False
    about: Literal["district", "centre"] = "district"
    sticky: float = 0.0

    def info(self, part: Part | None = None) -> IndicatorInfo:
        """Return what is told of it, or of one part of its family."""
        own = IndicatorInfo(
            self.id, self.ko, self.en, self.unit, self.group, self.direction, self.formula, self.source, self.missing,
            self.classes, self.decimals, self.additive, self.about, sticky=self.sticky,
        )  # fmt: skip
        if part is None:
            return own
        return replace(
            own, id=f"{self.id}:{part.key}", ko=f"{self.ko}: {part.ko}", en=f"{self.en}: {part.en}"
        )  # fmt: skip


def found(
    value: Floats, why: np.ndarray, *, numerator: Floats | None = None, denominator: Floats | None = None
) -> Found:  # fmt: skip
    """Return a finding; a value that is missing without a reason gets one, a value with a reason loses the value.

    Args:
        value: f64[D].
        why: i8[D] reasons of missing parts.
        numerator: f64[D] or None.
        denominator: f64[D] or None.
    """
    none = np.full(len(value), np.nan)
    value = np.where(np.isfinite(value) & (why == Why.COMPUTED), value, np.nan)
    why = np.where(np.isnan(value) & (why == Why.COMPUTED), Why.EMPTY_CELL, why).astype(np.int8)
    return Found(
        value, why, none if numerator is None else numerator, none if denominator is None else denominator, none
    )


def ratio(
    above: Reasoned, below: Reasoned, *, scale: float = 1.0
) -> Found:  # fmt: skip
    """Divide one figure by another, times ``scale``; nothing divided by nothing is missing, never 0 and never endless.

    Args:
        above: f64[D] counts and i8[D] reasons where they are missing, as :meth:`Edition.figure` gives them.
        below: likewise.
        scale: 100 for per cent, 1,000 for per mille.
    """
    (top, why_top), (bottom, why_bottom) = above, below
    why = np.where(why_top != Why.COMPUTED, why_top, why_bottom)
    zero = (why == Why.COMPUTED) & (bottom == 0)
    with np.errstate(divide="ignore", invalid="ignore"):
        value = np.where(zero, np.nan, top / bottom * scale)
    return found(value, np.where(zero, Why.ZERO_DENOMINATOR, why), numerator=top, denominator=bottom)


def added(*parts: Reasoned) -> Reasoned:
    """Add figures up; missing where one is."""
    why = np.max([why for _, why in parts], axis=0).astype(np.int8)
    return np.sum([value for value, _ in parts], axis=0), why


def share(part: Reasoned, whole: Reasoned) -> Found:
    """Return a share in per cent; a part above its whole is a slip in the data and no share."""
    one = ratio(part, whole, scale=100.0)
    above = one.value > 100.0 * (1 + _SLACK)
    why = np.where(above, Why.PART_ABOVE_WHOLE, one.why)
    return found(one.value, why, numerator=one.numerator, denominator=one.denominator)


def growth(now: Reasoned, earlier: Reasoned) -> Found:
    """Return how much a figure grew, in per cent of what it was."""
    return ratio(difference(now, earlier).parts, earlier, scale=100.0)


def yearly_growth(now: Reasoned, earlier: Reasoned, years: float) -> Found:
    """Return compound growth a year in per cent: ((now ÷ earlier)^(1 ÷ years) − 1) × 100."""
    (value, _), (before, _) = now, earlier
    one = ratio(now, earlier)
    rate = (np.power(one.value, 1.0 / years) - 1.0) * 100.0
    return found(rate, one.why, numerator=value, denominator=before)


def difference(now: Reasoned, earlier: Reasoned, *, scale: float = 1.0) -> Found:
    """Return what was added to a figure; its parts are now and earlier."""
    (value, why), (before, why_before) = now, earlier
    reason = np.where(why != Why.COMPUTED, why, why_before)
    return found((value - before) * scale, reason, numerator=value, denominator=before)
