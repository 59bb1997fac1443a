"""Take costs out of a swept field: pairs within a limit, and rows joined with the legs of points."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from lifezone.kernels.jit import kernel
from lifezone.kernels.lanes import FAR, Field

__all__ = ["join_rows", "list_within"]

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
def list_within(
    field: Field, near: npt.NDArray[np.uint8], row: npt.NDArray[np.int32], limit: np.uint32, at: npt.NDArray[np.int64],
    place: npt.NDArray[np.int32], cost: npt.NDArray[np.uint32],
) -> None:  # fmt: skip
    """List the asked rows within a limit, for each lane of a field.

    Args:
        field: [R, lanes].
        near: u8[R] 0 where no lane is within the limit, and the row holds anything.
        row: i32[A] asked rows.
        limit: below what is unreached.
        at: i64[lanes or fewer], filled with how many rows each lane lists.
        place: i32[lanes, A]: each begins with the positions in ``row``, ascending.
        cost: u32[lanes, A]: likewise with costs.
    """
    at[:] = 0
    for i in range(len(row)):
        r = row[i]
        if near[r] == 0:
            continue
        for lane in range(len(at)):
            here = field[r, lane]
            if here <= limit:
                place[lane, at[lane]] = i
                cost[lane, at[lane]] = here
                at[lane] += 1
