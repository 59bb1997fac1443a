"""Shares and means of a weighted sample, and how far they may be off.

(1)  share or mean  x̄ = Σ w x / Σ w
(2)  design effect by weights (Kish 1965)  deff = n Σ w² / (Σ w)²; effective respondents m = n / deff = (Σ w)² / Σ w²
(3)  one stratum    var x̄ = (1 − f) s² / m, where s² = Σ w (x − x̄)² / Σ w for shares, that times m/(m − 1) for means
(4)  several        var x̄ = Σ_h W_h² (1 − f_h) s_h² / m_h, W_h = Σ_h w / Σ w, s_h² always with m_h/(m_h − 1)
(5)  m* = s² / var x̄, so that strata and finite populations enter Wilson's interval, tests and design effect n / m*
(6)  shares: Wilson (1927) at m*, or normal x̄ ± z √var; means: x̄ ± t(m* − 1) √var

f = n / N is the finite-population correction: 0 where N is not given. A stratum in which one respondent answered is
centred on the mean of all, which makes margins larger, never smaller. Weights are taken as fixed: raking usually makes
margins a little smaller than told here. Clusters (interviewers, villages) are not known to these formulas and make them
larger.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np

from lifezone.model import Bools, Floats, Ints

__all__ = ["Estimate", "Strata", "design_effect", "estimated"]

Interval = Literal["wilson", "normal"]
_NOT_KNOWN: Final = math.nan
_SLACK: Final = 1e-12


@dataclass(frozen=True, eq=False)
class Strata:
    """Which part of the population each respondent stands for.

    Attributes:
        of: i32[n] stratum of each respondent.
        fraction: f64[H] respondents ÷ people of each stratum, 0 = people not given.
    """

    of: Ints
    fraction: Floats


@dataclass(frozen=True)
class Estimate:
    """A share or mean with its margin.

    Attributes:
        value: the share (0 to 1) or mean; NaN without respondents.
        error: its standard error; NaN where it is not known.
        low: lower end of the interval.
        high: upper end.
        n: respondents who answered.
        n_effective: what they count for, see equation (5).
        deviation: standard deviation of the answers.
    """

    value: float
    error: float
    low: float
    high: float
    n: int
    n_effective: float
    deviation: float

    @property
    def margin(self) -> float:
        """Half the width of the interval."""
        return (self.high - self.low) / 2

    @property
    def design_effect(self) -> float:
        """How many times as many respondents this sample needs as an evenly weighted one, equation (5)."""
        return self.n / self.n_effective if self.n_effective > 0 else _NOT_KNOWN


def design_effect(weight: Floats) -> float:
    """Return Kish's design effect, equation (2); NaN where all weights are 0."""
    total = float(weight.sum())
    return len(weight) * float((weight**2).sum()) / total**2 if total > 0 else _NOT_KNOWN


def estimated(
    answer: Floats,
    weight: Floats,
    kind: Literal["share", "mean"],
    *,
    strata: Strata | None = None,
    confidence: float = 0.95,
    interval: Interval = "wilson",
) -> Estimate:
    """Estimate a share (of answers 1 among 0 and 1) or a mean.

    Args:
        answer: f64[n] answers, NaN = none: such respondents are left out.
        weight: f64[n] ≥ 0; a respondent of weight 0 is not counted.
        kind: ``share`` or ``mean``.
        strata: which stratum each respondent belongs to; None = one of unknown people.
        confidence: of the interval, 0 to 1.
        interval: for shares.
    """
    told = ~np.isnan(answer) & (weight > 0)
    if not told.any():
        return Estimate(_NOT_KNOWN, _NOT_KNOWN, _NOT_KNOWN, _NOT_KNOWN, 0, 0.0, _NOT_KNOWN)
    x, w = answer[told], weight[told]
    here = None if strata is None else Strata(strata.of[told], strata.fraction)
    mean = float((w * x).sum() / w.sum())
    m = len(x) / design_effect(w)
    spread = float((w * (x - mean) ** 2).sum() / w.sum())
    if kind == "mean":
        spread = spread * m / (m - 1) if m > 1 + _SLACK else _NOT_KNOWN
    variance = spread / m if here is None else _stratified(x, w, here, plain=spread / m)
    counts = spread / variance if variance > 0 and spread > 0 else m
    low, high = mean, mean
    if here is None or (here.fraction[here.of] < 1).any():  # else everybody was asked
        low, high = _interval(mean, variance, counts, kind, confidence, interval)
    return Estimate(mean, _root(variance), low, high, len(x), counts, _root(spread))


def _root(value: float) -> float:
    """Return a square root, NaN of NaN."""
    return math.sqrt(value) if value >= 0 else _NOT_KNOWN


def _stratified(x: Floats, w: Floats, strata: Strata, *, plain: float) -> float:
    """Return the variance of the share or mean over strata, equations (3) and (4).

    Args:
        x: f64[n] answers.
        w: f64[n] weights above 0.
        strata: of these respondents.
        plain: variance without strata and corrections.
    """
    rest = np.maximum(1.0 - strata.fraction, 0.0)
    parts = np.unique(strata.of)
    if len(parts) == 1:
        return plain * float(rest[parts[0]])
    mean, found = float((w * x).sum() / w.sum()), 0.0
    for part in parts:
        here: Bools = strata.of == part
        mine = w[here]
        m = len(mine) / design_effect(mine)
        alone = m <= 1 + _SLACK
        centre = mean if alone else float((mine * x[here]).sum() / mine.sum())
        spread = float((mine * (x[here] - centre) ** 2).sum() / mine.sum()) / (1.0 if alone else m - 1)
        found += (float(mine.sum() / w.sum())) ** 2 * float(rest[part]) * spread
    return found


def _interval(
    mean: float, variance: float, counts: float, kind: str, confidence: float, interval: Interval
) -> tuple[float, float]:
    """Return the interval of a share or mean, equation (6)."""
    from scipy.stats import norm, t  # noqa: PLC0415  (slow to import)

    if math.isnan(variance):
        return _NOT_KNOWN, _NOT_KNOWN
    tail = (1 + confidence) / 2
    if kind == "mean":
        half = float(t.ppf(tail, counts - 1)) * math.sqrt(variance) if counts > 1 else _NOT_KNOWN
        return mean - half, mean + half
    z = float(norm.ppf(tail))
    if interval == "normal":
        half = z * math.sqrt(variance)
        return max(0.0, mean - half), min(1.0, mean + half)
    shrink = 1 + z * z / counts
    centre = (mean + z * z / (2 * counts)) / shrink
    half = z / shrink * math.sqrt(mean * (1 - mean) / counts + z * z / (4 * counts * counts))
    return max(0.0, centre - half), min(1.0, centre + half)
