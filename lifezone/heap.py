"""Give large arrays back to the system as soon as they are gone.

The C library of Linux raises, with every large array that is freed, the size up to which arrays come from its heap
(to 32 MiB), and a heap gives nothing back from its middle: a national run, whose columns have 12 MiB each, would keep
gigabytes that nothing uses. A fixed size leaves smaller studies as quick as they were. Elsewhere nothing is done.
"""

from __future__ import annotations

import ctypes
import sys
from typing import Final

__all__ = ["return_large_arrays"]

LARGE_BYTES: Final = 4 * 2**20
_M_MMAP_THRESHOLD: Final = -3
"""Of ``mallopt``, from ``malloc.h`` of the GNU C library."""


def return_large_arrays() -> None:
    """Let blocks of 4 MiB or more be memory of their own in this process, where the C library can be told so."""
    if sys.platform != "linux":
        return
    try:
        ctypes.CDLL(None).mallopt(_M_MMAP_THRESHOLD, LARGE_BYTES)
    except (OSError, AttributeError):  # another C library
        return
