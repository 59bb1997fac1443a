"""Keep the nearest facility of every node true while facilities and roads change.

The labels form a forest: each node came by a chain from another, or by a leg of a site. A batch of changes is made in
four steps (Ramalingam and Reps 1996, "An incremental algorithm for a generalization of the shortest-path problem",
widened to many changes at once, owners and ties):

1. forget every node whose own leg or chain got worse or vanished, with all that came by it;
2. offer each forgotten node all it can have: legs of any site at it (a facility's seed that had lost its node to the
   closed one, too) and chains from nodes that were not forgotten;
3. offer what is new or better elsewhere;
4. run Dijkstra from the nodes that took an offer.

Labels are ordered by cost, owner, other metric, as in the full search, and are exact; so the result is the same to the
last bit. The cost goes with the nodes whose label changes and their edges, never with the graph.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from lifezone.kernels.edit_heap import pop_least, push
from lifezone.kernels.edit_legs import judge_point, on_grid, renew_point, settle, sum_chain
from lifezone.kernels.edit_records import (
    EPOCH,
    FORGOTTEN,
    HEAPED,
    LENGTH,
    REPORTED,
    TO_FACILITY,
    TOUCHED,
    Ground,
)
from lifezone.kernels.jit import kernel
from lifezone.kernels.records import Records

__all__ = ["make_changes"]

Int32s = npt.NDArray[np.int32]
Int64s = npt.NDArray[np.int64]
Float64s = npt.NDArray[np.float64]


@kernel
def make_changes(ground: Ground, shut: Int32s, opened: Int32s, pieces: Int32s, seconds: Float64s, moved: Int32s) -> int:
    """Close and open sites and give arcs new weights, all at once; return how many demand points changed.

    Kernels that run once a node get the few arrays they need: handing on the whole bundle takes longer than their work.

    Args:
        ground: the field; the points that changed are listed in ``ground.changed``.
        shut: i32 sites to close, open before.
        opened: i32 sites to open, closed before.
        pieces: i32[n] arcs that get other seconds; written over.
        seconds: f64[n] those, not on the grid yet; ``inf`` = shut.
        moved: i32 facility positions whose access walk changes in length, ascending.
    """
    node, touched, tally = ground.node, ground.touched, ground.tally
    tally[EPOCH] += 1
    tally[TOUCHED], tally[REPORTED] = 0, 0
    for k in shut:
        for i in range(2 * k, 2 * k + 2):
            unlink(ground, i)
    for i in range(len(pieces)):
        weigh(node, ground.chain, ground.piece, pieces[i], seconds[i], tally[LENGTH] == 1)
    chains = pieces[: list_chains(ground.chain, ground.piece, pieces, tally)]
    for c in chains:
        renew_chain(ground, c)
    for k in opened:
        for i in range(2 * k, 2 * k + 2):
            link(ground, i)
    forget(node, ground.out, touched, tally)
    offer_forgotten(node, ground.into, ground.site, ground.heap, touched, tally)
    for c in chains:
        offer_chain(ground, c)
    for k in opened:
        for i in range(2 * k, 2 * k + 2):
            offer_leg(node, ground.site, ground.heap, touched, tally, i)
    spread(node, ground.out, ground.heap, touched, tally)
    for k in shut:
        judge_riders(ground, moved, ground.site[2 * k]["chain"])
        judge_riders(ground, moved, ground.site[2 * k + 1]["chain"])
    for k in opened:
        judge_riders(ground, moved, ground.site[2 * k]["chain"])
        judge_riders(ground, moved, ground.site[2 * k + 1]["chain"])
    for c in chains:
        judge_riders(ground, moved, c)
    judge_touched(node, ground.hook, ground.point, touched, ground.changed, tally, moved)
    return int(tally[REPORTED])


@kernel
def touch(node: Records, touched: Int32s, tally: Int64s, v: int) -> None:
    """List a node as touched by this edit, once."""
    if node[v]["mark"] != tally[EPOCH]:
        node[v]["mark"] = tally[EPOCH]
        touched[tally[TOUCHED]] = v
        tally[TOUCHED] += 1


@kernel
def link(ground: Ground, i: int) -> None:
    """Let a site's leg take part: settle it and put it into the lists of its node and its chain."""
    leg = ground.site[i]
    if leg["node"] < 0:
        return
    settle(ground.node, ground.chain, ground.piece, leg, ground.tally[TO_FACILITY] == 1)
    leg["open"] = 1
    leg["at_node"] = ground.node[leg["node"]]["sites"]
    ground.node[leg["node"]]["sites"] = i
    if leg["chain"] >= 0:
        leg["on_chain"] = ground.chain[leg["chain"]]["sites"]
        ground.chain[leg["chain"]]["sites"] = i


