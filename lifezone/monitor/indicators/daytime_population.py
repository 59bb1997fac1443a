"""Daytime population index: who is there by day for every hundred who live there."""

from __future__ import annotations

from lifezone.monitor.edition import Edition
from lifezone.monitor.indicator import Found, Indicator, added, difference, ratio

__all__ = ["INDICATOR"]


def _compute(edition: Edition) -> Found:
    people = edition.figure("all")
    net = difference(edition.figure("commuters_in"), edition.figure("commuters_out"))
    return ratio(added(people, net.parts), people, scale=100.0)


INDICATOR = Indicator(
    id="daytime_population", ko="주간인구지수", en="Daytime population index",
    unit="per 100", group="status", direction="neither",
    formula="(people − people who commute out + people who commute in) ÷ people × 100",
    source="Statistics Korea's 주간인구지수; the monitoring study's English text prints it as weekly",
    missing="missing without flows or counts of commuters, and where the district was split",
    needs=("all", "commuters_in", "commuters_out"), compute=_compute,
)  # fmt: skip
