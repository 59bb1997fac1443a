"""How many people live there."""

from __future__ import annotations

from lifezone.monitor.edition import Edition
from lifezone.monitor.indicator import Found, Indicator, found

__all__ = ["INDICATOR"]


def _compute(edition: Edition) -> Found:
    value, why = edition.figure("all")
    return found(value, why, numerator=value)


INDICATOR = Indicator(
    id="people", ko="인구", en="People", unit="people", group="status", direction="neither",
    formula="people of all ages",
    source="resident registration or census, as the study's table is",
    missing="missing where the table is",
    needs=("all",), compute=_compute, decimals=0, additive=True,
)  # fmt: skip
