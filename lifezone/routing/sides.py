"""The two sides of a question, in the metric it is asked by: facilities as seeds, points as hooks.

With metric ``time`` what is minimised is network time and the facility's own access walk; with ``length`` it is network
metres alone, and the other column tells of the same trip.
"""

from __future__ import annotations

from typing import Literal

import numpy as np

from lifezone.kernels.records import ON_CHAIN, SEED, Hooks, Records
from lifezone.model import Floats, Legs, Longs, Metric
from lifezone.routing.plain import plain
from lifezone.routing.roads import Attached

__all__ = ["Direction", "by_metric", "facility_legs", "hooks_of", "on_chain_of", "point_legs", "seeds_of"]

Direction = Literal["to_facility", "from_facility"]


def by_metric(metric: Metric, seconds: Floats, metres: Floats) -> tuple[Floats, Floats]:
    """Return (cost, other): what is minimised first."""
    return (seconds, metres) if metric == "time" else (metres, seconds)


def point_legs(points: Attached, direction: Direction) -> Legs:
    """Return the legs by which points meet trips of this direction."""
    return points.leaving if direction == "to_facility" else points.arriving


def facility_legs(facilities: Attached, direction: Direction) -> Legs:
    """Return the legs by which facilities meet trips of this direction."""
    return facilities.arriving if direction == "to_facility" else facilities.leaving


def seeds_of(facilities: Attached, metric: Metric, direction: Direction) -> Records:
    """Return SEED[n]: every leg of every facility that is on the network, its access walk included in the seconds."""
    legs = facility_legs(facilities, direction)
    owner, leg = np.nonzero(legs.node >= 0)
    seed = np.empty(len(owner), SEED)
    seconds = legs.seconds[owner, leg] + facilities.gap_s[owner]
    seed["cost"], seed["other"] = by_metric(metric, seconds, legs.metres[owner, leg])
    seed["node"], seed["owner"] = legs.node[owner, leg], owner
    return seed


def on_chain_of(facilities: Attached, metric: Metric) -> Records:
    """Return ON_CHAIN[n]: the place of every facility on each of its chains, sorted by chain, then along it."""
    legs = facilities.leaving  # both kinds of legs know the same chains
    owner, leg = np.nonzero(legs.chain >= 0)
    cost, other = by_metric(metric, legs.chain_seconds[owner, leg], legs.chain_metres[owner, leg])
    order = np.lexsort((owner, other, cost, legs.chain[owner, leg]))
    owner, leg = owner[order], leg[order]
    place = np.empty(len(owner), ON_CHAIN)
    place["cost"], place["other"] = cost[order], other[order]
    place["end_cost"], place["end_other"] = by_metric(metric, facilities.gap_s[owner], np.zeros(len(owner)))
    place["owner"], place["chain"] = owner, legs.chain[owner, leg]
    return place


def hooks_of(points: Attached, metric: Metric, direction: Direction, on_chain: Records) -> Hooks:
    """Return where points meet the graph, and which rows of ``on_chain`` (sorted) lie on their own chains.

    The facilities' few chains are looked up among the points' many, which are sorted once: looking up every point's
    among the facilities' took as long as a third of the search.
    """
    legs = point_legs(points, direction)
    cost, other = by_metric(metric, legs.seconds, legs.metres)
    chain_cost, chain_other = by_metric(metric, legs.chain_seconds, legs.chain_metres)
    low, high = _rows_of_chains(points, on_chain)
    return Hooks(
        node=plain(legs.node, np.int32),
        cost=plain(cost, np.float64),
        other=plain(other, np.float64),
        chain_cost=plain(chain_cost, np.float64),
        chain_other=plain(chain_other, np.float64),
        low=low,
        high=high,
        sign=1.0 if direction == "to_facility" else -1.0,
    )


def _rows_of_chains(points: Attached, on_chain: Records) -> tuple[Longs, Longs]:
    """Return i64[n, 2] each: the first row of ``on_chain`` on the chain of each leg, and the one after the last."""
    by_chain, sorted_chains = points.by_chain
    chain, begin, count = np.unique(on_chain["chain"], return_index=True, return_counts=True)
    first, last = (np.searchsorted(sorted_chains, chain, side=side) for side in ("left", "right"))
    many = last - first
    within = np.arange(many.sum()) - np.repeat(np.cumsum(many) - many, many)
    leg = by_chain[np.repeat(first, many) + within]
    low, high = np.zeros((2, *points.leaving.chain.shape), np.int64)
    low.flat[leg] = np.repeat(begin, many)
    high.flat[leg] = np.repeat(begin + count, many)
    return low, high
