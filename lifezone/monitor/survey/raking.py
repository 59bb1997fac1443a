"""Weights that make a sample look like the people it stands for: raking to known margins.

Deming and Stephan (1940): for one dimension after the other, weights of each class are multiplied by what is known ÷
what they add up to, round after round, until all margins hold at once. It has one solution where any weights of these
respondents have those margins at all; else it swings for ever, which is told and not hidden.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from lifezone.errors import Fault, InputError, some_of
from lifezone.model import Floats
from lifezone.monitor.survey.estimate import design_effect

__all__ = ["Raked", "raked"]

_CLOSE: Final = 1e-6
_ROUNDS: Final = 200
_HALVINGS: Final = 60


@dataclass(frozen=True, eq=False)
class Raked:
    """Weights after raking.

    Attributes:
        weight: f64[n], mean 1 over those who count.
        rounds: how often all dimensions were gone through.
        converged: whether every margin holds to one part in a million.
        worst: largest difference between a margin and its target, as a share.
        at: dimension and class where that is.
        design_effect: Kish's, of the weights.
        largest: largest weight over the mean.
    """

    weight: Floats
    rounds: int
    converged: bool
    worst: float
    at: str
    design_effect: float
    largest: float

    def told(self) -> str:
        """Say how it went in one sentence."""
        head = f"weights raked in {self.rounds} rounds, largest {self.largest:.2f} × the mean, design effect "
        head += f"{self.design_effect:.2f}"
        if self.converged:
            return f"{head}; all margins hold"
        return f"{head}; NOT CONVERGED: {self.at} is off by {100 * self.worst:.2f} points"


@dataclass(frozen=True, eq=False)
class _Margin:
    """One dimension: class of each respondent (−1 = not told) and shares aimed at."""

    name: str
    classes: tuple[str, ...]
    of: np.ndarray
    target: Floats


def raked(
    weight: Floats,
    answers: Mapping[str, np.ndarray],
    margins: Mapping[str, Mapping[str, float]],
    *,
    most: float | None = None,
    rounds: int = _ROUNDS,
) -> Raked:
    """Rake weights to margins.

    Args:
        weight: f64[n] design weights ≥ 0.
        answers: dimension → object[n] class of each respondent, ``""`` = not told: such respondents keep what other
            dimensions make of them.
        margins: dimension → class → people or share; brought to shares.
        most: largest weight over the mean (and its inverse the smallest); None = as it comes.
        rounds: how often all dimensions are gone through at most.

    Raises:
        InputError: a class has people and no respondent or the other way round, a margin is negative, or nobody counts.
    """
    faults = [fault for name in margins for fault in _faults(name, answers.get(name), margins[name], weight)]
    if not (weight > 0).any():
        faults.append(Fault("all weights are 0: nobody counts", ("weight",)))
    if faults:
        raise InputError(faults)
    parts = [_margin(name, answers[name], margins[name]) for name in margins]
    counts = weight > 0
    now = weight / weight[counts].mean()
    (worst, at), done = _off(now, parts), 0
    while worst > _CLOSE and done < rounds:
        for part in parts:
            now = now * _factor(now, part)
        now = now / now[counts].mean()
        if most is not None:
            now[counts] = _bounded(now[counts], most)
        (worst, at), done = _off(now, parts), done + 1
    return Raked(now, done, worst <= _CLOSE, worst, at, design_effect(now[counts]), float(now.max()))


def _faults(name: str, told: np.ndarray | None, margin: Mapping[str, float], weight: Floats) -> list[Fault]:
    """List what keeps a margin from being reached."""
    if told is None:
        return [Fault("no column gives these classes: name it in 'by'", ("margins", name))]
    bad = [key for key, value in margin.items() if not (np.isfinite(value) and value >= 0)]
    if bad or not sum(margin.values()) > 0:
        where = some_of(bad) if bad else "all of them"
        return [Fault(f"people must be 0 or more and some: {where}", ("margins", name))]
    asked = dict.fromkeys(one for one in told[weight > 0].tolist() if one)
    empty = [key for key, value in margin.items() if value > 0 and key not in asked]
    strange = [key for key in asked if margin.get(key, 0.0) <= 0]
    faults = []
    if empty:
        faults.append(Fault(f"no respondent stands for {some_of(empty)}: join classes", ("margins", name)))
    if strange:
        faults.append(Fault(f"respondents say {some_of(strange)}, whose people are not given", ("margins", name)))
    return faults


def _margin(name: str, told: np.ndarray, margin: Mapping[str, float]) -> _Margin:
    """Make a margin of shares."""
    classes = tuple(key for key, value in margin.items() if value > 0)
    position = {key: at for at, key in enumerate(classes)}
    target = np.array([margin[key] for key in classes], dtype=np.float64)
    of = np.array([position.get(one, -1) for one in told.tolist()], np.int64)
    return _Margin(name, classes, of, target / target.sum())


def _shares(weight: Floats, part: _Margin) -> Floats:
    """Return f64[C] the share of each class among those who told theirs."""
    told = part.of >= 0
    sums = np.bincount(part.of[told], weights=weight[told], minlength=len(part.classes))
    shares: Floats = sums / sums.sum()
    return shares


def _factor(weight: Floats, part: _Margin) -> Floats:
    """Return f64[n] what weights are multiplied by."""
    factor = part.target / _shares(weight, part)
    spread: Floats = np.where(part.of >= 0, factor[part.of], 1.0)
    return spread


def _bounded(weight: Floats, most: float) -> Floats:
    """Return weights of mean 1 between 1/most and most: all are multiplied by what makes them so after cutting."""
    low, high = 1 / (most * float(weight.max())), most / float(weight.min())
    for _ in range(_HALVINGS):
        factor = (low * high) ** 0.5
        if np.clip(weight * factor, 1 / most, most).mean() < 1:
            low = factor
        else:
            high = factor
    cut: Floats = np.clip(weight * high, 1 / most, most)
    return cut


def _off(weight: Floats, parts: Sequence[_Margin]) -> tuple[float, str]:
    """Return the largest difference from a margin, and where it is."""
    worst, at = 0.0, ""
    for part in parts:
        off = np.abs(_shares(weight, part) - part.target)
        if len(off) and off.max() > worst:
            worst, at = float(off.max()), f"{part.name} {part.classes[int(off.argmax())]}"
    return worst, at
