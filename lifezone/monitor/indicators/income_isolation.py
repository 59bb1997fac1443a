"""How much low-income people live among themselves within a district."""

from __future__ import annotations

from lifezone.monitor.edition import Edition
from lifezone.monitor.indicator import Found, Indicator
from lifezone.monitor.segregation import isolation

__all__ = ["INDICATOR"]


def _compute(edition: Edition) -> Found:
    return isolation(*edition.two_groups("low_income"), edition.n_districts)


INDICATOR = Indicator(
    id="income_isolation", ko="저소득층 고립도", en="Isolation of low-income people",
    unit="", group="status", direction="less",
    formula="Σ (a ÷ A)(a ÷ t) over the places of the district; a low-income people, t all: the share of low- "
    "income people where one of them lives",
    source="isolation index P* (Bell 1954, Lieberson 1981)",
    missing="as dissimilarity; the share of low-income people in the district is its least value",
    needs=("places:low_income + all",), compute=_compute, decimals=3,
)  # fmt: skip
