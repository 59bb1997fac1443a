"""How much faster a centre grows than its neighbours together."""

from __future__ import annotations

from lifezone.monitor.edition import Edition
from lifezone.monitor.indicator import Found, Indicator, difference, yearly_growth

__all__ = ["INDICATOR"]


def _compute(edition: Edition) -> Found:
    earlier, years = edition.earlier(), edition.years_since
    own = yearly_growth(edition.figure("all"), earlier.figure("all"), years)
    around = yearly_growth(
        edition.neighbours(edition.figure("all")), edition.neighbours(earlier.figure("all")), years
    )  # fmt: skip
    return difference(own.parts, around.parts)


INDICATOR = Indicator(
    id="centre_growth", ko="중심·주변 성장 격차", en="Growth of centres against neighbours",
    unit="points a year", group="status", direction="neither",
    formula="growth a year of the centre − growth a year of all its neighbours together; above 0 the centre draws "
    "ahead",
    source="monitoring study of balanced development, status indicators: growth of (major cities') centres "
    "against their neighbours; compound growth",
    missing="told of centres; missing in the first edition and where one neighbour's people are",
    needs=("all", "centres"), compute=_compute, decimals=2, about="centre",
)  # fmt: skip
