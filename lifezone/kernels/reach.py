"""Bounded searches, one facility at a time: every point within a reach, and groups of points linked by short ways."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from lifezone.kernels.jit import kernel
from lifezone.kernels.nearest import is_before
from lifezone.kernels.queue import BUCKETS, advance, place, roomy
from lifezone.kernels.records import ENTRY, LABEL, PAIR, Edges, Field, Records

__all__ = ["pairs_within", "unite_within"]


class Room(NamedTuple):
    """Work space of one thread: clear labels of nodes and points and lists of those that were touched."""

    label: Records
    touched: npt.NDArray[np.int32]
    near: Records
    reached: npt.NDArray[np.int32]
    ring: npt.NDArray[np.int32]


@kernel
def make_room(n_nodes: int, n_points: int) -> Room:
    """Return clear work space."""
    label, near = np.empty(n_nodes, LABEL), np.empty(n_points, LABEL)
    for i in range(n_nodes):
        label[i]["cost"], label[i]["other"], label[i]["owner"] = np.inf, np.inf, -1
    for i in range(n_points):
        near[i]["cost"], near[i]["other"], near[i]["owner"] = np.inf, np.inf, -1
    return Room(
        label,
        np.empty(n_nodes, dtype=np.int32),
        near,
        np.empty(n_points, dtype=np.int32),
        np.full(BUCKETS, -1, dtype=np.int32),
    )


@kernel
def improve(at: Records, i: int, cost: float, other: float, listed: npt.NDArray[np.int32], count: int) -> int:
    """Set label ``i`` when (cost, other) comes before it; note it the first time; return the new count of the list."""
    label = at[i]
    if not is_before(cost, 0, other, label):
        return count
    if label["owner"] < 0:
        listed[count] = i
        count += 1
    label["cost"], label["other"], label["owner"] = cost, other, 0
    return count


@kernel
def grow_ball(edges: Edges, seed: Records, limit: float, room: Room, pool: Records) -> tuple[int, Records]:
    """Label all nodes within ``limit`` of the seeds of one facility; return how many were touched and the pool."""
    first, edge, per_cost = edges
    ring, label = room.ring, room.label
    ring[:] = -1
    used, left, idle, count = 0, 0, 0, 0
    pool = roomy(pool, 0, len(seed))
    current = 0
    for i in range(len(seed)):
        count = improve(label, seed[i]["node"], seed[i]["cost"], seed[i]["other"], room.touched, count)
        pool[used]["key"], pool[used]["node"] = seed[i]["cost"], seed[i]["node"]
        place(ring, pool, used, per_cost, current)
        used, left = used + 1, left + 1
    while left > 0 and current <= limit * per_cost:
        slot = current & (BUCKETS - 1)
        idle += 1
        while ring[slot] >= 0:
            entry = ring[slot]
            ring[slot] = -1
            while entry >= 0:
                key, u, following = pool[entry]["key"], pool[entry]["node"], pool[entry]["next"]
                if int(key * per_cost) != current:
                    place(ring, pool, entry, per_cost, current)
                    entry = following
                    continue
                entry = following
                left -= 1
                idle = 0
                if key != label[u]["cost"]:
                    continue
                other = label[u]["other"]
                pool = roomy(pool, used, first[u + 1] - first[u])
                for e in range(first[u], first[u + 1]):
                    v, cost, beyond = edge[e]["head"], key + edge[e]["cost"], other + edge[e]["other"]
                    if cost <= limit and is_before(cost, 0, beyond, label[v]):
                        count = improve(label, v, cost, beyond, room.touched, count)
                        pool[used]["key"], pool[used]["node"] = cost, v
                        place(ring, pool, used, per_cost, current)
                        used, left = used + 1, left + 1
        current += 1
        if idle > BUCKETS and left > 0:
            current = advance(ring, pool, per_cost)
            idle = 0
    return count, pool


@kernel
def gather(field: Field, f: int, limit: float, room: Room, pool: Records) -> tuple[int, Records]:
    """List all points within ``limit`` of facility ``f`` in ``room.reached``, their labels in ``room.near``.

    ``limit`` holds for the cost with both access walks (as far as the metric counts them).
    """
    seed = field.seed[field.seed_first[f] : field.seed_first[f + 1]]
    touched, pool = grow_ball(field.edges, seed, limit, room, pool)
    count = 0
    for t in range(touched):
        u = room.touched[t]
        at = room.label[u]
        for h in range(field.node_first[u], field.node_first[u + 1]):
            hook = field.node_hook[h]
            cost, other = at["cost"] + hook["cost"], at["other"] + hook["other"]
            if cost + hook["end_cost"] <= limit:
                count = improve(room.near, hook["point"], cost, other, room.reached, count)
        at["cost"], at["other"], at["owner"] = np.inf, np.inf, -1
    for i in range(field.on_chain_first[f], field.on_chain_first[f + 1]):
        spot = field.on_chain[i]
        chain = spot["chain"]
        for h in range(field.chain_first[chain], field.chain_first[chain + 1]):
            hook = field.chain_hook[h]
            cost = field.sign * (spot["cost"] - hook["cost"])
            other = field.sign * (spot["other"] - hook["other"])
            if cost < 0.0 or other < 0.0:
                continue
            cost, other = cost + spot["end_cost"], other + spot["end_other"]
            if cost + hook["end_cost"] <= limit:
                count = improve(room.near, hook["owner"], cost, other, room.reached, count)
    return count, pool


@kernel
def pairs_within(field: Field, n_points: int, begin: int, end: int, limit: float) -> Records:
    """Return PAIR[K]: every point within ``limit`` of each facility from ``begin`` to ``end``."""
    room = make_room(len(field.node_first) - 1, n_points)
    pool = np.empty(1024, ENTRY)
    pair = np.empty(1024, PAIR)
    used = 0
    for f in range(begin, end):
        count, pool = gather(field, f, limit, room, pool)
        pair = roomy(pair, used, count)
        for i in range(count):
            p = room.reached[i]
            at, row = room.near[p], pair[used + i]
            row["cost"], row["other"], row["point"], row["owner"] = at["cost"], at["other"], p, f
            at["cost"], at["other"], at["owner"] = np.inf, np.inf, -1
        used += count
    return pair[:used]


@kernel
def root_of(parent: npt.NDArray[np.int32], p: int) -> int:
    """Return the lowest point of the group of ``p``, shortening the way to it."""
    while parent[p] != p:
        parent[p] = parent[parent[p]]
        p = parent[p]
    return p


@kernel
def unite_within(field: Field, shares: npt.NDArray[np.uint32], limit: float) -> npt.NDArray[np.int32]:
    """Return each point's group, named by its lowest point: linked are points within ``limit`` that share a bit.

    Here facilities and points are the same things. No pair is kept, so that memory goes with the points alone.
    """
    n = len(shares)
    room = make_room(len(field.node_first) - 1, n)
    pool = np.empty(1024, ENTRY)
    parent = np.arange(n).astype(np.int32)
    for f in range(n):
        if shares[f] == 0:
            continue
        count, pool = gather(field, f, limit, room, pool)
        for i in range(count):
            p = room.reached[i]
            at = room.near[p]
            at["cost"], at["other"], at["owner"] = np.inf, np.inf, -1
            if shares[f] & shares[p]:
                a, b = root_of(parent, f), root_of(parent, p)
                parent[max(a, b)] = min(a, b)
    for p in range(n):
        parent[p] = root_of(parent, p)
    return parent
