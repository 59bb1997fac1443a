"""Travel costs between many points and many facilities by restricted sweeps, a block of facilities at a time.

What the points need of the hierarchy is laid out once; 32 facilities then share one pass over it. Costs are
off by no more than the stated drift (:mod:`lifezone.routing.rounding`); which pairs lie within a reach is exact, as
facilities with a pair too near the reach are searched by the exact engine. The other metric is not known here (NaN):
:func:`lifezone.routing.nearest_of_kinds` and :func:`lifezone.routing.within` tell it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, Literal, NamedTuple

import numpy as np

from lifezone.kernels.records import SEED
from lifezone.model import Floats, Ints, Longs, TravelTimes
from lifezone.routing.hierarchy import Costs, Weights
from lifezone.routing.plain import plain
from lifezone.routing.reach import within
from lifezone.routing.roads import Attached
from lifezone.routing.rounding import INF
from lifezone.routing.sides import Direction, by_metric, on_chain_of, point_legs, seeds_of
from lifezone.routing.sweeps import LANES, Asked, Rooms, Seeds, ask, blocks_of, by_rank, filled_near, rows_of
from lifezone.routing.swept import Prepared, Supply
from lifezone.routing.threads import map_threads
from lifezone.routing.times import DECIMALS, HALF_STEP

__all__ = ["NodePairs", "balls_are_quicker", "cost_rows", "node_matrix", "node_pairs", "within_reach"]

NODE_S: Final = 70e-9
"""Time of the exact engine per node within reach, measured on 10⁵ and 10⁶ nodes (60 to 90 ns)."""
ARC_S: Final = 0.3e-9
"""Time of a restricted sweep per needed arc and facility, measured likewise (0.2 to 0.4 ns)."""
ASKED_S: Final = 8e-9
"""Time to join and look through one asked point of one facility."""
BLOCK_S: Final = 20e-6
"""Time of a facility's own part of the up pass and of the calls around it."""
SAMPLE: Final = 3
"""Facilities whose reach is tried to tell how large it is."""


def node_matrix(
    weights: Weights, sources: Ints, targets: Ints, *, threads: int = 1, rooms: Rooms | None = None
) -> Costs:
    """Return u32[S, T] whole costs of all trips from source to target nodes, ``INF`` = unreachable.

    Use :func:`lifezone.routing.rows_of` to stream rows where the whole matrix would not fit.
    """
    out = np.empty((len(sources), len(targets)), np.uint32)
    asked = ask(weights, targets, direction="from_facility")
    for rows, costs in rows_of(Seeds.at(sources), asked, threads=threads, rooms=rooms):
        out[rows] = costs
    return out


class NodePairs(NamedTuple):
    """All pairs within a limit, of a block of questions.

    Attributes:
        question: i32[B] questions.
        first: i64[B+1] pairs of ``question[b]`` are ``first[b]:first[b+1]``.
        place: i32[K] position among the asked nodes, ascending within a question.
        cost: u32[K] whole costs.
    """

    question: Ints
    first: Longs
    place: Ints
    cost: Costs


def node_pairs(
    seeds: Seeds, asked: Asked, limit: int, *, threads: int = 1, rooms: Rooms | None = None
) -> Iterator[NodePairs]:
    """Yield all pairs of questions and asked nodes within a limit, a block of questions at a time.

    Args:
        seeds: Q questions, e.g. one a facility.
        asked: A nodes.
        limit: whole costs, inclusive.
        threads: so many blocks are worked on at once; the answer is the same for any number.
        rooms: work space kept from an earlier call.
    """
    from lifezone.kernels.rows import list_within  # noqa: PLC0415

    rooms = Rooms() if rooms is None else rooms
    order, most = by_rank(seeds, asked), min(limit, INF - 1)

    def work(block: tuple[int, int]) -> NodePairs:
        mine = order[block[0] : block[1]]
        count = np.empty(len(mine), np.int64)
        place = np.empty((len(mine), len(asked.row)), np.int32)
        cost = np.empty(place.shape, np.uint32)
        with filled_near(seeds.take(mine), asked, most, LANES["matrix"], rooms) as (field, near):
            list_within(field, near, asked.row, np.uint32(most), count, place, cost)
        first = np.concatenate([[0], np.cumsum(count)]).astype(np.int64)
        lists = [np.concatenate([lane[:n] for lane, n in zip(rows, count, strict=True)]) for rows in (place, cost)]
        return NodePairs(mine, first, lists[0], lists[1])

    blocks, step = blocks_of(len(order), LANES["matrix"]), max(threads, 1)
    for at in range(0, len(blocks), step):
        yield from map_threads(work, blocks[at : at + step], threads)


@dataclass(frozen=True, eq=False)
class _Direct:
    """Facilities and points on one chain, sorted by facility, and their cost without passing a node."""

    facility: Ints
    point: Ints
    cost: Floats


