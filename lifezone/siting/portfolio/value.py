"""What projects in operation are worth together, and bounds on it: interaction is computed, never added up.

Elements e (a demand point under a requirement), sites j, states k (which road projects are in operation).

 (1) burden of e = max over its rows of min over the sites that stand of c_kj; what stands in any case is one of them
 (2) B_k(s) = Σ_e w_e · burden_e,   gain = B today − B
 (3) any level ℓ of a row bounds it from below:  burden_e ≥ ℓ − Σ_{j: c_kj < ℓ} (ℓ − c_kj) s_j,
     with equality at the s for which ℓ is the cost of the nearest site that stands (Cornuéjols, Fisher, Nemhauser 1977)
 (4) in another state k' that differs from k in a road project that matters for e, the right side of (3) is lowered by
     the most that it can be lower there: max_j (c_kj − least cost of j over all states)

(1) holds minutes (rows: one for each kind that is needed), coverage (cost 0 within the bound, else 1) and life deserts:
a point is desert while all functions of some set are lost that makes it one, so it has a row for each smallest such
set, of cost 0 where a site within the bound serves any of its functions. A site that a project opens stands with it,
one that a project closes stands without it: s is linear in what is in operation.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np

from lifezone.model import Bools, Floats, Longs

__all__ = ["LEAST", "Block", "Frame", "Lower", "Measure"]

LEAST: Final = -1
"""In place of a state: the least cost of every trip over all states."""
_ONE = 1.0 - 1e-9
"""A sum of shares from which on it counts as one."""


@dataclass(frozen=True, eq=False)
class Frame:
    """What all measures of a portfolio share.

    Attributes:
        n_projects: n.
        states: road projects in operation, for every combination that there may be; the first is none.
        standing: f64[S] 1 for sites that stand today.
        by: f64[S, n] +1 where a project opens a site, −1 where it closes it.
        period: f64[A, T] weight of the people of each known year in each period: period t holds what is in operation
            in year t + 1 of the plan; the last one lasts to the end of the horizon. Discounts are in it.
    """

    n_projects: int
    states: tuple[frozenset[int], ...]
    standing: Floats
    by: Floats
    period: Floats

    @cached_property
    def shapers(self) -> Longs:
        """Projects that change roads or people, ascending."""
        return np.array(sorted(frozenset().union(*self.states)), np.int64)

    @cached_property
    def _number(self) -> dict[frozenset[int], int]:
        return {state: k for k, state in enumerate(self.states)}

    def state(self, operating: Bools) -> int:
        """Return the number of the state that some projects make."""
        return self._number[frozenset(p for p in self.shapers.tolist() if operating[p])]

    def sites(self, y: Floats) -> Floats:
        """Return f64[S] how far each site stands where projects are in operation as far as f64[n] ``y``."""
        return self.standing + self.by @ y

    @cached_property
    def is_closed_below(self) -> bool:
        """Whether with every state all smaller ones are known, so that projects can be taken out one by one."""
        return all(state - {q} in self._number for state in self.states for q in state)

    def without(self, k: int, q: int) -> int:
        """Return the number of a state without one of its projects."""
        return self._number[self.states[k] - {q}]


@dataclass(frozen=True, eq=False)
class Block:
    """E elements whose burdens rest on the same J sites.

    Attributes:
        site: i64[J] the sites.
        cost: per state and row f64[J + 1, E]; the last line is what stands in any case, and no more than the cap.
        weight: per state f64[E, A] people (times trips) of each known year.
    """

    site: Longs
    cost: tuple[tuple[Floats, ...], ...]
    weight: tuple[Floats, ...]

    @property
    def n_elements(self) -> int:
        """Number of elements E."""
        return int(self.weight[0].shape[0])

    @cached_property
    def _orders(self) -> dict[int, tuple[np.ndarray, ...]]:
        return {}

    def _sorted(self, state: int) -> tuple[tuple[Floats, ...], tuple[np.ndarray, ...]]:
        """Return the rows of a state (or of :data:`LEAST`), and the order of their costs."""
        rows = self.least if state == LEAST else self.cost[state]
        if state not in self._orders:
            self._orders[state] = tuple(np.argsort(cost, axis=0, kind="stable") for cost in rows)
        return rows, self._orders[state]

    def people(self, state: int) -> Floats:
        """Return f64[E, A] weights of a state, or the least over all of them."""
        return np.asarray(np.min(self.weight, axis=0)) if state == LEAST else self.weight[state]

    def burden(self, state: int, stands: Bools) -> Floats:
        """Return f64[E] equation (1)."""
        use = np.append(stands[self.site], True)
        lines = [cost[use].min(axis=0) for cost in self.cost[state]]
        return np.asarray(np.max(lines, axis=0))

    def lower(self, state: int, s: Floats) -> tuple[Floats, Floats]:
        """Return f64[E] levels and f64[J, E] slopes of the strongest (3) at f64[S] ``s``."""
        share = np.append(np.clip(s[self.site], 0.0, 1.0), 1.0)
        value = np.full(self.n_elements, -np.inf)
        level, slope = np.zeros(self.n_elements), np.zeros((len(self.site), self.n_elements))
        for cost, order in zip(*self._sorted(state), strict=True):
            at = (np.cumsum(share[order], axis=0) >= _ONE).argmax(axis=0)
            own = np.take_along_axis(cost, np.take_along_axis(order, at[None], axis=0), axis=0)[0]
            fall = np.maximum(own - cost[:-1], 0.0)
            better = own - share[:-1] @ fall > value
            value = np.where(better, own - share[:-1] @ fall, value)
            level, slope = np.where(better, own, level), np.where(better, fall, slope)
        return level, slope

    @cached_property
    def least(self) -> tuple[Floats, ...]:
        """Per row f64[J + 1, E] the least cost over all states."""
        return tuple(np.min([rows[r] for rows in self.cost], axis=0) for r in range(len(self.cost[0])))

    def losses(self, state: int) -> Floats:
        """Return f64[E] of (4); where people differ between states, all that the right side of (3) can be."""
        drop = [np.max(cost - least, axis=0) for cost, least in zip(self.cost[state], self.least, strict=True)]
        whole = np.max([cost[-1] for cost in self.cost[state]], axis=0)
        return np.asarray(np.where(self._moved, whole, np.max(drop, axis=0)))

    @cached_property
    def _moved(self) -> Bools:
        """bool[E] where people differ between states."""
        differs: Bools = (np.max(self.weight, axis=0) != np.min(self.weight, axis=0)).any(axis=1)
        return differs

    def differs(self, a: int, b: int) -> Bools:
        """Return bool[E] where two states differ."""
        found = (self.weight[a] != self.weight[b]).any(axis=1)
        for one, other in zip(self.cost[a], self.cost[b], strict=True):
            found |= (one != other).any(axis=0)
        return np.asarray(found)

    def matters(self, frame: Frame) -> Bools:
        """Return bool[E, n] which projects can change an element's burden."""
        found = np.zeros((self.n_elements, frame.n_projects), np.bool_)
        for rows in self.cost:
            for cost in rows:
                near = cost[:-1] < cost[-1]
                found |= (near.T @ (frame.by[self.site] != 0)).astype(np.bool_)
        varies = np.zeros(self.n_elements, np.bool_)
        for k in range(1, len(frame.states)):
            if not frame.is_closed_below:
                varies |= self.differs(0, k)
                continue
            for q in frame.states[k]:
                found[:, q] |= self.differs(k, frame.without(k, q))
        found[:, frame.shapers] |= varies[:, None]
        return found


