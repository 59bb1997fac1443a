"""People 0–14 for every hundred of working age."""

from __future__ import annotations

from lifezone.monitor.edition import Edition
from lifezone.monitor.indicator import Found, Indicator, ratio

__all__ = ["INDICATOR"]


def _compute(edition: Edition) -> Found:
    return ratio(edition.figure("0-14"), edition.figure("15-64"), scale=100.0)


INDICATOR = Indicator(
    id="youth_dependency", ko="유소년부양비", en="Youth dependency",
    unit="per 100", group="status", direction="neither",
    formula="people 0–14 ÷ people 15–64 × 100",
    source="Statistics Korea",
    missing="missing where an age is; where nobody is 15–64 there is none",
    needs=("0-14", "15-64"), compute=_compute,
)  # fmt: skip
