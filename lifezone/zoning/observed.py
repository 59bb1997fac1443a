"""Zones by where people really go: observed users of facilities by the place they live in.

p_ij is the share of the users from the origin of point i that use centre j; a point belongs to the centre that most
use. People of a dropped centre use the nearest that stands within the reach, else none (D9). Points whose origin no
row names belong to no centre: what they do is not known.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from pydantic import Field

from lifezone.model import Bools, Floats, Ints, Longs
from lifezone.sources.observed_table import Observed, ObservedTable
from lifezone.zoning.assign import Assigned, by_largest_share, nearest_centre, summed
from lifezone.zoning.centres import Centres
from lifezone.zoning.choices import Choices

__all__ = ["ObservedFlows", "ObservedUse", "observed_shares", "users_of_pairs"]


class ObservedFlows(ObservedTable):
    """Everybody uses what the people of the same place are seen to use."""

    method: Literal["observed"] = Field(description="As observed: patients, pupils, visitors by where they live.")


@dataclass(frozen=True, eq=False)
class ObservedUse:
    """The users of every centre as observed.

    Attributes:
        choices: who is seen to use what; the cost is ``inf`` beyond the reach.
        share: f64[K] share of the point's people in each pair.
        near: centres within the reach, the nearest first.
        weight: f64[P] people.
    """

    choices: Choices
    share: Floats
    near: Choices
    weight: Floats

    def assign(self, alive: Bools) -> Assigned:
        """Return the users of the centres that stand."""
        if alive.all():
            return by_largest_share(self.choices, self.share, self.weight)
        choices, n = self.choices, self.choices.n_points
        stands = alive[choices.centre]
        homeless = summed(choices.row, self.share * ~stands, n)
        near = nearest_centre(self.near, self.weight, alive)
        moving = np.flatnonzero((homeless > 0) & (near.label >= 0))
        row = np.concatenate([choices.row[stands], moving])
        centre = np.concatenate([choices.centre[stands], near.label[moving]])
        cost = np.concatenate([choices.cost[stands], near.cost[moving]])
        facility = np.concatenate([choices.facility[stands], near.facility[moving]])
        share = np.concatenate([self.share[stands], homeless[moving]])
        both = joined_pairs(row, centre, cost, facility, share, n, choices.n_centres)
        return by_largest_share(*both, self.weight)


def joined_pairs(
    row: np.ndarray,
    centre: np.ndarray,
    cost: Floats,
    facility: np.ndarray,
    share: Floats,
    n_points: int,
    n_centres: int,
) -> tuple[Choices, Floats]:
    """Return pairs as choices, each once, with the sum of their shares."""
    pair, first, at = np.unique(row.astype(np.int64) * n_centres + centre, return_index=True, return_inverse=True)
    total, cost, facility = summed(at, share, len(pair)), cost[first], facility[first]
    row, to = pair // n_centres, (pair % n_centres).astype(np.int32)
    order = np.lexsort((to, cost, row))
    bounds = np.zeros(n_points + 1, np.int64)
    np.cumsum(np.bincount(row, minlength=n_points), out=bounds[1:])
    return Choices(bounds, to[order], cost[order], facility[order], n_centres), total[order]


def observed_shares(observed: Observed, centres: Centres, near: Choices) -> tuple[Choices, Floats]:
    """Return who is seen to use what as pairs of points and centres, and the share of the point's people in each.

    Args:
        observed: users by origin and facility; facilities that are none of the centres' are left out.
        centres: the centres.
        near: trips within the reach, from which costs are taken.
    """
    n, n_points = centres.n_centres, len(observed.of_point)
    to = _centre_of(observed, centres)
    rows = np.flatnonzero(to >= 0)
    rows = rows[np.argsort(observed.origin[rows], kind="stable")]
    n_origins = 1 + int(max(observed.of_point.max(initial=-1), observed.origin.max(initial=-1)))
    first = np.searchsorted(observed.origin[rows], np.arange(n_origins + 1))
    point = np.flatnonzero(observed.of_point >= 0)
    origin = observed.of_point[point]
    count = (first[1:] - first[:-1])[origin]
    start = np.repeat(first[:-1][origin], count)
    point = np.repeat(point, count)
    entry = rows[start + np.arange(len(point)) - np.repeat(np.cumsum(count) - count, count)]
    total = summed(observed.origin[rows], observed.people[rows], n_origins)
    share = observed.people[entry] / total[observed.origin[entry]]
    cost, facility = _trips(point.astype(np.int64) * n + to[entry], near)
    facility = np.where(facility >= 0, facility, observed.facility[entry])
    return joined_pairs(point, to[entry], cost, facility, share, n_points, n)


def users_of_pairs(observed: Observed, centres: Centres, choices: Choices, share: Floats, weight: Floats) -> Floats:
    """Return f64[K] observed users of each pair: those of an origin are spread over its points by their people."""
    n = len(observed.of_point)
    counted = _centre_of(observed, centres) >= 0
    n_origins = 1 + int(max(observed.of_point.max(initial=-1), observed.origin.max(initial=-1)))
    total = summed(observed.origin[counted], observed.people[counted], n_origins)
    placed = observed.of_point >= 0
    at_origin = summed(observed.of_point[placed], weight[placed], n_origins)
    here = np.zeros(n)
    origin = observed.of_point[placed]
    here[placed] = np.divide(
        total[origin] * weight[placed], at_origin[origin], out=np.zeros(len(origin)), where=at_origin[origin] > 0
    )
    users: Floats = share * here[choices.row]
    return users


def _centre_of(observed: Observed, centres: Centres) -> np.ndarray:
    """Return i32[K] the centre of each observed row, −1 where its facility serves another function."""
    most = max(centres.facility.max(initial=-1), observed.facility.max(initial=-1))
    number = np.full(int(most) + 1, -1, np.int32)
    number[centres.facility] = centres.of
    return number[observed.facility]


def _trips(asked: Longs, near: Choices) -> tuple[Floats, Ints]:
    """Return the trips of pairs (point × C + centre): ``inf`` and −1 where they lie beyond the reach."""
    known = near.row.astype(np.int64) * near.n_centres + near.centre
    cost, facility = np.full(len(asked), np.inf), np.full(len(asked), -1, np.int32)
    if not len(known):
        return cost, facility
    order = np.argsort(known)
    at = order[np.minimum(np.searchsorted(known, asked, sorter=order), len(known) - 1)]
    hit = known[at] == asked
    cost[hit], facility[hit] = near.cost[at[hit]], near.facility[at[hit]]
    return cost, facility
