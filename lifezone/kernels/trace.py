"""Follow whole-number costs back to the seeds, and sum what the trips truly cost.

A sweep tells each node's least whole cost and no more. Along a least trip every edge is *tight*: the cost before it is
the cost after it plus the edge's. Whole costs of edges are at least 1, so tight edges make no ring, and what a node
knows follows from what its tight edges lead to. Only the nodes on the asked trips are ever looked at.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from lifezone.kernels.jit import kernel
from lifezone.kernels.lanes import FAR
from lifezone.kernels.nearest import is_before
from lifezone.kernels.records import Edges, Records

__all__ = ["Started", "Tight", "Traces", "clear_traces", "link_seeds", "trace"]

Int32s = npt.NDArray[np.int32]
Costs = npt.NDArray[np.uint32]

UNSEEN, OPEN, DONE = 0, 1, 2


class Tight(NamedTuple):
    """The search edges along the trips (towards the seeds), with true and whole costs.

    Attributes:
        edges: true costs; only ``first`` and ``edge`` are read.
        whole: u32[E] whole cost of each edge, in the same order.
    """

    edges: Edges
    whole: Costs


class Started(NamedTuple):
    """The seeds of one question, listed by node.

    Attributes:
        seed: SEED[S] true costs.
        whole: u32[S] their whole costs.
        at: i32[N] a seed at each node, −1 = none.
        following: i32[S] the next seed at the same node, −1 = none.
    """

    seed: Records
    whole: Costs
    at: Int32s
    following: Int32s


class Traces(NamedTuple):
    """Work space: labels and states are clear wherever ``seen`` does not list the node.

    Attributes:
        label: LABEL[N] true cost, owner, other metric and the edge taken; answers lie here.
        state: u8[N].
        seen: i32[N] the nodes looked at.
        stack: i32[E + N + 1].
    """

    label: Records
    state: npt.NDArray[np.uint8]
    seen: Int32s
    stack: Int32s


@kernel
def link_seeds(started: Started) -> None:
    """List the seeds by node (writes into ``started.at``, which must be −1 there, and ``started.following``)."""
    for i in range(len(started.seed)):
        node = started.seed[i]["node"]
        started.following[i] = started.at[node]
        started.at[node] = i


@kernel
def trace(tight: Tight, started: Started, known: Costs, asked: Int32s, traces: Traces) -> int:
    """Label the asked nodes and all nodes on their trips (writes into ``traces``).

    All in one function: calls for every node, with arrays to hand over, took longer than the work.
    Among trips of the same whole cost the one with the least true cost is told; ties go to the lower owner, then to
    the lesser other metric.

    Args:
        tight: the edges.
        started: the question's seeds, linked.
        known: u32[N] least whole cost of every node, by node, where neighbours lie near in memory.
        asked: i32[A] nodes, repeats allowed.
        traces: clear work space.

    Returns:
        How many nodes ``traces.seen`` lists.
    """
    first, edge, _ = tight.edges
    whole = tight.whole
    seed, seed_whole, seed_at, following = started
    label, state, listed, stack = traces
    seen = 0
    for begin in asked:
        if state[begin] != UNSEEN or known[begin] >= FAR:
            continue
        stack[0] = begin
        used = 1
        while used > 0:
            v = stack[used - 1]
            here = known[v]
            if state[v] == UNSEEN:
                state[v] = OPEN
                listed[seen] = v
                seen += 1
                for e in range(first[v], first[v + 1]):
                    u = edge[e]["head"]
                    if known[u] + whole[e] == here and state[u] == UNSEEN:
                        stack[used] = u
                        used += 1
                continue
            used -= 1
            if state[v] == DONE:
                continue
            state[v] = DONE
            at = label[v]
            i = seed_at[v]
            while i >= 0:
                if seed_whole[i] == here and is_before(seed[i]["cost"], seed[i]["owner"], seed[i]["other"], at):
                    at["cost"], at["other"], at["owner"] = seed[i]["cost"], seed[i]["other"], seed[i]["owner"]
                    at["via"] = -1
                i = following[i]
            for e in range(first[v], first[v + 1]):
                u = edge[e]["head"]
                if known[u] + whole[e] != here or label[u]["owner"] < 0:
                    continue
                cost, other = edge[e]["cost"] + label[u]["cost"], edge[e]["other"] + label[u]["other"]
                if is_before(cost, label[u]["owner"], other, at):
                    at["cost"], at["other"], at["owner"], at["via"] = cost, other, label[u]["owner"], e
    return seen


@kernel
def clear_traces(traces: Traces, seen: int) -> None:
    """Make the work space clear again after a question (writes into ``traces``)."""
    for i in range(seen):
        v = traces.seen[i]
        traces.state[v] = UNSEEN
        at = traces.label[v]
        at["cost"], at["other"], at["owner"], at["via"] = np.inf, np.inf, -1, -1
