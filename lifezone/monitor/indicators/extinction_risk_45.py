"""Local extinction risk with women up to 45."""

from __future__ import annotations

from lifezone.monitor.edition import Edition
from lifezone.monitor.indicator import Found, Indicator, ratio
from lifezone.monitor.series import Classes

__all__ = ["INDICATOR"]

_CLASSES = Classes(
    (0.2, 0.5, 1.0, 1.5), ("소멸고위험", "소멸위험진입", "주의", "보통", "소멸위험 매우 낮음"),
    ("high risk", "risk", "caution", "normal", "very low risk"), alarming=2,
)  # fmt: skip


def _compute(edition: Edition) -> Found:
    return ratio(edition.figure("female 20-45"), edition.figure("65+"))


INDICATOR = Indicator(
    id="extinction_risk_45", ko="지방소멸위험지수 (20–45세)", en="Extinction risk index (20–45)",
    unit="", group="status", direction="more",
    formula="women 20–45 ÷ people 65+; classes as of the index with 20–39",
    source="the newer definition of the monitoring study (women 20–45); the bounds of its classes are those of "
    "the first",
    missing="missing where an age or sex is; of five-year classes a fifth of 45–49 is taken",
    needs=("female 20-45", "65+"), compute=_compute, classes=_CLASSES, decimals=3,
)  # fmt: skip
