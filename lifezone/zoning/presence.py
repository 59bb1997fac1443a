"""From how many people on a district has a facility: a threshold fitted to where facilities are today.

First provider: P(at least one in district i) = 1 / (1 + exp(−a − b·log people_i)), by maximum likelihood; N50 =
exp(−a / b) is the size at which half of the districts have one. Its 95 % interval is Fieller's for −a / b, which
has no upper (lower) end where the data sets none.
Further providers (Bresnahan and Reiss 1991): an ordered probit of the number of facilities, 0, 1, 2, 3 or more, on
log people; size for n facilities S_n = exp(c_n / β). When competition bites, S_2 / (2·S_1) is above 1.

Presence is an association and not a cost: people also come from outside the district, and leave it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from lifezone.model import Fit, Floats, Longs

__all__ = ["Logit", "fit_logit", "fit_ordered_probit", "fits_of"]

_Z95: Final = 1.959963984540054
_MOST_PROVIDERS: Final = 3
_MOST_STEPS: Final = 100
_CLOSE: Final = 1e-10
_LEAST_WITH: Final = 2
"""Districts with at least n facilities without which S_n is not told."""


@dataclass(frozen=True)
class Logit:
    """A fitted logit: intercept, slope on log people, and their covariance (variances, covariance)."""

    a: float
    b: float
    var_a: float
    var_b: float
    cov: float

    @property
    def n50(self) -> float:
        """People at which half have one."""
        return float(np.exp(-self.a / self.b))

    def interval(self, z: float = _Z95) -> tuple[float, float]:
        """Return Fieller's interval of N50; 0 or ``inf`` where it has no end on that side."""
        g = z * z * self.var_b
        square, linear = self.b * self.b - g, self.a * self.b - z * z * self.cov
        rest = self.a * self.a - z * z * self.var_a
        inside = linear * linear - square * rest
        if square <= 0 or inside < 0:
            return 0.0, float("inf")
        low, high = ((-linear - s * np.sqrt(inside)) / square for s in (1.0, -1.0))
        return float(np.exp(low)), float(np.exp(high))


def fit_logit(people: Floats, has_one: np.ndarray) -> Logit | None:
    """Fit presence against log people by Newton's steps (iteratively reweighted least squares).

    Args:
        people: f64[n] above zero.
        has_one: bool[n].

    Returns:
        The fit, or None where it does not exist: all or none have one, or a size divides those with from those
        without.
    """
    x, y = np.log(people), has_one.astype(np.float64)
    if not 0 < y.sum() < len(y) or _is_separated(x, has_one):
        return None
    middle = x.mean()
    design = np.column_stack([np.ones(len(x)), x - middle])
    beta = np.array([np.log(y.mean() / (1 - y.mean())), 0.0])
    for _ in range(_MOST_STEPS):
        p = 1.0 / (1.0 + np.exp(-design @ beta))
        information = design.T @ (design * (p * (1 - p))[:, None])
        step = np.linalg.solve(information, design.T @ (y - p))
        beta = beta + step
        if np.abs(step).max() < _CLOSE:
            break
    back = np.array([[1.0, -middle], [0.0, 1.0]])  # to the intercept of x that is not centred
    a, b = back @ beta
    covariance = back @ np.linalg.inv(information) @ back.T
    return Logit(float(a), float(b), float(covariance[0, 0]), float(covariance[1, 1]), float(covariance[0, 1]))


def fit_ordered_probit(people: Floats, count: Longs, most: int = _MOST_PROVIDERS) -> tuple[Floats, Floats] | None:
    """Fit the number of facilities, 0 … ``most`` or more, against log people.

    Args:
        people: f64[n] above zero.
        count: i64[n] facilities.
        most: the highest class.

    Returns:
        (c_1 … c_m, β) and their covariance, m the highest class that occurs; None where no fit exists.
    """
    from scipy.optimize import minimize  # noqa: PLC0415

    x, k = np.log(people), np.minimum(count, most)
    m = int(k.max(initial=0))
    if m == 0 or len(np.unique(k)) < m + 1 or any(_is_separated(x, k >= n) for n in range(1, m + 1)):
        return None
    middle, spread = x.mean(), x.std()
    if spread == 0:
        return None
    z = (x - middle) / spread
    start = np.append(_normal_quantiles(np.array([(k < n).mean() for n in range(1, m + 1)])), 0.5)
    found = minimize(_loss, start, args=(z, k), jac=True, method="BFGS", options={"gtol": 1e-9, "maxiter": 500})
    back = np.eye(m + 1)  # c on the scale of x: c' = c + β·middle/spread, β' = β/spread
    back[:m, m], back[m, m] = middle / spread, 1.0 / spread
    covariance = back @ np.linalg.inv(_hessian(found.x, z, k)) @ back.T
    return back @ found.x, covariance


