"""What the auditor sees of a plan: the sites that stand, who is sent where, and costs taken from loose pairs."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np

from lifezone.model import Bools, Floats, Ints, Plan
from lifezone.siting.problem import SHUT, Problem

__all__ = ["Seen", "pieces"]

_PIECE: Final = 4_000_000
"""Pairs looked at together."""


@dataclass(frozen=True, eq=False)
class Seen:
    """A plan beside its question; whatever is looked up twice is kept.

    Attributes:
        problem: the question.
        plan: its answer.
        standing: bool[S] sites that stand in it.
    """

    problem: Problem
    plan: Plan
    standing: Bools

    @cached_property
    def least(self) -> Floats:
        """f64[R] least cost to a site that stands; inf = none."""
        least = np.full(self.problem.n_rows, np.inf)
        for row, site, cost in pieces(self.problem):
            use = self.standing[site]
            np.minimum.at(least, row[use], cost[use])
        return least

    @cached_property
    def counted(self) -> Bools:
        """bool[R] rows with people that a site reaches which may stand; for closures, one that stands today."""
        may = self.problem.fixed != SHUT
        if self.plan.method == "close":
            may &= self.problem.open_now
        anyone = np.zeros(self.problem.n_rows, np.bool_)
        for row, site, _ in pieces(self.problem):
            anyone[row[may[site]]] = True
        return anyone & (self.problem.people > 0)

    @cached_property
    def sent(self) -> tuple[Ints, Ints, Floats]:
        """Row, site and share of everything that is sent."""
        if self.plan.split is not None:
            return self.plan.split
        row = np.flatnonzero(self.plan.serving >= 0).astype(np.int32)
        return row, self.plan.serving[row], np.ones(len(row))

    @cached_property
    def cost(self) -> Floats:
        """f64 cost of each of ``sent``, looked up one by one; inf = there is no such pair."""
        problem, (row, site, _) = self.problem, self.sent
        found = np.full(len(row), np.inf)
        order = np.argsort(row, kind="stable")
        turn = np.zeros(len(row), np.int64)  # how many pairs of the same row were asked before
        turn[order] = np.arange(len(row)) - np.searchsorted(row[order], row[order])
        for one in range(int(turn.max(initial=-1)) + 1):
            asked, place = np.flatnonzero(turn == one), np.full(problem.n_rows, -1)
            place[row[asked]] = asked
            wanted = np.full(problem.n_rows, -1)
            wanted[row[asked]] = site[asked]
            for in_row, in_site, cost in pieces(problem):
                same = in_site == wanted[in_row]
                np.minimum.at(found, place[in_row[same]], cost[same])
        return found

    @cached_property
    def taken(self) -> Floats:
        """f64[R] share of each row that counts as covered: in reach, and taken in where sites can be full."""
        if self.plan.split is None:
            return (self.least <= self.problem.bounds).astype(np.float64)
        row, _, share = self.sent
        near = self.cost <= self.problem.bounds[row]
        return np.bincount(row[near], weights=share[near], minlength=self.problem.n_rows).astype(np.float64)


def pieces(problem: Problem) -> Iterator[tuple[Ints, Ints, Floats]]:
    """Yield loose pairs (row, site, cost), so many at a time that those of a province need no gigabytes beside them."""
    first = problem.pairs.first
    low = 0
    while low < problem.n_rows:
        high = max(int(np.searchsorted(first, first[low] + _PIECE, side="right")) - 1, low + 1)
        at = slice(int(first[low]), int(first[high]))
        row = np.repeat(np.arange(low, high, dtype=np.int32), np.diff(first[low : high + 1]))
        yield row, problem.pairs.site[at], problem.pairs.cost[at]
        low = high
