"""Progress on the terminal: a bar for every long step, on stderr; plain step names where stderr is not a terminal."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final, Self

from rich.console import Console
from rich.progress import BarColumn, Progress, SpinnerColumn, TaskID, TaskProgressColumn, TextColumn, TimeElapsedColumn

from lifezone.progress import Advance

__all__ = ["RichProgress"]

_QUIET_S: Final = 10.0
"""Seconds between two lines of what a step has found, where the output is a log."""


class RichProgress:
    """Shows steps with rich; implements :class:`lifezone.progress.Progress`. Steps may be nested.

    The live display runs only while a step is open, so that a failure is printed to a clean terminal.
    """

    def __init__(self, console: Console | None = None) -> None:
        self._console = Console(stderr=True) if console is None else console
        self._bars: Progress | None = None
        self._open = 0
        self._tasks: list[tuple[TaskID, str]] = []
        self._said_at = -_QUIET_S

    def __enter__(self) -> Self:
        """Return itself; nothing is drawn before the first step."""
        return self

    def __exit__(self, *failure: object) -> None:
        """Leave the terminal clean."""
        self._open = 0
        self._stop_bars()

    @contextmanager
    def step(self, name: str, total: float | None = None) -> Iterator[Advance]:
        """Open a step; without a terminal its name is printed once."""
        if not self._console.is_terminal:
            self._console.print(f"{name} …", markup=False, highlight=False)
            yield lambda _done: None
            return
        bars = self._start()
        task = bars.add_task(name, total=total)
        self._tasks.append((task, name))
        try:
            yield lambda done: bars.advance(task, done)
            bars.update(task, total=total or 1, completed=total or 1)
        finally:
            self._tasks.pop()
            self._stop()

    def say(self, found: str) -> None:
        """Show what the innermost open step has found so far; without a terminal, every ten seconds at most."""
        if self._bars is not None and self._tasks:
            task, name = self._tasks[-1]
            self._bars.update(task, description=f"{name}: {found}")
        elif not self._console.is_terminal and time.monotonic() - self._said_at >= _QUIET_S:
            self._said_at = time.monotonic()
            self._console.print(f"  {found}", markup=False, highlight=False)

    def _start(self) -> Progress:
        """Return the running display, started by the outermost step."""
        if self._bars is None:
            columns = (SpinnerColumn(finished_text="✓"), TextColumn("{task.description}", markup=False), BarColumn(),
                       TaskProgressColumn(), TimeElapsedColumn())  # fmt: skip
            self._bars = Progress(*columns, console=self._console)
            self._bars.start()
        self._open += 1
        return self._bars

    def _stop(self) -> None:
        self._open -= 1
        if self._open == 0:
            self._stop_bars()

    def _stop_bars(self) -> None:
        if self._bars is not None:
            self._bars.stop()
            self._bars = None
