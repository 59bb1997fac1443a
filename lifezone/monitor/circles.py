"""Proportional circles: area as large as the figure, none over another, each near its place (after Dorling 1996).

Each step: circles that overlap push one another apart, each by the other's share of their radii, and every circle is
drawn a little towards its place; the pull fades out. It stops when no circle moves by more than a thousandth of the
mean radius, or after 2,000 steps; overlap that is left then is taken away by making all circles smaller by the same
factor, so that areas stay in proportion.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from lifezone.errors import InputError
from lifezone.model import Bools, Floats

__all__ = ["Circles", "circles"]

_FILLED: Final = 0.5
"""Part of the ground's area that all circles together take."""
_STEPS: Final = 2_000
_STILL: Final = 1e-3
_PULL: Final = 0.02
"""Part of the way home that a circle is pulled in the first step; it falls linearly to nothing at half of the steps."""


@dataclass(frozen=True, eq=False)
class Circles:
    """Districts as circles.

    Attributes:
        at: f64[D, 2] middles, metres.
        radius_m: f64[D]; 0 where the figure is 0 or not known.
        steps: how many were taken.
        still: whether it stopped because nothing moved any more.
        moved_m: f64[D] distance from the district's place.
        known: bool[D] districts whose figure is known.
    """

    at: Floats
    radius_m: Floats
    steps: int
    still: bool
    moved_m: Floats
    known: Bools


def circles(place: Floats, figure: Floats, ground_m2: float, *, most: float | None = None) -> Circles:
    """Draw figures as circles that do not overlap.

    Args:
        place: f64[D, 2] where the districts are, metres.
        figure: f64[D] 0 or more; NaN = not known.
        ground_m2: area of the whole map.
        most: sum of figures at which half of the ground is covered; that of these figures by default. The same for
            several years, so that a circle of one size is the same figure in all.

    Raises:
        InputError: a figure is negative or endless.
    """
    if (figure < 0).any() or np.isinf(figure).any():
        raise InputError("circles: figures must be 0 or more, and finite")
    known = ~np.isnan(figure)
    size = np.where(known, figure, 0.0)
    whole = float(size.sum()) if most is None else most
    radius = np.sqrt(size * (_FILLED * ground_m2 / whole if whole > 0 else 0.0) / np.pi)
    drawn = np.flatnonzero(radius > 0)
    at = place.astype(np.float64).copy()
    steps, still = 0, True
    if len(drawn) > 1:
        at[drawn], steps, still = _apart(at[drawn], radius[drawn])
        radius = radius * min(1.0, _room(at[drawn], radius[drawn]))
    return Circles(at, radius, steps, still, np.hypot(*(at - place).T), known)


def _apart(home: Floats, radius: Floats) -> tuple[Floats, int, bool]:
    """Return middles of circles that lie apart, steps taken and whether all came to rest."""
    one, other = np.triu_indices(len(home), 1)
    need = radius[one] + radius[other]
    share = radius[other] / need
    mean = float(radius.mean())
    turn = np.arange(len(home)) * np.pi * (3 - np.sqrt(5))  # circles at one place go different ways, always the same
    at = home + 1e-6 * mean * np.column_stack([np.cos(turn), np.sin(turn)])
    for step in range(1, _STEPS + 1):
        way = at[other] - at[one]
        away = np.hypot(*way.T)
        over = np.flatnonzero(away < need)
        push = way[over] * ((need[over] - away[over]) / np.maximum(away[over], 1e-12))[:, None]
        move = np.zeros_like(at)
        np.add.at(move, one[over], -push * share[over, None])
        np.add.at(move, other[over], push * (1 - share[over])[:, None])
        pull = _PULL * max(0.0, 1 - 2 * step / _STEPS)
        move = 0.7 * move + pull * (home - at)
        at = at + move
        if pull == 0.0 and np.abs(move).max() <= _STILL * mean:
            return at, step, True
    return at, _STEPS, False


def _room(at: Floats, radius: Floats) -> float:
    """Return the factor by which circles may grow until the first two touch."""
    one, other = np.triu_indices(len(at), 1)
    return float((np.hypot(*(at[one] - at[other]).T) / (radius[one] + radius[other])).min())
