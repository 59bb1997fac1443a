"""How long work tells that it is going on: callers pass a Progress, the command line draws it, tests pass nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Protocol

__all__ = ["SILENT", "Advance", "Progress"]

Advance = Callable[[float], None]
"""Call with how much was done since the last call, in the unit of the step's total."""


class Progress(Protocol):
    """Something that shows steps of work."""

    def step(self, name: str, total: float | None = None) -> AbstractContextManager[Advance]:
        """Open a step; leaving the ``with`` block ends it. ``total`` None = length unknown."""
        ...


class _Silent:
    """Shows nothing."""

    @contextmanager
    def step(self, name: str, total: float | None = None) -> Iterator[Advance]:  # noqa: ARG002
        """Open a step that nobody sees."""
        yield lambda _done: None


SILENT: Progress = _Silent()
