"""Local extinction risk by the criticised index's variant: women of 20–44 for each person of 70 and over."""

from __future__ import annotations

from lifezone.monitor.edition import Edition
from lifezone.monitor.indicator import Found, Indicator, ratio
from lifezone.monitor.indicators.extinction_risk import CLASSES

__all__ = ["INDICATOR"]


def _compute(edition: Edition) -> Found:
    return ratio(edition.figure("female 20-44"), edition.figure("70+"))


INDICATOR = Indicator(
    id="extinction_risk_70", ko="지방소멸위험지수 (20–44세/70세 이상)", en="Extinction risk index (20–44 / 70+)",
    unit="", group="status", direction="more",
    formula="women 20–44 ÷ people 70+; classes as of the index with 20–39",
    source="variant named in criticism of the index",
    missing="missing where an age or sex is; where nobody is 70 or over there is no index",
    needs=("female 20-44", "70+"), compute=_compute, classes=CLASSES, decimals=3,
)  # fmt: skip
