"""Legs on roads that change: what a point's way to its node costs, and what lies between two places on a chain.

A shut arc adds nothing to the sums along its chain and is counted instead: a stretch can be travelled when no shut arc
was counted on it. So the sums stay finite and exact, and opening the arc again gives back the same numbers.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from lifezone.kernels.edit_records import EPOCH, REPORTED, TO_FACILITY, Ground, Hanging
from lifezone.kernels.jit import kernel
from lifezone.kernels.records import Records

__all__ = [
    "GRID",
    "direct_way",
    "hang_legs",
    "hang_site",
    "judge_point",
    "on_grid",
    "renew_point",
    "settle",
    "settle_all",
    "sum_chain",
]

Int32s = npt.NDArray[np.int32]
Float64s = npt.NDArray[np.float64]
Int64s = npt.NDArray[np.int64]

GRID = 2.0**34
"""Steps of the fixed grid per second and metre (see ``routing.contract``)."""
EXACT_TO = 2.0**19
"""From here a float64 itself is no finer than the grid."""


@kernel
def on_grid(value: float) -> float:
    """Return a value on the fixed grid."""
    return value if value >= EXACT_TO else np.rint(value * GRID) / GRID


@kernel
def sum_chain(chains: Records, pieces: Records, c: int) -> None:
    """Add up the pieces of a chain again."""
    chain = chains[c]
    cost, other, shut = 0.0, 0.0, 0
    for i in range(chain["first"], chain["stop"]):
        piece = pieces[i]
        piece["along_cost"], piece["along_other"], piece["before"] = cost, other, shut
        if piece["cost"] < np.inf:
            cost += piece["cost"]
            other += piece["other"]
        else:
            shut += 1
    chain["cost"], chain["other"], chain["shut"] = cost, other, shut


@kernel
def settle(nodes: Records, chains: Records, pieces: Records, leg: Records, arriving: bool) -> None:
    """Work out a leg's place along its chain and its cost, ``inf`` where a shut arc or an unused node is in the way."""
    cost, other = np.inf, np.inf
    if leg["chain"] >= 0:
        piece, chain = pieces[leg["piece"]], chains[leg["chain"]]
        leg["place_cost"], leg["place_other"] = piece["along_cost"], piece["along_other"]
        if piece["cost"] < np.inf:
            leg["place_cost"] += on_grid(leg["part"] * piece["cost"])
            leg["place_other"] += on_grid(leg["part"] * piece["other"])
        if arriving:
            last = pieces[leg["arrive"]]
            if last["before"] == 0 and last["cost"] < np.inf:
                cost, other = leg["place_cost"], leg["place_other"]
        elif pieces[leg["leave"]]["before"] == chain["shut"]:
            cost, other = chain["cost"] - leg["place_cost"], chain["other"] - leg["place_other"]
    elif leg["node"] >= 0 and nodes[leg["node"]]["open"] > 0:
        cost, other = 0.0, 0.0
    leg["cost"], leg["other"] = cost + leg["gap_cost"], other + leg["gap_other"]


@kernel
def settle_all(ground: Ground) -> None:
    """Add up every chain and settle the legs of all demand points; a point on a node keeps its leg, used or not."""
    for c in range(len(ground.chain) - 1):
        sum_chain(ground.chain, ground.piece, c)
    for i in range(len(ground.leg)):
        if ground.leg[i]["chain"] >= 0:
            settle(ground.node, ground.chain, ground.piece, ground.leg[i], ground.tally[TO_FACILITY] == 0)
        elif ground.leg[i]["node"] >= 0:
            ground.leg[i]["cost"], ground.leg[i]["other"] = 0.0, 0.0
    for p in range(len(ground.point)):
        renew_point(ground, p)


@kernel
def hang(leg: Records, at: int, segment: int, part: float, hanging: Hanging) -> None:
    """Write the two legs of a point: one for a point on a node, else one for each open direction of its segment.

    Args:
        leg: LEG; those at ``at`` and ``at + 1`` are written, but for cost and place, which :func:`settle` works out.
        at: the first of the two.
        segment: raw segment, −1 = off the network.
        part: place along it.
        hanging: the roads.
    """
    vertex = np.int32(-1)
    if segment >= 0:
        if part <= hanging.at_end:
            part, vertex = 0.0, hanging.tail[segment]
        elif part >= 1.0 - hanging.at_end:
            part, vertex = 1.0, hanging.head[segment]
    for way in range(2):
        one = leg[at + way]
        one["node"], one["chain"], one["piece"], one["leave"], one["arrive"] = -1, -1, -1, -1, -1
        one["at_node"], one["on_chain"], one["owner"], one["open"] = -1, -1, -1, 0
        one["cost"], one["other"], one["gap_cost"], one["gap_other"] = np.inf, np.inf, 0.0, 0.0
        if segment < 0:
            continue
        if vertex >= 0 and hanging.node[vertex] >= 0:
            if way == 0:
                one["node"] = hanging.node[vertex]
            continue
        piece = hanging.piece_of_arc[2 * segment + way]
        if piece < 0:
            continue
        share = part if way == 0 else 1.0 - part
        one["part"], one["piece"], one["chain"] = share, piece, hanging.of_piece[piece]
        one["leave"] = piece + 1 if share == 1.0 else piece
        one["arrive"] = piece - 1 if share == 0.0 else piece
        one["node"] = hanging.of_chain[hanging.of_piece[piece]]


