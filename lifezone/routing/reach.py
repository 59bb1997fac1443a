"""All pairs within a reach, and points joined by short ways along the network."""

from __future__ import annotations

from itertools import pairwise
from typing import NamedTuple

import numpy as np

from lifezone.errors import InputError
from lifezone.kernels.records import HOOK, PAIR, SEED, Field, Records
from lifezone.model import Floats, Ints, Longs, Metric, TravelTimes
from lifezone.routing.plain import plain
from lifezone.routing.roads import Attached, ModeRoads
from lifezone.routing.sides import Direction, by_metric, on_chain_of, point_legs, seeds_of
from lifezone.routing.threads import map_threads
from lifezone.routing.times import DECIMALS, HALF_STEP, assemble, lean_search

__all__ = ["CostRows", "costs_within", "linked_groups", "linked_pairs", "reach_of_nearest", "within"]

BLOCKS_PER_THREAD = 4
"""Facilities are searched in blocks; a few a thread even out unlike catchments."""
_SAMPLED = 256
"""About so many facilities tell how far each point's nearest ones lie."""
_ENDLESS = 1e8
"""More seconds or metres than any trip takes."""
_HAIR = 1e-3
"""Added to what was summed in floating point, where less would lose a pair."""
_ROWS_FINISHED = 10_000
"""About so many rows for each thread's turn are rounded together (what that takes on top goes with their pairs)."""


def within(
    roads: ModeRoads, demand: Attached, facilities: Attached, positions: Ints, reach: float,
    *, metric: Metric = "time", direction: Direction = "to_facility", threads: int = 1,
) -> TravelTimes:  # fmt: skip
    """Find all facilities within a reach of every point, one bounded search a facility.

    Args:
        roads: the mode's roads.
        demand: P points attached to them.
        facilities: n facilities attached to them.
        positions: i32[n] position of each in the study's Facilities, ascending.
        reach: inclusive; seconds door to door (terminal time included) or network metres.
        metric: what is minimised and bounded.
        direction: ``from_facility`` for trips that start at the facility.
        threads: facilities are spread over so many threads; the answer is the same for any number.

    Returns:
        Rows ascending by the metric, ties by lower facility position. Memory goes with nodes, points and pairs.
    """
    limit = reach + HALF_STEP - (roads.access.terminal_s if metric == "time" else 0.0)
    pair = _pairs(roads, demand, facilities, metric, direction, limit, threads)
    pair = pair[np.lexsort((pair["owner"], pair["cost"], pair["point"]))]
    first = np.zeros(demand.n_points + 1, dtype=np.int64)
    np.cumsum(np.bincount(pair["point"], minlength=demand.n_points), out=first[1:])
    return assemble(
        roads, demand, facilities, positions, metric,
        first=first, owner=pair["owner"], cost=pair["cost"], other=pair["other"],
    )  # fmt: skip


class CostRows(NamedTuple):
    """Costs between P points and the facilities within a reach, the rows of a siting question.

    Attributes:
        first: i64[P+1] boundaries of the rows.
        facility: i32[K] row of the facility as it was attached, 0 to n − 1.
        cost: f64[K] seconds door to door, or network metres; ascending in a row, ties by lower facility.
    """

    first: Longs
    facility: Ints
    cost: Floats