def cost_rows(
    prepared: Prepared, demand: Attached, facilities: Attached, *, direction: Direction = "to_facility",
    threads: int = 1, rooms: Rooms | None = None,
) -> Iterator[tuple[Ints, Floats]]:  # fmt: skip
    """Yield the costs between facilities and all points, a block of facilities at a time; memory goes with a block.

    Yields:
        i32[B] facilities (positions in ``facilities``) and f64[B, P] seconds door to door, or network metres;
        ``inf`` = unreachable. Off by no more than the drift of that cost.
    """
    node, place = _nodes_of(demand, direction)
    asked = ask(prepared.weights, node, direction=direction)
    yield from _joined(prepared, demand, facilities, direction, asked, place, threads=threads, rooms=rooms)


def _nodes_of(demand: Attached, direction: Direction) -> tuple[Ints, Ints]:
    """Return i32[A] the nodes of the points' legs, ascending, and i32[P, 2] each leg's place among them."""
    legs = point_legs(demand, direction)
    node, place = np.unique(legs.node, return_inverse=True)
    missing = int(len(node) > 0 and node[0] < 0)  # the first of them is −1: no leg
    return plain(node[missing:], np.int32), plain(place.reshape(legs.node.shape) - missing, np.int32)


def _joined(
    prepared: Prepared, demand: Attached, facilities: Attached, direction: Direction, asked: Asked, place: Ints,
    *, threads: int, rooms: Rooms | None,
) -> Iterator[tuple[Ints, Floats]]:  # fmt: skip
    """Yield the rows of :func:`cost_rows`."""
    from lifezone.kernels.rows import join_rows  # noqa: PLC0415

    metric = prepared.metric
    legs = point_legs(demand, direction)
    leg = plain(by_metric(metric, legs.seconds, legs.metres)[0], np.float64)
    ends = demand.gap_s + prepared.roads.access.terminal_s if metric == "time" else np.zeros(demand.n_points)
    direct = _direct_pairs(prepared, demand, facilities, direction)
    seeds = _seeds_by_facility(prepared, facilities, direction)
    for facility, costs in rows_of(seeds, asked, threads=threads, rooms=rooms):
        out = np.empty((len(facility), demand.n_points))
        join_rows(costs, place, leg, 1.0 / prepared.steps, out)
        for row, f in enumerate(facility.tolist()):
            low, high = np.searchsorted(direct.facility, [f, f + 1])
            np.minimum.at(out[row], direct.point[low:high], direct.cost[low:high])
        out += ends
        yield facility, np.round(out, DECIMALS)


def _seeds_by_facility(prepared: Prepared, facilities: Attached, direction: Direction) -> Seeds:
    """Return one question a facility: its legs, with their whole costs."""
    seed = seeds_of(facilities, prepared.metric, direction)
    first = np.concatenate([[0], np.cumsum(np.bincount(seed["owner"], minlength=facilities.n_points))])
    return Seeds(
        first.astype(np.int64), plain(seed["node"], np.int32), prepared.whole(seed["cost"]),
        plain(seed["owner"], np.int32),
    )  # fmt: skip


def _direct_pairs(prepared: Prepared, demand: Attached, facilities: Attached, direction: Direction) -> _Direct:
    """Return facilities and points on one chain where the trip need not pass a node; cost as of :data:`SEED`."""
    metric = prepared.metric
    spot, hook = on_chain_of(facilities, metric), on_chain_of(demand, metric)
    chains = np.ascontiguousarray(hook["chain"])
    low, high = (np.searchsorted(chains, spot["chain"], side=side) for side in ("left", "right"))
    i = np.repeat(np.arange(len(spot)), high - low)
    j = np.arange(len(i)) - np.repeat(np.cumsum(high - low) - (high - low), high - low) + np.repeat(low, high - low)
    sign = 1.0 if direction == "to_facility" else -1.0
    cost = sign * (spot["cost"][i] - hook["cost"][j])
    ahead = (cost >= 0) & (sign * (spot["other"][i] - hook["other"][j]) >= 0)
    i, j, cost = i[ahead], j[ahead], (cost + spot["end_cost"][i])[ahead]
    order = np.lexsort((hook["owner"][j], spot["owner"][i]))
    return _Direct(spot["owner"][i][order], hook["owner"][j][order], cost[order])


