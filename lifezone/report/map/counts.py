"""Counts of people that the page shows: rounded, so that no small number follows from two of them by subtraction.

A page that moves a cut-off shows hundreds of counts of the same people. Were they exact, the difference of two of them
would be the people of the single cell in between, which the disclosure rule hides. So counts are tens here and cells
fives, each labelled as "about"; under ten and under five they stay "<10" and "1–4". ``--disclose`` gives whole persons.
"""

from __future__ import annotations

from itertools import pairwise
from typing import Any, Final

import numpy as np

from lifezone.report.map.packing import pack_ints
from lifezone.report.map.quantise import BEYOND, NOT_ASSESSED, TOP, UNREACHABLE, Scale, classes_of
from lifezone.standards.disclosure import LEAST_GROUP, LEAST_PEOPLE

__all__ = ["FEW", "change_counts", "change_limits", "coverage_counts", "told_cells", "told_counts"]

FEW: Final = 1
"""Stands for "some, but fewer than may be told" in counts and in cells."""
_TENS: Final = 10
_FIVES: Final = 5
_SHARES_OF_BOUND: Final = (1 / 15, 1 / 6, 1 / 3)


def told_counts(people: np.ndarray, *, disclose: bool) -> np.ndarray:
    """Return i64[n] counts of people as they may be told: 0, :data:`FEW`, or tens; whole persons when disclosed."""
    return _told(people, LEAST_GROUP, _TENS, disclose=disclose)


def told_cells(people: np.ndarray, *, disclose: bool) -> np.ndarray:
    """Return i64[n] people of places as they may be told: 0, :data:`FEW`, or fives; whole persons when disclosed."""
    return _told(people, LEAST_PEOPLE, _FIVES, disclose=disclose)


def _told(people: np.ndarray, least: int, unit: int, *, disclose: bool) -> np.ndarray:
    people = np.asarray(people, np.float64)
    if disclose:
        return np.where(people > 0, np.maximum(np.rint(people), 1), 0).astype(np.int64)
    rounded = (np.floor(people / unit + 0.5) * unit).astype(np.int64)
    return np.where(people <= 0, 0, np.where(people < least, FEW, np.maximum(rounded, unit)))


def coverage_counts(
    level: np.ndarray, within: np.ndarray, people: np.ndarray, scale: Scale, *, disclose: bool
) -> dict[str, Any]:
    """Return how many people are within each level, in each class, and without a way.

    Args:
        level: u8[S] of :func:`lifezone.report.map.quantise.levels_of`.
        within: bool[S] where the requirement is met.
        people: f64[S] of the requirement's group.
        scale: of the requirement.
        disclose: tell whole persons.
    """
    judged = level <= UNREACHABLE
    judged &= level != NOT_ASSESSED
    by_level = np.bincount(level[judged], weights=people[judged], minlength=256)
    up_to = np.cumsum(by_level[: TOP + 1])
    up_to[scale.bound] = float(people[judged & within].sum())
    limits = (-1, *classes_of(scale), BEYOND)
    classes = [float(by_level[low + 1 : high + 1].sum()) for low, high in pairwise(limits)]
    reasons = {str(byte): float(by_level[byte]) for byte in range(BEYOND + 1, UNREACHABLE + 1) if byte != NOT_ASSESSED}
    told = {key: int(told_counts(np.array(value), disclose=disclose)) for key, value in reasons.items() if value > 0}
    return {
        "judged": int(told_counts(np.array(by_level.sum()), disclose=disclose)),
        "upTo": pack_ints(told_counts(up_to, disclose=disclose)),
        "classes": told_counts(np.array(classes), disclose=disclose).tolist(),
        "reasons": told,
    }


def change_limits(scale: Scale) -> tuple[int, ...]:
    """Return three ascending numbers of levels that part a small, a clear and a large change of time or distance."""
    found = list[int]()
    for share in _SHARES_OF_BOUND:
        wanted = scale.bound * share
        least = found[-1] + 1 if found else 1
        found.append(max(least, round(wanted)))
    return tuple(found)


def change_counts(
    levels: tuple[np.ndarray, np.ndarray], within: tuple[np.ndarray, np.ndarray], people: np.ndarray, scale: Scale,
    *, disclose: bool,
) -> dict[str, Any]:  # fmt: skip
    """Return how many people gain and lose at each cut-off, and by how much time or distance changes.

    Args:
        levels: u8[S] before and after.
        within: bool[S] where the requirement is met before and after.
        people: f64[S] of the requirement's group.
        scale: of the requirement.
        disclose: tell whole persons.
    """
    before, after = (level.astype(np.int16) for level in levels)
    cuts = np.arange(TOP + 1)[:, None]
    moved = np.flatnonzero((before != after) | (within[0] != within[1]))
    old, new, count = before[moved][None, :], after[moved][None, :], people[moved]
    gain = ((old > cuts) & (new <= cuts)) @ count if len(moved) else np.zeros(TOP + 1)
    lose = ((old <= cuts) & (new > cuts)) @ count if len(moved) else np.zeros(TOP + 1)
    gain[scale.bound] = float(people[~within[0] & within[1]].sum())
    lose[scale.bound] = float(people[within[0] & ~within[1]].sum())
    return {
        "gain": pack_ints(told_counts(gain, disclose=disclose)),
        "lose": pack_ints(told_counts(lose, disclose=disclose)),
        "steps": told_counts(_by_steps(before, after, people, scale), disclose=disclose).tolist(),
    }


def _by_steps(before: np.ndarray, after: np.ndarray, people: np.ndarray, scale: Scale) -> np.ndarray:
    """Return f64[9] people by change: much, clearly, a little less; none; a little … more; reached newly, no longer."""
    reached = (before <= BEYOND, after <= BEYOND)
    both = reached[0] & reached[1]
    limits = np.array(change_limits(scale))
    less = after - before
    step = np.sign(less) * np.searchsorted(limits, np.abs(less), side="right")
    counts = np.bincount((step[both] + 3).astype(np.int64), weights=people[both], minlength=7)
    newly = float(people[~reached[0] & (before <= UNREACHABLE) & reached[1]].sum())
    no_longer = float(people[reached[0] & ~reached[1] & (after <= UNREACHABLE)].sum())
    return np.array([*counts, newly, no_longer])
