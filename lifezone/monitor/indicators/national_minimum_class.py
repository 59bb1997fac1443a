"""The class of a district by the share of people within the national minimum (D4)."""

from __future__ import annotations

from lifezone.monitor.edition import Edition
from lifezone.monitor.indicator import Found, Indicator
from lifezone.monitor.minimum import mean_class
from lifezone.monitor.series import Classes

__all__ = ["INDICATOR"]

_CLASSES = Classes((50.0, 70.0, 90.0), ("D", "C", "B", "A"), ("D", "C", "B", "A"), alarming=2)


def _compute(edition: Edition) -> Found:
    return mean_class(edition.results())


INDICATOR = Indicator(
    id="national_minimum_class", ko="국민생활최저기준 지역 등급", en="Class by the national minimum",
    unit="%", group="policy", direction="more",
    formula="mean over requirements of people within the bound ÷ people judged × 100; A from 90, B from 70, C "
    "from 50, else D; at best C where any requirement is D",
    source="rule D4 of the definitions; a class changes only when the mean moves by more than two points from "
    "where it was given",
    missing="missing without a result of a run and where nobody is judged; no class where people or roads are "
    "modelled",
    needs=("results",), compute=_compute, classes=_CLASSES, sticky=2.0,
)  # fmt: skip
