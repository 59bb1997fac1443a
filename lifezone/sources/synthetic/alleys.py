"""Alleys (골목길): short lanes off the bends of village roads, so that a mosaic has as many junctions as real roads.

The roads of Hanbit county bend often and fork seldom: 14,000 vertices, 2,700 junctions and dead ends. Each alley
turns a bend into a junction and mostly ends blind; some ends that lie near one another are joined. All at once, by
arrays.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Final

import numpy as np
from scipy.spatial import cKDTree

from lifezone.model import Floats, Ints, Longs, Network

__all__ = ["with_alleys"]

_OFF_WAYS: Final = ("tertiary", "unclassified", "residential", "living_street", "service")
_WAY: Final = "living_street"
_KMH: Final = 15.0
_LENGTH_M: Final = (22.0, 65.0)
_JOIN_WITHIN_M: Final = 90.0
_JOIN_SHARE: Final = 0.5
_ROUND_M: Final = 100.0


def with_alleys(network: Network, count: int, walk_mps: float, rng: np.random.Generator) -> Network:
    """Return the roads with alleys off ``count`` of their bends (off all of them, where there are fewer)."""
    bend, one, other = _bends(network)
    chosen = np.sort(rng.permutation(len(bend))[:count])
    bend, one, other = bend[chosen], one[chosen], other[chosen]
    xy = np.column_stack([network.x_m, network.y_m])
    along = xy[other] - xy[one]
    size = np.maximum(np.sqrt((along * along).sum(axis=1)), 0.01)
    side = np.where(rng.random(len(bend)) < 0.5, 1.0, -1.0)
    length_m = _LENGTH_M[0] + (_LENGTH_M[1] - _LENGTH_M[0]) * rng.random(len(bend))
    across = np.column_stack([-along[:, 1], along[:, 0]]) * (side * length_m / size)[:, None]
    ends = np.round((xy[bend] + across) * _ROUND_M) / _ROUND_M
    number = (network.n_vertices + np.arange(len(bend))).astype(np.int32)
    near = _joined(ends, rng)
    tail = np.concatenate([bend, number[near[:, 0]]]).astype(np.int32)
    head = np.concatenate([number, number[near[:, 1]]]).astype(np.int32)
    return _grown(network, ends, tail, head, walk_mps)


def _bends(network: Network) -> tuple[Ints, Ints, Ints]:
    """Return the vertices at which two segments of small roads meet and no more, and the neighbours of each."""
    n = network.n_vertices
    small = np.isin(network.way, [network.ways.index(way) for way in _OFF_WAYS])
    ends = np.concatenate([network.tail, network.head])
    beside = np.concatenate([network.head, network.tail])
    degree = np.bincount(ends, minlength=n)
    by_small = np.bincount(ends[np.tile(small, 2)], minlength=n)
    one, other = np.full(n, -1, np.int32), np.full(n, -1, np.int32)
    order = np.argsort(ends, kind="stable")
    first, last = (np.searchsorted(ends[order], np.arange(n), side=side) for side in ("left", "right"))
    bend = np.flatnonzero((degree == 2) & (by_small == 2) & ~network.border).astype(np.int32)
    one[bend], other[bend] = beside[order[first[bend]]], beside[order[last[bend] - 1]]
    return bend, one[bend], other[bend]


def _joined(ends: Floats, rng: np.random.Generator) -> Longs:
    """Return i64[n, 2] pairs of alley ends that are joined: nearest to each other, near, and half of those by lot."""
    lot = rng.random(len(ends))
    if len(ends) < 2:
        return np.empty((0, 2), np.int64)
    away, nearest = (np.asarray(found) for found in cKDTree(ends).query(ends, k=2))
    partner = nearest[:, 1].astype(np.int64)
    row = np.arange(len(ends))
    joins = (partner[partner] == row) & (row < partner) & (away[:, 1] <= _JOIN_WITHIN_M) & (lot < _JOIN_SHARE)
    return np.column_stack([row[joins], partner[joins]])


def _grown(network: Network, ends: Floats, tail: Ints, head: Ints, walk_mps: float) -> Network:
    """Return the roads with more vertices and two-way segments of alleys."""
    x_m, y_m = np.append(network.x_m, ends[:, 0]), np.append(network.y_m, ends[:, 1])
    metres = np.hypot(x_m[tail] - x_m[head], y_m[tail] - y_m[head])
    metres = np.maximum(np.round(metres * _ROUND_M) / _ROUND_M, 1.0)
    seconds: dict[str, Any] = {"car": metres / (_KMH / 3.6), "walk": metres / walk_mps}
    return replace(
        network,
        x_m=x_m,
        y_m=y_m,
        border=np.append(network.border, np.zeros(len(ends), np.bool_)),
        tail=np.append(network.tail, tail),
        head=np.append(network.head, head),
        metres=np.append(network.metres, metres),
        seconds={mode: np.append(arcs, np.repeat(seconds[mode], 2)) for mode, arcs in network.seconds.items()},
        way=np.append(network.way, np.full(len(tail), network.ways.index(_WAY), network.way.dtype)),
        name=np.append(network.name, np.zeros(len(tail), np.int32)),
    )
