"""How like the whole study's a district's industries are (Hachman)."""

from __future__ import annotations

from lifezone.monitor.edition import Edition
from lifezone.monitor.indicator import Found, Indicator
from lifezone.monitor.industry import hachman

__all__ = ["INDICATOR"]


def _compute(edition: Edition) -> Found:
    return hachman(edition.composition("industries"))


INDICATOR = Indicator(
    id="industry_hachman", ko="산업 다양성 (해치먼 지수)", en="Diversity of industry (Hachman)",
    unit="", group="status", direction="more",
    formula="1 ÷ Σ p² ÷ P over industries; p share of workers in the district, P in the whole study; 1 as the "
    "whole, near 0 unlike it",
    source="Hachman index (University of Utah)",
    missing="missing where an industry is; needs the whole study's workers of every industry",
    needs=("industries",), compute=_compute, decimals=3,
)  # fmt: skip
