"""What is known of every district in every edition: the table that monitoring is about.

D districts, those of one edition; E editions in the order of their dates; I indicators. Every number says what it was
divided by, and every missing number why it is missing.
"""

from __future__ import annotations

from dataclasses import dataclass, field, fields, replace
from enum import IntEnum
from typing import TYPE_CHECKING, Any, Final, Literal

import numpy as np

from lifezone.model import Bools, Floats, Ints

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Classes", "Direction", "EditionInfo", "IndicatorInfo", "MonitorGroup", "NotComputed", "Series", "Why"]

MonitorGroup = Literal["status", "policy", "perception"]
"""The three kinds of monitoring."""
Direction = Literal["more", "less", "neither"]
"""Whether more of an indicator is better, less is, or neither."""
NO_CLASS: Final = -1
_UNITS_KO: Final = {
    "people": "명", "% a year": "연 %", "points a year": "연 %p", "per 100": "100명당", "per 1,000 people": "1,000명당",
    "the table's unit per person": "표의 단위/명", "points": "%p",
}  # fmt: skip
"""Units of the packaged indicators in Korean."""


class Why(IntEnum):
    """Why a number is missing; :attr:`COMPUTED` where it is there."""

    COMPUTED = 0
    NOT_GIVEN = 1
    """No table of this edition tells what is needed."""
    NO_ROW = 2
    """The tables have no row for this district."""
    EMPTY_CELL = 3
    """A cell of this district is empty."""
    ZERO_DENOMINATOR = 4
    """Nobody, or nothing, to divide by."""
    NOT_REBASED = 5
    """The district's border or code changed, and no weights say how its figures are to be divided."""
    NO_EARLIER_EDITION = 6
    """A change needs an edition before this one."""
    NO_CENTRE = 7
    """Told of centres (or of their neighbours) alone, and this district is none."""
    NOT_JUDGED = 8
    """Nobody of the group is judged there."""
    TOO_FEW = 9
    """Too few parts (cells, tracts, classes) to measure by."""
    PART_ABOVE_WHOLE = 10
    """A part is larger than its whole: a slip in the data."""


@dataclass(frozen=True)
class Classes:
    """Classes of an indicator's values, from the lowest values to the highest.

    Attributes:
        breaks: K − 1 bounds, ascending; a value equal to a bound belongs to the class above it.
        ko: K Korean names.
        en: K English names.
        alarming: how many classes, counted from the worse end, an early warning is about.
    """

    breaks: tuple[float, ...]
    ko: tuple[str, ...]
    en: tuple[str, ...]
    alarming: int = 1

    def of(self, value: Floats) -> Ints:
        """Return i32 the class of each value, −1 where it is NaN."""
        found = np.searchsorted(np.array(self.breaks), value + 1e-12, side="right").astype(np.int32)
        classes: Ints = np.where(np.isnan(value), NO_CLASS, found).astype(np.int32)
        return classes


@dataclass(frozen=True)
class EditionInfo:
    """One edition: its name (often a year) and the ISO date of its figures."""

    name: str
    date: str


@dataclass(frozen=True)
class IndicatorInfo:
    """What is told of an indicator.

    Attributes:
        id: unique; parts of a family carry theirs after a colon: ``coverage:clinic_car``.
        ko: Korean name.
        en: English name.
        unit: unit of the value, ``""`` for a plain ratio.
        group: status, policy or perception.
        direction: whether more is better, less is, or neither.
        formula: how it is computed, in words.
        source: where the definition comes from; says so where it is ours.
        missing: the rule for missing data.
        classes: classes of its values, or None.
        decimals: digits after the point that are worth showing.
        additive: whether districts add up to their whole (counts), rather than being ratios.
        about: ``district`` in general; ``centre`` where only centres have it.
        sampled: whether it comes from a sample, so that it has standard errors.
        sticky: a class changes between editions only when the value moves by more than this (D4); 0 = at once.
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
    classes: Classes | None = None
    decimals: int = 1
    additive: bool = False
    about: Literal["district", "centre"] = "district"
    sampled: bool = False
    sticky: float = 0.0

    @property
    def family(self) -> str:
        """The id without the part after the colon."""
        return self.id.partition(":")[0]

    def said(self, language: str) -> str:
        """Return the name in a language."""
        return self.ko if language == "ko" else self.en

    def unit_in(self, language: str) -> str:
        """Return the unit in a language; a unit of a study's own stays as it is written."""
        return _UNITS_KO.get(self.unit, self.unit) if language == "ko" else self.unit


@dataclass(frozen=True)
class NotComputed:
    """An indicator, or a whole subject, that is not computed, and why.

    Attributes:
        indicator: its id.
        ko: Korean name.
        en: English name.
        edition: name of the edition, empty = in none.
        needs: what is not given: figures, tables, columns.
        reason_ko: the reason as a sentence in Korean.
        reason_en: and in English.
    """

    indicator: str
    ko: str
    en: str
    edition: str
    needs: str
    reason_ko: str
    reason_en: str


