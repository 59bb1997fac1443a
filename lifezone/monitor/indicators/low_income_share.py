"""Share of low-income people, by cells of 100 m where the study gives them."""

from __future__ import annotations

from lifezone.monitor.edition import Edition
from lifezone.monitor.indicator import Found, Indicator, share

__all__ = ["INDICATOR"]


def _compute(edition: Edition) -> Found:
    return share(*edition.part_and_whole("low_income", "income_people", "all"))


INDICATOR = Indicator(
    id="low_income_share", ko="저소득 인구 비율 (100 m 격자)", en="Share of low-income people (100 m grid)",
    unit="%", group="policy", direction="less",
    formula="low-income people ÷ people whose income is known (else all people) × 100; each cell's share is in "
    "the layer of cells",
    source="monitoring study of balanced development, policy indicators: share of low-income people in a 100 m × "
    "100 m grid",
    missing="missing where cells or counts are; a part above its whole is no share",
    needs=("low_income", "income_people or all"), compute=_compute,
)  # fmt: skip
