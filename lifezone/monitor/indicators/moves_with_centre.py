"""People who moved between a centre and its neighbours, both ways."""

from __future__ import annotations

from lifezone.monitor.edition import Edition
from lifezone.monitor.indicator import Found, Indicator, added, found

__all__ = ["INDICATOR"]


def _compute(edition: Edition) -> Found:
    to_centre, from_centre = edition.between_centre("moves")
    return found(*added(to_centre, from_centre), numerator=to_centre[0], denominator=from_centre[0])


INDICATOR = Indicator(
    id="moves_with_centre", ko="중심·주변 간 이동자", en="Moves between centre and neighbours",
    unit="people", group="status", direction="neither",
    formula="moves from neighbours to the centre + moves from the centre to neighbours",
    source="monitoring study of balanced development, status indicators: movement between central and "
    "neighbouring cities",
    missing="told of centres; missing without flows of moves, or where one neighbour was split",
    needs=("flows:moves", "centres"), compute=_compute, decimals=0, about="centre",
)  # fmt: skip
