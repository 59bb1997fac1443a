"""What an edition is made of: figures, counts by category, flows, places, and what a run tells; counts alone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Final

import numpy as np

from lifezone.model import Floats, Ints
from lifezone.monitor.indicator import Reasoned

__all__ = ["ALL_MET", "Column", "Composition", "FlowTable", "RunResult", "UnitTable"]

ALL_MET: Final = "all_requirements"
"""Stands for people of whom every requirement is met."""


@dataclass(frozen=True, eq=False)
class Column:
    """One figure of D districts.

    Attributes:
        value: f64[D], NaN where missing.
        why: i8[D] :class:`Why`.
        total: sum over the study; NaN where a district is missing. Known even where a split district is not.
    """

    value: Floats
    why: np.ndarray
    total: float


@dataclass(frozen=True, eq=False)
class Composition:
    """Counts by category, such as workers by industry.

    Attributes:
        categories: K keys.
        labels: K labels as people read them.
        columns: K figures.
        bounds: f64[K, 2] lowest and highest value of each class (inf = open), or None where they are no classes.
        means: f64[K] mean value of each class where it is told, NaN elsewhere.
    """

    categories: tuple[str, ...]
    labels: tuple[str, ...]
    columns: tuple[Column, ...]
    bounds: Floats | None = None
    means: Floats | None = None

    @cached_property
    def counts(self) -> Reasoned:
        """f64[D, K] counts and i8[D] reasons; a district with one missing category is missing."""
        value = np.column_stack([one.value for one in self.columns])
        why = np.stack([one.why for one in self.columns], axis=1).max(axis=1)
        return value, why

    @property
    def totals(self) -> Floats:
        """f64[K] counts over the study."""
        return np.array([one.total for one in self.columns])


@dataclass(frozen=True, eq=False)
class FlowTable:
    """People who go between districts; the last row and column stand for everywhere else.

    Attributes:
        people: f64[D + 1, D + 1] from row to column.
        why: i8[D] NOT_REBASED where a district was split, NO_ROW where no flow names it.
    """

    people: Floats
    why: np.ndarray

    @property
    def crossing_in(self) -> Floats:
        """f64[D] people who come in from other districts and from elsewhere."""
        sums: Floats = self.people.sum(axis=0) - np.diag(self.people)
        return sums[:-1]

    @property
    def crossing_out(self) -> Floats:
        """f64[D] people who go out."""
        sums: Floats = self.people.sum(axis=1) - np.diag(self.people)
        return sums[:-1]


@dataclass(frozen=True, eq=False)
class UnitTable:
    """Places within districts: tracts, cells of a grid.

    Attributes:
        district: i32[u] district of each, −1 = none of the study.
        counts: figure → f64[u].
        why: i8[D] NOT_REBASED where places cannot be told apart, NO_ROW where there is none.
        cell_m: side of the cells, 0 where places are no grid.
        x_m: f64[u] easting of each cell's middle, NaN where places are no grid.
        y_m: f64[u] northing.
    """

    district: Ints
    counts: Mapping[str, Floats]
    why: np.ndarray
    cell_m: float = 0.0
    x_m: Floats | None = None
    y_m: Floats | None = None


@dataclass(frozen=True, eq=False)
class RunResult:
    """What a run tells of districts.

    Attributes:
        coverage: requirement → (judged, covered) people of its group; :data:`ALL_MET` among them where cells are there.
        names: requirement → names in Korean and English.
        modelled: what of the run is modelled, so that nothing may be classed by it; empty = nothing.
        left_out: requirements that no class may rest on, since the numbers of their group are estimated.
        notes: what to tell.
        rules: requirement → its bound, mode and group as a text: what must be the same for editions to compare.
        bounds: requirement → people covered with all uncertain verdicts unmet, and with all of them met (D6).
    """

    coverage: Mapping[str, tuple[Column, Column]]
    names: Mapping[str, tuple[str, str]]
    modelled: str = ""
    left_out: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    rules: Mapping[str, str] = field(default_factory=dict)
    bounds: Mapping[str, tuple[Column, Column]] = field(default_factory=dict)
