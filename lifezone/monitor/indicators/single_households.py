"""Share of households of one person."""

from __future__ import annotations

from lifezone.monitor.edition import Edition
from lifezone.monitor.indicator import Found, Indicator, share

__all__ = ["INDICATOR"]


def _compute(edition: Edition) -> Found:
    return share(edition.figure("single_households"), edition.figure("households"))


INDICATOR = Indicator(
    id="single_households", ko="1인가구 비율", en="Single-person households",
    unit="%", group="status", direction="neither",
    formula="single-person households ÷ households × 100",
    source="monitoring study of balanced development, status indicators; census or register of households",
    missing="missing where the table of households is",
    needs=("single_households", "households"), compute=_compute,
)  # fmt: skip
