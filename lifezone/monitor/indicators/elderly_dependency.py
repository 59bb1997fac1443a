"""People 65+ for every hundred of working age."""

from __future__ import annotations

from lifezone.monitor.edition import Edition
from lifezone.monitor.indicator import Found, Indicator, ratio

__all__ = ["INDICATOR"]


def _compute(edition: Edition) -> Found:
    return ratio(edition.figure("65+"), edition.figure("15-64"), scale=100.0)


INDICATOR = Indicator(
    id="elderly_dependency", ko="노년부양비", en="Elderly dependency", unit="per 100", group="status", direction="less",
    formula="people 65+ ÷ people 15–64 × 100",
    source="Statistics Korea",
    missing="missing where an age is; where nobody is 15–64 there is none",
    needs=("65+", "15-64"), compute=_compute,
)  # fmt: skip
