"""Arrays as kernels want them, so that each kernel is compiled once."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

__all__ = ["plain"]


def plain(values: npt.ArrayLike, dtype: npt.DTypeLike) -> Any:
    """Return the values as a contiguous, writable array of one type; a copy only where they are not that already.

    A memory-mapped or read-only array, or a slice with gaps, is another type to numba: every kernel that sees one would
    be compiled again, for seconds.
    """
    return np.require(values, dtype, ["C_CONTIGUOUS", "WRITEABLE", "ENSUREARRAY"])