def fits_of(people: Floats, count: Longs) -> tuple[Fit, ...]:
    """Return the sizes from which districts have a first, second and third facility, by both methods.

    Args:
        people: f64[D] of each district; those without people are left out.
        count: i64[D] facilities in each.
    """
    some = people > 0
    people, count = people[some], count[some]
    found = [_by_logit(people, count)]
    probit = fit_ordered_probit(people, count)
    if probit is None or probit[0][-1] <= 0:
        return tuple(found)
    value, covariance = probit
    slope = len(value) - 1
    for n in range(1, slope + 1):
        with_n = int((count >= n).sum())
        if with_n < _LEAST_WITH:
            continue
        log_s = value[n - 1] / value[slope]
        gradient = np.zeros(slope + 1)
        gradient[n - 1], gradient[slope] = 1.0 / value[slope], -log_s / value[slope]
        error = float(np.sqrt(gradient @ covariance @ gradient))
        low, high = np.exp(log_s - _Z95 * error), np.exp(log_s + _Z95 * error)
        found.append(Fit("ordered_probit", n, float(np.exp(log_s)), float(low), float(high), len(people), with_n))
    return tuple(found)


def _by_logit(people: Floats, count: Longs) -> Fit:
    """Return N50; where a size divides those with from those without, the gap between them is its interval."""
    has_one = count > 0
    n, with_one = len(people), int(has_one.sum())
    fit = fit_logit(people, has_one)
    if fit is not None and fit.b > 0:
        low, high = fit.interval()
        return Fit("logit", 1, fit.n50, low, high, n, with_one)
    nan = float("nan")
    if 0 < with_one < n and people[~has_one].max() < people[has_one].min():
        low, high = float(people[~has_one].max()), float(people[has_one].min())
        return Fit("logit", 1, float(np.sqrt(low * high)), low, high, n, with_one)
    return Fit("logit", 1, nan, nan, nan, n, with_one)


def _is_separated(x: Floats, has_one: np.ndarray) -> bool:
    """Tell whether a size divides those with from those without, so that the likelihood has no highest point."""
    if has_one.all() or not has_one.any():
        return True
    with_, without = x[has_one], x[~has_one]
    return bool(without.max() <= with_.min() or with_.max() <= without.min())


def _normal_quantiles(p: Floats) -> Floats:
    """Return the standard normal quantiles."""
    from scipy.special import ndtri  # noqa: PLC0415

    quantiles: Floats = ndtri(np.clip(p, 1e-6, 1 - 1e-6))
    return quantiles


def _loss(parameters: Floats, z: Floats, k: Longs) -> tuple[float, Floats]:
    """Return minus the log-likelihood of an ordered probit and its gradient; ``inf`` where cuts are out of order."""
    from scipy.special import ndtr  # noqa: PLC0415

    m = len(parameters) - 1
    cuts, beta = parameters[:m], parameters[m]
    if (np.diff(cuts) <= 0).any():
        return float("inf"), np.zeros(m + 1)
    edges = np.concatenate([[-np.inf], cuts, [np.inf]])
    low, high = edges[k] - beta * z, edges[k + 1] - beta * z
    # the far tail is taken on the side where it does not vanish against 1
    p = np.where(low > 0, ndtr(-low) - ndtr(-high), ndtr(high) - ndtr(low))
    p = np.maximum(p, 1e-300)
    at_low, at_high = _density(low), _density(high)
    gradient = np.zeros(m + 1)
    gradient[:m] = [
        (at_low[k == n] / p[k == n]).sum() - (at_high[k == n - 1] / p[k == n - 1]).sum() for n in range(1, m + 1)
    ]
    gradient[m] = (z * (at_high - at_low) / p).sum()
    return float(-np.log(p).sum()), gradient


def _density(t: Floats) -> Floats:
    """Return the standard normal density, 0 at ±inf."""
    finite = np.where(np.isfinite(t), t, 0.0)
    density: Floats = np.where(np.isfinite(t), np.exp(-0.5 * finite**2) / np.sqrt(2 * np.pi), 0.0)
    return density


def _hessian(at: Floats, z: Floats, k: Longs) -> Floats:
    """Return the matrix of second derivatives of the loss, by central differences of its gradient."""
    n, step = len(at), 1e-5
    rows = np.empty((n, n))
    for i in range(n):
        shift = np.zeros(n)
        shift[i] = step
        rows[i] = (_loss(at + shift, z, k)[1] - _loss(at - shift, z, k)[1]) / (2 * step)
    symmetric: Floats = (rows + rows.T) / 2
    return symmetric