@kernel
def unlink(ground: Ground, i: int) -> None:
    """Take a site's leg out of the lists; its node is to be forgotten if it came by this leg."""
    site = ground.site
    leg = site[i]
    if leg["node"] < 0:
        return
    leg["open"] = 0
    node = ground.node[leg["node"]]
    if node["via"] == -2 - i:
        touch(ground.node, ground.touched, ground.tally, leg["node"])
    at = node["sites"]
    if at == i:
        node["sites"] = leg["at_node"]
    else:
        while site[at]["at_node"] != i:
            at = site[at]["at_node"]
        site[at]["at_node"] = leg["at_node"]
    if leg["chain"] < 0:
        return
    chain = ground.chain[leg["chain"]]
    at = chain["sites"]
    if at == i:
        chain["sites"] = leg["on_chain"]
    else:
        while site[at]["on_chain"] != i:
            at = site[at]["on_chain"]
        site[at]["on_chain"] = leg["on_chain"]


@kernel
def list_chains(chain: Records, piece: Records, pieces: Int32s, tally: Int64s) -> int:
    """Write the chains of some pieces over them, each chain once; return how many there are."""
    n = 0
    for i in pieces:
        c = piece[i]["chain"]
        if chain[c]["mark"] != tally[EPOCH]:
            chain[c]["mark"] = tally[EPOCH]
            pieces[n] = c
            n += 1
    return n


@kernel
def weigh(nodes: Records, chains: Records, pieces: Records, i: int, seconds: float, is_length: bool) -> None:
    """Give an arc other seconds and count the open arcs at its ends anew."""
    piece = pieces[i]
    more = int(seconds < np.inf) - int(piece["cost"] < np.inf)
    cost, other = on_grid(seconds), piece["metres"] if seconds < np.inf else np.inf
    if is_length:
        cost, other = other, cost
    piece["cost"], piece["other"] = cost, other
    chain = chains[piece["chain"]]
    if chain["first"] == i:
        nodes[chain["start"]]["open"] += more
    if chain["stop"] - 1 == i:
        nodes[chain["end"]]["open"] += more


@kernel
def renew_chain(ground: Ground, c: int) -> None:
    """Add a chain up, give its edges and all legs on it their new weights, and mark what got worse."""
    chain = ground.chain[c]
    sum_chain(ground.chain, ground.piece, c)
    if chain["out"] >= 0:
        out, back = ground.out[chain["out"]], ground.into[chain["back"]]
        cost, other = (chain["cost"], chain["other"]) if chain["shut"] == 0 else (np.inf, np.inf)
        worse = cost > out["cost"] or (cost == out["cost"] and other > out["other"])
        if worse and ground.node[out["head"]]["via"] == c:
            touch(ground.node, ground.touched, ground.tally, out["head"])
        out["cost"], out["other"] = cost, other
        back["cost"], back["other"] = cost, other
    at = chain["sites"]
    while at >= 0:
        renew_site(ground, at)
        at = ground.site[at]["on_chain"]
    for v in (chain["start"], chain["end"]):
        at = ground.node[v]["sites"]
        while at >= 0:
            if ground.site[at]["chain"] < 0:
                renew_site(ground, at)
            at = ground.site[at]["at_node"]
    for r in range(ground.chain[c]["ride"], ground.chain[c + 1]["ride"]):
        leg = ground.leg[ground.ride[r]]
        settle(ground.node, ground.chain, ground.piece, leg, ground.tally[TO_FACILITY] == 0)


@kernel
def renew_site(ground: Ground, i: int) -> None:
    """Settle an open site's leg anew; its node is to be forgotten if it came by this leg and the leg got worse."""
    leg = ground.site[i]
    cost, other = leg["cost"], leg["other"]
    settle(ground.node, ground.chain, ground.piece, leg, ground.tally[TO_FACILITY] == 1)
    worse = leg["cost"] > cost or (leg["cost"] == cost and leg["other"] > other)
    if worse and ground.node[leg["node"]]["via"] == -2 - i:
        touch(ground.node, ground.touched, ground.tally, leg["node"])


@kernel
def forget(node: Records, out: Records, touched: Int32s, tally: Int64s) -> None:
    """Forget the touched nodes and all that came by them; they are the first ``tally[FORGOTTEN]`` touched ones."""
    i = 0
    while i < tally[TOUCHED]:
        u = touched[i]
        for e in range(node[u]["out"], node[u]["out"] + node[u]["n_out"]):
            v = out[e]["head"]
            if node[v]["via"] == out[e]["chain"]:
                touch(node, touched, tally, v)
        i += 1
    tally[FORGOTTEN] = i
    for j in range(i):
        at = node[touched[j]]
        at["cost"], at["other"], at["owner"], at["via"] = np.inf, np.inf, -1, -1


@kernel
def comes_before(cost: float, owner: int, other: float, at: Records) -> bool:
    """Tell whether (cost, owner, other) comes before a node's label; an endless cost comes before none."""
    if cost != at["cost"]:
        return bool(cost < at["cost"])
    if owner != at["owner"]:
        return bool(owner < at["owner"])
    return bool(other < at["other"])


