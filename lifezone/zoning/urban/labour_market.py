"""Labour market areas: as many areas as there can be that each hold enough of their own commuting.

(1)  SC = min(C/R, C/W), C = people who live and work in the area, R residents who work, W people who work there
(2)  validity = [1 − (1 − minSC/tarSC) · max(0, (tarSZ − R)/(tarSZ − minSZ))] · min(SC, tarSC)/tarSC ÷ (minSC/tarSC),
     valid from 1: at the target size the minimum containment is enough, at the minimum size the target is asked
(3)  link L_ij = F_ij² / (R_i W_j) + F_ji² / (R_j W_i)

1. Every district is an area; districts without residents or places, or without any tie to another, stay out.
2. The least valid area gives up a district: its only one, or the one that exchanges most with others.
3. The district joins the area that (3) ties it to most; where that area would be less valid than before, or no tie is
   left, it waits instead.
4. Repeat 2 and 3 until every area is valid; then those that wait join the area they are tied to most, one by one.

M. Coombes and S. Bond, *Travel-to-Work Areas: the 2007 review*, ONS, 2008; the steps as L. Franconi, D. Ichim and
M. D'Alò describe them, "Labour Market Areas for territorial policies: tools for a European approach", *Statistical
Journal of the IAOS* 33 (2017), 585–591, and as the R package LabourMarketAreas does them. Not as there: a district
without any tie to leave by waits alone, the others of its area are looked at again in their turn; and one that has
moved many times waits, since two areas may else pass it to and fro for ever.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from lifezone.model import Bools, Floats, Ints, Longs

__all__ = ["LabourMarket", "Tradeoff", "labour_market"]

_MOST_MOVES: Final = 50
"""After so many a district waits; real tables need one to three."""
_WHOLE: Final = 1.0 - 1e-12
"""Containment that is everything, sums of modelled flows being rounded."""


@dataclass(frozen=True)
class Tradeoff:
    """How much containment an area of a size needs: equation (2).

    Attributes:
        min_size: residents who work below whom no containment is enough, unless all is contained.
        min_containment: share that is enough from ``target_size`` on.
        target_size: residents who work.
        target_containment: share that is asked at ``min_size``.
    """

    min_size: float
    min_containment: float
    target_size: float
    target_containment: float

    def validity(self, residents: Floats, workers: Floats, inside: Floats) -> Floats:
        """Return f64[n] equation (2); areas are valid from 1 on. Nothing crosses the border = 1."""
        fullest = np.maximum(residents, workers)
        contained = np.divide(inside, fullest, out=np.zeros(len(inside)), where=fullest > 0)
        least = self.min_containment / self.target_containment
        small = np.maximum(0.0, (self.target_size - residents) / (self.target_size - self.min_size))
        found: Floats = (1 - (1 - least) * small) * np.minimum(contained / self.target_containment, 1.0) / least
        return np.where(contained >= _WHOLE, 1.0, found)


@dataclass(frozen=True, eq=False)
class LabourMarket:
    """Areas of D districts.

    Attributes:
        label: i32[D] the district that the area began with, −1 = stays out.
        waited: bool[D] joined an area only at the end.
        steps: how many districts were moved or set aside.
    """

    label: Ints
    waited: Bools
    steps: int


def labour_market(flows: Floats, tradeoff: Tradeoff) -> LabourMarket:
    """Find the labour market areas.

    Args:
        flows: f64[D, D] people, from row to column; equal choices fall to the district that comes first.
        tradeoff: which areas are valid.
    """
    state = _State(flows)
    steps = 0
    while True:
        area = state.least_valid(tradeoff)
        if area < 0:
            break
        state.give_up(area, tradeoff)
        steps += 1
    waited = state.waits.copy()
    state.take_back()
    return LabourMarket(state.label.astype(np.int32), waited, steps)


class _State:
    """Which district is in which area while areas change; sums are kept up to date, districts never copied.

    ``out[d, a]`` people from district d to area a, ``into[a, d]`` from area a to district d.
    """

    def __init__(self, flows: Floats) -> None:
        self.flows = flows
        self.residents, self.workers = flows.sum(axis=1), flows.sum(axis=0)
        self.label = np.arange(len(flows))
        self.waits = np.zeros(len(flows), np.bool_)
        self.label[self._nothing_to_do()] = -1
        inside = self.label >= 0
        # Flows from and to districts that stay out do not count, as if they were not in the table.
        self.flows = flows * inside[:, None] * inside[None, :]
        self.residents, self.workers = self.flows.sum(axis=1), self.flows.sum(axis=0)
        self.out, self.into = self.flows.copy(), self.flows.copy()
        self.area_residents, self.area_workers = self.residents.copy(), self.workers.copy()
        self.inside = np.diagonal(self.flows).copy()
        self.count = inside.astype(np.int64)
        self.moves = np.zeros(len(flows), np.int64)

    def least_valid(self, tradeoff: Tradeoff) -> int:
        """Return the area with the least validity below 1, −1 = all are valid."""
        validity = tradeoff.validity(self.area_residents, self.area_workers, self.inside)
        validity[self.count == 0] = np.inf
        area = int(validity.argmin()) if len(validity) else -1
        return area if area >= 0 and validity[area] < 1 else -1

    def give_up(self, area: int, tradeoff: Tradeoff) -> None:
        """Move one district of an area to the one that it is tied to most, or let it wait."""
        members = np.flatnonzero(self.label == area)
        district = int(members[self._exchange(members, area).argmax()])
        self._leave(district, area)
        new = self._strongest(district, other_than=area)
        self.moves[district] += 1
        if new < 0 or self.moves[district] > _MOST_MOVES:
            self.waits[district] = True
            return
        before = self._validity(new, tradeoff)
        self._join(district, new)
        if self._validity(new, tradeoff) < before:
            self._leave(district, new)
            self.waits[district] = True

    def take_back(self) -> None:
        """Let the districts that wait join the area they are tied to most; again, until nothing changes."""
        waiting = np.flatnonzero(self.waits)
        away = self.residents + self.workers - 2 * np.diagonal(self.flows)
        queue = waiting[np.argsort(-away[waiting], kind="stable")].tolist()
        moved = True
        while queue and moved:
            left = []
            for district in queue:
                area = self._strongest(district)
                if area < 0:
                    left.append(district)
                else:
                    self._join(district, area)
            moved, queue = len(left) < len(queue), left

    def _exchange(self, members: Longs, area: int) -> Floats:
        """Return f64[n] those who leave each member for anywhere, and those who come from outside the area."""
        leaving = self.residents[members] - np.diagonal(self.flows)[members]
        found: Floats = leaving + self.workers[members] - self.into[area, members]
        return found

    def _strongest(self, district: int, other_than: int = -1) -> int:
        """Return the area with the largest link (3) to a district, −1 = none has any."""
        over = self.residents[district] * self.area_workers, self.area_residents * self.workers[district]
        link = np.zeros(len(self.count))
        for flow, whole in zip((self.out[district], self.into[:, district]), over, strict=True):
            link += np.divide(flow**2, whole, out=np.zeros(len(link)), where=whole > 0)
        link[self.count == 0] = 0.0
        if other_than >= 0:
            link[other_than] = 0.0
        area = int(link.argmax())
        return area if link[area] > 0 else -1

    def _validity(self, area: int, tradeoff: Tradeoff) -> float:
        """Return the validity of one area."""
        at = slice(area, area + 1)
        return float(tradeoff.validity(self.area_residents[at], self.area_workers[at], self.inside[at])[0])

    def _join(self, district: int, area: int) -> None:
        """Put a district that is in no area into one."""
        self._move(district, area, 1)
        self.label[district] = area

    def _leave(self, district: int, area: int) -> None:
        """Take a district out of its area."""
        self.label[district] = -1
        self._move(district, area, -1)

    def _move(self, district: int, area: int, sign: int) -> None:
        """Add a district's sums to an area's, or take them away; counts of people are exact while they are whole."""
        own = self.flows[district, district]
        with_others = self.out[district, area] + self.into[area, district]
        self.inside[area] += with_others + own if sign > 0 else own - with_others
        self.out[:, area] += sign * self.flows[:, district]
        self.into[area] += sign * self.flows[district]
        self.area_residents[area] += sign * self.residents[district]
        self.area_workers[area] += sign * self.workers[district]
        self.count[area] += sign

    def _nothing_to_do(self) -> Bools:
        """Return bool[D] districts without residents, without places or without others, again until none is left."""
        out = np.zeros(len(self.flows), np.bool_)
        while True:
            flows = self.flows * ~out[:, None] * ~out[None, :]
            residents, workers, own = flows.sum(axis=1), flows.sum(axis=0), np.diagonal(flows)
            more = (residents == 0) | (workers == 0) | ((own == residents) & (own == workers))
            if (more == out).all() or not (more & ~out).any():
                return out
            out |= more
