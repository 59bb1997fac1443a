"""Bounds that a warning is about: classes of indicators and a study's own thresholds, in one form."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np
from pydantic import Field, model_validator

from lifezone.model import Ints
from lifezone.monitor.series import NO_CLASS, Classes, Series
from lifezone.spec import Spec

__all__ = ["Bounds", "ThresholdSpec", "WarningsSpec", "bounds_of"]

_STATES: Final = ("within", "beyond")


class ThresholdSpec(Spec):
    """A figure from which on the study warns."""

    indicator: str = Field(description="Id of the indicator, e.g. elderly_share or coverage:clinic_car")
    at_least: float | None = Field(None, allow_inf_nan=False, description="Warn from this value on")
    below: float | None = Field(None, allow_inf_nan=False, description="Warn below this value")
    ko: str = Field("", description="What it is called in Korean")
    en: str = Field("", description="What it is called in English")

    @model_validator(mode="after")
    def _one_side(self) -> ThresholdSpec:
        """Ask for one side."""
        if (self.at_least is None) == (self.below is None):
            raise ValueError("give at_least or below, one of the two")
        return self


class WarningsSpec(Spec):
    """What an early warning is given for."""

    thresholds: list[ThresholdSpec] = Field(default_factory=list, description="Figures of your own, beside the classes")
    horizon_years: float = Field(10, gt=0, le=50, description="How far ahead a trend may reach its bound to be told")
    editions: int = Field(5, ge=3, description="Newest editions that a trend is drawn through, three or more")


@dataclass(frozen=True, eq=False)
class Bounds:
    """Classes of one indicator over D districts and E editions.

    Attributes:
        indicator: its position in the series.
        breaks: K − 1 bounds, ascending; a value on one is above it.
        ko: K Korean names, from the lowest values.
        en: K English names.
        worse: which end is the worse one, or None where neither is.
        alarming: classes counted from the worse end that a warning stays on.
        klass: i32[D, E] class of each value, −1 = none.
        threshold: whether it is the study's own.
    """

    indicator: int
    breaks: tuple[float, ...]
    ko: tuple[str, ...]
    en: tuple[str, ...]
    worse: Literal["low", "high"] | None
    alarming: int
    klass: Ints
    threshold: bool = False

    def gravity(self, klass: int) -> int:
        """Return how bad a class is: 0 = best; where neither end is worse, its position."""
        return len(self.breaks) - klass if self.worse == "low" else klass

    def is_alarming(self, klass: int) -> bool:
        """Tell whether a class is one that a warning stays on."""
        return self.worse is not None and klass != NO_CLASS and self.gravity(klass) > len(self.breaks) - self.alarming


def bounds_of(series: Series, thresholds: Sequence[ThresholdSpec]) -> list[Bounds]:
    """Return the classes of all indicators that have some, then the thresholds of those that are there."""
    worse: dict[str, Literal["low", "high"] | None] = {"more": "low", "less": "high", "neither": None}
    found = [
        Bounds(at, info.classes.breaks, info.classes.ko, info.classes.en, worse[info.direction], info.classes.alarming,
               series.klass[:, :, at])
        for at, info in enumerate(series.indicators)
        if info.classes is not None
    ]  # fmt: skip
    for one in thresholds:
        if not series.has(one.indicator):
            continue
        at, bound = series.at(one.indicator), one.at_least if one.below is None else one.below
        names = (one.ko or one.en, one.en or one.ko) if one.ko or one.en else _STATES[1:] * 2
        within = ("기준 이내", _STATES[0])
        ko, en = ((a, b) if one.below is None else (b, a) for a, b in zip(within, names, strict=True))
        classes = Classes((float(bound or 0.0),), ko, en)
        klass = np.stack([classes.of(series.value[:, edition, at]) for edition in range(len(series.editions))], axis=1)
        found.append(Bounds(at, classes.breaks, ko, en, "high" if one.below is None else "low", 1, klass, True))
    return found
