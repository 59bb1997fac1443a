"""The bucket queue that every search shares.

Costs are float64. Bucket ``b`` holds entries with ``floor(cost / width) == b``; a ring of buckets covers the next
stretch of costs and entries beyond it wait in the farthest bucket until it comes round (a ferry of any weight is safe).
Inside a bucket labels are *corrected*: a node whose label improves is entered again, and the bucket is done when it is
empty. Every later entry costs at least as much, so labels are final then, with zero-weight edges too. Entries that were
worked off are used again first: they are still in the nearest cache, and the pool stays as small as the search's front.

Labels are ordered by cost, then owner, then the other metric. Adding an edge keeps that order, so the final labels
do not hang on the order in which nodes are taken: any number of threads, any node order, the same answer.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt

from lifezone.kernels.jit import kernel
from lifezone.kernels.records import Records

__all__ = ["BUCKETS", "advance", "clear_labels", "first_bucket", "place", "place_all", "roomy"]

BUCKETS: Final = 1024
"""Buckets in the ring, a power of two; 4 kB, so that the ring stays in the nearest cache."""


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
    for i in range(used):
        wider[i] = pool[i]
    return wider


@kernel
def place(ring: npt.NDArray[np.int32], pool: Records, entry: int, per_cost: float, current: int) -> None:
    """Put an entry, whose key is set, at the head of its bucket (writes into ``ring`` and ``pool``)."""
    mask = len(ring) - 1
    bucket = min(int(pool[entry]["key"] * per_cost), current + mask)
    slot = bucket & mask
    pool[entry]["next"] = ring[slot]
    ring[slot] = entry


@kernel
def place_all(ring: npt.NDArray[np.int32], pool: Records, entry: int, per_cost: float, current: int) -> None:
    """Put a list of entries into their buckets (writes into ``ring`` and ``pool``)."""
    while entry >= 0:
        following = pool[entry]["next"]
        place(ring, pool, entry, per_cost, current)
        entry = following


@kernel
def first_bucket(seed: Records, per_cost: float) -> int:
    """Return the bucket of the least seed, 0 when there is none."""
    least = np.inf
    for i in range(len(seed)):
        least = min(least, seed[i]["cost"])
    return int(least * per_cost) if least < np.inf else 0


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
    current = int(least * per_cost)
    place_all(ring, pool, gathered, per_cost, current)
    return current
