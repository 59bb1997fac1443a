"""Mean, median and percentiles over people, not over points.

(1)  mean = Σ people · t / Σ people over the people who reach
(2)  the q-quantile is the smallest t for which the people with a time ≤ t are at least q of all people

In (2) people who reach nothing count as ``inf``: the quantile is then None, never a number.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from lifezone.model import Floats

__all__ = ["sorted_quantiles", "weighted_mean", "weighted_quantile"]

_SHARE_SLACK = 1e-12
"""Relative slack of a cumulative share, for sums that should be exactly half."""


def weighted_mean(values: Floats, people: Floats) -> float | None:
    """Return the mean of equation (1) over finite values, None where nobody reaches.

    Args:
        values: f64[n] times, ``inf`` = unreachable, NaN = not defined.
        people: f64[n] people ≥ 0.
    """
    reached = np.isfinite(values)
    total = float(people[reached].sum())
    return float((values[reached] * people[reached]).sum() / total) if total > 0 else None


def weighted_quantile(values: Floats, people: Floats, share: float) -> float | None:
    """Return the quantile of equation (2), None when it is infinite or there are no people.

    Args:
        values: f64[n] times, ``inf`` = unreachable; NaN (not defined) is left out.
        people: f64[n] people ≥ 0; points without people never are a quantile.
        share: 0 < share ≤ 1, e.g. 0.9.
    """
    defined = ~np.isnan(values)
    order = np.argsort(values[defined], kind="stable")
    return sorted_quantiles(values[defined][order], people[defined][order], (share,))[0]


def sorted_quantiles(values: Floats, people: Floats, shares: Sequence[float]) -> list[float | None]:
    """Return several quantiles of values that already ascend (for many districts and groups over one sorting).

    Args:
        values: f64[n] ascending, no NaN.
        people: f64[n] people ≥ 0 in the same order.
        shares: each above 0 and at most 1.
    """
    lived_in = people > 0
    values, cumulative = values[lived_in], np.cumsum(people[lived_in])
    if not len(values):
        return [None] * len(shares)
    wanted = np.asarray(shares) * cumulative[-1] * (1.0 - _SHARE_SLACK)
    found = values[np.minimum(np.searchsorted(cumulative, wanted), len(values) - 1)]
    return [float(value) if np.isfinite(value) else None for value in found]
