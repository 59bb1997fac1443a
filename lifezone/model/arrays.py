"""Shorthand for the array types that the model is made of, and the check every frozen type runs on being made."""

from __future__ import annotations

from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from lifezone.errors import InputError

__all__ = ["Bools", "Floats", "Ints", "Longs", "check_length"]

Floats: TypeAlias = npt.NDArray[np.float64]
Ints: TypeAlias = npt.NDArray[np.int32]
Longs: TypeAlias = npt.NDArray[np.int64]
Bools: TypeAlias = npt.NDArray[np.bool_]


def check_length(owner: str, expected: int, **columns: np.ndarray) -> None:
    """Raise :class:`InputError` when a column's first axis is not ``expected`` long; names every such column."""
    wrong = [f"{name} has {len(column):,}" for name, column in columns.items() if len(column) != expected]
    if wrong:
        raise InputError(f"{owner}: expected {expected:,} rows, but {', '.join(wrong)}")
