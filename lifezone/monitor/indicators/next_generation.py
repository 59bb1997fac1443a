"""Whether the next generation of possible mothers is as large as the present one."""

from __future__ import annotations

from lifezone.monitor.edition import Edition
from lifezone.monitor.indicator import Found, Indicator, ratio
from lifezone.monitor.series import Classes

__all__ = ["INDICATOR"]

_CLASSES = Classes((1.0,), ("다음 세대가 더 작음", "다음 세대가 같거나 더 큼"), ("next is smaller", "next is as large"))


def _compute(edition: Edition) -> Found:
    return ratio(edition.figure("female 0-19"), edition.figure("female 20-39"))


INDICATOR = Indicator(
    id="next_generation", ko="차세대 자립도", en="Next-generation self-sustainability",
    unit="", group="status", direction="more",
    formula="women 0–19 ÷ women 20–39; below 1 the next generation is smaller",
    source="the monitoring study of balanced development names the indicator without a formula: this one is ours",
    missing="missing where an age or sex is; where no woman is 20–39 there is none",
    needs=("female 0-19", "female 20-39"), compute=_compute, classes=_CLASSES, decimals=3,
)  # fmt: skip
