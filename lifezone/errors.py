"""Every error that lifezone raises on purpose.

    LifezoneError
    ├── InputError(ValueError)      a file, table, raster or argument holds something that cannot be used
    ├── ScenarioError(ValueError)   the scenario file is wrong; every fault has a place in it
    └── SolveError(RuntimeError)    a search or a solver could not finish

Faults are gathered and raised once, so that a user mends all of them in one go. A :class:`Fault` knows
where it stands: first as a path into the block that was being read, and, once the scenario loader has seen it,
as file, line and column. The text of an error is one line per fault, never wrapped.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

__all__ = ["Fault", "InputError", "LifezoneError", "ScenarioError", "SolveError", "some_of"]

Path = tuple[str | int, ...]


@dataclass(frozen=True)
class Fault:
    """One thing that is wrong, where it is, and what to do about it.

    Attributes:
        message: What is wrong and what to do, one line, no full stop at the end.
        path: Where in the block or scenario: keys and list positions, e.g. ``("facilities", 0, "crs")``.
        file: The file the line and column belong to; empty when unknown.
        line: 1-based line in ``file``; 0 when unknown.
        column: 1-based column in ``file``; 0 when unknown.
    """

    message: str
    path: Path = ()
    file: str = ""
    line: int = 0
    column: int = 0

    def under(self, prefix: Path) -> Fault:
        """Return the same fault with ``prefix`` put before its path."""
        return replace(self, path=(*prefix, *self.path))

    def __str__(self) -> str:
        """Write the fault as one line: ``file:line:column path: message``."""
        place = ":".join(str(part) for part in (self.file, self.line, self.column) if part)
        path = _dotted(self.path)
        head = " ".join(part for part in (place, path) if part)
        message = " ".join(self.message.split())
        return f"{head}: {message}" if head else message


def _dotted(path: Path) -> str:
    """Write a path as people read it: ``facilities[0].crs``."""
    text = ""
    for part in path:
        if isinstance(part, int):
            text += f"[{part}]"
        else:
            text += f".{part}" if text else part
    return text


class LifezoneError(Exception):
    """The root of every error that lifezone raises on purpose."""

    def __init__(self, faults: str | Fault | Iterable[Fault]) -> None:
        if isinstance(faults, str):
            faults = [Fault(faults)]
        elif isinstance(faults, Fault):
            faults = [faults]
        self.faults: tuple[Fault, ...] = tuple(faults)
        super().__init__("\n".join(str(fault) for fault in self.faults))


class InputError(LifezoneError, ValueError):
    """A file, table, raster or argument holds something that cannot be used."""


class ScenarioError(LifezoneError, ValueError):
    """The scenario file is wrong; every fault has its place in the file."""


class SolveError(LifezoneError, RuntimeError):
    """A search or a solver could not finish."""


def some_of(items: Sequence[object], *, most: int = 5) -> str:
    """Name the first few of many things and say how many there are: ``a, b, c … (312 in all)``."""
    text = ", ".join(str(item) for item in items[:most])
    return text if len(items) <= most else f"{text} … ({len(items):,} in all)"
