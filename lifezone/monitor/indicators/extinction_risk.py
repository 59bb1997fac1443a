"""Local extinction risk: women of 20–39 for each person of 65 and over."""

from __future__ import annotations

from lifezone.monitor.edition import Edition
from lifezone.monitor.indicator import Found, Indicator, ratio
from lifezone.monitor.series import Classes

__all__ = ["CLASSES", "INDICATOR"]

CLASSES = Classes(
    (0.2, 0.5, 1.0, 1.5), ("소멸고위험", "소멸위험진입", "주의", "보통", "소멸위험 매우 낮음"),
    ("high risk", "risk", "caution", "normal", "very low risk"), alarming=2,
)  # fmt: skip


def _compute(edition: Edition) -> Found:
    return ratio(edition.figure("female 20-39"), edition.figure("65+"))


INDICATOR = Indicator(
    id="extinction_risk", ko="지방소멸위험지수", en="Extinction risk index", unit="", group="status", direction="more",
    formula="women 20–39 ÷ people 65+; below 0.2 high risk, 0.5 risk, 1.0 caution, 1.5 normal",
    source="Lee Sang-ho, Korea Employment Information Service",
    missing="missing where an age or sex is; where nobody is 65 or over there is no index",
    needs=("female 20-39", "65+"), compute=_compute, classes=CLASSES, decimals=3,
)  # fmt: skip
