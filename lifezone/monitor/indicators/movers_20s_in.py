"""In-movers in their 20s for every hundred people of that age."""

from __future__ import annotations

from lifezone.monitor.edition import Edition
from lifezone.monitor.indicator import Found, Indicator, ratio

__all__ = ["INDICATOR"]


def _compute(edition: Edition) -> Found:
    return ratio(edition.crossing("movers_in_20_29"), edition.figure("20-29"), scale=100.0)


INDICATOR = Indicator(
    id="movers_20s_in", ko="20대 전입률", en="In-movers in their 20s", unit="%", group="status", direction="more",
    formula="in-movers 20–29 of the year ÷ people 20–29 × 100",
    source="monitoring study of balanced development, status indicators: in-movers in their 20s",
    missing="missing where the table of moves or of ages is",
    needs=("movers_in_20_29", "20-29"), compute=_compute,
)  # fmt: skip
