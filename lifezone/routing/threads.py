"""The one way work is spread over threads: results in the order of the items, whatever the number of threads."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

__all__ = ["map_threads"]

Item = TypeVar("Item")
Made = TypeVar("Made")


def map_threads(function: Callable[[Item], Made], items: Iterable[Item], threads: int) -> list[Made]:
    """Return ``[function(item) for item in items]``, worked on by up to ``threads`` threads.

    Kernels give up the interpreter lock, so that threads run beside one another. An exception of any item is raised
    when its turn in the order comes; 1 thread or fewer means a plain loop.
    """
    if threads <= 1:
        return [function(item) for item in items]
    with ThreadPoolExecutor(max_workers=threads) as pool:
        return list(pool.map(function, items))
