"""The nearest facility by ready-made travel times, and groups of points where there are no roads to join them along."""

from __future__ import annotations

import numpy as np

from lifezone.access.nearest import NearestTrip
from lifezone.model import Floats, GivenTimes, Ints, Metric, World

__all__ = ["groups_by_air", "nearest_given"]


def nearest_given(given: GivenTimes, world: World, positions: Ints, metric: Metric) -> NearestTrip:
    """Return the best given trip of every demand point to some facilities; the seconds are those of the table.

    Args:
        given: the ready-made times.
        world: its demand and facilities.
        positions: which facilities are asked for.
        metric: ``time`` or ``length``.
    """
    return NearestTrip(*given.between(world.demand, world.facilities, positions, metric).nearest())


def groups_by_air(x_m: Floats, y_m: Floats, link_m: float, shares: np.ndarray) -> Ints:
    """Return i32[n] the group of each point: joined in a straight line, where they share something.

    Args:
        x_m: f64[n] easting.
        y_m: f64[n] northing.
        link_m: points this near are joined, inclusive.
        shares: u32[n] bit masks; two points are joined only when they have a bit in common.
    """
    from scipy.sparse import coo_array  # noqa: PLC0415
    from scipy.sparse.csgraph import connected_components  # noqa: PLC0415
    from scipy.spatial import KDTree  # noqa: PLC0415

    pairs = KDTree(np.column_stack([x_m, y_m])).query_pairs(link_m, output_type="ndarray").reshape(-1, 2)
    pairs = pairs[(shares[pairs[:, 0]] & shares[pairs[:, 1]]) != 0]
    n = len(x_m)
    graph = coo_array((np.ones(len(pairs), np.bool_), (pairs[:, 0], pairs[:, 1])), shape=(n, n))
    label: Ints = connected_components(graph, directed=False)[1].astype(np.int32)
    return label
