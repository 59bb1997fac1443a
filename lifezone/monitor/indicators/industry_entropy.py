"""How evenly workers are spread over industries."""

from __future__ import annotations

from lifezone.monitor.edition import Edition
from lifezone.monitor.indicator import Found, Indicator
from lifezone.monitor.industry import entropy

__all__ = ["INDICATOR"]


def _compute(edition: Edition) -> Found:
    return entropy(edition.composition("industries"))


INDICATOR = Indicator(
    id="industry_entropy", ko="산업 다양성 (엔트로피)", en="Diversity of industry (entropy)",
    unit="", group="status", direction="more",
    formula="−Σ p ln p ÷ ln K over K industries; p share of workers; 0 one industry, 1 all alike",
    source="Shannon entropy, divided by its largest value",
    missing="missing where an industry is; needs two industries in the study and one worker in the district",
    needs=("industries",), compute=_compute, decimals=3,
)  # fmt: skip
