"""Cut a cell of a road network in two along few nodes: inertial flow with unit capacities.

Along each of several directions the first and the last share of the cell's nodes are fixed to either side and a
greatest flow is sent between them, phase by phase over shortest ways (Dinic); its least cut is kept where it is the
smallest of all directions. Nodes of a cell have *local* numbers, so that everything lies close together.

All tables are int32 with named columns: what is looked at together lies together, and few arrays compile quickly
(fourteen of them took twice as long).
"""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from lifezone.kernels.jit import kernel

__all__ = ["LOCAL", "PART", "SPARE", "Room", "cut_cell", "list_cell", "make_room", "mark_separator"]

FREE: Final = 0
SOURCE: Final = 1
SINK: Final = 2

FIRST: Final = 0
"""Column of ``Room.node``: the node's arcs are ``node[v, FIRST]`` to ``node[v + 1, FIRST]``."""
LEVEL: Final = 1
"""Column of ``Room.node``: steps to the nearest sink, −1 = not met."""
CURSOR: Final = 2
"""Column of ``Room.node``: next arc to try."""
ROLE: Final = 3
"""Column of ``Room.node``: free, source or sink."""

HEAD: Final = 0
"""Column of ``Room.arc``: local number of the node it leads to."""
TWIN: Final = 1
"""Column of ``Room.arc``: the same edge's other direction."""
FLOW: Final = 2
"""Column of ``Room.arc``: −1, 0 or 1; a twin has the opposite."""
OUTER: Final = 3
"""Column of ``Room.arc``: the arc's number in the whole core."""

LOCAL: Final = 0
"""Row of ``Room.line``: local number of each core node, −1 outside the cell."""
SPARE: Final = 1
"""Row of ``Room.line``: the sinks beside other nodes, then nodes in the order they were met; free between two cuts."""
PATH: Final = 2
"""Row of ``Room.line``: arcs of the way that is being walked."""
PART: Final = 3
"""Row of ``Room.line``, the result: side 0 or 1 of each local node, 2 = separator."""

Int32s = npt.NDArray[np.int32]


class Room(NamedTuple):
    """Room for cutting cells of up to K nodes and B arcs; the constants above name columns and rows.

    Attributes:
        node: i32[K+1, 4] by local node.
        arc: i32[B, 4] by local arc.
        line: i32[4, K+1].
        inner: i32[B] local arc of each core arc.
    """

    node: Int32s
    arc: Int32s
    line: Int32s
    inner: Int32s


def make_room(n_nodes: int, n_arcs: int) -> Room:
    """Return room for the whole core; no kernel, since making arrays compiles slowly."""
    node = np.zeros((n_nodes + 1, 4), np.int32)
    arc = np.zeros((n_arcs, 4), np.int32)
    line = np.zeros((4, n_nodes + 1), np.int32)
    line[LOCAL] = -1
    return Room(node, arc, line, np.zeros(n_arcs, np.int32))


@kernel
def list_cell(first: Int32s, head: Int32s, twin: Int32s, nodes: Int32s, room: Room) -> None:
    """Give the nodes of a cell local numbers and list the arcs between them (writes into ``room``)."""
    for i in range(len(nodes)):
        room.line[LOCAL, nodes[i]] = i
    m = 0
    for i in range(len(nodes)):
        v = nodes[i]
        for a in range(first[v], first[v + 1]):
            j = room.line[LOCAL, head[a]]
            if j >= 0:
                room.arc[m, HEAD] = j
                room.arc[m, OUTER] = a
                room.inner[a] = m
                m += 1
        room.node[i + 1, FIRST] = m
    for b in range(m):
        room.arc[b, TWIN] = room.inner[twin[room.arc[b, OUTER]]]


@kernel
def fix_ends(line: Int32s, fixed: int, room: Room) -> int:
    """Make the first ``fixed`` nodes of a line sources and the last ones sinks; list the rim, return its length.

    The rim are the sinks that have other neighbours than sinks: only from there a flow can be met. Clears the flow.
    """
    k = len(line)
    for i in range(k):
        v = room.line[LOCAL, line[i]]
        is_sink = i >= k - fixed
        room.node[v, ROLE] = SINK if is_sink else SOURCE if i < fixed else FREE
        room.node[v, LEVEL] = 0 if is_sink else -1
    count = 0
    for v in range(k):
        is_rim = False
        for b in range(room.node[v, FIRST], room.node[v + 1, FIRST]):
            room.arc[b, FLOW] = 0
            is_rim |= room.node[room.arc[b, HEAD], ROLE] != SINK
        if is_rim and room.node[v, ROLE] == SINK:
            room.line[SPARE, count] = v
            count += 1
    return count


