"""Share of people of whom every requirement is met."""

from __future__ import annotations

from lifezone.monitor.edition import Edition
from lifezone.monitor.indicator import Found, Indicator
from lifezone.monitor.minimum import all_requirements

__all__ = ["INDICATOR"]


def _compute(edition: Edition) -> Found:
    return all_requirements(edition.results())


INDICATOR = Indicator(
    id="national_minimum_share", ko="국민생활최저기준 충족 인구 비율", en="People within the national minimum",
    unit="%", group="policy", direction="more",
    formula="people of whom every requirement that judges them is met ÷ people who are judged × 100",
    source="monitoring study of balanced development, policy indicators: proportion of population within the "
    "national minimum standard; rule D4 of the definitions",
    missing="missing without the cells of a run, where nobody is judged, and where a district was split",
    needs=("results",), compute=_compute,
)  # fmt: skip
