"""Bring a search home to the points: each point takes the better of its legs and of the facilities on its own chain."""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from lifezone.kernels.jit import kernel
from lifezone.kernels.nearest import is_before
from lifezone.kernels.queue import LABEL, Records

__all__ = ["ON_CHAIN", "Hooks", "join_nearest"]

ON_CHAIN: Final = np.dtype(
    [("cost", "f8"), ("other", "f8"), ("end_cost", "f8"), ("end_other", "f8"), ("owner", "i4"), ("chain", "i4")]
)
"""Something on a chain: its place along the chain, what its own access walk costs, whose it is, which chain."""


class Hooks(NamedTuple):
    """Where n points meet the graph, in the metric that is searched by (``cost``) and the other one.

    Attributes:
        node: i32[n, 2] search node of each leg, −1 = none.
        cost: f64[n, 2] of the leg.
        other: f64[n, 2] of the leg.
        chain_cost: f64[n, 2] place along the chain.
        chain_other: f64[n, 2] likewise.
        low: i64[n, 2] first facility on the same chain; ``low == high`` = none.
        high: i64[n, 2] one past the last.
        sign: +1 when the facility must lie ahead of the point, −1 when behind (trips from the facility).
    """

    node: npt.NDArray[np.int32]
    cost: npt.NDArray[np.float64]
    other: npt.NDArray[np.float64]
    chain_cost: npt.NDArray[np.float64]
    chain_other: npt.NDArray[np.float64]
    low: npt.NDArray[np.int64]
    high: npt.NDArray[np.int64]
    sign: float


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
                cost = hooks.sign * (on_chain[i]["cost"] - hooks.chain_cost[p, leg])
                other = hooks.sign * (on_chain[i]["other"] - hooks.chain_other[p, leg])
                if cost < 0.0 or other < 0.0:
                    continue
                cost, other = cost + on_chain[i]["end_cost"], other + on_chain[i]["end_other"]
                if is_before(cost, on_chain[i]["owner"], other, at):
                    at["cost"], at["other"], at["owner"], at["via"] = cost, other, on_chain[i]["owner"], 2 + leg
    return best
