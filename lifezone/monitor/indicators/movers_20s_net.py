"""Net in-moves of people in their 20s for every hundred of that age."""

from __future__ import annotations

from lifezone.monitor.edition import Edition
from lifezone.monitor.indicator import Found, Indicator, difference, ratio

__all__ = ["INDICATOR"]


def _compute(edition: Edition) -> Found:
    net = difference(edition.figure("movers_in_20_29"), edition.figure("movers_out_20_29"))
    return ratio(net.parts, edition.figure("20-29"), scale=100.0)


INDICATOR = Indicator(
    id="movers_20s_net", ko="20대 순이동률", en="Net moves of people in their 20s",
    unit="%", group="status", direction="more",
    formula="(in-movers 20–29 − out-movers 20–29) ÷ people 20–29 × 100",
    source="monitoring study of balanced development, status indicators: in-movers in their 20s",
    missing="missing where the table of moves or of ages is",
    needs=("movers_in_20_29", "movers_out_20_29", "20-29"), compute=_compute,
)  # fmt: skip
