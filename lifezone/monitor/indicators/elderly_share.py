"""Share of people of 65 and over."""

from __future__ import annotations

from lifezone.monitor.edition import Edition
from lifezone.monitor.indicator import Found, Indicator, share
from lifezone.monitor.series import Classes

__all__ = ["INDICATOR"]

_CLASSES = Classes(
    (7.0, 14.0, 20.0), ("고령화 이전", "고령화사회", "고령사회", "초고령사회"),
    ("not ageing", "ageing", "aged", "super-aged"),
)  # fmt: skip


def _compute(edition: Edition) -> Found:
    return share(edition.figure("65+"), edition.figure("all"))


INDICATOR = Indicator(
    id="elderly_share", ko="고령인구 비율", en="Share of elderly people", unit="%", group="policy", direction="less",
    formula="people 65+ ÷ people × 100; 7, 14, 20 % make an ageing, aged, super-aged society",
    source="monitoring study of balanced development, policy indicators: proportion of elderly people; classes "
    "of the United Nations as used in Korea",
    missing="missing where an age is",
    needs=("65+", "all"), compute=_compute, classes=_CLASSES,
)  # fmt: skip
