"""Urban areas by the share of residents who go to a centre: ties of 5, 10 and 20 % (D10).

F counts those who stay, R_i = Σ_j F_ij, W_j = Σ_i F_ij, s_ij = F_ij / R_i.

(1)  centre: W/R ≥ 1, no s_jk ≥ 10 % to another district, people ≥ 50,000
(2)  any other i joins the centre with its largest s_ij, when that is ≥ 5 %
(3)  its class is that of s_ij: 5–10, 10–20, ≥ 20 %; other centres with s_ij ≥ 5 % are its overlap
(4)  an area holds together through its members: one that is not tied to the centre by neighbours is an exclave

The thresholds are those of a Korean study of living areas from 2017 commuting to work and school; its formula is not
published, (1)–(4) are ours. Ties may be measured by Burt's dyadic constraint instead (see ``burt``); (1) always reads
shares, since a constraint says nothing of how many leave.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from lifezone.model import Bools, Floats, Ints

__all__ = ["TieAreas", "connected_to", "tie_areas", "tie_shares"]

_ROUNDED: Final = 1 - 1e-9
"""Modelled flows meet equal totals only so far."""


@dataclass(frozen=True, eq=False)
class TieAreas:
    """Urban areas of D districts.

    Attributes:
        label: i32[D] position of the area's centre, −1 = in no area.
        is_centre: bool[D].
        towards: i32[D] the centre with the largest tie, whether or not it is enough; −1 = no tie to any.
        tie: f64[D] that tie; NaN for centres and where there is none.
        level: i32[D] how many of the thresholds the tie meets, 0 = none; centres have 0.
        exclave: bool[D] tied to a centre but not connected with it through members.
        overlap: tuple of D i32 arrays, other centres with a tie of the first threshold or more, strongest first.
    """

    label: Ints
    is_centre: Bools
    towards: Ints
    tie: Floats
    level: Ints
    exclave: Bools
    overlap: tuple[Ints, ...]


def tie_shares(flows: Floats) -> Floats:
    """Return f64[D, D] s_ij = F_ij ÷ R_i; rows without residents are 0."""
    residents = flows.sum(axis=1, keepdims=True)
    found: Floats = np.divide(flows, residents, out=np.zeros_like(flows), where=residents > 0)
    return found


def tie_areas(
    flows: Floats,
    people: Floats,
    *,
    ties: Floats | None = None,
    thresholds: tuple[float, ...] = (0.05, 0.10, 0.20),
    least_people: float = 50_000.0,
    most_leaving: float = 0.10,
    least_in_out: float = 1.0,
    neighbours: Bools | None = None,
) -> TieAreas:
    """Join districts to centres.

    Args:
        flows: f64[D, D] people, from row to column.
        people: f64[D] people living there.
        ties: f64[D, D] how strong ties are; None = shares of residents.
        thresholds: classes of ties, ascending; the first is the least that joins.
        least_people: a centre has so many, (1).
        most_leaving: a centre has no tie of this share or more to another district, (1).
        least_in_out: a centre's W/R is at least this, (1).
        neighbours: bool[D, D] which districts touch; None = nothing is known, areas are not tested for exclaves.
    """
    share = tie_shares(flows)
    strength = share if ties is None else ties
    is_centre = _centres(flows, share, people, least_people, most_leaving, least_in_out)
    count = len(flows)
    to_centres = np.where(is_centre[None, :], strength, -1.0)
    np.fill_diagonal(to_centres, -1.0)
    towards = np.where(to_centres.max(axis=1, initial=-1.0) > 0, _first_largest(to_centres), -1).astype(np.int32)
    rows = np.arange(count)
    tie = np.where(towards >= 0, to_centres[rows, towards], np.nan)
    tie[is_centre] = np.nan
    joins = ~is_centre & (tie >= thresholds[0])
    label = np.where(is_centre, rows, np.where(joins, towards, -1)).astype(np.int32)
    level = np.zeros(count, np.int32)
    for least in thresholds:
        level += (joins & (tie >= least)).astype(np.int32)
    exclave = np.zeros(count, np.bool_)
    if neighbours is not None:
        for centre in np.flatnonzero(is_centre).tolist():
            members = label == centre
            exclave |= members & ~connected_to(centre, members, neighbours)
    label = np.where(exclave, -1, label).astype(np.int32)
    overlap = tuple(_others(to_centres[i], int(towards[i]) if joins[i] else -1, thresholds[0]) for i in range(count))
    return TieAreas(label, is_centre, np.where(is_centre, -1, towards).astype(np.int32), tie, level, exclave, overlap)


def connected_to(start: int, members: Bools, neighbours: Bools) -> Bools:
    """Return bool[D] the members that can be walked to from one of them through members that touch."""
    found = np.zeros(len(members), np.bool_)
    found[start] = True
    edge = found
    while edge.any():
        edge = neighbours[edge].any(axis=0) & members & ~found
        found = found | edge
    return found


def _centres(
    flows: Floats, share: Floats, people: Floats, least_people: float, most_leaving: float, least_in_out: float
) -> Bools:
    """Return bool[D] of rule (1)."""
    residents, workers = flows.sum(axis=1), flows.sum(axis=0)
    leaving = share.copy()
    np.fill_diagonal(leaving, 0.0)
    draws = (workers >= least_in_out * residents * _ROUNDED) & (workers > 0)
    found: Bools = draws & (leaving.max(axis=1, initial=0.0) < most_leaving) & (people >= least_people)
    return found


def _first_largest(values: Floats) -> Ints:
    """Return i32[n] the column of each row's largest value, the first of equal ones."""
    if values.shape[1] == 0:
        return np.empty(0, np.int32)
    found: Ints = values.argmax(axis=1).astype(np.int32)
    return found


def _others(ties: Floats, own: int, least: float) -> Ints:
    """Return the other centres with a tie of at least ``least``, strongest first, the first of equal ones first."""
    enough = np.flatnonzero(ties >= least)
    enough = enough[enough != own]
    found: Ints = enough[np.argsort(-ties[enough], kind="stable")].astype(np.int32)
    return found
