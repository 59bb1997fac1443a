"""The road network: raw segments as they were read, and the contracted graph of one mode that searches run on.

A *segment* is a straight piece between two *vertices*; a bend in a road is a vertex too. Everything that people see
or that a point can hang on is a segment, and no segment is ever dropped. Two directed *arcs* belong to a segment ``s``:
``2*s`` from tail to head and ``2*s + 1`` back; an arc whose seconds are ``inf`` is closed to that mode.

A :class:`SearchGraph` is what one mode makes of it: vertices with exactly two ways on are swallowed, so that a search
sees junctions and dead ends alone. Each maximal run of arcs between two nodes is a *chain*; the search edges are the
chains that are not loops. Times and lengths are float64 sums over the arcs, so the contracted graph and the raw one
agree to rounding error. A junction at which turns are banned or cost time becomes several nodes, and each such turn a
chain between two of them (:mod:`lifezone.routing.junctions`).
See DESIGN for what was refused (networkx as the core, a point hung on a node).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

import numpy as np

from lifezone.errors import InputError
from lifezone.model.arrays import Bools, Floats, Ints, Longs, check_length
from lifezone.model.turns import Turns

__all__ = ["MODES", "Network", "SearchGraph"]

MODES: Final = ("car", "walk")


@dataclass(frozen=True, eq=False)
class Network:
    """Directed roads as raw segments, V vertices and S segments.

    Attributes:
        x_m: f64[V] easting of each vertex in ``crs``, metres.
        y_m: f64[V] northing.
        border: bool[V] True where the loaded roads were cut: a trip may go on beyond, unseen.
        tail: i32[S] vertex at which the segment starts.
        head: i32[S] vertex at which it ends.
        metres: f64[S] length along the ground, ≥ 0.
        seconds: per mode f64[2*S]; arc ``2*s`` runs tail → head, ``2*s + 1`` back; ``inf`` = closed to the mode.
        way: i16[S] position in ``ways``.
        ways: highway classes such as ``primary``; ``ferry`` is one of them.
        name: i32[S] position in ``names``; position 0 is the empty name.
        names: road names.
        crs: projected CRS in metres that all coordinates of a study share, e.g. ``EPSG:5179``.
        modelled: why these roads are not the real ones ("surrogate network"); empty for real roads.
        notes: what was left out or assumed while reading, with counts; goes into the manifest.
        beyond: bool[V] True at both ends of every segment that is not wholly within the area in which all facilities
            are known; None = that area has no edge but ``border``.
        turns: per mode what is banned or costs time at junctions; a mode without an entry turns freely.
        boarding_s: f64[2*S] what of each arc's seconds is waiting for a ferry, in every mode; None = nowhere.
    """

    x_m: Floats
    y_m: Floats
    border: Bools
    tail: Ints
    head: Ints
    metres: Floats
    seconds: Mapping[str, Floats]
    way: np.ndarray
    ways: tuple[str, ...]
    name: Ints
    names: tuple[str, ...]
    crs: str
    modelled: str = ""
    notes: tuple[str, ...] = field(default=())
    beyond: Bools | None = None
    turns: Mapping[str, Turns] = field(default_factory=dict)
    boarding_s: Floats | None = None

    def __post_init__(self) -> None:
        """Check lengths, references and signs once, so that nothing below has to."""
        check_length("network vertices", self.n_vertices, y_m=self.y_m, border=self.border)
        if self.beyond is not None:
            check_length("network vertices", self.n_vertices, beyond=self.beyond)
        check_length(
            "network segments", self.n_segments, head=self.head, metres=self.metres, way=self.way, name=self.name
        )
        for mode, seconds in self.seconds.items():
            check_length(f"network arcs for {mode}", 2 * self.n_segments, seconds=seconds)
            if not np.all(seconds >= 0):  # NaN fails too
                raise InputError(f"network: {mode} seconds must be 0 or more, inf where closed")
        if self.n_segments:
            ends = (self.tail.min(), self.head.min(), self.tail.max(), self.head.max())
            if min(ends) < 0 or max(ends) >= self.n_vertices:
                raise InputError("network: a segment names a vertex that does not exist")
        if not (np.all(np.isfinite(self.metres)) and np.all(self.metres >= 0)):
            raise InputError("network: segment lengths must be finite and 0 or more")
        if not (np.all(np.isfinite(self.x_m)) and np.all(np.isfinite(self.y_m))):
            raise InputError("network: vertex coordinates must be finite")
        for turns in self.turns.values():
            turns.check(self.tail, self.head)
        if self.boarding_s is not None:
            check_length("network arcs", 2 * self.n_segments, boarding_s=self.boarding_s)

    @staticmethod
    def empty(crs: str) -> Network:
        """Return no roads at all, for a study whose travel times are ready-made."""
        none, whole = np.empty(0), np.empty(0, np.int32)
        return Network(
            x_m=none, y_m=none, border=np.empty(0, np.bool_), tail=whole, head=whole, metres=none, seconds={},
            way=np.empty(0, np.int16), ways=(), name=whole, names=("",), crs=crs,
        )  # fmt: skip

    @property
    def n_vertices(self) -> int:
        """Number of vertices V."""
        return len(self.x_m)

    @property
    def n_segments(self) -> int:
        """Number of segments S."""
        return len(self.tail)

    @property
    def ways_out(self) -> Bools:
        """bool[V] where a trip leaves what is known: ``border`` or ``beyond``."""
        return self.border if self.beyond is None else self.border | self.beyond

    @property
    def modes(self) -> tuple[str, ...]:
        """The modes this network has times for."""
        return tuple(self.seconds)


@dataclass(frozen=True, eq=False)
class SearchGraph:
    """One mode's roads, contracted: N nodes, E search edges, C chains, S raw segments, A arcs used.

    Nodes are in an order that keeps neighbours near in memory (Hilbert curve). Edges are sorted by tail; parallel
    edges are kept, since the quicker one need not be the shorter one; loops are left out.

    Attributes:
        mode: ``car`` or ``walk``.
        vertex: i32[N] raw vertex of each node; several nodes are copies of one where its turns need them.
        node: i32[V] node of each raw vertex, −1 when swallowed by a chain or not on this mode's roads; of copies the
            one that trips from the vertex leave by.
        arrive: i32[V] the same but of copies: the one at which trips to the vertex end.
        first_out: i64[N+1] edges of node ``u`` are ``first_out[u]:first_out[u+1]``.
        head: i32[E] node that the edge leads to.
        chain: i32[E] chain that the edge stands for.
        chain_from: i32[C] node at which the chain starts.
        chain_to: i32[C] node at which it ends (equal for a loop).
        chain_seconds: f64[C] time along the chain.
        chain_metres: f64[C] length along the chain.
        chain_first: i64[C+1] the arcs of chain ``c`` are ``chain_arc[chain_first[c]:chain_first[c+1]]``, in order.
        chain_arc: i32[A] raw arcs (``2*segment + direction``); from ``2*S`` on they are waits, without length.
        arc_chain: i32[2*S] chain of each raw arc, −1 when closed to this mode.
        arc_seconds: f64[2*S] time from the start of the chain to the start of the arc.
        arc_metres: f64[2*S] length likewise.
        wait_s: f64[J] time of each wait: ``2*S + j`` in ``chain_arc``. A turn at a split junction is a chain of one.
        part: i32[N] strongly connected part of each node; parts are numbered by falling length, 0 is the largest. Roads
            that were cut count as joined beyond the cut.
        part_metres: f64[parts] length of the open arcs that stay inside each part, both directions counted.
    """

    mode: str
    vertex: Ints
    node: Ints
    arrive: Ints
    first_out: Longs
    head: Ints
    chain: Ints
    chain_from: Ints
    chain_to: Ints
    chain_seconds: Floats
    chain_metres: Floats
    chain_first: Longs
    chain_arc: Ints
    arc_chain: Ints
    arc_seconds: Floats
    arc_metres: Floats
    wait_s: Floats
    part: Ints
    part_metres: Floats

    @property
    def n_nodes(self) -> int:
        """Number of search nodes N."""
        return len(self.vertex)

    @property
    def n_edges(self) -> int:
        """Number of search edges E."""
        return len(self.head)

    @property
    def n_copies(self) -> int:
        """Nodes that splitting junctions for their turns added."""
        return self.n_nodes - len(np.unique(self.vertex))

    @property
    def n_turns(self) -> int:
        """Edges that stand for turns at split junctions."""
        first = self.chain_arc[self.chain_first[self.chain]]
        return int((first >= len(self.arc_chain)).sum())
