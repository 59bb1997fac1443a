"""Travel costs as the kernels want them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from lifezone.siting.problem import Pairs

if TYPE_CHECKING:
    from lifezone.kernels.median import Table

__all__ = ["table_of"]


def table_of(pairs: Pairs) -> Table:
    """Return the pairs by row and by site, contiguous and of one type."""
    from lifezone.kernels.median import Table  # noqa: PLC0415

    by_site, order = pairs.by_site
    return Table(
        np.ascontiguousarray(pairs.first, np.int64),
        np.ascontiguousarray(pairs.site, np.int32),
        np.ascontiguousarray(pairs.row, np.int32),
        np.ascontiguousarray(pairs.cost, np.float64),
        np.ascontiguousarray(by_site, np.int64),
        np.ascontiguousarray(order, np.int64),
    )
