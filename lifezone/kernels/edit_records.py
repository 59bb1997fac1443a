"""The records of a field that is kept up to date under edits, and the bundle of arrays its kernels take."""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from lifezone.kernels.records import Records

__all__ = [
    "CHAIN",
    "COUNTERS",
    "EPOCH",
    "FORGOTTEN",
    "HEAPED",
    "LEG",
    "LENGTH",
    "NODE",
    "PIECE",
    "POINT",
    "REPORTED",
    "ROAD",
    "SLOT",
    "TOUCHED",
    "TO_FACILITY",
    "Ground",
    "Hanging",
]  # fmt: skip

NODE: Final = np.dtype(
    [("cost", "f8"), ("other", "f8"), ("owner", "i4"), ("via", "i4"),
     ("sites", "i4"), ("open", "i4"), ("mark", "i4"), ("slot", "i4"), ("out", "i4"), ("into", "i4"), ("hook", "i4"),
     ("n_out", "u2"), ("n_into", "u2"), ("pad", "f8")]
)  # fmt: skip
"""A node: its label (cost, other, owner); ``via`` = chain it came by, ``-2 - leg`` for a site's leg, −1 unreached;
first site leg of its list; open arcs at it; edit that last touched it; its place in the heap, −1 outside; where its
edges in both orientations and its demand points begin (the next node tells where the points end); how many edges. One
line of the processor's cache, where a look at the next node's record would be another."""
ROAD: Final = np.dtype([("cost", "f8"), ("other", "f8"), ("head", "i4"), ("chain", "i4")])
"""A search edge in either orientation; ``inf`` where the chain is shut."""
PIECE: Final = np.dtype(
    [("cost", "f8"), ("other", "f8"), ("along_cost", "f8"), ("along_other", "f8"), ("metres", "f8"),
     ("before", "i4"), ("twin", "i4"), ("chain", "i4"), ("arc", "i4")]
)  # fmt: skip
"""An arc in its chain: weights (``inf`` = shut), sums over the open arcs before it, its metres, number of shut arcs
before it, the piece of the arc back (−1 = none), its chain, its raw number."""
CHAIN: Final = np.dtype(
    [("cost", "f8"), ("other", "f8"), ("start", "i4"), ("end", "i4"), ("first", "i4"), ("stop", "i4"),
     ("out", "i4"), ("back", "i4"), ("sites", "i4"), ("shut", "i4"), ("mark", "i4"), ("ride", "i4")]
)  # fmt: skip
"""A chain: sums over its open arcs, end nodes, its pieces, its edges in both orientations (−1 for a loop), first site
leg of its list, number of shut arcs, edit that last touched it, where the demand legs on it begin (the next tells where
they end)."""
LEG: Final = np.dtype(
    [("part", "f8"), ("cost", "f8"), ("other", "f8"), ("place_cost", "f8"), ("place_other", "f8"),
     ("gap_cost", "f8"), ("gap_other", "f8"), ("node", "i4"), ("chain", "i4"), ("piece", "i4"), ("leave", "i4"),
     ("arrive", "i4"), ("at_node", "i4"), ("on_chain", "i4"), ("owner", "i4"), ("open", "i4"), ("pad", "i4")]
)  # fmt: skip
"""A leg of a point or a site: part of its piece, cost to or from its node (``inf`` = shut), place along the chain,
access walk of a site; node, chain (−1 = the point is the node); its piece; first piece it needs when leaving, last when
arriving; next leg of the lists at its node and on its chain; facility position; whether it takes part."""
POINT: Final = np.dtype(
    [("cost", "f8"), ("other", "f8"), ("owner", "i4"), ("mark", "i4"),
     ("direct_cost", "f8"), ("direct_other", "f8"), ("direct_owner", "i4"), ("pad", "i4"),
     ("a_cost", "f8"), ("a_other", "f8"), ("b_cost", "f8"), ("b_other", "f8"), ("a_node", "i4"), ("b_node", "i4")]
)  # fmt: skip
"""A demand point: its nearest facility, the edit that last judged it, the nearest facility on its own chains, what its
two legs cost and where they lead: all that is read when a label changed, side by side."""
SLOT: Final = np.dtype([("key", "f8"), ("node", "i4"), ("pad", "i4")])
"""An entry of the heap."""

EPOCH, TOUCHED, HEAPED, FORGOTTEN, REPORTED, TO_FACILITY, LENGTH, COUNTERS = range(8)
"""What ``Ground.tally`` holds: number of the edit, nodes touched, entries in the heap, nodes forgotten, points that
changed, 1 for trips to facilities, 1 when length is minimised; and how many those are."""


class Hanging(NamedTuple):
    """What it takes to hang a point on a chain.

    Attributes:
        tail: i32[S] first vertex of each segment.
        head: i32[S] last vertex.
        node: i32[V] node of each vertex, −1 = none.
        of_chain: i32[C] node to which a leg along each chain leads.
        piece_of_arc: i32[2*S] piece of each raw arc, −1 where the arc is closed.
        of_piece: i32[A] chain of each piece.
        at_end: within this part of an end a point is the vertex itself.
        speed_mps: of the access walk.
        is_length: whether length is minimised.
    """

    tail: npt.NDArray[np.int32]
    head: npt.NDArray[np.int32]
    node: npt.NDArray[np.int32]
    of_chain: npt.NDArray[np.int32]
    piece_of_arc: npt.NDArray[np.int32]
    of_piece: npt.NDArray[np.int32]
    at_end: float
    speed_mps: float
    is_length: bool


class Ground(NamedTuple):
    """All arrays of one field; kernels write into every one but the indexes.

    Attributes:
        node: NODE[N+1], the last no node.
        out: ROAD[E] by tail, as the search runs.
        into: ROAD[E] by head: where a node can be reached from.
        chain: CHAIN[C+1], the last no chain.
        piece: PIECE[A].
        site: LEG[2K], two a site.
        leg: LEG[2P], two a demand point.
        point: POINT[P].
        hook: i32[H] demand points with a leg at a node, by node.
        ride: i32[R] legs of demand points on a chain, by chain.
        heap: SLOT[N].
        touched: i32[N] nodes whose label an edit may have changed.
        changed: i32[P] demand points whose nearest trip an edit changed.
        tally: i64[COUNTERS].
    """

    node: Records
    out: Records
    into: Records
    chain: Records
    piece: Records
    site: Records
    leg: Records
    point: Records
    hook: npt.NDArray[np.int32]
    ride: npt.NDArray[np.int32]
    heap: Records
    touched: npt.NDArray[np.int32]
    changed: npt.NDArray[np.int32]
    tally: npt.NDArray[np.int64]
