"""What one mode may not do at junctions, and what turning or waiting there costs.

Rules name raw arcs, ``2*segment`` from tail to head and ``2*segment + 1`` back, so that they hold for the same roads
however these are contracted. A turn leads from an arc that ends at a vertex to an arc that starts there.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import numpy as np

from lifezone.errors import InputError
from lifezone.model.arrays import Bools, Floats, Ints, Longs, check_length

__all__ = ["Turns"]


def _no_arcs() -> Ints:
    """Return no arcs."""
    return np.empty(0, np.int32)


@dataclass(frozen=True, eq=False)
class Turns:
    """Rules for n turns and waits at the ends of m arcs, for one mode.

    Of several rules for one turn a ban wins; else their seconds add up. An ``only`` rule bans every other turn from
    its arc; several from one arc leave all of theirs open. A rule whose arcs are closed to the mode bans and costs
    nothing, but an ``only`` rule still bans the others.

    Attributes:
        from_arc: i32[n] arc that comes to the junction.
        to_arc: i32[n] arc that leaves it.
        seconds: f64[n] time of the turn; ``inf`` = banned; of an ``only`` rule 0.
        only: bool[n] True = this is the only turn allowed from ``from_arc`` (or one of those).
        wait_arc: i32[m] arcs with a wait at their end (a signal, a crossing), paid by whoever goes on from there. Who
            is at that very spot between junctions counts as before it where the arc is the one he hangs on.
        wait_s: f64[m] that wait, ≥ 0; waits at one end add up.
        left_s: time of a turn to the left at a junction of three or more roads.
        right_s: time of a turn to the right there.
        u_turn_s: time of turning round at a junction or dead end; nobody turns round between junctions.
        turns_round: True = at any junction or dead end; False = only where there is no other way on.
    """

    from_arc: Ints = field(default_factory=_no_arcs)
    to_arc: Ints = field(default_factory=_no_arcs)
    seconds: Floats = field(default_factory=lambda: np.empty(0))
    only: Bools = field(default_factory=lambda: np.empty(0, np.bool_))
    wait_arc: Ints = field(default_factory=_no_arcs)
    wait_s: Floats = field(default_factory=lambda: np.empty(0))
    left_s: float = 0.0
    right_s: float = 0.0
    u_turn_s: float = 0.0
    turns_round: bool = True

    def __post_init__(self) -> None:
        """Check lengths and signs."""
        check_length("turns", len(self.from_arc), to_arc=self.to_arc, seconds=self.seconds, only=self.only)
        check_length("waits", len(self.wait_arc), wait_s=self.wait_s)
        if not (np.all(self.seconds >= 0) and np.all(self.wait_s >= 0) and np.all(np.isfinite(self.wait_s))):
            raise InputError("turns: seconds must be 0 or more (inf = banned), waits finite and 0 or more")
        costs = (self.left_s, self.right_s, self.u_turn_s)
        if not all(np.isfinite(cost) and cost >= 0 for cost in costs):
            raise InputError(f"turns: costs of left, right and U-turns must be finite and 0 or more, got {costs}")

    @property
    def everywhere(self) -> bool:
        """True when every junction matters, not just those that a rule or a wait names."""
        return not self.turns_round or max(self.left_s, self.right_s, self.u_turn_s) > 0

    def check(self, tail: Ints, head: Ints) -> None:
        """Raise :class:`InputError` when a rule names arcs that do not exist or do not meet."""
        arcs = np.concatenate([self.from_arc, self.to_arc, self.wait_arc])
        if len(arcs) and (arcs.min() < 0 or arcs.max() >= 2 * len(tail)):
            raise InputError("turns: a rule names an arc that does not exist")
        come, go = self.from_arc, self.to_arc
        end = np.where(come % 2 == 0, head[come // 2], tail[come // 2])
        start = np.where(go % 2 == 0, tail[go // 2], head[go // 2])
        if np.any(end != start):
            raise InputError("turns: a rule leads from an arc to one that does not start where the first ends")

    def after_cuts(self, cut: Longs, end: Longs) -> Turns:
        """Return the rules after segments were cut.

        Args:
            cut: i64[n] segments that were cut; each keeps its number and its tail.
            end: i64[n] the piece of each that has its old head now.
        """
        if not len(cut):
            return self
        at_head = dict(zip((2 * cut).tolist(), (2 * end).tolist(), strict=True))

        def moved(arcs: Ints, twin: int) -> Ints:
            """Return the arcs with those that ended (twin 0) or started (1) at an old head renumbered."""
            return np.array([at_head.get(arc - twin, arc - twin) + twin for arc in arcs.tolist()], np.int32)

        return replace(
            self, from_arc=moved(self.from_arc, 0), to_arc=moved(self.to_arc, 1), wait_arc=moved(self.wait_arc, 0)
        )