def costs_within(
    roads: ModeRoads, demand: Attached, facilities: Attached, reach: Floats | float,
    *, metric: Metric = "time", direction: Direction = "to_facility", threads: int = 1,
) -> CostRows:  # fmt: skip
    """Find the same costs as :func:`within` to the last digit, without the other metric, in twelve bytes a pair.

    Facilities are searched twice: once to count the pairs of each point, once to write each pair where it belongs.
    That takes less time than sorting them all, and a tenth of the memory, so that a province's hundreds of millions of
    pairs fit. ``reach`` may be f64[P], a reach for each point.
    """
    from lifezone.kernels.pairs import sort_rows  # noqa: PLC0415
    from lifezone.kernels.reach import count_within, fill_within  # noqa: PLC0415

    n_points, terminal_s = demand.n_points, roads.access.terminal_s if metric == "time" else 0.0
    gap_s = demand.gap_s if metric == "time" else np.zeros(n_points)
    reaches = np.broadcast_to(np.asarray(reach, np.float64), (n_points,)) + HALF_STEP - terminal_s
    limit, node_most, most = (
        float(reaches.max(initial=0.0)),
        np.full(roads.graph.n_nodes, np.inf),
        np.full(n_points, np.inf),
    )
    if np.ndim(reach) and n_points:  # else the limit alone decides, to the last digit as in `within`
        on_road = np.isfinite(gap_s)
        most[on_road] = np.nextafter(reaches[on_road] - gap_s[on_road], np.inf)
        most[~on_road] = 0.0
        node_most = _asked_at_nodes(roads, demand, most, metric, direction)
    if facilities.n_points == 0 or n_points == 0:
        return CostRows(np.zeros(n_points + 1, np.int64), np.empty(0, np.int32), np.empty(0))
    field, blocks = _field(roads, demand, facilities, metric, direction), _blocks(facilities.n_points, threads)

    counts = np.stack(map_threads(lambda block: count_within(field, *block, limit, node_most, most), blocks, threads))
    first = np.zeros(n_points + 1, np.int64)
    np.cumsum(counts.sum(axis=0, dtype=np.int64), out=first[1:])
    places = first[:-1] + np.cumsum(counts, axis=0, dtype=np.int64) - counts  # where each block's pairs of a row begin
    owner, cost = np.empty(first[-1], np.int32), np.empty(first[-1], np.float64)

    def fill(at: int) -> None:
        fill_within(field, *blocks[at], limit, node_most, most, places[at], owner, cost)

    map_threads(fill, range(len(blocks)), threads)

    def finish(block: tuple[int, int]) -> None:
        """Round what is told as :func:`within` does, then sort: rounding can make ties."""
        low, high = first[block[0]], first[block[1]]
        gap = np.repeat(gap_s[slice(*block)], np.diff(first[block[0] : block[1] + 1]))
        np.round(gap + cost[low:high] + terminal_s, DECIMALS, out=cost[low:high])
        sort_rows(first, owner, cost, *block)

    map_threads(finish, _blocks(n_points, max(threads, n_points // _ROWS_FINISHED)), threads)
    return CostRows(first, owner, cost)


def _asked_at_nodes(roads: ModeRoads, demand: Attached, most: Floats, metric: Metric, direction: Direction) -> Floats:
    """Return f64[N] the cost from which on no point asks any more for a facility that is reached through a node.

    That is the greatest of (what a point asks for at most − the way from the node to it), by one search from all points
    at once in the other direction; a hair more, for what its sums are off.
    """
    legs = point_legs(demand, direction)
    point, leg = np.nonzero(legs.node >= 0)
    cost = by_metric(metric, legs.seconds[point, leg], legs.metres[point, leg])[0]
    highest = _ENDLESS if np.isinf(most).any() else 1.0 + float(most.max(initial=0.0))
    seed = np.zeros(len(point), SEED)
    seed["node"] = legs.node[point, leg]
    seed["cost"] = highest - np.minimum(most[point], highest) + cost
    other_way: Direction = "from_facility" if direction == "to_facility" else "to_facility"
    return np.asarray(highest - lean_search(roads, seed, metric, other_way)["cost"] + _HAIR)


def reach_of_nearest(
    roads: ModeRoads, demand: Attached, facilities: Attached, count: int,
    *, metric: Metric = "time", direction: Direction = "to_facility", threads: int = 1,
) -> Floats:  # fmt: skip
    """Return f64[P] a reach for each point that holds about ``count`` facilities, told from every n-th of them.

    ``inf`` where the point reaches too few of those to tell.
    """
    step = max(1, facilities.n_points // _SAMPLED)
    few = facilities.take(np.arange(0, facilities.n_points, step))
    found = costs_within(roads, demand, few, np.inf, metric=metric, direction=direction, threads=threads)
    at = found.first[:-1] + -(-count // step)  # one more than the share, so that rather more lie within
    told = at < found.first[1:]
    reach = np.full(demand.n_points, np.inf)
    reach[told] = found.cost[at[told]]
    return reach


def linked_pairs(
    roads: ModeRoads, points: Attached, link_m: float, shares: np.ndarray | None = None, *, threads: int = 1
) -> tuple[Ints, Ints]:
    """Return all pairs a < b of points at most ``link_m`` apart along the network, in either direction.

    Args:
        roads: the mode's roads.
        points: n points attached to them.
        link_m: metres from anchor to anchor, inclusive.
        shares: u32[n] bit masks; only pairs with a common bit are returned. None = all.
        threads: see :func:`within`.

    Returns:
        i32[K] and i32[K], sorted by a, then b. Memory goes with the pairs; :func:`linked_groups` needs none for them.
    """
    pair = _pairs(roads, points, points, "length", "from_facility", link_m + HALF_STEP, threads)
    a, b = np.minimum(pair["owner"], pair["point"]), np.maximum(pair["owner"], pair["point"])
    wanted = a < b
    if shares is not None:
        mask = _masks(points, shares)
        wanted &= (mask[a] & mask[b]) != 0
    both = np.unique(np.stack([a[wanted], b[wanted]], axis=1), axis=0).astype(np.int32)
    return np.ascontiguousarray(both[:, 0]), np.ascontiguousarray(both[:, 1])


def linked_groups(roads: ModeRoads, points: Attached, link_m: float, shares: np.ndarray | None = None) -> Ints:
    """Return i32[n] the group of each point: points are joined along :func:`linked_pairs`, one into another.

    Groups are numbered from 0 in the order of their lowest point. A point that is off the network, or shares
    nothing, is a group of its own. Memory goes with nodes and points, never with pairs.
    """
    from lifezone.kernels.reach import unite_within  # noqa: PLC0415

    if points.n_points == 0:
        return np.empty(0, np.int32)
    mask = _masks(points, np.ones(points.n_points) if shares is None else shares)
    field = _field(roads, points, points, "length", "from_facility")
    lowest = unite_within(field, mask, float(link_m + HALF_STEP))
    group: Ints = np.unique(lowest, return_inverse=True)[1].astype(np.int32)
    return group


def _masks(points: Attached, shares: np.ndarray) -> np.ndarray:
    """Return the bit masks as u32[n]."""
    if len(shares) != points.n_points:
        raise InputError(f"shares: expected {points.n_points:,} masks, got {len(shares):,}")
    masks: np.ndarray = plain(shares, np.uint32)
    return masks


def _pairs(
    roads: ModeRoads, demand: Attached, facilities: Attached, metric: Metric, direction: Direction,
    limit: float, threads: int,
) -> Records:  # fmt: skip
    """Return every pair within ``limit`` (both access walks counted, as far as the metric does; no terminal time)."""
    from lifezone.kernels.reach import pairs_within  # noqa: PLC0415

    n = facilities.n_points
    if n == 0 or demand.n_points == 0:
        return np.empty(0, PAIR)
    field = _field(roads, demand, facilities, metric, direction)

    def search(block: tuple[int, int]) -> Records:
        return pairs_within(field, demand.n_points, block[0], block[1], float(limit))

    return np.concatenate(map_threads(search, _blocks(n, threads), threads))


def _blocks(n: int, threads: int) -> list[tuple[int, int]]:
    """Return ranges of n things, a few for each thread."""
    cuts = np.unique(np.linspace(0, n, min(n, max(threads, 1) * BLOCKS_PER_THREAD) + 1).astype(int))
    return list(pairwise(cuts.tolist()))


def _field(roads: ModeRoads, demand: Attached, facilities: Attached, metric: Metric, direction: Direction) -> Field:
    """Lay out edges, facilities and points for bounded searches."""
    seed = seeds_of(facilities, metric, direction)
    spot = on_chain_of(facilities, metric)
    spot = spot[np.argsort(spot["owner"], kind="stable")]
    legs = point_legs(demand, direction)
    point, leg = np.nonzero(legs.node >= 0)
    order = np.argsort(legs.node[point, leg], kind="stable")
    point, leg = point[order], leg[order]
    hook = np.zeros(len(point), HOOK)
    hook["cost"], hook["other"] = by_metric(metric, legs.seconds[point, leg], legs.metres[point, leg])
    hook["end_cost"] = by_metric(metric, demand.gap_s[point], np.zeros(len(point)))[0]
    hook["point"] = point
    chain_hook = on_chain_of(demand, metric)
    return Field(
        roads.edges(metric, reverse=direction == "to_facility"),
        seed, _starts(seed["owner"], facilities.n_points),
        spot, _starts(spot["owner"], facilities.n_points),
        hook, _starts(legs.node[point, leg], roads.graph.n_nodes),
        chain_hook, _starts(chain_hook["chain"], len(roads.graph.chain_from)),
        1.0 if direction == "to_facility" else -1.0,
    )  # fmt: skip


def _starts(sorted_keys: np.ndarray, n: int) -> np.ndarray:
    """Return i64[n+1] where each key's rows start."""
    first = np.zeros(n + 1, dtype=np.int64)
    np.cumsum(np.bincount(sorted_keys, minlength=n), out=first[1:])
    return first