@kernel
def find_levels(n_rim: int, room: Room) -> tuple[int, int]:
    """Walk back from the sinks over what is left of the capacities, up to the level of the nearest sources.

    Returns:
        How many nodes were met (in the spare line, after the rim), and where the level with sources begins there; equal
        when no source was met.
    """
    begin, met, level = 0, n_rim, 0
    while begin < met:
        end = met
        level += 1
        for i in range(begin, end):
            v = room.line[SPARE, i]
            for b in range(room.node[v, FIRST], room.node[v + 1, FIRST]):
                u = room.arc[b, HEAD]
                if room.node[u, LEVEL] < 0 and room.arc[b, FLOW] > -1:
                    room.node[u, LEVEL] = level
                    room.node[u, CURSOR] = room.node[u, FIRST]
                    room.line[SPARE, met] = u
                    met += 1
        for i in range(end, met):
            if room.node[room.line[SPARE, i], ROLE] == SOURCE:
                return met, end
        begin = end
    return met, met


@kernel
def push_from(source: int, room: Room) -> int:
    """Send flow from one source to sinks, each step one level down, until no way is left; return how much."""
    sent, depth, v = 0, 0, source
    while True:
        b = room.node[v, CURSOR]
        if b == room.node[v + 1, FIRST]:
            if depth == 0:
                return sent
            depth -= 1
            v = room.arc[room.arc[room.line[PATH, depth], TWIN], HEAD]
            room.node[v, CURSOR] += 1
            continue
        u = room.arc[b, HEAD]
        if room.arc[b, FLOW] == 1 or room.node[u, LEVEL] != room.node[v, LEVEL] - 1:
            room.node[v, CURSOR] += 1
            continue
        room.line[PATH, depth] = b
        depth += 1
        v = u
        if room.node[u, ROLE] == SINK:
            for i in range(depth):
                c = room.line[PATH, i]
                room.arc[c, FLOW] += 1
                room.arc[room.arc[c, TWIN], FLOW] -= 1
            sent += 1
            depth, v = 0, source


@kernel
def least_cut(line: Int32s, fixed: int, limit: int, room: Room) -> int:
    """Return the least cut between the first and last ``fixed`` nodes of a line, or ``limit`` where it is not smaller.

    Below the limit the nodes with a level of 0 or more are those on the sinks' side.
    """
    n_rim = fix_ends(line, fixed, room)
    total = 0
    while total < limit:
        met, sources = find_levels(n_rim, room)
        if met == sources:
            return total
        for i in range(sources, met):
            if room.node[room.line[SPARE, i], ROLE] == SOURCE:
                total += push_from(room.line[SPARE, i], room)
        for i in range(n_rim, met):
            room.node[room.line[SPARE, i], LEVEL] = -1
    return limit


@kernel
def cut_cell(sorted_by: Int32s, low: int, high: int, fixed: int, room: Room) -> None:
    """Cut a listed cell along the best direction; leaves each node's side, 0 or 1, in the line of parts."""
    k = high - low
    best = room.node[k, FIRST] + 1
    for d in range(len(sorted_by) - 1):
        cut = least_cut(sorted_by[d, low:high], fixed, best, room)
        if cut < best:
            best = cut
            for v in range(k):
                room.line[PART, v] = room.node[v, LEVEL] >= 0


@kernel
def mark_separator(k: int, room: Room) -> None:
    """Take the ends of the cut's edges on one side as separator, where they are fewer (writes 2 into the parts)."""
    ends = np.zeros(2, np.int64)
    at_cut = room.line[SPARE]
    for v in range(k):
        side = room.line[PART, v]
        at_cut[v] = 0
        for b in range(room.node[v, FIRST], room.node[v + 1, FIRST]):
            if room.line[PART, room.arc[b, HEAD]] != side:
                at_cut[v] = 1
        ends[side] += at_cut[v]
    chosen = 1 if ends[1] < ends[0] else 0
    for v in range(k):
        if at_cut[v] and room.line[PART, v] == chosen:
            room.line[PART, v] = 2
