"""One search from many seeds at once: the nearest seed of every node, with its owner and both metrics."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from lifezone.kernels.jit import kernel
from lifezone.kernels.queue import BUCKETS, advance, place, roomy
from lifezone.kernels.records import ENTRY, Edges, Records

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
def search_nearest(edges: Edges, seed: Records, label: Records) -> int:
    """Label every node with its least seed (writes into ``label``, which must be clear).

    Args:
        edges: search edges; reversed ones answer trips *towards* the seeds.
        seed: SEED[n] in any order; several may share a node.
        label: LABEL[N].

    Returns:
        How many nodes were taken from the queue; N or a little more when all are reached.
    """
    first, edge, per_cost = edges
    mask = BUCKETS - 1
    ring = np.full(BUCKETS, -1, dtype=np.int32)
    pool = np.empty(len(label) // 4 + len(seed) + 1024, ENTRY)
    used, left, taken, idle = 0, 0, 0, 0
    if len(seed) == 0:
        return taken
    current = int(seed["cost"].min() * per_cost)
    for i in range(len(seed)):
        at = label[seed[i]["node"]]
        if is_before(seed[i]["cost"], seed[i]["owner"], seed[i]["other"], at):
            at["cost"], at["other"], at["owner"] = seed[i]["cost"], seed[i]["other"], seed[i]["owner"]
            pool[used]["key"], pool[used]["node"] = seed[i]["cost"], seed[i]["node"]
            place(ring, pool, used, per_cost, current)
            used, left = used + 1, left + 1
    while left > 0:
        slot = current & mask
        idle += 1
        while ring[slot] >= 0:
            entry = ring[slot]
            ring[slot] = -1
            while entry >= 0:
                key, u, following = pool[entry]["key"], pool[entry]["node"], pool[entry]["next"]
                if int(key * per_cost) != current:  # lies beyond the ring: let it wait for another round
                    place(ring, pool, entry, per_cost, current)
                    entry = following
                    continue
                entry = following
                left -= 1
                idle = 0
                if key != label[u]["cost"]:
                    continue
                taken += 1
                owner, other = label[u]["owner"], label[u]["other"]
                pool = roomy(pool, used, first[u + 1] - first[u])
                for e in range(first[u], first[u + 1]):
                    cost = key + edge[e]["cost"]
                    at = label[edge[e]["head"]]
                    if cost <= at["cost"]:
                        beyond = other + edge[e]["other"]
                        if is_before(cost, owner, beyond, at):
                            at["cost"], at["other"], at["owner"], at["via"] = cost, beyond, owner, e
                            pool[used]["key"], pool[used]["node"] = cost, edge[e]["head"]
                            place(ring, pool, used, per_cost, current)
                            used, left = used + 1, left + 1
        current += 1
        if idle > BUCKETS and left > 0:
            current = advance(ring, pool, per_cost)
            idle = 0
    return taken


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
