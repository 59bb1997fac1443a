"""Functional urban areas of the OECD and the EU: a city and those who commute to it.

1. Urban centres come from a population grid (see ``urban_centres``).
2. A district is part of a city when half of its people or more live in one urban centre.
3. Two cities are one when 15 % or more of the employed of one work in the other.
4. Commuting zone: districts of which 15 % or more of the employed work in a city; the largest share decides.
5. Enclaves, whose every neighbour lies in one functional urban area, are added; exclaves, which no chain of members
   connects to the city, are dropped.

L. Dijkstra, H. Poelman and P. Veneri, *The EU–OECD definition of a functional urban area*, OECD Regional Development
Working Papers 2019/11. A district on the rim of the study is never an enclave: what lies beyond is not known.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from lifezone.model import Bools, Floats, Ints
from lifezone.zoning.urban.ties_of import connected_to

__all__ = ["FunctionalAreas", "cities_of", "functional_areas"]

_ROUNDED: Final = 1 - 1e-12


@dataclass(frozen=True, eq=False)
class FunctionalAreas:
    """Functional urban areas of D districts.

    Attributes:
        label: i32[D] position of the city's first district, −1 = in none.
        in_city: bool[D] part of a city.
        share: f64[D] largest share of the employed who work in a city, their own where they are part of one.
        towards: i32[D] label of that city, −1 = none.
        enclave: bool[D] added because it is surrounded.
        exclave: bool[D] has the share, but is not connected.
    """

    label: Ints
    in_city: Bools
    share: Floats
    towards: Ints
    enclave: Bools
    exclave: Bools


def cities_of(centre: Ints, district: Ints, people: Floats, n_districts: int, *, least_share: float = 0.5) -> Ints:
    """Return i32[D] the urban centre that each district is the city of, −1 = none: step 2.

    Args:
        centre: i32[P] urban centre of each demand point, −1 = none.
        district: i32[P] its district, −1 = outside.
        people: f64[P].
        n_districts: D.
        least_share: share of a district's people who live in the centre.
    """
    inside = district >= 0
    count = int(centre.max(initial=-1)) + 1
    whole = np.bincount(district[inside], weights=people[inside], minlength=n_districts)
    if count == 0:
        return np.full(n_districts, -1, np.int32)
    both = inside & (centre >= 0)
    part = np.zeros((n_districts, count))
    np.add.at(part, (district[both], centre[both]), people[both])
    most = part.argmax(axis=1)
    enough = (part.max(axis=1) >= least_share * whole * _ROUNDED) & (whole > 0)
    return np.where(enough, most, -1).astype(np.int32)


def functional_areas(
    flows: Floats,
    city: Ints,
    *,
    least_share: float = 0.15,
    neighbours: Bools | None = None,
    on_rim: Bools | None = None,
) -> FunctionalAreas:
    """Find the functional urban areas.

    Args:
        flows: f64[D, D] people, from row to column; those who stay on the diagonal.
        city: i32[D] number of the city each district is part of, −1 = none.
        least_share: share of the employed of steps 3 and 4, inclusive.
        neighbours: bool[D, D] which districts touch; None = step 5 is left out.
        on_rim: bool[D] districts on the rim of the study; None = none is.
    """
    member = _joined_cities(flows, city, least_share)
    residents = flows.sum(axis=1)
    count = int(member.max(initial=-1)) + 1
    to_city = flows @ (member[:, None] == np.arange(count)[None, :]).astype(np.float64)
    share = np.divide(to_city, residents[:, None], out=np.zeros_like(to_city), where=residents[:, None] > 0)
    best = share.argmax(axis=1) if count else np.zeros(len(flows), np.int64)
    largest = share.max(axis=1, initial=0.0)
    in_city = member >= 0
    label = np.where(in_city, member, np.where((largest >= least_share * _ROUNDED) & (largest > 0), best, -1))
    towards = np.where(in_city, member, np.where(largest > 0, best, -1))
    exclave, enclave = np.zeros(len(flows), np.bool_), np.zeros(len(flows), np.bool_)
    if neighbours is not None:
        enclave = _enclaves(label, neighbours, on_rim)
        apart = _apart(label, in_city, neighbours)
        label = np.where(apart, -1, label)
        exclave, enclave = apart & ~enclave, enclave & ~apart
        enclave |= _enclaves(label, neighbours, on_rim) & ~exclave
    own = share[np.arange(len(flows)), np.maximum(towards, 0)] if count else largest
    first = np.array([np.flatnonzero(member == one)[0] for one in range(count)] + [-1], np.int32)
    return FunctionalAreas(first[label], in_city, own, first[towards], enclave, exclave)


def _joined_cities(flows: Floats, city: Ints, least_share: float) -> Ints:
    """Return i32[D] the city after step 3, numbered by first district, −1 = none; cities are joined in chains."""
    from scipy.sparse.csgraph import connected_components  # noqa: PLC0415

    used = np.unique(city[city >= 0])
    part = (city[:, None] == used[None, :]).astype(np.float64)
    between = part.T @ flows @ part
    employed = part.T @ flows.sum(axis=1)
    share = np.divide(between, employed[:, None], out=np.zeros_like(between), where=employed[:, None] > 0)
    tied = (share >= least_share * _ROUNDED) & (share > 0)
    count, joined = connected_components(tied, directed=False) if len(used) else (0, np.empty(0, np.int64))
    whole = np.append(joined, -1)[np.where(city >= 0, np.searchsorted(used, city), len(used))]
    order = list(dict.fromkeys(whole[whole >= 0].tolist()))
    number = np.full(count + 1, -1)
    number[order] = np.arange(len(order))
    found: Ints = number[whole].astype(np.int32)
    return found


def _enclaves(label: Ints, neighbours: Bools, on_rim: Bools | None) -> Bools:
    """Put districts whose every neighbour is in one area into it, until none is left; ``label`` is changed."""
    added = np.zeros(len(label), np.bool_)
    rim = np.zeros(len(label), np.bool_) if on_rim is None else on_rim
    changed = True
    while changed:
        changed = False
        for at in np.flatnonzero((label < 0) & ~rim).tolist():
            around = label[neighbours[at]]
            if len(around) and around[0] >= 0 and (around == around[0]).all():
                label[at], added[at], changed = around[0], True, True
    return added


def _apart(label: Ints, in_city: Bools, neighbours: Bools) -> Bools:
    """Return bool[D] members of an area that no chain of members connects to its city."""
    found = np.zeros(len(label), np.bool_)
    for one in np.unique(label[label >= 0]).tolist():
        members = label == one
        near = np.zeros(len(label), np.bool_)
        for start in np.flatnonzero(members & in_city).tolist():
            if not near[start]:
                near |= connected_to(start, members, neighbours)
        found |= members & ~near
    return found
