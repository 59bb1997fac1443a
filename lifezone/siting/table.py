"""Travel costs as the kernels want them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from lifezone.siting.problem import Pairs

if TYPE_CHECKING:
    from lifezone.kernels.median import Table

__all__ = ["table_of"]


def table_of(pairs: Pairs) -> Table:
    """Return the pairs by row."""
    from lifezone.kernels.median import Table  # noqa: PLC0415

    beyond = np.full(pairs.n_rows, np.inf) if pairs.beyond is None else np.ascontiguousarray(pairs.beyond, np.float64)
    return Table(pairs.first, pairs.site, pairs.cost, beyond)
