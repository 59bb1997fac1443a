"""Costs of the arcs of a hierarchy: over lower triangles, then without what no cheapest way needs.

A *triangle* is three ranks w < u < v with all three arcs. Costs are uint32; ``UNREACHED`` is so small that two of
them do not wrap, and larger than every real cost.
"""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from lifezone.kernels.jit import kernel

__all__ = ["UNREACHED", "Arcs", "edge_costs", "keep_needed", "over_lower", "over_upper"]

UNREACHED: Final = 0x3FFFFFFF

Int32s = npt.NDArray[np.int32]
Int64s = npt.NDArray[np.int64]
Costs = npt.NDArray[np.uint32]


class Arcs(NamedTuple):
    """The arcs of a hierarchy by lower and by upper end.

    Attributes:
        first: i64[N+1] arcs by lower end.
        head: i32[M] upper end of each, ascending in a row.
        low_first: i64[N+1] arcs by upper end.
        low_tail: i32[M] lower end of each, ascending in a row.
        low_arc: i32[M] position in ``head``.
    """

    first: Int64s
    head: Int32s
    low_first: Int64s
    low_tail: Int32s
    low_arc: Int32s


@kernel
def edge_costs(edge_arc: Int64s, cost: Costs, climb: Costs, descend: Costs) -> None:
    """Give each arc the least cost of its search edges (writes into ``climb`` and ``descend``)."""
    for a in range(len(climb)):
        climb[a] = UNREACHED
        descend[a] = UNREACHED
    for e in range(len(edge_arc)):
        arc = edge_arc[e] >> 1
        if arc < 0:  # a loop
            continue
        if edge_arc[e] & 1:
            descend[arc] = min(descend[arc], cost[e])
        else:
            climb[arc] = min(climb[arc], cost[e])


@kernel
def over_lower(arcs: Arcs, climb: Costs, descend: Costs) -> None:
    """Basic customisation (writes into ``climb`` and ``descend``): each arc costs no more than over any lower node.

    Node by node upwards. A row is held in two arrays by upper rank meanwhile, so that no triangle is ever searched for.
    """
    n = len(arcs.first) - 1
    ups = np.empty(n, np.uint32)
    downs = np.empty(n, np.uint32)
    for u in range(n):
        begin, end = arcs.first[u], arcs.first[u + 1]
        for b in range(begin, end):
            ups[arcs.head[b]] = climb[b]
            downs[arcs.head[b]] = descend[b]
        for i in range(arcs.low_first[u], arcs.low_first[u + 1]):
            a, last = arcs.low_arc[i], arcs.first[arcs.low_tail[i] + 1]
            to_lower, from_lower = descend[a], climb[a]
            for b in range(a + 1, last):
                v = arcs.head[b]
                ups[v] = min(ups[v], to_lower + climb[b])
                downs[v] = min(downs[v], descend[b] + from_lower)
        for b in range(begin, end):
            climb[b] = ups[arcs.head[b]]
            descend[b] = downs[arcs.head[b]]


@kernel
def over_upper(
    arcs: Arcs, climb: Costs, descend: Costs, spare_climb: npt.NDArray[np.bool_], spare_descend: npt.NDArray[np.bool_]
) -> None:
    """Perfect customisation: exact costs, and which arcs can be spared because a way over upper nodes is as cheap.

    Node by node downwards: when the row of ``v`` is exact, it mends the rows of all nodes below. An arc may be spared
    at equal cost since every cost is at least 1: two arcs can never stand for each other.
    Writes into all arrays but ``arcs``.
    """
    n = len(arcs.first) - 1
    ups = np.empty(n, np.uint32)
    downs = np.empty(n, np.uint32)
    for v in range(n - 1, -1, -1):
        for b in range(arcs.first[v], arcs.first[v + 1]):
            ups[arcs.head[b]] = climb[b]
            downs[arcs.head[b]] = descend[b]
        for i in range(arcs.low_first[v], arcs.low_first[v + 1]):
            a, last = arcs.low_arc[i], arcs.first[arcs.low_tail[i] + 1]
            up, down = climb[a], descend[a]
            for b in range(a + 1, last):
                w = arcs.head[b]
                if up + ups[w] <= climb[b]:
                    climb[b] = up + ups[w]
                    spare_climb[b] = True
                elif climb[b] + downs[w] <= up:
                    up = climb[b] + downs[w]
                    spare_climb[a] = True
                if downs[w] + down <= descend[b]:
                    descend[b] = downs[w] + down
                    spare_descend[b] = True
                elif ups[w] + descend[b] <= down:
                    down = ups[w] + descend[b]
                    spare_descend[a] = True
            climb[a], descend[a] = up, down


@kernel
def keep_needed(first: Int64s, head: Int32s, cost: Costs, spare: npt.NDArray[np.bool_]) -> tuple[Int64s, Int32s, Costs]:
    """Return rows, upper ends and costs of the arcs that are neither spared nor unreached."""
    n = len(first) - 1
    kept_first = np.zeros(n + 1, np.int64)
    count = 0
    for a in range(len(head)):
        count += not spare[a] and cost[a] < UNREACHED
    kept_head = np.empty(count, np.int32)
    kept_cost = np.empty(count, np.uint32)
    at = 0
    for r in range(n):
        for a in range(first[r], first[r + 1]):
            if not spare[a] and cost[a] < UNREACHED:
                kept_head[at] = head[a]
                kept_cost[at] = cost[a]
                at += 1
        kept_first[r + 1] = at
    return kept_first, kept_head, kept_cost