@dataclass(frozen=True, eq=False)
class Series:
    """Districts × editions × indicators.

    Attributes:
        ids: D ids of the districts that everything is told by, unique.
        name: D names.
        name_en: D English names (the same as ``name`` where none is known).
        editions: E editions, oldest first.
        indicators: I indicators.
        value: f64[D, E, I], NaN where not computable.
        numerator: f64[D, E, I], NaN where there is none.
        denominator: f64[D, E, I], NaN where there is none.
        why: i8[D, E, I] :class:`Why` a value is missing.
        klass: i32[D, E, I] class of the value (position in ``Classes.ko``), −1 = none. Where an indicator's class
            sticks (D4: it changes only when the share moves by more than two points) it is not that of the value alone.
        standard_error: f64[D, E, I], NaN where nothing was sampled.
        whole: f64[E, I] of all districts together, computed from their sums, never a mean of districts.
        boundary: bool[D, E, I] whether uncertain verdicts alone could give another class (D4, D6); None = nowhere.
        centre: i32[D] the district that is this one's centre, itself for a centre, −1 = it belongs to none.
        polygon: D shapely polygons in ``crs``, or None.
        crs: metric CRS of the polygons, empty without them.
        not_computed: what is not there, and why.
        notes: what was assumed or left out while reading.
    """

    ids: tuple[str, ...]
    name: tuple[str, ...]
    name_en: tuple[str, ...]
    editions: tuple[EditionInfo, ...]
    indicators: tuple[IndicatorInfo, ...]
    value: Floats
    numerator: Floats
    denominator: Floats
    why: np.ndarray
    klass: Ints
    standard_error: Floats
    whole: Floats
    centre: Ints
    polygon: np.ndarray | None = None
    crs: str = ""
    not_computed: tuple[NotComputed, ...] = ()
    notes: tuple[str, ...] = field(default=())
    boundary: Bools | None = None

    def __post_init__(self) -> None:
        """Check the shapes: a wrong one is a slip of ours."""
        shape = (len(self.ids), len(self.editions), len(self.indicators))
        for one in fields(self):
            array = getattr(self, one.name)
            is_cube = one.name in ("value", "numerator", "denominator", "why", "klass", "standard_error")
            if is_cube and array.shape != shape:
                raise ValueError(f"{one.name} has shape {array.shape}, not {shape}")
        if self.whole.shape != shape[1:] or self.centre.shape != shape[:1]:
            raise ValueError("whole is E × I and centre is D")
        if (np.isnan(self.value) != (self.why != Why.COMPUTED)).any():
            raise ValueError("a value is there or a reason is, never both")

    @property
    def is_boundary(self) -> Bools:
        """bool[D, E, I] whether the class is one of a boundary."""
        return np.zeros(self.value.shape, np.bool_) if self.boundary is None else self.boundary

    def at(self, indicator: str) -> int:
        """Return the position of an indicator by its id; raises KeyError."""
        for position, one in enumerate(self.indicators):
            if one.id == indicator:
                return position
        raise KeyError(indicator)

    def has(self, indicator: str) -> bool:
        """Whether an indicator is there."""
        return any(one.id == indicator for one in self.indicators)

    def of(self, indicator: str) -> Floats:
        """Return f64[D, E] values of an indicator."""
        values: Floats = self.value[:, :, self.at(indicator)]
        return values

    def name_of(self, district: int, language: str) -> str:
        """Return a district's name in a language."""
        return (self.name if language == "ko" else self.name_en)[district]

    def joined(self, other: Series) -> Series:
        """Return this series with the indicators of another of the same districts and editions after its own.

        For what another room adds, such as the indicators of a survey.

        Raises:
            ValueError: districts or editions differ.
        """
        if (self.ids, self.editions) != (other.ids, other.editions):
            raise ValueError("only series of the same districts and editions can be joined")
        stacked: dict[str, Any] = {
            name: np.concatenate([getattr(self, name), getattr(other, name)], axis=-1)
            for name in ("value", "numerator", "denominator", "why", "klass", "standard_error", "whole")
        }
        stacked["boundary"] = np.concatenate([self.is_boundary, other.is_boundary], axis=-1)
        return replace(
            self, indicators=(*self.indicators, *other.indicators),
            not_computed=(*self.not_computed, *other.not_computed), notes=(*self.notes, *other.notes), **stacked,
        )  # fmt: skip

    def frame(self) -> pd.DataFrame:
        """Return one row for each indicator, district and edition, as ``indicators.csv`` has them."""
        import pandas as pd  # noqa: PLC0415

        n_districts, n_editions, n_indicators = self.value.shape
        indicator, district, edition = (
            part.ravel() for part in np.meshgrid(
                np.arange(n_indicators), np.arange(n_districts), np.arange(n_editions), indexing="ij")
        )  # fmt: skip
        cell = (district, edition, indicator)
        return pd.DataFrame({
            "indicator": np.array([one.id for one in self.indicators], dtype=object)[indicator],
            "district": np.array(self.ids, dtype=object)[district],
            "name": np.array(self.name, dtype=object)[district],
            "edition": np.array([one.name for one in self.editions], dtype=object)[edition],
            "date": np.array([one.date for one in self.editions], dtype=object)[edition],
            "value": self.value[cell], "unit": np.array([one.unit for one in self.indicators], dtype=object)[indicator],
            "group": np.array([one.group for one in self.indicators], dtype=object)[indicator],
            "numerator": self.numerator[cell], "denominator": self.denominator[cell],
            "standard_error": self.standard_error[cell], "class": self._class_names()[cell],
            "boundary": np.where(self.klass[cell] == NO_CLASS, "", np.where(self.is_boundary[cell], "true", "false")),
            "reason": np.array([one.name.lower() if one else "" for one in Why], dtype=object)[self.why[cell]],
        })  # fmt: skip

    def _class_names(self) -> np.ndarray:
        """Return object[D, E, I] English class names, empty where there is no class."""
        names = np.full(self.value.shape, "", dtype=object)
        for at, one in enumerate(self.indicators):
            if one.classes is not None:
                known = np.array([*one.classes.en, ""], dtype=object)
                names[:, :, at] = known[self.klass[:, :, at]]
        return names
