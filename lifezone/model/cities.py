"""Classes of cities, by rule and by likeness."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal

from lifezone.model.arrays import Floats, Ints

__all__ = ["CITY_CLASSES", "CityClass", "CityClassName", "CityClasses", "Clusters"]

CityClassName = Literal["growth_centre", "industrial", "small", "not_classified"]
CITY_CLASSES: Final[tuple[CityClassName, ...]] = ("growth_centre", "industrial", "small", "not_classified")


@dataclass(frozen=True)
class CityClass:
    """The class of one city.

    Attributes:
        name: one of :data:`CITY_CLASSES`.
        reasons: (cut, figure, limit) that decided, in order.
        close: cuts that a small change would cross.
        scale: ``small``, ``medium`` or ``large``.
        trend: ``growing``, ``stable``, ``shrinking``, or ``unknown``.
    """

    name: CityClassName
    reasons: tuple[tuple[str, float, float], ...]
    close: tuple[str, ...]
    scale: str
    trend: str


@dataclass(frozen=True, eq=False)
class Clusters:
    """Groups of N cities.

    Attributes:
        label: i32[N] group, 0 … K−1, the largest first (ties: the one with the first city); −1 = a figure is unknown.
        silhouette: f64[N] how well the city fits its group, −1 … 1; NaN = not grouped or alone.
        stability: f64[K] mean Jaccard likeness in resamples.
        centre: f64[K, F] mean of the figures as given.
        tried: mean silhouette by number of groups.
    """

    label: Ints
    silhouette: Floats
    stability: Floats
    centre: Floats
    tried: dict[int, float]


@dataclass(frozen=True, eq=False)
class CityClasses:
    """The classes of C cities.

    Attributes:
        ids: C ids, ascending.
        name: C names.
        name_en: C English names.
        people: f64[C].
        classes: C classes by rule.
        figures: f64[C] of what decided and of what was compared: ``change``, ``industry_share``, ``industry_lq``,
            ``diversity`` and others; NaN = not known.
        top_sector: C names of the sector with the largest location quotient, empty = jobs not known.
        clusters: groups by likeness, or None.
        compared: names of the figures that groups were made of.
        cuts: name of each cut and its value.
    """

    ids: tuple[str, ...]
    name: tuple[str, ...]
    name_en: tuple[str, ...]
    people: Floats
    classes: tuple[CityClass, ...]
    figures: Mapping[str, Floats]
    top_sector: tuple[str, ...]
    clusters: Clusters | None
    compared: tuple[str, ...]
    cuts: Mapping[str, float]
