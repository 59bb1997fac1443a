"""What changed a figure: the difference of two worlds, split fairly among the parts that were swapped one by one.

Shapley (1953), *A value for n-person games*; as a decomposition of an indicator's change: Shorrocks (2013).

(1)  v(S) = the figure of the world whose parts in S are of the later edition, all others of the earlier one
(2)  φ_i = Σ over S without i of |S|! (n − |S| − 1)! / n! · (v(S ∪ i) − v(S)), the mean over all orders of swapping
(3)  Σ φ_i = v(all) − v(none): nothing is left over; a part that changes nothing anywhere gets 0; parts that change
     the same get the same; no order is preferred

Sums are exact fractions. What is written is rounded to a unit such that rounded parts still add up to the rounded
difference, to the last digit: the units that rounding would lose go to the parts that it would wrong most.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from lifezone.errors import InputError

__all__ = ["Split", "ratio_parts", "shapley", "split"]

DIGITS: Final = 9
"""Decimals of written parts, as many as result tables have."""


@dataclass(frozen=True)
class Split:
    """A difference and its parts, as decimals that add up.

    Attributes:
        before: the figure with nothing swapped.
        after: the figure with everything swapped.
        parts: part → what it adds, ``after − before`` together; empty where a world has no figure.
    """

    before: float
    after: float
    parts: Mapping[str, float]

    @property
    def is_known(self) -> bool:
        """True where every world has a figure."""
        return bool(self.parts)


def shapley(worth: Sequence[Fraction]) -> list[Fraction]:
    """Split worth(all) − worth(none) among n parts, equation (2).

    Args:
        worth: 2^n figures; the figure at position s is that of the world whose swapped parts are the bits of s.

    Returns:
        n parts, exact.

    Raises:
        InputError: their number is not a power of two.
    """
    n = len(worth).bit_length() - 1
    if len(worth) != 1 << n:
        raise InputError(f"Shapley needs one figure for every set of parts, a power of two; got {len(worth)}")
    weight = [Fraction(math.factorial(k) * math.factorial(n - k - 1), math.factorial(n)) for k in range(n)]
    found = []
    for part in range(n):
        bit = 1 << part
        gains = (weight[s.bit_count()] * (worth[s | bit] - worth[s]) for s in range(1 << n) if not s & bit)
        found.append(sum(gains, Fraction(0)))
    return found


def split(worth: Sequence[float], parts: Sequence[str], *, digits: int = DIGITS) -> Split:
    """Split the difference of two worlds among their parts, in decimals that add up to it.

    Args:
        worth: 2^n figures, see :func:`shapley`; NaN or infinite = that world has no figure.
        parts: n names, the first of bit 0.
        digits: decimals to which figures and parts are rounded.

    Returns:
        The split. Where a world has no figure the parts are empty: nothing is guessed.
    """
    if len(worth) != 1 << len(parts):
        raise InputError(f"{len(parts)} parts need {1 << len(parts)} figures; got {len(worth)}")
    before, after = worth[0], worth[-1]
    if not all(map(math.isfinite, worth)):
        return Split(_rounded(before, digits), _rounded(after, digits), {})
    unit = 10**digits
    first, last = (round(Fraction(value) * unit) for value in (before, after))
    shares = _whole([part * unit for part in shapley([Fraction(value) for value in worth])], last - first)
    told = {name: whole / unit for name, whole in zip(parts, shares, strict=True)}
    return Split(first / unit, last / unit, told)


def ratio_parts(numerator: tuple[float, float], denominator: tuple[float, float]) -> tuple[float, float]:
    """Split the change of a ratio into what its numerator and what its denominator did.

    Args:
        numerator: before, now.
        denominator: before, now.

    Returns:
        The part of the numerator and that of the denominator; NaN where a ratio is not defined.
    """
    figures = [over / under if under else math.nan for under in denominator for over in numerator]
    if not all(map(math.isfinite, figures)):
        return math.nan, math.nan
    parts = shapley([Fraction(figure) for figure in figures])
    return float(parts[0]), float(parts[1])


def _rounded(value: float, digits: int) -> float:
    """Round what is finite."""
    return round(value, digits) if math.isfinite(value) else math.nan


def _whole(parts: Sequence[Fraction], total: int) -> list[int]:
    """Round parts to whole numbers of a given sum, by largest remainder; exact zeros stay zero.

    Rounded ends may differ from the exact difference by one unit, so that a part may move by two at most.
    """
    floors = [math.floor(part) for part in parts]
    rest = total - sum(floors)
    open_to = [at for at, part in enumerate(parts) if part != 0]
    by_remainder = sorted(open_to, key=lambda at: (-(parts[at] - floors[at]), at))
    if not open_to:
        return floors
    step = 1 if rest > 0 else -1
    order = by_remainder if rest > 0 else by_remainder[::-1]
    for at in range(abs(rest)):
        floors[order[at % len(order)]] += step
    return floors
