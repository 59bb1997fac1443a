"""The k nearest facilities of every node and point, each facility once.

A node holds a list of up to k labels in ascending order of (cost, owner), one per owner. A better label for an owner
replaces its old one; otherwise the last one makes way. What was pushed out of a list by k better owners can never come
back, so the lists are final when the queue is empty.
"""

from __future__ import annotations

import numpy as np

from lifezone.kernels.jit import kernel
from lifezone.kernels.join import direct_cost
from lifezone.kernels.queue import BUCKETS, advance, place, roomy
from lifezone.kernels.records import K_ENTRY, LABEL, Edges, Hooks, Records

__all__ = ["join_k_nearest", "search_k_nearest"]


@kernel
def insert(labels: Records, begin: int, k: int, cost: float, owner: int, other: float) -> bool:
    """Put a label into the list ``labels[begin:begin+k]``; return False when it does not belong there."""
    last = begin + k - 1
    hole = last
    for i in range(begin, begin + k):
        if labels[i]["owner"] < 0:
            hole = i
            break
        if labels[i]["owner"] == owner:
            if cost > labels[i]["cost"] or (cost == labels[i]["cost"] and other >= labels[i]["other"]):
                return False
            hole = i
            break
    full = labels[hole]["owner"] >= 0 and labels[hole]["owner"] != owner
    if full and (cost > labels[last]["cost"] or (cost == labels[last]["cost"] and owner > labels[last]["owner"])):
        return False
    while hole > begin and (
        cost < labels[hole - 1]["cost"] or (cost == labels[hole - 1]["cost"] and owner < labels[hole - 1]["owner"])
    ):
        labels[hole] = labels[hole - 1]
        hole -= 1
    labels[hole]["cost"], labels[hole]["other"], labels[hole]["owner"] = cost, other, owner
    return True


@kernel
def find(labels: Records, begin: int, k: int, cost: float, owner: int) -> int:
    """Return where the list holds this very label, −1 when it was bettered or pushed out."""
    for i in range(begin, begin + k):
        if labels[i]["owner"] == owner:
            return i if labels[i]["cost"] == cost else -1
    return -1


@kernel
def search_k_nearest(edges: Edges, seed: Records, labels: Records, k: int) -> None:
    """Fill the list of every node (writes into ``labels``, LABEL[N*k], which must be clear)."""
    first, edge, per_cost = edges
    if len(seed) == 0:
        return
    ring = np.full(BUCKETS, -1, dtype=np.int32)
    pool = np.empty(len(labels) // 4 + len(seed) + 1024, K_ENTRY)
    used, left, idle = 0, 0, 0
    current = int(seed["cost"].min() * per_cost)
    for i in range(len(seed)):
        if insert(labels, seed[i]["node"] * k, k, seed[i]["cost"], seed[i]["owner"], seed[i]["other"]):
            pool[used]["key"], pool[used]["node"], pool[used]["owner"] = (
                seed[i]["cost"], seed[i]["node"], seed[i]["owner"],
            )  # fmt: skip
            place(ring, pool, used, per_cost, current)
            used, left = used + 1, left + 1
    while left > 0:
        slot = current & (BUCKETS - 1)
        idle += 1
        while ring[slot] >= 0:
            entry = ring[slot]
            ring[slot] = -1
            while entry >= 0:
                key, u, owner = pool[entry]["key"], pool[entry]["node"], pool[entry]["owner"]
                following = pool[entry]["next"]
                if int(key * per_cost) != current:
                    place(ring, pool, entry, per_cost, current)
                    entry = following
                    continue
                entry = following
                left -= 1
                idle = 0
                here = find(labels, u * k, k, key, owner)
                if here < 0:
                    continue
                other = labels[here]["other"]
                pool = roomy(pool, used, first[u + 1] - first[u])
                for e in range(first[u], first[u + 1]):
                    v, cost = edge[e]["head"], key + edge[e]["cost"]
                    if insert(labels, v * k, k, cost, owner, other + edge[e]["other"]):
                        pool[used]["key"], pool[used]["node"], pool[used]["owner"] = cost, v, owner
                        place(ring, pool, used, per_cost, current)
                        used, left = used + 1, left + 1
        current += 1
        if idle > BUCKETS and left > 0:
            current = advance(ring, pool, per_cost)
            idle = 0


@kernel
def join_k_nearest(hooks: Hooks, on_chain: Records, labels: Records, k: int) -> Records:
    """Return LABEL[n*k]: the k nearest facilities of each point, owner −1 where there are fewer."""
    n = len(hooks.node)
    best = np.empty(n * k, LABEL)
    for i in range(n * k):
        best[i]["cost"], best[i]["other"], best[i]["owner"], best[i]["via"] = np.inf, np.inf, -1, -1
    for p in range(n):
        for leg in range(2):
            node = hooks.node[p, leg]
            if node >= 0:
                for i in range(node * k, node * k + k):
                    if labels[i]["owner"] < 0:
                        break
                    cost, other = hooks.cost[p, leg] + labels[i]["cost"], hooks.other[p, leg] + labels[i]["other"]
                    insert(best, p * k, k, cost, labels[i]["owner"], other)
            for i in range(hooks.low[p, leg], hooks.high[p, leg]):
                cost, other = direct_cost(hooks, p, leg, on_chain[i])
                if cost < np.inf:
                    insert(best, p * k, k, cost, on_chain[i]["owner"], other)
    return best
