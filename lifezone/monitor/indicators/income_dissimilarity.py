"""How far low-income people live apart from others within a district (Duncan)."""

from __future__ import annotations

from lifezone.monitor.edition import Edition
from lifezone.monitor.indicator import Found, Indicator
from lifezone.monitor.segregation import dissimilarity

__all__ = ["INDICATOR"]


def _compute(edition: Edition) -> Found:
    return dissimilarity(*edition.two_groups("low_income"), edition.n_districts)


INDICATOR = Indicator(
    id="income_dissimilarity", ko="소득 분리도 (상이지수)", en="Dissimilarity by income",
    unit="", group="status", direction="less",
    formula="½ Σ |a ÷ A − b ÷ B| over the places of the district; a low-income people, b others; 0 alike, 1 "
    "wholly apart",
    source="Duncan and Duncan 1955",
    missing="needs places within districts (cells, tracts) with both counts, two of them with people at least; "
    "missing where one of the two groups is empty, or a place is cut by a change of borders",
    needs=("places:low_income + all",), compute=_compute, decimals=3,
)  # fmt: skip
