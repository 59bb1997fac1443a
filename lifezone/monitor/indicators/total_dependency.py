"""The young and the old for every hundred of working age."""

from __future__ import annotations

from lifezone.monitor.edition import Edition
from lifezone.monitor.indicator import Found, Indicator, added, ratio

__all__ = ["INDICATOR"]


def _compute(edition: Edition) -> Found:
    both = added(edition.figure("0-14"), edition.figure("65+"))
    return ratio(both, edition.figure("15-64"), scale=100.0)


INDICATOR = Indicator(
    id="total_dependency", ko="총부양비", en="Total dependency", unit="per 100", group="status", direction="less",
    formula="(people 0–14 + people 65+) ÷ people 15–64 × 100",
    source="Statistics Korea",
    missing="missing where an age is; where nobody is 15–64 there is none",
    needs=("0-14", "65+", "15-64"), compute=_compute,
)  # fmt: skip
