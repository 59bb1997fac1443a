"""Local extinction risk with women up to 45."""

from __future__ import annotations

from lifezone.monitor.edition import Edition
from lifezone.monitor.indicator import Found, Indicator, ratio
from lifezone.monitor.indicators.extinction_risk import CLASSES

__all__ = ["INDICATOR"]


def _compute(edition: Edition) -> Found:
    return ratio(edition.figure("female 20-45"), edition.figure("65+"))


INDICATOR = Indicator(
    id="extinction_risk_45", ko="지방소멸위험지수 (20–45세)", en="Extinction risk index (20–45)",
    unit="", group="status", direction="more",
    formula="women 20–45 ÷ people 65+; classes as of the index with 20–39",
    source="the newer definition of the monitoring study (women 20–45); the bounds of its classes are those of "
    "the first",
    missing="missing where an age or sex is; of five-year classes a fifth of 45–49 is taken",
    needs=("female 20-45", "65+"), compute=_compute, classes=CLASSES, decimals=3,
)  # fmt: skip
