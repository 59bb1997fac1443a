"""The other metric of nearest trips, summed afterwards and only where it is asked.

A trip from ``v`` leads on over edge (v, u) when u has the same owner and cost(u) + cost(edge) is cost(v), to the last
bit as the search added it. Of all such trips the least in the other metric is the one that a search with both metrics
finds. Costs fall along these edges unless one is without cost (or lost in the rounding of an endless trip): then trips
could run in circles, and the search with both metrics has to be asked.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from lifezone.kernels.jit import kernel
from lifezone.kernels.records import Edges, Records

__all__ = ["sum_other"]

NEW, BEGUN, DONE = 0, 1, 2


@kernel
def sum_other(
    edges: Edges, seed: Records, node: Records, asked: npt.NDArray[np.int64], other: npt.NDArray[np.float64]
) -> bool:
    """Sum the other metric of the nearest trips of some nodes (writes into ``other``).

    Args:
        edges: search edges turned round against those of the search, so that they lead from a node to its seed.
        seed: SEED[n] that the search started with.
        node: NODE[N+1] from the search.
        asked: i64[n] nodes that were reached.
        other: f64[N], all ``inf``; filled for what was asked and for nodes on the way.

    Returns:
        False when trips run in a circle; ``other`` is of no use then.
    """
    first, edge, _ = edges
    state = np.zeros(len(other), dtype=np.uint8)
    stack = np.empty(len(edge) + 1, dtype=np.int32)  # a node puts its edges there once
    for i in range(len(seed)):
        v = seed[i]["node"]
        if seed[i]["cost"] == node[v]["cost"] and seed[i]["owner"] == node[v]["owner"]:
            other[v] = min(other[v], seed[i]["other"])
    for i in range(len(asked)):
        stack[0] = asked[i]
        top = 1
        while top > 0:
            v = stack[top - 1]
            if state[v] == DONE:
                top -= 1
                continue
            more = top
            least = other[v]
            for e in range(first[v], first[v + 1]):
                u = edge[e]["head"]
                if node[u]["owner"] != node[v]["owner"] or node[u]["cost"] + edge[e]["cost"] != node[v]["cost"]:
                    continue
                if state[u] == BEGUN:
                    return False
                if state[u] == DONE:
                    least = min(least, other[u] + edge[e]["other"])
                else:
                    stack[more] = u
                    more += 1
            if more == top:
                other[v] = least
                state[v] = DONE
                top -= 1
            else:
                state[v] = BEGUN
                top = more
    return True
