"""Share of a centre in the people of its area."""

from __future__ import annotations

from lifezone.monitor.edition import Edition
from lifezone.monitor.indicator import Found, Indicator, added, share

__all__ = ["INDICATOR"]


def _compute(edition: Edition) -> Found:
    own = edition.figure("all")
    return share(own, added(own, edition.neighbours(own)))


INDICATOR = Indicator(
    id="centre_share", ko="중심 인구 집중도", en="Share of the centre", unit="%", group="status", direction="neither",
    formula="people of the centre ÷ people of the centre and its neighbours × 100",
    source="monitoring study of balanced development, status indicators: growth of centres against their "
    "neighbours; share is ours",
    missing="told of centres; missing where one neighbour's people are",
    needs=("all", "centres"), compute=_compute, about="centre",
)  # fmt: skip
