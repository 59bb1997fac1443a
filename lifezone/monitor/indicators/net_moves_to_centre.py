"""Net moves from neighbours to their centre."""

from __future__ import annotations

from lifezone.monitor.edition import Edition
from lifezone.monitor.indicator import Found, Indicator, difference, ratio

__all__ = ["INDICATOR"]


def _compute(edition: Edition) -> Found:
    net = difference(*edition.between_centre("moves"))
    return ratio(net.parts, edition.neighbours(edition.figure("all")), scale=1000.0)


INDICATOR = Indicator(
    id="net_moves_to_centre", ko="중심 순유입률", en="Net moves to the centre",
    unit="per 1,000 people", group="status", direction="neither",
    formula="(moves from neighbours to the centre − moves back) ÷ people of the neighbours × 1,000; above 0 the "
    "centre draws people",
    source="monitoring study of balanced development, status indicators: movement between central and "
    "neighbouring cities",
    missing="told of centres; missing without flows of moves or people, or where one neighbour was split",
    needs=("flows:moves", "all", "centres"), compute=_compute, about="centre",
)  # fmt: skip
