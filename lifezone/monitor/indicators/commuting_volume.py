"""People who commute across a district's border, in and out."""

from __future__ import annotations

from lifezone.monitor.edition import Edition
from lifezone.monitor.indicator import Found, Indicator, added, found

__all__ = ["INDICATOR"]


def _compute(edition: Edition) -> Found:
    into, out = edition.crossing("commuters_in"), edition.crossing("commuters_out")
    return found(*added(into, out), numerator=into[0], denominator=out[0])


INDICATOR = Indicator(
    id="commuting_volume", ko="통근·통학 유출입 인구", en="Commuting volume",
    unit="people", group="status", direction="neither",
    formula="people who commute in + people who commute out; those who stay are not counted",
    source="monitoring study of balanced development, status indicators: commuting volume",
    missing="missing without flows or counts of commuters, and where the district was split",
    needs=("commuters_in", "commuters_out"), compute=_compute, decimals=0,
)  # fmt: skip
