"""The one way a function becomes a kernel."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import ParamSpec, TypeVar

import numba

__all__ = ["drop_stale", "kernel"]

P = ParamSpec("P")
R = TypeVar("R")


def kernel(function: Callable[P, R]) -> Callable[P, R]:
    """Compile a loop over arrays: cached on disk, without the GIL, never parallel, never fastmath.

    No explicit signature is given, so nothing compiles on import.
    """
    compiled: Callable[P, R] = numba.njit(cache=True, nogil=True)(function)
    stats = getattr(compiled, "stats", None)  # a plain function has none (NUMBA_DISABLE_JIT)
    if stats is not None:
        drop_stale(Path(stats.cache_path), Path(__file__).parent)
    return compiled


@cache
def drop_stale(compiled: Path, sources: Path) -> None:
    """Forget compiled kernels that are older than any of the sources, once a process.

    Numba renews a compiled kernel when its own file changes, but not when a kernel that it calls does, in another file:
    after an update of the program half of the old code would run on.
    """
    newest = max(path.stat().st_mtime_ns for path in sources.glob("*.py"))
    for index in compiled.glob("*.nbi"):
        try:
            if index.stat().st_mtime_ns < newest:
                index.unlink()
        except OSError:  # another process was quicker
            continue
