"""Two who do the same work, taking turns: medians, memory beside every time, and one answer of each to be compared."""

from __future__ import annotations

import gc
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Any, Generic, TypeVar

from benchmarks.measure import Timing, timed

__all__ = ["Side", "Told", "duel", "ratio_of"]

T = TypeVar("T")


@dataclass(frozen=True)
class Side(Generic[T]):
    """Who does some work.

    Attributes:
        function: dotted name of what is timed.
        work: one call of it.
        units: how many units of work a call does (kinds, rows, pairs, edits), so that a slow peer may do fewer.
        again: calls a turn; a call of a millisecond is repeated, so that one interruption tells little.
    """

    function: str
    work: Callable[[], T]
    units: float = 1.0
    again: int = 1


@dataclass(frozen=True)
class Told(Generic[T]):
    """What a side did: its timings and what its last call made."""

    side: Side[T]
    timings: Sequence[Timing]
    made: T

    @property
    def unit_s(self) -> float:
        """Median seconds a unit."""
        return median(second for one in self.timings for second in one.seconds) / self.side.units

    def plain(self) -> dict[str, Any]:
        """Return it as plain data for JSON."""
        return {
            "function": self.side.function,
            "units": self.side.units,
            "median_s": round(self.unit_s * self.side.units, 7),
            "unit_s": float(f"{self.unit_s:.4g}"),
            "peak_mib": _most([one.peak_mib for one in self.timings]),
            "grown_mib": _most([one.grown_mib for one in self.timings]),
        }


def duel(ours: Side[T], *peers: Side[Any], rounds: int = 3) -> list[Told[Any]]:
    """Let all take turns, ``rounds`` times, after a first turn of ours that is not timed (kernels are opened then)."""
    ours.work()
    gc.freeze()  # collecting what peers brought along, before every turn, took longer than the turns
    timings: list[list[Timing]] = [[] for _ in range(len(peers) + 1)]
    made: list[Any] = [None] * len(timings)
    for _ in range(rounds):
        for i, side in enumerate((ours, *peers)):
            timing, made[i] = timed(side.work, side.again)
            timings[i].append(timing)
    return [Told(*row) for row in zip((ours, *peers), timings, made, strict=True)]


def ratio_of(ours: Told[Any], peer: Told[Any], *, equal: bool, unit: str, **more: Any) -> dict[str, Any]:
    """Return what is written of a comparison: seconds of the peer ÷ ours, and whether the answers are equal.

    Args:
        ours: our side.
        peer: the other one.
        equal: whether all answers that both gave agree within ``unit``.
        unit: within what answers are compared.
        more: anything else worth telling.
    """
    ratio = float(f"{peer.unit_s / ours.unit_s:.4g}")
    return {"ratio": ratio, "equal": bool(equal), "unit": unit, "ours": ours.plain(), "peer": peer.plain(), **more}


def _most(values: Sequence[float | None]) -> float | None:
    """Return the largest that was told."""
    told = [one for one in values if one is not None]
    return max(told) if told else None
