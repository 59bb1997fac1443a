"""How long work tells that it is going on: callers pass a Progress, the command line draws it, tests pass nothing."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Protocol

__all__ = ["SILENT", "Advance", "Progress", "Timed", "peak_mib"]

Advance = Callable[[float], None]
"""Call with how much was done since the last call, in the unit of the step's total."""


class Progress(Protocol):
    """Something that shows steps of work."""

    def step(self, name: str, total: float | None = None) -> AbstractContextManager[Advance]:
        """Open a step; leaving the ``with`` block ends it. ``total`` None = length unknown."""
        ...

    def say(self, found: str) -> None:
        """Show what the innermost open step has found so far."""
        ...


class _Silent:
    """Shows nothing."""

    @contextmanager
    def step(self, name: str, total: float | None = None) -> Iterator[Advance]:  # noqa: ARG002
        """Open a step that nobody sees."""
        yield lambda _done: None

    def say(self, found: str) -> None:
        """Show nothing."""


SILENT: Progress = _Silent()


class Timed:
    """Shows steps as another Progress does and keeps how long each took; **mutable**.

    Attributes:
        seconds: by step, in the order in which they ended; time within an inner step counts for that step alone, steps
            of the same name together.
    """

    def __init__(self, shown: Progress = SILENT) -> None:
        self.seconds: dict[str, float] = {}
        self._shown = shown
        self._inner_s = [0.0]

    @contextmanager
    def step(self, name: str, total: float | None = None) -> Iterator[Advance]:
        """Open a step and time it."""
        with self._shown.step(name, total) as advance:
            begin = time.perf_counter()
            self._inner_s.append(0.0)
            try:
                yield advance
            finally:
                whole_s = time.perf_counter() - begin
                own_s = whole_s - self._inner_s.pop()
                self._inner_s[-1] += whole_s
                self.seconds[name] = self.seconds.get(name, 0.0) + own_s

    def say(self, found: str) -> None:
        """Show what the innermost open step has found so far."""
        self._shown.say(found)


def peak_mib() -> int | None:
    """Return the most memory that this process held so far, MiB; None where the system does not tell."""
    try:
        import resource  # noqa: PLC0415  (not on Windows)
    except ImportError:
        return None
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return int(most // (2**20 if sys.platform == "darwin" else 2**10))
