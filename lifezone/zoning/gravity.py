"""Flows modelled by a doubly constrained gravity model, its decay fitted. Modelled flows are always labelled so.

(1)  T_ij = a_i O_i b_j D_j f(c_ij)
(2)  a_i = 1 / Σ_j b_j D_j f(c_ij),  b_j = 1 / Σ_i a_i O_i f(c_ij)       so that Σ_j T_ij = O_i and Σ_i T_ij = D_j
(3)  f(c) = exp(−β c), or c^(−β)
(4)  β is such that the mean trip (of c, or of ln c for a power) is as observed

A. G. Wilson, *Entropy in Urban and Regional Modelling*, Pion, 1970, for (1)–(3). (4) is where the Poisson likelihood of
(1) with free origins and destinations is largest (R. Flowerdew and M. Aitkin, *Journal of Regional Science* 22, 1982,
191–202), so that one search serves a known mean trip and an observed table. G. M. Hyman, "The calibration of trip
distribution models", *Environment and Planning* 1 (1969), 105–112, for (4) and its start at 1 ÷ the mean trip; in place
of his secant steps, which can run away, a bracket is narrowed (R. P. Brent, 1973).
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np

from lifezone.errors import SolveError
from lifezone.model import Floats

__all__ = ["Decay", "Fitted", "balanced", "fit_decay", "gravity", "mean_trip"]

Decay = Literal["exponential", "power"]
_MOST_ROUNDS: Final = 20_000
_CLOSE: Final = 1e-10
"""Largest error of a sum at which balancing stops, by the largest sum."""
_MOST_STEPS: Final = 200
_UNMET: Final = "no flows meet the totals of all districts: too few pairs of districts are in reach of each other"


@dataclass(frozen=True, eq=False)
class Fitted:
    """Modelled flows f64[D, D], the decay they come from, and the mean trip that was aimed at and reached."""

    flows: Floats
    beta: float
    mean: float
    aimed: float


def gravity(out: Floats, come: Floats, cost: Floats, beta: float, decay: Decay = "exponential") -> Floats:
    """Return f64[D, D] flows of equations (1)–(3).

    Args:
        out: f64[D] O, people who leave or stay.
        come: f64[D] D, people who come; adjusted by one factor to the same sum.
        cost: f64[D, D] c, above 0 for a power; infinite = nobody goes.
        beta: decay per unit of cost.
        decay: form of (3).

    Raises:
        SolveError: totals cannot be met where so many costs are infinite.
    """
    return balanced(_weights(cost, beta, decay), out, come)


def balanced(weights: Floats, out: Floats, come: Floats) -> Floats:
    """Return f64[D, D] the weights scaled by rows and columns until both sums are met: equation (2).

    Raises:
        SolveError: no scaling meets both sums.
    """
    if out.sum() <= 0 or come.sum() <= 0:
        return np.zeros_like(weights)
    come = come * (out.sum() / come.sum())
    stuck = ((out > 0) & ~(weights[:, come > 0] > 0).any(axis=1)) | ((come > 0) & ~(weights[out > 0] > 0).any(axis=0))
    if stuck.any():
        raise SolveError(_UNMET)
    columns = np.ones(len(come))
    with np.errstate(over="ignore", invalid="ignore"):  # what cannot be met runs away, and is told
        for _ in range(_MOST_ROUNDS):
            rows = _over(out, weights @ columns)
            rows = rows / rows.max()  # a factor of all rows is taken up by the columns
            columns = _over(come, rows @ weights)
            found: Floats = rows[:, None] * weights * columns[None, :]
            if not np.isfinite(found).all():
                break
            if _meets(found.sum(axis=1), out) and _meets(found.sum(axis=0), come):
                return found
    raise SolveError(_UNMET)


def fit_decay(out: Floats, come: Floats, cost: Floats, mean: float, decay: Decay = "exponential") -> Fitted:
    """Find the decay whose mean trip is ``mean``: equation (4).

    Args:
        out: f64[D] people who leave or stay.
        come: f64[D] people who come.
        cost: f64[D, D] cost of each pair.
        mean: mean cost over people (exponential), or mean of ln cost (power).
        decay: form of (3).

    Raises:
        SolveError: no decay gives such a mean trip.
    """
    start = 1.0 / mean if decay == "exponential" and mean > 0 else 1.0

    def at(beta: float) -> tuple[Floats, float]:
        flows = gravity(out, come, cost, beta, decay)
        return flows, mean_trip(flows, cost, decay) - mean

    low, high = _bracket(lambda beta: at(beta)[1], start, mean)
    beta = _root(lambda beta: at(beta)[1], low, high)
    flows, off = at(beta)
    return Fitted(flows, beta, mean + off, mean)


def mean_trip(flows: Floats, cost: Floats, decay: Decay = "exponential") -> float:
    """Return the mean over people of the cost, or of its logarithm for a power."""
    some = flows > 0
    scale = np.log(cost[some]) if decay == "power" else cost[some]
    return float((flows[some] * scale).sum() / flows[some].sum())


def _weights(cost: Floats, beta: float, decay: Decay) -> Floats:
    """Return f64[D, D] f(c), 0 where the cost is infinite, scaled by rows so that nothing underflows.

    A factor a row is taken up by the balancing, so that the flows are the same.
    """
    known = np.isfinite(cost)
    scale = np.log(np.where(known, cost, 1.0)) if decay == "power" else np.where(known, cost, 0.0)
    least = np.where(known, scale, np.inf).min(axis=1, initial=np.inf)
    power = -beta * (scale - np.where(np.isfinite(least), least, 0.0)[:, None])
    found: Floats = np.where(known, np.exp(np.minimum(power, 700.0)), 0.0)
    return found


def _over(whole: Floats, part: Floats) -> Floats:
    """Return whole ÷ part, 0 where there is no whole."""
    found: Floats = np.divide(whole, part, out=np.zeros(len(whole)), where=(part > 0) & (whole > 0))
    return found


def _meets(found: Floats, wanted: Floats) -> bool:
    """Tell whether sums are met."""
    return bool(np.abs(found - wanted).max() <= _CLOSE * wanted.max())


def _bracket(off: Callable[[float], float], start: float, mean: float) -> tuple[float, float]:
    """Return two decays between which the mean trip is met; a stronger decay makes trips shorter."""
    low, high = 0.0, start
    at_low = off(low)
    if at_low < 0:
        raise SolveError(f"a mean trip of {mean:,.3g} is longer than without any decay ({at_low + mean:,.3g})")
    with contextlib.suppress(SolveError):  # beyond all numbers: no pair but the nearest is left
        for _ in range(60):
            if off(high) <= 0:
                return low, high
            low, high = high, high * 2
    raise SolveError(f"a mean trip of {mean:,.3g} is shorter than the totals of the districts allow")


def _root(off: Callable[[float], float], low: float, high: float) -> float:
    """Return where ``off`` is 0."""
    from scipy.optimize import brentq  # noqa: PLC0415

    return float(brentq(off, low, high, xtol=1e-13, rtol=1e-13, maxiter=_MOST_STEPS))
