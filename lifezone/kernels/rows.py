"""Join rows of node costs with the legs of points."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from lifezone.kernels.jit import kernel
from lifezone.kernels.lanes import FAR

__all__ = ["join_rows"]

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