@kernel
def offer_leg(node: Records, site: Records, heap: Records, touched: Int32s, tally: Int64s, i: int) -> None:
    """Offer a site's leg to its node."""
    leg = site[i]
    if leg["open"] == 0 or leg["cost"] == np.inf:
        return
    v = leg["node"]
    if comes_before(leg["cost"], leg["owner"], leg["other"], node[v]):
        at = node[v]
        at["cost"], at["other"], at["owner"], at["via"] = leg["cost"], leg["other"], leg["owner"], -2 - i
        touch(node, touched, tally, v)
        push(node, heap, tally, v)


@kernel
def offer_legs_at(node: Records, site: Records, heap: Records, touched: Int32s, tally: Int64s, v: int) -> None:
    """Offer a node every leg of a site at it."""
    i = node[v]["sites"]
    while i >= 0:
        offer_leg(node, site, heap, touched, tally, i)
        i = site[i]["at_node"]


@kernel
def offer_forgotten(node: Records, into: Records, site: Records, heap: Records, touched: Int32s, tally: Int64s) -> None:
    """Offer every forgotten node the legs at it and the ways from its neighbours, and enter it into the heap once."""
    for j in range(tally[FORGOTTEN]):
        v = touched[j]
        offer_legs_at(node, site, heap, touched, tally, v)
        at = node[v]
        taken = False
        for e in range(at["into"], at["into"] + at["n_into"]):
            road = into[e]
            source = node[road["head"]]
            cost = source["cost"] + road["cost"]
            if cost < np.inf and comes_before(cost, source["owner"], source["other"] + road["other"], at):
                at["cost"], at["other"], at["owner"] = cost, source["other"] + road["other"], source["owner"]
                at["via"] = road["chain"]
                taken = True
        if taken:
            push(node, heap, tally, v)


@kernel
def offer_chain(ground: Ground, c: int) -> None:
    """Offer a chain with new weights: its edge, the legs of sites on it, and sites that are one of its end nodes."""
    node, site, heap, touched, tally = ground.node, ground.site, ground.heap, ground.touched, ground.tally
    chain = ground.chain[c]
    if chain["out"] >= 0 and chain["shut"] == 0:
        road = ground.into[chain["back"]]
        v = ground.out[chain["out"]]["head"]
        source, at = node[road["head"]], node[v]
        cost = source["cost"] + road["cost"]
        if cost < np.inf and comes_before(cost, source["owner"], source["other"] + road["other"], at):
            at["cost"], at["other"], at["owner"] = cost, source["other"] + road["other"], source["owner"]
            at["via"] = c
            touch(node, touched, tally, v)
            push(node, heap, tally, v)
    i = chain["sites"]
    while i >= 0:
        offer_leg(node, site, heap, touched, tally, i)
        i = site[i]["on_chain"]
    offer_legs_at(node, site, heap, touched, tally, chain["start"])
    offer_legs_at(node, site, heap, touched, tally, chain["end"])


@kernel
def spread(node: Records, out: Records, heap: Records, touched: Int32s, tally: Int64s) -> None:
    """Run Dijkstra from the nodes in the heap until no label improves."""
    while tally[HEAPED] > 0:
        u = pop_least(node, heap, tally)
        key, beside, owner = node[u]["cost"], node[u]["other"], node[u]["owner"]
        for e in range(node[u]["out"], node[u]["out"] + node[u]["n_out"]):
            road = out[e]
            v = road["head"]
            at = node[v]
            cost = key + road["cost"]
            if cost <= at["cost"] and cost < np.inf and comes_before(cost, owner, beside + road["other"], at):
                at["cost"], at["other"], at["owner"], at["via"] = cost, beside + road["other"], owner, road["chain"]
                touch(node, touched, tally, v)
                push(node, heap, tally, v)


@kernel
def judge_touched(
    node: Records, hook: Int32s, point: Records, touched: Int32s, changed: Int32s, tally: Int64s, moved: Int32s
) -> None:
    """Judge the demand points with a leg at a node that was touched."""
    for j in range(tally[TOUCHED]):
        v = touched[j]
        for h in range(node[v]["hook"], node[v + 1]["hook"]):
            judge_point(node, point, changed, tally, moved, hook[h])


@kernel
def judge_riders(ground: Ground, moved: Int32s, c: int) -> None:
    """Judge the demand points on a chain whose sites or weights changed; none for −1."""
    if c >= 0:
        for r in range(ground.chain[c]["ride"], ground.chain[c + 1]["ride"]):
            p = ground.ride[r] // 2
            if ground.point[p]["mark"] != ground.tally[EPOCH]:
                renew_point(ground, p)
                judge_point(ground.node, ground.point, ground.changed, ground.tally, moved, p)
