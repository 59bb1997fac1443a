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
_FIRST_ROUNDS: Final = 30
_LONGEST_STEP: Final = 2.0
"""Longest change of ln b in one of Newton's steps."""
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

    Some rounds of scaling in turn, then Newton's steps on ln a and ln b: where most people stay near, scaling in turn
    needs tens of thousands of rounds, Newton's method five to ten steps.

    Raises:
        SolveError: no scaling meets both sums.
    """
    found = np.zeros_like(weights)
    if out.sum() <= 0 or come.sum() <= 0:
        return found
    come = come * (out.sum() / come.sum())
    rows, columns = np.flatnonzero(out > 0), np.flatnonzero(come > 0)
    part = weights[np.ix_(rows, columns)]
    if not (part > 0).any(axis=1).all() or not (part > 0).any(axis=0).all():
        raise SolveError(_UNMET)
    found[np.ix_(rows, columns)] = _scaled(part, out[rows], come[columns])
    return found


def _scaled(weights: Floats, out: Floats, come: Floats) -> Floats:
    """Return the weights scaled to sums that are all above 0."""
    with np.errstate(over="ignore", invalid="ignore", divide="ignore"):  # what cannot be met runs away, and is told
        b = np.ones(len(come))
        for _ in range(_FIRST_ROUNDS):
            a = out / (weights @ b)
            b = come / (a @ weights)
        flows: Floats = a[:, None] * weights * b[None, :]
        for _ in range(_MOST_STEPS):
            if not np.isfinite(flows).all():
                break
            if _meets(flows.sum(axis=1), out) and _meets(flows.sum(axis=0), come):
                return flows
            flows = _step(flows, out, come)
    raise SolveError(_UNMET)


def _step(flows: Floats, out: Floats, come: Floats) -> Floats:
    """Return the flows after one of Newton's steps, cut short where it would go too far; their rows then meet ``out``.

    With x and y the changes of ln a and ln b: diag(r) x + T y = out − r and T' x + diag(c) y = come − c, r and c the
    sums of T. Rows are scaled to their sums first, so that only y is left to be found.
    """
    flows = flows * (out / flows.sum(axis=1))[:, None]
    come_now = flows.sum(axis=0)
    system = np.diag(come_now) - flows.T @ (flows / out[:, None])
    system += np.eye(len(come)) * come_now.max() * 1e-14 + come_now[:, None] * come_now[None, :] / come_now.sum()
    change = np.linalg.solve(system, come - come_now)
    change *= min(1.0, _LONGEST_STEP / max(float(np.abs(change).max()), 1e-300))
    flows = flows * np.exp(change)[None, :]
    found: Floats = flows * (out / flows.sum(axis=1))[:, None]
    return found


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

    return float(brentq(off, low, high, xtol=1e-14, rtol=1e-11, maxiter=_MOST_STEPS))
