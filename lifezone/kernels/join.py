"""Bring a search home to the points: each point takes the better of its legs and of the facilities on its own chain."""

from __future__ import annotations

import numpy as np

from lifezone.kernels.jit import kernel
from lifezone.kernels.nearest import is_before
from lifezone.kernels.records import LABEL, Hooks, Records

__all__ = ["direct_cost", "join_nearest"]


@kernel
def direct_cost(hooks: Hooks, p: int, leg: int, spot: Records) -> tuple[float, float]:
    """Return cost and other metric from point ``p`` along its chain straight to a facility there, inf if it is behind.

    Both metrics must agree on what lies ahead: one alone cannot tell on a stretch without time or without length.
    """
    cost = hooks.sign * (spot["cost"] - hooks.chain_cost[p, leg])
    other = hooks.sign * (spot["other"] - hooks.chain_other[p, leg])
    if cost < 0.0 or other < 0.0:
        return np.inf, np.inf
    return cost + spot["end_cost"], other + spot["end_other"]


@kernel
def join_nearest(hooks: Hooks, on_chain: Records, label: Records) -> Records:
    """Return LABEL[n]: the nearest facility of each point; ``via`` is the leg taken, 2 + leg for the direct way.

    Args:
        hooks: the points.
        on_chain: ON_CHAIN facilities, sorted by chain.
        label: LABEL[N] of the nodes, from the search.
    """
    n = len(hooks.node)
    best = np.empty(n, LABEL)
    for p in range(n):
        at = best[p]
        at["cost"], at["other"], at["owner"], at["via"] = np.inf, np.inf, -1, -1
        for leg in range(2):
            node = hooks.node[p, leg]
            if node >= 0 and label[node]["owner"] >= 0:
                cost = hooks.cost[p, leg] + label[node]["cost"]
                other = hooks.other[p, leg] + label[node]["other"]
                if is_before(cost, label[node]["owner"], other, at):
                    at["cost"], at["other"], at["owner"], at["via"] = cost, other, label[node]["owner"], leg
            for i in range(hooks.low[p, leg], hooks.high[p, leg]):
                cost, other = direct_cost(hooks, p, leg, on_chain[i])
                if is_before(cost, on_chain[i]["owner"], other, at):
                    at["cost"], at["other"], at["owner"], at["via"] = cost, other, on_chain[i]["owner"], 2 + leg
    return best