def within_reach(
    prepared: Prepared, demand: Attached, supply: Supply, reach: float, *, direction: Direction = "to_facility",
    method: Literal["quicker", "balls", "sweeps"] = "quicker", threads: int = 1, rooms: Rooms | None = None,
) -> TravelTimes:  # fmt: skip
    """Find all facilities within a reach of every point; the pairs are those of :func:`lifezone.routing.within`.

    Args:
        prepared: the roads.
        demand: P points attached to them.
        supply: the facilities and their positions.
        reach: inclusive; seconds door to door or network metres.
        direction: ``from_facility`` for trips that start at the facility.
        method: ``balls`` searches around each facility, exactly; ``sweeps`` gives costs within the drift and no other
            metric (NaN) but for a few facilities; ``quicker`` estimates which takes less time.
        threads: the answer is the same for any number.
        rooms: work space kept from an earlier call.
    """
    facilities, positions = supply
    node, place = _nodes_of(demand, direction)
    asked = ask(prepared.weights, node, direction=direction)
    exact = {"metric": prepared.metric, "direction": direction}
    if method == "balls" or (
        method == "quicker" and balls_are_quicker(prepared, demand, facilities, reach, asked, direction=direction)
    ):
        return within(prepared.roads, demand, facilities, positions, reach, threads=threads, **exact)  # type: ignore[arg-type]
    unsure = prepared.drift.within(reach) + 2 * HALF_STEP
    found: list[tuple[np.ndarray, np.ndarray, np.ndarray]] = []
    again: list[int] = []
    for row, costs in _joined(prepared, demand, facilities, direction, asked, place, threads=threads, rooms=rooms):
        near = costs <= reach
        doubt = (near != (costs <= reach + unsure)) | (near != (costs <= reach - unsure))
        doubted = doubt.any(axis=1)
        again += row[doubted].tolist()
        r, p = np.nonzero(near & ~doubted[:, None])
        found.append((p, row[r], costs[r, p]))
    rest = np.array(sorted(again), np.int64)
    checked = within(
        prepared.roads,
        demand,
        facilities.take(rest),
        rest.astype(np.int32),
        reach,
        threads=threads,
        **exact,  # type: ignore[arg-type]
    )
    return _united(prepared, demand, supply, found, checked)


def _united(
    prepared: Prepared, demand: Attached, supply: Supply,
    found: list[tuple[np.ndarray, np.ndarray, np.ndarray]], checked: TravelTimes,
) -> TravelTimes:  # fmt: skip
    """Return the pairs of the sweeps and those of the exact engine as one matrix."""
    facilities, positions = supply
    point = np.concatenate([np.repeat(np.arange(demand.n_points), np.diff(checked.first)), *(f[0] for f in found)])
    owner = np.concatenate([checked.facility, *(f[1] for f in found)]).astype(np.int64)
    value, other = by_metric(prepared.metric, checked.seconds, checked.metres)
    value = np.concatenate([value, *(f[2] for f in found)])
    other = np.concatenate([other, np.full(len(value) - len(other), np.nan)])
    order = np.lexsort((owner, value, point))
    point, owner, value, other = point[order], owner[order], value[order], other[order]
    first = np.zeros(demand.n_points + 1, np.int64)
    np.cumsum(np.bincount(point, minlength=demand.n_points), out=first[1:])
    seconds, metres = by_metric(prepared.metric, value, other)
    return TravelTimes(
        first=first, facility=np.asarray(positions, np.int32)[owner], seconds=seconds, metres=metres,
        access_m=demand.gap_m[point] + facilities.gap_m[owner], metric=prepared.metric, mode=prepared.roads.mode,
    )  # fmt: skip


def balls_are_quicker(
    prepared: Prepared, demand: Attached, facilities: Attached, reach: float, asked: Asked,
    *, direction: Direction = "to_facility",
) -> bool:  # fmt: skip
    """Estimate whether searching around each facility takes less time than restricted sweeps.

    A few facilities' reach is tried; a sweep's time goes with the arcs it needs, whatever the reach.
    """
    if facilities.n_points == 0:
        return True
    sample = np.unique(np.linspace(0, facilities.n_points - 1, SAMPLE).astype(np.int64))
    nodes = np.mean([_nodes_within(prepared, facilities.take(np.array([f])), reach, direction) for f in sample])
    sweep_s = len(asked.needed.side.head) * ARC_S + demand.n_points * ASKED_S + BLOCK_S
    return bool(nodes * NODE_S < sweep_s)


def _nodes_within(prepared: Prepared, facility: Attached, reach: float, direction: Direction) -> int:
    """Return how many nodes lie within reach of one facility."""
    from lifezone.kernels.nearest import search_nearest  # noqa: PLC0415
    from lifezone.kernels.queue import clear_labels  # noqa: PLC0415
    from lifezone.kernels.records import LABEL  # noqa: PLC0415

    n = prepared.roads.graph.n_nodes
    label, touched = np.empty(n, LABEL), np.empty(n + 1, np.int32)
    clear_labels(label)
    edges = prepared.roads.edges(prepared.metric, reverse=direction == "to_facility")
    seed = plain(seeds_of(facility, prepared.metric, direction), SEED)
    return int(search_nearest(edges, seed, label, float(reach), touched))
