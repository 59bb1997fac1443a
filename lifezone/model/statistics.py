"""What tables tell of units such as ri, eup and myeon, or districts: shares that no travel time can tell."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from lifezone.model.arrays import Floats, Ints, check_length

__all__ = ["Statistic"]


@dataclass(frozen=True, eq=False)
class Statistic:
    """One column of a table over U units.

    Attributes:
        name: what it is called in the scenario.
        unit: what a row is: ``ri``, ``eup_myeon``, ``district``.
        ids: U names of the units, may be empty texts.
        district: i32[U] position in the study's districts.
        value: f64[U] the figure, yes = 1 and no = 0, NaN = not known.
        weight: f64[U] people or households of the unit, 1 where the table gives none.
        source: the file.
    """

    name: str
    unit: str
    ids: np.ndarray
    district: Ints
    value: Floats
    weight: Floats
    source: str = ""

    def __post_init__(self) -> None:
        """Check lengths."""
        check_length("statistic", len(self.ids), district=self.district, value=self.value, weight=self.weight)
