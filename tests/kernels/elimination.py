"""A contraction hierarchy by plain elimination in any order, in dictionaries: a slow twin for small graphs."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import floyd_warshall

INF = 0x3FFFFFFF


def eliminated(n, arcs, order):
    """Return weights like those of ``lifezone.routing.hierarchy`` for ``arcs`` (tail, head, whole cost).

    Nodes are taken out in ``order``; ways through one are kept as arcs between its remaining neighbours.
    """
    rank = np.empty(n, np.int32)
    rank[order] = np.arange(n)
    cost = {}
    for tail, head, by in arcs:
        a, b = int(rank[tail]), int(rank[head])
        if a != b:
            cost[a, b] = min(cost.get((a, b), INF), int(by))
    beside = [set() for _ in range(n)]
    for a, b in cost:
        beside[min(a, b)].add(max(a, b))
    for r in range(n):
        above = sorted(beside[r])
        for a in above:
            for b in above:
                if a == b:
                    continue
                beside[min(a, b)].add(max(a, b))
                through = cost.get((a, r), INF) + cost.get((r, b), INF)
                if through < cost.get((a, b), INF):
                    cost[a, b] = through
    out = {"hierarchy": SimpleNamespace(node=np.asarray(order, np.int32), rank=rank)}
    for name, turn in (("climb", False), ("descend", True)):
        rows = [[(b, cost.get((b, r) if turn else (r, b), INF)) for b in sorted(beside[r])] for r in range(n)]
        rows = [[pair for pair in row if pair[1] < INF] for row in rows]
        flat = [pair for row in rows for pair in row]
        out[f"{name}_first"] = np.concatenate([[0], np.cumsum([len(row) for row in rows])]).astype(np.int64)
        out[f"{name}_head"] = np.array([b for b, _ in flat], np.int32)
        out[f"{name}_cost"] = np.array([c for _, c in flat], np.uint32)
    return SimpleNamespace(**out)


def all_costs(n, arcs):
    """Return the cost of every ordered pair of nodes, by scipy."""
    least = {}
    for a, b, by in arcs:
        if a != b:
            least[a, b] = min(least.get((a, b), INF), by)
    # scipy takes a stored zero for no arc: count in halves, zero as one 2**-20
    tail, head = [a for a, _ in least], [b for _, b in least]
    by = [max(c, 2.0**-20) for c in least.values()]
    table = floyd_warshall(csr_matrix((by, (tail, head)), shape=(n, n)))
    whole = np.where(np.isfinite(table), np.floor(np.where(np.isfinite(table), table, 0.0) + 2.0**-8), INF)
    return whole.astype(np.int64)
