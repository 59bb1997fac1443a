"""How much more of an industry there is than in the whole study."""

from __future__ import annotations

from collections.abc import Mapping

from lifezone.monitor.edition import Edition
from lifezone.monitor.indicator import Found, Indicator, Part
from lifezone.monitor.industry import location_quotients

__all__ = ["INDICATOR"]


def _compute(edition: Edition) -> Mapping[Part, Found]:
    return location_quotients(edition.composition("industries"))


INDICATOR = Indicator(
    id="location_quotient", ko="입지계수", en="Location quotient", unit="", group="status", direction="neither",
    formula="share of workers of the industry in the district ÷ its share in the whole study; above 1 it gathers "
    "there",
    source="location quotient, as regional economics has it",
    missing="missing where an industry is; needs the whole study's workers of every industry",
    needs=("industries",), compute=_compute, decimals=2,
)  # fmt: skip
