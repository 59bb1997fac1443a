"""Centres of a function: facilities near to one another, joined one into another (DEFINITIONS D9)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from lifezone.model import Facilities, Floats, Ints

__all__ = ["Centres", "centres_of"]


@dataclass(frozen=True, eq=False)
class Centres:
    """C centres of n facilities, numbered in the order of their lowest facility id.

    Attributes:
        facility: i32[n] positions in the study's Facilities, in the order of their ids.
        of: i32[n] centre of each of them.
        ids: C ids, each the lowest of the centre's facilities.
        x_m: f64[C] easting, the mean of the facilities.
        y_m: f64[C] northing.
        capacity: f64[C] sum of the facilities' capacities, NaN where one is unknown.
    """

    facility: Ints
    of: Ints
    ids: tuple[str, ...]
    x_m: Floats
    y_m: Floats
    capacity: Floats

    @property
    def n_centres(self) -> int:
        """Number of centres C."""
        return len(self.ids)

    def members(self, centre: int) -> Ints:
        """Return the positions of a centre's facilities, in the order of their ids."""
        members: Ints = self.facility[self.of == centre]
        return members


def centres_of(facilities: Facilities, positions: Ints, apart_m: float) -> Centres:
    """Join facilities that are at most ``apart_m`` from one another, as the crow flies, one into another.

    Args:
        facilities: the study's.
        positions: i32[n] which of them serve the function, in any order.
        apart_m: metres, inclusive; 0 makes every facility a centre of its own, even at one place.
    """
    ids = facilities.ids[positions].astype(str)
    facility = np.asarray(positions, np.int32)[np.argsort(ids, kind="stable")]
    x_m, y_m = facilities.x_m[facility], facilities.y_m[facility]
    of = _joined(x_m, y_m, apart_m)
    _, first = np.unique(of, return_index=True)
    count = np.maximum(np.bincount(of, minlength=len(first)), 1)
    return Centres(
        facility=facility,
        of=of,
        ids=tuple(str(one) for one in facilities.ids[facility[first]].tolist()),
        x_m=np.bincount(of, weights=x_m, minlength=len(first)) / count,
        y_m=np.bincount(of, weights=y_m, minlength=len(first)) / count,
        capacity=np.bincount(of, weights=facilities.capacity[facility], minlength=len(first)).astype(np.float64),
    )


def _joined(x_m: Floats, y_m: Floats, apart_m: float) -> Ints:
    """Return i32[n] the group of each place; groups are numbered in the order of their first place."""
    n = len(x_m)
    if apart_m <= 0 or n < 2:
        return np.arange(n, dtype=np.int32)
    from scipy.sparse import coo_array  # noqa: PLC0415  (slow to import)
    from scipy.sparse.csgraph import connected_components  # noqa: PLC0415
    from scipy.spatial import cKDTree  # noqa: PLC0415

    pairs = cKDTree(np.column_stack([x_m, y_m])).query_pairs(apart_m, output_type="ndarray")
    links = coo_array((np.ones(len(pairs), np.int8), (pairs[:, 0], pairs[:, 1])), shape=(n, n))
    found = connected_components(links, directed=False)[1]
    _, first, group = np.unique(found, return_index=True, return_inverse=True)
    rank = np.empty(len(first), np.int32)
    rank[np.argsort(first, kind="stable")] = np.arange(len(first), dtype=np.int32)
    joined: Ints = rank[group]
    return joined