@dataclass(frozen=True, eq=False)
class Lower:
    """Lower bounds on the burden of C clusters of elements in one period, linear in what is in operation.

    Attributes:
        constant: f64[C].
        slope: f64[C, n]; the bound is constant + slope · y.
    """

    constant: Floats
    slope: Floats


@dataclass(frozen=True, eq=False)
class Measure:
    """One measure of access: blocks of elements over one frame.

    Attributes:
        frame: states, sites and periods.
        blocks: the elements; those that no project can change are left out.
    """

    frame: Frame
    blocks: tuple[Block, ...]

    def burden(self, operating: Bools) -> Floats:
        """Return f64[A] the burden by the people of each known year, equation (2)."""
        state = self.frame.state(operating)
        stands = self.frame.sites(operating.astype(np.float64)) > 0.5
        total = np.zeros(self.frame.period.shape[0])
        for block in self.blocks:
            total += block.burden(state, stands) @ block.weight[state]
        return total

    @cached_property
    def today(self) -> Floats:
        """f64[A] the burden without any project."""
        return self.burden(np.zeros(self.frame.n_projects, np.bool_))

    @cached_property
    def _known(self) -> dict[bytes, Floats]:
        return {}

    def gains(self, operating: Bools) -> Floats:
        """Return f64[A] what projects in operation are worth in a year, by the people of each known year."""
        key = operating.tobytes()
        if key not in self._known:
            self._known[key] = self.today - self.burden(operating)
        return self._known[key]

    def gain(self, operating: Bools, period: int) -> float:
        """Return what projects in operation are worth over a period, discounted."""
        return float(self.gains(operating) @ self.frame.period[:, period])

    @cached_property
    def clusters(self) -> tuple[tuple[Longs, ...], Bools]:
        """Elements that the same projects can change: i64[E] of each block, and bool[C, n] the projects of each."""
        patterns = [block.matters(self.frame) for block in self.blocks]
        if not patterns:
            return (), np.zeros((0, self.frame.n_projects), np.bool_)
        every, number = np.unique(np.concatenate(patterns), axis=0, return_inverse=True)
        ends = np.cumsum([len(pattern) for pattern in patterns])[:-1]
        return tuple(np.split(number.reshape(-1), ends)), every

    def today_of(self, period: int) -> Floats:
        """Return f64[C] the burden of each cluster without any project, in a period."""
        return self._summed(period, 0, [block.burden(0, self.frame.standing > 0.5) for block in self.blocks])

    def _summed(self, period: int, state: int, values: list[Floats]) -> Floats:
        """Return f64[C] Σ w · value over the elements of each cluster."""
        number, every = self.clusters
        total = np.zeros(len(every))
        for block, at, value in zip(self.blocks, number, values, strict=True):
            weight = block.people(state) @ self.frame.period[:, period]
            total += np.bincount(at, weights=weight * value, minlength=len(every))
        return total

    def lower(self, period: int, y: Floats, state: int) -> Lower:
        """Return the bounds (3) of a state that are strongest at f64[n] ``y``, lowered for other states by (4).

        With :data:`LEAST` in place of a state they hold in every one as they are.
        """
        frame, (number, every) = self.frame, self.clusters
        s = frame.sites(y)
        constant, slope = np.zeros(len(every)), np.zeros((len(every), frame.n_projects))
        for block, at in zip(self.blocks, number, strict=True):
            weight = block.people(state) @ frame.period[:, period]
            level, drop = block.lower(state, s)
            constant += np.bincount(at, weights=weight * level, minlength=len(every))
            for j, line in zip(block.site.tolist(), drop, strict=True):
                fall = np.bincount(at, weights=weight * line, minlength=len(every))
                constant -= fall * frame.standing[j]
                slope -= fall[:, None] * frame.by[j]
        if len(frame.states) > 1 and state != LEAST:
            loss = self._loss(period, state)
            for q in frame.shapers.tolist():
                gate = np.where(every[:, q], loss, 0.0)
                if q in frame.states[state]:
                    constant -= gate
                    slope[:, q] += gate
                else:
                    slope[:, q] -= gate
        return Lower(constant, slope)

    @cached_property
    def _losses(self) -> dict[tuple[int, int], Floats]:
        return {}

    def _loss(self, period: int, state: int) -> Floats:
        """Return f64[C] of (4)."""
        if (period, state) not in self._losses:
            self._losses[period, state] = self._summed(period, state, [block.losses(state) for block in self.blocks])
        return self._losses[period, state]
