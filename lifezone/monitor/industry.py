"""What a district's workers do, beside the whole study's: diversity and location quotients.

With p the share of an industry in the district's workers and P its share in the whole study's, K industries:

(1)  entropy            H = −Σ p ln p ÷ ln K        0 one industry, 1 all alike
(2)  Hachman            1 ÷ Σ p² ÷ P                1 as the whole study, near 0 unlike it
(3)  location quotient  p ÷ P
"""

from __future__ import annotations

import numpy as np

from lifezone.model import Floats
from lifezone.monitor.counts import Composition
from lifezone.monitor.indicator import Found, Part, found
from lifezone.monitor.series import Why

__all__ = ["entropy", "hachman", "location_quotients"]


def entropy(industries: Composition) -> Found:
    """Return equation (1)."""
    share, why, workers = _shares(industries)
    n_industries = share.shape[1]
    if n_industries < 2:
        return found(np.full(len(share), np.nan), np.where(why == Why.COMPUTED, Why.TOO_FEW, why), denominator=workers)
    with np.errstate(divide="ignore", invalid="ignore"):
        terms = np.where(share > 0, share * np.log(share), np.where(np.isnan(share), np.nan, 0.0))
    return found(np.abs(terms.sum(axis=1)) / np.log(n_industries), why, denominator=workers)


def hachman(industries: Composition) -> Found:
    """Return equation (2)."""
    share, why, workers = _shares(industries)
    whole = _whole(industries)
    if np.isnan(whole).any():
        return _nothing(share, why, workers)
    there = whole > 0
    value = 1.0 / (share[:, there] ** 2 / whole[there]).sum(axis=1)
    return found(value, why, denominator=workers)


def location_quotients(industries: Composition) -> dict[Part, Found]:
    """Return equation (3) of each industry; its parts are workers of the industry and all workers."""
    share, why, workers = _shares(industries)
    whole, (counts, _) = _whole(industries), industries.counts
    quotients = {}
    for at, (key, label) in enumerate(zip(industries.categories, industries.labels, strict=True)):
        if np.isnan(whole[at]) or whole[at] == 0:
            reason = np.where(why == Why.COMPUTED, Why.ZERO_DENOMINATOR if whole[at] == 0 else Why.NO_ROW, why)
            value = np.full(len(share), np.nan)
        else:
            reason, value = why, share[:, at] / whole[at]
        quotients[Part(key, label, label)] = found(value, reason, numerator=counts[:, at], denominator=workers)
    return quotients


def _shares(industries: Composition) -> tuple[Floats, np.ndarray, Floats]:
    """Return f64[D, K] shares, i8[D] reasons, f64[D] workers."""
    counts, why = industries.counts
    workers = counts.sum(axis=1)
    why = np.where((why == Why.COMPUTED) & ~(workers > 0), Why.ZERO_DENOMINATOR, why).astype(np.int8)
    with np.errstate(divide="ignore", invalid="ignore"):
        return counts / workers[:, None], why, workers


def _whole(industries: Composition) -> Floats:
    """Return f64[K] shares in the whole study, NaN where an industry's sum is not known."""
    totals = industries.totals
    with np.errstate(divide="ignore", invalid="ignore"):
        shares: Floats = totals / totals.sum()
    return shares


def _nothing(share: Floats, why: np.ndarray, workers: Floats) -> Found:
    """Say that the whole study is not known."""
    return found(np.full(len(share), np.nan), np.where(why == Why.COMPUTED, Why.NO_ROW, why), denominator=workers)
