"""People gained and lost since the edition before."""

from __future__ import annotations

from lifezone.monitor.edition import Edition
from lifezone.monitor.indicator import Found, Indicator, difference

__all__ = ["INDICATOR"]


def _compute(edition: Edition) -> Found:
    return difference(edition.figure("all"), edition.earlier().figure("all"))


INDICATOR = Indicator(
    id="people_change", ko="인구 증감", en="People gained and lost", unit="people", group="status", direction="more",
    formula="people now − people in the edition before",
    source="monitoring study of balanced development, status indicators: regions gaining and losing population",
    missing="missing in the first edition and where one of the two is",
    needs=("all",), compute=_compute, decimals=0, additive=True,
)  # fmt: skip
