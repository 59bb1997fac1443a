"""Access to facilities for basic livelihood: the share of people within each requirement's bound."""

from __future__ import annotations

from collections.abc import Mapping

from lifezone.monitor.edition import Edition
from lifezone.monitor.indicator import Found, Indicator, Part
from lifezone.monitor.minimum import coverage_by_requirement
from lifezone.monitor.series import Classes

__all__ = ["INDICATOR"]

_CLASSES = Classes((50.0, 70.0, 90.0), ("D", "C", "B", "A"), ("D", "C", "B", "A"), alarming=2)


def _compute(edition: Edition) -> Mapping[Part, Found]:
    return coverage_by_requirement(edition.results())


INDICATOR = Indicator(
    id="soc_access", ko="생활SOC 접근성", en="Access to basic facilities", unit="%", group="policy", direction="more",
    formula="people of the group within the bound ÷ people of the group who are judged × 100, for each "
    "requirement of the run",
    source="monitoring study of balanced development, policy indicators: accessibility to SOC facilities for "
    "basic livelihood; classes by rule D4",
    missing="missing without a result of a run, where nobody is judged, and where a district was split; no class "
    "where people or roads are modelled, or the group's numbers estimated",
    needs=("results",), compute=_compute, classes=_CLASSES, sticky=2.0,
)  # fmt: skip
