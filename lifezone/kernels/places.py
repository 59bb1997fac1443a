"""Where everybody goes when some sites stand."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from lifezone.kernels.jit import kernel
from lifezone.kernels.median import Flags, Table

__all__ = ["two_sites"]


@kernel
def two_sites(
    table: Table, stands: Flags, unserved: float, site: npt.NDArray[np.int32], cost: npt.NDArray[np.float64]
) -> None:
    """Write the nearest and second nearest standing site of every row.

    Args:
        table: travel costs by row, ascending.
        stands: bool[S].
        unserved: cost where there is none.
        site: i32[R, 2] written, −1 = none.
        cost: f64[R, 2] written.
    """
    for i in range(len(site)):
        found = 0
        site[i, 0] = site[i, 1] = -1
        cost[i, 0] = cost[i, 1] = unserved
        for k in range(table.first[i], table.first[i + 1]):
            if stands[table.site[k]]:
                site[i, found], cost[i, found] = table.site[k], table.cost[k]
                found += 1
                if found == 2:
                    break
