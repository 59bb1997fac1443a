"""The k nearest facilities of every node and point, each facility once.

A node holds a list of up to k labels in ascending order of (cost, owner), one per owner. A better label for an owner
replaces its old one; otherwise the last one makes way. What was pushed out of a list by k better owners can never come
back, so the lists are final when the queue is empty.
"""

from __future__ import annotations

import numpy as np

from lifezone.kernels.jit import kernel
from lifezone.kernels.join import direct_cost, first_direct
from lifezone.kernels.nearest import FREE, LEFT, USED, Int32s, Int64s
from lifezone.kernels.queue import BUCKETS, advance, first_bucket, place, place_all, roomy
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
    ring = np.full(BUCKETS, -1, dtype=np.int32)
    pool = np.empty(len(seed) + BUCKETS, K_ENTRY)
    state = np.zeros(4, dtype=np.int64)
    state[FREE] = -1
    current = first_bucket(seed, edges.per_cost)
    for i in range(len(seed)):
        cost, owner, node = seed[i]["cost"], seed[i]["owner"], seed[i]["node"]
        if insert(labels, node * k, k, cost, owner, seed[i]["other"]):
            at = pool[state[USED]]
            at["key"], at["node"], at["owner"] = cost, node, owner
            place(ring, pool, state[USED], edges.per_cost, current)
            state[USED] += 1
            state[LEFT] += 1
    idle = 0
    while state[LEFT] > 0:
        before = state[LEFT], state[USED]
        while not work_off_lists(edges, labels, k, ring, pool, state, current):
            pool = roomy(pool, state[USED], len(pool))
        idle = idle + 1 if before == (state[LEFT], state[USED]) else 0
        current += 1
        if idle > BUCKETS and state[LEFT] > 0:
            current = advance(ring, pool, edges.per_cost)
            idle = 0


@kernel
def work_off_lists(
    edges: Edges, labels: Records, k: int, ring: Int32s, pool: Records, state: Int64s, current: int
) -> bool:
    """Work off the current bucket; return False when the pool must grow first (see ``nearest.work_off``)."""
    first, edge, per_cost = edges
    free, used, left = state[FREE], state[USED], state[LEFT]
    slot = current & (BUCKETS - 1)
    waiting = -1
    done = True
    while ring[slot] >= 0:
        entry = ring[slot]
        key, u, owner = pool[entry]["key"], pool[entry]["node"], pool[entry]["owner"]
        if used + first[u + 1] - first[u] > len(pool):
            done = False
            break
        ring[slot] = pool[entry]["next"]
        if int(key * per_cost) != current:
            pool[entry]["next"] = waiting
            waiting = entry
            continue
        pool[entry]["next"] = free
        free = entry
        left -= 1
        here = find(labels, u * k, k, key, owner)
        if here < 0:
            continue
        other = labels[here]["other"]
        for e in range(first[u], first[u + 1]):
            v, cost = edge[e]["head"], key + edge[e]["cost"]
            if insert(labels, v * k, k, cost, owner, other + edge[e]["other"]):
                if free >= 0:
                    entry = free
                    free = pool[free]["next"]
                else:
                    entry = used
                    used += 1
                pool[entry]["key"], pool[entry]["node"], pool[entry]["owner"] = cost, v, owner
                place(ring, pool, entry, per_cost, current)
                left += 1
    place_all(ring, pool, waiting, per_cost, current + 1)
    state[FREE], state[USED], state[LEFT] = free, used, left
    return done


@kernel
def join_k_nearest(hooks: Hooks, on_chain: Records, labels: Records, k: int) -> Records:
    """Return LABEL[n*k]: the k nearest facilities of each point, owner −1 where there are fewer."""
    n = len(hooks.node)
    best = np.empty(n * k, LABEL)
    for i in range(n * k):
        best[i]["cost"], best[i]["other"], best[i]["owner"], best[i]["via"] = np.inf, np.inf, -1, -1
    step = 1 if hooks.sign > 0.0 else -1
    for p in range(n):
        for leg in range(2):
            node = hooks.node[p, leg]
            if node >= 0:
                for i in range(node * k, node * k + k):
                    if labels[i]["owner"] < 0:
                        break
                    cost, other = hooks.cost[p, leg] + labels[i]["cost"], hooks.other[p, leg] + labels[i]["other"]
                    insert(best, p * k, k, cost, labels[i]["owner"], other)
            i = first_direct(hooks, p, leg, on_chain)
            while hooks.low[p, leg] <= i < hooks.high[p, leg]:
                cost, other = direct_cost(hooks, p, leg, on_chain[i])
                if best[p * k + k - 1]["owner"] >= 0 and cost - on_chain[i]["end_cost"] > best[p * k + k - 1]["cost"]:
                    break  # k are nearer than the very place where this one leaves the road, and all behind it
                if cost < np.inf:
                    insert(best, p * k, k, cost, on_chain[i]["owner"], other)
                i += step
    return best
