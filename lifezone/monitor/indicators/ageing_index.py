"""People of 65 and over for every hundred children."""

from __future__ import annotations

from lifezone.monitor.edition import Edition
from lifezone.monitor.indicator import Found, Indicator, ratio

__all__ = ["INDICATOR"]


def _compute(edition: Edition) -> Found:
    return ratio(edition.figure("65+"), edition.figure("0-14"), scale=100.0)


INDICATOR = Indicator(
    id="ageing_index", ko="노령화지수", en="Ageing index", unit="per 100", group="status", direction="less",
    formula="people 65+ ÷ people 0–14 × 100",
    source="Statistics Korea's definition (item to_in_004 of its grid statistics)",
    missing="missing where an age is; where no child lives there is no index",
    needs=("65+", "0-14"), compute=_compute,
)  # fmt: skip