@kernel
def hang_legs(leg: Records, segment: Int32s, part: Float64s, hanging: Hanging) -> None:
    """Write the legs of n points (LEG[2n]); see :func:`hang`."""
    for i in range(len(segment)):
        hang(leg, 2 * i, segment[i], part[i], hanging)


@kernel
def hang_site(site: Records, k: int, segment: int, part: float, gap_m: float, position: int, hanging: Hanging) -> None:
    """Write the legs of site ``k``, which is not open yet: see :func:`hang`; its access walk is ``gap_m`` long."""
    hang(site, 2 * k, segment, part, hanging)
    gap_s = on_grid(gap_m / hanging.speed_mps)
    for i in range(2 * k, 2 * k + 2):
        site[i]["gap_cost"], site[i]["gap_other"] = (0.0, gap_s) if hanging.is_length else (gap_s, 0.0)
        site[i]["owner"] = position


@kernel
def is_open(pieces: Records, i: int) -> bool:
    """Tell whether a piece or its twin is open."""
    if pieces[i]["cost"] < np.inf:
        return True
    twin = pieces[i]["twin"]
    return bool(twin >= 0 and pieces[twin]["cost"] < np.inf)


@kernel
def direct_way(pieces: Records, start: Records, end: Records) -> tuple[float, float]:
    """Return cost and other metric from one place of a chain ahead to another, ``inf`` if it lies behind or is cut off.

    Two places at one vertex meet there as long as any arc at it is open.
    """
    cost, other = end["place_cost"] - start["place_cost"], end["place_other"] - start["place_other"]
    leave, arrive = start["leave"], end["arrive"]
    if leave <= arrive:
        last = pieces[arrive]
        passable = last["before"] == pieces[leave]["before"] and last["cost"] < np.inf
        passable = passable and cost >= 0.0 and other >= 0.0
    else:
        passable = leave == end["leave"] and start["arrive"] == arrive
        passable = passable and (is_open(pieces, leave) or is_open(pieces, arrive))
    return (cost, other) if passable else (np.inf, np.inf)


@kernel
def renew_point(ground: Ground, p: int) -> None:
    """Take over what a demand point's legs cost now, and find the nearest facility on its own chains."""
    to_facility = ground.tally[TO_FACILITY] == 1
    point, a, b = ground.point[p], ground.leg[2 * p], ground.leg[2 * p + 1]
    point["a_cost"], point["a_other"], point["a_node"] = a["cost"], a["other"], a["node"]
    point["b_cost"], point["b_other"], point["b_node"] = b["cost"], b["other"], b["node"]
    cost, other, owner = np.inf, np.inf, np.int32(-1)
    for i in range(2 * p, 2 * p + 2):
        leg = ground.leg[i]
        at = ground.chain[leg["chain"]]["sites"] if leg["chain"] >= 0 else -1
        while at >= 0:
            site = ground.site[at]
            at = site["on_chain"]
            way, beside = direct_way(ground.piece, leg, site) if to_facility else direct_way(ground.piece, site, leg)
            way, beside = way + site["gap_cost"], beside + site["gap_other"]
            if way < cost or (way == cost < np.inf and (site["owner"], beside) < (owner, other)):
                cost, other, owner = way, beside, site["owner"]
    point["direct_cost"], point["direct_other"], point["direct_owner"] = cost, other, owner


@kernel
def is_among(numbers: Int32s, wanted: int) -> bool:
    """Tell whether ascending numbers hold one."""
    low, high = 0, len(numbers)
    while low < high:
        middle = (low + high) // 2
        if numbers[middle] < wanted:
            low = middle + 1
        else:
            high = middle
    return bool(low < len(numbers) and numbers[low] == wanted)


@kernel
def judge_point(nodes: Records, points: Records, changed: Int32s, tally: Int64s, moved: Int32s, p: int) -> None:
    """Find a demand point's nearest facility anew, once an edit; list the point if anything about it changed.

    That is so, too, when its facility is one of those (``moved``, ascending) that have another access walk.
    """
    point = points[p]
    if point["mark"] == tally[EPOCH]:
        return
    point["mark"] = tally[EPOCH]
    cost, other, owner = point["direct_cost"], point["direct_other"], point["direct_owner"]
    if point["a_node"] >= 0:
        node = nodes[point["a_node"]]
        way, beside = point["a_cost"] + node["cost"], point["a_other"] + node["other"]
        if way < cost or (way == cost < np.inf and (node["owner"], beside) < (owner, other)):
            cost, other, owner = way, beside, node["owner"]
    if point["b_node"] >= 0:
        node = nodes[point["b_node"]]
        way, beside = point["b_cost"] + node["cost"], point["b_other"] + node["other"]
        if way < cost or (way == cost < np.inf and (node["owner"], beside) < (owner, other)):
            cost, other, owner = way, beside, node["owner"]
    differs = cost != point["cost"] or other != point["other"] or owner != point["owner"]
    if differs or (len(moved) > 0 and is_among(moved, owner)):
        point["cost"], point["other"], point["owner"] = cost, other, owner
        changed[tally[REPORTED]] = p
        tally[REPORTED] += 1
