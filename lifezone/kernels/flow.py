"""Cut a cell of a road network in two along few nodes: inertial flow with unit capacities.

Along each of several directions the first and the last share of the cell's nodes are fixed to either side and a
greatest flow is sent between them, phase by phase over shortest ways (Dinic); its least cut is kept where it is the
smallest of all directions. Nodes of a cell have *local* numbers, so that everything lies close together.
"""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from lifezone.kernels.jit import kernel

__all__ = ["CutRoom", "cut_cell", "list_cell", "make_cut_room", "mark_separator"]

FREE: Final = 0
SOURCE: Final = 1
SINK: Final = 2

Int32s = npt.NDArray[np.int32]


class CutRoom(NamedTuple):
    """Room for cutting cells of up to K nodes and B arcs.

    Attributes:
        local: i32[K] local number of each core node, −1 outside the cell.
        first: i32[K+1] the cell's own rows.
        head: i32[B] local numbers.
        twin: i32[B] the same edge's other direction.
        outer: i32[B] core arc of each local arc.
        inner: i32[B] local arc of each core arc.
        flow: i8[B] −1, 0, 1; a twin has the opposite.
        role: u8[K] free, source or sink.
        level: i32[K] steps to the nearest sink, −1 = not met.
        cursor: i32[K] next arc to try.
        queue: i32[K] nodes in the order they were met.
        path: i32[K+1] arcs of the way that is being walked.
        rim: i32[K] sinks beside others than sinks.
        part: u8[K] result: side 0, side 1, 2 = separator.
    """

    local: Int32s
    first: Int32s
    head: Int32s
    twin: Int32s
    outer: Int32s
    inner: Int32s
    flow: npt.NDArray[np.int8]
    role: npt.NDArray[np.uint8]
    level: Int32s
    cursor: Int32s
    queue: Int32s
    path: Int32s
    rim: Int32s
    part: npt.NDArray[np.uint8]


@kernel
def make_cut_room(n_nodes: int, n_arcs: int) -> CutRoom:
    """Return room for the whole core."""
    return CutRoom(
        np.full(n_nodes, -1, np.int32),
        np.zeros(n_nodes + 1, np.int32),
        np.empty(n_arcs, np.int32),
        np.empty(n_arcs, np.int32),
        np.empty(n_arcs, np.int32),
        np.empty(n_arcs, np.int32),
        np.empty(n_arcs, np.int8),
        np.empty(n_nodes, np.uint8),
        np.empty(n_nodes, np.int32),
        np.empty(n_nodes, np.int32),
        np.empty(n_nodes, np.int32),
        np.empty(n_nodes + 1, np.int32),
        np.empty(n_nodes, np.int32),
        np.empty(n_nodes, np.uint8),
    )


@kernel
def list_cell(first: Int32s, head: Int32s, twin: Int32s, nodes: Int32s, room: CutRoom) -> None:
    """Give the nodes of a cell local numbers and list the arcs between them (writes into ``room``)."""
    for i in range(len(nodes)):
        room.local[nodes[i]] = i
    m = 0
    for i in range(len(nodes)):
        v = nodes[i]
        for a in range(first[v], first[v + 1]):
            j = room.local[head[a]]
            if j >= 0:
                room.head[m] = j
                room.outer[m] = a
                room.inner[a] = m
                m += 1
        room.first[i + 1] = m
    for b in range(m):
        room.twin[b] = room.inner[twin[room.outer[b]]]


@kernel
def fix_ends(line: Int32s, fixed: int, room: CutRoom) -> int:
    """Make the first ``fixed`` nodes of a line sources and the last ones sinks; return how many sinks form the rim."""
    k = len(line)
    for i in range(k):
        v = room.local[line[i]]
        room.role[v] = SOURCE if i < fixed else SINK if i >= k - fixed else FREE
        room.level[v] = 0 if i >= k - fixed else -1
    count = 0
    for v in range(k):
        if room.role[v] != SINK:
            continue
        for b in range(room.first[v], room.first[v + 1]):
            if room.role[room.head[b]] != SINK:
                room.rim[count] = v
                count += 1
                break
    return count


