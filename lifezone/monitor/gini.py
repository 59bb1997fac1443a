"""The Gini coefficient of incomes that are published by classes.

(1)  mean of a class: the published one; else the middle of its bounds; at the open top b·α ÷ (α − 1) with the Pareto
     tail α = ln((n_below + n_top) ÷ n_top) ÷ ln(b ÷ b_below) through the two highest classes, b and b_below their
     lowest incomes (Henson 1967)
(2)  p share of people, s share of income of each class from the lowest mean; S = s summed up to and with the class
(3)  G = 1 − Σ p (S + S before)

Everybody of a class is taken to have its mean, so G is a lower bound: what differs within classes is not seen.
"""

from __future__ import annotations

import numpy as np

from lifezone.model import Floats
from lifezone.monitor.counts import Composition
from lifezone.monitor.indicator import Found, found
from lifezone.monitor.series import Why

__all__ = ["class_means", "grouped_gini"]


def grouped_gini(incomes: Composition) -> Found:
    """Return the Gini coefficient of each district; its denominator is the people counted.

    Args:
        incomes: people by class of income, classes from the lowest; ``bounds`` are given.
    """
    counts, why = incomes.counts
    people = counts.sum(axis=1)
    why = np.where((why == Why.COMPUTED) & ~(people > 0), Why.ZERO_DENOMINATOR, why).astype(np.int8)
    value = np.full(len(counts), np.nan)
    for district in np.flatnonzero(why == Why.COMPUTED).tolist():
        means = class_means(counts[district], incomes)
        if np.isnan(means[counts[district] > 0]).any():
            why[district] = Why.TOO_FEW
            continue
        value[district] = _gini(counts[district], np.nan_to_num(means))
        if np.isnan(value[district]):
            why[district] = Why.ZERO_DENOMINATOR
    return found(value, why, denominator=people)


def class_means(counts: Floats, incomes: Composition) -> Floats:
    """Return f64[K] mean income of each class, equation (1); NaN at an open top that has no mean."""
    if incomes.bounds is None or incomes.means is None:
        raise ValueError("classes of income have bounds")
    low, high = incomes.bounds.T
    means = np.where(np.isnan(incomes.means), (low + high) / 2, incomes.means)
    top = len(low) - 1
    if np.isinf(high[top]) and np.isnan(incomes.means[top]):
        means[top] = np.nan
        if top and counts[top] > 0 and low[top - 1] > 0 and counts[top - 1] > 0:
            alpha = np.log((counts[top - 1] + counts[top]) / counts[top]) / np.log(low[top] / low[top - 1])
            means[top] = low[top] * alpha / (alpha - 1) if alpha > 1 else np.nan
    return np.asarray(means, np.float64)


def _gini(counts: Floats, means: Floats) -> float:
    """Return equations (2) and (3); NaN where nobody has any income."""
    order = np.argsort(means, kind="stable")
    people, income = counts[order], (counts * means)[order]
    if income.sum() <= 0:
        return float("nan")
    share, summed = people / people.sum(), np.cumsum(income) / income.sum()
    return float(1.0 - np.sum(share * (summed + np.concatenate([[0.0], summed[:-1]]))))
