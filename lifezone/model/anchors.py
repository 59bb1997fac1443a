"""Where points hang on the roads (anchors), and what a search sees of that (legs).

A point hangs on a *segment*, not on a node, so that a five-minute standard is not off by half a block. ``part`` runs
from 0 at the segment's tail to 1 at its head; within 1e-6 of an end the point is the vertex itself.
"""

from __future__ import annotations

from dataclasses import dataclass

from lifezone.model.arrays import Floats, Ints, check_length

__all__ = ["Anchors", "Legs"]


@dataclass(frozen=True, eq=False)
class Anchors:
    """The nearest usable road of n points, for one mode.

    Attributes:
        segment: i32[n] raw segment, −1 when no road of this mode lies within the access limit (off the network).
        part: f64[n] place along the segment, 0 at its tail, 1 at its head.
        gap_m: f64[n] straight distance from the point to that place; ``inf`` when off the network. When off the
            network because of the limit alone, still ``inf``: unreachable is never a number.
    """

    segment: Ints
    part: Floats
    gap_m: Floats

    def __post_init__(self) -> None:
        """Check lengths."""
        check_length("anchors", len(self.segment), part=self.part, gap_m=self.gap_m)


@dataclass(frozen=True, eq=False)
class Legs:
    """How n anchored points meet the search graph: at most two legs each, plus their place on chains.

    For points that trips *leave*, leg ``k`` leads from the point to ``node[:, k]``; for points that trips *reach*, from
    ``node[:, k]`` to the point. ``chain``/``chain_seconds``/``chain_metres`` tell how far along which chain the point
    lies, so that two points on one chain can meet without passing a node.

    Attributes:
        node: i32[n, 2] search node, −1 = no such leg.
        seconds: f64[n, 2] time of the leg, ``inf`` where there is none.
        metres: f64[n, 2] length of the leg, ``inf`` where there is none.
        chain: i32[n, 2] chain the point lies on (one per direction), −1 = none (a point on a node has none).
        chain_seconds: f64[n, 2] time from the start of that chain to the point.
        chain_metres: f64[n, 2] length from the start of that chain to the point.
    """

    node: Ints
    seconds: Floats
    metres: Floats
    chain: Ints
    chain_seconds: Floats
    chain_metres: Floats
