"""How far two divisions of the same people agree: functions with one another and with administrative borders.

With n_ij people in zone i of the one and j of the other, and pairs (n choose 2) counted as if people were whole:
adjusted Rand index (Hubert and Arabie 1985), Jaccard index of pairs that are together, and variation of information
H(A|B) + H(B|A) in nats (Meila 2007). People in no zone of either are left out and told.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from lifezone.model import Floats, Ints

__all__ = ["Agreement", "agreement"]


@dataclass(frozen=True)
class Agreement:
    """How far two divisions agree.

    Attributes:
        adjusted_rand: 1 = the same, 0 = as by chance; NaN where nobody is in both.
        jaccard: pairs together in both ÷ pairs together in either.
        variation_of_information: 0 = the same; nats.
        people: people in a zone of both.
        left_out: people in no zone of one of them.
    """

    adjusted_rand: float
    jaccard: float
    variation_of_information: float
    people: float
    left_out: float


def agreement(one: Ints, other: Ints, people: Floats) -> Agreement:
    """Compare two divisions of P points.

    Args:
        one: i32[P] labels, negative = none.
        other: i32[P] labels, negative = none.
        people: f64[P] people at each point.
    """
    both = (one >= 0) & (other >= 0) & (people > 0)
    weight = people[both]
    total, left_out = float(weight.sum()), float(people.sum() - weight.sum())
    if total <= 0:
        nan = float("nan")
        return Agreement(nan, nan, nan, 0.0, left_out)
    a, b = (np.unique(labels[both], return_inverse=True)[1] for labels in (one, other))
    cell = a.astype(np.int64) * (int(b.max()) + 1) + b
    joint, rows, columns = (
        np.bincount(labels, weights=weight).astype(np.float64)
        for labels in (np.unique(cell, return_inverse=True)[1], a, b)
    )
    together, in_one, in_other = _pairs(joint), _pairs(rows), _pairs(columns)
    everything = total * (total - 1.0) / 2.0
    chance = in_one * in_other / everything if everything > 0 else 0.0
    most = (in_one + in_other) / 2.0
    either = in_one + in_other - together
    return Agreement(
        adjusted_rand=(together - chance) / (most - chance) if most != chance else 1.0,
        jaccard=together / either if either > 0 else 1.0,
        variation_of_information=max(2.0 * _entropy(joint) - _entropy(rows) - _entropy(columns), 0.0),
        people=total,
        left_out=left_out,
    )


def _pairs(counts: Floats) -> float:
    """Return Σ n·(n − 1) / 2; parts of a person make no pair."""
    return float(np.maximum(counts * (counts - 1.0), 0.0).sum() / 2.0)


def _entropy(counts: Floats) -> float:
    """Return the entropy of shares, nats."""
    share = counts[counts > 0] / counts.sum()
    return float(-(share * np.log(share)).sum())
