"""One byte for a requirement at a place: a level of time or distance, or why there is none.

Level ``k`` says (k − 1)·step < value ≤ k·step, so that every limit that is a whole number of steps keeps its verdict,
bounds being inclusive; the bound is such a limit. Refused: a byte per class (no cut-off could then be moved), floats
(eight times the size for a precision that no map shows).
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import Final

import numpy as np

from lifezone.model import Demand, Reason, Requirement, Verdicts

__all__ = [
    "BEYOND", "NOBODY", "NOT_ASSESSED", "NOT_JUDGED", "NO_FACILITY", "OFF_NETWORK", "TOP", "UNREACHABLE", "Scale",
    "classes_of", "levels_of", "scale_of",
]  # fmt: skip

TOP: Final = 240
"""The last level with an upper limit; a cut-off goes as far."""
BEYOND: Final = 241
"""Reached, but farther than the last level."""
NOT_ASSESSED: Final = 250
NO_FACILITY: Final = 251
OFF_NETWORK: Final = 252
UNREACHABLE: Final = 253
NOT_JUDGED: Final = 254
NOBODY: Final = 255

_REASONS: Final = {
    Reason.NOT_JUDGED: NOT_JUDGED,
    Reason.UNREACHABLE: UNREACHABLE,
    Reason.OFF_NETWORK: OFF_NETWORK,
    Reason.NO_FACILITY: NO_FACILITY,
    Reason.NOT_ASSESSED: NOT_ASSESSED,
}
_LEAST_STEPS: Final = 40
"""Steps within the bound: a cut-off that moves in fewer is too coarse to look at."""
_MOST_STEPS: Final = 80
"""Steps within the bound, so that the last level is at least three bounds away."""
_NICE: Final = (0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0, 20.0, 50.0, 100.0, 200.0, 500.0, 1000.0)
_EQUAL_STEPS: Final = 60
_ROUND: Final = 1e-9


@dataclass(frozen=True)
class Scale:
    """How levels of one requirement are read.

    Attributes:
        step: SI units (seconds, metres) of one level.
        bound: level of the national minimum.
        optimum: level of the local optimum, 0 = none, or none that is a whole number of steps.
        whole: levels in a minute or in a hundred metres, 1 where these are no whole number of levels.
    """

    step: float
    bound: int
    optimum: int
    whole: int = 1


def scale_of(rule: Requirement) -> Scale:
    """Return the scale of a requirement: the widest round step that splits the bound (and the optimum) evenly.

    Raises:
        ValueError: The requirement has no bound.
    """
    if rule.bound is None or rule.bound <= 0:
        raise ValueError(f"{rule.id} has no bound")
    unit = 60.0 if rule.metric == "time" else 1.0
    marks = [rule.bound / unit, *([] if rule.optimum is None else [rule.optimum / unit])]
    for wanted in (marks, marks[:1]):
        for size in reversed(_NICE):
            steps = [mark / size for mark in wanted]
            even = all(abs(step - round(step)) < 1e-6 for step in steps)
            if even and _LEAST_STEPS <= round(steps[0]) <= _MOST_STEPS:
                return _scale(rule, size * unit)
    return _scale(rule, rule.bound / _EQUAL_STEPS)


def _scale(rule: Requirement, step: float) -> Scale:
    optimum = 0 if rule.optimum is None else rule.optimum / step
    whole = round(optimum) if abs(optimum - round(optimum)) < 1e-6 else 0
    bound = round((rule.bound or 0.0) / step)
    per = (60.0 if rule.metric == "time" else 100.0) / step
    return Scale(step, bound, whole if 0 < whole < bound else 0, round(per) if abs(per - round(per)) < 1e-6 else 1)


def levels_of(rule: Requirement, scale: Scale, verdicts: Verdicts, demand: Demand) -> np.ndarray:
    """Return u8[P] the level of each point, or the byte of why it has none.

    Where value and verdict part within a step (bounds are decided to the last bit, files are rounded), the verdict
    decides; where they part by more (a bound by density), the value stays: :func:`lifezone.report.map.values.parted`.
    """
    value = verdicts.seconds if rule.metric == "time" else verdicts.metres
    reached = np.isfinite(value)
    steps = np.ceil(np.where(reached, value, 0.0) / scale.step - _ROUND)
    level = np.clip(np.where(steps > TOP, BEYOND, steps), 0, BEYOND).astype(np.int16)
    level[(verdicts.reason == Reason.MET) & (level == scale.bound + 1)] = scale.bound
    level[(verdicts.reason == Reason.TOO_FAR) & (level == scale.bound)] = scale.bound + 1
    level[~reached] = UNREACHABLE
    for reason, byte in _REASONS.items():
        level[verdicts.reason == reason] = byte
    level[demand.total <= 0] = NOBODY
    return level.astype(np.uint8)


def classes_of(scale: Scale) -> tuple[int, ...]:
    """Return the levels at which classes end: two within the bound, the bound, 1.5 and 2 bounds; the last is open.

    Within the bound the optimum and its half where there is one, else thirds of the bound. Limits other than bound and
    optimum are whole minutes, or hundreds of metres, where that leaves them apart.
    """
    bound = scale.bound
    marks = (scale.optimum / 2, scale.optimum) if scale.optimum else (bound / 3, bound / 1.5)
    for per in (scale.whole, 1):
        first = _whole(marks[0], per)
        second = scale.optimum or _whole(marks[1], per)
        limits = (first, second, bound, _whole(bound * 1.5, per), bound * 2)
        if all(low < high for low, high in pairwise((0, *limits))):
            return limits
    return (1, 2, bound, bound + 1, bound * 2)


def _whole(level: float, per: int) -> int:
    return round(level / per) * per
