"""Share of old buildings, by cells of 500 m where the study gives them."""

from __future__ import annotations

from lifezone.monitor.edition import Edition
from lifezone.monitor.indicator import Found, Indicator, share

__all__ = ["INDICATOR"]


def _compute(edition: Edition) -> Found:
    return share(*edition.part_and_whole("old_buildings", "buildings"))


INDICATOR = Indicator(
    id="old_buildings_share", ko="노후 건축물 비율 (500 m 격자)", en="Share of old buildings (500 m grid)",
    unit="%", group="policy", direction="less",
    formula="old buildings ÷ buildings × 100; which are old is the table's (usually 20 or 30 years); each cell's "
    "share is in the layer of cells",
    source="monitoring study of balanced development, policy indicators: share of old buildings in a 500 m × 500 "
    "m grid",
    missing="missing where cells or counts are; a part above its whole is no share",
    needs=("old_buildings", "buildings"), compute=_compute,
)  # fmt: skip
