"""Change since the last edition: in its unit, in percent, in points; whether a sample moved so by chance.

(1)  absolute = now − before; relative = absolute ÷ \\|before\\|; points = 100 · absolute ÷ whole, where the figure is a
     share and ``whole`` is what it is when everything is meant: 1 or, in percent, 100
(2)  two shares:  z = (p₂ − p₁) / √(p(1 − p)(1/m₁ + 1/m₂)), p = (m₁p₁ + m₂p₂)/(m₁ + m₂)
(3)  two means:   t = (x₂ − x₁) / √(s₁²/m₁ + s₂²/m₂), degrees of freedom by Welch (1947) and Satterthwaite (1946)
(4)  a sample against a full count c: z = (p − c)/√(c(1 − c)/m), t = (x − c)/(s/√m) with m − 1 degrees of freedom
(5)  many tests at once: Benjamini and Hochberg (1995), the expected share of false alarms among those raised

m is the effective number of respondents (n ÷ design effect), not n. A full count is never tested: it has no error of
sampling, and a small change of it is a small change, not chance. Samples are taken to be independent: a panel that
asks the same people twice has smaller errors than these.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np

from lifezone.errors import InputError
from lifezone.model import Floats

__all__ = [
    "FULL_COUNT", "LEVEL", "Changes", "Evidence", "Figure", "adjusted", "changes", "evidence", "evidence_of_errors",
]  # fmt: skip

FULL_COUNT: Final = "full count, no test"
LEVEL: Final = 0.05
"""A change is called significant where its adjusted p-value is at most this."""
_LEAST_RESPONDENTS: Final = 2.0


@dataclass(frozen=True, eq=False)
class Changes:
    """How D figures changed.

    Attributes:
        absolute: f64[D] in the figure's unit; NaN where one of the two is missing.
        relative: f64[D] share of the earlier figure; NaN where that is 0.
        points: f64[D] percentage points; NaN throughout where the figure is no share.
    """

    absolute: Floats
    relative: Floats
    points: Floats


@dataclass(frozen=True)
class Figure:
    """A figure of one edition, as far as a test must know it.

    Attributes:
        value: the share (0 to 1) or mean.
        n_effective: effective number of respondents; None = a full count.
        deviation: standard deviation of the answers, for means.
    """

    value: float
    n_effective: float | None = None
    deviation: float = math.nan


@dataclass(frozen=True)
class Evidence:
    """What a test says.

    Attributes:
        test: which test, or why there is none.
        statistic: z or t, NaN without a test.
        p_value: two-sided, NaN without a test.
    """

    test: str
    statistic: float = math.nan
    p_value: float = math.nan

    @property
    def is_tested(self) -> bool:
        """True where there is a p-value."""
        return not math.isnan(self.p_value)


def changes(before: Floats, now: Floats, *, whole: float | None = None) -> Changes:
    """Return how figures changed, equation (1).

    Args:
        before: f64[D] figures of the earlier edition, NaN = none.
        now: f64[D] figures of this one.
        whole: 1 for shares of one, 100 for percent; None = the figures are no shares.
    """
    known = np.isfinite(before) & np.isfinite(now)
    absolute = np.full(len(now), np.nan)
    absolute[known] = now[known] - before[known]
    base = np.abs(before)
    relative = np.divide(absolute, base, out=np.full(len(now), np.nan), where=known & (base > 0))
    return Changes(absolute, relative, np.full(len(now), np.nan) if whole is None else 100.0 / whole * absolute)


def evidence(before: Figure, now: Figure, kind: Literal["share", "mean"]) -> Evidence:
    """Say whether two figures differ by more than sampling explains, equations (2) to (4).

    Args:
        before: of the earlier edition.
        now: of this one.
        kind: what the figures are.
    """
    sampled = [one for one in (before, now) if one.n_effective is not None]
    if not sampled:
        return Evidence(FULL_COUNT)
    if not (math.isfinite(before.value) and math.isfinite(now.value)):
        return Evidence("no test: a figure is missing")
    if any((one.n_effective or 0.0) < _LEAST_RESPONDENTS for one in sampled):
        return Evidence("no test: fewer than two effective respondents")
    return _shares(before, now) if kind == "share" else _means(before, now)


def evidence_of_errors(before: float, now: float, error_before: float, error: float) -> Evidence:
    """Say whether two figures of known standard errors differ: z = (b − a) / √(e_a² + e_b²).

    Args:
        before: of the earlier edition.
        now: of this one.
        error_before: standard error, NaN = a full count.
        error: of this one.
    """
    if math.isnan(error_before) and math.isnan(error):
        return Evidence(FULL_COUNT)
    if not (math.isfinite(before) and math.isfinite(now)):
        return Evidence("no test: a figure is missing")
    variance = sum(one**2 for one in (error_before, error) if not math.isnan(one))
    return _by_error(now - before, variance, "z-test by standard errors", math.inf)


def adjusted(p_values: Sequence[float]) -> list[float]:
    """Return p-values adjusted for their number, equation (5); those of no test stay NaN and do not count.

    Raises:
        InputError: a p-value is not between 0 and 1.
    """
    given = np.array(p_values, dtype=np.float64)
    tested = ~np.isnan(given)
    if ((given[tested] < 0) | (given[tested] > 1)).any():
        raise InputError("p-values must lie between 0 and 1")
    if tested.any():
        from scipy.stats import false_discovery_control  # noqa: PLC0415  (slow to import)

        given[tested] = false_discovery_control(given[tested], method="bh")
    return [float(one) for one in given]


def _shares(before: Figure, now: Figure) -> Evidence:
    """Test two shares, or one against a full count."""
    a, b = before.n_effective, now.n_effective
    if a is None or b is None:
        full = before.value if a is None else now.value
        variance, name = full * (1 - full) / (a or b or math.nan), "z-test of a share against a full count"
    else:
        pooled = (a * before.value + b * now.value) / (a + b)
        variance, name = pooled * (1 - pooled) * (1 / a + 1 / b), "z-test of two shares"
    return _by_error(now.value - before.value, variance, name, math.inf)


def _means(before: Figure, now: Figure) -> Evidence:
    """Test two means (Welch), or one against a full count."""
    terms = [(one.deviation**2 / one.n_effective, one.n_effective) for one in (before, now) if one.n_effective]
    variance = sum(term for term, _ in terms)
    name = "t-test of two means (Welch)" if len(terms) == 2 else "t-test of a mean against a full count"
    below = sum(term**2 / (m - 1) for term, m in terms if m > 1)
    return _by_error(now.value - before.value, variance, name, variance**2 / below if below > 0 else math.nan)


def _by_error(difference: float, variance: float, name: str, freedom: float) -> Evidence:
    """Divide a difference by its error; answers that do not differ at all leave nothing to test by."""
    from scipy.stats import norm, t  # noqa: PLC0415  (slow to import)

    if not (math.isfinite(variance) and variance > 0):
        if difference == 0:
            return Evidence(f"{name}: all answers are the same", 0.0, 1.0)
        return Evidence("no test: answers do not vary")
    statistic = difference / math.sqrt(variance)
    tail = norm.sf(abs(statistic)) if math.isinf(freedom) else t.sf(abs(statistic), freedom)
    return Evidence(name, statistic, float(min(1.0, 2 * tail)))