@kernel
def find_levels(n_rim: int, room: CutRoom) -> tuple[int, int]:
    """Walk back from the sinks over what is left of the capacities, up to the level of the nearest sources.

    Returns:
        How many nodes were met (in ``room.queue``), and from which of them on the sources lie; equal when none was met.
    """
    met = 0
    for i in range(n_rim):
        met = meet_neighbours(room.rim[i], 1, met, room)
    begin, level = 0, 1
    while begin < met:
        end = met
        for i in range(begin, end):
            if room.role[room.queue[i]] == SOURCE:
                return end, begin
        level += 1
        for i in range(begin, end):
            met = meet_neighbours(room.queue[i], level, met, room)
        begin = end
    return met, met


@kernel
def meet_neighbours(v: int, level: int, met: int, room: CutRoom) -> int:
    """Meet the nodes from which ``v`` can be reached in one step; return how many were met so far."""
    for b in range(room.first[v], room.first[v + 1]):
        u = room.head[b]
        if room.level[u] < 0 and room.flow[b] > -1:
            room.level[u] = level
            room.cursor[u] = room.first[u]
            room.queue[met] = u
            met += 1
    return met


@kernel
def push_from(source: int, room: CutRoom) -> int:
    """Send flow from one source to sinks, each step one level down, until no way is left; return how much."""
    sent, depth, v = 0, 0, source
    while True:
        b = room.cursor[v]
        if b == room.first[v + 1]:
            if depth == 0:
                return sent
            depth -= 1
            v = room.head[room.twin[room.path[depth]]]
            room.cursor[v] += 1
            continue
        u = room.head[b]
        if room.flow[b] == 1 or room.level[u] != room.level[v] - 1:
            room.cursor[v] += 1
            continue
        room.path[depth] = b
        depth += 1
        v = u
        if room.role[u] == SINK:
            for i in range(depth):
                room.flow[room.path[i]] += 1
                room.flow[room.twin[room.path[i]]] -= 1
            sent += 1
            depth, v = 0, source


@kernel
def least_cut(line: Int32s, share: float, limit: int, room: CutRoom) -> int:
    """Return the least cut between both ends of a line, or ``limit`` where it is not smaller.

    Afterwards ``room.level`` is 0 or more exactly on the sinks' side.
    """
    k = len(line)
    n_rim = fix_ends(line, max(1, int(k * share)), room)
    for b in range(room.first[k]):
        room.flow[b] = 0
    total = 0
    while True:
        met, sources = find_levels(n_rim, room)
        if met == sources:
            return total
        for i in range(sources, met):
            if room.role[room.queue[i]] == SOURCE:
                total += push_from(room.queue[i], room)
        if total >= limit:
            return limit
        for i in range(met):
            room.level[room.queue[i]] = -1


@kernel
def cut_cell(sorted_by: Int32s, low: int, high: int, share: float, room: CutRoom) -> None:
    """Cut a listed cell along the best direction; leaves each node's side, 0 or 1, in ``room.part``."""
    k = high - low
    best = room.first[k] + 1
    for d in range(len(sorted_by) - 1):
        cut = least_cut(sorted_by[d, low:high], share, best, room)
        if cut < best:
            best = cut
            for v in range(k):
                room.part[v] = 1 if room.level[v] >= 0 else 0


@kernel
def mark_separator(k: int, room: CutRoom) -> None:
    """Take the ends of the cut's edges on one side as separator (writes 2 into ``room.part``): the fewer ones."""
    ends = np.zeros(2, np.int64)
    for side in range(2):
        for v in range(k):
            if room.part[v] == side and is_at_cut(v, room):
                ends[side] += 1
    chosen = 1 if ends[1] < ends[0] else 0
    count = 0
    for v in range(k):
        if room.part[v] == chosen and is_at_cut(v, room):
            room.queue[count] = v
            count += 1
    for i in range(count):
        room.part[room.queue[i]] = 2


@kernel
def is_at_cut(v: int, room: CutRoom) -> bool:
    """Tell whether a node has a neighbour on the other side."""
    for b in range(room.first[v], room.first[v + 1]):
        if room.part[room.head[b]] != room.part[v]:
            return True
    return False
