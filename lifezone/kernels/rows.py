"""Take costs out of a swept field: pairs within a limit, and rows joined with the legs of points."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from lifezone.kernels.jit import kernel
from lifezone.kernels.lanes import FAR, Field

__all__ = ["count_within", "join_rows", "list_within"]

Float64s = npt.NDArray[np.float64]


@kernel
def join_rows(
    cost: npt.NDArray[np.uint32], place: npt.NDArray[np.int32], leg: Float64s, unit: float, out: Float64s
) -> None:
    """Write the better leg of every point for every row: ``out[row, p] = leg[p] + unit · cost[row, place[p]]``.

    Args:
        cost: u32[B, A] whole costs.
        place: i32[P, 2] column of each leg's node, −1 = no such leg.
        leg: f64[P, 2] cost of each leg.
        unit: what one step of cost is worth.
        out: f64[B, P]; ``inf`` where no leg reaches.
    """
    for row in range(len(out)):
        for p in range(len(place)):
            best = np.inf
            for side in range(2):
                at = place[p, side]
                if at >= 0 and cost[row, at] < FAR:
                    best = min(best, leg[p, side] + unit * cost[row, at])
            out[row, p] = best


@kernel
def count_within(
    field: Field, row: npt.NDArray[np.int32], limit: npt.NDArray[np.uint32], count: npt.NDArray[np.int64]
) -> None:
    """Count the asked rows of a field within each lane's limit (writes into ``count``, i64[lanes or fewer])."""
    count[:] = 0
    for i in range(len(row)):
        for lane in range(len(count)):
            count[lane] += np.int64(field[row[i], lane] <= limit[lane])


@kernel
def list_within(
    field: Field, row: npt.NDArray[np.int32], limit: npt.NDArray[np.uint32], at: npt.NDArray[np.int64],
    place: npt.NDArray[np.int32], cost: npt.NDArray[np.uint32],
) -> None:  # fmt: skip
    """List what :func:`count_within` counted, lane after lane, each in the order of the asked rows.

    Args:
        field: [R, lanes].
        row: i32[A] asked rows.
        limit: u32[lanes or fewer], each below what is unreached.
        at: i64[lanes or fewer] where each lane's list begins; afterwards where it ended.
        place: i32[K] filled with positions in ``row``.
        cost: u32[K] likewise with costs.
    """
    for i in range(len(row)):
        for lane in range(len(at)):
            here = field[row[i], lane]
            to = at[lane]
            if here <= limit[lane]:
                place[to], cost[to] = i, here
                at[lane] = to + 1
