"""Ctrl-C while a question is being solved: the first keeps the best answer so far, the second ends the program.

    with keeps_best(asked, told):      the one who runs the questions
        plan = solve(problem, …)
    clock = Clock(time_limit)          a solver: ``clock.left_s()`` is 0 once somebody asked to stop

Solvers ask :func:`stopping` between steps; HiGHS runs beside the main thread, which listens and cancels it. Anywhere
but in the main thread there is no Ctrl-C to listen to: ``asked`` can still be set by whoever runs the solver.
"""

from __future__ import annotations

import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from types import FrameType

__all__ = ["Clock", "keeps_best", "stopping"]

_ASKED: ContextVar[threading.Event | None] = ContextVar("asked", default=None)


def stopping() -> bool:
    """Whether somebody asked to stop and take the best answer so far."""
    asked = _ASKED.get()
    return asked is not None and asked.is_set()


class Clock:
    """How much time a solver has left."""

    def __init__(self, limit_s: float | None) -> None:
        self._end = float("inf") if limit_s is None else time.monotonic() + limit_s

    def left_s(self) -> float:
        """Return the seconds left: 0 when they are over or somebody asked to stop; inf without a limit."""
        return 0.0 if stopping() else max(self._end - time.monotonic(), 0.0)

    def limit_s(self) -> float | None:
        """Return the seconds left for a solver that takes None for no limit."""
        left = self.left_s()
        return None if left == float("inf") else left


@contextmanager
def keeps_best(asked: threading.Event, told: Callable[[], None]) -> Iterator[None]:
    """Let the first Ctrl-C ask the solvers to stop; a second one is a KeyboardInterrupt.

    Args:
        asked: set by the first Ctrl-C; the same one for all questions of a run, so that later ones are short too.
        told: called once, when the first one came.
    """

    def first(_number: int, _frame: FrameType | None) -> None:
        if asked.is_set():
            raise KeyboardInterrupt
        asked.set()
        told()

    token = _ASKED.set(asked)
    listens = threading.current_thread() is threading.main_thread()
    before = signal.signal(signal.SIGINT, first) if listens else None
    try:
        yield
    finally:
        if listens:
            signal.signal(signal.SIGINT, before)
        _ASKED.reset(token)
