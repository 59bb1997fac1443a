"""Which districts gain people and which lose them."""

from __future__ import annotations

from lifezone.monitor.edition import Edition
from lifezone.monitor.indicator import Found, Indicator, yearly_growth
from lifezone.monitor.series import Classes

__all__ = ["INDICATOR"]

_CLASSES = Classes((0.0,), ("감소", "증가·유지"), ("losing", "not losing"))


def _compute(edition: Edition) -> Found:
    earlier = edition.earlier()
    return yearly_growth(edition.figure("all"), earlier.figure("all"), edition.years_since)


INDICATOR = Indicator(
    id="people_growth", ko="연평균 인구증가율", en="Population growth a year",
    unit="% a year", group="status", direction="more",
    formula="((people now ÷ people in the edition before)^(1 ÷ years between) − 1) × 100; below 0 is losing",
    source="monitoring study of balanced development, status indicators: regions gaining and losing population; "
    "compound growth",
    missing="missing in the first edition, where one of the two is, and where nobody lived before",
    needs=("all",), compute=_compute, classes=_CLASSES, decimals=2,
)  # fmt: skip
