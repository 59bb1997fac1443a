"""Make labels that are nearly right exactly right: relax every edge once, then whatever that has changed.

Labels from rounded costs are those of real trips, mostly the best ones. Where none of the edges improves a label any
more, every label is the best there is; few do, so that this costs one pass over the edges instead of a search.
"""

from __future__ import annotations

import numpy as np

from lifezone.kernels.jit import kernel
from lifezone.kernels.nearest import is_before
from lifezone.kernels.records import Edges, Records

__all__ = ["mend_labels"]


@kernel
def mend_labels(edges: Edges, seed: Records, label: Records) -> int:
    """Bring labels to those of a search from the seeds (writes into ``label``).

    Args:
        edges: search edges, as the search runs along them.
        seed: SEED[n] where it begins.
        label: LABEL[N] of real trips or unreached; the other metric of each is that of the same trip.

    Returns:
        How often a label was improved.
    """
    first, edge, _ = edges
    n = len(label)
    stack = np.empty(n + 1, np.int32)
    waiting = np.zeros(n, np.bool_)
    top, mended = 0, 0
    for i in range(len(seed)):
        v = seed[i]["node"]
        at = label[v]
        if is_before(seed[i]["cost"], seed[i]["owner"], seed[i]["other"], at):
            at["cost"], at["other"], at["owner"], at["via"] = seed[i]["cost"], seed[i]["other"], seed[i]["owner"], -1
            mended += 1
    begin = 0
    while begin < n or top > 0:
        if top > 0:
            top -= 1
            u = stack[top]
            waiting[u] = False
        else:
            u = begin
            begin += 1
        here = label[u]
        if here["owner"] < 0:
            continue
        for e in range(first[u], first[u + 1]):
            v = edge[e]["head"]
            at = label[v]
            cost = here["cost"] + edge[e]["cost"]
            if cost > at["cost"]:
                continue
            other = here["other"] + edge[e]["other"]
            if is_before(cost, here["owner"], other, at):
                at["cost"], at["other"], at["owner"], at["via"] = cost, other, here["owner"], e
                mended += 1
                if v < begin and not waiting[v]:
                    stack[top] = v
                    top += 1
                    waiting[v] = True
    return mended
