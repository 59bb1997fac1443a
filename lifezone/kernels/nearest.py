"""One search from many seeds at once: the nearest seed of every node, with its owner and both metrics."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from lifezone.kernels.jit import kernel
from lifezone.kernels.queue import BUCKETS, advance, first_bucket, place, place_all, roomy
from lifezone.kernels.records import ENTRY, Edges, Records

Int32s = npt.NDArray[np.int32]
Int64s = npt.NDArray[np.int64]

FREE, USED, LEFT, TOUCHED = 0, 1, 2, 3  # what a search hands from bucket to bucket

__all__ = ["follow_back", "is_before", "search_nearest"]


@kernel
def is_before(cost: float, owner: int, other: float, label: Records) -> bool:
    """Tell whether (cost, owner, other) comes before a label; an endless cost comes before none."""
    if cost != label["cost"]:
        return bool(cost < label["cost"])
    if owner != label["owner"]:
        return bool(owner < label["owner"])
    return bool(other < label["other"])


@kernel
def search_nearest(edges: Edges, seed: Records, label: Records, limit: float, touched: Int32s) -> int:
    """Label every node within a limit with its least seed (writes into ``label``, clear before, and ``touched``).

    Args:
        edges: search edges; reversed ones answer trips *towards* the seeds.
        seed: SEED[n] in any order; several may share a node.
        label: LABEL[N].
        limit: greatest cost, inclusive; ``inf`` = none.
        touched: i32[N], filled with the nodes that were labelled; i32[0] when nobody asks for them.

    Returns:
        How many nodes were touched; 0 when nobody asks.
    """
    ring = np.full(BUCKETS, -1, dtype=np.int32)
    pool = np.empty(len(seed) + BUCKETS, ENTRY)
    state = np.zeros(4, dtype=np.int64)
    state[FREE] = -1
    current = first_bucket(seed, edges.per_cost)
    for i in range(len(seed)):
        at = label[seed[i]["node"]]
        cost, owner, other = seed[i]["cost"], seed[i]["owner"], seed[i]["other"]
        if cost <= limit and is_before(cost, owner, other, at):
            if at["owner"] < 0 and len(touched) > 0:
                touched[state[TOUCHED]] = seed[i]["node"]
                state[TOUCHED] += 1
            at["cost"], at["other"], at["owner"] = cost, other, owner
            pool[state[USED]]["key"], pool[state[USED]]["node"] = cost, seed[i]["node"]
            place(ring, pool, state[USED], edges.per_cost, current)
            state[USED] += 1
            state[LEFT] += 1
    idle = 0
    while state[LEFT] > 0:
        before = state[LEFT], state[USED]
        while not work_off(edges, label, ring, pool, state, current, limit, touched):
            pool = roomy(pool, state[USED], len(pool))
        idle = idle + 1 if before == (state[LEFT], state[USED]) else 0
        current += 1
        if idle > BUCKETS and state[LEFT] > 0:
            current = advance(ring, pool, edges.per_cost)
            idle = 0
    return int(state[TOUCHED])


@kernel
def work_off(
    edges: Edges,
    label: Records,
    ring: Int32s,
    pool: Records,
    state: Int64s,
    current: int,
    limit: float,
    touched: Int32s,
) -> bool:
    """Work off the current bucket; return False when the pool must grow first, to be called again.

    A function of its own because a pool that may be replaced within the loop costs a quarter of the whole search.
    """
    first, edge, per_cost = edges
    free, used, left, count = state[FREE], state[USED], state[LEFT], state[TOUCHED]
    slot = current & (BUCKETS - 1)
    waiting = -1
    done = True
    while ring[slot] >= 0:
        entry = ring[slot]
        key, u = pool[entry]["key"], pool[entry]["node"]
        if used + first[u + 1] - first[u] > len(pool):
            done = False
            break
        ring[slot] = pool[entry]["next"]
        if int(key * per_cost) != current:  # beyond the ring: it waits for another round
            pool[entry]["next"] = waiting
            waiting = entry
            continue
        pool[entry]["next"] = free
        free = entry
        left -= 1
        if key != label[u]["cost"]:
            continue
        owner, other = label[u]["owner"], label[u]["other"]
        for e in range(first[u], first[u + 1]):
            cost = key + edge[e]["cost"]
            v = edge[e]["head"]
            at = label[v]
            if cost <= limit and cost <= at["cost"] and is_before(cost, owner, other + edge[e]["other"], at):
                if at["owner"] < 0 and len(touched) > 0:
                    touched[count] = v
                    count += 1
                at["cost"], at["other"], at["owner"], at["via"] = cost, other + edge[e]["other"], owner, e
                if free >= 0:
                    entry = free
                    free = pool[free]["next"]
                else:
                    entry = used
                    used += 1
                pool[entry]["key"], pool[entry]["node"] = cost, v
                place(ring, pool, entry, per_cost, current)
                left += 1
    place_all(ring, pool, waiting, per_cost, current + 1)
    state[FREE], state[USED], state[LEFT], state[TOUCHED] = free, used, left, count
    return done


@kernel
def follow_back(label: Records, tail: npt.NDArray[np.int32], node: int) -> npt.NDArray[np.int32]:
    """Return the edges from ``node`` back to its seed, in that order."""
    count = 0
    at = node
    while label[at]["via"] >= 0:
        at = tail[label[at]["via"]]
        count += 1
    path = np.empty(count, dtype=np.int32)
    at = node
    for i in range(count):
        path[i] = label[at]["via"]
        at = tail[path[i]]
    return path
