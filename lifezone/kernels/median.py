"""p-median by a greedy start and fast interchange, on sparse rows of travel costs.

Interchange: Teitz and Bart 1968, with the structures of Resende and Werneck 2007 (*A fast swap-based local search
procedure for location problems*): what opening f gains, what closing r loses, and what f spares of that loss are kept,
and a swap changes only what the rows it touches had put there. Rows are read from their near end as far as the second
nearest site, so that no transpose is needed.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from lifezone.kernels.jit import kernel

__all__ = [
    "Flags", "Float64s", "Int32s", "Int64s", "Swaps", "Table", "best_swap", "greedy_median", "note_rows", "swap",
    "two_nearest",
]  # fmt: skip

Float64s = npt.NDArray[np.float64]
Int32s = npt.NDArray[np.int32]
Int64s = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]


class Table(NamedTuple):
    """Travel costs of R rows and S sites, sparse.

    Attributes:
        first: i64[R+1] boundaries of the rows, ascending by cost.
        site: i32[K] site of each pair.
        cost: f64[K].
        beyond: f64[R] no site that a row leaves out costs less; inf = those are out of reach.
    """

    first: Int64s
    site: Int32s
    cost: Float64s
    beyond: Float64s


class Swaps(NamedTuple):
    """What is known of every swap; all of it is written.

    Attributes:
        near: i32[R, 2] the two nearest standing sites of every row, −1 = none.
        cost: f64[R, 2] their costs; what being unserved costs where there is none.
        slot: i32[S] number of each site that stands and may close, −1 = none.
        site: i32[n] the site of each slot.
        gain: f64[S] what opening each site saves.
        loss: f64[n] what closing each slot's site costs.
        spared: f64[S, n] what opening a site saves of that.
    """

    near: Int32s
    cost: Float64s
    slot: Int32s
    site: Int32s
    gain: Float64s
    loss: Float64s
    spared: Float64s


@kernel
def greedy_median(table: Table, people: Float64s, stands: Flags, free: Flags, choose: int, unserved: float) -> None:
    """Open the site that saves most, ``choose`` times; ties go to the lower site.

    Args:
        table: travel costs.
        people: f64[R].
        stands: bool[S] written: the sites opened too.
        free: bool[S] sites that may open.
        choose: how many.
        unserved: cost of having no site.
    """
    least, gain = np.full(len(people), unserved), np.zeros(len(stands))
    for i in range(len(people)):
        for k in range(table.first[i], table.first[i + 1]):
            if stands[table.site[k]]:
                least[i] = table.cost[k]
                break
        for k in range(table.first[i], table.first[i + 1]):
            if table.cost[k] >= least[i]:
                break
            gain[table.site[k]] += people[i] * (least[i] - table.cost[k])
    for _ in range(choose):
        best = -1
        for j in range(len(stands)):
            if free[j] and not stands[j] and (best < 0 or gain[j] > gain[best]):
                best = j
        if best < 0:
            return
        stands[best] = True
        for i in range(len(people)):
            before, after, low = least[i], least[i], table.first[i]
            k = low
            while k < table.first[i + 1] and table.cost[k] < before:
                if table.site[k] == best:
                    after = table.cost[k]
                    break
                k += 1
            if after == before:
                continue
            least[i] = after
            for q in range(low, table.first[i + 1]):
                if table.cost[q] >= before:
                    break
                gain[table.site[q]] -= people[i] * (before - max(table.cost[q], after))


@kernel
def note_rows(table: Table, people: Float64s, stands: Flags, unserved: float, swaps: Swaps) -> float:
    """Write all that is known of swaps from a set of sites that stand; return the total cost."""
    swaps.gain[:] = 0.0
    swaps.loss[:] = 0.0
    swaps.spared[:] = 0.0
    total = 0.0
    for i in range(len(people)):
        place_row(table, stands, i, unserved, swaps)
        note_row(table, people[i], i, swaps, 1.0)
        total += people[i] * swaps.cost[i, 0]
    return total


@kernel
def place_row(table: Table, stands: Flags, i: int, unserved: float, swaps: Swaps) -> None:
    """Find the nearest and second nearest standing site of a row."""
    found = 0
    swaps.near[i, 0] = swaps.near[i, 1] = -1
    swaps.cost[i, 0] = swaps.cost[i, 1] = unserved
    for k in range(table.first[i], table.first[i + 1]):
        if stands[table.site[k]]:
            swaps.near[i, found], swaps.cost[i, found] = table.site[k], table.cost[k]
            found += 1
            if found == 2:
                return


@kernel
def two_nearest(table: Table, stands: Flags, cost: Float64s) -> None:
    """Write f64[R, 2] what the two nearest standing sites cost; the farthest pair of the row where there is none."""
    for i in range(len(cost)):
        low, high = table.first[i], table.first[i + 1]
        cost[i, 0] = cost[i, 1] = table.cost[high - 1] if high > low else 0.0
        found = 0
        for k in range(low, high):
            if stands[table.site[k]]:
                cost[i, found] = table.cost[k]
                found += 1
                if found == 2:
                    break


@kernel
def note_row(table: Table, people: float, i: int, swaps: Swaps, sign: float) -> None:
    """Add (or, with sign −1, take back) what a row says of swaps."""
    nearest, second = swaps.cost[i, 0], swaps.cost[i, 1]
    slot = -1
    if swaps.near[i, 0] >= 0:
        slot = swaps.slot[swaps.near[i, 0]]
    weight = sign * people
    if slot >= 0:
        swaps.loss[slot] += weight * (second - nearest)
    limit = second if slot >= 0 else nearest
    for k in range(table.first[i], table.first[i + 1]):
        cost = table.cost[k]
        if cost >= limit:
            return
        f = table.site[k]
        if cost < nearest:
            swaps.gain[f] += weight * (nearest - cost)
        if slot >= 0:
            swaps.spared[f, slot] += weight * (second - max(cost, nearest))


@kernel
def best_swap(stands: Flags, may_open: Flags, swaps: Swaps) -> tuple[int, int, float]:
    """Return the swap (site to open, slot to close) that saves most, and what it saves; (−1, −1, 0) = none.

    For a new site f and an old one r the saving is gain_f − loss_r + spared_fr; ties go to the lower site.
    """
    best_open, best_close, most = -1, -1, 0.0
    for f in range(len(stands)):
        if stands[f] or not may_open[f]:
            continue
        for r in range(len(swaps.site)):
            saved = swaps.gain[f] - swaps.loss[r] + swaps.spared[f, r]
            if saved > most:
                best_open, best_close, most = f, r, saved
    return best_open, best_close, most


@kernel
def swap(table: Table, people: Float64s, stands: Flags, opened: int, slot: int, unserved: float, swaps: Swaps) -> float:
    """Open a site and close that of a slot; return the total cost. Only rows that either of them concerns are renewed.

    Args:
        table: travel costs.
        people: f64[R].
        stands: bool[S] written.
        opened: site that opens.
        slot: whose site closes; the new one takes its slot.
        unserved: cost of having no site.
        swaps: written.
    """
    closed = swaps.site[slot]
    touched = np.zeros(len(people), np.bool_)
    for i in range(len(people)):
        if swaps.near[i, 0] == closed or swaps.near[i, 1] == closed:
            touched[i] = True
            continue
        for k in range(table.first[i], table.first[i + 1]):
            if table.cost[k] >= swaps.cost[i, 1]:
                break
            if table.site[k] == opened:
                touched[i] = True
                break
    for i in range(len(people)):
        if touched[i]:
            note_row(table, people[i], i, swaps, -1.0)
    stands[opened], stands[closed] = True, False
    swaps.slot[opened], swaps.slot[closed], swaps.site[slot] = slot, -1, opened
    total = 0.0
    for i in range(len(people)):
        if touched[i]:
            place_row(table, stands, i, unserved, swaps)
            note_row(table, people[i], i, swaps, 1.0)
        total += people[i] * swaps.cost[i, 0]
    return total
