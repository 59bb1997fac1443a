"""The bucket queue that every search shares, and the records it works on.

Costs are float64. Bucket ``b`` holds entries with ``floor(cost / width) == b``; a ring of buckets covers the next
stretch of costs and entries beyond it wait in the farthest bucket until it comes round (a ferry of any weight is safe).
Inside a bucket labels are *corrected*: a node whose label improves is entered again, and the bucket is done when it is
empty. Every later entry costs at least as much, so labels are final then, with zero-weight edges too.

Labels are ordered by cost, then owner, then the other metric. Adding an edge keeps that order, so the final labels do not
hang on the order in which nodes are taken: any number of threads, any node order, the same answer.
"""

from __future__ import annotations

from typing import Any, Final, NamedTuple, TypeAlias

import numpy as np
import numpy.typing as npt

from lifezone.kernels.jit import kernel

__all__ = [
    "BUCKETS", "EDGE", "ENTRY", "K_ENTRY", "LABEL", "Edges", "Records", "advance", "clear_labels", "place", "roomy",
]  # fmt: skip

Records: TypeAlias = npt.NDArray[Any]

BUCKETS: Final = 4096
"""Buckets in the ring, a power of two; 16 kB, so that the ring stays in the nearest cache."""

LABEL: Final = np.dtype([("cost", "f8"), ("other", "f8"), ("owner", "i4"), ("via", "i4")])
"""What a search knows of a node: least cost, the other metric of the same trip, its seed's owner, the edge it came by."""
EDGE: Final = np.dtype([("cost", "f8"), ("other", "f8"), ("head", "i4"), ("chain", "i4")])
"""A search edge with both metrics side by side: one cache line where two arrays would be three."""
ENTRY: Final = np.dtype([("key", "f8"), ("node", "i4"), ("next", "i4")])
"""An entry of the queue: cost it was entered with, node, next entry of the same bucket."""
K_ENTRY: Final = np.dtype([("key", "f8"), ("node", "i4"), ("next", "i4"), ("owner", "i4"), ("pad", "i4")])
"""An entry of the queue when a node holds several owners."""


class Edges(NamedTuple):
    """Search edges of one direction and metric: edges of ``u`` are ``edge[first[u]:first[u+1]]``.

    Attributes:
        first: i64[N+1].
        edge: EDGE[E].
        per_cost: buckets per unit of cost (one over the bucket width).
    """

    first: npt.NDArray[np.int64]
    edge: Records
    per_cost: float


@kernel
def clear_labels(label: Records) -> None:
    """Set every label to unreached (writes into ``label``)."""
    for i in range(len(label)):
        label[i]["cost"] = np.inf
        label[i]["other"] = np.inf
        label[i]["owner"] = -1
        label[i]["via"] = -1


@kernel
def roomy(pool: Records, used: int, more: int) -> Records:
    """Return a pool with place for ``more`` entries after ``used``: the same one, or a copy twice as long."""
    if used + more <= len(pool):
        return pool
    wider = np.empty(2 * len(pool) + more, pool.dtype)
    wider[:used] = pool[:used]
    return wider


@kernel
def place(ring: npt.NDArray[np.int32], pool: Records, entry: int, per_cost: float, current: int) -> None:
    """Put an entry, whose key is set, at the head of its bucket (writes into ``ring`` and ``pool``)."""
    mask = len(ring) - 1
    bucket = min(np.int64(pool[entry]["key"] * per_cost), current + mask)
    slot = bucket & mask
    pool[entry]["next"] = ring[slot]
    ring[slot] = entry


@kernel
def advance(ring: npt.NDArray[np.int32], pool: Records, per_cost: float) -> int:
    """Jump over empty stretches: gather all entries, place them again and return the bucket of the least one.

    Called after a whole round of the ring without work, when all that is left lies far ahead.
    """
    gathered = -1
    least = np.inf
    for slot in range(len(ring)):
        entry = ring[slot]
        ring[slot] = -1
        while entry >= 0:
            following = pool[entry]["next"]
            pool[entry]["next"] = gathered
            gathered = entry
            least = min(least, pool[entry]["key"])
            entry = following
    current = np.int64(least * per_cost)
    while gathered >= 0:
        following = pool[gathered]["next"]
        place(ring, pool, gathered, per_cost, current)
        gathered = following
    return current
