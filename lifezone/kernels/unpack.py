"""Find the cheapest way between two nodes of a hierarchy and the search edges it is made of."""

from __future__ import annotations

import numpy as np

from lifezone.kernels.customise import UNREACHED, Arcs, Costs, Int32s, Int64s
from lifezone.kernels.jit import kernel
from lifezone.kernels.repair import EdgeCosts, cheapest_edge, next_common

__all__ = ["cheapest_way", "unpack_steps"]


@kernel
def climb_from(source: int, parent: Int32s, arcs: Arcs, cost: Costs) -> tuple[Costs, Int64s]:
    """Climb from a rank along the elimination tree: costs u32[N] and the arc each rank was reached by, −1 = none."""
    reached = np.full(len(parent), np.uint32(UNREACHED))
    via = np.full(len(parent), -1, np.int64)
    reached[source] = 0
    r = source
    while r >= 0:
        if reached[r] < UNREACHED:
            for b in range(arcs.first[r], arcs.first[r + 1]):
                v = arcs.head[b]
                onward = np.uint32(reached[r] + cost[b])
                if onward < reached[v]:
                    reached[v] = onward
                    via[v] = b
        r = int(parent[r])
    return reached, via


@kernel
def lower_end(arcs: Arcs, arc: int) -> int:
    """Return the rank of an arc's lower end: the row that it stands in."""
    low, high = 0, len(arcs.first) - 1
    while low < high:
        middle = (low + high + 1) // 2
        if arcs.first[middle] <= arc:
            low = middle
        else:
            high = middle - 1
    return low


@kernel
def cheapest_way(
    source: int, target: int, parent: Int32s, arcs: Arcs, climb: Costs, descend: Costs
) -> tuple[int, Int64s]:
    """Return the least cost from rank to rank and the way's steps, ``2*arc`` climbing, ``2*arc + 1`` descending.

    ``UNREACHED`` and no steps when there is no way. Of equal ways the one with the lowest summit is taken.
    """
    away, away_via = climb_from(source, parent, arcs, climb)
    back, back_via = climb_from(target, parent, arcs, descend)
    best, summit = int(UNREACHED), -1
    r = source
    while r >= 0:
        cost = int(away[r]) + int(back[r])
        if cost < best:
            best, summit = cost, r
        r = int(parent[r])
    if summit < 0:
        return best, np.empty(0, np.int64)
    n_up, n_down = 0, 0
    r = summit
    while r != source:
        r = lower_end(arcs, int(away_via[r]))
        n_up += 1
    r = summit
    while r != target:
        r = lower_end(arcs, int(back_via[r]))
        n_down += 1
    steps = np.empty(n_up + n_down, np.int64)
    r = summit
    for i in range(n_up - 1, -1, -1):
        steps[i] = 2 * away_via[r]
        r = lower_end(arcs, int(away_via[r]))
    r = summit
    for i in range(n_up, n_up + n_down):
        steps[i] = 2 * back_via[r] + 1
        r = lower_end(arcs, int(back_via[r]))
    return best, steps


@kernel
def lower_steps(arcs: Arcs, step: int, climb: Costs, descend: Costs) -> tuple[int, int]:
    """Return the two steps over a lower node that make up a step's cost; the lowest such node."""
    arc = step >> 1
    cost = descend[arc] if step & 1 else climb[arc]
    u, v = lower_end(arcs, arc), arcs.head[arc]
    i_end, j_end = arcs.low_first[u + 1], arcs.low_first[v + 1]
    i, j = arcs.low_first[u], arcs.low_first[v]
    while True:
        i, j = next_common(arcs.low_tail, i, i_end, j, j_end)
        if i >= i_end or j >= j_end:
            return -1, -1
        a, b = int(arcs.low_arc[i]), int(arcs.low_arc[j])
        if step & 1:
            a, b = b, a
        if descend[a] + climb[b] == cost:
            return 2 * a + 1, 2 * b
        i += 1
        j += 1


@kernel
def unpack_steps(steps: Int64s, arcs: Arcs, climb: Costs, descend: Costs, edges: EdgeCosts) -> Int32s:
    """Return the search edges that steps stand for, in order; an edge goes before a detour of the same cost."""
    n = len(arcs.first)  # a cheapest way meets no node twice
    found = np.empty(n, np.int32)
    stack = np.empty(n + len(steps), np.int64)
    depth, count = len(steps), 0
    for i in range(depth):
        stack[i] = steps[depth - 1 - i]
    while depth > 0:
        depth -= 1
        step = stack[depth]
        edge = cheapest_edge(edges, step)
        cost = descend[step >> 1] if step & 1 else climb[step >> 1]
        if edge >= 0 and edges.cost[edge] == cost:
            found[count] = edge
            count += 1
            continue
        before, after = lower_steps(arcs, step, climb, descend)
        stack[depth], stack[depth + 1] = after, before
        depth += 2
    return found[:count].copy()
