"""Bring a search home to the points: each point takes the better of its legs and of the facilities on its own chain."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from lifezone.kernels.jit import kernel
from lifezone.kernels.nearest import is_before
from lifezone.kernels.records import LABEL, Hooks, Records

__all__ = ["carry_over", "direct_cost", "first_direct", "join_nearest"]


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
def first_direct(hooks: Hooks, p: int, leg: int, on_chain: Records) -> int:
    """Return the row of the facility that is passed first from point ``p`` along its chain; none = outside low..high.

    Facilities of a chain are sorted along it: those ahead are all rows from here to the end of the chain, or to its
    beginning when trips start at the facilities (``sign`` −1).
    """
    cost, other = hooks.chain_cost[p, leg], hooks.chain_other[p, leg]
    low, high = hooks.low[p, leg], hooks.high[p, leg]
    while low < high:
        middle = (low + high) // 2
        at_cost, at_other = on_chain[middle]["cost"], on_chain[middle]["other"]
        is_before_us = at_cost < cost or (at_cost == cost and at_other < other)
        is_here = at_cost == cost and at_other == other
        if is_before_us or (is_here and hooks.sign < 0.0):
            low = middle + 1
        else:
            high = middle
    return int(low if hooks.sign > 0.0 else low - 1)


@kernel
def best_onward(on_chain: Records, sign: float) -> npt.NDArray[np.int64]:
    """Return i64[n] the best facility from each row on to the end of its chain (its beginning for ``sign`` −1).

    It is the best for every point before that row, since the way to the row is common to all.
    """
    n = len(on_chain)
    best = np.empty(n, dtype=np.int64)
    for j in range(n):
        i = n - 1 - j if sign > 0.0 else j
        best[i] = i
        if j == 0:
            continue
        last = best[i + 1] if sign > 0.0 else best[i - 1]
        here, there = on_chain[i], on_chain[last]
        if here["chain"] != there["chain"]:
            continue
        cost = sign * (there["cost"] - here["cost"]) + there["end_cost"]
        other = sign * (there["other"] - here["other"]) + there["end_other"]
        if cost != here["end_cost"]:
            wins = cost < here["end_cost"]
        elif there["owner"] != here["owner"]:
            wins = there["owner"] < here["owner"]
        else:
            wins = other < here["end_other"]
        if wins:
            best[i] = last
    return best


@kernel
def carry_over(hooks: Hooks, node: Records, label: Records, asked: npt.NDArray[np.bool_]) -> None:
    """Copy cost and owner of the points' nodes into ``label`` and mark in ``asked`` where a point's trip may lead on.

    Of a point's two legs the one that is worse by cost and owner needs no other metric; it is left endless.
    """
    for p in range(len(hooks.node)):
        best_cost, best_owner = np.inf, -1
        for leg in range(2):
            u = hooks.node[p, leg]
            if u < 0:
                continue
            at = label[u]
            at["cost"], at["other"], at["owner"], at["via"] = node[u]["cost"], np.inf, node[u]["owner"], -1
            cost = hooks.cost[p, leg] + at["cost"]
            if cost < best_cost or (cost == best_cost and at["owner"] < best_owner):
                best_cost, best_owner = cost, at["owner"]
        for leg in range(2):
            u = hooks.node[p, leg]
            if u >= 0 and hooks.cost[p, leg] + node[u]["cost"] == best_cost and node[u]["owner"] == best_owner:
                asked[u] = best_owner >= 0


@kernel
def join_nearest(hooks: Hooks, on_chain: Records, label: Records) -> Records:
    """Return LABEL[n]: the nearest facility of each point; ``via`` is the leg taken, 2 + leg for the direct way.

    Args:
        hooks: the points.
        on_chain: ON_CHAIN facilities, sorted by chain, along each by place.
        label: LABEL[N] of the nodes, from the search.
    """
    n = len(hooks.node)
    best = np.empty(n, LABEL)
    onward = best_onward(on_chain, hooks.sign)
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
            i = first_direct(hooks, p, leg, on_chain)
            if hooks.low[p, leg] <= i < hooks.high[p, leg]:
                spot = on_chain[onward[i]]
                cost, other = direct_cost(hooks, p, leg, spot)
                if is_before(cost, spot["owner"], other, at):
                    at["cost"], at["other"], at["owner"], at["via"] = cost, other, spot["owner"], 2 + leg
    return best
