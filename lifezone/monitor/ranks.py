"""Where a district stands among others: ranks with ties, percentiles, and how many places it gained or lost.

(1)  rank = 1 + districts of its group that are better; equals share a rank, the next is left out (1, 2, 2, 4)
(2)  percentile = 100 · (worse + ½ · equal, itself among them) ÷ n: 50 is the middle, whatever the direction
(3)  places = rank before − rank now among the districts that have a figure both times: above 0 = moved up

A district without a figure has no rank and counts in nobody's n. Figures that differ by less than one part in 10¹² are
equal: such differences come from the order of adding.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from lifezone.model import Floats, Longs
from lifezone.monitor.series import Direction

__all__ = ["Ranks", "rank_changes", "ranked"]

_DIGITS: Final = 12


@dataclass(frozen=True, eq=False)
class Ranks:
    """Where D districts stand.

    Attributes:
        rank: i64[D] 1 = best of its group, 0 = no figure.
        of: i64[D] districts of the group that have a figure.
        ties: i64[D] others with the same figure.
        percentile: f64[D] 0 to 100, see equation (2); NaN = no figure.
    """

    rank: Longs
    of: Longs
    ties: Longs
    percentile: Floats


def ranked(value: Floats, *, better: Direction = "more", group: Sequence[str] | None = None) -> Ranks:
    """Rank districts within their groups.

    Args:
        value: f64[D] figures, NaN = none; infinite ones rank as such.
        better: whether more is better or less; with ``neither`` the largest has rank 1.
        group: D comparison groups (si, gun, gu; provinces); None = all are compared.
    """
    n = len(value)
    groups = np.array([""] * n if group is None else list(group), dtype=object)
    found = Ranks(np.zeros(n, np.int64), np.zeros(n, np.int64), np.zeros(n, np.int64), np.full(n, np.nan))
    for one in dict.fromkeys(groups.tolist()):
        here = np.flatnonzero((groups == one) & ~np.isnan(value))
        if not len(here):
            continue
        badness = _to_digits(value[here]) * (1.0 if better == "less" else -1.0)
        ordered = np.sort(badness)
        ahead = np.searchsorted(ordered, badness, side="left")
        behind = len(here) - np.searchsorted(ordered, badness, side="right")
        equal = len(here) - ahead - behind
        found.rank[here], found.of[here], found.ties[here] = 1 + ahead, len(here), equal - 1
        found.percentile[here] = 100.0 * (behind + equal / 2) / len(here)
    return found


def rank_changes(
    before: Floats, now: Floats, *, better: Direction = "more", group: Sequence[str] | None = None
) -> tuple[Longs, np.ndarray]:
    """Return how many places each district moved up (below 0: down), and whether that is known.

    Districts without a figure in either edition are left out of both rankings: nobody moves because others were not
    counted once.

    Args:
        before: f64[D] figures of the earlier edition.
        now: f64[D] figures of this one.
        better: whether more is better or less; with ``neither`` the largest has rank 1.
        group: D comparison groups; None = all are compared.
    """
    known = ~np.isnan(before) & ~np.isnan(now)
    then, later = (ranked(np.where(known, one, np.nan), better=better, group=group).rank for one in (before, now))
    return then - later, known


def _to_digits(value: Floats) -> Floats:
    """Round to significant digits, so that the order of adding makes no order of districts."""
    size = np.abs(value)
    power = np.floor(np.log10(size, out=np.zeros(len(value)), where=np.isfinite(size) & (size > 0)))
    scale = 10.0 ** (_DIGITS - 1 - power)
    finite = np.isfinite(value) & np.isfinite(scale) & (scale > 0)
    rounded = np.rint(np.where(finite, value, 0.0) * np.where(finite, scale, 1.0)) / np.where(finite, scale, 1.0)
    told: Floats = np.where(finite, rounded, value)
    return told
