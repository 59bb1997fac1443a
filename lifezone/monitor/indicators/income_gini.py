"""Gini coefficient of income from classes."""

from __future__ import annotations

from lifezone.monitor.edition import Edition
from lifezone.monitor.gini import grouped_gini
from lifezone.monitor.indicator import Found, Indicator

__all__ = ["INDICATOR"]


def _compute(edition: Edition) -> Found:
    return grouped_gini(edition.composition("incomes"))


INDICATOR = Indicator(
    id="income_gini", ko="소득 지니계수 (구간자료)", en="Gini of income (classes)",
    unit="", group="status", direction="less",
    formula="1 − Σ p (S + S before) over classes from the lowest; p share of people, S share of income up to and "
    "with the class. All people of a class have its mean: the published one, else the middle of its "
    "bounds, at the open top by a Pareto tail through the two highest classes (Henson 1967). A lower "
    "bound: what differs within classes is not seen",
    source="Gini 1912, by the trapezoid rule on grouped data",
    missing="missing where a class is, where nobody has income, or where a Pareto tail has no mean",
    needs=("incomes",), compute=_compute, decimals=3,
)  # fmt: skip
