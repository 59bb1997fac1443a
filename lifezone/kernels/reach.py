"""Bounded searches, one facility at a time: every point within a reach, and groups of points linked by short ways."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from lifezone.kernels.jit import kernel
from lifezone.kernels.nearest import is_before, search_nearest
from lifezone.kernels.queue import clear_labels, roomy
from lifezone.kernels.records import LABEL, PAIR, Field, Records

__all__ = ["count_within", "fill_within", "pairs_within", "unite_within"]


class Room(NamedTuple):
    """Work space of one thread: clear labels of nodes and points, and lists of those that were touched.

    A clear label holds the cost from which on nobody asks for its node or point (``inf`` = any cost is asked for), so
    that a search goes no farther.
    """

    label: Records
    touched: npt.NDArray[np.int32]
    near: Records
    reached: npt.NDArray[np.int32]
    node_most: npt.NDArray[np.float64]
    point_most: npt.NDArray[np.float64]


@kernel
def make_room(node_most: npt.NDArray[np.float64], point_most: npt.NDArray[np.float64]) -> Room:
    """Return clear work space; one node more than there are, so that the list of touched ones is never empty."""
    n_nodes, n_points = len(node_most), len(point_most)
    label, near = np.empty(n_nodes, LABEL), np.empty(n_points, LABEL)
    clear_labels(label)
    clear_labels(near)
    for u in range(n_nodes):
        label[u]["cost"] = node_most[u]
    for p in range(n_points):
        near[p]["cost"] = point_most[p]
    touched, reached = np.empty(n_nodes + 1, dtype=np.int32), np.empty(n_points, dtype=np.int32)
    return Room(label, touched, near, reached, node_most, point_most)


@kernel
def open_room(n_nodes: int, n_points: int) -> Room:
    """Return clear work space where every cost is asked for."""
    return make_room(np.full(n_nodes, np.inf), np.full(n_points, np.inf))


@kernel
def forget(room: Room, p: int) -> None:
    """Clear the label of a point."""
    at = room.near[p]
    at["cost"], at["other"], at["owner"] = room.point_most[p], np.inf, -1


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
def gather(field: Field, f: int, limit: float, room: Room) -> int:
    """List all points within ``limit`` of facility ``f`` in ``room.reached``, their labels in ``room.near``.

    ``limit`` holds for the cost with both access walks (as far as the metric counts them). Node labels are
    cleared again.
    """
    seed = field.seed[field.seed_first[f] : field.seed_first[f + 1]]
    touched = search_nearest(field.edges, seed, room.label, limit, room.touched)
    count = 0
    for t in range(touched):
        u = room.touched[t]
        at = room.label[u]
        for h in range(field.node_first[u], field.node_first[u + 1]):
            hook = field.node_hook[h]
            cost, other = at["cost"] + hook["cost"], at["other"] + hook["other"]
            if cost + hook["end_cost"] <= limit:
                count = improve(room.near, hook["point"], cost, other, room.reached, count)
        at["cost"], at["other"], at["owner"] = room.node_most[u], np.inf, -1
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
    return count


@kernel
def pairs_within(field: Field, n_points: int, begin: int, end: int, limit: float) -> Records:
    """Return PAIR[K]: every point within ``limit`` of each facility from ``begin`` to ``end``."""
    room = open_room(len(field.node_first) - 1, n_points)
    pair = np.empty(1024, PAIR)
    used = 0
    for f in range(begin, end):
        count = gather(field, f, limit, room)
        pair = roomy(pair, used, count)
        for i in range(count):
            p = room.reached[i]
            at, row = room.near[p], pair[used + i]
            row["cost"], row["other"], row["point"], row["owner"] = at["cost"], at["other"], p, f
            at["cost"], at["other"], at["owner"] = np.inf, np.inf, -1
        used += count
    return pair[:used]


@kernel
def count_within(
    field: Field, begin: int, end: int, limit: float, node_most: npt.NDArray[np.float64],
    point_most: npt.NDArray[np.float64],
) -> npt.NDArray[np.int32]:  # fmt: skip
    """Return i32[P]: of how many facilities from ``begin`` to ``end`` each point lies within ``limit``.

    Args:
        field: roads, facilities and points.
        begin: first facility.
        end: one past the last.
        limit: cost with both access walks, inclusive.
        node_most: f64[N] cost from which on no point beyond a node asks for a facility, ``inf`` = none.
        point_most: f64[P] likewise of a point, its own access walk left out.
    """
    room = make_room(node_most, point_most)
    found = np.zeros(len(point_most), np.int32)
    for f in range(begin, end):
        for i in range(gather(field, f, limit, room)):
            found[room.reached[i]] += 1
            forget(room, room.reached[i])
    return found


@kernel
def fill_within(
    field: Field, begin: int, end: int, limit: float, node_most: npt.NDArray[np.float64],
    point_most: npt.NDArray[np.float64], place: npt.NDArray[np.int64], owner: npt.NDArray[np.int32],
    cost: npt.NDArray[np.float64],
) -> None:  # fmt: skip
    """Write owner and cost of the pairs that :func:`count_within` counts, each point's from ``place`` on.

    Facilities of a point come in their order; ``place`` (i64[P]) is moved past what was written.
    """
    room = make_room(node_most, point_most)
    for f in range(begin, end):
        for i in range(gather(field, f, limit, room)):
            p = room.reached[i]
            owner[place[p]], cost[place[p]] = f, room.near[p]["cost"]
            place[p] += 1
            forget(room, p)


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
    room = open_room(len(field.node_first) - 1, n)
    parent = np.arange(n).astype(np.int32)
    for f in range(n):
        if shares[f] == 0:
            continue
        count = gather(field, f, limit, room)
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
