"""Gross regional domestic product for each person."""

from __future__ import annotations

from lifezone.monitor.edition import Edition
from lifezone.monitor.indicator import Found, Indicator, ratio

__all__ = ["INDICATOR"]


def _compute(edition: Edition) -> Found:
    return ratio(edition.figure("grdp"), edition.figure("all"))


INDICATOR = Indicator(
    id="grdp_per_head", ko="1인당 지역내총생산", en="GRDP per head",
    unit="the table's unit per person", group="status", direction="more",
    formula="gross regional domestic product ÷ people",
    source="Statistics Korea, regional accounts",
    missing="missing where the table of regional accounts is",
    needs=("grdp", "all"), compute=_compute, decimals=2,
)  # fmt: skip
