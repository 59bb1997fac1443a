"""Good p-median plans without proof: greedy starts and random ones, each swapped until no swap saves anything."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from lifezone.model import Bools, Floats
from lifezone.siting.problem import FREE, Problem
from lifezone.siting.table import table_of

if TYPE_CHECKING:
    from lifezone.kernels.median import Swaps, Table

__all__ = ["Search", "interchange"]

_STARTS: Final = 8
"""Starts of the interchange beside the greedy one."""
_PAIRS_PER_START: Final = 1_000_000
"""So many pairs cost one random start: a large question is left to its greedy start and to the relaxation."""
_MOST_SPARED: Final = 50_000_000
"""Sites × sites chosen up to which every swap is known (8 bytes each); beyond it the greedy answer stands."""


@dataclass(frozen=True, eq=False)
class Search:
    """Swaps of one question.

    Attributes:
        problem: the question.
        table: its costs.
        may: bool[S] sites that may open (and close again).
        kept: bool[S] sites that stand whatever is swapped.
        wanted: how many of those that may open do.
        unserved: what a row without a site costs.
    """

    problem: Problem
    table: Table
    may: Bools
    kept: Bools
    wanted: int
    unserved: float

    @staticmethod
    def of(problem: Problem) -> Search:
        """Lay a plain question out."""
        longest = float(problem.pairs.cost.max()) if len(problem.pairs.cost) else 1.0
        return Search(
            problem,
            table_of(problem.pairs),
            (problem.fixed == FREE) & ~problem.open_now,
            problem.standing | ((problem.fixed == FREE) & problem.open_now),
            (problem.choose or 0) - int((problem.standing & ~problem.open_now).sum()),
            10.0 * longest + 1.0,
        )

    def greedy(self) -> Bools:
        """Return bool[S] the sites that a greedy choice opens beside those that stand."""
        from lifezone.kernels.median import greedy_median  # noqa: PLC0415

        stands = self.kept.copy()
        greedy_median(self.table, self.problem.people, stands, self.may, self.wanted, self.unserved)
        return np.asarray(stands)

    def improve(self, stands: Bools) -> tuple[Bools, float, Floats]:
        """Swap until nothing is saved.

        Returns:
            bool[S] the sites, their total cost with unserved rows at their price, and f64[R, 2] the costs of each
            row's two nearest.
        """
        from lifezone.kernels.median import best_swap, note_rows, swap  # noqa: PLC0415

        people, table = self.problem.people, self.table
        now = stands.copy()
        if len(now) * int((now & self.may).sum()) > _MOST_SPARED:
            swaps = self._room(now & False)
            return now, note_rows(table, people, now, self.unserved, swaps), swaps.cost
        swaps = self._room(now & self.may)
        total = note_rows(table, people, now, self.unserved, swaps)
        checked = True
        while True:
            opened, slot, saved = best_swap(now, self.may, swaps)
            if saved <= 1e-12 * total + 1e-9:
                if checked:
                    return now, total, swaps.cost
                total, checked = note_rows(table, people, now, self.unserved, swaps), True  # sums without drift
                continue
            closed = int(swaps.site[slot])
            after = swap(table, people, now, opened, slot, self.unserved, swaps)
            if after >= total:  # what was saved was drift
                now[opened], now[closed] = False, True
                swaps = self._room(now & self.may)
                return now, note_rows(table, people, now, self.unserved, swaps), swaps.cost
            total, checked = after, False

    def _room(self, may_close: Bools) -> Swaps:
        """Return work space for sites of which some may close."""
        from lifezone.kernels.median import Swaps  # noqa: PLC0415

        n_rows, n_sites = self.problem.n_rows, self.problem.n_sites
        site = np.flatnonzero(may_close).astype(np.int32)
        slot = np.full(n_sites, -1, np.int32)
        slot[site] = np.arange(len(site))
        return Swaps(
            np.empty((n_rows, 2), np.int32), np.empty((n_rows, 2)), slot, site, np.empty(n_sites), np.empty(len(site)),
            np.empty((n_sites, len(site))),
        )  # fmt: skip


def interchange(problem: Problem, *, seed: int = 0, starts: int = _STARTS) -> Bools | None:
    """Return bool[S] the best of several interchange searches, the first from a greedy start; None = too few sites."""
    search = Search.of(problem)
    free_new = np.flatnonzero(search.may)
    if search.wanted < 0 or search.wanted > len(free_new):
        return None
    best, least, _ = search.improve(search.greedy())
    rng = np.random.default_rng(seed)
    for _ in range(min(starts, _PAIRS_PER_START * starts // max(len(problem.pairs.cost), 1))):
        now = search.kept.copy()
        now[rng.choice(free_new, search.wanted, replace=False)] = True
        found, cost, _ = search.improve(now)
        if cost < least * (1 - 1e-12):
            best, least = found, cost
    return best
